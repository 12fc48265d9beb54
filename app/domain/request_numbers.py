"""What leads want to know of requests: how many wait how long, who answered what, how quickly.

All is counted from one fact for each request. Weeks begin on Monday, days are those of the billing
zone. The first answer is when somebody first took the request in hand, or resolved it at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil

from app.domain.errors import InvalidValue
from app.domain.failed_jobs import Days
from app.domain.requests import RESOLVED, Request, State
from app.domain.sentences import said

AGES: tuple[tuple[str, float], ...] = (
    ("under 4 hours", 0),
    ("4 to 24 hours", 4),
    ("1 to 3 days", 24),
    ("3 to 7 days", 72),
    ("over a week", 168),
)
"""How long requests are open: what an age is called, and from how many hours on it counts."""
MOST_WEEKS = 530


@dataclass(frozen=True, slots=True)
class Fact:
    """What counts of one request. ``credits`` is what its answer gave, for ``reason``."""

    category: str
    state: State
    opened_at: datetime
    answered_at: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: str = ""
    credits: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took, in hours: the median and the 90th percentile of ``count`` cases.

    ``None`` where there was none.
    """

    count: int = 0
    median: float | None = None
    p90: float | None = None


@dataclass(frozen=True, slots=True)
class WeekNumbers:
    """One week from its ``monday`` on.

    ``opened`` were opened in it; all else is about those resolved in it, and about those first
    answered in it: ``outcomes`` by state, ``people`` by who resolved them, ``credits`` by reason.
    """

    monday: date
    opened: int
    outcomes: Mapping[str, int]
    people: Mapping[str, int]
    credits: Mapping[str, int]
    first_answer: Times
    resolution: Times

    @property
    def resolved(self) -> int:
        """How many were resolved."""
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True)
class PersonNumbers:
    """What one member of staff resolved: how many, by state, and the credits that it gave."""

    staff: str
    outcomes: Mapping[str, int]
    credits: int

    @property
    def resolved(self) -> int:
        """How many they resolved."""
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True)
class AgeNumbers:
    """How many requests are open for so long now, by category (``""`` for none)."""

    name: str
    from_hours: float
    by_category: Mapping[str, int]

    @property
    def open(self) -> int:
        """How many there are."""
        return sum(self.by_category.values())


@dataclass(frozen=True, slots=True)
class RequestNumbers:
    """The figures of the days from ``first`` to ``last``, and what is open ``at`` the present.

    ``people`` who resolved most come first.
    """

    first: date
    last: date
    at: datetime
    weeks: tuple[WeekNumbers, ...]
    people: tuple[PersonNumbers, ...]
    ages: tuple[AgeNumbers, ...]
    credits: Mapping[str, int]
    first_answer: Times
    resolution: Times


@dataclass(frozen=True, slots=True)
class Today:
    """What one member of staff did today: the requests they resolved, the latest first."""

    staff: str
    resolved: tuple[Request, ...] = ()
    outcomes: Mapping[str, int] = field(default_factory=dict)
    credits: int = 0


