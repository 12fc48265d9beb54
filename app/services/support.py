"""Putting things right: grants by staff, refunds, voids and approvals (rules, section 4)."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from app.domain.approvals import Approval
from app.domain.calendar import MONTH_END, instant_of, to_ms
from app.domain.charges import (
    Burn,
    Charge,
    Outcome,
    Refund,
    RefundPreview,
    checked_key,
    split_refund,
)
from app.domain.errors import (
    AlreadyRefunded,
    AlreadyResolved,
    ApprovalRequired,
    IdempotencyConflict,
    InvalidAmount,
    InvalidInstant,
    InvalidValue,
    NothingToRefund,
    NothingToVoid,
    NotPermitted,
)
from app.domain.grants import Grant, GrantKind
from app.domain.staff import Act, Allowed, is_limited, may
from app.domain.users import MOST_NOTE, checked_text
from app.services.office import Office, Work
from app.storage import approvals, charges, grants, users

MOST_CREDITS = 1_000_000
MOST_TICKET = 100


@dataclass(frozen=True, slots=True)
class _Gift:
    """A grant by staff as it was asked for. ``expires_at`` overrules ``validity``."""

    user_id: str
    credits: int
    reason: str
    note: str
    ticket: str
    validity: str
    expires_at: datetime | None
    key: str | None


class Support:
    """What support staff do to put an account right."""

    def __init__(self, office: Office) -> None:
        self._office = office

    # Grants -------------------------------------------------------------------------------------

    def grant(
        self,
        user_id: str,
        credits: int,
        *,
        reason: str,
        note: str,
        ticket: str,
        expires_at: datetime | None = None,
        validity: str | None = None,
        key: str | None = None,
    ) -> Grant:
        """Issue ``credits`` to a user, usable from now until ``expires_at``.

        ``reason`` is one of the policy's, ``validity`` is ``month_end`` or like ``P30D`` (default:
        the policy's); an ``expires_at`` lies within one year. The same ``key`` again gives the
        first grant. Over the person's limits nothing is given: it waits for approval, and
        ``ApprovalRequired`` names it by ``approval_id``. Raises ``UnknownUser``, ``InvalidAmount``,
        ``InvalidValue``, ``InvalidInstant``, ``IdempotencyConflict``. (rules, section 4)
        """
        gift = _Gift(
            user_id=user_id,
            credits=checked_credits(credits),
            reason=reason,
            note=checked_text(note, "note", most=MOST_NOTE),
            ticket=checked_text(ticket, "ticket", most=MOST_TICKET),
            validity=validity or "",
            expires_at=None if expires_at is None else instant_of(expires_at, "expires_at"),
            key=None if key is None else checked_key(key),
        )
        asked: Approval | None = None
        with self._office.writing(Act.GRANT) as work:
            known = _grant_on_record(work, gift)
            if known is not None:
                return known
            gift = _completed(work, gift)
            row = users.row_of(work.session, user_id)
            asked = _asked_before(work, gift)
            if asked is None and _within_limits(work, gift.credits):
                return _give(work, row, gift, work.member.id)
            if asked is None:
                asked = _ask(work, row, gift)
        message = (
            f"{gift.credits:,} credits for {user_id} are over your limit and wait for the approval"
            f" of a support lead or admin (approval {asked.id})."
        )
        raise ApprovalRequired(message, approval_id=asked.id, credits=gift.credits, user_id=user_id)

    def allowed(self, *, stop: threading.Event | None = None) -> Allowed:
        """What is left of the person's own limits now."""
        with self._office.reading(stop=stop) as work:
            return _allowed(work)

    def approvals(self, *, stop: threading.Event | None = None) -> list[Approval]:
        """The grants that wait for approval, oldest first."""
        with self._office.reading(stop=stop) as work:
            return approvals.waiting(work.session)

    def approval(self, approval_id: int, *, stop: threading.Event | None = None) -> Approval:
        """An approval, waiting or decided. Raises ``UnknownRecord``."""
        with self._office.reading(stop=stop) as work:
            return approvals.by_id(work.session, approval_id)

    def approve(self, approval_id: int) -> Grant:
        """Give what waits for approval, in the name of who asked.

        Raises ``AlreadyResolved`` where somebody decided before, ``NotPermitted`` for one's own.
        """
        with self._office.writing(Act.APPROVE) as work:
            waiting = _still_waiting(work, approval_id)
            if waiting.asked_by == work.member.email:
                message = "You asked for this yourself; somebody else has to approve it."
                raise NotPermitted(message, staff=work.member.email, approval_id=approval_id)
            gift = _Gift(
                waiting.user_id,
                waiting.credits,
                waiting.reason,
                waiting.note,
                waiting.ticket,
                waiting.validity,
                waiting.expires_at,
                None,
            )
            if gift.expires_at is not None and gift.expires_at <= work.now:
                message = (
                    f"The credits would have expired at {gift.expires_at.isoformat()} already."
                )
                raise InvalidInstant(message, field="expires_at", value=gift.expires_at)
            row = users.row_of(work.session, waiting.user_id)
            asker = approvals.asker(work.session, approval_id)
            given = _give(work, row, gift, asker)
            self._decide(work, waiting, approved=True, note="", grant=given.id)
            return given

    def reject(self, approval_id: int, note: str = "") -> Approval:
        """Turn down what waits for approval. Raises ``AlreadyResolved``, ``UnknownRecord``."""
        note = checked_text(note, "note", most=MOST_NOTE, may_be_empty=True)
        with self._office.writing(Act.APPROVE, Act.GRANT) as work:
            waiting = _still_waiting(work, approval_id)
            own = waiting.asked_by == work.member.email
            if not own and not may(work.member.role, Act.APPROVE):
                message = "Only a support lead or admin may turn down what somebody else asked for."
                raise NotPermitted(message, staff=work.member.email, approval_id=approval_id)
            self._decide(work, waiting, approved=False, note=note, grant=None)
            return approvals.by_id(work.session, approval_id)

    def _decide(
        self, work: Work, waiting: Approval, *, approved: bool, note: str, grant: int | None
    ) -> None:
        approvals.decide(
            work.session,
            waiting.id,
            by=work.member.id,
            at=work.now_ms,
            approved=approved,
            note=note,
            grant=grant,
        )
        work.record(
            "approve" if approved else "reject",
            ("user", waiting.user_id),
            why=note or waiting.reason,
            before={"approval": waiting.id, "asked_by": waiting.asked_by},
            after={"credits": waiting.credits if approved else 0, "grant": grant},
        )

    # Refunds ------------------------------------------------------------------------------------

    def refund_preview(
        self, charge_id: int, *, stop: threading.Event | None = None
    ) -> RefundPreview:
        """What refunding a charge would do now: what goes back, and what comes as a new grant.

        Raises like ``refund``.
        """
        with self._office.reading(stop=stop) as work:
            recorded = _refundable(work, charge_id)
            moment = max(work.now, recorded.charge.occurred_at)
            back, regranted, _ = _split(work, recorded.charge, moment)
            return RefundPreview(
                charge=recorded.charge,
                returned=sum(burn.credits for burn in back),
                regranted=regranted,
                regrant_expires_at=work.calendar.expiry(moment, MONTH_END),
            )

    def refund(
        self, charge_id: int, *, reason: str, note: str = "", key: str | None = None
    ) -> Refund:
        """Reverse a charge, whole, once.

        What it burned from grants that are still usable goes back to them; the rest comes as one
        ``refund`` grant until the end of the month. The same ``key`` again gives the first refund.
        Raises ``UnknownRecord``, ``AlreadyRefunded``, ``NothingToRefund``, ``InvalidValue``; the
        product may refund failed jobs only (``NotPermitted``). (rules, section 4)
        """
        note = checked_text(note, "note", most=MOST_NOTE, may_be_empty=True)
        key = None if key is None else checked_key(key)
        with self._office.writing(Act.REFUND, Act.REFUND_FAILED) as work:
            checked_reason(work, reason)
            first = None if key is None else charges.refund_by_key(work.session, key)
            if first is not None:
                if first.charge_id != charge_id:
                    raise IdempotencyConflict(str(key), f"a refund of charge {first.charge_id}")
                return first
            return refund(work, charge_id, reason, note, key)

    def refund_of(self, charge_id: int, *, stop: threading.Event | None = None) -> Refund | None:
        """The refund of a charge, where there is one."""
        with self._office.reading(stop=stop) as work:
            return charges.refund_of(work.session, charge_id)

    # Voids --------------------------------------------------------------------------------------

    def void(self, grant_id: int, *, reason: str, note: str = "", key: str | None = None) -> Grant:
        """Take back what is unused of a grant given in error, while it has not expired.

        What was used stays used. The same ``key`` again changes nothing. Raises ``UnknownRecord``,
        ``NothingToVoid``, ``InvalidValue``. (rules, section 4)
        """
        note = checked_text(note, "note", most=MOST_NOTE, may_be_empty=True)
        key = None if key is None else checked_key(key)
        with self._office.writing(Act.VOID) as work:
            checked_reason(work, reason)
            if key is not None and _void_on_record(work, key, grant_id):
                return grants.by_id(work.session, grant_id)
            work.settle(users.row_by_id(work.session, grants.owner(work.session, grant_id)))
            grant = grants.by_id(work.session, grant_id)
            _refuse_void(grant, work.now)
            moment = max(work.now, grant.effective_at)
            void = grants.NewVoid(
                grant=grant_id,
                credits=grant.remaining,
                at=to_ms(moment),
                recorded_at=max(work.now_ms, to_ms(moment)),
                staff=work.member.id,
                reason=reason,
                note=note,
                key=key,
            )
            grants.add_void(work.session, void, work.calendar, to_ms(grant.expires_at))
            work.record(
                "void",
                ("user", grant.user_id),
                why=reason,
                before={"grant": grant_id, "remaining": grant.remaining},
                after={"grant": grant_id, "remaining": 0, "note": note},
            )
            return grants.by_id(work.session, grant_id)


