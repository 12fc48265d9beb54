"""Findings about charges for jobs that failed, and charges made twice (rules, sections 3 and 4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from math import ceil

from app.domain.diagnosis_case import Case, Found, counted, listed
from app.domain.diagnosis_words import FAILED, TWICE
from app.domain.findings import Advice, Evidence, EvidenceKind, Finding, Suggestion, Value
from app.domain.ledger import Use

DECLINE = Suggestion(Advice.DECLINE)
A_MINUTE = timedelta(minutes=1)
MOST = 4
FOR_FAILURE, FOR_TWICE = "failed_generation", "double_charge"
"""The reasons of the policy for which staff refund these."""


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
            text = f"Refund of charge {use.id} by {refund.staff}: {case.reason(refund.reason)}"
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
    more = (
        f" It is one of {len(owed)} such charges, {counted(total)} in all." if len(owed) > 1 else ""
    )
    finding = Finding(
        "failed_not_refunded",
        FAILED,
        f"{case.use(use)} is marked failed and was not refunded.{more}",
        values,
        (case.charge_row(use, "marked failed"),),
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
    told = ""
    if refund is not None and refund.at is not None:
        values |= {
            "refunded_at": refund.at,
            "returned": refund.returned,
            "regranted": refund.regranted,
            "staff": refund.staff,
        }
        told = (
            f" on {case.moment(refund.at)} by {refund.staff}: {refund.returned:,} went back to"
            f" grants still usable, {refund.regranted:,} came as a new grant"
        )
    finding = Finding(
        "failed_refunded",
        FAILED,
        f"{case.use(use)} is marked failed and was refunded{told}.",
        values,
        (case.charge_row(use, "marked failed"), *refund_rows(case, [use])),
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
    if use.refunded:
        code, state = "job_refunded", "was refunded already"
    elif use.outcome == "succeeded":
        code, state = "job_succeeded", "is marked succeeded"
    else:
        code, state = "outcome_unknown", "has no outcome on record"
        # Nothing speaks against the user here, where it is clear which use they mean.
        refund = Suggestion(Advice.REFUND, use.credits, use.id, FOR_FAILURE)
        suggestion = refund if alone else None
    finding = Finding(
        code,
        FAILED,
        f"No charge from {case.day(case.record.window.since)} on is marked failed. The one that"
        f" fits best: {case.use(use)} {state}.",
        use_values(case, use) | {"since": case.record.window.since},
        (
            *(case.charge_row(other, other.outcome or "no outcome") for other in best),
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
        rest = f"Each is for a job of its own: {listed(use.job for use in group[:MOST])}."
    else:
        refund = _one_to_refund(open_)
        values |= {"refund_charge": refund.id, "refund_credits": refund.credits}
        code = "same_job_twice" if same_job else "charged_within_minute"
        rest = f"One is right; charge {refund.id} is the one to refund."
        suggestion = Suggestion(Advice.REFUND, refund.credits, refund.id, FOR_TWICE)
        weight = (4 if same_job else 2) + fit + (1 if case.is_recent(last.occurred_at) else 0)
    rows = tuple(case.charge_row(use, _job_text(use)) for use in group[:MOST])
    finding = Finding(
        code, TWICE, f"{what} {rest}", values, rows + tuple(refund_rows(case, group)), suggestion
    )
    return Found(finding, weight)


def _told(case: Case, group: Sequence[Use], *, same_job: bool) -> str:
    first, last = group[0], group[-1]
    times = "twice" if len(group) == 2 else f"{len(group)} times"  # noqa: PLR2004 - twice is two
    numbers = listed(str(use.id) for use in group[:MOST])
    total = counted(sum(use.credits for use in group))
    if same_job:
        features = listed(dict.fromkeys(case.feature(use.feature) for use in group))
        begun, ended = case.moment(first.occurred_at), case.moment(last.occurred_at)
        when = f"on {begun}" if begun == ended else f"from {begun} to {ended}"
        return (
            f"The job {first.job} ({features}) was charged {times}, under different keys, {when}:"
            f" charges {numbers}, {total} in all."
        )
    return (
        f"{case.feature(first.feature)} was charged {times} within"
        f" {counted(_seconds(first, last), 'second')} on {case.moment(first.occurred_at)}: charges"
        f" {numbers}, {total} in all."
    )


def _seconds(first: Use, last: Use) -> int:
    """Within how many seconds two uses lie, at least 1."""
    return max(1, ceil((last.occurred_at - first.occurred_at).total_seconds()))


def _job_text(use: Use) -> str:
    job = f"job {use.job}" if use.job else "no job named"
    return f"{job}, {use.outcome}" if use.outcome else job


def _one_to_refund(charges: Sequence[Use]) -> Use:
    """Which of them to give back: a failed one, where only some failed; else the last."""
    failed = [use for use in charges if use.outcome == "failed"]
    return failed[-1] if failed else charges[-1]


def _refunded_already(case: Case, group: Sequence[Use]) -> tuple[str, str, Suggestion]:
    back = [use for use in group if use.refunded]
    numbers = listed(str(use.id) for use in back[:MOST])
    refund = case.record.refund_of(back[-1].id)
    when = "" if refund is None or refund.at is None else f" on {case.moment(refund.at)}"
    word = "Charge" if len(back) == 1 else "Charges"
    tense = "was" if len(back) == 1 else "were"
    return "double_refunded", f"{word} {numbers} {tense} refunded already{when}.", DECLINE
