"""Credit requests: the queue, who has which in hand, and what came of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.calendar import from_ms, to_ms
from app.domain.errors import UnknownRecord
from app.domain.fragments import folded
from app.domain.request_values import names_of
from app.domain.requests import (
    STATES,
    Request,
    RequestCounts,
    RequestQuery,
    View,
)
from app.domain.users import PLANS, can_be_kept
from app.storage.engine import Session
from app.storage.sqlite import can_be_an_id

_REQUEST = """
SELECT q.id, u.user_id, q.sender, q.ticket, q.category, q.message, q.credits, q.opened_at, q.state,
  o.email, c.email, q.claimed_at, r.email, q.resolved_at, q.note, q."grant", q.charge, q.approval,
  q.reopened_from, (SELECT n.id FROM request n WHERE n.reopened_from = q.id), q.import,
  u.email, u.name, u.plan
"""
_JOINS = {
    "o": "LEFT JOIN staff o ON o.id = q.opened_by",
    "u": "LEFT JOIN user u ON u.id = q.user",
    "c": "LEFT JOIN staff c ON c.id = q.claimed_by",
    "r": "LEFT JOIN staff r ON r.id = q.resolved_by",
}
_FROM = f" FROM request q {' '.join(_JOINS.values())}"
_STAFF = "(SELECT id FROM staff WHERE email = ?)"
_HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What a request is opened with; instants in milliseconds."""

    user: int | None
    sender: str
    ticket: str
    category: str | None
    message: str
    credits: int | None
    opened_at: int
    recorded_at: int
    opened_by: int
    import_run: int | None = None
    reopened_from: int | None = None
    key: str | None = None


def add(session: Session, new: NewRequest) -> int:
    """The number of a new request, open from now on."""
    return session.add_row(
        "INSERT INTO request (user, sender, ticket, category, message, credits, opened_at,"
        " recorded_at, opened_by, import, reopened_from, key)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(new.user, new.sender, new.ticket, new.category, new.message, new.credits),
            *(new.opened_at, new.recorded_at, new.opened_by, new.import_run, new.reopened_from),
            new.key,
        ),
    )


def by_id(session: Session, number: int) -> Request:
    """A request; ``UnknownRecord`` where there is none."""
    row = _one(session, "q.id = ?", (number,)) if can_be_an_id(number) else None
    if row is None:
        raise UnknownRecord("request", number)
    return row


def by_key(session: Session, key: str) -> Request | None:
    """The request that was opened with that idempotency key."""
    return _one(session, "q.key = ?", (key,))


def by_resolution_key(session: Session, key: str) -> Request | None:
    """The request that was answered with that idempotency key."""
    return _one(session, "q.resolution_key = ?", (key,))


def by_approval(session: Session, approval: int) -> Request | None:
    """The request whose answer waits for that approval, or was given by it."""
    return _one(session, "q.approval = ?", (approval,))


def by_ticket(session: Session, ticket: str) -> list[Request]:
    """The requests of a ticket, oldest first."""
    rows = session.run(
        f"{_REQUEST}{_FROM} WHERE q.ticket = ? ORDER BY q.opened_at, q.id", (ticket,)
    )
    return [_request(row) for row in rows]


def user_of(session: Session, sender: str) -> int | None:
    """The number of the one user that a sender means: by id, mail address or referral code.

    ``None`` where it means nobody, or where two share the address.
    """
    for name in names_of(sender):
        if not can_be_kept(name):
            continue
        found = session.value("SELECT id FROM user WHERE user_id = ?", (name,))
        found = _by_address(session, name) if found is None else found
        if found is None:
            found = session.value("SELECT id FROM user WHERE referral_code = ?", (name,))
        if found is not None:
            return int(found)
    return None


