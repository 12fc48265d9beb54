"""Waiting until something is on the screen, so that what can wait does not hold it up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

LATEST_MS: Final = 500
"""When it is done although nothing was painted: the window may be hidden, or small in a dock."""


class AfterPaint(QObject):
    """Does something once, when a widget has been painted for the next time."""

    def __init__(self, widget: QWidget, then: Callable[[], None]) -> None:
        super().__init__(widget)
        self._widget = widget
        self._then: Callable[[], None] | None = then
        self._latest = QTimer(self, singleShot=True, interval=LATEST_MS)
        self._latest.timeout.connect(self.do)
        self._latest.start()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait for the paint, and let it end before anything else begins."""
        if event.type() == QEvent.Type.Paint and self._then is not None:
            self._widget.removeEventFilter(self)
            self._latest.start(0)
        return False

    def do(self) -> None:
        """Do it now, if it was not done before."""
        then, self._then = self._then, None
        if then is not None:
            self._latest.stop()
            then()


class OnceSeen:
    """Keeps what can wait until what a page is opened for is on the screen."""

    def __init__(self) -> None:
        self.seen = False
        """Whether it is on the screen."""
        self._awaited: AfterPaint | None = None
        self._waiting: list[Callable[[], None]] = []

    def do(self, then: Callable[[], None]) -> None:
        """Do something once it was seen, in the order they came; at once where it was."""
        if self.seen:
            then()
        elif then not in self._waiting:
            self._waiting.append(then)

    def await_paint(self, widget: QWidget) -> None:
        """It is there, and will be seen with the next paint of this widget."""
        if self._awaited is None:
            self._awaited = AfterPaint(widget, self.now)

    def now(self) -> None:
        """Wait no longer."""
        self.seen = True
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()
