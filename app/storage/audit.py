"""The audit record, in a hash chain."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.domain.audit import FIRST, AuditRecord, sealed, written
from app.domain.calendar import from_ms
from app.storage.engine import Session

_FIELDS = "id, at, staff, act, subject_kind, subject, why, before, after"


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
        f"INSERT INTO audit ({_FIELDS}, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
        f"SELECT {_FIELDS}, hash FROM audit WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT ?",
        (*filters, limit),
    )
    return [_record(row) for row in rows]


def _record(row: Sequence[Any]) -> AuditRecord:
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


def broken(session: Session) -> Iterator[int]:
    """The numbers of records that are changed, or stand where one before them is missing."""
    previous, expected = FIRST, 1
    for row in session.run(f"SELECT {_FIELDS}, hash FROM audit ORDER BY id"):
        fields, digest = tuple(row[:-1]), row[-1]
        if fields[0] != expected or digest != sealed(previous, fields):
            yield fields[0]
        previous, expected = digest, fields[0] + 1


def head(session: Session) -> str:
    """The hash of the newest record: noted elsewhere, it proves that none was taken away."""
    return str(session.value("SELECT hash FROM audit ORDER BY id DESC LIMIT 1") or FIRST)
