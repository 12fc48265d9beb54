"""Making the packs of past months: the ledger is read once, then it goes month by month.

Of the uses only those of the months asked for are held, in as few bytes as they need, and each
month's are let go when it is packed. NumPy is loaded with this module: only what runs a what-if
imports it, and ``verify``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from app.domain.calendar import AHEAD_OF_CLOCK, BillingCalendar, Month
from app.storage import ledger_columns as ledger
from app.storage import recorded_order
from app.storage.engine import Session
from app.storage.ledger_columns import AHEAD, Grants
from app.storage.month_packs import (
    ALLOWANCE,
    BY_POLICY,
    NOBODY,
    REFUNDED,
    SIGNUP,
    VOIDED,
    Array,
    Flags,
    Ints,
    Marks,
    Pack,
    ended,
    last_marks,
    whose_ended,
)
from app.storage.recorded_order import Corrections, LateUses, Stretches, Told

Tell = Callable[[float], None]
MOST_SLOTS = 12
"""Who has more grants in a month is left to be looked up row by row."""
_OF_USES = ("at", "feature", "quantity", "credits", "mark")
_AHEAD_MS = int(AHEAD_OF_CLOCK.total_seconds() * 1000)


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
    whole = _Ledger(session, months, calendar, marks, tell)
    for number, month in enumerate(months):
        yield whole.pack(month)
        tell(0.9 + 0.1 * (number + 1) / len(months))


class _Ledger:
    """What the packing of some months needs of the ledger."""

    def __init__(
        self,
        session: Session,
        months: Sequence[Month],
        calendar: BillingCalendar,
        marks: Marks,
        tell: Tell,
    ) -> None:
        self._session, self.marks, self._tell = session, marks, tell
        span = list(months[0].until(months[-1]))
        self._months = {month: number for number, month in enumerate(span, start=1)}
        self._wanted = {self._months[month] for month in months}
        self._bounds = np.array([calendar.start_ms(m) for m in [*span, span[-1].next]], np.int64)
        self._rows: dict[int, list[Array]] = {number: [] for number in self._wanted}
        start, end = int(self._bounds[0]), int(self._bounds[-1])
        last = last_marks(session)
        self.people = last.people + 1
        self.grants = Grants(session, marks, start, end, last.grants)
        tell(0.1)
        self._read_corrections()
        self._read_uses()
        self._read_moves()
        tell(0.85)
        self._read_policy()

    def _span(self, number: int) -> tuple[int, int]:
        return int(self._bounds[number - 1]), int(self._bounds[number])

    def _read_corrections(self) -> None:
        self.refund_at, self.refund_use, self.refund_told, self.refund_user, self.refund_used = (
            ledger.refunds(self._session, self.marks)
        )
        at, told, grant, user = ledger.voids(self._session, self.marks)
        self._voids = at, told, user
        # To who replays it a voided grant ends with its void; in burn-down it keeps its place.
        place = self.grants.places(grant)
        known = place >= 0
        self.grants.until[place[known]] = at[known]
        self.grants.kind[place[known]] |= VOIDED

    def _told(self) -> Told:
        """Everything but uses, and which uses would have had to know of it."""
        grants, (void_at, void_told, void_user) = self.grants, self._voids
        ever = np.full(len(void_at) + len(self.refund_at), np.iinfo(np.int64).max)
        return Told(
            np.concatenate([grants.told, void_told, self.refund_told]),
            np.concatenate([grants.owner, void_user, self.refund_user]),
            np.concatenate([grants.effective, void_at, self.refund_at + 1]),
            np.concatenate([grants.expires - 1, ever]),
        )

    def _read_uses(self) -> None:
        void_at, void_told, void_user = self._voids
        uses_seen = LateUses(self.people, self._told())
        corrections = Corrections(
            self.people,
            np.concatenate([self.refund_user, void_user]),
            np.concatenate([self.refund_told, void_told]),
            np.concatenate([self.refund_at, void_at]),
        )
        self._month_of = np.zeros(self.marks.charges + 1, np.uint8)
        for uses in ledger.uses(self._session, self.marks):
            uses_seen.add(uses)
            corrections.add(uses)
            number = np.searchsorted(self._bounds, uses.at, side="right").astype(np.uint8)
            self._month_of[uses.number] = number
            for month in self._wanted.intersection(np.unique(number).tolist()):
                rows = uses.rows(np.flatnonzero(number == month), self._span(month)[0])
                self._rows[month].append(rows)
            self._tell(0.1 + 0.5 * float(uses.number[-1]) / self.marks.charges)
        self.crossing, unknown = uses_seen.found()
        self.late = Stretches.joined(unknown + corrections.found)

    def _read_moves(self) -> None:
        """What moved in the grants: before the months at once, in them month by month."""
        parts: list[tuple[Array, Array, Array]] = []
        for use, grant, credits in ledger.burns(self._session, self.marks):
            self._move(self._month_of[use], grant, -credits, parts)
            self._tell(0.6 + 0.2 * float(use[-1]) / self.marks.charges)
        grant, credits, at = ledger.returns(self._session, self.marks)
        number = np.searchsorted(self._bounds, at, side="right").astype(np.uint8)
        self._move(number, grant, credits, parts)
        self._month_of = np.zeros(0, np.uint8)
        self.grants.done()
        self._moves = parts
        self._moved = 0

    def _move(
        self, number: Array, grant: Ints, credits: Ints, parts: list[tuple[Array, Array, Array]]
    ) -> None:
        place = self.grants.places(grant)
        known = (place >= 0) & (number < len(self._bounds))
        before = known & (number == 0)
        np.add.at(self.grants.left, place[before], credits[before].astype(np.int32))
        inside = known & ~before
        parts.append((number[inside], place[inside], credits[inside].astype(np.int32)))

    def _move_until(self, number: int) -> None:
        """Let everything move that moved before the month ``number``."""
        for month in range(self._moved + 1, number):
            for at, place, credits in self._moves:
                now = at == month
                np.add.at(self.grants.left, place[now], credits[now])
            self._moved = month

    # What the policy granted

    def _read_policy(self) -> None:
        users, registered = ledger.registrations(self._session, self.marks)
        turns = ledger.plan_changes(self._session, self.marks)
        self._turned_late, self._overtaken = recorded_order.turned_late(turns, self._bounds)
        self._changes = turns[:, (turns[2] >= self._bounds[0]) & (turns[2] < self._bounds[-1])]
        self._registered = users.astype(np.int32), registered
        whom = np.concatenate([users, turns[0]]).astype(np.int32)
        plan = np.concatenate([np.zeros(len(users), np.uint8), turns[1].astype(np.uint8)])
        at = np.concatenate([registered, turns[2]])
        order = np.lexsort((at, whom))
        self._turns = whom[order], plan[order], at[order]
        self._unpaid_friends = ledger.unpaid_friends(self._session, self.marks)

    def _plans(self, start: int, end: int) -> tuple[Array, Array, Array, Array]:
        """What everybody held when a month began; whom it changed for in it, when and to what."""
        user, plan, at = self._turns
        held = np.full(self.marks.people + 1, NOBODY, np.uint8)
        before, inside = at <= start, (at > start) & (at < end)
        held[user[before]] = plan[before]  # of several the last one stays
        return held, user[inside], (at[inside] - start).astype(np.uint32), plan[inside]

    def _began(self, start: int, end: int) -> Ints:
        """Which bonuses and purchases became usable in a month."""
        grants = self.grants
        some = (grants.effective >= start) & (grants.effective < end)
        some &= np.isin(
            grants.kind & ~np.uint8(VOIDED), [kind for kind in BY_POLICY if kind != ALLOWANCE]
        )
        return np.flatnonzero(some)

    def _unpaid(self, start: int, end: int) -> list[Array]:
        """Whom the list of then paid nothing for a registration in a month."""
        grants, (users, registered) = self.grants, self._registered
        new = users[(registered >= start) & (registered < end)]
        bonus = (grants.kind & ~np.uint8(VOIDED)) == SIGNUP
        bonus &= (grants.effective >= start) & (grants.effective < end)
        referrer, friend_at = self._unpaid_friends
        return [
            new[~np.isin(new, grants.owner[bonus])],
            referrer[(friend_at >= start) & (friend_at < end)],
        ]

    def _odd(self, start: int, end: int, rows: Array) -> Array:
        """To whom a policy cannot be tried by time in a month."""
        grants = self.grants
        by_policy = np.isin(grants.kind, [VOIDED | kind for kind in BY_POLICY])
        voided = by_policy & (grants.effective < end) & (grants.expires > start)
        changes = self._changes[:, (self._changes[2] >= start) & (self._changes[2] < end)]
        some = rows[np.isin(rows["user"], changes[0])]
        at = some["at"].astype(np.int64) + start
        known_at = np.where(some["mark"] & AHEAD, at - _AHEAD_MS, at)
        unaware = recorded_order.unaware(changes, start, some["user"], at, known_at)
        found = [
            *(self._turned_late.over(start), self._overtaken.within(start, end)),
            *(grants.owner[voided], some["user"][unaware], *self._unpaid(start, end)),
        ]
        return np.unique(np.concatenate(found)).astype(np.int32)

    # One month

    def pack(self, month: Month) -> Pack:
        """The pack of one month; months are asked for in order."""
        number = self._months[month]
        start, end = self._span(number)
        self._move_until(number)
        rows = np.concatenate([np.zeros(0, ledger.USE), *self._rows.pop(number)])
        rows = rows[np.argsort(rows["user"], kind="stable")]
        odd = self._odd(start, end, rows)
        rows["mark"] &= ~np.uint8(AHEAD)
        other = np.zeros(self.people, bool)
        other[self._troubled(start, end)] = True
        active = np.zeros(self.people, bool)
        active[rows["user"]] = True
        slots = self._slots(start, end, active)
        owner = self.grants.owner
        other[np.bincount(owner[slots], minlength=self.people) > MOST_SLOTS] = True
        ending = slots[self.grants.until[slots] < end]
        refunds = self._refunds_in(start, end)
        # Where a grant ends between a use and its refund, or is voided, there is a new one.
        other[
            whose_ended(
                (owner[ending], self.grants.until[ending]),
                (self.refund_user[refunds], self.refund_used[refunds], self.refund_at[refunds]),
            )
        ] = True
        rows, slots = rows[~other[rows["user"]]], slots[~other[owner[slots]]]
        return self._packed(month, rows, slots, np.flatnonzero(other), odd)

    def _slots(self, start: int, end: int, active: Flags) -> Ints:
        """The grants that can pay in a month for those who use something, in burn-down order."""
        grants = self.grants
        slots = np.flatnonzero((grants.effective < end) & (grants.until > start))
        slots = slots[active[grants.owner[slots]]]
        keys = (
            *(grants.number[slots], (grants.kind[slots] & ~np.uint8(VOIDED)) != ALLOWANCE),
            *(grants.effective[slots], grants.expires[slots], grants.owner[slots]),
        )
        ordered: Ints = slots[np.lexsort(keys)]
        return ordered

    def _refunds_in(self, start: int, end: int) -> Ints:
        return np.flatnonzero((self.refund_at >= start) & (self.refund_at < end))

    def _troubled(self, start: int, end: int) -> Array:
        """Who cannot be replayed by time in the month: late records, refunds of uses before it."""
        refunds = self._refunds_in(start, end)
        before = self.refund_user[refunds[self.refund_used[refunds] < start]]
        return np.concatenate(
            [self.late.within(start, end), self.crossing.across(start, end), before]
        )

    def _packed(self, month: Month, uses: Array, slots: Ints, others: Ints, odd: Array) -> Pack:
        """The columns of a month."""
        start, end = self._span(self._months[month])
        rows, refunds, refund_of = self._entries(start, end, uses)
        users, counts = np.unique(rows["user"], return_counts=True)
        grants = self.grants
        held = grants.left[slots]
        self._move_until(self._months[month] + 1)
        idle, began = self._idle(start, end, users), self._began(start, end)
        plan, turn_user, turn_at, turn_plan = self._plans(start, end)
        ending = slots[ended(grants.until[slots], grants.kind[slots], end)]
        return Pack(
            month=month,
            marks=self.marks,
            users=users,
            counts=counts.astype(np.int32),
            slots=np.bincount(grants.owner[slots], minlength=self.people)[users].astype(np.uint8),
            **{name: rows[name].copy() for name in _OF_USES},
            refunds=refunds.astype(np.int32),
            refund_of=refund_of.astype(np.int32),
            grant=grants.number[slots].astype(np.int64),
            kind=grants.kind[slots],
            given=grants.given[slots],
            held=held,
            effective_at=grants.effective[slots],
            expires_at=grants.until[slots],
            void_expiry=grants.expires[slots[(grants.kind[slots] & VOIDED) != 0]],
            ended=grants.left[ending],
            idle_user=grants.owner[idle],
            idle_grant=grants.number[idle].astype(np.int64),
            idle_kind=grants.kind[idle],
            idle_left=grants.left[idle],
            others=others.astype(np.int32),
            plan=plan,
            turn_user=turn_user,
            turn_at=turn_at,
            turn_plan=turn_plan,
            began_user=grants.owner[began],
            began_grant=grants.number[began].astype(np.int64),
            began_kind=grants.kind[began],
            began_given=grants.given[began],
            began_at=(grants.effective[began] - start).astype(np.uint32),
            odd=odd,
        )

    def _entries(self, start: int, end: int, uses: Array) -> tuple[Array, Ints, Ints]:
        """The entries of a month: its uses, and their refunds where these were recorded.

        With the places of the refunds, and of what they refund.
        """
        numbers = (uses["user"].astype(np.int64) << 32) + uses["number"]
        refunds, used = self._refunded(start, end, numbers)
        told = uses["number"].astype(np.int64) * 2
        told = np.concatenate([told, self.refund_told[refunds] * 2 + 1])
        rows = np.concatenate([uses, uses[used]])
        order = np.lexsort((told, rows["user"]))
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        rows, refund_places = rows[order], place[len(uses) :]
        rows["at"][refund_places] = self.refund_at[refunds] - start
        rows["mark"][refund_places] |= REFUNDED
        rows["quantity"][refund_places] = rows["credits"][refund_places] = 0
        return rows, refund_places, place[used]

    def _refunded(self, start: int, end: int, numbers: Ints) -> tuple[Ints, Ints]:
        """The refunds of a month of uses in it, and the places of these uses."""
        refunds = self._refunds_in(start, end)
        wanted = (self.refund_user[refunds] << 32) + self.refund_use[refunds]
        found = np.searchsorted(numbers, wanted)
        known = found < len(numbers)
        known[known] = numbers[found[known]] == wanted[known]
        return refunds[known], found[known]

    def _idle(self, start: int, end: int, users: Array) -> Ints:
        """The grants that expire with a month or in it, of those who did not use anything."""
        grants, active = self.grants, np.zeros(self.people, bool)
        active[users] = True
        ending = (grants.until > start) & ended(grants.until, grants.kind, end)
        return np.flatnonzero(ending & ~active[grants.owner])
