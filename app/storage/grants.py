"""Grants: what users hold, what months release, and what is outstanding until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from app.domain.calendar import BillingCalendar, Month, from_ms, to_ms
from app.domain.errors import UnknownRecord
from app.domain.grants import (
    AllowanceRule,
    DueAllowance,
    Grant,
    GrantKind,
    HeldChange,
    due_allowances,
    least_held,
)
from app.domain.users import PLANS
from app.storage import users
from app.storage.engine import Session

KINDS = tuple(GrantKind)
SYSTEM = 1
"""The product's own row in the table of staff: it makes what the rules give by themselves."""
_ALLOWANCE = KINDS.index(GrantKind.MONTHLY_ALLOWANCE) + 1

_GRANT = """
SELECT g.id, u.user_id, g.kind, g.credits, g.remaining, g.effective_at, g.expires_at,
  coalesce(g.reason, ''), coalesce(g.note, ''), coalesce(g.ticket, ''), s.email, g.month, g.plan,
  g.recorded_at, coalesce(v.credits, 0), g.position, coalesce(f.user_id, '')
FROM "grant" g JOIN user u ON u.id = g.user JOIN staff s ON s.id = g.staff
  LEFT JOIN void v ON v."grant" = g.id LEFT JOIN user f ON f.id = g.friend
"""


class Purse(NamedTuple):
    """A grant as burn-down needs it; instants in milliseconds."""

    id: int
    kind: str
    credits: int
    remaining: int
    effective_at: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class NewGrant:
    """What a new grant is made of, beside the user; instants in milliseconds."""

    kind: GrantKind
    credits: int
    effective_at: int
    expires_at: int
    recorded_at: int
    staff: int = SYSTEM
    month: int | None = None
    plan: str | None = None
    friend: int | None = None
    reason: str | None = None
    note: str | None = None
    ticket: str | None = None
    key: str | None = None


def _grant(row: Iterable[Any]) -> Grant:
    (number, user, kind, credits, remaining, start, end, reason, note, ticket, staff, month) = (
        *(values := list(row))[:12],
    )
    plan, recorded, voided, position, friend = values[12:]
    return Grant(
        id=number,
        user_id=user,
        kind=KINDS[kind - 1],
        credits=credits,
        remaining=remaining,
        effective_at=from_ms(start),
        expires_at=from_ms(end),
        reason=reason,
        note=note,
        ticket=ticket,
        staff=staff,
        month=None if month is None else Month.from_number(month),
        plan="" if plan is None else PLANS[plan],
        recorded_at=from_ms(recorded),
        voided=voided,
        position=position,
        friend=friend,
    )


def of_user(session: Session, number: int) -> list[Grant]:
    """Every grant of a user on record, by its id; ``remaining`` after all that is on record."""
    return [
        _grant(row) for row in session.run(_GRANT + " WHERE g.user = ? ORDER BY g.id", (number,))
    ]


def by_id(session: Session, number: int) -> Grant:
    """A grant; ``UnknownRecord`` where there is none."""
    row = session.one(_GRANT + " WHERE g.id = ?", (number,))
    if row is None:
        raise UnknownRecord("grant", number)
    return _grant(row)


def by_key(session: Session, key: str) -> Grant | None:
    """The grant with that idempotency key."""
    row = session.one(_GRANT + ' WHERE g."key" = ?', (key,))
    return None if row is None else _grant(row)


def by_ticket(session: Session, ticket: str) -> list[Grant]:
    """The grants given for a ticket, newest first."""
    return [
        _grant(r) for r in session.run(_GRANT + " WHERE g.ticket = ? ORDER BY g.id DESC", (ticket,))
    ]


def add(session: Session, user: int, new: NewGrant, calendar: BillingCalendar) -> int:
    """The number of a new grant of a user, counted in what is outstanding."""
    number = session.add_row(
        'INSERT INTO "grant" (user, kind, credits, remaining, effective_at, expires_at,'
        " recorded_at, position, staff, month, plan, friend, reason, note, ticket, key)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM charge),"
        " ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            user,
            KINDS.index(new.kind) + 1,
            new.credits,
            new.credits,
            new.effective_at,
            new.expires_at,
            new.recorded_at,
            new.staff,
            new.month,
            None if new.plan is None else PLANS.index(new.plan),
            new.friend,
            new.reason,
            new.note,
            new.ticket,
            new.key,
        ),
    )
    add_outstanding(session, calendar, new.expires_at, new.credits)
    return number


