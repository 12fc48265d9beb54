"""The view state of one request, without Qt: its findings, and the answers that they suggest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from app.domain.charges import RefundPreview
from app.domain.findings import Advice, Evidence, Finding, Suggestion
from app.domain.ledger import LedgerEntry
from app.domain.policy import SupportPolicy
from app.domain.requests import Answer, Request, State
from app.domain.staff import Act
from app.ui import format as write
from app.ui import request_words as words
from app.ui.language import of, tr, trn
from app.ui.page import Phase
from app.ui.requests.reading import Case, Draft, Outlook
from app.ui.standing import Standing

MOST_NOTE = 2_000
SENDER_UNKNOWN = "sender_unknown"
"""The code of the finding that the sender matches no user."""
VALIDITIES = (("P1Y", tr("1 year")), ("P90D", tr("90 days")), ("P30D", tr("30 days")),
              ("month_end", tr("End of month")))  # fmt: skip
_ANSWERS = {
    Advice.GRANT: Answer.GRANT,
    Advice.REFUND: Answer.REFUND,
    Advice.DECLINE: Answer.DECLINE,
}


@dataclass(frozen=True)
class CaseState:
    """Which request is in view, and the answer that is being written, if one is."""

    request_id: int | None = None
    phase: Phase = "empty"
    case: Case | None = None
    draft: Draft | None = None
    problem: str = ""

    @property
    def here(self) -> Case | None:
        """The case, if it is the one that was asked for and not still another one."""
        case = self.case
        return case if case is not None and case.request.id == self.request_id else None


def asked(state: CaseState, request_id: int) -> CaseState:
    """A request was asked for; an answer that is being written to it stays."""
    if request_id == state.request_id:
        return replace(state, phase="loading")
    return CaseState(request_id, "loading", state.case)


def arrived(state: CaseState, case: Case) -> CaseState:
    """A case came; if it was answered meanwhile, there is no answer to write any more."""
    settled = case.request.resolved or case.request.waiting
    return replace(
        state, phase="ready", case=case, draft=None if settled else state.draft, problem=""
    )


# Findings and what they suggest -----------------------------------------------------------------


def to_take(findings: Sequence[Finding], number: int) -> Finding | None:
    """The finding whose suggestion the number means; 1 is the likeliest that suggests something."""
    if number == 1:
        return next((one for one in findings if one.suggestion), findings[0] if findings else None)
    return findings[number - 1] if 1 <= number <= len(findings) else None


def draft_of(finding: Finding, policy: SupportPolicy) -> Draft:
    """The answer that a finding suggests; one that suggests nothing is explained by declining."""
    advised = finding.suggestion or Suggestion(Advice.DECLINE)
    return Draft(
        answer=_ANSWERS[advised.act],
        finding=finding.code,
        credits=advised.credits if advised.act is Advice.GRANT else None,
        charge_id=advised.charge_id if advised.act is Advice.REFUND else None,
        reason=advised.reason or "",
        validity=policy.default_validity,
        note=write.text(of(finding.sentence))[:MOST_NOTE],
    )


def own_draft(answer: Answer, case: Case, policy: SupportPolicy) -> Draft:
    """An answer of one's own: no finding suggested it, the likeliest is what the reply rests on."""
    findings = case.diagnosis.findings
    base = draft_of(findings[0], policy) if findings else Draft(answer)
    wished = case.request.credits
    return replace(
        base,
        answer=answer,
        credits=(base.credits or wished) if answer is Answer.GRANT else None,
        charge_id=base.charge_id if answer is Answer.REFUND else None,
        validity=policy.default_validity,
    )


def wants_match(finding: Finding) -> bool:
    """Whether nobody knows whose request it is: that comes before any answer."""
    return finding.code == SENDER_UNKNOWN


