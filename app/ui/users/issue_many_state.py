"""The view state of *Issue credits to several users*, without Qt: what will be done, and was."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

from app.domain.giving import BatchPlan, BatchReport, Fate, IssuedGrant, PlannedGrant
from app.domain.policy import Reason
from app.domain.staff import Allowed
from app.domain.users import UserQuery
from app.ui import format as write
from app.ui.language import tr, trn
from app.ui.users.issue_state import IssueForm, missing

R = TypeVar("R", PlannedGrant, IssuedGrant)
Shown = Literal["all", "problems", "give", "wait"]

SHOWN: Final[tuple[tuple[Shown, str], ...]] = (
    ("all", tr("Everybody")),
    ("problems", tr("Problems only")),
    ("give", tr("Given at once")),
    ("wait", tr("Waiting for approval")),
)
CHIPS: Final = {
    Fate.GIVE: ("given", "success"),
    Fate.WAIT: ("approval", "warning"),
    Fate.SKIP: (tr("left out"), "neutral"),
    Fate.BAD: (tr("bad row"), "danger"),
    Fate.FAILED: ("failed", "danger"),
    Fate.NOT_REACHED: (tr("not reached"), "neutral"),
}
_ORDER: Final = (Fate.FAILED, Fate.BAD, Fate.SKIP, Fate.WAIT, Fate.NOT_REACHED, Fate.GIVE)


Wanted = str | UserQuery | tuple[str, ...]
"""A text (an empty one is to be pasted), everybody a query finds, or ids."""


@dataclass(frozen=True)
class ManyIssuing:
    """What the dialog knows before anything is typed."""

    wanted: Wanted
    reasons: Sequence[Reason]
    validity: str


@dataclass(frozen=True)
class ManyVerdict:
    """What the dialog says of a list: the act on its button, and what follows for whom."""

    act: str
    ready: bool
    missing: str
    summary: str
    limits: str
    needs_approval: bool
    again_offered: bool


NOBODY: Final = ManyVerdict(
    act=tr("Issue"),
    ready=False,
    missing=tr("Whom are they for?"),
    summary="",
    limits="",
    needs_approval=False,
    again_offered=False,
)


def verdict(plan: BatchPlan | None, form: IssueForm, *, again: bool) -> ManyVerdict:
    """What may be done with what was typed, and what would come of it."""
    if plan is None or not plan.rows:
        return NOBODY
    give, wait = plan.count(Fate.GIVE), plan.count(Fate.WAIT)
    lacking = missing(form, amount_needed=plan.needs_amount)
    if not give and not wait:
        lacking = tr("Nobody on the list would get anything.")
    return ManyVerdict(
        act=_act(plan, give, wait),
        ready=not lacking,
        missing=lacking,
        summary=_summary(plan, form),
        limits=_limits(plan.allowed, give, wait),
        needs_approval=wait > 0,
        again_offered=again or plan.count(Fate.SKIP) > 0,
    )


def _act(plan: BatchPlan, give: int, wait: int) -> str:
    if give and wait:
        return tr(
            "Issue to {give}, send {wait} for approval",
            give=write.credits(give),
            wait=write.credits(wait),
        )
    if wait:
        return tr("Send {wait} for approval", wait=write.credits(wait))
    credits, users = plan.credits(Fate.GIVE), trn("{count} user", "{count} users", give)
    return (
        tr(
            "Issue {credits} to {users}",
            credits=trn("{count} credit", "{count} credits", credits),
            users=users,
        )
        if credits
        else tr("Issue to {users}", users=users)
    )


def _summary(plan: BatchPlan, form: IssueForm) -> str:
    rows = [row for row in plan.rows if row.fate in {Fate.GIVE, Fate.WAIT}]
    total = trn("{count} credit", "{count} credits", sum(row.credits for row in rows))
    each = {row.credits for row in rows}
    if len(each) == 1 and len(rows) > 1:
        said = [
            trn(
                "{count} user gets {each}: {total} in all.",
                "{count} users get {each} each: {total} in all.",
                len(rows),
                each=trn("{count} credit", "{count} credits", each.pop()),
                total=total,
            )
        ]
    else:
        said = [
            trn(
                "{count} user gets {total} in all.",
                "{count} users get {total} in all.",
                len(rows),
                total=total,
            )
        ]
    if skipped := plan.count(Fate.SKIP):
        said.append(
            trn(
                "{count} user has got credits for {ticket} and is left out.",
                "{count} users have got credits for {ticket} and are left out.",
                skipped,
                ticket=write.text(form.ticket),
            )
        )
    if bad := plan.count(Fate.BAD):
        said.append(trn("{count} row cannot be used.", "{count} rows cannot be used.", bad))
    return " ".join(said)


def _limits(allowed: Allowed, give: int, wait: int) -> str:
    if allowed.per_grant is None or allowed.today is None:
        return tr("Your role has no limit.")
    left = tr(
        "You may give {today} more today, {per_grant} in one grant",
        today=write.credits(allowed.today),
        per_grant=write.credits(allowed.per_grant),
    )
    if not wait:
        return tr("{left}.", left=left)
    if not give:
        return tr(
            "{left}: a support lead or admin has to approve all of these, one by one or together.",
            left=left,
        )
    return tr(
        "{left}. In the order of the list {give} get theirs at once; {wait} wait "
        "until a support lead or admin approves.",
        left=left,
        give=trn("{count} user", "{count} users", give),
        wait=write.credits(wait),
    )


# Rows ---------------------------------------------------------------------------------------------


def listed(rows: Iterable[R], shown: str, typed: str) -> list[R]:
    """The rows that a filter lets through: problems first, each kind in the order of the list."""
    wanted = typed.strip().casefold()
    passing = [row for row in rows if _passes(row, shown) and wanted in _texts(row)]
    return sorted(passing, key=lambda row: (_ORDER.index(row.fate), not _warned(row)))


def _passes(row: PlannedGrant | IssuedGrant, shown: str) -> bool:
    if shown == "problems":
        return row.fate is not Fate.GIVE or _warned(row)
    if shown == "give":
        return row.fate is Fate.GIVE
    return shown != "wait" or row.fate is Fate.WAIT


def _warned(row: PlannedGrant | IssuedGrant) -> bool:
    return isinstance(row, PlannedGrant) and bool(row.warning)


def _texts(row: PlannedGrant | IssuedGrant) -> str:
    if isinstance(row, PlannedGrant):
        return f"{row.who}\n{row.name}\n{row.email}\n{row.problem}\n{row.warning}".casefold()
    return f"{row.who}\n{row.sentence}".casefold()


# The report ---------------------------------------------------------------------------------------


def heading(report: BatchReport) -> str:
    """What was done, in a few words."""
    given, wait = report.count(Fate.GIVE), report.count(Fate.WAIT)
    if given:
        credits = trn("{count} credit", "{count} credits", report.credits(Fate.GIVE))
        return tr(
            "Issued {credits} to {given}",
            credits=credits,
            given=trn("{count} user", "{count} users", given),
        )
    if wait:
        return tr("Sent {wait} for approval", wait=write.credits(wait))
    return tr("Nobody got credits")


_OTHER_FATES: Final[Mapping[Fate, Callable[[int], str]]] = {
    Fate.WAIT: lambda n: trn(
        "{count} user waiting for approval", "{count} users waiting for approval", n
    ),
    Fate.SKIP: lambda n: trn("{count} user left out", "{count} users left out", n),
    Fate.BAD: lambda n: trn("{count} row not usable", "{count} rows not usable", n),
    Fate.FAILED: lambda n: trn("{count} user failed", "{count} users failed", n),
    Fate.NOT_REACHED: lambda n: trn("{count} user not reached", "{count} users not reached", n),
}


def summary(report: BatchReport) -> str:
    """What became of everybody, in sentences."""
    counts = ((words, report.count(fate)) for fate, words in _OTHER_FATES.items())
    said = [words(count) for words, count in counts if count]
    others = f"{', '.join(said)}." if said else tr("Everybody on the list was reached.")
    return others[:1].upper() + others[1:] + (f" {why_cut(report)}" if why_cut(report) else "")


def why_cut(report: BatchReport) -> str:
    """Why it ended before its end; empty if it did not."""
    if report.trouble:
        return tr(
            "{trouble} Who is marked as given has their credits; Go on reaches the rest.",
            trouble=report.trouble,
        )
    if report.stopped:
        return tr(
            "You stopped it: who is marked as given has their credits. Go on reaches the rest."
        )
    return ""


def unused_grants(report: BatchReport) -> Sequence[int]:
    """The grants that may be taken back."""
    return [row.grant_id for row in report.rows if row.grant_id is not None]
