"""Ledgers: what moved in an account, and the proof that its balance is the sum (rules, 1 to 4).

A ledger may be long, so no more of it is read than is asked for: of what is left out only sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain import ledger as rules
from app.domain.calendar import AHEAD_OF_CLOCK, Month, from_ms, instant_of, to_ms
from app.domain.ledger import EntryKind, LedgerEntry, Position
from app.domain.proof import Proof, ProofPart, parts_of
from app.domain.users import MonthlyUse
from app.services.holdings import Holdings, available_of, held_by
from app.services.office import Work
from app.storage import charges, users, uses

_BEFORE_ALL = -1
_ACT = 2
_USES = frozenset({EntryKind.USE, EntryKind.REFUSED_USE})


@dataclass(frozen=True, slots=True)
class Shown:
    """Which entries a ledger shows."""

    kinds: frozenset[EntryKind] | None = None
    feature: str | None = None
    month: Month | None = None
    free: bool = False

    @property
    def everything(self) -> bool:
        """Whether no filter is set."""
        return self.kinds is None and self.feature is None and self.month is None

    @property
    def uses(self) -> bool:
        """Whether any use, made or refused, can be among them."""
        return self.kinds is None or bool(self.kinds & _USES)

    @property
    def refused(self) -> bool | None:
        """Of uses only the refused (or only the others); ``None`` for both."""
        if self.kinds is None or self.kinds >= _USES:
            return None
        return EntryKind.REFUSED_USE in self.kinds

    def takes(self, entry: LedgerEntry, work: Work) -> bool:
        """Whether the filters let an entry through."""
        return (
            (self.kinds is None or entry.kind in self.kinds)
            and (self.feature is None or entry.feature == self.feature)
            and (self.month is None or work.calendar.month_of(entry.at) == self.month)
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What a ledger is told from: whose, as of when, and every entry that is not a use.

    ``last`` (ms) is how far the uses count; ``available`` is the balance after all of it.
    """

    user: int
    held: Holdings
    entries: tuple[LedgerEntry, ...]
    last: int
    available: int


def told(work: Work, row: users.UserRow, at: datetime | None, held: Holdings | None = None) -> Told:
    """Read what the ledger and the proof of a user as of ``at`` are made of, beside the uses.

    ``held`` is what the user held at ``at``, where that is known already.
    """
    held = held or held_by(work, row, at)
    # "Now" shows all on record, even what lies minutes ahead of the clock.
    last = held.horizon + (AHEAD_OF_CLOCK if at is None else timedelta())
    entries = tuple(_entries_but_uses(work, row, held))
    if at is not None:
        entries = tuple(
            replace(entry, expected=True) if entry.at > work.now else entry
            for entry in entries
            if entry.at <= at
        )
    return Told(row.id, held, entries, to_ms(last), available_of(held))


def ledger(
    work: Work,
    row: users.UserRow,
    known: Told,
    before: LedgerEntry | datetime | None,
    *,
    limit: int | None,
    shown: Shown,
) -> list[LedgerEntry]:
    """The newest ``limit`` entries older than ``before`` that ``shown`` lets through."""
    cursor, balance = _cursor(work, row, before, known)
    if limit is not None and not shown.everything:
        return _narrowed(work, known, cursor, limit, shown)
    use_cursor = None if cursor is None else _use_cursor(cursor)
    used = uses.uses_before(
        work.session, known.user, known.last, use_cursor, limit, free=shown.free
    )
    names = work.book.names()
    entries = [*known.entries, *(rules.entry_of_use(use, names) for use in used)]
    listed = rules.newest_first(entries, balance, cursor, limit)
    if shown.everything:
        return listed
    return [entry for entry in listed if shown.takes(entry, work)]


