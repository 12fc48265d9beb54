"""Users: registering, finding, showing, changing plans; their ledgers."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from app.cli import values
from app.cli.call import Call, command, take_options
from app.cli.printer import Printer
from app.domain.calendar import Month
from app.domain.grants import Grant
from app.domain.ledger import EntryKind, LedgerEntry, grant_name
from app.domain.users import Account, User, UserSummary
from app.ui import format as write

group = typer.Typer(help="Register, find and show users, and change their plans.")
take_options(group)

UserId = Annotated[str, typer.Argument(metavar="ID", help="The product's id of the user.")]
At = Annotated[
    str | None,
    typer.Option(metavar="INSTANT", help="As of when; without an offset in the billing zone."),
]
Limit = Annotated[int, typer.Option(metavar="N", parser=values.limit, help="At most so many.")]


@command(group)
def add(
    call: Call,
    user_id: UserId,
    *,
    email: Annotated[str, typer.Option(metavar="ADDRESS", help="The mail address.")],
    name: Annotated[str, typer.Option(metavar="NAME", help="The name.")],
    referral_code: Annotated[
        str | None, typer.Option(metavar="CODE", help="The code under which they invite others.")
    ] = None,
    referred_by: Annotated[
        str | None, typer.Option(metavar="CODE", help="The code of who invited them.")
    ] = None,
    at: At = None,
) -> None:
    """Register a user: the sign-up bonus, and the reward of who invited them."""
    with call.desk() as desk:
        zone = ZoneInfo(desk.zone)
        user = desk.accounts.register(
            user_id,
            email=email,
            name=name,
            referral_code=referral_code,
            referred_by=referred_by,
            at=values.instant(at, zone, "registration"),
        )
        call.show(user, lambda out: _user(out, user), zone)


@command(group)
def find(
    call: Call,
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="Part of the address, name, id or code.")
    ],
    *,
    limit: Limit = 20,
) -> None:
    """Find users by any part of their address, name, id or referral code."""
    with call.desk() as desk:
        found = desk.accounts.find(text, limit=limit)
        call.show(found, lambda out: _found(out, found), ZoneInfo(desk.zone))


@command(group)
def show(call: Call, user_id: UserId, *, at: At = None) -> None:
    """Show what a user holds now, or held (or is expected to hold) at an instant."""
    with call.desk() as desk:
        zone = ZoneInfo(desk.zone)
        account = desk.accounts.account(user_id, at=values.instant(at, zone))
        call.show(account, lambda out: _account(out, account), zone)


@command(group)
def plan(
    call: Call,
    user_id: UserId,
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="free, plus or pro.")],
    *,
    at: At = None,
    key: Annotated[
        str | None, typer.Option(metavar="KEY", help="The same key again changes nothing.")
    ] = None,
) -> None:
    """Change a user's plan; an upgrade releases at once what the month still owes."""
    with call.desk() as desk:
        zone = ZoneInfo(desk.zone)
        moment = values.instant(at, zone, "instant of the plan change")
        user = desk.accounts.change_plan(user_id, plan, at=moment, key=key)
        call.show(user, lambda out: _user(out, user), zone)


def ledger(
    call: Call,
    user_id: UserId,
    *,
    at: At = None,
    limit: Limit = 50,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND",
            parser=values.one_of("kind", [kind.value for kind in EntryKind]),
            help="Only entries of this kind; may be repeated.",
        ),
    ] = None,
    feature: Annotated[
        str | None, typer.Option(metavar="KEY", help="Only uses of this feature.")
    ] = None,
    month: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="Only entries of this month.")
    ] = None,
    free: Annotated[bool, typer.Option("--free", help="Free actions too.")] = False,
) -> None:
    """Show a user's ledger, newest first, with the running balance."""
    with call.desk() as desk:
        zone = ZoneInfo(desk.zone)
        entries = desk.accounts.ledger(
            user_id,
            at=values.instant(at, zone),
            limit=limit,
            kinds=kind or None,
            feature=feature,
            month=None if month is None else Month.parse(month),
            free=free,
        )
        call.show(entries, lambda out: _ledger(out, entries), zone)


def _user(out: Printer, user: User) -> None:
    out.facts(
        [
            ("User", user.user_id),
            ("Name", user.name),
            ("Mail address", user.email),
            ("Plan", f"{user.plan} since {out.exactly(user.plan_since)}"),
            ("Registered", out.exactly(user.registered_at)),
            ("Referral code", user.referral_code),
            ("Referred by", user.referred_by),
            ("Referral unpaid", user.referral_refused),
        ]
    )


def _found(out: Printer, found: list[UserSummary]) -> None:
    out.table(
        ("user", "mail address", "name", "plan", ">available", "next expiry"),
        (
            (
                user.user_id,
                user.email,
                user.name,
                user.plan,
                user.available,
                out.instant(user.next_expiry),
            )
            for user in found
        ),
        empty="No user matches.",
    )


def _account(out: Printer, account: Account) -> None:
    _user(out, account.user)
    out.title(f"{write.counted(account.available, 'credit')} at {out.exactly(account.at)}")
    if account.plan != account.user.plan:
        out.line(f"The plan then: {account.plan}")
    out.table(
        (">grant", "kind", ">credits", ">left", "from", f"until ({out.zone.key})"),
        (_grant_row(out, grant) for grant in account.grants),
        empty="No grant is usable.",
    )
    if account.next_release_at is not None and account.next_release_credits:
        out.line(
            f"The next {write.counted(account.next_release_credits, 'credit')} come at"
            f" {out.exactly(account.next_release_at)}."
        )


def _grant_row(out: Printer, grant: Grant) -> tuple[object, ...]:
    name = f"{grant_name(grant)} (expected)" if grant.expected else grant_name(grant)
    return (
        str(grant.id or ""),
        name,
        grant.credits,
        grant.remaining,
        out.instant(grant.effective_at),
        out.instant(grant.expires_at),
    )


def _ledger(out: Printer, entries: list[LedgerEntry]) -> None:
    out.table(
        (out.when, "kind", ">credits", ">balance", ">charge", "what"),
        (
            (
                out.instant(entry.at),
                entry.kind.value,
                entry.credits,
                entry.balance,
                str(entry.charge_id or ""),
                entry.text,
            )
            for entry in entries
        ),
        empty="Nothing is on record.",
    )
