"""Reading many instants quickly: files hold millions, in few minutes and fewer endings."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from app.domain.calendar import parse_instant, to_ms

_USUAL = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?P<rest>:\d\d(?:\.\d{1,6})?(?P<offset>Z|[+-]\d\d:\d\d)?)"
)
_MINUTE = len("2026-01-31T12:00")
_MOST_KEPT = 2_000_000


class InstantReader:
    """Reads ISO 8601 texts as milliseconds, exactly as ``parse_instant`` does (rules, section 1).

    A text is taken apart into its minute and the rest; what each means is kept, so that most texts
    cost two looks into a dictionary. ``zone`` is where texts without an offset are read.
    """

    def __init__(self, what: str, zone: ZoneInfo | None = None) -> None:
        self._what = what
        self._zone = zone
        self._minutes: dict[str, int] = {}
        self._local_minutes: dict[str, int] = {}
        self._rests: dict[str, tuple[bool, int]] = {}

    def read(self, text: str) -> int:
        """The instant in milliseconds. Raises ``InvalidInstant`` that names the text."""
        rest = self._rests.get(text[_MINUTE:])
        if rest is not None:
            local, milliseconds = rest
            minutes = self._local_minutes if local else self._minutes
            minute = minutes.get(text[:_MINUTE])
            if minute is not None:
                return minute + milliseconds
        return self._read_anew(text)

    def _read_anew(self, text: str) -> int:
        moment = to_ms(parse_instant(text, self._what, self._zone))
        usual = _USUAL.fullmatch(text)
        if usual is not None and text.isascii():
            self._keep(text[:_MINUTE], usual["rest"], local=usual["offset"] is None)
        return moment

    def _keep(self, minute: str, rest: str, *, local: bool) -> None:
        minutes = self._local_minutes if local else self._minutes
        if len(minutes) + len(self._rests) > _MOST_KEPT:
            minutes.clear()
            self._rests.clear()
        # Where the text has no offset, the zone's own moves by whole minutes, so the rest of the
        # text means the same after every minute.
        ending = "" if local else "Z"
        minutes[minute] = to_ms(parse_instant(f"{minute}:00{ending}", self._what, self._zone))
        some_minute = "2020-06-15T12:00"
        start = to_ms(parse_instant(f"{some_minute}:00{ending}", self._what, self._zone))
        moment = to_ms(parse_instant(f"{some_minute}{rest}", self._what, self._zone))
        self._rests[rest] = (local, moment - start)
