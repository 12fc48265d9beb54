"""All that is on record of one user, as a what-if does it again. Instants are milliseconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from app.domain.calendar import Month
from app.domain.grants import GrantKind

NOT_STORED = 1 << 39
"""From this number on: allowances that are due and not stored yet."""


class Given(NamedTuple):
    """A grant as it is on record. ``position`` is the last charge recorded before it."""

    id: int
    kind: GrantKind
    credits: int
    effective_at: int
    expires_at: int
    position: int
    month: Month | None = None
    plan: str = ""


class Used(NamedTuple):
    """A use or refused use on record; ``credits`` is what it cost, or would have."""

    id: int
    feature: str
    quantity: int
    credits: int
    plan: str
    occurred_at: int
    recorded_at: int
    refused: bool


class Refunded(NamedTuple):
    """A refund on record: the grant that came of it, and the grants it gave back to."""

    id: int
    charge: int
    at: int
    recorded_at: int
    position: int
    regrant: int | None
    returned: tuple[int, ...]


class Voided(NamedTuple):
    """A void on record."""

    grant: int
    at: int
    recorded_at: int
    position: int


class PlanChanged(NamedTuple):
    """A plan change on record."""

    at: int
    plan: str
    recorded_at: int


class Friend(NamedTuple):
    """A registration that the list of then paid no reward for."""

    registered_at: int
    recorded_at: int


Burned: TypeAlias = tuple[tuple[int, int], ...]
"""What a use took: of which grants, how much."""


@dataclass(slots=True)
class History:
    """All that is on record of one user, each kind in the order of its numbers."""

    user: int
    registered_at: int
    given: list[Given] = field(default_factory=list)
    used: list[Used] = field(default_factory=list)
    refunded: list[Refunded] = field(default_factory=list)
    voided: list[Voided] = field(default_factory=list)
    plans: list[PlanChanged] = field(default_factory=list)
    friends: list[Friend] = field(default_factory=list)
    burns: dict[int, Burned] = field(default_factory=dict)
    remaining: dict[int, int] = field(default_factory=dict)
    """What remains of each grant after all that is on record."""
