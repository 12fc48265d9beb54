"""The books of the demo while they are written: rows of all tables, put down some users at a time.

Rows follow the rules as the services do: an account is lived through in order of time, and all
that the database derives is added up on the way.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.calendar import BillingCalendar, Month, to_ms
from app.domain.price_book import PriceBook
from app.domain.purses import Purse
from app.domain.users import PLANS
from app.storage import building, bulk
from app.storage.engine import Session

ROWS_AT_ONCE = 50_000
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the staff: their number in the database and their address."""

    id: int
    email: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Something asked for: when (ms), its row without a number, and who must learn the number."""

    asked_at: int
    row: Row
    told: tuple[dict[str, Any], ...]


class MonthTable:
    """The months of a stretch of time, to find the one of an instant (ms) quickly."""

    def __init__(self, calendar: BillingCalendar, first: Month, last: Month) -> None:
        months = list(first.until(last))
        self.starts = [calendar.start_ms(month) for month in months]
        self.numbers = [month.number for month in months]

    def place(self, at: int) -> int:
        """The place of the month in which ``at`` lies."""
        return bisect_right(self.starts, at) - 1

    def end(self, at: int) -> int:
        """The first instant after the month in which ``at`` lies."""
        return self.starts[bisect_right(self.starts, at)]


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of time of one user in which month, plan and price list stay the same.

    ``until`` (ms) it lasts; ``cells`` are the month's sums for that plan, by feature.
    """

    until: int
    place: int
    plan: int
    position: int
    version: int
    credits: Mapping[str, int]
    cells: dict[int, list[int]]


NO_SPELL = Spell(0, 0, 0, 0, 0, {}, {})


class Books:
    """Rows that wait to be put down, the numbers given so far, and the sums over all."""

    def __init__(
        self,
        session: Session,
        book: PriceBook,
        calendar: BillingCalendar,
        span: tuple[datetime, datetime],
    ) -> None:
        """``span`` is from when anything happened until now."""
        self.session = session
        self.book = book
        self.calendar = calendar
        since, now = span
        self.now = to_ms(now)
        self.features = bulk.features(session)
        self.months = MonthTable(
            calendar, calendar.month_of(since), calendar.month_of(now).plus(13)
        )
        self.charge = self.grant = self.refund = self.note = 0
        self.burns: list[bulk.Burned] = []
        self.cells: dict[tuple[int, int], dict[int, list[int]]] = {}
        self._allowances: dict[int, list[int]] = {}
        self.acts: list[building.Act] = []
        self.approvals: list[Asked] = []
        self._rows: dict[str, list[Row]] = {table: [] for table in building.COLUMNS}
        self.charges = self._rows["charge"]
        self._rows["burn"] = self.burns  # rows of another shape

    def row(self, table: str, *values: Any) -> None:
        """Keep a row for a table, with the columns of ``building.COLUMNS``."""
        self._rows[table].append(values)

    def keep(self, purse: Purse, row: Sequence[Any]) -> None:
        """Keep a grant as it is at the end: ``row`` is what follows what remains of it."""
        number, user, kind, credits, *rest = row
        self._rows['"grant"'].append((number, user, kind, credits, purse.remaining, *rest))

    def count(self, at: int, feature: int, plan: int, place: int, amount: int) -> None:
        """Add to a measure of a month: 0 uses, 1 credits, 2 refused, 3 refunded."""
        month = self.months.numbers[self.months.place(at)]
        cells = self.cells.setdefault((month, plan), {})
        cells.setdefault(feature, [0, 0, 0, 0])[place] += amount

    def allowance(self, place: int, plan: int) -> int:
        """The credits of a plan (its place) for the month at ``place``."""
        credits = self._allowances.get(place)
        if credits is None:
            month = Month.from_number(self.months.numbers[place])
            given = self.book.allowances(month, self.calendar)
            credits = self._allowances[place] = [given.get(name, 0) for name in PLANS]
        return credits[plan]

    def spell(self, at: int, plan: int, until: int) -> Spell:
        """What holds at ``at`` for a user of ``plan``, at most ``until``."""
        place, position = self.months.place(at), self.book.position_ms(at)
        boundaries = self.book.boundaries
        following = boundaries[position + 1] if position + 1 < len(boundaries) else until
        return Spell(
            until=min(until, following, self.months.starts[place + 1]),
            place=place,
            plan=plan,
            position=position,
            version=self.book.versions[position].number,
            credits=self.book.credits[position],
            cells=self.cells.setdefault((self.months.numbers[place], plan), {}),
        )

    def act(
        self,
        at: int,
        who: Colleague,
        act: str,
        subject: tuple[str, object],
        *,
        why: str = "",
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        """Keep an audit record; the chain is made at the end, in order of time."""
        kind, name = subject
        self.acts.append((at, who.email, act, (kind, str(name)), why, before or {}, after or {}))

    def put_down(self, least: int = ROWS_AT_ONCE) -> None:
        """Put the waiting rows down once there are enough of them."""
        if len(self.charges) + len(self._rows['"grant"']) < least:
            return
        for table, rows in self._rows.items():
            if rows:
                building.add(self.session, table, rows)
                rows.clear()

    def decide(self) -> None:
        """Number the approvals, and put down everything that users and staff did."""
        # Whatever was asked for first has the lowest number.
        asked = sorted(self.approvals, key=lambda approval: approval.asked_at)
        for number, approval in enumerate(asked, start=1):
            self.row("approval", number, *approval.row)
            for values in approval.told:
                values["approval"] = number
        self.put_down(least=0)

    def close(self) -> None:
        """Put down the rest: sums, and the chain of what staff did."""
        for (month, plan), by_feature in sorted(self.cells.items()):
            for feature, cell in sorted(by_feature.items()):
                self.row("consumption", month, feature, plan, *cell)
        self.put_down(least=0)
        building.add_audit(self.session, sorted(self.acts, key=lambda act: act[0]))
