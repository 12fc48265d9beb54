"""Findings about credits that are gone: expired, voided, or a sign-up bonus used (section 2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from app.domain.diagnosis_case import Case, Found, counted, listed, uses
from app.domain.diagnosis_words import CREDITS_VANISHED, REFERRAL, SIGNUP
from app.domain.findings import Advice, Evidence, EvidenceKind, Finding, Suggestion, Value
from app.domain.grants import Grant, GrantKind
from app.domain.sentences import said, saidn

DECLINE = Suggestion(Advice.DECLINE)
LOOKED_BACK = timedelta(days=400)
"""How far back the last expiry is told where none lies in the complaint's time."""
MOST = 4
GRANT_NAMES_WITHIN = {
    GrantKind.SIGNUP_BONUS: said("sign-up bonus"),
    GrantKind.REFERRAL_REWARD: said("referral reward"),
    GrantKind.MONTHLY_ALLOWANCE: said("monthly allowance"),
    GrantKind.SUPPORT_CREDIT: said("support credit"),
    GrantKind.REFUND: said("refund"),
    GrantKind.TOP_UP: said("top-up"),
}
"""What kinds of grants are called inside a sentence."""


def findings(case: Case) -> Iterator[Found]:
    """What became of credits that are no longer there, and of the sign-up bonus."""
    yield from _expired(case)
    yield from _voided(case)
    yield from _signup(case)
    yield from _late(case)


def _expired(case: Case) -> Iterator[Found]:
    """What expired unused in the complaint's time; else the last that did at all."""
    lost = [
        grant
        for grant in case.record.grants
        if grant.remaining and grant.expires_at <= case.record.now
    ]
    until = case.record.window.until
    past = [grant for grant in lost if grant.expires_at < until]
    # What a month released expires together, whatever it was released in.
    together = sorted(past, key=_expiry_order, reverse=True)
    groups = [list(group) for _, group in groupby(together, key=_expiry_order)]
    near = [group for group in groups if case.record.window.holds(group[0].expires_at)]
    rest = [g for g in groups if g[0].expires_at >= case.complaint.opened_at - LOOKED_BACK][:1]
    for place, group in enumerate((near or rest)[:MOST]):
        yield _expired_together(case, group, nearest=place == 0 and bool(near))


def _expiry_order(grant: Grant) -> tuple[datetime, str]:
    return grant.expires_at, grant.kind.value


def _expired_together(case: Case, group: Sequence[Grant], *, nearest: bool) -> Found:
    kind, ended = group[0].kind, group[0].expires_at
    whole = _whole_month(case, group[0]) if kind is GrantKind.MONTHLY_ALLOWANCE else list(group)
    released = sum(grant.credits for grant in whole)
    expired = sum(grant.remaining for grant in group)
    used, voided = sum(grant.used for grant in whole), sum(grant.voided for grant in whole)
    what = _what(case, whole)
    values: dict[str, Value] = {
        "expired": expired,
        "released": released,
        "used": used,
        "voided": voided,
        "what": what,
        "expired_at": ended,
        "given_at": min(grant.effective_at for grant in whole),
    }
    told = {
        "expired": counted(expired),
        "what": what,
        "released": counted(released),
        "ended": case.ended(ended),
        "used": used,
    }
    if voided:
        sentence = said(
            "{expired} of {what} ({released}) expired unused {ended}; {used:,} had been used and"
            " {voided:,} voided.",
            voided=voided,
            **told,
        )
    else:
        sentence = said(
            "{expired} of {what} ({released}) expired unused {ended}; {used:,} had been used.",
            **told,
        )
    code, category, others = _EXPIRY_CODES.get(kind, _OTHER_EXPIRY)
    if kind is GrantKind.MONTHLY_ALLOWANCE and whole[0].month is not None:
        values["month"] = case.month(whole[0].month)
    finding = Finding(
        code,
        category,
        sentence,
        values,
        tuple(case.grant_row(grant, _row_kind(kind)) for grant in whole)
        + tuple(case.expiry_row(grant) for grant in group),
        DECLINE,
    )
    weight = (
        case.fits_amount(expired, released, *(grant.credits for grant in whole))
        + max(case.fits_day(ended, ended - timedelta(milliseconds=1)), 0)
        + (1 if nearest else 0)
        + (3 if case.is_recent(ended) else 0)
    )
    return Found(finding, weight, others)


_EXPIRY_CODES = {
    GrantKind.MONTHLY_ALLOWANCE: ("allowance_expired", CREDITS_VANISHED, ()),
    GrantKind.SIGNUP_BONUS: ("signup_expired", SIGNUP, (CREDITS_VANISHED,)),
    GrantKind.REFERRAL_REWARD: ("grant_expired", CREDITS_VANISHED, (REFERRAL,)),
}
_OTHER_EXPIRY: tuple[str, str, tuple[str, ...]] = ("grant_expired", CREDITS_VANISHED, ())


def _row_kind(kind: GrantKind) -> EvidenceKind:
    return EvidenceKind.RELEASE if kind is GrantKind.MONTHLY_ALLOWANCE else EvidenceKind.GRANT


