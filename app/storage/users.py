"""Users and the plans they held."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from app.domain.calendar import from_ms, to_ms
from app.domain.errors import UnknownUser
from app.domain.grants import PlanChange
from app.domain.users import PLANS, Note, User, can_be_kept, refusal_on_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from app.storage.engine import Session

_USER = """
SELECT u.user_id, u.email, u.name, u.plan, u.registered_at, u.referral_code, u.referred_by,
  r.user_id, u.referral_refused, (SELECT max(at) FROM plan_change p WHERE p.user = u.id)
FROM user u LEFT JOIN user r ON r.id = u.referrer
"""


class UserRow(NamedTuple):
    """What a write needs of a user; ``next_release_at`` in milliseconds."""

    id: int
    user_id: str
    plan: str
    next_release_at: int | None
    registered_at: int


def row_of(session: Session, user_id: str) -> UserRow:
    """The row of a user; ``UnknownUser`` where there is none."""
    if not (isinstance(user_id, str) and can_be_kept(user_id)):
        raise UnknownUser(repr(user_id))
    row = session.one(
        "SELECT id, user_id, plan, next_release_at, registered_at FROM user WHERE user_id = ?",
        (user_id,),
    )
    if row is None:
        raise UnknownUser(user_id)
    return UserRow(row[0], row[1], PLANS[row[2]], row[3], row[4])


def row_by_id(session: Session, number: int) -> UserRow:
    """The row of a user by its number inside."""
    row = session.one(
        "SELECT id, user_id, plan, next_release_at, registered_at FROM user WHERE id = ?",
        (number,),
    )
    return UserRow(row[0], row[1], PLANS[row[2]], row[3], row[4])


def user(session: Session, user_id: str) -> User:
    """A user; ``UnknownUser`` where there is none."""
    row = session.one(_USER + " WHERE u.user_id = ?", (user_id,))
    if row is None:
        raise UnknownUser(user_id)
    return _user(row)


def names(session: Session, user_ids: Iterable[str]) -> dict[str, str]:
    """What users are called, by their ids: their names, or the address of one without."""
    rows = session.run(
        "SELECT u.user_id, coalesce(nullif(trim(u.name), ''), u.email)"
        " FROM json_each(?) j CROSS JOIN user u ON u.user_id = j.value",
        (json.dumps([one for one in user_ids if can_be_kept(one)]),),
    )
    return dict(rows.fetchall())


def user_by_id(session: Session, number: int) -> User:
    """A user by its number inside."""
    return _user(session.one(_USER + " WHERE u.id = ?", (number,)))


def _user(row: Sequence[object]) -> User:
    user_id, email, name, plan, registered, code, by, referrer, refused, since = row
    return User(
        user_id=str(user_id),
        email=str(email),
        name=str(name),
        plan=PLANS[int(str(plan))],
        registered_at=from_ms(int(str(registered))),
        referral_code=None if code is None else str(code),
        referred_by=None if by is None else str(by),
        referrer_id=None if referrer is None else str(referrer),
        referral_refused=refusal_on_record(str(refused), str(by)) if refused else "",
        plan_since=from_ms(int(str(since if since is not None else registered))),
    )


def last_number(session: Session) -> int:
    """The highest number of a user; 0 before the first."""
    return int(session.value("SELECT coalesce(max(id), 0) FROM user"))


def exists(session: Session, user_id: str) -> bool:
    """Whether a user of that id is on record."""
    return session.one("SELECT 1 FROM user WHERE user_id = ?", (user_id,)) is not None


def by_code(session: Session, code: str) -> UserRow | None:
    """The row of the user whose referral code this is."""
    found = session.value("SELECT id FROM user WHERE referral_code = ?", (code,))
    return None if found is None else row_by_id(session, found)


def add(
    session: Session,
    user: User,
    *,
    referrer: int | None,
    recorded_at: int,
    next_release_at: int | None,
    run: int | None = None,
) -> int:
    """The number of a new user, on record from now on; ``run`` is the import it came with."""
    return session.add_row(
        "INSERT INTO user (user_id, email, name, referral_code, referred_by, referrer,"
        " referral_refused, registered_at, recorded_at, plan, next_release_at, import)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            user.user_id,
            user.email,
            user.name,
            user.referral_code,
            user.referred_by,
            referrer,
            user.referral_refused or None,
            to_ms(user.registered_at),
            recorded_at,
            PLANS.index(user.plan),
            next_release_at,
            run,
        ),
    )


def correct(session: Session, number: int, email: str, name: str) -> None:
    """Put other contact data on record; the audit record keeps the old."""
    session.run("UPDATE user SET email = ?, name = ? WHERE id = ?", (email, name, number))


def any_registered(session: Session) -> bool:
    """Whether anybody is registered at all."""
    return session.one("SELECT 1 FROM user LIMIT 1") is not None


def count_by_plan(session: Session, plans: Iterable[str]) -> dict[str, int]:
    """How many users hold each of these plans now."""
    return {
        plan: int(session.value("SELECT count(*) FROM user WHERE plan = ?", (PLANS.index(plan),)))
        for plan in plans
    }


def plan_history(session: Session, number: int) -> list[PlanChange]:
    """The plans a user held in order: free from the registration, then each change."""
    rows = session.run(
        "SELECT registered_at AS at, 0 AS plan, 0 AS id FROM user WHERE id = ?1"
        " UNION ALL SELECT at, plan, id FROM plan_change WHERE user = ?1 ORDER BY at, id",
        (number,),
    )
    return [PlanChange(from_ms(at), PLANS[plan]) for at, plan, _ in rows]


def plan_held(session: Session, number: int, at: int) -> str:
    """The plan a user held at an instant in milliseconds."""
    plan = session.value(
        "SELECT plan FROM plan_change WHERE user = ? AND at <= ? ORDER BY at DESC, id DESC LIMIT 1",
        (number, at),
    )
    return PLANS[plan or 0]


def changes_at(session: Session, number: int, at: int) -> bool:
    """Whether a plan change of a user is on record at exactly that instant (ms)."""
    found = session.one("SELECT 1 FROM plan_change WHERE user = ? AND at = ?", (number, at))
    return found is not None


def plan_change_by_key(session: Session, key: str) -> tuple[int, str, int] | None:
    """User, plan and instant (ms) of the plan change with that key."""
    row = session.one("SELECT user, plan, at FROM plan_change WHERE key = ?", (key,))
    return None if row is None else (row[0], PLANS[row[1]], row[2])


def add_plan_change(
    session: Session,
    number: int,
    change: PlanChange,
    *,
    recorded_at: int,
    staff: int,
    key: str | None,
    run: int | None = None,
) -> None:
    """Put a plan change on record and bring the user's current plan up to date.

    ``run`` is the import it came with.
    """
    session.run(
        "INSERT INTO plan_change (user, plan, at, recorded_at, staff, key, import)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (number, PLANS.index(change.plan), to_ms(change.at), recorded_at, staff, key, run),
    )
    session.run(
        "UPDATE user SET plan = (SELECT plan FROM plan_change WHERE user = ?1"
        " ORDER BY at DESC, id DESC LIMIT 1) WHERE id = ?1",
        (number,),
    )


def expect_releases(session: Session, plan: str, from_ms_: int) -> None:
    """From that instant on look for allowances of everybody on ``plan`` (it now has some)."""
    session.run(
        "UPDATE user SET next_release_at = ? WHERE next_release_at IS NULL AND plan = ?",
        (from_ms_, PLANS.index(plan)),
    )


def add_note(session: Session, number: int, at: datetime, staff: int, text: str) -> int:
    """The number of a new note."""
    return session.add_row(
        "INSERT INTO note (user, at, staff, text) VALUES (?, ?, ?, ?)",
        (number, to_ms(at), staff, text),
    )


def notes(session: Session, row: UserRow) -> list[Note]:
    """The notes about a user, newest first."""
    rows = session.run(
        "SELECT n.id, n.at, s.email, n.text FROM note n JOIN staff s ON s.id = n.staff"
        " WHERE n.user = ? ORDER BY n.at DESC, n.id DESC",
        (row.id,),
    )
    return [Note(number, row.user_id, from_ms(at), staff, text) for number, at, staff, text in rows]


def invited(session: Session, number: int) -> list[User]:
    """Whom a user invited, in the order in which they registered."""
    return [
        _user(r)
        for r in session.run(_USER + " WHERE u.referrer = ? ORDER BY u.registered_at", (number,))
    ]


def tried_code(session: Session, code: str, number: int) -> list[User]:
    """Who registered with a code that did not count for the user whose code it is."""
    rows = session.run(
        _USER + " WHERE u.referred_by = ? AND (u.referrer IS NULL OR u.referrer <> ?)"
        " ORDER BY u.registered_at",
        (code, number),
    )
    return [_user(row) for row in rows]


def latest_friends(session: Session, number: int, code: str | None, limit: int) -> list[User]:
    """Who registered with a user's code, whether that counted or not: the latest, oldest first."""
    rows = session.run(
        _USER + " WHERE u.id IN (SELECT id FROM user WHERE referrer = ?1"
        " UNION SELECT id FROM user WHERE referred_by = ?2)"
        " ORDER BY u.registered_at DESC, u.id DESC LIMIT ?3",
        (number, code, limit),
    ).fetchall()
    return [_user(row) for row in reversed(rows)]
