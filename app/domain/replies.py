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
    "1": said("What are Credits?"),
    "2": said("How to Get Credits?"),
    "3": said("Credit Validity and Expiry"),
    "4": said("What Happens if I Run Out of Credits?"),
    "5": said("How Can I Check My Credit Consumption?"),
}
"""The sections of the published page about credits, by number."""

MEANINGS: Mapping[str, str] = {
    "name": said("what the user is called"),
    "ticket": said("the ticket"),
    "sender": said("who wrote, as it came"),
    "plan": said("the plan held now"),
    "available": said("the credits available now"),
    "next_at": said("the day of the next release"),
    "next_credits": said("the credits of the next release"),
    "days": said("the days until the next release"),
    "own_code": said("the user's referral code"),
    "referral_credits": said("the credits of a referral reward"),
    "referral_valid": said("how long those are valid"),
    "no_top_up": said("that credits cannot be bought, while that is so"),
    "finding": said("what the record says"),
    "answer": said("what was done"),
    "see": said("where the published page says so"),
    "section": said("the number of the section of the published page"),
    "section_title": said("its title"),
    "granted": said("the credits given"),
    "granted_until": said("until when they are valid"),
    "refunded": said("the credits refunded"),
    "regranted": said("of them those given anew"),
    "regranted_until": said("until when those are valid"),
    "charge": said("the number of the charge"),
    "feature": said("the feature"),
    "credits": said("the credits of the charge, or of all of them"),
    "quantity": said("the quantity of the charge"),
    "charged_at": said("when it was charged"),
    "failed_jobs": said("how many failed jobs are not refunded"),
    "failed_credits": said("the credits of those"),
    "refunded_at": said("when it was refunded"),
    "returned": said("the credits that went back to their grants"),
    "since": said("since when the record was looked at, or a plan held"),
    "until": said("until when the record was looked at"),
    "first_charge": said("the number of the first of the charges"),
    "first_at": said("when the first was made"),
    "times": said("how often it was charged"),
    "total": said("the credits of all of them"),
    "seconds": said("within how many seconds"),
    "refund_charge": said("the charge to refund"),
    "refund_credits": said("its credits"),
    "old_price": said("the price before the change"),
    "new_price": said("the price after it"),
    "changed_at": said("when the price or the plan changed"),
    "version": said("the number of the price list"),
    "price_then": said("the price in force at the use"),
    "price_now": said("the price now"),
    "charged_price": said("the price that was charged"),
    "difference": said("by how much it was too much"),
    "side": said("before or after the change"),
    "registered_at": said("when they registered"),
    "friend_code": said("the code they registered with"),
    "user_registered_at": said("when the user registered"),
    "refused": said("how many uses were refused, or why a referral did not count"),
    "reward": said("the credits of the reward"),
    "paid_at": said("when it was given"),
    "left": said("what is left of it"),
    "expires_at": said("until when it is valid"),
    "before_plan": said("the plan before the change"),
    "month": said("the month"),
    "added": said("what the upgrade released"),
    "already": said("what the month had released before"),
    "in_all": said("both together"),
    "released": said("what was released or given"),
    "released_at": said("when it was released"),
    "used": said("what was used"),
    "last_credits": said("the credits of the last release"),
    "last_at": said("the day of the last release"),
    "named_plan": said("the plan that the message names"),
    "looked_since": said("since when the record was looked at"),
    "expired": said("what expired unused"),
    "voided": said("what was taken back"),
    "what": said("which credits they were"),
    "expired_at": said("when they expired"),
    "given_at": said("when they were given"),
    "given": said("the credits given"),
    "voided_at": said("when they were taken back"),
    "reason": said("why"),
    "uses": said("how many uses"),
    "occurred_at": said("when the first of them was"),
    "recorded_at": said("when the last of them was recorded"),
    "average": said("the credits used a day, on average"),
    "feature_credits": said("the credits that this feature used"),
    "needed": said("what the last refused use needed"),
    "there_was": said("what was there then"),
    "asked_at": said("when it was asked for"),
    "grants": said("how many grants were given"),
    "refunds": said("how many charges were refunded"),
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
