"""Charges of jobs that failed: which are ready to refund, and what that does (rules, section 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.calendar import FIRST_YEAR, LAST_YEAR
from app.domain.errors import InvalidValue
from app.domain.sentences import said


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A charge whose job is marked as failed: what it took of whom, and when that was reported."""

    charge_id: int
    user_id: str
    feature: str
    quantity: int
    credits: int
    occurred_at: datetime
    reported_at: datetime
    job: str = ""


@dataclass(frozen=True, slots=True)
class FailedJobs:
    """The failed jobs of some days or of a feature.

    ``rows`` are those ready to refund, or refunded by this act: ``charges`` of ``credits`` credits
    in all, of ``users`` users. ``refunded_before`` counts those that had been refunded already.
    ``stopped`` says that the act was stopped between two charges, and ``trouble`` why the machine
    stopped it; what was refunded until then is in ``rows``. With ``dry_run`` nothing was changed.
    """

    rows: tuple[FailedJob, ...]
    refunded_before: int
    dry_run: bool = True
    returned: int = 0
    regranted: int = 0
    stopped: bool = False
    trouble: str = ""

    @property
    def charges(self) -> int:
        """How many charges there are."""
        return len(self.rows)

    @property
    def credits(self) -> int:
        """How many credits they took."""
        return sum(row.credits for row in self.rows)

    @property
    def users(self) -> int:
        """Of how many users they are."""
        return len({row.user_id for row in self.rows})


@dataclass(frozen=True, slots=True)
class Days:
    """Days of the billing zone, both included; ``None`` leaves that end open."""

    first: date | None = None
    last: date | None = None

    @property
    def limited(self) -> bool:
        """Whether any end is set."""
        return self.first is not None or self.last is not None


def days_of(first: date | str | None, last: date | str | None) -> Days:
    """The days from ``first`` to ``last`` (default: the same day), as dates or ``2026-11-22``.

    Raises ``InvalidValue`` that names what is no day, or where they are the wrong way round.
    """
    begin, end = _day(first), _day(last)
    end = begin if end is None else end
    if begin is not None and end is not None and end < begin:
        message = said("The days go backwards: {begin} to {end}.", begin=begin, end=end)
        raise InvalidValue(message, field="last", value=last)
    return Days(begin, end)


def _day(value: date | str | None) -> date | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        day = None
    if not isinstance(day, date) or isinstance(day, datetime):
        message = said("The day “{value}” is not a day like 2026-11-22.", value=value)
        raise InvalidValue(message, field="day", value=value)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        message = said(
            "The day {day} lies outside the years {first} to {last}.",
            day=day,
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
        raise InvalidValue(message, field="day", value=value)
    return day


def told_of(days: Days, feature: str | None) -> str:
    """What is refunded, in words: ``failed jobs of ghostface, 2026-11-21``."""
    words: Sequence[str] = [
        f"of {feature}" if feature else "",
        str(days.first) if days.first == days.last and days.first else "",
        f"{days.first or '…'} to {days.last or '…'}" if days.first != days.last else "",
    ]
    return " ".join(["failed jobs", *(word for word in words if word)])
