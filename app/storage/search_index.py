"""Keeping what search looks through: the texts of users, and indexes of their words and letters.

Whoever puts one user on record or corrects one calls ``index_user``; whoever brings many calls
``index_new`` once, at the end. ``rebuild`` makes all of it anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from app.domain.fragments import grams, searchable, terms
from app.domain.sentences import Said, said
from app.storage.engine import Session

_ROWS = 2_000
_ANEW = 4
"""More new users than one in so many on record: making the index anew is the quicker way."""
_BYTES = 524_288
"""What the index keeps in memory before it writes: what lies near the processor is quickest."""
_INDEXES = ("search_fragment", "search_word")
_FIELDS = "id, email, name, user_id, referral_code"


def index_user(session: Session, user: int) -> None:
    """Make a new or corrected user findable."""
    old = session.value("SELECT text FROM search_text WHERE user = ?", (user,))
    if old is not None:
        _forget(session, user, old)
    row = session.one(f"SELECT {_FIELDS} FROM user WHERE id = ?", (user,))
    _add(session, [(user, searchable(row[1:]))])


def _forget(session: Session, user: int, text: str) -> None:
    for index in _INDEXES:
        session.run(
            f"INSERT INTO {index} ({index}, rowid, text) VALUES ('delete', ?, ?)", (user, text)
        )
    session.run("DELETE FROM search_text WHERE user = ?", (user,))


def index_new(session: Session) -> None:
    """Make everybody findable who came on record after the last who is."""
    last = session.value("SELECT coalesce(max(user), 0) FROM search_text")
    came = session.value("SELECT count(*) FROM user WHERE id > ?", (last,))
    known = session.value("SELECT count(*) FROM search_text")
    if came * _ANEW > known:
        rebuild(session)
        return
    texts = _texts(session.run(f"SELECT {_FIELDS} FROM user WHERE id > ? ORDER BY id", (last,)))
    while chunk := list(islice(texts, _ROWS)):
        _add(session, chunk)


def _add(session: Session, texts: Sequence[tuple[int, str]]) -> None:
    session.run_many("INSERT INTO search_text (user, text) VALUES (?, ?)", texts)
    for index in _INDEXES:
        session.run_many(f"INSERT INTO {index} (rowid, text) VALUES (?, ?)", texts)
    found = {gram for _, text in texts for gram in grams(text)}
    session.run_many(
        "INSERT OR IGNORE INTO search_gram (gram, users) VALUES (?, 1)",
        ((gram,) for gram in sorted(found)),
    )


def _texts(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, str]]:
    for row in rows:
        yield row[0], searchable(row[1:])


# All of it anew ---------------------------------------------------------------------------------

_AT_ONCE = {"automerge": 0, "crisismerge": 1_999, "hashsize": _BYTES}
_USUALLY = {"automerge": 4, "crisismerge": 16}


def rebuild(session: Session) -> None:
    """Make all of it anew from the users on record.

    Everything is put down in its own order, and each index merged once, at the end.
    """
    for index in _INDEXES:
        _tell(session, index, "delete-all")
    for table in ("search_text", "search_gram"):
        session.run(f"DELETE FROM {table}")
    rows = session.run(f"SELECT {_FIELDS} FROM user ORDER BY id")
    session.run_many("INSERT INTO search_text (user, text) VALUES (?, ?)", _texts(rows))
    for index in _INDEXES:
        _set(session, index, _AT_ONCE)
        _tell(session, index, "rebuild")
        _tell(session, index, "optimize")
        _set(session, index, _USUALLY)
    session.run("INSERT INTO search_gram (gram, users) SELECT term, doc FROM search_vocabulary")


def _set(session: Session, index: str, options: Mapping[str, int]) -> None:
    for option, value in options.items():
        _tell(session, index, option, value)


def _tell(session: Session, index: str, command: str, value: int | None = None) -> None:
    session.run(f"INSERT INTO {index} ({index}, rank) VALUES (?, ?)", (command, value))


def unlike(session: Session) -> Iterator[Said]:
    """What of this is not what the users on record say: whose, and which part."""
    for number, kept, *fields in session.run(
        "SELECT u.id, s.text, u.email, u.name, u.user_id, u.referral_code FROM user u"
        " LEFT JOIN search_text s ON s.user = u.id"
    ):
        if kept != searchable(fields):
            yield said("user number {number}, text", number=number)
    for user, text, kept in session.run(
        "WITH counted AS MATERIALIZED (SELECT doc, count(*) AS kept FROM search_words GROUP BY 1)"
        " SELECT s.user, s.text, coalesce(c.kept, 0) FROM search_text s"
        " LEFT JOIN counted c ON c.doc = s.user"
    ):
        if len(terms(text)) != kept:
            yield said("user number {number}, words", number=user)
    for (gram,) in session.run(
        "SELECT term FROM search_vocabulary EXCEPT SELECT gram FROM search_gram"
    ):
        yield said("three letters “{letters}”", letters=gram)
