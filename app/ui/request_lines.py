"""The requests of somebody, or of a ticket, in a few lines, wherever they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from app.domain.requests import Request
from app.ui import format as write
from app.ui import request_words as words
from app.ui.language import tr
from app.ui.theme import current
from app.ui.widgets.button import pressed_by_enter
from app.ui.widgets.paint import END, chip_corner, chip_width, draw_chip, draw_text, turned
from app.ui.widgets.text import Label, plain_tip

_GAP = 12


class Row(QPushButton):
    """A line that opens something: when, what, and at its end a number or a chip.

    Nothing happens on a click where ``opens`` is false: it is a fact and no link.
    """

    def __init__(
        self,
        when: str,
        text: str,
        *,
        number: str = "",
        chip: tuple[str, str] | None = None,
        opens: bool = True,
        when_room: int = 92,
    ) -> None:
        super().__init__()
        self._when, self._text, self._number, self._chip = when, text, number, chip
        self._when_room = when_room
        self._opens = opens
        self.setObjectName("line")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        parts = (when, text, number, chip[0] if chip else "")
        self.setAccessibleName(", ".join(part for part in parts if part))
        self.setToolTip(plain_tip(text))
        if opens:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def text_shown(self) -> str:
        """What the line says, whole."""
        return self._text

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(200, current().px(26))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, current().px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        self._paint_words(painter, self.rect().adjusted(4, 0, -4, 0))

    def _paint_words(self, painter: QPainter, inner: QRect) -> None:
        theme = current()
        painter.setLayoutDirection(self.layoutDirection())
        room = theme.px(self._when_room)
        end = self._end_width()
        parts = [QRect(inner.left(), inner.top(), room, inner.height()),
                 inner.adjusted(room + _GAP, 0, -end, 0),
                 QRect(inner.right() - end + 1, inner.top(), end, inner.height())]  # fmt: skip
        when, text, last = (turned(painter, part, inner) for part in parts)
        draw_text(painter, theme, when, self._when, "caption", ink="text2")
        ink = "accent_text" if self._opens else "text"
        draw_text(painter, theme, text, self._text, "body", ink=ink)
        if self._chip is not None:
            draw_chip(painter, theme, chip_corner(painter, theme, last, self._chip[0]), *self._chip)
        elif self._number:
            came = self._number.startswith("+")
            shade = "success" if came else "text"
            draw_text(painter, theme, last, self._number, "amount", ink=shade, align=END)

    def _end_width(self) -> int:
        theme = current()
        if self._chip is not None:
            return chip_width(theme, self._chip[0]) + _GAP
        if not self._number:
            return 0
        return QFontMetrics(theme.font("amount")).horizontalAdvance(self._number) + _GAP


class RequestLines(QWidget):
    """Requests, newest first, a line each. `opened(request id)` by a click or Enter."""

    opened = Signal(int)

    def __init__(self, nothing: str = tr("No request is on record.")) -> None:
        super().__init__()
        self._nothing = Label(nothing, ink="text2", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._nothing)
        self.rows: list[Row] = []

    def show_requests(self, requests: Sequence[Request], zone: tzinfo, now: datetime) -> None:
        """Show these instead."""
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [self._row(request, zone, now) for request in requests]
        for row in self.rows:
            self._column.addWidget(row)
        self._nothing.setVisible(not requests)

    def _row(self, request: Request, zone: tzinfo, now: datetime) -> Row:
        about = words.category_name(request.category)
        message = words.first_words(request)
        said = tr("{category}: {message}", category=about, message=message)
        row = Row(
            write.short_day(request.opened_at, zone, now),
            said if request.category else message,
            chip=words.age(request, now),
        )
        row.clicked.connect(lambda _checked=False, number=request.id: self.opened.emit(number))
        return row
