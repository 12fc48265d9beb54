"""What days moved, and the arithmetic on it: months, the same days of two months, what was left.

A grant counts as given on the day it becomes usable, a use on the day it occurred (gross), a refund
and a void on their day. What expired counts with the last day on which it could be used, so that
what is outstanding *for* November and what expired *in* November are the same credits.
(rules, sections 1 to 4)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.calendar import BillingCalendar, Month, to_ms


class Moved(StrEnum):
    """How credits move; the text is the key that screens and commands use."""

    GIVEN = "given"
    USED = "used"
    RETURNED = "returned"
    VOIDED = "voided"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class DayFlow:
    """Credits that moved on a day; ``part`` is the kind of a grant, or the feature of a use."""

    day: int
    moved: Moved
    part: str
    credits: int


@dataclass(frozen=True, slots=True)
class SameDays:
    """The first ``days`` whole days of the running month, and as many of the month before."""

    running: Month
    days: int


def same_days(calendar: BillingCalendar, now: datetime) -> SameDays:
    """The days of the running month that are over, as far as the month before has as many.

    On the first of a month there are none.
    """
    running = calendar.month_of(now)
    over = calendar.day_number_of_ms(to_ms(now)) - running.day_number(1)
    return SameDays(running, min(over, len(calendar.day_starts_ms(running.previous))))


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure by month: ``months`` from old to new, the last one running.

    ``days`` and ``days_before`` are its first whole days and the same days of the month before;
    both are ``None`` on the first day of a month. ``trend`` is what can be compared month by month:
    the same days of each, or on the first of a month the whole months before it.
    """

    months: tuple[int, ...]
    trend: tuple[int, ...] = ()
    days: int | None = None
    days_before: int | None = None

    @property
    def running(self) -> int:
        """This month so far."""
        return self.months[-1]

    @property
    def last(self) -> int:
        """The whole month before."""
        return self.months[-2]

    @property
    def change(self) -> float | None:
        """The change from the same days of the month before; ``None`` without anything there."""
        return change(self.days, self.days_before)


def change(value: int | None, before: int | None) -> float | None:
    """By which share of ``before`` a value is more (or less); ``None`` where that says nothing."""
    if value is None or not before:
        return None
    return (value - before) / before


def compared(flows: Iterable[DayFlow], months: Sequence[Month], same: SameDays) -> Compared:
    """What these flows come to by month, and over the same days of the last two months."""
    whole = dict.fromkeys((month.number for month in months), 0)
    early = dict(whole)
    for flow in flows:
        month, day = divmod(flow.day, 100)
        if month in whole:
            whole[month] += flow.credits
            early[month] += flow.credits if day <= same.days else 0
    sums = tuple(whole.values())
    if not same.days:
        return Compared(sums, sums[:-1])
    trend = tuple(early.values())
    return Compared(sums, trend, days=trend[-1], days_before=trend[-2])


_SIGN: Mapping[Moved, int] = {
    Moved.GIVEN: 1,
    Moved.RETURNED: 1,
    Moved.USED: -1,
    Moved.VOIDED: -1,
    Moved.EXPIRED: -1,
}


def left_after(now_left: int, flows: Iterable[DayFlow], day: int) -> int:
    """What was left once a day was over and what expired with it was gone.

    ``now_left`` is what is left now, ``flows`` are at least all since that day.
    """
    since = sum(_SIGN[flow.moved] * flow.credits for flow in flows if flow.day > day)
    return now_left - since


@dataclass(frozen=True, slots=True)
class Bridge:
    """How what was left at the end of one month became what was left at the end of the next.

    ``opening`` is what outlived the month before, ``given`` is by kind of grant; what was used and
    voided went, and so did what expired with the month (so far, where it runs). ``closing`` is what
    was left then, or is now.
    """

    month: Month
    opening: int
    given: Mapping[str, int]
    returned: int
    used: int
    expired: int
    voided: int

    @property
    def closing(self) -> int:
        """What was left in the end."""
        came = self.opening + sum(self.given.values()) + self.returned
        return came - self.used - self.expired - self.voided


