"""Grants: where credits come from, and which allowances a month releases (rules, section 2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from app.domain.calendar import BillingCalendar, Month


class GrantKind(StrEnum):
    """What a grant is for; the text is what files, commands and the ledger show."""

    SIGNUP_BONUS = "signup_bonus"
    REFERRAL_REWARD = "referral_reward"
    MONTHLY_ALLOWANCE = "monthly_allowance"
    SUPPORT_CREDIT = "support_credit"
    REFUND = "refund"
    TOP_UP = "top_up"


@dataclass(frozen=True, slots=True)
class Grant:
    """Credits that reached a user: usable while ``effective_at <= t < expires_at``.

    ``remaining`` is what is unused of ``credits`` at the instant asked about. ``id`` is 0 for an
    allowance that is due but not stored yet, or ``expected`` in the future.
    """

    id: int
    user_id: str
    kind: GrantKind
    credits: int
    remaining: int
    effective_at: datetime
    expires_at: datetime
    reason: str = ""
    note: str = ""
    ticket: str = ""
    staff: str = ""
    month: Month | None = None
    plan: str = ""
    recorded_at: datetime | None = None
    voided: int = 0
    expected: bool = False
    position: int = 0
    friend: str = ""

    def usable_at(self, instant: datetime) -> bool:
        """Whether it can pay for a use at that instant."""
        return self.effective_at <= instant < self.expires_at

    @property
    def used(self) -> int:
        """What uses have taken of it, refunds given back already."""
        return self.credits - self.remaining - self.voided


@dataclass(frozen=True, slots=True)
class PlanChange:
    """From ``at`` on the user holds ``plan``. The first of a history is the registration's."""

    at: datetime
    plan: str


@dataclass(frozen=True, slots=True)
class DueAllowance:
    """An allowance that a month owes: of which plan, how much, usable from when until when."""

    month: Month
    plan: str
    credits: int
    effective_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AllowanceRule:
    """What it takes to know allowances: the calendar, and each plan's credits for a month.

    ``credits_of(month)`` gives the credits by plan of the price list in force when the month began.
    """

    calendar: BillingCalendar
    credits_of: Callable[[Month], Mapping[str, int]] = field(repr=False)


def plan_at(history: Sequence[PlanChange], instant: datetime) -> str:
    """The plan held at ``instant``; ``free`` before the first entry. ``history`` is in order."""
    held = "free"
    for change in history:
        if change.at > instant:
            break
        held = change.plan
    return held


def due_allowances(
    history: Sequence[PlanChange],
    released: Mapping[Month, int],
    rule: AllowanceRule,
    first: Month,
    until: datetime,
    *,
    given: Container[tuple[Month, str]] = (),
) -> list[DueAllowance]:
    """What the months from ``first`` up to the instant ``until`` still owe (rules, section 2).

    ``history`` is in order of ``at``; ``released`` says what each month has released already.
    A month owes the largest allowance held in it: its first plan's at the month's first instant,
    then, at each change to a larger one, the difference to all that it has released. Nothing is
    ever taken back, and asking twice owes nothing more. A plan releases once a month: what
    ``given`` names is not owed again, even where a price list published at the month's first
    instant would give more.
    """
    due: list[DueAllowance] = []
    if not history:
        return due
    for month in first.until(rule.calendar.month_of(until)):
        due += _owed_by(month, history, released.get(month, 0), rule, until, given=given)
    return due


def _owed_by(
    month: Month,
    history: Sequence[PlanChange],
    released: int,
    rule: AllowanceRule,
    until: datetime,
    *,
    given: Container[tuple[Month, str]],
) -> Iterable[DueAllowance]:
    start, end = rule.calendar.start(month), rule.calendar.end(month)
    allowances = rule.credits_of(month)
    # Before the first entry there was no user, so nothing was held, not even the free plan.
    held = [PlanChange(start, plan_at(history, start))] if history[0].at <= start else []
    held += [change for change in history if start < change.at < end and change.at <= until]
    owed = []
    for spell in held:
        allowance = allowances.get(spell.plan, 0)
        if allowance > released and (month, spell.plan) not in given:
            owed.append(DueAllowance(month, spell.plan, allowance - released, spell.at, end))
            released = allowance
    return owed


@dataclass(frozen=True, slots=True)
class HeldChange:
    """One change of what a grant holds: ``credits`` is negative for a burn or a void."""

    at: datetime
    credits: int


def least_held(remaining: int, changes: Sequence[HeldChange], since: datetime) -> int:
    """The least a grant held at any instant from ``since`` until now (rules, section 3).

    ``remaining`` is what it holds after all ``changes``, in any order. A late use may take no
    more than this, so no past balance turns negative.
    """
    after = sorted((change for change in changes if change.at > since), key=lambda c: c.at)
    held = remaining
    least = held
    for position in range(len(after) - 1, -1, -1):
        held -= after[position].credits
        same_instant = position > 0 and after[position - 1].at == after[position].at
        if not same_instant:
            least = min(least, held)
    return least
