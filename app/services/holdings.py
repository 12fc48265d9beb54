"""What users hold, as of any instant: balances, ledgers and the lines of lists (rules, section 1).

Reads write nothing: allowances that are due but not stored are added in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain import ledger as ledger_rules
from app.domain.calendar import AHEAD_OF_CLOCK, Month, from_ms, instant_of, to_ms
from app.domain.charges import burn_order
from app.domain.grants import DueAllowance, Grant, GrantKind, plan_at
from app.domain.ledger import EntryKind, LedgerEntry, Position
from app.domain.users import Account, MonthlyUse, UserSummary
from app.services.office import Work
from app.storage import charges, grants, users

_BEFORE_ALL = -1
_ACT = 2


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
    due = grants.due(work.session, row, until, work.rule)
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


@dataclass(frozen=True, slots=True)
class Shown:
    """Which entries a ledger shows."""

    kinds: frozenset[EntryKind] | None
    feature: str | None
    month: Month | None
    free: bool

    @property
    def everything(self) -> bool:
        """Whether no filter is set, so that pages can be read one at a time."""
        return self.kinds is None and self.feature is None and self.month is None

    def takes(self, entry: LedgerEntry, work: Work) -> bool:
        """Whether the filters let an entry through."""
        return (
            (self.kinds is None or entry.kind in self.kinds)
            and (self.feature is None or entry.feature == self.feature)
            and (self.month is None or work.calendar.month_of(entry.at) == self.month)
        )


def ledger(
    work: Work,
    row: users.UserRow,
    at: datetime | None,
    before: LedgerEntry | datetime | None,
    *,
    limit: int | None,
    shown: Shown,
) -> list[LedgerEntry]:
    """The newest ``limit`` entries older than ``before`` that ``shown`` lets through."""
    cursor, balance = _cursor(work, row, at, before)
    held = held_by(work, row, at)
    page = limit if shown.everything else None
    # "Now" shows all on record, even what lies minutes ahead of the clock.
    last = to_ms(held.horizon + (AHEAD_OF_CLOCK if at is None else timedelta()))
    use_cursor = None if cursor is None else _use_cursor(cursor)
    uses = charges.uses_before(work.session, row.id, last, use_cursor, page, free=shown.free)
    names = work.book.names()
    entries = list(ledger_rules.entries_of_grants(held.every, held.horizon))
    entries += [ledger_rules.entry_of_use(use, names) for use in uses]
    for correction in charges.returns_of_user(work.session, row.id):
        entries.append(ledger_rules.entry_of_return(correction))
    for correction in charges.voids_of_user(work.session, row.id):
        entries.append(ledger_rules.entry_of_void(correction))
    if at is not None:
        entries = [
            replace(entry, expected=entry.at > work.now) for entry in entries if entry.at <= at
        ]
    told = ledger_rules.newest_first(entries, balance, cursor, page)
    if shown.everything:
        return told
    return [entry for entry in told if shown.takes(entry, work)][:limit]


def _cursor(
    work: Work, row: users.UserRow, at: datetime | None, before: LedgerEntry | datetime | None
) -> tuple[Position | None, int]:
    """Where to go on, and the balance there: before the cursor, or at the end of the ledger."""
    if isinstance(before, LedgerEntry):
        return before.position, before.balance - before.credits
    if before is None:
        held = held_by(work, row, at)
        return None, _available(held)
    moment = instant_of(before, "before")
    just_before = from_ms(to_ms(moment) - 1)
    position = (to_ms(moment), _BEFORE_ALL, 0, 0, 0)
    return position, _available(held_by(work, row, just_before))


def _available(held: Holdings) -> int:
    return sum(grant.remaining for grant in held.every if grant.expires_at > held.horizon)


def _use_cursor(cursor: Position) -> tuple[int, int]:
    at, phase, position, rank, _ = cursor
    if phase < _ACT:
        return at, 0
    return at, position if rank == 0 else position + 1


def by_month(work: Work, rows: Iterable[tuple[int, str, int, int, bool]]) -> tuple[MonthlyUse, ...]:
    """Uses (instant in ms, feature, quantity, credits, refused) by month and feature."""
    sums: dict[tuple[Month, str], list[int]] = {}
    for at, feature, quantity, credits, refused in rows:
        cell = sums.setdefault((work.calendar.month_of_ms(at), feature), [0, 0, 0])
        if refused:
            cell[2] += quantity
        else:
            cell[0] += quantity
            cell[1] += credits
    return tuple(
        MonthlyUse(month, feature, *cell) for (month, feature), cell in sorted(sums.items())
    )


def summaries(work: Work, numbers: Sequence[int]) -> list[UserSummary]:
    """The lines of the list of users for these, in their order; counts what is due."""
    found = []
    for number in numbers:
        row = users.row_by_id(work.session, number)
        user = users.user_by_id(work.session, number)
        held = held_by(work, row, None)
        usable = [g for g in held.every if g.expires_at > held.horizon and g.remaining > 0]
        found.append(
            UserSummary(
                user_id=user.user_id,
                email=user.email,
                name=user.name,
                plan=user.plan,
                available=sum(grant.remaining for grant in usable),
                registered_at=user.registered_at,
                referral_code=user.referral_code,
                next_expiry=min((grant.expires_at for grant in usable), default=None),
            )
        )
    return found
