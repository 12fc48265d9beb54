"""Why a balance is what it is: what came in, what went out, and that they meet (rules, 2 to 4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.domain.ledger import EntryKind, LedgerEntry


@dataclass(frozen=True, slots=True)
class ProofPart:
    """All entries of one kind together: ``credits`` is signed (in positive, out negative)."""

    kind: EntryKind
    credits: int
    entries: int


@dataclass(frozen=True, slots=True)
class Proof:
    """The parts of a balance at the instant ``at``, in the order of ``EntryKind``.

    ``balance`` is what the grants hold, which is read elsewhere than the parts: that both are the
    same is the proof.
    """

    parts: tuple[ProofPart, ...]
    balance: int
    at: datetime

    @property
    def gained(self) -> int:
        """Everything that came in."""
        return sum(part.credits for part in self.parts if part.credits > 0)

    @property
    def lost(self) -> int:
        """Everything that went out, as a positive number."""
        return -sum(part.credits for part in self.parts if part.credits < 0)

    @property
    def agrees(self) -> bool:
        """Whether what came in less what went out is what the grants hold."""
        return self.gained - self.lost == self.balance


def parts_of(entries: Iterable[LedgerEntry], used: ProofPart) -> tuple[ProofPart, ...]:
    """The parts that ``entries`` (all but the uses) and the sum of all uses make.

    Kinds without credits are left out.
    """
    sums = {used.kind: (used.credits, used.entries)}
    for entry in entries:
        credits, number = sums.get(entry.kind, (0, 0))
        sums[entry.kind] = (credits + entry.credits, number + 1)
    return tuple(ProofPart(kind, *sums[kind]) for kind in EntryKind if sums.get(kind, (0, 0))[0])
