"""Price lists and their versions (rules, section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.calendar import Month
    from app.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Feature:
    """One of the paid features: what it is called and what one use costs, in credits."""

    key: str
    name: str
    description: str
    family: str
    credits: int


@dataclass(frozen=True, slots=True)
class FreeAction:
    """Something that costs nothing and works with no credits left."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class PriceList:
    """The whole of a ``pricing.json``: prices and policy, in the order of the file."""

    version_note: str
    features: tuple[Feature, ...]
    free_actions: tuple[FreeAction, ...]
    policy: Policy


class VersionState(StrEnum):
    """Where a version stands at an instant."""

    PAST = "past"
    IN_FORCE = "in_force"
    SCHEDULED = "scheduled"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class PriceVersion:
    """A published, immutable price list. ``effective_at`` is ``None`` for version 1: always."""

    number: int
    prices: PriceList
    author: str
    note: str
    published_at: datetime
    effective_at: datetime | None
    based_on: int | None
    state: VersionState
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""


@dataclass(frozen=True, slots=True)
class PriceDraft:
    """An edited list that is not published, and the number of the version it was edited from."""

    based_on: int
    prices: PriceList
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class FeatureUse:
    """How a feature was used in one month: all counted gross (rules, section 3).

    ``credits_before`` are the credits of the month before, to compare with.
    """

    uses: int = 0
    credits: int = 0
    refused: int = 0
    credits_before: int = 0

    @property
    def change(self) -> float | None:
        """The change of credits against the month before, 0.25 for a quarter more."""
        if not self.credits_before:
            return None
        return (self.credits - self.credits_before) / self.credits_before


@dataclass(frozen=True, slots=True)
class MonthOfUse:
    """The last full month, and how each feature (by key) was used in it."""

    month: Month
    features: Mapping[str, FeatureUse]

    def of(self, feature: str) -> FeatureUse:
        """The use of a feature, nought where there was none."""
        return self.features.get(feature, FeatureUse())
