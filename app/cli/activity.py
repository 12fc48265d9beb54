"""What staff did, from the audit record: the same rows as the page of activity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from app.cli import values
from app.cli.call import Call
from app.cli.files import write_lines
from app.cli.printer import Printer
from app.cli.progress import progress
from app.desk import Desk
from app.domain.activity import ORDERS, ActivityQuery
from app.domain.audit import AuditRecord
from app.domain.errors import InvalidValue
from app.ui import audit_names
from app.ui.activity import words
from app.ui.activity.columns import activity_columns, activity_csv

Limit = Annotated[
    int, typer.Option(metavar="N", parser=values.limit, help="At most so many, the first.")
]


@dataclass(frozen=True, slots=True)
class Saved:
    """A file of records that was written."""

    path: str
    records: int


def activity(
    call: Call,
    *,
    by: Annotated[
        str | None, typer.Option("--by", metavar="STAFF", help="Only acts of this address.")
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="USER", help="Only what was done to this user."),
    ] = None,
    act: Annotated[
        str | None, typer.Option("--act", metavar="ACT", help="Only this act: “issue credits”.")
    ] = None,
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="DAY", help="From this day on: 2026-11-22, yesterday."),
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help="Up to this day, it included.")
    ] = None,
    search: Annotated[
        str | None,
        typer.Option("--search", metavar="TEXT", help="Only records with these words in them."),
    ] = None,
    as_file: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Save all of them, whatever the limit."),
    ] = None,
    sort: Annotated[
        str,
        typer.Option(
            "--sort", metavar="ORDER", help=f"By {', '.join(ORDERS)}; -ORDER turns it around."
        ),
    ] = "-at",
    limit: Limit = 50,
) -> None:
    """Show what staff did: who, when, what, on whom, why, before and after; the newest first."""
    with call.desk() as desk:
        zone = ZoneInfo(desk.zone)
        query = ActivityQuery(
            text=search or "",
            staff=by or "",
            act=_act(desk, act),
            subject=None if on is None else ("user", desk.accounts.user(on).user_id),
            first=values.day(first, zone, desk.now(), "first day"),
            last=values.day(last, zone, desk.now(), "last day"),
            meant=words.meant_by(search or ""),
            order=sort.removeprefix("-"),
            descending=sort.startswith("-"),
        )
        if as_file is not None:
            saved = _save(desk, query, as_file, zone)
            call.show(saved, lambda out: out.line(_saved(saved)), zone)
            return
        found = desk.activity.page(query, limit=limit)
        call.show(found, lambda out: _records(out, found), zone)


def _act(desk: Desk, act: str | None) -> str:
    """An act as it is recorded, or as the page calls it."""
    if act is None:
        return ""
    wanted = act.strip().casefold()
    known = {name.casefold(): name for name in desk.activity.choices().acts}
    said = {
        audit_names.act_name(name, audit_names.acts()).casefold(): name for name in known.values()
    }
    found = known.get(wanted) or said.get(wanted)
    if found is None:
        message = f"“{act}” is not an act on record; on record are: {', '.join(known.values())}."
        raise InvalidValue(message, field="act", value=act)
    return found


def _save(desk: Desk, query: ActivityQuery, path: Path, zone: ZoneInfo) -> Saved:
    count = desk.activity.listing(replace(query, order="at")).count  # nothing to sort for that
    with progress("Saving") as tell:

        def told(written: int) -> None:
            if tell is not None:
                tell(written / max(1, count))

        rows = desk.activity.every(query)
        columns = activity_columns(zone, desk.now)
        write_lines(path, activity_csv(columns, query, rows, told, zone=zone, at=desk.now()))
    return Saved(str(path), count)


def _saved(saved: Saved) -> str:
    return f"{words.counted(saved.records)} saved to “{saved.path}”."


def _records(out: Printer, found: list[AuditRecord]) -> None:
    out.table(
        (">record", out.when, "who", "what", "on whom", "why", "before and after"),
        _rows(out, found),
        empty="No record matches.",
    )


def _rows(out: Printer, found: list[AuditRecord]) -> Iterator[tuple[object, ...]]:
    acts, kinds = audit_names.acts(), audit_names.kinds()
    for one in found:
        yield (
            one.id,
            out.instant(one.at),
            one.staff,
            audit_names.act_name(one.act, acts),
            words.subject(one, kinds),
            words.why(one),
            words.shortly(one, out.zone),
        )
