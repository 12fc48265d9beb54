"""What the page of consumption shows: choices and figures, without Qt; ``words`` says them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any, Final

from app.domain.calendar import BillingCalendar, Month
from app.domain.consumption import By, Measure, MonthlyConsumption, PriceStart, pace
from app.domain.errors import InvalidValue
from app.ui import format as write
from app.ui.charts.data import OTHER, TOP, Mark, MonthRow, MonthSeries, Series, Style, twin_columns
from app.ui.columns import Column
from app.ui.consumption import words
from app.ui.page import Phase

RANGE: Final = "range"
SPANS: Final = ("6", "12", "36", RANGE)
STACKED: Final = "stacked"
LINES: Final = "lines"
MONTHS: Final = "months"


@dataclass(frozen=True)
class Choice:
    """What a person chose to see.

    ``hidden`` are the series switched off in the legend; ``table`` is ``months`` or since when the
    table shows what changed (``growth``). ``lent`` says that every series is shown only because the
    table compares them, not because somebody chose it.
    """

    by: str = By.FEATURE.value
    measure: str = Measure.CREDITS.value
    span: str = "12"
    first: Month | None = None
    last: Month | None = None
    share: bool = False
    every: bool = False
    lent: bool = False
    shape: str = STACKED
    patterned: bool = False
    table: str = MONTHS
    hidden: frozenset[str] = frozenset()

    def months(self, running: Month) -> tuple[Month, Month]:
        """The first and last month shown, none after the one that runs."""
        if self.span != RANGE:
            return running.plus(1 - int(self.span)), running
        last = min(self.last or running, running)
        return min(self.first or last.plus(-11), last), last

    @property
    def style(self) -> Style:
        """How the chart draws it."""
        return Style(share=self.share, lines=self.shape == LINES, patterned=self.patterned)

    @property
    def asked(self) -> Choice:
        """What of it has to be read: whatever only shows the same figures otherwise is left out."""
        return replace(
            self,
            share=False,
            lent=False,
            shape=STACKED,
            patterned=False,
            table=MONTHS,
            hidden=frozenset(),
        )

    def beneath(self, table: str) -> Choice:
        """The same with another table beneath.

        What grew most may stand among the others: while it is compared all are shown, until
        somebody says no. Afterwards it is as it was before.
        """
        if table == self.table:
            return self
        if table == MONTHS:
            return replace(self, table=table, every=self.every and not self.lent, lent=False)
        return replace(self, table=table, every=True, lent=self.lent or not self.every)

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
            "lent": self.lent,
            "shape": self.shape,
            "patterned": self.patterned,
            "table": self.table,
            "hidden": sorted(self.hidden),
        }


def taken_up(kept: object) -> Choice:
    """The choice that was remembered; whatever of it is unreadable is as it is at first."""
    if not isinstance(kept, dict):
        return Choice()
    hidden = kept.get("hidden")
    return Choice(
        by=_known(kept.get("by"), tuple(By), By.FEATURE.value),
        measure=_known(kept.get("measure"), tuple(Measure), Measure.CREDITS.value),
        span=_known(kept.get("span"), SPANS, "12"),
        first=_month(kept.get("first")),
        last=_month(kept.get("last")),
        share=kept.get("share") is True,
        every=kept.get("every") is True,
        lent=kept.get("lent") is True,
        shape=_known(kept.get("shape"), (STACKED, LINES), STACKED),
        patterned=kept.get("patterned") is True,
        table=str(kept.get("table") or MONTHS),
        hidden=frozenset(map(str, hidden)) if isinstance(hidden, list) else frozenset(),
    )


def _known(value: object, known: Collection[str], usual: str) -> str:
    return str(value) if isinstance(value, str) and value in known else usual


def _month(value: object) -> Month | None:
    try:
        return Month.parse(str(value))
    except InvalidValue:
        return None


@dataclass(frozen=True)
class Wanted:
    """A piece of the chart: a month and a series; without a key the whole month.

    With ``until`` it is of all months up to that one.
    """

    month: Month
    key: str = ""
    until: Month | None = None


def placed(choice: Choice, place: Mapping[str, object], running: Month) -> Choice:
    """The choice at a place that another page (or the way back) names; see ``page``."""
    first, last = _month(place.get("first")), _month(place.get("last"))
    chosen = replace(
        choice,
        by=_known(place.get("by"), tuple(By), choice.by),
        measure=_known(place.get("measure"), tuple(Measure), choice.measure),
    )
    end = last or running
    named = (first or end.plus(-11), end)
    if (first or last) and named != chosen.months(running):
        chosen = replace(chosen, span=RANGE, first=named[0], last=end)
    wanted = wanted_at(place)
    if wanted is None:
        return chosen
    begin, end = chosen.months(running)
    newest = wanted.until or wanted.month
    if not begin <= wanted.month <= newest <= end:
        around = min(wanted.month, newest.plus(-11))
        chosen = replace(chosen, span=RANGE, first=around, last=newest)
    return replace(chosen, hidden=chosen.hidden - {wanted.key})


def wanted_at(place: Mapping[str, object]) -> Wanted | None:
    """The piece that a place names, if it does."""
    month = _month(place.get("month"))
    if month is None:
        return None
    until = _month(place.get("until"))
    spans = until is not None and until > month
    return Wanted(month, str(place.get("key") or ""), until if spans else None)


def place_of(choice: Choice, running: Month, wanted: Wanted) -> dict[str, str]:
    """The place of a piece, from which `placed` and `wanted_at` find it again."""
    first, last = choice.months(running)
    until = {} if wanted.until is None else {"until": str(wanted.until)}
    return until | {
        "by": choice.by,
        "measure": choice.measure,
        "first": str(first),
        "last": str(last),
        "key": wanted.key,
        "month": str(wanted.month),
    }


@dataclass(frozen=True)
class Figures:
    """What was read: the months, and the price lists that began in them."""

    monthly: MonthlyConsumption
    changes: tuple[PriceStart, ...] = ()


@dataclass(frozen=True)
class ConsumptionState:
    """What the page shows. `figures` stay in view while newer ones are awaited."""

    choice: Choice = field(default_factory=Choice)
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
    names = brief([words.series_name(one) for one in monthly.series])
    return MonthSeries(
        months=monthly.months,
        series=tuple(
            Series(one.key, name, one.values)
            for one, name in zip(monthly.series, names, strict=True)
        ),
        counted=words.counted(monthly.measure),
        totals=monthly.totals if monthly.measure == Measure.USERS else None,
        unfinished=monthly.running == len(monthly.months) - 1,
        pace=_pace(monthly, calendar),
        marks=tuple(_mark(change, monthly.months, calendar) for change in figures.changes),
    )


def _pace(monthly: MonthlyConsumption, calendar: BillingCalendar) -> float | None:
    if monthly.running is None:
        return None
    running, measure = monthly.months[monthly.running], Measure(monthly.measure)
    return pace(running, monthly.as_of, calendar, measure)


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
    return Mark(place, words.change(change, calendar.zone_info), change.note)


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


def is_gathered(monthly: MonthlyConsumption, key: str) -> bool:
    """Whether a series stands among the others, so that all have to be shown to see it."""
    return key in monthly.gathered


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
