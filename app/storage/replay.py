"""What a what-if needs of the record: who used something, and all that is on record of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from app.domain.calendar import Month
from app.domain.history import (
    Friend,
    Given,
    History,
    PlanChanged,
    Refunded,
    Used,
    Voided,
)
from app.domain.users import PLANS
from app.storage import grants
from app.storage.engine import Session

USERS_AT_ONCE = 1_000
_THESE = "FROM json_each(?1) j CROSS JOIN"


def users_of(session: Session, start: int, end: int, one_in: int = 1) -> list[int]:
    """The numbers of those who used something, or were refused it, in an interval (ms).

    ``one_in`` takes every so many-th number only: a sample that stays the same.
    """
    rows = session.run(
        "SELECT DISTINCT user FROM charge WHERE occurred_at >= ? AND occurred_at < ?"
        " AND user % ? = 0 ORDER BY user",
        (start, end, one_in),
    )
    return [number for (number,) in rows]


def users_among(session: Session, users: Collection[int], start: int, end: int) -> list[int]:
    """Those of ``users`` who used something, or were refused it, in an interval (ms)."""
    rows = session.run(
        "SELECT j.value FROM json_each(?) j WHERE EXISTS (SELECT 1 FROM charge c"
        " WHERE c.user = j.value AND c.occurred_at >= ? AND c.occurred_at < ?)",
        (json.dumps(list(users)), start, end),
    )
    return [number for (number,) in rows]


def unreleased(session: Session, end: int) -> list[int]:
    """The users to whom something due before ``end`` (ms) is not stored yet."""
    rows = session.run("SELECT id FROM user WHERE next_release_at < ?", (end,))
    return [number for (number,) in rows]


def people(session: Session, users: Collection[int]) -> dict[int, tuple[str, str, str, str]]:
    """By number, the id, name, mail address and present plan of each of ``users``."""
    rows = session.run(
        f"SELECT u.id, u.user_id, u.name, u.email, u.plan {_THESE} user u ON u.id = j.value",
        (json.dumps(list(users)),),
    )
    return {number: (key, name, email, PLANS[plan]) for number, key, name, email, plan in rows}


def histories(session: Session, users: Collection[int]) -> Iterator[History]:
    """All that is on record of each of ``users``, in the order of their numbers."""
    ordered = sorted(users)
    for first in range(0, len(ordered), USERS_AT_ONCE):
        yield from _some(session, ordered[first : first + USERS_AT_ONCE])


def _some(session: Session, users: list[int]) -> list[History]:
    these = (json.dumps(users),)
    found = {
        number: History(number, registered)
        for number, registered in session.run(
            f"SELECT u.id, u.registered_at {_THESE} user u ON u.id = j.value ORDER BY u.id", these
        )
    }
    _add_grants(session, these, found)
    _add_uses(session, these, found)
    _add_corrections(session, these, found)
    for user, at, plan, recorded in session.run(
        f"SELECT p.user, p.at, p.plan, p.recorded_at {_THESE} plan_change p ON p.user = j.value"
        " ORDER BY p.id",
        these,
    ):
        found[user].plans.append(PlanChanged(at, PLANS[plan], recorded))
    for user, registered, recorded in session.run(
        f"SELECT f.referrer, f.registered_at, f.recorded_at {_THESE} user f"
        " ON f.referrer = j.value WHERE NOT EXISTS"
        ' (SELECT 1 FROM "grant" g WHERE g.kind = 2 AND g.friend = f.id) ORDER BY f.id',
        these,
    ):
        found[user].friends.append(Friend(registered, recorded))
    return list(found.values())


def _add_grants(session: Session, these: Any, found: dict[int, History]) -> None:
    rows = session.run(
        "SELECT g.user, g.id, g.kind, g.credits, g.effective_at, g.expires_at, g.position, g.month,"
        f' g.plan, g.remaining {_THESE} "grant" g ON g.user = j.value ORDER BY g.user, g.id',
        these,
    )
    for user, number, kind, credits, start, end, position, month, plan, left in rows:
        found[user].remaining[number] = left
        found[user].given.append(
            Given(
                number,
                grants.KINDS[kind - 1],
                credits,
                start,
                end,
                position,
                None if month is None else Month.from_number(month),
                "" if plan is None else PLANS[plan],
            )
        )


def _add_uses(session: Session, these: Any, found: dict[int, History]) -> None:
    rows = session.run(
        "SELECT c.user, c.id, f.key, c.quantity, c.credits, c.plan, c.occurred_at,"
        f" coalesce(c.recorded_at, c.occurred_at), c.available IS NOT NULL {_THESE} charge c"
        " ON c.user = j.value JOIN feature f ON f.id = c.feature ORDER BY c.user, c.id",
        these,
    )
    for user, number, feature, quantity, credits, plan, at, recorded, refused in rows:
        found[user].used.append(
            Used(number, feature, quantity, credits, PLANS[plan], at, recorded, bool(refused))
        )
    burned: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for user, charge, grant, credits in session.run(
        f'SELECT c.user, b.charge, b."grant", b.credits {_THESE} charge c ON c.user = j.value'
        " JOIN burn b ON b.charge = c.id",
        these,
    ):
        burned.setdefault((user, charge), []).append((grant, credits))
    for (user, charge), parts in burned.items():
        found[user].burns[charge] = tuple(parts)


def _add_corrections(session: Session, these: Any, found: dict[int, History]) -> None:
    returned: dict[int, list[int]] = {}
    for refund, grant in session.run(
        f'SELECT t.refund, t."grant" {_THESE} "grant" g ON g.user = j.value'
        ' JOIN returned t ON t."grant" = g.id',
        these,
    ):
        returned.setdefault(refund, []).append(grant)
    for user, number, charge, at, recorded, position, regrant in session.run(
        f"SELECT c.user, r.id, r.charge, r.at, r.recorded_at, r.position, r.regrant {_THESE}"
        " charge c ON c.user = j.value JOIN refund r ON r.charge = c.id ORDER BY r.id",
        these,
    ):
        gave_back = tuple(returned.get(number, ()))
        found[user].refunded.append(
            Refunded(number, charge, at, recorded, position, regrant, gave_back)
        )
    for user, grant, at, recorded, position in session.run(
        f'SELECT g.user, v."grant", v.at, v.recorded_at, v.position {_THESE} "grant" g'
        ' ON g.user = j.value JOIN void v ON v."grant" = g.id ORDER BY v.id',
        these,
    ):
        found[user].voided.append(Voided(grant, at, recorded, position))
