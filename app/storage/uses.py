"""What users did: their uses in the order of the ledger, and the sums of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain.calendar import from_ms
from app.domain.ledger import Use
from app.storage.charges import LAST_OUTCOME, OUTCOMES
from app.storage.engine import Session

_USE = f"""
SELECT c.id, f.key, c.quantity, c.credits, c.price_version, c.occurred_at,
  coalesce(c.recorded_at, c.occurred_at), c.key, c.available, coalesce(c.job, ''), {LAST_OUTCOME},
  EXISTS (SELECT 1 FROM refund r WHERE r.charge = c.id)
FROM charge c JOIN feature f ON f.id = c.feature
"""
_OUTCOMES = tuple(outcome.value for outcome in OUTCOMES)
_WHICH = {None: "", True: " AND c.available IS NOT NULL", False: " AND c.available IS NULL"}


def uses_before(
    session: Session,
    user: int,
    horizon: int,
    before: tuple[int, int] | None,
    limit: int | None,
    *,
    free: bool = False,
    feature: str | None = None,
    refused: bool | None = None,
    since: int = 0,
) -> list[Use]:
    """The uses of a user from ``since`` to ``horizon`` (ms), newest first, at most ``limit``.

    ``before`` is an instant and a number: only what comes before them in the order of the ledger.
    ``free`` includes free actions; ``feature`` and ``refused`` narrow it.
    """
    at, number = before if before is not None else (horizon, 2**62)
    rows = session.run(
        _USE + " WHERE c.user = ?1 AND c.occurred_at BETWEEN ?6 AND ?2"
        " AND (c.occurred_at, c.id) < (?3, ?4)"
        f"{'' if free else ' AND c.credits > 0'}{_WHICH[refused]}"
        f"{'' if feature is None else ' AND f.key = ?7'}"
        " ORDER BY c.occurred_at DESC, c.id DESC LIMIT ?5",
        (
            *(user, horizon, at, number, -1 if limit is None else limit, since),
            *(() if feature is None else (feature,)),
        ),
    )
    return [_use(row) for row in rows]


def used_until(session: Session, user: int, last: int) -> tuple[int, int]:
    """The credits that a user's uses took up to ``last`` (ms), and by how many uses."""
    row = session.one(
        "SELECT coalesce(sum(credits), 0), count(*) FROM charge"
        " WHERE user = ? AND occurred_at <= ? AND available IS NULL AND credits > 0",
        (user, last),
    )
    return row[0], row[1]


def used_between(session: Session, user: int, after: int, last: int) -> int:
    """The credits that a user's uses took after one instant and up to another (ms)."""
    value = session.value(
        "SELECT coalesce(sum(credits), 0) FROM charge"
        " WHERE user = ? AND occurred_at > ? AND occurred_at <= ? AND available IS NULL",
        (user, after, last),
    )
    return int(value)


def first_use(session: Session, user: int) -> int | None:
    """When a user used something for the first time (ms)."""
    value: int | None = session.value("SELECT min(occurred_at) FROM charge WHERE user = ?", (user,))
    return value


def _use(row: Sequence[Any]) -> Use:
    number, feature, quantity, credits, version, occurred, recorded, key = row[:8]
    available, job, outcome, refunded = row[8:]
    occurred_at = from_ms(occurred)
    return Use(
        id=number,
        feature=feature,
        quantity=quantity,
        credits=credits,
        price_version=version,
        occurred_at=occurred_at,
        recorded_at=occurred_at if recorded == occurred else from_ms(recorded),
        key=key,
        available=available,
        job=job,
        outcome=None if outcome is None else _OUTCOMES[outcome],
        refunded=bool(refunded),
    )


def usage(
    session: Session, user: int, months: Sequence[tuple[int, int, int]]
) -> list[tuple[int, str, int, int, int]]:
    """What a user did in each of ``months`` (its number, first and last ms), by feature.

    Rows of month, feature, uses, credits and refused uses; months without any are left out.
    """
    if not months:
        return []
    rows = session.run(
        f"WITH m(number, first, last) AS (VALUES {','.join(['(?,?,?)'] * len(months))})"
        " SELECT m.number, (SELECT f.key FROM feature f WHERE f.id = c.feature),"
        " sum(iif(c.available IS NULL, c.quantity, 0)),"
        " sum(iif(c.available IS NULL, c.credits, 0)),"
        " sum(iif(c.available IS NULL, 0, c.quantity))"
        " FROM m CROSS JOIN charge c ON c.user = ? AND c.occurred_at BETWEEN m.first AND m.last"
        " GROUP BY m.number, c.feature",
        (*(value for month in months for value in month), user),
    )
    return [tuple(row) for row in rows]


def of_same_jobs(session: Session, user: int, since: int, last: int) -> list[Use]:
    """The charges of a user, whenever made, for a job that one of theirs from ``since`` (ms) had.

    ``last`` (ms) is the latest of those. Only jobs that were charged more than once are looked for.
    """
    rows = session.run(
        _USE + " WHERE c.credits > 0 AND c.id IN (SELECT other.id FROM charge one"
        " JOIN charge other ON other.job = one.job AND other.id <> one.id"
        " AND other.user = one.user WHERE one.user = ?1"
        " AND one.occurred_at BETWEEN ?2 AND ?3 AND one.job IS NOT NULL)",
        (user, since, last),
    )
    return [_use(row) for row in rows]
