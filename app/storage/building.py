"""Filling a new file with a whole history at once: for demos and benchmarks, never for real books.

The file is private until it is done, so nothing is journalled and nothing is waited for; who builds
puts rows down that agree with each other, and ``verify`` must find nothing afterwards.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from app.domain.audit import FIRST, sealed, written
from app.storage import held
from app.storage.bulk import BIG_CACHE_KIB
from app.storage.engine import Session
from app.storage.sqlite import connect

COLUMNS = {
    "user": "id, user_id, email, name, referral_code, referred_by, referrer, referral_refused,"
    " registered_at, recorded_at, plan, next_release_at",
    "plan_change": "user, plan, at, recorded_at, staff",
    '"grant"': "id, user, kind, credits, remaining, effective_at, expires_at, recorded_at,"
    " position, staff, month, plan, friend, reason, note, ticket",
    "charge": "id, user, feature, quantity, credits, price_version, plan, occurred_at,"
    " recorded_at, key, available, job",
    "burn": 'charge, "grant", credits',
    "outcome": "charge, outcome, at, recorded_at, staff",
    "refund": "id, charge, at, recorded_at, position, regrant, staff, reason, note",
    "returned": 'refund, "grant", credits',
    "void": '"grant", credits, at, recorded_at, position, staff, reason, note',
    "note": "id, user, at, staff, text",
    "approval": "id, user, credits, reason, note, ticket, validity, asked_by, asked_at,"
    ' decided_by, decided_at, approved, decision_note, "grant"',
    "request": "id, user, sender, ticket, category, credits, opened_at, recorded_at, opened_by,"
    " reopened_from, state, first_claimed_at, claimed_by, claimed_at, resolved_by, resolved_at,"
    ' "grant", charge, approval, note, message',
    "consumption": "month, feature, plan, uses, credits, refused, refunded",
}
"""The columns of the rows that ``add`` takes, by table; others stay empty."""


@contextmanager
def filling(path: Path) -> Iterator[Session]:
    """A session that fills the file at ``path``, fast: kept whole at the end, or useless."""
    with closing(connect(str(path), cache_kib=BIG_CACHE_KIB)) as connection:
        for pragma in (
            "PRAGMA locking_mode=EXCLUSIVE",
            "PRAGMA journal_mode=OFF",
            "PRAGMA synchronous=OFF",
            "PRAGMA foreign_keys=OFF",
        ):
            connection.execute(pragma)
        connection.execute("BEGIN")
        with _counting_nothing(connection):
            yield Session(connection)
        connection.execute("COMMIT")
        connection.execute("PRAGMA locking_mode=NORMAL")
        connection.execute("PRAGMA journal_mode=WAL")


def count_held(session: Session, now: int) -> None:
    """Count what everybody holds at ``now`` (ms), after the last grant."""
    held.count_anew(session, now)


@contextmanager
def _counting_nothing(connection: Any) -> Iterator[None]:
    """Let what users hold be counted once, by who fills the file, instead of with each grant."""
    found = [
        connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0]
        for name in held.TRIGGERS
    ]
    for name in held.TRIGGERS:
        connection.execute(f"DROP TRIGGER {name}")
    yield
    for trigger in found:
        connection.execute(trigger)


def publish(temporary: Path, path: Path) -> None:
    """Let a finished file appear under its name, safe on the disk."""
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    temporary.replace(path)


def add(session: Session, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Put rows down as they are, with the columns of ``COLUMNS``."""
    places = ", ".join("?" * len(COLUMNS[table].split(",")))
    session.run_many(f"INSERT INTO {table} ({COLUMNS[table]}) VALUES ({places})", rows)


Act = tuple[int, str, str, tuple[str, str], str, dict[str, Any], dict[str, Any]]
"""An audit record to be: when (ms), who, what, on what, why, before, after."""


def add_audit(session: Session, acts: Iterable[Act]) -> None:
    """Append acts to the chain, in the order given."""
    last = session.one("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1") or (0, FIRST)
    number, digest = last

    def chained() -> Iterator[tuple[Any, ...]]:
        nonlocal number, digest
        for at, staff, act, (kind, name), why, before, after in acts:
            number += 1
            fields = (number, at, staff, act, kind, name, why, written(before), written(after))
            digest = sealed(digest, fields)
            yield (*fields, digest)

    session.run_many(
        "INSERT INTO audit (id, at, staff, act, subject_kind, subject, why, before, after, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        chained(),
    )
