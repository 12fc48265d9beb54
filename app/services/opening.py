"""Opening requests, and opening them again; inside a transaction that a service opened."""

from __future__ import annotations

from app.domain.errors import AlreadyResolved, InvalidValue
from app.domain.requests import Request
from app.domain.sentences import said
from app.services import answering
from app.services.office import Work
from app.storage import requests, users


def put(work: Work, new: requests.NewRequest) -> Request:
    """Put a request on record, and that it was opened."""
    request = requests.by_id(work.session, requests.add(work.session, new))
    told = answering.told_of(request)
    if request.reopened_from is not None:
        told["reopened_from"] = request.reopened_from
    act = "open a request" if request.reopened_from is None else "reopen a request"
    work.record(act, ("request", request.id), after=told)
    return request


def reopen(work: Work, old: Request, message: str) -> Request:
    """Open a new request linked to one that was resolved, with what they write now, or wrote then.

    Raises ``AlreadyResolved`` where it was reopened before, ``InvalidValue`` while it is not
    resolved.
    """
    _refuse_reopening(old)
    row = None if old.user_id is None else users.row_of(work.session, old.user_id)
    new = requests.NewRequest(
        user=None if row is None else row.id,
        sender=old.sender,
        ticket=old.ticket,
        category=old.category,
        message=message or old.message,
        credits=old.credits,
        opened_at=work.now_ms,
        recorded_at=work.now_ms,
        opened_by=work.member.id,
        reopened_from=old.id,
    )
    return put(work, new)


def _refuse_reopening(old: Request) -> None:
    if not old.resolved:
        message = said(
            "Request {id} is {state}, not resolved; there is nothing to reopen.",
            id=old.id,
            state=old.state,
        )
        raise InvalidValue(message, field="request_id", value=old.id)
    if old.reopened_as is not None:
        message = said(
            "Request {id} was reopened as request {reopened_as} already.",
            id=old.id,
            reopened_as=old.reopened_as,
        )
        raise AlreadyResolved(message, request_id=old.id, reopened_as=old.reopened_as)
