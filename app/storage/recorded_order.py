"""What was not recorded in the order in which it occurred, found while the ledger is read once.

A late use may be replayed by time, but where it crosses the turn of a month, or where something
other than a use came between. What is found are stretches: a user, from when and until when (ms)
their record cannot be replayed by time. NumPy is loaded with this module.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.storage.ledger_columns import UseBlock
from app.storage.month_packs import Array, Flags, Ints

_INSTANT = 43
"""So many bits hold an instant in ms, until long after the year 2200."""
_NUMBER = 32


@dataclass(frozen=True, slots=True)
class Stretches:
    """Users, and from when until when each cannot be replayed by time; both ends included."""

    user: Ints
    since: Ints
    until: Ints

    @classmethod
    def joined(cls, parts: list[tuple[Ints, Ints, Ints]]) -> Stretches:
        """All of some parts."""
        none = (np.zeros(0, np.int64),) * 3
        user, since, until = (np.concatenate(column) for column in zip(none, *parts, strict=True))
        return cls(user, since, until)

    def within(self, start: int, end: int) -> Ints:
        """Whose stretch has to do with the time from ``start`` until before ``end``."""
        return self.user[(self.since < end) & (self.until >= start)]

    def over(self, instant: int) -> Ints:
        """Whose stretch has to do with an instant."""
        return self.user[(self.since <= instant) & (self.until >= instant)]

    def across(self, start: int, end: int) -> Ints:
        """Whose stretch goes over ``start``, or over ``end``."""
        turn = (self.since < start) & (self.until >= start)
        turn |= (self.since < end) & (self.until >= end)
        return self.user[turn]


def running_most(user: Array, at: Ints) -> Ints:
    """The latest instant so far of each user, where all of a user stand together."""
    begins = np.ones(len(user), np.int64)
    begins[1:] = user[1:] != user[:-1]
    rank = np.cumsum(begins) << _INSTANT
    latest: Ints = np.maximum.accumulate(rank + at) - rank
    return latest


@dataclass(frozen=True, slots=True)
class Told:
    """Acts other than uses: ``position`` is the last use recorded before each.

    Uses of the time from ``since`` to ``until`` that were recorded before it did not know of it.
    """

    position: Array
    user: Array
    since: Ints
    until: Ints

    def in_order(self) -> Told:
        """The same by position."""
        order = np.argsort(self.position, kind="stable")
        return Told(self.position[order], self.user[order], self.since[order], self.until[order])


class LateUses:
    """Late uses, and acts told of after uses that they had to do with; uses come in blocks."""

    def __init__(self, people: int, told: Told) -> None:
        self._latest = np.full(people, -1, np.int64)
        self._told, self._asked = told.in_order(), 0
        self._crossing: list[tuple[Ints, Ints, Ints]] = []
        self._unknown: list[tuple[Ints, Ints, Ints]] = []

    def add(self, uses: UseBlock) -> None:
        """The next uses in recorded order."""
        order = np.argsort(uses.user, kind="stable")
        user, at = uses.user[order], uses.at[order]
        latest = np.maximum(running_most(user, at), self._latest[user])
        late = latest > at
        self._crossing.append((user[late], at[late], latest[late]))
        last = int(uses.number[-1])
        until = int(np.searchsorted(self._told.position, last, side="left"))
        self._answer(until, (user << _NUMBER) + uses.number[order], latest)
        self._latest[user] = latest

    def _answer(self, until: int, recorded: Ints, latest: Ints) -> None:
        """Which of the acts told of by now came after uses that they had to do with."""
        some = slice(self._asked, until)
        self._asked = until
        told = self._told
        user, since = told.user[some].astype(np.int64), told.since[some]
        met = self._latest[user]
        if len(recorded):
            wanted = (user << _NUMBER) + told.position[some]
            found = np.searchsorted(recorded, wanted, side="right") - 1
            here = (found >= 0) & (recorded[found] >> _NUMBER == user)
            met[here] = latest[found[here]]
        wrong = met >= since
        until_ = np.minimum(met, told.until[some])[wrong]
        self._unknown.append((user[wrong], since[wrong], until_))

    def found(self) -> tuple[Stretches, list[tuple[Ints, Ints, Ints]]]:
        """Late uses, and the stretches of acts told of too late; after the last block."""
        none = np.zeros(0, np.int64)
        self._answer(len(self._told.position), none, none)
        return Stretches.joined(self._crossing), self._unknown


class Corrections:
    """Refunds and voids, and the uses recorded after them that occurred before."""

    def __init__(self, people: int, user: Ints, position: Ints, at: Ints) -> None:
        order = np.lexsort((position, user))
        self._user, own = user[order], at[order]
        self._key = (self._user << _NUMBER) + position[order]
        self._latest = running_most(self._user, own)
        self._corrected = np.zeros(people, bool)
        self._corrected[user] = True
        late = self._latest > own
        self.found = [(self._user[late], own[late], self._latest[late])]

    def add(self, uses: UseBlock) -> None:
        """The next uses in recorded order."""
        some = np.flatnonzero(self._corrected[uses.user])
        user, at = uses.user[some], uses.at[some]
        before = np.searchsorted(self._key, (user << _NUMBER) + uses.number[some]) - 1
        known = (before >= 0) & (self._user[before] == user) if len(self._key) else before >= 0
        user, at, since = user[known], at[known], self._latest[before[known]]
        late = since > at
        self.found.append((user[late], at[late], since[late]))


def turned_late(turns: Ints, bounds: Ints) -> tuple[Stretches, Stretches]:
    """Plan changes (user, plan, instant, recorded; in recorded order) not to be told by time.

    First those that held when a month began, and were recorded when it had begun; ``bounds`` are
    the first instants of months. Then those recorded after a later change, until that one.
    """
    user, _, at, recorded = turns
    over = np.searchsorted(bounds, at, side="left") < np.searchsorted(
        bounds, recorded, side="right"
    )
    order = np.argsort(user, kind="stable")
    latest = np.empty_like(at)
    latest[order] = running_most(user[order], at[order])
    overtaken = latest > at
    return (
        Stretches(user[over], at[over], recorded[over]),
        Stretches(user[overtaken], at[overtaken], latest[overtaken]),
    )


def unaware(turns: Ints, start: int, user: Array, at: Ints, known_at: Ints) -> Flags:
    """Which uses of a month may have been recorded before a plan change they are under.

    ``turns`` are the changes of the month that begins at ``start``; what it released when it began
    may have been recorded with the first of them. ``known_at`` is the earliest at which each use
    can have been recorded.
    """
    since = np.maximum(np.minimum(turns[2], turns[3]), start)
    order = np.lexsort((since, turns[0]))
    whom, since, recorded = turns[0][order], since[order], turns[3][order]
    if not len(whom):
        return np.zeros(len(user), bool)
    key = (whom << _INSTANT) + (since - start)
    wanted = (user.astype(np.int64) << _INSTANT) + (at - start)
    last = np.searchsorted(key, wanted, side="right") - 1
    under: Flags = (last >= 0) & (whom[last] == user)
    under &= running_most(whom, recorded)[last] >= known_at
    return under
