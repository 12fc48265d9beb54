"""Credit requests: the queue, who has which in hand, and their answers."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from app.cli import importing, values
from app.cli.call import Call, command, take_options
from app.cli.printer import Printer
from app.cli.putting_right import Key, Note
from app.cli.users import At, Limit
from app.domain.findings import Diagnosis, Suggestion
from app.domain.request_numbers import RequestNumbers, Times
from app.domain.request_values import category_of
from app.domain.requests import CATEGORIES, Answer, Request, RequestQuery, Resolution, View
from app.ui import format as write

group = typer.Typer(help="Credit requests: list, open, claim and answer them.")
take_options(group)

MOST_OF_A_MESSAGE = 60
RequestId = Annotated[
    int, typer.Argument(metavar="ID", parser=values.record("request"), help="Its number.")
]
Category = Annotated[
    str | None,
    typer.Option(metavar="KEY", help=f"What it is about: {', '.join(CATEGORIES)}."),
]
Message = Annotated[str, typer.Option(metavar="TEXT", help="What the user writes.")]


@command(group, "list")
def every(
    call: Call,
    *,
    view: Annotated[
        str,
        typer.Option(
            metavar="VIEW",
            parser=values.one_of("part of the queue", [view.value for view in View]),
            help=f"Which part of the queue: {', '.join(View)}.",
        ),
    ] = View.OPEN.value,
    category: Category = None,
    plan: Annotated[
        str | None, typer.Option(metavar="PLAN", help="Only of users who hold this plan now.")
    ] = None,
    older_than: Annotated[
        int | None,
        typer.Option(
            metavar="HOURS",
            parser=values.whole("age in hours"),
            help="Only those opened at least so many hours ago.",
        ),
    ] = None,
    text: Annotated[
        str, typer.Option(metavar="TEXT", help="A part of the ticket, message, sender or user.")
    ] = "",
    by: Annotated[
        str | None, typer.Option(metavar="EMAIL", help="Only what they claimed or resolved.")
    ] = None,
    user: Annotated[
        str | None, typer.Option(metavar="ID", help="Only the requests of this user.")
    ] = None,
    import_id: Annotated[
        int | None,
        typer.Option(
            "--import", metavar="ID", parser=values.record("import"), help="Only of this import."
        ),
    ] = None,
    limit: Limit = 50,
) -> None:
    """Show the queue, oldest first."""
    query = RequestQuery(
        view=View(view),
        category=category_of(category) if category else category,
        plan=plan,
        older_than_hours=older_than,
        text=text,
        by=by,
        user_id=user,
        import_id=import_id,
    )
    with call.desk() as desk:
        found = desk.requests.page(query, limit=limit)
        call.show(found, lambda out: _queue(out, found), ZoneInfo(desk.zone))


@command(group, numbers=True)
def show(call: Call, request: RequestId) -> None:
    """Show a request with what it was answered with."""
    with call.desk() as desk:
        found = desk.requests.resolution(request)
        call.show(found, lambda out: _resolution(out, found), ZoneInfo(desk.zone))


@command(group, "open")
def open_(
    call: Call,
    user: Annotated[
        str, typer.Argument(metavar="USER", help="Who asks: id, mail address or referral code.")
    ],
    *,
    ticket: Annotated[str, typer.Option(metavar="TICKET", help="The help desk's ticket.")],
    message: Message,
    category: Category = None,
    credits: Annotated[
        int | None,
        typer.Option(metavar="N", parser=values.whole("number of credits"), help="Asked for."),
    ] = None,
    at: At = None,
    key: Key = None,
) -> None:
    """Open a request."""
    with call.desk() as desk:
        zone = ZoneInfo(desk.zone)
        opened = desk.requests.open(
            user=user,
            ticket=ticket,
            message=message,
            category=None if category is None else category_of(category),
            credits=credits,
            at=values.instant(at, zone, "opened_at"),
            key=key,
        )
        call.show(opened, lambda out: _request(out, opened), zone)


command(group, "import")(importing.requests)


@command(group, numbers=True)
def claim(call: Call, request: RequestId) -> None:
    """Take a request in hand; of two who try, one does."""
    with call.desk() as desk:
        held = desk.requests.claim(request)
        call.show(held, lambda out: _request(out, held), ZoneInfo(desk.zone))


@command(group, numbers=True)
def release(call: Call, request: RequestId) -> None:
    """Put a request back in the queue."""
    with call.desk() as desk:
        free = desk.requests.release(request)
        call.show(free, lambda out: _request(out, free), ZoneInfo(desk.zone))


@command(group, numbers=True)
def match(
    call: Call,
    request: RequestId,
    user_id: Annotated[str, typer.Argument(metavar="USER", help="The product's id of the user.")],
) -> None:
    """Say whose request it is, where the sender matched nobody."""
    with call.desk() as desk:
        matched = desk.requests.match(request, user_id)
        call.show(matched, lambda out: _request(out, matched), ZoneInfo(desk.zone))


@command(group, numbers=True)
def sort(
    call: Call,
    request: RequestId,
    category: Annotated[str, typer.Argument(metavar="CATEGORY", help="What it is about.")],
) -> None:
    """Say what a request is about."""
    with call.desk() as desk:
        known = desk.requests.sort(request, category_of(category))
        call.show(known, lambda out: _request(out, known), ZoneInfo(desk.zone))


@command(group, numbers=True)
def resolve(
    call: Call,
    request: RequestId,
    act: Annotated[str, typer.Argument(metavar="ANSWER", help=f"One of {', '.join(Answer)}.")],
    *,
    credits: Annotated[
        int | None,
        typer.Option(
            metavar="N", parser=values.whole("number of credits"), help="How many to grant."
        ),
    ] = None,
    charge: Annotated[
        int | None,
        typer.Option(metavar="CHARGE", parser=values.record("charge"), help="Which to refund."),
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="One of the price list's (default: by the category)."),
    ] = None,
    note: Note = "",
    expires: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help="Until when a grant is valid, as for grant."),
    ] = None,
    key: Key = None,
) -> None:
    """Answer a request, once: grant credits, refund a charge, or decline."""
    with call.desk() as desk:
        zone = ZoneInfo(desk.zone)
        expires_at, validity = values.expiry(expires, zone)
        done = desk.requests.resolve(
            request,
            act=act,
            credits=credits,
            charge_id=charge,
            reason=reason,
            note=note,
            validity=validity,
            expires_at=expires_at,
            key=key,
        )
        call.show(done, lambda out: _resolution(out, done), zone)


@command(group, numbers=True)
def reopen(call: Call, request: RequestId, *, message: Message = "") -> None:
    """Open a new request linked to one that was resolved."""
    with call.desk() as desk:
        opened = desk.requests.reopen(request, message)
        call.show(opened, lambda out: _request(out, opened), ZoneInfo(desk.zone))


@command(group, numbers=True)
def diagnose(call: Call, request: RequestId) -> None:
    """Say what the record tells about a request, with its evidence and what would put it right."""
    with call.desk() as desk:
        told = desk.requests.diagnose(request)
        call.show(told, lambda out: _diagnosis(out, told), ZoneInfo(desk.zone))


@command(group)
def numbers(
    call: Call,
    first: Annotated[str, typer.Argument(metavar="FIRST", help="The first day: 2026-11-01.")],
    last: Annotated[str, typer.Argument(metavar="LAST", help="The last day.")],
) -> None:
    """Show by week what was opened and resolved, how quickly, and what is open for how long."""
    with call.desk() as desk:
        told = desk.requests.numbers(first, last)
        call.show(told, lambda out: _numbers(out, told), ZoneInfo(desk.zone))


def _queue(out: Printer, found: list[Request]) -> None:
    out.table(
        (">request", "ticket", "user", "category", out.when, "state", "in hand of", "message"),
        (
            (
                str(request.id),
                request.ticket,
                request.user_id or f"? {request.sender}",
                request.category or "",
                out.instant(request.opened_at),
                "waiting for approval" if request.waiting else request.state.value,
                request.resolved_by or request.claimed_by or "",
                _beginning(request.message),
            )
            for request in found
        ),
        empty="No requests.",
    )


def _beginning(message: str) -> str:
    line = " ".join(message.split())
    return line if len(line) <= MOST_OF_A_MESSAGE else line[: MOST_OF_A_MESSAGE - 1] + "…"


def _request(out: Printer, request: Request) -> None:
    known = f"{request.user_id} ({request.email}, {request.plan})"
    out.facts(
        [
            ("Request", str(request.id)),
            ("Ticket", request.ticket),
            ("From", request.sender or "nobody named"),
            ("User", known if request.user_id else "matches nobody on record"),
            ("About", CATEGORIES.get(request.category or "", "")),
            ("Credits asked for", _number(request.credits)),
            ("Opened", out.exactly(request.opened_at)),
            ("State", "waiting for approval" if request.waiting else request.state.value),
            ("In hand of", request.claimed_by),
            ("Since", out.exactly(request.claimed_at)),
            ("Resolved by", request.resolved_by),
            ("Resolved", out.exactly(request.resolved_at)),
            ("Note", request.note),
            ("Grant", _number(request.grant_id)),
            ("Charge", _number(request.charge_id)),
            ("Approval", _number(request.approval_id)),
            ("Reopens request", _number(request.reopened_from)),
            ("Reopened as request", _number(request.reopened_as)),
            ("Message", request.message),
        ]
    )


def _diagnosis(out: Printer, told: Diagnosis) -> None:
    about = CATEGORIES.get(told.category, told.category)
    out.line(f"{about} (the likeliest; the request does not say)" if told.guessed else about)
    for finding in told.findings:
        out.title(finding.sentence)
        for row in finding.evidence:
            credits = "" if row.credits is None else f" ({row.credits:+,})"
            out.line(f"  {out.instant(row.at)}  {row.text}{credits}")
        if finding.suggestion is not None:
            out.line(f"  Suggested: {_suggested(finding.suggestion)}.")


def _suggested(suggestion: Suggestion) -> str:
    credits = "" if suggestion.credits is None else write.counted(suggestion.credits, "credit")
    if suggestion.charge_id is not None:
        return f"{suggestion.act} charge {suggestion.charge_id}"
    return f"{suggestion.act} {credits}".rstrip()


def _numbers(out: Printer, told: RequestNumbers) -> None:
    out.table(
        (
            *("week of", ">opened", ">granted", ">refunded", ">declined", ">credits"),
            *(">first answer (h)", ">resolved after (h)"),
        ),
        (
            (
                *(str(week.monday), week.opened),
                *(week.outcomes.get(state, 0) for state in ("granted", "refunded", "declined")),
                sum(week.credits.values()),
                *(_hours(week.first_answer), _hours(week.resolution)),
            )
            for week in told.weeks
        ),
        empty="No weeks.",
    )
    for person in told.people:
        credits = write.counted(person.credits, "credit")
        out.line(f"{person.staff}: {person.resolved:,} resolved, {credits} given")
    for age in told.ages:
        if age.open:
            out.line(f"Open {age.name}: {age.open:,}")


def _hours(times: Times) -> str:
    return "" if times.median is None else f"{times.median:,.1f}"


def _number(value: int | None) -> str | None:
    return None if value is None else f"{value}"


def _resolution(out: Printer, done: Resolution) -> None:
    _request(out, done.request)
    if done.grant is not None:
        credits = write.counted(done.grant.credits, "credit")
        out.line(f"{credits} were granted, until {out.exactly(done.grant.expires_at)}.")
    if done.refund is not None:
        back = write.counted(done.refund.returned, "credit")
        anew = write.counted(done.refund.regranted, "credit")
        out.line(f"{back} went back to the grants that paid for it, {anew} came anew.")
