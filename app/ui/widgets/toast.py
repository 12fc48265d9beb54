"""Toasts: a line at the bottom right that says what was done, with Undo where that is real."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.language import tr
from app.ui.screen_reader import announce
from app.ui.theme import current
from app.ui.widgets.button import Button, IconButton
from app.ui.widgets.text import Label

STAYS_MS: Final = 6_000
HISTORY: Final = 50
UNDO_KEYS: Final = "Ctrl+Shift+U"
_WIDTH: Final = 380
_MARGIN: Final = 20


@dataclass(frozen=True)
class Said:
    """One message of the history behind the bell."""

    at: datetime
    text: str
    tone: str


class Toast(QFrame):
    """One message; stays while the pointer or the keyboard is on it."""

    gone = Signal(QObject)

    def __init__(
        self,
        parent: QWidget,
        text: str,
        tone: str,
        undo: Callable[[], object] | None,
        act: tuple[str, Callable[[], object]] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(8)
        self.label = Label(text, "name", "danger" if tone == "danger" else "text", wrap=True)
        self.setAccessibleName(self.label.text())
        row.addWidget(self.label, 1)
        self._undo = undo
        if undo:
            self.undo_button = Button(tr("Undo"), self.undo, shortcut=UNDO_KEYS)
            row.addWidget(self.undo_button)
        if act:
            self.act_button = Button(*act)
            row.addWidget(self.act_button)
        self.close_button = IconButton("x", tr("Dismiss"), self.leave)
        row.addWidget(self.close_button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STAYS_MS)
        self._timer.timeout.connect(self._maybe_leave)
        self._timer.start()
        for child in self.findChildren(QWidget):
            child.installEventFilter(self)

    def leave(self) -> None:
        """Go away now."""
        self._timer.stop()
        self.gone.emit(self)

    @property
    def can_undo(self) -> bool:
        """Whether it offers Undo."""
        return self._undo is not None

    def undo(self) -> None:
        """Go away and undo what it tells of."""
        self.leave()
        if self._undo:
            self._undo()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self._timer.start()
        return False

    def _maybe_leave(self) -> None:
        focused = self.focusWidget()
        if self.underMouse() or (focused is not None and focused.hasFocus()):
            self._timer.start()
        else:
            self.leave()


class Toasts(QWidget):
    """The place at the bottom right of a window where toasts stack, and what they said."""

    said = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.history: list[Said] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        window.installEventFilter(self)
        current().changed.connect(self._place)
        self.hide()

    def say(
        self,
        text: str,
        at: datetime,
        *,
        tone: str = "neutral",
        undo: Callable[[], object] | None = None,
        act: tuple[str, Callable[[], object]] | None = None,
    ) -> Toast:
        """Show a message for a while and keep it in the history."""
        self.history = [Said(at, text, tone), *self.history][:HISTORY]
        toast = Toast(self, text, tone, undo, act)
        toast.gone.connect(self._remove)
        self._column.addWidget(toast)
        self.show()
        # Beside one in view Qt shows it a moment later: until then no room is made for it.
        toast.show()
        self._place()
        announce(toast, text, urgent=tone == "danger")
        self.said.emit()
        return toast

    @property
    def to_undo(self) -> Toast | None:
        """The youngest toast in view that offers Undo."""
        return next((toast for toast in reversed(self.shown) if toast.can_undo), None)

    def undo(self) -> None:
        """Undo what the youngest toast offers to: a toast is out of the way of Tab."""
        if toast := self.to_undo:
            toast.undo()

    @property
    def shown(self) -> list[Toast]:
        """The toasts in view, oldest first."""
        places = range(self._column.count())
        items = [item.widget() for place in places if (item := self._column.itemAt(place))]
        return [item for item in items if isinstance(item, Toast)]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutDirectionChange}:
            self._place()
        return False

    def _remove(self, toast: QWidget) -> None:
        self._column.removeWidget(toast)
        toast.hide()
        toast.deleteLater()
        if not self.shown:
            self.hide()
        self._place()

    def _place(self) -> None:
        width = min(current().px(_WIDTH), self._window.width() - 2 * _MARGIN)
        height = self._column.totalHeightForWidth(width)
        height = height if height > 0 else self._column.totalSizeHint().height()
        self.resize(width, height)
        mirrored = self._window.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = _MARGIN if mirrored else self._window.width() - _MARGIN - width
        self.move(left, self._window.height() - _MARGIN - height)
        self.raise_()
