"""Credits for everybody in a file: a dry run first, then one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from app.cli import errors, values
from app.cli.call import Call
from app.cli.printer import Printer
from app.cli.progress import progress
from app.cli.putting_right import Key, ReasonOption
from app.domain.errors import BadFile
from app.domain.giving import BatchPlan, BatchReport, Fate, IssuedGrant, PlannedGrant
from app.domain.recipients import decoded
from app.ui import format as write


def grant_many(
    call: Call,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A list or CSV of ids, mail addresses or referral codes, perhaps with amounts.",
        ),
    ],
    *,
    credits: Annotated[
        int | None,
        typer.Option(
            parser=values.whole("number of credits"),
            metavar="CREDITS",
            help="For every row without an amount of its own.",
        ),
    ] = None,
    reason: ReasonOption,
    note: Annotated[str, typer.Option(metavar="TEXT", help="What happened, in your words.")],
    ticket: Annotated[str, typer.Option(metavar="TICKET", help="The ticket they are given for.")],
    expires: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help="As for grant: an instant, month_end, 30d, P1Y."),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also to who got credits for the ticket already.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, only say what it does.")] = (
        False
    ),
    key: Key = None,
) -> None:
    """Issue credits to everybody in a file, each once, within your limits."""
    text = _text(file)
    with call.desk() as desk, progress("Issuing credits") as tell:
        zone = ZoneInfo(desk.zone)
        until, validity = values.expiry(expires, zone)
        valid = until or validity
        plan = desk.support.preview_many(
            text, credits, ticket=ticket, again=again, reason=reason, valid=valid
        )
        if not yes:
            call.show(plan, lambda out: _plan(out, plan), zone)
            return
        report = desk.support.issue_many(
            plan.recipients,
            credits,
            reason=reason,
            note=note,
            ticket=ticket,
            valid=valid,
            key=key,
            again=again,
            progress=None if tell is None else lambda done, every: tell(done / max(1, every)),
        )
        call.show(report, lambda out: _report(out, report), zone)
    if not report.whole or not report.count(Fate.GIVE, Fate.WAIT):
        raise typer.Exit(errors.FAILED)


def _text(file: Path) -> str:
    try:
        return decoded(file.read_bytes(), file.name)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        message = f"The file “{file}” cannot be read: {why}."
        raise BadFile(message, path=str(file)) from error


def _plan(out: Printer, plan: BatchPlan) -> None:
    said = [row for row in plan.rows if row.problem or row.warning]
    _table(out, said)
    users = write.counted(plan.count(Fate.GIVE), "user")
    out.line(f"{users} would get {write.counted(plan.credits(Fate.GIVE), 'credit')} at once,")
    out.line(f"{plan.count(Fate.WAIT):,} would wait for approval, {_others(plan)}.")
    out.line("Nothing was changed; with --yes it is done.")


def _report(out: Printer, report: BatchReport) -> None:
    _table(out, [row for row in report.rows if row.sentence])
    users = write.counted(report.count(Fate.GIVE), "user")
    out.line(f"{users} got {write.counted(report.credits(Fate.GIVE), 'credit')},")
    out.line(f"{report.count(Fate.WAIT):,} wait for approval, {_others(report)}.")
    if not report.whole:
        out.line(f"{report.trouble} With --key {report.key} the same again reaches the rest.")


def _others(of: BatchPlan | BatchReport) -> str:
    bad = write.counted(of.count(Fate.BAD), "row")
    return f"{of.count(Fate.SKIP):,} left out, {bad} not usable"


def _table(out: Printer, rows: list[PlannedGrant] | list[IssuedGrant]) -> None:
    out.table(
        (">line", "user", "what", "why"),
        (
            (
                row.line,
                row.who,
                row.fate.value,
                write.with_instants(_why(row), out.zone),
            )
            for row in rows
        ),
        empty="Every row is good.",
    )


def _why(row: PlannedGrant | IssuedGrant) -> str:
    return row.sentence if isinstance(row, IssuedGrant) else row.problem or row.warning
