"""Grants: what users hold, what months release, and what is outstanding until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.domain.calendar import BillingCalendar, Month, from_ms
from app.domain.errors import UnknownRecord
from app.domain.grants import (
    Grant,
    GrantKind,
    HeldChange,
    least_held,
)
from app.domain.users import PLANS
from app.storage import flows
from app.storage.engine import Session
from app.storage.flows import Flow
from app.storage.sqlite import can_be_an_id

KINDS = flows.KINDS
SYSTEM = 1
"""The product's own row in the table of staff: it makes what the rules give by themselves."""

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
    row = session.one(_GRANT + " WHERE g.id = ?", (number,)) if can_be_an_id(number) else None
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
    day = calendar.day_number_of_ms(new.effective_at)
    flows.add(session, day, Flow.GIVEN, new.credits, KINDS.index(new.kind) + 1)
    return number


def add_outstanding(
    session: Session, calendar: BillingCalendar, expires_at: int, credits: int
) -> None:
    """Count ``credits`` (negative for a use) in what expires with the day of ``expires_at``.

    Something that expires at the first instant of a day was valid until the end of the one before,
    and counts there.
    """
    session.run(
        "INSERT INTO outstanding (day, credits) VALUES (?1, max(?2, 0))"
        " ON CONFLICT (day) DO UPDATE SET credits = credits + ?2",
        (calendar.day_number_of_ms(expires_at - 1), credits),
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
    flows.add(session, calendar.day_number_of_ms(void.at), Flow.VOIDED, void.credits)
    return number


def void_by_key(session: Session, key: str) -> tuple[int, str] | None:
    """The grant and the reason of the void with that key."""
    row = session.one('SELECT "grant", reason FROM void WHERE key = ?', (key,))
    return None if row is None else (row[0], row[1])


def voided_by(session: Session, grant: int) -> tuple[str, int]:
    """Who voided a grant, and when (ms)."""
    row = session.one(
        'SELECT s.email, v.at FROM void v JOIN staff s ON s.id = v.staff WHERE v."grant" = ?',
        (grant,),
    )
    return row[0], row[1]


def owner(session: Session, grant: int) -> int:
    """The number of the user a grant belongs to; ``UnknownRecord`` where there is no such grant."""
    found = None
    if can_be_an_id(grant):
        found = session.value('SELECT user FROM "grant" WHERE id = ?', (grant,))
    if found is None:
        raise UnknownRecord("grant", grant)
    return int(found)
