"""The states of the charts."""

from datetime import date, timedelta
from typing import Final, cast

from PySide6.QtGui import QColor

from app.domain.calendar import Month
from app.ui.charts.data import Mark, MonthSeries, Series, Style
from app.ui.charts.legend import Legend, LegendBox, LegendRoom
from app.ui.charts.plot import Plot
from app.ui.charts.sparkline import Sparkline
from app.ui.charts.stacked import StackedMonths
from app.ui.charts.weeks import Part, WeekBars, Weeks
from app.ui.gallery import texts
from app.ui.gallery.shown import Build, Shown
from app.ui.theme import current

_MONTHS: Final = tuple(Month(2026, month) for month in range(6, 12))
_WAVES: Final = (180, 240, 90, 300, 260, 120)
_KEYS: Final = ("remove_bg_single", "image_extender", "ghostface", "nano_banana_pro_4k")
_NAMES: Final = ("Background Remover", "Image Extender", "Ghostface", "Nano Banana Pro, 4K")
_EXTREME_NAMES: Final = (texts.MARKUP, texts.LONG, texts.JAPANESE, texts.ARABIC)
_SIZE: Final = (620, 320)


def _months(names: tuple[str, ...] = _NAMES, times: int = 1) -> MonthSeries:
    series = tuple(
        Series(key, name, tuple(times * (wave + 40 * at) for wave in _WAVES))
        for at, (key, name) in enumerate(zip(_KEYS, names, strict=True))
    )
    return MonthSeries(_MONTHS, series, unfinished=True, pace=1.4, marks=(Mark(2.5, "Prices 3"),))


_EXTREME: Final = texts.HUGE // 100


def _stacked(data: MonthSeries, style: Style = Style()) -> Build:  # noqa: B008 - it is frozen
    def build(_frame: object) -> StackedMonths:
        chart = StackedMonths("Credits used by month")
        chart.show_data(data, style)
        return chart

    return build


def _plot(_frame: object) -> Plot:
    plot = Plot()
    plot.setAccessibleName("Credits used by month")
    colours = current().feature_colours(list(_KEYS))
    plot.show_data(_months(), [colours[key] for key in _KEYS], Style())
    plot.choose(3, 1)
    return plot


def _legend(data: MonthSeries, style: Style = Style()) -> Build:  # noqa: B008 - it is frozen
    def build(_frame: object) -> Legend:
        legend = Legend()
        colours = current().feature_colours(list(_KEYS))
        legend.show_series(data.series, colours, style)
        return legend

    return build


def _scrolled(data: MonthSeries) -> Build:
    made = _legend(data)
    return lambda frame: LegendRoom(cast("Legend", made(frame)))


def _box(series: Series, *, on: bool) -> Build:
    def build(_frame: object) -> LegendBox:
        box = LegendBox(series, QColor("#62295B"), 0, Style())
        box.setChecked(on)
        return box

    return build


def _line(*values: int) -> Build:
    return lambda _: Sparkline("Credits used", values)


def _weeks(count: int, times: int = 1) -> Build:
    first = date(2026, 6, 1)
    mondays = tuple(first + timedelta(weeks=at) for at in range(count))
    opened = tuple(times * (4 + at * 3 % 7) for at in range(count))
    closed = tuple(times * (2 + at * 5 % 6) for at in range(count))
    parts = (Part("Granted", "success", closed), Part("Open", "warning", opened, line=True))

    def build(_frame: object) -> WeekBars:
        bars = WeekBars("Requests by week")
        bars.show_weeks(Weeks(mondays, parts) if count else Weeks())
        return bars

    return build


SHOWN: Final[tuple[Shown, ...]] = (
    Shown(StackedMonths, "ready", _stacked(_months()), size=_SIZE),
    Shown(StackedMonths, "share", _stacked(_months(), Style(share=True)), size=_SIZE),
    Shown(StackedMonths, "lines", _stacked(_months(), Style(lines=True)), size=_SIZE),
    Shown(StackedMonths, "patterns", _stacked(_months(), Style(patterned=True)), size=_SIZE),
    Shown(StackedMonths, "empty", _stacked(MonthSeries((), ())), size=_SIZE),
    Shown(StackedMonths, "huge numbers", _stacked(_months(times=_EXTREME)), size=_SIZE),
    Shown(StackedMonths, "hostile text", _stacked(_months(_EXTREME_NAMES)), size=_SIZE),
    Shown(Plot, "ready", _plot, size=_SIZE),
    Shown(Legend, "ready", _legend(_months()), size=(620, 80)),
    Shown(Legend, "patterns", _legend(_months(), Style(patterned=True)), size=(620, 80)),
    Shown(Legend, "hostile text", _legend(_months(_EXTREME_NAMES)), size=(620, 140)),
    Shown(LegendRoom, "scrolled", _scrolled(_months()), size=(240, 46)),
    Shown(LegendBox, "on", _box(_months().series[0], on=True)),
    Shown(LegendBox, "off", _box(_months().series[0], on=False)),
    Shown(Sparkline, "ready", _line(*_WAVES), size=(200, 72)),
    Shown(Sparkline, "empty", _line(), size=(200, 72)),
    Shown(Sparkline, "huge numbers", _line(0, texts.HUGE, 1), size=(200, 72)),
    Shown(WeekBars, "ready", _weeks(12), size=_SIZE),
    Shown(WeekBars, "empty", _weeks(0), size=_SIZE),
    Shown(WeekBars, "huge numbers", _weeks(12, texts.HUGE // 100), size=_SIZE),
)
