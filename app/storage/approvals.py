"""Grants that wait for somebody's approval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.approvals import Approval
from app.domain.calendar import from_ms
from app.domain.errors import UnknownRecord
from app.storage.engine import Session
from app.storage.sqlite import can_be_an_id

_APPROVAL = """
SELECT a.id, u.user_id, a.credits, a.reason, a.note, a.ticket, a.validity, a.expires_at, s.email,
  a.asked_at, d.email, a.decided_at, a.approved, a.decision_note, a."grant"
FROM approval a JOIN user u ON u.id = a.user JOIN staff s ON s.id = a.asked_by
  LEFT JOIN staff d ON d.id = a.decided_by
"""


@dataclass(frozen=True, slots=True)
class NewApproval:
    """What is asked for; instants in milliseconds."""

    user: int
    credits: int
    reason: str
    note: str
    ticket: str
    validity: str
    expires_at: int | None
    key: str | None
    asked_by: int
    asked_at: int


def add(session: Session, new: NewApproval) -> int:
    """The number of a new question for approval."""
    return session.add_row(
        "INSERT INTO approval (user, credits, reason, note, ticket, validity, expires_at, key,"
        " asked_by, asked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(new.user, new.credits, new.reason, new.note, new.ticket, new.validity),
            *(new.expires_at, new.key, new.asked_by, new.asked_at),
        ),
    )


def by_id(session: Session, number: int) -> Approval:
    """An approval; ``UnknownRecord`` where there is none."""
    row = session.one(_APPROVAL + " WHERE a.id = ?", (number,)) if can_be_an_id(number) else None
    if row is None:
        raise UnknownRecord("approval", number)
    return _approval(row)


def by_key(session: Session, key: str) -> Approval | None:
    """The approval that was asked for with that idempotency key."""
    row = session.one(_APPROVAL + " WHERE a.key = ?", (key,))
    return None if row is None else _approval(row)


def waiting(session: Session) -> list[Approval]:
    """What waits, oldest first."""
    rows = session.run(_APPROVAL + " WHERE a.approved IS NULL ORDER BY a.asked_at, a.id")
    return [_approval(row) for row in rows]


def decided(session: Session, asker: int, after: int) -> list[Approval]:
    """What others decided of what a member of staff asked for after ``after`` (ms), in order."""
    rows = session.run(
        _APPROVAL + " WHERE a.asked_by = ? AND a.decided_at > ? AND a.decided_by <> a.asked_by"
        " ORDER BY a.decided_at, a.id",
        (asker, after),
    )
    return [_approval(row) for row in rows]


def waiting_for(session: Session, user: int) -> list[Approval]:
    """What waits for one user, oldest first."""
    rows = session.run(
        _APPROVAL + " WHERE a.approved IS NULL AND a.user = ? ORDER BY a.asked_at, a.id", (user,)
    )
    return [_approval(row) for row in rows]


def decide(
    session: Session, number: int, *, by: int, at: int, approved: bool, note: str, grant: int | None
) -> None:
    """Put the decision on record; a trigger refuses a second one."""
    session.run(
        "UPDATE approval SET decided_by = ?, decided_at = ?, approved = ?, decision_note = ?,"
        ' "grant" = ? WHERE id = ?',
        (by, at, int(approved), note, grant, number),
    )


def _approval(row: Sequence[Any]) -> Approval:
    number, user, credits, reason, note, ticket, validity, expires, asker, asked = row[:10]
    decider, decided, approved, decision_note, grant = row[10:]
    return Approval(
        id=number,
        user_id=user,
        credits=credits,
        reason=reason,
        note=note,
        ticket=ticket,
        validity=validity,
        expires_at=None if expires is None else from_ms(expires),
        asked_by=asker,
        asked_at=from_ms(asked),
        decided_by=decider or "",
        decided_at=None if decided is None else from_ms(decided),
        approved=None if approved is None else bool(approved),
        decision_note=decision_note or "",
        grant_id=grant,
    )


def asker(session: Session, number: int) -> int:
    """The number of the member of staff who asked."""
    return int(session.value("SELECT asked_by FROM approval WHERE id = ?", (number,)))
