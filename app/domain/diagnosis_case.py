"""One complaint over one record, and how findings are told: days and months of the billing zone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from app.domain.calendar import BillingCalendar, Month
from app.domain.diagnosis_reading import Reading
from app.domain.diagnosis_record import Record
from app.domain.findings import Complaint, Evidence, EvidenceKind, Finding
from app.domain.grants import Grant
from app.domain.ledger import Use, grant_name

LATELY = timedelta(days=7)
_MONTH_NAMES = (
    "January February March April May June July August September October November December".split()
)
ANY_AMOUNT, ANY_DAY, ANY_FEATURE = 4, 3, 3
"""How much a finding gains where it fits an amount, a day or a feature that the message names."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, and how well it fits: ``weight`` 0 is mere information, 3 and more worth telling.

    ``also`` are the other kinds of complaint that it answers, beside the finding's own.
    """

    finding: Finding
    weight: int
    also: tuple[str, ...] = ()

    def answers(self, category: str) -> bool:
        """Whether it says something about a complaint of that kind."""
        return category == self.finding.category or category in self.also


@dataclass(frozen=True)
class Case:
    """A complaint, what it names, and the record it is about."""

    record: Record
    complaint: Complaint
    reading: Reading

    @cached_property
    def names(self) -> dict[str, str]:
        """What features are called."""
        return self.record.book.names()

    @cached_property
    def all_taken(self) -> tuple[Use, ...]:
        """The uses that took credits, those before the complaint's time included."""
        return tuple(self.record.taken())

    @cached_property
    def taken(self) -> tuple[Use, ...]:
        """The uses in the complaint's time that took credits."""
        since, until = self.record.window.since, self.record.window.until
        return tuple(use for use in self.all_taken if since <= use.occurred_at < until)

    @cached_property
    def _names_nothing(self) -> bool:
        named = self.reading
        return not (named.amounts or named.days or named.features)

    @property
    def calendar(self) -> BillingCalendar:
        """The calendar of the billing zone."""
        return self.record.calendar

    # How well something fits ---------------------------------------------------------------------

    def says(self, category: str) -> int:
        """How strongly the message's words speak for a kind of complaint."""
        return self.reading.scores.get(category, 0)

    def asks(self, category: str) -> bool:
        """Whether the complaint may be of a kind: it came as one, or its words say so."""
        return self.complaint.category == category or self.says(category) > 0

    def fits_amount(self, *amounts: int) -> int:
        """What a finding gains where the message names one of these figures."""
        return ANY_AMOUNT if self.reading.amounts & set(amounts) - {0} else 0

    def fits_day(self, *instants: datetime) -> int:
        """What a finding gains (or loses) by the days that the message names."""
        if not self.reading.days:
            return 0
        return ANY_DAY if any(map(self.reading.names_day, instants)) else -1

    def fits_feature(self, feature: str) -> int:
        """What a finding gains (or loses) by the features that the message names."""
        if not self.reading.features:
            return 0
        return ANY_FEATURE if feature in self.reading.features else -1

    def fits_use(self, use: Use) -> int:
        """How well one use fits what the message names."""
        if self._names_nothing:
            return 0
        return (
            self.fits_amount(use.credits)
            + self.fits_day(use.occurred_at)
            + self.fits_feature(use.feature)
        )

    def is_recent(self, instant: datetime, within: timedelta = LATELY) -> bool:
        """Whether something happened in the days before the complaint."""
        return self.complaint.opened_at - within <= instant < self.record.window.until

    # Telling ------------------------------------------------------------------------------------

    def day(self, instant: datetime) -> str:
        """22 Nov 2026, in the billing zone."""
        return day_of(instant, self.calendar)

    def moment(self, instant: datetime) -> str:
        """22 Nov 2026 14:05, in the billing zone."""
        return moment_of(instant, self.calendar)

    def end(self, instant: datetime) -> str:
        """The end of 30 Nov 2026 where an interval ends with a day, else its moment."""
        return end_of(instant, self.calendar)

    def ended(self, instant: datetime) -> str:
        """At the end of 30 Nov 2026, or on 22 Nov 2026 14:05."""
        return ended_at(instant, self.calendar)

    def month(self, month: Month) -> str:
        """November 2026."""
        return month_name(month)

    def feature(self, key: str) -> str:
        """What a feature is called."""
        return self.names.get(key, key)

    def use(self, use: Use) -> str:
        """Charge 12 (AI Image Extender × 2, 24 credits, 22 Nov 2026 14:05)."""
        what = self.feature(use.feature) + (f" × {use.quantity:,}" if use.quantity > 1 else "")
        return f"Charge {use.id} ({what}, {counted(use.credits)}, {self.moment(use.occurred_at)})"

    # Evidence -----------------------------------------------------------------------------------

    def charge_row(self, use: Use, text: str = "") -> Evidence:
        """A charge, or a refused use, as evidence."""
        refused = use.available is not None
        name = self.feature(use.feature) + (f" × {use.quantity:,}" if use.quantity > 1 else "")
        return Evidence(
            kind=EvidenceKind.REFUSED_USE if refused else EvidenceKind.CHARGE,
            at=use.occurred_at,
            text=f"{name}: {text}" if text else name,
            credits=0 if refused else -use.credits,
            charge_id=use.id,
        )

    def grant_row(self, grant: Grant, kind: EvidenceKind = EvidenceKind.GRANT) -> Evidence:
        """A grant, or an allowance's release, as evidence."""
        text = f"{grant_name(grant)}, until {self.end(grant.expires_at)}"
        by = f", by {grant.staff}" if grant.ticket or grant.reason else ""
        return Evidence(kind, grant.effective_at, text + by, grant.credits, grant.id or None)

    def expiry_row(self, grant: Grant) -> Evidence:
        """What expired of a grant, as evidence."""
        return Evidence(
            EvidenceKind.EXPIRY,
            grant.expires_at,
            f"Expired: {grant_name(grant)}",
            -grant.remaining,
            grant.id or None,
        )

    def reason(self, key: str) -> str:
        """The name of a reason of staff's."""
        reasons = self.record.book.policy_at(self.record.now).support.reasons
        return next((reason.name for reason in reasons if reason.key == key), key)


