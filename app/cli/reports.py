"""What is used, by month; and what a user's own account page shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from app.cli import values
from app.cli.call import Call
from app.cli.printer import RIGHT, Printer
from app.cli.users import At, UserId
from app.domain.consumption import MonthlyConsumption
from app.domain.statements import Statement
from app.ui import format as write
from app.ui.columns import exported

FirstMonth = Annotated[str, typer.Argument(metavar="FIRST", help="The first month, YYYY-MM.")]
LastMonth = Annotated[str, typer.Argument(metavar="LAST", help="The last month, YYYY-MM.")]


def report(
    call: Call,
    first: FirstMonth,
    last: LastMonth,
    *,
    by: Annotated[str, typer.Option(metavar="WHAT", help="feature, family or plan.")] = "feature",
    measure: Annotated[
        str, typer.Option(metavar="WHAT", help="credits, uses, users, refused or refunded.")
    ] = "credits",
    as_csv: Annotated[bool, typer.Option("--csv", help="Write CSV.")] = False,
) -> None:
    """Show what was used in each month."""
    if as_csv and call.as_json:
        raise typer.BadParameter("--csv and --json exclude each other.")
    with call.desk() as desk:
        found = desk.consumption.monthly(first, last, by=by, measure=measure)
        zone = ZoneInfo(desk.zone)
        if as_csv:
            Printer(zone).raw(_csv(found))
            return
        call.show(found, lambda out: _report(out, found), zone)


def statement(
    call: Call,
    user_id: UserId,
    *,
    at: At = None,
    month: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="Over this month only.")
    ] = None,
) -> None:
    """Show what a user's own account page shows: balance, expiry, use by feature and month."""
    with call.desk() as desk:
        zone = ZoneInfo(desk.zone)
        found = desk.statements.of(user_id, at=values.instant(at, zone), month=month)
        call.show(found, lambda out: _statement(out, found), zone)


def _csv(found: MonthlyConsumption) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([found.by, "name", *map(str, found.months)])
    rows.writerows([exported(cell) for cell in row] for row in _rows(found))
    return text.getvalue()


def _rows(found: MonthlyConsumption) -> Iterator[tuple[object, ...]]:
    for series in found.series:
        yield (series.key, series.name, *series.values)
    yield ("total", "Total", *found.totals)


def _report(out: Printer, found: MonthlyConsumption) -> None:
    months = [f"{RIGHT}{month}" for month in found.months]
    out.line(f"{found.measure.capitalize()} by {found.by} and month ({out.zone.key})")
    if not found.series:
        out.line("Nothing was used.")
        return
    out.table([found.by, *months], (row[1:] for row in _rows(found)), empty="")
    if found.running is not None:
        month = found.months[found.running]
        out.line(f"{month} is not over yet: it is counted until {out.exactly(found.as_of)}.")
    if found.projection is not None:
        out.line(f"At this pace it comes to about {found.projection:,} by its end.")


def _statement(out: Printer, found: Statement) -> None:
    span = "whole account" if found.first is None else f"{found.first} to {found.last}"
    out.facts(
        [
            ("User", f"{found.user.user_id}  {found.user.name}"),
            ("Plan", found.plan),
            ("As of", out.exactly(found.at)),
            ("Over", str(found.first) if found.first == found.last else span),
            ("Available", write.counted(found.available, "credit")),
        ]
    )
    out.line()
    out.table(
        (f"until ({out.zone.key})", ">credits"),
        ((out.instant(together.expires_at), together.credits) for together in found.expiring),
        empty="Nothing is left to expire.",
    )
    out.line()
    moved = [
        (movement.kind.value.replace("_", " "), movement.credits) for movement in found.movements
    ]
    out.table(
        ("in and out", ">credits"),
        [("before", found.opening), *moved, ("available", found.available)],
        empty="",
    )
    out.line()
    out.table(
        ("month", "feature", ">uses", ">credits", ">refused"),
        (
            (str(used.month), used.name, used.uses, used.credits, used.refused)
            for used in found.usage
        ),
        empty="Nothing was used.",
    )
