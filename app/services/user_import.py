"""Importing users and plan changes: rows are judged in the order of the file, done in that of time.

A friend may stand before the one who invited them; in order of time the code is on record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.domain.calendar import AHEAD_OF_CLOCK, from_ms, to_ms
from app.domain.errors import AlreadyRegistered, CreditsError, InvalidInstant, UnknownUser
from app.domain.field_names import field_name
from app.domain.grants import PlanChange
from app.domain.imports import BadRow, ImportReport
from app.domain.instants import InstantReader
from app.domain.sentences import said
from app.domain.users import (
    MOST_ID,
    User,
    can_be_kept,
    checked_email,
    checked_plan,
    checked_text,
)
from app.services import registering
from app.services.import_files import Row, SourceFile, shown
from app.services.office import Work
from app.storage import bulk, search_index, users

ROWS_BETWEEN_LOOKS = 500


@dataclass(frozen=True, slots=True)
class _New:
    """A registration to make, with the row it comes from."""

    line: int
    values: Sequence[str]
    user: User


class RowImport:
    """What imports row by row have in common: counting, and the bad rows."""

    def __init__(self, work: Work, source: SourceFile, run: int, instants: InstantReader) -> None:
        self.work = work.unrecorded()
        self._source = source
        self._run = run
        self._instants = instants
        self._latest = to_ms(work.now + AHEAD_OF_CLOCK)
        self._bad: list[BadRow] = []
        self._read = self._added = self._same = self._repeated = 0

    def _judge_all(self, judge: Callable[[list[Row]], Iterable[None]]) -> None:
        for chunk in self._source.chunks():
            self._read += len(chunk)
            self._bad += chunk.bad
            for _ in judge(list(chunk.rows)):
                pass

    def _leave_out(self, line: int, values: Sequence[str], error: CreditsError) -> None:
        self._bad.append(BadRow(line, error.sentence, shown(values)))

    def _instant(self, text: str, what: str) -> int:
        at = self._instants.read(text)
        if at > self._latest:
            now = self.work.now.isoformat()
            message = said(
                "The {field} “{instant}” is more than 5 minutes ahead of the clock ({now}).",
                field=field_name(what),
                instant=text,
                now=now,
            )
            raise InvalidInstant(message, field=what, value=text)
        return at

    def _report(self) -> ImportReport:
        return ImportReport(
            import_id=self._run,
            kind=self._source.wanted.kind,
            file=self._source.name,
            read=self._read,
            added=self._added,
            same=self._same,
            refused=0,
            bad=tuple(sorted(self._bad, key=lambda row: row.line)),
            repeated=self._repeated,
        )

    def _tell(self, done: int, of: int) -> None:
        if done % ROWS_BETWEEN_LOOKS == 0:
            self._source.report(0.5 + 0.45 * done / max(of, 1))


class UserImport(RowImport):
    """One file of users."""

    def run(self) -> ImportReport:
        """Judge all rows, then register the good ones in order of time."""
        self._new: dict[str, _New] = {}
        self._judge_all(self._judge_chunk)
        in_time = sorted(self._new.values(), key=lambda new: (new.user.registered_at, new.line))
        for place, new in enumerate(in_time):
            self._tell(place, len(in_time))
            try:
                registering.register(self.work, new.user, run=self._run)
                self._added += 1
            except CreditsError as error:
                self._leave_out(new.line, new.values, error)
        if self._added:
            search_index.index_new(self.work.session)
        return self._report()

    def _judge_chunk(self, rows: list[Row]) -> Iterator[None]:
        ids = {values[0].strip() for _, values in rows if can_be_kept(values[0])}
        known = bulk.user_numbers(self.work.session, ids)
        for line, values in rows:
            try:
                self._judge(line, values, known)
            except CreditsError as error:
                self._leave_out(line, values, error)
            yield

    def _judge(self, line: int, values: Sequence[str], known: dict[str, int]) -> None:
        new = User(
            user_id=checked_text(values[0], "user id", most=MOST_ID),
            email=checked_email(values[1]),
            name=checked_text(values[2], "name", may_be_empty=True),
            plan="free",
            registered_at=from_ms(self._instant(values[3], "registered_at")),
            referral_code=_code(values[4], "referral code"),
            referred_by=_code(values[5], "code of who invited them"),
        )
        if new.user_id in known:
            first = users.user_by_id(self.work.session, known[new.user_id])
            message = said(
                "“{user_id}” is registered already, with other data; nothing was changed.",
                user_id=new.user_id,
            )
        elif new.user_id in self._new:
            before = self._new[new.user_id]
            first = before.user
            message = said(
                "“{user_id}” stands on line {line} of this file already, with other data.",
                user_id=new.user_id,
                line=f"{before.line:,}",
            )
        else:
            self._new[new.user_id] = _New(line, values, new)
            return
        if _content(first) != _content(new):
            raise AlreadyRegistered(message, user_id=new.user_id)
        self._same += 1
        self._repeated += new.user_id not in known


def _content(user: User) -> tuple[object, ...]:
    return (user.email, user.name, user.referral_code, user.referred_by, user.registered_at)


def _code(text: str, what: str) -> str | None:
    return checked_text(text, what, most=MOST_ID) if text.strip() else None


@dataclass(frozen=True, slots=True, order=True)
class _Change:
    """A plan change to make; they sort by user, instant and place in the file."""

    user: int
    at: int
    line: int
    plan: str
    values: tuple[str, ...]


class PlanImport(RowImport):
    """One file of plan changes."""

    def run(self) -> ImportReport:
        """Judge all rows, then make the changes user by user in order of time."""
        self._changes: list[_Change] = []
        self._judge_all(self._judge_chunk)
        self._changes.sort()
        done = 0
        for user, group in groupby(self._changes, key=lambda change: change.user):
            changes = list(group)
            self._change(user, changes)
            for _ in changes:
                done += 1
                self._tell(done, len(self._changes))
        return self._report()

    def _judge_chunk(self, rows: list[Row]) -> Iterator[None]:
        known = bulk.user_numbers(
            self.work.session, {values[0] for _, values in rows if can_be_kept(values[0])}
        )
        for line, values in rows:
            try:
                user_id, plan, at = values
                checked_plan(plan)
                moment = self._instant(at, "instant of the plan change")
                if user_id not in known:
                    raise UnknownUser(user_id)
                change = _Change(known[user_id], moment, line, plan, tuple(values))
                self._changes.append(change)
            except CreditsError as error:
                self._leave_out(line, values, error)
            yield

    def _change(self, user: int, changes: list[_Change]) -> None:
        """Make all changes of a user, then release what they add: each month once, as it ended."""
        made: list[_Change] = []
        for _, together in groupby(changes, key=lambda change: change.at):
            made += self._make(list(together))
        if made:
            first, last = from_ms(made[0].at), from_ms(made[-1].at)
            registering.release_added(self.work, user, first, last)

    def _make(self, together: list[_Change]) -> Iterator[_Change]:
        """Make the changes of one user at one instant; where they are on record, nothing."""
        last = together[-1]
        session = self.work.session
        held = users.plan_held(session, last.user, last.at)
        if held == last.plan and users.changes_at(session, last.user, last.at):
            self._same += len(together)
            return
        for place, change in enumerate(together):
            try:
                row = users.row_by_id(session, change.user)
                new = PlanChange(from_ms(change.at), change.plan)
                if registering.put_change(self.work, row, new, run=self._run):
                    self._added += 1
                    yield change
                else:
                    self._same += 1
                    self._repeated += any(c.plan == change.plan for c in together[:place])
            except CreditsError as error:
                self._leave_out(change.line, change.values, error)