# Grants -----------------------------------------------------------------------------------------


def checked_credits(credits: int) -> int:
    """``credits`` if staff may give that many at all; ``InvalidAmount`` that names it otherwise."""
    whole = isinstance(credits, int) and not isinstance(credits, bool)
    if not whole or not 1 <= credits <= MOST_CREDITS:
        message = f"{credits} credits cannot be given: a whole number from 1 to {MOST_CREDITS:,}."
        raise InvalidAmount(message, field="credits", value=credits)
    return credits


def checked_reason(work: Work, reason: str) -> str:
    """``reason`` if the policy in force lists it; ``InvalidValue`` that names it otherwise."""
    reasons = work.book.policy_at(work.now).support.reasons
    if reason not in {known.key for known in reasons}:
        names = ", ".join(known.key for known in reasons)
        message = f"“{reason}” is not a reason on the list; the reasons are {names}."
        raise InvalidValue(message, field="reason", value=reason)
    return reason


def _grant_on_record(work: Work, gift: _Gift) -> Grant | None:
    known = None if gift.key is None else grants.by_key(work.session, f"support:{gift.key}")
    if known is not None and (known.user_id, known.credits, known.reason, known.ticket) != (
        gift.user_id,
        gift.credits,
        gift.reason,
        gift.ticket,
    ):
        what = f"{known.credits:,} credits for {known.user_id}, ticket {known.ticket}"
        raise IdempotencyConflict(str(gift.key), what)
    return known


