"""Charges of jobs that failed, ready to refund."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.calendar import from_ms
from app.domain.failed_jobs import FailedJob
from app.storage.engine import Session

# The latest report counts: a job may be reported as failed first and as succeeded afterwards.
_FAILED = """
FROM outcome o JOIN charge c ON c.id = o.charge JOIN user u ON u.id = c.user
  JOIN feature f ON f.id = c.feature
WHERE o.outcome = 0 AND c.credits > 0 AND c.available IS NULL
  AND o.id = (SELECT max(l.id) FROM outcome l WHERE l.charge = o.charge)
  AND c.occurred_at >= :start AND c.occurred_at < :end AND (:feature IS NULL OR f.key = :feature)
"""
_REFUNDED = "EXISTS (SELECT 1 FROM refund r WHERE r.charge = c.id)"


@dataclass(frozen=True, slots=True)
class Part:
    """Which failed jobs are meant: used from ``start`` to before ``end`` (ms), of one feature."""

    start: int
    end: int
    feature: str | None


def ready(session: Session, part: Part) -> list[FailedJob]:
    """The charges of failed jobs that are not refunded yet, in the order in which they occurred."""
    rows = session.run(
        "SELECT c.id, u.user_id, f.key, c.quantity, c.credits, c.occurred_at, o.at,"
        f" coalesce(c.job, '') {_FAILED} AND NOT {_REFUNDED} ORDER BY c.occurred_at, c.id",
        _values(part),
    )
    return [
        FailedJob(number, user, feature, quantity, credits, from_ms(at), from_ms(told), job)
        for number, user, feature, quantity, credits, at, told, job in rows
    ]


def refunded(session: Session, part: Part) -> int:
    """How many charges of failed jobs were refunded already."""
    return int(session.value(f"SELECT count(*) {_FAILED} AND {_REFUNDED}", _values(part)))


def _values(part: Part) -> dict[str, object]:
    return {"start": part.start, "end": part.end, "feature": part.feature}
