"""Where the cards stand: as many beside each other as the width takes, in one order to read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QVBoxLayout, QWidget

from app.ui.theme import current
from app.ui.tokens import CARD_GAP, PAGE_PADDING

_MOST = 4
_THREE, _FOUR, _TWO_LISTS = 660, 960, 720
"""The least widths for three cards of people's work, four of figures, and two lists, at 100 %."""


class Arrangement(QWidget):
    """Rows of cards: what is to be done, what moved, one across, and lists beside each other."""

    def __init__(
        self,
        work: Sequence[QWidget],
        moved: Sequence[QWidget],
        between: QWidget,
        lists: Sequence[QWidget],
    ) -> None:
        super().__init__()
        self.setObjectName("scrolled")
        self._work, self._moved = work, moved
        self._grids = (QGridLayout(), QGridLayout())
        self._lists = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lists.setSpacing(CARD_GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, PAGE_PADDING, PAGE_PADDING)
        column.setSpacing(CARD_GAP)
        for grid in self._grids:
            grid.setSpacing(CARD_GAP)
            column.addLayout(grid)
        column.addWidget(between)
        for card in lists:
            self._lists.addWidget(card, 1)
        column.addLayout(self._lists)
        column.addStretch(1)
        self._columns = (0, 0)
        self._fit(_FOUR)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_here()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # a number has become longer, or all text
            self._fit_here()
        return super().event(event)

    def _fit_here(self) -> None:
        # Not the width it has: a card that needs more than there is in view would widen it.
        room = self.parentWidget() or self
        self._fit(round(room.width() * 100 / current().zoom))

    def _fit(self, width: int) -> None:
        room = round(width * current().zoom / 100) - PAGE_PADDING
        two = 2 * max(card.minimumSizeHint().width() for card in self._moved) + CARD_GAP <= room
        columns = (
            4 if width >= _THREE else 2,
            4 if width >= _FOUR else 2 if two else 1,
        )
        beside = width >= _TWO_LISTS
        directions = QBoxLayout.Direction
        self._lists.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        if columns == self._columns:
            return
        self._columns = columns
        # The first card of people's work is as wide as two.
        spans = ((2, *(1 for _ in self._work[1:])), tuple(1 for _ in self._moved))
        for grid, cards, widths, count in zip(
            self._grids, (self._work, self._moved), spans, columns, strict=True
        ):
            for at in range(_MOST):
                grid.setColumnStretch(at, 1 if at < count else 0)
            place = 0
            for card, span in zip(cards, widths, strict=True):
                grid.addWidget(card, place // count, place % count, 1, span)
                place += span
