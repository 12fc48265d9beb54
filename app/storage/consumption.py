"""What is used, by month, and who is behind it: all from derived tables."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from app.domain.calendar import BillingCalendar, Month
from app.domain.consumption import Behind, By, Cell, Counted, Grouping, Measure, UserPart
from app.domain.users import PLANS
from app.storage.engine import Session

if TYPE_CHECKING:
    from app.storage.month_uses import MonthlyUsers

_COLUMN = {
    Measure.CREDITS: "credits",
    Measure.USES: "uses",
    Measure.REFUSED: "refused",
    Measure.REFUNDED: "refunded",
}
Members = tuple[list[int] | None, list[int] | None]
"""The numbers of some features, or of some plans; ``None`` is all."""
_COUNTED = {**_COLUMN, Measure.USERS: "uses"}
"""By what the users behind a piece are ranked: for users, by their uses."""
_UNITS: dict[str, Counted] = {
    "credits": "credits",
    "uses": "uses",
    "refused": "refused",
    "refunded": "credits",
}


def by_month(session: Session, first: Month, last: Month, measure: Measure, by: By) -> list[Cell]:
    """Month, feature (or plan) and value for every measure but users, from the derived table."""
    what = "plan" if by is By.PLAN else "feature"
    rows = session.run(
        f"SELECT month, {what}, sum({_COLUMN[measure]}) FROM consumption"
        " WHERE month BETWEEN ? AND ? GROUP BY month, 2",
        (first.number, last.number),
    )
    keys = dict(enumerate(PLANS)) if by is By.PLAN else feature_keys(session)
    return [(month, keys[number], value) for month, number, value in rows]


def users_by_month(
    session: Session, months: Sequence[Month], calendar: BillingCalendar
) -> MonthlyUsers:
    """The users of some months, to be counted by any grouping."""
    from app.storage import month_uses  # NumPy comes with it

    return month_uses.MonthlyUsers(
        month_uses.mixes(session, months, month_uses.since(session, calendar)),
        feature_ids(session),
    )


def month_expression(
    months: Sequence[Month], calendar: BillingCalendar, column: str = "occurred_at"
) -> str:
    """SQL for the number of the month of an instant that lies in one of ``months``.

    A nested CASE that halves the months: quick over millions of rows, and it needs no table.
    """
    if len(months) == 1:
        return str(months[0].number)
    middle = len(months) // 2
    earlier = month_expression(months[:middle], calendar, column)
    later = month_expression(months[middle:], calendar, column)
    return (
        f"CASE WHEN {column} < {calendar.start_ms(months[middle])} THEN {earlier} ELSE {later} END"
    )


def feature_ids(session: Session) -> dict[str, int]:
    """The number of every feature ever listed, by key."""
    return dict(session.run("SELECT key, id FROM feature ORDER BY id").fetchall())


def feature_keys(session: Session) -> dict[int, str]:
    """The key of every feature ever listed, by number."""
    return dict(session.run("SELECT id, key FROM feature").fetchall())


def behind(
    session: Session,
    months: Sequence[Month],
    calendar: BillingCalendar,
    *,
    measure: Measure,
    members: Members,
    page: tuple[int, int],
) -> Behind:
    """The users behind some features or plans in some months, the largest first.

    ``page`` is limit and offset. Of equal users, who is longer on record comes first.
    """
    from app.storage import month_uses  # NumPy comes with it

    features, plans = members
    piece = month_uses.Piece(months, _COUNTED[measure], features, plans)
    ranked = month_uses.ranked(session, calendar, piece, page)
    users = _parts(session, ranked.users, ranked.values)
    return Behind(users, ranked.count, ranked.total, _UNITS[piece.measure])


def _parts(session: Session, users: Sequence[int], values: Sequence[int]) -> tuple[UserPart, ...]:
    rows = session.run(
        "SELECT u.user_id, u.email, u.name, u.plan FROM json_each(?) j"
        " CROSS JOIN user u ON u.id = j.value ORDER BY j.key",
        (json.dumps(users),),
    )
    return tuple(
        UserPart(user_id, email, name, PLANS[plan], value)
        for (user_id, email, name, plan), value in zip(rows, values, strict=True)
    )


def members_of(session: Session, groups: Grouping, keys: Collection[str]) -> Members:
    """The numbers of the features, or of the plans, of the groups ``keys``; ``None`` is all."""
    if not keys:
        return None, None
    members = groups.members(keys)
    if groups.by is By.PLAN:
        return None, [PLANS.index(plan) for plan in members]
    numbers = feature_ids(session)
    return sorted(numbers[member] for member in members if member in numbers), None