def _by_address(session: Session, address: str) -> int | None:
    """The one user with that mail address; letters count as the same in either case."""
    if "@" not in address:
        return None
    rows = session.run(
        "SELECT DISTINCT u.id, u.email FROM search_words w JOIN user u ON u.id = w.doc"
        " WHERE w.term = ? LIMIT 100",
        (folded(address),),
    )
    found = [number for number, email in rows if email.casefold() == address.casefold()]
    return found[0] if len(found) == 1 else None


def put(session: Session, request: Request, *, resolution_key: str | None = None) -> None:
    """Put down how far a request has come; triggers refuse what may not change any more."""
    session.run(
        "UPDATE request SET user = (SELECT id FROM user WHERE user_id = ?), category = ?,"
        f" state = ?, claimed_by = {_STAFF}, claimed_at = ?,"
        " first_claimed_at = coalesce(first_claimed_at, ?),"
        f' resolved_by = {_STAFF}, resolved_at = ?, note = ?, "grant" = ?, charge = ?,'
        " approval = ?, resolution_key = ? WHERE id = ?",
        (
            *(request.user_id, request.category, STATES.index(request.state)),
            *(request.claimed_by, _ms(request.claimed_at), _ms(request.claimed_at)),
            *(request.resolved_by, _ms(request.resolved_at), request.note),
            *(request.grant_id, request.charge_id, request.approval_id, resolution_key),
            request.id,
        ),
    )


def _ms(instant: Any) -> int | None:
    return None if instant is None else to_ms(instant)


# The queue --------------------------------------------------------------------------------------