def day_of(instant: datetime, calendar: BillingCalendar) -> str:
    """22 Nov 2026, in the billing zone."""
    local = calendar.local(instant)
    return f"{local.day} {_MONTH_NAMES[local.month - 1][:3]} {local.year}"


def moment_of(instant: datetime, calendar: BillingCalendar) -> str:
    """22 Nov 2026 14:05, in the billing zone."""
    return f"{day_of(instant, calendar)} {calendar.local(instant):%H:%M}"


def end_of(instant: datetime, calendar: BillingCalendar) -> str:
    """The end of 30 Nov 2026 where an interval ends with a day, else its moment."""
    if calendar.day_start(instant) == instant:
        return f"the end of {day_of(instant - timedelta(milliseconds=1), calendar)}"
    return moment_of(instant, calendar)


def ended_at(instant: datetime, calendar: BillingCalendar) -> str:
    """At the end of 30 Nov 2026, or on 22 Nov 2026 14:05."""
    end = end_of(instant, calendar)
    return f"{'at' if end.startswith('the') else 'on'} {end}"


def month_name(month: Month) -> str:
    """November 2026."""
    return f"{_MONTH_NAMES[month.month - 1]} {month.year}"


def counted(amount: int, one: str = "credit", many: str | None = None) -> str:
    """1 credit, 1,284 credits."""
    return f"{amount:,} {one if amount == 1 else many or one + 's'}"


def there_are(amount: int, one: str = "credit", many: str | None = None) -> str:
    """1 credit is, 1,284 credits are."""
    return f"{counted(amount, one, many)} {'is' if amount == 1 else 'are'}"


def there_were(amount: int, one: str = "credit", many: str | None = None) -> str:
    """1 credit was, 1,284 credits were."""
    return f"{counted(amount, one, many)} {'was' if amount == 1 else 'were'}"


def listed(parts: Iterable[str]) -> str:
    """One, two and three."""
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last
