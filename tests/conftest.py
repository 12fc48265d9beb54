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
    from shiboken6 import getCppPointer, isValid
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


def pytest_collection_finish() -> None:
    """Pass over what is imported by now: looked through for timers, it took a sixth of all time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def leave_nothing_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test fails that leaves a thread, a timer or a widget behind: the next one would meet it.

    Nothing is collected while a test draws, as in the program (``app.ui.garbage``): Python would
    collect widgets in whichever thread allocates, and before Qt has deleted them whole.
    """
    draws = "qapp" in request.fixturenames
    threads = set(threading.enumerate())
    alive = _windows() | (_timers() if draws else {})
    if draws:
        gc.disable()
    yield
    left = [thread.name for thread in _threads_since(threads)]
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        if not QThreadPool.globalInstance().waitForDone(SECONDS_TO_END * 1000):
            left.append("work in Qt's thread pool")
    now = _windows() | (_timers() if draws else {})
    left += [name for key, name in now.items() if key not in alive]
    gc.enable()
    assert left == [], "left behind by the test"


def _threads_since(before: set[threading.Thread]) -> list[threading.Thread]:
    """Threads that do not end by themselves; Qt's own show up as dummies and are Qt's business."""
    started = [t for t in threading.enumerate() if t not in before and t.name[:5] != "Dummy"]
    for thread in started:
        thread.join(SECONDS_TO_END)
    return [thread for thread in started if thread.is_alive()]


def _windows() -> dict[int, str]:
    """Windows that were not deleted, by what stays the same when Python forgets them and Qt not."""
    return {getCppPointer(w)[0]: f"widget {w!r}" for w in QApplication.topLevelWidgets()}


def _timers() -> dict[int, str]:
    """Timers that still run, by identity."""
    timers = [thing for thing in gc.get_objects() if type(thing) is QTimer]
    return {id(t): f"timer {t!r}" for t in timers if isValid(t) and t.isActive()}
