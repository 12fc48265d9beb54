"""The versions of the price list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.domain.calendar import BEGINNING_OF_TIME, Month, from_ms, to_ms
from app.domain.price_file import parse, write
from app.domain.prices import FeatureUse, MonthOfUse, PriceList, PriceVersion, VersionState
from app.storage.engine import Session


def stamp(session: Session) -> tuple[int, int]:
    """Changes whenever a version is published or withdrawn: the last number, and withdrawals."""
    row = session.one(
        "SELECT (SELECT max(number) FROM price_version), (SELECT count(*) FROM price_withdrawal)"
    )
    return (row[0], row[1])


def versions(session: Session, now: datetime) -> list[PriceVersion]:
    """Every version, oldest first, with where it stands at ``now``."""
    rows = session.run(
        "SELECT v.number, v.document, s.email, v.note, v.published_at, v.effective_at, v.based_on,"
        " w.at, ws.email FROM price_version v JOIN staff s ON s.id = v.staff"
        " LEFT JOIN price_withdrawal w ON w.version = v.number"
        " LEFT JOIN staff ws ON ws.id = w.staff ORDER BY v.number"
    ).fetchall()
    in_force = _in_force(rows, to_ms(now))
    return [_version(row, in_force, to_ms(now)) for row in rows]


def _in_force(rows: Sequence[Any], now: int) -> int:
    holding = [(row[5], row[0]) for row in rows if row[7] is None and row[5] <= now]
    return int(max(holding)[1])


def _version(row: Sequence[Any], in_force: int, now: int) -> PriceVersion:
    number, document, author, note, published, effective, based_on, withdrawn, by = row
    if withdrawn is not None:
        state = VersionState.WITHDRAWN
    elif number == in_force:
        state = VersionState.IN_FORCE
    else:
        state = VersionState.SCHEDULED if effective > now else VersionState.PAST
    return PriceVersion(
        number=number,
        prices=parse(document),
        author=author,
        note=note,
        published_at=from_ms(published),
        effective_at=None if effective == BEGINNING_OF_TIME else from_ms(effective),
        based_on=based_on,
        state=state,
        withdrawn_at=None if withdrawn is None else from_ms(withdrawn),
        withdrawn_by=by or "",
    )


def add_version(
    session: Session,
    prices: PriceList,
    *,
    effective_at: int,
    published_at: int,
    staff: int,
    note: str,
    based_on: int | None,
) -> int:
    """Put a version on record with its prices; its number. Instants in milliseconds."""
    number = int(session.value("SELECT coalesce(max(number), 0) + 1 FROM price_version"))
    session.run(
        "INSERT INTO price_version (number, effective_at, published_at, staff, note, based_on,"
        " document) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (number, effective_at, published_at, staff, note, based_on, write(prices).decode()),
    )
    for action in prices.free_actions:
        _add_price(session, number, action.key, 0, free=True)
    for feature in prices.features:
        _add_price(session, number, feature.key, feature.credits, free=False)
    return number


def _add_price(session: Session, version: int, key: str, credits: int, *, free: bool) -> None:
    session.run(
        "INSERT INTO feature (key, free) VALUES (?, ?) ON CONFLICT (key) DO NOTHING", (key, free)
    )
    session.run(
        "INSERT INTO price (version, feature, credits) SELECT ?, id, ? FROM feature WHERE key = ?",
        (version, credits, key),
    )


def withdraw(session: Session, number: int, *, at: int, staff: int) -> None:
    """Put on record that a version will never hold. ``at`` is in milliseconds."""
    session.run(
        "INSERT INTO price_withdrawal (version, at, staff) VALUES (?, ?, ?)", (number, at, staff)
    )


def use_in(session: Session, month: Month) -> MonthOfUse:
    """How each feature was used in a month, against the month before."""
    rows = session.run(
        "SELECT f.key, sum(c.uses * (c.month = ?1)), sum(c.credits * (c.month = ?1)),"
        " sum(c.refused * (c.month = ?1)), sum(c.credits * (c.month = ?2))"
        " FROM consumption c JOIN feature f ON f.id = c.feature"
        " WHERE c.month IN (?1, ?2) GROUP BY f.key",
        (month.number, month.previous.number),
    )
    return MonthOfUse(month, {key: FeatureUse(*figures) for key, *figures in rows})
