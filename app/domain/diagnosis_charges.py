"""Findings about charges for jobs that failed, and charges made twice (rules, sections 3 and 4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from math import ceil

from app.domain.diagnosis_case import Case, Found, counted, joined, listed
from app.domain.diagnosis_words import FAILED, TWICE
from app.domain.findings import Advice, Evidence, EvidenceKind, Finding, Suggestion, Value
from app.domain.ledger import Use
from app.domain.sentences import said, saidn

DECLINE = Suggestion(Advice.DECLINE)
A_MINUTE = timedelta(minutes=1)
MOST = 4
FOR_FAILURE, FOR_TWICE = "failed_generation", "double_charge"
"""The reasons of the policy for which staff refund these."""
_MARKED_FAILED, _NO_OUTCOME = said("marked failed"), said("no outcome")
_OUTCOMES = {"failed": said("failed"), "succeeded": said("succeeded")}


def findings(case: Case) -> Iterator[Found]:
    """Failed jobs and double charges in the complaint's time."""
    yield from _failed(case)
    yield from _twice(case)


def use_values(case: Case, use: Use) -> dict[str, Value]:
    """What every finding about one charge names."""
    return {
        "charge": use.id,
        "feature": case.feature(use.feature),
        "credits": use.credits,
        "quantity": use.quantity,
        "charged_at": use.occurred_at,
    }


def refund_rows(case: Case, charges: Sequence[Use]) -> Iterator[Evidence]:
    """The refunds of charges, as evidence."""
    for use in charges:
        refund = case.record.refund_of(use.id)
        if refund is not None and refund.at is not None:
            text = said(
                "Refund of charge {charge} by {staff}: {reason}",
                charge=str(use.id),
                staff=refund.staff,
                reason=case.reason(refund.reason),
            )
            amount = refund.returned + refund.regranted
            yield Evidence(
                EvidenceKind.REFUND, refund.at, text, amount, refund.grant_id, refund.charge_id
            )


# Failed jobs ------------------------------------------------------------------------------------


def _failed(case: Case) -> Iterator[Found]:
    taken = case.taken
    failed = [use for use in taken if use.outcome == "failed"]
    owed = [use for use in failed if not use.refunded]
    for use in _best(case, owed):
        yield _to_refund(case, use, owed)
    for use in _best(case, [use for use in failed if use.refunded]):
        yield _refunded(case, use)
    if not failed and taken and case.asks(FAILED):
        yield _unmarked(case, taken)


def _best(case: Case, uses: Sequence[Use]) -> list[Use]:
    """The uses that fit the message best, the latest first among equals."""
    ranked = sorted(uses, key=lambda use: (case.fits_use(use), use.occurred_at), reverse=True)
    return ranked[:MOST]


def _to_refund(case: Case, use: Use, owed: Sequence[Use]) -> Found:
    total = sum(other.credits for other in owed)
    values = use_values(case, use) | {"failed_jobs": len(owed), "failed_credits": total}
    more = ""
    if len(owed) > 1:
        more = said(
            "It is one of {number:,} such charges, {credits} in all.",
            number=len(owed),
            credits=counted(total),
        )
    finding = Finding(
        "failed_not_refunded",
        FAILED,
        joined(said("{charge} is marked failed and was not refunded.", charge=case.use(use)), more),
        values,
        (case.charge_row(use, _MARKED_FAILED),),
        Suggestion(Advice.REFUND, use.credits, use.id, FOR_FAILURE),
    )
    weight = (
        3
        + max(case.fits_use(use), case.fits_amount(total))
        + (1 if case.is_recent(use.occurred_at) else 0)
    )
    return Found(finding, weight)


def _refunded(case: Case, use: Use) -> Found:
    refund = case.record.refund_of(use.id)
    values = use_values(case, use)
    sentence = said("{charge} is marked failed and was refunded.", charge=case.use(use))
    if refund is not None and refund.at is not None:
        values |= {
            "refunded_at": refund.at,
            "returned": refund.returned,
            "regranted": refund.regranted,
            "staff": refund.staff,
        }
        sentence = said(
            "{charge} is marked failed and was refunded on {moment} by {staff}: {returned:,} went"
            " back to grants still usable, {regranted:,} came as a new grant.",
            charge=case.use(use),
            moment=case.moment(refund.at),
            staff=refund.staff,
            returned=refund.returned,
            regranted=refund.regranted,
        )
    finding = Finding(
        "failed_refunded",
        FAILED,
        sentence,
        values,
        (case.charge_row(use, _MARKED_FAILED), *refund_rows(case, [use])),
        DECLINE,
    )
    return Found(finding, 1 + case.fits_use(use))