def _narrowed(
    work: Work, known: Told, cursor: Position | None, limit: int, shown: Shown
) -> list[LedgerEntry]:
    """As ``ledger`` with filters: sums carry the balance from one instant shown to the next."""
    names = work.book.names()
    balance, newer = known.available, known.last
    others = sorted(known.entries, key=lambda entry: entry.at)
    listed: list[LedgerEntry] = []
    for moment in _moments(work, known, cursor, limit, shown):
        while others and to_ms(others[-1].at) > moment:
            balance -= others.pop().credits
        balance += uses.used_between(work.session, known.user, moment, newer)
        newer = moment
        used = uses.uses_before(
            work.session, known.user, moment, None, None, free=shown.free, since=moment
        )
        group = [entry for entry in known.entries if to_ms(entry.at) == moment]
        group += [rules.entry_of_use(use, names) for use in used]
        listed += [
            entry
            for entry in rules.newest_first(group, balance, None, None)
            if shown.takes(entry, work) and (cursor is None or entry.position < cursor)
        ]
        if len(listed) >= limit:
            break
    return listed[:limit]


def _moments(
    work: Work, known: Told, cursor: Position | None, limit: int, shown: Shown
) -> list[int]:
    """The instants (ms), newest first, at which the next ``limit`` entries shown stand."""
    last = known.last if cursor is None else cursor[0]
    moments = {to_ms(entry.at) for entry in known.entries if shown.takes(entry, work)}
    if cursor is not None:
        moments.add(cursor[0])  # what stands there beside the cursor may be still to be told
    if shown.uses:
        first, end = 0, last
        if shown.month is not None:
            first = work.calendar.start_ms(shown.month)
            end = min(last, work.calendar.start_ms(shown.month.next) - 1)
        used = uses.uses_before(
            work.session,
            known.user,
            end,
            None if cursor is None else (cursor[0], 0),
            limit,
            free=shown.free,
            feature=shown.feature,
            refused=shown.refused,
            since=first,
        )
        moments.update(to_ms(use.occurred_at) for use in used)
    return sorted((moment for moment in moments if moment <= last), reverse=True)


def proof(work: Work, known: Told) -> Proof:
    """What a balance is made of: the parts from the entries, the balance from the grants."""
    credits, number = uses.used_until(work.session, known.user, known.last)
    used = ProofPart(EntryKind.USE, -credits, number)
    parts = parts_of((entry for entry in known.entries if to_ms(entry.at) <= known.last), used)
    return Proof(parts, known.available, known.held.horizon)


def usage(work: Work, row: users.UserRow, months: Iterable[Month]) -> tuple[MonthlyUse, ...]:
    """What a user did in each of these months, by feature."""
    starts = work.calendar.start_ms
    spans = [(month.number, starts(month), starts(month.next) - 1) for month in months]
    return tuple(
        MonthlyUse(Month.from_number(number), feature, made, credits, refused)
        for number, feature, made, credits, refused in sorted(
            uses.usage(work.session, row.id, spans)
        )
    )


def months_spanned(work: Work, known: Told) -> tuple[Month, ...]:
    """The months a ledger spans, newest first: from the first entry to the last."""
    first_use = uses.first_use(work.session, known.user)
    instants = [entry.at for entry in known.entries]
    if first_use is not None and first_use <= known.last:
        instants.append(from_ms(first_use))
    if not instants:
        return ()
    last = work.calendar.month_of(max(known.held.horizon, *instants))
    return tuple(work.calendar.month_of(min(instants)).until(last))[::-1]


def _entries_but_uses(work: Work, row: users.UserRow, held: Holdings) -> Iterator[LedgerEntry]:
    yield from rules.entries_of_grants(held.every, held.horizon)
    for correction in charges.returns_of_user(work.session, row.id):
        yield rules.entry_of_return(correction)
    for correction in charges.voids_of_user(work.session, row.id):
        yield rules.entry_of_void(correction)


def _cursor(
    work: Work, row: users.UserRow, before: LedgerEntry | datetime | None, known: Told
) -> tuple[Position | None, int]:
    """Where to go on, and the balance there: before the cursor, or at the end of the ledger."""
    if isinstance(before, LedgerEntry):
        return before.position, before.balance - before.credits
    if before is None:
        return None, known.available
    moment = instant_of(before, "before")
    just_before = from_ms(to_ms(moment) - 1)
    position = (to_ms(moment), _BEFORE_ALL, 0, 0, 0)
    return position, available_of(held_by(work, row, just_before))


def _use_cursor(cursor: Position) -> tuple[int, int]:
    at, phase, position, rank, _ = cursor
    if phase < _ACT:
        return at, 0
    return at, position if rank == 0 else position + 1
