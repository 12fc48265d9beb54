"""What a diagnosis reads: one user's record, as much of it as a complaint needs.

Storage reads it in one snapshot; everything here only looks things up in it (rules, 2 to 4).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.domain.approvals import Approval
from app.domain.calendar import BillingCalendar, Month
from app.domain.charges import Refund
from app.domain.grants import Grant, GrantKind, PlanChange, plan_at
from app.domain.ledger import Correction, Use
from app.domain.price_book import PriceBook
from app.domain.users import User


@dataclass(frozen=True, slots=True)
class Window:
    """The time a diagnosis looks at, half-open: the complaint's, as far as uses were read."""

    since: datetime
    until: datetime

    def holds(self, instant: datetime) -> bool:
        """Whether the instant lies in it."""
        return self.since <= instant < self.until


@dataclass(frozen=True, slots=True)
class FeatureTotal:
    """What one feature took in a time: ``uses`` and ``refused`` by quantity (rules, section 3).

    ``attempts`` are the refused uses themselves, however many photos each had.
    """

    feature: str
    uses: int
    credits: int
    refused: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What was used from ``since`` to ``until``, by feature; free actions are left out."""

    since: datetime
    until: datetime
    features: tuple[FeatureTotal, ...]

    @property
    def credits(self) -> int:
        """The credits of all features."""
        return sum(total.credits for total in self.features)

    @property
    def uses(self) -> int:
        """The uses of all features, by quantity."""
        return sum(total.uses for total in self.features)

    @property
    def attempts(self) -> int:
        """The refused uses of all features."""
        return sum(total.attempts for total in self.features)


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody else whom the message names, by address, id or code; ``user`` if on record."""

    text: str
    user: User | None


@dataclass(frozen=True, slots=True)
class Record:
    """One user at the instant ``now``. Everything is in order of time, oldest first.

    ``grants`` are all there are, stored and due, with what each holds now; ``uses`` are those in
    ``window`` and those that share a job with one of them. ``month`` and ``lately`` say what the
    month of the complaint and the 30 days before it used. ``friends`` registered with the user's
    code, whether that counted or not. ``for_ticket`` are those grants that name the ticket,
    ``refunded_for_ticket`` the charges that were refunded to answer it.
    """

    user: User
    now: datetime
    calendar: BillingCalendar
    book: PriceBook
    history: tuple[PlanChange, ...]
    grants: tuple[Grant, ...]
    window: Window
    uses: tuple[Use, ...]
    refunds: tuple[Refund, ...]
    voids: tuple[Correction, ...]
    month: Totals
    lately: Totals
    friends: tuple[User, ...]
    mentions: tuple[Mention, ...]
    for_ticket: tuple[Grant, ...]
    refunded_for_ticket: tuple[int, ...]
    waiting: tuple[Approval, ...]

    @property
    def available(self) -> int:
        """What the user can spend now, by all that is on record."""
        return sum(grant.remaining for grant in self.grants if grant.expires_at > self.now)

    @property
    def plan(self) -> str:
        """The plan held now."""
        return plan_at(self.history, self.now)

    @property
    def next_release(self) -> tuple[datetime, int]:
        """When the next month begins, and what the plan held now will release then."""
        month = self.calendar.month_of(self.now).next
        credits = self.book.allowances(month, self.calendar).get(self.plan, 0)
        return self.calendar.start(month), credits

    def released(self, month: Month) -> list[Grant]:
        """What a month has released, in the order in which it did."""
        found = [
            grant
            for grant in self.of_kind(GrantKind.MONTHLY_ALLOWANCE)
            if grant.month == month and grant.effective_at <= self.now
        ]
        return sorted(found, key=lambda grant: (grant.effective_at, grant.id or 2**62))

    def of_kind(self, *kinds: GrantKind) -> list[Grant]:
        """The grants of these kinds."""
        return [grant for grant in self.grants if grant.kind in kinds]

    def taken(self) -> list[Use]:
        """The uses that took credits, in order of time."""
        return [use for use in self.uses if use.available is None and use.credits > 0]

    def refund_of(self, charge_id: int) -> Refund | None:
        """The refund of a charge, if it has one."""
        return next((refund for refund in self.refunds if refund.charge_id == charge_id), None)


def price_of(use: Use) -> int:
    """What one of the uses of a charge cost: a charge is the price, ``quantity`` times."""
    return use.credits // use.quantity


def in_order(uses: Iterable[Use]) -> tuple[Use, ...]:
    """Uses in the order of the ledger, each once."""
    once = {use.id: use for use in uses}
    return tuple(sorted(once.values(), key=lambda use: (use.occurred_at, use.id)))
