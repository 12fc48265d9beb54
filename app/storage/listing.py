"""The list of users: filtered, ordered and counted in SQL, a block at a time.

Filters and balances count the allowances that are due but not stored yet (rules, section 2): a user
whose ``next_release_at`` has come is owed what the plan gives for the running month. What users
hold is read from their rows; who is *behind* (storage, ``held``) is worked out from the grants.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any, NamedTuple

from app.domain.calendar import BillingCalendar, to_ms
from app.domain.fragments import begins, terms, words
from app.domain.users import PLANS, UserQuery
from app.storage import search
from app.storage.engine import Session

_CHUNK = 500
_FEW = 10_000
"""So many users can be put in order while somebody waits."""
_WALKED = 50_000
"""Through so many users of an order filters look before all who pass are put in order."""
_MOST_FOUND = 2_000
"""So many matches of a text are looked for before they are put in another order."""
_SOUGHT = 20_000
"""Among so many of a list that is narrowed or ordered otherwise somebody is looked for."""
_ALL = 2**40
_MOST_BEHIND = 20_000
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
_SUM = f"""CASE WHEN u.next_expiry <= :now THEN (SELECT coalesce(sum(g.remaining), 0) {_UNUSED})
  ELSE u.held END"""
_EXPIRY = f"""CASE WHEN u.next_expiry <= :now THEN (SELECT min(g.expires_at) {_UNUSED})
  ELSE u.next_expiry END"""
_KEYS = {
    "name": "u.name COLLATE NOCASE",
    "email": "u.email COLLATE NOCASE",
    "user_id": "u.user_id",
    "plan": "u.plan",
    "available": f"{_SUM} + {_OWED}",
    "next_expiry": f"CASE WHEN {_DUE} THEN min(coalesce({_EXPIRY}, :month_end), :month_end)"
    f" ELSE {_EXPIRY} END",
    "registered_at": "u.registered_at",
    "referral_code": "u.referral_code",
    "referred_by": "u.referred_by",
}
"""What a list is ordered by, for each of ``ORDERS``."""
_STORED = {"available": "u.held", "next_expiry": "u.next_expiry"}
"""What the rows say of it, for those who are not behind."""
_BEHIND = "(u.next_expiry <= :now OR u.next_release_at <= :now)"


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

    def values(self, query: UserQuery) -> dict[str, Any]:
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


class _Filter(NamedTuple):
    """A filter set: which users pass, and which an index gives who may (all who pass among them).

    ``narrow`` is a query for the numbers of the latter.
    """

    passes: str
    narrow: str


def _filters(query: UserQuery, present: Present) -> list[_Filter]:
    found = []
    user = "SELECT u.id FROM user u WHERE "
    if query.plan is not None:
        found.append(_Filter("+u.plan = :plan", f"{user} u.plan = :plan"))
    if query.out_of_credits:
        nothing = "+u.held = 0 OR (+u.next_expiry <= :now AND NOT EXISTS"
        passes = f"({nothing} (SELECT 1 {_UNUSED}))) AND NOT {_DUE}"
        of_plan = "" if query.plan is None else " AND u.plan = :plan"
        narrow = f"{user} u.held = 0{of_plan} UNION ALL {user} u.next_expiry <= :now"
        found.append(_Filter(passes, narrow))
    if query.expiring:
        late = f"+u.next_expiry <= :now AND EXISTS (SELECT 1 {_UNUSED} AND g.expires_at <= :soon)"
        passes = f"(+u.next_expiry > :now AND +u.next_expiry <= :soon) OR ({late})"
        narrow = f"{user} u.next_expiry <= :soon"
        if present.month_end <= present.soon:
            passes += f" OR {_DUE}"
            narrow += f" UNION {user} u.next_release_at <= :now"
        found.append(_Filter(f"({passes})", narrow))
    if query.referred_by is not None:
        invited = "u.referrer = (SELECT id FROM user WHERE user_id = :referrer)"
        found.append(_Filter(f"+{invited}", user + invited))
    if query.open_request:
        waits = "SELECT 1 FROM request q WHERE q.user = u.id AND q.state < 2"
        narrow = "SELECT DISTINCT q.user FROM request q WHERE q.user IS NOT NULL AND q.state < 2"
        found.append(_Filter(f"EXISTS ({waits})", narrow))
    if query.registered_first is not None or query.registered_last is not None:
        within = (
            "u.registered_at >= coalesce(:registered_first, 0)"
            " AND u.registered_at < coalesce(:registered_last, 9e18)"
        )
        found.append(_Filter(within.replace("u.reg", "+u.reg"), user + within))
    return found


def _passing(filters: Sequence[_Filter]) -> str:
    return " AND ".join(f.passes for f in filters) or "1"


def page(
    session: Session, query: UserQuery, present: Present, offset: int, limit: int
) -> list[int]:
    """The numbers of ``limit`` users from ``offset`` on, in the order that the query asks for.

    A ``limit`` of -1 gives all.
    """
    limit = _ALL if limit < 0 else limit
    filters = _filters(query, present)
    values = present.values(query)
    if query.text.strip() and not query.order:
        if not filters:
            return search.find(session, query.text, limit, offset)
        return _matching(session, query, filters, values, offset + limit)[offset:]
    few = _few(session, query, filters, values)
    values |= {"limit": limit, "offset": offset}
    if few is not None:
        return _of_few(session, query, filters, values, few)
    where = _passing(filters)
    if query.text.strip():
        where += " AND EXISTS (SELECT 1 FROM search_text s WHERE s.user = u.id"
        for place, word in enumerate(words(query.text)):
            where += f" AND instr(s.text, :word{place})"
            values[f"word{place}"] = word
        where += ")"
    return _in_order(session, query, where, values)


def place(session: Session, query: UserQuery, present: Present, number: int) -> int | None:
    """Where in the list that ``page`` gives a user stands; ``None`` where not among the first many.

    Of everybody in the usual order it is counted along its index, however many there are.
    """
    if query.text.strip() or query.filtered or query.order not in {"", "name"}:
        found = page(session, query, present, 0, _SOUGHT)
        return found.index(number) if number in found else None
    before, name = (">" if query.descending else "<"), _KEYS["name"]
    return int(
        session.value(
            f"SELECT (SELECT count(*) FROM user u WHERE {name} {before} w.name) +"
            f" (SELECT count(*) FROM user u WHERE {name} = w.name AND u.id {before} w.id)"
            " FROM user w WHERE w.id = :number",
            {"number": number},
        )
    )


def _few(
    session: Session, query: UserQuery, filters: Sequence[_Filter], values: dict[str, Any]
) -> list[int] | None:
    """All who may be shown, where the text or one of the filters leaves few; else ``None``."""
    if query.text.strip() and query.order:
        found = list(islice(search.found(session, query.text), _MOST_FOUND + 1))
        if len(found) <= _MOST_FOUND:
            return found
    for each in filters:
        rows = session.run(f"{each.narrow} LIMIT {_FEW + 1}", values).fetchall()
        if len(rows) <= _FEW:
            return [row[0] for row in rows]
    return None


def _of_few(
    session: Session,
    query: UserQuery,
    filters: Sequence[_Filter],
    values: dict[str, Any],
    few: Sequence[int],
) -> list[int]:
    asked = words(query.text)
    if asked:
        few = [number for number, text in _texts(session, few) if all(w in text for w in asked)]
    rows = session.run(
        "SELECT u.id FROM json_each(:few) i CROSS JOIN user u ON u.id = i.value"
        f" WHERE {_passing(filters)}{_order(query, _KEYS)} LIMIT :limit OFFSET :offset",
        {**values, "few": json.dumps(few)},
    )
    return [row[0] for row in rows]


def _texts(session: Session, numbers: Sequence[int]) -> list[tuple[int, str]]:
    rows: list[tuple[int, str]] = session.run(
        "SELECT s.user, s.text FROM json_each(?) i CROSS JOIN search_text s ON s.user = i.value",
        (json.dumps(list(numbers)),),
    ).fetchall()
    return rows


def _order(query: UserQuery, keys: Mapping[str, str]) -> str:
    way = "DESC" if query.descending else "ASC"
    return f" ORDER BY {keys[query.order or 'name']} {way} NULLS LAST, u.id {way}"


def _in_order(session: Session, query: UserQuery, where: str, values: dict[str, Any]) -> list[int]:
    """A block of many who pass, along the index of the order."""
    if query.order in _STORED:
        behind = session.run(
            f"SELECT u.id, {_STORED[query.order]}, {_KEYS[query.order]} FROM user u"
            f" WHERE {_BEHIND} AND {where} LIMIT {_MOST_BEHIND + 1}",
            values,
        ).fetchall()
        if len(behind) <= _MOST_BEHIND:
            return _among_behind(session, query, where, values, behind)
    elif where != "1":
        wanted = values["offset"] + values["limit"]
        rows = session.run(
            f"SELECT u.id FROM (SELECT u.id FROM user u{_order(query, _KEYS)} LIMIT {_WALKED}) w"
            f" CROSS JOIN user u ON u.id = w.id WHERE {where} LIMIT {wanted}",
            values,
        ).fetchall()
        if len(rows) == wanted:
            return [row[0] for row in rows[values["offset"] :]]
    rows = session.run(
        f"SELECT u.id FROM user u WHERE {where}{_order(query, _KEYS)} LIMIT :limit OFFSET :offset",
        values,
    )
    return [row[0] for row in rows]


def _among_behind(
    session: Session,
    query: UserQuery,
    where: str,
    values: dict[str, Any],
    behind: Sequence[tuple[int, int | None, int | None]],
) -> list[int]:
    """A block by what the rows say, with those who are behind put where they belong instead."""
    if query.order == "available":
        # The index of plans is in the order of what is held; along others it is no help.
        where = where.replace("+u.plan", "u.plan")
    offset, limit = values["offset"], values["limit"]
    start = max(0, offset - len(behind))
    rows = session.run(
        f"SELECT u.id, {_STORED[query.order]} FROM user u WHERE {where}{_order(query, _STORED)}"
        " LIMIT :limit OFFSET :offset",
        {**values, "offset": start, "limit": offset + limit - start + len(behind)},
    ).fetchall()
    if not rows:
        return []

    def place(number: int, key: int | None) -> tuple[bool, int, int]:
        sign = -1 if query.descending else 1
        return key is None, sign * (key or 0), sign * number

    moved = {number for number, _, _ in behind}
    first = place(*rows[0])
    passed = start - sum(place(number, stored) < first for number, stored, _ in behind)
    placed = [(place(number, key), number) for number, key in rows if number not in moved]
    placed += [(place(number, real), number) for number, _, real in behind]
    placed.sort()
    return [number for _, number in placed[offset - passed : offset - passed + limit]]


def count(session: Session, query: UserQuery, present: Present) -> int:
    """How many users ``page`` would give without a limit."""
    filters = _filters(query, present)
    if not filters:
        return search.count(session, query.text)
    if query.text.strip():
        return len(_matching(session, query, filters, present.values(query), None))
    values = present.values(query)
    few = _few(session, query, filters, values)
    if few is not None:
        return len(_of_few(session, query, filters, {**values, "limit": -1, "offset": 0}, few))
    where = _passing(filters)
    return int(session.value(f"SELECT count(*) FROM user u WHERE {where}", values))


def _matching(
    session: Session,
    query: UserQuery,
    filters: Sequence[_Filter],
    values: dict[str, Any],
    limit: int | None,
) -> list[int]:
    """The first ``limit`` matches of the text that pass the filters, in the text's order."""
    few = _few(session, UserQuery(), filters, values)
    found = search.found(session, query.text) if few is None else iter(_best(session, query, few))
    sql = (
        "SELECT u.id FROM json_each(:ids) i CROSS JOIN user u ON u.id = i.value"
        f" WHERE {_passing(filters)}"
    )
    passing: list[int] = []
    while ids := list(islice(found, _CHUNK)):
        kept = {row[0] for row in session.run(sql, {**values, "ids": json.dumps(ids)})}
        passing += [number for number in ids if number in kept]
        if limit is not None and len(passing) >= limit:
            return passing[:limit]
    return passing


def _best(session: Session, query: UserQuery, few: Sequence[int]) -> list[int]:
    """Those of few that match the text, best first, as ``search.found`` would give them."""
    asked = words(query.text)
    placed: list[tuple[bool, str, int]] = []
    for number, text in _texts(session, few):
        if all(word in text for word in asked):
            first = begins(text, asked)
            begun = [term for term in terms(text) if term.startswith(asked[0])]
            term = min(begun) if first and len(asked) == 1 else ""
            placed.append((not first, term, number))
    return [number for _, _, number in sorted(placed)]


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
