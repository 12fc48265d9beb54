"""Looking through the audit record, and proving its chain (rules, section 5). Nothing writes."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

from app.domain.activity import (
    MOST_CHARACTERS,
    STEP,
    ActivityQuery,
    ChainBreak,
    ChainHead,
    ChainReport,
    Choices,
    HeadPlace,
    ImportHolds,
    Listing,
    checked_order,
    noted_head,
    user_of,
)
from app.domain.audit import FIRST, AuditRecord
from app.domain.calendar import FIRST_YEAR, BillingCalendar, to_ms
from app.domain.errors import Cancelled, InvalidValue
from app.domain.integrity import MOST_ROWS
from app.domain.sentences import said
from app.domain.staff import Act
from app.domain.users import checked_count, checked_text
from app.services.office import Office, Work
from app.storage import activity, audit, users
from app.storage.activity import Where
from app.storage.engine import Session

MOST_PAGE = 10_000
MOST_NEWS = 1_000
"""When more records than this are new, a list is read anew."""
MOST_HELD = 12
_CHUNK = 1_000
Told = Callable[[Listing], None]
Progress = Callable[[int, int], None]
"""Called with how many records are hashed, and how many there are."""


class Activity:
    """Every act of staff: who, when, what, on whom, why, before and after."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def page(
        self,
        query: ActivityQuery | None = None,
        *,
        before: int | None = None,
        limit: int = 50,
        skip: int = 0,
        stop: threading.Event | None = None,
    ) -> list[AuditRecord]:
        """The first records of a query in its order, of those with numbers below ``before``.

        Raises ``InvalidValue`` for what a query cannot hold.
        """
        query = _checked(query)
        limit = checked_count(limit, "limit", most=MOST_PAGE)
        skip = checked_count(skip, "skip")
        with self._office.reading(stop=stop) as work:
            wanted = _where(work, query)
            if before is not None:
                wanted = replace(wanted, highest=min(wanted.highest, before - 1))
            numbers = activity.in_order(work.session, wanted, query, limit, skip)
            return activity.records(work.session, tuple(numbers))

    def records(
        self, numbers: Sequence[int], *, stop: threading.Event | None = None
    ) -> list[AuditRecord]:
        """The records of these numbers, in their order."""
        with self._office.reading(stop=stop) as work:
            return activity.records(work.session, numbers)

    def listing(
        self,
        query: ActivityQuery | None = None,
        *,
        told: Told | None = None,
        stop: threading.Event | None = None,
    ) -> Listing:
        """All records of a query: the first of them whole, the others by number.

        By time they come newest first, whichever end the query asks for: turning them is the work
        of who shows them, for new ones are always added at that end. ``told`` hears what was
        found so far, as soon as something is. Raises ``InvalidValue``, ``Cancelled``.
        """
        query = _checked(query)
        with self._office.reading(stop=stop) as work:

            def found(listing: Listing) -> None:
                _go_on(stop)
                if told is not None:
                    told(_named(work, listing))

            head = audit.newest(work.session)
            wanted = _where(work, query)
            if not query.by_time:
                whole = _sorted(work.session, wanted, query, head, found)
            elif not query.narrowed:
                whole = _all(work.session, wanted, head, found)
            else:
                whole = _found(work.session, wanted, head, found)
            return _named(work, whole)

    def every(
        self, query: ActivityQuery | None = None, stop: threading.Event | None = None
    ) -> Iterator[list[AuditRecord]]:
        """All records of a query in its order, some at a time, from one snapshot."""
        query = _checked(query)
        with self._office.reading(stop=stop) as work:
            wanted = _where(work, query)
            numbers = activity.in_order(work.session, wanted, query)
            while chunk := tuple(islice(numbers, _CHUNK)):
                yield activity.records(work.session, chunk)

    def news(
        self,
        query: ActivityQuery | None,
        since: ChainHead,
        *,
        stop: threading.Event | None = None,
    ) -> tuple[tuple[AuditRecord, ...], ChainHead] | None:
        """The records of a query that are newer than ``since``, newest first, and the head now.

        ``None`` where too many are new, or where ``since`` is no longer in the chain, as after a
        restore: then the list must be read anew.
        """
        query = _checked(query)
        with self._office.reading(stop=stop) as work:
            if audit.hash_of(work.session, since.record) != since.hash:
                return None
            wanted = _where(work, query)
            wanted = replace(wanted, lowest=max(wanted.lowest, since.record + 1))
            fresh = activity.newest(work.session, wanted, MOST_NEWS + 1)
            head = audit.newest(work.session)
            return None if len(fresh) > MOST_NEWS else (tuple(fresh), head)

    def place_of(self, record: int, *, stop: threading.Event | None = None) -> int:
        """How many records are newer than one: where it stands in the list of all."""
        with self._office.reading(stop=stop) as work:
            return activity.above(work.session, record)

    def choices(self, *, stop: threading.Event | None = None) -> Choices:
        """Who is on record, with which acts, on what kinds of thing."""
        with self._office.reading(stop=stop) as work:
            return activity.choices(work.session)

    def import_holds(
        self, import_id: int, *, stop: threading.Event | None = None
    ) -> ImportHolds | None:
        """What an import put on record, its largest users first; ``None`` for no import."""
        with self._office.reading(stop=stop) as work:
            return activity.import_holds(work.session, import_id, MOST_HELD)

    # The chain ----------------------------------------------------------------------------------

    def head(self, *, stop: threading.Event | None = None) -> ChainHead:
        """The newest record and its hash: noted elsewhere, it later proves that none was lost."""
        with self._office.reading(stop=stop) as work:
            return audit.newest(work.session)

    def prove(
        self, progress: Progress | None = None, *, stop: threading.Event | None = None
    ) -> ChainReport:
        """Hash every record anew and compare: whether each follows from the one before.

        Raises ``NotPermitted``, ``Cancelled``.
        """
        with self._office.reading(Act.VERIFY, stop) as work:
            head = audit.newest(work.session)
            breaks: list[ChainBreak] = []
            found = 0

            def told(done: int) -> None:
                _go_on(stop)
                if progress is not None:
                    progress(done, head.record)

            for one in audit.breaks(work.session, told):
                found += 1
                if len(breaks) < MOST_ROWS:
                    breaks.append(one)
            records = activity.every(work.session)
            told(head.record)
            return ChainReport(records, tuple(breaks), found, head, work.now)

    def place_of_head(self, noted: str, *, stop: threading.Event | None = None) -> HeadPlace:
        """At which record a head stands that was noted earlier; nowhere if records were lost.

        ``noted`` is any text with the hash in it. Raises ``InvalidValue`` where there is none.
        """
        digest = noted_head(noted)
        with self._office.reading(Act.VERIFY, stop) as work:
            head = audit.newest(work.session)
            if digest == FIRST:
                return HeadPlace(digest, 0, None, head)
            found = audit.with_hash(work.session, digest)
            if found is None:
                return HeadPlace(digest, None, None, head)
            return HeadPlace(digest, found.record, found.at, head)


