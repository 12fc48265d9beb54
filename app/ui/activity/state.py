"""The view state of the page of activity: what is listed, what is remembered, where things open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Final

from app.domain.activity import ActivityQuery, ChainHead, user_of, value_of
from app.domain.audit import AuditRecord
from app.ui import audit_names
from app.ui import format as write
from app.ui.activity import words
from app.ui.language import tr, trn
from app.ui.page import Phase
from app.ui.widgets.chips import Chip

NOTHING_ASKED: Final = ActivityQuery()
_OFF: Mapping[str, Any] = {
    "staff": "",
    "act": "",
    "kind": "",
    "subject": None,
}
_KEPT_TEXTS: Final = ("staff", "act", "kind")
_UNKEPT: Final = frozenset({"text", "meant", "order", "descending"})
_LONGEST: Final = 60


@dataclass(frozen=True)
class ActivityState:
    """Which records are listed, and how many were found; ``done`` is the share looked through."""

    query: ActivityQuery = field(default_factory=ActivityQuery)
    phase: Phase = "loading"
    count: int | None = None
    done: float = 0.0
    head: ChainHead | None = None
    problem: str = ""
    stopped: bool = False

    @property
    def heading(self) -> str:
        """How many are listed: 644 records, or 12 records so far, 40 % looked through."""
        if self.count is None:
            return ""
        if self.done >= 1:
            return words.counted(self.count)
        if not self.query.by_time:
            return tr("sorting…") if not self.stopped else words.counted_so_far(self.count)
        if not self.query.narrowed:
            return tr("counting…")
        share = write.percent(self.done)
        return trn(
            "{count} record so far, {share} looked through",
            "{count} records so far, {share} looked through",
            self.count,
            share=share,
        )

    @property
    def nothing(self) -> str:
        """What is said where no record is listed."""
        typed = self.query.text.strip()
        shown = write.text(typed if len(typed) <= _LONGEST else f"{typed[:_LONGEST]}…")
        if typed and self.query.filtered:
            return tr("No record with these filters has “{text}” in it.", text=shown)
        if typed:
            return tr("No record has “{text}” in it.", text=shown)
        if self.query.filtered:
            return tr("No record passes these filters.")
        return tr("Nothing is on record: even the making of this database left no trace.")


def asked(state: ActivityState, query: ActivityQuery) -> ActivityState:
    """Another list was asked for; what is shown stays until it comes."""
    count = state.count if query == state.query else None
    return replace(state, query=query, phase="loading", count=count, done=0.0, stopped=False)


def found(state: ActivityState, count: int, head: ChainHead, done: float) -> ActivityState:
    """So many were found so far; nothing is said to be empty before all was looked through."""
    whole = done >= 1
    phase: Phase = "ready" if count else "empty" if whole else "loading"
    return replace(state, phase=phase, count=count, head=head, done=done, problem="", stopped=False)


def failed(state: ActivityState, problem: str) -> ActivityState:
    """No list came."""
    return replace(state, phase="failed", problem=problem, count=None)


def stopped(state: ActivityState) -> ActivityState:
    """A person stopped the reading: what was found is kept, where something was."""
    phase: Phase = "ready" if state.count else "failed"
    return replace(state, phase=phase, stopped=True)


# Filters ----------------------------------------------------------------------------------------


def chips(query: ActivityQuery) -> tuple[Chip, ...]:
    """The filters in force, each with the query without it."""
    off: dict[str, dict[str, Any]] = {name: {name: value} for name, value in _OFF.items()}
    off["days"] = {"first": None, "last": None}
    return tuple(
        Chip(name, said, replace(query, **off[name]))
        for name, said in words.filter_words(query).items()
        if said
    )


def without_filters(query: ActivityQuery) -> ActivityQuery:
    """Every record that has what was typed."""
    return ActivityQuery(text=query.text, meant=query.meant)


def with_text(query: ActivityQuery, text: str) -> ActivityQuery:
    """The same filters with another text; acts are found under the words they are shown with."""
    return replace(query, text=text, meant=words.meant_by(text))


def to_remember(query: ActivityQuery) -> dict[str, Any]:
    """The filters as they are kept between starts; what was typed is not, the table the order."""
    kept: dict[str, Any] = {}
    for one in fields(query):
        value = getattr(query, one.name)
        if one.name not in _UNKEPT and value != getattr(NOTHING_ASKED, one.name):
            kept[one.name] = value.isoformat() if isinstance(value, date) else value
    return kept


def remembered(kept: object) -> ActivityQuery:
    """The filters kept; anything unreadable in them is no filter."""
    if not isinstance(kept, dict):
        return ActivityQuery()
    texts = {name: kept[name] for name in _KEPT_TEXTS if isinstance(kept.get(name), str)}
    first, last = _day(kept.get("first")), _day(kept.get("last"))
    if first and last and first > last:
        first = last = None
    return ActivityQuery(**texts, subject=_pair(kept.get("subject")), first=first, last=last)


def asked_for(place: object) -> ActivityQuery | None:
    """What another page wants to see: a query, or filters by their names; None for neither."""
    if isinstance(place, ActivityQuery):
        return place
    return remembered(place) if isinstance(place, dict) else None


def _pair(kept: object) -> tuple[str, str] | None:
    if not isinstance(kept, list | tuple) or len(kept) != 2:
        return None
    kind, name = kept
    return (kind, name) if isinstance(kind, str) and isinstance(name, str) else None


def _day(kept: object) -> date | None:
    try:
        return date.fromisoformat(kept) if isinstance(kept, str) else None
    except ValueError:
        return None


# Where a record leads ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Target:
    """Something a record is about that another page shows."""

    words: str
    page: str
    place: object = None


def targets(record: AuditRecord) -> tuple[Target, ...]:
    """Where a record leads: the thing it was done to first, then what it names."""
    return tuple(dict.fromkeys((*_of_subject(record), *_of_values(record))))


def _of_subject(record: AuditRecord) -> tuple[Target, ...]:
    kind, name = record.subject_kind, record.subject
    said = audit_names.thing(record, audit_names.kinds())
    if kind == "user":
        return (Target(write.text(name), "users", name),)
    if kind in {"request", "price list"} and name.isdecimal():
        return (Target(said, "requests" if kind == "request" else "prices", int(name)),)
    if kind in {"staff", "database"}:
        return (Target(said, "settings", (kind, name)),)
    if kind == "reply":
        return (Target(said, "requests", (kind, name)),)
    return ()


def _of_values(record: AuditRecord) -> tuple[Target, ...]:
    user = record.subject if record.subject_kind == "user" else value_of(record, "user")
    if not isinstance(user, str):
        return ()
    found = []
    if record.subject_kind != "user":
        found.append(Target(write.text(user), "users", user))
    for name, said in (("charge", tr("Charge {number}")), ("grant", tr("Grant {number}"))):
        number = value_of(record, name)
        if isinstance(number, int) and not isinstance(number, bool):
            words_of = said.format(number=number)
            found.append(Target(words_of, "users", (user, name, number)))
    return tuple(found)


@dataclass(frozen=True)
class Narrowing:
    """A filter that leaves what is like a record, in words; ``name`` is that of the query."""

    words: str
    name: str
    value: object


def narrowings(record: AuditRecord) -> tuple[Narrowing, ...]:
    """The filters that a record suggests: by who did it, what it was, and on whom."""
    user = user_of(record)
    on = ("user", user) if user else (record.subject_kind, record.subject)
    thing = write.short(user or audit_names.thing(record, audit_names.kinds()))
    staff = write.short(record.staff)
    act = write.short(audit_names.act_name(record.act, audit_names.acts()))
    return (
        Narrowing(tr("Only what {staff} did", staff=staff), "staff", record.staff),
        Narrowing(tr("Only “{act}”", act=act), "act", record.act),
        Narrowing(tr("Only what was done to {thing}", thing=thing), "subject", on),
    )
