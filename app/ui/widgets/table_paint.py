"""How the table's header and rows are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from app.ui import icons
from app.ui.theme import Theme, current
from app.ui.widgets.paint import (
    CHIP_HEIGHT,
    FIXED,
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
_MARK: Final = 14


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
        align = _visual(self, column.align)
        draw_text(painter, theme, inner, column.title, "header", ink=ink, align=align)
        painter.restore()

    def _paint_mark(
        self, painter: QPainter, inner: QRect, title: str, *, descending: bool
    ) -> QRect:
        """Draw the mark at the end of the title; returns the room left for the title."""
        theme = current()
        name = "chevron-down" if descending else "chevron-up"
        mark = icons.pixmap(name, theme.tokens["text"], _MARK, self.devicePixelRatioF())
        title_width = QFontMetrics(theme.font("header")).horizontalAdvance(title)
        column = self._table.rows.columns[self._marked[0]]
        top = inner.center().y() - _MARK // 2 + 1
        if _visual(self, column.align) & Qt.AlignmentFlag.AlignRight:
            painter.drawPixmap(QPoint(inner.right() - _MARK + 3, top), mark)
            return inner.adjusted(0, 0, -_MARK, 0)
        left = min(inner.left() + title_width + 2, inner.right() - _MARK)
        painter.drawPixmap(QPoint(left, top), mark)
        return inner.adjusted(0, 0, -_MARK, 0)


class RowDelegate(QStyledItemDelegate):
    """Draws a cell from its column: text or chip on the row's ground, one line under the row."""

    def __init__(self, table: Table[Any]) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(80, current().row_height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme = current()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected) or self._table.everything
        painter.save()
        hovered = index.row() == self._table.hovered
        draw_row_ground(painter, theme, rect, selected=selected, hovered=hovered)
        if self._marks_the_keyboard(index):
            painter.fillRect(
                QRect(rect.left(), rect.top(), 2, rect.height()), theme.colour("focus")
            )
        row = self._table.rows.row(index.row())
        if row is not None:
            inner = rect.adjusted(CELL_PADDING, 0, -CELL_PADDING, -1)
            self._paint_cell(painter, inner, index.column(), row, selected=selected)
        painter.restore()

    def _paint_cell(
        self, painter: QPainter, inner: QRect, number: int, row: Any, *, selected: bool
    ) -> None:
        theme = current()
        column = self._table.rows.columns[number]
        chip = column.chip(row) if column.chip else None
        if chip:
            top = inner.center().y() - theme.px(CHIP_HEIGHT) // 2 + 1
            width = min(chip_width(theme, chip[0]), inner.width())
            at_right = _visual(self._table, column.align) & Qt.AlignmentFlag.AlignRight
            left = inner.right() - width if at_right else inner.left()
            draw_chip(painter, theme, QPoint(left, top), *chip)
            return
        ink = column.ink_of(row)
        # The third ink is too weak on a selection.
        ink = "text2" if selected and ink == "text3" else ink
        align = _visual(self._table, column.align)
        draw_text(painter, theme, inner, column.text(row), column.voice, ink=ink, align=align)

    def _marks_the_keyboard(self, index: QModelIndex | QPersistentModelIndex) -> bool:
        first = self._table.horizontalHeader().logicalIndex(0) == index.column()
        here = index.row() == self._table.currentIndex().row()
        return first and here and self._table.hasFocus()


class RowPainter:
    """Paints whole rows of a table at once: for tables that are jumped through.

    The same pixels as a `RowDelegate` cell by cell, in a third of the time: what is the same for a
    row, or for a column, is worked out once.
    """

    def __init__(self, table: Table[Any]) -> None:
        self._table = table

    def paint(self, painter: QPainter, rect: QRect) -> None:
        """Paint the rows that a rectangle of the viewport meets."""
        table, theme = self._table, current()
        painter.fillRect(rect, theme.colour("surface"))
        first, last = table.rowAt(rect.top()), table.rowAt(rect.bottom())
        if first < 0:
            return
        cells = self._cells(rect)
        last = table.rows.rowCount() - 1 if last < 0 else last
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        for number in range(first, last + 1):
            self._paint_row(painter, theme, number, cells)

    def _cells(self, rect: QRect) -> list[_Cell]:
        """The columns in view: each with where it stands and how its texts are set."""
        theme = current()
        header, columns = self._table.horizontalHeader(), self._table.rows.columns
        found = []
        for at, column in enumerate(columns):
            left, width = header.sectionViewportPosition(at), header.sectionSize(at)
            if not self._table.isColumnHidden(at) and left <= rect.right() and left + width > 0:
                align = int(_visual(self._table, column.align)) | FIXED
                room = width - 2 * CELL_PADDING
                short = room // theme.metrics(column.voice).horizontalAdvance("W")
                found.append(_Cell(column, left + CELL_PADDING, room, align, short))
        return found

    def _paint_row(
        self, painter: QPainter, theme: Theme, number: int, cells: Sequence[_Cell]
    ) -> None:
        table = self._table
        top, height = table.rowViewportPosition(number), table.rowHeight(number)
        selected = table.everything or table.selectionModel().isRowSelected(number)
        whole = QRect(0, top, table.viewport().width(), height)
        hovered = number == table.hovered
        draw_row_ground(painter, theme, whole, selected=selected, hovered=hovered)
        if number == table.currentIndex().row() and table.hasFocus():
            painter.fillRect(QRect(0, top, 2, height), theme.colour("focus"))
        row = table.rows.row(number)
        if row is None:
            return
        voice = ""
        for cell in cells:
            column = cell.column
            chip = column.chip(row) if column.chip else None
            if chip:
                middle = top + (height - 1 - theme.px(CHIP_HEIGHT)) // 2 + 1
                at_end = cell.align & int(Qt.AlignmentFlag.AlignRight)
                spare = cell.width - chip_width(theme, chip[0]) if at_end else 0
                draw_chip(painter, theme, QPoint(cell.left + spare, middle), *chip)
                voice = ""
                continue
            text = column.text(row)
            if not text:
                continue
            if column.voice != voice:
                voice = column.voice
                painter.setFont(theme.font(voice))
            ink = column.ink_of(row, text)
            painter.setPen(theme.colour("text2" if selected and ink == "text3" else ink))
            if len(text) > cell.short or not text.isascii():
                text = elided(theme, text, voice, cell.width)
            painter.drawText(cell.left, top, cell.width, height - 1, cell.align, text)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A column in view; texts of up to ``short`` plain letters fit without being measured."""

    column: Column[Any]
    left: int
    width: int
    align: int
    short: int


def _visual(widget: Any, align: str) -> Qt.AlignmentFlag:
    wanted = Qt.AlignmentFlag.AlignRight if align == "right" else Qt.AlignmentFlag.AlignLeft
    return QStyle.visualAlignment(widget.layoutDirection(), wanted | Qt.AlignmentFlag.AlignVCenter)
