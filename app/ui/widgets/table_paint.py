"""How the table's header and rows are drawn."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from app.ui import icons
from app.ui.theme import Theme, current
from app.ui.widgets.paint import (
    CHIP_HEIGHT,
    END,
    FIXED,
    START,
    chip_width,
    draw_chip,
    draw_row_ground,
    draw_text,
    elided,
)

if TYPE_CHECKING:
    from app.ui.columns import Column
    from app.ui.widgets.table import Table

CELL_PADDING: Final = 11
MARK: Final = 14


class Header(QHeaderView):
    """A quiet header: `wanted(section)` on a click, a mark only on the sorted column."""

    wanted = Signal(int)
    menu_wanted = Signal(QPoint)

    def __init__(self, table: Table[Any]) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self._marked = (-1, False)
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setStretchLastSection(False)
        self.setMinimumSectionSize(32)
        self.setResizeContentsPrecision(0)
        self.sectionClicked.connect(self.wanted)

    def mark(self, section: int, *, descending: bool) -> None:
        """Mark the column sorted by; -1 for none."""
        if (section, descending) != self._marked:
            self._marked = (section, descending)
            self.viewport().update()

    def shape(self, section: int, *, stretch: bool) -> None:
        """Let a column take the room that is left, or keep the width it is given."""
        mode = QHeaderView.ResizeMode.Stretch if stretch else QHeaderView.ResizeMode.Interactive
        self.setSectionResizeMode(section, mode)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        theme = current()
        painter.save()
        painter.fillRect(rect, theme.colour("surface"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.colour("border"))
        column = self._table.rows.columns[section]
        marked, descending = self._marked
        inner = rect.adjusted(CELL_PADDING, 0, -CELL_PADDING, 0)
        if section == marked:
            inner = self._paint_mark(painter, inner, column.title, descending=descending)
        ink = "text" if section == marked else "text2"
        align = END if column.align == "end" else START
        painter.setLayoutDirection(self.layoutDirection())
        draw_text(painter, theme, inner, column.title, "header", ink=ink, align=align)
        painter.restore()

    def _paint_mark(
        self, painter: QPainter, inner: QRect, title: str, *, descending: bool
    ) -> QRect:
        """Draw the mark at the end of the title; returns the room left for the title."""
        theme = current()
        name = "chevron-down" if descending else "chevron-up"
        mark = icons.pixmap(name, theme.tokens["text"], MARK, self.devicePixelRatioF())
        title_width = QFontMetrics(theme.font("header")).horizontalAdvance(title)
        column = self._table.rows.columns[self._marked[0]]
        top = inner.center().y() - MARK // 2 + 1
        if _visual(self, column.align) & Qt.AlignmentFlag.AlignRight:
            painter.drawPixmap(QPoint(inner.right() - MARK + 3, top), mark)
            return inner.adjusted(0, 0, -MARK, 0)
        left = min(inner.left() + title_width + 2, inner.right() - MARK)
        painter.drawPixmap(QPoint(left, top), mark)
        return inner.adjusted(0, 0, -MARK, 0)


class RowDelegate(QStyledItemDelegate):
    """Says how high a row is; the rows are painted whole, by a `RowPainter`."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(80, current().row_height)


