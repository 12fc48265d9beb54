"""Stacked columns of weeks, painted by hand: few of them, without axes to drag.

The same figures stand in a table beneath; here is what a glance wants: how much, and which way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip

from app.ui import format as write
from app.ui.charts.data import round_step
from app.ui.graphic import Graphic
from app.ui.language import tr
from app.ui.theme import Theme, current
from app.ui.widgets.paint import END, draw_text
from app.ui.widgets.text import plain_tip

_COLUMN: Final = 0.62
_LEFT, _BELOW, _ABOVE = 44, 22, 26
_WIDEST: Final = 64
_CENTRE: Final = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True)
class Part:
    """One thing counted each week; ``ink`` is a token. ``line`` draws it as a mark, not a piece."""

    name: str
    ink: str
    values: tuple[int, ...]
    line: bool = False


@dataclass(frozen=True)
class Weeks:
    """Weeks by their Mondays, and what is counted in each, from the bottom of the stack."""

    mondays: tuple[date, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def tallest(self) -> int:
        """The most that has to have room above a week."""
        stacks = [
            sum(part.values[at] for part in self.parts if not part.line)
            for at in range(len(self.mondays))
        ]
        marks = [value for part in self.parts if part.line for value in part.values]
        return max([*stacks, *marks, 1])


def described(weeks: Weeks, at: int) -> str:
    """A week in full, as plain text."""
    lines = [tr("Week of {day}", day=write.day(weeks.mondays[at]))]
    lines += [
        tr("{name}: {value}", name=part.name, value=write.credits(part.values[at]))
        for part in weeks.parts
    ]
    return "\n".join(lines)


def labelled(count: int, room: int, width: int) -> list[int]:
    """Which weeks have their day written beneath, as many as fit."""
    every = max(1, -(-count * width // max(1, room)))
    return list(range(0, count, every))


class WeekBars(Graphic):
    """Draws weeks; hovering one, or walking to it with the arrow keys, tells it in full."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.weeks = Weeks()
        self.chosen = -1
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # time runs one way
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        current().changed.connect(self.update)

    def show_weeks(self, weeks: Weeks) -> None:
        """Draw these instead."""
        self.weeks, self.chosen = weeks, -1
        # Before anybody walks to a week, the last one is told.
        self.setAccessibleDescription(described(weeks, -1) if weeks.mondays else "")
        self.update()

    def choose(self, at: int) -> None:
        """Point at a week: the others are dimmed."""
        if at != self.chosen:
            self.chosen = at
            known = 0 <= at < len(self.weeks.mondays)
            self.setAccessibleDescription(described(self.weeks, at) if known else "")
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, current().px(180))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, current().px(140))

    def week_at(self, x: float) -> int:
        """The week at a place across; -1 where there is none."""
        inner, count = self._inner(), len(self.weeks.mondays)
        if not count or not inner.left() <= x <= inner.right():
            return -1
        return min(count - 1, int((x - inner.left()) * count / max(1, inner.width())))

    # Qt's calls

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.choose(self.week_at(event.position().x()))
        tip = plain_tip(described(self.weeks, self.chosen)) if self.chosen >= 0 else ""
        QToolTip.showText(event.globalPosition().toPoint(), tip, self)

    def leaveEvent(self, event: QEvent) -> None:
        self.choose(-1)

    def keyPressEvent(self, event: object) -> None:
        key = Qt.Key(event.key())  # type: ignore[attr-defined]
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        count = len(self.weeks.mondays)
        if key in steps and count:
            start = count if self.chosen < 0 and steps[key] < 0 else self.chosen
            self.choose(max(0, min(count - 1, start + steps[key])))
        else:
            super().keyPressEvent(event)  # type: ignore[arg-type]

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = current(), QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.fillRect(self.rect(), theme.colour("surface"))
        self._paint_legend(painter, theme)
        if not self.weeks.mondays:
            return
        step, top = self._axis()
        self._paint_axis(painter, theme, step, top)
        for at in range(len(self.weeks.mondays)):
            self._paint_week(painter, theme, at, top)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    # Inside

    def _axis(self) -> tuple[int, int]:
        """From one number of the axis to the next, and the highest."""
        step = round_step(self.weeks.tallest)
        return step, step * -(-self.weeks.tallest // step)

    def _inner(self) -> QRect:
        theme = current()
        _step, top = self._axis()
        widest = theme.metrics("caption").horizontalAdvance(write.credits(top))
        left = max(theme.px(_LEFT), widest + 14)  # a number on the axis is never cut
        return self.rect().adjusted(left, theme.px(_ABOVE), -8, -theme.px(_BELOW))

    def _paint_axis(self, painter: QPainter, theme: Theme, step: int, top: int) -> None:
        inner = self._inner()
        for value in range(0, top + 1, step):
            y = inner.bottom() - round(inner.height() * value / top)
            painter.fillRect(QRect(inner.left(), y, inner.width(), 1), theme.colour("border"))
            place = QRect(0, y - 10, inner.left() - 6, 20)
            draw_text(
                painter, theme, place, write.credits(value), "caption", ink="text2", align=END
            )
        width = theme.px(60)
        count = len(self.weeks.mondays)
        for at in labelled(count, inner.width(), width):
            day = self.weeks.mondays[at]
            words = write.day_of_month(day)
            middle = inner.left() + round((at + 0.5) * inner.width() / count)
            place = QRect(middle - width // 2, inner.bottom() + 4, width, theme.px(16))
            draw_text(painter, theme, place, words, "caption", ink="text2", align=_CENTRE)

    def _paint_week(self, painter: QPainter, theme: Theme, at: int, top: int) -> None:
        inner, count = self._inner(), len(self.weeks.mondays)
        room = inner.width() / count
        width = min(_WIDEST, room * _COLUMN)
        left = inner.left() + (at + 0.5) * room - width / 2
        painter.setOpacity(0.25 if self.chosen >= 0 and self.chosen != at else 1)
        bottom = float(inner.bottom())
        for part in self.weeks.parts:
            height = inner.height() * part.values[at] / top
            if part.line and part.values[at]:
                y = inner.bottom() - height
                painter.fillRect(QRectF(left - 3, y - 1, width + 6, 2), theme.colour(part.ink))
            elif not part.line and height > 0:
                piece = QRectF(left, bottom - height, width, max(1.0, height - 1))
                painter.fillRect(piece, theme.colour(part.ink))
                bottom -= height
        painter.setOpacity(1)

    def _paint_legend(self, painter: QPainter, theme: Theme) -> None:
        left, side = self._inner().left(), theme.px(10)
        metrics = QFontMetrics(theme.font("caption"))
        for part in self.weeks.parts:
            tall = 2 if part.line else side
            mark = QRect(left, theme.px(10) - tall // 2, side, tall)
            painter.fillRect(mark, theme.colour(part.ink))
            width = metrics.horizontalAdvance(part.name)
            place = QRect(left + side + 6, 0, width + 2, theme.px(20))
            draw_text(painter, theme, place, part.name, "caption", ink="text2")
            left = place.right() + 16
