"""What is used, by month: frozen results and the arithmetic on them (rules, section 3, counting).

Uses and refused uses count by quantity, credits are gross, and what was refunded counts in the
month of the refund. A user counts where they used something at least once: a free action counts, a
refused use does not. Users of several features or months overlap, so their totals are counted
apart and never summed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from app.domain.calendar import BillingCalendar, Month, months_between
from app.domain.errors import InvalidValue
from app.domain.price_book import PriceBook
from app.domain.sentences import said
from app.domain.users import PLANS

OTHER = "other"
"""The key under which the small ones are gathered."""
FREE_FAMILY = "Free actions"
MOST_MONTHS = 600
SOONEST_PROJECTION = timedelta(days=1)
"""Before a day of a month has passed, nothing can be said of its end."""


class By(StrEnum):
    """What months are split by."""

    FEATURE = "feature"
    FAMILY = "family"
    PLAN = "plan"


class Measure(StrEnum):
    """What is counted."""

    CREDITS = "credits"
    USES = "uses"
    USERS = "users"
    REFUSED = "refused"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Series:
    """One feature, family or plan, with a value for each month."""

    key: str
    name: str
    values: tuple[int, ...]

    @property
    def total(self) -> int:
        """Over all months."""
        return sum(self.values)


@dataclass(frozen=True, slots=True)
class MonthlyConsumption:
    """Months with what was counted in each.

    ``series`` stand in the order of the price list (features), of their first feature (families) or
    from free to pro (plans); those with nothing in any month are left out. ``totals`` are the whole
    of each month. ``running`` is the place of the month that still runs at ``as_of``, if it is
    among them, and ``projection`` what its total may come to. ``gathered`` are the keys behind
    ``other``. ``group_of`` says which series each feature (or plan) on record falls into, features
    in the order in which they came on record.
    """

    months: tuple[Month, ...]
    by: str
    measure: str
    series: tuple[Series, ...]
    totals: tuple[int, ...]
    as_of: datetime
    running: int | None = None
    projection: int | None = None
    gathered: tuple[str, ...] = ()
    group_of: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class UserPart:
    """What one user contributed to a piece of a month."""

    user_id: str
    email: str
    name: str
    plan: str
    value: int


Counted = Literal["credits", "uses", "refused"]
"""What the values of users are: credits, uses, or uses that were refused."""


@dataclass(frozen=True, slots=True)
class Behind:
    """The users behind a piece, the largest first: a page of them, and how many there are.

    ``total`` is what all of them come to, not only the page, in what is ``counted``.
    """

    users: tuple[UserPart, ...]
    count: int
    total: int
    counted: Counted = "credits"


@dataclass(frozen=True, slots=True)
class PriceStart:
    """From ``at`` on the price list ``version`` holds."""

    at: datetime
    version: int
    note: str


@dataclass(frozen=True, slots=True)
class Grouping:
    """Into which group each feature (or plan) falls, and the groups in order with their names."""

    by: By
    group_of: Mapping[str, str]
    names: Mapping[str, str]

    def gathered(self, rest: Iterable[str]) -> Grouping:
        """The same with the groups ``rest`` together as *Other*, last."""
        small = frozenset(rest)
        if not small:
            return self
        group_of = {
            member: OTHER if group in small else group for member, group in self.group_of.items()
        }
        names = {key: name for key, name in self.names.items() if key not in small}
        return Grouping(self.by, group_of, names | {OTHER: "Other"})

    def members(self, keys: Iterable[str]) -> frozenset[str]:
        """The features (or plans) of the groups ``keys``."""
        wanted = frozenset(keys)
        return frozenset(member for member, group in self.group_of.items() if group in wanted)


def grouping(by: By, book: PriceBook, recorded: Iterable[str] = ()) -> Grouping:
    """How ``by`` splits what is on record, by every price list there was.

    ``recorded`` are the features on record: one that only a withdrawn list knew goes by its key.
    """
    if by is By.PLAN:
        return Grouping(by, {plan: plan for plan in PLANS}, {p: p.capitalize() for p in PLANS})
    names = _names_in_order(book)
    every = list(dict.fromkeys([*recorded, *names]))
    names |= {key: key for key in every if key not in names}
    if by is By.FEATURE:
        return Grouping(by, {key: key for key in every}, names)
    families = _families(book)
    family_of = {key: families.get(key, FREE_FAMILY) for key in every}
    order = dict.fromkeys(family_of[key] for key in names)
    return Grouping(by, family_of, {family: family for family in order})


def _names_in_order(book: PriceBook) -> dict[str, str]:
    """Names by key: the latest list's features, those retired since, then free actions."""
    latest = sorted(book.versions, key=lambda version: version.number, reverse=True)
    names = {f.key: f.name for v in reversed(latest) for f in v.prices.features}
    order = dict.fromkeys(f.key for version in latest for f in version.prices.features)
    free = {a.key: a.name for v in reversed(latest) for a in v.prices.free_actions}
    return {key: names[key] for key in order} | {k: n for k, n in free.items() if k not in order}


