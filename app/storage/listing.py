"""The list of users: filtered, ordered and counted in SQL, a block at a time.

Filters and balances count the allowances that are due but not stored yet (rules, section 2): a user
whose ``next_release_at`` has come is owed what the plan gives for the running month.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from app.domain.calendar import BillingCalendar, to_ms
from app.domain.users import PLANS, UserQuery
from app.storage import search
from app.storage.engine import Session

_CHUNK = 500
_EARLIEST, _LATEST = date(1970, 1, 2), date(9000, 1, 1)
_DUE = """(u.next_release_at IS NOT NULL AND u.next_release_at <= :now AND
  CASE u.plan WHEN 0 THEN :free WHEN 1 THEN :plus ELSE :pro END
  > coalesce((SELECT sum(credits) FROM "grant" d
     WHERE d.user = u.id AND d.kind = 3 AND d.month = :month), 0))"""
_OWED = """CASE WHEN u.next_release_at IS NULL OR u.next_release_at > :now THEN 0 ELSE
  max(0, CASE u.plan WHEN 0 THEN :free WHEN 1 THEN :plus ELSE :pro END
    - coalesce((SELECT sum(credits) FROM "grant" d
       WHERE d.user = u.id AND d.kind = 3 AND d.month = :month), 0)) END"""
_UNUSED = 'FROM "grant" g WHERE g.user = u.id AND g.remaining > 0 AND g.expires_at > :now'
_EXPIRY = f"(SELECT min(g.expires_at) {_UNUSED})"
_KEYS = {
    "name": "u.name COLLATE NOCASE",
    "email": "u.email COLLATE NOCASE",
    "user_id": "u.user_id",
    "plan": "u.plan",
    "available": f"coalesce((SELECT sum(g.remaining) {_UNUSED}), 0) + {_OWED}",
    "next_expiry": f"CASE WHEN {_DUE} THEN min(coalesce({_EXPIRY}, :month_end), :month_end)"
    f" ELSE {_EXPIRY} END",
    "registered_at": "u.registered_at",
    "referral_code": "u.referral_code",
    "referred_by": "u.referred_by",
}
"""What a list is ordered by, for each of ``ORDERS``."""
_MAY_BE_EMPTY = ("next_expiry", "referral_code", "referred_by")
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
    calendar: BillingCalendar

    def values(self, query: UserQuery) -> dict[str, object]:
        """The values that the statements here bind."""
        return {
            "now": self.now,
            "soon": self.soon,
            "month": self.month,
            "month_end": self.month_end,
            **{plan: self.allowances.get(plan, 0) for plan in PLANS},
            "plan": None if query.plan is None else PLANS.index(query.plan),
            "referrer": query.referred_by,
            "registered_first": self._start_of(query.registered_first),
            "registered_last": self._start_of(_day_after(query.registered_last)),
        }

    def _start_of(self, day: date | None) -> int | None:
        if day is None:
            return None
        day = min(max(day, _EARLIEST), _LATEST)
        return to_ms(self.calendar.at_local(day.year, day.month, day.day))


def _day_after(day: date | None) -> date | None:
    return None if day is None else min(day, _LATEST) + timedelta(days=1)


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
    if query.open_request:
        found.append("0")
    if query.registered_first is not None:
        found.append("u.registered_at >= :registered_first")
    if query.registered_last is not None:
        found.append("u.registered_at < :registered_last")
    return " AND ".join(found)


def page(
    session: Session, query: UserQuery, present: Present, offset: int, limit: int
) -> list[int]:
    """The numbers of ``limit`` users from ``offset`` on, in the order that the query asks for."""
    if query.order or not query.text.strip():
        return _ordered(session, query, present, offset, limit)
    if not query.filtered:
        return search.find(session, query.text, limit, offset)
    return _matching(session, query, present, offset + limit)[offset : offset + limit]


def _ordered(
    session: Session, query: UserQuery, present: Present, offset: int, limit: int
) -> list[int]:
    where = _conditions(query, present) or "1"
    values = {**present.values(query), "limit": limit, "offset": offset}
    if query.text.strip():
        where += " AND u.id IN (SELECT value FROM json_each(:ids))"
        values["ids"] = json.dumps(search.find(session, query.text, -1))
    rows = session.run(
        f"SELECT u.id FROM user u WHERE {where}{_order(query)} LIMIT :limit OFFSET :offset", values
    )
    return [row[0] for row in rows]


def _order(query: UserQuery) -> str:
    key = _KEYS[query.order or "name"]
    way = "DESC" if query.descending else "ASC"
    last = f"({key}) IS NULL, " if query.order in _MAY_BE_EMPTY else ""
    return f" ORDER BY {last}{key} {way}, u.id {way}"


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
    referred_by: str | None
    referrer: str | None


def lines(session: Session, numbers: Sequence[int], now: int) -> dict[int, Line]:
    """The lines of these users by their numbers, with what their stored grants hold now."""
    rows = session.run(
        "SELECT u.id, u.user_id, u.email, u.name, u.plan, u.registered_at, u.referral_code,"
        " u.next_release_at, coalesce(sum(g.remaining), 0), min(g.expires_at), u.referred_by,"
        " (SELECT r.user_id FROM user r WHERE r.id = u.referrer)"
        ' FROM json_each(?1) i CROSS JOIN user u ON u.id = i.value LEFT JOIN "grant" g'
        " ON g.user = u.id AND g.expires_at > ?2 AND g.remaining > 0 GROUP BY u.id",
        (json.dumps(list(numbers)), now),
    )
    return {row[0]: Line(*row) for row in rows}
