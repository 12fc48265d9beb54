"""Findings about plans and what they release: months, upgrades, downgrades (rules, section 2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from app.domain.calendar import MILLISECOND, Month
from app.domain.diagnosis_case import Case, Found, counted, joined, listed
from app.domain.diagnosis_words import CREDITS_VANISHED, MONTHLY_MISSING, UPGRADE
from app.domain.findings import Advice, Evidence, EvidenceKind, Finding, Suggestion, Value
from app.domain.grants import Grant, GrantKind, PlanChange
from app.domain.sentences import said
from app.domain.users import PLANS

DECLINE = Suggestion(Advice.DECLINE)
LOOKED_BACK = timedelta(days=62)
"""How long ago a change of plan may explain a complaint: this month, and the one before."""
A_WEEK_OR_TWO = timedelta(days=20)
MOST_CHANGES = 3


@dataclass(frozen=True, slots=True)
class _Step:
    """A change of plan: ``before`` was held until it."""

    before: str
    change: PlanChange

    @property
    def rises(self) -> bool:
        """Whether it goes to a larger plan."""
        return PLANS.index(self.change.plan) > PLANS.index(self.before)


def findings(case: Case) -> Iterator[Found]:
    """What the month released, what the last changes of plan did, and plans that are not held."""
    steps = _steps(case)
    yield _month(case)
    rise = next((step for step in reversed(steps) if step.rises), None)
    if rise is not None:
        yield _rise(case, rise)
    fall = next((step for step in reversed(steps) if not step.rises), None)
    if fall is not None:
        yield _fall(case, fall)
    yield from _not_held(case)


def _steps(case: Case) -> list[_Step]:
    """The changes of plan in the complaint's time, oldest first."""
    window = case.record.window
    since = min(window.since, case.complaint.opened_at - LOOKED_BACK)
    history = case.record.history
    return [
        _Step(before.plan, change)
        for before, change in pairwise(history)
        if since <= change.at < window.until and before.plan != change.plan
    ]


# A month's release ------------------------------------------------------------------------------


def _month(case: Case) -> Found:
    month = _month_meant(case)
    released = case.record.released(month)
    return _released(case, month, released) if released else _nothing_released(case, month)


def _month_meant(case: Case) -> Month:
    """The month that the message names, else that of the complaint."""
    calendar = case.calendar
    named = [day for day in case.reading.days if day.until - day.since > A_WEEK_OR_TWO]
    running = calendar.month_of(case.complaint.opened_at)
    months = (calendar.month_of(day.since) for day in named)
    return max((month for month in months if month <= running), default=running)


def _released(case: Case, month: Month, released: Sequence[Grant]) -> Found:
    now = case.record.now
    credits, used = sum(g.credits for g in released), sum(g.used for g in released)
    left = sum(grant.remaining for grant in released)
    ended = released[0].expires_at
    first = released[0]
    values: dict[str, Value] = {
        "month": case.month(month),
        "released": credits,
        "released_at": first.effective_at,
        "plan": released[-1].plan.capitalize(),
        "used": used,
        "left": left,
        "expires_at": ended,
    }
    told = {
        "month": case.month(month),
        "releases": listed(_release(case, grant) for grant in released),
        "used": used,
        "left": left,
    }
    if ended > now:
        sentence = said(
            "{month} released {releases}: {used:,} were used, {left:,} are left until {end}.",
            end=case.end(ended),
            **told,
        )
    else:
        sentence = said(
            "{month} released {releases}: {used:,} were used, {left:,} expired {ended}.",
            ended=case.ended(ended),
            **told,
        )
    finding = Finding(
        "month_released",
        MONTHLY_MISSING,
        joined(sentence, _next_release(case, values)),
        values,
        (*(case.grant_row(grant, EvidenceKind.RELEASE) for grant in released), *_plan_rows(case)),
        DECLINE,
    )
    return Found(finding, case.fits_amount(credits, left), (UPGRADE,))


