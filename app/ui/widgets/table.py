"""The table: no grid, one line a row, whole rows selected, columns to choose and order.

Give it a `TableModel` (`app.ui.rows_model`); everything it shows comes from the columns as data.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView

from app.ui import format as write
from app.ui.columns import Column, copied_text, exported
from app.ui.language import tr
from app.ui.ranges import joined
from app.ui.rows_model import Index, RowsModel, TableModel
from app.ui.theme import current
from app.ui.tokens import HEADER_HEIGHT
from app.ui.widgets import table_layout
from app.ui.widgets.states import Overlay
from app.ui.widgets.table_keyboard import OnARow
from app.ui.widgets.table_menus import column_menu, context_menu
from app.ui.widgets.table_paint import Header, RowDelegate, RowPainter
from app.ui.widgets.table_widths import Widths, room_for

R = TypeVar("R")

COPIED_AT_MOST: Final = 10_000
_JUMPS: Final = {Qt.Key.Key_J: Qt.Key.Key_Down, Qt.Key.Key_K: Qt.Key.Key_Up}
_ASCENDING, _DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


class Table(QTableView, Generic[R]):
    """A table over a model of rows.

    - `opened(row)` on Enter or a double click; `chosen(row)` when the current row changes.
    - `linked(column key, row)` when a cell of a link column is clicked.
    - `sorting_wanted(column key, descending)` when a header is clicked and the model does not sort
      itself. `laid_out()` after columns were moved, resized, chosen or sorted.
    - `picked()` when other rows are selected.
    - `row_actions(rows)` gives what the context menu offers beside copying.
    """

    opened = Signal(object)
    chosen = Signal(object)
    linked = Signal(str, object)
    sorting_wanted = Signal(str, bool)
    laid_out = Signal()
    told = Signal(str)
    picked = Signal()

    def __init__(self, model: TableModel[R], name: str) -> None:
        super().__init__()
        self.rows = model
        self.row_actions: Callable[[list[R]], Sequence[QAction]] = lambda _rows: ()
        self.everything = False
        self.hovered = -1
        self._sorted_by: tuple[str, bool] | None = None
        self.setAccessibleName(name)
        self._header = Header(self)
        self.setHorizontalHeader(self._header)
        self.setModel(model)
        self.setItemDelegate(RowDelegate(self))
        self._painter = RowPainter(self)
        self.widths = Widths(self)
        self._behave()
        self._arrange()
        self.overlay = Overlay(self.viewport())
        self._header.wanted.connect(self._sort_clicked)
        self._header.menu_wanted.connect(lambda place: self.column_menu().popup(place))
        self._header.sectionMoved.connect(lambda *_: self.laid_out.emit())
        self._header.sectionResized.connect(lambda *_: self.laid_out.emit())
        self.doubleClicked.connect(self._open)
        self.clicked.connect(self._click)
        model.modelReset.connect(self._forget_everything)
        self.keyboard = OnARow(self)
        current().changed.connect(self._measure)
        self._measure()

    def header_of(self) -> Header:
        """The header, which says how wide its columns are."""
        return self._header

    # What is selected

    def selected_ranges(self) -> list[range]:
        """The places of the selected rows as stretches, in order: a million is one of them."""
        if self.everything:
            return [range(self.rows.rowCount())]
        parts = self.selectionModel().selection().toList()
        return joined([range(part.top(), part.bottom() + 1) for part in parts])

    def selected_numbers(self) -> list[int]:
        """The places of the selected rows, in order: those that can be copied at once."""
        each = (number for part in self.selected_ranges() for number in part)
        return list(islice(each, COPIED_AT_MOST))

    @property
    def selected_count(self) -> int:
        """How many rows are selected."""
        return sum(len(part) for part in self.selected_ranges())

    def selected(self) -> list[R]:
        """The selected rows that are loaded."""
        return self.rows.at_hand(self.selected_ranges())

    def current_row(self) -> R | None:
        """The row the keyboard is on."""
        index = self.currentIndex()
        return self.rows.row(index.row()) if index.isValid() else None

    def selectRow(self, number: int) -> None:
        """That row alone, with the keyboard on it; Qt's own finds no column from right to left."""
        shown = (at for at in range(len(self.rows.columns)) if not self.isColumnHidden(at))
        # Said outright: Qt would add to the selection while somebody holds Shift or Ctrl.
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(
            self.rows.index(number, next(shown, 0)), flag.ClearAndSelect | flag.Rows
        )

    def selectAll(self) -> None:
        """All rows: of many this is a flag, since selecting them one by one takes seconds."""
        self.everything = self.rows.rowCount() > 0
        self.viewport().update()
        self.picked.emit()

    def visible_columns(self) -> list[Column[R]]:
        """The columns shown, in the order shown: what copying and exporting take."""
        places = (self._header.logicalIndex(place) for place in range(len(self.rows.columns)))
        return [self.rows.columns[at] for at in places if not self.isColumnHidden(at)]

    def copy(self, *, headers: bool = False) -> None:
        """Put the selected rows on the clipboard, those not loaded yet included."""
        count = self.selected_count
        if count > COPIED_AT_MOST:
            most = write.credits(COPIED_AT_MOST)
            self.told.emit(
                tr(
                    "Copied the first {most} of {count} rows.",
                    most=most,
                    count=write.credits(count),
                )
            )
        columns = self.visible_columns()
        self.rows.gather(
            self.selected_numbers(),
            QGuiApplication.clipboard().setText,
            lambda rows: copied_text(columns, rows, headers=headers),
        )

    def copy_cell(self) -> None:
        """Put the text of the current cell on the clipboard; an instant as rows have it there."""
        row, index = self.current_row(), self.currentIndex()
        column = self.rows.columns[index.column()]
        exact = row is not None and isinstance(column.value_of(row), datetime)
        text = exported(column.value_of(row)) if row and exact else self.rows.data(index)
        QGuiApplication.clipboard().setText(str(text or ""))

    # Sorting and layout

    @property
    def sorted_by(self) -> tuple[str, bool] | None:
        """The column sorted by and whether descending."""
        return self._sorted_by

    def sort_by(self, key: str | None, *, descending: bool = False) -> None:
        """Mark the column sorted by; a model that holds all its rows sorts them."""
        keys = [column.key for column in self.rows.columns]
        self._sorted_by = (key, descending) if key in keys and key is not None else None
        place = keys.index(key) if key in keys else -1
        self._header.mark(place, descending=descending)
        if isinstance(self.rows, RowsModel):
            self.rows.sort(place, _DESCENDING if descending else _ASCENDING)

    def layout_state(self) -> dict[str, Any]:
        """Order, widths, hidden columns and sorting, by column key: what is remembered."""
        return table_layout.state_of(self)

    def restore_layout(self, state: dict[str, Any]) -> None:
        """Take up a layout that was remembered; columns it does not know keep their own."""
        table_layout.restore(self, state)

    def column_menu(self) -> QMenu:
        """Which columns are shown, where they stand, and by which to sort: all by keyboard too."""
        return column_menu(self)

    def show_column(self, at: int, *, shown: bool) -> None:
        """Show or hide a column."""
        self.setColumnHidden(at, not shown)
        self.laid_out.emit()

    def move_column(self, key: str, by: int) -> None:
        """Let a column change places with the one shown before it (-1) or after it (1)."""
        shown = [column.key for column in self.visible_columns()]
        places = {column.key: at for at, column in enumerate(self.rows.columns)}
        other = shown.index(key) + by
        if 0 <= other < len(shown):
            here, there = (self._header.visualIndex(places[k]) for k in (key, shown[other]))
            self._header.moveSection(here, there)

    def show_columns(self, columns: Sequence[Column[R]]) -> None:
        """Show other columns, as they are at first and in no sorting.

        A table made anew takes many times as long.
        """
        self.sort_by(None)
        self.rows.show_columns(columns)
        self.widths.begin()
        self._place_columns()

    def reset_columns(self) -> None:
        """All columns as they were at first."""
        self._place_columns()
        self.laid_out.emit()

    def _place_columns(self) -> None:
        for at in range(len(self.rows.columns)):
            self._header.moveSection(self._header.visualIndex(at), at)
        self._arrange()

    # Qt's calls

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        key = Qt.Key(event.key())
        shifted = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif key == Qt.Key.Key_C and event.modifiers() == shifted:
            self.copy(headers=True)
        elif plain and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(self.currentIndex())
        elif plain and key in _JUMPS:
            super().keyPressEvent(QKeyEvent(event.type(), _JUMPS[key], event.modifiers()))
        else:
            super().keyPressEvent(event)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Home and End go to the first and last row, not to the ends of a row."""
        ends = {
            QAbstractItemView.CursorAction.MoveHome: 0,
            QAbstractItemView.CursorAction.MoveEnd: self.rows.rowCount() - 1,
        }
        if action in ends and self.rows.rowCount():
            return self.rows.index(ends[action], max(0, self.currentIndex().column()))
        return super().moveCursor(action, modifiers)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.context_menu()
        by_keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        below = self.visualRect(self.currentIndex()).bottomLeft()
        menu.popup(self.viewport().mapToGlobal(below) if by_keyboard else event.globalPos())

    def context_menu(self) -> QMenu:
        """What the page offers for the selected rows, copying, and the columns."""
        return context_menu(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        for part in event.region():  # type: ignore[attr-defined]  # its stub forgets it
            self._painter.paint(painter, part)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        self._hover(index.row())
        link = index.isValid() and self.rows.columns[index.column()].link
        shape = Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self._forget_everything()
        self.picked.emit()

    def currentChanged(self, current_index: Index, previous: Index) -> None:
        super().currentChanged(current_index, previous)
        self._forget_everything()
        for index in (previous, current_index):
            self._repaint_row(index.row())
        row = self.rows.row(current_index.row()) if current_index.isValid() else None
        if row is not None and current_index.row() != previous.row():
            self.chosen.emit(row)

    # Inside

    def _behave(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.setFrameShape(QTableView.Shape.NoFrame)

    def _arrange(self) -> None:
        columns = self.rows.columns
        for at, column in enumerate(columns):
            stretch = column.stretch and at < len(columns) - 1
            self._header.shape(at, stretch=stretch)
            self.setColumnWidth(at, room_for(column))
            self.setColumnHidden(at, not column.shown)

    def _measure(self) -> None:
        theme = current()
        self.widths.follow()
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(1)
        rows.setDefaultSectionSize(self.row_height())
        self._header.setFixedHeight(theme.px(HEADER_HEIGHT))
        self.viewport().update()

    def fit_stretch(self) -> None:
        """Let the column that stretches take what room is left, but never less than it needs."""
        for at, column in enumerate(self.rows.columns):
            if column.stretch and not self.isColumnHidden(at):
                others = self._header.length() - self.columnWidth(at)
                fits = self.viewport().width() - others >= room_for(column)
                self._header.shape(at, stretch=fits)
                if not fits:
                    self.setColumnWidth(at, room_for(column))

    def row_height(self) -> int:
        """How high a row is, in the theme's density and text size."""
        return current().row_height

    def _hover(self, number: int) -> None:
        if number != self.hovered:
            before, self.hovered = self.hovered, number
            for row in (before, number):
                self._repaint_row(row)

    def _repaint_row(self, number: int) -> None:
        """Paint one row anew, if it is in view: all of them would take many times as long."""
        top, height = self.rowViewportPosition(number), self.rowHeight(number)
        if number >= 0 and height:
            self.viewport().update(0, top, self.viewport().width(), height)

    def _forget_everything(self) -> None:
        if self.everything:
            self.everything = False
            self.viewport().update()
            self.picked.emit()

    def _open(self, index: QModelIndex) -> None:
        row = self.rows.row(index.row()) if index.isValid() else None
        if row is not None:
            self.opened.emit(row)

    def _click(self, index: QModelIndex) -> None:
        column = self.rows.columns[index.column()]
        row = self.rows.row(index.row())
        if column.link and row is not None and column.text(row) != write.EMPTY:
            self.linked.emit(column.key, row)

    def _sort_clicked(self, section: int) -> None:
        column = self.rows.columns[section]
        if column.sortable:
            again = self._sorted_by is not None and self._sorted_by[0] == column.key
            first_descending = column.align == "end"
            descending = not self._sorted_by[1] if again and self._sorted_by else first_descending
            self.sort_wanted(column.key, descending=descending)

    def sort_wanted(self, key: str, *, descending: bool) -> None:
        """Sort by a column, as a person asked for: here, or by whoever knows all the rows."""
        self.sort_by(key, descending=descending)
        if not isinstance(self.rows, RowsModel):
            self.sorting_wanted.emit(key, descending)
        self.laid_out.emit()
