"""Table models over frozen rows: all of them at once, or a window over up to a million.

`RowsModel` holds what it is given. `PagedModel` knows how many there are and keeps a few blocks of
them, asking `fetch(offset, limit, stop)` off the window's thread for those that come into view.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Event
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.ui.background import Background, Failed
from app.ui.columns import Column, sort_key
from app.ui.language import tr
from app.ui.widgets.text import plain_tip

R = TypeVar("R")
T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
Fetch = Callable[[int, int, Event], Sequence[R]]

BLOCK: Final = 100
BLOCKS_KEPT: Final = 60
BLOCKS_ASKED: Final = 3
_NOWHERE: Final = QModelIndex()
_REFRESHED: Final = int(Qt.ItemDataRole.DisplayRole)


class TableModel(QAbstractTableModel, Generic[R]):
    """What both models share: columns as data, drawn by the table's delegate."""

    def __init__(self, columns: Sequence[Column[R]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)

    def show_columns(self, columns: Sequence[Column[R]]) -> None:
        """Show these of every row instead."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self.endResetModel()

    def row(self, number: int) -> R | None:
        """The row at a place, or None where it is not loaded yet."""
        raise NotImplementedError

    def at_hand(self, ranges: Sequence[range]) -> list[R]:
        """Of the rows in these ranges those that are here; asks for none."""
        raise NotImplementedError

    def gather(
        self,
        numbers: Sequence[int],
        done: Callable[[T], None],
        make: Callable[[list[R]], T],
    ) -> None:
        """Hand over what ``make`` makes of these rows, read first where they are not loaded.

        Of more than a few it is made off the window's thread.
        """
        raise NotImplementedError

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return column.text(row) or tr("nothing")
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(column.tip(row)) if column.tip else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNMENTS[column.align]
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNMENTS[self.columns[section].align]
        return None


_ALIGNMENTS: Final = {
    "start": Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter,
    "end": Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter,
}


class RowsModel(TableModel[R]):
    """Rows that are all here. Sorts them itself, empty values last."""

    def __init__(
        self,
        columns: Sequence[Column[R]],
        rows: Sequence[R] = (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(columns, parent)
        self._given: list[R] = list(rows)
        self._rows: list[R] = list(rows)
        self._sorting: tuple[int, bool] | None = None

    @property
    def rows(self) -> Sequence[R]:
        """The rows in the order shown."""
        return self._rows

    def show_rows(self, rows: Sequence[R]) -> None:
        """Show these instead, in the sorting in force."""
        self.beginResetModel()
        self._given = list(rows)
        self._rows = self._sorted()
        self.endResetModel()

    def row(self, number: int) -> R | None:
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def at_hand(self, ranges: Sequence[range]) -> list[R]:
        return [self._rows[number] for part in ranges for number in part]

    def gather(
        self,
        numbers: Sequence[int],
        done: Callable[[T], None],
        make: Callable[[list[R]], T],
    ) -> None:
        done(make([self._rows[number] for number in numbers]))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 is the order the rows were given in."""
        descending = order is Qt.SortOrder.DescendingOrder
        self._sorting = (column, descending) if 0 <= column < len(self.columns) else None
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        held = [(self._rows[index.row()], index.column()) for index in before]
        self._rows = self._sorted()
        places = {id(row): place for place, row in enumerate(self._rows)}
        after = [self.index(places[id(row)], column) for row, column in held]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _sorted(self) -> list[R]:
        if self._sorting is None:
            return list(self._given)
        column, descending = self._sorting
        key = sort_key(self.columns[column])
        full = sorted((row for row in self._given if not key(row)[0]), key=key, reverse=descending)
        return full + [row for row in self._given if key(row)[0]]


class PagedModel(TableModel[R]):
    """A window over many rows: `show_source` says how many, blocks come as they are looked at."""

    def __init__(
        self,
        columns: Sequence[Column[R]],
        background: Background,
        failed: Failed | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(columns, parent)
        self._background = background
        self._failed = failed or background.fail
        self._fetch: Fetch[R] | None = None
        self._count = 0
        self._blocks: OrderedDict[int, Sequence[R]] = OrderedDict()
        self._stale: set[int] = set()
        self._asked: OrderedDict[int, int] = OrderedDict()
        self.destroyed.connect(self._forget)

    def show_source(self, count: int, fetch: Fetch[R], first: Sequence[R] = ()) -> None:
        """Show `count` rows read by `fetch(offset, limit, stop)`; `first` are already here."""
        self.beginResetModel()
        self._forget()
        self._count, self._fetch = count, fetch
        self._blocks.clear()
        self._stale.clear()
        self._take_first(first)
        self.endResetModel()

    def refresh(self, fetch: Fetch[R], first: Sequence[R] = ()) -> None:
        """The same list was read anew: old rows stay in view until those in their place come."""
        self._forget()
        self._fetch = fetch
        self._stale = set(self._blocks)
        self._take_first(first)
        self.dataChanged.emit(
            self.index(0, 0), self.index(self._count - 1, len(self.columns) - 1), [_REFRESHED]
        )

    def recount(self, count: int) -> None:
        """There are so many rows: those beyond appear, or go."""
        old = self._count
        if count > old:
            self.beginInsertRows(_NOWHERE, old, count - 1)
            self._count = count
            self._blocks.pop(old // BLOCK if old % BLOCK else -1, None)
            self.endInsertRows()
        elif count < old:
            self.beginRemoveRows(_NOWHERE, count, old - 1)
            self._count = count
            self._drop_from(count)
            self.endRemoveRows()

    def _take_first(self, first: Sequence[R]) -> None:
        for start in range(0, len(first), BLOCK):
            rows = first[start : start + BLOCK]
            if len(rows) == BLOCK or start + len(rows) == self._count:
                self._blocks[start // BLOCK] = rows
                self._stale.discard(start // BLOCK)

    def _drop_from(self, count: int) -> None:
        for block in [block for block in self._blocks if (block + 1) * BLOCK > count]:
            kept = self._blocks[block][: max(0, count - block * BLOCK)]
            if kept:
                self._blocks[block] = kept
            else:
                del self._blocks[block]

    def row(self, number: int) -> R | None:
        block, place = divmod(number, BLOCK)
        rows = self._blocks.get(block)
        if rows is None or block in self._stale:
            self._ask(block)
        if rows is None:
            return None
        self._blocks.move_to_end(block)
        return rows[place] if place < len(rows) else None

    def at_hand(self, ranges: Sequence[range]) -> list[R]:
        return [
            row
            for block in sorted(self._blocks)
            for number, row in enumerate(self._blocks[block], block * BLOCK)
            if any(number in part for part in ranges)
        ]

    def gather(
        self,
        numbers: Sequence[int],
        done: Callable[[T], None],
        make: Callable[[list[R]], T],
    ) -> None:
        fetch = self._fetch
        here = dict(self._blocks)
        if fetch is None:
            done(make([]))
            return

        def read(stop: Event) -> T:
            for block in sorted({number // BLOCK for number in numbers} - here.keys()):
                here[block] = fetch(block * BLOCK, BLOCK, stop)
            return make([here[number // BLOCK][number % BLOCK] for number in numbers])

        few = len(numbers) <= BLOCK
        if few and {number // BLOCK for number in numbers} <= here.keys():
            done(read(Event()))
        else:
            self._background.read(read, done, self._failed)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._count

    def peek(self, number: int) -> R | None:
        """The row at a place if it is here; asks for none."""
        rows = self._blocks.get(number // BLOCK, ())
        return rows[number % BLOCK] if number % BLOCK < len(rows) else None

    def is_fresh(self, number: int) -> bool:
        """Whether the row at a place is here, and as it was read last."""
        block = number // BLOCK
        return block in self._blocks and block not in self._stale

    def loaded(self) -> dict[int, R]:
        """The rows that are here, by their places."""
        return {
            block * BLOCK + place: row
            for block, rows in self._blocks.items()
            for place, row in enumerate(rows)
        }

    @property
    def loading(self) -> bool:
        """Whether a block is awaited."""
        return bool(self._asked)

    def _ask(self, block: int) -> None:
        """Ask for a block; of more than a few, the one asked longest ago has left the screen."""
        fetch = self._fetch
        if fetch is None or block in self._asked or not 0 <= block * BLOCK < self._count:
            return
        while len(self._asked) >= BLOCKS_ASKED:
            self._background.cancel(self._asked.popitem(last=False)[1])
        self._asked[block] = self._background.read(
            lambda stop: fetch(block * BLOCK, BLOCK, stop),
            lambda rows: self._arrived(block, rows),
            lambda error: self._refused(block, error),
        )

    def _arrived(self, block: int, rows: Sequence[R]) -> None:
        self._asked.pop(block, None)
        self._stale.discard(block)
        if block * BLOCK >= self._count:
            return
        self._blocks[block] = rows[: self._count - block * BLOCK]
        while len(self._blocks) > BLOCKS_KEPT:
            self._blocks.popitem(last=False)
        last = min(self._count, (block + 1) * BLOCK) - 1
        self.dataChanged.emit(self.index(block * BLOCK, 0), self.index(last, len(self.columns) - 1))

    def _refused(self, block: int, error: Exception) -> None:
        self._asked.pop(block, None)
        self._stale.discard(block)
        self._blocks.setdefault(block, ())
        self._failed(error)

    def _forget(self, _gone: QObject | None = None) -> None:
        for ticket in self._asked.values():
            self._background.cancel(ticket)
        self._asked.clear()
