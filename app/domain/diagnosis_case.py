"""One complaint over one record, and how findings are told: days and months of the billing zone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from app.domain.calendar import BillingCalendar, Month
from app.domain.diagnosis_reading import Reading
from app.domain.diagnosis_record import Record
from app.domain.findings import Complaint, Evidence, EvidenceKind, Finding
from app.domain.grants import Grant
from app.domain.ledger import Use, grant_name
from app.domain.sentences import Dated, Said, dated, said, saidn

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

    def day(self, instant: datetime) -> Dated:
        """22 Nov 2026, in the billing zone."""
        return day_of(instant, self.calendar)

    def moment(self, instant: datetime) -> Dated:
        """22 Nov 2026 14:05, in the billing zone."""
        return moment_of(instant, self.calendar)

    def end(self, instant: datetime) -> str:
        """The end of 30 Nov 2026 where an interval ends with a day, else its moment."""
        return end_of(instant, self.calendar)

    def ended(self, instant: datetime) -> Said:
        """At the end of 30 Nov 2026, or on 22 Nov 2026 14:05."""
        return ended_at(instant, self.calendar)

    def month(self, month: Month) -> Dated:
        """November 2026."""
        return month_name(month)

    def feature(self, key: str) -> str:
        """What a feature is called."""
        return self.names.get(key, key)

    def what(self, use: Use) -> str:
        """AI Image Extender × 2."""
        name = self.feature(use.feature)
        return f"{name} × {use.quantity:,}" if use.quantity > 1 else name

    def use(self, use: Use) -> Said:
        """Charge 12 (AI Image Extender × 2, 24 credits, 22 Nov 2026 14:05)."""
        return said(
            "Charge {charge} ({what}, {credits}, {moment})",
            charge=str(use.id),
            what=self.what(use),
            credits=counted(use.credits),
            moment=self.moment(use.occurred_at),
        )

    # Evidence -----------------------------------------------------------------------------------

    def charge_row(self, use: Use, text: str = "") -> Evidence:
        """A charge, or a refused use, as evidence."""
        refused = use.available is not None
        name = self.what(use)
        return Evidence(
            kind=EvidenceKind.REFUSED_USE if refused else EvidenceKind.CHARGE,
            at=use.occurred_at,
            text=said("{what}: {text}", what=name, text=text) if text else name,
            credits=0 if refused else -use.credits,
            charge_id=use.id,
        )

    def grant_row(self, grant: Grant, kind: EvidenceKind = EvidenceKind.GRANT) -> Evidence:
        """A grant, or an allowance's release, as evidence."""
        told = {"grant": grant_name(grant), "end": self.end(grant.expires_at)}
        text = said("{grant}, until {end}", **told)
        if grant.ticket or grant.reason:
            text = said("{grant}, until {end}, by {staff}", staff=grant.staff, **told)
        return Evidence(kind, grant.effective_at, text, grant.credits, grant.id or None)

    def expiry_row(self, grant: Grant) -> Evidence:
        """What expired of a grant, as evidence."""
        return Evidence(
            EvidenceKind.EXPIRY,
            grant.expires_at,
            said("Expired: {grant}", grant=grant_name(grant)),
            -grant.remaining,
            grant.id or None,
        )

    def reason(self, key: str) -> str:
        """The name of a reason of staff's."""
        reasons = self.record.book.policy_at(self.record.now).support.reasons
        return next((reason.name for reason in reasons if reason.key == key), key)


def day_of(instant: datetime, calendar: BillingCalendar) -> Dated:
    """22 Nov 2026, in the billing zone."""
    local = calendar.local(instant)
    return dated(_day(local), local, "day")


def moment_of(instant: datetime, calendar: BillingCalendar) -> Dated:
    """22 Nov 2026 14:05, in the billing zone."""
    local = calendar.local(instant)
    return dated(f"{_day(local)} {local:%H:%M}", local, "minute")


def _day(local: datetime) -> str:
    return f"{local.day} {_MONTH_NAMES[local.month - 1][:3]} {local.year}"


def end_of(instant: datetime, calendar: BillingCalendar) -> str:
    """The end of 30 Nov 2026 where an interval ends with a day, else its moment."""
    day = _last_day(instant, calendar)
    return said("the end of {day}", day=day) if day else moment_of(instant, calendar)


def ended_at(instant: datetime, calendar: BillingCalendar) -> Said:
    """At the end of 30 Nov 2026, or on 22 Nov 2026 14:05."""
    day = _last_day(instant, calendar)
    if day:
        return said("at the end of {day}", day=day)
    return said("on {moment}", moment=moment_of(instant, calendar))


def _last_day(instant: datetime, calendar: BillingCalendar) -> str:
    """The day with which an interval ends at that instant; none where it ends in the middle."""
    if calendar.day_start(instant) != instant:
        return ""
    return day_of(instant - timedelta(milliseconds=1), calendar)


def month_name(month: Month) -> Dated:
    """November 2026."""
    english = f"{_MONTH_NAMES[month.month - 1]} {month.year}"
    return dated(english, datetime(month.year, month.month, 1, tzinfo=UTC), "month")


def counted(amount: int) -> Said:
    """1 credit, 1,284 credits."""
    return saidn("{count} credit", "{count} credits", amount)


def uses(number: int) -> Said:
    """1 use, 1,284 uses."""
    return saidn("{count} use", "{count} uses", number)


def charges(number: int) -> Said:
    """1 charge, 1,284 charges."""
    return saidn("{count} charge", "{count} charges", number)


def available_now(amount: int) -> Said:
    """1 credit is available now, 1,284 credits are available now."""
    return saidn("{count} credit is available now", "{count} credits are available now", amount)


def joined(*sentences: str) -> str:
    """Whole sentences, one after the other; empty ones are left out."""
    told, *rest = (sentence for sentence in sentences if sentence)
    for sentence in rest:
        told = said("{sentences} {sentence}", sentences=told, sentence=sentence)
    return told


def listed(parts: Iterable[str]) -> str:
    """One, two and three."""
    told, *rest = parts
    for part in rest[:-1]:
        told = said("{parts}, {part}", parts=told, part=part)
    return said("{parts} and {last}", parts=told, last=rest[-1]) if rest else told
