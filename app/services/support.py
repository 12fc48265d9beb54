"""Putting things right: grants by staff, refunds, voids and approvals (rules, section 4)."""

from __future__ import annotations

import threading
from datetime import datetime

from app.domain.approvals import Approval
from app.domain.calendar import MONTH_END, instant_of, to_ms
from app.domain.charges import (
    Refund,
    RefundPreview,
    checked_key,
)
from app.domain.errors import (
    ApprovalRequired,
    IdempotencyConflict,
    InvalidInstant,
    NothingToVoid,
    NotPermitted,
)
from app.domain.grants import Grant
from app.domain.staff import Act, Allowed, may
from app.domain.users import MOST_NOTE, checked_text
from app.services import giving, refunding
from app.services.office import Office, Work
from app.storage import approvals, charges, grants, users

MOST_CREDITS = 1_000_000
MOST_TICKET = 100


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
        gift = giving.Gift(
            user_id=user_id,
            credits=giving.checked_credits(credits),
            reason=reason,
            note=checked_text(note, "note", most=MOST_NOTE),
            ticket=checked_text(ticket, "ticket", most=MOST_TICKET),
            validity=validity or "",
            expires_at=None if expires_at is None else instant_of(expires_at, "expires_at"),
            key=None if key is None else checked_key(key),
        )
        asked: Approval | None = None
        with self._office.writing(Act.GRANT) as work:
            known = giving.grant_on_record(work, gift)
            if known is not None:
                return known
            gift = giving.completed(work, gift)
            row = users.row_of(work.session, user_id)
            asked = giving.asked_before(work, gift)
            if asked is None and giving.within_limits(work, gift.credits):
                return giving.give(work, row, gift, work.member.id)
            if asked is None:
                asked = giving.ask(work, row, gift)
        message = (
            f"{gift.credits:,} credits for {user_id} are over your limit and wait for the approval"
            f" of a support lead or admin (approval {asked.id})."
        )
        raise ApprovalRequired(message, approval_id=asked.id, credits=gift.credits, user_id=user_id)

    def allowed(self, *, stop: threading.Event | None = None) -> Allowed:
        """What is left of the person's own limits now."""
        with self._office.reading(stop=stop) as work:
            return giving.allowed(work)

    def given_for(self, ticket: str, *, stop: threading.Event | None = None) -> list[Grant]:
        """The grants given for a ticket, to whomever, newest first."""
        with self._office.reading(stop=stop) as work:
            return grants.by_ticket(work.session, ticket.strip())

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
            waiting = giving.still_waiting(work, approval_id)
            if waiting.asked_by == work.member.email:
                message = "You asked for this yourself; somebody else has to approve it."
                raise NotPermitted(message, staff=work.member.email, approval_id=approval_id)
            gift = giving.Gift(
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
            given = giving.give(work, row, gift, asker)
            self._decide(work, waiting, approved=True, note="", grant=given.id)
            return given

    def reject(self, approval_id: int, note: str = "") -> Approval:
        """Turn down what waits for approval. Raises ``AlreadyResolved``, ``UnknownRecord``."""
        note = checked_text(note, "note", most=MOST_NOTE, may_be_empty=True)
        with self._office.writing(Act.APPROVE, Act.GRANT) as work:
            waiting = giving.still_waiting(work, approval_id)
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
            recorded = refunding.refundable(work, charge_id)
            moment = max(work.now, recorded.charge.occurred_at)
            back, regranted, _ = refunding.split(work, recorded.charge, moment)
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
            giving.checked_reason(work, reason)
            first = None if key is None else charges.refund_by_key(work.session, key)
            if first is not None:
                if first.charge_id != charge_id:
                    raise IdempotencyConflict(str(key), f"a refund of charge {first.charge_id}")
                return first
            return refunding.refund(work, charge_id, reason, note, key)

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
            giving.checked_reason(work, reason)
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
