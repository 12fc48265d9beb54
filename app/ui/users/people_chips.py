"""A chip over the list of users for each filter in force."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton

from app.domain.users import UserQuery
from app.ui.theme import current, dress, set_mark
from app.ui.users import people_state as states
from app.ui.widgets.button import Button
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.text import plain_tip

MARGIN: Final = 16
_LONGEST_CHIP: Final = 216
_REMOVING: Final = frozenset(
    {Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Return, Qt.Key.Key_Enter}
)


class FilterChip(QPushButton):
    """One filter in force: a click, Enter, Delete or Backspace takes it away."""

    def __init__(self, words: str, remove: Callable[[], object]) -> None:
        super().__init__()
        dress(self, "chip")
        set_mark(self, "kind", "chip")
        metrics = QFontMetrics(current().font("chip"))
        short = metrics.elidedText(words, Qt.TextElideMode.ElideRight, _LONGEST_CHIP)
        self.setText(f"{short}  ×".replace("&", "&&"))
        self.setAccessibleName(f"Remove “{words}”")
        self.setToolTip(plain_tip(f"{words}: click or Delete removes it"))
        self._remove = remove
        self.clicked.connect(lambda _checked=False: remove())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _REMOVING:
            self._remove()
        else:
            super().keyPressEvent(event)


class ChipBar(QFrame):
    """The filters in force. `wanted(UserQuery)` when one, or all, are taken away."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.chips: list[FilterChip] = []
        self.clear_button = Button("Clear all", self.clear, kind="link")
        self._query = UserQuery()
        self._shown: tuple[states.Chip, ...] | None = None
        self._flow = FlowLayout(self, gap=6)
        self._flow.setContentsMargins(MARGIN, 0, 10, 8)
        self._flow.addWidget(self.clear_button)

    def show_query(self, query: UserQuery, names: dict[str, str]) -> None:
        """A chip for each filter in force."""
        self._query = query
        shown = states.chips(query, names)
        if shown == self._shown:
            return
        self._shown = shown
        focused = any(chip.hasFocus() for chip in self.chips)
        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._flow.removeWidget(self.clear_button)
        self.chips = [self._chip(chip) for chip in shown]
        for chip in self.chips:
            self._flow.addWidget(chip)
        self._flow.addWidget(self.clear_button)
        self.clear_button.setVisible(query.filtered)
        self.setVisible(bool(shown))
        if focused and self.chips:
            self.chips[0].setFocus()
        self.updateGeometry()

    def clear(self) -> None:
        """Take all filters away."""
        self.wanted.emit(states.without_filters(self._query))

    @property
    def words(self) -> list[str]:
        """What the chips say."""
        return [chip.words for chip in self._shown or ()]

    def _chip(self, chip: states.Chip) -> FilterChip:
        made = FilterChip(chip.words, lambda: self.wanted.emit(chip.without))
        made.setParent(self)
        made.show()
        return made
