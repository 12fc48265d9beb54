"""What is used, by month: from the derived table where it suffices, else from the charges."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.domain.calendar import BillingCalendar, Month
from app.domain.consumption import Behind, By, Cell, Grouping, Measure, UserPart
from app.domain.users import PLANS
from app.storage.engine import Session

_COLUMN = {
    Measure.CREDITS: "credits",
    Measure.USES: "uses",
    Measure.REFUSED: "refused",
    Measure.REFUNDED: "refunded",
}
_FACTS = {
    Measure.CREDITS: ("c.credits", "c.available IS NULL AND c.credits > 0"),
    Measure.USES: ("c.quantity", "c.available IS NULL"),
    Measure.USERS: ("c.quantity", "c.available IS NULL"),
    Measure.REFUSED: ("c.quantity", "c.available IS NOT NULL"),
    Measure.REFUNDED: ("c.credits", "1"),
}
"""What a charge adds to a measure, and which charges do."""


def by_month(
    session: Session, first: Month, last: Month, measure: Measure, groups: Grouping
) -> list[Cell]:
    """Month, group and value for every measure but users, from the derived table."""
    rows = session.run(
        f"SELECT c.month, f.key, c.plan, c.{_COLUMN[measure]}"
        " FROM consumption c JOIN feature f ON f.id = c.feature WHERE c.month BETWEEN ? AND ?",
        (first.number, last.number),
    )
    return [(month, _group(groups, feature, plan), value) for month, feature, plan, value in rows]


def _group(groups: Grouping, feature: str, plan: int) -> str:
    return groups.group_of[PLANS[plan] if groups.by is By.PLAN else feature]


def users_by_month(
    session: Session, months: Sequence[Month], calendar: BillingCalendar, groups: Grouping
) -> tuple[list[Cell], dict[int, int]]:
    """Month, group and number of users, and each month's users counted apart, from the charges."""
    names = list(groups.names)
    month = month_expression(months, calendar)
    part = _group_expression(session, groups, names)
    # One whole number of user, month and group sorts several times faster than three columns.
    rows = session.run(
        f"WITH used (packed) AS MATERIALIZED (SELECT user << 26 | ({month}) << 8 | ({part})"
        " FROM charge WHERE available IS NULL AND occurred_at >= ?1 AND occurred_at < ?2"
        " GROUP BY 1)"
        " SELECT packed & 0x3FFFFFF, count(*) FROM used GROUP BY 1"
        " UNION ALL SELECT (packed >> 8 & 0x3FFFF) << 8 | 0xFF, count(*)"
        " FROM (SELECT packed FROM used GROUP BY packed >> 8) GROUP BY 1",
        _bounds(months, calendar),
    ).fetchall()
    cells = [(packed >> 8, names[packed & 0xFF], n) for packed, n in rows if packed & 0xFF != _ALL]
    return cells, {packed >> 8: count for packed, count in rows if packed & 0xFF == _ALL}


_ALL = 0xFF
"""Stands for all groups together; there are never so many."""


def _bounds(months: Sequence[Month], calendar: BillingCalendar) -> tuple[int, int]:
    return calendar.start_ms(months[0]), calendar.start_ms(months[-1].next)


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


def _group_expression(session: Session, groups: Grouping, names: Sequence[str]) -> str:
    """SQL for the place in ``names`` of the group of a charge."""
    column, ids = _column(session, groups.by)
    cases = " ".join(
        f"WHEN {ids[member]} THEN {names.index(group)}"
        for member, group in groups.group_of.items()
        if member in ids
    )
    return f"CASE {column} {cases} END"


def feature_ids(session: Session) -> dict[str, int]:
    """The number of every feature ever listed, by key."""
    return dict(session.run("SELECT key, id FROM feature ORDER BY id").fetchall())


def behind(
    session: Session,
    bounds: tuple[int, int],
    measure: Measure,
    groups: Grouping,
    keys: Collection[str],
    *,
    page: tuple[int, int],
) -> Behind:
    """The users behind the groups ``keys`` (all, where there are none), the largest first.

    ``bounds`` are the first instant and the end in milliseconds, ``page`` is limit and offset.
    """
    value, condition = _FACTS[measure]
    refunded = measure is Measure.REFUNDED
    source = "refund r JOIN charge c ON c.id = r.charge" if refunded else "charge c"
    instant = "r.at" if refunded else "c.occurred_at"
    only = f" AND {_members(session, groups, keys)}" if keys else ""
    parts = (
        f"SELECT c.user, sum({value}) AS value FROM {source} WHERE {condition}"
        f" AND {instant} >= ?1 AND {instant} < ?2{only} GROUP BY c.user"
    )
    rows = session.run(
        f"WITH part AS MATERIALIZED ({parts})"
        " SELECT u.user_id, u.email, u.name, u.plan, p.value"
        " FROM part p JOIN user u ON u.id = p.user"
        " ORDER BY p.value DESC, u.user_id LIMIT ?3 OFFSET ?4",
        (*bounds, *page),
    )
    users = tuple(
        UserPart(user_id, email, name, PLANS[plan], amount)
        for user_id, email, name, plan, amount in rows
    )
    return Behind(users, session.value(f"SELECT count(*) FROM ({parts})", bounds))


def _members(session: Session, groups: Grouping, keys: Collection[str]) -> str:
    """SQL for whether a charge belongs to one of the groups ``keys``."""
    column, ids = _column(session, groups.by)
    numbers = sorted(ids[member] for member in groups.members(keys) if member in ids)
    return f"c.{column} IN ({', '.join(map(str, numbers))})"


def _column(session: Session, by: By) -> tuple[str, dict[str, int]]:
    """The column of a charge that decides its group, and its values by member."""
    if by is By.PLAN:
        return "plan", {plan: at for at, plan in enumerate(PLANS)}
    return "feature", feature_ids(session)
