"""How wide the columns of a table are: as people chose, at the text size and times in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.ui.language import ENGLISH, SPOKEN
from app.ui.theme import current
from app.ui.widgets.table_paint import CELL_PADDING, MARK

if TYPE_CHECKING:
    from app.ui.columns import Column
    from app.ui.widgets.table import Table

_LEAST, _MOST = 32, 2_000
_SPARE: Final = 2
"""Pixels that no text is measured to, lest one that barely fits is cut."""


def room_for(column: Column[Any]) -> int:
    """How wide a column begins, in pixels: never narrower than the widest it has to show."""
    width, texts = current().px(column.width), column.widest() if column.widest else ()
    reach = current().metrics(column.voice).horizontalAdvance
    around = 2 * CELL_PADDING + _SPARE
    return max((width, _head(column) + around, *(reach(text) + around for text in texts)))


def _head(column: Column[Any]) -> int:
    """What the head of a column needs of its room: widths are laid out for the English ones.

    Those that name a zone are as long as its name, whatever the language.
    """
    as_laid_out = SPOKEN == ENGLISH and column.filed in {"", column.title}
    if as_laid_out or not column.title:
        return 0
    mark = MARK if column.sortable else 0
    return current().metrics("header").horizontalAdvance(column.title) + mark


class Widths:
    """A column's *own* width is what is remembered: at the usual text size, times as at first."""

    def __init__(self, table: Table[Any]) -> None:
        self._table = table
        self._zoom = current().zoom
        self._added: dict[str, int] = {}
        self.begin()
        if SPOKEN != ENGLISH:
            table.rows.modelReset.connect(self._fit_heads)

    def own(self, at: int) -> float:
        """The own width of a column; of one that is hidden what it begins with."""
        column = self._table.rows.columns[at]
        if self._table.isColumnHidden(at):
            return column.width
        added = self._added.get(column.key, 0)
        return (self._table.columnWidth(at) - added) * 100 / self._zoom

    def set_own(self, at: int, width: float) -> None:
        """Give a column another own width."""
        key = self._table.rows.columns[at].key
        own = current().px(max(_LEAST, min(_MOST, width)))
        self._table.setColumnWidth(at, own + self._added.get(key, 0))

    def follow(self) -> None:
        """The text size or the times are others: the own widths stay."""
        own = [self.own(at) for at in range(len(self._table.rows.columns))]
        before = self._zoom, self._added
        self.begin()
        if (self._zoom, self._added) != before:
            for at, width in enumerate(own):
                self.set_own(at, width)

    def begin(self) -> None:
        """Take up the columns as they are, at the text size and times in force."""
        theme = current()
        self._zoom = theme.zoom
        columns = self._table.rows.columns
        self._added = {
            column.key: room_for(column) - theme.px(column.width)
            for column in columns
            if column.widest
        }

    def _fit_heads(self) -> None:
        """Make room for heads that came with other rows, where no width was laid out for them."""
        table = self._table
        for at, column in enumerate(table.rows.columns):
            if table.columnWidth(at) < room_for(column):
                table.setColumnWidth(at, room_for(column))
        table.fit_stretch()
