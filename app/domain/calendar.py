"""Time as the rules have it: UTC instants in milliseconds, months and days of the billing zone.

Inside the program an instant is an aware ``datetime`` in UTC, cut to milliseconds; the database
keeps the same as an integer (rules, section 1).
"""

from __future__ import annotations

import calendar as _gregorian
import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, total_ordering
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.domain.errors import InvalidInstant, InvalidValue
from app.domain.field_names import field_name
from app.domain.sentences import said

if TYPE_CHECKING:
    from collections.abc import Iterator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
FIRST_YEAR, LAST_YEAR = 2000, 2199
BEGINNING_OF_TIME = 0
"""From when version 1 of the price list holds, in milliseconds: before any instant we accept."""
MOST_YEARS = 99
"""The longest validity in years, so that every expiry lies in a month we know."""
AHEAD_OF_CLOCK = timedelta(minutes=5)
_DURATION = re.compile(r"P(?:(?P<years>[1-9]\d?)Y|(?P<days>[1-9]\d{0,3})D)")
MONTH_END = "month_end"


def to_ms(instant: datetime) -> int:
    """The instant as whole milliseconds since 1970 in UTC, rounded down."""
    return (instant - EPOCH) // MILLISECOND


def from_ms(ms: int) -> datetime:
    """The aware UTC ``datetime`` of a count of milliseconds since 1970."""
    return EPOCH + MILLISECOND * ms


