"""Reading many instants quickly: files hold millions, of few days and minutes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from app.domain.calendar import parse_instant, to_ms
from app.domain.errors import InvalidInstant

_USUAL = re.compile(
    r"\d{4}-\d\d-\d\d[T ](?P<hour>\d\d):(?P<minute>\d\d)"
    r"(?P<rest>:\d\d(?:\.\d{1,6})?(?P<offset>Z|[+-]\d\d:\d\d)?)",
    re.ASCII,
)
_DAY = len("2026-01-31")
_MINUTE = len("2026-01-31T12:00")
_SOME_MINUTE = "2020-06-15T12:00"
_MOST_KEPT = 1_000_000


class InstantReader:
    """Reads ISO 8601 texts as milliseconds, exactly as ``parse_instant`` does (rules, section 1).

    A text is taken apart into its day, its minute and the rest; what each means is kept, so that
    most texts cost three looks into dictionaries. ``zone`` is where texts without an offset are
    read: there a day has hours of its own, so day and minute are kept together.
    """

    def __init__(self, what: str, zone: ZoneInfo | None = None) -> None:
        self._what = what
        self._zone = zone
        self._days: dict[str, int] = {}
        self._minutes: dict[str, int] = {}
        self._rests: dict[str, int] = {}
        self._local_minutes: dict[str, int] = {}
        self._local_rests: dict[str, int] = {}

    def read(self, text: str) -> int:
        """The instant in milliseconds. Raises ``InvalidInstant`` that names the text."""
        rest = self._rests.get(text[_MINUTE:])
        if rest is None:
            return self._read_local(text)
        day, minute = self._days.get(text[:_DAY]), self._minutes.get(text[_DAY:_MINUTE])
        if day is None or minute is None:
            return self._read_anew(text)
        return day + minute + rest

    def read_all(self, texts: Iterable[str]) -> list[int]:
        """The instants of many texts; -1 for those that ``read`` refuses."""
        days, minutes, rests = self._days, self._minutes, self._rests
        found = []
        for text in texts:
            day, minute = days.get(text[:_DAY]), minutes.get(text[_DAY:_MINUTE])
            rest = rests.get(text[_MINUTE:])
            if day is None or minute is None or rest is None:
                found.append(self._or_refused(text))
            else:
                found.append(day + minute + rest)
        return found

    def _or_refused(self, text: str) -> int:
        try:
            return self.read(text)
        except InvalidInstant:
            return -1

    def _read_local(self, text: str) -> int:
        rest = self._local_rests.get(text[_MINUTE:])
        minute = self._local_minutes.get(text[:_MINUTE])
        return self._read_anew(text) if rest is None or minute is None else minute + rest

    def _read_anew(self, text: str) -> int:
        moment = self._parse(text)
        usual = _USUAL.fullmatch(text)
        if usual is None:
            return moment
        if len(self._rests) + len(self._local_minutes) + len(self._local_rests) > _MOST_KEPT:
            for kept in (self._rests, self._local_minutes, self._local_rests):
                kept.clear()
        rest = usual["rest"]
        if usual["offset"] is None:
            # The zone's offset changes at whole minutes, so the rest means the same after each.
            self._local_minutes[text[:_MINUTE]] = self._parse(f"{text[:_MINUTE]}:00")
            start = self._parse(f"{_SOME_MINUTE}:00")
            self._local_rests[rest] = self._parse(_SOME_MINUTE + rest) - start
        else:
            self._days[text[:_DAY]] = self._parse(f"{text[:_DAY]}T00:00:00Z")
            minutes = int(usual["hour"]) * 60 + int(usual["minute"])
            self._minutes[text[_DAY:_MINUTE]] = minutes * 60_000
            start = self._parse(f"{_SOME_MINUTE}:00Z")
            self._rests[rest] = self._parse(_SOME_MINUTE + rest) - start
        return moment

    def _parse(self, text: str) -> int:
        return to_ms(parse_instant(text, self._what, self._zone))
