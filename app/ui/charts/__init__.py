"""Charts. They are given frozen data and the theme, and know nothing else.

pyqtgraph is heavy: only `stacked` imports it, when a chart is made. `warm_up` loads it behind the
window's back once the first picture is on the screen.
"""

import importlib
import threading


def warm_up() -> threading.Thread:
    """Import pyqtgraph in a thread, so that the first chart need not wait for it."""
    thread = threading.Thread(target=_load, name="warm-up", daemon=True)
    thread.start()
    return thread


def _load() -> None:
    importlib.import_module("app.ui.charts.stacked")
