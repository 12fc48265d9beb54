"""What the record says about a complaint, the likeliest first (rules, sections 2 to 4).

The names that the rest of the program uses of a diagnosis are all here; the findings themselves
are made in the files beside this one, one for each kind of complaint.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain import (
    diagnosis_charges,
    diagnosis_grants,
    diagnosis_plans,
    diagnosis_prices,
    diagnosis_referrals,
    diagnosis_use,
)
from app.domain.diagnosis_case import Case, Found
from app.domain.diagnosis_reading import MOST_READ, Reading, read, window_of
from app.domain.diagnosis_record import Record
from app.domain.diagnosis_words import (
    CREDITS_VANISHED,
    FAILED,
    MONTHLY_MISSING,
    OTHER,
    OUT_OF_CREDITS,
    PRICE,
    REFERRAL,
    SIGNUP,
    TWICE,
    UPGRADE,
    category_scores,
)
from app.domain.findings import (
    Advice,
    Complaint,
    Diagnosis,
    Evidence,
    EvidenceKind,
    Finding,
    Suggestion,
)
from app.domain.sentences import said

__all__ = [
    "Advice",
    "Complaint",
    "Diagnosis",
    "Evidence",
    "EvidenceKind",
    "Finding",
    "Reading",
    "Record",
    "Suggestion",
    "diagnose",
    "read",
    "sender_unknown",
    "window_of",
]

CATEGORIES = (
    FAILED,
    TWICE,
    PRICE,
    REFERRAL,
    UPGRADE,
    MONTHLY_MISSING,
    SIGNUP,
    CREDITS_VANISHED,
    OUT_OF_CREDITS,
)
"""The kinds of complaint, the most particular first: of two that fit alike it is the likelier."""
SPOKEN_OF, WORTH_TELLING = 3, 5
"""From which weight on a finding is told though the complaint is of another kind: where the message
speaks of it too (or something is owed), and where it does not."""
MOST_FINDINGS = 8
_AHEAD_OF_ALL = 50
_SOURCES = (
    diagnosis_charges.findings,
    diagnosis_prices.findings,
    diagnosis_referrals.findings,
    diagnosis_plans.findings,
    diagnosis_grants.findings,
    diagnosis_use.use_findings,
    diagnosis_use.given_findings,
)


def diagnose(record: Record, complaint: Complaint, reading: Reading) -> Diagnosis:
    """What ``record`` says about ``complaint``, the likeliest first.

    ``reading`` is what the message names. Where the complaint came without a category, or as
    something else, the likeliest is read from the message and the record; it is an offer.
    """
    case = Case(record, complaint, reading)
    found = [one for source in _SOURCES for one in source(case)]
    guessed = complaint.category in {None, "", OTHER}
    category = _likeliest(case, found) if guessed else str(complaint.category)
    told = [one for one in found if _is_told(case, one, category)]
    if not any(_answers(one, category) for one in told):
        told.append(diagnosis_use.nothing_wrong(case))
    told.sort(key=lambda one: _rank(case, one, category), reverse=True)
    return Diagnosis(category, guessed, tuple(one.finding for one in told[:MOST_FINDINGS]))


def sender_unknown(complaint: Complaint) -> Diagnosis:
    """The diagnosis of a complaint whose sender matches nobody on record."""
    sender = complaint.sender or said("The sender")
    finding = Finding(
        "sender_unknown",
        OTHER,
        said(
            "“{sender}” matches no user on record by id, address or referral code.", sender=sender
        ),
        {"sender": sender},
    )
    guessed = complaint.category in {None, "", OTHER}
    words = category_scores(complaint.message[:MOST_READ])
    likeliest = max(CATEGORIES, key=lambda category: words.get(category, 0)) if words else OTHER
    category = likeliest if guessed else str(complaint.category)
    return Diagnosis(category, guessed, (finding,))


def _likeliest(case: Case, found: Sequence[Found]) -> str:
    """The kind of complaint that the words speak for most, and the record with them."""
    scores = {category: _score(case, found, category) for category in CATEGORIES}
    best = max(CATEGORIES, key=lambda category: scores[category])
    return best if scores[best] else OTHER


def _score(case: Case, found: Sequence[Found], category: str) -> int:
    words = min(case.says(category), 9)
    weights = [one.weight for one in found if one.finding.category == category]
    record = max((weight for weight in weights if weight < _AHEAD_OF_ALL), default=0)
    # What only the record shows is likely where the message says nothing of anything.
    return 2 * words + min(record, 9) if words or record >= WORTH_TELLING else 0


def _is_told(case: Case, one: Found, category: str) -> bool:
    if one.answers(category) or one.weight >= _AHEAD_OF_ALL:
        return True
    if one.finding.code in _GENERAL:
        return True
    suggested = one.finding.suggestion
    owed = suggested is not None and suggested.act is Advice.REFUND
    spoken_of = case.says(one.finding.category) > 0
    return one.weight >= (SPOKEN_OF if owed or spoken_of else WORTH_TELLING)


_GENERAL = frozenset({"given_lately", "approval_waiting"})


def _answers(one: Found, category: str) -> bool:
    """Whether it answers the complaint itself, and is not only good to know."""
    return one.answers(category) and one.finding.code not in _GENERAL


def _rank(case: Case, one: Found, category: str) -> tuple[int, int, int]:
    if one.weight >= _AHEAD_OF_ALL:
        return 4, one.weight, 0
    if one.finding.code in _GENERAL:
        return 0, one.weight, 0
    own = one.finding.category == category
    kind = 1
    if one.answers(category):
        fits = one.weight > 0 if own else one.weight >= WORTH_TELLING
        kind = 3 if fits else 2
    return kind, one.weight + (1 if own else 0), min(case.says(one.finding.category), 9)
