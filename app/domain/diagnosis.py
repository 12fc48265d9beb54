"""What the record says about a complaint, the likeliest first (rules, sections 2 to 4).

The names that the rest of the program uses of a diagnosis are all here; the findings themselves
are made in the files beside this one, one for each kind of complaint.
"""

from __future__ import annotations

from app.domain.diagnosis_record import Record
from app.domain.findings import (
    Advice,
    Complaint,
    Diagnosis,
    Evidence,
    EvidenceKind,
    Finding,
    Suggestion,
)

__all__ = [
    "Advice",
    "Complaint",
    "Diagnosis",
    "Evidence",
    "EvidenceKind",
    "Finding",
    "Record",
    "Suggestion",
]
