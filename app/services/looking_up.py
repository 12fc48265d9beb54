"""Looking up what a ticket, a job or an idempotency key belongs to."""

from __future__ import annotations

from app.domain.calendar import from_ms
from app.domain.found import Found, Reference, as_reference
from app.domain.ledger import EntryKind
from app.domain.requests import STATES, State
from app.domain.sentences import said
from app.services.office import Work
from app.storage import grants, references

MOST = 5
_REQUESTS = {
    State.OPEN: said("request, open"),
    State.CLAIMED: said("request, claimed"),
    State.GRANTED: said("request, granted"),
    State.REFUNDED: said("request, refunded"),
    State.DECLINED: said("request, declined"),
}
_KINDS = {"grant": Reference.TICKET, "request": Reference.TICKET}


def look_up(work: Work, typed: str) -> tuple[Found, ...]:
    """What has references that are, or begin with, what was typed; whole ones first."""
    reference = as_reference(typed)
    if not reference:
        return ()
    rows = references.beginning_with(work.session, reference, MOST)
    return tuple(_found(work, row) for row in rows)


def _found(work: Work, row: references.Referred) -> Found:
    text, entry = _told(work, row)
    return Found(
        kind=_KINDS.get(row.where) or Reference(row.where),
        reference=row.reference,
        text=text,
        user_id=row.user_id,
        name=row.name,
        at=from_ms(row.at),
        month=work.calendar.month_of_ms(row.at),
        entry=entry,
        feature=row.feature,
        grant_id=row.number if row.where == "grant" else None,
        charge_id=row.number if row.feature else None,
        request_id=row.number if row.where == "request" else None,
    )


def _told(work: Work, row: references.Referred) -> tuple[str, EntryKind | None]:
    if row.where == "request":
        return _REQUESTS[STATES[row.what]], None
    if row.where == "grant":
        return said("grant of {credits:,}", credits=row.credits), EntryKind(
            grants.KINDS[row.what - 1]
        )
    name = work.book.names().get(row.feature, row.feature)
    if row.available is not None:
        refused = said("refused use of {name} for {credits:,}", name=name, credits=row.credits)
        return refused, EntryKind.REFUSED_USE
    return said("use of {name} for {credits:,}", name=name, credits=row.credits), EntryKind.USE
