"""Price lists: showing, exporting, comparing, publishing, withdrawing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from app.cli import values
from app.cli.call import Call, command, take_options
from app.cli.files import write_file
from app.cli.printer import Printer
from app.cli.users import At
from app.domain.price_changes import Change
from app.domain.prices import PriceVersion, VersionState
from app.ui import format as write

group = typer.Typer(help="Show, compare and publish price lists.")
take_options(group)

File = Annotated[Path, typer.Argument(metavar="FILE", help="A pricing.json.")]
Version = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        parser=values.record("price list"),
        help="A version of the price list (default: the one in force).",
    ),
]


@dataclass(frozen=True, slots=True)
class Exported:
    """A price list that was written to a file."""

    path: str
    version: int


@command(group)
def show(call: Call, *, at: At = None) -> None:
    """Show the price list in force now, or at an instant."""
    with call.desk() as desk:
        zone = ZoneInfo(desk.zone)
        version = desk.pricing.current(values.instant(at, zone))
        call.show(version, lambda out: _version(out, version), zone)


@command(group)
def versions(call: Call) -> None:
    """Show every version, newest first."""
    with call.desk() as desk:
        found = desk.pricing.versions()
        call.show(found, lambda out: _versions(out, found), ZoneInfo(desk.zone))


@command(group)
def export(
    call: Call,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; - for the output.")],
    *,
    version: Version = None,
) -> None:
    """Write a price list to a file, as pricing.json has it."""
    with call.desk() as desk:
        number = version or desk.pricing.current().number
        content = desk.pricing.export(number)
        if str(file) == "-":
            Printer(ZoneInfo(desk.zone)).raw(content.decode())
            return
        write_file(file, content)
        exported = Exported(str(file), number)
        call.show(exported, lambda out: out.line(f"Price list {number} is in “{file}”."))


@command(group)
def diff(call: Call, file: File, *, version: Version = None) -> None:
    """Show what a file would change of the price list in force (or of a version)."""
    with call.desk() as desk:
        changes = desk.pricing.difference(version, desk.pricing.read(file))
        call.show(changes, lambda out: _changes(out, changes))


@command(group)
def publish(
    call: Call,
    file: File,
    *,
    note: Annotated[str, typer.Option(metavar="TEXT", help="What changes, and why.")],
    effective_at: Annotated[
        str | None,
        typer.Option("--from", metavar="INSTANT", help="From when it holds (default: now)."),
    ] = None,
    based_on: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            parser=values.record("price list"),
            help="The version it was edited from (default: the latest); refused if another"
            " was published since.",
        ),
    ] = None,
) -> None:
    """Publish a file as a new version of the price list."""
    with call.desk() as desk:
        zone = ZoneInfo(desk.zone)
        prices = desk.pricing.read(file)
        version = desk.pricing.publish(
            prices,
            based_on=based_on or _latest(desk.pricing.versions()),
            note=note,
            effective_at=values.instant(effective_at, zone, "instant from which it holds"),
        )
        call.show(version, lambda out: _standing(out, version), zone)


@command(group, numbers=True)
def withdraw(
    call: Call,
    number: Annotated[
        int, typer.Argument(metavar="N", parser=values.record("price list"), help="Its number.")
    ],
) -> None:
    """Withdraw a version that does not hold yet."""
    with call.desk() as desk:
        version = desk.pricing.withdraw(number)
        call.show(version, lambda out: _standing(out, version), ZoneInfo(desk.zone))


def _latest(versions: list[PriceVersion]) -> int:
    return max(v.number for v in versions if v.state is not VersionState.WITHDRAWN)


def _state(version: PriceVersion) -> str:
    return version.state.value.replace("_", " ")


def _start(out: Printer, version: PriceVersion) -> str:
    return out.exactly(version.effective_at) or "the beginning"


def _standing(out: Printer, version: PriceVersion) -> None:
    out.facts(
        [
            ("Price list", f"{version.number} ({_state(version)})"),
            ("Holds from", _start(out, version)),
            ("Published", f"{out.exactly(version.published_at)} by {version.author}"),
            ("Based on", str(version.based_on or "")),
            ("Withdrawn", out.exactly(version.withdrawn_at)),
            ("Withdrawn by", version.withdrawn_by),
            ("Note", version.note),
        ]
    )


def _version(out: Printer, version: PriceVersion) -> None:
    _standing(out, version)
    prices = version.prices
    out.line()
    paid = [(f.key, f.name, f.description, f.credits) for f in prices.features]
    free = [(action.key, action.name, "", 0) for action in prices.free_actions]
    out.table(("feature", "name", "description", ">credits"), paid + free, empty="No features.")
    out.line()
    policy = prices.policy
    support = policy.support
    plans = (
        (f"{plan.capitalize()} each month", write.counted(credits, "credit"))
        for plan, credits in policy.plans.items()
    )
    bonuses = (("Sign-up bonus", policy.signup), ("Referral reward", policy.referral))
    out.facts(
        [
            *plans,
            *((name, f"{bonus.credits:,} for {bonus.valid}") for name, bonus in bonuses),
            ("Support may give", f"{support.limit_per_grant:,} at once"),
            ("", f"{support.limit_per_day:,} in a day, for {support.default_validity}"),
            ("Reasons", ", ".join(reason.key for reason in support.reasons)),
            ("Buying credits", "on" if policy.top_up.enabled else "off"),
            ("Billing zone", policy.timezone),
        ]
    )


def _versions(out: Printer, versions: list[PriceVersion]) -> None:
    out.table(
        (">version", "state", "from", "published", "by", "note"),
        (
            (
                str(version.number),
                _state(version),
                "the beginning"
                if version.effective_at is None
                else out.instant(version.effective_at),
                out.exactly(version.published_at),
                version.author,
                version.note,
            )
            for version in versions
        ),
        empty="There is no price list.",
    )


def _changes(out: Printer, changes: tuple[Change, ...]) -> None:
    for change in changes:
        out.line(change.sentence)
    if not changes:
        out.line("There is no difference.")
