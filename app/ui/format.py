"""How values are written for people: credits, instants, months, names. Pure text, no Qt.

Every function takes what it needs, the billing zone and *now* included; nobody here reads a clock.
Numbers and dates are written as the `Locale` in force has them: English, unless `app.ui.locale`
put another in force at the start. Files of data are not for people: they take plain numbers.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final, Literal

from app.ui.how_long import age, ago, left
from app.ui.language import tr, trn

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
__all__ = [
    "EMPTY",
    "MINUS",
    "TIMES",
    "Locale",
    "Times",
    "age",
    "ago",
    "apart",
    "clock",
    "counted",
    "credits",
    "day",
    "day_of_month",
    "decimal",
    "exact",
    "file_size",
    "full_month",
    "in_force",
    "instant",
    "instant_tip",
    "left",
    "minute",
    "month",
    "month_name",
    "name",
    "paragraph",
    "percent",
    "put_in_force",
    "seen",
    "short",
    "short_day",
    "short_month",
    "show_times",
    "signed",
    "text",
    "times_shown",
    "turns",
    "widest_seen",
    "with_instants",
    "zone_name",
]
EMPTY: Final = "—"
MINUS: Final = "−"
_ISOLATE, _END = _ISOLATES = ("\u2068", "\u2069")


@dataclass(frozen=True, slots=True)
class Locale:
    """How numbers and dates are written somewhere: marks, the order of a date, names of months.

    Places of the patterns are ``{day}``, ``{month}`` (its short name, or its full one in
    ``full_month``), ``{number}`` (of the month) and ``{year}``.
    """

    group: str = ","
    decimal: str = "."
    day: str = "{day} {month} {year}"
    short_day: str = "{day} {month}"
    month: str = "{month} {year}"
    months: tuple[str, ...] = (
        tr("Jan"),
        tr("Feb"),
        tr("Mar"),
        tr("Apr"),
        tr("May"),
        tr("Jun"),
        tr("Jul"),
        tr("Aug"),
        tr("Sep"),
        tr("Oct"),
        tr("Nov"),
        tr("Dec"),
    )
    full_months: tuple[str, ...] = (
        tr("January"),
        tr("February"),
        tr("March"),
        tr("April"),
        tr("May"),
        tr("June"),
        tr("July"),
        tr("August"),
        tr("September"),
        tr("October"),
        tr("November"),
        tr("December"),
    )


_in_force: list[Locale] = [Locale()]


def put_in_force(locale: Locale) -> Callable[[], None]:
    """Write numbers and dates in another way from now on; returns what takes that back."""
    before = _in_force[0]
    _in_force[0] = locale

    def back() -> None:
        _in_force[0] = before

    return back


def in_force() -> Locale:
    """How numbers and dates are written now."""
    return _in_force[0]


# Marks that turn the direction of what follows: a name must not reorder the line around it.
_TURNING: Final = frozenset(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
)


def credits(amount: int | None) -> str:
    """A number of credits (or of anything), grouped: 1,284 or −12; an em dash for none."""
    if amount is None:
        return EMPTY
    written = f"{amount:,}".replace("-", MINUS)
    group = _in_force[0].group
    return written if group == "," else written.replace(",", group)


def decimal(amount: float, places: int = 1) -> str:
    """A number that is not whole: 1,284.5 or −0.75."""
    whole, _, part = f"{amount:,.{places}f}".replace("-", MINUS).partition(".")
    locale = _in_force[0]
    whole = whole.replace(",", locale.group)
    return f"{whole}{locale.decimal}{part}" if part else whole


def signed(amount: int | None) -> str:
    """Credits in or out: +150, −6, 0."""
    return f"+{credits(amount)}" if amount is not None and amount > 0 else credits(amount)


def counted(amount: int, one: str, many: str | None = None) -> str:
    """1 grant, 2,048 grants."""
    return f"{credits(amount)} {one if amount == 1 else many or one + 's'}"


def percent(share: float | None, *, sign: bool = False) -> str:
    """A share as a whole percentage: 0.18 is 18 %; with a sign, +18 % or −18 %."""
    if share is None:
        return EMPTY
    whole = round(share * 100)
    return tr("{share} %", share=signed(whole) if sign else credits(whole))


def file_size(size: int) -> str:
    """A number of bytes as 812 bytes, 4.5 MB, 1.2 GB."""
    if size < 1_000:
        return trn("{count} byte", "{count} bytes", size)
    if size < 1_000_000:
        return tr("{size} KB", size=decimal(size / 1e3))
    if size < 1_000_000_000:
        return tr("{size} MB", size=decimal(size / 1e6))
    if size < 1_000_000_000_000:
        return tr("{size} GB", size=decimal(size / 1e9))
    return tr("{size} TB", size=decimal(size / 1e12))


def text(value: str | None) -> str:
    """Text from data on one line: no control characters, nothing that turns the line around it."""
    if not value:
        return EMPTY
    if value.isascii() and value.isprintable():
        return value.strip() or EMPTY
    return "".join(_tame(character) for character in value).strip() or EMPTY


def paragraph(value: str) -> str:
    """Text from data that may have lines of its own, or a sentence with some in it."""
    if value.isascii() and value.isprintable():
        return value
    return "\n".join(map(_line, value.splitlines()))


def name(value: str | None) -> str:
    """A person's name inside a sentence, isolated so that either direction reads right."""
    return f"{_ISOLATE}{text(value)}{_END}"


