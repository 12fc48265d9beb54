"""The table beneath the chart: its figures by month, or what grew since prices changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, Signal

from app.ui.charts.data import MonthRow, MonthSeries, twin_rows
from app.ui.columns import Column
from app.ui.consumption import growth, words
from app.ui.consumption.growth import Grown, Growth
from app.ui.consumption.state import MONTHS, Choice, Wanted, columns_of
from app.ui.language import tr
from app.ui.rows_model import RowsModel
from app.ui.widgets.card import Card
from app.ui.widgets.table import Table
from app.ui.widgets.text import Label


class TableCard(Card):
    """Shows the months of a chart, or its growth. `piece_wanted(Wanted)` when a row is opened.

    `piece_passed(Wanted)` when a person only comes to a row.
    The columns are the series: sorting and widths stay as the person left them.
    """

    piece_wanted = Signal(object)
    piece_passed = Signal(object)

    def __init__(self, say: Callable[[str], object]) -> None:
        super().__init__(padded=False)
        self._made_of: object = None
        self.compared: Growth | None = None
        self._rows: RowsModel[Any] = RowsModel(())
        self.table: Table[Any] = Table(self._rows, tr("Months"))
        self._rows.setParent(self.table)
        self.table.opened.connect(self._opened)
        self.table.chosen.connect(self._passed)
        self.table.told.connect(say)
        self.none = Label("", "caption", "text2", wrap=True)
        self.none.setContentsMargins(16, 8, 16, 4)
        self.none.hide()
        self.add(self.none)
        self.add(self.table, 1)

    def show_data(self, shown: MonthSeries, choice: Choice, *, whole: bool) -> None:
        """Show the figures that the chart draws; whether those are of the ``whole``."""
        since = growth.starts(shown).get(choice.table)
        if choice.table == MONTHS or since is None:
            self.none.hide()
            columns = columns_of(shown, share=choice.share)
            self._show(columns, twin_rows(shown), tr("Months"), choice.share)
            self.compared = None
            return
        found = growth.growth(shown, since, whole=whole)
        self.none.setVisible(not found.rows)
        self.none.setText(tr("No full month before or after it is shown: show more months."))
        grown = growth.columns(found, words.group(choice.by))
        self._show(grown, found.rows, tr("Growth"), (found.before, found.after))
        self.compared = found

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

    def mark(self, piece: Wanted) -> None:
        """Mark the row that is this piece; none where it is that of no row."""
        pieces = [self._piece(self._rows.row(at)) for at in range(self._rows.rowCount())]
        if piece in pieces:
            if self._piece(self.table.current_row()) != piece:
                self.table.selectRow(pieces.index(piece))
            return
        self.table.clearSelection()
        self.table.setCurrentIndex(QModelIndex())

    def _piece(self, row: MonthRow | Grown | None) -> Wanted | None:
        """What a row is made of: a month, or the months after a change."""
        if isinstance(row, MonthRow):
            return Wanted(row.month)
        if row is None or self.compared is None:
            return None
        first, last = self.compared.after[0], self.compared.after[-1]
        return Wanted(first, row.key, None if first == last else last)

    def _opened(self, row: MonthRow | Grown) -> None:
        self.piece_wanted.emit(self._piece(row))

    def _passed(self, row: MonthRow | Grown | None) -> None:
        piece = self._piece(row)
        if piece is not None and self.table.hasFocus():
            self.piece_passed.emit(piece)
