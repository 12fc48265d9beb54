"""The list of users: filtered, ordered and counted in SQL, a block at a time.

Filters and balances count the allowances that are due but not stored yet (rules, section 2): a user
whose ``next_release_at`` has come is owed what the plan gives for the running month.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.domain.users import PLANS, UserQuery
from app.storage import search
from app.storage.engine import Session

_CHUNK = 500
_ORDER = " ORDER BY u.name COLLATE NOCASE, u.id"
_DUE = """(u.next_release_at IS NOT NULL AND u.next_release_at <= :now AND
  CASE u.plan WHEN 0 THEN :free WHEN 1 THEN :plus ELSE :pro END
  > coalesce((SELECT sum(credits) FROM "grant" d
     WHERE d.user = u.id AND d.kind = 3 AND d.month = :month), 0))"""
_HELD = 'EXISTS (SELECT 1 FROM "grant" g WHERE g.user = u.id AND g.remaining > 0 AND {})'


@dataclass(frozen=True, slots=True)
class Present:
    """What filters compare with; instants in milliseconds.

    ``soon`` ends what counts as expiring; ``month`` is the running one, which ends at
    ``month_end`` and gives ``allowances`` by plan.
    """

    now: int
    soon: int
    month: int
    month_end: int
    allowances: Mapping[str, int]

    def values(self, query: UserQuery) -> dict[str, object]:
        """The values that the statements here bind."""
        return {
            "now": self.now,
            "soon": self.soon,
            "month": self.month,
            **{plan: self.allowances.get(plan, 0) for plan in PLANS},
            "plan": None if query.plan is None else PLANS.index(query.plan),
            "referrer": query.referred_by,
        }


def _conditions(query: UserQuery, present: Present) -> str:
    found = []
    if query.plan is not None:
        found.append("u.plan = :plan")
    if query.out_of_credits:
        held = _HELD.format("g.expires_at > :now")
        found.append(f"NOT {held} AND NOT {_DUE}")
    if query.expiring:
        held = _HELD.format("g.expires_at > :now AND g.expires_at <= :soon")
        due = f" OR {_DUE}" if present.month_end <= present.soon else ""
        found.append(f"({held}{due})")
    if query.referred_by is not None:
        found.append("u.referrer = (SELECT id FROM user WHERE user_id = :referrer)")
    return " AND ".join(found)


def page(
    session: Session, query: UserQuery, present: Present, offset: int, limit: int
) -> list[int]:
    """The numbers of ``limit`` users from ``offset`` on: by name, or the best matches first."""
    if not query.text.strip():
        where = _conditions(query, present) or "1"
        rows = session.run(
            f"SELECT u.id FROM user u WHERE {where}{_ORDER} LIMIT :limit OFFSET :offset",
            {**present.values(query), "limit": limit, "offset": offset},
        )
        return [row[0] for row in rows]
    if not query.filtered:
        return search.find(session, query.text, limit, offset)
    return _matching(session, query, present, offset + limit)[offset : offset + limit]


def count(session: Session, query: UserQuery, present: Present) -> int:
    """How many users ``page`` would give without a limit."""
    if not query.filtered:
        return search.count(session, query.text)
    if query.text.strip():
        return len(_matching(session, query, present, None))
    where = _conditions(query, present)
    return int(session.value(f"SELECT count(*) FROM user u WHERE {where}", present.values(query)))


def _matching(session: Session, query: UserQuery, present: Present, limit: int | None) -> list[int]:
    """The first ``limit`` matches of the text that pass the filters, in the text's order."""
    found = search.find(session, query.text, -1, 0)
    sql = (
        "SELECT u.id FROM json_each(:ids) i CROSS JOIN user u ON u.id = i.value"
        f" WHERE {_conditions(query, present)}"
    )
    values = present.values(query)
    passing: list[int] = []
    for start in range(0, len(found), _CHUNK):
        ids = found[start : start + _CHUNK]
        kept = {row[0] for row in session.run(sql, {**values, "ids": json.dumps(ids)})}
        passing += [number for number in ids if number in kept]
        if limit is not None and len(passing) >= limit:
            break
    return passing


class Line(NamedTuple):
    """A user as the list shows one; instants in milliseconds, ``held`` without what is due."""

    id: int
    user_id: str
    email: str
    name: str
    plan: int
    registered_at: int
    referral_code: str | None
    next_release_at: int | None
    held: int
    next_expiry: int | None


def lines(session: Session, numbers: Sequence[int], now: int) -> dict[int, Line]:
    """The lines of these users by their numbers, with what their stored grants hold now."""
    rows = session.run(
        "SELECT u.id, u.user_id, u.email, u.name, u.plan, u.registered_at, u.referral_code,"
        " u.next_release_at, coalesce(sum(g.remaining), 0), min(g.expires_at)"
        ' FROM json_each(?1) i CROSS JOIN user u ON u.id = i.value LEFT JOIN "grant" g'
        " ON g.user = u.id AND g.expires_at > ?2 AND g.remaining > 0 GROUP BY u.id",
        (json.dumps(list(numbers)), now),
    )
    return {row[0]: Line(*row) for row in rows}
