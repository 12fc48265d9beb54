"""What a user's own account page shows: what there is, until when, and what used it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.calendar import BillingCalendar, Month
from app.domain.grants import Grant
from app.domain.ledger import EntryKind, LedgerEntry
from app.domain.users import User


@dataclass(frozen=True, slots=True)
class Expiring:
    """Credits that expire together."""

    expires_at: datetime
    credits: int


@dataclass(frozen=True, slots=True)
class FeatureUsed:
    """What one feature used in one month; ``uses`` and ``refused`` by quantity."""

    month: Month
    feature: str
    name: str
    uses: int
    credits: int
    refused: int


@dataclass(frozen=True, slots=True)
class Movement:
    """What one kind of entry came to over the statement: positive came in, negative went out."""

    kind: EntryKind
    credits: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A user's account over a span of months, up to ``at``.

    ``opening`` plus the ``movements`` is ``available``, what there is at ``at``; ``expiring`` says
    until when, soonest first. ``usage`` stands newest month first, the largest feature first.
    """

    user: User
    plan: str
    at: datetime
    first: Month | None
    last: Month
    opening: int
    movements: tuple[Movement, ...]
    available: int
    expiring: tuple[Expiring, ...]
    usage: tuple[FeatureUsed, ...]


def expiring(grants: Iterable[Grant]) -> tuple[Expiring, ...]:
    """What expires when, soonest first."""
    together: Counter[datetime] = Counter()
    for grant in grants:
        together[grant.expires_at] += grant.remaining
    return tuple(Expiring(at, together[at]) for at in sorted(together) if together[at])


def movements(entries: Iterable[LedgerEntry]) -> tuple[Movement, ...]:
    """What each kind of entry came to, in the order of the kinds."""
    moved: Counter[EntryKind] = Counter()
    for entry in entries:
        moved[entry.kind] += entry.credits
    return tuple(Movement(kind, moved[kind]) for kind in EntryKind if moved[kind])


def usage(
    entries: Iterable[LedgerEntry], calendar: BillingCalendar, names: dict[str, str]
) -> tuple[FeatureUsed, ...]:
    """What was used by month and feature."""
    cells: dict[tuple[Month, str], list[int]] = {}
    for entry in entries:
        if entry.feature is None:
            continue
        cell = cells.setdefault((calendar.month_of(entry.at), entry.feature), [0, 0, 0])
        if entry.kind is EntryKind.REFUSED_USE:
            cell[2] += entry.quantity
        else:
            cell[0] += entry.quantity
            cell[1] -= entry.credits
    rows = [
        FeatureUsed(month, feature, names.get(feature, feature), *cell)
        for (month, feature), cell in cells.items()
    ]
    rows.sort(key=lambda row: (-row.month.number, -row.credits, -row.uses, row.feature))
    return tuple(rows)


def opening(entries: Sequence[LedgerEntry], available: int) -> int:
    """What there was before all of ``entries``, given what there is after them."""
    return available - sum(entry.credits for entry in entries)