def add_outstanding(
    session: Session, calendar: BillingCalendar, expires_at: int, credits: int
) -> None:
    """Count ``credits`` (negative for a use) in what expires in the month of ``expires_at``.

    Something that expires at the first instant of a month was valid until the end of the one
    before, and counts there.
    """
    session.run(
        "INSERT INTO outstanding (month, credits) VALUES (?1, max(?2, 0))"
        " ON CONFLICT (month) DO UPDATE SET credits = credits + ?2",
        (calendar.month_number_of_ms(expires_at - 1), credits),
    )


def move(
    session: Session, calendar: BillingCalendar, grant: int, expires_at: int, credits: int
) -> None:
    """Take (negative) or give back ``credits`` of a grant."""
    session.run('UPDATE "grant" SET remaining = remaining + ? WHERE id = ?', (credits, grant))
    add_outstanding(session, calendar, expires_at, credits)


def purses(session: Session, user: int, at: int) -> list[Purse]:
    """The grants of a user that can pay for a use at ``at`` (ms), with what each may give then.

    Where a refund has given something back after ``at``, a grant may give no more than the least
    it held since (rules, section 3).
    """
    rows = session.run(
        "SELECT g.id, g.kind, g.credits, g.remaining, g.effective_at, g.expires_at,"
        " EXISTS (SELECT 1 FROM returned r JOIN refund f ON f.id = r.refund"
        '  WHERE r."grant" = g.id AND f.at > ?2)'
        ' FROM "grant" g WHERE g.user = ?1 AND g.expires_at > ?2 AND g.effective_at <= ?2'
        " AND g.remaining > 0 ORDER BY g.expires_at, g.effective_at, g.kind <> 3, g.id",
        (user, at),
    ).fetchall()
    return [_purse(session, row, at) for row in rows]


def _purse(session: Session, row: Any, at: int) -> Purse:
    number, kind, credits, remaining, start, end, refunded_since = row
    if refunded_since:
        remaining = least_held(remaining, changes_after(session, number, at), from_ms(at))
    return Purse(number, KINDS[kind - 1].value, credits, remaining, start, end)


def changes_after(session: Session, grant: int, at: int) -> list[HeldChange]:
    """What moved in a grant after ``at`` (ms)."""
    rows = session.run(
        "SELECT c.occurred_at, -b.credits FROM burn b JOIN charge c ON c.id = b.charge"
        ' WHERE b."grant" = ?1 AND c.occurred_at > ?2'
        " UNION ALL SELECT f.at, r.credits FROM returned r JOIN refund f ON f.id = r.refund"
        ' WHERE r."grant" = ?1 AND f.at > ?2'
        ' UNION ALL SELECT at, -credits FROM void WHERE "grant" = ?1 AND at > ?2',
        (grant, at),
    )
    return [HeldChange(from_ms(moment), credits) for moment, credits in rows]


def moved_after(session: Session, user: int, at: int) -> dict[int, int]:
    """By grant of a user, what to add to what remains to get what it held at ``at`` (ms)."""
    rows = session.run(
        'SELECT b."grant", b.credits FROM charge c JOIN burn b ON b.charge = c.id'
        " WHERE c.user = ?1 AND c.occurred_at > ?2"
        ' UNION ALL SELECT r."grant", -r.credits FROM "grant" g'
        ' JOIN returned r ON r."grant" = g.id JOIN refund f ON f.id = r.refund'
        " WHERE g.user = ?1 AND f.at > ?2"
        ' UNION ALL SELECT v."grant", v.credits FROM "grant" g JOIN void v ON v."grant" = g.id'
        " WHERE g.user = ?1 AND v.at > ?2",
        (user, at),
    )
    moved: dict[int, int] = {}
    for grant, credits in rows:
        moved[grant] = moved.get(grant, 0) + credits
    return moved


def voided_after(session: Session, user: int, at: int) -> dict[int, int]:
    """By grant of a user, what was voided after ``at`` (ms)."""
    rows = session.run(
        'SELECT v."grant", v.credits FROM "grant" g JOIN void v ON v."grant" = g.id'
        " WHERE g.user = ? AND v.at > ?",
        (user, at),
    )
    return dict(rows.fetchall())


# Allowances -------------------------------------------------------------------------------------


def released(session: Session, user: int, first: Month) -> dict[Month, int]:
    """What each month from ``first`` on has released to a user already."""
    rows = session.run(
        'SELECT month, sum(credits) FROM "grant" WHERE user = ? AND kind = 3 AND month >= ?'
        " GROUP BY month",
        (user, first.number),
    )
    return {Month.from_number(month): credits for month, credits in rows}


def due(
    session: Session, row: users.UserRow, until: datetime, rule: AllowanceRule
) -> list[DueAllowance]:
    """The allowances due to a user by ``until`` that are not stored yet."""
    if row.next_release_at is None or row.next_release_at > to_ms(until):
        return []
    return due_since(session, row.id, rule.calendar.month_of_ms(row.next_release_at), until, rule)


