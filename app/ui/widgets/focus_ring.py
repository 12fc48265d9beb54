"""A ring around what has the keyboard and does not show it by itself: lists, charts, long texts."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui.theme import current

_UNTOUCHED = {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason}


class _Ring(QWidget):
    def __init__(self, around: QWidget) -> None:
        super().__init__(around)
        self._around = around
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        around.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._around.rect())
        elif isinstance(event, QFocusEvent) and event.reason() not in _UNTOUCHED:
            # A click shows by itself where it went.
            by_mouse = event.reason() is Qt.FocusReason.MouseFocusReason
            self.setVisible(event.gotFocus() and not by_mouse)
            self.setGeometry(self._around.rect())
            self.raise_()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(current().colour("focus"), 1.5))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75), 3, 3)


def show_focus(widget: QWidget) -> QWidget:
    """Draw a ring around a widget while the keyboard is on it, unless a click brought it there."""
    return _Ring(widget)
