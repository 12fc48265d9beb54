"""What days moved, read for months and comparisons: apart from what every charge counts with."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.flows import DayFlow, Moved
from app.storage.engine import Session
from app.storage.flows import KINDS, Flow

_MOVED: Mapping[int, Moved] = {
    Flow.GIVEN: Moved.GIVEN,
    Flow.USED: Moved.USED,
    Flow.RETURNED: Moved.RETURNED,
    Flow.VOIDED: Moved.VOIDED,
}


def by_day(session: Session, first: int) -> list[DayFlow]:
    """What was used, returned and voided on each day from ``first`` on, its parts together."""
    rows = session.run(
        "SELECT day, kind, sum(credits) FROM flow WHERE day >= ? AND kind > ? GROUP BY 1, 2",
        (first, int(Flow.GIVEN)),
    )
    return [DayFlow(day, _MOVED[kind], "", credits) for day, kind, credits in rows]


def parts_by_day(session: Session, first: int, flow: Flow) -> list[DayFlow]:
    """What was given by kind of grant, or used by feature, on each day from ``first`` on."""
    rows = session.run(
        "SELECT w.day, w.part, w.credits, f.key FROM flow w LEFT JOIN feature f ON f.id = w.part"
        " WHERE w.day >= ? AND w.kind = ?",
        (first, int(flow)),
    )
    moved, given = _MOVED[flow], flow is Flow.GIVEN
    return [
        DayFlow(day, moved, KINDS[part - 1].value if given else key, credits)
        for day, part, credits, key in rows
    ]


def left_by_day(session: Session, first: int) -> Mapping[int, int]:
    """What is left of grants by the day with which they expire, from the day ``first`` on."""
    rows = session.run("SELECT day, credits FROM outstanding WHERE day >= ?", (first,))
    return dict(rows.fetchall())


def expired_between(session: Session, after: int, until: int) -> int:
    """What is left of grants that expire after one instant (ms) and not later than another."""
    value = session.value(
        'SELECT coalesce(sum(remaining), 0) FROM "grant" WHERE expires_at > ? AND expires_at <= ?',
        (after, until),
    )
    return int(value)
