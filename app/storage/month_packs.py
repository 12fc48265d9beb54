"""Past months as columns: all uses of a month, user by user, with the grants that could pay.

A what-if reads a month of a million uses in a blink this way; row by row it takes seventy times as
long. Packs are derived: made from the record when a what-if first asks for a month, checked by
``verify``, and never rewritten by a write. What is recorded later about a packed month is found by
number (everything after those the pack was made from), and its users are looked up row by row.

A pack holds the *plain* users of a month: their acts were recorded in the order in which they
occurred, so that they can be replayed by time. The others are named in it and left out. NumPy is
loaded with this module: only what runs a what-if imports it, and ``verify``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.calendar import Month
from app.domain.errors import ChangedMeanwhile
from app.domain.sentences import said
from app.storage.engine import Session

Array = NDArray[Any]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
REFUNDED, REFUSED, PLAN = 4, 8, 3
"""Marks beside the plan of an entry: it refunds an entry before it; it was refused."""
VOIDED = 128
"""Mark beside the kind of a grant: ``expires_at`` is when it was voided."""
SIGNUP, REFERRAL, ALLOWANCE, TOP_UP = 1, 2, 3, 6
BY_POLICY = (SIGNUP, REFERRAL, ALLOWANCE, TOP_UP)
"""The kinds of grants, by number, whose credits or validity a policy says."""
NOBODY = 255
"""The plan of a number that no user had when the month began."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The last numbers of each kind of row that a pack was made from."""

    charges: int
    grants: int
    refunds: int
    voids: int
    plans: int
    people: int


@dataclass(frozen=True, slots=True)
class Pack:
    """A month in columns. Entries (uses, and refunds of them) stand by user in recorded order.

    ``counts`` and ``slots`` are the entries and grants of each of ``users``; grants stand in
    burn-down order, and ``void_expiry`` is when those of them that were voided would have expired,
    which keeps their place in it. ``at`` counts milliseconds from the month's first instant;
    ``mark`` is the plan with ``REFUNDED`` or ``REFUSED``. ``held`` is what a grant held when the
    month began, or when it became usable in it. ``refunds`` are the places of refund entries,
    ``refund_of`` those of what they refund. ``ended`` is what was left of those grants that expired
    with the month or in it; ``idle_*`` is the same of everybody who is not among ``users``.
    ``others`` are those who used something, or might have, and are left out.

    The rest says what was granted by the policy, so that a draft of it can be tried. ``plan`` is
    what each user, by number, held at the month's first instant; ``turn_*`` are the registrations
    and plan changes after it, by user in order of time. ``began_*`` are the bonuses and purchases
    that became usable in the month. ``odd`` are those to whom a policy cannot be tried by time:
    something of it was recorded late, voided, or not paid for then.
    """

    month: Month
    marks: Marks
    users: Array
    counts: Array
    slots: Array
    at: Array
    feature: Array
    quantity: Array
    credits: Array
    mark: Array
    refunds: Array
    refund_of: Array
    grant: Array
    kind: Array
    given: Array
    held: Array
    effective_at: Array
    expires_at: Array
    void_expiry: Array
    ended: Array
    idle_user: Array
    idle_grant: Array
    idle_kind: Array
    idle_left: Array
    others: Array
    plan: Array
    turn_user: Array
    turn_at: Array
    turn_plan: Array
    began_user: Array
    began_grant: Array
    began_kind: Array
    began_given: Array
    began_at: Array
    odd: Array


_COLUMNS = (
    *("users:int32", "counts:int32", "slots:uint8", "at:uint32", "feature:uint16"),
    *("quantity:uint16", "credits:int32", "mark:uint8", "refunds:int32", "refund_of:int32"),
    *("grant:int64", "kind:uint8", "given:int32", "held:int32", "effective_at:int64"),
    *("expires_at:int64", "void_expiry:int64", "ended:int32", "idle_user:int32"),
    *("idle_grant:int64",),
    *("idle_kind:uint8", "idle_left:int32", "others:int32", "plan:uint8", "turn_user:int32"),
    *("turn_at:uint32", "turn_plan:uint8", "began_user:int32", "began_grant:int64"),
    *("began_kind:uint8", "began_given:int32", "began_at:uint32", "odd:int32"),
)
_MARKS = "charges, grants, refunds, voids, plans, people"


def ended(expires_at: Ints, kind: Array, end: int) -> Flags:
    """Which grants expire by ``end`` (ms); what was voided does not expire."""
    expired: Flags = (expires_at <= end) & ((kind & VOIDED) == 0)
    return expired


def whose_ended(ends: tuple[Array, Ints], spells: tuple[Array, Ints, Ints]) -> Array:
    """Whose grants end within a spell of theirs: after it began, or when it ends.

    ``ends`` are users and instants, by user; ``spells`` users, since when and until when.
    """
    owner, ended_at = ends
    user, since, until = spells
    first, last = (np.searchsorted(owner, user, side) for side in ("left", "right"))
    count = last - first
    spell = np.repeat(np.arange(len(user)), count)
    grant = np.arange(len(spell)) + np.repeat(first - (np.cumsum(count) - count), count)
    within = (since[spell] < ended_at[grant]) & (ended_at[grant] <= until[spell])
    found: Array = user[spell[within]]
    return found


