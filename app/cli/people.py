"""The staff list."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from app.cli.call import Call, command, take_options
from app.cli.printer import Printer
from app.domain.staff import StaffMember

group = typer.Typer(help="Show and change the staff list.")
take_options(group)

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="Who.")]
RoleName = Annotated[
    str,
    typer.Argument(metavar="ROLE", help="support, support_lead, product_manager, qa or admin."),
]


@command(group)
def add(call: Call, email: Email, role: RoleName) -> None:
    """Put somebody on the staff list."""
    with call.desk() as desk:
        member = desk.staff.add(email, role)
        call.show(member, lambda out: _member(out, member), ZoneInfo(desk.zone))


@command(group, "list")
def everybody(call: Call) -> None:
    """Show everybody who was ever on the staff list."""
    with call.desk() as desk:
        members = desk.staff.list()
        call.show(members, lambda out: _members(out, members), ZoneInfo(desk.zone))


@command(group)
def role(call: Call, email: Email, role: RoleName) -> None:
    """Give somebody another role, and put them back on duty."""
    with call.desk() as desk:
        member = desk.staff.set_role(email, role)
        call.show(member, lambda out: _member(out, member), ZoneInfo(desk.zone))


@command(group)
def deactivate(call: Call, email: Email) -> None:
    """Take somebody off duty; what they did stays."""
    with call.desk() as desk:
        member = desk.staff.deactivate(email)
        call.show(member, lambda out: _member(out, member), ZoneInfo(desk.zone))


@command(group)
def reactivate(call: Call, email: Email) -> None:
    """Put somebody back on duty, in the role they had."""
    with call.desk() as desk:
        member = desk.staff.reactivate(email)
        call.show(member, lambda out: _member(out, member), ZoneInfo(desk.zone))


def _member(out: Printer, member: StaffMember) -> None:
    standing = "on duty" if member.active else "off duty"
    out.line(f"{member.email}: {member.role.replace('_', ' ')}, {standing}.")


def _members(out: Printer, members: list[StaffMember]) -> None:
    out.table(
        ("address", "role", "on duty", f"since ({out.zone.key})"),
        (
            (member.email, member.role.value, member.active, out.instant(member.added_at))
            for member in members
        ),
        empty="Nobody is on the staff list.",
    )
