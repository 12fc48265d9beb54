"""What the Requests page asks of the services, off the window's thread: plain values in and out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Any

from app.domain.approvals import Approval
from app.domain.charges import RefundPreview
from app.domain.findings import Diagnosis
from app.domain.giving import Earlier
from app.domain.grants import Grant
from app.domain.ledger import EntryKind, LedgerEntry
from app.domain.requests import (
    Answer,
    Request,
    RequestCounts,
    RequestQuery,
    Resolution,
    View,
)
from app.domain.staff import Allowed
from app.domain.users import Account

EARLIER = 20
CHARGES = 40


@dataclass(frozen=True)
class Queue:
    """The first of the requests a query finds, how many there are, and how many each view has."""

    query: RequestQuery
    first: tuple[Request, ...]
    count: int
    counts: RequestCounts


def number_in(counts: RequestCounts | None, view: View) -> int:
    """How many requests a view has."""
    if counts is None:
        return 0
    numbers = {
        View.OPEN: counts.open,
        View.MINE: counts.mine,
        View.WAITING: counts.waiting,
        View.UNMATCHED: counts.unmatched,
        View.CLOSED: counts.closed,
    }
    return numbers.get(view, 0)


def filtered(query: RequestQuery) -> bool:
    """Whether anything beside the view narrows the list."""
    narrowing = (
        *(query.category, query.plan, query.older_than_hours, query.text.strip()),
        *(query.by, query.user_id),
    )
    return any(narrowing)


def read_queue(desk: Any, query: RequestQuery, first: int, stop: Event) -> Queue:
    """Ask for the head of the queue."""
    counts = desk.requests.counts(stop=stop)
    # Of a whole view the number is among the counts already.
    whole = query.view is not View.ALL and not filtered(query)
    count = number_in(counts, query.view) if whole else desk.requests.count(query, stop=stop)
    found = desk.requests.page(query, 0, first, stop=stop) if count else ()
    return Queue(query, tuple(found), count, counts)


@dataclass(frozen=True)
class Case:
    """All that the right side shows of one request.

    ``account`` is ``None`` while the sender matches nobody. ``others`` are the other requests of
    the ticket and of the user, newest first; ``given`` what the ticket got already, whoever got it,
    and ``earlier`` what it got this user or waits to get them.
    """

    resolution: Resolution
    diagnosis: Diagnosis
    account: Account | None
    others: tuple[Request, ...]
    given: tuple[Grant, ...]
    earlier: tuple[Earlier, ...]
    approval: Approval | None
    allowed: Allowed
    now: datetime

    @property
    def request(self) -> Request:
        """The request itself."""
        return self.resolution.request


def read_case(desk: Any, request_id: int, stop: Event) -> Case:
    """Ask for a request and what the record says about it. Raises ``UnknownRecord``."""
    resolution = desk.requests.resolution(request_id, stop=stop)
    request = resolution.request
    user = request.user_id
    approval = request.approval_id
    return Case(
        resolution=resolution,
        diagnosis=desk.requests.diagnose(request_id, stop=stop),
        account=None if user is None else desk.accounts.account(user, stop=stop),
        others=_others(desk, request, stop),
        given=tuple(desk.support.given_for(request.ticket, stop=stop)),
        earlier=(
            ()
            if user is None or not request.ticket
            else desk.support.earlier(request.ticket, user_id=user, stop=stop)
        ),
        approval=None if approval is None else desk.support.approval(approval, stop=stop),
        allowed=desk.support.allowed(stop=stop),
        now=desk.now(),
    )


def _others(desk: Any, request: Request, stop: Event) -> tuple[Request, ...]:
    found = {other.id: other for other in desk.requests.by_ticket(request.ticket, stop=stop)}
    if request.user_id is not None:
        query = RequestQuery(view=View.ALL, user_id=request.user_id, descending=True)
        found |= {other.id: other for other in desk.requests.page(query, 0, EARLIER, stop=stop)}
    found.pop(request.id, None)
    return tuple(sorted(found.values(), key=lambda other: other.opened_at, reverse=True))


def read_charges(desk: Any, user_id: str, stop: Event) -> tuple[LedgerEntry, ...]:
    """Ask for the newest charges of a user that can be refunded."""
    found = desk.accounts.ledger(
        user_id, limit=CHARGES, kinds=frozenset({EntryKind.USE}), stop=stop
    )
    return tuple(entry for entry in found if entry.credits < 0 and not entry.refunded)


@dataclass(frozen=True)
class Draft:
    """An answer as it is being written; ``finding`` is the code of the one it rests on."""

    answer: Answer
    finding: str | None = None
    credits: int | None = None
    charge_id: int | None = None
    reason: str = ""
    validity: str = ""
    note: str = ""


@dataclass(frozen=True)
class Outlook:
    """What an answer would do, and the reply to the user that says so.

    ``problem`` is why it cannot be done, in a sentence.
    """

    draft: Draft
    reply: str
    refund: RefundPreview | None = None
    problem: str = ""
