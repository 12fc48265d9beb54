"""The staff list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain.calendar import from_ms
from app.domain.staff import LastSeen, Role, StaffMember
from app.storage.engine import Session

_STAFF = "SELECT id, email, role, active, added_at FROM staff"


def by_email(session: Session, email: str) -> StaffMember | None:
    """The member of staff of that address, in whatever case it is written."""
    row = session.one(_STAFF + " WHERE email = ?", (email,))
    return None if row is None else _member(row)


def every(session: Session) -> list[StaffMember]:
    """Everybody who was ever on the list, the product's own entry included, by address."""
    return [_member(row) for row in session.run(_STAFF + " ORDER BY email")]


def last_seen(session: Session) -> list[LastSeen]:
    """Everybody who was ever on the list, each with their newest audit record, by address."""
    rows = session.run(
        "SELECT s.id, s.email, s.role, s.active, s.added_at, a.at, a.act FROM staff s"
        " LEFT JOIN (SELECT staff, max(id) AS newest FROM audit GROUP BY staff) l"
        " ON l.staff = s.email LEFT JOIN audit a ON a.id = l.newest ORDER BY s.email"
    )
    return [
        LastSeen(_member(row[:5]), None if row[5] is None else from_ms(row[5]), row[6] or "")
        for row in rows
    ]


def _member(row: Sequence[Any]) -> StaffMember:
    number, email, role, active, added = row
    return StaffMember(number, email, Role(role), bool(active), from_ms(added))


def add(session: Session, email: str, role: Role, at: int) -> int:
    """The number of a new member of staff."""
    return session.add_row(
        "INSERT INTO staff (email, role, active, added_at) VALUES (?, ?, 1, ?)",
        (email, role.value, at),
    )


def change(session: Session, number: int, role: Role, *, active: bool) -> None:
    """Give a member of staff another role, or take them off duty."""
    session.run("UPDATE staff SET role = ?, active = ? WHERE id = ?", (role.value, active, number))


def other_admins(session: Session, number: int) -> int:
    """How many active admins there are beside this one."""
    return int(
        session.value(
            "SELECT count(*) FROM staff WHERE role = 'admin' AND active = 1 AND id <> ?", (number,)
        )
    )
