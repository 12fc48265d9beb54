"""Garbage is collected in the window's thread only, and without holding it.

Python collects cycles in whichever thread happens to allocate. A widget in such a cycle would then
be destroyed in a background thread, which Qt does not survive.

Looking through everything takes as long as a person can feel, and most of everything stays as long
as the program does. So what has survived such a look is set aside, and looked through again only
while the person is busy with another program.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

LOOK_EVERY_MS: Final = 1_000
_ALL: Final = 2


class Collector(QObject):
    """Takes collecting over from the interpreter, until `stop`; make it in the window's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._was_enabled = gc.isenabled()
        gc.disable()
        gc.freeze()
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._turned)

    def look(self) -> None:
        """Collect what the interpreter would have collected by now."""
        counts = gc.get_count()
        for generation in (_ALL, 1, 0):
            if counts[generation] > self._thresholds[generation] > 0:
                gc.collect(generation)
                if generation == _ALL:
                    gc.freeze()
                return

    def sweep(self) -> None:
        """Collect whatever is garbage, what was set aside included."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()

    def stop(self) -> None:
        """Leave collecting to whoever did it before."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()

    def _turned(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationInactive and self._timer.isActive():
            self.sweep()
