"""The ledger read in columns, block by block, as the packing of months needs it.

Several numbers of a row travel in one integer: what costs time is every value that SQLite hands
over. NumPy is loaded with this module: only what runs a what-if imports it, and ``verify``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from app.storage.engine import Session
from app.storage.month_packs import REFUSED, Array, Ints, Marks

ROWS_AT_ONCE = 4_000
"""So few rows are turned into numbers between two looks at who waits."""
_SLICES = 40
AHEAD = 16
"""Mark of a use that was recorded before it occurred (a clock was ahead)."""
_LOW = (1 << 31) - 1

_USES = (
    "SELECT (id << 31) | user, (credits << 35) | (feature << 19) | (quantity << 5) | plan"
    f" | ({REFUSED} * (available IS NOT NULL))"
    f" | ({AHEAD} * (recorded_at IS NOT NULL AND recorded_at < occurred_at)), occurred_at"
    " FROM charge WHERE id <= ? ORDER BY id"
)
_GRANTS = (
    "SELECT (id << 31) | user, (position << 33) | (credits << 3) | kind, effective_at, expires_at"
    ' FROM "grant" WHERE id <= ? AND effective_at < ? AND expires_at > ? ORDER BY id'
)
_BURNS = 'SELECT (charge << 31) | "grant", credits FROM burn WHERE charge <= ?'
_RETURNS = (
    'SELECT t."grant", t.credits, r.at FROM returned t JOIN refund r ON r.id = t.refund'
    " WHERE r.id <= ?1 AND r.charge <= ?3"
    ' UNION ALL SELECT "grant", -credits, at FROM void WHERE id <= ?2'
)


def blocks(session: Session, sql: str, values: Sequence[int], width: int) -> Iterator[Ints]:
    """The rows of a query, some ten thousands at a time: a table of ``width`` columns of each."""
    cursor = session.run(sql, values)
    parts: list[Ints] = []
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        flat = np.fromiter(chain.from_iterable(rows), np.int64, len(rows) * width)
        parts.append(flat.reshape(len(rows), width))
        if len(parts) == _SLICES:
            yield np.concatenate(parts).T
            parts.clear()
    if parts:
        yield np.concatenate(parts).T


def whole(session: Session, sql: str, values: Sequence[int], width: int) -> Ints:
    """All rows of a query that has few: a table of ``width`` columns."""
    found = list(blocks(session, sql, values, width))
    return np.concatenate(found, axis=1) if found else np.zeros((width, 0), np.int64)


USE = np.dtype(
    [
        *(("number", "i4"), ("user", "i4"), ("at", "u4"), ("credits", "i4")),
        *(("feature", "u2"), ("quantity", "u2"), ("mark", "u1")),
    ]
)
"""A use as it waits for its month to be packed; ``at`` counts from the month's first instant."""


@dataclass(frozen=True, slots=True)
class UseBlock:
    """Some uses in recorded order: number, user, instant (ms), and the rest in one integer."""

    number: Ints
    user: Ints
    at: Ints
    rest: Ints

    def rows(self, which: Ints, start: int) -> Array:
        """Some of them as they wait for their month, which begins at ``start`` (ms)."""
        rest = self.rest[which]
        rows = np.empty(len(which), USE)
        rows["number"], rows["user"] = self.number[which], self.user[which]
        rows["at"] = self.at[which] - start
        rows["credits"], rows["feature"] = rest >> 35, rest >> 19 & 0xFFFF
        rows["quantity"], rows["mark"] = rest >> 5 & 0x3FFF, rest & 0x1F
        return rows


def uses(session: Session, marks: Marks) -> Iterator[UseBlock]:
    """All uses in recorded order."""
    for ids, rest, at in blocks(session, _USES, (marks.charges,), 3):
        yield UseBlock(ids >> 31, ids & _LOW, at, rest)


