"""The numbers of the queue as rows and columns, without Qt: by week, open now, people, credits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from app.domain.request_numbers import (
    AgeNumbers,
    PersonNumbers,
    RequestNumbers,
    Times,
    Today,
    WeekNumbers,
)
from app.domain.requests import Request, State
from app.ui import format as write
from app.ui import request_words as words
from app.ui.charts.weeks import Part, Weeks
from app.ui.columns import Column, credits_column
from app.ui.language import tr, trn

SPANS = (("4", tr("Last 4 weeks")), ("12", tr("Last 12 weeks")), ("26", tr("Last 26 weeks")),
         ("52", tr("Last 52 weeks")))  # fmt: skip
_OUTCOMES = (
    (State.GRANTED, tr("Granted"), "success"),
    (State.REFUNDED, tr("Refunded"), "info"),
    (State.DECLINED, tr("Declined"), "text3"),
)
_NAMES = {state: name for state, name, _ink in _OUTCOMES}
_AGES: dict[float, str] = {
    0: tr("Under 4 hours"),
    4: tr("4 to 24 hours"),
    24: tr("1 to 3 days"),
    72: tr("3 to 7 days"),
    168: tr("Over a week"),
}
"""How long requests are open, by from how many hours on."""
_TWO_DAYS = 48
"""From how many hours on days are told."""


@dataclass(frozen=True)
class Numbers:
    """What the dialog shows: the figures of a span, and what the person did today."""

    figures: RequestNumbers
    today: Today
    reasons: dict[str, str]

    @property
    def resolved(self) -> int:
        """How many were resolved in the span."""
        return sum(week.resolved for week in self.figures.weeks)

    @property
    def open(self) -> int:
        """How many are open now."""
        return sum(age.open for age in self.figures.ages)


def days_of(span: str, now: datetime, zone: tzinfo) -> tuple[date, date]:
    """The first and the last day of a span of whole weeks that ends with the running one."""
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    return monday - timedelta(weeks=int(span) - 1), today


def hours(value: float | None) -> str:
    """A number of hours: 12 min, 3.5 h, 2.1 days."""
    if value is None:
        return write.EMPTY
    if value < 1:
        return tr("{minutes} min", minutes=write.credits(round(value * 60)))
    if value < _TWO_DAYS:
        return tr("{hours} h", hours=write.decimal(value))
    return tr("{days} days", days=write.decimal(value / 24))


def times(figure: Times) -> str:
    """A median with its 90th percentile: 3.5 h, 9 of 10 within 20.0 h."""
    if figure.median is None:
        return tr("nobody yet")
    return tr("9 of 10 within {hours}", hours=hours(figure.p90))


def chart(figures: RequestNumbers) -> Weeks:
    """What was resolved each week by outcome, and how many came."""
    weeks = figures.weeks
    pieces = [
        Part(name, ink, tuple(week.outcomes.get(state.value, 0) for week in weeks))
        for state, name, ink in _OUTCOMES
    ]
    opened = Part(tr("Opened"), "accent", tuple(week.opened for week in weeks), line=True)
    return Weeks(tuple(week.monday for week in weeks), (*pieces, opened))


# Tables -----------------------------------------------------------------------------------------


def _outcome_of(state: State) -> Callable[[WeekNumbers], int]:
    return lambda week: week.outcomes.get(state.value, 0)


def week_columns() -> tuple[Column[WeekNumbers], ...]:
    """The columns of the table by week: the figures of the chart, and the times."""
    return (
        Column("monday", tr("Week of"), lambda week: write.day(week.monday),
               value=lambda week: week.monday.isoformat(), width=110, stretch=True),
        credits_column("opened", tr("Opened"), lambda week: week.opened, width=76),
        *(
            credits_column(state.value, name, _outcome_of(state), width=82)
            for state, name, _ink in _OUTCOMES
        ),
        credits_column("credits", tr("Credits"), lambda week: sum(week.credits.values()), width=84),
        _hours("answer", tr("First answer"), lambda week: week.first_answer.median),
        _hours("answer90", tr("9 of 10"), lambda week: week.first_answer.p90),
        _hours("resolution", tr("Resolved in"), lambda week: week.resolution.median),
    )  # fmt: skip


def _hours(
    key: str, title: str, value: Callable[[WeekNumbers], float | None]
) -> Column[WeekNumbers]:
    return Column(key, title, lambda week: hours(value(week)), value=value, align="end", width=100)


@dataclass(frozen=True)
class OpenRow:
    """How many requests of a category are open, by age; the last row is all of them."""

    name: str
    by_age: tuple[int, ...]

    @property
    def total(self) -> int:
        """Of any age."""
        return sum(self.by_age)


def open_rows(ages: Sequence[AgeNumbers]) -> list[OpenRow]:
    """A row for each category that has open requests, the most first, and their sum."""
    found = {category for age in ages for category in age.by_category}
    rows = [
        OpenRow(
            words.category_name(category or None),
            tuple(age.by_category.get(category, 0) for age in ages),
        )
        for category in found
    ]
    rows.sort(key=lambda row: (-row.total, row.name))
    return [*rows, OpenRow(tr("All"), tuple(age.open for age in ages))]


def open_columns(ages: Sequence[AgeNumbers]) -> tuple[Column[OpenRow], ...]:
    """The columns: category, all ages, then each age."""

    def at(place: int) -> Callable[[OpenRow], int]:
        return lambda row: row.by_age[place]

    return (
        Column("category", tr("Category"), lambda row: row.name, width=190, stretch=True),
        credits_column("total", tr("Open"), lambda row: row.total, width=70),
        *(
            credits_column(f"age{place}", _AGES[age.from_hours], at(place), width=112)
            for place, age in enumerate(ages)
        ),
    )


def people_columns() -> tuple[Column[PersonNumbers], ...]:
    """The columns of who resolved what."""

    def outcome(state: State) -> Callable[[PersonNumbers], int]:
        return lambda person: person.outcomes.get(state.value, 0)

    return (
        Column(
            "staff", tr("Who"), lambda person: write.text(person.staff), width=220, stretch=True
        ),
        credits_column("resolved", tr("Resolved"), lambda person: person.resolved, width=90),
        *(
            credits_column(state.value, name, outcome(state), width=90)
            for state, name, _ink in _OUTCOMES
        ),
        credits_column("credits", tr("Credits given"), lambda person: person.credits, width=120),
    )


@dataclass(frozen=True)
class ReasonRow:
    """The credits given for a reason."""

    name: str
    credits: int
    share: float


def reason_rows(numbers: Numbers) -> list[ReasonRow]:
    """A row for each reason, the most first, as the domain tells them."""
    given = numbers.figures.credits
    whole = sum(given.values()) or 1
    return [
        ReasonRow(numbers.reasons.get(key, key or tr("no reason")), credits, credits / whole)
        for key, credits in given.items()
    ]


REASONS: tuple[Column[ReasonRow], ...] = (
    Column("reason", tr("Reason"), lambda row: write.text(row.name), width=240, stretch=True),
    credits_column("credits", tr("Credits"), lambda row: row.credits, width=110),
    Column("share", tr("Share"), lambda row: write.percent(row.share), value=lambda row: row.share,
           align="end", width=80),
)  # fmt: skip


def today_columns(zone: tzinfo) -> tuple[Column[Request], ...]:
    """The columns of what the person resolved today."""
    return (
        Column("at", tr("At"), lambda one: write.clock(one.resolved_at, zone)[:5]
               if one.resolved_at else write.EMPTY, value=lambda one: one.resolved_at, width=64,
               ink="text2"),
        Column("who", tr("Who"), words.who, width=170),
        Column("category", tr("About"), lambda one: words.category_name(one.category), width=190),
        Column("note", tr("Note"), lambda one: write.text(one.note), width=200, stretch=True,
               ink="text2", tip=lambda one: one.note),
        Column("ticket", tr("Ticket"), lambda one: write.text(one.ticket), width=100, voice="code"),
        Column("state", tr("Outcome"), lambda one: _NAMES.get(one.state, ""), width=96),
    )  # fmt: skip


def today_words(today: Today) -> str:
    """What somebody did today, in a sentence."""
    if not today.resolved:
        return tr("You have not resolved a request today.")
    told = {
        "requests": trn("{count} request", "{count} requests", len(today.resolved)),
        "outcomes": ", ".join(
            tr(
                "{count} {outcome}",
                count=write.credits(count),
                outcome=words.STATES[State(state)],
            )
            for state, count in today.outcomes.items()
        ),
    }
    if not today.credits:
        return tr("{requests} resolved today: {outcomes}.", **told)
    credits = trn("{count} credit", "{count} credits", today.credits)
    return tr("{requests} resolved today: {outcomes}, {credits} given.", credits=credits, **told)
