"""The users behind what was given, what expired and what is outstanding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.consumption import Behind, UserPart
from app.domain.flows import Moved
from app.domain.users import PLANS
from app.storage.engine import Session


@dataclass(frozen=True, slots=True)
class Owing:
    """An allowance that is due but not stored: to whom, by plan and next release, and how much."""

    start: int
    plan: str
    credits: int


def given(
    session: Session, span: tuple[int, int], kind: int, due: Iterable[Owing], page: tuple[int, int]
) -> Behind:
    """Who was given credits usable from the first instant of ``span`` on, before its end (ms).

    ``kind`` is the place of a kind of grant from 1 on, 0 for all; ``page`` is limit and offset.
    """
    start, end = span
    # What becomes usable in a month has not expired before it: the index of expiries leaves out
    # all that went before.
    stored = (
        f'SELECT user, credits AS value FROM "grant" WHERE effective_at >= {start}'
        f" AND effective_at < {end} AND expires_at > {start}"
    )
    return _behind(session, stored + (f" AND kind = {kind}" if kind else ""), due, page)


def left(
    session: Session, span: tuple[int, int], due: Iterable[Owing], page: tuple[int, int]
) -> Behind:
    """Whose grants with something left expire after the first instant of ``span`` (ms).

    The last instant of ``span`` belongs to it.
    """
    after, until = span
    stored = (
        f'SELECT user, remaining AS value FROM "grant" WHERE expires_at > {after}'
        f" AND expires_at <= {until} AND remaining > 0"
    )
    return _behind(session, stored, due, page)


# The grants are looked up: there are many more of them than corrections.
_CORRECTED = {
    Moved.RETURNED: "SELECT g.user, r.credits AS value FROM refund f"
    ' CROSS JOIN returned r ON r.refund = f.id CROSS JOIN "grant" g ON g.id = r."grant"'
    " WHERE f.at >= {0} AND f.at < {1}",
    Moved.VOIDED: 'SELECT g.user, v.credits AS value FROM void v CROSS JOIN "grant" g'
    ' ON g.id = v."grant" WHERE v.at >= {0} AND v.at < {1}',
}


def corrected(
    session: Session, moved: Moved, span: tuple[int, int], page: tuple[int, int]
) -> Behind:
    """To whom refunds returned credits in a span of time (ms), or whose credits were voided."""
    return _behind(session, _CORRECTED[moved].format(*span), (), page)


def _behind(session: Session, stored: str, due: Iterable[Owing], page: tuple[int, int]) -> Behind:
    unstored = "".join(
        f" UNION ALL SELECT id, {owing.credits} FROM user WHERE next_release_at <= {owing.start}"
        f" AND plan = {PLANS.index(owing.plan)}"
        for owing in due
    )
    parts = f"SELECT user, sum(value) AS value FROM ({stored}{unstored}) GROUP BY user"
    rows = session.run(
        f"WITH part AS MATERIALIZED ({parts})"
        " SELECT u.user_id, u.email, u.name, u.plan, p.value,"
        " count(*) OVER (), sum(p.value) OVER ()"
        " FROM part p CROSS JOIN user u ON u.id = p.user ORDER BY p.value DESC, u.user_id"
        " LIMIT ? OFFSET ?",
        page,
    ).fetchall()
    users = tuple(
        UserPart(user_id, email, name, PLANS[plan], value)
        for user_id, email, name, plan, value, _, _ in rows
    )
    count, total = rows[0][-2:] if rows else (0, 0)
    return Behind(users, count, total)
