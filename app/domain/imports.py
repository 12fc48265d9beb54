"""Files that are imported: their columns, what came of their rows (rules, sections 1 to 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.sentences import said


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a kind of file: those it must have, and those it may have."""

    kind: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[str, ...]:
        """All columns, the required ones first."""
        return self.required + self.optional


USERS = Columns(
    "users", ("user_id", "email", "name", "registered_at"), ("referral_code", "referred_by")
)
PLANS = Columns("plans", ("user_id", "plan", "at"))
USAGE = Columns(
    "usage", ("user_id", "feature", "occurred_at", "key"), ("quantity", "outcome", "job")
)
REQUESTS = Columns("requests", ("ticket", "user", "opened_at", "message"), ("category", "credits"))
KINDS = {columns.kind: columns for columns in (USERS, PLANS, USAGE, REQUESTS)}
"""Every kind of file, by its name."""
KINDS_IN_WORDS = {
    "users": said("users"),
    "plans": said("plans"),
    "usage": said("usage"),
    "requests": said("requests"),
}
"""What the rows of each kind are called within a sentence."""

LEFT_OUT = ("left_out_line", "left_out_because")
"""Columns of a file of rows that were left out; whoever mends it imports it as it is."""


@dataclass(frozen=True, slots=True)
class FileShape:
    """What a file is like before anything of it is judged: how it is written, and its first rows.

    ``format`` is ``CSV`` or ``JSON Lines``; ``delimiter`` is what parts the values of CSV, ``size``
    is in bytes. A row of ``rows`` has its values in the order of ``header``.
    """

    format: str
    delimiter: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    size: int


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was left out: the line on which it begins, why, and the row as it stands."""

    line: int
    sentence: str
    text: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of a file.

    Every row ``read`` is one of four: ``added``, the ``same`` as on record, ``refused`` (a use put
    on record as refused) or ``bad``. Of the ``same``, ``repeated`` stand earlier in the file and
    are on record only through it.
    """

    import_id: int
    kind: str
    file: str
    read: int
    added: int
    same: int
    refused: int
    bad: tuple[BadRow, ...]
    repeated: int = 0


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What importing a file would do now: nothing of it is kept, so the report has no number.

    ``rows`` are the first good rows as the file has them, in the order of ``columns``.
    """

    report: ImportReport
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ImportRun:
    """An import on record; ``reversed_at`` says when its charges were refunded."""

    id: int
    kind: str
    file: str
    at: datetime
    staff: str
    read: int
    added: int
    same: int
    refused: int
    bad: int
    reversed_at: datetime | None = None
    reversed_by: str = ""


@dataclass(frozen=True, slots=True)
class Reversal:
    """What reversing an import refunds: so many charges of so many credits.

    ``returned`` goes back to grants still usable, ``regranted`` comes as new grants.
    ``refunded_before`` counts the charges that had been refunded already. With ``dry_run`` nothing
    was changed.
    """

    import_id: int
    charges: int
    credits: int
    returned: int
    regranted: int
    refunded_before: int
    dry_run: bool
