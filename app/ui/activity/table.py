"""The list of records: a window over millions, to which new ones are added on top."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QResizeEvent

from app.domain.audit import AuditRecord
from app.ui.activity.columns import activity_columns
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.rows_model import BLOCK, Fetch, Index, PagedModel
from app.ui.widgets.table import Table

T = TypeVar("T")


class ActivityModel(PagedModel[AuditRecord]):
    """Records, kept the newest first. None of them ever changes: they only move down.

    With ``oldest_first`` the places that a view knows count from the other end.
    """

    oldest_first = False

    def turn(self) -> None:
        """Show them from the other end."""
        self.beginResetModel()
        self.oldest_first = not self.oldest_first
        self.endResetModel()

    def place(self, number: int) -> int:
        """The place in a view of that in the record, and the other way round."""
        return self._count - 1 - number if self.oldest_first else number

    def row(self, number: int) -> AuditRecord | None:
        return super().row(self.place(number))

    def peek(self, number: int) -> AuditRecord | None:
        return super().peek(self.place(number))

    def loaded(self) -> dict[int, AuditRecord]:
        return {self.place(at): row for at, row in super().loaded().items()}

    def at_hand(self, ranges: Sequence[range]) -> list[AuditRecord]:
        if not self.oldest_first:
            return super().at_hand(ranges)
        count = self._count
        return super().at_hand([range(count - r.stop, count - r.start) for r in ranges])[::-1]

    def gather(
        self,
        numbers: Sequence[int],
        done: Callable[[T], None],
        make: Callable[[list[AuditRecord]], T],
    ) -> None:
        super().gather([self.place(number) for number in numbers], done, make)

    def _arrived(self, block: int, rows: Sequence[AuditRecord]) -> None:
        super()._arrived(block, rows)
        if self.oldest_first:
            ends = (self.place(block * BLOCK + BLOCK - 1), self.place(block * BLOCK))
            first, last = (self.index(max(0, end), 0) for end in ends)
            self.dataChanged.emit(first, last)

    def grow(self, first: Sequence[AuditRecord], count: int) -> None:
        """More were found, below; ``first`` are those at the head."""
        old = self._count
        if count <= old:
            return
        start = 0 if self.oldest_first else old
        self.beginInsertRows(QModelIndex(), start, start + count - old - 1)
        self._count = count
        self._blocks.pop(old // BLOCK if old % BLOCK else -1, None)
        self._take_first(first)
        self.endInsertRows()

    def add_above(self, fresh: Sequence[AuditRecord], fetch: Fetch[AuditRecord]) -> None:
        """These came on top: what is selected and in view stays with its record."""
        if not fresh:
            return
        known = {at + len(fresh): row for at, row in super().loaded().items()}
        known |= dict(enumerate(fresh))
        start = self._count if self.oldest_first else 0
        self.beginInsertRows(QModelIndex(), start, start + len(fresh) - 1)
        self._forget()
        self._fetch = fetch
        self._count += len(fresh)
        self._stale.clear()
        self._blocks.clear()
        for block in sorted({at // BLOCK for at in known}):
            places = range(block * BLOCK, min(self._count, (block + 1) * BLOCK))
            if all(at in known for at in places):
                self._blocks[block] = [known[at] for at in places]
        self.endInsertRows()


class ActivityTable(Table[AuditRecord]):
    """The table. What it shows of a place that is still being read is chosen once it is there."""

    def __init__(self, frame: Frame) -> None:
        home = frame.desk.staff_email.rpartition("@")[2]
        columns = activity_columns(frame.zone, frame.now, home)
        self.model_rows = ActivityModel(columns, frame.background, frame.trouble)
        super().__init__(self.model_rows, tr("Activity"))
        self._awaited = -1
        self.model_rows.dataChanged.connect(self._loaded)
        self.sort_by("at", descending=True)

    def sort_by(self, key: str | None, *, descending: bool = False) -> None:
        """The newest first or the oldest, with the same record in view: there is no other order."""
        super().sort_by("at", descending=descending or key != "at")
        if self.model_rows.oldest_first != (descending or key != "at"):
            return
        here = self.currentIndex().row()
        self.model_rows.turn()
        if here < 0:
            self.scrollToTop()
            return
        self.selectRow(self.rows.rowCount() - 1 - here)
        self.scrollTo(self.currentIndex(), self.ScrollHint.PositionAtCenter)

    def go_to(self, number: int) -> None:
        """Choose a record by how many newer ones there are."""
        self.selectRow(self.model_rows.place(number))

    def show_list(
        self, first: Sequence[AuditRecord], count: int, fetch: Fetch[AuditRecord]
    ) -> None:
        """List these from the top."""
        self._awaited = -1
        self.model_rows.show_source(count, fetch, first)
        self.scrollToTop()

    def add_above(self, fresh: Sequence[AuditRecord], fetch: Fetch[AuditRecord]) -> None:
        """These came on top; only who looks at the very top sees them come."""
        bar = self.verticalScrollBar()
        place = bar.value()
        self.model_rows.add_above(fresh, fetch)
        if place > bar.minimum() and not self.model_rows.oldest_first:
            bar.setValue(place + len(fresh))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_stretch()

    def show_column(self, at: int, *, shown: bool) -> None:
        super().show_column(at, shown=shown)
        self.fit_stretch()

    def currentChanged(self, current_index: Index, previous: Index) -> None:
        super().currentChanged(current_index, previous)
        here = current_index.isValid() and self.model_rows.peek(current_index.row()) is None
        self._awaited = current_index.row() if here else -1

    def _loaded(self, first: QModelIndex, last: QModelIndex, *_roles: Any) -> None:
        if first.row() <= self._awaited <= last.row():
            number, self._awaited = self._awaited, -1
            record = self.model_rows.peek(number)
            if record is not None and self.currentIndex().row() == number:
                self.chosen.emit(record)
