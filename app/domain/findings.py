"""What a diagnosis is made of: the complaint, what the record says about it, what may be done.

A finding is a sentence that is true of the record, with the figures it names, the rows that prove
it, and one act that would put it right (rules, section 4). ``app.domain.diagnosis`` makes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Value = str | int | datetime
"""What a finding names: text as a person reads it, a number, or an instant in UTC."""


class Advice(StrEnum):
    """The act that a finding suggests; the text is what resolving a request takes as its act."""

    REFUND = "refund"
    GRANT = "grant"
    DECLINE = "decline"


class EvidenceKind(StrEnum):
    """What kind of row of the record an evidence is."""

    GRANT = "grant"
    EXPIRY = "expiry"
    RELEASE = "release"
    CHARGE = "charge"
    REFUSED_USE = "refused_use"
    REFUND = "refund"
    VOID = "void"
    PLAN = "plan"
    PRICE = "price"
    FRIEND = "friend"
    USE = "use"
    APPROVAL = "approval"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a user says: ``category`` is a key of the list of categories, or ``None``.

    ``credits`` is the amount a help desk sent along, ``sender`` who wrote, as it came.
    """

    category: str | None
    message: str
    opened_at: datetime
    ticket: str = ""
    credits: int | None = None
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row of the record behind a finding. ``credits`` is negative for what was taken.

    ``grant_id`` or ``charge_id`` say where it stands in the ledger; an allowance that is due but
    not stored yet has neither.
    """

    kind: EvidenceKind
    at: datetime
    text: str
    credits: int | None = None
    grant_id: int | None = None
    charge_id: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One act: refund ``charge_id``, grant ``credits``, or decline.

    ``reason`` is a key of the policy's reasons, for a refund or a grant.
    """

    act: Advice
    credits: int | None = None
    charge_id: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the record says about a complaint.

    ``code`` is stable; ``category`` is the kind of complaint that it answers. ``values`` are the
    figures of the sentence by name: replies to users are written from them.
    """

    code: str
    category: str
    sentence: str
    values: Mapping[str, Value] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    suggestion: Suggestion | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the record says, the likeliest first; at least one finding.

    ``category`` is the complaint's, or the likeliest one where it came without (``guessed``).
    """

    category: str
    guessed: bool
    findings: tuple[Finding, ...]
