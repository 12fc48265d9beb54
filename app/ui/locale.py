"""Numbers and dates as they are written where the language is spoken, from what Qt knows of it."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QLocale

from app.ui import format as write
from app.ui import language

_SHORT = QLocale.FormatType.ShortFormat
_LONG = QLocale.FormatType.LongFormat
_BY_NUMBERS = ("{year}-{number:02}-{day:02}", "{number:02}-{day:02}", "{year}-{number:02}")
"""Where months have no names, a date is written so that it can be typed again as it stands."""

_PLACE: Final = re.compile(r"\{[^}]*\}")
_IN_QT: Final = {
    "{day}": "d",
    "{day:02}": "dd",
    "{month}": "MMM",
    "{number:02}": "MM",
    "{year}": "yyyy",
}


def speak() -> None:
    """Write numbers and dates as the language in force does; Qt's calendars and fields too."""
    code = language.in_force()
    if code in {language.ENGLISH, language.MADE_UP}:
        QLocale.setDefault(QLocale.c())
        return
    QLocale.setDefault(QLocale(code))
    write.put_in_force(locale_of(QLocale(code)))


def locale_of(qt: QLocale) -> write.Locale:
    """What Qt knows of a place, for whoever writes numbers and dates."""
    months = tuple(qt.standaloneMonthName(number, _SHORT) for number in range(1, 13))
    full = tuple(qt.standaloneMonthName(number, _LONG) for number in range(1, 13))
    named = all(name.strip(".").isalpha() for name in (*months, *full))
    day, short_day, month = _patterns(qt.dateFormat(_LONG)) if named else _BY_NUMBERS
    return write.Locale(qt.groupSeparator(), qt.decimalPoint(), day, short_day, month, months, full)


def instant_format() -> str:
    """How a field of Qt's shows a date and time, like everybody else here: d MMM yyyy HH:mm."""
    return f"{_PLACE.sub(lambda found: _IN_QT[found[0]], write.in_force().day)} HH:mm"


def _patterns(given: str) -> tuple[str, str, str]:
    """A day, a day of a known year, and a month, from Qt's long format of a date.

    ``dddd, d. MMMM yyyy`` is ``{day}. {month} {year}`` here: the names of days are left out, and so
    are words in quotes, which stand beside full names only.
    """
    plain = re.sub(r"'[^']*'|dddd|ddd", "", given)
    order = sorted("dMy", key=plain.find)
    day = "{day}." if re.search(r"d\.", plain) else "{day}"
    if order[0] == "M":
        return f"{{month}} {day}, {{year}}", f"{{month}} {day}", "{month} {year}"
    if order[0] == "y":
        return _BY_NUMBERS
    return f"{day} {{month}} {{year}}", f"{day} {{month}}", "{month} {year}"
