"""Answering requests: the act and the answer are one, so neither can stand without the other.

Each function works inside a transaction that a service opened (rules, section 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain import requests as rules
from app.domain.approvals import Approval
from app.domain.charges import Refund
from app.domain.errors import (
    ApprovalRequired,
    ChangedMeanwhile,
    IdempotencyConflict,
    InvalidAmount,
    InvalidValue,
)
from app.domain.requests import Answer, Request, Resolution, Seen
from app.domain.sentences import said
from app.services import giving, refunding
from app.services.office import Work
from app.storage import charges, grants, requests

REASONS = {
    "credits_vanished": "goodwill",
    "monthly_credits_missing": "missing_credits",
    "upgrade_too_little": "missing_credits",
    "failed_generation": "failed_generation",
    "charged_twice": "double_charge",
    "wrong_price": "wrong_price",
    "referral_not_paid": "referral_not_paid",
    "signup_bonus": "missing_credits",
    "out_of_credits": "goodwill",
}
"""The usual reason of what a request is about, where nobody names another."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer as it was asked for, its values checked."""

    answer: Answer
    credits: int | None
    charge_id: int | None
    reason: str | None
    note: str
    validity: str | None
    expires_at: datetime | None
    key: str | None
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an answer: the resolution, or what is raised once it is committed."""

    resolution: Resolution
    waits: ApprovalRequired | None = None


def answer(work: Work, request: Request, asked: Asked) -> Answered:
    """Do what the answer says and put it down, in the transaction under way."""
    rules.ready(request, work.member.email, asked.answer)
    _refuse_other_user(request, asked)
    if asked.answer is Answer.GRANT:
        return _grant(work, request, asked)
    if asked.answer is Answer.REFUND:
        return _refund(work, request, asked)
    done = rules.resolved(request, Answer.DECLINE, work.member.email, work.now, note=asked.note)
    return Answered(_put(work, request, done, asked))


def _refuse_other_user(request: Request, asked: Asked) -> None:
    if asked.seen is None or asked.seen.user_id == request.user_id:
        return
    message = said(
        "Request {id} is that of {value} by now, not of {value2}: nothing was done.",
        id=request.id,
        value=request.user_id or "nobody on record",
        value2=asked.seen.user_id or "nobody",
    )
    raise ChangedMeanwhile(message, request_id=request.id, user_id=request.user_id)


def _grant(work: Work, request: Request, asked: Asked) -> Answered:
    by, now = work.member.email, work.now
    known = None if asked.seen is None else asked.seen.given
    given = giving.given_or_asked(work, _gift(request, asked), known)
    if isinstance(given, Approval):
        sent = rules.sent_for_approval(request, by, now, given.id, asked.note)
        put = _put(work, request, sent, asked)
        return Answered(put, waits_for(put.request, given))
    done = rules.resolved(request, Answer.GRANT, by, now, note=asked.note, grant_id=given.id)
    put = _put(work, request, done, asked)
    return Answered(Resolution(put.request, grant=given))


def _gift(request: Request, asked: Asked) -> giving.Gift:
    if asked.credits is None:
        message = said("Say how many credits answer request {id}.", id=request.id)
        raise InvalidAmount(message, field="credits", value=None)
    return giving.Gift(
        user_id=request.user_id or "",
        credits=giving.checked_credits(asked.credits),
        reason=reason_of(request, asked.reason),
        note=asked.note or f"Request {request.id}",
        ticket=request.ticket,
        validity=asked.validity or "",
        expires_at=asked.expires_at,
        key=None if asked.key is None else f"request:{request.id}:{asked.key}",
    )


def waits_for(request: Request, waiting: Approval) -> ApprovalRequired:
    """What somebody is told whose grant is over their limit."""
    message = said(
        "{credits} credits for {user_id} are over your limit: request {id} waits "
        "for the approval of a support lead or admin (approval {id2}).",
        credits=f"{waiting.credits:,}",
        user_id=waiting.user_id,
        id=request.id,
        id2=waiting.id,
    )
    return ApprovalRequired(
        message,
        approval_id=waiting.id,
        credits=waiting.credits,
        user_id=waiting.user_id,
        request_id=request.id,
    )


def _refund(work: Work, request: Request, asked: Asked) -> Answered:
    charge_id = _own_charge(work, request, asked.charge_id)
    reason = giving.checked_reason(work, reason_of(request, asked.reason))
    # A refund that somebody made already is the answer too: nothing is refunded twice.
    made = charges.refund_of(work.session, charge_id)
    refund = made or refunding.refund(work, charge_id, reason, asked.note, None)
    by, now = work.member.email, work.now
    done = rules.resolved(request, Answer.REFUND, by, now, note=asked.note, charge_id=charge_id)
    put = _put(work, request, done, asked, refund)
    return Answered(Resolution(put.request, refund=refund))


def _own_charge(work: Work, request: Request, charge_id: int | None) -> int:
    if charge_id is None:
        message = said("Say which charge to refund for request {id}.", id=request.id)
        raise InvalidValue(message, field="charge_id", value=None)
    charge = charges.by_id(work.session, charge_id).charge
    if charge.user_id != request.user_id:
        message = said(
            "Charge {charge_id} is one of {user_id}, not of {user_id2}, whose request {id} is.",
            charge_id=charge_id,
            user_id=charge.user_id,
            user_id2=request.user_id,
            id=request.id,
        )
        raise InvalidValue(message, field="charge_id", value=charge_id)
    return charge.id


def reason_of(request: Request, reason: str | None) -> str:
    """The reason named, or the usual one of what the request is about."""
    return reason or REASONS.get(request.category or "", "other")


def _put(
    work: Work, before: Request, after: Request, asked: Asked, refund: Refund | None = None
) -> Resolution:
    requests.put(work.session, after, resolution_key=asked.key)
    told = told_of(after) | ({} if refund is None else {"refund": refund.id})
    work.record(
        "send a request for approval" if after.waiting else "resolve a request",
        ("request", after.id),
        why=asked.note or reason_of(before, asked.reason),
        before=told_of(before),
        after=told,
    )
    return Resolution(requests.by_id(work.session, after.id))


def told_of(request: Request) -> dict[str, object]:
    """What the audit record keeps of a request as it stands."""
    facts = {
        "user": request.user_id,
        "ticket": request.ticket,
        "category": request.category,
        "state": request.state.value,
        "claimed_by": request.claimed_by,
        "resolved_by": request.resolved_by,
        "grant": request.grant_id,
        "charge": request.charge_id,
        "approval": request.approval_id,
    }
    return {name: value for name, value in facts.items() if value is not None}


def answered_before(work: Work, number: int, asked: Asked) -> Answered | None:
    """What came of the same answer under the same key before; ``IdempotencyConflict`` for other.

    ``None`` where the key is new.
    """
    known = None if asked.key is None else requests.by_resolution_key(work.session, asked.key)
    if known is None:
        return None
    resolution = resolution_of(work, known)
    if known.id != number or not _same(work, resolution, asked):
        how = "an answer that waits for approval" if known.waiting else f"{known.state}"
        raise IdempotencyConflict(str(asked.key), said("request {id}, {how}", id=known.id, how=how))
    if known.approval_id is not None and known.waiting:
        waiting = giving.still_waiting(work, known.approval_id)
        return Answered(resolution, waits_for(known, waiting))
    return Answered(resolution)


def resolution_of(work: Work, request: Request) -> Resolution:
    """A request with what it was answered with."""
    session = work.session
    return Resolution(
        request,
        None if request.grant_id is None else grants.by_id(session, request.grant_id),
        None if request.charge_id is None else charges.refund_of(session, request.charge_id),
    )


def _same(work: Work, known: Resolution, asked: Asked) -> bool:
    request = known.request
    if request.waiting and request.approval_id is not None:
        waiting = giving.still_waiting(work, request.approval_id)
        given = giving.expiry(work, waiting.validity, waiting.expires_at, waiting.asked_at)
        return (asked.answer, asked.credits) == (Answer.GRANT, waiting.credits) and (
            given == _expiry(work, asked, waiting.asked_at)
        )
    grant = known.grant
    if grant is not None:
        # What was approved later was given later, and lasts from then on.
        at_once = request.approval_id is None
        same_expiry = grant.expires_at == _expiry(work, asked, grant.effective_at)
        if asked.credits != grant.credits or (at_once and not same_expiry):
            return False
    same_charge = asked.answer is not Answer.REFUND or asked.charge_id == request.charge_id
    return request.state is rules.OUTCOMES[asked.answer] and same_charge


def _expiry(work: Work, asked: Asked, at: datetime) -> datetime:
    return giving.expiry(work, asked.validity or "", asked.expires_at, at)


def follow_approval(work: Work, decided: Approval, *, note: str, grant: int | None) -> None:
    """Move the request whose answer waited: granted with ``grant``, else back with the note."""
    request = requests.by_approval(work.session, decided.id)
    if request is None or not request.waiting:
        return
    if grant is None:
        after = rules.rejected(request, note)
        requests.put(work.session, after)
    else:
        after = rules.approved(request, work.now, grant)
        requests.put(work.session, after, resolution_key=requests.key_of(work.session, request.id))
    work.record(
        "resolve a request" if grant else "give a request back",
        ("request", request.id),
        why=note or f"approval {decided.id}",
        before=told_of(request),
        after=told_of(after),
    )


def move(work: Work, act: str, before: Request, after: Request) -> Request:
    """Put down that a request was claimed, released, matched or sorted; nothing where it was."""
    if after == before:
        return before
    # An answer that waits for approval keeps its idempotency key.
    key = requests.key_of(work.session, before.id)
    requests.put(work.session, after, resolution_key=key)
    work.record(act, ("request", before.id), before=told_of(before), after=told_of(after))
    return requests.by_id(work.session, before.id)
