"""What happened to users that they may write to support about: for the queue of made-up data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.storage.engine import Session

# What happened to whom, the latest of each user: user, at, credits, feature.
_HAPPENED = {
    "credits_vanished": "SELECT user, max(expires_at) AS at, remaining AS credits, 0 AS feature"
    ' FROM "grant" WHERE user <= :users AND kind = 3 AND remaining > 0 AND expires_at <= :now'
    " AND expires_at > :now - 40 * :day GROUP BY user",
    "monthly_credits_missing": "SELECT user, max(at) AS at, 0 AS credits, 0 AS feature"
    " FROM plan_change WHERE user <= :users AND plan = 0 AND at > :now - 60 * :day GROUP BY user",
    "upgrade_too_little": "SELECT g.user, max(g.effective_at) AS at, g.credits, 0 AS feature"
    ' FROM "grant" g JOIN "grant" e ON e.user = g.user AND e.kind = 3 AND e.month = g.month'
    " AND e.effective_at < g.effective_at WHERE g.user <= :users AND g.kind = 3"
    " AND g.effective_at > :now - 35 * :day AND g.effective_at <= :now GROUP BY g.user",
    "failed_generation": "SELECT c.user, max(c.occurred_at) AS at, c.credits, c.feature"
    " FROM outcome o JOIN charge c ON c.id = o.charge WHERE o.outcome = 0 AND c.user <= :users"
    " AND c.credits > 0 AND c.available IS NULL AND c.occurred_at > :now - 14 * :day"
    " AND NOT EXISTS (SELECT 1 FROM refund r WHERE r.charge = c.id) GROUP BY c.user",
    "charged_twice": "SELECT c.user, max(c.occurred_at) AS at, c.credits, c.feature FROM charge c"
    " JOIN charge d ON d.job = c.job AND d.user = c.user AND d.id < c.id"
    " WHERE c.user <= min(:users, 5000) AND c.occurred_at > :now - 14 * :day AND c.credits > 0"
    " AND NOT EXISTS (SELECT 1 FROM refund r WHERE r.charge IN (c.id, d.id)) GROUP BY c.user",
    "wrong_price": "SELECT c.user, max(c.occurred_at) AS at, c.credits, c.feature FROM charge c"
    " WHERE c.user <= :users AND c.occurred_at > :now - 3 * :day AND c.available IS NULL"
    " AND c.credits IN (12, 48) GROUP BY c.user",
    "referral_not_paid": "SELECT coalesce(f.referrer, f.id) AS user, max(f.registered_at) AS at,"
    " 12 AS credits, 0 AS feature FROM user f WHERE f.id <= :users AND f.referred_by IS NOT NULL"
    " AND (f.referral_refused IS NOT NULL OR f.registered_at > :now - 60 * :day) GROUP BY 1",
    "signup_bonus": "SELECT user, max(expires_at) AS at, remaining AS credits, 0 AS feature"
    ' FROM "grant" WHERE user <= :users AND kind = 1 AND remaining > 0 AND expires_at <= :now'
    " AND expires_at > :now - 120 * :day GROUP BY user",
    "out_of_credits": "SELECT c.user, max(c.occurred_at) AS at, c.credits, c.feature FROM charge c"
    " WHERE c.user <= :users AND c.occurred_at > :now - 7 * :day AND c.available IS NOT NULL"
    " GROUP BY c.user",
    "other": "SELECT id AS user, :now - 9 * :day AS at, 0 AS credits, 0 AS feature FROM user"
    " WHERE id <= :users AND registered_at < :now - 30 * :day AND (id * 7919) % 101 < 20",
}
_USER = "u.id, u.user_id, u.email, u.name, u.registered_at"
_DAY = 86_400_000
_STORIES = 16
"""How many users, the first, have stories of their own; they write before others do."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where to look: what happened by ``now`` (ms), to the first ``users``, ``most`` of a kind."""

    now: int
    users: int
    most: int


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to a user at an instant (ms), with its figures."""

    user: int
    user_id: str
    email: str
    name: str
    registered_at: int
    at: int
    credits: int = 0
    feature: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """What staff did, or asked for, for a ticket; ``asked_at`` (ms) is when they decided to."""

    happened: Happened
    staff: int
    reason: str
    note: str
    ticket: str
    asked_at: int
    grant: int | None = None
    charge: int | None = None
    approval: int | None = None


def of(session: Session, category: str, ground: Ground) -> list[Happened]:
    """What a user might write about, one thing for each: of those with stories, then the latest."""
    rows = session.run(
        f"SELECT {_USER}, x.at, x.credits, coalesce(f.key, '') FROM ({_HAPPENED[category]}) x"
        " JOIN user u ON u.id = x.user LEFT JOIN feature f ON f.id = x.feature"
        f" ORDER BY u.id > {_STORIES}, x.at DESC, u.id LIMIT :most",
        {"now": ground.now, "users": ground.users, "most": ground.most, "day": _DAY},
    )
    return [Happened(*row) for row in rows]


def awaited(session: Session) -> list[Act]:
    """The grants that wait for approval, oldest first."""
    rows = session.run(
        f"SELECT {_USER}, a.asked_at, a.credits, '', a.asked_by, a.reason, a.note, a.ticket,"
        " a.asked_at, NULL, NULL, a.id FROM approval a JOIN user u ON u.id = a.user"
        " WHERE a.approved IS NULL ORDER BY a.asked_at"
    )
    return [_act(row) for row in rows]


def given(session: Session, most: int) -> list[Act]:
    """The latest grants by staff that nobody took back."""
    rows = session.run(
        f"SELECT {_USER}, g.recorded_at, g.credits, '', g.staff, g.reason, g.note, g.ticket,"
        ' coalesce(a.asked_at, g.recorded_at), g.id, NULL, a.id FROM "grant" g'
        ' JOIN user u ON u.id = g.user LEFT JOIN approval a ON a."grant" = g.id'
        ' WHERE g.kind = 4 AND g.id NOT IN (SELECT "grant" FROM void)'
        " ORDER BY g.recorded_at DESC, g.id LIMIT ?",
        (most,),
    )
    return [_act(row) for row in rows]


def refunded(session: Session, most: int) -> list[Act]:
    """The latest refunds by staff whose note names a ticket."""
    rows = session.run(
        f"SELECT {_USER}, r.at, c.credits, f.key, r.staff, r.reason, r.note,"
        " rtrim(substr(r.note, instr(r.note, 'ZD-')), '.'), r.at, NULL, c.id, NULL FROM refund r"
        " JOIN charge c ON c.id = r.charge JOIN user u ON u.id = c.user"
        " JOIN feature f ON f.id = c.feature WHERE instr(r.note, 'ticket ZD-') > 0"
        " ORDER BY r.at DESC, r.id LIMIT ?",
        (most,),
    )
    return [_act(row) for row in rows]


def _act(row: Sequence[Any]) -> Act:
    return Act(Happened(*row[:8]), *row[8:])
