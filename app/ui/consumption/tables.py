"""The table beneath the chart: its figures by month, or what grew since prices changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal

from app.domain.calendar import Month
from app.ui.charts.data import MonthRow, MonthSeries, twin_rows
from app.ui.columns import Column
from app.ui.consumption import growth, words
from app.ui.consumption.growth import Grown
from app.ui.consumption.state import MONTHS, Choice, columns_of
from app.ui.language import tr
from app.ui.rows_model import RowsModel
from app.ui.widgets.card import Card
from app.ui.widgets.table import Table
from app.ui.widgets.text import Label


class TableCard(Card):
    """Shows the months of a chart, or its growth. `piece_wanted(Month, key)` when a row is opened.

    The columns are the series: sorting and widths stay as the person left them.
    """

    piece_wanted = Signal(object, str)

    def __init__(self, say: Callable[[str], object]) -> None:
        super().__init__(padded=False)
        self._made_of: object = None
        self._last: Month | None = None
        self._rows: RowsModel[Any] = RowsModel(())
        self.table: Table[Any] = Table(self._rows, tr("Months"))
        self._rows.setParent(self.table)
        self.table.opened.connect(self._opened)
        self.table.told.connect(say)
        self.none = Label("", "caption", "text2", wrap=True)
        self.none.setContentsMargins(16, 8, 16, 4)
        self.none.hide()
        self.add(self.none)
        self.add(self.table, 1)

    def show_data(self, shown: MonthSeries, choice: Choice) -> None:
        """Show the figures that the chart draws."""
        since = growth.starts(shown).get(choice.table)
        if choice.table == MONTHS or since is None:
            self.none.hide()
            columns = columns_of(shown, share=choice.share)
            self._show(columns, twin_rows(shown), tr("Months"), choice.share)
            return
        found = growth.growth(shown, since)
        self.none.setVisible(not found.rows)
        self.none.setText(tr("No full month before or after it is shown: show more months."))
        grown = growth.columns(found, words.group(choice.by))
        self._show(grown, found.rows, tr("Growth"), (found.before, found.after))
        self._last = found.after[-1] if found.after else None

    def _show(self, columns: list[Column[Any]], rows: Any, name: str, also: object) -> None:
        made_of = (name, also, [(column.key, column.title) for column in columns])
        if made_of != self._made_of:
            self._change(columns, same_kind=name == self.table.accessibleName())
            self.table.setAccessibleName(name)
            self._made_of = made_of
        # The cells of the columns look at the data they were made for.
        self._rows.columns = tuple(columns)
        self._rows.show_rows(rows)

    def _change(self, columns: list[Column[Any]], *, same_kind: bool) -> None:
        """Show other columns; those of the same kind keep how wide they are and the sorting."""
        layout = self.table.layout_state()
        self.table.show_columns(columns)
        if same_kind:
            self.table.restore_layout({**layout, "order": [], "hidden": []})

    def _opened(self, row: MonthRow | Grown) -> None:
        if isinstance(row, MonthRow):
            self.piece_wanted.emit(row.month, "")
        elif self._last is not None:
            self.piece_wanted.emit(self._last, row.key)