def due_since(
    session: Session, user: int, first: Month, until: datetime, rule: AllowanceRule
) -> list[DueAllowance]:
    """The allowances that the months from ``first`` on owe a user by ``until``."""
    history = users.plan_history(session, user)
    return due_allowances(history, released(session, user, first), rule, first, until)


def store_due(
    session: Session, user: int, allowances: Iterable[DueAllowance], calendar: BillingCalendar
) -> list[int]:
    """Store allowances that are due. Whoever looks first, they are recorded as of their release."""
    return [
        add(
            session,
            user,
            NewGrant(
                kind=GrantKind.MONTHLY_ALLOWANCE,
                credits=allowance.credits,
                effective_at=to_ms(allowance.effective_at),
                expires_at=to_ms(allowance.expires_at),
                recorded_at=to_ms(allowance.effective_at),
                month=allowance.month.number,
                plan=allowance.plan,
            ),
            calendar,
        )
        for allowance in allowances
    ]


def set_next_release(session: Session, user: int, at: int | None) -> None:
    """When to look for allowances of a user next (ms); ``None`` while the plan gives none."""
    session.run("UPDATE user SET next_release_at = ? WHERE id = ?", (at, user))


def earliest_release(session: Session) -> int | None:
    """The earliest instant (ms) at which somebody's allowance may be due."""
    value: int | None = session.value(
        "SELECT min(next_release_at) FROM user WHERE next_release_at IS NOT NULL"
    )
    return value


def release_month(
    session: Session, calendar: BillingCalendar, month: Month, plans: Mapping[str, int]
) -> tuple[int, int]:
    """Release a month to everybody whose allowances are stored up to its beginning.

    ``plans`` gives each plan's credits. Returns how many grants were made and their credits.
    """
    start, end = calendar.start_ms(month), calendar.start_ms(month.next)
    grants = credits = 0
    for plan, allowance in plans.items():
        if allowance > 0:
            made = session.run(
                'INSERT INTO "grant" (user, kind, credits, remaining, effective_at, expires_at,'
                " recorded_at, position, staff, month, plan)"
                " SELECT id, ?, ?, ?, ?, ?, ?, 0, ?, ?, plan FROM user"
                " WHERE next_release_at <= ? AND plan = ?",
                (
                    *(_ALLOWANCE, allowance, allowance, start, end, start),
                    *(SYSTEM, month.number, start, PLANS.index(plan)),
                ),
            ).rowcount
            grants += made
            credits += made * allowance
    if credits:
        add_outstanding(session, calendar, end, credits)
    return grants, credits


def mark_released(session: Session, until: int, following: int) -> None:
    """Everybody due by ``until`` (ms) is released; look again at ``following`` (ms)."""
    session.run(
        "UPDATE user SET next_release_at = ? WHERE next_release_at <= ?", (following, until)
    )


# Staff's grants ---------------------------------------------------------------------------------


def given_since(session: Session, staff: int, since: int) -> int:
    """The credits a member of staff gave from ``since`` (ms) on."""
    value = session.value(
        'SELECT coalesce(sum(credits), 0) FROM "grant" WHERE staff = ? AND recorded_at >= ?'
        " AND kind = 4",
        (staff, since),
    )
    return int(value)


@dataclass(frozen=True, slots=True)
class NewVoid:
    """What a void is made of; instants in milliseconds."""

    grant: int
    credits: int
    at: int
    recorded_at: int
    staff: int
    reason: str
    note: str
    key: str | None


def add_void(session: Session, void: NewVoid, calendar: BillingCalendar, expires_at: int) -> int:
    """Take back what is unused of a grant; the number of the void."""
    number = session.add_row(
        'INSERT INTO void ("grant", credits, at, recorded_at, position, staff, reason, note, key)'
        " VALUES (?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM charge), ?, ?, ?, ?)",
        (
            *(void.grant, void.credits, void.at, void.recorded_at),
            *(void.staff, void.reason, void.note, void.key),
        ),
    )
    move(session, calendar, void.grant, expires_at, -void.credits)
    return number


def void_by_key(session: Session, key: str) -> tuple[int, str] | None:
    """The grant and the reason of the void with that key."""
    row = session.one('SELECT "grant", reason FROM void WHERE key = ?', (key,))
    return None if row is None else (row[0], row[1])


def owner(session: Session, grant: int) -> int:
    """The number of the user a grant belongs to; ``UnknownRecord`` where there is no such grant."""
    found = session.value('SELECT user FROM "grant" WHERE id = ?', (grant,))
    if found is None:
        raise UnknownRecord("grant", grant)
    return int(found)
