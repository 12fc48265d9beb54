"""What every service works with: the database, the clock, and who is asking.

``with office.reading(act) as work`` and ``with office.writing(act) as work`` open the transaction,
check that the person may do ``act`` (rules, section 5) and hand over what a method needs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.domain import staff as roles
from app.domain.calendar import AHEAD_OF_CLOCK, BillingCalendar, Month, instant_of, to_ms
from app.domain.errors import InvalidInstant, NotPermitted
from app.domain.field_names import field_name
from app.domain.grants import AllowanceRule
from app.domain.price_book import PriceBook
from app.domain.sentences import said
from app.domain.staff import Act, Role, StaffMember
from app.storage import allowances, audit, held, meta, prices, staff, users
from app.storage.engine import Database, Session


@dataclass(frozen=True)
class Work:
    """One transaction under way: who does it, when, and by which prices."""

    session: Session
    member: StaffMember
    now: datetime
    book: PriceBook
    calendar: BillingCalendar
    recorded: bool = True

    def unrecorded(self) -> Work:
        """The same, leaving no audit record of single acts: one for all of them follows."""
        return replace(self, recorded=False)

    @property
    def now_ms(self) -> int:
        """``now`` in milliseconds."""
        return to_ms(self.now)

    @property
    def rule(self) -> AllowanceRule:
        """What each month's allowances are."""
        return AllowanceRule(self.calendar, self._allowances)

    def _allowances(self, month: Month) -> Mapping[str, int]:
        return self.book.allowances(month, self.calendar)

    def instant(self, at: datetime | None, what: str = "instant") -> datetime:
        """``at`` (or now), refused more than five minutes ahead of the clock (rules, 2 and 3)."""
        if at is None:
            return self.now
        instant = instant_of(at, what)
        if instant > self.now + AHEAD_OF_CLOCK:
            message = said(
                "The {field} “{instant}” is more than 5 minutes ahead of the clock ({now}).",
                field=field_name(what),
                instant=instant.isoformat(),
                now=self.now.isoformat(),
            )
            raise InvalidInstant(message, field=what, value=at)
        return instant

    def pays(self, plan: str) -> bool:
        """Whether any price list gives the plan an allowance."""
        return any(version.prices.policy.plans.get(plan, 0) > 0 for version in self.book.versions)

    def settle(self, row: users.UserRow, until: datetime | None = None) -> None:
        """Store what is due to a user by now, or by a later ``until`` (rules, section 2)."""
        until = max(self.now, until or self.now)
        if row.next_release_at is None or row.next_release_at > to_ms(until):
            return
        first = self.calendar.month_of_ms(row.next_release_at)
        self.settle_since(row.id, row.plan, first, until)

    def settle_since(
        self, user: int, plan: str, first: Month, until: datetime, *, not_before: int = 0
    ) -> None:
        """Store what the months from ``first`` on owe a user by ``until``.

        What only a change of plan recorded at ``not_before`` (ms) made due is recorded as of then.
        """
        owed = allowances.due_since(self.session, user, first, until, self.rule)
        allowances.store_due(self.session, user, owed, self.calendar, not_before=not_before)
        following = self.calendar.start_ms(self.calendar.month_of(until).next)
        allowances.set_next_release(self.session, user, following if self.pays(plan) else None)

    def record(
        self,
        act: str,
        subject: tuple[str, object],
        *,
        why: str = "",
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """Leave an audit record of an act of staff; what the product does leaves none."""
        if self.member.role is Role.SYSTEM or not self.recorded:
            return
        audit.append(
            self.session,
            at=self.now_ms,
            staff=self.member.email,
            act=act,
            subject=subject,
            why=why,
            before=before,
            after=after,
        )


@dataclass(frozen=True, slots=True)
class ReleaseReport:
    """What a release of allowances made: how many grants, of how many credits, for which months."""

    grants: int
    credits: int
    months: tuple[Month, ...]


def release(
    session: Session, book: PriceBook, calendar: BillingCalendar, until: datetime
) -> ReleaseReport:
    """Release all that is due to everybody by ``until``, set-based (rules, section 2)."""
    earliest = allowances.earliest_release(session)
    if earliest is None or earliest > to_ms(until):
        return ReleaseReport(0, 0, ())
    months = tuple(calendar.month_of_ms(earliest).until(calendar.month_of(until)))
    made = credits = 0
    for month in months:
        plans = book.allowances(month, calendar)
        added, amount = allowances.release_month(session, calendar, month, plans)
        made, credits = made + added, credits + amount
    allowances.mark_released(session, to_ms(until), calendar.start_ms(months[-1].next))
    return ReleaseReport(made, credits, months)


class Office:
    """The database, the clock and the person, shared by the services of one desk.

    ``now`` gives the present as an aware ``datetime``; ``person`` is the address (or the word
    ``system``) under which everything is done.
    """

    def __init__(
        self, database: Database, now: Callable[[], datetime], person: str, zone: str
    ) -> None:
        self.database = database
        self.person = person
        self.calendar = BillingCalendar(zone)
        self._now = now
        self._books: dict[tuple[int, int], PriceBook] = {}

    def elsewhere(self, database: Database) -> Office:
        """The same clock and person over another database."""
        return Office(database, self._now, self.person, self.calendar.zone)

    def now(self) -> datetime:
        """The present, in UTC and whole milliseconds."""
        return instant_of(self._now(), "clock")

    @contextmanager
    def reading(
        self, act: Act = Act.LOOK_UP, stop: threading.Event | None = None
    ) -> Iterator[Work]:
        """One snapshot for ``act``. Raises ``NotPermitted``; ``Cancelled`` once ``stop`` is set."""
        with self.database.reading(stop) as session:
            yield self._work(session, act)

    @contextmanager
    def writing(self, *acts: Act) -> Iterator[Work]:
        """One transaction for any of ``acts`` that the person may do; else ``NotPermitted``."""
        with self.database.writing() as session:
            yield self._work(session, *acts)

    def _work(self, session: Session, *acts: Act) -> Work:
        found = staff.by_email(session, self.person)
        permitted = [act for act in acts if found is not None and roles.may(found.role, act)]
        member = roles.require(found, self.person, (permitted or acts)[0])
        return Work(session, member, self.now(), self._book(session), self.calendar)

    def _book(self, session: Session) -> PriceBook:
        stamp = prices.stamp(session)
        book = self._books.get(stamp)
        if book is None:
            book = PriceBook(prices.versions(session, self.now()))
            self._books = {stamp: book}
        return book

    def start_anew(self) -> None:
        """Forget what was read of a database whose whole content was replaced."""
        with self.database.reading() as session:
            self.calendar = BillingCalendar(meta.zone(session))
        self._books = {}

    def release_due(self) -> None:
        """Store what allowances are due to everybody, and count out what expired.

        Only where the database can be written. The rules say so by themselves: it needs no
        permission and leaves no audit record.
        """
        if not self.database.writable:
            return
        now = self.now()
        with self.database.reading() as session:
            earliest = allowances.earliest_release(session)
            due = earliest is not None and earliest <= to_ms(now)
            behind = held.needs_counting(session, to_ms(now))
        if not due and not behind:
            return
        with self.database.writing() as session:
            held.count_out(session, to_ms(now))
            if due:
                release(session, self._book(session), self.calendar, now)

    def allowed(self, act: Act) -> bool:
        """Whether the person may do ``act`` now; screens must not offer what is denied."""
        with self.database.reading() as session:
            found = staff.by_email(session, self.person)
        try:
            roles.require(found, self.person, act)
        except NotPermitted:
            return False
        return True
