"""The view state of *Issue credits*, without Qt: what may be given, and what would come of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.calendar import MONTH_END
from app.domain.grants import Grant, GrantKind
from app.domain.policy import Reason
from app.domain.staff import Allowed
from app.domain.users import User
from app.ui import format as write

QUICK = (12, 24, 50, 100)
LATELY = timedelta(days=30)
VALIDITIES = (
    ("P1Y", "1 year"),
    ("P90D", "90 days"),
    ("P30D", "30 days"),
    (MONTH_END, "End of month"),
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
    """What was typed. ``same_ticket`` are grants given for that ticket already."""

    credits: int | None = None
    credits_problem: str = ""
    reason: str = ""
    note: str = ""
    ticket: str = ""
    same_ticket: tuple[Grant, ...] = field(default=())


@dataclass(frozen=True)
class Verdict:
    """What the dialog says: the act on its button, whether it may be done, and what follows."""

    act: str
    ready: bool
    missing: str
    before: str
    after: str
    limits: str
    warning: str
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


def verdict(issuing: Issuing, form: IssueForm, now: datetime) -> Verdict:
    """What may be done with what was typed, and what would come of it."""
    credits = form.credits or 0
    over = _over(issuing.allowed, credits)
    missing = _missing(form)
    words = f"{write.credits(credits)} credits" if credits else "credits"
    return Verdict(
        act="Send for approval" if over else f"Issue {words}" if credits != 1 else "Issue 1 credit",
        ready=not missing,
        missing=missing,
        before=write.credits(issuing.available),
        after=write.credits(issuing.available + credits),
        limits=_limits(issuing.allowed, credits),
        warning=_warning(issuing, form, now),
        needs_approval=over,
    )


def _over(allowed: Allowed, credits: int) -> bool:
    limits = [limit for limit in (allowed.per_grant, allowed.today) if limit is not None]
    return any(credits > limit for limit in limits)


def _missing(form: IssueForm) -> str:
    """The first thing that is still needed."""
    for value, sentence in (
        (form.credits, form.credits_problem or "How many credits?"),
        (form.reason, "Choose a reason."),
        (form.note, "Write a note: what happened?"),
        (form.ticket, "Name the ticket."),
    ):
        if not value:
            return sentence
    return ""


def _limits(allowed: Allowed, credits: int) -> str:
    if allowed.per_grant is None or allowed.today is None:
        return "Your role has no limit."
    left = f"You may give {write.credits(allowed.today)} more today"
    each = f"{write.credits(allowed.per_grant)} in one grant"
    if _over(allowed, credits):
        return f"{left}, {each}: a support lead or admin has to approve this."
    return f"{left}, {each}."


def _warning(issuing: Issuing, form: IssueForm, now: datetime) -> str:
    """Who got credits lately for the same thing."""
    said = []
    if form.same_ticket:
        first = form.same_ticket[0]
        whom = "this user" if first.user_id == issuing.user.user_id else first.user_id
        said.append(
            f"{write.text(form.ticket)} got {write.counted(first.credits, 'credit')} already,"
            f" {write.ago(first.effective_at, now)}, for {write.text(whom)}."
        )
    tickets = {grant.id for grant in form.same_ticket}
    others = [grant for grant in issuing.lately if grant.id not in tickets]
    if others:
        total = sum(grant.credits - grant.voided for grant in others)
        grants = write.counted(len(others), "grant")
        said.append(
            f"This user got {write.counted(total, 'credit')} in {grants} in the last 30 days,"
            f" the last {write.ago(others[0].effective_at, now)}."
        )
    return " ".join(said)