def _unmarked(case: Case, taken: Sequence[Use]) -> Found:
    """No job is marked failed: the use that fits the message best, and what is known of it."""
    best = _best(case, taken)
    use = best[0]
    fit = case.fits_use(use)
    alone = fit > 0 and [case.fits_use(other) for other in taken].count(fit) == 1
    suggestion: Suggestion | None = DECLINE
    told = {"since": case.day(case.record.window.since), "charge": case.use(use)}
    if use.refunded:
        code = "job_refunded"
        sentence = said(
            "No charge from {since} on is marked failed. The one that fits best: {charge} was"
            " refunded already.",
            **told,
        )
    elif use.outcome == "succeeded":
        code = "job_succeeded"
        sentence = said(
            "No charge from {since} on is marked failed. The one that fits best: {charge} is"
            " marked succeeded.",
            **told,
        )
    else:
        code = "outcome_unknown"
        sentence = said(
            "No charge from {since} on is marked failed. The one that fits best: {charge} has no"
            " outcome on record.",
            **told,
        )
        # Nothing speaks against the user here, where it is clear which use they mean.
        refund = Suggestion(Advice.REFUND, use.credits, use.id, FOR_FAILURE)
        suggestion = refund if alone else None
    finding = Finding(
        code,
        FAILED,
        sentence,
        use_values(case, use) | {"since": case.record.window.since},
        (
            *(case.charge_row(other, outcome_name(other)) for other in best),
            *refund_rows(case, best),
        ),
        suggestion,
    )
    return Found(finding, 1 + max(fit, 0))


# Charged twice ----------------------------------------------------------------------------------


def _twice(case: Case) -> Iterator[Found]:
    near = {use.id for use in case.taken}
    same_job = [g for g in _of_one_job(case.all_taken) if any(use.id in near for use in g)]
    told = {use.id for group in same_job for use in group}
    found = [_charged_twice(case, group, same_job=True) for group in same_job]
    runs = _within_a_minute(case.taken)
    found += [
        _charged_twice(case, run, same_job=False)
        for run in runs
        if not told.issuperset(use.id for use in run)
    ]
    yield from sorted(found, key=_by_fit, reverse=True)[: 2 * MOST]


def _by_fit(found: Found) -> tuple[int, str]:
    return found.weight, str(found.finding.values["charged_at"])


def _of_one_job(uses: Sequence[Use]) -> list[list[Use]]:
    """The charges that share a job: one job under several keys."""
    jobs: dict[str, list[Use]] = {}
    for use in uses:
        if use.job:
            jobs.setdefault(use.job, []).append(use)
    return [group for group in jobs.values() if len(group) > 1]


def _within_a_minute(uses: Sequence[Use]) -> Iterator[list[Use]]:
    """Runs of charges of one feature and amount, each within a minute of the one before.

    ``uses`` are in order of time.
    """
    open_runs: dict[tuple[str, int], list[Use]] = {}
    for use in uses:
        run = open_runs.get((use.feature, use.credits))
        if run is not None and use.occurred_at - run[-1].occurred_at <= A_MINUTE:
            run.append(use)
            continue
        if run is not None and len(run) > 1:
            yield run
        open_runs[use.feature, use.credits] = [use]
    yield from (run for run in open_runs.values() if len(run) > 1)