def bridges(now_left: int, flows: Sequence[DayFlow], months: Sequence[Month]) -> tuple[Bridge, ...]:
    """The bridge of each month; ``flows`` are all of these months, given ones by kind."""
    sums: dict[tuple[int, Moved], dict[str, int]] = {}
    for flow in flows:
        parts = sums.setdefault((flow.day // 100, flow.moved), {})
        parts[flow.part] = parts.get(flow.part, 0) + flow.credits

    def moved(month: Month, how: Moved) -> int:
        return sum(sums.get((month.number, how), {}).values())

    return tuple(
        Bridge(
            month=month,
            opening=left_after(now_left, flows, month.day_number(0)),
            given={k: v for k, v in sums.get((month.number, Moved.GIVEN), {}).items() if v},
            returned=moved(month, Moved.RETURNED),
            used=moved(month, Moved.USED),
            expired=moved(month, Moved.EXPIRED),
            voided=moved(month, Moved.VOIDED),
        )
        for month in months
    )


@dataclass(frozen=True, slots=True)
class FeatureChange:
    """What a feature used in the same days of two months, and this month and last in all."""

    key: str
    name: str
    days: int
    days_before: int
    running: int
    last: int

    @property
    def difference(self) -> int:
        """By how many credits more (or less) it used in the same days."""
        return self.days - self.days_before

    @property
    def change(self) -> float | None:
        """The same as a share; ``None`` where it used nothing before."""
        return change(self.days, self.days_before)


def feature_changes(
    used: Iterable[DayFlow], names: Mapping[str, str], same: SameDays
) -> tuple[FeatureChange, ...]:
    """How every feature changed, those that gained most first; without the same days, none."""
    if not same.days:
        return ()
    sums: dict[str, list[int]] = {}
    for flow in used:
        month = flow.day // 100
        if month not in {same.running.number, same.running.previous.number}:
            continue
        this = month == same.running.number
        days, before, running, last = sums.setdefault(flow.part, [0, 0, 0, 0])
        early = flow.day % 100 <= same.days
        sums[flow.part] = [
            days + flow.credits * (this and early),
            before + flow.credits * (not this and early),
            running + flow.credits * this,
            last + flow.credits * (not this),
        ]
    found = [FeatureChange(key, names.get(key, key), *each) for key, each in sums.items()]
    return tuple(sorted(found, key=lambda one: (-one.difference, one.name)))


@dataclass(frozen=True, slots=True)
class Owed:
    """What is left for users to spend, by the month with which it expires.

    ``months`` begins with the running month, whose expired credits are gone from it; months in
    which nothing expires are left out. ``expected`` is what the allowances of the next month would
    be for the plans held now: they are not given yet, and in no other figure.
    """

    months: tuple[tuple[Month, int], ...]
    expected_month: Month
    expected: int
    expected_users: int

    @property
    def total(self) -> int:
        """All that is left."""
        return sum(credits for _, credits in self.months)


@dataclass(frozen=True, slots=True)
class RequestAges:
    """How many requests are open, and how many of them for at least so many hours."""

    open: int
    older: tuple[tuple[int, int], ...]
    oldest_at: datetime | None
    oldest_id: int | None
    mine: int = 0
    unmatched: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """The approvals that wait: how many, for how many credits, since when, how many one's own."""

    count: int
    credits: int
    since: datetime | None
    own: int = 0


@dataclass(frozen=True, slots=True)
class Proof:
    """When the books were proved, by whom, and the names of the rules that were broken."""

    at: datetime
    staff: str
    rules: int
    broken: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every rule held."""
        return not self.broken


@dataclass(frozen=True, slots=True)
class Overview:
    """The state of everything at ``as_of``, from one snapshot.

    ``months`` are twelve, the last one running, each with its bridge. ``outstanding`` is what users
    can spend now: its ``months`` are what was left after the same days of each month (on the first
    of a month: at the end of the month before it), the last one now. ``empty`` says that nobody is
    registered.
    """

    as_of: datetime
    months: tuple[Month, ...]
    same: SameDays
    given: Compared
    used: Compared
    expired: Compared
    outstanding: Compared
    bridges: tuple[Bridge, ...]
    owed: Owed
    features: tuple[FeatureChange, ...]
    requests: RequestAges
    waiting: Waiting
    proof: Proof | None
    empty: bool = False

    @property
    def running(self) -> Month:
        """The month that runs."""
        return self.months[-1]
