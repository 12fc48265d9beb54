"""What stands in the plot of months: a column of pieces or a line a series, projection and marks.

Imports pyqtgraph, so it is imported late.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from app.ui.charts.data import MonthSeries, Style, ceiling, stacked
from app.ui.charts.patterns import mark_of
from app.ui.theme import current

COLUMN: Final = 0.64
_POINT: Final = 9
_LINE: Final = 2


class Drawn(Protocol):
    """A series as it stands in the plot."""

    items: Sequence[Any]

    def colour(self, colour: QColor) -> None:
        """Show it in this colour."""


class Column:
    """The pieces of a series, a rectangle a month."""

    def __init__(self, pieces: Sequence[tuple[float, float]]) -> None:
        self._bars = pg.BarGraphItem(
            x=list(range(len(pieces))),
            y0=[bottom for bottom, _height in pieces],
            height=[height for _bottom, height in pieces],
            width=COLUMN,
            brush="k",
            pen=pg.mkPen(current().colour("surface"), width=1),
        )
        self.items: Sequence[Any] = [self._bars]

    def colour(self, colour: QColor) -> None:
        """Show the pieces in this colour, apart by the ground."""
        if self._bars.opts["brush"] != colour:
            self._bars.setOpts(brush=colour, pen=pg.mkPen(current().colour("surface"), width=1))


class Line:
    """A series as a line with a point a month; the way to a month that still runs is dashed."""

    def __init__(self, heights: Sequence[float], number: int, *, unfinished: bool) -> None:
        places = list(range(len(heights)))
        whole = len(heights) - 1 if unfinished else len(heights)
        self._solid = pg.PlotCurveItem(places[:whole], list(heights[:whole]), antialias=True)
        self._dashed = pg.PlotCurveItem(
            places[whole - 1 :] if 0 < whole < len(heights) else [],
            list(heights[whole - 1 :]) if 0 < whole < len(heights) else [],
            antialias=True,
        )
        self._points = pg.ScatterPlotItem(
            x=places, y=list(heights), symbol=mark_of(number), size=_POINT, useCache=False
        )
        self._whole = whole
        self.items: Sequence[Any] = [self._solid, self._dashed, self._points]

    def colour(self, colour: QColor) -> None:
        """Show the line in this colour; the point of a month that still runs is hollow."""
        ground = current().colour("surface")
        self._solid.setPen(pg.mkPen(colour, width=_LINE))
        self._dashed.setPen(pg.mkPen(colour, width=_LINE, style=Qt.PenStyle.DashLine))
        self._points.setPen(pg.mkPen(colour, width=1.5))
        count = len(self._points.data)
        self._points.setBrush(
            [pg.mkBrush(colour if at < self._whole else ground) for at in range(count)]
        )


def series(data: MonthSeries, style: Style) -> list[Drawn]:
    """Every series, from the bottom of the stack."""
    pieces = stacked(data, share=style.share)
    if not style.lines:
        return [Column(one) for one in pieces]
    return [
        Line([height for _bottom, height in one], number, unfinished=data.unfinished)
        for number, one in enumerate(pieces)
    ]


def projection(data: MonthSeries, style: Style) -> list[Any]:
    """The dashed outline of what the running month may come to."""
    if style.share or style.lines or not data.months:
        return []
    last = len(data.months) - 1
    so_far = sum(one.values[last] for one in data.series)
    height = (data.projection or 0) - so_far
    if height <= 0:
        return []
    pen = pg.mkPen(current().colour("text3"), width=1, style=Qt.PenStyle.DashLine)
    return [
        pg.BarGraphItem(x=[last], y0=[so_far], height=[height], width=COLUMN, brush=None, pen=pen)
    ]


def marks(data: MonthSeries, style: Style) -> list[Any]:
    """A thin line with a small triangle on top, where prices changed."""
    if not data.marks:
        return []
    pen = pg.mkPen(current().colour("text3"), width=1, style=Qt.PenStyle.DotLine)
    lines = [pg.InfiniteLine(mark.at - 0.5, pen=pen) for mark in data.marks]
    for line in lines:
        line.setZValue(-1)
    return [
        *lines,
        pg.ScatterPlotItem(
            x=[mark.at - 0.5 for mark in data.marks],
            y=[ceiling(data, style) * 1.02] * len(data.marks),
            symbol="t",
            size=9,
            useCache=False,
            brush=current().colour("text2"),
            pen=pg.mkPen(current().colour("surface"), width=1),
        ),
    ]
