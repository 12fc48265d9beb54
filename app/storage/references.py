"""What tickets, jobs and idempotency keys belong to, found by their beginning."""

from __future__ import annotations

from typing import NamedTuple

from app.domain.users import can_be_kept
from app.storage.engine import Session

_LAST = "\U0010ffff"
_WHO = "u.user_id, u.name"
_GRANTS = f"""
SELECT g.ticket, {_WHO}, g.recorded_at, 'grant', g.id, g.kind, g.credits, '', NULL FROM "grant" g
  JOIN user u ON u.id = g.user WHERE g.ticket >= ?1 AND g.ticket < ?2
  ORDER BY g.ticket, g.id DESC LIMIT ?3
"""
_REQUESTS = f"""
SELECT q.ticket, {_WHO}, q.opened_at, 'request', q.id, q.state, q.credits, '', NULL FROM request q
  JOIN user u ON u.id = q.user WHERE q.ticket >= ?1 AND q.ticket < ?2
  ORDER BY q.ticket, q.id DESC LIMIT ?3
"""
_CHARGES = f"""
SELECT c.{{column}}, {_WHO}, c.occurred_at, '{{column}}', c.id, c.quantity, c.credits, f.key,
  c.available FROM charge c
  JOIN user u ON u.id = c.user JOIN feature f ON f.id = c.feature
  WHERE c.{{column}} >= ?1 AND c.{{column}} < ?2 ORDER BY c.{{column}}, c.id DESC LIMIT ?3
"""
_EVERYWHERE = (
    *(_REQUESTS, _GRANTS),
    *(_CHARGES.format(column="job"), _CHARGES.format(column="key")),
)


class Referred(NamedTuple):
    """A grant, a request or a charge with its reference; ``at`` in milliseconds.

    ``where`` is ``grant``, ``request``, or the column of a charge; ``what`` the kind of a grant,
    the state of a request, the quantity of a charge. ``available`` is set for a refused use.
    """

    reference: str
    user_id: str
    name: str
    at: int
    where: str
    number: int
    what: int
    credits: int | None
    feature: str
    available: int | None


def beginning_with(session: Session, text: str, limit: int) -> list[Referred]:
    """What has references that begin with ``text``, as typed or in capitals; whole ones first."""
    if not can_be_kept(text):
        return []
    cases = dict.fromkeys((text, text.upper()))
    rows = [
        Referred(*row)
        for typed in cases
        for sql in _EVERYWHERE
        for row in session.run(sql, (typed, typed + _LAST, limit))
    ]
    rows.sort(key=lambda row: row.reference.casefold() != text.casefold())
    found: dict[tuple[str, int], Referred] = {}
    for row in rows:
        # A charge may have been found by its job and by its key: the first, what is whole, stays.
        found.setdefault(("charge" if row.feature else row.where, row.number), row)
    return list(found.values())[:limit]
