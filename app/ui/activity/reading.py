"""What the page asks: the list as it is found, what is new, and what a record leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Event
from typing import Any, NamedTuple

from PySide6.QtCore import QObject

from app.domain.activity import STEP, ActivityQuery, ChainHead, ImportHolds, Listing, user_of
from app.domain.audit import AuditRecord
from app.domain.errors import CreditsError
from app.ui.activity.state import Target
from app.ui.background import Latest
from app.ui.language import tr
from app.ui.page import Frame

News = tuple[tuple[AuditRecord, ...], ChainHead] | None


class Named:
    """What the users on record are called, as far as they were read; ids stand for others.

    A listing comes with those of its first records; for a page of others ``learn`` asks once, off
    the window's thread.
    """

    def __init__(self, desk: Any) -> None:
        self._desk = desk
        self._names: dict[str, str] = {}

    def __call__(self, user_id: str) -> str:
        """The name of a user, empty where it is not known."""
        return self._names.get(user_id, "")

    def take(self, names: Mapping[str, str]) -> None:
        """These are known now."""
        self._names |= names

    def learn(self, records: Iterable[AuditRecord], stop: Event) -> None:
        """Ask who the users of some records are."""
        users = {user_of(record) for record in records} - {""}
        if users:
            self.take(self._desk.accounts.names(users, stop=stop))


class Sorted(NamedTuple):
    """A sorted list that was read anew, at which places the new ones stand, and what is there."""

    listing: Listing
    new: Sequence[int]
    rows: Mapping[int, AuditRecord]


class Rows:
    """The records of a query by their places, however many came on top since it was asked.

    By time places count from the newest, whichever end is shown on top.
    """

    def __init__(self, desk: Any, query: ActivityQuery, named: Named) -> None:
        self._desk = desk
        self._named = named
        self._query = replace(query, descending=True) if query.by_time else query
        self.head = ChainHead()
        self._keys: Sequence[int] = ()
        self._numbers: Sequence[int] = ()
        self._added = 0

    def take(self, listing: Listing) -> None:
        """So much is found."""
        self._keys, self._numbers, self.head = listing.keys, listing.numbers, listing.head

    def add(self, count: int, head: ChainHead) -> None:
        """So many came on top."""
        self._added += count
        self.head = head

    def fetch(self, offset: int, limit: int, stop: Event) -> list[AuditRecord]:
        """Read the records from a place on, and who their users are."""
        found = self._read(offset, limit, stop)
        self._named.learn(found, stop)
        return found

    def _read(self, offset: int, limit: int, stop: Event) -> list[AuditRecord]:
        found: list[AuditRecord]
        if not self._query.by_time:
            numbers = self._numbers[offset : offset + limit]
            found = self._desk.activity.records(numbers, stop=stop)
            return found
        added, keys = self._added, self._keys
        before, skip = self.head.record + 1, offset
        if offset >= added and keys:
            near, skip = divmod(offset - added, STEP)
            before = keys[min(near, len(keys) - 1)] + 1
        found = self._desk.activity.page(
            self._query, before=before, limit=limit, skip=skip, stop=stop
        )
        return found

    def place_of(self, number: int, stop: Event) -> int | None:
        """At which place of the list of all a record stands; None where it is not among them."""
        if self._query.by_time:
            place: int = self._desk.activity.place_of(number, stop=stop)
            return place
        return self._numbers.index(number) if number in self._numbers else None


class ListQuestions:
    """The questions behind the list; only the latest counts.

    ``came(listing)`` is called with what was found so far, and once with all of it;
    ``fresh(news)`` with what is new, None where the list must be read anew; ``again(sorted)`` with
    a sorted list that has what is new where it belongs.
    """

    def __init__(
        self,
        frame: Frame,
        owner: QObject,
        named: Named,
        *,
        came: Callable[[Listing], None],
        fresh: Callable[[News], None],
        again: Callable[[Sorted], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._frame, self._named = frame, named
        self._came, self._fresh, self._again, self._failed = came, fresh, again, failed
        self._listing = Latest(frame.background, owner=owner)
        self._news = Latest(frame.background, owner=owner)
        self._report: Callable[[Listing], None] | None = None

    @property
    def asking(self) -> bool:
        """Whether the list is still being found."""
        return self._listing.asking

    def ask(self, query: ActivityQuery) -> None:
        """Find the records of a query."""
        self.stop()
        desk = self._frame.desk
        report = self._report = self._frame.background.reporter(self._so_far)
        self._listing.ask(
            lambda stop: desk.activity.listing(query, told=report, stop=stop),
            self._whole,
            self._refused,
        )

    def ask_again(
        self, query: ActivityQuery, fresh: Sequence[AuditRecord], since: ChainHead
    ) -> None:
        """Read a sorted list anew, in which what is ``fresh`` since then has its places."""
        activity = self._frame.desk.activity

        def read(stop: Event) -> Sorted:
            listing = activity.listing(query, stop=stop)
            self._named.take(listing.names)
            new = [at for at, number in enumerate(listing.numbers) if number > since.record]
            known = {record.id: record for record in fresh}
            numbers = {at: listing.numbers[at] for at in new}
            here = {at: known[number] for at, number in numbers.items() if number in known}
            return Sorted(listing, new, here)

        self._listing.ask(read, self._again, self._refused)

    def ask_news(self, query: ActivityQuery, since: ChainHead) -> None:
        """Ask what came since."""
        desk, learn = self._frame.desk, self._named.learn

        def read(stop: Event) -> News:
            found: News = desk.activity.news(query, since, stop=stop)
            learn(found[0] if found else (), stop)
            return found

        self._news.ask(read, self._fresh, self._refused)

    def stop(self) -> None:
        """Ask nothing any more."""
        self._listing.cancel()
        self._news.cancel()
        self._forget()

    def _so_far(self, listing: Listing) -> None:
        if self._listing.asking:
            self._named.take(listing.names)
            self._came(listing)

    def _whole(self, listing: Listing) -> None:
        self._forget()
        self._named.take(listing.names)
        self._came(listing)

    def _refused(self, error: Exception) -> None:
        self._forget()
        self._failed(error)

    def _forget(self) -> None:
        if self._report is not None:
            self._frame.background.forget(self._report)
            self._report = None


@dataclass(frozen=True)
class Context:
    """What is known beside a record: who its user is, what its import holds, where it leads."""

    record: int
    user_name: str = ""
    holds: ImportHolds | None = None
    targets: tuple[Target, ...] = ()


def read_context(desk: Any, record: AuditRecord, user_id: str, stop: Event) -> Context:
    """Ask what is known beside a record; what is not on record any more is left out."""
    holds = None
    more: tuple[Target, ...] = ()
    if record.subject_kind == "import" and record.subject.isdecimal():
        holds = desk.activity.import_holds(int(record.subject), stop=stop)
        more = _held(holds)
    if record.subject_kind == "charge" and record.subject.isdecimal():
        user_id = _user_of_charge(desk, int(record.subject), stop)
        if user_id:
            number = int(record.subject)
            said = tr("Charge {number}", number=number)
            more = (Target(said, "users", (user_id, "charge", number)),)
    return Context(record.id, _name_of(desk, user_id, stop), holds, more)


def _held(holds: ImportHolds | None) -> tuple[Target, ...]:
    if holds is None:
        return ()
    return (
        *(Target(user, "users", user) for user, _rows in holds.users),
        *(
            Target(tr("Request {number}", number=number), "requests", number)
            for number in holds.requests
        ),
    )


def _user_of_charge(desk: Any, number: int, stop: Event) -> str:
    try:
        return str(desk.charging.find(number, stop=stop).user_id)
    except CreditsError:
        return ""


def _name_of(desk: Any, user_id: str, stop: Event) -> str:
    try:
        user = desk.accounts.user(user_id, stop=stop) if user_id else None
    except CreditsError:
        return ""
    return str(user.name or user.email) if user is not None else ""
