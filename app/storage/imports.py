"""Imports on record, and what reversing one would refund."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain.calendar import from_ms
from app.domain.errors import UnknownRecord
from app.domain.imports import ImportReport, ImportRun, Reversal
from app.storage.engine import Session
from app.storage.sqlite import can_be_an_id

_RUN = """
SELECT i.id, i.kind, i.file, i.at, s.email, i.read, i.added, i.same, i.refused, i.bad,
  r.at, rs.email
FROM import_run i JOIN staff s ON s.id = i.staff
  LEFT JOIN import_reversal r ON r.import = i.id LEFT JOIN staff rs ON rs.id = r.staff
"""


def begin(session: Session, kind: str, file: str, *, at: int, staff: int) -> int:
    """The number of a new import; its counts are put down by ``finish``."""
    return session.add_row(
        "INSERT INTO import_run (kind, file, at, staff, read, added, same, refused, bad)"
        " VALUES (?, ?, ?, ?, 0, 0, 0, 0, 0)",
        (kind, file, at, staff),
    )


def finish(session: Session, report: ImportReport) -> None:
    """Put down what came of an import."""
    session.run(
        "UPDATE import_run SET read = ?, added = ?, same = ?, refused = ?, bad = ? WHERE id = ?",
        (
            *(report.read, report.added, report.same),
            *(report.refused, len(report.bad), report.import_id),
        ),
    )


def every(session: Session) -> list[ImportRun]:
    """Every import, newest first."""
    return [_run(row) for row in session.run(_RUN + " ORDER BY i.id DESC")]


def by_id(session: Session, number: int) -> ImportRun:
    """An import; ``UnknownRecord`` where there is none."""
    row = session.one(_RUN + " WHERE i.id = ?", (number,)) if can_be_an_id(number) else None
    if row is None:
        raise UnknownRecord("import", number)
    return _run(row)


def _run(row: Sequence[Any]) -> ImportRun:
    number, kind, file, at, staff, read, added, same, refused, bad, reversed_at, by = row
    return ImportRun(
        id=number,
        kind=kind,
        file=file,
        at=from_ms(at),
        staff=staff,
        read=read,
        added=added,
        same=same,
        refused=refused,
        bad=bad,
        reversed_at=None if reversed_at is None else from_ms(reversed_at),
        reversed_by=by or "",
    )


_CHARGED = "FROM charge c WHERE c.import = ?1 AND c.credits > 0 AND c.available IS NULL"
_REFUNDED = "EXISTS (SELECT 1 FROM refund r WHERE r.charge = c.id)"


def to_refund(session: Session, number: int) -> list[int]:
    """The charges of an import that are not refunded yet, in their order."""
    rows = session.run(f"SELECT c.id {_CHARGED} AND NOT {_REFUNDED} ORDER BY c.id", (number,))
    return [row[0] for row in rows]


def reversal(session: Session, number: int, now: int) -> Reversal:
    """What refunding all charges of an import would do at ``now`` (ms)."""
    charges, credits = session.one(
        f"SELECT count(*), coalesce(sum(c.credits), 0) {_CHARGED} AND NOT {_REFUNDED}", (number,)
    )
    refunded = session.value(f"SELECT count(*) {_CHARGED} AND {_REFUNDED}", (number,))
    returned = session.value(
        "SELECT coalesce(sum(b.credits), 0) FROM charge c JOIN burn b ON b.charge = c.id"
        ' JOIN "grant" g ON g.id = b."grant" WHERE c.import = ?1'
        f" AND NOT {_REFUNDED} AND g.expires_at > max(?2, c.occurred_at)"
        ' AND NOT EXISTS (SELECT 1 FROM void v WHERE v."grant" = g.id)',
        (number, now),
    )
    return Reversal(
        import_id=number,
        charges=charges,
        credits=credits,
        returned=returned,
        regranted=credits - returned,
        refunded_before=refunded,
        dry_run=True,
    )


def add_reversal(session: Session, number: int, *, at: int, staff: int) -> None:
    """Put on record that an import was reversed."""
    session.run("INSERT INTO import_reversal VALUES (?, ?, ?)", (number, at, staff))
