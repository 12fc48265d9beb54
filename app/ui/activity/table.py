"""The list of records: a window over millions, to which new ones are added on top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QResizeEvent

from app.domain.audit import AuditRecord
from app.ui.activity.columns import activity_columns
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.rows_model import BLOCK, Fetch, Index, PagedModel
from app.ui.widgets.table import Table


class ActivityModel(PagedModel[AuditRecord]):
    """Records, the newest first. None of them ever changes: they only move down."""

    def grow(self, first: Sequence[AuditRecord], count: int) -> None:
        """More were found, below; ``first`` are those at the head."""
        old = self._count
        if count <= old:
            return
        self.beginInsertRows(QModelIndex(), old, count - 1)
        self._count = count
        self._blocks.pop(old // BLOCK if old % BLOCK else -1, None)
        self._take_first(first)
        self.endInsertRows()

    def add_above(self, fresh: Sequence[AuditRecord], fetch: Fetch[AuditRecord]) -> None:
        """These came on top: what is selected and in view stays with its record."""
        if not fresh:
            return
        known = {at + len(fresh): row for at, row in self.loaded().items()}
        known |= dict(enumerate(fresh))
        self.beginInsertRows(QModelIndex(), 0, len(fresh) - 1)
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
        if place > bar.minimum():
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
