"""Finding audit records by who, what, on whom, when and any fragment of text, in several orders.

Who, what, kind and subject have indexes, which keep records in order. A text has none: looking at
every one of a million records takes a quarter of a second, and the newest that match are found long
before the last was looked at; an index of letters would take as much room as the record itself and
be written with every act.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.activity import ActivityQuery, Choices, ImportHolds
from app.domain.audit import AuditRecord
from app.storage.audit import FIELDS, record_of
from app.storage.engine import Session

Bounds = tuple[int | None, int | None]
"""From which instant (ms) on, and before which; None is open."""
_TEXTS = ("staff", "act", "subject_kind", "subject", "why")
_VALUES = ("before", "after")
_KIND = "subject_kind"
_ORDERS = {"at": (), "staff": ("staff",), "act": ("act",), "subject": (_KIND, "subject")}
"""The columns by which records are sorted, each order with an index of its name; then by number."""
_INDEXES = {"act": "act", "staff": "staff", "kind": _KIND}
_CHUNKS = (2_000, 8_000, 30_000)
"""How many records are looked at before something is told: few at first, then more."""


@dataclass(frozen=True, slots=True)
class Where:
    """What records must be: conditions with their values, and between which numbers they stand.

    ``few`` says that an index names them one by one, so that no stretch need be gone through.
    """

    source: str = "audit"
    conditions: tuple[str, ...] = ()
    values: tuple[Any, ...] = ()
    lowest: int = 1
    highest: int = 0
    few: bool = False

    def having(self, condition: str, *values: Any) -> Where:
        """This, and one condition more."""
        return replace(
            self,
            conditions=(*self.conditions, condition),
            values=(*self.values, *values),
        )


def where(session: Session, query: ActivityQuery, bounds: Bounds) -> Where:
    """What the records of a query must be."""
    lowest, highest = _ends(session)
    found = Where(lowest=lowest, highest=highest)
    if query.subject is not None:
        named = json.dumps(_about(session, *query.subject))
        found = replace(found, few=True).having("id IN (SELECT value FROM json_each(?))", named)
    for name, column in _INDEXES.items():
        wanted = getattr(query, name)
        if wanted:
            if not found.few and found.source == "audit":
                found = replace(found, source=f"audit INDEXED BY audit_{name}")
            found = found.having(f"{column} = ?", wanted)
    found = _within(session, found, bounds)
    return _containing(found, query) if query.words else found


def newest(session: Session, wanted: Where, limit: int) -> list[AuditRecord]:
    """The newest ``limit`` records."""
    return first_of(session, wanted, wanted.highest + 1, wanted.lowest, limit)


def in_order(
    session: Session, wanted: Where, query: ActivityQuery, limit: int = -1, skip: int = 0
) -> Iterator[int]:
    """The numbers of ``limit`` records (all: -1) in the order of a query, ``skip`` passed over.

    A million are in order within a second: their index has them so. What is left of them by a
    filter is sorted after it was found, for along that index each record would have to be fetched
    from another place of the file.
    """
    columns, way = _ORDERS[query.order], "DESC" if query.descending else "ASC"
    number = "+id" if wanted.few else "id"
    if columns and not wanted.conditions:
        wanted = replace(wanted, source=f"audit INDEXED BY audit_{query.order}")
        number = "+id"
    elif columns:
        columns = tuple(f"+{column}" for column in columns)
    last = "id DESC" if columns else f"id {way}"
    order = ", ".join([*(f"{column} {way}" for column in columns), last])
    conditions = (f"{number} <= ?", f"{number} >= ?", *wanted.conditions)
    rows = session.run(
        f"SELECT id FROM {wanted.source} WHERE {' AND '.join(conditions)}"
        f" ORDER BY {order} LIMIT ? OFFSET ?",
        (wanted.highest, wanted.lowest, *wanted.values, limit, skip),
    )
    return (row[0] for row in rows)


def records(session: Session, numbers: Sequence[int]) -> list[AuditRecord]:
    """The records of these numbers, in their order."""
    rows = session.run(
        f"SELECT {FIELDS}, hash FROM audit WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(numbers)),),
    )
    found = {row[0]: record_of(row) for row in rows}
    return [found[number] for number in numbers if number in found]


def stretches(wanted: Where) -> Iterator[tuple[int, int]]:
    """The numbers between which to look, newest first: below the first, from the second on."""
    high = wanted.highest + 1
    if wanted.few:
        yield high, wanted.lowest
        return
    sizes = iter(_CHUNKS)
    size = 0
    while high > wanted.lowest:
        size = next(sizes, size)
        low = max(wanted.lowest, high - size)
        yield high, low
        high = low


def first_of(session: Session, wanted: Where, high: int, low: int, limit: int) -> list[AuditRecord]:
    """The newest ``limit`` records of a stretch."""
    sql, values = _statement(f"{FIELDS}, hash", wanted, high, low)
    return [record_of(row) for row in session.run(f"{sql} LIMIT ?", (*values, limit))]


def numbers(session: Session, wanted: Where, high: int, low: int) -> Iterator[int]:
    """The numbers of the records of a stretch, newest first."""
    sql, values = _statement("id", wanted, high, low)
    for (number,) in session.run(sql, values):
        yield number


def every(session: Session) -> int:
    """How many records there are."""
    return int(session.value("SELECT count(*) FROM audit INDEXED BY audit_at"))


def above(session: Session, number: int) -> int:
    """How many records are newer than one."""
    return int(session.value("SELECT count(*) FROM audit WHERE id > ?", (number,)))


def choices(session: Session) -> Choices:
    """Who is on record, with which acts, on what kinds of thing: each from its index."""
    staff, acts, kinds = (_different(session, column) for column in ("staff", "act", _KIND))
    return Choices(staff, acts, kinds)


def _different(session: Session, column: str) -> tuple[str, ...]:
    """The values of an indexed column, each found by a step to the next."""
    rows = session.run(
        f"WITH RECURSIVE one(value) AS (SELECT min({column}) FROM audit UNION ALL"
        f" SELECT (SELECT min({column}) FROM audit WHERE {column} > one.value) FROM one"
        " WHERE one.value IS NOT NULL) SELECT value FROM one WHERE value IS NOT NULL"
    )
    return tuple(row[0] for row in rows)


def _statement(what: str, wanted: Where, high: int, low: int) -> tuple[str, tuple[Any, ...]]:
    number = "+id" if wanted.few else "id"  # few are looked up one by one, not sifted from all
    conditions = (f"{number} < ?", f"{number} >= ?", *wanted.conditions)
    ends = (min(high, wanted.highest + 1), max(low, wanted.lowest))
    return (
        f"SELECT {what} FROM {wanted.source} WHERE {' AND '.join(conditions)} ORDER BY id DESC",
        (*ends, *wanted.values),
    )


def _ends(session: Session) -> tuple[int, int]:
    low, high = session.one("SELECT (SELECT min(id) FROM audit), (SELECT max(id) FROM audit)")
    return low or 1, high or 0


def _within(session: Session, wanted: Where, bounds: Bounds) -> Where:
    """Records of a time, between numbers; a clock that was set back may put others there too."""
    first, last = bounds
    conditions = [f"at {sign} ?" for sign, at in ((">=", first), ("<", last)) if at is not None]
    if not conditions:
        return wanted
    values = tuple(at for at in bounds if at is not None)
    low, high = session.one(
        f"SELECT min(id), max(id) FROM audit INDEXED BY audit_at WHERE {' AND '.join(conditions)}",
        values,
    )
    # Where there is none at all, there is nowhere to look.
    lowest, highest = (1, 0) if low is None else (low, high)
    wanted = replace(
        wanted, lowest=max(wanted.lowest, lowest), highest=min(wanted.highest, highest)
    )
    return wanted.having(" AND ".join(conditions), *values)


def _about(session: Session, kind: str, name: str) -> list[int]:
    """The numbers of the records about one thing: of a user's requests and charges too."""
    things = [(kind, name)]
    if kind == "user":
        things += [("request", str(number)) for number in _requests_of(session, name)]
        things += [("charge", str(number)) for number in _told_outcomes_of(session, name)]
    return [
        number
        for thing in things
        for (number,) in session.run(
            "SELECT id FROM audit WHERE subject_kind = ? AND subject = ?", thing
        )
    ]


