"""What a draft of the price list would have done to past months: the result, now against then.

*Then* is what is on record, *now* is the same uses under the draft. How the draft is tried is told
in ``replaying``. Credits and uses count as in consumption: gross, uses by quantity (rules, 3).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from app.domain.calendar import BillingCalendar, Month, months_between
from app.domain.errors import InvalidValue
from app.domain.price_changes import ChangeKind, difference
from app.domain.prices import PriceList, PriceVersion
from app.domain.sentences import said

MOST_MONTHS = 12
HARDEST = 100
"""How many of those hit hardest a result names."""
SAMPLE = 50
"""An estimate looks at one user in so many."""
ESTIMATED_FROM = 5_000
"""With fewer users than this an estimate would save nothing: all are looked at."""


@dataclass(frozen=True, slots=True)
class Side:
    """One way it went: uses paid for and the credits they took, and uses refused, by quantity.

    ``out`` are the users who ran out of credits: those who were refused something at least once.
    """

    uses: int = 0
    credits: int = 0
    refused: int = 0
    out: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A feature or a plan: then and now. ``unlisted`` are uses the draft no longer offers."""

    key: str
    name: str
    then: Side
    now: Side
    unlisted: int = 0


@dataclass(frozen=True, slots=True)
class DayOut:
    """How many users were first refused something on a day of the billing zone."""

    day: date
    then: int
    now: int


@dataclass(frozen=True, slots=True)
class Touch:
    """Users whose credits used change by more than ``above`` and at most ``most`` (0.1: a tenth).

    ``above`` is ``None`` for the lowest, ``most`` for the highest; both are 0 for no change.
    """

    above: float | None
    most: float | None
    users: int


@dataclass(frozen=True, slots=True)
class Hit:
    """What the draft does to one user; ``out_*`` is when they were first refused something."""

    user_id: str
    name: str
    email: str
    plan: str
    credits_then: int
    credits_now: int
    refused_then: int
    refused_now: int
    out_then: datetime | None
    out_now: datetime | None


@dataclass(frozen=True, slots=True)
class ScheduledList:
    """A list that is to take over at ``effective_at``, of whose changes the draft has some.

    It makes ``of`` changes to the list in force now; the draft makes ``shared`` of them too.
    """

    number: int
    effective_at: datetime
    shared: int
    of: int

    @property
    def whole(self) -> bool:
        """Whether the draft has all of it."""
        return self.shared == self.of


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A draft against the record of the months ``first`` to ``last``, both included.

    ``users`` used something in them or were refused it; ``one_in`` is 1, or every so many-th user
    was looked at: then all figures are those of the sample. ``expired_*`` are the credits of these
    users that expired in the months unused. ``newly_out`` ran out only now, ``spared`` only then.
    ``touched`` are users for whom anything changes. ``unlisted`` uses are of features that the
    draft does not list. ``days`` tell when users ran out, ``touches`` how much their credits
    change, ``hardest`` names those hit hardest, hardest first. ``against`` are the numbers of the
    lists that were in force in the months, ``scheduled`` those yet to come whose changes the draft
    has, so that they count as the draft's. ``record`` are the last numbers of what was on record.
    """

    first: Month
    last: Month
    users: int
    one_in: int
    then: Side
    now: Side
    expired_then: int
    expired_now: int
    newly_out: int
    spared: int
    touched: int
    unlisted: int
    features: tuple[Part, ...]
    plans: tuple[Part, ...]
    days: tuple[DayOut, ...]
    touches: tuple[Touch, ...]
    hardest: tuple[Hit, ...]
    at: datetime
    against: tuple[int, ...] = ()
    scheduled: tuple[ScheduledList, ...] = ()
    record: tuple[int, ...] = ()

    @property
    def estimated(self) -> bool:
        """Whether only a sample of the users was looked at."""
        return self.one_in > 1

    def whole(self, figure: int) -> int:
        """What a figure of the sample comes to for everybody, about."""
        return figure * self.one_in

    @property
    def summary(self) -> str:
        """One line for the note of a publication."""
        told = {
            "months": _months(self.first, self.last),
            "day": f"{self.at:%Y-%m-%d}",
            "credits": self._change("credits"),
            "refused": self._change("refused"),
            "out": self._change("out"),
        }
        if self.estimated:
            return said(
                "What if {months}, estimated from 1 in {one_in} users, tried {day}: credits used"
                " {credits}, refused uses {refused}, users who run out {out}.",
                one_in=self.one_in,
                **told,
            )
        return said(
            "What if {months}, tried {day}: credits used {credits}, refused uses {refused}, users"
            " who run out {out}.",
            **told,
        )

    def _change(self, figure: str) -> str:
        then, now = getattr(self.then, figure), getattr(self.now, figure)
        return said("{then:,} → {now:,}", then=self.whole(then), now=self.whole(now))


@dataclass(frozen=True, slots=True)
class Trial:
    """What a what-if came to, kept beside the person's draft: the list tried, and the result.

    ``outdated`` says that something was recorded since about the months it looked at.
    """

    tried: PriceList
    result: WhatIf
    outdated: bool


def _months(first: Month, last: Month) -> str:
    if first == last:
        return str(first)
    return said("{first} to {last}", first=str(first), last=str(last))


def scheduled_in(
    draft: PriceList, in_force: PriceList, coming: Iterable[PriceVersion]
) -> tuple[ScheduledList, ...]:
    """Which of the lists to come have changes that the draft makes too, in order."""
    own = _changes(in_force, draft)
    found = []
    for version in coming:
        theirs = _changes(in_force, version.prices)
        shared = len(own & theirs)
        if shared and version.effective_at is not None:
            found.append(ScheduledList(version.number, version.effective_at, shared, len(theirs)))
    return tuple(found)


def _changes(old: PriceList, new: PriceList) -> set[tuple[str, str]]:
    changes = difference(old, new)
    return {(one.place, one.new) for one in changes if one.kind is not ChangeKind.ORDER}


BOUNDS = (-0.5, -0.25, -0.1, 0.0, 0.1, 0.25, 0.5, 1.0)
"""Between which changes of the credits used users are counted; 0 has a place of its own."""


def touch_bins() -> tuple[tuple[float | None, float | None], ...]:
    """The intervals of ``Touch`` in order: above and most; the one for no change is ``(0, 0)``."""
    between = tuple(pairwise(BOUNDS))
    losses = tuple(bin_ for bin_ in between if bin_[1] <= 0)
    gains = tuple(bin_ for bin_ in between if bin_[0] >= 0)
    return ((None, BOUNDS[0]), *losses, (0.0, 0.0), *gains, (BOUNDS[-1], None))


def checked_months(
    first: Month | str, last: Month | str, calendar: BillingCalendar, now: datetime
) -> tuple[Month, ...]:
    """The months from ``first`` to ``last``: 1 to 12, all of them over; else ``InvalidValue``."""
    months = months_between(first, last)
    begin, end = months[0], months[-1]
    running = calendar.month_of(now)
    if end >= running:
        message = said(
            "The month {end} is not over yet: what if looks at past months, up to {previous}.",
            end=end,
            previous=running.previous,
        )
        raise InvalidValue(message, field="month", value=str(end))
    if len(months) > MOST_MONTHS:
        message = said(
            "From {begin} to {end} are {count} months; what if takes 1 to {most}.",
            begin=begin,
            end=end,
            count=f"{len(months):,}",
            most=MOST_MONTHS,
        )
        raise InvalidValue(message, field="months", value=f"{begin} to {end}")
    return months
