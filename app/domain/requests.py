"""Credit requests: what a user asks support for, from opening to its one answer (rules, section 4).

A request is ``open``, then ``claimed`` by one member of staff, then ``granted``, ``refunded`` or
``declined``, once. The functions that move it are pure: they give the request as it is afterwards,
or raise the error that says who was first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.domain.charges import Refund
from app.domain.errors import AlreadyClaimed, AlreadyResolved, InvalidValue
from app.domain.grants import Grant
from app.domain.sentences import said

CATEGORIES: Mapping[str, str] = {
    "credits_vanished": said("Credits vanished"),
    "monthly_credits_missing": said("Monthly credits missing"),
    "upgrade_too_little": said("Upgrade gave too little"),
    "failed_generation": said("Charged for a failed generation"),
    "charged_twice": said("Charged twice"),
    "wrong_price": said("Wrong price"),
    "referral_not_paid": said("Referral not paid"),
    "signup_bonus": said("Sign-up bonus"),
    "out_of_credits": said("Out of credits"),
    "other": said("Something else"),
}
"""What a request is about: the key that files and the database keep, and its name."""


AGES_IN_HOURS = (4, 24, 72, 168)
"""How old an open request may be asked to be at least: the steps that lists offer."""


class State(StrEnum):
    """How far a request has come; the last three are its answers."""

    OPEN = "open"
    CLAIMED = "claimed"
    GRANTED = "granted"
    REFUNDED = "refunded"
    DECLINED = "declined"


STATES = tuple(State)
RESOLVED = frozenset({State.GRANTED, State.REFUNDED, State.DECLINED})


class View(StrEnum):
    """The parts of the queue that a list can show."""

    OPEN = "open"
    """Still to do: open, or claimed by anybody, and not waiting for an approval."""
    MINE = "mine"
    """Claimed by the person who asks, those waiting for an approval included."""
    WAITING = "waiting"
    """Answered with a grant over somebody's limit, which waits for a lead."""
    CLOSED = "closed"
    UNMATCHED = "unmatched"
    """Not resolved, and from a sender who matches no user on record."""
    ALL = "all"


SORTS = ("opened_at", "ticket", "user", "category", "plan", "state", "claimed_by", "resolved_at")
"""By what a list of requests can be sorted; requests that are equal in it come oldest first."""


@dataclass(frozen=True, slots=True)
class Request:
    """One credit request. ``sender`` is who wrote, as it came: an id, an address or a code.

    ``user_id`` is ``None`` while the sender matches nobody. ``credits`` is what was asked for,
    where a number was. A request ``waiting`` for approval is claimed and has an ``approval_id``.
    ``grant_id``, ``charge_id`` (the charge that was refunded) and ``note`` belong to its answer;
    after a rejected approval, ``note`` is why it was rejected. ``email``, ``name`` and ``plan`` are
    the user's as they are now.
    """

    id: int
    user_id: str | None
    sender: str
    ticket: str
    category: str | None
    message: str
    credits: int | None
    opened_at: datetime
    state: State = State.OPEN
    opened_by: str = ""
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = None
    note: str = ""
    grant_id: int | None = None
    charge_id: int | None = None
    approval_id: int | None = None
    reopened_from: int | None = None
    reopened_as: int | None = None
    import_id: int | None = None
    email: str = ""
    name: str = ""
    plan: str = ""

    @property
    def resolved(self) -> bool:
        """Whether it has its answer."""
        return self.state in RESOLVED

    @property
    def waiting(self) -> bool:
        """Whether its answer waits for the approval of a lead."""
        return self.state is State.CLAIMED and self.approval_id is not None


@dataclass(frozen=True, slots=True)
class RequestQuery:
    """Which requests a list shows, and in which order.

    ``text`` is a fragment of the ticket, the message, the sender or the user's address or name;
    ``older_than_hours`` keeps those opened at least that long ago; ``plan`` is the user's now;
    ``by`` is the address of who claimed or resolved it, ``import_id`` the import they came with.
    """

    view: View = View.OPEN
    category: str | None = None
    plan: str | None = None
    older_than_hours: int | None = None
    text: str = ""
    by: str | None = None
    user_id: str | None = None
    import_id: int | None = None
    sort: str = "opened_at"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class RequestCounts:
    """How many requests each view holds now, and since when the oldest still to do is open."""

    open: int
    mine: int
    waiting: int
    closed: int
    unmatched: int
    oldest_open_at: datetime | None = None
    by_category: Mapping[str, int] | None = None
    """Of those in ``open``, by category; ``""`` for those without."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody saw who answers: whose request it was, and what its ticket got them already.

    ``given`` holds the marks of ``Support.earlier``.
    """

    user_id: str | None
    given: frozenset[tuple[bool, int]] = frozenset()


class Answer(StrEnum):
    """The answers a request can get."""

    GRANT = "grant"
    REFUND = "refund"
    DECLINE = "decline"


OUTCOMES: Mapping[Answer, State] = {
    Answer.GRANT: State.GRANTED,
    Answer.REFUND: State.REFUNDED,
    Answer.DECLINE: State.DECLINED,
}


