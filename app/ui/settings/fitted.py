"""A table among cards: as high as its rows, up to a limit, and as wide as there is room."""

from __future__ import annotations

from collections.abc import Collection
from typing import Generic, TypeVar

from PySide6.QtGui import QResizeEvent

from app.ui.rows_model import TableModel
from app.ui.theme import current
from app.ui.tokens import HEADER_HEIGHT
from app.ui.widgets.table_widths import room_for
from app.ui.widgets.wide_table import WideTable

R = TypeVar("R")
LEAST, MOST = 2, 14
ROOM_TO_SAY = 5
"""As high as this many rows it has to be to say why it shows none."""
_STRETCHED = 200
"""What the column that stretches should have at least, before others are left out."""


class FittedTable(WideTable[R], Generic[R]):
    """`fit(rows)` makes it as high as so many rows need; the page scrolls, not the table.

    The columns in `spare` are left out while the one that stretches would be cut for them.
    """

    def __init__(
        self, model: TableModel[R], name: str, *, most: int = MOST, spare: Collection[str] = ()
    ) -> None:
        super().__init__(model, name)
        self._most = most
        self._spare = spare
        self._narrow = False
        self._shown = 0
        current().changed.connect(self._again)
        self.fit(0)

    def fit(self, rows: int) -> None:
        """As high as this many rows, at least a few and at most the limit."""
        self._shown = rows
        theme = current()
        lines = max(LEAST, min(self._most, rows))
        line = self.verticalHeader().defaultSectionSize()
        self.setFixedHeight(theme.px(HEADER_HEIGHT) + lines * line + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        theme = current()
        fixed = sum(room_for(column) for column in self.rows.columns if not column.stretch)
        narrow = self.width() < fixed + theme.px(_STRETCHED)
        if self._spare and narrow != self._narrow:
            self._narrow = narrow
            self.make_room(self._spare, narrow=narrow)

    def _again(self) -> None:
        self.fit(self._shown)
        self._make_room()
