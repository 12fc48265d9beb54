"""Whom names mean, and what staff gave them before: what giving to many asks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TypeVar

from app.domain.calendar import from_ms
from app.domain.giving import Earlier
from app.domain.users import can_be_kept
from app.storage import search
from app.storage.engine import Session

T = TypeVar("T")
_CHUNK = 500
_GIVEN = (
    "SELECT g.id, u.user_id, g.credits, coalesce(g.ticket, ''), g.effective_at, s.email FROM {}"
    " JOIN user u ON u.id = g.user JOIN staff s ON s.id = g.staff"
    ' LEFT JOIN void v ON v."grant" = g.id WHERE coalesce(v.credits, 0) < g.credits'
)
_FOR_TICKET = _GIVEN.format('"grant" g')
_SINCE = _GIVEN.format('json_each(?) i CROSS JOIN "grant" g ON g.user = i.value')
_WAITING = (
    "SELECT a.id, u.user_id, a.credits, a.ticket, a.asked_at, s.email FROM approval a"
    " JOIN user u ON u.id = a.user JOIN staff s ON s.id = a.asked_by WHERE a.approved IS NULL"
)


def numbers(session: Session, user_ids: Sequence[str]) -> dict[str, int]:
    """The numbers inside of these users by their ids; unknown ones are left out."""
    found: dict[str, int] = {}
    for some in _chunks([one for one in user_ids if can_be_kept(one)]):
        rows = session.run(
            "SELECT u.user_id, u.id FROM json_each(?) i CROSS JOIN user u ON u.user_id = i.value",
            (json.dumps(some),),
        )
        found.update(rows.fetchall())
    return found


def candidates(session: Session, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """By name the ids of all users it may mean: as id, referral code or mail address."""
    wanted = [name for name in dict.fromkeys(names) if can_be_kept(name)]
    ids = numbers(session, wanted)
    codes = _by_code(session, [*wanted, *(name.upper() for name in wanted)])
    found: dict[str, tuple[str, ...]] = {}
    for name in wanted:
        meant = [name] if name in ids else []
        meant += [user for user in (codes.get(name) or codes.get(name.upper()),) if user]
        meant += _by_address(session, name) if "@" in name else []
        if meant:
            found[name] = tuple(dict.fromkeys(meant))
    return found


def _by_code(session: Session, codes: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in _chunks(codes):
        rows = session.run(
            "SELECT u.referral_code, u.user_id FROM json_each(?) i"
            " CROSS JOIN user u ON u.referral_code = i.value",
            (json.dumps(some),),
        )
        found.update(rows.fetchall())
    return found


def _by_address(session: Session, address: str) -> list[str]:
    """The ids of the users with that mail address, whatever its case."""
    found = search.having(session, address)
    rows = session.run(
        "SELECT u.user_id, u.email FROM json_each(?) i CROSS JOIN user u ON u.id = i.value",
        (json.dumps(found),),
    )
    return [user for user, email in rows if email.casefold() == address.casefold()]


def for_ticket(session: Session, ticket: str, user: int | None = None) -> list[Earlier]:
    """What was given for a ticket, or waits to be, newest first; of one user where it is named."""
    whose = "" if user is None else f" AND u.id = {user:d}"
    rows = session.run(f"{_FOR_TICKET} AND g.ticket = ?{whose}", (ticket,))
    given = [_earlier(row) for row in rows]
    rows = session.run(f"{_WAITING} AND a.ticket = ?{whose}", (ticket,))
    given += [_earlier(row, waits=True) for row in rows]
    return sorted(given, key=lambda one: (one.at, one.id), reverse=True)


def since(session: Session, users: Sequence[int], at: int) -> list[Earlier]:
    """What staff gave these users from ``at`` (ms) on, or asked somebody to approve."""
    found: list[Earlier] = []
    for some in _chunks(users):
        rows = session.run(
            f"{_SINCE} AND g.kind = 4 AND g.recorded_at >= ?", (json.dumps(some), at)
        )
        found += [_earlier(row) for row in rows]
        rows = session.run(
            f"{_WAITING} AND a.user IN (SELECT value FROM json_each(?))", (json.dumps(some),)
        )
        found += [_earlier(row, waits=True) for row in rows]
    return found


def _earlier(row: Sequence[object], *, waits: bool = False) -> Earlier:
    number, user, credits, ticket, at, staff = row
    return Earlier(
        id=int(str(number)),
        user_id=str(user),
        credits=int(str(credits)),
        ticket=str(ticket),
        at=from_ms(int(str(at))),
        staff=str(staff),
        waits=waits,
    )


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
