"""Putting things right: grants by staff, refunds, voids and approvals (rules, section 4)."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime

from app.domain.approvals import Approval, WaitingGrant
from app.domain.calendar import MONTH_END, instant_of, to_ms
from app.domain.charges import (
    Refund,
    RefundPreview,
    checked_key,
)
from app.domain.errors import (
    IdempotencyConflict,
    InvalidInstant,
    NothingToVoid,
    NotPermitted,
)
from app.domain.giving import BatchPlan, BatchReport, Earlier, TakenBack
from app.domain.grants import Grant
from app.domain.requests import Request
from app.domain.sentences import said
from app.domain.staff import Act, Allowed, may
from app.domain.users import MOST_NOTE, checked_text
from app.services import answering, giving, giving_many, refunding, voiding
from app.services.office import Office, Work
from app.storage import approvals, charges, grants, recipients, users

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
        seen: giving.Seen | None = None,
    ) -> Grant:
        """Issue ``credits`` to a user, usable from now until ``expires_at``.

        ``reason`` is one of the policy's, ``validity`` is ``month_end`` or like ``P30D`` (default:
        the policy's); an ``expires_at`` lies within one year. The same ``key`` again gives the
        first grant. Over the person's limits nothing is given: it waits for approval, and
        ``ApprovalRequired`` names it by ``approval_id``. ``seen`` are the marks of what the person
        knew the ticket got the user (``earlier``): where there is more, ``ChangedMeanwhile`` says
        what, when and by whom. Raises ``UnknownUser``, ``InvalidAmount``, ``InvalidValue``,
        ``InvalidInstant``, ``IdempotencyConflict``. (rules, section 4)
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
        with self._office.writing(Act.GRANT) as work:
            done = giving.given_or_asked(work, gift, seen)
        if isinstance(done, Approval):
            raise giving.waits(done)
        return done

    def preview_many(
        self,
        recipients: giving_many.Wanted,
        credits: int | None,
        *,
        ticket: str = "",
        again: bool = False,
        reason: str | None = None,
        valid: str | datetime | None = None,
        stop: threading.Event | None = None,
    ) -> BatchPlan:
        """What ``issue_many`` would do now, row by row; nothing is changed.

        ``recipients`` are ids, a ``UserQuery`` (everybody it finds), a text as people paste it (an
        id, mail address or referral code a line, perhaps with an amount), or those of a plan made
        before; ``credits`` may be ``None`` where each row has its own. Rows stand in the order of
        the list; bad rows of a text say why. Who got credits for the same ticket is left out unless
        ``again``. Raises ``InvalidAmount``, ``InvalidValue``, ``InvalidInstant``, ``NotPermitted``.
        (rules, section 4)
        """
        credits = 0 if credits is None else giving.checked_credits(credits)
        with self._office.reading(Act.GRANT, stop) as work:
            giving.check_expiry(work, *giving_many.validity(valid))
            if reason is not None:
                giving.checked_reason(work, reason)
            return giving_many.plan(work, recipients, credits, ticket.strip(), again=again)

    def issue_many(
        self,
        recipients: giving_many.Wanted,
        credits: int | None,
        *,
        reason: str,
        note: str,
        ticket: str,
        valid: str | datetime | None = None,
        key: str | None = None,
        again: bool = False,
        progress: giving_many.Progress | None = None,
        stop: threading.Event | None = None,
    ) -> BatchReport:
        """Give to many, each in a transaction of their own, as ``grant`` would.

        ``valid`` is a validity like ``P30D`` or an instant within one year.

        The same ``key`` again goes on where it was cut short and gives nobody twice. In the order
        of the list: what fits into the person's limits is given at once, the rest waits for
        approval, one approval for each user. ``progress(done, all)`` is called before each user;
        ``stop`` ends it between two. Where the machine fails, the report says so and whom it did
        not reach. Raises as ``grant`` does, before anybody gets anything. (rules, section 4)
        """
        validity, expires_at = giving_many.validity(valid)
        gift = giving.Gift(
            user_id="",
            credits=0 if credits is None else giving.checked_credits(credits),
            reason=reason,
            note=checked_text(note, "note", most=MOST_NOTE),
            ticket=checked_text(ticket, "ticket", most=MOST_TICKET),
            validity=validity,
            expires_at=expires_at,
            key=giving_many.key_for_all(key),
        )
        batch = giving_many.Batch(gift, again=again)
        return giving_many.issue(self._office, recipients, batch, progress, stop)

    def allowed(self, *, stop: threading.Event | None = None) -> Allowed:
        """What is left of the person's own limits now."""
        with self._office.reading(stop=stop) as work:
            return giving.allowed(work)

    def given_for(self, ticket: str, *, stop: threading.Event | None = None) -> list[Grant]:
        """The grants given for a ticket, to whomever, newest first."""
        with self._office.reading(stop=stop) as work:
            return grants.by_ticket(work.session, ticket.strip())

    def earlier(
        self, ticket: str, *, user_id: str | None = None, stop: threading.Event | None = None
    ) -> tuple[Earlier, ...]:
        """What a ticket got already, or waits to get, newest first: whom, what, when, by whom.

        Of one user where ``user_id`` is given. What was taken back whole is left out.
        """
        with self._office.reading(stop=stop) as work:
            user = None if user_id is None else users.row_of(work.session, user_id).id
            return tuple(recipients.for_ticket(work.session, ticket.strip(), user))

    def approvals(self, *, stop: threading.Event | None = None) -> list[Approval]:
        """The grants that wait for approval, oldest first."""
        with self._office.reading(stop=stop) as work:
            return approvals.waiting(work.session)

    def waiting(self, *, stop: threading.Event | None = None) -> list[WaitingGrant]:
        """The grants that wait for approval, oldest first, with what their users hold now."""
        with self._office.reading(stop=stop) as work:
            return giving.waiting(work)

    def approval(self, approval_id: int, *, stop: threading.Event | None = None) -> Approval:
        """An approval, waiting or decided. Raises ``UnknownRecord``."""
        with self._office.reading(stop=stop) as work:
            return approvals.by_id(work.session, approval_id)

    def decisions(self, since: datetime, *, stop: threading.Event | None = None) -> list[Approval]:
        """What the person asked for and somebody else decided after ``since``, oldest first."""
        with self._office.reading(stop=stop) as work:
            return approvals.decided(work.session, work.member.id, to_ms(instant_of(since)))

    def approve(self, approval_id: int, note: str = "") -> Grant:
        """Give what waits for approval, in the name of who asked.

        Raises ``AlreadyResolved`` where somebody decided before, ``NotPermitted`` for one's own.
        """
        note = checked_text(note, "note", most=MOST_NOTE, may_be_empty=True)
        with self._office.writing(Act.APPROVE) as work:
            waiting = giving.still_waiting(work, approval_id)
            if waiting.asked_by == work.member.email:
                message = said("You asked for this yourself; somebody else has to approve it.")
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
                message = said(
                    "The credits would have expired at {instant} already.",
                    instant=gift.expires_at.isoformat(),
                )
                raise InvalidInstant(message, field="expires_at", value=gift.expires_at)
            row = users.row_of(work.session, waiting.user_id)
            asker = approvals.asker(work.session, approval_id)
            given = giving.give(work, row, gift, asker)
            self._decide(work, waiting, approved=True, note=note, grant=given.id)
            return given

    def reject(self, approval_id: int, note: str = "") -> Approval:
        """Turn down what waits for approval. Raises ``AlreadyResolved``, ``UnknownRecord``."""
        note = checked_text(note, "note", most=MOST_NOTE, may_be_empty=True)
        with self._office.writing(Act.APPROVE, Act.GRANT) as work:
            waiting = giving.still_waiting(work, approval_id)
            own = waiting.asked_by == work.member.email
            if not own and not may(work.member.role, Act.APPROVE):
                message = said(
                    "Only a support lead or admin may turn down what somebody else asked for."
                )
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
        answering.follow_approval(work, waiting, note=note, grant=grant)
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
                    raise IdempotencyConflict(
                        str(key), said("a refund of charge {charge_id}", charge_id=first.charge_id)
                    )
                return first
            return refunding.refund(work, charge_id, reason, note, key)

    def refund_of(self, charge_id: int, *, stop: threading.Event | None = None) -> Refund | None:
        """The refund of a charge, where there is one."""
        with self._office.reading(stop=stop) as work:
            return charges.refund_of(work.session, charge_id)

    # Voids --------------------------------------------------------------------------------------

    def void(
        self,
        grant_id: int,
        *,
        reason: str,
        note: str = "",
        key: str | None = None,
        whole: bool = False,
    ) -> Grant:
        """Take back what is unused of a grant given in error, while it has not expired.

        What was used stays used; with ``whole`` nothing is taken where something was used already.
        The same ``key`` again changes nothing. Raises ``UnknownRecord``, ``NothingToVoid``,
        ``InvalidValue``. (rules, section 4)
        """
        note = checked_text(note, "note", most=MOST_NOTE, may_be_empty=True)
        key = None if key is None else checked_key(key)
        with self._office.writing(Act.VOID) as work:
            return voiding.void(work, grant_id, reason, note, key, whole=whole)

    def take_back(
        self, grant_ids: Iterable[int], *, reason: str, stop: threading.Event | None = None
    ) -> TakenBack:
        """Undo grants, each whole or not at all, in a transaction of its own; ``stop`` ends it.

        What was used, voided or has expired since is kept, and why is told. (rules, section 4)
        """
        taken: list[Grant] = []
        kept: list[tuple[int, str]] = []
        for grant_id in grant_ids:
            if stop is not None and stop.is_set():
                break
            try:
                key = voiding.undo_key(grant_id)
                taken.append(self.void(grant_id, reason=reason, key=key, whole=True))
            except NothingToVoid as error:
                kept.append((grant_id, str(error)))
        return TakenBack(len(taken), sum(grant.voided for grant in taken), tuple(kept))

    def undo_answer(self, request_id: int, *, reason: str) -> Request:
        """Take back, whole, what a request was granted, and open it again: both or neither.

        Asking again gives the request it was opened as. Raises ``NothingToVoid`` where something of
        the grant was used, ``AlreadyResolved`` where somebody else reopened the request,
        ``InvalidValue`` where it was not answered with a grant. (rules, section 4)
        """
        with self._office.writing(Act.VOID) as work:
            return voiding.undo_answer(work, request_id, reason)
