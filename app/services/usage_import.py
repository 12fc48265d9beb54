"""Importing uses: every row is charged by the rules of ``Charging.charge``, many at a time.

Rows are judged chunk by chunk in the order of the file, kept by user, then charged user by user in
order of time. What a row needs beside its user is prepared once for all rows that are alike.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from app.domain.calendar import AHEAD_OF_CLOCK, FIRST_YEAR, Month, from_ms, to_ms
from app.domain.charges import MOST_KEY, checked_key, checked_quantity
from app.domain.errors import (
    CreditsError,
    IdempotencyConflict,
    InvalidAmount,
    InvalidInstant,
    InvalidValue,
    UnknownUser,
)
from app.domain.imports import BadRow, ImportReport
from app.domain.instants import InstantReader
from app.domain.purses import NEVER, Purse, Purses
from app.domain.sentences import said
from app.domain.users import can_be_kept, checked_text
from app.services.charging import outcome_of
from app.services.import_files import Chunk, SourceFile, shown
from app.services.office import Work
from app.storage import bulk, charges, flows, users

_OUTCOMES = {"": None} | {str(outcome): place for place, outcome in enumerate(charges.OUTCOMES)}
USERS_AT_ONCE = 2_000
USES_AT_ONCE = 50_000


class _Kind(NamedTuple):
    """What all rows of one feature, quantity and price list have in common."""

    feature: int
    quantity: int
    credits: int
    version: int
    key: str


_Use = tuple[int, int, str, _Kind, str | None, int | None, str]
"""A good row: instant, line, key, kind, job, outcome, user. They sort by instant, then by line."""


class UsageImport:
    """One file of uses, inside the transaction that ``work`` opened for it."""

    def __init__(self, work: Work, source: SourceFile, run: int, instants: InstantReader) -> None:
        self._work = work
        self._source = source
        self._run = run
        self._instants = instants
        self._latest = to_ms(work.now + AHEAD_OF_CLOCK)
        self._features = bulk.features(work.session)
        self._any_before = bulk.has_charges(work.session)
        self._kinds: dict[tuple[str, str, int], _Kind] = {}
        self._by_user: dict[str, list[_Use]] = {}
        self._numbers: dict[str, int] = {}
        self._by_key: dict[str, _Use] = {}
        self._bad: list[BadRow] = []
        self._ended_later: list[tuple[str, int]] = []
        self._read = self._same = self._repeated = 0

    def run(self) -> ImportReport:
        """Judge all rows, then charge the good ones."""
        for chunk in self._source.chunks():
            self._judge_chunk(chunk)
        kept = len(self._by_key)
        self._by_key.clear()
        pay = _Paying(self._work, self._source, self._run, kept)
        for user_ids in _batches(sorted(self._by_user, key=self._numbers.__getitem__)):
            pay.users({self._numbers[user]: self._by_user.pop(user) for user in user_ids})
        pay.finish()
        work = self._work
        bulk.report_outcomes(work.session, self._ended_later, now=work.now_ms, staff=work.member.id)
        return ImportReport(
            import_id=self._run,
            kind=self._source.wanted.kind,
            file=self._source.name,
            read=self._read,
            added=kept - pay.refused,
            same=self._same,
            refused=pay.refused,
            bad=tuple(sorted(self._bad, key=lambda row: row.line)),
            repeated=self._repeated,
        )

    # Judging ------------------------------------------------------------------------------------

    def _judge_chunk(self, chunk: Chunk) -> None:
        """Keep the ordinary rows at once, and look closely at all others."""
        self._read += len(chunk)
        self._bad += chunk.bad
        user_ids, _, texts, keys, _, _, jobs = chunk.columns
        self._look_up_users(user_ids)
        on_record = self._on_record(keys)
        by_user, by_key, kinds, latest = self._by_user, self._by_key, self._kinds, self._latest
        instants = self._instants.read_all(texts)
        plain = _plain(keys) and _plain(jobs)
        start = end = position = 0
        for (line, values), at in zip(chunk.rows, instants, strict=True):
            user_id, feature, _, key, quantity, outcome, job = values
            if not start <= at < end:
                position, start, end = self._version(at)
            uses, kind = by_user.get(user_id), kinds.get((feature, quantity, position))
            if (
                uses is None
                or kind is None
                or not (plain and key and 0 <= at <= latest)
                or outcome not in _OUTCOMES
                or key in by_key
                or key in on_record
            ):
                self._look_closely(line, values, on_record)
                continue
            use = (at, line, key, kind, job or None, _OUTCOMES[outcome], user_id)
            by_key[key] = use
            uses.append(use)

    def _version(self, at: int) -> tuple[int, int, int]:
        """The place of the price list in force at ``at``, from when and until when it holds."""
        boundaries = self._work.book.boundaries
        position = self._work.book.position_ms(at)
        following = boundaries[position + 1] if position + 1 < len(boundaries) else NEVER
        return position, boundaries[position], following

    def _on_record(self, keys: Iterable[str]) -> dict[str, bulk.OnRecord]:
        if not self._any_before:
            return {}
        return bulk.uses_by_key(self._work.session, filter(can_be_kept, keys))

    def _look_closely(
        self, line: int, values: Sequence[str], on_record: dict[str, bulk.OnRecord]
    ) -> None:
        try:
            self._judge(line, values, on_record)
        except CreditsError as error:
            self._bad.append(BadRow(line, error.sentence, shown(values)))

    def _look_up_users(self, user_ids: Iterable[str]) -> None:
        met = set(user_ids).difference(self._by_user)
        found = bulk.user_numbers(self._work.session, filter(can_be_kept, met))
        self._numbers |= found
        for user_id in found:
            self._by_user[user_id] = []

    def _judge(self, line: int, values: Sequence[str], on_record: dict[str, bulk.OnRecord]) -> None:
        """Keep a good row, count one that is on record, raise for a bad one."""
        user_id, feature, instant, key, quantity, outcome, job = values
        ended = charges.OUTCOMES.index(outcome_of(outcome)) if outcome else None
        at = self._instants.read(instant)
        checked_key(key)
        if job:
            job = checked_text(job, "job")
        position = self._work.book.position_ms(at)
        kind = self._kinds.get((feature, quantity, position))
        if key in on_record or key in self._by_key:
            asked = bulk.OnRecord(user_id, feature, _quantity(quantity), at)
            if key in on_record:
                self._compare(on_record[key], asked, key)
            else:
                self._compare_within(self._by_key[key], asked)
            if ended is not None:
                self._ended_later.append((key, ended))
            return
        if at > self._latest:
            raise self._ahead(instant)
        uses = self._by_user.get(user_id)
        if uses is None:
            raise UnknownUser(user_id)
        if kind is None:
            kind = self._kinds[feature, quantity, position] = self._kind(feature, quantity, at)
        use = (at, line, key, kind, job or None, ended, user_id)
        self._by_key[key] = use
        uses.append(use)

    def _compare_within(self, earlier: _Use, asked: bulk.OnRecord) -> None:
        """A row with the key of an earlier one of the file, which is not on record yet."""
        _, line, key, *_ = earlier
        if _recorded(earlier) != asked:
            message = said(
                "The key “{key}” stands on line {line} of this file already, with another use.",
                key=key,
                line=f"{line:,}",
            )
            raise InvalidValue(message, field="key", value=key)
        self._same += 1
        self._repeated += 1

    def _kind(self, feature: str, quantity: str, at: int) -> _Kind:
        number = _quantity(quantity)
        credits, version = self._work.book.price_ms(feature, at)
        return _Kind(self._features[feature], number, credits * number, version, feature)

    def _compare(self, first: bulk.OnRecord, asked: bulk.OnRecord, key: str) -> None:
        if first != asked:
            when = from_ms(first.occurred_at).isoformat(timespec="milliseconds")
            what = said(
                "{quantity} × {feature} of {user_id} at {instant}",
                quantity=f"{first.quantity:,}",
                feature=first.feature,
                user_id=first.user_id,
                instant=when,
            )
            raise IdempotencyConflict(key, what)
        self._same += 1

    def _ahead(self, instant: str) -> InvalidInstant:
        message = said(
            "The {field} “{instant}” is more than 5 minutes ahead of the clock ({now}).",
            field="occurred_at",
            instant=instant,
            now=self._work.now.isoformat(),
        )
        return InvalidInstant(message, field="occurred_at", value=instant)


class _Paying:
    """Charges uses user by user, and puts them down in batches."""

    def __init__(self, work: Work, source: SourceFile, run: int, kept: int) -> None:
        self.refused = 0
        self._work = work
        self._source = source
        self._run = run
        self._to_do = max(kept, 1)
        self._now = work.now_ms
        self._first = self._number = bulk.last_charge(work.session)
        self._due = bulk.due_by(work.session, to_ms(work.now + AHEAD_OF_CLOCK))
        first = Month(FIRST_YEAR - 1, 12)
        months = list(first.until(work.calendar.month_of(work.now).plus(2)))
        self._months = [month.number for month in months]
        self._starts = [work.calendar.start_ms(month) for month in months]
        self._uses: list[bulk.NewUse] = []
        self._burns: list[bulk.Burned] = []
        self._outcomes: list[tuple[int, int, int]] = []
        self._cells: dict[tuple[int, int], dict[int, bulk.Cell]] = {}

    def users(self, by_user: dict[int, list[_Use]]) -> None:
        """Charge the uses of some users."""
        for user, uses in by_user.items():
            uses.sort()
            if user in self._due and uses:
                # A use minutes ahead of the clock may lie in the next month already.
                row = users.row_by_id(self._work.session, user)
                self._work.settle(row, from_ms(uses[-1][0]))
        since = min((uses[0][0] for uses in by_user.values() if uses), default=NEVER)
        held = bulk.purses(self._work.session, by_user, since)
        plans = bulk.plan_histories(self._work.session, by_user)
        for user, uses in by_user.items():
            self._charge(user, uses, held.get(user, []), plans.get(user, []))
            if len(self._uses) >= USES_AT_ONCE:
                self._put_down()
        spent = [p for purses in held.values() for p in purses if p.remaining != p.before]
        bulk.take(self._work.session, spent, self._work.calendar)

    def finish(self) -> None:
        """Put down what is left, and the sums over all."""
        self._put_down()
        cells = {
            (month, feature, plan): cell
            for (month, plan), by_feature in self._cells.items()
            for feature, cell in by_feature.items()
        }
        bulk.count(self._work.session, cells)
        if cells:
            months = [Month.from_number(month) for month, _, _ in cells]
            span = tuple(min(months).until(max(months)))
            flows.count_uses(self._work.session, self._work.calendar, span, after=self._first)

    def _charge(
        self, user: int, uses: list[_Use], held: list[Purse], plans: list[tuple[int, int]]
    ) -> None:
        moved = bulk.changes(self._work.session, held, uses[0][0]) if uses else {}
        purses = Purses(held, self._burns, moved)
        pay, add = purses.pay, self._uses.append
        number, run, now = self._number, self._run, self._now
        turn = month = plan = 0
        cells: dict[int, bulk.Cell] = {}
        for at, _, key, kind, job, outcome, _ in uses:
            if at >= turn:
                month, plan, turn = self._spell(at, plans)
                cells = self._cells.setdefault((month, plan), {})
            number += 1
            feature, quantity, credits, version, _ = kind
            cell = cells.get(feature)
            if cell is None:
                cell = cells[feature] = [0, 0, 0]
            if credits == 0 or pay(number, at, credits):
                available = None
                cell[0] += quantity
                cell[1] += credits
            else:
                available = purses.available
                cell[2] += quantity
                self.refused += 1
            recorded = None if at == now else now
            # Flat and in the order of the columns: this is made once for every use.
            add(
                (
                    number,
                    user,
                    feature,
                    quantity,
                    credits,
                    version,
                    plan,
                    at,
                    recorded,
                    key,
                    available,
                    job,
                    run,
                )
            )
            if outcome is not None:
                self._outcomes.append((number, outcome, at))
        self._number = number

    def _spell(self, at: int, plans: list[tuple[int, int]]) -> tuple[int, int, int]:
        """The month and the plan held at ``at``, and until when both stay."""
        place = bisect_right(self._starts, at)
        turn, held = self._starts[place], 0
        for since, plan in plans:
            if since > at:
                turn = min(turn, since)
                break
            held = plan
        return self._months[place - 1], held, turn

    def _put_down(self) -> None:
        done = (self._number - self._first) / self._to_do
        self._source.report(0.5 + 0.45 * done)
        bulk.add_uses(self._work.session, self._uses, self._burns)
        work = self._work
        bulk.add_outcomes(work.session, self._outcomes, now=self._now, staff=work.member.id)
        self._uses.clear()
        self._burns.clear()
        self._outcomes.clear()


def _batches(user_ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(user_ids)
    while batch := list(islice(rest, USERS_AT_ONCE)):
        yield batch


def _plain(texts: Sequence[str]) -> bool:
    """Whether all these keys and jobs are short and of letters that need no closer look."""
    joined = "".join(texts)
    usual = joined.isascii() and joined.isprintable() and " " not in joined
    return usual and max(map(len, texts), default=0) <= MOST_KEY


def _quantity(text: str) -> int:
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and len(text) <= 5):  # noqa: PLR2004 - 10,000
        message = said(
            "The quantity {given} is not a whole number from 1 to 10,000.", given=f"{text!r:.60}"
        )
        raise InvalidAmount(message, field="quantity", value=text)
    return checked_quantity(int(text))


def _recorded(use: _Use) -> bulk.OnRecord:
    at, _, _, kind, _, _, user_id = use
    return bulk.OnRecord(user_id, kind.key, kind.quantity, at)
