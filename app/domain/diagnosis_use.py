"""Findings about what used the credits up, and what every answer should know (section 3 and 4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from app.domain.charges import Refund
from app.domain.diagnosis_case import (
    Case,
    Found,
    available_now,
    charges,
    counted,
    joined,
    listed,
    uses,
)
from app.domain.diagnosis_record import Totals
from app.domain.diagnosis_words import CREDITS_VANISHED, OTHER, OUT_OF_CREDITS
from app.domain.findings import Advice, Evidence, EvidenceKind, Finding, Suggestion, Value
from app.domain.grants import Grant, GrantKind
from app.domain.sentences import said, saidn

DECLINE = Suggestion(Advice.DECLINE)
LATELY_GIVEN = timedelta(days=30)
MOST = 4


def use_findings(case: Case) -> Iterator[Found]:
    """What used the credits, what was refused, and when the next come."""
    record = case.record
    totals = record.month if record.month.credits or record.month.attempts else record.lately
    attempts = record.lately.attempts
    used = bool(totals.credits)
    if record.available == 0 or attempts:
        yield _ran_out(case, totals)
    elif used:
        yield _what_used(case, totals)
    if record.available and not attempts and case.asks(OUT_OF_CREDITS):
        yield _credits_left(case)


def _ran_out(case: Case, totals: Totals) -> Found:
    record = case.record
    values = _use_values(case, totals)
    refused = [u for u in record.uses if u.available is not None]
    last = refused[-1] if refused else None
    told = ""
    if last is not None:
        values |= {"needed": last.credits, "there_was": last.available or 0}
        told = said(
            "The last refused use, on {moment}, needed {needed:,} and {available:,} were there.",
            moment=case.moment(last.occurred_at),
            needed=last.credits,
            available=last.available or 0,
        )
    finding = Finding(
        "out_of_credits",
        OUT_OF_CREDITS,
        joined(_used_by(case, totals), _refused(case), told, _left(case, values)),
        values,
        (
            *_rows(case, totals),
            *(
                case.charge_row(use, _lacked(use.credits, use.available or 0))
                for use in refused[-MOST:]
            ),
        ),
        DECLINE,
    )
    recent = any(case.is_recent(use.occurred_at) for use in refused)
    weight = 1 + (2 if recent else 0) + (1 if record.available == 0 else 0)
    weight += case.fits_amount(totals.credits, *(use.credits for use in refused[-MOST:]))
    return Found(finding, weight, (CREDITS_VANISHED,))


def _lacked(needed: int, available: int) -> str:
    return said("needed {needed:,}, had {available:,}", needed=needed, available=available)


def _what_used(case: Case, totals: Totals) -> Found:
    values = _use_values(case, totals)
    finding = Finding(
        "what_used_credits",
        CREDITS_VANISHED,
        joined(_used_by(case, totals), _left(case, values)),
        values,
        _rows(case, totals),
        DECLINE,
    )
    used = [use.occurred_at for use in case.taken if case.is_recent(use.occurred_at)]
    weight = 1 + (1 if used else 0) + max(case.fits_day(*used), 0)
    return Found(finding, weight + case.fits_amount(totals.credits), (OUT_OF_CREDITS,))


def _credits_left(case: Case) -> Found:
    values = _use_values(case, case.record.lately)
    since = case.day(case.record.lately.since)
    finding = Finding(
        "credits_left",
        OUT_OF_CREDITS,
        joined(said("No use was refused since {day}.", day=since), _left(case, values)),
        values,
        tuple(
            case.grant_row(grant)
            for grant in case.record.grants
            if grant.remaining and grant.expires_at > case.record.now
        )[:MOST],
        DECLINE,
    )
    return Found(finding, 2)


def _use_values(case: Case, totals: Totals) -> dict[str, Value]:
    record = case.record
    at, credits = record.next_release
    values: dict[str, Value] = {
        "used": totals.credits,
        "uses": totals.uses,
        "since": totals.since,
        "refused": record.lately.attempts,
        "available": record.available,
        "average": _average(case),
        "plan": record.plan.capitalize(),
        "next_at": at,
        "next_credits": credits,
        "days": (case.calendar.today(at) - case.calendar.today(record.now)).days,
        "own_code": record.user.referral_code or "",
    }
    if totals.features:
        values |= {
            "feature": case.feature(totals.features[0].feature),
            "feature_credits": totals.features[0].credits,
        }
    return values


def _average(case: Case) -> str:
    """Credits used a day over the last 30 days, to one decimal: 33.3."""
    lately = case.record.lately
    days = max(1, (lately.until - lately.since).days)
    return f"{lately.credits / days:,.1f}"


def _used_by(case: Case, totals: Totals) -> str:
    span = {"first": case.day(totals.since), "last": case.day(totals.until)}
    used = [total for total in totals.features if total.credits]
    if not used:
        return said("Nothing was used from {first} to {last}.", **span)
    parts = [
        said(
            "{feature} {credits:,} ({uses})",
            feature=case.feature(total.feature),
            credits=total.credits,
            uses=uses(total.uses),
        )
        for total in used[:MOST]
    ]
    rest = sum(total.credits for total in used[MOST:])
    others = [said("others {credits:,}", credits=rest)] if rest else []
    return saidn(
        "{count} credit was used from {first} to {last}: {features}.",
        "{count} credits were used from {first} to {last}: {features}.",
        totals.credits,
        features=listed([*parts, *others]),
        **span,
    )


def _refused(case: Case) -> str:
    lately = case.record.lately
    day = case.day(lately.since)
    if not lately.attempts:
        return said("No use was refused since {day}.", day=day)
    return saidn(
        "{count} use was refused for lack of credits since {day}.",
        "{count} uses were refused for lack of credits since {day}.",
        lately.attempts,
        day=day,
    )


def _left(case: Case, values: dict[str, Value]) -> str:
    record = case.record
    at, credits = record.next_release
    told = {"available": available_now(record.available)}
    if credits:
        left = said(
            "{available}; the next release is {credits} on {day}, in {days}.",
            credits=counted(credits),
            day=case.day(at),
            days=saidn("{count} day", "{count} days", int(str(values["days"]))),
            **told,
        )
    else:
        left = said(
            "{available}; the plan {plan} releases no monthly credits.",
            plan=record.plan.capitalize(),
            **told,
        )
    average = said(
        "The average use since {day} is {average} credits a day.",
        day=case.day(record.lately.since),
        average=values["average"],
    )
    return joined(left, average)


def _rows(case: Case, totals: Totals) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            EvidenceKind.USE,
            totals.since,
            said("{feature}: {uses}", feature=case.feature(total.feature), uses=uses(total.uses)),
            -total.credits,
        )
        for total in totals.features
        if total.credits
    )


# What every answer should know ------------------------------------------------------------------


def given_findings(case: Case) -> Iterator[Found]:
    """What this ticket or this user got already, or waits for."""
    yield from _for_ticket(case)
    yield from _waiting(case)
    yield from _given_lately(case)


def _for_ticket(case: Case) -> Iterator[Found]:
    record, ticket = case.record, case.complaint.ticket
    grants = record.for_ticket
    refunds = [r for r in record.refunds if r.charge_id in record.refunded_for_ticket and r.at]
    if not grants and not refunds:
        return
    given = sum(grant.credits for grant in grants)
    back = sum(refund.returned + refund.regranted for refund in refunds)
    acts = [(g.effective_at, g.staff, g.reason) for g in grants]
    acts += [(refund.at, refund.staff, refund.reason) for refund in refunds if refund.at]
    at, staff, reason = max(acts)
    parts = [_were_given(given)] if grants else []
    parts += [_were_refunded(back)] if refunds else []
    values: dict[str, Value] = {
        "ticket": ticket,
        "given": given,
        "refunded": back,
        "given_at": at,
        "staff": staff,
    }
    finding = Finding(
        "given_for_ticket",
        case.complaint.category or OTHER,
        said(
            "{parts} for ticket {ticket} already, the last on {moment} by {staff}: {reason}.",
            parts=listed(parts),
            ticket=ticket,
            moment=case.moment(at),
            staff=staff,
            reason=case.reason(reason),
        ),
        values,
        (*(case.grant_row(grant) for grant in grants[:MOST]), *_refund_rows(refunds)),
        DECLINE,
    )
    yield Found(finding, 100)


def _were_given(credits: int) -> str:
    return saidn("{count} credit was given", "{count} credits were given", credits)


def _were_refunded(credits: int) -> str:
    return saidn("{count} credit was refunded", "{count} credits were refunded", credits)


def _waiting(case: Case) -> Iterator[Found]:
    for approval in case.record.waiting[:MOST]:
        finding = Finding(
            "approval_waiting",
            case.complaint.category or OTHER,
            saidn(
                "{count} credit for this user (ticket {ticket}) waits for approval since {moment},"
                " asked for by {staff}.",
                "{count} credits for this user (ticket {ticket}) wait for approval since {moment},"
                " asked for by {staff}.",
                approval.credits,
                ticket=approval.ticket,
                moment=case.moment(approval.asked_at),
                staff=approval.asked_by,
            ),
            {
                "credits": approval.credits,
                "asked_at": approval.asked_at,
                "staff": approval.asked_by,
                "ticket": approval.ticket,
            },
            (Evidence(EvidenceKind.APPROVAL, approval.asked_at, approval.note, approval.credits),),
        )
        yield Found(finding, 90 if approval.ticket == case.complaint.ticket else 2)


def _given_lately(case: Case) -> Iterator[Found]:
    record = case.record
    since = record.now - LATELY_GIVEN
    told = {grant.id for grant in record.for_ticket}
    gifts = [
        grant
        for grant in record.of_kind(GrantKind.SUPPORT_CREDIT)
        if grant.effective_at >= since and grant.id not in told
    ]
    refunds = [refund for refund in record.refunds if refund.at is not None and refund.at >= since]
    if not gifts and not refunds:
        return
    given = sum(grant.credits for grant in gifts)
    back = sum(refund.returned + refund.regranted for refund in refunds)
    parts = {
        "given": counted(given),
        "grants": saidn("{count} grant", "{count} grants", len(gifts)),
        "back": counted(back),
        "charges": charges(len(refunds)),
    }
    if gifts and refunds:
        sentence = said(
            "In the last 30 days this user was given {given} in {grants} and got {back} back for"
            " {charges}.",
            **parts,
        )
    elif gifts:
        sentence = said("In the last 30 days this user was given {given} in {grants}.", **parts)
    else:
        sentence = said("In the last 30 days this user got {back} back for {charges}.", **parts)
    finding = Finding(
        "given_lately",
        OTHER,
        sentence,
        {"given": given, "grants": len(gifts), "refunded": back, "refunds": len(refunds)},
        (*_gift_rows(case, gifts), *_refund_rows(refunds)),
    )
    yield Found(finding, 1)


def _gift_rows(case: Case, gifts: list[Grant]) -> Iterator[Evidence]:
    for grant in gifts[-MOST:]:
        yield case.grant_row(grant)


def _refund_rows(refunds: Sequence[Refund]) -> Iterator[Evidence]:
    for refund in refunds[-MOST:]:
        if refund.at is not None:
            text = said(
                "Refund of charge {charge} by {staff}",
                charge=str(refund.charge_id),
                staff=refund.staff,
            )
            amount = refund.returned + refund.regranted
            yield Evidence(
                EvidenceKind.REFUND, refund.at, text, amount, refund.grant_id, refund.charge_id
            )


def nothing_wrong(case: Case) -> Found:
    """What was looked at, where nothing in it explains the complaint."""
    record, window, taken = case.record, case.record.window, case.taken
    credits = sum(use.credits for use in taken)
    at, next_credits = record.next_release
    values: dict[str, Value] = {
        "since": window.since,
        "until": min(window.until, max(record.now, case.complaint.opened_at)),
        "uses": len(taken),
        "used": credits,
        "available": record.available,
        "plan": record.plan.capitalize(),
        "next_at": at,
        "next_credits": next_credits,
        "own_code": record.user.referral_code or "",
    }
    finding = Finding(
        "nothing_wrong",
        OTHER,
        said(
            "Nothing like it is on record since {day}: {charges} took {credits}, and {available}.",
            day=case.day(window.since),
            charges=charges(len(taken)),
            credits=counted(credits),
            available=available_now(record.available),
        ),
        values,
        tuple(case.charge_row(use) for use in taken[-MOST:]),
        DECLINE,
    )
    return Found(finding, 2)
