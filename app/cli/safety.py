"""Keeping the books safe: proving them, backing them up, looking into a backup, restoring it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from app.cli import errors, values
from app.cli.call import Call
from app.cli.printer import Printer
from app.cli.progress import progress
from app.domain.backups import Content, DailyRun, Inspection, Tally
from app.domain.integrity import Report, Restored
from app.ui import format as write

KEPT = 14
"""How many daily backups are kept, where nothing else is said."""


def verify(call: Call) -> None:
    """Prove that the books balance and that each audit record follows from the one before."""
    with call.desk() as desk:
        with progress("Verifying") as tell:
            report = desk.integrity.verify(_by_rule(tell))
        call.show(report, lambda out: _verified(out, report), ZoneInfo(desk.zone))
    if not report.ok:
        raise typer.Exit(errors.FAILED)


def _by_rule(
    tell: Callable[[float], None] | None,
) -> Callable[[int, int, str], None] | None:
    if tell is None:
        return None
    return lambda done, every, _name: tell(done / every)


def _verified(out: Printer, report: Report) -> None:
    counts = report.counts
    looked = (
        f"{write.counted(counts.rules, 'rule')} over {write.counted(counts.users, 'user')},"
        f" {write.counted(counts.grants, 'grant')}, {write.counted(counts.charges, 'charge')}"
        f" and {write.counted(counts.audit_records, 'audit record')}"
    )
    if report.ok:
        out.line(f"The books balance: {looked} hold.")
    for violation in report.violations:
        out.line(f"{violation.name}: {violation}")
    out.facts([("Checked", out.exactly(report.checked_at)), ("Audit head", report.audit_head)])
    out.line("Only a head noted elsewhere shows whether the newest audit records were cut off.")


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was made."""

    path: str


def backup(
    call: Call,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Where to.")],
    *,
    daily: Annotated[
        bool,
        typer.Option("--daily", help="PATH is a folder: today's, unless it is there already."),
    ] = False,
    keep: Annotated[
        int,
        typer.Option(
            metavar="N",
            parser=values.whole("number of backups"),
            help="With --daily: how many stay; older ones of this database are removed.",
        ),
    ] = KEPT,
) -> None:
    """Copy the database to a file, whole and checked, while others may write."""
    with call.desk() as desk:
        if daily:
            run = desk.backups.daily(path, keep=keep)
            call.show(run, lambda out: _daily(out, run))
            return
        made = BackedUp(str(desk.integrity.backup(path)))
        call.show(made, lambda out: out.line(f"The database is backed up at “{made.path}”."))


def _daily(out: Printer, run: DailyRun) -> None:
    what = "is made" if run.made else "was there already"
    out.line(f"The backup of {run.newest.day} {what}: “{run.newest.path}”.")
    for path in run.removed:
        out.line(f"“{path}” is removed.")


def restore(
    call: Call,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A backup.")],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only look inside: what it holds, what would be lost.")
    ] = False,
) -> None:
    """Put a backup in the place of the database; what was there is kept beside it."""
    with call.desk() as desk:
        if dry_run:
            with progress("Looking inside") as tell:
                found = desk.backups.inspect(path, _by_rule(tell))
            call.show(found, lambda out: _inspected(out, found), ZoneInfo(desk.zone))
            return
        done = desk.integrity.restore(path)
        call.show(done, lambda out: _restored(out, done))


def _restored(out: Printer, done: Restored) -> None:
    out.line(f"“{done.source}” is restored; the database before it is kept at “{done.kept}”.")


def _inspected(out: Printer, found: Inspection) -> None:
    out.facts(
        [
            ("Backup", found.path),
            ("Size", write.file_size(found.size)),
            ("Billing zone", found.content.zone),
            ("Made", out.instant(found.content.made_at)),
            ("Prices", f"version {found.content.price_version}, {found.content.price_note}"),
            ("Last act", _last_act(out, found.content)),
            ("Sound", "yes" if found.proof.ok else "no"),
        ]
    )
    for violation in found.proof.violations:
        out.line(f"{violation.name}: {violation}")
    out.title("What it holds, and what this database holds now")
    held, now = found.content.tally, found.now.tally
    out.table(
        ("of", ">backup", ">now", ">difference"),
        ((name, *counts(name, held, now)) for name in Tally.__slots__),
        empty="Nothing.",
    )
    out.line(standing(found))
    for record in found.lost:
        out.line(f"{out.instant(record.at)}  {record.staff}: {record.act} {record.subject}")
    out.line("Nothing was changed.")


def counts(name: str, held: Tally, now: Tally) -> tuple[int, int, int]:
    """How many there are in the backup, how many now, and how many more now."""
    inside, here = getattr(held, name), getattr(now, name)
    return inside, here, here - inside


def standing(found: Inspection) -> str:
    """How a backup stands to the database, in a sentence."""
    if found.related:
        acts = write.counted(found.lost_acts, "act")
        return f"It is an earlier state of this database; {acts} of staff would be lost:"
    if found.ahead:
        return "It is a later state of this database, which has nothing that it does not have."
    return "It is another database, or one that went another way: everything here would be lost."


def _last_act(out: Printer, content: Content) -> str | None:
    act = content.last_act
    return None if act is None else f"{act.act} by {act.staff}, {out.instant(act.at)}"
