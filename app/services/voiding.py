"""Taking grants back: what is unused of one, or all that a request was answered with."""

from __future__ import annotations

from app.domain.calendar import from_ms, to_ms
from app.domain.errors import IdempotencyConflict, InvalidValue, NothingToVoid
from app.domain.grants import Grant
from app.domain.requests import Request
from app.domain.sentences import said
from app.services import giving, opening
from app.services.office import Work
from app.storage import grants, requests, users


def void(
    work: Work, grant_id: int, reason: str, note: str, key: str | None, *, whole: bool
) -> Grant:
    """Take back what is unused of a grant; with ``whole`` all of it or nothing.

    The same ``key`` again changes nothing. Raises ``UnknownRecord``, ``NothingToVoid``,
    ``InvalidValue``, ``IdempotencyConflict``. (rules, section 4)
    """
    giving.checked_reason(work, reason)
    if key is not None and _void_on_record(work, key, grant_id):
        return grants.by_id(work.session, grant_id)
    work.settle(users.row_by_id(work.session, grants.owner(work.session, grant_id)))
    grant = grants.by_id(work.session, grant_id)
    _refuse_void(work, grant)
    if whole and grant.used:
        message = said(
            "{used} of the {credits} credits were used already; void the rest in the "
            "ledger if you want to.",
            used=f"{grant.used:,}",
            credits=f"{grant.credits:,}",
        )
        raise NothingToVoid(message, grant=grant_id)
    moment = max(work.now, grant.effective_at)
    new = grants.NewVoid(
        grant=grant_id,
        credits=grant.remaining,
        at=to_ms(moment),
        recorded_at=max(work.now_ms, to_ms(moment)),
        staff=work.member.id,
        reason=reason,
        note=note,
        key=key,
    )
    grants.add_void(work.session, new, work.calendar, to_ms(grant.expires_at))
    work.record(
        "void",
        ("user", grant.user_id),
        why=reason,
        before={"grant": grant_id, "remaining": grant.remaining},
        after={"grant": grant_id, "remaining": 0, "note": note},
    )
    return grants.by_id(work.session, grant_id)


def undo_key(grant_id: int) -> str:
    """The idempotency key under which a grant is undone, so that it is undone once."""
    return f"undo-{grant_id}"


def undo_answer(work: Work, request_id: int, reason: str) -> Request:
    """Take back, whole, what a request was granted, and open it again. Raises like ``void``."""
    old = requests.by_id(work.session, request_id)
    if old.grant_id is None:
        message = said(
            "Request {id} was not answered with a grant; there is nothing to take back.", id=old.id
        )
        raise InvalidValue(message, field="request_id", value=old.id)
    undone = _void_on_record(work, undo_key(old.grant_id), old.grant_id)
    if undone and old.reopened_as is not None:
        return requests.by_id(work.session, old.reopened_as)
    void(work, old.grant_id, reason, "", undo_key(old.grant_id), whole=True)
    return opening.reopen(work, old, "")


def _void_on_record(work: Work, key: str, grant_id: int) -> bool:
    first = grants.void_by_key(work.session, key)
    if first is not None and first[0] != grant_id:
        raise IdempotencyConflict(key, said("a void of grant {first}", first=first[0]))
    return first is not None


def _refuse_void(work: Work, grant: Grant) -> None:
    if grant.expires_at <= work.now:
        message = said(
            "Grant {id} expired at {instant}; nothing to void.",
            id=grant.id,
            instant=grant.expires_at.isoformat(),
        )
        raise NothingToVoid(message, grant=grant.id)
    if grant.voided:
        by, at = grants.voided_by(work.session, grant.id)
        message = said(
            "Grant {id} was voided already, by {by} at {instant}.",
            id=grant.id,
            by=by,
            instant=from_ms(at).isoformat(),
        )
        raise NothingToVoid(message, grant=grant.id, by=by)
    if grant.remaining == 0:
        message = said("Grant {id} has nothing left; there is nothing to void.", id=grant.id)
        raise NothingToVoid(message, grant=grant.id)
