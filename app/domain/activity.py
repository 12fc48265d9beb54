"""Looking through the audit record: what is asked, what changed, whether the chain is whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal

from app.domain.audit import FIRST, AuditRecord
from app.domain.errors import InvalidValue
from app.domain.sentences import said

ORDERS: Final = ("at", "staff", "act", "subject")
"""By what a list of records can be sorted: when, who, what and on whom."""
STEP: Final = 200
"""Of how many records found in a row the first is remembered, so that any place is near one."""
MOST_WORDS: Final = 10
MOST_CHARACTERS: Final = 200
_HEAD: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ActivityQuery:
    """Which records are wanted.

    Every word of ``text`` stands somewhere in the record: in who, what, on whom, why or the values
    before and after; ``meant`` are acts that count as having all of them, because people see them
    under other words. ``subject`` is a kind and which one: of a user also what was done to their
    requests and charges. ``first`` and ``last`` are days of the billing zone, both included.
    ``order`` is one of ``ORDERS``; among equals the newest record comes first, either way.
    """

    text: str = ""
    staff: str = ""
    act: str = ""
    kind: str = ""
    subject: tuple[str, str] | None = None
    first: date | None = None
    last: date | None = None
    meant: tuple[str, ...] = ()
    order: str = "at"
    descending: bool = True

    @property
    def by_time(self) -> bool:
        """Whether records come in the order in which they were made, from either end."""
        return self.order == "at"

    @property
    def words(self) -> tuple[str, ...]:
        """The words that each record must have."""
        return tuple(self.text.split()[:MOST_WORDS])

    @property
    def filtered(self) -> bool:
        """Whether something besides the text leaves records out."""
        return bool(self.staff or self.act or self.kind or self.subject or self.first or self.last)

    @property
    def narrowed(self) -> bool:
        """Whether any record may be left out."""
        return self.filtered or bool(self.words)


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The newest record and its hash; record 0 is an empty chain."""

    record: int = 0
    hash: str = FIRST
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a query found so far: the ``first`` records whole, the others counted.

    Of a list by time, which is the newest first whichever end is shown on top, ``keys`` are the
    numbers of every ``STEP``-th record found, from the first on. In any other order new records may
    belong anywhere, so that only ``numbers``, those of all records found, say what stands where.
    ``done`` is the share of the record that was looked through, 1 at the end. ``names`` are what
    the users of the ``first`` are called, by their ids.
    """

    first: tuple[AuditRecord, ...]
    keys: Sequence[int]
    count: int
    head: ChainHead
    done: float = 1.0
    numbers: Sequence[int] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether all was looked through."""
        return self.done >= 1


@dataclass(frozen=True, slots=True)
class Choices:
    """Who is on record, with which acts, on what kinds of thing."""

    staff: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """Where the chain breaks: records are ``missing``, or one is ``changed`` (its hash differs)."""

    kind: Literal["missing", "changed"]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class ChainReport:
    """Whether the chain is whole: how many records were hashed, where it breaks, its head."""

    records: int
    breaks: tuple[ChainBreak, ...]
    found: int
    head: ChainHead
    checked_at: datetime

    @property
    def ok(self) -> bool:
        """Whether each record follows from the one before; the newest may still be cut off."""
        return self.found == 0


@dataclass(frozen=True, slots=True)
class HeadPlace:
    """Where a head noted earlier stands: at which record, or nowhere (None), and the head now."""

    noted: str
    record: int | None
    at: datetime | None
    head: ChainHead

    @property
    def since(self) -> int:
        """How many records were added after it."""
        return 0 if self.record is None else self.head.record - self.record


@dataclass(frozen=True, slots=True)
class ImportHolds:
    """What an import put on record: users with how many of its rows each, and its requests."""

    kind: str
    users: tuple[tuple[str, int], ...] = ()
    user_count: int = 0
    requests: tuple[int, ...] = ()
    request_count: int = 0
    reversed_by: str = ""


def checked_order(value: str) -> str:
    """``value`` if records can be sorted by it; else ``InvalidValue``."""
    if value not in ORDERS:
        message = said(
            "“{given}” is no order for records; they are {known}.",
            given=value,
            known=", ".join(ORDERS),
        )
        raise InvalidValue(message, field="order", value=value)
    return value


def noted_head(text: str) -> str:
    """The hash in what somebody noted: 64 digits and letters, wherever in the text they stand.

    Raises ``InvalidValue`` where there is none, or where there are several.
    """
    found = sorted({one.lower() for one in _HEAD.findall(text)})
    if len(found) == 1:
        return str(found[0])
    shown = " ".join(text.split())
    shown = shown if len(shown) <= 40 else f"{shown[:40]}…"  # noqa: PLR2004 - enough to know it by
    message = (
        said(
            "“{shown}” is not a head: a head is 64 characters long, each from 0 to 9 or a to f.",
            shown=shown,
        )
        if not found
        else said("There is more than one head in this text; paste one of them.")
    )
    raise InvalidValue(message, field="head", value=text)


# What changed -----------------------------------------------------------------------------------


class _Missing:
    """The value of what is not there, which JSON has no word for."""

    def __repr__(self) -> str:
        return "missing"


MISSING: Final = _Missing()
Mark = Literal["", "changed", "new", "gone"]


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after; ``MISSING`` where it was not, or is no more."""

    path: tuple[str, ...]
    before: Any
    after: Any
    mark: Mark = field(default="")


def changes(record: AuditRecord) -> tuple[Change, ...]:
    """The values of a record, each before and after, nested ones by their path.

    What stands only before describes what was acted on, so it is not marked as gone; inside a value
    that both sides have it is.
    """
    names = [*record.before, *(name for name in record.after if name not in record.before)]
    return tuple(
        change
        for name in names
        for change in _compared(
            (name,), record.before.get(name, MISSING), record.after.get(name, MISSING)
        )
    )


def _compared(path: tuple[str, ...], before: Any, after: Any) -> Iterator[Change]:
    parts = _parts(before), _parts(after)
    if any(part is None for part in parts) or not any(parts):
        yield Change(path, before, after, _mark(path, before, after))
        return
    left, right = (part or {} for part in parts)
    for name in [*left, *(name for name in right if name not in left)]:
        yield from _compared((*path, name), left.get(name, MISSING), right.get(name, MISSING))


def _parts(value: Any) -> Mapping[str, Any] | None:
    """What a value holds by name, nothing of what is missing; None where it holds no parts."""
    if value is MISSING:
        return {}
    if isinstance(value, Mapping) and value:
        return value
    if isinstance(value, list) and value:
        return {str(place): one for place, one in enumerate(value, 1)}
    return None


def _mark(path: tuple[str, ...], before: Any, after: Any) -> Mark:
    if before is MISSING:
        return "new"
    if after is MISSING:
        return "gone" if len(path) > 1 else ""
    return "changed" if before != after else ""


def value_of(record: AuditRecord, name: str) -> Any:
    """A value as it was left: after, or else before; None where neither has it."""
    return record.after.get(name, record.before.get(name))


def user_of(record: AuditRecord) -> str:
    """The user whom an act was about, where it says so; empty for a thing of nobody's."""
    if record.subject_kind == "user":
        return record.subject
    named = value_of(record, "user")
    return named if isinstance(named, str) else ""


def ticket_of(record: AuditRecord) -> str:
    """The ticket of an act, where it has one."""
    ticket = value_of(record, "ticket")
    return ticket if isinstance(ticket, str) else ""