def _asked_before(work: Work, gift: _Gift) -> Approval | None:
    asked = None if gift.key is None else approvals.by_key(work.session, gift.key)
    if asked is None:
        return None
    if (asked.user_id, asked.credits) != (gift.user_id, gift.credits):
        what = f"{asked.credits:,} credits for {asked.user_id}"
        raise IdempotencyConflict(str(gift.key), what)
    if asked.approved is not None:
        word = "approved" if asked.approved else "rejected"
        message = f"Approval {asked.id} was {word} by {asked.decided_by} already."
        raise AlreadyResolved(message, approval_id=asked.id)
    return asked


def _completed(work: Work, gift: _Gift) -> _Gift:
    """The gift with its reason checked and its expiry settled."""
    checked_reason(work, gift.reason)
    policy = work.book.policy_at(work.now).support
    validity = gift.validity or policy.default_validity
    latest = work.calendar.years_later(work.now, 1)
    expires = gift.expires_at
    if expires is None:
        expires = work.calendar.expiry(work.now, validity)
    if not work.now < expires <= latest:
        message = (
            f"The credits would expire at {expires.isoformat()}, which is not within one year"
            f" from now ({work.now.isoformat()})."
        )
        raise InvalidInstant(message, field="expires_at", value=expires)
    return _Gift(
        gift.user_id,
        gift.credits,
        gift.reason,
        gift.note,
        gift.ticket,
        validity,
        gift.expires_at,
        gift.key,
    )


def _allowed(work: Work) -> Allowed:
    if not is_limited(work.member.role):
        return Allowed(None, None)
    policy = work.book.policy_at(work.now).support
    given = grants.given_since(
        work.session, work.member.id, to_ms(work.calendar.day_start(work.now))
    )
    return Allowed(policy.limit_per_grant, max(0, policy.limit_per_day - given))


def _within_limits(work: Work, credits: int) -> bool:
    allowed = _allowed(work)
    if allowed.per_grant is None or allowed.today is None:
        return True
    return credits <= min(allowed.per_grant, allowed.today)


