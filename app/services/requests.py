"""Credit requests: the queue, and its answers (rules, section 4)."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta

from app.domain import request_values as values
from app.domain import requests as rules
from app.domain.calendar import instant_of, to_ms
from app.domain.charges import checked_key
from app.domain.errors import IdempotencyConflict, InvalidValue
from app.domain.failed_jobs import FailedJobs, days_of
from app.domain.findings import Diagnosis
from app.domain.request_numbers import RequestNumbers, Today, checked_span, counted, today_of
from app.domain.requests import Request, RequestCounts, RequestQuery, Resolution, Seen
from app.domain.sentences import said
from app.domain.staff import Act, may
from app.domain.users import MOST_NOTE, checked_count, checked_plan, checked_text
from app.services import answering, opening
from app.services import failed_jobs as failing
from app.services.office import Office, Work
from app.storage import request_facts, requests, users

MOST_PAGE = 1_000


class Requests:
    """What users ask support for: opened, claimed, answered once."""

    def __init__(self, office: Office) -> None:
        self._office = office

    # The queue ----------------------------------------------------------------------------------

    def open(
        self,
        *,
        user: str,
        ticket: str,
        message: str,
        category: str | None = None,
        credits: int | None = None,
        at: datetime | None = None,
        key: str | None = None,
    ) -> Request:
        """Open a request of ``user``: an id, a mail address or a referral code, or nobody's.

        A sender who matches no user is kept as it came, to be matched later. ``credits`` is what
        they ask for, where they say; ``at`` when they asked (default: now). The same ticket with
        the same sender and message gives the request on record, and so does the same ``key`` with
        the same content. Raises ``InvalidValue``, ``InvalidAmount``, ``InvalidInstant``,
        ``IdempotencyConflict``. (rules, section 4)
        """
        sender = values.checked_sender(user)
        ticket = values.checked_ticket(ticket)
        message = values.checked_message(message)
        category = values.checked_category(category)
        credits = values.checked_wish(credits)
        key = None if key is None else checked_key(key)
        with self._office.writing(Act.OPEN_REQUEST) as work:
            known = None if key is None else requests.by_key(work.session, key)
            if known is not None:
                if (known.sender, known.ticket, known.message) != (sender, ticket, message):
                    raise IdempotencyConflict(str(key), said("request {id}", id=known.id))
                return known
            for earlier in requests.by_ticket(work.session, ticket):
                if (earlier.sender, earlier.message) == (sender, message):
                    return earlier
            new = requests.NewRequest(
                user=requests.user_of(work.session, sender),
                sender=sender,
                ticket=ticket,
                category=category,
                message=message,
                credits=credits,
                opened_at=to_ms(work.instant(at, "opened_at")),
                recorded_at=work.now_ms,
                opened_by=work.member.id,
                key=key,
            )
            return opening.put(work, new)

    def request(self, request_id: int, *, stop: threading.Event | None = None) -> Request:
        """A request. Raises ``UnknownRecord``."""
        with self._office.reading(stop=stop) as work:
            return requests.by_id(work.session, request_id)

    def resolution(self, request_id: int, *, stop: threading.Event | None = None) -> Resolution:
        """A request with the grant or the refund it was answered with. Raises ``UnknownRecord``."""
        with self._office.reading(stop=stop) as work:
            return answering.resolution_of(work, requests.by_id(work.session, request_id))

    def by_ticket(self, ticket: str, *, stop: threading.Event | None = None) -> list[Request]:
        """The requests of a ticket, oldest first."""
        ticket = checked_text(ticket, "ticket", may_be_empty=True)
        with self._office.reading(stop=stop) as work:
            return requests.by_ticket(work.session, ticket)

    def page(
        self,
        query: RequestQuery | None = None,
        offset: int = 0,
        limit: int = 50,
        *,
        stop: threading.Event | None = None,
    ) -> list[Request]:
        """The requests of a query in its order (default: all still to do, oldest first).

        Raises ``InvalidValue`` that names what the query cannot hold.
        """
        query = _checked(query or RequestQuery())
        offset = checked_count(offset, "offset")
        limit = checked_count(limit, "limit", most=MOST_PAGE)
        with self._office.reading(stop=stop) as work:
            return requests.page(work.session, query, _asker(work), offset, limit)

    def count(
        self, query: RequestQuery | None = None, *, stop: threading.Event | None = None
    ) -> int:
        """How many requests a query finds. Raises like ``page``."""
        query = _checked(query or RequestQuery())
        with self._office.reading(stop=stop) as work:
            return requests.count(work.session, query, _asker(work))

    def counts(self, *, stop: threading.Event | None = None) -> RequestCounts:
        """How many requests each part of the queue holds now; cheap enough to ask often."""
        with self._office.reading(stop=stop) as work:
            return requests.counts(work.session, work.member.id)

    def diagnose(self, request_id: int, *, stop: threading.Event | None = None) -> Diagnosis:
        """What the record says about a request, the likeliest first.

        A sender who matches nobody is a finding of its own. Raises ``UnknownRecord``.
        """
        # Loaded when first asked for: the side bar counts requests at the start without it.
        from app.services.diagnosing import complaint_of, diagnosis_of

        with self._office.reading(stop=stop) as work:
            request = requests.by_id(work.session, request_id)
            return diagnosis_of(work, request.user_id, complaint_of(request))

    def reply(
        self,
        request_id: int,
        *,
        finding: str | None = None,
        act: str | None = None,
        credits: int | None = None,
        charge_id: int | None = None,
        validity: str | None = None,
        expires_at: datetime | None = None,
        stop: threading.Event | None = None,
    ) -> str:
        """The reply to the user, from the template of a finding, with the figures of the record.

        ``finding`` is the code of one of the diagnosis (default: the first). ``act`` is what is
        about to be done: ``grant``, ``refund``, ``decline``, ``wait`` (for an approval), by
        default what the finding suggests, or what the request was answered with. The rest is as
        for ``resolve``. Raises ``UnknownRecord``, ``InvalidValue``, ``NothingToRefund``.
        """
        from app.services.replying import Intended, reply_to

        ends = None if expires_at is None else instant_of(expires_at, "expires_at")
        intended = Intended(act, credits, charge_id, validity, ends)
        with self._office.reading(stop=stop) as work:
            return reply_to(work, requests.by_id(work.session, request_id), finding, intended)

    # Who has it in hand -------------------------------------------------------------------------

    def claim(self, request_id: int) -> Request:
        """Take a request in hand; of two who try, one does.

        Raises ``AlreadyClaimed`` and ``AlreadyResolved``, naming who was first and when.
        """
        with self._office.writing(Act.RESOLVE_REQUEST) as work:
            before = requests.by_id(work.session, request_id)
            after = rules.claimed(before, work.member.email, work.now)
            return answering.move(work, "claim a request", before, after)

    def release(self, request_id: int) -> Request:
        """Put a request back in the queue: one's own, or as a lead anybody's.

        Raises ``AlreadyClaimed`` and ``AlreadyResolved``.
        """
        with self._office.writing(Act.RESOLVE_REQUEST) as work:
            before = requests.by_id(work.session, request_id)
            others = may(work.member.role, Act.APPROVE)
            after = rules.released(before, work.member.email, others=others)
            return answering.move(work, "release a request", before, after)

    def match(self, request_id: int, user_id: str) -> Request:
        """Say whose request it is, where the sender matched nobody or the wrong user.

        Of a request that somebody else has in hand only a lead may say so: what they answer goes
        to whom they see. Raises ``UnknownUser``, ``AlreadyResolved``, ``AlreadyClaimed``.
        """
        with self._office.writing(Act.OPEN_REQUEST) as work:
            before = requests.by_id(work.session, request_id)
            row = users.row_of(work.session, user_id)
            others = may(work.member.role, Act.APPROVE)
            after = rules.matched(before, row.user_id, work.member.email, others=others)
            return answering.move(work, "match a request", before, after)

    def sort(self, request_id: int, category: str | None) -> Request:
        """Say what a request is about. Raises ``InvalidValue``, ``AlreadyResolved``."""
        category = values.checked_category(category)
        with self._office.writing(Act.OPEN_REQUEST) as work:
            before = requests.by_id(work.session, request_id)
            after = rules.sorted_as(before, category)
            return answering.move(work, "sort a request", before, after)

    # Answers ------------------------------------------------------------------------------------

    def resolve(
        self,
        request_id: int,
        *,
        act: str,
        credits: int | None = None,
        charge_id: int | None = None,
        reason: str | None = None,
        note: str = "",
        validity: str | None = None,
        expires_at: datetime | None = None,
        key: str | None = None,
        seen: Seen | None = None,
    ) -> Resolution:
        """Answer a request, once: ``grant`` credits, ``refund`` a charge, or ``decline``.

        The act and the answer are one transaction. ``reason`` defaults to the usual one of the
        category. A refund that somebody made already counts as the answer. The same ``key`` with
        the same content gives the first answer again. Over the person's limits nothing is given:
        the request waits, and ``ApprovalRequired`` names the approval. With ``seen`` nothing is
        done where it is another user's by now, or its ticket got more: ``ChangedMeanwhile``. Raises
        ``AlreadyResolved`` and ``AlreadyClaimed``, naming who was first and when, and what granting
        and refunding raise. (rules, section 4)
        """
        asked = answering.Asked(
            answer=values.checked_answer(act),
            credits=credits,
            charge_id=charge_id,
            reason=reason,
            note=checked_text(note, "note", most=MOST_NOTE, may_be_empty=True),
            validity=validity,
            expires_at=None if expires_at is None else instant_of(expires_at, "expires_at"),
            key=None if key is None else checked_key(key),
            seen=seen,
        )
        with self._office.writing(Act.RESOLVE_REQUEST) as work:
            done = answering.answered_before(work, request_id, asked)
            if done is None:
                request = requests.by_id(work.session, request_id)
                done = answering.answer(work, request, asked)
        # What waits is committed before it is said.
        if done.waits is not None:
            raise done.waits
        return done.resolution

    def reopen(self, request_id: int, message: str = "") -> Request:
        """Open a new request linked to one that was resolved, for the same user and ticket.

        ``message`` is what they write now (default: what they wrote then). A request is reopened
        once; the new one may be in turn. Raises ``AlreadyResolved`` where it was reopened before,
        ``InvalidValue`` while it is not resolved.
        """
        message = checked_text(message, "message", most=values.MOST_MESSAGE, may_be_empty=True)
        with self._office.writing(Act.OPEN_REQUEST) as work:
            return opening.reopen(work, requests.by_id(work.session, request_id), message)

    # Numbers ----------------------------------------------------------------------------------

    def numbers(
        self, first: date | str, last: date | str, *, stop: threading.Event | None = None
    ) -> RequestNumbers:
        """What leads want to know of the days from ``first`` to ``last``, both included, by week.

        What is open is counted now, whatever the days. Raises ``InvalidValue``.
        """
        days = days_of(first, last)
        begin, end = checked_span(days)
        with self._office.reading(stop=stop) as work:
            calendar = work.calendar
            start = to_ms(calendar.at_local(begin.year, begin.month, begin.day))
            after = end + timedelta(days=1)
            until = to_ms(calendar.at_local(after.year, after.month, after.day))
            facts = request_facts.facts(work.session, start, until)
            return counted(facts, begin, end, work.now, calendar.today)

    def today(self, *, stop: threading.Event | None = None) -> Today:
        """What the person resolved today, by the billing zone."""
        with self._office.reading(stop=stop) as work:
            since = to_ms(work.calendar.day_start(work.now))
            done = request_facts.resolved_by(work.session, work.member.id, since)
            return today_of(work.member.email, done)

    # Failed jobs ------------------------------------------------------------------------------

    def failed_jobs(
        self,
        first: date | str | None = None,
        last: date | str | None = None,
        feature: str | None = None,
        *,
        stop: threading.Event | None = None,
    ) -> FailedJobs:
        """The charges of failed jobs that are ready to refund, and what refunding them gives.

        ``first`` and ``last`` are days of the billing zone, both included (``last`` defaults to
        ``first``); none means all time. Nothing is changed. Raises ``InvalidValue``,
        ``UnknownFeature``.
        """
        days = days_of(first, last)
        with self._office.reading(stop=stop) as work:
            return failing.ready(work, days, feature)

    def refund_failed(
        self,
        first: date | str | None = None,
        last: date | str | None = None,
        feature: str | None = None,
        *,
        reason: str = failing.REASON,
        note: str = "",
        progress: failing.Progress | None = None,
        stop: threading.Event | None = None,
    ) -> FailedJobs:
        """Refund all failed jobs of some days, or of a feature, or of both: each once.

        Each charge is an act of its own: once ``stop`` is set it ends between two, and doing it
        again goes on where it ended. ``progress(done, of)`` is told between them. Raises
        ``InvalidValue`` where neither day nor feature is said, ``UnknownFeature``,
        ``NotPermitted``. (rules, sections 4 and 5)
        """
        note = checked_text(note, "note", most=MOST_NOTE, may_be_empty=True)
        bulk = failing.Bulk(days_of(first, last), feature, reason, note)
        return failing.refund_all(self._office, bulk, progress, stop)


def _asker(work: Work) -> requests.Asker:
    return requests.Asker(work.member.id, work.now_ms)


def _checked(query: RequestQuery) -> RequestQuery:
    values.checked_view(query.view)
    values.checked_category(query.category or None)
    if query.plan is not None:
        checked_plan(query.plan)
    if query.older_than_hours is not None:
        checked_count(query.older_than_hours, "age in hours", most=1_000_000)
    if query.import_id is not None:
        checked_count(query.import_id, "number of an import")
    if query.sort not in rules.SORTS:
        message = said(
            "Requests are not sorted by “{sort}”, but by {known}.",
            sort=query.sort,
            known=", ".join(rules.SORTS),
        )
        raise InvalidValue(message, field="sort", value=query.sort)
    checked_text(query.text, "text", most=values.MOST_SENDER, may_be_empty=True)
    for field, text in (("by", query.by), ("user_id", query.user_id)):
        if text is not None:
            checked_text(text, field, most=values.MOST_SENDER, may_be_empty=True)
    return query