def _charged_twice(case: Case, group: Sequence[Use], *, same_job: bool) -> Found:
    first, last = group[0], group[-1]
    open_ = [use for use in group if not use.refunded]
    apart = len({use.job for use in group if use.job}) == len(group)
    total = sum(use.credits for use in group)
    values = use_values(case, last) | {
        "first_charge": first.id,
        "first_at": first.occurred_at,
        "times": len(group),
        "total": total,
        "seconds": _seconds(first, last),
    }
    fit = max(case.fits_use(use) for use in group) or case.fits_amount(total)
    what = _told(case, group, same_job=same_job)
    if len(open_) < 2:  # noqa: PLR2004 - once is right
        code, rest, suggestion = _refunded_already(case, group)
        weight = 1 + fit
    elif apart:
        code, suggestion, weight = "separate_jobs", DECLINE, fit
        rest = said(
            "Each is for a job of its own: {jobs}.", jobs=listed(use.job for use in group[:MOST])
        )
    else:
        refund = _one_to_refund(open_)
        values |= {"refund_charge": refund.id, "refund_credits": refund.credits}
        code = "same_job_twice" if same_job else "charged_within_minute"
        rest = said("One is right; charge {charge} is the one to refund.", charge=str(refund.id))
        suggestion = Suggestion(Advice.REFUND, refund.credits, refund.id, FOR_TWICE)
        weight = (4 if same_job else 2) + fit + (1 if case.is_recent(last.occurred_at) else 0)
    rows = tuple(case.charge_row(use, _job_text(use)) for use in group[:MOST])
    finding = Finding(
        code, TWICE, joined(what, rest), values, rows + tuple(refund_rows(case, group)), suggestion
    )
    return Found(finding, weight)


def _told(case: Case, group: Sequence[Use], *, same_job: bool) -> str:
    first, last = group[0], group[-1]
    times = len(group)
    told = {
        "charges": listed(str(use.id) for use in group[:MOST]),
        "credits": counted(sum(use.credits for use in group)),
    }
    if not same_job:
        seconds = _seconds(first, last)
        return said(
            "{feature} was charged {times} within {seconds} on {moment}: charges {charges},"
            " {credits} in all.",
            feature=case.feature(first.feature),
            times=_times(times),
            seconds=saidn("{count} second", "{count} seconds", seconds),
            moment=case.moment(first.occurred_at),
            **told,
        )
    told |= {
        "job": first.job,
        "features": listed(dict.fromkeys(case.feature(use.feature) for use in group)),
        "times": _times(times),
        "begun": case.moment(first.occurred_at),
    }
    ended = case.moment(last.occurred_at)
    if ended == told["begun"]:
        return said(
            "The job {job} ({features}) was charged {times}, under different keys, on {begun}:"
            " charges {charges}, {credits} in all.",
            **told,
        )
    return said(
        "The job {job} ({features}) was charged {times}, under different keys, from {begun} to"
        " {ended}: charges {charges}, {credits} in all.",
        ended=ended,
        **told,
    )


def _times(number: int) -> str:
    twice = 2
    return said("twice") if number == twice else saidn("{count} time", "{count} times", number)


def _seconds(first: Use, last: Use) -> int:
    """Within how many seconds two uses lie, at least 1."""
    return max(1, ceil((last.occurred_at - first.occurred_at).total_seconds()))


def _job_text(use: Use) -> str:
    job = said("job {job}", job=use.job) if use.job else said("no job named")
    if not use.outcome:
        return job
    return said("{job}, {outcome}", job=job, outcome=outcome_name(use))


def outcome_name(use: Use) -> str:
    """How the job of a charge ended, in a word."""
    return _OUTCOMES.get(use.outcome or "", _NO_OUTCOME)


def _one_to_refund(charges: Sequence[Use]) -> Use:
    """Which of them to give back: a failed one, where only some failed; else the last."""
    failed = [use for use in charges if use.outcome == "failed"]
    return failed[-1] if failed else charges[-1]


def _refunded_already(case: Case, group: Sequence[Use]) -> tuple[str, str, Suggestion]:
    back = [use for use in group if use.refunded]
    refund = case.record.refund_of(back[-1].id)
    told = {"charges": listed(str(use.id) for use in back[:MOST])}
    if refund is None or refund.at is None:
        sentence = saidn(
            "Charge {charges} was refunded already.",
            "Charges {charges} were refunded already.",
            len(back),
            **told,
        )
    else:
        sentence = saidn(
            "Charge {charges} was refunded already on {moment}.",
            "Charges {charges} were refunded already on {moment}.",
            len(back),
            moment=case.moment(refund.at),
            **told,
        )
    return "double_refunded", sentence, DECLINE
