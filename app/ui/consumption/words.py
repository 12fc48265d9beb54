"""The words of the page of consumption: pure functions of what is shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Final

from app.domain.calendar import BillingCalendar, Month
from app.domain.consumption import By, Measure, MonthlyConsumption, PriceStart
from app.domain.consumption import Series as Counted
from app.ui import format as write
from app.ui.charts.data import OTHER, TOP, MonthSeries
from app.ui.language import tr, trn
from app.ui.page import Sentences

if TYPE_CHECKING:
    from app.ui.consumption.state import Choice, Figures


def groupings() -> dict[str, str]:
    """By what months may be split."""
    return {
        By.FEATURE.value: tr("By feature"),
        By.FAMILY.value: tr("By family"),
        By.PLAN.value: tr("By plan"),
    }


def group(by: str) -> str:
    """What one of them is called."""
    return {
        By.FEATURE.value: tr("Feature"),
        By.FAMILY.value: tr("Family"),
        By.PLAN.value: tr("Plan"),
    }[by]


def measures() -> dict[str, str]:
    """What may be counted."""
    return {
        Measure.CREDITS.value: tr("Credits used"),
        Measure.USES.value: tr("Uses"),
        Measure.USERS.value: tr("Users"),
        Measure.REFUSED.value: tr("Refused uses"),
        Measure.REFUNDED.value: tr("Credits refunded"),
    }


def measures_in_short() -> dict[str, str]:
    """The same for a narrow field."""
    return measures() | {
        Measure.CREDITS.value: tr("Credits"),
        Measure.REFUNDED.value: tr("Refunded"),
    }


def _credits_used(count: int) -> str:
    return trn("{count} credit used", "{count} credits used", count)


def _uses(count: int) -> str:
    return trn("{count} use", "{count} uses", count)


def _users(count: int) -> str:
    return trn("{count} user", "{count} users", count)


def _refused_uses(count: int) -> str:
    return trn("{count} refused use", "{count} refused uses", count)


def _credits_refunded(count: int) -> str:
    return trn("{count} credit refunded", "{count} credits refunded", count)


_COUNTED: Final[Mapping[str, Callable[[int], str]]] = {
    Measure.CREDITS.value: _credits_used,
    Measure.USES.value: _uses,
    Measure.USERS.value: _users,
    Measure.REFUSED.value: _refused_uses,
    Measure.REFUNDED.value: _credits_refunded,
}


def counted(measure: str) -> Callable[[int], str]:
    """How a number of what is counted is said: 1,284 credits used."""
    return _COUNTED[measure]


def spans() -> dict[str, str]:
    """How many months may be shown."""
    return {
        "6": tr("Last 6 months"),
        "12": tr("Last 12 months"),
        "36": tr("Last 36 months"),
        "range": tr("From … to …"),
    }


def shapes() -> dict[str, str]:
    """How months may be drawn."""
    return {"stacked": tr("Stacked"), "lines": tr("Lines")}


def title(choice: Choice) -> str:
    """Credits used by feature."""
    return _title(choice.measure, choice.by, share=choice.share)


def _title(measure: str, by: str, *, share: bool) -> str:
    whole = {
        By.FEATURE.value: (
            tr("{measure} by feature"),
            tr("{measure} by feature, share of each month"),
        ),
        By.FAMILY.value: (
            tr("{measure} by family"),
            tr("{measure} by family, share of each month"),
        ),
        By.PLAN.value: (tr("{measure} by plan"), tr("{measure} by plan, share of each month")),
    }[by][share]
    return whole.format(measure=measures()[measure])


def series_name(series: Counted) -> str:
    """The name of a series; that of the small ones together is ours."""
    return tr("Other") if series.key == OTHER else series.name


def span(months: Sequence[Month]) -> str:
    """Dec 2025 to Nov 2026."""
    first, last = months[0], months[-1]
    begin, end = write.month(first.year, first.month), write.month(last.year, last.month)
    return begin if first == last else tr("{first} to {last}", first=begin, last=end)


def headline(figures: Figures, zone: tzinfo) -> str:
    """The line under the title: the months, the sum where there is one, and when it was read."""
    monthly = figures.monthly
    said = [span(monthly.months)]
    if monthly.measure == Measure.USERS:
        said.append(tr("totals count each user once"))
    else:
        said.append(counted(monthly.measure)(sum(monthly.totals)))
    said.append(tr("as of {instant}", instant=write.exact(monthly.as_of, zone)))
    return " · ".join(said)


def running(data: MonthSeries) -> str:
    """What is said of the month that still runs; empty where it is not shown."""
    if not data.unfinished:
        return ""
    month = data.months[-1]
    name = write.full_month(month.year, month.month)
    if data.projection is None:
        return tr("{month} is unfinished", month=name)
    number = write.credits(data.projection)
    return tr("{month} is unfinished: about {number} at this pace", month=name, number=number)


def projection(data: MonthSeries, as_of: datetime, calendar: BillingCalendar) -> str:
    """How the projection is made, with the figures it is made of."""
    if not data.unfinished:
        return ""
    month = data.months[-1]
    so_far = data.total(len(data.months) - 1)
    if data.pace is None or so_far is None:
        return tr(
            "Nothing is said of its end: before a day has passed there is no pace yet, and users"
            " come again, so that their number does not grow evenly."
        )
    start, end = calendar.start(month), calendar.end(month)
    return tr(
        "What was counted so far, times the length of the month over what has passed of it:"
        " {so_far} × {length} ÷ {passed} days = {number}. The outline over the last column.",
        so_far=write.credits(so_far),
        length=days((end - start).total_seconds()),
        passed=days((as_of - start).total_seconds()),
        number=write.credits(data.projection),
    )


def days(seconds: float) -> str:
    """21.58."""
    amount = round(seconds / 86_400, 2)
    return write.decimal(
        amount, next(places for places in range(3) if amount == round(amount, places))
    )


def change(start: PriceStart, zone: tzinfo) -> str:
    """Price list 2 from 15 Mar 2026."""
    day = write.day(start.at, zone)
    return tr("Price list {version} from {day}", version=start.version, day=day)


def changes(data: MonthSeries) -> str:
    """The price lists that began in these months, marked on the chart."""
    return "  ·  ".join(f"▼ {mark.said}" for mark in data.marks)


def piece(data: MonthSeries, month: Month, key: str, until: Month | None = None) -> str:
    """Ghostface Generator, March 2026; or of more months: Mar 2026 to May 2026."""
    names = {series.key: series.name for series in data.series}
    when = span((month, until)) if until else write.full_month(month.year, month.month)
    if key not in names:
        return when
    return tr("{name}, {month}", name=write.text(names[key]), month=when)


def told(
    figures: Figures, choice: Choice, data: MonthSeries, zone: tzinfo, compared: str = ""
) -> tuple[str, ...]:
    """What an exported file says of itself: title, filter, zone, time of the query, and the rest.

    The first line is the title, with what is ``compared`` where growth is; the last ones, if any,
    are of the month that runs and of prices.
    """
    monthly = figures.monthly
    shared = choice.share and not compared
    what = _title(monthly.measure, monthly.by, share=shared)
    title_line = tr("PixPretty Credits · {title}", title=" · ".join(filter(None, (what, compared))))
    zone_line = tr(
        "Months of {zone} · read {instant}",
        zone=write.zone_name(zone),
        instant=write.exact(monthly.as_of, zone),
    )
    return (
        title_line,
        " · ".join([span(monthly.months), *_filters(monthly, choice.hidden, data)]),
        zone_line,
        *filter(None, (running(data), changes(data))),
    )


def _filters(monthly: MonthlyConsumption, hidden: Collection[str], data: MonthSeries) -> list[str]:
    """The top 7 and Other; without some."""
    said = []
    if monthly.gathered:
        said.append(tr("the {count} largest, the others together", count=TOP))
    off = [series_name(one) for one in monthly.series if one.key in hidden]
    if off and data.series:
        said.append(tr("without {names}", names=", ".join(write.text(name) for name in off)))
    return said


def sentences(span: str, show_more: Callable[[], object]) -> Sentences:
    """What is said in place of the chart; of months with nothing in them more can be shown."""
    return Sentences(
        empty=tr("Nothing was used in these months."),
        action="" if span == "36" else tr("Show the last 36 months"),
        act=show_more,
        failed=tr("What was used could not be counted."),
    )


def file_name(figures: Figures, ending: str, *, grown: bool = False) -> str:
    """consumption-credits-by-feature-2025-12-to-2026-11.png; consumption-growth-… of growth."""
    monthly = figures.monthly
    what = "consumption-growth" if grown else "consumption"
    first, last = monthly.months[0], monthly.months[-1]
    return f"{what}-{monthly.measure}-by-{monthly.by}-{first}-to-{last}.{ending}"
