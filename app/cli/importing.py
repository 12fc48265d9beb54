"""Files of users, plans, usage and requests: importing them, and taking an import back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from app.cli import errors, values
from app.cli.call import Call, command, take_options
from app.cli.files import write_file
from app.cli.printer import Printer
from app.cli.progress import progress
from app.cli.putting_right import Note, ReasonOption
from app.domain.errors import InvalidValue
from app.domain.imports import ImportReport, ImportRun, Reversal
from app.services.imports import How
from app.ui import format as write

group = typer.Typer(help="Import users, plans, usage and requests from CSV or JSON Lines.")
take_options(group)

MOST_SHOWN = 20
File = Annotated[
    Path, typer.Argument(metavar="FILE", help="CSV with a header row, or JSON Lines (.jsonl).")
]
Zone = Annotated[
    str | None,
    typer.Option(metavar="ZONE", help="Where instants without an offset are read: Europe/Berlin."),
]
Column = Annotated[
    list[str] | None,
    typer.Option(metavar="OURS=THEIRS", help="A column that the file calls otherwise."),
]
Ignore = Annotated[
    list[str] | None, typer.Option(metavar="THEIRS", help="A column of the file to pass over.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what it would do.")]
BadRows = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Save the rows that were left out, to mend and import them."),
]
ImportId = Annotated[
    int, typer.Argument(metavar="ID", parser=values.record("import"), help="Its number.")
]


def importing(kind: str, about: str) -> Callable[..., None]:
    """The command that imports a kind of file."""

    def run(
        call: Call,
        file: File,
        *,
        zone: Zone = None,
        column: Column = None,
        ignore: Ignore = None,
        dry_run: DryRun = False,
        bad_rows: BadRows = None,
    ) -> None:
        how = How(zone=zone, columns=_columns(column), ignored=tuple(ignore or ()))
        take(call, kind, file, how, dry_run=dry_run, bad_rows=bad_rows)

    run.__doc__ = about
    return run


users = importing(
    "users", "Register users: user_id,email,name,registered_at[,referral_code,referred_by]."
)
plans = importing("plans", "Change plans: user_id,plan,at.")
usage = importing("usage", "Charge uses: user_id,feature,occurred_at,key[,quantity,outcome,job].")
requests = importing("requests", "Open requests: ticket,user,opened_at,message[,category,credits].")
for name, work in (("users", users), ("plans", plans), ("usage", usage), ("requests", requests)):
    command(group, name)(work)


@command(group, "list")
def every(call: Call) -> None:
    """Show every import on record, newest first."""
    with call.desk() as desk:
        runs = desk.imports.list()
        call.show(runs, lambda out: _runs(out, runs), ZoneInfo(desk.zone))


@command(group, numbers=True)
def reverse(
    call: Call,
    import_id: ImportId,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, only say what it does.")] = (
        False
    ),
    reason: ReasonOption = "given_in_error",
    note: Note = "",
) -> None:
    """Refund every charge of an import, all or none, once."""
    with call.desk() as desk, progress(f"Reversing import {import_id}") as tell:
        done = desk.imports.reverse(
            import_id, dry_run=not yes, reason=reason, note=note, progress=tell
        )
        call.show(done, lambda out: _reversal(out, done), ZoneInfo(desk.zone))


def take(
    call: Call, kind: str, file: Path, how: How, *, dry_run: bool, bad_rows: Path | None
) -> None:
    """Import a file of one kind (or only look what that would do), and say what came of it."""
    with call.desk() as desk:
        with progress(f"Importing {file.name}") as tell:
            how["progress"] = tell
            if dry_run:
                report = desk.imports.preview(kind, file, **how).report
            else:
                report = desk.imports.take(kind, file, **how)
        if bad_rows is not None:
            why = {row.line: row.sentence for row in report.bad}
            write_file(bad_rows, desk.imports.left_out(file, why))
        call.show(report, lambda out: _report(out, report, dry_run=dry_run), ZoneInfo(desk.zone))
    if report.bad and len(report.bad) == report.read:
        raise typer.Exit(errors.FAILED)  # not one row was good: nothing was imported


def _columns(column: list[str] | None) -> dict[str, str] | None:
    return dict(map(_renamed, column)) if column else None


def _renamed(text: str) -> tuple[str, str]:
    ours, equals, theirs = text.partition("=")
    if not (ours and equals and theirs):
        message = f"The column “{text}” is not written like user_id=uid."
        raise InvalidValue(message, field="column", value=text)
    return ours, theirs


def _report(out: Printer, report: ImportReport, *, dry_run: bool) -> None:
    on_record = report.same - report.repeated
    repeated = f" {report.repeated:,} twice in the file," if report.repeated else ""
    begun = "A dry run" if dry_run else f"Import {report.import_id}"
    out.line(
        f"{begun}: {write.counted(report.read, 'row')} of “{report.file}” read:"
        f" {report.added:,} added, {on_record:,} the same as on record,{repeated}"
        f" {report.refused:,} refused for want of credits, {len(report.bad):,} left out."
    )
    for row in report.bad[:MOST_SHOWN]:
        out.line(f"Line {row.line:,}: {row.sentence}")
    more = len(report.bad) - MOST_SHOWN
    if more > 0:
        out.line(f"… and {more:,} more; --bad-rows FILE saves them all.")
    if dry_run:
        out.line("Nothing was changed.")


def _runs(out: Printer, runs: list[ImportRun]) -> None:
    out.table(
        (
            ">import", "kind", "file", out.when, "by", ">read", ">added", ">same", ">refused",
            ">left out", "reversed",
        ),
        (
            (
                str(run.id), run.kind, run.file, out.instant(run.at), run.staff, run.read,
                run.added, run.same, run.refused, run.bad,
                out.instant(run.reversed_at) if run.reversed_at else "",
            )
            for run in runs
        ),
        empty="Nothing was imported.",
    )  # fmt: skip


def _reversal(out: Printer, done: Reversal) -> None:
    charges = write.counted(done.charges, "charge")
    credits = write.counted(done.credits, "credit")
    word = "would refund" if done.dry_run else "refunded"
    out.line(f"Reversing import {done.import_id} {word} {charges} of {credits}.")
    back, anew = "goes back", "comes as new grants until the end of the month"
    out.line(
        f"Of that, {done.returned:,} {back} to grants still usable; {done.regranted:,} {anew}."
    )
    if done.refunded_before:
        before = write.counted(done.refunded_before, "charge")
        out.line(f"{before} had been refunded before.")
    if done.dry_run:
        out.line("Nothing was changed; with --yes it is done.")
