"""Instants as people type them: 31 Jan 12:00, 2026-01-31T12:00Z, yesterday 9:00, 3 days ago."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from app.domain.calendar import instant_of
from app.domain.errors import InvalidInstant
from app.ui import format as write
from app.ui.language import tr

_IN_ENGLISH: Final = tuple(
    "january february march april may june july august september october november december".split()
)
"""Understood whatever the language is: what was copied from elsewhere is pasted here."""
_LEAST_LETTERS: Final = 3
_TIME: Final = re.compile(
    r"(?:^|[\s,]+|(?<=\d)t)(?:at\s+)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?$"
)
_NAMED: Final = {"today": 0, "yesterday": -1, "tomorrow": 1}
_SPAN: Final = re.compile(
    r"(?:(?P<ahead>in|\+)\s*)?(?P<count>\d{1,5})\s*(?P<unit>minute|min|hour|h|day|d|week|w)s?"
    r"(?P<ago>\s+ago)?"
)
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DAY_FIRST: Final = re.compile(r"(\d{1,2})\.?[\s-]+([^\d\s.,-]+)\.?(?:[\s,-]+(\d{4}))?")
_MONTH_FIRST: Final = re.compile(
    r"([^\d\s.,-]+)\.?\s+(\d{1,2})(?:st|nd|rd|th|\.)?(?:[\s,]+(\d{4}))?"
)
_POINTS: Final = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})?")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def read_typed(text: str, zone: tzinfo, now: datetime) -> datetime | None:
    """The instant that a text names, read in ``zone``; ``None`` for *now*, and for nothing typed.

    A day without a year is one of this year, a day without a time begins at midnight, a time
    without a day is today's. Raises ``InvalidInstant`` that names the text.
    """
    typed = " ".join(text.split()).casefold()
    if typed in {"", "now", tr("now").casefold()}:
        return None
    found = _exact(text.strip()) or _away(typed, now)
    if found is None:
        found = _local(typed, zone, now)
    if found is None:
        message = tr(
            "“{value}” is not a date and time like 31 Jan 12:00, 2026-01-31T12:00Z or 3 days ago.",
            value=text.strip()[:60],
        )
        raise InvalidInstant(message, field="instant", value=text)
    return instant_of(found)


def read_day(text: str, today: date) -> date | None:
    """The day that a text names: 2026-01-31, 31 Jan, yesterday; ``None`` where none is.

    Without a year it is one of this year.
    """
    try:
        return _day(" ".join(text.split()).casefold(), today)
    except ValueError:
        return None


def _exact(text: str) -> datetime | None:
    """ISO 8601 with an offset."""
    try:
        found = datetime.fromisoformat(text.upper().replace(" Z", "Z"))
    except ValueError:
        return None
    return found if found.utcoffset() is not None else None


def _away(typed: str, now: datetime) -> datetime | None:
    """3 days ago, in 2 hours, +1 week."""
    match = _SPAN.fullmatch(typed)
    if match is None or bool(match["ahead"]) == bool(match["ago"]):
        return None
    span = timedelta(**{_UNITS[match["unit"][0]]: int(match["count"])})
    return now - span if match["ago"] else now + span


def _local(typed: str, zone: tzinfo, now: datetime) -> datetime | None:
    """A day, a time, or both, on the clocks of the zone."""
    match = _TIME.search(typed)
    today = now.astimezone(zone).date()
    try:
        hour, minute, second = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
        at = time(hour, minute, second)
        rest = (typed[: match.start()] if match else typed).strip(" ,")
        day = today if match and not rest else _day(rest, today)
    except ValueError:
        return None
    # fold=0: a local time that exists twice, or not at all, takes the offset before the change.
    return None if day is None else datetime.combine(day, at, tzinfo=zone)


def _day(typed: str, today: date) -> date | None:
    if typed in _NAMED:
        return today + timedelta(days=_NAMED[typed])
    return _named_day(typed, today.year)


def _named_day(typed: str, year: int) -> date | None:
    """A day by its name; without a year it is one of ``year``. ``ValueError`` where none is."""
    for form, read in _FORMS:
        match = form.fullmatch(typed)
        if match is not None:
            return read(match, year)
    return None


def _day_first(match: re.Match[str], year: int) -> date:
    return date(int(match[3] or year), _month(match[2]), int(match[1]))


def _month_first(match: re.Match[str], year: int) -> date:
    return date(int(match[3] or year), _month(match[1]), int(match[2]))


def _points(match: re.Match[str], year: int) -> date:
    return date(int(match[3] or year), int(match[2]), int(match[1]))


def _iso(match: re.Match[str], _year: int) -> date:
    return date(int(match[1]), int(match[2]), int(match[3]))


def _month(word: str) -> int:
    """The number of the month that a word begins; ``ValueError`` for another word."""
    for number in range(1, 13):
        names = (write.month_name(number), write.short_month(number), _IN_ENGLISH[number - 1])
        if len(word) >= _LEAST_LETTERS and any(one.casefold().startswith(word) for one in names):
            return number
    raise ValueError(word)


_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], int], date]], ...]] = (
    (_ISO, _iso),
    (_DAY_FIRST, _day_first),
    (_MONTH_FIRST, _month_first),
    (_POINTS, _points),
)
