"""The search field."""

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.language import tr
from app.ui.theme import dress
from app.ui.widgets.button import IconButton

TYPING_MS: Final = 120
_LIST_KEYS: Final = frozenset(
    {
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
    }
)


class SearchBox(QLineEdit):
    """A search field: `searched` comes a moment after the last letter, and at once on Enter.

    Up, Down and Page keys go to `list_keys`, so that people move through the results while typing.
    """

    searched = Signal(str)
    entered = Signal()

    def __init__(self, placeholder: str, name: str = tr("Search")) -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)
        self.setMaxLength(200)
        dress(self, "body")
        self._list: QWidget | None = None
        self._said = ""
        self._icon = IconButton("search", name)
        self._icon.setParent(self)
        self._icon.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._icon.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._clear = IconButton("x", tr("Clear search"), self.clear)
        self._clear.setParent(self)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.hide()
        self.setTextMargins(26, 0, 26, 0)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TYPING_MS)
        self._timer.timeout.connect(self._say)
        self.textChanged.connect(self._typed)

    def drive(self, view: QWidget | None) -> None:
        """Send the keys that move through a list to this view; to none where there is none."""
        self._list = view

    def forget(self) -> None:
        """Empty the field without saying so: what it asked for is over."""
        self.clear()
        self._timer.stop()
        self._said = ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in _LIST_KEYS and self._list is not None:
            self._list.keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not control:
            self._say()
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for button, left in ((self._icon, 3), (self._clear, self.width() - 31)):
            button.resize(28, self.height() - 4)
            button.move(left, 2)

    def _typed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._timer.start()

    def _say(self) -> None:
        self._timer.stop()
        if self.text() != self._said:
            self._said = self.text()
            self.searched.emit(self._said)
