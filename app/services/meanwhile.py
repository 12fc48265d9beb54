"""Two people at once: who was quicker, with what, and whether a try is the same act again.

Each function works inside a transaction that a service opened. Retries are told by the idempotency
key that the audit record of the first try keeps.
"""

from __future__ import annotations

from datetime import datetime

from app.domain.audit import AuditRecord
from app.domain.calendar import instant_of, to_ms
from app.domain.errors import AlreadyRegistered, ChangedMeanwhile, IdempotencyConflict
from app.domain.sentences import said
from app.domain.users import User
from app.services.office import Work
from app.storage import audit, users

_LOOKED_AT = 50
"""How many of a user's newest audit records are looked at: a try again comes soon after."""


def last_act(work: Work, user_id: str, *acts: str) -> AuditRecord | None:
    """The newest record of one of these acts on a user."""
    records = audit.records(work.session, limit=_LOOKED_AT, subject=("user", user_id))
    return next((record for record in records if record.act in acts), None)


def same_try(work: Work, user_id: str, act: str, key: str) -> AuditRecord | None:
    """The record of an act on a user that was done with this key."""
    for record in audit.records(work.session, limit=_LOOKED_AT, subject=("user", user_id)):
        if record.act == act and record.after.get("key") == key:
            return record
    return None


def with_key(key: str | None, **after: object) -> dict[str, object]:
    """What an audit record says of an act done with a key: the key too."""
    return after if key is None else {**after, "key": key}


def _who(record: AuditRecord | None) -> str:
    return "" if record is None else f", by {record.staff} at {record.at.isoformat()}"


def registered_before(
    work: Work, known: User, new: User, at: datetime | None, key: str | None
) -> User:
    """The user on record, where a registration is the same again; else ``AlreadyRegistered``."""
    record = last_act(work, known.user_id, "register")
    same = (known.email, known.name, known.referral_code, known.referred_by) == (
        new.email,
        new.name,
        new.referral_code,
        new.referred_by,
    )
    same = same and (at is None or known.registered_at == new.registered_at)
    other = key is not None and (record is None or record.after.get("key") != key)
    if same and not other:
        return known
    how = "" if same else ", with other data"
    when = _who(record) or f", at {known.registered_at.isoformat()}"
    message = said(
        "“{user_id}” is registered already{how}{when}; nothing was changed.",
        user_id=known.user_id,
        how=how,
        when=when,
    )
    raise AlreadyRegistered(message, user_id=known.user_id)


def refuse_other_plan(work: Work, row: users.UserRow, seen: str | None) -> None:
    """``ChangedMeanwhile`` where another plan is held than the person saw."""
    if seen is None or seen == row.plan:
        return
    record = last_act(work, row.user_id, "change plan")
    message = said(
        "{user_id} holds {plan} by now, no longer {seen}: the plan was "
        "changed{who}. Nothing more was changed.",
        user_id=row.user_id,
        plan=row.plan.capitalize(),
        seen=seen.capitalize(),
        who=_who(record),
    )
    raise _quicker(message, record, row.user_id)


def refuse_other_contact(work: Work, user: User, seen: tuple[str, str] | None) -> None:
    """``ChangedMeanwhile`` where the mail address and name are not those the person saw.

    Their own correction, tried again after its answer was lost, is none of somebody else's.
    """
    if seen is None or seen == (user.email, user.name):
        return
    record = last_act(work, user.user_id, "correct contact data")
    message = said(
        "The contact data of {user_id} was corrected{who}: it reads {name} "
        "<{email}> now. Nothing more was changed.",
        user_id=user.user_id,
        who=_who(record),
        name=user.name,
        email=user.email,
    )
    raise _quicker(message, record, user.user_id)


def _quicker(message: str, record: AuditRecord | None, user_id: str) -> ChangedMeanwhile:
    by, at = ("", None) if record is None else (record.staff, record.at)
    return ChangedMeanwhile(message, by=by, at=at, user_id=user_id)


def plan_key_on_record(
    work: Work, key: str, row: users.UserRow, plan: str, at: datetime | None
) -> bool:
    """Whether a plan change with that key is on record; another one is a conflict."""
    first = users.plan_change_by_key(work.session, key)
    if first is None:
        return False
    same_time = at is None or to_ms(instant_of(at)) == first[2]
    if (first[0], first[1]) != (row.id, plan) or not same_time:
        raise IdempotencyConflict(key, said("a change to {first}", first=first[1]))
    return True