_UNRESOLVED = "q.state < 2"
_VIEWS: Mapping[View, str] = {
    View.OPEN: f"{_UNRESOLVED} AND q.approval IS NULL",
    View.MINE: f"{_UNRESOLVED} AND q.claimed_by = :me",
    View.WAITING: f"{_UNRESOLVED} AND q.approval IS NOT NULL",
    View.CLOSED: "q.state >= 2",
    View.UNMATCHED: f"{_UNRESOLVED} AND q.user IS NULL",
    View.ALL: "1",
}
_SORTS = {
    "opened_at": "q.opened_at",
    "ticket": "q.ticket",
    "user": "coalesce(u.email, q.sender) COLLATE NOCASE",
    "category": "q.category",
    "plan": "u.plan",
    "state": "q.state",
    "claimed_by": "c.email",
    "resolved_at": "q.resolved_at",
}
# Looked up for each request, or once: a join might be begun with all the users of a plan.
_PLAN = "(SELECT p.plan FROM user p WHERE p.id = q.user) = :plan"
_OF_USER = "q.user = (SELECT p.id FROM user p WHERE p.user_id = :user)"
_BY = "coalesce(q.resolved_by, q.claimed_by) = (SELECT s.id FROM staff s WHERE s.email = :by)"
_FRAGMENT = " OR ".join(
    f"{column} LIKE :text ESCAPE '!'"
    for column in ("q.ticket", "q.sender", "u.email", "u.name", "q.message")
)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who looks at the queue, and when (ms)."""

    staff: int
    now: int


def page(
    session: Session, query: RequestQuery, asker: Asker, offset: int, limit: int
) -> list[Request]:
    """The requests of a query, in its order."""
    where, values = _where(query, asker)
    # What is on the page is found before the messages are read: they are long.
    rows = session.run(
        f"{_REQUEST}{_FROM} WHERE q.id IN (SELECT q.id {_from(where + _order(query))} WHERE {where}"
        f" ORDER BY {_order(query)} LIMIT :limit OFFSET :offset) ORDER BY {_order(query)}",
        values | {"limit": limit, "offset": offset},
    )
    return [_request(row) for row in rows]


def _from(asked: str) -> str:
    """The requests with what is asked of beside them: what is not needed is not looked up."""
    joins = [join for name, join in _JOINS.items() if re.search(rf"\b{name}\.", asked)]
    return f"FROM request q {' '.join(joins)}"


def _order(query: RequestQuery) -> str:
    down = " DESC" if query.descending else ""
    if query.sort == "opened_at":
        return f"q.opened_at{down}, q.id{down}"
    return f"{_SORTS[query.sort]}{down}, q.opened_at, q.id"


def count(session: Session, query: RequestQuery, asker: Asker) -> int:
    """How many requests a query finds."""
    where, values = _where(query, asker)
    return int(session.value(f"SELECT count(*) {_from(where)} WHERE {where}", values))


def counts(session: Session, me: int) -> RequestCounts:
    """How many requests each view holds, from the index alone."""
    row = session.one(
        "SELECT count(*) FILTER (WHERE approval IS NULL), count(*) FILTER (WHERE claimed_by = ?),"
        " count(approval), count(*) FILTER (WHERE user IS NULL),"
        " min(opened_at) FILTER (WHERE approval IS NULL) FROM request WHERE state < 2",
        (me,),
    )
    still, mine, waiting, unmatched, oldest = row
    by_category = session.run(
        "SELECT coalesce(category, ''), count(*) FROM request"
        " WHERE state < 2 AND approval IS NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    return RequestCounts(
        open=still,
        mine=mine,
        waiting=waiting,
        closed=int(session.value("SELECT count(*) FROM request WHERE state >= 2")),
        unmatched=unmatched,
        oldest_open_at=None if oldest is None else from_ms(oldest),
        by_category=dict(by_category.fetchall()),
    )


def _where(query: RequestQuery, asker: Asker) -> tuple[str, dict[str, Any]]:
    """The condition of a query with its values."""
    escaped = "".join(f"!{c}" if c in "!%_" else c for c in query.text.strip())
    parts: list[tuple[object, str, dict[str, Any]]] = [
        (True, _VIEWS[query.view], {"me": asker.staff}),
        (
            query.category is not None,
            "q.category IS :category",
            {"category": query.category or None},
        ),
        (query.plan, _PLAN, {"plan": query.plan and PLANS.index(query.plan)}),
        (query.user_id, _OF_USER, {"user": query.user_id}),
        (query.import_id, "q.import = :import", {"import": query.import_id}),
        (escaped, f"({_FRAGMENT})", {"text": f"%{escaped}%"}),
        (query.by, _BY, {"by": query.by}),
        (
            query.older_than_hours,
            "q.opened_at <= :before",
            {"before": asker.now - (query.older_than_hours or 0) * _HOUR},
        ),
    ]
    asked = [(sql, values) for wanted, sql, values in parts if wanted not in {None, "", False}]
    merged: dict[str, Any] = {}
    for _, values in asked:
        merged |= values
    return " AND ".join(sql for sql, _ in asked), merged


def _one(session: Session, where: str, values: Sequence[object]) -> Request | None:
    row = session.one(f"{_REQUEST}{_FROM} WHERE {where}", values)
    return None if row is None else _request(row)


def _request(row: Sequence[Any]) -> Request:
    number, user, sender, ticket, category, message, credits, opened, state = row[:9]
    opener, claimer, claimed, resolver, resolved, note, grant, charge, approval = row[9:18]
    reopened_from, reopened_as, import_run, email, name, plan = row[18:]
    return Request(
        id=number,
        user_id=user,
        sender=sender,
        ticket=ticket,
        category=category,
        message=message,
        credits=credits,
        opened_at=from_ms(opened),
        state=STATES[state],
        opened_by=opener,
        claimed_by=claimer,
        claimed_at=None if claimed is None else from_ms(claimed),
        resolved_by=resolver,
        resolved_at=None if resolved is None else from_ms(resolved),
        note=note,
        grant_id=grant,
        charge_id=charge,
        approval_id=approval,
        reopened_from=reopened_from,
        reopened_as=reopened_as,
        import_id=import_run,
        email=email or "",
        name=name or "",
        plan="" if plan is None else PLANS[plan],
    )


def key_of(session: Session, number: int) -> str | None:
    """The idempotency key under which a request was answered."""
    key = session.value("SELECT resolution_key FROM request WHERE id = ?", (number,))
    return None if key is None else str(key)
