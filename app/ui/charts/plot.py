"""The drawing area of stacked months. Imports pyqtgraph, so it is imported late."""

from collections.abc import Sequence
from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip

from app.ui import format as write
from app.ui.charts.data import (
    MonthSeries,
    ceiling,
    described,
    month_labels,
    round_step,
    stacked,
)
from app.ui.theme import current
from app.ui.widgets.text import plain_tip

COLUMN: Final = 0.64
DIMMED: Final = 0.25
_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


def blend(colour: QColor, ground: QColor, share: float) -> QColor:
    """A colour thinned to a share of itself on a ground, opaque: so files look like the screen."""
    return QColor(
        *(
            round(one * share + other * (1 - share))
            for one, other in (
                (colour.red(), ground.red()),
                (colour.green(), ground.green()),
                (colour.blue(), ground.blue()),
            )
        )
    )


class _Axis(pg.AxisItem):
    """An axis whose numbers are written as everywhere else."""

    share = False

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if self.share:
            return [write.percent(value) for value in values]
        return [write.credits(round(value)) for value in values]


class Plot(pg.GraphicsView):
    """Columns of months. `pointed(month, series)` by mouse or keyboard (-1 for none), `clicked`.

    Put together from a view box and two axes: a whole `PlotItem` brings menus and forms along that
    nobody here opens and nobody deletes.
    """

    pointed = Signal(int, int)
    clicked = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0)
        self._left, self._bottom = _Axis("left"), _Axis("bottom")
        layout = pg.GraphicsLayout()
        layout.setContentsMargins(0, 8, 4, 0)
        layout.setSpacing(0)
        for item, row, column in ((self._left, 0, 0), (self._box, 0, 1), (self._bottom, 1, 1)):
            layout.addItem(item, row, column)
        for axis in (self._left, self._bottom):
            axis.linkToView(self._box)
        self.setCentralItem(layout)
        self._data = MonthSeries((), ())
        self._colours: list[QColor] = []
        self._share = False
        self._chosen = (-1, -1)
        self._bars: list[Any] = []
        self._rest: list[Any] = []
        self.setFrameShape(pg.GraphicsView.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # time runs one way
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)

    def show_data(self, data: MonthSeries, colours: Sequence[QColor], *, share: bool) -> None:
        """Draw this instead: all is drawn anew, there are but a few hundred rectangles."""
        self._data, self._colours, self._share = data, list(colours), share
        self._chosen = (-1, -1)
        self._draw()

    def redress(self) -> None:
        """Take the theme's colours and fonts; pyqtgraph has its own otherwise."""
        theme = current()
        self.setBackground(theme.colour("surface"))
        for axis in (self._left, self._bottom):
            axis.setStyle(tickFont=theme.font("caption"), tickLength=0, tickTextOffset=6)
            axis.setStyle(hideOverlappingLabels=False)
            axis.setTextPen(theme.colour("text2"))
            axis.setPen(theme.colour("border" if axis is self._bottom else "surface"))
        self._left.setWidth(theme.px(52))
        self._bottom.setHeight(theme.px(40))

    def choose(self, month: int, series: int) -> None:
        """Point at a piece (or a whole month, or with -1 a series): the rest is dimmed."""
        if (month, series) != self._chosen:
            self._chosen = (month, series)
            self._colour_bars()
            self.pointed.emit(month, series)

    @property
    def chosen(self) -> tuple[int, int]:
        """The (month, series) pointed at."""
        return self._chosen

    def piece_at(self, place: QPointF) -> tuple[int, int]:
        """The (month, series) under a place of the widget; -1 where there is none."""
        point = self._box.mapSceneToView(self.mapToScene(place.toPoint()))
        month = round(point.x())
        if not 0 <= month < len(self._data.months) or point.y() < 0:
            return (-1, -1)
        if abs(point.x() - month) > COLUMN / 2:
            return (month, -1)
        for at, pieces in enumerate(stacked(self._data, share=self._share)):
            bottom, height = pieces[month]
            if height > 0 and bottom <= point.y() < bottom + height:
                return (month, at)
        return (month, -1)

    def place_of(self, month: int, series: int) -> QPointF:
        """The middle of a piece, in the widget: where its tooltip goes and tests click."""
        bottom, height = stacked(self._data, share=self._share)[series][month]
        scene = self._box.mapViewToScene(QPointF(month, bottom + height / 2))
        return QPointF(self.mapFromScene(scene))

    # Qt's calls

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.choose(*self.piece_at(event.position()))
        self._tell(event.globalPosition())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        month, series = self.piece_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and month >= 0:
            self.clicked.emit(month, series)

    def leaveEvent(self, event: QEvent) -> None:
        self.choose(-1, -1)
        QToolTip.hideText()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.choose(-1, -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ARROWS and self._data.months and self._data.series:
            self._walk(*_ARROWS[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            if self._chosen[0] >= 0:
                self.clicked.emit(*self._chosen)
        elif key == Qt.Key.Key_Escape and self._chosen != (-1, -1):
            self.choose(-1, -1)
            QToolTip.hideText()
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_bars"):
            self._label_months()

    # Inside

    def _walk(self, months: int, series: int) -> None:
        """One step by keyboard; the first step lands on the newest month's lowest series."""
        month, at = self._chosen
        if month < 0:
            month, at = len(self._data.months) - 1, 0
        else:
            month = max(0, min(len(self._data.months) - 1, month + months))
            at = max(0, min(len(self._data.series) - 1, max(at, 0) + series))
        self.choose(month, at)
        self._tell(QPointF(self.mapToGlobal(self.place_of(month, at))))

    def _tell(self, place: QPointF) -> None:
        month, series = self._chosen
        if month < 0:
            QToolTip.hideText()
            return
        key = self._data.series[series].key if series >= 0 else ""
        text = described(self._data, month, key)
        self.setAccessibleDescription(text)
        QToolTip.showText(place.toPoint(), plain_tip(text), self)

    def _draw(self) -> None:
        for item in (*self._bars, *self._rest):
            self._box.removeItem(item)
        self.redress()
        places = list(range(len(self._data.months)))
        self._bars = []
        for pieces in stacked(self._data, share=self._share):
            bars = pg.BarGraphItem(
                x=places,
                y0=[bottom for bottom, _height in pieces],
                height=[height for _bottom, height in pieces],
                width=COLUMN,
                brush="k",
                pen=pg.mkPen(current().colour("surface"), width=1),
            )
            self._bars.append(bars)
            self._box.addItem(bars)
        self._rest = [*self._projected(), *self._marked()]
        for item in self._rest:
            self._box.addItem(item)
        self._colour_bars()
        self._scale()
        self._label_months()

    def _colour_bars(self) -> None:
        ground = current().colour("surface")
        _month, chosen = self._chosen
        pen = pg.mkPen(ground, width=1)
        for at, bars in enumerate(self._bars):
            full = chosen in {-1, at}
            colour = self._colours[at] if full else blend(self._colours[at], ground, DIMMED)
            if bars.opts["brush"] != colour:
                bars.setOpts(brush=colour, pen=pen)

    def _projected(self) -> list[Any]:
        """The dashed outline of what the running month may come to."""
        data = self._data
        last = len(data.months) - 1
        so_far = sum(series.values[last] for series in data.series) if data.months else 0
        if self._share or not data.unfinished or (data.projection or 0) <= so_far:
            return []
        pen = pg.mkPen(current().colour("text3"), width=1, style=Qt.PenStyle.DashLine)
        height = (data.projection or 0) - so_far
        return [
            pg.BarGraphItem(
                x=[last], y0=[so_far], height=[height], width=COLUMN, brush=None, pen=pen
            )
        ]

    def _marked(self) -> list[Any]:
        """A thin line with a small triangle on top, where prices changed."""
        if not self._data.marks:
            return []
        ink = current().colour("text2")
        pen = pg.mkPen(current().colour("text3"), width=1, style=Qt.PenStyle.DotLine)
        lines = [pg.InfiniteLine(mark.at - 0.5, pen=pen) for mark in self._data.marks]
        for line in lines:
            line.setZValue(-1)
        return [
            *lines,
            pg.ScatterPlotItem(
                x=[mark.at - 0.5 for mark in self._data.marks],
                y=[ceiling(self._data, share=self._share) * 1.02] * len(self._data.marks),
                symbol="t",
                size=9,
                useCache=False,
                brush=ink,
                pen=pg.mkPen(current().colour("surface"), width=1),
            ),
        ]

    def _scale(self) -> None:
        height = ceiling(self._data, share=self._share)
        self._left.share = self._share
        step = 0.25 if self._share else round_step(height)
        ticks = [step * number for number in range(1, int(height / step) + 1)]
        labels = self._left.tickStrings(ticks, 1, step)
        self._left.setTicks([list(zip(ticks, labels, strict=True))])
        box = self._box
        box.setLimits(yMin=0)
        # A little room above, so that the topmost number is not cut.
        box.setRange(
            xRange=(-0.5, max(0.5, len(self._data.months) - 0.5)),
            yRange=(0, height * 1.04),
            padding=0,
        )

    def _label_months(self) -> None:
        room = self.width() - current().px(56)
        labels = month_labels(self._data.months, room, current().px(34))
        if self._data.unfinished and labels and labels[-1][0] == len(self._data.months) - 1:
            at, words = labels[-1]
            labels[-1] = (at, f"{words}\nso far" if "\n" not in words else f"{words}, so far")
        self._bottom.setTicks([labels])
