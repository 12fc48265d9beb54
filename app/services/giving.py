"""Grants by staff: what may be given, within which limits, and what waits for approval.

Each function works inside a transaction that a service opened (rules, section 4).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.approvals import Approval, WaitingGrant
from app.domain.calendar import to_ms
from app.domain.errors import (
    AlreadyResolved,
    ApprovalRequired,
    ChangedMeanwhile,
    IdempotencyConflict,
    InvalidAmount,
    InvalidInstant,
    InvalidValue,
)
from app.domain.giving import unseen
from app.domain.grants import Grant, GrantKind
from app.domain.recipients import MOST_CREDITS
from app.domain.sentences import said
from app.domain.staff import Allowed, is_limited
from app.services import holdings
from app.services.office import Work
from app.storage import approvals, grants, recipients, users

Seen = Collection[tuple[bool, int]]
"""The marks of what somebody knew was given for a ticket before."""


@dataclass(frozen=True, slots=True)
class Gift:
    """A grant by staff as it was asked for. ``expires_at`` overrules ``validity``."""

    user_id: str
    credits: int
    reason: str
    note: str
    ticket: str
    validity: str
    expires_at: datetime | None
    key: str | None


def checked_credits(credits: int) -> int:
    """``credits`` if staff may give that many at all; ``InvalidAmount`` that names it otherwise."""
    whole = isinstance(credits, int) and not isinstance(credits, bool)
    if not whole or not 1 <= credits <= MOST_CREDITS:
        message = said(
            "{credits} credits cannot be given: a whole number from 1 to {most}.",
            credits=credits,
            most=f"{MOST_CREDITS:,}",
        )
        raise InvalidAmount(message, field="credits", value=credits)
    return credits


def checked_reason(work: Work, reason: str) -> str:
    """``reason`` if the policy in force lists it; ``InvalidValue`` that names it otherwise."""
    reasons = work.book.policy_at(work.now).support.reasons
    if reason not in [known.key for known in reasons]:
        names = ", ".join(known.key for known in reasons)
        message = said(
            "“{reason}” is not a reason on the list; the reasons are {names}.",
            reason=reason,
            names=names,
        )
        raise InvalidValue(message, field="reason", value=reason)
    return reason


def on_record(work: Work, gift: Gift) -> Grant | Approval | None:
    """What came of the gift's idempotency key already: the grant, or the approval it waits for.

    Raises ``IdempotencyConflict`` where other content was asked for with it, ``AlreadyResolved``
    where it was rejected.
    """
    return _given(work, gift) or _asked(work, gift)


def _given(work: Work, gift: Gift) -> Grant | None:
    known = None if gift.key is None else grants.by_key(work.session, f"support:{gift.key}")
    if known is None:
        return None
    told = (known.user_id, known.credits, known.reason, known.ticket, known.expires_at)
    if told != _content(gift, expiry(work, gift.validity, gift.expires_at, known.effective_at)):
        what = said(
            "{credits} credits for {user_id}, ticket {ticket}, until {instant}",
            credits=f"{known.credits:,}",
            user_id=known.user_id,
            ticket=known.ticket,
            instant=known.expires_at.isoformat(),
        )
        raise IdempotencyConflict(str(gift.key), what)
    return known


def _content(gift: Gift, expires_at: datetime) -> tuple[str, int, str, str, datetime]:
    return gift.user_id, gift.credits, gift.reason, gift.ticket, expires_at


def expiry(work: Work, validity: str, expires_at: datetime | None, at: datetime) -> datetime:
    """When credits given at ``at`` expire; without a validity, by the policy of that time."""
    if expires_at is not None:
        return expires_at
    return work.calendar.expiry(at, validity or work.book.policy_at(at).support.default_validity)


def _asked(work: Work, gift: Gift) -> Grant | Approval | None:
    asked = None if gift.key is None else approvals.by_key(work.session, gift.key)
    if asked is None:
        return None
    expires = expiry(work, asked.validity, asked.expires_at, asked.asked_at)
    told = (asked.user_id, asked.credits, asked.reason, asked.ticket, expires)
    if told != _content(gift, expiry(work, gift.validity, gift.expires_at, asked.asked_at)):
        what = said(
            "{credits} credits for {user_id}, ticket {ticket}, valid {validity}",
            credits=f"{asked.credits:,}",
            user_id=asked.user_id,
            ticket=asked.ticket,
            validity=asked.validity if asked.expires_at is None else expires.isoformat(),
        )
        raise IdempotencyConflict(str(gift.key), what)
    if asked.grant_id is not None:
        return grants.by_id(work.session, asked.grant_id)
    if asked.approved is not None:
        raise _resolved(asked)
    return asked


def given_or_asked(work: Work, gift: Gift, seen: Seen | None = None) -> Grant | Approval:
    """Give, or over the person's limits let it wait for approval; once for each key.

    With ``seen`` nothing is given where the ticket got the user something that is not among it:
    ``ChangedMeanwhile`` says what, when and by whom.
    """
    row = users.row_of(work.session, gift.user_id)
    known = on_record(work, gift)
    if known is not None:
        return known
    gift = completed(work, gift)
    if seen is not None:
        refuse_unseen(work, row, gift.ticket, seen)
    if within_limits(work, gift.credits):
        return give(work, row, gift, work.member.id)
    return ask(work, row, gift)


def refuse_unseen(work: Work, row: users.UserRow, ticket: str, seen: Seen) -> None:
    """Raise ``ChangedMeanwhile`` where the ticket got the user something not ``seen``."""
    other = unseen(recipients.for_ticket(work.session, ticket, row.id), seen)
    if other is not None:
        message = said(
            "{user_id} got something already: {sentence} Nothing more was given.",
            user_id=row.user_id,
            sentence=other.sentence(),
        )
        raise ChangedMeanwhile(message, by=other.staff, at=other.at, user_id=row.user_id)


def waits(asked: Approval) -> ApprovalRequired:
    """The error that says that a grant waits for approval now."""
    message = said(
        "{credits} credits for {user_id} are over your limit and wait for the "
        "approval of a support lead or admin (approval {id}).",
        credits=f"{asked.credits:,}",
        user_id=asked.user_id,
        id=asked.id,
    )
    return ApprovalRequired(
        message, approval_id=asked.id, credits=asked.credits, user_id=asked.user_id
    )


def completed(work: Work, gift: Gift) -> Gift:
    """The gift with its reason checked and its expiry settled."""
    checked_reason(work, gift.reason)
    return replace(gift, validity=check_expiry(work, gift.validity, gift.expires_at))


def check_expiry(work: Work, validity: str, expires_at: datetime | None) -> str:
    """The validity in force, the policy's where none is named.

    ``InvalidInstant`` unless it (or ``expires_at``) ends within one year from now.
    """
    validity = validity or work.book.policy_at(work.now).support.default_validity
    expires = expires_at or work.calendar.expiry(work.now, validity)
    if not work.now < expires <= work.calendar.years_later(work.now, 1):
        message = said(
            "The credits would expire at {instant}, which is not within one year from now ({now}).",
            instant=expires.isoformat(),
            now=work.now.isoformat(),
        )
        raise InvalidInstant(message, field="expires_at", value=expires)
    return validity


def allowed(work: Work) -> Allowed:
    """What is left of the person's own limits now."""
    if not is_limited(work.member.role):
        return Allowed(None, None)
    policy = work.book.policy_at(work.now).support
    given = grants.given_since(
        work.session, work.member.id, to_ms(work.calendar.day_start(work.now))
    )
    return Allowed(policy.limit_per_grant, max(0, policy.limit_per_day - given))