def content(pack: Pack) -> bytes:
    """A pack as it is kept: the lengths of its columns, then their bytes."""
    columns = [np.ascontiguousarray(getattr(pack, name.split(":")[0])) for name in _COLUMNS]
    head = json.dumps([len(column) for column in columns]).encode()
    return b"".join([len(head).to_bytes(4, "little"), head, *(c.tobytes() for c in columns)])


def from_content(month: Month, marks: Marks, blob: bytes) -> Pack:
    """The pack of some content; its columns look into ``blob``."""
    size = int.from_bytes(blob[:4], "little")
    lengths = json.loads(blob[4 : 4 + size])
    place = 4 + size
    columns: dict[str, Array] = {}
    for (name, kind), length in zip((c.split(":") for c in _COLUMNS), lengths, strict=True):
        column = np.frombuffer(blob, kind, length, place)
        columns[name] = column
        place += column.nbytes
    return Pack(month, marks, **columns)


# Kept packs --------------------------------------------------------------------------------------


def kept(session: Session, months: Sequence[Month]) -> dict[Month, Marks]:
    """Which of ``months`` are packed, and from what."""
    rows = session.run(
        f"SELECT month, {_MARKS} FROM month_pack WHERE month BETWEEN ? AND ?",
        (months[0].number, months[-1].number),
    )
    return {Month.from_number(number): Marks(*marks) for number, *marks in rows}


def read(session: Session, month: Month) -> Pack:
    """The pack of a month that is packed.

    ``ChangedMeanwhile`` where it is not any more: another program put a backup in its place.
    """
    row = session.one(
        f"SELECT {_MARKS}, content FROM month_pack WHERE month = ?",
        (month.number,),
    )
    if row is None:
        message = said(
            "The database was restored meanwhile: what was found does not hold. Ask again."
        )
        raise ChangedMeanwhile(message, month=str(month))
    *marks, blob = row
    return from_content(month, Marks(*marks), blob)


def keep(session: Session, pack: Pack) -> None:
    """Keep a pack in the place of the one before."""
    marks = pack.marks
    session.run(
        f"INSERT OR REPLACE INTO month_pack (month, {_MARKS}, content)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(pack.month.number, marks.charges, marks.grants, marks.refunds, marks.voids),
            *(marks.plans, marks.people, content(pack)),
        ),
    )


def recorded_since(session: Session, marks: Marks, end: int) -> set[int]:
    """The users of whom something before ``end`` (ms) was recorded after the pack was made."""
    # NOT INDEXED: by number, however large the file; SQLite would rather go through an index.
    asked = (
        ("SELECT user FROM charge NOT INDEXED WHERE id > ? AND occurred_at < ?", marks.charges),
        ('SELECT user FROM "grant" NOT INDEXED WHERE id > ? AND effective_at < ?', marks.grants),
        (
            (
                "SELECT (SELECT user FROM charge WHERE id = r.charge) FROM refund r NOT INDEXED"
                " WHERE r.id > ? AND r.at < ?"
            ),
            marks.refunds,
        ),
        (
            (
                'SELECT (SELECT user FROM "grant" WHERE id = v."grant") FROM void v NOT INDEXED'
                " WHERE v.id > ? AND v.at < ?"
            ),
            marks.voids,
        ),
        ("SELECT user FROM plan_change NOT INDEXED WHERE id > ? AND at < ?", marks.plans),
        ("SELECT id FROM user NOT INDEXED WHERE id > ? AND registered_at < ?", marks.people),
        (
            (
                "SELECT referrer FROM user NOT INDEXED WHERE id > ? AND registered_at < ?"
                " AND referrer IS NOT NULL"
            ),
            marks.people,
        ),
    )
    return {user for sql, last in asked for (user,) in session.run(sql, (last, end))}


def last_marks(session: Session) -> Marks:
    """The last numbers there are."""
    return Marks(
        *session.one(
            "SELECT (SELECT coalesce(max(id), 0) FROM charge),"
            ' (SELECT coalesce(max(id), 0) FROM "grant"),'
            " (SELECT coalesce(max(id), 0) FROM refund), (SELECT coalesce(max(id), 0) FROM void),"
            " (SELECT coalesce(max(id), 0) FROM plan_change),"
            " (SELECT coalesce(max(id), 0) FROM user)"
        )
    )


def all_marks(session: Session) -> list[tuple[Month, Marks]]:
    """Every month that is packed, in order, and what from."""
    rows = session.run(f"SELECT month, {_MARKS} FROM month_pack ORDER BY month")
    return [(Month.from_number(number), Marks(*marks)) for number, *marks in rows]


def is_kept(session: Session, pack: Pack) -> bool:
    """Whether a pack is the one that is kept."""
    kept = session.value("SELECT content FROM month_pack WHERE month = ?", (pack.month.number,))
    return bool(kept == content(pack))