def _requests_of(session: Session, user_id: str) -> list[int]:
    rows = session.run(
        'SELECT r.id FROM request r JOIN "user" u ON u.id = r.user WHERE u.user_id = ?', (user_id,)
    )
    return [row[0] for row in rows]


def _told_outcomes_of(session: Session, user_id: str) -> list[int]:
    rows = session.run(
        'SELECT DISTINCT c.id FROM "user" u JOIN charge c ON c.user = u.id'
        " JOIN outcome o ON o.charge = c.id WHERE u.user_id = ?",
        (user_id,),
    )
    return [row[0] for row in rows]


# Text -------------------------------------------------------------------------------------------


def _containing(wanted: Where, query: ActivityQuery) -> Where:
    parts, values = [], []
    for word in query.words:
        condition, patterns = _having_word(word)
        parts.append(condition)
        values += patterns
    condition = " AND ".join(parts)
    if query.meant:
        places = ", ".join("?" * len(query.meant))
        condition = f"act IN ({places}) OR ({condition})"
        values = [*query.meant, *values]
    return wanted.having(f"({condition})", *values)


def _having_word(word: str) -> tuple[str, list[str]]:
    """A condition for one word: SQLite knows the two cases of ASCII letters only."""
    spellings = [word]
    if not word.isascii():
        spellings = sorted({word, word.lower(), word.upper(), word.title(), word.casefold()})
    parts, patterns = [], []
    for spelling in spellings:
        inside = json.dumps(spelling, ensure_ascii=False)[1:-1]
        for columns, text in ((_TEXTS, spelling), (_VALUES, inside)):
            parts += [f"{column} LIKE ? ESCAPE '\\'" for column in columns]
            patterns += [_pattern(text)] * len(columns)
    return f"({' OR '.join(parts)})", patterns


