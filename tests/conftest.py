"""What every test starts from: no screen, one zone, one language, one size of type."""

import os

# Set, not defaulted, and before anything makes a QApplication: a test must not depend on the
# desktop of whoever runs it. No display is used, so none is needed.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_FONT_DPI"] = "96"
os.environ["QT_SCALE_FACTOR"] = "1"
os.environ["LC_ALL"] = "C.UTF-8"
os.environ["TZ"] = "UTC"

import gc
import signal
import threading
from collections.abc import Iterator

import pytest
from hypothesis import settings

from app import display

try:
    from PySide6.QtCore import QCoreApplication, QEvent, QThreadPool, QTimer
    from PySide6.QtWidgets import QApplication
    from shiboken6 import isValid
except ImportError as error:
    raise pytest.UsageError(display.why_no_qt(error)) from None

# A shell that starts the tests in the background has them ignore Ctrl+C, and they would hand that
# on to the programs whose interruption they test.
signal.signal(signal.SIGINT, signal.default_int_handler)

SECONDS_TO_END = 5

# The same examples on every machine, however slow it is: a gate must not fail by luck. The
# campaigns look for what these examples miss.
settings.register_profile("gate", deadline=None, derandomize=True)
settings.load_profile("gate")


@pytest.fixture(autouse=True)
def leave_nothing_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test fails that leaves a thread, a timer or a widget behind: the next one would meet it."""
    draws = "qapp" in request.fixturenames
    threads = set(threading.enumerate())
    alive = _widgets_and_timers() if draws else {}
    yield
    left = [thread.name for thread in _threads_since(threads)]
    if draws:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        if not QThreadPool.globalInstance().waitForDone(SECONDS_TO_END * 1000):
            left.append("work in Qt's thread pool")
        left += [name for key, name in _widgets_and_timers().items() if key not in alive]
    assert left == [], "left behind by the test"


def _threads_since(before: set[threading.Thread]) -> list[threading.Thread]:
    """Threads that do not end by themselves; Qt's own show up as dummies and are Qt's business."""
    started = [t for t in threading.enumerate() if t not in before and t.name[:5] != "Dummy"]
    for thread in started:
        thread.join(SECONDS_TO_END)
    return [thread for thread in started if thread.is_alive()]


def _widgets_and_timers() -> dict[int, str]:
    """Windows that were not deleted and timers that still run, by identity."""
    found: dict[int, str] = {id(w): f"widget {w!r}" for w in QApplication.topLevelWidgets()}
    timers = [thing for thing in gc.get_objects() if isinstance(thing, QTimer)]
    found |= {id(t): f"timer {t!r}" for t in timers if isValid(t) and t.isActive()}
    return found