class Grants:
    """The grants that can pay for something in a stretch of months, by number.

    ``last`` is the highest number that a grant has.
    """

    def __init__(self, session: Session, marks: Marks, start: int, end: int, last: int) -> None:
        kinds = "i4 i4 u1 i4 i8 i8 i4".split()
        parts: list[list[Array]] = [[np.zeros(0, kind)] for kind in kinds]
        for ids, rest, effective, expires in blocks(
            session, _GRANTS, (marks.grants, end, start), 4
        ):
            credits, kind = rest >> 3 & ((1 << 30) - 1), rest & 7
            columns = (ids >> 31, ids & _LOW, kind, credits, effective, expires, rest >> 33)
            for part, column, width in zip(parts, columns, kinds, strict=True):
                part.append(column.astype(width))
        self.number, self.owner, self.kind, self.given, self.effective, self.expires, self.told = (
            _joined(part) for part in parts
        )
        self.until = self.expires.copy()
        """When each ends to who replays it: with its void, if it was voided."""
        self.left = self.given.copy()
        """What each holds at the month reached so far."""
        self._place = np.full(last + 1, -1, np.int32)
        self._place[self.number] = np.arange(len(self.number), dtype=np.int32)

    def places(self, numbers: Ints) -> Array:
        """Where grants of some numbers stand here; -1 for those that are not."""
        found: Array = self._place[numbers]
        return found

    def done(self) -> None:
        """Nothing is looked up by number any more."""
        self._place = np.zeros(0, np.int32)


def burns(session: Session, marks: Marks) -> Iterator[tuple[Ints, Ints, Ints]]:
    """What uses took of grants: the number of the use, of the grant, and the credits."""
    for ids, credits in blocks(session, _BURNS, (marks.charges,), 2):
        yield ids >> 31, ids & _LOW, credits


def returns(session: Session, marks: Marks) -> Ints:
    """What came back to grants with refunds, and went with voids: grant, credits, instant."""
    return whole(session, _RETURNS, (marks.refunds, marks.voids, marks.charges), 3)


def refunds(session: Session, marks: Marks) -> Ints:
    """Refunds in recorded order: instant, use, the last use recorded before, user, its instant."""
    return whole(
        session,
        "SELECT r.at, r.charge, r.position, c.user, c.occurred_at FROM refund r"
        " CROSS JOIN charge c ON c.id = r.charge WHERE r.id <= ? AND r.charge <= ? ORDER BY r.id",
        (marks.refunds, marks.charges),
        5,
    )


def voids(session: Session, marks: Marks) -> Ints:
    """Voids in recorded order: instant, the last use recorded before, grant, user."""
    return whole(
        session,
        'SELECT v.at, v.position, v."grant", g.user FROM void v'
        ' CROSS JOIN "grant" g ON g.id = v."grant" WHERE v.id <= ? ORDER BY v.id',
        (marks.voids,),
        4,
    )


def plan_changes(session: Session, marks: Marks) -> Ints:
    """Plan changes in recorded order: user, plan, instant, when it was recorded."""
    return whole(
        session,
        "SELECT user, plan, at, recorded_at FROM plan_change WHERE id <= ?"
        " ORDER BY recorded_at, id",
        (marks.plans,),
        4,
    )


def registrations(session: Session, marks: Marks) -> Ints:
    """Users and when they registered."""
    return whole(session, "SELECT id, registered_at FROM user WHERE id <= ?", (marks.people,), 2)


def unpaid_friends(session: Session, marks: Marks) -> Ints:
    """Registrations for which nobody was paid a reward: the referrer, and when."""
    return whole(
        session,
        "SELECT f.referrer, f.registered_at FROM user f WHERE f.referrer IS NOT NULL AND f.id <= ?"
        ' AND NOT EXISTS (SELECT 1 FROM "grant" g WHERE g.kind = 2 AND g.friend = f.id'
        " AND g.id <= ?) ORDER BY f.id",
        (marks.people, marks.grants),
        2,
    )


def _joined(part: list[Array]) -> Array:
    """The slices of a column as one; they are let go, for all columns at once are large."""
    column = np.concatenate(part)
    part.clear()
    return column
