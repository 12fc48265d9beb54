"""Making the packs of past months: the whole ledger in columns, then month by month.

NumPy is loaded with this module: only what runs a what-if imports it, and ``verify``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np

from app.domain.calendar import BillingCalendar, Month
from app.storage.engine import Session
from app.storage.month_packs import (
    REFUNDED,
    REFUSED,
    VOIDED,
    Array,
    Flags,
    Ints,
    Marks,
    Pack,
    ended,
)

Tell = Callable[[float], None]
ROWS_AT_ONCE = 4_000
MOST_SLOTS = 12
"""Who has more grants in a month is left to be looked up row by row."""
_ALLOWANCE = 3
_FAR = 1 << 42


def make(
    session: Session,
    months: Sequence[Month],
    calendar: BillingCalendar,
    marks: Marks,
    tell: Tell = lambda _: None,
) -> Iterator[Pack]:
    """The packs of ``months`` (in order), from everything on record up to ``marks``.

    One pass over the ledger, whatever the number of months. ``tell`` is told the fraction done.
    """
    ledger = _Ledger(session, marks, calendar.start_ms(months[-1].next), tell)
    for number, month in enumerate(months):
        yield ledger.pack(month, calendar.start_ms(month), calendar.start_ms(month.next))
        tell(0.9 + 0.1 * (number + 1) / len(months))


def _columns(session: Session, sql: str, values: Sequence[int], kinds: str) -> list[Array]:
    """A query's columns, of the given kinds of numbers; read in slices, so that nobody waits."""
    names = kinds.split()
    parts: list[list[Array]] = [[] for _ in names]
    cursor = session.run(sql, values)
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        flat = np.fromiter(chain.from_iterable(rows), np.int64, len(rows) * len(names))
        for at, (kind, part) in enumerate(zip(names, parts, strict=True)):
            part.append(flat[at :: len(names)].astype(kind))
    return [_joined(part, kind) for kind, part in zip(names, parts, strict=True)]


def _joined(part: list[Array], kind: str) -> Array:
    """The slices of a column as one; they are let go, for all columns at once are large."""
    column = np.concatenate(part) if part else np.zeros(0, kind)
    part.clear()
    return column


def _ordered(columns: list[Array], order: Ints) -> Iterator[Array]:
    """Columns in another order, each let go as soon as it is copied."""
    columns.reverse()
    while columns:
        yield columns.pop()[order]


class _Recorded:
    """Acts of users with when they happened, in the order in which they were recorded."""

    def __init__(self, users: Array, told: Ints, at: Ints) -> None:
        self._order = np.lexsort((told, users))
        self._users, self._told, self._at = users[self._order], told[self._order], at[self._order]
        self._zero = int(at.min()) if len(at) else 0
        self._bits = int(at.max(initial=self._zero) - self._zero).bit_length() + 1
        key = (self._users.astype(np.int64) << self._bits) + (self._at - self._zero)
        self._latest = np.maximum.accumulate(key)

    def _instant(self, key: Ints) -> Ints:
        return (key & ((1 << self._bits) - 1)) + self._zero

    def late(self, happened: Ints | None = None) -> tuple[Array, Ints, Ints]:
        """Who did something after it was overtaken, when, and what the latest was by then.

        ``happened`` is when acts happened, where what they count for is something else.
        """
        at = self._at if happened is None else happened[self._order]
        latest = self._instant(self._latest)
        late = np.flatnonzero(latest > at)
        return self._users[late], at[late], latest[late]

    def latest_until(self, users: Array, told: Ints) -> Ints:
        """The latest instant among what was recorded of users up to ``told``; -1 for nothing."""
        bits = max(int(self._told.max(initial=1)), int(told.max(initial=1))).bit_length()
        recorded = (self._users.astype(np.int64) << bits) + self._told
        wanted = (users.astype(np.int64) << bits) + told
        found = np.searchsorted(recorded, wanted, side="right") - 1
        met = np.full(len(told), -1, np.int64)
        there = found >= 0
        there[there] = self._users[found[there]] == users[there]
        met[there] = self._instant(self._latest[found[there]])
        return met


