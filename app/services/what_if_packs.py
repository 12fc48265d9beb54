"""Trying a draft on packed months: all plain users at once, the others one by one.

Between two months only what each grant holds is carried over. Within a month three kinds of users
are told apart. Where the same grants are usable all month, only their sum decides: who can pay for
everything is done with at once, who cannot is followed use by use, the first use of everybody, then
the second of everybody, and so on. Where grants come or go within the month, or a use is refunded,
the same is done with each grant apart. It comes to what ``domain/replaying`` does one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.terms import Terms
from app.services.what_if_sums import Flags, Ints, Uses
from app.storage.month_packs import PLAN, REFUNDED, REFUSED, VOIDED, Pack, ended

Look = Callable[[], None]
UNKNOWN = -1
_WIDTHS = (2, 4, 12)
"""Users are followed together with those who have about as many grants."""


@dataclass
class Carried:
    """What the grants seen so far hold, by number; ``UNKNOWN`` where a grant was not seen."""

    left: NDArray[np.int32]

    @classmethod
    def none(cls, grants: int) -> Carried:
        """Nothing seen yet, of so many grants."""
        return cls(np.full(grants + 1, UNKNOWN, np.int32))

    def held(self, pack: Pack) -> NDArray[np.int32]:
        """What the grants of a month hold when it begins for them."""
        carried = self.left[pack.grant]
        return np.where(carried == UNKNOWN, pack.held, carried)


@dataclass(frozen=True)
class Tariff:
    """What each feature costs, by its number; -1 where it is not offered. ``None``: the record."""

    credits: NDArray[np.int32] | None

    def cost(self, pack: Pack) -> tuple[NDArray[np.int32], Flags]:
        """What each entry costs, and whether it is offered."""
        if self.credits is None:
            return pack.credits, np.ones(len(pack.at), bool)
        price = self.credits[pack.feature]
        # The refund of a use has no quantity: it costs nothing, and is no use itself.
        listed = (price >= 0) | (pack.quantity == 0)
        cost: NDArray[np.int32] = np.where(price > 0, price, 0) * pack.quantity.astype(np.int32)
        return cost, listed


def tried_month(
    pack: Pack, terms: Terms, tariff: Tariff, carried: Carried, look: Look
) -> tuple[Uses, Flags]:
    """Replay a month of plain users; their uses, and which of its grants end in it.

    ``carried`` is brought up to date. ``look`` is called between steps: it may raise to stop.
    """
    start = terms.calendar.start_ms(pack.month)
    month = _Month(pack, start, terms.calendar.start_ms(pack.month.next))
    cost, listed = tariff.cost(pack)
    held = carried.held(pack)
    look()
    paid, left = month.run(cost, held, look)
    voided = (pack.kind & VOIDED) != 0
    left[voided & (pack.expires_at < month.end)] = 0
    carried.left[pack.grant] = left
    look()
    uses = Uses(
        place=np.repeat(pack.users, pack.counts),
        at=pack.at.astype(np.int64) + start,
        feature=pack.feature,
        plan=pack.mark & PLAN,
        quantity=pack.quantity,
        cost_then=pack.credits,
        paid_then=(pack.mark & REFUSED) == 0,
        cost_now=cost,
        paid_now=paid & listed,
        listed=listed,
    )
    return uses, ended(pack.expires_at, pack.kind, month.end)


def chosen(pack: Pack, wanted: Flags, end: int) -> Pack:
    """The same month with some of its users only; ``wanted`` is by number of user.

    ``end`` (ms) is the first instant after the month.
    """
    users = wanted[pack.users]
    idle = wanted[pack.idle_user]
    if users.all() and idle.all():
        return pack
    entries, grants = np.repeat(users, pack.counts), np.repeat(users, pack.slots)
    place = np.cumsum(entries) - 1
    refunds = entries[pack.refunds]
    return replace(
        pack,
        users=pack.users[users],
        counts=pack.counts[users],
        slots=pack.slots[users],
        at=pack.at[entries],
        feature=pack.feature[entries],
        quantity=pack.quantity[entries],
        credits=pack.credits[entries],
        mark=pack.mark[entries],
        refunds=place[pack.refunds[refunds]].astype(np.int32),
        refund_of=place[pack.refund_of[refunds]].astype(np.int32),
        grant=pack.grant[grants],
        kind=pack.kind[grants],
        given=pack.given[grants],
        held=pack.held[grants],
        effective_at=pack.effective_at[grants],
        expires_at=pack.expires_at[grants],
        void_expiry=pack.void_expiry[grants[(pack.kind & VOIDED) != 0]],
        ended=pack.ended[grants[ended(pack.expires_at, pack.kind, end)]],
        idle_user=pack.idle_user[idle],
        idle_grant=pack.idle_grant[idle],
        idle_kind=pack.idle_kind[idle],
        idle_left=pack.idle_left[idle],
    )


class _Month:
    """The entries and grants of a month, user by user."""

    def __init__(self, pack: Pack, start: int, end: int) -> None:
        self.pack, self.start, self.end = pack, start, end
        self.counts = pack.counts
        self.first = np.cumsum(pack.counts, dtype=np.int64) - pack.counts
        self.slots = pack.slots.astype(np.int64)
        self.first_slot = np.cumsum(self.slots) - self.slots
        steady = (pack.effective_at <= start) & (pack.expires_at >= end)
        self.steady = self._per_user(steady) == self.slots
        self.refunding = np.zeros(len(pack.users), bool)
        if len(pack.refunds):
            self.refunding[np.searchsorted(self.first, pack.refunds, side="right") - 1] = True
            self.steady &= ~self.refunding

    def _per_user(self, grants: NDArray[Any]) -> Ints:
        """The sum over each user's grants; a user may have none."""
        sums = np.zeros(len(grants) + 1, np.int64)
        np.cumsum(grants, out=sums[1:])
        found: Ints = sums[self.first_slot + self.slots] - sums[self.first_slot]
        return found

    def run(
        self, cost: NDArray[np.int32], held: NDArray[np.int32], look: Look
    ) -> tuple[Flags, NDArray[np.int32]]:
        """Which entries are paid for, and what the grants hold at the end."""
        paid = np.ones(len(cost), bool)
        if not len(cost):
            return paid, held
        spent = np.add.reduceat(cost, self.first, dtype=np.int64)
        balance = self._per_user(held)
        short = np.flatnonzero(self.steady & (spent > balance))
        spent[short] = self._by_sum(short, cost, balance[short], paid, look)
        spent[~self.steady] = 0
        look()
        left = self._burned(held, spent)
        for refunding in (False, True):
            moving = np.flatnonzero(~self.steady & (self.refunding == refunding))
            below = 0
            for width in _WIDTHS:
                some = moving[(self.slots[moving] <= width) & (self.slots[moving] >= below)]
                below = width + 1
                if len(some):
                    _Apart(self, some, cost, paid, left).run(look)
        return paid, left

    def by_count(self, users: Ints) -> tuple[Ints, list[int]]:
        """Users with the most entries first, and of how many the k-th entry is there."""
        order = np.argsort(-self.counts[users], kind="stable")
        counts = self.counts[users][order]
        most = int(counts[0]) if len(counts) else 0
        reach = np.searchsorted(-counts, -np.arange(most), side="left")
        return users[order], [int(n) for n in reach]

    def _by_sum(
        self, users: Ints, cost: NDArray[np.int32], balance: Ints, paid: Flags, look: Look
    ) -> Ints:
        """What is spent where only the sum of the grants decides."""
        order = np.argsort(-self.counts[users], kind="stable")
        counts, first, left = self.counts[users][order], self.first[users][order], balance[order]
        before = left.copy()
        for k in range(int(counts[0]) if len(counts) else 0):
            some = int(np.searchsorted(-counts, -k, side="left"))
            entries = first[:some] + k
            price = cost[entries]
            enough = price <= left[:some]
            left[:some] -= price * enough
            paid[entries] = enough
            if not k % 16:
                look()
        spent = np.empty_like(before)
        spent[order] = before - left
        return spent

    def _burned(self, held: NDArray[np.int32], spent: Ints) -> NDArray[np.int32]:
        """What grants hold after a sum was taken of each user's, in burn-down order."""
        before = np.cumsum(held, dtype=np.int64) - held
        base = np.zeros(len(self.slots), np.int64)
        some = self.slots > 0
        base[some] = before[self.first_slot[some]]
        to_take = np.repeat(spent + base, self.slots) - before
        left: NDArray[np.int32] = held - np.clip(to_take, 0, held).astype(np.int32)
        return left


