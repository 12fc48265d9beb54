"""Replies to users: the templates as leads edit them, and the text for one request."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from app import shipped
from app.domain import replies as rules
from app.domain.calendar import MONTH_END, parse_validity
from app.domain.charges import Refund
from app.domain.diagnosis import Diagnosis, Finding
from app.domain.errors import AlreadyRefunded, ChangedMeanwhile, InvalidValue
from app.domain.findings import Value
from app.domain.replies import Template
from app.domain.requests import Answer, Request, State
from app.domain.sentences import said
from app.domain.staff import Act
from app.services import holdings, refunding
from app.services.diagnosing import complaint_of, diagnosis_of
from app.services.office import Office, Work
from app.storage import charges, grants, replies, users

_GENERAL = frozenset({"given_for_ticket", "approval_waiting", "given_lately"})
_BEFORE_REFUND = {
    "failed_refunded": "failed_not_refunded",
    "double_refunded": "charged_within_minute",
}
"""Of a charge that this very request had refunded: the text to which the refund is the answer."""
_ACT_OF = {
    State.GRANTED: "grant",
    State.REFUNDED: "refund",
    State.DECLINED: "decline",
}


class Replies:
    """The templates of replies, with their history."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def templates(self, *, stop: threading.Event | None = None) -> list[Template]:
        """The text of every template as it counts now."""
        with self._office.reading(stop=stop) as work:
            return list(_current(work).values())

    def template(self, code: str, *, stop: threading.Event | None = None) -> Template:
        """The text of one template as it counts now. Raises ``InvalidValue``."""
        rules.placeholders(code)
        with self._office.reading(stop=stop) as work:
            return _current(work)[code]

    def history(self, code: str, *, stop: threading.Event | None = None) -> list[Template]:
        """Every text a template had, the newest first, down to the one the program came with.

        Raises ``InvalidValue``.
        """
        rules.placeholders(code)
        with self._office.reading(stop=stop) as work:
            return [*replies.history(work.session, code), _shipped()[code]]

    def save(
        self, code: str, text: str, *, section: str | None = None, based_on: int | None = None
    ) -> Template:
        """Let a template have another text, and (where given) another section of the page.

        ``based_on`` is the version it was edited from. Raises ``InvalidValue`` that names a
        placeholder it may not have, ``ChangedMeanwhile`` where somebody saved another since,
        ``NotPermitted`` (leads and admins edit templates).
        """
        with self._office.writing(Act.EDIT_REPLIES) as work:
            rules.placeholders(code)
            before = _current(work)[code]
            new = rules.checked(code, text, before.section if section is None else section)
            if based_on is not None and based_on != before.version:
                raise _changed(before)
            if (new.text, new.section) == (before.text, before.section):
                return before
            new = replace(new, version=before.version + 1)
            replies.add(work.session, new, staff=work.member.id, at=work.now_ms)
            work.record(
                "edit a reply",
                ("reply", code),
                before={"text": before.text, "section": before.section},
                after={"text": new.text, "section": new.section, "version": new.version},
            )
            return _current(work)[code]

    def reset(self, code: str) -> Template:
        """Let a template have the text again that the program came with. Raises like ``save``."""
        rules.placeholders(code)
        original = _shipped()[code]
        return self.save(code, original.text, section=original.section)


def _changed(before: Template) -> ChangedMeanwhile:
    message = said(
        "The reply “{code}” was saved by {author} meanwhile (version {version}); "
        "nothing was changed.",
        code=before.code,
        author=before.author,
        version=before.version,
    )
    return ChangedMeanwhile(message, by=before.author, at=before.saved_at, version=before.version)


@cache
def _shipped() -> dict[str, Template]:
    return rules.parse(shipped.path("resources/replies.json").read_text(encoding="utf-8"))


def _current(work: Work) -> dict[str, Template]:
    return _shipped() | replies.latest(work.session)


# One reply --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Intended:
    """What is about to be done about a request; ``None`` where the suggestion says it.

    ``act`` is ``grant``, ``refund``, ``decline`` or ``wait`` (for an approval). ``validity`` and
    ``expires_at`` are as for a grant by staff.
    """

    act: str | None = None
    credits: int | None = None
    charge_id: int | None = None
    validity: str | None = None
    expires_at: datetime | None = None


def reply_to(work: Work, request: Request, code: str | None, intended: Intended) -> str:
    """The reply to a request from the finding ``code`` (default: the first), with what is done.

    Of a request that has its answer, that is told. Raises ``InvalidValue`` for a finding that the
    diagnosis does not have, or an act there is not.
    """
    diagnosis = diagnosis_of(work, request.user_id, complaint_of(request))
    finding = _chosen(diagnosis, code, request)
    act, figures = _done(work, request, finding, intended)
    values = _always(work, request) | dict(finding.values) | figures
    told = finding.code
    if _is_about(finding, request):
        told = _BEFORE_REFUND.get(told, told)
    return rules.write(_current(work), told, act, rules.shown(values, work.calendar))


