"""What every test starts from: no screen, one zone, one language, one size of type."""

import os

# Set, not defaulted, and before anything makes a QApplication: a test must not depend on the
# desktop of whoever runs it. No display is used, so none is needed.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_FONT_DPI"] = "96"
os.environ["QT_SCALE_FACTOR"] = "1"
os.environ["LC_ALL"] = "C.UTF-8"
os.environ["TZ"] = "UTC"
