"""Price lists and their versions (rules, section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
