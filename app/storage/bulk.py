"""Many rows at once: what imports look up and put down, set by set.

Everything here works inside one transaction of one file; instants are milliseconds.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from app.domain.calendar import BillingCalendar
from app.domain.grants import HeldChange
from app.domain.purses import Purse
from app.storage import grants
from app.storage.engine import Session

BIG_CACHE_KIB = 524_288
"""The page cache of an import: the indexes of some ten million uses fit."""

Burned = tuple[int, int, int]
"""A burn: the number of the charge, the grant, the credits."""
NewUse = tuple[int, int, int, int, int, int, int, int, int | None, str, int | None, str | None, int]
"""A row of the table of charges, in the order of its columns."""


@contextmanager
def big_cache(session: Session) -> Iterator[None]:
    """Give the connection a page cache in which a large import finds what it looks up."""
    usual = session.value("PRAGMA cache_size")
    session.run(f"PRAGMA cache_size=-{BIG_CACHE_KIB}")
    try:
        yield
    finally:
        session.run(f"PRAGMA cache_size={usual}")


class OnRecord(NamedTuple):
    """A use that is on record under a key that comes again."""

    user_id: str
    feature: str
    quantity: int
    occurred_at: int


def has_charges(session: Session) -> bool:
    """Whether any use is on record at all."""
    return session.one("SELECT 1 FROM charge LIMIT 1") is not None


def uses_by_key(session: Session, keys: Iterable[str]) -> dict[str, OnRecord]:
    """Those of ``keys`` under which a use is on record."""
    rows = session.run(
        "SELECT c.key, u.user_id, f.key, c.quantity, c.occurred_at FROM json_each(?) j"
        " CROSS JOIN charge c ON c.key = j.value JOIN user u ON u.id = c.user"
        " JOIN feature f ON f.id = c.feature",
        (json.dumps(list(keys)),),
    )
    return {row[0]: OnRecord(*row[1:]) for row in rows}


def user_numbers(session: Session, user_ids: Iterable[str]) -> dict[str, int]:
    """The numbers of those of ``user_ids`` that are on record."""
    rows = session.run(
        "SELECT u.user_id, u.id FROM json_each(?) j CROSS JOIN user u ON u.user_id = j.value",
        (json.dumps(list(user_ids)),),
    )
    return dict(rows.fetchall())


def features(session: Session) -> dict[str, int]:
    """The number of every feature on record, by key."""
    return dict(session.run("SELECT key, id FROM feature").fetchall())


def due_by(session: Session, until: int) -> set[int]:
    """The users to whom an allowance may be due by ``until`` that is not stored yet."""
    rows = session.run("SELECT id FROM user WHERE next_release_at <= ?", (until,))
    return {row[0] for row in rows}


def last_charge(session: Session) -> int:
    """The highest number of a charge on record; 0 before the first."""
    return int(session.value("SELECT coalesce(max(id), 0) FROM charge"))


def purses(session: Session, users: Collection[int], since: int) -> dict[int, list[Purse]]:
    """By user, the grants with something left that expire after ``since``."""
    rows = session.run(
        "SELECT g.user, g.expires_at, g.effective_at, g.kind <> 3, g.id, g.remaining,"
        " (SELECT max(f.at) FROM returned r JOIN refund f ON f.id = r.refund"
        '  WHERE r."grant" = g.id)'
        ' FROM json_each(?) j CROSS JOIN "grant" g ON g.user = j.value'
        " WHERE g.expires_at > ? AND g.remaining > 0",
        (json.dumps(list(users)), since),
    )
    held: dict[int, list[Purse]] = {}
    for user, end, start, rank, number, remaining, returned in rows:
        purse = Purse(end, start, rank, number, remaining, remaining, returned or 0)
        held.setdefault(user, []).append(purse)
    return held


def changes(session: Session, held: Iterable[Purse], since: int) -> dict[int, list[HeldChange]]:
    """By grant that refunds gave something back to, what moved in it after ``since``."""
    return {
        purse.id: grants.changes_after(session, purse.id, since)
        for purse in held
        if purse.returned_at > since
    }


def plan_histories(session: Session, users: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """By user, the instants of the plan changes in order, each with the place of its plan."""
    rows = session.run(
        "SELECT p.user, p.at, p.plan FROM json_each(?) j CROSS JOIN plan_change p"
        " ON p.user = j.value ORDER BY p.user, p.at, p.id",
        (json.dumps(list(users)),),
    )
    histories: dict[int, list[tuple[int, int]]] = {}
    for user, at, plan in rows:
        histories.setdefault(user, []).append((at, plan))
    return histories


# Putting down -----------------------------------------------------------------------------------


def add_uses(session: Session, uses: Iterable[NewUse], burns: Iterable[Burned]) -> None:
    """Put charges and refused uses on record, with their own numbers, and what they burned."""
    session.run_many(
        "INSERT INTO charge (id, user, feature, quantity, credits, price_version, plan,"
        " occurred_at, recorded_at, key, available, job, import)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        uses,
    )
    session.run_many('INSERT INTO burn (charge, "grant", credits) VALUES (?, ?, ?)', burns)


def add_outcomes(
    session: Session, outcomes: Iterable[tuple[int, int, int]], now: int, staff: int
) -> None:
    """Put on record how jobs ended: the number of the charge, the place of the outcome, when."""
    session.run_many(
        "INSERT INTO outcome (charge, outcome, at, recorded_at, staff) VALUES (?, ?, ?, ?, ?)",
        ((charge, outcome, at, now, staff) for charge, outcome, at in outcomes),
    )


def report_outcomes(
    session: Session, ended: Iterable[tuple[str, int]], now: int, staff: int
) -> None:
    """Put on record how the jobs of charges on record ended: their keys, the place of the outcome.

    An outcome that such a charge had before says nothing new, so the same file again changes
    nothing, even where another outcome was reported since.
    """
    session.run_many(
        "INSERT INTO outcome (charge, outcome, at, recorded_at, staff)"
        " SELECT c.id, ?2, max(?3, c.occurred_at), ?3, ?4 FROM charge c WHERE c.key = ?1"
        " AND NOT EXISTS (SELECT 1 FROM outcome o WHERE o.charge = c.id AND o.outcome = ?2)",
        ((key, outcome, now, staff) for key, outcome in ended),
    )


def take(session: Session, spent: Sequence[Purse], calendar: BillingCalendar) -> None:
    """Put down what is left of grants, and count what was taken in what is outstanding."""
    session.run_many(
        'UPDATE "grant" SET remaining = ? WHERE id = ?',
        ((purse.remaining, purse.id) for purse in spent),
    )
    sums: dict[int, int] = {}
    for purse in spent:
        sums[purse.expires_at] = sums.get(purse.expires_at, 0) + purse.remaining - purse.before
    for expires_at, credits in sums.items():
        grants.add_outstanding(session, calendar, expires_at, credits)


Cell = list[int]
"""Of a month, a feature and a plan: uses, credits, refused uses."""


def count(session: Session, cells: Mapping[tuple[int, int, int], Cell]) -> None:
    """Add to monthly consumption, by month, feature and plan."""
    session.run_many(
        "INSERT INTO consumption (month, feature, plan, uses, credits, refused)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (month, feature, plan) DO UPDATE SET"
        " uses = uses + excluded.uses, credits = credits + excluded.credits,"
        " refused = refused + excluded.refused",
        ((*place, *cell) for place, cell in sorted(cells.items())),
    )
