"""How the table's header and rows are drawn."""

from __future__ import annotations

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
from app.ui.theme import current
from app.ui.widgets.paint import CHIP_HEIGHT, chip_width, draw_chip, draw_row_ground, draw_text

if TYPE_CHECKING:
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


def _visual(widget: Any, align: str) -> Qt.AlignmentFlag:
    wanted = Qt.AlignmentFlag.AlignRight if align == "right" else Qt.AlignmentFlag.AlignLeft
    return QStyle.visualAlignment(widget.layoutDirection(), wanted | Qt.AlignmentFlag.AlignVCenter)