class _Ledger:
    """The whole ledger up to some marks and an instant, in columns sorted by user."""

    def __init__(self, session: Session, marks: Marks, end: int, tell: Tell) -> None:
        self.marks = marks
        self._read_uses(session)
        tell(0.4)
        self._read_grants(session, end)
        tell(0.6)
        self._read_corrections(session)
        self._read_moves(session)
        tell(0.8)
        self._find_late()
        tell(0.9)

    def _read_uses(self, session: Session) -> None:
        columns = _columns(
            session,
            "SELECT id, user, occurred_at, feature, quantity, credits,"
            f" plan + {REFUSED} * (available IS NOT NULL) FROM charge WHERE id <= ? ORDER BY id",
            (self.marks.charges,),
            "int64 int32 int64 uint16 uint16 int32 uint8",
        )
        self._by_number = columns[0]
        order = np.argsort(columns[1], kind="stable")
        self._place = np.empty(len(order), np.int64)
        self._place[order] = np.arange(len(order))
        self.number, self.user, self.at, self.feature, self.quantity, self.credits, self.mark = (
            _ordered(columns, order)
        )
        self.people = int(self.user.max(initial=0)) + 1

    def _use(self, charge: Ints) -> Ints:
        """The places of some charges among the uses."""
        return self._place[np.searchsorted(self._by_number, charge)]

    def _read_grants(self, session: Session, end: int) -> None:
        columns = _columns(
            session,
            "SELECT id, user, kind, credits, effective_at, expires_at, position"
            ' FROM "grant" WHERE id <= ? AND effective_at < ?',
            (self.marks.grants, end),
            "int64 int32 uint8 int32 int64 int64 int64",
        )
        number, user, kind, _, effective, expires, _ = columns
        order = np.lexsort((number, kind != _ALLOWANCE, effective, expires, user))
        self.grant, self.owner, self.kind, self.given, self.effective, self.expires, self.told = (
            _ordered(columns, order)
        )
        self.left = self.given.copy()
        """What each grant holds at the month reached so far."""
        self.people = max(self.people, int(self.owner.max(initial=0)) + 1)

    def _read_corrections(self, session: Session) -> None:
        self.refund_at, charge, self.refund_told = _columns(
            session,
            "SELECT at, charge, position FROM refund WHERE id <= ? AND charge <= ? ORDER BY id",
            (self.marks.refunds, self.marks.charges),
            "int64 int64 int64",
        )
        self.refund_use = self._use(charge)
        self.void_at, self.void_user, self.void_told, grant = _columns(
            session,
            'SELECT v.at, g.user, v.position, v."grant" FROM void v'
            ' JOIN "grant" g ON g.id = v."grant" WHERE v.id <= ?',
            (self.marks.voids,),
            "int64 int32 int64 int64",
        )
        # To who replays it a voided grant ends with its void; in burn-down it keeps its place.
        place, known = self._grant_places(grant)
        self.expires[place] = self.void_at[known]
        self.kind[place] |= VOIDED

    def _grant_places(self, numbers: Ints) -> tuple[Ints, Flags]:
        """The places of those of some grants that are known here, and which they are."""
        by_number = np.argsort(self.grant)
        ordered = self.grant[by_number]
        found = np.searchsorted(ordered, numbers)
        known = found < len(ordered)
        known[known] = ordered[found[known]] == numbers[known]
        return by_number[found[known]], known

    def _read_moves(self, session: Session) -> None:
        """What moved in the grants, in order of time."""
        charge, burned, taken = _columns(
            session,
            'SELECT charge, "grant", credits FROM burn WHERE charge <= ?',
            (self.marks.charges,),
            "int64 int64 int32",
        )
        at, moved, credits = _columns(
            session,
            'SELECT r.at, t."grant", t.credits FROM returned t JOIN refund r ON r.id = t.refund'
            " WHERE r.id <= ?1 AND r.charge <= ?3"
            ' UNION ALL SELECT at, "grant", -credits FROM void WHERE id <= ?2',
            (self.marks.refunds, self.marks.voids, self.marks.charges),
            "int64 int64 int32",
        )
        at = np.concatenate([self.at[self._use(charge)], at])
        grant, credits = np.concatenate([burned, moved]), np.concatenate([-taken, credits])
        place, known = self._grant_places(grant)
        at, credits = at[known], credits[known]
        order = np.argsort(at, kind="stable")
        self._moved = at[order], place[order], credits[order]
        self._moves_done = 0

    # What was not recorded in the order in which it occurred

    def _find_late(self) -> None:
        """Stretches of time in which a user's record is not in order: user, from, until.

        A late use may be replayed where it was recorded, but for two cases: it crosses the turn of
        a month (``crossing``), or something other than a use came between (``late``).
        """
        uses = _Recorded(self.user, self.number * 2, self.at)
        self.crossing = uses.late()
        grants_met = uses.latest_until(self.owner, self.told * 2 + 1)
        voids_met = uses.latest_until(self.void_user, self.void_told * 2)
        refund_user = self.user[self.refund_use]
        refunds_met = uses.latest_until(refund_user, self.refund_told * 2)
        del uses
        people = np.concatenate([self.user, self.user[self.refund_use], self.void_user])
        told = np.concatenate([self.number * 2, self.refund_told * 2 + 1, self.void_told * 2 + 1])
        never = np.full(len(self.at), self.at.min(initial=_FAR), np.int64)
        since = np.concatenate([never, self.refund_at, self.void_at])
        at = np.concatenate([self.at, self.refund_at, self.void_at])
        stretches = [_Recorded(people, told, since).late(at)]
        for user, start, met in (
            (self.owner, self.effective, grants_met),
            (self.void_user, self.void_at, voids_met),
            (refund_user, self.refund_at + 1, refunds_met),
        ):
            wrong = met >= start
            stretches.append((user[wrong], start[wrong], met[wrong]))
        users, starts, ends = (np.concatenate(parts) for parts in zip(*stretches, strict=True))
        self.late = users, starts, ends

    # One month

    def pack(self, month: Month, start: int, end: int) -> Pack:
        """The pack of one month; months are asked for in order."""
        self._move_until(start)
        other = np.zeros(self.people, bool)
        other[self._troubled(start, end)] = True
        inside = np.flatnonzero((self.at >= start) & (self.at < end))
        active = np.zeros(self.people, bool)
        active[self.user[inside]] = True
        slots = np.flatnonzero((self.effective < end) & (self.expires > start))
        slots = slots[active[self.owner[slots]]]
        other[np.bincount(self.owner[slots], minlength=self.people) > MOST_SLOTS] = True
        ending = slots[self.expires[slots] < end]
        refunded = np.zeros(self.people, bool)
        refunded[self.user[self.refund_use[self._refunds_in(start, end)]]] = True
        # Where a grant ends in the month, or is voided, a refund may have to grant anew.
        other[self.owner[ending][refunded[self.owner[ending]]]] = True
        inside = inside[~other[self.user[inside]]]
        slots = slots[~other[self.owner[slots]]]
        return self._packed(month, (start, end), inside, slots, np.flatnonzero(other))

    def _move_until(self, start: int) -> None:
        at, place, credits = self._moved
        until = int(np.searchsorted(at, start, side="left"))
        part = slice(self._moves_done, until)
        np.add.at(self.left, place[part], credits[part])
        self._moves_done = until

    def _refunds_in(self, start: int, end: int) -> Ints:
        return np.flatnonzero((self.refund_at >= start) & (self.refund_at < end))

    def _troubled(self, start: int, end: int) -> Array:
        """Who cannot be replayed by time in the month: late records, refunds of uses before it."""
        users, since, until = self.late
        late = users[(since < end) & (until >= start)]
        users, since, until = self.crossing
        turn = ((since < start) & (until >= start)) | ((since < end) & (until >= end))
        uses = self.refund_use[self._refunds_in(start, end)]
        before = self.user[uses[self.at[uses] < start]]
        return np.concatenate([late, users[turn], before])

    def _packed(
        self, month: Month, span: tuple[int, int], inside: Ints, slots: Ints, others: Ints
    ) -> Pack:
        """The columns of a month: refunds of its uses stand where they were recorded."""
        start, end = span
        in_month = np.zeros(len(self.number), bool)
        in_month[inside] = True
        refunds = self._refunds_in(start, end)
        refunds = refunds[in_month[self.refund_use[refunds]]]
        used = self.refund_use[refunds]
        rows = np.concatenate([inside, used])
        told = np.concatenate([self.number[inside] * 2, self.refund_told[refunds] * 2 + 1])
        order = np.lexsort((told, self.user[rows]))
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        refund_places = place[len(inside) :]
        rows = rows[order]
        at, mark = self.at[rows] - start, self.mark[rows]
        quantity, credits = self.quantity[rows], self.credits[rows]
        at[refund_places] = self.refund_at[refunds] - start
        mark[refund_places] |= REFUNDED
        quantity[refund_places] = credits[refund_places] = 0
        users, counts = np.unique(self.user[rows], return_counts=True)
        held = self.left[slots]
        self._move_until(end)
        idle = self._idle(start, end, users)
        return Pack(
            month=month,
            marks=self.marks,
            users=users,
            counts=counts.astype(np.int32),
            slots=np.bincount(self.owner[slots], minlength=self.people)[users].astype(np.uint8),
            at=at.astype(np.uint32),
            feature=self.feature[rows],
            quantity=quantity,
            credits=credits,
            mark=mark,
            refunds=refund_places.astype(np.int32),
            refund_of=place[np.searchsorted(inside, used)].astype(np.int32),
            grant=self.grant[slots],
            kind=self.kind[slots],
            given=self.given[slots],
            held=held,
            effective_at=self.effective[slots],
            expires_at=self.expires[slots],
            ended=self.left[slots[self._ended(slots, end)]],
            idle_user=self.owner[idle],
            idle_grant=self.grant[idle],
            idle_left=self.left[idle],
            others=others.astype(np.int32),
        )

    def _idle(self, start: int, end: int, users: Array) -> Ints:
        """The grants that expire with a month or in it, of those who did not use anything."""
        active = np.zeros(self.people, bool)
        active[users] = True
        ending = np.flatnonzero((self.expires > start) & self._ended(slice(None), end))
        idle: Ints = ending[~active[self.owner[ending]]]
        return idle

    def _ended(self, grants: Any, end: int) -> Flags:
        """Which of some grants expired by then; what was voided did not expire."""
        return ended(self.expires[grants], self.kind[grants], end)
