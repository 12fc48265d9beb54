"""How a user is drawn in the list: two lines, a bar on the chosen one, matched letters marked."""

from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.users import UserSummary
from app.ui import format as write
from app.ui.theme import Theme, current
from app.ui.tokens import USERS_ROW_HEIGHT
from app.ui.users import people_state as states
from app.ui.widgets.paint import (
    END,
    chip_corner,
    chip_width,
    draw_chip,
    draw_text,
    elided,
    turned,
)

Index = QModelIndex | QPersistentModelIndex
PADDING: Final = 16
_BAR: Final = 3


class PeopleDelegate(QStyledItemDelegate):
    """Draws a user in two lines: name and credits, address and plan; matched letters marked."""

    def __init__(self, view: Any) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, current().px(USERS_ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = current()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected) or self._view.everything
        hovered = index.row() == self._view.hovered
        painter.save()
        painter.setLayoutDirection(option.direction)
        ground = "selection" if selected else "surface2" if hovered else "surface"
        painter.fillRect(rect, theme.colour(ground))
        line = QRect(rect.left() + PADDING, rect.bottom(), rect.width() - PADDING, 1)
        painter.fillRect(turned(painter, line, rect), theme.colour("border"))
        if selected:
            bar = QRect(rect.left(), rect.top(), _BAR, rect.height())
            painter.fillRect(turned(painter, bar, rect), theme.colour("accent"))
        user = self._view.rows.row(index.row())
        if user is not None:
            self._paint_user(painter, theme, rect.adjusted(PADDING, 0, -PADDING, -1), user)
        painter.restore()

    def _paint_user(self, painter: QPainter, theme: Theme, inner: QRect, user: UserSummary) -> None:
        middle = inner.height() // 2
        above = inner.adjusted(0, theme.px(6), 0, -middle + theme.px(1))
        below = inner.adjusted(0, middle - theme.px(1), 0, -theme.px(6))
        amount = write.credits(user.available)
        room = theme.metrics("amount").horizontalAdvance(amount) + 8
        ink = "text" if user.available else "text2"
        draw_text(painter, theme, above, amount, "amount", ink=ink, align=END)
        name = _Words(states.shown_name(user), "name", "text")
        beside = turned(painter, above.adjusted(0, 0, -room, 0), above)
        self._paint_marked(painter, theme, beside, name)
        chip = states.badge(user)
        if chip is not None:
            draw_chip(painter, theme, chip_corner(painter, theme, below, chip[0]), *chip)
            room = chip_width(theme, chip[0]) + 8
            below = turned(painter, below.adjusted(0, 0, -room, 0), below)
        code = states.matched_code(user, self._view.typed)
        mail = _Words(write.text(user.email), "caption", "text2")
        self._paint_marked(painter, theme, below, _Words(code, "code", "text2") if code else mail)

    def _paint_marked(self, painter: QPainter, theme: Theme, rect: QRect, words: "_Words") -> None:
        """One line; the letters that match what was typed stand on a tint, in full ink."""
        metrics = theme.metrics(words.voice)
        shown = elided(theme, words.text, words.voice, rect.width())
        mirrored = painter.layoutDirection() is Qt.LayoutDirection.RightToLeft
        begin = rect.right() + 1 - metrics.horizontalAdvance(shown) if mirrored else rect.left()
        whole = rect.adjusted(-1, 0, 0, 0) if mirrored else rect.adjusted(0, 0, 1, 0)
        draw_text(painter, theme, whole, shown, words.voice, ink=words.ink)
        for start, end in states.marks(shown, self._view.typed):
            left = begin + metrics.horizontalAdvance(shown[:start])
            width = metrics.horizontalAdvance(shown[start:end]) + 1
            top = rect.center().y() - metrics.height() // 2 + 1
            painter.save()
            painter.setClipRect(QRect(left, top, width, metrics.height()))
            painter.fillRect(whole, theme.colour("warning_tint"))
            draw_text(painter, theme, whole, shown, words.voice, ink="text")
            painter.restore()


@dataclass(frozen=True)
class _Words:
    """A text in a voice and an ink."""

    text: str
    voice: str
    ink: str
