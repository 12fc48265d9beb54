"""Chips for what narrows a list: each says one filter and takes it away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton

from app.ui import format as write
from app.ui.language import tr
from app.ui.theme import current, dress, set_mark
from app.ui.widgets.button import Button
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.text import plain_tip

MARGIN: Final = 16
_LONGEST_CHIP: Final = 216
_REMOVING: Final = frozenset(
    {Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Return, Qt.Key.Key_Enter}
)


@dataclass(frozen=True)
class Chip:
    """A filter or an order in force, in words, and the query without it."""

    key: str
    words: str
    without: object


class FilterChip(QPushButton):
    """One filter in force: a click, Enter, Delete or Backspace takes it away."""

    def __init__(self, words: str, remove: Callable[[], object]) -> None:
        super().__init__()
        words = write.paragraph(words)
        dress(self, "chip")
        set_mark(self, "kind", "chip")
        metrics = QFontMetrics(current().font("chip"))
        short = metrics.elidedText(words, Qt.TextElideMode.ElideRight, _LONGEST_CHIP)
        self.setText(f"{short}  ×".replace("&", "&&"))
        self.setAccessibleName(tr("Remove “{filter}”", filter=words))
        self.setToolTip(plain_tip(tr("{filter}: click or Delete removes it", filter=words)))
        self._remove = remove
        self.clicked.connect(lambda _checked=False: remove())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _REMOVING:
            self._remove()
        else:
            super().keyPressEvent(event)


class ChipBar(QFrame):
    """The filters in force. `wanted(query)` when one, or all, are taken away.

    `left()` when the last is gone that the keyboard was on: it needs another place.
    """

    wanted = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.chips: list[FilterChip] = []
        self.clear_button = Button(tr("Clear all"), self.clear, kind="link")
        self._cleared: object = None
        self._shown: tuple[Chip, ...] | None = None
        self._flow = FlowLayout(self, gap=6)
        self._flow.setContentsMargins(MARGIN, 0, 10, 8)
        self._flow.addWidget(self.clear_button)

    def show_chips(self, chips: Sequence[Chip], cleared: object, *, clearable: bool) -> None:
        """A chip for each filter in force; ``cleared`` is the query without any."""
        self._cleared = cleared
        shown = tuple(chips)
        if shown == self._shown:
            return
        self._shown = shown
        focused = any(one.hasFocus() for one in (*self.chips, self.clear_button))
        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._flow.removeWidget(self.clear_button)
        self.chips = [self._chip(chip) for chip in shown]
        for chip in self.chips:
            self._flow.addWidget(chip)
        self._flow.addWidget(self.clear_button)
        self.clear_button.setVisible(clearable)
        self.setVisible(bool(shown))
        if focused and self.chips:
            self.chips[0].setFocus()
        elif focused:
            self.left.emit()
        self.updateGeometry()

    def clear(self) -> None:
        """Take all filters away."""
        self.wanted.emit(self._cleared)

    @property
    def words(self) -> list[str]:
        """What the chips say."""
        return [chip.words for chip in self._shown or ()]

    def _chip(self, chip: Chip) -> FilterChip:
        made = FilterChip(chip.words, lambda: self.wanted.emit(chip.without))
        made.setParent(self)
        made.show()
        return made
