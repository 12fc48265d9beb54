"""What users hold, as of any instant: balances, ledgers and the lines of lists (rules, section 1).

Reads write nothing: allowances that are due but not stored are added in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain import ledger as ledger_rules
from app.domain.calendar import AHEAD_OF_CLOCK, Month, from_ms, instant_of, to_ms
from app.domain.charges import burn_order
from app.domain.grants import DueAllowance, Grant, GrantKind, plan_at
from app.domain.ledger import EntryKind, LedgerEntry, Position
from app.domain.proof import Proof, ProofPart, parts_of
from app.domain.users import PLANS, Account, MonthlyUse, UserSummary
from app.services.office import Work
from app.storage import allowances, charges, grants, listing, users

_BEFORE_ALL = -1
_ACT = 2
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
    held: Holdings | None = None,
) -> list[LedgerEntry]:
    """The newest ``limit`` entries older than ``before`` that ``shown`` lets through.

    ``held`` is what the user held at ``at``, where that is known already.
    """
    held = held or held_by(work, row, at)
    cursor, balance = _cursor(work, row, before, held)
    page = limit if shown.everything else None
    # "Now" shows all on record, even what lies minutes ahead of the clock.
    last = to_ms(held.horizon + (AHEAD_OF_CLOCK if at is None else timedelta()))
    use_cursor = None if cursor is None else _use_cursor(cursor)
    uses = charges.uses_before(work.session, row.id, last, use_cursor, page, free=shown.free)
    names = work.book.names()
    entries = list(_entries_but_uses(work, row, held))
    entries += [ledger_rules.entry_of_use(use, names) for use in uses]
    if at is not None:
        entries = [
            replace(entry, expected=entry.at > work.now) for entry in entries if entry.at <= at
        ]
    told = ledger_rules.newest_first(entries, balance, cursor, page)
    if shown.everything:
        return told
    return [entry for entry in told if shown.takes(entry, work)][:limit]


def proof(
    work: Work, row: users.UserRow, at: datetime | None, held: Holdings | None = None
) -> Proof:
    """What a balance is made of: the parts from the entries, the balance from the grants."""
    held = held or held_by(work, row, at)
    last = to_ms(held.horizon + (AHEAD_OF_CLOCK if at is None else timedelta()))
    entries = [*_entries_but_uses(work, row, held)]
    credits, uses = charges.used_until(work.session, row.id, last)
    used = ProofPart(EntryKind.USE, -credits, uses)
    parts = parts_of((entry for entry in entries if to_ms(entry.at) <= last), used)
    return Proof(parts, _available(held), held.horizon)


def _entries_but_uses(work: Work, row: users.UserRow, held: Holdings) -> Iterator[LedgerEntry]:
    yield from ledger_rules.entries_of_grants(held.every, held.horizon)
    for correction in charges.returns_of_user(work.session, row.id):
        yield ledger_rules.entry_of_return(correction)
    for correction in charges.voids_of_user(work.session, row.id):
        yield ledger_rules.entry_of_void(correction)


def _cursor(
    work: Work, row: users.UserRow, before: LedgerEntry | datetime | None, held: Holdings
) -> tuple[Position | None, int]:
    """Where to go on, and the balance there: before the cursor, or at the end of the ledger."""
    if isinstance(before, LedgerEntry):
        return before.position, before.balance - before.credits
    if before is None:
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
