"""Reading JSON strictly: each value knows its place, and says what is wrong in a sentence."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass

from app.domain.calendar import MONTH_END, parse_validity
from app.domain.errors import InvalidValue, PriceListInvalid
from app.domain.sentences import said

MOST_DIGITS = 15
MOST_KEY = 60
MOST_SHOWN = 60
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_REFUSED_CHARACTERS = {"Cc", "Cs", "Zl", "Zp"}


class _Object(dict[str, object]):
    """A JSON object that remembers the first key it names twice."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.named_twice: str | None = None
        if len(self) < len(pairs):
            keys = [key for key, _ in pairs]
            self.named_twice = next(key for key in keys if keys.count(key) > 1)


@dataclass(frozen=True, slots=True)
class _NoWhole:
    """A number that is not a whole one we could use, as the file writes it: 1.5, NaN, 10^400."""

    written: str


@dataclass(frozen=True, slots=True)
class Place:
    """A value of a JSON document and where it stands, like ``features[3].credits``.

    Each method returns the value as what it should be, or raises ``PriceListInvalid``.
    """

    value: object
    path: str = ""

    def invalid(self, wanted: str) -> PriceListInvalid:
        """The error that this value is not what is ``wanted``."""
        sentence = said(
            "{name} is {shown}, not {wanted}.",
            name=self._name,
            shown=shown(self.value),
            wanted=wanted,
        )
        return PriceListInvalid(sentence, place=self.path, value=shown(self.value))

    def members(self, *keys: str) -> dict[str, Place]:
        """The members of an object that has exactly these keys, each once."""
        if not isinstance(self.value, _Object):
            raise self.invalid(said("an object"))
        if self.value.named_twice is not None:
            place = self._member(self.value.named_twice)
            raise PriceListInvalid(said("{place} is there twice.", place=place), place=place)
        for key in self.value:
            if key not in keys:
                place = self._member(key)
                sentence = said(
                    "{place} is not known; the keys here are {known}.",
                    place=place,
                    known=", ".join(keys),
                )
                raise PriceListInvalid(sentence, place=place)
        for key in keys:
            if key not in self.value:
                place = self._member(key)
                raise PriceListInvalid(said("{place} is missing.", place=place), place=place)
        return {key: Place(self.value[key], self._below(key)) for key in keys}

    def items(self, *, least: int = 0, most: int) -> list[Place]:
        """The items of a list that has ``least`` to ``most`` of them."""
        if not isinstance(self.value, list):
            raise self.invalid(said("a list"))
        count = len(self.value)
        if not least <= count <= most:
            sentence = said(
                "{name} has {count} entries, not {least} to {most}.",
                name=self._name,
                count=f"{count:,}",
                least=least,
                most=most,
            )
            raise PriceListInvalid(sentence, place=self.path, value=count)
        return [Place(item, f"{self.path}[{i}]") for i, item in enumerate(self.value)]

    def whole(self, least: int, most: int, what: str) -> int:
        """A whole number from ``least`` to ``most``; true and false are none."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.invalid(
                said(
                    "a whole number; {what} is one from {least} to {most}",
                    what=what,
                    least=least,
                    most=f"{most:,}",
                )
            )
        if not least <= self.value <= most:
            raise self.invalid(
                said(
                    "a whole number from {least} to {most}, as {what} is",
                    least=least,
                    most=f"{most:,}",
                    what=what,
                )
            )
        return self.value

    def flag(self) -> bool:
        """``true`` or ``false``."""
        if not isinstance(self.value, bool):
            raise self.invalid(said("true or false"))
        return self.value

    def text(self, *, most: int, may_be_empty: bool = False, lines: bool = False) -> str:
        """A text of at most ``most`` characters, without spaces around it or control characters.

        Line breaks are allowed with ``lines``.
        """
        if not isinstance(self.value, str):
            raise self.invalid(said("a text"))
        if not self.value and not may_be_empty:
            raise self._refused(said("{name} is empty.", name=self._name))
        if len(self.value) > most:
            sentence = said(
                "{name} has {count:,} characters; {most:,} at most.",
                name=self._name,
                count=len(self.value),
                most=most,
            )
            raise self._refused(sentence)
        told = {"name": self._name, "shown": shown(self.value)}
        if self.value != self.value.strip():
            raise self._refused(said("{name} is {shown}, with blanks around it.", **told))
        checked = self.value.replace("\n", "") if lines else self.value
        if any(unicodedata.category(character) in _REFUSED_CHARACTERS for character in checked):
            raise self._refused(
                said("{name} is {shown}, with a character that cannot be shown.", **told)
            )
        return self.value

    def key(self) -> str:
        """A key: small letters, digits and underscores, a letter first."""
        key = self.text(most=MOST_KEY)
        if not _KEY.fullmatch(key):
            raise self.invalid(
                said("a key of small letters, digits and underscores, a letter first")
            )
        return key

    def validity(self, *, years: int = 10, days: int = 3_650) -> str:
        """``P1Y``, ``P30D`` (at most so many years or days) or ``month_end``."""
        text = self.text(most=MOST_KEY)
        wanted = said(
            "{month_end} or like P1Y or P30D, up to P{years}Y or P{days}D",
            month_end=MONTH_END,
            years=years,
            days=days,
        )
        try:
            long = text != MONTH_END and _longer(parse_validity(text), years, days)
        except InvalidValue as error:
            raise self.invalid(wanted) from error
        if long:
            raise self.invalid(wanted)
        return text

    @property
    def _name(self) -> str:
        return self.path or said("The price list")

    def _below(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _member(self, key: str) -> str:
        return self._below(_cut(_printable(key)))

    def _refused(self, sentence: str) -> PriceListInvalid:
        return PriceListInvalid(sentence, place=self.path, value=shown(self.value))


def read_json(content: bytes | str, *, most_bytes: int) -> Place:
    """The document as a ``Place``; ``PriceListInvalid`` where it is not JSON in UTF-8 or too big.

    A floating number, NaN, Infinity or a number of too many digits is kept as it is written, so
    that whoever expects a whole number there can name it.
    """
    if len(content) > most_bytes:
        sentence = said(
            "The price list has more than {most_bytes} bytes, the most it may have.",
            most_bytes=f"{most_bytes:,}",
        )
        raise PriceListInvalid(sentence, most_bytes=most_bytes)
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        value = json.loads(
            text,
            object_pairs_hook=_Object,
            parse_int=_whole,
            parse_float=_NoWhole,
            parse_constant=_NoWhole,
        )
    except UnicodeDecodeError as error:
        sentence = said(
            "The price list is not a text in UTF-8: byte {start} is not.", start=f"{error.start:,}"
        )
        raise PriceListInvalid(sentence, value=error.start) from error
    except json.JSONDecodeError as error:
        sentence = said(
            "The price list is not JSON: {problem}, line {line}, column {column}.",
            problem=error.msg,
            line=error.lineno,
            column=error.colno,
        )
        raise PriceListInvalid(sentence) from error
    except RecursionError as error:
        message = said("The price list is nested too deeply to be one.")
        raise PriceListInvalid(message) from error
    return Place(value)


def shown(value: object) -> str:
    """A value as a sentence may show it: as JSON writes it, and cut where it is long."""
    if isinstance(value, _NoWhole):
        return _cut(value.written)
    if isinstance(value, dict | list):
        return _held(len(value), an_object=isinstance(value, dict))
    if isinstance(value, str):
        return f"“{_cut(_printable(value))}”"
    return _cut(json.dumps(value))


def _held(count: int, *, an_object: bool) -> str:
    if an_object:
        return said("an object of {count:,}", count=count) if count else said("an object of none")
    return said("a list of {count:,}", count=count) if count else said("a list of none")


def _whole(digits: str) -> object:
    return int(digits) if len(digits) <= MOST_DIGITS else _NoWhole(digits)


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[: 2 * MOST_SHOWN])


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


def _longer(validity: tuple[int, int], years: int, days: int) -> bool:
    return validity[0] > years or validity[1] > days