def _ask(work: Work, row: users.UserRow, gift: _Gift) -> Approval:
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


def _give(work: Work, row: users.UserRow, gift: _Gift, staff: int) -> Grant:
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


def _still_waiting(work: Work, approval_id: int) -> Approval:
    waiting = approvals.by_id(work.session, approval_id)
    if waiting.approved is not None:
        word = "approved" if waiting.approved else "rejected"
        when = "" if waiting.decided_at is None else waiting.decided_at.isoformat()
        message = f"Approval {approval_id} was {word} by {waiting.decided_by} at {when} already."
        raise AlreadyResolved(message, approval_id=approval_id, by=waiting.decided_by)
    return waiting


# Refunds ----------------------------------------------------------------------------------------


def refund(work: Work, charge_id: int, reason: str, note: str, key: str | None) -> Refund:
    """Reverse a charge inside a transaction under way; imports reverse their charges with it."""
    recorded = _refundable(work, charge_id)
    charge = recorded.charge
    if not may(work.member.role, Act.REFUND) and charge.outcome is not Outcome.FAILED:
        message = f"Charge {charge_id} is not marked as failed; only staff may refund it."
        raise NotPermitted(message, staff=work.member.email, charge=charge_id)
    row = users.row_of(work.session, charge.user_id)
    moment = max(work.now, charge.occurred_at)
    work.settle(row, moment)
    back, regranted, expiries = _split(work, charge, moment)
    regrant = None
    if regranted:
        regrant = grants.add(
            work.session,
            row.id,
            grants.NewGrant(
                kind=GrantKind.REFUND,
                credits=regranted,
                effective_at=to_ms(moment),
                expires_at=to_ms(work.calendar.expiry(moment, MONTH_END)),
                recorded_at=to_ms(moment),
                staff=work.member.id,
                reason=reason,
                note=note,
            ),
            work.calendar,
        )
    new = charges.NewRefund(
        charge=charge_id,
        at=to_ms(moment),
        recorded_at=to_ms(moment),
        regrant=regrant,
        staff=work.member.id,
        reason=reason,
        note=note,
        key=key,
    )
    number = charges.add_refund(work.session, new, back, expiries, work.calendar)
    returned = sum(burn.credits for burn in back)
    work.record(
        "refund",
        ("user", charge.user_id),
        why=reason,
        before={"charge": charge_id, "credits": charge.credits},
        after={"returned": returned, "regranted": regranted, "note": note},
    )
    return Refund(
        number, charge_id, returned, regranted, regrant, moment, reason, note, work.member.email
    )


def _refundable(work: Work, charge_id: int) -> charges.Recorded:
    recorded = charges.by_id(work.session, charge_id)
    first = charges.refund_of(work.session, charge_id)
    if first is not None:
        when = "" if first.at is None else first.at.isoformat()
        message = f"Charge {charge_id} was refunded by {first.staff} at {when} already."
        raise AlreadyRefunded(message, charge=charge_id, by=first.staff)
    if recorded.refused or not recorded.charge.credits:
        what = "was refused" if recorded.refused else "is a free action"
        message = f"Charge {charge_id} {what} and took nothing; there is nothing to refund."
        raise NothingToRefund(message, charge=charge_id)
    return recorded


def _split(
    work: Work, charge: Charge, moment: datetime
) -> tuple[tuple[Burn, ...], int, dict[int, int]]:
    """What goes back, what is granted anew, and when the grants that get back expire (ms)."""
    burned = [grants.by_id(work.session, burn.grant_id) for burn in charge.burns]
    usable = [grant for grant in burned if grant.usable_at(moment) and not grant.voided]
    split = split_refund(charge.burns, usable)
    return split.returned, split.regranted, {g.id: to_ms(g.expires_at) for g in usable}


# Voids ------------------------------------------------------------------------------------------


def _void_on_record(work: Work, key: str, grant_id: int) -> bool:
    first = grants.void_by_key(work.session, key)
    if first is not None and first[0] != grant_id:
        raise IdempotencyConflict(key, f"a void of grant {first[0]}")
    return first is not None


def _refuse_void(grant: Grant, now: datetime) -> None:
    if grant.expires_at <= now:
        message = f"Grant {grant.id} expired at {grant.expires_at.isoformat()}; nothing to void."
        raise NothingToVoid(message, grant=grant.id)
    if grant.remaining == 0:
        what = "was voided already" if grant.voided else "has nothing left"
        message = f"Grant {grant.id} {what}; there is nothing to void."
        raise NothingToVoid(message, grant=grant.id)