def within_limits(work: Work, credits: int) -> bool:
    """Whether the person may give that many on their own."""
    left = allowed(work)
    if left.per_grant is None or left.today is None:
        return True
    return credits <= min(left.per_grant, left.today)


def ask(work: Work, row: users.UserRow, gift: Gift) -> Approval:
    """Let a gift wait for somebody's approval."""
    number = approvals.add(
        work.session,
        approvals.NewApproval(
            user=row.id,
            credits=gift.credits,
            reason=gift.reason,
            note=gift.note,
            ticket=gift.ticket,
            validity=gift.validity,
            expires_at=None if gift.expires_at is None else to_ms(gift.expires_at),
            key=gift.key,
            asked_by=work.member.id,
            asked_at=work.now_ms,
        ),
    )
    work.record(
        "ask for approval",
        ("user", gift.user_id),
        why=gift.reason,
        after={"approval": number, "credits": gift.credits, "ticket": gift.ticket},
    )
    return approvals.by_id(work.session, number)


def give(work: Work, row: users.UserRow, gift: Gift, staff: int) -> Grant:
    """Give now, in the name of ``staff``."""
    work.settle(row)
    expires = gift.expires_at or work.calendar.expiry(work.now, gift.validity)
    number = grants.add(
        work.session,
        row.id,
        grants.NewGrant(
            kind=GrantKind.SUPPORT_CREDIT,
            credits=gift.credits,
            effective_at=work.now_ms,
            expires_at=to_ms(expires),
            recorded_at=work.now_ms,
            staff=staff,
            reason=gift.reason,
            note=gift.note,
            ticket=gift.ticket,
            key=None if gift.key is None else f"support:{gift.key}",
        ),
        work.calendar,
    )
    work.record(
        "issue credits",
        ("user", gift.user_id),
        why=gift.reason,
        after={
            "grant": number,
            "credits": gift.credits,
            "ticket": gift.ticket,
            "note": gift.note,
            "expires_at": expires.isoformat(),
        },
    )
    return grants.by_id(work.session, number)


def waiting(work: Work) -> list[WaitingGrant]:
    """What waits, oldest first, with whom it is for and what they hold now."""
    asked = approvals.waiting(work.session)
    numbers = recipients.numbers(work.session, [one.user_id for one in asked])
    lines = holdings.summaries(work, list(numbers.values()))
    holders = {line.user_id: line for line in lines}
    return [
        WaitingGrant(
            approval=one,
            name=holders[one.user_id].name,
            email=holders[one.user_id].email,
            available=holders[one.user_id].available,
            own=one.asked_by == work.member.email,
        )
        for one in asked
    ]


def still_waiting(work: Work, approval_id: int) -> Approval:
    """An approval nobody has decided yet; else ``AlreadyResolved``."""
    waiting = approvals.by_id(work.session, approval_id)
    if waiting.approved is not None:
        raise _resolved(waiting)
    return waiting


def _resolved(decided: Approval) -> AlreadyResolved:
    """The error that says who decided, and when."""
    word = "approved" if decided.approved else "rejected"
    when = "" if decided.decided_at is None else decided.decided_at.isoformat()
    message = said(
        "Approval {approval_id} was {word} by {decided_by} at {when} already.",
        approval_id=decided.id,
        word=word,
        decided_by=decided.decided_by,
        when=when,
    )
    return AlreadyResolved(message, approval_id=decided.id, by=decided.decided_by)
