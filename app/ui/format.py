"""How values are written for people: credits, instants, months, names. Pure text, no Qt.

Every function takes what it needs, the billing zone and *now* included; nobody here reads a clock.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
EMPTY: Final = "—"
MINUS: Final = "−"
_ISOLATE, _END = "\u2068", "\u2069"
_FULL_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTHS: Final = tuple(month[:3] for month in _FULL_MONTHS)
_BYTES: Final = ("bytes", "KB", "MB", "GB", "TB")
# Marks that turn the direction of what follows: a name must not reorder the line around it.
_TURNING: Final = frozenset(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
)


def credits(amount: int | None) -> str:
    """A number of credits (or of anything), grouped: 1,284 or −12; an em dash for none."""
    if amount is None:
        return EMPTY
    return f"{amount:,}".replace("-", MINUS)


def signed(amount: int | None) -> str:
    """Credits in or out: +150, −6, 0."""
    return f"+{amount:,}" if amount is not None and amount > 0 else credits(amount)


def counted(amount: int, one: str, many: str | None = None) -> str:
    """1 grant, 2,048 grants."""
    return f"{credits(amount)} {one if amount == 1 else many or one + 's'}"


def percent(share: float | None, *, sign: bool = False) -> str:
    """A share as a whole percentage: 0.18 is 18 %; with a sign, +18 % or −18 %."""
    if share is None:
        return EMPTY
    whole = round(share * 100)
    return f"{signed(whole) if sign else credits(whole)} %"


def file_size(size: int) -> str:
    """A number of bytes as 812 bytes, 4.5 MB, 1.2 GB."""
    amount = float(size)
    for unit in _BYTES:
        if amount < 1000 or unit == _BYTES[-1]:
            break
        amount /= 1000
    return f"{amount:,.0f} {unit}" if unit == "bytes" else f"{amount:,.1f} {unit}"


def text(value: str | None) -> str:
    """Text from data on one line: no control characters, nothing that turns the line around it."""
    if not value:
        return EMPTY
    if value.isascii() and value.isprintable():
        return value.strip() or EMPTY
    return "".join(_tame(character) for character in value).strip() or EMPTY


def paragraph(value: str) -> str:
    """Text from data that may have lines of its own."""
    if value.isascii() and value.isprintable():
        return value
    return "\n".join("".join(map(_tame, line)) for line in value.splitlines())


def name(value: str | None) -> str:
    """A person's name inside a sentence, isolated so that either direction reads right."""
    return f"{_ISOLATE}{text(value)}{_END}"


def apart(value: str) -> str:
    """A date or a number inside a sentence, isolated so that it reads the same either way."""
    return f"{_ISOLATE}{value}{_END}"


def _tame(character: str) -> str:
    if character in _TURNING:
        return ""
    category = unicodedata.category(character)
    if category in {"Zl", "Zp"} or character in "\t\r\n":
        return " "
    return "" if category in {"Cc", "Cs"} else character


def with_instants(sentence: str, zone: tzinfo) -> str:
    """A sentence with the instants in it as people read them: 22 Nov 2026 14:02 in the zone."""

    def read(found: re.Match[str]) -> str:
        at = datetime.fromisoformat(found[0])
        return f"{day(at, zone)} {at.astimezone(zone):%H:%M}"

    return _INSTANT.sub(read, sentence)


def clock(at: datetime, zone: tzinfo) -> str:
    """14:02:11 in the billing zone."""
    return f"{at.astimezone(zone):%H:%M:%S}"


def day(at: datetime | date | None, zone: tzinfo | None = None) -> str:
    """22 Nov 2026; an instant is read in the zone."""
    if at is None:
        return EMPTY
    local = at.astimezone(zone) if isinstance(at, datetime) else at
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def short_day(at: datetime, zone: tzinfo, now: datetime) -> str:
    """22 Nov within the year of now, else 22 Nov 2025."""
    local = at.astimezone(zone)
    if local.year != now.astimezone(zone).year:
        return day(at, zone)
    return f"{local.day} {_MONTHS[local.month - 1]}"


def instant(at: datetime | None, zone: tzinfo, now: datetime) -> str:
    """22 Nov 14:02 in the billing zone, with the year when it is not this one."""
    if at is None:
        return EMPTY
    return f"{short_day(at, zone, now)} {at.astimezone(zone):%H:%M}"


def minute(at: datetime, zone: tzinfo) -> str:
    """22 Nov 2026 14:02 as a field shows it; with the second where it is not a whole minute."""
    local = at.astimezone(zone)
    return f"{day(at, zone)} {local:%H:%M:%S}" if local.second else f"{day(at, zone)} {local:%H:%M}"


def exact(at: datetime, zone: tzinfo) -> str:
    """22 Nov 2026 14:02:11 with the name of the zone."""
    return f"{day(at, zone)} {clock(at, zone)} {zone_name(zone)}"


def instant_tip(at: datetime | None, zone: tzinfo, now: datetime) -> str:
    """What a tooltip adds to an instant: the zone in full, UTC, and how long ago."""
    if at is None:
        return ""
    lines = [exact(at, zone)]
    if zone_name(zone) != "UTC":
        lines.append(exact(at, UTC))
    return "\n".join([*lines, ago(at, now)])


def zone_name(zone: tzinfo) -> str:
    """Europe/Berlin, or UTC."""
    return str(getattr(zone, "key", None) or zone)


def ago(at: datetime, now: datetime) -> str:
    """How far from now: just now, 5 min ago, 3 days ago, in 8 days, in 2 months."""
    words = _span(abs(at - now))
    if not words:
        return "just now"
    return f"{words} ago" if at < now else f"in {words}"


def left(expires_at: datetime | None, now: datetime) -> str:
    """What is left of a grant's time: in 8 days, in 2 h, expired 3 days ago."""
    if expires_at is None:
        return EMPTY
    if expires_at > now:
        return f"in {_span(expires_at - now) or 'under a minute'}"
    return f"expired {ago(expires_at, now)}"


def age(since: datetime, now: datetime) -> str:
    """How old: 2 h, 3 days; of what has just come, now."""
    return _span(now - since) or "now"


def _span(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    days = seconds // 86_400
    if seconds < 60:
        return ""
    if seconds < 3_600:
        return f"{seconds // 60} min"
    if days < 1:
        return f"{seconds // 3_600} h"
    if days < 61:
        return counted(days, "day")
    if days < 730:
        return counted(days * 12 // 365, "month")
    return counted(days // 365, "year")


def month(year: int, number: int) -> str:
    """Nov 2026."""
    return f"{_MONTHS[number - 1]} {year}"


def full_month(year: int, number: int) -> str:
    """November 2026."""
    return f"{_FULL_MONTHS[number - 1]} {year}"


def short_month(number: int) -> str:
    """Nov."""
    return _MONTHS[number - 1]
