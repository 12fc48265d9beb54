"""What a reference that somebody types belongs to: a ticket, a job or an idempotency key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.calendar import Month
from app.domain.ledger import EntryKind

LEAST_LETTERS = 4
MOST_LETTERS = 200


class Reference(StrEnum):
    """What kind of reference it is."""

    TICKET = "ticket"
    JOB = "job"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Found:
    """Something that a reference belongs to, and whose it is.

    ``text`` says what: “grant of 24”. ``at`` is when it occurred, in the billing zone's ``month``.
    A request has no ``entry`` in the ledger; of a grant or a charge it is the kind of its entry.
    """

    kind: Reference
    reference: str
    text: str
    user_id: str
    name: str
    at: datetime
    month: Month
    entry: EntryKind | None = None
    feature: str = ""
    grant_id: int | None = None
    charge_id: int | None = None
    request_id: int | None = None


def as_reference(typed: str) -> str:
    """What was typed, if it may be (the beginning of) a reference: one word with a digit in it."""
    word = typed.strip()
    may_be = LEAST_LETTERS <= len(word) <= MOST_LETTERS and any(c.isdecimal() for c in word)
    return word if may_be and not any(c.isspace() for c in word) else ""
