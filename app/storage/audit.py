"""The audit record, in a hash chain."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from app.domain.activity import ChainBreak, ChainHead
from app.domain.audit import FIRST, AuditRecord, sealed, written
from app.domain.calendar import from_ms
from app.storage.engine import Session

FIELDS = "id, at, staff, act, subject_kind, subject, why, before, after"
_TOLD_EVERY = 5_000
"""After how many records it is told how far the proof is."""


def append(
    session: Session,
    *,
    at: int,
    staff: str,
    act: str,
    subject: tuple[str, object],
    why: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> int:
    """Add a record to the chain; its number. ``subject`` is what kind of thing, and which."""
    last = session.one("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1") or (0, FIRST)
    number = last[0] + 1
    kind, name = subject
    fields = (
        number,
        at,
        staff,
        act,
        kind,
        str(name),
        why,
        written(before or {}),
        written(after or {}),
    )
    session.run(
        f"INSERT INTO audit ({FIELDS}, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*fields, sealed(last[1], fields)),
    )
    return number


def records(
    session: Session,
    *,
    before: int | None = None,
    limit: int = 200,
    subject: tuple[str, str] | None = None,
) -> list[AuditRecord]:
    """The newest records with numbers below ``before``, of one ``subject`` where it is given."""
    where, values = ["id < ?"], [before if before is not None else 2**62]
    filters: list[Any] = values
    if subject is not None:
        where.append("subject_kind = ? AND subject = ?")
        filters = [*values, *subject]
    rows = session.run(
        f"SELECT {FIELDS}, hash FROM audit WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT ?",
        (*filters, limit),
    )
    return [record_of(row) for row in rows]


def record_of(row: Sequence[Any]) -> AuditRecord:
    """The record of a row of ``FIELDS`` and the hash."""
    number, at, staff, act, kind, subject, why, before, after, digest = row
    return AuditRecord(
        id=number,
        at=from_ms(at),
        staff=staff,
        act=act,
        subject_kind=kind,
        subject=subject,
        why=why,
        before=json.loads(before),
        after=json.loads(after),
        hash=digest,
    )


def breaks(session: Session, told: Callable[[int], None] | None = None) -> Iterator[ChainBreak]:
    """Where the chain breaks, oldest first; ``told`` hears how many records were hashed.

    A record after a gap is sealed with a hash that is gone: of it only the gap can be said.
    """
    previous, expected = FIRST, 1
    for row in session.run(f"SELECT {FIELDS}, hash FROM audit ORDER BY id"):
        number, digest = row[0], row[-1]
        if number != expected:
            yield ChainBreak("missing", expected, number - 1)
        elif digest != sealed(previous, tuple(row[:-1])):
            yield ChainBreak("changed", number, number)
        previous, expected = digest, number + 1
        if told is not None and number % _TOLD_EVERY == 0:
            told(number)


def broken(session: Session) -> Iterator[int]:
    """The numbers of records that are changed, or stand where one before them is missing."""
    for one in breaks(session):
        yield one.first if one.kind == "changed" else one.last + 1


def head(session: Session) -> str:
    """The hash of the newest record: noted elsewhere, it proves that none was taken away."""
    return newest(session).hash


def newest(session: Session) -> ChainHead:
    """The newest record with its hash."""
    row = session.one("SELECT id, hash, at FROM audit ORDER BY id DESC LIMIT 1")
    return ChainHead() if row is None else ChainHead(row[0], row[1], from_ms(row[2]))


def with_hash(session: Session, digest: str) -> ChainHead | None:
    """The record that has a hash, if there is one; there is no index, so each is looked at."""
    row = session.one("SELECT id, hash, at FROM audit WHERE hash = ?", (digest,))
    return None if row is None else ChainHead(row[0], row[1], from_ms(row[2]))


def last_restore(session: Session) -> str:
    """The hash of the newest record of a restore, empty without one: another, another history."""
    sql = "SELECT hash FROM audit WHERE act = 'restore' ORDER BY id DESC LIMIT 1"
    return str(session.value(sql) or "")


def hash_of(session: Session, number: int) -> str:
    """The hash of a record; of number 0 what the first is chained to, empty where there is none."""
    if number == 0:
        return FIRST
    return str(session.value("SELECT hash FROM audit WHERE id = ?", (number,)) or "")
