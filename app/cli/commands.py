"""All commands, put together."""

from __future__ import annotations

import sys

import typer

from app.cli import (
    activity,
    databases,
    drawing,
    giving_many,
    importing,
    people,
    price_lists,
    putting_right,
    reports,
    requests,
    safety,
    users,
    what_if,
)
from app.cli.call import Call, command, take_options

_EPILOG = (
    "Without a command the window opens. Every command takes the options under Everywhere, before"
    " its name or after it. Instants without an offset are read in the billing zone. Exit code 1:"
    " refused, nothing was changed; 2: wrong usage."
)
app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich" if sys.stdout is not None and sys.stdout.isatty() else None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="The credits ledger of the PixPretty photo editor.",
    epilog=_EPILOG,
)


def _window(call: Call) -> None:
    if call.as_json:
        raise typer.BadParameter("--json needs a command; --help lists them.")
    from app.cli import open_window

    raise typer.Exit(open_window(call.choice))


take_options(app, instead=_window)
command(app)(databases.init)
command(app)(databases.demo)
app.add_typer(users.group, name="user")
command(app, numbers=False)(putting_right.charge)
command(app)(putting_right.outcome)
command(app, numbers=True)(putting_right.refund)
command(app, "refund-failed")(putting_right.refund_failed)
command(app, numbers=True)(putting_right.grant)
command(app, "grant-many")(giving_many.grant_many)
command(app, numbers=True)(putting_right.void)
app.add_typer(putting_right.approvals, name="approvals")
command(app)(users.ledger)
app.add_typer(requests.group, name="requests")
command(price_lists.group, "whatif")(what_if.what_if)
app.add_typer(price_lists.group, name="prices")
command(app)(reports.report)
command(app)(reports.statement)
command(app)(activity.activity)
app.add_typer(importing.group, name="import")
app.add_typer(people.group, name="staff")
command(app, "release-month")(databases.release_month)
command(app)(safety.verify)
command(app)(safety.backup)
command(app)(safety.restore)
command(app)(drawing.pictures)