def _pattern(text: str) -> str:
    for sign in "\\%_":
        text = text.replace(sign, f"\\{sign}")
    return f"%{text}%"


# What an import holds -----------------------------------------------------------------------------

_USERS_OF = {
    "usage": 'SELECT u.user_id, count(*) FROM charge c JOIN "user" u ON u.id = c.user'
    " WHERE c.import = ?1 GROUP BY u.id ORDER BY 2 DESC, u.id",
    "users": 'SELECT u.user_id, 1 FROM "user" u WHERE u.import = ?1 ORDER BY u.id',
    "plans": 'SELECT u.user_id, count(*) FROM plan_change p JOIN "user" u ON u.id = p.user'
    " WHERE p.import = ?1 GROUP BY u.id ORDER BY 2 DESC, u.id",
}
_USERS_BEFORE = {
    "users": 'SELECT u.user_id, 1 FROM import_run i JOIN "user" u ON u.recorded_at = i.at'
    " WHERE i.id = ?1 AND i.added > 0 AND u.import IS NULL ORDER BY u.id",
    "plans": "SELECT u.user_id, count(*) FROM import_run i JOIN plan_change p"
    ' ON p.recorded_at = i.at AND p.staff = i.staff JOIN "user" u ON u.id = p.user'
    " WHERE i.id = ?1 AND i.added > 0 AND p.import IS NULL GROUP BY u.id ORDER BY 2 DESC, u.id",
}
"""What of an import that was made before its rows said so: by the instant they were recorded."""


def import_holds(session: Session, number: int, most: int) -> ImportHolds | None:
    """What an import put on record, its first ``most`` users or requests; None for no import."""
    kind = session.value("SELECT kind FROM import_run WHERE id = ?", (number,))
    if kind is None:
        return None
    if kind in _USERS_OF:
        users = session.run(_USERS_OF[kind], (number,)).fetchall()
        if not users and kind in _USERS_BEFORE:
            users = session.run(_USERS_BEFORE[kind], (number,)).fetchall()
        by = session.value(
            "SELECT s.email FROM import_reversal r JOIN staff s ON s.id = r.staff"
            " WHERE r.import = ?",
            (number,),
        )
        shown = tuple((user, rows) for user, rows in users[:most])
        return ImportHolds(kind, shown, len(users), reversed_by=by or "")
    rows = session.run("SELECT id FROM request WHERE import = ? ORDER BY id", (number,)).fetchall()
    return ImportHolds(kind, requests=tuple(row[0] for row in rows[:most]), request_count=len(rows))
