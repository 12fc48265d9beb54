"""Refunding the jobs that failed: what it would do, then one after the other (rules, section 4).

Each charge is a transaction of its own: whatever cuts it short, going on refunds nothing twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.calendar import to_ms
from app.domain.charges import Outcome, Refund
from app.domain.errors import DatabaseFailed, InvalidValue, UnknownFeature
from app.domain.failed_jobs import Days, FailedJob, FailedJobs, told_of
from app.domain.sentences import said
from app.domain.staff import Act
from app.services import giving
from app.services.office import Office, Work
from app.services.refunding import refund
from app.storage import charges, failed_jobs

Progress = Callable[[int, int], None]
"""Called with how many charges are done, and how many there are."""
REASON = "failed_generation"
_ALWAYS = 2**62


def ready(work: Work, days: Days, feature: str | None) -> FailedJobs:
    """The failed jobs that are ready to refund; nothing is changed."""
    part = _part(work, days, feature)
    rows = tuple(failed_jobs.ready(work.session, part))
    return FailedJobs(rows, failed_jobs.refunded(work.session, part))


@dataclass(frozen=True, slots=True)
class Bulk:
    """Which failed jobs to refund, and why."""

    days: Days
    feature: str | None
    reason: str
    note: str


def refund_all(
    office: Office, bulk: Bulk, progress: Progress | None, stop: threading.Event | None
) -> FailedJobs:
    """Refund what is ready, the oldest first; ``stop`` ends it between two charges."""
    if not bulk.days.limited and bulk.feature is None:
        message = said("Say which day or which feature: the failed jobs of all time are too many.")
        raise InvalidValue(message, field="day", value=None)
    # Whoever may refund charges may refund those of failed jobs too; nobody has to wait meanwhile.
    with office.reading(Act.REFUND_FAILED) as work:
        giving.checked_reason(work, bulk.reason)
        planned = ready(work, bulk.days, bulk.feature)
    note = bulk.note or told_of(bulk.days, bulk.feature).capitalize()
    tell = progress or (lambda _done, _of: None)
    done: list[tuple[FailedJob, Refund]] = []
    stopped, trouble = False, ""
    for place, job in enumerate(planned.rows):
        tell(place, planned.charges)
        stopped = stop is not None and stop.is_set()
        if stopped:
            break
        try:
            made = _refund_one(office, job, bulk.reason, note)
        except DatabaseFailed as error:
            # The machine's trouble would be the next one's too: whoever goes on tries this again.
            trouble = error.sentence
            break
        if made is not None:
            done.append((job, made))
    if not stopped and not trouble:
        tell(planned.charges, planned.charges)
    return FailedJobs(
        rows=tuple(job for job, _ in done),
        refunded_before=planned.refunded_before,
        dry_run=False,
        returned=sum(made.returned for _, made in done),
        regranted=sum(made.regranted for _, made in done),
        stopped=stopped,
        trouble=trouble,
    )


def _refund_one(office: Office, job: FailedJob, reason: str, note: str) -> Refund | None:
    """The refund of one charge; ``None`` where it is not due any more.

    Meanwhile somebody else may have refunded it, or its job may have turned out to have succeeded.
    """
    with office.writing(Act.REFUND, Act.REFUND_FAILED) as work:
        charge = charges.by_id(work.session, job.charge_id).charge
        if charge.outcome is not Outcome.FAILED or charge.refunded:
            return None
        return refund(work, job.charge_id, reason, note, None)


def _part(work: Work, days: Days, feature: str | None) -> failed_jobs.Part:
    if feature is not None and feature not in list(work.book.names()):
        raise UnknownFeature(str(feature))
    start = 0 if days.first is None else _start_of(work, days.first)
    end = _ALWAYS if days.last is None else _start_of(work, days.last + timedelta(days=1))
    return failed_jobs.Part(start, end, feature)


def _start_of(work: Work, day: date) -> int:
    return to_ms(work.calendar.at_local(day.year, day.month, day.day))