def instant_of(value: datetime, what: str = "instant") -> datetime:
    """``value`` in UTC, cut to milliseconds; ``InvalidInstant`` without an offset or out of range.

    We accept the years 2000 to 2199: wide enough for anything real, and far from where zones,
    leap rules and *one year later* would overflow (rules, section 1).
    """
    if not isinstance(value, datetime):
        message = said(
            "The {field} “{value}” is not a date and time.", field=field_name(what), value=value
        )
        raise InvalidInstant(message, field=what, value=value)
    if value.utcoffset() is None:
        message = said(
            "The {field} “{instant}” has no offset; write it with Z or +01:00.",
            field=field_name(what),
            instant=value.isoformat(),
        )
        raise InvalidInstant(message, field=what, value=value)
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        message = said(
            "The {field} “{instant}” is not between {first} and {last}.",
            field=field_name(what),
            instant=value.isoformat(),
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
        raise InvalidInstant(message, field=what, value=value)
    return from_ms(to_ms(value))


def parse_instant(text: str, what: str = "instant", zone: ZoneInfo | None = None) -> datetime:
    """The instant an ISO 8601 text names; without an offset it is read in ``zone`` if given.

    Raises ``InvalidInstant`` that names the text.
    """
    try:
        value = datetime.fromisoformat(text.strip())
    except ValueError as error:
        message = said(
            "The {field} “{value}” is not a date and time like 2026-01-31T12:00:00Z.",
            field=field_name(what),
            value=text,
        )
        raise InvalidInstant(message, field=what, value=text) from error
    if value.utcoffset() is None and zone is not None:
        value = value.replace(tzinfo=zone, fold=0)
        # A local time that does not exist takes the offset before the change; fold=0 is that.
    return instant_of(value, what)


@total_ordering
@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month of the billing zone; its text is ``2026-01``, its number ``202601``."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month that ``2026-01`` names; ``InvalidValue`` otherwise."""
        match = re.fullmatch(r"(\d{4})-(\d{2})", text.strip())
        if match is None or not 1 <= int(match[2]) <= 12:  # noqa: PLR2004 - months of a year
            message = said("“{given}” is not a month like 2026-01.", given=text)
            raise InvalidValue(message, field="month", value=text)
        if not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
            message = said(
                "The month “{value}” is not between {first} and {last}.",
                value=text,
                first=FIRST_YEAR,
                last=LAST_YEAR,
            )
            raise InvalidValue(message, field="month", value=text)
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, value: Month | str) -> Month:
        """``value`` itself, or the month its text names; ``InvalidValue`` otherwise."""
        if isinstance(value, Month):
            return value
        if isinstance(value, str):
            return cls.parse(value)
        message = said("“{given}” is not a month like 2026-01.", given=value)
        raise InvalidValue(message, field="month", value=value)

    @classmethod
    def from_number(cls, number: int) -> Month:
        """The month of a number like ``202601``."""
        return cls(number // 100, number % 100)

    @property
    def number(self) -> int:
        """``202601`` for January 2026: sorts and reads well in a database."""
        return self.year * 100 + self.month

    def day_number(self, day: int) -> int:
        """``20260131`` for the 31st of January 2026: a month's days sort among all others."""
        return self.number * 100 + day

    def plus(self, months: int) -> Month:
        """The month that many later (or earlier, when negative)."""
        index = self.year * 12 + self.month - 1 + months
        return Month(index // 12, index % 12 + 1)

    @property
    def next(self) -> Month:
        """The month after."""
        return self.plus(1)

    @property
    def previous(self) -> Month:
        """The month before."""
        return self.plus(-1)

    def distance(self, later: Month) -> int:
        """How many months later ``later`` is; negative where it is earlier."""
        return (later.year - self.year) * 12 + later.month - self.month

    def until(self, last: Month) -> Iterator[Month]:
        """This month and those after it up to ``last``, which is included."""
        month = self
        while month <= last:
            yield month
            month = month.next

    def __lt__(self, other: Month) -> bool:
        return self.number < other.number

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@lru_cache
def _starts_of_months(zone: ZoneInfo) -> tuple[int, ...]:
    """When each month there is begins in a zone, in milliseconds, from the year before the first.

    Needed at every start; made one by one out of months and instants they held it up.
    """
    years = range(FIRST_YEAR - 1, LAST_YEAR + MOST_YEARS + 2)
    return tuple(
        to_ms(datetime(year, month, 1, tzinfo=zone)) for year in years for month in range(1, 13)
    )


class BillingCalendar:
    """Months, days and years of one billing zone (rules, section 1).

    ``zone`` is any IANA name; an unknown one is an ``InvalidValue``.
    """

    def __init__(self, zone: str) -> None:
        self.zone = zone
        self._info = zone_of(zone)
        self._starts: tuple[int, ...] = ()
        self._days: dict[Month, tuple[int, ...]] = {}
        self._started: dict[Month, datetime] = {}
        self._first = Month(FIRST_YEAR - 1, 1)

    @property
    def zone_info(self) -> ZoneInfo:
        """The zone itself, for reading and showing local times."""
        return self._info

    def local(self, instant: datetime) -> datetime:
        """The instant on the clocks of the billing zone."""
        return instant.astimezone(self._info)

    def at_local(self, year: int, month: int, day: int) -> datetime:
        """The first instant of a local date, in UTC."""
        midnight = datetime(year, month, day, tzinfo=self._info)
        # Where midnight is skipped (fold=0 reads it with the offset before the change) the first
        # instant of the day is the change itself, which is that same instant.
        return from_ms(to_ms(midnight))

    def start(self, month: Month) -> datetime:
        """The first instant of the month."""
        known = self._started.get(month)
        if known is None:
            known = self._started[month] = self.at_local(month.year, month.month, 1)
        return known

    def end(self, month: Month) -> datetime:
        """The first instant after the month: the first of the next."""
        return self.start(month.next)

    def start_ms(self, month: Month) -> int:
        """``start`` in milliseconds."""
        if self._starts and self._first <= month:
            return self._starts[self._first.distance(month)]
        return to_ms(self.start(month))

    def month_of(self, instant: datetime) -> Month:
        """The month in which the instant lies: the last that has begun by then.

        Where clocks are set back just after midnight the old date comes again for a while
        (St. John's until 2011); the new month has begun all the same and does not end again.
        """
        local = self.local(instant)
        month = Month(local.year, local.month)
        return month.next if self.end(month) <= instant else month

    def month_of_ms(self, ms: int) -> Month:
        """The month in which an instant given in milliseconds lies; quick, for many instants."""
        return self._first.plus(bisect_right(self._month_starts(), ms) - 1)

    def month_number_of_ms(self, ms: int) -> int:
        """``month_of_ms(ms).number``."""
        return self.month_of_ms(ms).number

    def _month_starts(self) -> tuple[int, ...]:
        if not self._starts:
            self._starts = _starts_of_months(self._info)
        return self._starts

    def day_starts_ms(self, month: Month) -> tuple[int, ...]:
        """The first instants of the month's days, in milliseconds."""
        starts = self._days.get(month)
        if starts is None:
            last = _gregorian.monthrange(month.year, month.month)[1]
            days = range(1, last + 1)
            starts = tuple(to_ms(self.at_local(month.year, month.month, day)) for day in days)
            self._days[month] = starts
        return starts

    def day_number_of_ms(self, ms: int) -> int:
        """The day of an instant given in milliseconds, as a number like ``20260131``."""
        month = self.month_of_ms(ms)
        return month.day_number(bisect_right(self.day_starts_ms(month), ms))

    def day_start(self, instant: datetime) -> datetime:
        """The first instant of the day in which the instant lies."""
        return self._first_of(self._day_of(instant))

    def day_end(self, instant: datetime) -> datetime:
        """The first instant of the day after."""
        return self._first_of(self._day_of(instant) + timedelta(days=1))

    def _day_of(self, instant: datetime) -> date:
        # The last day that has begun, for the reason that month_of gives.
        following = self.local(instant).date() + timedelta(days=1)
        return following - timedelta(days=0 if self._first_of(following) <= instant else 1)

    def _first_of(self, day: date) -> datetime:
        return self.at_local(day.year, day.month, day.day)

    def years_later(self, instant: datetime, years: int) -> datetime:
        """The same local date and time that many years on; 29 February becomes 28 February."""
        local = self.local(instant)
        day = min(local.day, _gregorian.monthrange(local.year + years, local.month)[1])
        # fold=0: a local time that exists twice, or not at all, takes the offset before the change.
        moved = local.replace(year=local.year + years, day=day, fold=0)
        return from_ms(to_ms(moved))

    def expiry(self, start: datetime, validity: str) -> datetime:
        """When something usable from ``start`` expires: ``P1Y``, ``P30D`` or ``month_end``."""
        if validity == MONTH_END:
            return self.end(self.month_of(start))
        years, days = parse_validity(validity)
        if years:
            return self.years_later(start, years)
        local = self.local(start)
        # Days of the calendar, not of 24 hours: the wall clock stays, as it does for a year.
        return from_ms(to_ms((local + timedelta(days=days)).replace(fold=0)))

    def today(self, now: datetime) -> date:
        """The local date of ``now``."""
        return self.local(now).date()


def months_between(first: Month | str, last: Month | str) -> tuple[Month, ...]:
    """The months from ``first`` to ``last``, both included; ``InvalidValue`` where they go back."""
    begin, end = Month.of(first), Month.of(last)
    if end < begin:
        message = said(
            "The last month, {last}, is before the first, {first}.", last=end, first=begin
        )
        raise InvalidValue(message, field="last", value=str(end))
    return tuple(begin.until(end))


def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name; ``InvalidValue`` that names it otherwise."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        message = said("“{name}” is not a time zone like Europe/Berlin.", name=name)
        raise InvalidValue(message, field="timezone", value=name) from error


def parse_validity(text: str) -> tuple[int, int]:
    """Years and days of an ISO 8601 duration (``P1Y`` or ``P30D``); ``InvalidValue`` otherwise."""
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        message = said(
            "The validity “{value}” is neither like P1Y or P30D nor “{month_end}”.",
            value=text,
            month_end=MONTH_END,
        )
        raise InvalidValue(message, field="valid", value=text)
    return int(match["years"] or 0), int(match["days"] or 0)
