"""What the page of consumption shows: choices, figures and words, without Qt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from threading import Event
from typing import Any, Final

from app.domain.calendar import BillingCalendar, Month
from app.domain.consumption import By, Measure, MonthlyConsumption, PriceStart
from app.domain.errors import InvalidValue
from app.ui import format as write
from app.ui.charts.data import OTHER, TOP, Mark, MonthRow, MonthSeries, Series, twin_columns
from app.ui.columns import Column
from app.ui.page import Phase

RANGE: Final = "range"
SPANS: Final = {
    "6": "Last 6 months",
    "12": "Last 12 months",
    "36": "Last 36 months",
    RANGE: "From … to …",
}
GROUPINGS: Final = {
    By.FEATURE.value: "By feature",
    By.FAMILY.value: "By family",
    By.PLAN.value: "By plan",
}
MEASURES: Final = {
    Measure.CREDITS.value: "Credits used",
    Measure.USES.value: "Uses",
    Measure.USERS.value: "Users",
    Measure.REFUSED.value: "Refused uses",
    Measure.REFUNDED.value: "Credits refunded",
}
UNITS: Final = {
    Measure.CREDITS.value: "credits used",
    Measure.USES.value: "uses",
    Measure.USERS.value: "users",
    Measure.REFUSED.value: "refused uses",
    Measure.REFUNDED.value: "credits refunded",
}


@dataclass(frozen=True)
class Choice:
    """What a person chose to see; `hidden` are the series switched off in the legend."""

    by: str = By.FEATURE.value
    measure: str = Measure.CREDITS.value
    span: str = "12"
    first: Month | None = None
    last: Month | None = None
    share: bool = False
    every: bool = False
    hidden: frozenset[str] = frozenset()

    def months(self, running: Month) -> tuple[Month, Month]:
        """The first and last month shown, none after the one that runs."""
        if self.span != RANGE:
            return running.plus(1 - int(self.span)), running
        last = min(self.last or running, running)
        return min(self.first or last.plus(-11), last), last

    def kept(self) -> dict[str, Any]:
        """The choice as JSON has it, to be remembered."""
        return {
            "by": self.by,
            "measure": self.measure,
            "span": self.span,
            "first": str(self.first or ""),
            "last": str(self.last or ""),
            "share": self.share,
            "every": self.every,
            "hidden": sorted(self.hidden),
        }


def taken_up(kept: object) -> Choice:
    """The choice that was remembered; whatever of it is unreadable is as it is at first."""
    if not isinstance(kept, dict):
        return Choice()
    hidden = kept.get("hidden")
    return Choice(
        by=_known(kept.get("by"), GROUPINGS, By.FEATURE.value),
        measure=_known(kept.get("measure"), MEASURES, Measure.CREDITS.value),
        span=_known(kept.get("span"), SPANS, "12"),
        first=_month(kept.get("first")),
        last=_month(kept.get("last")),
        share=kept.get("share") is True,
        every=kept.get("every") is True,
        hidden=frozenset(map(str, hidden)) if isinstance(hidden, list) else frozenset(),
    )


def _known(value: object, known: Collection[str], usual: str) -> str:
    return value if isinstance(value, str) and value in known else usual


def _month(value: object) -> Month | None:
    try:
        return Month.parse(str(value))
    except InvalidValue:
        return None


@dataclass(frozen=True)
class Figures:
    """What was read: the months, and the price lists that began in them."""

    monthly: MonthlyConsumption
    changes: tuple[PriceStart, ...] = ()


@dataclass(frozen=True)
class ConsumptionState:
    """What the page shows. `figures` stay in view while newer ones are awaited."""

    choice: Choice = Choice()
    phase: Phase = "loading"
    figures: Figures | None = None
    details: str = ""


def read(desk: Any, choice: Choice, running: Month, stop: Event) -> Figures:
    """Ask the desk for what a choice shows."""
    first, last = choice.months(running)
    monthly = desk.consumption.monthly(
        first,
        last,
        by=choice.by,
        measure=choice.measure,
        top=None if choice.every or choice.by == By.PLAN else TOP,
        stop=stop,
    )
    return Figures(monthly, desk.consumption.price_changes(first, last, stop=stop))


def arrived(state: ConsumptionState, figures: Figures) -> ConsumptionState:
    """The state after figures came; months with nothing in them are empty."""
    phase: Phase = "ready" if figures.monthly.series else "empty"
    return replace(state, phase=phase, figures=figures, details="")


def chart_of(figures: Figures, calendar: BillingCalendar) -> MonthSeries:
    """The figures as the chart takes them."""
    monthly = figures.monthly
    names = brief([one.name for one in monthly.series])
    return MonthSeries(
        months=monthly.months,
        series=tuple(
            Series(one.key, name, one.values)
            for one, name in zip(monthly.series, names, strict=True)
        ),
        unit=UNITS[monthly.measure],
        totals=monthly.totals if monthly.measure == Measure.USERS else None,
        unfinished=monthly.running == len(monthly.months) - 1,
        projection=monthly.projection,
        marks=tuple(_mark(change, monthly.months, calendar) for change in figures.changes),
    )


def brief(names: Sequence[str]) -> list[str]:
    """Names short enough for a legend: of several like *Generator (A)* only what tells them apart.

    No two become the same.
    """
    found = [_VARIANT.fullmatch(name) for name in names]
    stems = Counter(match[1] for match in found if match)
    short = [
        match[2] if match and stems[match[1]] > 1 else name
        for name, match in zip(names, found, strict=True)
    ]
    return short if len(set(short)) == len(set(names)) else list(names)


_VARIANT: Final = re.compile(r"(.+) \((.+)\)")


def _mark(change: PriceStart, months: Sequence[Month], calendar: BillingCalendar) -> Mark:
    month = calendar.month_of(change.at)
    start, end = calendar.start(month), calendar.end(month)
    place = months.index(month) + (change.at - start) / (end - start)
    return Mark(place, change_words(change, calendar.zone_info))


def change_words(change: PriceStart, zone: tzinfo) -> str:
    """Price list 2 from 15 Mar 2026."""
    return f"Price list {change.version} from {write.day(change.at, zone)}"


def coloured_by(figures: Figures) -> dict[str, str]:
    """For each series, the feature whose colour it has: its own, its first, or one for a plan."""
    if figures.monthly.by == By.PLAN:
        return dict(_PLAN_COLOURS)
    first: dict[str, str] = {}
    for feature, group in figures.monthly.group_of.items():
        first.setdefault(group, feature)
    return first


_PLAN_COLOURS: Final[Mapping[str, str]] = {
    "free": "remove_bg_single",
    "plus": "image_extender",
    "pro": "object_remover",
}
"""Three colours of the chart that are told apart by everybody."""


def features_on_record(figures: Figures) -> list[str]:
    """Every feature, in the order in which they came on record: new ones take spare colours."""
    by_plan = figures.monthly.by == By.PLAN
    return list(_PLAN_COLOURS.values()) if by_plan else list(figures.monthly.group_of)


# Words ------------------------------------------------------------------------------------------


def title_of(choice: Choice) -> str:
    """Credits used by feature."""
    words = f"{MEASURES[choice.measure]} {GROUPINGS[choice.by].lower()}"
    return f"{words}, share of each month" if choice.share else words


def span_words(monthly: MonthlyConsumption) -> str:
    """Dec 2025 to Nov 2026."""
    first, last = monthly.months[0], monthly.months[-1]
    begin, end = write.month(first.year, first.month), write.month(last.year, last.month)
    return begin if first == last else f"{begin} to {end}"


def headline(figures: Figures, zone: tzinfo) -> str:
    """The line under the title: the months, the sum where there is one, and when it was read."""
    monthly = figures.monthly
    words = [span_words(monthly)]
    if monthly.measure == Measure.USERS:
        words.append("totals count each user once")
    else:
        words.append(f"{write.credits(sum(monthly.totals))} {UNITS[monthly.measure]}")
    words.append(f"as of {write.exact(monthly.as_of, zone)}")
    return " · ".join(words)


def running_words(data: MonthSeries) -> str:
    """What is said of the month that still runs; empty where it is not shown."""
    if not data.unfinished:
        return ""
    month = data.months[-1]
    said = f"{write.full_month(month.year, month.month)} is unfinished"
    if data.projection is None:
        return said
    return f"{said}: about {write.credits(data.projection)} at this pace"


def changes_words(figures: Figures, zone: tzinfo) -> str:
    """The price lists that began in these months, marked on the chart."""
    return "  ·  ".join(
        f"▼ {change_words(change, zone)}" + (f": {change.note}" if change.note else "")
        for change in figures.changes
    )


def piece_words(data: MonthSeries, month: Month, key: str) -> str:
    """Ghostface Generator, March 2026."""
    names = {series.key: series.name for series in data.series}
    when = write.full_month(month.year, month.month)
    return f"{write.text(names[key])}, {when}" if key in names else when


def keys_of(monthly: MonthlyConsumption, shown: Collection[str], key: str) -> tuple[str, ...]:
    """The features, families or plans behind a piece; empty for all of a month.

    With series switched off, a whole month is made of those that are left.
    """
    wanted = [key] if key else list(shown)
    if not key and len(wanted) == len(monthly.series):
        return ()
    return tuple(
        member for one in wanted for member in (monthly.gathered if one == OTHER else (one,))
    )


def columns_of(data: MonthSeries, *, share: bool) -> list[Column[MonthRow]]:
    """The columns of the table beneath: the chart's figures, as shares where it draws shares."""
    columns = twin_columns(data)
    if not share:
        return columns
    places = range(len(data.series))
    return [*columns[:2], *(_share_column(columns[at + 2], at) for at in places)]


def _share_column(column: Column[MonthRow], at: int) -> Column[MonthRow]:
    def part(row: MonthRow) -> float:
        whole = sum(row.values)
        return row.values[at] / whole if whole else 0.0

    return replace(
        column, text=lambda row: write.percent(part(row)), value=lambda row: round(part(row), 4)
    )


def told_of(figures: Figures, choice: Choice, asked_at: datetime, zone: tzinfo) -> tuple[str, ...]:
    """What an exported file says of itself: title, filter, zone, time of the query."""
    hidden = [s.name for s in figures.monthly.series if s.key in choice.hidden]
    without = f" · without {', '.join(write.text(name) for name in hidden)}" if hidden else ""
    return (
        f"PixPretty Credits · {title_of(choice)}",
        f"{span_words(figures.monthly)}{without}",
        f"Months of {write.zone_name(zone)} · read {write.exact(asked_at, zone)}",
    )


def file_name(choice: Choice, figures: Figures, ending: str) -> str:
    """consumption-credits-by-feature-2025-12-to-2026-11.png."""
    first, last = figures.monthly.months[0], figures.monthly.months[-1]
    return f"consumption-{choice.measure}-by-{choice.by}-{first}-to-{last}.{ending}"
