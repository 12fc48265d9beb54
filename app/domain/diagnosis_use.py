"""Findings about what used the credits up, and what every answer should know (section 3 and 4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from app.domain.charges import Refund
from app.domain.diagnosis_case import Case, Found, counted, listed, there_are, there_were
from app.domain.diagnosis_record import Totals
from app.domain.diagnosis_words import CREDITS_VANISHED, OTHER, OUT_OF_CREDITS
from app.domain.findings import Advice, Evidence, EvidenceKind, Finding, Suggestion, Value
from app.domain.grants import Grant, GrantKind

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
        told = (
            f" The last refused use, on {case.moment(last.occurred_at)}, needed"
            f" {last.credits:,} and {last.available or 0:,} were there."
        )
    finding = Finding(
        "out_of_credits",
        OUT_OF_CREDITS,
        f"{_used_by(case, totals)} {_refused(case)}{told} {_left(case, values)}",
        values,
        (
            *_rows(case, totals),
            *(
                case.charge_row(use, f"needed {use.credits:,}, had {use.available or 0:,}")
                for use in refused[-MOST:]
            ),
        ),
        DECLINE,
    )
    recent = any(case.is_recent(use.occurred_at) for use in refused)
    weight = 1 + (2 if recent else 0) + (1 if record.available == 0 else 0)
    weight += case.fits_amount(totals.credits, *(use.credits for use in refused[-MOST:]))
    return Found(finding, weight, (CREDITS_VANISHED,))


def _what_used(case: Case, totals: Totals) -> Found:
    values = _use_values(case, totals)
    finding = Finding(
        "what_used_credits",
        CREDITS_VANISHED,
        f"{_used_by(case, totals)} {_left(case, values)}",
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
        f"No use was refused since {since}. {_left(case, values)}",
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
    span = f"from {case.day(totals.since)} to {case.day(totals.until)}"
    used = [total for total in totals.features if total.credits]
    if not used:
        return f"Nothing was used {span}."
    parts = [
        f"{case.feature(total.feature)} {total.credits:,} ({counted(total.uses, 'use')})"
        for total in used[:MOST]
    ]
    rest = sum(total.credits for total in used[MOST:])
    told = listed([*parts, f"others {rest:,}"] if rest else parts)
    return f"{there_were(totals.credits)} used {span}: {told}."


def _refused(case: Case) -> str:
    lately = case.record.lately
    if not lately.attempts:
        return f"No use was refused since {case.day(lately.since)}."
    tense = "was" if lately.attempts == 1 else "were"
    since = case.day(lately.since)
    return f"{counted(lately.attempts, 'use')} {tense} refused for lack of credits since {since}."


def _left(case: Case, values: dict[str, Value]) -> str:
    record = case.record
    at, credits = record.next_release
    release = (
        f"the next release is {counted(credits)} on {case.day(at)}, in"
        f" {counted(int(str(values['days'])), 'day')}"
        if credits
        else f"the plan {record.plan.capitalize()} releases no monthly credits"
    )
    return (
        f"{there_are(record.available)} available now; {release}. The average use since"
        f" {case.day(record.lately.since)} is {values['average']} credits a day."
    )


def _rows(case: Case, totals: Totals) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            EvidenceKind.USE,
            totals.since,
            f"{case.feature(total.feature)}: {counted(total.uses, 'use')}",
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
    parts = [f"{there_were(given)} given"] if grants else []
    parts += [f"{there_were(back)} refunded"] if refunds else []
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
        f"{listed(parts)} for ticket {ticket} already, the last on {case.moment(at)} by"
        f" {staff}: {case.reason(reason)}.",
        values,
        (*(case.grant_row(grant) for grant in grants[:MOST]), *_refund_rows(refunds)),
        DECLINE,
    )
    yield Found(finding, 100)


def _waiting(case: Case) -> Iterator[Found]:
    for approval in case.record.waiting[:MOST]:
        wait = "waits" if approval.credits == 1 else "wait"
        finding = Finding(
            "approval_waiting",
            case.complaint.category or OTHER,
            f"{counted(approval.credits)} for this user (ticket {approval.ticket}) {wait} for"
            f" approval since {case.moment(approval.asked_at)}, asked for by {approval.asked_by}.",
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
    parts = [f"was given {counted(given)} in {counted(len(gifts), 'grant')}"] if gifts else []
    parts += [f"got {counted(back)} back for {counted(len(refunds), 'charge')}"] if refunds else []
    finding = Finding(
        "given_lately",
        OTHER,
        f"In the last 30 days this user {listed(parts)}.",
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
            text = f"Refund of charge {refund.charge_id} by {refund.staff}"
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
        f"Nothing like it is on record since {case.day(window.since)}:"
        f" {counted(len(taken), 'charge')} took {counted(credits)}, and"
        f" {there_are(record.available)} available now.",
        values,
        tuple(case.charge_row(use) for use in taken[-MOST:]),
        DECLINE,
    )
    return Found(finding, 2)
