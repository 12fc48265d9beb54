"""The list of records: a window over millions, to which new ones are added where they belong."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QResizeEvent

from app.domain.activity import ORDERS
from app.domain.audit import AuditRecord
from app.ui.activity.columns import activity_columns
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.ranges import joined
from app.ui.rows_model import BLOCK, Fetch, Index, PagedModel
from app.ui.widgets.table import Table

T = TypeVar("T")


class ActivityModel(PagedModel[AuditRecord]):
    """Records, those by time kept the newest first. None ever changes: they only move down.

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

    def add(
        self,
        places: Sequence[int],
        rows: Mapping[int, AuditRecord],
        fetch: Fetch[AuditRecord],
    ) -> None:
        """More came and stand at these places: what is selected and in view stays with its record.

        ``rows`` are those of them that are here.
        """
        down = moved_down(places)
        known = {at + down(at): row for at, row in super().loaded().items()} | dict(rows)
        count = self._count + len(places)
        self._forget()
        self._fetch = fetch
        self._stale.clear()
        self._blocks.clear()
        for block in sorted({at // BLOCK for at in known}):
            inside = range(block * BLOCK, min(count, (block + 1) * BLOCK))
            if all(at in known for at in inside):
                self._blocks[block] = [known[at] for at in inside]
        for run in joined([range(at, at + 1) for at in places]):
            start = self._count - run.start if self.oldest_first else run.start
            self.beginInsertRows(QModelIndex(), start, start + len(run) - 1)
            self._count += len(run)
            self.endInsertRows()


def moved_down(places: Sequence[int]) -> Callable[[int], int]:
    """By how many places what stood at one moves down when others come to stand at ``places``."""
    before = [place - number for number, place in enumerate(places)]
    return lambda at: bisect_right(before, at)


class ActivityTable(Table[AuditRecord]):
    """The table. What it shows of a place that is still being read is chosen once it is there."""

    def __init__(self, frame: Frame, named: Callable[[str], str]) -> None:
        self._home = ""
        columns = activity_columns(frame.zone, frame.now, home=lambda: self._home, named=named)
        self.model_rows = ActivityModel(columns, frame.background, frame.trouble)
        super().__init__(self.model_rows, tr("Activity"))
        self._awaited = -1
        self.model_rows.dataChanged.connect(self._loaded)
        self.sort_by("at", descending=True)

    def sort_by(self, key: str | None, *, descending: bool = False) -> None:
        """Mark the order; where there is none that can be meant, the newest come first."""
        if key in ORDERS:
            super().sort_by(key, descending=descending)
        else:
            super().sort_by("at", descending=True)

    def show_home(self, home: str) -> None:
        """Shorten who has an address at ``home``."""
        if home != self._home:
            self._home = home
            self.viewport().update()

    def turn(self) -> None:
        """Show the other end on top, with the same record in view."""
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
        """List these from the top, in the order that is marked."""
        self._awaited = -1
        self.model_rows.oldest_first = self.sorted_by == ("at", False)
        self.model_rows.show_source(count, fetch, first)
        self.scrollToTop()

    def add(
        self,
        places: Sequence[int],
        rows: Mapping[int, AuditRecord],
        fetch: Fetch[AuditRecord],
    ) -> None:
        """More came and stand at these places; only who looks at the very top sees them come."""
        bar, top = self.verticalScrollBar(), self.rowAt(0)
        at, moves = bar.value(), bar.value() > bar.minimum() and top >= 0
        above = 0 if self.model_rows.oldest_first else moved_down(places)(top)
        self.model_rows.add(places, rows, fetch)
        if self._awaited >= 0:
            self._awaited = self.currentIndex().row()
        if moves:
            bar.setValue(at + above)

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
