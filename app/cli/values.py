"""Values as people type them: whole numbers, instants, months, validities.

A value that no rule allows is a person's to put right: a sentence that names it, exit code 1. Only
a command that is put together wrongly (an unknown option, something missing) is wrong usage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.domain.calendar import MONTH_END, parse_instant
from app.domain.errors import InvalidAmount, InvalidInstant, InvalidValue, UnknownRecord
from app.ui.typed_instants import read_day

MOST_RECORD = 2**63 - 1
"""The largest number that a record can have."""
_WHOLE = re.compile(r"[+-]?[0-9]{1,30}")
_SPAN = re.compile(r"([1-9][0-9]{0,3})([dy])", re.IGNORECASE)
_DURATION = re.compile(r"P[0-9]{1,4}[DY]", re.IGNORECASE)


def whole(field: str) -> Callable[[object], int]:
    """A reader of whole numbers for an option called ``field``; services judge their range."""

    def read(value: object) -> int:
        text = str(value).strip()
        if not _WHOLE.fullmatch(text):
            message = f"The {field} “{text}” is not a whole number."
            raise InvalidAmount(message, field=field, value=text)
        return int(text)

    return read


def record(kind: str) -> Callable[[object], int]:
    """A reader of the numbers of records; one that no record can have is an ``UnknownRecord``."""

    def read(value: object) -> int:
        number = whole(f"number of a {kind}")(value)
        if not 1 <= number <= MOST_RECORD:
            raise UnknownRecord(kind, number)
        return number

    return read


def limit(value: object) -> int:
    """How many rows to show: from 1 to 100,000."""
    number = whole("limit")(value)
    if not 1 <= number <= 100_000:  # noqa: PLR2004 - more than anybody reads
        message = f"The limit {number:,} is not from 1 to 100,000."
        raise InvalidAmount(message, field="limit", value=number)
    return number


def one_of(field: str, allowed: Iterable[str]) -> Callable[[object], str]:
    """A reader of words; ``InvalidValue`` names one that is not ``allowed``, and those that are."""
    words = tuple(allowed)

    def read(value: object) -> str:
        if value not in words:
            message = f"“{value}” is not a {field}; it is one of {', '.join(words)}."
            raise InvalidValue(message, field=field, value=value)
        return str(value)

    return read


def instant(text: str | None, zone: ZoneInfo, what: str = "instant") -> datetime | None:
    """The instant of a text, read in the billing zone where it has no offset."""
    return None if text is None else parse_instant(text, what, zone)


def day(text: str | None, zone: ZoneInfo, now: datetime, what: str = "day") -> date | None:
    """The day of a text, understood as the window's fields do: 2026-11-22, 21 Nov, yesterday."""
    if text is None:
        return None
    found = read_day(text, now.astimezone(zone).date())
    if found is None:
        message = f"The {what} “{text}” is not a day like 2026-11-22, 21 Nov or yesterday."
        raise InvalidValue(message, field=what, value=text)
    return found


def expiry(text: str | None, zone: ZoneInfo) -> tuple[datetime | None, str | None]:
    """An instant or a validity, whichever ``text`` is: ``2026-12-31``, ``month_end``, ``30d``."""
    if text is None:
        return None, None
    asked = text.strip()
    if asked.lower().replace("-", "_") == MONTH_END:
        return None, MONTH_END
    span = _SPAN.fullmatch(asked)
    if span is not None:
        return None, f"P{span[1]}{span[2].upper()}"
    if _DURATION.fullmatch(asked):
        return None, asked.upper()
    if asked[:1].isdigit():
        return parse_instant(asked, "expiry", zone), None
    message = (
        f"The expiry “{text}” is neither an instant like 2026-12-31 nor a validity like"
        f" {MONTH_END}, 30d or P1Y."
    )
    raise InvalidInstant(message, field="expires", value=text)
