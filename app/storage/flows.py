"""What each day moved: credits given, used, returned and voided, and what is left until when.

Derived from the ledger and kept in the transaction of what they are derived from. Days are those
of the billing zone, as numbers like ``20260131``; a grant that expires at the first instant of a
day was valid until the end of the day before, and counts there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum

from app.domain.calendar import BillingCalendar, Month
from app.domain.grants import GrantKind
from app.storage.engine import Session

_DAY_MS = 86_400_000
KINDS = tuple(GrantKind)
"""The kinds of grants; the database keeps their places in this row, from 1 on."""


class Flow(IntEnum):
    """What moved; the part of what was given is its kind, that of what was used its feature."""

    GIVEN = 1
    USED = 2
    RETURNED = 3
    VOIDED = 4


def add(session: Session, day: int, flow: Flow, credits: int, part: int = 0) -> None:
    """Count credits that moved on a day."""
    session.run(
        "INSERT INTO flow (day, kind, part, credits) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (day, kind, part) DO UPDATE SET credits = credits + excluded.credits",
        (day, int(flow), part, credits),
    )


def count_uses(
    session: Session, calendar: BillingCalendar, months: Sequence[Month], after: int
) -> None:
    """Count the uses with numbers above ``after``, all of which occurred in ``months``."""
    session.run(
        f"INSERT INTO flow (day, kind, part, credits) {_used(months, calendar)} AND id > {after}"
        " GROUP BY 1, 3 ON CONFLICT (day, kind, part) DO UPDATE SET"
        " credits = credits + excluded.credits"
    )


def _used(months: Sequence[Month], calendar: BillingCalendar) -> str:
    return (
        f"SELECT {day_expression(months, calendar, 'occurred_at')}, {Flow.USED:d}, feature,"
        " sum(credits) FROM charge WHERE available IS NULL AND credits > 0"
    )


def moved(months: Sequence[Month], calendar: BillingCalendar) -> str:
    """SQL for what the table of flows must hold, as day, kind, part and credits."""

    def day(column: str) -> str:
        return day_expression(months, calendar, column)

    return (
        f"SELECT {day('effective_at')} AS day, {Flow.GIVEN:d} AS kind, kind AS part,"
        ' sum(credits) AS credits FROM "grant" GROUP BY 1, 3'
        f" UNION ALL {_used(months, calendar)} GROUP BY 1, 3"
        f" UNION ALL SELECT {day('f.at')}, {Flow.RETURNED:d}, 0, sum(r.credits)"
        " FROM returned r JOIN refund f ON f.id = r.refund GROUP BY 1"
        f" UNION ALL SELECT {day('at')}, {Flow.VOIDED:d}, 0, sum(credits) FROM void GROUP BY 1"
    )


def left(months: Sequence[Month], calendar: BillingCalendar) -> str:
    """SQL for what the table of outstanding credits must hold, as day and credits."""
    day = day_expression(months, calendar, "(expires_at - 1)")
    return f'SELECT {day} AS day, sum(remaining) AS credits FROM "grant" GROUP BY 1'


def day_expression(months: Sequence[Month], calendar: BillingCalendar, column: str) -> str:
    """SQL for the day of an instant that lies in one of ``months``.

    A nested CASE that halves the stretches of days of 24 hours, within which days are divided out.
    """
    return _halved([piece for month in months for piece in _pieces(month, calendar)], column)


_Piece = tuple[int, int, bool]
"""The first instant of a stretch, the number of its first day, whether all its days are equal."""


def _pieces(month: Month, calendar: BillingCalendar) -> Iterable[_Piece]:
    starts = (*calendar.day_starts_ms(month), calendar.start_ms(month.next))
    even = False
    for place in range(len(starts) - 1):
        usual = starts[place + 1] - starts[place] == _DAY_MS
        if not (usual and even):
            yield starts[place], month.day_number(place + 1), usual
        even = usual


def _halved(pieces: Sequence[_Piece], column: str) -> str:
    if len(pieces) == 1:
        start, number, even = pieces[0]
        return f"{number} + ({column} - {start}) / {_DAY_MS}" if even else str(number)
    middle = len(pieces) // 2
    earlier, later = _halved(pieces[:middle], column), _halved(pieces[middle:], column)
    return f"CASE WHEN {column} < {pieces[middle][0]} THEN {earlier} ELSE {later} END"