def _families(book: PriceBook) -> dict[str, str]:
    """The family of each feature: the latest list that has it says."""
    versions = sorted(book.versions, key=lambda version: version.number)
    return {f.key: f.family for version in versions for f in version.prices.features}


Cell = tuple[int, str, int]
"""The number of a month, a group (or what falls into one), a value."""


def grouped(cells: Iterable[Cell], groups: Grouping) -> Iterator[Cell]:
    """Cells of features (or plans) as cells of the groups into which they fall."""
    group_of = groups.group_of
    return ((month, group_of[member], value) for month, member, value in cells)


def series_of(
    months: Sequence[Month], cells: Iterable[Cell], groups: Grouping
) -> tuple[Series, ...]:
    """The cells as series, those with nothing in any month left out."""
    place = {month.number: at for at, month in enumerate(months)}
    values = {key: [0] * len(months) for key in groups.names}
    for month, group, value in cells:
        values[group][place[month]] += value
    return tuple(
        Series(key, name, tuple(values[key]))
        for key, name in groups.names.items()
        if any(values[key])
    )


def gathered(series: Sequence[Series], rest: Collection[str]) -> tuple[Series, ...]:
    """The same with the series ``rest`` added up as *Other*, last: where they do not overlap."""
    small = [one.values for one in series if one.key in rest]
    other = Series(OTHER, "Other", tuple(map(sum, zip(*small, strict=True))))
    return (*(one for one in series if one.key not in rest), other)


def summed(series: Sequence[Series], months: int) -> tuple[int, ...]:
    """The whole of each month, where series do not overlap."""
    if not series:
        return (0,) * months
    return tuple(map(sum, zip(*(one.values for one in series), strict=True)))


def smallest(series: Sequence[Series], top: int) -> tuple[str, ...]:
    """The keys of all but the ``top`` largest, in their own order.

    Of equal ones the first stays. One that would stand alone in *Other* is kept under its name.
    """
    if len(series) <= top + 1:
        return ()
    kept = {one.key for one in sorted(series, key=lambda one: -one.total)[:top]}
    return tuple(one.key for one in series if one.key not in kept)


def pace(month: Month, now: datetime, calendar: BillingCalendar, measure: Measure) -> float | None:
    """By how much the count so far is multiplied to tell the end of the running ``month``.

    It is the length of the month over what has passed of it: what was counted so far goes on
    evenly. ``None`` for users, who come again, and before a day has passed.
    """
    start, end = calendar.start(month), calendar.end(month)
    passed = now - start
    if measure is Measure.USERS or passed < SOONEST_PROJECTION:
        return None
    return (end - start) / passed


def projected(
    value: int, month: Month, now: datetime, calendar: BillingCalendar, measure: Measure
) -> int | None:
    """What ``value`` so far may come to at the end of the running ``month``, at the same pace."""
    times = pace(month, now, calendar, measure)
    return None if times is None else round(value * times)


def checked_by(value: str) -> By:
    """``value`` as what months are split by; ``InvalidValue`` that names it otherwise."""
    try:
        return By(value)
    except ValueError as error:
        message = said(
            "Months are split by {known}, not by “{given}”.", known=", ".join(By), given=value
        )
        raise InvalidValue(message, field="by", value=value) from error


def checked_measure(value: str) -> Measure:
    """``value`` as what is counted; ``InvalidValue`` that names it otherwise."""
    try:
        return Measure(value)
    except ValueError as error:
        message = said(
            "“{given}” is not a measure; the measures are {known}.",
            given=value,
            known=", ".join(Measure),
        )
        raise InvalidValue(message, field="measure", value=value) from error


def checked_months(first: Month | str, last: Month | str) -> tuple[Month, ...]:
    """The months from ``first`` to ``last``, both included; ``InvalidValue`` where that is none."""
    months = months_between(first, last)
    begin, end = months[0], months[-1]
    if len(months) > MOST_MONTHS:
        message = said(
            "From {begin} to {end} are {count} months; a chart takes 1 to {most}.",
            begin=begin,
            end=end,
            count=f"{len(months):,}",
            most=MOST_MONTHS,
        )
        raise InvalidValue(message, field="months", value=f"{begin} to {end}")
    return months