def suggestion_words(finding: Finding) -> str:
    """What a finding suggests, as words on a button."""
    suggestion = finding.suggestion
    if wants_match(finding):
        return tr("Match to a user")
    if suggestion is None:
        return tr("Explain and decline")
    if suggestion.act is Advice.GRANT:
        return tr(
            "Grant {credits}",
            credits=trn("{count} credit", "{count} credits", suggestion.credits or 0),
        )
    if suggestion.act is Advice.REFUND:
        credits = suggestion.credits
        return (
            tr("Refund {credits}", credits=trn("{count} credit", "{count} credits", credits))
            if credits
            else tr("Refund the charge")
        )
    return tr("Explain and decline")


def over_limit(case: Case, draft: Draft) -> bool:
    """Whether a grant is more than the person may give by themselves."""
    limits = (case.allowed.per_grant, case.allowed.today)
    credits = draft.credits or 0
    grants = draft.answer is Answer.GRANT
    return grants and any(limit is not None and credits > limit for limit in limits)


@dataclass(frozen=True)
class Foresight:
    """What the sheet says of an answer: its heading, its button, and what comes of it."""

    title: str
    act: str
    before: str
    after: str
    notes: tuple[str, ...]
    missing: str


def foresee(case: Case, draft: Draft, outlook: Outlook | None, zone: tzinfo) -> Foresight:
    """What would come of an answer as it is written."""
    account = case.account
    before = None if account is None else account.available
    refund = outlook.refund if outlook is not None else None
    gain = _gain(draft, refund)
    return Foresight(
        title=_title(draft, refund),
        act=_act(case, draft, refund),
        before=write.credits(before),
        after=write.credits(None if before is None else before + gain),
        notes=tuple(_notes(case, draft, refund, zone)),
        missing=_missing(case, draft, outlook),
    )


def _gain(draft: Draft, refund: RefundPreview | None) -> int:
    if draft.answer is Answer.GRANT:
        return draft.credits or 0
    if draft.answer is Answer.REFUND and refund is not None:
        return refund.returned + refund.regranted
    return 0


def _title(draft: Draft, refund: RefundPreview | None) -> str:
    if draft.answer is Answer.GRANT:
        return tr("Grant credits")
    if draft.answer is Answer.REFUND:
        if refund is None:
            return tr("Refund the charge")
        credits = trn("{count} credit", "{count} credits", refund.charge.credits)
        return tr("Refund the charge of {credits}", credits=credits)
    return tr("Decline, and explain why")


def _act(case: Case, draft: Draft, refund: RefundPreview | None) -> str:
    if over_limit(case, draft):
        return tr("Send for approval, copy reply")
    if draft.answer is Answer.GRANT:
        if not draft.credits:
            return tr("Grant credits, copy reply")
        credits = trn("{count} credit", "{count} credits", draft.credits)
        return tr("Grant {credits}, copy reply", credits=credits)
    if draft.answer is Answer.REFUND:
        gain = _gain(draft, refund)
        if not gain:
            return tr("Refund, copy reply")
        return tr("Refund {credits}, copy reply", credits=write.credits(gain))
    return tr("Decline, copy reply")


def _notes(case: Case, draft: Draft, refund: RefundPreview | None, zone: tzinfo) -> list[str]:
    said = []
    if draft.answer is Answer.REFUND and refund is not None and refund.regranted:
        until = write.exact(refund.regrant_expires_at, zone)
        said.append(
            tr(
                "{returned} go back to their grants; {regranted} came from grants that "
                "have expired since and come as a new grant, usable until {until}.",
                returned=write.credits(refund.returned),
                regranted=write.credits(refund.regranted),
                until=until,
            )
        )
    given = [grant for grant in case.given if grant.voided < grant.credits]
    if given and draft.answer is not Answer.DECLINE:
        first = given[0]
        said.append(
            tr(
                "This ticket got {credits} already, {ago}.",
                credits=trn("{count} credit", "{count} credits", first.credits),
                ago=write.ago(first.effective_at, case.now),
            )
        )
    if over_limit(case, draft):
        said.append(tr("This is over your limit: a support lead or admin has to approve it."))
    return said