def monday_of(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def checked_span(days: Days) -> tuple[date, date]:
    """The first and the last of some days, if both are said and not too far apart.

    Raises ``InvalidValue``.
    """
    if days.first is None or days.last is None:
        message = said("Say from which day to which: 2026-11-01 to 2026-11-30.")
        raise InvalidValue(message, field="first", value=None)
    if (days.last - days.first).days > MOST_WEEKS * 7:
        message = said(
            "From {first} to {last} are more than {most} weeks.",
            first=days.first,
            last=days.last,
            most=MOST_WEEKS,
        )
        raise InvalidValue(message, field="last", value=days.last)
    return days.first, days.last


def counted(
    facts: Sequence[Fact],
    first: date,
    last: date,
    now: datetime,
    day_of: Callable[[datetime], date],
) -> RequestNumbers:
    """The figures of the days from ``first`` to ``last``; ``day_of`` gives an instant's day."""

    def within(at: datetime | None) -> date | None:
        day = None if at is None else day_of(at)
        return day if day is not None and first <= day <= last else None

    opened = Counter(monday_of(day) for fact in facts if (day := within(fact.opened_at)))
    resolved = _by_week((within(fact.resolved_at), fact) for fact in facts)
    answered = _by_week((within(fact.answered_at), fact) for fact in facts)
    weeks = []
    monday = monday_of(first)
    while monday <= last:
        weeks.append(_week(monday, opened[monday], resolved, answered))
        monday += timedelta(days=7)
    done = [fact for week in resolved.values() for fact in week]
    begun = [fact for week in answered.values() for fact in week]
    return RequestNumbers(
        first=first,
        last=last,
        at=now,
        weeks=tuple(weeks),
        people=_people(done),
        ages=_ages(facts, now),
        credits=_credits(done),
        first_answer=_times(begun, _answer),
        resolution=_times(done, _resolution),
    )


def today_of(staff: str, done: Sequence[tuple[Request, int]]) -> Today:
    """What somebody did, from the requests they resolved and the credits each answer gave."""
    return Today(
        staff=staff,
        resolved=tuple(request for request, _ in done),
        outcomes=Counter(request.state.value for request, _ in done),
        credits=sum(credits for _, credits in done),
    )


def _by_week(dated: Iterable[tuple[date | None, Fact]]) -> dict[date, list[Fact]]:
    weeks: dict[date, list[Fact]] = {}
    for day, fact in dated:
        if day is not None:
            weeks.setdefault(monday_of(day), []).append(fact)
    return weeks


def _week(
    monday: date,
    opened: int,
    resolved: Mapping[date, list[Fact]],
    answered: Mapping[date, list[Fact]],
) -> WeekNumbers:
    done = resolved.get(monday, [])
    return WeekNumbers(
        monday=monday,
        opened=opened,
        outcomes=_sorted(Counter(fact.state.value for fact in done)),
        people=_sorted(Counter(fact.resolved_by for fact in done)),
        credits=_credits(done),
        first_answer=_times(answered.get(monday, []), _answer),
        resolution=_times(done, _resolution),
    )


def _people(done: Sequence[Fact]) -> tuple[PersonNumbers, ...]:
    outcomes: dict[str, Counter[str]] = {}
    credits: Counter[str] = Counter()
    for fact in done:
        outcomes.setdefault(fact.resolved_by, Counter())[fact.state.value] += 1
        credits[fact.resolved_by] += fact.credits
    people = [PersonNumbers(who, _sorted(how), credits[who]) for who, how in outcomes.items()]
    return tuple(sorted(people, key=lambda person: (-person.resolved, person.staff)))


def _credits(done: Iterable[Fact]) -> dict[str, int]:
    given: Counter[str] = Counter()
    for fact in done:
        if fact.credits:
            given[fact.reason] += fact.credits
    return _sorted(given)


def _ages(facts: Iterable[Fact], now: datetime) -> tuple[AgeNumbers, ...]:
    found: list[Counter[str]] = [Counter() for _ in AGES]
    for fact in facts:
        if fact.state not in RESOLVED:
            hours = _hours(fact.opened_at, now)
            place = sum(hours >= least for _, least in AGES[1:])
            found[place][fact.category] += 1
    return tuple(
        AgeNumbers(name, least, _sorted(count))
        for (name, least), count in zip(AGES, found, strict=True)
    )


def _sorted(count: Counter[str]) -> dict[str, int]:
    """The most first, then by name, so that the same figures are always told in one order."""
    return dict(sorted(count.items(), key=lambda item: (-item[1], item[0])))


def _answer(fact: Fact) -> datetime | None:
    return fact.answered_at


def _resolution(fact: Fact) -> datetime | None:
    return fact.resolved_at


def _times(facts: Iterable[Fact], end: Callable[[Fact], datetime | None]) -> Times:
    hours = sorted(_hours(fact.opened_at, at) for fact in facts if (at := end(fact)) is not None)
    if not hours:
        return Times()
    return Times(len(hours), _percentile(hours, 0.5), _percentile(hours, 0.9))


def _percentile(hours: Sequence[float], share: float) -> float:
    """The least of the values that at least so many are not above."""
    return hours[max(0, ceil(share * len(hours)) - 1)]


def _hours(since: datetime, until: datetime) -> float:
    return max(0.0, (until - since).total_seconds() / 3600)