class RowPainter:
    """Paints whole rows of a table: texts and chips of the columns on the row's ground.

    A view that asks a delegate for each cell takes three times as long: what is the same for a row,
    or for a column, is worked out once here. A column with a delegate of its own has that paint it.
    """

    def __init__(self, table: Table[Any]) -> None:
        self._table = table

    def paint(self, painter: QPainter, rect: QRect) -> None:
        """Paint the rows that a rectangle of the viewport meets, and the ground below the last."""
        table, theme = self._table, current()
        first = table.rowAt(rect.top())
        if first < 0:
            painter.fillRect(rect, theme.colour("surface"))
            return
        found = table.rowAt(rect.bottom())
        last = table.rows.rowCount() - 1 if found < 0 else found
        look = _Look(theme, self._cells(), self._selected(first, last), self._keyboard())
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        for number in range(first, last + 1):
            self._paint_row(painter, look, number)
        if found < 0:
            below = table.rowViewportPosition(last) + table.rowHeight(last)
            painter.fillRect(rect.adjusted(0, below - rect.top(), 0, 0), theme.colour("surface"))

    def _cells(self) -> list[_Cell]:
        """The columns in view as they follow one another, with how their texts are set."""
        header, columns = self._table.horizontalHeader(), self._table.rows.columns
        found, room = [], self._table.viewport().width()
        for at, column in enumerate(columns):
            left, width = header.sectionViewportPosition(at), header.sectionSize(at)
            if not self._table.isColumnHidden(at) and left < room and left + width > 0:
                align = int(_visual(self._table, column.align)) | FIXED
                delegate = self._table.itemDelegateForColumn(at)
                found.append(
                    _Cell(
                        at, column, left + CELL_PADDING, width - 2 * CELL_PADDING, align, delegate
                    )
                )
        mirrored = self._table.layoutDirection() is Qt.LayoutDirection.RightToLeft
        return sorted(found, key=lambda cell: cell.left, reverse=mirrored)

    def _selected(self, first: int, last: int) -> Container[int]:
        """Which of these rows are selected."""
        if self._table.everything:
            return range(first, last + 1)
        ranges = self._table.selectionModel().selection().toList()
        parts = [range(max(first, r.top()), min(last, r.bottom()) + 1) for r in ranges]
        return frozenset(number for part in parts for number in part)

    def _keyboard(self) -> int:
        """The row the keyboard is on; -1 where it is elsewhere."""
        return self._table.currentIndex().row() if self._table.hasFocus() else -1

    def _paint_row(self, painter: QPainter, look: _Look, number: int) -> None:
        table, theme = self._table, look.theme
        top, height = table.rowViewportPosition(number), table.rowHeight(number)
        width = table.viewport().width()
        selected = number in look.selected
        hovered = number == table.hovered
        whole = QRect(0, top, width, height)
        draw_row_ground(painter, theme, whole, selected=selected, hovered=hovered)
        row = table.rows.row(number)
        if row is not None:
            self._paint_texts(painter, look, row, QRect(0, top, width, height), selected=selected)
            for cell, delegate in look.painted_apart:
                self._paint_apart(painter, cell, delegate, number, whole, selected=selected)
        if number == look.keyboard:
            at_end = table.layoutDirection() is Qt.LayoutDirection.RightToLeft
            bar = QRect(width - 2 if at_end else 0, top, 2, height)
            painter.fillRect(bar, theme.colour("focus"))

    def _paint_texts(
        self, painter: QPainter, look: _Look, row: Any, whole: QRect, *, selected: bool
    ) -> None:
        theme, top, height = look.theme, whole.top(), whole.height() - 1
        voice = ""
        for cell in look.cells:
            column = cell.column
            chip = column.chip(row) if column.chip else None
            if chip:
                self._paint_chip(painter, theme, cell, QRect(0, top, 0, height), chip)
                voice = ""
                continue
            text = column.text(row)
            if not text:
                continue
            whole_row = column.runs_on is not None and column.runs_on(row)
            left, width = look.rest_from(cell) if whole_row else (cell.left, cell.width)
            if column.voice != voice:
                voice = column.voice
                painter.setFont(theme.font(voice))
            ink = column.ink_of(row, text)
            # The third ink is too weak on a selection.
            painter.setPen(theme.colour("text2" if selected and ink == "text3" else ink))
            shown = elided(theme, text, voice, width)
            painter.drawText(left, top, width, height, cell.align, shown)
            if whole_row:
                return

    def _paint_chip(
        self, painter: QPainter, theme: Theme, cell: _Cell, row: QRect, chip: tuple[str, str]
    ) -> None:
        place = QPoint(cell.left, row.center().y() - theme.px(CHIP_HEIGHT) // 2 + 1)
        if cell.align & int(Qt.AlignmentFlag.AlignRight):
            place.setX(cell.left + cell.width - 1 - min(chip_width(theme, chip[0]), cell.width))
        draw_chip(painter, theme, place, *chip)

    def _paint_apart(
        self,
        painter: QPainter,
        cell: _Cell,
        delegate: QAbstractItemDelegate,
        number: int,
        whole: QRect,
        *,
        selected: bool,
    ) -> None:
        """Let a column's own delegate paint its cell."""
        option = QStyleOptionViewItem()
        self._table.initViewItemOption(option)
        left, width = cell.left - CELL_PADDING, cell.width + 2 * CELL_PADDING
        option.rect = QRect(left, whole.top(), width, whole.height())
        if selected:
            option.state |= QStyle.StateFlag.State_Selected
        painter.save()
        delegate.paint(painter, option, self._table.rows.index(number, cell.place))
        painter.restore()


@dataclass(frozen=True, slots=True)
class _Cell:
    """A column in view, with where it stands and how its texts are set."""

    place: int
    column: Column[Any]
    left: int
    width: int
    align: int
    delegate: QAbstractItemDelegate | None


class _Look:
    """What rows have in common while they are painted."""

    def __init__(
        self, theme: Theme, cells: Sequence[_Cell], selected: Container[int], keyboard: int
    ) -> None:
        self.theme = theme
        self.cells = [cell for cell in cells if cell.delegate is None]
        self.painted_apart = [(cell, cell.delegate) for cell in cells if cell.delegate]
        self.selected = selected
        self.keyboard = keyboard

    def rest_from(self, cell: _Cell) -> tuple[int, int]:
        """Left edge and width of the room from a column to the end of its row."""
        last = self.cells[-1]
        left, right = min(cell.left, last.left), max(cell.left + cell.width, last.left + last.width)
        return left, right - left


def _visual(widget: Any, align: str) -> Qt.AlignmentFlag:
    return QStyle.visualAlignment(widget.layoutDirection(), END if align == "end" else START)
