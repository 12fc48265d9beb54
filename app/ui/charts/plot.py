"""The drawing area of months. Imports pyqtgraph, so it is imported late."""

from collections.abc import Sequence
from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip

from app.ui import format as write
from app.ui.charts import drawn, over
from app.ui.charts.data import (
    MonthSeries,
    Style,
    ceiling,
    described,
    month_labels,
    round_step,
    spoken,
    stacked,
)
from app.ui.charts.drawn import ABOVE, COLUMN
from app.ui.language import tr
from app.ui.theme import current
from app.ui.widgets.focus_ring import show_focus
from app.ui.widgets.text import plain_tip

DIMMED: Final = 0.25
_NEAR: Final = 14
"""So near (in pixels) to a point of a line, or to a mark on the axis, it is meant."""
_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
_ENDS: Final = {Qt.Key.Key_Home: -1_000, Qt.Key.Key_End: 1_000}


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
    """Columns or lines of months. `pointed(month, series)` by mouse or keyboard (-1 for none).

    `clicked` when a piece is. Put together from a view box and two axes: a whole `PlotItem` brings
    menus and forms along that nobody here opens and nobody deletes.
    """

    pointed = Signal(int, int)
    clicked = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.ring = show_focus(self)
        self._box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0)
        self._left, self._bottom = _Axis("left"), _Axis("bottom")
        layout = pg.GraphicsLayout()
        layout.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        layout.setContentsMargins(0, 8, 4, 0)
        layout.setSpacing(0)
        for item, row, column in ((self._left, 0, 0), (self._box, 0, 1), (self._bottom, 1, 1)):
            layout.addItem(item, row, column)
        for axis in (self._left, self._bottom):
            axis.linkToView(self._box)
        self.setCentralItem(layout)
        self._data = MonthSeries((), ())
        self._style = Style()
        self._pieces: list[list[tuple[float, float]]] = []
        self._colours: list[QColor] = []
        self._axis_width = 0
        self._chosen = (-1, -1)
        self._opened = (-1, -1)
        self._series: drawn.Drawn | None = None
        self._items: list[Any] = []
        self.setFrameShape(pg.GraphicsView.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # time runs one way
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)

    def show_data(self, data: MonthSeries, colours: Sequence[QColor], style: Style) -> None:
        """Draw this instead: all is drawn anew, there are but a few hundred rectangles."""
        self._data, self._colours, self._style = data, list(colours), style
        self._pieces = stacked(data, share=style.share)
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
        self._bottom.setHeight(theme.px(40))

    def choose(self, month: int, series: int) -> None:
        """Point at a piece (or a whole month, or with -1 a series): the rest is dimmed."""
        if (month, series) != self._chosen:
            self._chosen = (month, series)
            self._colour_series()
            self.pointed.emit(month, series)

    def show_opened(self, month: int, series: int) -> None:
        """Outline the piece whose users are listed; -1 for none."""
        if (month, series) != self._opened:
            self._opened = (month, series)
            self.viewport().update()

    def draw(self, painter: QPainter, place: QRectF) -> None:
        """Draw it with another painter: whole, whatever is pointed at or opened on the screen."""
        seen = self._chosen, self._opened
        self._chosen = self._opened = (-1, -1)
        self._colour_series()
        self.render(painter, place, self.viewport().rect())
        self._chosen, self._opened = seen
        self._colour_series()

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
        if self._style.lines:
            return (month, self._nearest(month, place))
        if abs(point.x() - month) > COLUMN / 2:
            return (month, -1)
        for at, pieces in enumerate(self._pieces):
            bottom, height = pieces[month]
            if height > 0 and bottom <= point.y() < bottom + height:
                return (month, at)
        return (month, -1)

    def _nearest(self, month: int, place: QPointF) -> int:
        """The line whose point in the month is nearest, if any is near."""
        away = [
            (QPointF(self.place_of(month, at) - place).manhattanLength(), at)
            for at in range(len(self._pieces))
        ]
        distance, at = min(away, default=(_NEAR, -1))
        return at if distance < _NEAR else -1

    def place_of(self, month: int, series: int) -> QPointF:
        """The middle of a piece (or its point), in the widget: where its tooltip goes."""
        bottom, height = self._pieces[series][month]
        y = height if self._style.lines else bottom + height / 2
        return QPointF(self.mapFromScene(self._box.mapViewToScene(QPointF(month, y))))

    # Qt's calls

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.choose(*self.piece_at(event.position()))
        self._tell(event.globalPosition(), self._mark_near(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        month, series = self.piece_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and month >= 0:
            self.clicked.emit(month, series)

    def viewportEvent(self, event: QEvent) -> bool:
        # The month is told as the pointer moves. When it rests Qt asks the scene, which knows no
        # words, and would take them away again.
        return event.type() is QEvent.Type.ToolTip or super().viewportEvent(event)

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
        there = bool(self._data.months and self._data.series)
        if key in _ARROWS and there:
            self._walk(*_ARROWS[key])
        elif key in _ENDS and there:
            self._walk(_ENDS[key], 0)
        elif key == Qt.Key.Key_P and there:
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._walk_to_mark(-1 if back else 1)
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
        if hasattr(self, "_series"):
            self._label_months()

    def drawForeground(self, painter: QPainter, rect: QRectF | object) -> None:
        if not self._data.series and self._data.months:
            words = tr("Everything is switched off in the legend.")
            over.sentence(painter, self._box.sceneBoundingRect(), words)
        if self._style.patterned and not self._style.lines:
            inks = [self._ink(at) for at in range(len(self._colours))]
            over.patterns(painter, self._data, self._style, inks, self._placing())
        self._outline_opened(painter)

    # Inside

    def _placing(self) -> over.Where:
        """Tells of each piece its rectangle in the scene, whose units are pixels."""
        placed = self._box.childTransform() * self._box.sceneTransform()

        def where(month: int, series: int) -> QRectF:
            bottom, height = self._pieces[series][month]
            piece: QRectF = placed.mapRect(QRectF(month - COLUMN / 2, bottom, COLUMN, height))
            return piece

        return where

    def _outline_opened(self, painter: QPainter) -> None:
        month, series = self._opened
        if not 0 <= month < len(self._data.months) or series >= len(self._pieces):
            return
        if self._style.lines and series >= 0:
            height = self._pieces[series][month][1]
            over.ring(painter, self._box.mapViewToScene(QPointF(month, height)))
        elif series >= 0:
            over.outline(painter, self._placing()(month, series))
        elif self._pieces and not self._style.lines:
            where = self._placing()
            over.outline(painter, where(month, 0).united(where(month, len(self._pieces) - 1)))

    def _walk(self, months: int, series: int) -> None:
        """One step by keyboard; the first step lands on the newest month's lowest series."""
        month, at = self._chosen
        if month < 0:
            month, at = len(self._data.months) - 1, 0
            months = min(months, 0) if abs(months) > 1 else 0
            series = 0
        self._go(month + months, max(at, 0) + series)

    def _walk_to_mark(self, step: int) -> None:
        """To the next month in which prices changed, or the one before; around at the end."""
        months = sorted({int(mark.at) for mark in self._data.marks})
        if not months:
            return
        here, at = self._chosen
        if step > 0:
            found = next((month for month in months if month > here), months[0])
        else:
            found = next((month for month in reversed(months) if month < here), months[-1])
        self._go(found, max(at, 0))

    def _go(self, month: int, at: int) -> None:
        month = max(0, min(len(self._data.months) - 1, month))
        at = max(0, min(len(self._data.series) - 1, at))
        self.choose(month, at)
        self._tell(QPointF(self.mapToGlobal(self.place_of(month, at))))
        said = spoken(self._data, month, self._data.series[at].key)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    def _mark_near(self, place: QPointF) -> str:
        """What is said of the price change near a place, if there is one."""
        near = [
            mark.said
            for mark in self._data.marks
            if abs(self._box.mapViewToScene(QPointF(mark.at - 0.5, 0)).x() - place.x()) < _NEAR / 2
        ]
        return "\n".join(near)

    def _tell(self, place: QPointF, mark: str = "") -> None:
        month, series = self._chosen
        if month < 0 and not mark:
            QToolTip.hideText()
            return
        key = self._data.series[series].key if series >= 0 else ""
        text = mark if mark and series < 0 else described(self._data, month, key)
        self.setAccessibleDescription(text)
        QToolTip.showText(place.toPoint(), plain_tip(text), self)

    def _draw(self) -> None:
        for item in self._items:
            self._box.removeItem(item)
        self.redress()
        self._series = drawn.series(self._data, self._style)
        self._items = [
            *self._series.items,
            *drawn.projection(self._data, self._style),
            *drawn.marks(self._data, self._style),
        ]
        for item in self._items:
            self._box.addItem(item)
        self._colour_series()
        self._scale()
        self._label_months()

    def _ink(self, at: int) -> QColor:
        """The colour of a series as it is drawn: thinned while another is pointed at."""
        if self._chosen[1] in {-1, at}:
            return self._colours[at]
        return blend(self._colours[at], current().colour("surface"), DIMMED)

    def _colour_series(self) -> None:
        if self._series is not None:
            self._series.colour([self._ink(at) for at in range(len(self._colours))])

    def _scale(self) -> None:
        height, share = ceiling(self._data, self._style), self._style.share
        self._left.share = share
        step = 0.25 if share else round_step(height)
        count = int(height / step) if self._data.series else 0
        ticks = [step * number for number in range(1, count + 1)]
        labels = self._left.tickStrings(ticks, 1, step)
        # An axis drops the numbers that it has no room for.
        metrics = QFontMetrics(current().font("caption"))
        widest = max((metrics.horizontalAdvance(label) for label in labels), default=0)
        self._axis_width = max(current().px(52), widest + current().px(16))
        self._left.setWidth(self._axis_width)
        self._left.setTicks([list(zip(ticks, labels, strict=True))])
        self._box.setLimits(yMin=0)
        self._box.setRange(
            xRange=(-0.5, max(0.5, len(self._data.months) - 0.5)),
            yRange=(0, height * ABOVE),
            padding=0,
        )

    def _label_months(self) -> None:
        room = self.width() - self._axis_width - 4
        labels = month_labels(self._data.months, room, current().px(34))
        if self._data.unfinished and labels and labels[-1][0] == len(self._data.months) - 1:
            at, words = labels[-1]
            whole = "\n" not in words
            said = (
                tr("{month}\nso far", month=words) if whole else tr("{month}, so far", month=words)
            )
            labels[-1] = (at, said)
        self._bottom.setTicks([labels])
