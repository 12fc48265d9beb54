"""What users hold, as of any instant: balances and the lines of lists (rules, section 1).

Reads write nothing: allowances that are due but not stored are added in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.calendar import from_ms, to_ms
from app.domain.charges import burn_order
from app.domain.grants import DueAllowance, Grant, GrantKind, plan_at
from app.domain.users import PLANS, Account, UserQuery, UserSummary
from app.services.office import Work
from app.storage import allowances, grants, listing, users

SOON = timedelta(days=7)
"""What a list calls expiring soon."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """Grants of a user as of an instant: ``expected`` among ``every`` are not on record yet."""

    every: tuple[Grant, ...]
    horizon: datetime


def held_by(work: Work, row: users.UserRow, at: datetime | None) -> Holdings:
    """All grants of a user, stored, due and expected, with what each held at ``at``."""
    horizon = at or work.now
    known = grants.of_user(work.session, row.id)
    until = max(horizon, work.now)
    due = allowances.due(work.session, row, until, work.rule)
    known += [_as_grant(row.user_id, allowance, work.now) for allowance in due]
    if at is None:
        return Holdings(tuple(known), horizon)
    moved = grants.moved_after(work.session, row.id, to_ms(at))
    voided = grants.voided_after(work.session, row.id, to_ms(at))
    past = tuple(
        replace(
            grant,
            remaining=grant.remaining + moved.get(grant.id, 0),
            voided=grant.voided - voided.get(grant.id, 0),
        )
        for grant in known
        if grant.effective_at <= at
    )
    return Holdings(past, horizon)


def _as_grant(user_id: str, allowance: DueAllowance, now: datetime) -> Grant:
    return Grant(
        id=0,
        user_id=user_id,
        kind=GrantKind.MONTHLY_ALLOWANCE,
        credits=allowance.credits,
        remaining=allowance.credits,
        effective_at=allowance.effective_at,
        expires_at=allowance.expires_at,
        staff="system",
        month=allowance.month,
        plan=allowance.plan,
        recorded_at=allowance.effective_at,
        expected=allowance.effective_at > now,
    )


def account(work: Work, row: users.UserRow, held: Holdings, at: datetime | None) -> Account:
    """The account of a user, from what they held at ``at`` (``None``: now)."""
    usable = [g for g in held.every if g.expires_at > held.horizon and g.remaining > 0]
    usable.sort(key=burn_order)
    user = users.user(work.session, row.user_id)
    history = users.plan_history(work.session, row.id)
    plan = user.plan if at is None else plan_at(history, at)
    upcoming = work.calendar.month_of(held.horizon).next
    return Account(
        user=user,
        plan=plan,
        available=sum(grant.remaining for grant in usable),
        grants=tuple(usable),
        expected=tuple(grant for grant in held.every if grant.expected),
        at=held.horizon,
        all_grants=tuple(sorted(held.every, key=lambda g: (g.effective_at, g.id), reverse=True)),
        next_release_at=work.calendar.start(upcoming),
        next_release_credits=work.book.allowances(upcoming, work.calendar).get(plan, 0),
    )


def available_of(held: Holdings) -> int:
    """What all grants held are good for at their horizon."""
    return sum(grant.remaining for grant in held.every if grant.expires_at > held.horizon)


def present(work: Work) -> listing.Present:
    """What the filters of the list of users compare with."""
    month = work.calendar.month_of(work.now)
    return listing.Present(
        now=work.now_ms,
        soon=to_ms(work.now + SOON),
        month=month.number,
        month_end=work.calendar.start_ms(month.next),
        allowances=work.book.allowances(month, work.calendar),
        calendar=work.calendar,
    )


def summaries(work: Work, numbers: Sequence[int]) -> list[UserSummary]:
    """The lines of the list of users for these, in their order; counts what is due.

    One statement reads them all; allowances are worked out only for whom one is due.
    """
    found = listing.lines(work.session, numbers, work.now_ms)
    return [_summary(work, found[number]) for number in numbers if number in found]


def every(work: Work, query: UserQuery, size: int = 200) -> Iterator[list[UserSummary]]:
    """All lines of a list in its order, ``size`` at a time."""
    found = listing.page(work.session, query, present(work), 0, -1)
    for start in range(0, len(found), size):
        yield summaries(work, found[start : start + size])


def _summary(work: Work, line: listing.Line) -> UserSummary:
    due = _due_now(work, line)
    expiries = [to_ms(allowance.expires_at) for allowance in due]
    if line.next_expiry is not None:
        expiries.append(line.next_expiry)
    return UserSummary(
        user_id=line.user_id,
        email=line.email,
        name=line.name,
        plan=PLANS[line.plan],
        available=line.held + sum(allowance.credits for allowance in due),
        registered_at=from_ms(line.registered_at),
        referral_code=line.referral_code,
        next_expiry=from_ms(min(expiries)) if expiries else None,
        referred_by=line.referred_by,
        referrer_id=line.referrer,
    )


def _due_now(work: Work, line: listing.Line) -> list[DueAllowance]:
    """The allowances of a line that are due and usable, but not stored yet."""
    if line.next_release_at is None or line.next_release_at > work.now_ms:
        return []
    first = work.calendar.month_of_ms(line.next_release_at)
    owed = allowances.due_since(work.session, line.id, first, work.now, work.rule)
    return [allowance for allowance in owed if allowance.expires_at > work.now]
