"""The view state of the overview, without Qt: what was read, what is opened, and all its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from threading import Event
from typing import Any

from app.domain.calendar import Month
from app.domain.flows import Bridge, Compared, FeatureChange, Overview, Proof, SameDays
from app.domain.integrity import Report
from app.domain.staff import Act, may
from app.ui import format as write
from app.ui.language import of, tr, trn
from app.ui.page import Phase

Days = Callable[[SameDays, Month], str]
"""Says of a month which of its days are compared."""
SHOWN_FEATURES = 4
"""How many features are named that gained, and as many that lost."""


@dataclass(frozen=True)
class Seen:
    """What was read, and what the person who looks may do about it."""

    overview: Overview
    may_approve: bool
    may_verify: bool
    may_import: bool
    writable: bool


@dataclass(frozen=True)
class Piece:
    """A figure that is opened: what it counts, of which month, of which kind of grant."""

    what: str
    month: str = ""
    kind: str = ""

    def place(self) -> dict[str, str]:
        """The same as a place that can be kept."""
        return {"what": self.what, "month": self.month, "kind": self.kind}


@dataclass(frozen=True)
class OverviewState:
    """What is shown. ``bridge`` is the place of the month whose bridge is shown, -1 the last."""

    phase: Phase = "loading"
    seen: Seen | None = None
    details: str = ""
    bridge: int = -1
    proving: str = ""
    progress: float | None = None
    report: Report | None = None
    own: Proof | None = None
    """What this window proved last: on a database that keeps nothing, only the window knows."""


def latest_proof(state: OverviewState) -> Proof | None:
    """The newest proof that is known of."""
    kept = state.seen.overview.proof if state.seen else None
    if state.own is None or (kept is not None and kept.at >= state.own.at):
        return kept
    return state.own


def proved(state: OverviewState, report: Report, staff: str) -> OverviewState:
    """The books were proved, or not, by the person who sits here."""
    broken = tuple(violation.name for violation in report.violations)
    own = Proof(report.checked_at, staff, report.counts.rules, broken)
    return replace(state, own=own, report=report, progress=None, proving="")


def proving(state: OverviewState, done: int, every: int, rule: str) -> OverviewState:
    """So many rules are proved, and this one is next."""
    place = min(done + 1, every)
    said = tr("Rule {place} of {every}: {rule}", place=place, every=every, rule=of(rule))
    return replace(state, progress=done / max(every, 1), proving=said if rule else "")


def not_proved(state: OverviewState, why: str = "") -> OverviewState:
    """Proving ended before its end; what was known before stays."""
    return replace(state, progress=None, proving=why)


def read(desk: Any, stop: Event) -> Seen:
    """Read everything, and who asks."""
    role = desk.staff.me(stop=stop).role
    writable = bool(desk.writable)
    return Seen(
        overview=desk.overview.now(stop=stop),
        may_approve=writable and may(role, Act.APPROVE),
        may_verify=may(role, Act.VERIFY),
        may_import=writable and may(role, Act.IMPORT_USERS),
        writable=writable,
    )


def arrived(state: OverviewState, seen: Seen) -> OverviewState:
    """It was read; the same month's bridge stays in view when another month has begun."""
    bridge = state.bridge
    if state.seen is not None and bridge != -1:
        month = state.seen.overview.months[bridge]
        months = seen.overview.months
        bridge = months.index(month) - len(months) if month in months else -1
    phase: Phase = "empty" if seen.overview.empty else "ready"
    return replace(state, phase=phase, seen=seen, details="", bridge=bridge)


def piece_of(place: object) -> Piece | None:
    """The figure that a place names, if it names one."""
    if not isinstance(place, dict) or not place.get("what"):
        return None
    return Piece(*(str(place.get(key) or "") for key in ("what", "month", "kind")))


# Words ------------------------------------------------------------------------------------------


def full(month: Month) -> str:
    """November 2026."""
    return write.full_month(month.year, month.month)


def short(month: Month) -> str:
    """Nov."""
    return write.short_month(month.month)


def headline(overview: Overview, zone: tzinfo) -> str:
    """As of when, and how months are compared."""
    same, at = overview.same, write.minute(overview.as_of, zone)
    if not same.days:
        return tr("As of {instant} · months are compared from the second day on", instant=at)
    return tr(
        "As of {instant} · {days} compared with {before}",
        instant=at,
        days=days_words(same, same.running),
        before=days_words(same, same.running.previous),
    )


def days_words(same: SameDays, month: Month) -> str:
    """1–21 Nov."""
    if same.days == 1:
        return write.apart(tr("1 {month}", month=short(month)))
    return write.apart(tr("1–{last} {month}", last=same.days, month=short(month)))


def last_day_words(same: SameDays, month: Month) -> str:
    """21 Nov: what is left is left on a day, it does not add up over many."""
    return write.day_of_month(date(month.year, month.month, same.days))


def compared_words(one: Compared, same: SameDays, days: Days = days_words) -> str:
    """+6 % on 1–21 Oct."""
    if not same.days:
        return tr("compared from tomorrow on")
    before = days(same, same.running.previous)
    if one.change is None:
        return tr("nothing on {days}", days=before)
    return tr("{change} on {days}", change=write.percent(one.change, sign=True), days=before)


def compared_tip(one: Compared, same: SameDays, days: Days = days_words) -> str:
    """Both figures that are compared."""
    if not same.days:
        return ""
    return tr(
        "{days}: {figure}\n{before}: {earlier}",
        days=days(same, same.running),
        figure=write.credits(one.days),
        before=days(same, same.running.previous),
        earlier=write.credits(one.days_before),
    )