def _go_on(stop: threading.Event | None) -> None:
    if stop is not None and stop.is_set():
        raise Cancelled(said("This was stopped; nothing was changed."))


def _checked(query: ActivityQuery | None) -> ActivityQuery:
    query = query or ActivityQuery()
    checked_order(query.order)
    for name in ("text", "staff", "act", "kind"):
        checked_text(getattr(query, name), name, most=MOST_CHARACTERS, may_be_empty=True)
    for part in query.subject or ():
        checked_text(part, "subject", may_be_empty=True)
    if query.first is not None and query.last is not None and query.first > query.last:
        message = said(
            "The last day, {last}, is before the first, {first}.",
            last=query.last,
            first=query.first,
        )
        raise InvalidValue(message, field="last", value=query.last)
    return query


def _named(work: Work, listing: Listing) -> Listing:
    """The same with the names of its users: asked here, in the transaction that reads it."""
    ids = {user_of(record) for record in listing.first} - {""}
    return replace(listing, names=users.names(work.session, ids)) if ids else listing


def _where(work: Work, query: ActivityQuery) -> Where:
    bounds = _start(work.calendar, query.first), _end(work.calendar, query.last)
    return activity.where(work.session, query, bounds)


def _start(calendar: BillingCalendar, day: date | None) -> int | None:
    if day is None or day.year < FIRST_YEAR:
        return None
    return to_ms(calendar.at_local(day.year, day.month, day.day))


def _end(calendar: BillingCalendar, day: date | None) -> int | None:
    if day is None or day.year == date.max.year:
        return None
    following = day + timedelta(days=1)
    # Before there were any records, nothing was done.
    return _start(calendar, following) or 0


def _all(session: Session, wanted: Where, head: ChainHead, told: Told) -> Listing:
    """Everything: without a gap in the numbers each place follows from the newest."""
    first = tuple(activity.newest(session, wanted, STEP))
    told(Listing(first, _keys(first), len(first), head, 0.0))
    count = activity.every(session)
    if count == head.record:
        return Listing(first, range(head.record, 0, -STEP), count, head)
    return _found(session, wanted, head, told)


def _found(session: Session, wanted: Where, head: ChainHead, told: Told) -> Listing:
    """What passes, stretch by stretch: whole until there are enough to show, then by number."""
    first: list[AuditRecord] = []
    keys: list[int] = []
    count = 0
    for high, low in activity.stretches(wanted):
        below = high
        if count < STEP:
            rows = activity.first_of(session, wanted, high, low, STEP - count)
            first += rows
            count += len(rows)
            keys = list(_keys(tuple(first)))
            below = rows[-1].id if count == STEP else low
        for number in activity.numbers(session, wanted, below, low):
            if count % STEP == 0:
                keys.append(number)
            count += 1
        told(Listing(tuple(first), tuple(keys), count, head, _share(wanted, low)))
    return Listing(tuple(first), tuple(keys), count, head)


def _sorted(
    session: Session, wanted: Where, query: ActivityQuery, head: ChainHead, told: Told
) -> Listing:
    """What passes, in another order than that of time: the first are told at once."""
    rest = activity.in_order(session, wanted, query)
    numbers = array("q", islice(rest, STEP))
    first = tuple(activity.records(session, numbers))
    told(Listing(first, (), len(first), head, 0.0, numbers[:]))
    numbers.extend(rest)
    return Listing(first, (), len(numbers), head, numbers=numbers)


def _keys(first: tuple[AuditRecord, ...]) -> tuple[int, ...]:
    return (first[0].id,) if first else ()


def _share(wanted: Where, low: int) -> float:
    """How much was looked through; just below 1 at most, for more may follow."""
    whole = wanted.highest + 1 - wanted.lowest
    return min(0.999, (wanted.highest + 1 - low) / whole) if whole > 0 else 0.999
