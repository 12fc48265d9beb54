"""The view state of *Issue credits*, without Qt: what may be given, and what would come of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from app.domain.calendar import MONTH_END
from app.domain.giving import LATELY, Earlier
from app.domain.grants import Grant, GrantKind
from app.domain.policy import Reason
from app.domain.staff import Allowed
from app.domain.users import User
from app.ui import format as write
from app.ui.language import tr, trn

QUICK = (12, 24, 50, 100)
VALIDITIES = (
    ("P1Y", tr("1 year")),
    ("P90D", tr("90 days")),
    ("P30D", tr("30 days")),
    (MONTH_END, tr("End of month")),
)
"""What is offered beside a date of one's own, which has the key ``date``."""
DATE = "date"


@dataclass(frozen=True)
class Issuing:
    """What the dialog knows before anything is typed."""

    user: User
    available: int
    allowed: Allowed
    reasons: Sequence[Reason]
    validity: str
    lately: tuple[Grant, ...] = ()
    cost: int = 0
    """What the charge chosen in the ledger took; 0 without one."""


@dataclass(frozen=True)
class IssueForm:
    """What was typed."""

    credits: int | None = None
    credits_problem: str = ""
    reason: str = ""
    note: str = ""
    ticket: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the dialog says: the act on its button, whether it may be done, and what follows."""

    act: str
    ready: bool
    missing: str
    before: str
    after: str
    limits: str
    needs_approval: bool


def lately_given(grants: Sequence[Grant], now: datetime) -> tuple[Grant, ...]:
    """What staff gave a user in the last 30 days, newest first."""
    return tuple(
        grant
        for grant in grants
        if grant.kind is GrantKind.SUPPORT_CREDIT
        and grant.effective_at > now - LATELY
        and grant.voided < grant.credits
    )


def _act(credits: int) -> str:
    if not credits:
        return tr("Issue credits")
    return trn("Issue {count} credit", "Issue {count} credits", credits)


def verdict(issuing: Issuing, form: IssueForm) -> Verdict:
    """What may be done with what was typed, and what would come of it."""
    credits = form.credits or 0
    over = _over(issuing.allowed, credits)
    lacking = missing(form)
    return Verdict(
        act=tr("Send for approval") if over else _act(credits),
        ready=not lacking,
        missing=lacking,
        before=write.credits(issuing.available),
        after=write.credits(issuing.available + credits),
        limits=_limits(issuing.allowed, credits),
        needs_approval=over,
    )


def _over(allowed: Allowed, credits: int) -> bool:
    limits = [limit for limit in (allowed.per_grant, allowed.today) if limit is not None]
    return any(credits > limit for limit in limits)


def missing(form: IssueForm, *, amount_needed: bool = True) -> str:
    """The first thing that is still needed."""
    amount = form.credits or (not amount_needed and not form.credits_problem)
    for value, sentence in (
        (amount, form.credits_problem or tr("How many credits?")),
        (form.reason, tr("Choose a reason.")),
        (form.note, tr("Write a note: what happened?")),
        (form.ticket, tr("Name the ticket.")),
    ):
        if not value:
            return sentence
    return ""


def _limits(allowed: Allowed, credits: int) -> str:
    if allowed.per_grant is None or allowed.today is None:
        return tr("Your role has no limit.")
    left = tr("You may give {today} more today", today=write.credits(allowed.today))
    each = tr("{per_grant} in one grant", per_grant=write.credits(allowed.per_grant))
    if _over(allowed, credits):
        return tr(
            "{left}, {each}: a support lead or admin has to approve this.", left=left, each=each
        )
    return f"{left}, {each}."


def warning(issuing: Issuing, earlier: Sequence[Earlier], zone: tzinfo, now: datetime) -> str:
    """What the ticket got already, and the user lately: what, when and by whom."""
    said = []
    if earlier:
        said.append(_same_ticket(issuing, earlier[0], zone, now))
    known = {one.id for one in earlier if not one.waits}
    others = [grant for grant in issuing.lately if grant.id not in known]
    if others:
        total = sum(grant.credits - grant.voided for grant in others)
        grants = trn("{count} grant", "{count} grants", len(others))
        last = others[0]
        when = f"{write.instant(last.effective_at, zone, now)}, {write.ago(last.effective_at, now)}"
        said.append(
            tr(
                "This user got {total} in {grants} in the last 30 days; the last {when}, "
                "by {staff} for {ticket}.",
                total=trn("{count} credit", "{count} credits", total),
                grants=grants,
                when=when,
                staff=write.text(last.staff),
                ticket=write.text(last.ticket),
            )
        )
    return "\n".join(said)


def _same_ticket(issuing: Issuing, one: Earlier, zone: tzinfo, now: datetime) -> str:
    whom = tr("this user") if one.user_id == issuing.user.user_id else write.text(one.user_id)
    when = f"{write.instant(one.at, zone, now)}, {write.ago(one.at, now)}"
    credits, by = trn("{count} credit", "{count} credits", one.credits), write.text(one.staff)
    if one.waits:
        return tr(
            "For {ticket}, {credits} for {whom} wait already ({when}, by {by}).",
            ticket=write.text(one.ticket),
            credits=credits,
            whom=whom,
            when=when,
            by=by,
        )
    return tr(
        "{ticket} got {credits} already, for {whom} ({when}, by {by}).",
        ticket=write.text(one.ticket),
        credits=credits,
        whom=whom,
        when=when,
        by=by,
    )