@dataclass(frozen=True, slots=True)
class Resolution:
    """A request with its answer, and the grant or the refund it was answered with."""

    request: Request
    grant: Grant | None = None
    refund: Refund | None = None


# What it takes to move a request ----------------------------------------------------------------


def claimed(request: Request, by: str, at: datetime) -> Request:
    """The request in the hands of ``by``; claiming one's own again changes nothing.

    Raises ``AlreadyClaimed`` and ``AlreadyResolved``, naming who and when.
    """
    refuse_resolved(request)
    if request.state is State.CLAIMED:
        refuse_others(request, by)
        return request
    return replace(request, state=State.CLAIMED, claimed_by=by, claimed_at=at)


def released(request: Request, by: str, *, others: bool) -> Request:
    """The request back in the queue; ``others`` says whether ``by`` may release others' claims.

    Releasing what nobody claimed changes nothing. Raises like ``claimed``.
    """
    refuse_resolved(request)
    refuse_waiting(request)
    if request.state is State.OPEN:
        return request
    if not others:
        refuse_others(request, by)
    return replace(request, state=State.OPEN, claimed_by=None, claimed_at=None)


def matched(request: Request, user_id: str, by: str, *, others: bool) -> Request:
    """The request as that of another user, while it has no answer.

    ``others`` says whether ``by`` may say so of what others have in hand. Raises like ``claimed``.
    """
    refuse_resolved(request)
    refuse_waiting(request)
    if not others:
        refuse_others(request, by)
    return replace(request, user_id=user_id)


def sorted_as(request: Request, category: str | None) -> Request:
    """The request with another category, while it has no answer. Raises ``AlreadyResolved``."""
    refuse_resolved(request)
    return replace(request, category=category)


def ready(request: Request, by: str, answer: Answer) -> None:
    """Raise unless ``by`` may answer the request so now: open or their own, and of a user."""
    refuse_resolved(request)
    refuse_waiting(request)
    if request.state is State.CLAIMED:
        refuse_others(request, by)
    if answer is not Answer.DECLINE and request.user_id is None:
        message = said(
            "Request {id} came from “{sender}”, who matches no user on record; match "
            "it to a user first, or decline it.",
            id=request.id,
            sender=request.sender,
        )
        raise InvalidValue(message, field="user", value=request.sender, request_id=request.id)


def resolved(
    request: Request,
    answer: Answer,
    by: str,
    at: datetime,
    *,
    note: str = "",
    grant_id: int | None = None,
    charge_id: int | None = None,
) -> Request:
    """The request with its answer. Whoever answers what nobody claimed has claimed it as well."""
    ready(request, by, answer)
    held = claimed(request, by, at)
    return replace(
        held,
        state=OUTCOMES[answer],
        resolved_by=by,
        resolved_at=at,
        note=note,
        grant_id=grant_id,
        charge_id=charge_id,
    )


def sent_for_approval(
    request: Request, by: str, at: datetime, approval_id: int, note: str
) -> Request:
    """The request waiting for an approval, in the hands of who asked for it."""
    ready(request, by, Answer.GRANT)
    return replace(claimed(request, by, at), approval_id=approval_id, note=note)


def approved(request: Request, at: datetime, grant_id: int) -> Request:
    """The request granted, by who asked, once a lead has approved."""
    return replace(
        request,
        state=State.GRANTED,
        resolved_by=request.claimed_by,
        resolved_at=at,
        grant_id=grant_id,
    )


def rejected(request: Request, note: str) -> Request:
    """The request back in the hands of who asked, with the lead's note."""
    return replace(request, approval_id=None, note=note)


def refuse_resolved(request: Request) -> None:
    """Raise ``AlreadyResolved`` naming who answered it, how and when."""
    if not request.resolved or request.resolved_at is None:
        return
    message = said(
        "Request {id} was {state} by {resolved_by} at {when} already.",
        id=request.id,
        state=request.state,
        resolved_by=request.resolved_by,
        when=_when(request.resolved_at),
    )
    raise AlreadyResolved(
        message,
        request_id=request.id,
        state=request.state.value,
        by=request.resolved_by,
        at=request.resolved_at,
    )


def refuse_others(request: Request, by: str) -> None:
    """Raise ``AlreadyClaimed`` naming who has it and since when, unless it is ``by``."""
    if request.claimed_by in {None, by} or request.claimed_at is None:
        return
    message = said(
        "Request {id} was claimed by {claimed_by} at {when} already.",
        id=request.id,
        claimed_by=request.claimed_by,
        when=_when(request.claimed_at),
    )
    raise AlreadyClaimed(
        message, request_id=request.id, by=request.claimed_by, at=request.claimed_at
    )


def refuse_waiting(request: Request) -> None:
    """Raise ``AlreadyClaimed`` where the answer of the request waits for an approval."""
    if not request.waiting:
        return
    message = said(
        "Request {id} waits for approval {approval_id}, which {claimed_by} asked "
        "for; it has to be decided first.",
        id=request.id,
        approval_id=request.approval_id,
        claimed_by=request.claimed_by,
    )
    raise AlreadyClaimed(
        message,
        request_id=request.id,
        by=request.claimed_by,
        at=request.claimed_at,
        approval_id=request.approval_id,
    )


def _when(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")
