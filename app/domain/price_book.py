"""Every price list at once, in memory: which held at an instant, and what a use cost then.

Charging and imports ask this for each use, so the answers are prepared: one bisection over a few
boundaries and one look into a dictionary (rules, sections 2, 3 and 6).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.domain.calendar import BEGINNING_OF_TIME, BillingCalendar, Month, to_ms
from app.domain.errors import RetiredFeature, UnknownFeature
from app.domain.policy import Policy
from app.domain.prices import PriceVersion, VersionState
from app.domain.sentences import said


@dataclass(frozen=True, slots=True)
class Price:
    """What one use costs, in credits (0 for a free action), by which version of the list."""

    feature: str
    credits: int
    version: int


class PriceBook:
    """All ``versions`` of the price list, in any order; withdrawn ones never hold.

    In force at an instant is the version with the latest start not after it, and of two that
    start together the higher number (rules, section 6). At least one version must be left.
    """

    def __init__(self, versions: Iterable[PriceVersion]) -> None:
        holding = [v for v in versions if v.state is not VersionState.WITHDRAWN]
        holding.sort(key=lambda version: (start_ms(version), version.number))
        if not holding:
            message = said("a price book needs a version that holds")
            raise ValueError(message)
        self.versions: tuple[PriceVersion, ...] = tuple(holding)
        self.boundaries: tuple[int, ...] = tuple(start_ms(version) for version in holding)
        """From when each of ``versions`` holds, in milliseconds, ascending."""
        self.credits: tuple[dict[str, int], ...] = tuple(_credits(version) for version in holding)
        """What each of ``versions`` takes for a use, by feature; 0 for a free action."""
        self._allowances = tuple(version.prices.policy.plans for version in holding)
        self._numbers = tuple(version.number for version in holding)
        self._known = frozenset(key for credits in self.credits for key in credits)
        self._month_plans: dict[tuple[str, Month], dict[str, int]] = {}

    def position_ms(self, at: int) -> int:
        """The place in ``versions`` (and ``credits``) of the one in force at ``at``, in ms.

        Whatever lies before all versions is priced by the first of them.
        """
        return max(bisect_right(self.boundaries, at) - 1, 0)

    def in_force(self, at: datetime) -> PriceVersion:
        """The version in force at the instant."""
        return self.versions[self.position_ms(to_ms(at))]

    def policy_at(self, at: datetime) -> Policy:
        """The policy of the version in force at the instant."""
        return self.in_force(at).prices.policy

    def price(self, feature: str, at: datetime) -> Price:
        """What one use of the feature or free action costs at the instant.

        Raises ``RetiredFeature`` where only another version knows it, else ``UnknownFeature``.
        """
        credits, version = self.price_ms(feature, to_ms(at))
        return Price(feature, credits, version)

    def price_ms(self, feature: str, at: int) -> tuple[int, int]:
        """``price`` for an instant in milliseconds: the credits and the number of the version."""
        position = self.position_ms(at)
        credits = self.credits[position].get(feature)
        if credits is None:
            if feature in self._known:
                raise RetiredFeature(feature, self._numbers[position])
            raise UnknownFeature(feature)
        return credits, self._numbers[position]

    def allowances(self, month: Month, calendar: BillingCalendar) -> dict[str, int]:
        """Each plan's credits for a month, by the version in force when the month began."""
        asked = (calendar.zone, month)
        plans = self._month_plans.get(asked)
        if plans is None:
            plans = self._allowances[self.position_ms(calendar.start_ms(month))]
            self._month_plans[asked] = plans
        return plans

    def names(self) -> dict[str, str]:
        """The name of every feature and free action ever listed, by key; the latest name wins."""
        names: dict[str, str] = {}
        for version in sorted(self.versions, key=lambda version: version.number):
            names |= {action.key: action.name for action in version.prices.free_actions}
            names |= {feature.key: feature.name for feature in version.prices.features}
        return names


def start_ms(version: PriceVersion) -> int:
    """From when the version holds, in milliseconds; version 1 from the beginning of time."""
    if version.effective_at is None:
        return BEGINNING_OF_TIME
    return to_ms(version.effective_at)


def _credits(version: PriceVersion) -> dict[str, int]:
    free = {action.key: 0 for action in version.prices.free_actions}
    return free | {feature.key: feature.credits for feature in version.prices.features}
