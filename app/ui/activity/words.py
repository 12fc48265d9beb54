"""The audit record in plain words: acts, what they were done to, values. No Qt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, tzinfo
from typing import Any, Final

from app.domain.activity import MISSING, ActivityQuery, Change, changes, user_of
from app.domain.audit import AuditRecord
from app.ui import format as write
from app.ui.activity.value_names import named_value, reason_name, value_name
from app.ui.audit_names import act_name, acts, kind_name, kinds, thing
from app.ui.language import tr, trn

_NUMBERED: Final = frozenset(
    {
        "grant",
        "charge",
        "approval",
        "import",
        "request",
        "refund",
        "price list",
        "version",
        "id",
    }
)
"""Values that are the number of something: never grouped like an amount."""
_TELLING: Final = {"credits": 0, "file": 0, "ticket": 1, "note": 2, "email": 2}
_REASON: Final = re.compile(r"[a-z]+(_[a-z]+)*")
_SHOWN: Final = 3
_SHORT: Final = 48


def meant_by(text: str) -> tuple[str, ...]:
    """The acts whose plain words have every word typed: “issued” is the act “issue credits”."""
    words = text.casefold().split()
    if not words:
        return ()
    return tuple(
        act for act, said in acts().items() if all(word in said.casefold() for word in words)
    )


def subject(record: AuditRecord, named: Mapping[str, str]) -> str:
    """What it was done to, and whose that is: usr_8812, or Request 12 · usr_8812."""
    said = thing(record, named)
    user = user_of(record)
    return f"{said} · {write.text(user)}" if user and record.subject_kind != "user" else said


def whom(record: AuditRecord, kinds: Mapping[str, str], named: Callable[[str], str]) -> str:
    """What it was done to as a list has it: a user by name where that is known, or Request 12."""
    name = named(record.subject) if record.subject_kind == "user" else ""
    return write.text(name) if name else thing(record, kinds)


def whom_tip(record: AuditRecord, kinds: Mapping[str, str], named: Callable[[str], str]) -> str:
    """The same whole: the name of the user too, and the id."""
    name = named(user_of(record))
    said = subject(record, kinds)
    return f"{write.text(name)}\n{said}" if name else said


def home_of(addresses: Iterable[str]) -> str:
    """Where most of the staff have their addresses; empty where none has one.

    Whoever is signed in may be the one who has none.
    """
    homes = Counter(one.rpartition("@")[2] for one in addresses if "@" in one)
    return max(homes, key=lambda home: (homes[home], home), default="")


def person(address: str, home: str) -> str:
    """Who it was, short where most addresses end alike: ana, or ana@elsewhere.example."""
    said = write.text(address)
    return said.removesuffix(f"@{home}") or said if home else said


def shortly(record: AuditRecord, zone: tzinfo | None = None) -> str:
    """What an act changed, on one line: plan: free → plus, credits: 24."""
    told = [one for one in changes(record) if one.mark or one.after is MISSING]
    told.sort(key=_weight)
    said = [_short_change(change, zone) for change in told[:_SHOWN]]
    if len(told) > _SHOWN:
        said.append("…")
    return ", ".join(said) or write.EMPTY


def why(record: AuditRecord) -> str:
    """Why it was done: a reason of the list in words, or the note as it was written."""
    said = write.text(record.why)
    return reason_name(said) if _REASON.fullmatch(said) else said


def path_name(path: tuple[str, ...]) -> str:
    """What a value is called: referred by, policy › plans › plus."""
    return " › ".join(map(value_name, path))


def value(path: tuple[str, ...], held: Any, zone: tzinfo | None = None) -> str:
    """A value as people read it; what is missing or empty is an em dash."""
    if held is MISSING or held is None or held in ("", {}, []):
        return write.EMPTY
    if isinstance(held, bool):
        return tr("yes") if held else tr("no")
    if isinstance(held, int):
        return str(held) if path[-1].replace("_", " ") in _NUMBERED else write.credits(held)
    if isinstance(held, str):
        said = write.paragraph(named_value(path[-1], held))
        return write.with_instants(said, zone) if zone is not None else said
    return write.paragraph(str(held))


def counted(count: int) -> str:
    """How many records."""
    return trn("{count} record", "{count} records", count)


def counted_so_far(count: int) -> str:
    """How many records, where others may follow."""
    return trn("{count} record so far", "{count} records so far", count)


def told_filters(query: ActivityQuery) -> list[str]:
    """What a query asks for, in words: one for each filter, then the text."""
    said = [words for words in filter_words(query).values() if words]
    if query.text.strip():
        said.append(tr("with “{text}” in it", text=write.text(query.text)))
    return said


def filter_words(query: ActivityQuery) -> dict[str, str]:
    """Each filter in words, by what it narrows; empty where it does not."""
    on = query.subject
    return {
        "staff": tr("By {staff}", staff=write.text(query.staff)) if query.staff else "",
        "act": act_name(query.act, acts()) if query.act else "",
        "kind": tr("On: {kind}", kind=kind_name(query.kind, kinds())) if query.kind else "",
        "subject": _on(*on) if on else "",
        "days": _days(query.first, query.last),
    }


def csv_heading(query: ActivityQuery, zone: tzinfo, at: datetime) -> list[str]:
    """What a file says of itself before its rows."""
    said = "; ".join(told_filters(query)) or tr("everything")
    return [
        tr("Activity: {filters}", filters=said),
        tr("Read {instant}", instant=write.exact(at, zone)),
        tr("Days are those of the zone {zone}; instants are in UTC.", zone=write.zone_name(zone)),
    ]


def _on(kind: str, name: str) -> str:
    said = {
        "user": tr("On user {name}"),
        "request": tr("On request {name}"),
        "charge": tr("On charge {name}"),
        "price list": tr("On price list {name}"),
        "import": tr("On import {name}"),
        "staff": tr("On staff {name}"),
        "reply": tr("On reply {name}"),
        "month": tr("On month {name}"),
        "database": tr("On database {name}"),
    }.get(kind)
    if said is None:
        return tr("On {kind} {name}", kind=write.text(kind), name=write.text(name))
    return said.format(name=write.text(name))


def _days(first: date | None, last: date | None) -> str:
    if first and last:
        if first == last:
            return tr("On {day}", day=write.day(first))
        return tr("{first} – {last}", first=write.day(first), last=write.day(last))
    if first:
        return tr("From {day}", day=write.day(first))
    return tr("Until {day}", day=write.day(last)) if last else ""


def _weight(change: Change) -> tuple[bool, int]:
    """What changed comes first, then what says most."""
    name = change.path[-1]
    last = len(_TELLING) + (name in _NUMBERED)
    return change.mark != "changed", _TELLING.get(name, last)


def _short_change(change: Change, zone: tzinfo | None) -> str:
    name = path_name(change.path[-1:])
    before, after = (
        _shortened(value(change.path, held, zone)) for held in (change.before, change.after)
    )
    if change.mark == "changed":
        return tr("{name}: {before} → {after}", name=name, before=before, after=after)
    return tr("{name}: {value}", name=name, value=before if change.after is MISSING else after)


def _shortened(text: str) -> str:
    line = write.text(text)
    return line if len(line) <= _SHORT else f"{line[: _SHORT - 1].rstrip()}…"
