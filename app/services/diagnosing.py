"""Reading a user's record for a complaint, and saying what it tells (rules, sections 2 to 4).

Nothing here writes: allowances that are due but not stored yet are counted in memory.
"""

from __future__ import annotations

import threading

from app.domain.calendar import AHEAD_OF_CLOCK
from app.domain.diagnosis import (
    Complaint,
    Diagnosis,
    Reading,
    Record,
    diagnose,
    read,
    sender_unknown,
    window_of,
)
from app.domain.requests import Request
from app.services.holdings import held_by
from app.services.office import Office, Work
from app.storage import approvals, charges, evidence, requests, users

MOST_FRIENDS = 50


class Diagnosing:
    """What the record says about a complaint, outside the queue of requests."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def diagnose_user(
        self, user_id: str | None, complaint: Complaint, *, stop: threading.Event | None = None
    ) -> Diagnosis:
        """The diagnosis of a complaint of a user's; ``None`` where the sender matches nobody.

        Raises ``UnknownUser``.
        """
        with self._office.reading(stop=stop) as work:
            return diagnosis_of(work, user_id, complaint)


def complaint_of(request: Request) -> Complaint:
    """What a request asks, as a diagnosis reads it."""
    return Complaint(
        category=request.category,
        message=request.message,
        opened_at=request.opened_at,
        ticket=request.ticket,
        credits=request.credits,
        sender=request.sender,
    )


def diagnosis_of(work: Work, user_id: str | None, complaint: Complaint) -> Diagnosis:
    """The diagnosis of a complaint, inside a transaction that a service opened.

    Raises ``UnknownUser``; a sender who matches nobody (``None``) is a finding of its own.
    """
    if user_id is None:
        return sender_unknown(complaint)
    reading = read(complaint, work.calendar, work.book.names())
    return diagnose(record_for(work, user_id, complaint, reading), complaint, reading)


def record_for(work: Work, user_id: str, complaint: Complaint, reading: Reading) -> Record:
    """As much of a user's record as a complaint needs. Raises ``UnknownUser``."""
    row = users.row_of(work.session, user_id)
    user = users.user(work.session, user_id)
    window, uses = evidence.uses_in(work.session, row.id, window_of(complaint, reading))
    opened, until = complaint.opened_at, complaint.opened_at + AHEAD_OF_CLOCK
    lately = max(opened - evidence.LATELY, min(user.registered_at, opened))
    begin = work.calendar.start(work.calendar.month_of(opened))
    month, days = evidence.totals(work.session, row.id, begin, lately, until)
    grants = held_by(work, row, None).every
    answered = requests.by_ticket(work.session, complaint.ticket) if complaint.ticket else []
    refunded = [
        request.charge_id
        for request in answered
        if request.charge_id is not None and request.user_id == user_id
    ]
    since = work.now - evidence.LATELY
    return Record(
        user=user,
        now=work.now,
        calendar=work.calendar,
        book=work.book,
        history=tuple(users.plan_history(work.session, row.id)),
        grants=grants,
        window=window,
        uses=uses,
        refunds=evidence.refunds(work.session, row.id, uses, since, refunded),
        voids=tuple(charges.voids_of_user(work.session, row.id)),
        month=month,
        lately=days,
        friends=tuple(users.latest_friends(work.session, row.id, user.referral_code, MOST_FRIENDS)),
        mentions=evidence.mentions(work.session, reading.people),
        for_ticket=tuple(
            grant for grant in grants if grant.ticket and grant.ticket == complaint.ticket
        ),
        refunded_for_ticket=tuple(refunded),
        waiting=tuple(approvals.waiting_for(work.session, row.id)),
    )
