"""A what-if as it was asked for, and the uses that were tried for it.

NumPy is loaded with this module: only what runs a what-if imports it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from app.domain.calendar import Month
from app.domain.errors import Cancelled
from app.domain.prices import PriceList
from app.domain.sentences import said
from app.domain.terms import Terms
from app.domain.users import PLANS
from app.services.office import Work
from app.services.what_if_sums import Ints, Uses

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Asked:
    """A what-if as it was asked for; ``prices`` is ``None`` for the record itself."""

    prices: PriceList | None
    months: tuple[Month, ...]
    one_in: int = 1
    progress: Progress | None = None
    stop: threading.Event | None = None

    def part(self, begin: float, end: float) -> Asked:
        """The same, told as a part of the whole from ``begin`` to ``end``."""
        tell = self.progress
        if tell is None:
            return self
        return replace(self, progress=lambda done: tell(begin + (end - begin) * done))

    def look(self) -> None:
        """Stop where that was asked for."""
        if self.stop is not None and self.stop.is_set():
            message = said("The what-if was stopped; nothing of it was kept.")
            raise Cancelled(message)

    def tell(self, done: float) -> None:
        """Say how far it is, or stop where that was asked for."""
        self.look()
        if self.progress is not None:
            self.progress(done)


@dataclass
class Tried:
    """The users looked at, and their uses, which come in pieces while ``uses`` is run through.

    ``expired`` is filled meanwhile: credits that expired unused then and now.
    """

    users: Ints
    uses: Iterator[Uses]
    expired: list[int]


def terms_of(work: Work, asked: Asked) -> Terms:
    """The draft as it is tried in the months."""
    calendar, prices = work.calendar, asked.prices
    start, end = calendar.start_ms(asked.months[0]), calendar.start_ms(asked.months[-1].next)
    if prices is None:
        return Terms(start, end, calendar)
    free = {action.key: 0 for action in prices.free_actions}
    plans = prices.policy.plans
    other = {
        month: plans
        for month in asked.months
        if _given(plans) != _given(work.book.allowances(month, calendar))
    }
    return Terms(
        start,
        end,
        calendar,
        prices=free | {feature.key: feature.credits for feature in prices.features},
        policy=prices.policy,
        allowances=other,
    )


def _given(plans: Mapping[str, int]) -> list[int]:
    return [plans.get(plan, 0) for plan in PLANS]
