"""What is counted of requests, one fact each."""

from __future__ import annotations

from app.domain.calendar import from_ms
from app.domain.request_numbers import Fact
from app.domain.requests import STATES, Request
from app.storage import requests
from app.storage.engine import Session

# A refund that answers several requests is counted with the first of them alone.
_GIVEN = """
  coalesce(g.credits, CASE WHEN q.charge IS NOT NULL AND NOT EXISTS (SELECT 1 FROM request e
    WHERE e.charge = q.charge AND (e.resolved_at, e.id) < (q.resolved_at, q.id))
    THEN c.credits END, 0)
"""
_FROM = """
FROM request q LEFT JOIN staff s ON s.id = q.resolved_by LEFT JOIN "grant" g ON g.id = q."grant"
  LEFT JOIN charge c ON c.id = q.charge LEFT JOIN refund r ON r.charge = q.charge
"""


def facts(session: Session, start: int, end: int) -> list[Fact]:
    """Of the requests not resolved, and of those that anything happened to in an interval (ms)."""
    rows = session.run(
        "SELECT coalesce(q.category, ''), q.state, q.opened_at, q.first_claimed_at, q.resolved_at,"
        f" coalesce(s.email, ''), {_GIVEN}, coalesce(g.reason, r.reason, '') {_FROM}"
        " WHERE q.state < 2 OR q.resolved_at >= ?1 AND q.resolved_at < ?2"
        " OR q.opened_at >= ?1 AND q.opened_at < ?2"
        " OR q.first_claimed_at >= ?1 AND q.first_claimed_at < ?2",
        (start, end),
    )
    return [
        Fact(
            category=category,
            state=STATES[state],
            opened_at=from_ms(opened),
            answered_at=None if answered is None else from_ms(answered),
            resolved_at=None if resolved is None else from_ms(resolved),
            resolved_by=by,
            credits=credits,
            reason=reason,
        )
        for category, state, opened, answered, resolved, by, credits, reason in rows
    ]


def resolved_by(session: Session, staff: int, since: int) -> list[tuple[Request, int]]:
    """The requests that somebody resolved since an instant (ms), with what each gave; new first."""
    rows = session.run(
        f"SELECT q.id, {_GIVEN} {_FROM} WHERE q.state >= 2 AND q.resolved_by = ?"
        " AND q.resolved_at >= ? ORDER BY q.resolved_at DESC, q.id DESC",
        (staff, since),
    ).fetchall()
    return [(requests.by_id(session, number), credits) for number, credits in rows]
