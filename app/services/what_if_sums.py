"""Adding up a what-if: from every use, with what it cost then and now, to the figures shown.

All of it is columns: one entry for each use, and for each user. NumPy is loaded with this module,
so nothing that starts the program may import it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.calendar import BillingCalendar, Month, from_ms, to_ms
from app.domain.users import PLANS
from app.domain.whatif import HARDEST, DayOut, Part, Side, Touch, touch_bins

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Column = NDArray[Any]
"""Whole numbers as narrow as they may be kept."""
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Uses:
    """Every use of the months. ``place`` is that of its user among the users, in their order.

    ``paid`` says whether it is paid for, ``listed`` whether it is offered at all.
    """

    place: Column
    at: Ints
    feature: Column
    plan: Column
    quantity: Column
    cost_then: Column
    paid_then: Flags
    cost_now: Column
    paid_now: Flags
    listed: Flags


@dataclass(slots=True)
class UserSums:
    """One way it went, for each user: credits, refused uses, when first refused something (ms)."""

    credits: Ints
    refused: Ints
    first_refused: Ints

    @classmethod
    def empty(cls, users: int) -> UserSums:
        """Nothing yet."""
        return cls(
            np.zeros(users, np.int64), np.zeros(users, np.int64), np.full(users, NEVER, np.int64)
        )

    def add(self, uses: Uses, cost: Column, paid: Flags, refused: Flags) -> None:
        """Count some uses."""
        people = len(self.credits)
        self.credits += _sums(uses.place[paid], cost[paid], people)
        self.refused += _sums(uses.place[refused], uses.quantity[refused], people)
        np.minimum.at(self.first_refused, uses.place[refused], uses.at[refused])

    @property
    def out(self) -> Flags:
        """Who ran out of credits."""
        out: Flags = self.first_refused != NEVER
        return out


def _sums(place: Column, values: Column, length: int) -> Ints:
    # Weights are floats, exact up to 2**53: far above all credits of a month.
    return np.bincount(place, weights=values, minlength=length).astype(np.int64)


class Sums:
    """The figures of a what-if while months are counted one after the other."""

    def __init__(self, users: int, features: int) -> None:
        self.users = users
        self.then = UserSums.empty(users)
        self.now = UserSums.empty(users)
        self._by_feature = np.zeros((7, features), np.int64)
        self._by_plan = np.zeros((7, len(PLANS)), np.int64)
        self._out_of: dict[str, list[Ints]] = {"feature": [], "plan": []}
        self._features = features
        self._active = np.zeros(users, bool)

    def add(self, uses: Uses) -> None:
        """Count the uses of a month (or of some users)."""
        self._active[uses.place] = True
        refused_then = ~uses.paid_then
        refused_now = uses.listed & ~uses.paid_now
        self.then.add(uses, uses.cost_then, uses.paid_then, refused_then)
        self.now.add(uses, uses.cost_now, uses.paid_now, refused_now)
        for table, key in ((self._by_feature, uses.feature), (self._by_plan, uses.plan)):
            columns = (
                (uses.paid_then, uses.quantity),
                (uses.paid_then, uses.cost_then),
                (refused_then, uses.quantity),
                (uses.paid_now, uses.quantity),
                (uses.paid_now, uses.cost_now),
                (refused_now, uses.quantity),
                (~uses.listed, uses.quantity),
            )
            for row, (which, values) in enumerate(columns):
                table[row] += _sums(key[which], values[which], table.shape[1])
        self._remember_out(uses, refused_then, refused_now)

    def _remember_out(self, uses: Uses, then: Flags, now: Flags) -> None:
        """Who was refused which feature, under which plan: users of several overlap."""
        for name, key in (("feature", uses.feature), ("plan", uses.plan)):
            width = self._features if name == "feature" else len(PLANS)
            for way, refused in ((0, then), (1, now)):
                mark = (uses.place[refused] * width + key[refused]) * 2 + way
                self._out_of[name].append(np.unique(mark))

    def _out(self, name: str, width: int) -> Ints:
        """How many users were refused something: then and now (rows), by feature or plan."""
        marks = self._out_of[name]
        unique = np.unique(np.concatenate(marks)) if marks else np.zeros(0, np.int64)
        keys, ways = (unique // 2) % width, unique % 2
        return np.stack([np.bincount(keys[ways == way], minlength=width) for way in (0, 1)])

    def sides(self) -> tuple[Side, Side]:
        """Everything, then and now."""
        uses_then, credits_then, refused_then, uses_now, credits_now, refused_now, _ = (
            int(row.sum()) for row in self._by_plan
        )
        return (
            Side(uses_then, credits_then, refused_then, int(self.then.out.sum())),
            Side(uses_now, credits_now, refused_now, int(self.now.out.sum())),
        )

    @property
    def active(self) -> int:
        """How many users there are."""
        return int(self._active.sum())

    @property
    def unlisted(self) -> int:
        """Uses of features that the draft does not list."""
        return int(self._by_plan[6].sum())

    def features(self, keys: Mapping[int, str], names: Mapping[str, str]) -> tuple[Part, ...]:
        """By feature, in the order of ``names``; those nobody used are left out."""
        out = self._out("feature", self._features)
        found = {key: _part(key, names, self._by_feature, out, at) for at, key in keys.items()}
        order = [*names, *(key for key in found if key not in names)]
        return tuple(found[key] for key in order if key in found and _any(found[key]))

    def plans(self) -> tuple[Part, ...]:
        """By plan, smallest first."""
        out = self._out("plan", len(PLANS))
        names = {plan: plan.capitalize() for plan in PLANS}
        return tuple(_part(plan, names, self._by_plan, out, at) for at, plan in enumerate(PLANS))

    def days(self, months: Sequence[Month], calendar: BillingCalendar) -> tuple[DayOut, ...]:
        """On which day users were first refused something: every day of the months."""
        days = list(_days(months, calendar))
        bounds = np.array([start for _, start in days], np.int64)
        then, now = (
            np.bincount(
                np.searchsorted(bounds, way.first_refused[way.out], side="right") - 1,
                minlength=len(days),
            )
            for way in (self.then, self.now)
        )
        return tuple(DayOut(day, int(then[at]), int(now[at])) for at, (day, _) in enumerate(days))

    def touches(self) -> tuple[Touch, ...]:
        """How much the credits of users change, in the bins of ``touch_bins``."""
        before, after = self.then.credits[self._active], self.now.credits[self._active]
        # Who used nothing before and something now has no bound: they count as the highest.
        change = np.where(
            before > 0, (after - before) / np.maximum(before, 1), np.where(after > 0, np.inf, 0.0)
        )
        found = []
        for above, most in touch_bins():
            if above == most:
                inside = change == 0
            else:
                inside = (change > (-np.inf if above is None else above)) & (
                    change <= (np.inf if most is None else most)
                )
                # Up to 0 is a bin of losses, and no change has its own.
                inside &= change != 0
            found.append(Touch(above, most, int(inside.sum())))
        return tuple(found)

    def changed(self) -> tuple[int, int, int]:
        """Users who run out only now, only then, and those for whom anything changes."""
        then, now = self.then, self.now
        touched = (then.credits != now.credits) | (then.refused != now.refused)
        return (
            int((now.out & ~then.out).sum()),
            int((then.out & ~now.out).sum()),
            int(touched.sum()),
        )

    def hardest(self, most: int = HARDEST) -> Ints:
        """The places of those hit hardest: most refused more, then most credits more."""
        refused = self.now.refused - self.then.refused
        credits = self.now.credits - self.then.credits
        hit = np.flatnonzero((refused > 0) | ((refused == 0) & (credits > 0)))
        order = np.lexsort((hit, -credits[hit], -refused[hit]))
        return hit[order[:most]]


def _part(key: str, names: Mapping[str, str], table: Ints, out: Ints, at: int) -> Part:
    uses_then, credits_then, refused_then, uses_now, credits_now, refused_now, unlisted = (
        int(row[at]) for row in table
    )
    then = Side(uses_then, credits_then, refused_then, int(out[0, at]))
    now = Side(uses_now, credits_now, refused_now, int(out[1, at]))
    return Part(key, names.get(key, key), then, now, unlisted)


def _any(part: Part) -> bool:
    return part.then != Side() or part.now != Side() or bool(part.unlisted)


def _days(months: Sequence[Month], calendar: BillingCalendar) -> list[tuple[date, int]]:
    """Each day of the months with its first instant (ms); a day the zone skipped is left out."""
    at, end = calendar.start(months[0]), calendar.end(months[-1])
    found: list[tuple[date, int]] = []
    while at < end:
        found.append((_date(calendar, at), to_ms(at)))
        at = calendar.day_end(at)
    return found


def _date(calendar: BillingCalendar, at: datetime) -> date:
    # The middle of the day: its first instant may still show the date before.
    return calendar.local(at + timedelta(hours=12)).date()


def instant_of(ms: int) -> datetime | None:
    """An instant, or ``None`` for never."""
    return None if ms == NEVER else from_ms(ms)