def _release(case: Case, grant: Grant) -> str:
    return said(
        "{credits} on {day} ({plan})",
        credits=counted(grant.credits),
        day=case.day(grant.effective_at),
        plan=grant.plan.capitalize(),
    )


def _nothing_released(case: Case, month: Month) -> Found:
    """No release in a month: the plan held in it gives none."""
    record = case.record
    moment = min(record.calendar.end(month) - MILLISECOND, case.complaint.opened_at, record.now)
    change = _held_at(record.history, moment)
    earlier = [
        grant
        for grant in record.of_kind(GrantKind.MONTHLY_ALLOWANCE)
        if grant.month is not None and grant.month < month
    ]
    values: dict[str, Value] = {
        "month": case.month(month),
        "plan": change.plan.capitalize(),
        "since": change.at,
    }
    sentence = said(
        "{month} released nothing: the plan held was {plan}, since {day}.",
        month=case.month(month),
        plan=change.plan.capitalize(),
        day=case.day(change.at),
    )
    before = ""
    if earlier:
        last = max(earlier, key=lambda grant: grant.effective_at)
        values |= {"last_credits": last.credits, "last_at": last.effective_at}
        before = said("The last release was {release}.", release=_release(case, last))
    finding = Finding(
        "no_allowance",
        MONTHLY_MISSING,
        joined(sentence, before, _next_release(case, values)),
        values,
        (*(case.grant_row(g, EvidenceKind.RELEASE) for g in earlier[-2:]), *_plan_rows(case)),
        DECLINE,
    )
    return Found(finding, 2 if earlier else 1, (UPGRADE,))


def _held_at(history: Sequence[PlanChange], at: datetime) -> PlanChange:
    """The change by which the plan at an instant came to be held; at first, the registration."""
    return [history[0], *(change for change in history if change.at <= at)][-1]


def _next_release(case: Case, values: dict[str, Value]) -> str:
    at, credits = case.record.next_release
    values |= {"next_at": at, "next_credits": credits}
    plan = case.record.plan.capitalize()
    if not credits:
        return said("The plan held now, {plan}, releases no monthly credits.", plan=plan)
    return said(
        "The next release is {credits} on {day} ({plan}).",
        credits=counted(credits),
        day=case.day(at),
        plan=plan,
    )


def _plan_rows(case: Case) -> tuple[Evidence, ...]:
    """The last changes of plan, the latest first; the registration where there were few."""
    history = case.record.history
    rows = [Evidence(EvidenceKind.PLAN, history[0].at, said("Registered"))]
    rows += [
        Evidence(
            EvidenceKind.PLAN,
            after.at,
            said(
                "Plan {before} to {after}",
                before=before.plan.capitalize(),
                after=after.plan.capitalize(),
            ),
        )
        for before, after in pairwise(history)
        if before.plan != after.plan
    ]
    return tuple(reversed(rows[-MOST_CHANGES:]))


# Changes of plan --------------------------------------------------------------------------------


def _rise(case: Case, step: _Step) -> Found:
    """What an upgrade released, and what its month had released before."""
    at, plan = step.change.at, step.change.plan
    month = case.calendar.month_of(at)
    released = case.record.released(month)
    added = [grant for grant in released if grant.effective_at == at and grant.plan == plan]
    gained = sum(grant.credits for grant in added)
    before = sum(g.credits for g in released if added and _made(g) < _made(added[0]))
    whole = sum(grant.credits for grant in released)
    values: dict[str, Value] = {
        "plan": plan.capitalize(),
        "before_plan": step.before.capitalize(),
        "changed_at": at,
        "month": case.month(month),
        "added": gained,
        "already": before if added else whole,
        "in_all": before + gained if added else whole,
        "expires_at": case.calendar.end(month),
    }
    code, sentence = _rise_told(case, step, added, before, whole)
    finding = Finding(
        code,
        UPGRADE,
        joined(sentence, _next_release(case, values)),
        values,
        (*(case.grant_row(grant, EvidenceKind.RELEASE) for grant in released), *_plan_rows(case)),
        DECLINE,
    )
    weight = (
        case.fits_amount(gained, before + gained, before)
        + case.fits_day(at)
        + (3 if case.is_recent(at) else 1)
    )
    return Found(finding, weight, (MONTHLY_MISSING,))


