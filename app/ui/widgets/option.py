"""One of several to choose from."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QRadioButton

from app.ui.theme import dress

_STEPS: Final = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Left: -1,
}
_SIDEWAYS: Final = {Qt.Key.Key_Left, Qt.Key.Key_Right}


class Option(QRadioButton):
    """An option of a `QButtonGroup`. Every arrow key goes to another, however they stand.

    Qt's own knows only what lies in the direction of the key: beside one another Down does nothing,
    and whoever pressed it chose nothing without being told.
    """

    def __init__(self, words: str, voice: str = "body") -> None:
        super().__init__(words.replace("&", "&&"))
        dress(self, voice)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key not in _STEPS or self.group() is None:
            super().keyPressEvent(event)
            return
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft and key in _SIDEWAYS
        self._go(-_STEPS[key] if mirrored else _STEPS[key])

    def _go(self, by: int) -> None:
        """Choose the next of those that can be chosen, round from the last to the first."""
        there = [one for one in self.group().buttons() if one.isEnabled() and not one.isHidden()]
        other = there[(there.index(self) + by) % len(there)]
        other.setFocus(Qt.FocusReason.TabFocusReason)
        other.setChecked(True)
