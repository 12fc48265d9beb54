"""A complaint as a diagnosis reads it: amounts, days, features, plans and people it names.

Days are those of the billing zone; a day without a year is the latest one before the complaint.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from app.domain.calendar import AHEAD_OF_CLOCK, BillingCalendar, Month
from app.domain.diagnosis_record import Window
from app.domain.diagnosis_words import category_scores, tokens
from app.domain.findings import Complaint

LOOKED_BACK = timedelta(days=45)
"""How far before a complaint its causes are looked for, unless it names an earlier day."""
MOST_READ = 4_000
"""How many characters of a message are read."""
MOST_NAMES = 8
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_ADDRESS = re.compile(r"[^\s<>,;:()\"“”]+@[^\s<>,;:()\"“”]+\.[a-z]{2,}", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w@.-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z][\w-]{3,39}(?![\w@])")
_CODE = re.compile(r"\bcode:?\s+(?:is\s+)?[“\"']?([A-Za-z0-9_-]{3,40})", re.IGNORECASE)
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_YEAR = r"(?:,?\s+(20\d\d))?"
_ISO = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")
_DOTTED = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(20\d\d)\b")
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}{_YEAR}\b", re.IGNORECASE
)
_MONTH_DAY = re.compile(rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?{_YEAR}\b", re.IGNORECASE)
_MONTH_ONLY = re.compile(
    rf"\b(?:in|since|for|during|of|my|the|all)\s+{_MONTH}{_YEAR}\b"
    rf"|\b(january|february|april|june|july|august|september|october|november|december){_YEAR}\b",
    re.IGNORECASE,
)
_DAYS_AGO = re.compile(
    r"\b(\d{1,3}|a|two|three|four|five|six)\s+(day|week)s?\s+ago\b", re.IGNORECASE
)
_SLASHED = re.compile(r"\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b|\b\d{1,2}:\d\d(?::\d\d)?\b")
_AMOUNT = re.compile(r"(?<![\w.@/-])(\d{1,3}(?:[,.]\d{3})+|\d{1,7})(?![\w:/]|\s?%|[.,]\d|-\w)")
_COUNTS = {"a": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_PLAN = re.compile(
    r"\b(?:to|for|on|bought|got|have|the|went|a|an|im|my|am|is)\s+(?:the\s+)?(pro|plus)\b"
    r"|\b(pro|plus)\s+(?:plan|user|member|subscri\w+|account|customer)"
)
_IN_FEATURES = re.compile(r"\b(?:banana|qwen(?: image)?(?: 2 0)?)\s+pro\b")
_USUAL_WORDS = frozenset(
    "ai image images photo generator to text of the and a credits change plus pro".split()
)
_NO_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message names. ``scores`` say how strongly its words speak for each category.

    ``days`` are the stretches of time it names, ``features`` the keys that its words fit,
    ``people`` the addresses, ids and codes in it.
    """

    scores: Mapping[str, int]
    amounts: frozenset[int]
    days: tuple[Window, ...]
    features: frozenset[str]
    plans: frozenset[str]
    people: tuple[str, ...]

    def names_day(self, instant: datetime) -> bool:
        """Whether the message names the day (or month) of the instant."""
        return any(day.holds(instant) for day in self.days)


def read(complaint: Complaint, calendar: BillingCalendar, names: Mapping[str, str]) -> Reading:
    """What a complaint names; ``names`` are the features' by key."""
    text = complaint.message[:MOST_READ]
    people = tuple(_people(text, complaint))
    rest = _ADDRESS.sub(" ", text)
    days, without_days = _days(rest, complaint.opened_at, calendar)
    amounts = set(_amounts(_SLASHED.sub(" ", without_days)))
    if complaint.credits is not None:
        amounts.add(complaint.credits)
    words = tokens(rest)
    return Reading(
        scores=category_scores(rest),
        amounts=frozenset(amounts),
        days=days,
        features=_features(words, names),
        plans=_plans(words),
        people=people,
    )


def window_of(complaint: Complaint, reading: Reading) -> Window:
    """The time in which a complaint's causes are looked for.

    The 45 days before it, from the earliest day it names where that is longer ago; where all days
    it names are, only those and a day on either side.
    """
    until = complaint.opened_at + AHEAD_OF_CLOCK
    since = complaint.opened_at - LOOKED_BACK
    if not reading.days:
        return Window(since, until)
    day = timedelta(days=1)
    first = min(span.since for span in reading.days) - day
    last = max(span.until for span in reading.days) + day
    return Window(first, last) if last < since else Window(min(since, first), until)


def _people(text: str, complaint: Complaint) -> list[str]:
    found = [match[0].rstrip(".!?") for match in _ADDRESS.finditer(text)]
    rest = _ADDRESS.sub(" ", text)
    found += [match[0] for match in _NAME.finditer(rest)] + _CODE.findall(rest)
    return [name for name in dict.fromkeys(found) if name != complaint.ticket][:MOST_NAMES]


