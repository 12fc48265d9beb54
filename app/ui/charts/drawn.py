"""What stands in the plot of months: a column of pieces or a line a series, projection and marks.

Imports pyqtgraph, so it is imported late.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Protocol

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from app.ui.charts.data import MonthSeries, Style, ceiling, stacked
from app.ui.charts.patterns import mark_of, shape
from app.ui.theme import current

COLUMN: Final = 0.64
ABOVE: Final = 1.04
"""A little room above what is highest, so that the topmost number is not cut."""
_POINT, _EDGE = 9, 1.5
_LINE: Final = 2


class Drawn(Protocol):
    """The series as they stand in the plot."""

    items: Sequence[Any]

    def colour(self, inks: Sequence[QColor]) -> None:
        """Show each of them in its colour."""


class Columns(pg.GraphicsObject):
    """The pieces of all series, a rectangle a month.

    One item of the scene for all: putting one in and out takes longer than painting its pieces.
    """

    def __init__(self, series: Sequence[Sequence[tuple[float, float]]]) -> None:
        super().__init__()
        self._pieces = [
            [
                QRectF(month - COLUMN / 2, bottom, COLUMN, height)
                for month, (bottom, height) in enumerate(pieces)
            ]
            for pieces in series
        ]
        self._inks: Sequence[QColor] = ()
        months = max((len(pieces) for pieces in self._pieces), default=0)
        top = max((piece.bottom() for pieces in self._pieces for piece in pieces), default=0)
        self._room = _around(months, top)
        self.items: Sequence[Any] = [self]

    def colour(self, inks: Sequence[QColor]) -> None:
        """Show the pieces in these colours, apart by the ground."""
        self._inks = list(inks)
        self.update()

    def boundingRect(self) -> QRectF:
        return self._room

    def paint(self, painter: QPainter, *_also: object) -> None:
        painter.setPen(pg.mkPen(current().colour("surface"), width=1))
        for pieces, ink in zip(self._pieces, self._inks, strict=True):
            painter.setBrush(ink)
            painter.drawRects(pieces)


class Lines(pg.GraphicsObject):
    """Every series as a line with a point a month; one item of the scene, as with columns.

    The way to a month that still runs is dashed, and its point is hollow.
    """

    def __init__(self, series: Sequence[Sequence[float]], *, unfinished: bool) -> None:
        super().__init__()
        self._points = [
            [QPointF(month, height) for month, height in enumerate(heights)] for heights in series
        ]
        self._months = max((len(heights) for heights in series), default=0)
        self._top = max((height for heights in series for height in heights), default=0)
        self._whole = self._months - 1 if unfinished else self._months
        self._inks: Sequence[QColor] = ()
        self.items: Sequence[Any] = [self]

    def colour(self, inks: Sequence[QColor]) -> None:
        """Show the lines in these colours."""
        self._inks = list(inks)
        self.update()

    def boundingRect(self) -> QRectF:
        return _around(self._months, self._top)

    def paint(self, painter: QPainter, *_also: object) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, (points, ink) in enumerate(zip(self._points, self._inks, strict=True)):
            painter.setPen(pg.mkPen(ink, width=_LINE))
            painter.drawPolyline(points[: self._whole])
            if 0 < self._whole < self._months:
                painter.setPen(pg.mkPen(ink, width=_LINE, style=Qt.PenStyle.DashLine))
                painter.drawPolyline(points[self._whole - 1 :])
            self._paint_points(painter, points, number, ink)

    def _paint_points(
        self, painter: QPainter, points: Sequence[QPointF], number: int, ink: QColor
    ) -> None:
        point, ground = shape(mark_of(number), _POINT), current().colour("surface")
        with _on_screen(painter) as there:
            painter.setPen(QPen(ink, _EDGE))
            for month, place in enumerate(points):
                painter.setBrush(ink if month < self._whole else ground)
                painter.drawPath(point.translated(there.map(place)))


class Projection(pg.GraphicsObject):
    """The dashed outline of what the running month may come to."""

    def __init__(self, month: int, so_far: float, all_of_it: float) -> None:
        super().__init__()
        self._room = QRectF(month - COLUMN / 2, so_far, COLUMN, all_of_it - so_far)

    def boundingRect(self) -> QRectF:
        return _around(math.ceil(self._room.right()), self._room.bottom())

    def paint(self, painter: QPainter, *_also: object) -> None:
        ink = current().colour("text3")
        painter.setPen(pg.mkPen(ink, width=1, style=Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self._room)


class Marks(pg.GraphicsObject):
    """A thin line with a small triangle on top at each place where prices changed."""

    def __init__(self, places: Sequence[float], months: int, top: float) -> None:
        super().__init__()
        self._places, self._months, self._top = places, months, top
        self.setZValue(-1)

    def boundingRect(self) -> QRectF:
        return _around(self._months, self._top * ABOVE)

    def paint(self, painter: QPainter, *_also: object) -> None:
        theme = current()
        painter.setPen(pg.mkPen(theme.colour("text3"), width=1, style=Qt.PenStyle.DotLine))
        for place in self._places:
            painter.drawLine(QLineF(place, 0, place, self._top * ABOVE))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mark, height = shape("t", _POINT), self._top * (1 + ABOVE) / 2
        with _on_screen(painter) as there:
            painter.setPen(QPen(theme.colour("surface"), 1))
            painter.setBrush(theme.colour("text2"))
            for place in self._places:
                painter.drawPath(mark.translated(there.map(QPointF(place, height))))


def _around(months: int, top: float) -> QRectF:
    """The months up to a height, with room for half of what is drawn on the edge."""
    return QRectF(-0.5, -0.02 * top, months, 1.04 * top)


@contextmanager
def _on_screen(painter: QPainter) -> Iterator[QTransform]:
    """Paint in pixels for a while; gives what tells where a point of the plot is then."""
    there = painter.transform()
    painter.resetTransform()
    yield there
    painter.setTransform(there)


def series(data: MonthSeries, style: Style) -> Drawn:
    """All series, from the bottom of the stack."""
    pieces = stacked(data, share=style.share)
    if not style.lines:
        return Columns(pieces)
    heights = [[height for _bottom, height in one] for one in pieces]
    return Lines(heights, unfinished=data.unfinished)


def projection(data: MonthSeries, style: Style) -> list[Any]:
    """What the running month may come to, if it can be told and has a place among columns."""
    if style.share or style.lines or not data.months:
        return []
    last = len(data.months) - 1
    so_far = sum(one.values[last] for one in data.series)
    whole = data.projection or 0
    return [Projection(last, so_far, whole)] if whole > so_far else []


def marks(data: MonthSeries, style: Style) -> list[Any]:
    """Where prices changed, if they did."""
    places = [mark.at - 0.5 for mark in data.marks]
    return [Marks(places, len(data.months), ceiling(data, style))] if places else []
