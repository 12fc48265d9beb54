"""Charges, and what puts them right: outcomes, refunds, grants, voids, approvals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from app.cli import errors, values
from app.cli.call import Call, command, take_options
from app.cli.printer import Printer
from app.cli.progress import progress
from app.cli.users import At, UserId
from app.domain.approvals import Approval
from app.domain.charges import Charge, Refund
from app.domain.failed_jobs import FailedJob, FailedJobs
from app.domain.grants import Grant
from app.ui import format as write

approvals = typer.Typer(help="Decide on grants that are over somebody's limit.")
take_options(approvals)

ReasonOption = Annotated[
    str, typer.Option("--reason", metavar="KEY", help="One of the price list's reasons.")
]
Note = Annotated[str, typer.Option(metavar="TEXT", help="What happened, in your words.")]
Key = Annotated[
    str | None,
    typer.Option(metavar="KEY", help="An idempotency key: with the same one it happens once."),
]
ChargeId = Annotated[
    int,
    typer.Argument(metavar="CHARGE", parser=values.record("charge"), help="Its number."),
]
Day = Annotated[
    str | None,
    typer.Option(metavar="DAY", help="A day of the billing zone: 2026-11-22, yesterday."),
]
MOST_SHOWN = 50
GrantId = Annotated[
    int, typer.Argument(metavar="GRANT", parser=values.record("grant"), help="Its number.")
]
ApprovalId = Annotated[
    int, typer.Argument(metavar="ID", parser=values.record("approval"), help="Its number.")
]


def charge(
    call: Call,
    user_id: UserId,
    feature: Annotated[str, typer.Argument(metavar="FEATURE", help="The feature's key.")],
    *,
    key: Annotated[
        str, typer.Option(metavar="KEY", help="The idempotency key: charged once for each.")
    ],
    quantity: Annotated[
        int,
        typer.Option(metavar="N", parser=values.whole("quantity"), help="How many uses at once."),
    ] = 1,
    at: At = None,
    job: Annotated[str | None, typer.Option(metavar="JOB", help="The product's job.")] = None,
    outcome: Annotated[
        str | None, typer.Option(metavar="OUTCOME", help="succeeded or failed, where known.")
    ] = None,
) -> None:
    """Charge a use of a feature, whole or not at all."""
    with call.desk() as desk:
        zone = ZoneInfo(desk.zone)
        charged = desk.charging.charge(
            user_id,
            feature,
            key=key,
            quantity=quantity,
            at=values.instant(at, zone, "occurred_at"),
            job=job,
            outcome=outcome,
        )
        call.show(charged, lambda out: _charge(out, charged), zone)


def outcome(
    call: Call,
    key: Annotated[str, typer.Argument(metavar="KEY", help="The charge's idempotency key.")],
    outcome: Annotated[str, typer.Argument(metavar="OUTCOME", help="succeeded or failed.")],
    *,
    at: At = None,
) -> None:
    """Put on record how the job of a charge ended."""
    with call.desk() as desk:
        zone = ZoneInfo(desk.zone)
        charged = desk.charging.report_outcome(key, outcome, at=values.instant(at, zone))
        call.show(charged, lambda out: _charge(out, charged), zone)


def refund(
    call: Call, charge: ChargeId, *, reason: ReasonOption, note: Note = "", key: Key = None
) -> None:
    """Reverse a charge, whole, once."""
    with call.desk() as desk:
        refunded = desk.support.refund(charge, reason=reason, note=note, key=key)
        call.show(refunded, lambda out: _refund(out, refunded), ZoneInfo(desk.zone))


def refund_failed(
    call: Call,
    *,
    day: Day = None,
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="The last of several days (default: --day).")
    ] = None,
    feature: Annotated[
        str | None, typer.Option(metavar="KEY", help="Only the jobs of this feature.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what it would refund; nothing is changed.")
    ] = False,
    reason: ReasonOption = "failed_generation",
    note: Note = "",
) -> None:
    """Refund all jobs marked as failed of a day, or of a feature, or both, each once."""
    with call.desk() as desk, progress("Refunding failed jobs") as tell:
        zone = ZoneInfo(desk.zone)
        first, last = (values.day(text, zone, desk.now()) for text in (day, until))
        if dry_run:
            done = desk.requests.failed_jobs(first, last, feature)
        else:
            done = desk.requests.refund_failed(
                first, last, feature, reason=reason, note=note, progress=_share(tell)
            )
        call.show(_FailedJobs.of(done), lambda out: _failed(out, done), ZoneInfo(desk.zone))
    if done.trouble:
        raise typer.Exit(errors.FAILED)


def _share(tell: Callable[[float], None] | None) -> Callable[[int, int], None] | None:
    return None if tell is None else lambda done, of: tell(done / max(of, 1))


def grant(
    call: Call,
    user_id: UserId,
    credits: Annotated[
        int, typer.Argument(metavar="CREDITS", parser=values.whole("number of credits"))
    ],
    *,
    reason: ReasonOption,
    note: Note,
    ticket: Annotated[str, typer.Option(metavar="TICKET", help="The ticket it is given for.")],
    expires: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN",
            help="An instant (2026-12-31: its first moment), month_end, 30d, 90d, P30D or P1Y.",
        ),
    ] = None,
    key: Key = None,
) -> None:
    """Issue credits to a user; over your limit they wait for approval."""
    with call.desk() as desk:
        zone = ZoneInfo(desk.zone)
        expires_at, validity = values.expiry(expires, zone)
        given = desk.support.grant(
            user_id,
            credits,
            reason=reason,
            note=note,
            ticket=ticket,
            expires_at=expires_at,
            validity=validity,
            key=key,
        )
        call.show(given, lambda out: _grant(out, given), zone)


def void(
    call: Call, grant: GrantId, *, reason: ReasonOption, note: Note = "", key: Key = None
) -> None:
    """Take back what is unused of a grant given in error."""
    with call.desk() as desk:
        left = desk.support.void(grant, reason=reason, note=note, key=key)
        call.show(left, lambda out: _voided(out, left), ZoneInfo(desk.zone))


@command(approvals, "list")
def waiting(call: Call) -> None:
    """Show what waits for approval, oldest first."""
    with call.desk() as desk:
        asked = desk.support.approvals()
        call.show(asked, lambda out: _approvals(out, asked), ZoneInfo(desk.zone))


@command(approvals, numbers=True)
def approve(call: Call, approval: ApprovalId, *, note: Note = "") -> None:
    """Give what somebody else asked for."""
    with call.desk() as desk:
        given = desk.support.approve(approval, note)
        call.show(given, lambda out: _grant(out, given), ZoneInfo(desk.zone))


@command(approvals, numbers=True)
def reject(call: Call, approval: ApprovalId, *, note: Note = "") -> None:
    """Turn down what waits for approval."""
    with call.desk() as desk:
        decided = desk.support.reject(approval, note)
        call.show(decided, lambda out: _rejected(out, decided), ZoneInfo(desk.zone))


def _charge(out: Printer, charge: Charge) -> None:
    burned = ", ".join(f"{burn.credits:,} of grant {burn.grant_id}" for burn in charge.burns)
    out.facts(
        [
            ("Charge", str(charge.id)),
            ("User", charge.user_id),
            ("Feature", f"{charge.feature} × {charge.quantity:,}"),
            ("Credits", f"{charge.credits:,}"),
            ("Paid by", burned),
            ("Price list", str(charge.price_version)),
            ("Occurred", out.exactly(charge.occurred_at)),
            ("Key", charge.key),
            ("Job", charge.job),
            ("Outcome", charge.outcome and charge.outcome.value),
            ("Refunded", "yes" if charge.refunded else ""),
        ]
    )


def _refund(out: Printer, refund: Refund) -> None:
    out.line(f"Charge {refund.charge_id} is refunded (refund {refund.id}).")
    if refund.returned:
        back = write.counted(refund.returned, "credit")
        out.line(f"{back} went back to the grants that paid for it.")
    if refund.regranted:
        anew = write.counted(refund.regranted, "credit")
        out.line(f"{anew} came as grant {refund.grant_id}, until the end of the month.")


@dataclass(frozen=True, slots=True)
class _FailedJobs:
    """What a document says of failed jobs: the sums beside the charges."""

    dry_run: bool
    charges: int
    credits: int
    users: int
    refunded_before: int
    returned: int
    regranted: int
    stopped: bool
    trouble: str
    rows: tuple[FailedJob, ...]

    @classmethod
    def of(cls, done: FailedJobs) -> _FailedJobs:
        return cls(**{field.name: getattr(done, field.name) for field in fields(cls)})


def _failed(out: Printer, done: FailedJobs) -> None:
    out.table(
        (">charge", "user", "feature", ">credits", out.when, "job"),
        (
            (
                *(str(row.charge_id), row.user_id, f"{row.feature} × {row.quantity:,}"),
                *(row.credits, out.instant(row.occurred_at), row.job),
            )
            for row in done.rows[:MOST_SHOWN]
        ),
        empty="No failed jobs are ready to refund." if done.dry_run else "Nothing to refund.",
    )
    word = "would be" if done.dry_run else "were"
    out.line(
        f"{write.counted(done.charges, 'charge')} of {write.counted(done.credits, 'credit')} of"
        f" {write.counted(done.users, 'user')} {word} refunded; {done.refunded_before:,} had been"
        " refunded before."
    )
    if done.trouble:
        out.line(f"It ended before all were done: {done.trouble}")


def _grant(out: Printer, grant: Grant) -> None:
    out.facts(
        [
            ("Grant", str(grant.id)),
            ("User", grant.user_id),
            ("Credits", f"{grant.credits:,}"),
            ("Left", f"{grant.remaining:,}"),
            ("From", out.exactly(grant.effective_at)),
            ("Until", out.exactly(grant.expires_at)),
            ("Reason", grant.reason),
            ("Note", grant.note),
            ("Ticket", grant.ticket),
            ("By", grant.staff),
        ]
    )


def _voided(out: Printer, grant: Grant) -> None:
    taken = write.counted(grant.voided, "credit")
    out.line(f"{taken} of grant {grant.id} of {grant.user_id} were taken back.")


def _approvals(out: Printer, asked: list[Approval]) -> None:
    out.table(
        (">approval", "user", ">credits", "reason", "ticket", "asked by", out.when),
        (
            (
                str(waiting.id),
                waiting.user_id,
                waiting.credits,
                waiting.reason,
                waiting.ticket,
                waiting.asked_by,
                out.instant(waiting.asked_at),
            )
            for waiting in asked
        ),
        empty="Nothing waits for approval.",
    )


def _rejected(out: Printer, approval: Approval) -> None:
    given = write.counted(approval.credits, "credit")
    out.line(f"Approval {approval.id} ({given} for {approval.user_id}) is turned down.")
