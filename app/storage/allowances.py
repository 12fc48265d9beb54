"""Monthly allowances: what months have released, and what is due (rules, section 2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.calendar import BillingCalendar, Month, to_ms
from app.domain.grants import AllowanceRule, DueAllowance, GrantKind, due_allowances
from app.domain.users import PLANS
from app.storage import flows, grants, users
from app.storage.engine import Session
from app.storage.flows import Flow

_ALLOWANCE = grants.KINDS.index(GrantKind.MONTHLY_ALLOWANCE) + 1


@dataclass(frozen=True, slots=True)
class Released:
    """What months have released to a user: in all, and for which plans."""

    credits: dict[Month, int]
    given: frozenset[tuple[Month, str]]


def released(session: Session, user: int, first: Month) -> Released:
    """What the months from ``first`` on have released to a user already."""
    sums: dict[Month, int] = {}
    given = set()
    for number, plan, credits in session.run(
        'SELECT month, plan, credits FROM "grant" WHERE user = ? AND kind = 3 AND month >= ?',
        (user, first.number),
    ):
        month = Month.from_number(number)
        sums[month] = sums.get(month, 0) + credits
        given.add((month, PLANS[plan]))
    return Released(sums, frozenset(given))


def due(
    session: Session, row: users.UserRow, until: datetime, rule: AllowanceRule
) -> list[DueAllowance]:
    """The allowances due to a user by ``until`` that are not stored yet."""
    if row.next_release_at is None or row.next_release_at > to_ms(until):
        return []
    return due_since(session, row.id, rule.calendar.month_of_ms(row.next_release_at), until, rule)


def due_since(
    session: Session, user: int, first: Month, until: datetime, rule: AllowanceRule
) -> list[DueAllowance]:
    """The allowances that the months from ``first`` on owe a user by ``until``."""
    history = users.plan_history(session, user)
    known = released(session, user, first)
    return due_allowances(history, known.credits, rule, first, until, given=known.given)


def store_due(
    session: Session,
    user: int,
    allowances: Iterable[DueAllowance],
    calendar: BillingCalendar,
    *,
    not_before: int = 0,
) -> list[int]:
    """Store allowances that are due. Whoever looks first, they are recorded as of their release.

    What only a change of plan recorded at ``not_before`` (ms) made due is recorded as of then.
    """
    return [
        grants.add(
            session,
            user,
            grants.NewGrant(
                kind=GrantKind.MONTHLY_ALLOWANCE,
                credits=allowance.credits,
                effective_at=to_ms(allowance.effective_at),
                expires_at=to_ms(allowance.expires_at),
                recorded_at=max(to_ms(allowance.effective_at), not_before),
                month=allowance.month.number,
                plan=allowance.plan,
            ),
            calendar,
        )
        for allowance in allowances
    ]


def set_next_release(session: Session, user: int, at: int | None) -> None:
    """When to look for allowances of a user next (ms); ``None`` while the plan gives none."""
    session.run("UPDATE user SET next_release_at = ? WHERE id = ?", (at, user))


def earliest_release(session: Session) -> int | None:
    """The earliest instant (ms) at which somebody's allowance may be due."""
    value: int | None = session.value(
        "SELECT min(next_release_at) FROM user WHERE next_release_at IS NOT NULL"
    )
    return value


def release_month(
    session: Session, calendar: BillingCalendar, month: Month, plans: Mapping[str, int]
) -> tuple[int, int]:
    """Release a month to everybody whose allowances are stored up to its beginning.

    ``plans`` gives each plan's credits. Returns how many grants were made and their credits.
    """
    start, end = calendar.start_ms(month), calendar.start_ms(month.next)
    made = credits = 0
    for plan, allowance in plans.items():
        if allowance > 0:
            added = session.run(
                'INSERT INTO "grant" (user, kind, credits, remaining, effective_at, expires_at,'
                " recorded_at, position, staff, month, plan)"
                " SELECT id, ?, ?, ?, ?, ?, ?, 0, ?, ?, plan FROM user"
                " WHERE next_release_at <= ? AND plan = ?",
                (
                    *(_ALLOWANCE, allowance, allowance, start, end, start),
                    *(grants.SYSTEM, month.number, start, PLANS.index(plan)),
                ),
            ).rowcount
            made += added
            credits += added * allowance
    if credits:
        grants.add_outstanding(session, calendar, end, credits)
        flows.add(session, calendar.day_number_of_ms(start), Flow.GIVEN, credits, _ALLOWANCE)
    return made, credits


def due_by_plan(session: Session, start: int) -> dict[str, int]:
    """To how many users of each plan the month that began at ``start`` (ms) owes its allowance.

    That is who ``release_month`` would release it to.
    """
    rows = session.run(
        "SELECT plan, count(*) FROM user WHERE next_release_at <= ? GROUP BY 1", (start,)
    )
    return {PLANS[plan]: count for plan, count in rows}


def mark_released(session: Session, until: int, following: int) -> None:
    """Everybody due by ``until`` (ms) is released; look again at ``following`` (ms)."""
    session.run(
        "UPDATE user SET next_release_at = ? WHERE next_release_at <= ?", (following, until)
    )
