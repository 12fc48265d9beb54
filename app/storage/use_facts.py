"""What each user used of each feature in each month, summed from charges and refunds, as columns.

A row is named by one whole number of month, feature, user and plan, so that a million of them are
sorted and added up in a blink. NumPy is loaded with this module: nothing imports it before users
are counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.domain.calendar import BillingCalendar, Month
from app.storage.engine import Session
from app.storage.month_marks import Marks

Array = NDArray[Any]
Ints = NDArray[np.int64]
MEASURES: Final = ("uses", "credits", "refused", "refunded")
_COLUMNS: Final = ("user", "plan", *MEASURES)
_PLAN_BITS, _USER_BITS, _FEATURE_BITS = 2, 32, 14
_USER_AT: Final = _PLAN_BITS
_FEATURE_AT: Final = _USER_AT + _USER_BITS
_MONTH_AT: Final = _FEATURE_AT + _FEATURE_BITS
_QUANTITY_BITS: Final = 14
ROWS_AT_ONCE: Final = 4_000
_SUMMED_AT_ONCE: Final = 1_000_000
_MONTHS_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Facts:
    """Rows by month, feature, user and plan (``keys``, ascending), and their ``MEASURES``."""

    keys: Ints
    sums: Ints

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def months(self) -> Ints:
        """The month of each row, as ``month_place`` counts."""
        found: Ints = self.keys >> _MONTH_AT
        return found

    @property
    def features(self) -> Ints:
        """The feature of each row."""
        found: Ints = self.keys >> _FEATURE_AT & ((1 << _FEATURE_BITS) - 1)
        return found

    @property
    def users(self) -> Ints:
        """The user of each row."""
        found: Ints = self.keys >> _USER_AT & ((1 << _USER_BITS) - 1)
        return found

    @property
    def plans(self) -> Ints:
        """The plan held at the uses of each row."""
        found: Ints = self.keys & ((1 << _PLAN_BITS) - 1)
        return found

    def values(self, measure: str) -> Ints:
        """One of the ``MEASURES`` of each row."""
        found: Ints = self.sums[:, MEASURES.index(measure)]
        return found

    def only(self, wanted: Array) -> Facts:
        """The rows at some places, or where a flag is set."""
        return Facts(self.keys[wanted], self.sums[wanted])

    def by_month(self) -> Iterator[tuple[Month, Facts]]:
        """The rows month by month."""
        yield from ((month_at(at), part) for at, part in _split(self, self.months))

    def by_feature(self) -> Iterator[tuple[int, Facts]]:
        """The rows of one month feature by feature."""
        yield from _split(self, self.features)


def _split(facts: Facts, column: Ints) -> Iterator[tuple[int, Facts]]:
    """Slices of equal values in an ascending column."""
    values, starts = np.unique(column, return_index=True)
    ends = [*starts[1:], len(column)][: len(starts)]
    for value, start, end in zip(values, starts, ends, strict=True):
        yield int(value), Facts(facts.keys[start:end], facts.sums[start:end])


def month_place(month: Month) -> int:
    """Months counted from the year 0."""
    return month.year * _MONTHS_A_YEAR + month.month - 1


def month_at(place: int) -> Month:
    """The month of a place."""
    return Month(place // _MONTHS_A_YEAR, place % _MONTHS_A_YEAR + 1)


def none() -> Facts:
    """No rows."""
    return Facts(np.zeros(0, np.int64), np.zeros((0, len(MEASURES)), np.int64))


def together(parts: Sequence[Facts]) -> Facts:
    """Rows of several parts in order, those of the same name added up."""
    some = [part for part in parts if len(part)]
    if not some:
        return none()
    keys = np.concatenate([part.keys for part in some])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    sums = np.concatenate([part.sums for part in some])[order]
    return Facts(keys[first], np.add.reduceat(sums, first, axis=0))


# From the record --------------------------------------------------------------------------------


def recorded(
    session: Session,
    calendar: BillingCalendar,
    after: Marks,
    until: Marks,
    span: tuple[int, int] | None = None,
) -> Facts:
    """What was recorded after some marks, up to others; ``span`` (ms) only what occurred in it.

    By number, whenever it occurred: what comes late is found like what comes on time.
    """
    within = "" if span is None else " AND {0} >= ?3 AND {0} < ?4"
    # NOT INDEXED: by number, however large the file; SQLite would rather go through an index.
    charges = (
        f"SELECT (c.feature << {_FEATURE_AT}) | (c.user << {_USER_AT}) | c.plan, c.occurred_at,"
        f" (c.credits << {_QUANTITY_BITS + 1}) | (c.quantity << 1) | (c.available IS NOT NULL)"
        f" FROM charge c NOT INDEXED WHERE c.id > ?1 AND c.id <= ?2{within.format('c.occurred_at')}"
    )
    refunds = (
        f"SELECT (c.feature << {_FEATURE_AT}) | (c.user << {_USER_AT}) | c.plan, r.at, c.credits"
        " FROM refund r NOT INDEXED JOIN charge c ON c.id = r.charge"
        f" WHERE r.id > ?1 AND r.id <= ?2{within.format('r.at')}"
    )
    limits = span or ()
    used = _summed(session, charges, (after.charges, until.charges, *limits), calendar, _use)
    back = _summed(session, refunds, (after.refunds, until.refunds, *limits), calendar, _refund)
    return together([*used, *back])


def _use(packed: Ints) -> Ints:
    """The measures of charges, from what the query packed of them."""
    refused = packed & 1
    quantity = packed >> 1 & ((1 << _QUANTITY_BITS) - 1)
    credits = packed >> (_QUANTITY_BITS + 1)
    paid = 1 - refused
    return np.stack([quantity * paid, credits * paid, quantity * refused, 0 * credits], 1)


def _refund(credits: Ints) -> Ints:
    none = np.zeros_like(credits)
    return np.stack([none, none, none, credits], 1)


def _summed(
    session: Session,
    sql: str,
    values: Sequence[int],
    calendar: BillingCalendar,
    measured: Any,
) -> Iterator[Facts]:
    for names, instants, packed in _columns(session.run(sql, values)):
        keys = _places(instants, calendar) << _MONTH_AT | names
        yield together([Facts(keys, measured(packed))])


def _columns(cursor: Any) -> Iterator[Ints]:
    """The three columns of a query, a million rows at a time."""
    slices: list[Ints] = []
    held = 0
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        flat = np.fromiter(chain.from_iterable(rows), np.int64, len(rows) * 3)
        slices.append(flat.reshape(-1, 3))
        held += len(rows)
        if held >= _SUMMED_AT_ONCE:
            yield np.ascontiguousarray(np.concatenate(slices).T)
            slices, held = [], 0
    if slices:
        yield np.ascontiguousarray(np.concatenate(slices).T)


def _places(instants: Ints, calendar: BillingCalendar) -> Ints:
    """The months of some instants."""
    first = calendar.month_of_ms(int(instants.min()))
    months = list(first.until(calendar.month_of_ms(int(instants.max()))))
    starts = np.array([calendar.start_ms(month) for month in months], np.int64)
    found: Ints = np.searchsorted(starts, instants, side="right") - 1 + month_place(first)
    return found


# As bytes ---------------------------------------------------------------------------------------


def content(facts: Facts) -> bytes:
    """The rows of one month and feature as they are kept: columns as narrow as they may be."""
    columns = [facts.users, facts.plans, *facts.sums.T]
    return packed([(name, _narrow(c)) for name, c in zip(_COLUMNS, columns, strict=True)])


def from_content(month: Month, feature: int, blob: bytes, users: Ints | None = None) -> Facts:
    """The rows of some content: of all users in it, or only of some (ascending)."""
    columns = unpacked(blob)
    if users is not None:
        rows = _rows_of(columns["user"], users)
        columns = {name: column[rows] for name, column in columns.items()}
    keys = columns["user"].astype(np.int64) << _USER_AT | columns["plan"]
    keys |= month_place(month) << _MONTH_AT | feature << _FEATURE_AT
    sums = np.empty((len(keys), len(MEASURES)), np.int64)
    for at, name in enumerate(MEASURES):
        sums[:, at] = columns[name]
    return Facts(keys, sums)


def _rows_of(column: Array, users: Ints) -> Ints:
    """The places of some users in an ascending column of users: few of them, in very many."""
    wanted = users[users <= column.max(initial=0)].astype(column.dtype)
    start, end = (np.searchsorted(column, wanted, side=side) for side in ("left", "right"))
    # A user stands there once for each plan that was held, next to each other.
    most = int((end - start).max(initial=0))
    places = np.concatenate([start[start + more < end] + more for more in range(max(1, most))])
    return np.sort(places)


def packed(columns: Iterable[tuple[str, Array]]) -> bytes:
    """Named columns as bytes: what and how long they are, then what is in them."""
    named = list(columns)
    head = json.dumps([(name, column.dtype.str, column.size) for name, column in named]).encode()
    size = len(head).to_bytes(4, "little")
    return b"".join([size, head, *(np.ascontiguousarray(c).tobytes() for _name, c in named)])


def unpacked(blob: bytes) -> dict[str, Array]:
    """The columns by name; they look into ``blob``."""
    size = int.from_bytes(blob[:4], "little")
    place = 4 + size
    columns: dict[str, Array] = {}
    for name, kind, length in json.loads(blob[4:place]):
        column = np.frombuffer(blob, kind, length, place)
        columns[name] = column
        place += column.nbytes
    return columns


def _narrow(column: Ints) -> Array:
    """Whole numbers from 0 on, in as few bytes as the largest needs."""
    most = int(column.max(initial=0))
    return column.astype(next(kind for kind, above in _KINDS if most < above))


_KINDS: Final = (("<u1", 1 << 8), ("<u2", 1 << 16), ("<u4", 1 << 32), ("<i8", 1 << 63))
