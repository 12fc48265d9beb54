"""Replies to users: templates with placeholders, filled with the figures of a finding.

A template is plain text. ``{released}`` stands for a figure; a line that names something there is
not (no next release, no referral code, nothing given anew) is left out whole, so one text serves
users with and without it. Leads edit the texts; the names that each may use are fixed here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.calendar import BillingCalendar
from app.domain.diagnosis_case import day_of, end_of, ended_at, moment_of
from app.domain.errors import InvalidValue
from app.domain.findings import Value
from app.domain.sentences import said
from app.domain.users import checked_text

LETTER, SEE = "letter", "see"
ANSWERS = {
    "grant": "answer_grant",
    "refund": "answer_refund",
    "decline": "answer_decline",
    "wait": "answer_wait",
}
"""The template that tells what was done, by the act."""
MOST_TEXT = 4_000
SECTIONS: Mapping[str, str] = {
    "1": "What are Credits?",
    "2": "How to Get Credits?",
    "3": "Credit Validity and Expiry",
    "4": "What Happens if I Run Out of Credits?",
    "5": "How Can I Check My Credit Consumption?",
}
"""The sections of the published page about credits, by number."""

MEANINGS: Mapping[str, str] = {
    "name": "what the user is called",
    "ticket": "the ticket",
    "sender": "who wrote, as it came",
    "plan": "the plan held now",
    "available": "the credits available now",
    "next_at": "the day of the next release",
    "next_credits": "the credits of the next release",
    "days": "the days until the next release",
    "own_code": "the user's referral code",
    "referral_credits": "the credits of a referral reward",
    "referral_valid": "how long those are valid",
    "no_top_up": "that credits cannot be bought, while that is so",
    "finding": "what the record says",
    "answer": "what was done",
    "see": "where the published page says so",
    "section": "the number of the section of the published page",
    "section_title": "its title",
    "granted": "the credits given",
    "granted_until": "until when they are valid",
    "refunded": "the credits refunded",
    "regranted": "of them those given anew",
    "regranted_until": "until when those are valid",
    "charge": "the number of the charge",
    "feature": "the feature",
    "credits": "the credits of the charge, or of all of them",
    "quantity": "the quantity of the charge",
    "charged_at": "when it was charged",
    "failed_jobs": "how many failed jobs are not refunded",
    "failed_credits": "the credits of those",
    "refunded_at": "when it was refunded",
    "returned": "the credits that went back to their grants",
    "since": "since when the record was looked at, or a plan held",
    "until": "until when the record was looked at",
    "first_charge": "the number of the first of the charges",
    "first_at": "when the first was made",
    "times": "how often it was charged",
    "total": "the credits of all of them",
    "seconds": "within how many seconds",
    "refund_charge": "the charge to refund",
    "refund_credits": "its credits",
    "old_price": "the price before the change",
    "new_price": "the price after it",
    "changed_at": "when the price or the plan changed",
    "version": "the number of the price list",
    "price_then": "the price in force at the use",
    "price_now": "the price now",
    "charged_price": "the price that was charged",
    "difference": "by how much it was too much",
    "side": "before or after the change",
    "registered_at": "when they registered",
    "friend_code": "the code they registered with",
    "user_registered_at": "when the user registered",
    "refused": "how many uses were refused, or why a referral did not count",
    "reward": "the credits of the reward",
    "paid_at": "when it was given",
    "left": "what is left of it",
    "expires_at": "until when it is valid",
    "before_plan": "the plan before the change",
    "month": "the month",
    "added": "what the upgrade released",
    "already": "what the month had released before",
    "in_all": "both together",
    "released": "what was released or given",
    "released_at": "when it was released",
    "used": "what was used",
    "last_credits": "the credits of the last release",
    "last_at": "the day of the last release",
    "named_plan": "the plan that the message names",
    "looked_since": "since when the record was looked at",
    "expired": "what expired unused",
    "voided": "what was taken back",
    "what": "which credits they were",
    "expired_at": "when they expired",
    "given_at": "when they were given",
    "given": "the credits given",
    "voided_at": "when they were taken back",
    "reason": "why",
    "uses": "how many uses",
    "occurred_at": "when the first of them was",
    "recorded_at": "when the last of them was recorded",
    "average": "the credits used a day, on average",
    "feature_credits": "the credits that this feature used",
    "needed": "what the last refused use needed",
    "there_was": "what was there then",
    "asked_at": "when it was asked for",
    "grants": "how many grants were given",
    "refunds": "how many charges were refunded",
}
"""What each placeholder stands for."""

_ALWAYS = frozenset(
    "name ticket plan available next_at next_credits days own_code referral_credits"
    " referral_valid no_top_up".split()
)
_CHARGE = "charge feature credits quantity charged_at"
_TWICE = f"{_CHARGE} first_charge first_at times total seconds refund_charge refund_credits"
_FRIEND = "registered_at friend_code"
_EXPIRY = "expired released used voided what expired_at given_at month"
_RISE = "before_plan changed_at month added already in_all expires_at"
_USED = "used uses since refused average feature feature_credits needed there_was"
FIGURES: Mapping[str, frozenset[str]] = {
    code: frozenset(names.split())
    for code, names in {
        "failed_not_refunded": f"{_CHARGE} failed_jobs failed_credits",
        "failed_refunded": f"{_CHARGE} refunded_at returned regranted",
        "outcome_unknown": f"{_CHARGE} since",
        "job_succeeded": f"{_CHARGE} since",
        "job_refunded": f"{_CHARGE} since",
        "same_job_twice": _TWICE,
        "charged_within_minute": _TWICE,
        "separate_jobs": _TWICE,
        "double_refunded": _TWICE,
        "price_changed": f"{_CHARGE} old_price new_price changed_at version price_then price_now"
        " side",
        "price_differs": f"{_CHARGE} charged_price price_then version difference",
        "price_as_listed": f"{_CHARGE} price_then price_now version",
        "batch_charge": f"{_CHARGE} price_then",
        "referral_paid": f"{_FRIEND} reward paid_at left expires_at",
        "friend_without_code": _FRIEND,
        "friend_other_code": "registered_at",
        "friend_registered_before": f"{_FRIEND} user_registered_at",
        "referral_refused": f"{_FRIEND} refused",
        "referral_self": f"{_FRIEND} refused",
        "friend_not_registered": "",
        "nobody_registered": "",
        "no_referral_code": "",
        "reward_is_the_inviters": _FRIEND,
        "upgrade_difference": _RISE,
        "upgrade_in_full": _RISE,
        "upgrade_added_nothing": _RISE,
        "plan_lowered": "before_plan changed_at month released expires_at",
        "plan_not_on_record": "named_plan since looked_since",
        "month_released": "month released released_at used left expires_at",
        "no_allowance": "month since last_credits last_at",
        "allowance_expired": _EXPIRY,
        "grant_expired": _EXPIRY,
        "signup_expired": _EXPIRY,
        "grant_voided": "voided given what voided_at reason",
        "recorded_late": "uses credits occurred_at recorded_at",
        "signup_given": "given used left given_at expires_at",
        "out_of_credits": _USED,
        "what_used_credits": _USED,
        "credits_left": _USED,
        "given_for_ticket": "given refunded given_at",
        "approval_waiting": "credits asked_at",
        "given_lately": "given grants refunded refunds",
        "nothing_wrong": "since until uses used",
        "sender_unknown": "sender",
    }.items()
}
"""What the reply to each finding may name, beside what every reply may."""
_FRAMES: Mapping[str, frozenset[str]] = {
    LETTER: frozenset({"finding", "answer", "see"}),
    SEE: frozenset({"section", "section_title"}),
    ANSWERS["grant"]: frozenset({"granted", "granted_until"}),
    ANSWERS["refund"]: frozenset({"refunded", "regranted", "regranted_until"}),
    ANSWERS["decline"]: frozenset(),
    ANSWERS["wait"]: frozenset({"granted"}),
}
CODES = (*_FRAMES, *FIGURES)
"""Every template there is."""
_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
_ONE = re.compile(r"(?<![\d,.])1 (credit|use|day|time)s\b")
_MISSING_AT_ZERO = frozenset(
    "next_credits regranted refunded given returned refused voided days difference".split()
)
_DAYS = frozenset(
    "next_at given_at released_at registered_at user_registered_at paid_at last_at since"
    " looked_since refunded_at voided_at asked_at until".split()
)
_ENDS = frozenset({"expires_at", "granted_until", "regranted_until"})


@dataclass(frozen=True, slots=True)
class Template:
    """One text of replies. ``section`` is that of the published page it rests on, or empty.

    ``version`` counts the times it was edited; 0 is the text the program came with, which has
    neither ``author`` nor ``saved_at``.
    """

    code: str
    text: str
    section: str = ""
    version: int = 0
    author: str = ""
    saved_at: datetime | None = None


def placeholders(code: str) -> dict[str, str]:
    """What the template of a code may name, and what each stands for; ``InvalidValue`` else."""
    own = FIGURES.get(code, _FRAMES.get(code))
    if own is None:
        message = said("There is no reply template “{code}”.", code=code)
        raise InvalidValue(message, field="code", value=code)
    return {name: meaning for name, meaning in MEANINGS.items() if name in own | _ALWAYS}


def checked(code: str, text: str, section: str) -> Template:
    """A template that can be kept, or ``InvalidValue`` that names what is wrong with it."""
    known = placeholders(code)
    text = checked_text(text, "reply", most=MOST_TEXT, may_be_empty=code in _FRAMES)
    for name in _PLACEHOLDER.findall(text):
        if name not in known:
            message = said(
                "The placeholder “{{{name}}}” is not known in the reply “{code}”; known "
                "are {known}.",
                name=name,
                code=code,
                known=", ".join(known),
            )
            raise InvalidValue(message, field="text", value=name, code=code)
    rest = _PLACEHOLDER.sub("", text)
    if "{" in rest or "}" in rest:
        message = said(
            "In the reply “{code}” a brace stands alone; a placeholder is like {{name}}.", code=code
        )
        raise InvalidValue(message, field="text", value=text, code=code)
    if section and section not in SECTIONS:
        message = said(
            "“{section}” is not a section of the published page; they are {known}.",
            section=section,
            known=", ".join(SECTIONS),
        )
        raise InvalidValue(message, field="section", value=section)
    return Template(code, text, section)


def parse(content: str) -> dict[str, Template]:
    """The templates of a file that the program comes with: ``{code: {text, section}}``."""
    document = json.loads(content)
    return {
        code: checked(code, "\n".join(parts["text"]), parts.get("section", ""))
        for code, parts in document.items()
    }


def shown(values: Mapping[str, Value | None], calendar: BillingCalendar) -> dict[str, str]:
    """Figures as users read them; those that are missing are left out."""
    found = {name: _shown(name, value, calendar) for name, value in values.items()}
    return {name: text for name, text in found.items() if text}


def _shown(name: str, value: Value | None, calendar: BillingCalendar) -> str:
    if value is None or (value == 0 and name in _MISSING_AT_ZERO):
        return ""
    if isinstance(value, datetime):
        if name in _DAYS:
            return day_of(value, calendar)
        if name in _ENDS:
            return end_of(value, calendar)
        if name == "expired_at":
            return ended_at(value, calendar)
        return f"{moment_of(value, calendar)} {calendar.local(value).tzname()}"
    return f"{value:,}" if isinstance(value, int) else " ".join(value.split())


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with its placeholders filled, without the lines that name what is missing.

    Of one thing it says so: 1 credit, whatever the template has.
    """
    lines = [
        _ONE.sub(r"1 \1", _PLACEHOLDER.sub(lambda found: values[found[1]], line))
        for line in text.splitlines()
        if all(name in values for name in _PLACEHOLDER.findall(line))
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def write(
    templates: Mapping[str, Template], code: str, act: str | None, values: Mapping[str, str]
) -> str:
    """The whole reply: what the record says, what was done about it, and where the page says so.

    ``code`` is the finding's, ``act`` what was done (a key of ``ANSWERS``) or ``None``; ``values``
    are the figures as users read them.
    """
    told = templates[code]
    parts = dict(values) | {"finding": fill(told.text, values)}
    if act is not None:
        parts["answer"] = fill(templates[ANSWERS[act]].text, values)
    if told.section:
        where = {"section": told.section, "section_title": SECTIONS[told.section]}
        parts["see"] = fill(templates[SEE].text, parts | where)
    parts = {name: text for name, text in parts.items() if text}
    return fill(templates[LETTER].text, parts) + "\n"
