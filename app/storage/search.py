"""Finding users by any fragment, exactly and at once.

First come those of whom every word typed begins a word: for one word from the sorted index of
words. Then those who have them elsewhere. The index of three letters in a row is asked for the
rarest letters that the answers must have; the texts that it names are looked at in the order in
which users came on record, and no more of them than are wanted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from app.domain.fragments import GAP, beginning, grams, words
from app.storage.engine import Session

_LETTERS = 3
_LAST = "\U0010ffff"
_MOST_GROUP = 64
"""Of how many threes, at most, the index is asked for a word that is shorter than three letters."""
_LOOK = 40
"""What looking at one text costs, in entries of the index read past."""
_TEXTS = "search_text s"
_INDEXED = (
    "search_fragment f CROSS JOIN search_text s ON s.user = f.rowid AND f.search_fragment MATCH ?"
)


def find(session: Session, typed: str, limit: int, offset: int = 0) -> list[int]:
    """The numbers of users that match ``typed``, best first; a ``limit`` of -1 gives all."""
    until = None if limit < 0 else offset + limit
    return list(islice(found(session, typed), offset, until))


def found(session: Session, typed: str) -> Iterator[int]:
    """The numbers of users that match ``typed``, best first; each is looked for when wanted."""
    asked = words(typed)
    if not asked:
        for (user,) in session.run("SELECT id FROM user ORDER BY name COLLATE NOCASE, id"):
            yield user
        return
    begun = [beginning(word) for word in asked]
    yield from _first(session, asked[0]) if len(asked) == 1 else _matching(session, begun)
    yield from _matching(session, asked, begun)


def _first(session: Session, word: str) -> Iterator[int]:
    """The users of whom it begins a word, in the order of the words it begins."""
    seen = set()
    # The index may still name words that a user no longer has: the text decides.
    for (user,) in session.run(
        "SELECT w.doc FROM search_words w CROSS JOIN search_text s ON s.user = w.doc"
        " WHERE w.term >= ?1 AND w.term <= ?2 AND instr(s.text, ?3 || w.term || ?3)",
        (word, word + _LAST, GAP),
    ):
        if user not in seen:
            seen.add(user)
            yield user


def having(session: Session, word: str) -> list[int]:
    """The numbers of users who have it as a whole word: an address, whatever its case."""
    asked = words(word)
    if len(asked) != 1:
        return []
    rows = session.run(
        "SELECT DISTINCT w.doc FROM search_words w CROSS JOIN search_text s ON s.user = w.doc"
        " WHERE w.term = ?1 AND instr(s.text, ?2 || w.term || ?2) ORDER BY w.doc",
        (asked[0], GAP),
    )
    return [row[0] for row in rows]


def count(session: Session, typed: str) -> int:
    """How many users match ``typed``."""
    asked = words(typed)
    if not asked:
        return int(session.value("SELECT count(*) FROM user"))
    source, values = _source(session, asked)
    return int(
        session.value(f"SELECT count(*) FROM {source} WHERE {_contains(asked)}", [*values, *asked])
    )


def _matching(session: Session, wanted: Sequence[str], before: Sequence[str] = ()) -> Iterator[int]:
    """The users whose text contains all that is ``wanted``, but not all that was ``before``."""
    source, values = _source(session, wanted)
    but_not = f" AND NOT ({_contains(before)})" if before else ""
    rows = session.run(
        f"SELECT s.user FROM {source} WHERE {_contains(wanted)}{but_not}",
        [*values, *wanted, *before],
    )
    for (user,) in rows:
        yield user


# What to ask the index -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sign:
    """Something the index can be asked for, which texts that contain ``part`` have."""

    users: int
    question: str
    part: str


def _source(session: Session, wanted: Sequence[str]) -> tuple[str, list[str]]:
    """Where to look for texts that contain all that is wanted, in the order of the users."""
    signs = [sign for part in wanted for sign in _signs(session, part)]
    chosen = _worth_asking(signs, max(_highest(session), 1))
    if not chosen:
        return _TEXTS, []
    return _INDEXED, [" AND ".join(sign.question for sign in chosen)]


def _worth_asking(signs: Sequence[_Sign], every: int) -> list[_Sign]:
    """The rarest, and of the others those that spare more looks at texts than they cost."""
    by_users = sorted(signs, key=lambda sign: sign.users)
    rarest = {sign.part: sign for sign in reversed(by_users)}.values()
    chosen: list[_Sign] = []
    left = float(every)
    for sign in [*sorted(rarest, key=lambda sign: sign.users), *by_users]:
        if sign in chosen:
            continue
        share = min(sign.users / every, 1.0)
        if any(sign.part == other.part for other in chosen):
            # Letters of one word come together: the second tells less than the first.
            share = max(share, 0.5)
        if not chosen or left * (1 - share) * _LOOK > sign.users:
            chosen.append(sign)
            left *= share
    return chosen


def _signs(session: Session, part: str) -> list[_Sign]:
    if len(part) < _LETTERS:
        return _signs_of_short(session, part)
    asked = list(dict.fromkeys(grams(part)))
    marks = ", ".join("?" for _ in asked)
    users = dict(
        session.run(
            f"SELECT gram, users FROM search_gram WHERE gram IN ({marks})", asked
        ).fetchall()
    )
    return [_Sign(users.get(gram, 0), _quoted(gram), part) for gram in asked]


def _signs_of_short(session: Session, part: str) -> list[_Sign]:
    """Any of the threes that begin with a part of one or two letters, where these are not many."""
    rows = session.run(
        "SELECT gram, users FROM search_gram WHERE gram >= ? AND gram < ? LIMIT ?",
        (part, part + _LAST, _MOST_GROUP + 1),
    ).fetchall()
    if len(rows) > _MOST_GROUP:
        return []
    question = " OR ".join(_quoted(gram) for gram, _ in rows) or _quoted(part)
    return [_Sign(sum(users for _, users in rows), f"({question})", part)]


def _highest(session: Session) -> int:
    return int(session.value("SELECT coalesce(max(user), 0) FROM search_text"))


def _contains(parts: Sequence[str]) -> str:
    return " AND ".join("instr(s.text, ?)" for _ in parts)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
