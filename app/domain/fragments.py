"""How users are found by what somebody types: letters without case or accents, words in any order.

A user matches when every word typed is a fragment of their mail address, name, id or referral code.
Best are those where every word typed begins a word; of one word typed, in the order of the words it
begins, else in the order in which users came on record.

The searchable text of a user is their folded words, each once, with a gap before and after each:
so that three letters in a row say of every letter what follows it, and whether it begins a word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

GAP = "  "
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "ŧ": "t",
    }
)
"""Letters that Unicode does not take apart, as people without them on the keyboard type them."""


def folded(text: str) -> str:
    """``text`` without case, accents and control characters; white space becomes one space."""
    if text.isascii():
        quickly = " ".join(text.lower().split())
        if quickly.isprintable():
            return quickly
    apart = unicodedata.normalize("NFKD", text).casefold()
    apart = unicodedata.normalize("NFKD", apart)
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    seen = "".join(c for c in bare if unicodedata.category(c) not in {"Cc", "Cf"} or c.isspace())
    return " ".join(seen.translate(_LETTERS).split())


def searchable(fields: Iterable[str | None]) -> str:
    """The searchable text of a user with these fields."""
    found = folded("\n".join(field for field in fields if field)).split(" ")
    return GAP + GAP.join(dict.fromkeys(found)) + GAP


def terms(text: str) -> set[str]:
    """The words of a searchable text."""
    return set(text.split())


@lru_cache(maxsize=256)
def words(typed: str) -> tuple[str, ...]:
    """The folded words that somebody typed, each once."""
    return tuple(dict.fromkeys(folded(typed).split()))


def grams(text: str) -> list[str]:
    """Every three letters in a row."""
    return [text[start : start + 3] for start in range(len(text) - 2)]


def beginning(word: str) -> str:
    """What a searchable text contains in which ``word`` begins a word."""
    return GAP + word


def matches(text: str, asked: Sequence[str]) -> bool:
    """Whether a searchable text has every word asked for as a fragment."""
    return all(word in text for word in asked)


def begins(text: str, asked: Sequence[str]) -> bool:
    """Whether every word asked for begins a word of a searchable text."""
    return all(beginning(word) in text for word in asked)


def marked(shown: str, typed: str) -> list[tuple[int, int]]:
    """The spans (from, to) of ``shown`` that the words typed match, in order, without overlap."""
    line, places = _folded_letters(shown)
    hit: set[int] = set()
    for word in words(typed):
        start = line.find(word)
        while start >= 0:
            hit.update(places[start : start + len(word)])
            start = line.find(word, start + 1)
    return _spans(sorted(hit))


def _folded_letters(shown: str) -> tuple[str, Sequence[int]]:
    """A text folded letter by letter, and of each letter of that the place it came from."""
    if shown.isascii() and shown.isprintable():
        return shown.lower(), range(len(shown))
    letters = [(fold, at) for at, letter in enumerate(shown) for fold in _folded_letter(letter)]
    return "".join(fold for fold, _ in letters), [at for _, at in letters]


@lru_cache(maxsize=4_096)
def _folded_letter(letter: str) -> str:
    return folded(letter) or " "


def _spans(places: Sequence[int]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for place in places:
        if spans and spans[-1][1] == place:
            spans[-1] = (spans[-1][0], place + 1)
        else:
            spans.append((place, place + 1))
    return spans
