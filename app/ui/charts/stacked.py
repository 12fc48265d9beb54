"""Months stacked or as lines, with their legend, and what is exported of them.

chart = StackedMonths("Consumption")
chart.show_data(data)                  # a MonthSeries; `top(data)` for the seven largest
chart.piece_clicked.connect(...)       # (Month, series key); the key is "" for a whole month
"""

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.calendar import Month
from app.ui.charts.data import OTHER, MonthSeries, Style, csv_text
from app.ui.charts.legend import Legend, LegendRoom
from app.ui.charts.plot import Plot
from app.ui.theme import current

SVG_RESOLUTION: Final = 96
_CHILDREN: Final = QWidget.RenderFlag.DrawChildren
_ORIGIN: Final = QPoint(0, 0)
_Drawn = tuple[MonthSeries, Style, dict[str, QColor], frozenset[str]]


class StackedMonths(QWidget):
    """A column a month, a piece a series, in colours that belong to the series for ever."""

    piece_clicked = Signal(object, str)
    shown_changed = Signal()

    def __init__(self, name: str, *, legend: bool = True) -> None:
        super().__init__()
        self._data = MonthSeries((), ())
        self._colours: Callable[[], Mapping[str, QColor]] | None = None
        self._style = Style()
        self._drawn: _Drawn | None = None
        self.plot = Plot()
        self.plot.setAccessibleName(name)
        self.legend = Legend()
        self.legend_room = LegendRoom(self.legend)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.plot, 1)
        column.addWidget(self.legend_room)
        # Only now: shown without a parent it would be a window of its own for a moment.
        self.legend_room.setVisible(legend)
        self.plot.clicked.connect(self._clicked)
        self.legend.changed.connect(self._switched)
        self.legend.pointed.connect(self._pointed)
        current().changed.connect(self._draw)
        self.setMinimumSize(QSize(200, 160))
        self._draw()

    def lay_out_unseen(self, size: QSize, least_plot: int) -> None:
        """Take a size without ever being in view; higher where the whole legend asks for it."""
        legend = self.legend.heightForWidth(size.width())
        self.legend_room.setFixedHeight(legend)
        self.resize(size.expandedTo(QSize(0, legend + least_plot)))
        self.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self.show()

    def show_data(
        self,
        data: MonthSeries,
        style: Style | None = None,
        *,
        colours: Callable[[], Mapping[str, QColor]] | None = None,
    ) -> None:
        """Show months in a style (stacked numbers where none is given).

        Without `colours` the series are features and take theirs; give the colours of all features
        (`theme.feature_colours`) where only some are shown and new ones may be among them: they are
        asked for again when the theme changes.
        """
        self._data, self._style, self._colours = data, style or Style(), colours
        if self._to_draw() != self._drawn:
            self._draw()

    def switch(self, shown: frozenset[str]) -> None:
        """Show these series, and no others."""
        self.legend.switch(shown)
        self._switched()

    def show_opened(self, month: Month | None, key: str = "") -> None:
        """Outline the piece whose users are listed, or (without a key) its whole month."""
        shown = self.shown
        keys = [series.key for series in shown.series]
        at = shown.months.index(month) if month in shown.months else -1
        self.plot.show_opened(at, keys.index(key) if key in keys else -1)

    @property
    def shown(self) -> MonthSeries:
        """What is drawn: the data without the series switched off in the legend."""
        off = self.legend.hidden_keys
        return self._data.only({s.key for s in self._data.series if s.key not in off})

    def image(self, scale: float = 2) -> QImage:
        """The chart as a picture, `scale` pixels to a pixel of the screen."""
        image = QImage(self.size() * scale, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        image.fill(current().colour("surface"))
        ringed = self.plot.ring.isVisible()
        self.plot.ring.hide()
        self.render(image, renderFlags=_CHILDREN)
        self.plot.ring.setVisible(ringed)
        return image

    def png(self, scale: float = 2) -> bytes:
        """The chart as the bytes of a PNG file."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"png")).write(self.image(scale))
        return bytes(buffer.data().data())

    def svg(self) -> bytes:
        """The chart as the bytes of an SVG file, with real text and shapes."""
        buffer = QBuffer()
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setResolution(SVG_RESOLUTION)
        generator.setSize(self.size())
        generator.setViewBox(QRect(0, 0, self.width(), self.height()))
        generator.setTitle(self.plot.accessibleName())
        painter = QPainter(generator)
        painter.fillRect(self.rect(), current().colour("surface"))
        self.draw(painter)
        painter.end()
        return bytes(buffer.data().data())

    def draw(self, painter: QPainter, at: QPoint = _ORIGIN) -> None:
        """Draw the chart with another painter, as shapes and text, from the place `at` on."""
        # The plot by itself: drawn as a child it would come as a picture, not as shapes.
        place = QRectF(self.plot.geometry().translated(at))
        self.plot.draw(painter, place)
        if not self.legend_room.isHidden():
            # Box by box: what is there to be clicked besides does not belong in a file.
            for box in self.legend.boxes:
                there = box.mapTo(self, _ORIGIN) + at
                box.render(painter, there, renderFlags=_CHILDREN)

    def csv(self) -> str:
        """What is drawn, as CSV."""
        return csv_text(self.shown)

    def _colour_map(self) -> dict[str, QColor]:
        keys = [series.key for series in self._data.series if series.key != OTHER]
        known = self._colours() if self._colours else current().feature_colours(keys)
        return {**current().feature_colours(keys), **known, OTHER: current().colour("text3")}

    def _to_draw(self) -> _Drawn:
        return (self._data, self._style, self._colour_map(), self.legend.hidden_keys)

    def _draw(self) -> None:
        colours = self._colour_map()
        self.legend.show_series(self._data.series, colours, self._style)
        shown = self.shown
        self.plot.show_data(shown, [colours[one.key] for one in shown.series], self._style)
        self._drawn = self._to_draw()

    def _switched(self) -> None:
        self._draw()
        self.shown_changed.emit()

    def _pointed(self, key: str) -> None:
        keys = [series.key for series in self.shown.series]
        self.plot.choose(-1, keys.index(key) if key in keys else -1)

    def _clicked(self, month: int, series: int) -> None:
        shown = self.shown
        key = shown.series[series].key if series >= 0 else ""
        self.piece_clicked.emit(shown.months[month], key)