def _missing(case: Case, draft: Draft, outlook: Outlook | None) -> str:
    if draft.answer is not Answer.DECLINE and case.account is None:
        return tr("Nobody on record is known by this sender: match a user first, or decline.")
    if draft.answer is Answer.GRANT and not draft.credits:
        return tr("How many credits?")
    if draft.answer is Answer.REFUND and draft.charge_id is None:
        return tr("Which charge?")
    if outlook is not None and outlook.problem:
        return outlook.problem
    return ""


# What may be done with a request ----------------------------------------------------------------


def why_not(request: Request | None, standing: Standing | None) -> str:
    """Why a request cannot be answered now, as a sentence; empty if it can."""
    if request is None or standing is None:
        return tr("The request is still being read.")
    return standing.why_not(Act.RESOLVE_REQUEST) or _taken(request, standing.member.email)


def _taken(request: Request, me: str) -> str:
    if request.resolved:
        return tr(
            "It was answered by {staff} already: {state}.",
            state=words.state_words(request),
            staff=write.text(request.resolved_by),
        )
    if request.waiting:
        return tr("It waits for an approval, which has to be decided first.")
    if request.state is State.CLAIMED and request.claimed_by != me:
        return tr("{claimed_by} has it in hand.", claimed_by=write.text(request.claimed_by))
    return ""


def category_words(case: Case) -> str:
    """What it is about, and whether that was guessed from the words of the message."""
    named = case.request.category
    if named:
        return words.categories().get(named, write.text(named))
    guessed = words.category_name(case.diagnosis.category)
    return tr("{category} (likely, none was named)", category=guessed)


def outcome(case: Case, zone: tzinfo, now: datetime) -> str:
    """What became of a request, in sentences; empty while it is open."""
    request = case.request
    if request.waiting and case.approval is not None:
        waiting = case.approval
        return tr(
            "{staff} asked for {credits} {ago}; a support lead or admin has to approve that.",
            staff=write.name(waiting.asked_by),
            credits=trn("{count} credit", "{count} credits", waiting.credits),
            ago=write.ago(waiting.asked_at, now),
        )
    if not request.resolved or request.resolved_at is None:
        return _turned_down(request)
    when = write.instant(request.resolved_at, zone, now)
    said = _answered(case, write.name(request.resolved_by), when)
    grant = case.resolution.grant
    if grant is None or not grant.voided:
        return said
    back = trn(
        "{count} credit of it was taken back since.",
        "{count} credits of it were taken back since.",
        grant.voided,
    )
    return f"{said} {back}"


def _turned_down(request: Request) -> str:
    """A note on a request in hand is why what was asked for was not approved."""
    if request.state is not State.CLAIMED or not request.note:
        return ""
    return tr("What was asked for was not approved: {note}", note=write.text(request.note))


def _answered(case: Case, staff: str, when: str) -> str:
    grant, refund = case.resolution.grant, case.resolution.refund
    if grant is not None:
        return trn(
            "Granted {count} credit by {staff}, {when}.",
            "Granted {count} credits by {staff}, {when}.",
            grant.credits,
            staff=staff,
            when=when,
        )
    if refund is not None:
        return trn(
            "Refunded {count} credit by {staff}, {when}.",
            "Refunded {count} credits by {staff}, {when}.",
            refund.returned + refund.regranted,
            staff=staff,
            when=when,
        )
    return tr("Declined by {staff}, {when}.", staff=staff, when=when)


# Rows -------------------------------------------------------------------------------------------


def evidence_words(evidence: Evidence, zone: tzinfo, now: datetime) -> tuple[str, str, str]:
    """A row of evidence as (when, what, credits)."""
    when = write.instant(evidence.at, zone, now)
    credits = "" if evidence.credits is None else write.signed(evidence.credits)
    return when, write.text(of(evidence.text)), credits


def charge_words(entry: LedgerEntry, zone: tzinfo, now: datetime) -> str:
    """A charge on one line, to choose it by."""
    marks = tr(" · failed") if entry.outcome == "failed" else ""
    when = write.instant(entry.at, zone, now)
    return f"{write.credits(-entry.credits)}{marks} · {when} · {write.text(entry.text)}"
