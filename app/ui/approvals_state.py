"""The view state of *Approvals*, without Qt: what waits, and what may be done about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Final

from app.domain.approvals import Approval, WaitingGrant
from app.ui import format as write
from app.ui.columns import Column, credits_column
from app.ui.language import tr, trn
from app.ui.page import Phase

NOTHING_TO_DECIDE: Final = tr("Nothing waits for approval.")
NOTHING_ASKED: Final = tr("Nothing you asked for waits. Grants over your limit wait here.")


@dataclass(frozen=True)
class ApprovalsState:
    """What waits, whether the person may approve, and which ``chosen`` are to be decided."""

    phase: Phase = "loading"
    rows: tuple[WaitingGrant, ...] = ()
    chosen: tuple[int, ...] = ()
    may_approve: bool = False
    note: str = ""
    problem: str = ""

    @property
    def picked(self) -> tuple[WaitingGrant, ...]:
        """The rows chosen."""
        return tuple(row for row in self.rows if row.approval.id in self.chosen)

    @property
    def nothing(self) -> str:
        """What an empty list says."""
        return NOTHING_TO_DECIDE if self.may_approve else NOTHING_ASKED


@dataclass(frozen=True)
class Deciding:
    """What the two buttons say and whether they may be pressed, and why not."""

    approve: str
    can_approve: bool
    reject: str
    can_reject: bool
    why_not: str


def deciding(state: ApprovalsState) -> Deciding:
    """What may be done with the rows chosen."""
    picked = state.picked
    credits = trn("{count} credit", "{count} credits", sum(row.approval.credits for row in picked))
    own = bool(picked) and all(row.own for row in picked)
    mixed = any(row.own for row in picked) and not own
    may_reject = bool(picked) and (own or (state.may_approve and not mixed))
    return Deciding(
        approve=tr("Approve {credits}", credits=credits) if picked else tr("Approve"),
        can_approve=bool(picked) and state.may_approve and not own and not mixed,
        reject=tr("Withdraw") if own else tr("Reject"),
        can_reject=may_reject and (own or bool(state.note)),
        why_not=_why_not(state, own=own, mixed=mixed),
    )


def _why_not(state: ApprovalsState, *, own: bool, mixed: bool) -> str:
    if not state.picked:
        return tr("Choose what to decide.") if state.rows else ""
    if own:
        return tr("You asked for this yourself: somebody else has to approve it.")
    if mixed:
        return tr("Some of these you asked for yourself: choose only those of others.")
    if not state.may_approve:
        return tr("A support lead or admin decides on this.")
    return "" if state.note else tr("To reject, write a note: who asked is told why.")


def arrived(
    state: ApprovalsState, rows: Sequence[WaitingGrant], *, may_approve: bool
) -> ApprovalsState:
    """The list came; what was chosen stays so while it waits, else the first is chosen."""
    here = [row.approval.id for row in rows]
    kept = tuple(number for number in state.chosen if number in here) or tuple(here[:1])
    phase: Phase = "ready" if rows else "empty"
    return replace(
        state, phase=phase, rows=tuple(rows), chosen=kept, may_approve=may_approve, problem=""
    )


def columns(
    zone: tzinfo, now: Callable[[], datetime], reason: Callable[[str], str]
) -> tuple[Column[WaitingGrant], ...]:
    """For whom, why, how much, before and after, by whom and since when."""
    return (
        Column("user", tr("For"), _whom, width=170, voice="name", tip=lambda row: row.email),
        Column("reason", tr("Why"), lambda row: reason(row.approval.reason), width=150,
               stretch=True),
        Column("ticket", tr("Ticket"), lambda row: write.text(row.approval.ticket), width=96,
               voice="code", link=True),
        credits_column("credits", tr("Credits"), lambda row: row.approval.credits, signed=True,
                       width=84),
        credits_column("before", tr("Before"), lambda row: row.available, width=80),
        credits_column("after", tr("After"), lambda row: row.after, width=80),
        Column("asked_by", tr("Asked by"), lambda row: write.text(row.approval.asked_by),
               width=190),
        Column("asked_at", tr("Asked"), lambda row: write.ago(row.approval.asked_at, now()),
               width=100,
               value=lambda row: row.approval.asked_at, ink="text2",
               tip=lambda row: write.instant_tip(row.approval.asked_at, zone, now())),
    )  # fmt: skip


def _whom(row: WaitingGrant) -> str:
    return write.text(row.name if row.name.strip() else row.email)


def question(row: WaitingGrant, zone: tzinfo) -> list[tuple[str, str]]:
    """What was asked for, as pairs of a word and its meaning."""
    asked = row.approval
    until = write.exact(asked.expires_at, zone) if asked.expires_at else _validity(asked.validity)
    return [
        (tr("For"), f"{_whom(row)} · {write.text(row.email)} · {write.text(row.approval.user_id)}"),
        (tr("Valid"), until),
        (tr("Note"), write.paragraph(asked.note)),
    ]


def _validity(validity: str) -> str:
    if "month" in validity:
        return tr("until the end of the month")
    words = {"P1Y": tr("one year"), "P90D": tr("90 days"), "P30D": tr("30 days")}
    return words.get(validity, validity)


def decided_words(approval: Approval) -> str:
    """What the person who asked is told."""
    credits = trn("{count} credit", "{count} credits", approval.credits)
    values = {
        "staff": write.text(approval.decided_by),
        "credits": credits,
        "user_id": write.text(approval.user_id),
        "ticket": write.text(approval.ticket),
    }
    if approval.approved:
        said = tr("{staff} approved your {credits} for {user_id} ({ticket}).", **values)
    else:
        said = tr("{staff} rejected your {credits} for {user_id} ({ticket}).", **values)
    return f"{said} {write.text(approval.decision_note)}" if approval.decision_note else said


def chip_words(waiting: Sequence[WaitingGrant], *, may_approve: bool) -> str:
    """What the top bar says; nothing where nobody waits for this person."""
    count = sum(not row.own for row in waiting) if may_approve else 0
    return tr("{count} to approve", count=write.credits(count)) if count else ""