def _whole_month(case: Case, grant: Grant) -> list[Grant]:
    return [grant] if grant.month is None else case.record.released(grant.month)


def _what(case: Case, whole: Sequence[Grant]) -> str:
    first = whole[0]
    if first.month is not None:
        plans = listed(dict.fromkeys(grant.plan.capitalize() for grant in whole))
        month = case.month(first.month)
        return said("the {plans} allowance of {month}", plans=plans, month=month)
    if len(whole) > 1:
        name = GRANT_NAMES_WITHIN[first.kind]
        return saidn("{count} grant ({name})", "{count} grants ({name})", len(whole), name=name)
    name, day = GRANT_NAMES_WITHIN[first.kind], case.day(first.effective_at)
    return said("the {name} of {day}", name=name, day=day)


def _voided(case: Case) -> Iterator[Found]:
    grants = {grant.id: grant for grant in case.record.grants}
    for void in reversed(case.record.voids):
        grant = grants.get(void.grant_id or 0)
        if grant is None or not case.record.window.holds(void.at):
            continue
        what = _what(case, [grant])
        finding = Finding(
            "grant_voided",
            CREDITS_VANISHED,
            saidn(
                "{count} credit of {what} ({given}) was voided on {moment} by {staff}: {reason}.",
                "{count} credits of {what} ({given}) were voided on {moment} by {staff}: {reason}.",
                void.credits,
                what=what,
                given=counted(grant.credits),
                moment=case.moment(void.at),
                staff=void.staff,
                reason=case.reason(void.reason),
            ),
            {
                "voided": void.credits,
                "given": grant.credits,
                "what": what,
                "voided_at": void.at,
                "staff": void.staff,
                "reason": case.reason(void.reason),
            },
            (
                case.grant_row(grant),
                Evidence(
                    EvidenceKind.VOID,
                    void.at,
                    void.note or case.reason(void.reason),
                    -void.credits,
                    void.grant_id,
                ),
            ),
        )
        weight = 3 + case.fits_amount(void.credits, grant.credits) + case.fits_day(void.at)
        yield Found(finding, weight)


def _signup(case: Case) -> Iterator[Found]:
    """The sign-up bonus while it has not expired unused: what is left of it, and until when."""
    bonus = next(iter(case.record.of_kind(GrantKind.SIGNUP_BONUS)), None)
    if bonus is None or (bonus.expires_at <= case.record.now and bonus.remaining):
        return
    usable = bonus.usable_at(case.record.now)
    left = bonus.remaining if usable else 0
    finding = Finding(
        "signup_given",
        SIGNUP,
        _signup_told(case, bonus, left, usable=usable),
        {
            "given": bonus.credits,
            "used": bonus.used,
            "left": left,
            "given_at": bonus.effective_at,
            "expires_at": bonus.expires_at,
        },
        (case.grant_row(bonus),),
        DECLINE,
    )
    yield Found(finding, 1 if case.fits_amount(bonus.credits) else 0)


def _signup_told(case: Case, bonus: Grant, left: int, *, usable: bool) -> str:
    gone = said("{used:,} were used", used=bonus.used)
    if bonus.voided:
        gone = said(
            "{used:,} were used and {voided:,} voided", used=bonus.used, voided=bonus.voided
        )
    told = {
        "credits": counted(bonus.credits),
        "day": case.day(bonus.effective_at),
        "gone": gone,
        "left": left,
    }
    if usable:
        return said(
            "The sign-up bonus of {credits} was given at the registration on {day}: {gone},"
            " {left:,} are left, valid until {end}.",
            end=case.end(bonus.expires_at),
            **told,
        )
    return said(
        "The sign-up bonus of {credits} was given at the registration on {day}: {gone}, {left:,}"
        " were left when it expired {ended}.",
        ended=case.ended(bonus.expires_at),
        **told,
    )


def _late(case: Case) -> Iterator[Found]:
    """Uses reported days after they happened: the balance fell when nothing was used."""
    late = [
        use
        for use in case.taken
        if use.recorded_at != use.occurred_at
        and use.recorded_at - use.occurred_at >= timedelta(hours=1)
        and case.is_recent(use.recorded_at)
    ]
    if not late:
        return
    credits = sum(use.credits for use in late)
    last = max(late, key=lambda use: use.recorded_at)
    first = min(late, key=lambda use: use.occurred_at)
    finding = Finding(
        "recorded_late",
        CREDITS_VANISHED,
        said(
            "{uses} of {credits} in all reached the record late: the first is of {first}, the last"
            " was recorded on {last}.",
            uses=uses(len(late)),
            credits=counted(credits),
            first=case.moment(first.occurred_at),
            last=case.moment(last.recorded_at),
        ),
        {
            "uses": len(late),
            "credits": credits,
            "occurred_at": first.occurred_at,
            "recorded_at": last.recorded_at,
        },
        tuple(
            case.charge_row(use, said("recorded {moment}", moment=case.moment(use.recorded_at)))
            for use in late[-MOST:]
        ),
        DECLINE,
    )
    yield Found(finding, 1 + case.fits_amount(credits, *(use.credits for use in late)))