def short(value: str | None, most: int = 48) -> str:
    """A name for a sentence or a button: of a very long one the end is left out."""
    shown = text(value)
    return shown if len(shown) <= most else f"{shown[: most - 1].rstrip()}…"


def turns(value: str) -> bool:
    """Whether invisible marks in a text turn the direction of what follows them."""
    return not value.isascii() and not _TURNING.isdisjoint(value)


def apart(value: str) -> str:
    """A date or a number inside a sentence, isolated so that it reads the same either way."""
    return f"{_ISOLATE}{value}{_END}"


def _line(line: str) -> str:
    """Without what may not stand in it; what is `name`d in it stays apart where that matters."""
    apart = _ISOLATE in line and _isolates(line)
    return "".join(c if apart and c in _ISOLATES else _tame(c) for c in line)


def _isolates(line: str) -> bool:
    """Whether every isolate of a line is closed, and any of its letters run the other way."""
    depth = 0
    for character in line:
        depth += (character == _ISOLATE) - (character == _END)
        if depth < 0:
            return False
    return depth == 0 and any(unicodedata.bidirectional(c) in {"R", "AL"} for c in line)


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
        return day_and_minute(datetime.fromisoformat(found[0]).astimezone(zone))

    return _INSTANT.sub(read, sentence)


def clock(at: datetime, zone: tzinfo) -> str:
    """14:02:11 in the billing zone."""
    return f"{at.astimezone(zone):%H:%M:%S}"


def day(at: datetime | date | None, zone: tzinfo | None = None) -> str:
    """22 Nov 2026; an instant is read in the zone."""
    if at is None:
        return EMPTY
    local = at.astimezone(zone) if isinstance(at, datetime) else at
    return _dated(_in_force[0].day, local)


def short_day(at: datetime, zone: tzinfo, now: datetime) -> str:
    """22 Nov within the year of now, else 22 Nov 2025."""
    local = at.astimezone(zone)
    if local.year != now.astimezone(zone).year:
        return day(at, zone)
    return day_of_month(local)


def day_of_month(day: date) -> str:
    """22 Nov, of a year that is known."""
    return _dated(_in_force[0].short_day, day)


def _dated(pattern: str, day: date) -> str:
    name = _in_force[0].months[day.month - 1]
    return pattern.format(day=day.day, month=name, number=day.month, year=day.year)


def instant(at: datetime | None, zone: tzinfo, now: datetime) -> str:
    """22 Nov 14:02 in the billing zone, with the year when it is not this one."""
    if at is None:
        return EMPTY
    return f"{short_day(at, zone, now)} {at.astimezone(zone):%H:%M}"


Times = Literal["minutes", "seconds", "ago"]
Room = Literal["whole", "narrow", "day"]
TIMES: Final[tuple[Times, ...]] = ("minutes", "seconds", "ago")
_times: list[Times] = ["minutes"]


def show_times(times: Times) -> None:
    """Show instants on screens in another way from now on."""
    _times[0] = times


def times_shown() -> Times:
    """How instants are shown on screens."""
    return _times[0]


def seen(at: datetime | None, zone: tzinfo, now: datetime, room: Room = "whole") -> str:
    """An instant where people look through many, as they chose to see them; a tooltip has it whole.

    ``narrow`` leaves out the time of other years, and ``day`` that of all. What is written to a
    file, or stands where something is decided, takes `instant` or `exact`, whatever was chosen.
    """
    if at is None:
        return EMPTY
    times = _times[0]
    if times == "ago":
        return ago(at, now)
    if room == "day":
        return short_day(at, zone, now)
    if times == "seconds":
        return f"{short_day(at, zone, now)} {clock(at, zone)}"
    another_year = at.astimezone(zone).year != now.astimezone(zone).year
    return day(at, zone) if room == "narrow" and another_year else instant(at, zone, now)


def widest_seen(room: Room = "whole") -> tuple[str, ...]:
    """The longest that `seen` says where that was chosen, of any month; none while nothing was."""
    times = _times[0]
    if times == "ago":
        now = datetime(2028, 12, 28, tzinfo=UTC)
        return tuple(ago(now + timedelta(days=days), now) for days in (-700, 700))
    if times == "minutes" or room == "day":
        return ()
    return tuple(f"{day(date(2028, month, 28))} 00:00:00" for month in range(1, 13))


def minute(at: datetime, zone: tzinfo) -> str:
    """22 Nov 2026 14:02 as a field shows it; with the second where it is not a whole minute."""
    local = at.astimezone(zone)
    return f"{day(at, zone)} {local:%H:%M:%S}" if local.second else f"{day(at, zone)} {local:%H:%M}"


def day_and_minute(local: datetime) -> str:
    """22 Nov 2026 14:02, of an instant that is in its zone already."""
    return f"{day(local.date())} {local:%H:%M}"


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


def month(year: int, number: int) -> str:
    """Nov 2026."""
    return _of_year(year, number, short_month(number))


def full_month(year: int, number: int) -> str:
    """November 2026."""
    return _of_year(year, number, month_name(number))


def short_month(number: int) -> str:
    """Nov."""
    return _in_force[0].months[number - 1]


def month_name(number: int) -> str:
    """November."""
    return _in_force[0].full_months[number - 1]


def _of_year(year: int, number: int, name: str) -> str:
    return _in_force[0].month.format(month=name, number=number, year=year)