def _amounts(text: str) -> Iterator[int]:
    for match in _AMOUNT.finditer(text):
        number = int(re.sub(r"[,.]", "", match[1]))
        bare_year = _NO_YEAR <= number < _NO_YEAR + 200 and match[1].isdigit()
        if number and not (bare_year and not text[match.end() :].lstrip().startswith("cred")):
            yield number


def _plans(words: Iterable[str]) -> frozenset[str]:
    text = _IN_FEATURES.sub(" ", " ".join(words))
    return frozenset(one or other for one, other in _PLAN.findall(text))


def _pairs(words: Sequence[str]) -> Iterator[str]:
    """Each two words that follow one another, usual ones aside: “banana 2”."""
    telling = [word for word in words if word == "pro" or word not in _USUAL_WORDS]
    return (f"{one} {other}" for one, other in pairwise(telling))


def _features(words: Sequence[str], names: Mapping[str, str]) -> frozenset[str]:
    """The features that the most of the message's telling words fit; several may fit as well."""
    said = set(words) | set(_pairs(words))
    fits: dict[str, int] = {}
    for key, name in names.items():
        named = tokens(name)
        own = (set(named) | set(key.split("_"))) - _USUAL_WORDS | set(_pairs(named))
        telling = {word for word in own & said if not word.isdigit()}
        if telling & {"banana", "qwen"} and "pro" in said and "pro" in named:
            telling.add("pro")
        if telling:
            fits[key] = len(telling)
    best = max(fits.values(), default=0)
    return frozenset(key for key, count in fits.items() if count == best)


# Days -------------------------------------------------------------------------------------------


def _days(
    text: str, opened_at: datetime, calendar: BillingCalendar
) -> tuple[tuple[Window, ...], str]:
    """The stretches of time that a text names, and the text without its dates."""
    today = calendar.today(opened_at)
    found: list[tuple[date, date]] = []
    for pattern, reader in _DATES:
        found += [span for match in pattern.finditer(text) if (span := reader(match, today))]
        text = pattern.sub(" ", text)
    found += _told_days(f" {' '.join(tokens(text))} ", today)
    return tuple(_span(first, last, calendar) for first, last in dict.fromkeys(found)), text


def _span(first: date, last: date, calendar: BillingCalendar) -> Window:
    after = last + timedelta(days=1)
    return Window(
        calendar.at_local(first.year, first.month, first.day),
        calendar.at_local(after.year, after.month, after.day),
    )


def _told_days(text: str, today: date) -> Iterator[tuple[date, date]]:
    """The days that words name: yesterday, last week, on Monday."""
    day = timedelta(days=1)
    for words, back, length in _TOLD:
        if any(f" {word} " in text for word in words.split("|")):
            yield today - back * day, today - (back - length + 1) * day
    for number, name in enumerate(_WEEKDAYS):
        if f" {name} " in text:
            that = today - ((today.weekday() - number) % 7) * day
            yield that, that
    month = Month(today.year, today.month)
    if " last month " in text:
        yield _whole(month.previous)
    if " this month " in text:
        yield _whole(month)


_TOLD = (
    ("today|this morning|tonight|just now|this afternoon|this evening", 0, 1),
    ("yesterday|last night|yesturday|yesterdy|ysterday", 1, 1),
    ("last week", 14, 14),
    ("this week", 7, 8),
)
"""Words, how many days back they begin, and how many days they last."""


def _whole(month: Month) -> tuple[date, date]:
    following = month.next
    last = date(following.year, following.month, 1) - timedelta(days=1)
    return date(month.year, month.month, 1), last


def _ago(match: re.Match[str], today: date) -> tuple[date, date]:
    count = _COUNTS.get(match[1].lower()) or int(match[1])
    that = today - timedelta(days=count * (7 if match[2].lower() == "week" else 1))
    return that, that


def _one(year: str | None, month: int, day: str, today: date) -> tuple[date, date] | None:
    try:
        if year:
            that = date(int(year), month, int(day))
        else:
            that = date(today.year, month, int(day))
            that = that if that <= today else date(today.year - 1, month, int(day))
    except ValueError:
        return None
    return that, that


def _number(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _month_named(match: re.Match[str], today: date) -> tuple[date, date]:
    number = _number(match[1] or match[3])
    year = match[2] or match[4]
    that = Month(int(year) if year else today.year, number)
    if not year and that > Month(today.year, today.month):
        that = Month(today.year - 1, number)
    return _whole(that)


_DATES = (
    (_ISO, lambda m, today: _one(m[1], int(m[2]), m[3], today)),
    (_DOTTED, lambda m, today: _one(m[3], int(m[2]), m[1], today)),
    (_DAY_MONTH, lambda m, today: _one(m[3], _number(m[2]), m[1], today)),
    (_MONTH_DAY, lambda m, today: _one(m[3], _number(m[1]), m[2], today)),
    (_DAYS_AGO, _ago),
    (_MONTH_ONLY, _month_named),
)
"""What a written day looks like, and how it is read, given today."""
