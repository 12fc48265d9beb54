"""What proving a database gives: which rules hold, and the rows that break one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

MOST_ROWS = 100
"""How many rows of a broken rule are named; ``found`` says how many there are."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that does not hold: its short name, the rule as a sentence, the rows that break it."""

    name: str
    sentence: str
    rows: tuple[str, ...]
    found: int

    def __str__(self) -> str:
        more = f" and {self.found - len(self.rows):,} more" if self.found > len(self.rows) else ""
        return f"{self.sentence} Broken by: {'; '.join(self.rows)}{more}."


@dataclass(frozen=True, slots=True)
class Counts:
    """How much was looked through."""

    users: int
    charges: int
    grants: int
    refunds: int
    audit_records: int
    rules: int


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of verifying.

    ``audit_head`` is the hash of the newest audit record: noted elsewhere, it later proves that
    none was taken away.
    """

    ok: bool
    violations: tuple[Violation, ...]
    checked_at: datetime
    counts: Counts
    audit_head: str


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: from which file, and where the file before it is kept."""

    source: str
    kept: str