def _rise_told(
    case: Case, step: _Step, added: Sequence[Grant], before: int, whole: int
) -> tuple[str, str]:
    """The code and the sentence of what an upgrade released: nothing, a difference, or all."""
    month, gained = (
        case.month(case.calendar.month_of(step.change.at)),
        sum(g.credits for g in added),
    )
    told = {
        "before": step.before.capitalize(),
        "after": step.change.plan.capitalize(),
        "moment": case.moment(step.change.at),
        "month": month,
        "credits": counted(gained),
    }
    if not added:
        return "upgrade_added_nothing", said(
            "The upgrade from {before} to {after} on {moment} released nothing more: {month} has"
            " released {whole:,} in all.",
            whole=whole,
            **told,
        )
    if before:
        return "upgrade_difference", said(
            "The upgrade from {before} to {after} on {moment} released {credits}, the difference:"
            " with the {earlier:,} that {month} had released before, that is {in_all:,}.",
            earlier=before,
            in_all=before + gained,
            **told,
        )
    return "upgrade_in_full", said(
        "The upgrade from {before} to {after} on {moment} released {credits} at once, until {end};"
        " {month} had released nothing before.",
        end=case.end(case.calendar.end(case.calendar.month_of(step.change.at))),
        **told,
    )


def _made(grant: Grant) -> tuple[int, datetime]:
    """The order in which grants were made; those not stored yet come last."""
    return grant.id or 2**62, grant.effective_at


def _fall(case: Case, step: _Step) -> Found:
    """What a downgrade or a cancelling left alone, and what it changes."""
    at, plan = step.change.at, step.change.plan
    month = case.calendar.month_of(at)
    kept = sum(grant.credits for grant in case.record.released(month))
    values: dict[str, Value] = {
        "plan": plan.capitalize(),
        "before_plan": step.before.capitalize(),
        "changed_at": at,
        "month": case.month(month),
        "released": kept,
        "expires_at": case.calendar.end(month),
    }
    next_release = _next_release(case, values)
    finding = Finding(
        "plan_lowered",
        MONTHLY_MISSING,
        joined(
            said(
                "The plan went from {before} to {after} on {moment}: it took nothing back of the"
                " {credits} that {month} released.",
                before=step.before.capitalize(),
                after=plan.capitalize(),
                moment=case.moment(at),
                credits=counted(kept),
                month=case.month(month),
            ),
            next_release,
        ),
        values,
        _plan_rows(case),
        DECLINE,
    )
    recent = 2 if case.is_recent(at, LOOKED_BACK) else 0
    weight = recent + case.fits_amount(kept, case.record.next_release[1]) + case.fits_day(at)
    return Found(finding, weight, (UPGRADE, CREDITS_VANISHED))


def _not_held(case: Case) -> Iterator[Found]:
    """A plan that the message names but that the record does not show."""
    record = case.record
    held = PLANS.index(record.plan)
    named = [plan for plan in case.reading.plans if PLANS.index(plan) > held]
    recent = {
        change.plan
        for change in record.history
        if change.at >= case.complaint.opened_at - LOOKED_BACK
    }
    for plan in sorted(set(named) - recent):
        since = _held_at(record.history, record.now).at
        finding = Finding(
            "plan_not_on_record",
            UPGRADE,
            said(
                "No change to {named} is on record since {looked_since}; the plan held is {held},"
                " since {since}.",
                named=plan.capitalize(),
                looked_since=case.day(case.complaint.opened_at - LOOKED_BACK),
                held=record.plan.capitalize(),
                since=case.day(since),
            ),
            {
                "named_plan": plan.capitalize(),
                "plan": record.plan.capitalize(),
                "since": since,
                "looked_since": case.complaint.opened_at - LOOKED_BACK,
            },
            _plan_rows(case),
        )
        yield Found(finding, 4, (MONTHLY_MISSING,))
