"""The columns of the audit record, as data: the table, copying, files and commands take them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from app.domain.activity import ActivityQuery, ticket_of, user_of
from app.domain.audit import AuditRecord
from app.ui import audit_names
from app.ui import format as write
from app.ui.activity import words
from app.ui.columns import Column, csv_lines, exported, instant_column
from app.ui.language import tr

Columns = tuple[Column[AuditRecord], ...]


def activity_columns(
    zone: tzinfo,
    now: Callable[[], datetime],
    *,
    home: Callable[[], str] = lambda: "",
    named: Callable[[str], str] = lambda _user_id: "",
) -> Columns:
    """What can be shown of a record; instants in the billing zone.

    Who has an address at ``home`` (example.com) is shown by what stands before it; a user by the
    name that ``named`` has for the id.
    """
    acts, kinds = audit_names.acts(), audit_names.kinds()
    return (
        instant_column(
            "at", tr("When ({zone})"), lambda one: one.at, zone, now,
            width=156,
        ),
        Column(
            "staff", tr("Who"), lambda one: words.person(one.staff, home()),
            lambda one: one.staff, width=76, tip=lambda one: one.staff,
        ),
        Column(
            "act", tr("What"), lambda one: audit_names.act_name(one.act, acts), lambda one: one.act,
            voice="name", width=160,
            tip=lambda one: audit_names.act_name(one.act, acts),
        ),
        Column(
            "subject", tr("On whom"), lambda one: words.whom(one, kinds, named),
            lambda one: f"{one.subject_kind} {one.subject}", width=128, link=True,
            tip=lambda one: words.whom_tip(one, kinds, named),
        ),
        Column(
            "change", tr("Before and after"), lambda one: words.shortly(one, zone), _both,
            width=120, stretch=True, sortable=False, ink="text2",
            tip=lambda one: words.shortly(one, zone),
        ),
        Column(
            "why", tr("Why"), words.why, lambda one: one.why, width=112, sortable=False,
            tip=words.why,
        ),
        *_more(),
    )  # fmt: skip


def _more() -> Columns:
    """What is shown once it is asked for."""
    return (
        Column(
            "ticket", tr("Ticket"), lambda one: write.text(ticket_of(one)), ticket_of,
            voice="code", width=96, sortable=False, shown=False,
        ),
        Column(
            "user", tr("User"), lambda one: write.text(user_of(one)), user_of, voice="code",
            width=130, sortable=False, shown=False,
        ),
        Column(
            "before", tr("Before"), lambda one: _values(one.before), lambda one: _json(one.before),
            width=200, sortable=False, shown=False,
        ),
        Column(
            "after", tr("After"), lambda one: _values(one.after), lambda one: _json(one.after),
            width=200, sortable=False, shown=False,
        ),
        Column(
            "id", tr("Record"), lambda one: write.credits(one.id), lambda one: one.id,
            align="end", width=82, sortable=False, shown=False,
        ),
        Column(
            "hash", tr("Hash"), lambda one: one.hash, lambda one: one.hash, voice="code",
            width=140, sortable=False, shown=False,
        ),
    )  # fmt: skip


def activity_csv(
    columns: Sequence[Column[AuditRecord]],
    query: ActivityQuery,
    chunks: Iterable[Sequence[AuditRecord]],
    told: Callable[[int], None],
    *,
    zone: tzinfo,
    at: datetime,
) -> Iterator[str]:
    """The records as lines of CSV, under lines that begin with # and say what they are."""
    for line in words.csv_heading(query, zone, at):
        yield f'"# {exported(line).replace(chr(34), chr(34) * 2)}"\r\n'
    yield from csv_lines(columns, _each(chunks, told))


def _each(
    chunks: Iterable[Sequence[AuditRecord]], told: Callable[[int], None]
) -> Iterator[AuditRecord]:
    written = 0
    for chunk in chunks:
        yield from chunk
        written += len(chunk)
        told(written)


def _both(record: AuditRecord) -> str:
    return f"{_json(record.before)} → {_json(record.after)}"


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True) if values else ""


def _values(values: Mapping[str, Any]) -> str:
    said = (
        tr("{name}: {value}", name=words.path_name((key,)), value=words.value((key,), held))
        for key, held in values.items()
    )
    return write.text(", ".join(said))