def _is_about(finding: Finding, request: Request) -> bool:
    """Whether a finding is about the charge that was refunded to answer the request."""
    numbers = {row.charge_id for row in finding.evidence}
    return request.charge_id is not None and request.charge_id in numbers


def _chosen(diagnosis: Diagnosis, code: str | None, request: Request) -> Finding:
    if code is None:
        # What this request was answered with is told as its answer, not as what it is about.
        own = [one for one in diagnosis.findings if one.code not in _GENERAL]
        if not request.resolved or not own:
            return diagnosis.findings[0]
        about = [one for one in own if _is_about(one, request)]
        told = [one for one in diagnosis.findings if one.code == "given_for_ticket"]
        # Where no finding is about the charge refunded, that it was refunded is all to say.
        return [*about, *(told if request.charge_id else []), *own][0]
    for finding in diagnosis.findings:
        if finding.code == code:
            return finding
    known = ", ".join(dict.fromkeys(finding.code for finding in diagnosis.findings))
    message = said(
        "“{code}” is not a finding about request {id}; they are {known}.",
        code=code,
        id=request.id,
        known=known,
    )
    raise InvalidValue(message, field="finding", value=code)


def _always(work: Work, request: Request) -> dict[str, Value | None]:
    """What every reply may name."""
    policy = work.book.policy_at(work.now)
    found: dict[str, Value | None] = {
        "name": request.name.split()[0] if request.name.split() else "there",
        "ticket": request.ticket,
        "sender": request.sender,
        "referral_credits": policy.referral.credits,
        "referral_valid": _lasting(policy.referral.valid),
        "no_top_up": None if policy.top_up.enabled else "Credits cannot be bought at the moment.",
    }
    if request.user_id is None:
        return found
    row = users.row_of(work.session, request.user_id)
    account = holdings.account(work, row, holdings.held_by(work, row, None), None)
    days = None
    if account.next_release_at is not None and account.next_release_credits:
        days = (work.calendar.today(account.next_release_at) - work.calendar.today(work.now)).days
    return found | {
        "plan": account.plan.capitalize(),
        "available": account.available,
        "next_at": account.next_release_at,
        "next_credits": account.next_release_credits,
        "days": days,
        "own_code": account.user.referral_code,
    }


def _lasting(validity: str) -> str:
    if validity == MONTH_END:
        return "the month"
    years, days = parse_validity(validity)
    if days:
        return f"{days:,} days"
    return "one year" if years == 1 else f"{years} years"


def _done(
    work: Work, request: Request, finding: Finding, intended: Intended
) -> tuple[str | None, dict[str, Value | None]]:
    """What was done, or is about to be: the act, and its figures."""
    if request.resolved and intended.act is None:
        return (None, {}) if finding.code == "given_for_ticket" else _answered(work, request)
    suggested = finding.suggestion
    act = intended.act or (None if suggested is None else suggested.act.value)
    if act is None:
        return None, {}
    if act not in rules.ANSWERS:
        message = said(
            "“{act}” is not an answer; it is {known}.", act=act, known=", ".join(rules.ANSWERS)
        )
        raise InvalidValue(message, field="act", value=act)
    own = suggested if suggested is not None and suggested.act.value == act else None
    credits = intended.credits or (None if own is None else own.credits)
    if act == Answer.REFUND:
        charge = intended.charge_id or (None if own is None else own.charge_id)
        return act, {} if charge is None else _refund_figures(work, charge)
    if act == Answer.DECLINE:
        return act, {}
    return act, {"granted": credits, "granted_until": _granted_until(work, intended)}


def _granted_until(work: Work, intended: Intended) -> datetime:
    if intended.expires_at is not None:
        return intended.expires_at
    usual = work.book.policy_at(work.now).support.default_validity
    return work.calendar.expiry(work.now, intended.validity or usual)


def _refund_figures(work: Work, charge_id: int) -> dict[str, Value | None]:
    """What refunding a charge gives back, or gave back if it was refunded already."""
    try:
        charge = refunding.refundable(work, charge_id).charge
    except AlreadyRefunded:
        refund = charges.refund_of(work.session, charge_id)
        return {} if refund is None else _refunded(work, refund)
    _, anew, _ = refunding.split(work, charge, max(work.now, charge.occurred_at))
    until = work.calendar.expiry(work.now, MONTH_END)
    return {"refunded": charge.credits, "regranted": anew, "regranted_until": until}


def _refunded(work: Work, refund: Refund) -> dict[str, Value | None]:
    until = None
    if refund.grant_id is not None:
        until = grants.by_id(work.session, refund.grant_id).expires_at
    return {
        "refunded": refund.returned + refund.regranted,
        "regranted": refund.regranted,
        "regranted_until": until,
    }


def _answered(work: Work, request: Request) -> tuple[str | None, dict[str, Value | None]]:
    act = _ACT_OF[request.state]
    if request.charge_id is not None:
        return act, _refund_figures(work, request.charge_id)
    if request.grant_id is not None:
        grant = grants.by_id(work.session, request.grant_id)
        return act, {"granted": grant.credits, "granted_until": grant.expires_at}
    return act, {}
