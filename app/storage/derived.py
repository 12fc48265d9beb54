"""What follows from the ledger and is kept beside it: monthly consumption, what each day moved.

The same queries check these tables and make them anew.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.calendar import BillingCalendar, Month
from app.storage import flows, held, search_index
from app.storage.consumption import month_expression
from app.storage.engine import Session

MEASURES = ("uses", "credits", "refused", "refunded")


def consumption(months: Sequence[Month], calendar: BillingCalendar) -> str:
    """SQL for what the consumption table must hold, as month, feature, plan and ``MEASURES``."""
    facts = (
        f"SELECT {month_expression(months, calendar)} AS month, feature, plan,"
        " sum(CASE WHEN available IS NULL THEN quantity ELSE 0 END) AS uses,"
        " sum(CASE WHEN available IS NULL THEN credits ELSE 0 END) AS credits,"
        " sum(CASE WHEN available IS NULL THEN 0 ELSE quantity END) AS refused, 0 AS refunded"
        " FROM charge GROUP BY 1, 2, 3"
        f" UNION ALL SELECT {month_expression(months, calendar, 'r.at')}, c.feature, c.plan,"
        " 0, 0, 0, sum(c.credits) FROM refund r JOIN charge c ON c.id = r.charge GROUP BY 1, 2, 3"
    )
    sums = ", ".join(f"sum({name}) AS {name}" for name in MEASURES)
    return f"SELECT month, feature, plan, {sums} FROM ({facts}) GROUP BY 1, 2, 3"


def months_of(session: Session, calendar: BillingCalendar, now: int) -> tuple[Month, ...]:
    """Every month in which anything occurred, and those until ``now`` (ms)."""
    first, last = session.one(
        "SELECT min(least), max(most) FROM (SELECT min(occurred_at) AS least,"
        " max(occurred_at) AS most FROM charge UNION ALL SELECT min(at), max(at) FROM refund"
        " UNION ALL SELECT min(at), max(at) FROM void"
        " UNION ALL SELECT min(registered_at), max(registered_at) FROM user"
        ' UNION ALL SELECT min(effective_at), max(effective_at) FROM "grant")'
    )
    begin = calendar.month_of_ms(now if first is None else min(first, now))
    return tuple(begin.until(calendar.month_of_ms(max(last or 0, now))))


def months_of_expiry(
    session: Session, calendar: BillingCalendar, months: Sequence[Month]
) -> tuple[Month, ...]:
    """``months``, and those after them in which a grant expires."""
    latest = session.value('SELECT max(expires_at) FROM "grant"') or 0
    return tuple(months[0].until(max(calendar.month_of_ms(latest), months[-1])))


def count_days(session: Session, calendar: BillingCalendar, months: Sequence[Month]) -> None:
    """Count anew what each day moved, and what is left until when."""
    session.run("DELETE FROM flow")
    session.run(f"INSERT INTO flow (day, kind, part, credits) {flows.moved(months, calendar)}")
    session.run("DELETE FROM outstanding")
    later = months_of_expiry(session, calendar, months)
    session.run(f"INSERT INTO outstanding (day, credits) {flows.left(later, calendar)}")


def rebuild(session: Session, calendar: BillingCalendar, now: int) -> None:
    """Make the derived tables anew from what they are derived from; ``now`` in milliseconds."""
    months = months_of(session, calendar, now)
    session.run("DELETE FROM consumption")
    session.run(
        f"INSERT INTO consumption (month, feature, plan, {', '.join(MEASURES)})"
        f" {consumption(months, calendar)}"
    )
    count_days(session, calendar, months)
    held.count_anew(session, now)
    search_index.rebuild(session)
    # A what-if packs a month anew when it first asks for it; so do users, once they are counted.
    for table in ("month_pack", "month_use", "month_mix"):
        session.run(f"DELETE FROM {table}")
    session.run("INSERT OR REPLACE INTO month_use_mark (id, charges, refunds) VALUES (1, 0, 0)")
