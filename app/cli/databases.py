"""The database itself: making one, a made-up one, and the turn of a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app import start
from app.cli import values
from app.cli.call import Call
from app.cli.printer import Printer
from app.cli.progress import progress
from app.services import demo as demos
from app.services.office import ReleaseReport
from app.ui import format as write


@dataclass(frozen=True, slots=True)
class NewDatabase:
    """A database that was made, and what it starts with."""

    path: str
    zone: str
    sandbox: bool
    staff: str
    price_version: int


def init(
    call: Call,
    *,
    pricing: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The price list it starts with (default: ours)."),
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option(metavar="ZONE", help="Its billing zone for ever (default: the price list's)."),
    ] = None,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="For trying things out: its clock may be frozen.")
    ] = False,
) -> None:
    """Make a new database; whoever makes it is its first admin."""
    with start.make(call.choice, pricing=pricing, zone=zone, sandbox=sandbox) as desk:
        made = NewDatabase(
            str(desk.path), desk.zone, desk.sandbox, desk.staff_email, desk.pricing.current().number
        )
        call.show(made, lambda out: _made(out, made))


@dataclass(frozen=True, slots=True)
class NewDemo:
    """A made-up database: as of when it is, and who is its admin besides its own staff."""

    path: str
    users: int
    seed: int
    now: datetime
    staff: str


def demo(
    call: Call,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Where to; nothing may be there.")],
    *,
    users: Annotated[
        int, typer.Option(metavar="N", parser=values.whole("number of users"), help="How many.")
    ] = demos.USERS,
    events: Annotated[
        int | None,
        typer.Option(
            metavar="M",
            parser=values.whole("number of events"),
            help="About how many uses (default: as many as such users have).",
        ),
    ] = None,
    months: Annotated[
        int,
        typer.Option(
            metavar="K",
            parser=values.whole("number of months"),
            help="How many months ago the first user came, 24 or more.",
        ),
    ] = demos.MONTHS,
    seed: Annotated[
        int,
        typer.Option(metavar="S", parser=values.whole("seed"), help="The same gives the same."),
    ] = demos.SEED,
) -> None:
    """Make a made-up database: two years or more of users with stories, the same every time."""
    with progress(f"Making {out.name}") as tell:
        demos.build(out, users=users, events=events, months=months, seed=seed, progress=tell)
    person = start.add_to_demo(out, call.choice)
    made = NewDemo(str(out), users, seed, demos.PRESENT, person)
    call.show(made, lambda printer: _demo(printer, made))


def _demo(out: Printer, made: NewDemo) -> None:
    out.facts(
        [
            ("Database", made.path),
            ("Users", f"{made.users:,}"),
            ("Clock", f"stands still at {out.exactly(made.now)}; --now takes it elsewhere"),
            ("Admin", made.staff),
        ]
    )


def release_month(
    call: Call,
    month: Annotated[
        str | None, typer.Argument(metavar="[YYYY-MM]", help="Up to which (default: this one).")
    ] = None,
) -> None:
    """Store the monthly allowances that are due to everybody."""
    with call.desk() as desk:
        report = desk.accounts.release_month(month)
        call.show(report, lambda out: _released(out, report))


def _made(out: Printer, made: NewDatabase) -> None:
    out.facts(
        [
            ("Database", made.path),
            ("Billing zone", made.zone),
            ("First admin", made.staff),
            ("Clock", "may be frozen" if made.sandbox else "the computer's"),
        ]
    )


def _released(out: Printer, report: ReleaseReport) -> None:
    if not report.grants:
        out.line("Nothing was due.")
        return
    out.line(
        f"{write.counted(report.credits, 'credit')} were released in"
        f" {write.counted(report.grants, 'grant')}, for"
        f" {', '.join(str(month) for month in report.months)}."
    )
