"""Charts. They are given frozen data and the theme, and know nothing else.

pyqtgraph is heavy: only `stacked` imports it, when a chart is made. `warm_up` loads it off the
window's thread once the first rows are on the screen.
"""

import importlib


def warm_up() -> None:
    """Import what draws charts; for a thread, so that the first chart need not wait for it."""
    importlib.import_module("app.ui.charts.stacked")