class _Apart:
    """Some users whose grants come and go in the month, or whose uses are refunded."""

    def __init__(
        self,
        month: _Month,
        users: Ints,
        cost: NDArray[np.int32],
        paid: Flags,
        left: NDArray[np.int32],
    ) -> None:
        self.month, self.cost, self.paid, self.left = month, cost, paid, left
        self.users, self.reach = month.by_count(users)
        self.first = month.first[self.users]
        slots = month.slots[self.users]
        self.width = int(slots.max(initial=0))
        self.grants = [
            (slots > g, np.where(slots > g, month.first_slot[self.users] + g, 0))
            for g in range(self.width)
        ]
        pack = month.pack
        self.held, self.since, self.until = [], [], []
        for there, place in self.grants:
            at = np.minimum(place, max(len(left) - 1, 0))
            self.held.append(np.where(there, left[at], 0).astype(np.int64))
            self.since.append(pack.effective_at[at] - month.start)
            self.until.append(np.where(there, pack.expires_at[at], 0) - month.start)
        self.refund = np.full(len(cost), -1, np.int32) if month.refunding[users[0]] else None
        if self.refund is not None:
            self.refund[pack.refund_of] = np.arange(len(pack.refunds))
            self.refund[pack.refunds] = np.arange(len(pack.refunds))
            self.taken = np.zeros((self.width, len(pack.refunds)), np.int64)

    def run(self, look: Look) -> None:
        """Follow them use by use, and put down what their grants hold."""
        for k, some in enumerate(self.reach):
            self._round(some, self.first[:some] + k)
            if not k % 8:
                look()
        for held, (there, place) in zip(self.held, self.grants, strict=True):
            self.left[place[there]] = held[there]

    def _round(self, some: int, entries: Ints) -> None:
        at, price = self.month.pack.at[entries].astype(np.int64), self.cost[entries]
        offers = [
            np.where((since[:some] <= at) & (at < until[:some]), held[:some], 0)
            for held, since, until in zip(self.held, self.since, self.until, strict=True)
        ]
        enough = price <= sum(offers, np.zeros(some, np.int64))
        to_pay = np.where(enough, price, 0).astype(np.int64)
        refund = None if self.refund is None else self.refund[entries]
        for g, offer in enumerate(offers):
            taken = np.minimum(offer, to_pay)
            self.held[g][:some] -= taken
            to_pay -= taken
            if refund is not None:
                self._remember(g, refund, entries, taken)
        self.paid[entries] = enough

    def _remember(self, g: int, refund: NDArray[np.int32], entries: Ints, taken: Ints) -> None:
        """Keep what a refunded use took of a grant; a refund gives it back."""
        some = np.flatnonzero(refund >= 0)
        if not len(some):
            return
        giving_back = (self.month.pack.mark[entries[some]] & REFUNDED) != 0
        back, used = some[giving_back], some[~giving_back]
        self.taken[g, refund[used]] = taken[used]
        self.held[g][back] += self.taken[g, refund[back]]