def kind_names() -> Mapping[str, str]:
    """What the kinds of grants are called in the plural, in their order."""
    return {
        "signup_bonus": tr("Sign-up bonuses"),
        "referral_reward": tr("Referral rewards"),
        "monthly_allowance": tr("Monthly allowances"),
        "support_credit": tr("Support credits"),
        "refund": tr("Refunds of what had expired"),
        "top_up": tr("Top-ups"),
    }


def piece_words(piece: Piece) -> str:
    """What a list of users is headed with."""
    if piece.what == "owed" and not piece.month:
        return tr("Outstanding now")
    month = full(Month.parse(piece.month))
    if piece.kind:
        return tr("{kind}, {month}", kind=kind_names().get(piece.kind, piece.kind), month=month)
    words = {
        "given": tr("Given in {month}", month=month),
        "returned": tr("Returned by refunds in {month}", month=month),
        "expired": tr("Expired in {month}", month=month),
        "voided": tr("Voided in {month}", month=month),
        "owed": tr("Outstanding for {month}", month=month),
    }
    return words[piece.what]


def age_words(hours: int) -> str:
    """Over 4 hours."""
    if hours % 24:
        return trn("Over {count} hour", "Over {count} hours", hours)
    if hours % 168 == 0:
        return trn("Over {count} week", "Over {count} weeks", hours // 168)
    return trn("Over {count} day", "Over {count} days", hours // 24)


def waiting_words(seen: Seen, now: datetime) -> str:
    """What waits, since when."""
    waiting = seen.overview.waiting
    if not waiting.count or waiting.since is None:
        return tr("nothing waits")
    return tr(
        "{credits} credits, oldest {age}",
        credits=write.credits(waiting.credits),
        age=write.age(waiting.since, now),
    )


def decider_words(seen: Seen) -> str:
    """Who decides."""
    waiting = seen.overview.waiting
    if not seen.writable:
        return tr("This database can only be read here: nothing can be decided.")
    if not seen.may_approve:
        return tr("A support lead or an admin decides; you may look.")
    if waiting.own and waiting.own == waiting.count:
        return tr("You asked for them yourself: somebody else decides.")
    if waiting.own:
        return trn(
            "{count} of them is your own: somebody else decides.",
            "{count} of them are your own: somebody else decides.",
            waiting.own,
        )
    return tr("You decide.") if waiting.count else ""


def proof_chip(proof: Proof | None) -> tuple[str, str]:
    """Whether the books balance, in a word or two, and the tone to say it in."""
    if proof is None:
        return tr("Not proved yet"), "neutral"
    if proof.ok:
        return tr("The books balance"), "success"
    broken = len(proof.broken)
    return trn("{count} rule is broken", "{count} rules are broken", broken), "danger"


def proof_words(proof: Proof | None, zone: tzinfo, now: datetime, *, writable: bool) -> str:
    """When, by whom, and over how many rules."""
    if proof is None:
        if writable:
            return tr("Nobody has verified this database yet.")
        return tr(
            "Nobody has verified this database yet. It can only be read here: what comes of it is"
            " told, but not kept."
        )
    return tr(
        "{rules} rules, {instant} ({ago}), by {staff}",
        rules=write.credits(proof.rules),
        instant=write.instant(proof.at, zone, now),
        ago=write.ago(proof.at, now),
        staff=write.name(proof.staff),
    )


def expected_words(overview: Overview) -> str:
    """What the allowances of the next month would be, which no figure counts."""
    owed = overview.owed
    month = full(owed.expected_month)
    if not owed.expected:
        return tr("No plan held now gives an allowance in {month}.", month=month)
    return trn(
        "Not counted: the allowances of {month}, some {credits} credits for {count} user,"
        " by the plan held now.",
        "Not counted: the allowances of {month}, some {credits} credits for {count} users,"
        " by the plans held now.",
        owed.expected_users,
        month=month,
        credits=write.credits(owed.expected),
    )


def owed_name(month: Month, running: Month) -> str:
    """The month with which something expires; the running one says so."""
    if month == running:
        return tr("{month} (this month)", month=full(month))
    return full(month)


def gained(overview: Overview) -> tuple[FeatureChange, ...]:
    """The features that gained most, the most first."""
    return tuple(one for one in overview.features if one.difference > 0)[:SHOWN_FEATURES]


def lost(overview: Overview) -> tuple[FeatureChange, ...]:
    """The features that lost most, the most first."""
    return tuple(one for one in reversed(overview.features) if one.difference < 0)[:SHOWN_FEATURES]


def change_note(one: FeatureChange) -> str:
    """+26 %; of what was not used before, new."""
    return tr("new") if one.change is None else write.percent(one.change, sign=True)


def feature_tip(one: FeatureChange, same: SameDays) -> str:
    """The figures behind a change."""
    return tr(
        "{name}\n{days}: {figure} credits\n{before}: {earlier} credits\n{month} in all: {last}",
        name=write.text(one.name),
        days=days_words(same, same.running),
        figure=write.credits(one.days),
        before=days_words(same, same.running.previous),
        earlier=write.credits(one.days_before),
        month=full(same.running.previous),
        last=write.credits(one.last),
    )


def bridge_title(bridge: Bridge, running: Month) -> str:
    """Why 95,600? November 2026 so far."""
    credits = write.credits(bridge.closing)
    if bridge.month == running:
        return tr("Why {credits}? {month} so far", credits=credits, month=full(bridge.month))
    return tr("Why {credits}? {month}", credits=credits, month=full(bridge.month))


def left_words(month: Month) -> str:
    """Left at the end of October 2026."""
    return tr("Left at the end of {month}", month=full(month))
