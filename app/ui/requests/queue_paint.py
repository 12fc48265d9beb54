"""How a request is drawn in the queue: two lines, a bar on the chosen one, its age in colour."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.requests import Request
from app.ui import format as write
from app.ui import request_words as words_of
from app.ui.page import Frame
from app.ui.theme import Theme, current
from app.ui.tokens import USERS_ROW_HEIGHT
from app.ui.widgets.paint import chip_corner, chip_width, draw_chip, draw_text, turned

Index = QModelIndex | QPersistentModelIndex
PADDING: Final = 16
_BAR: Final = 3
_GAP: Final = 8


class QueueDelegate(QStyledItemDelegate):
    """Draws who asks and how late it is; then what about, the ticket and the first words."""

    def __init__(self, view: Any, frame: Frame) -> None:
        super().__init__(view)
        self._view = view
        self._frame = frame

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, current().px(USERS_ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = current()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setLayoutDirection(option.direction)
        ground = "selection" if selected else "surface2" if hovered else "surface"
        painter.fillRect(rect, theme.colour(ground))
        line = QRect(rect.left() + PADDING, rect.bottom(), rect.width() - PADDING, 1)
        painter.fillRect(turned(painter, line, rect), theme.colour("border"))
        if selected:
            bar = QRect(rect.left(), rect.top(), _BAR, rect.height())
            painter.fillRect(turned(painter, bar, rect), theme.colour("accent"))
        request = self._view.rows.row(index.row())
        if request is not None:
            self._paint_request(painter, theme, rect.adjusted(PADDING, 0, -PADDING, -1), request)
        painter.restore()

    def _paint_request(
        self, painter: QPainter, theme: Theme, inner: QRect, request: Request
    ) -> None:
        middle = inner.height() // 2
        above = inner.adjusted(0, theme.px(6), 0, -middle + theme.px(1))
        below = inner.adjusted(0, middle - theme.px(1), 0, -theme.px(6))
        words, tone = words_of.age(request, self._frame.now())
        draw_chip(painter, theme, chip_corner(painter, theme, above, words), words, tone)
        room = chip_width(theme, words) + _GAP
        name = turned(painter, above.adjusted(0, 0, -room, 0), above)
        draw_text(painter, theme, name, words_of.who(request), "name")
        self._paint_details(painter, theme, below, request)

    def _paint_details(
        self, painter: QPainter, theme: Theme, rect: QRect, request: Request
    ) -> None:
        """What it is about, who has it in hand, the ticket, and what the user wrote."""
        category = words_of.category_name(request.category) if request.category else ""
        held = words_of.holder(request, self._frame.desk.staff_email)
        parts = (
            (category, "caption", "text"),
            (write.text(request.ticket), "code", "text2"),
            (held, "caption", "accent_text"),
            (words_of.first_words(request), "caption", "text2"),
        )
        left = rect.left()
        for text, voice, ink in parts:
            if not text or left >= rect.right():
                continue
            room = QRect(left, rect.top(), rect.right() - left + 1, rect.height())
            draw_text(painter, theme, turned(painter, room, rect), text, voice, ink=ink)
            left += QFontMetrics(theme.font(voice)).horizontalAdvance(text) + _GAP
