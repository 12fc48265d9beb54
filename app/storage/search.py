"""Finding users by any fragment, exactly and at once.

What begins a word comes from a sorted list of words. Other fragments are looked for in the texts of
the users who came first where they are frequent, which soon finds enough; and in the index of three
letters in a row where they are rare. Both give users in the order in which they came on record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from app.domain.fragments import LINE, grams, searchable, terms, words
from app.storage.engine import Session

_FIRST = 3_000
"""How many texts are looked through before the index is asked for something frequent."""
_FREQUENT = 150
"""One user in so many: then looking through the first texts finds a page of matches."""
_FEW = 1_000
"""Up to how many users of a word are taken at once to be put in order."""
_RAREST = 3
_OF_EACH = 2
_SAMPLE = 20_000
_LAST = "\U0010ffff"
_ROWS = 1_000
_NOTHING = "\x01\x01\x01"


@dataclass(frozen=True, slots=True)
class _Condition:
    """What a text must be like: SQL with its values, and what the index can be asked for it."""

    sql: str
    values: list[str]
    asked: Sequence[str]
    beginning: bool


def find(session: Session, typed: str, limit: int, offset: int = 0) -> list[int]:
    """The numbers of users that match ``typed``, best first; a ``limit`` of -1 gives all."""
    asked = words(typed)
    until = None if limit < 0 else offset + limit
    return list(islice(_found(session, asked), offset, until))


def count(session: Session, typed: str) -> int:
    """How many users match ``typed``."""
    asked = words(typed)
    if not asked:
        return int(session.value("SELECT count(*) FROM user"))
    where, values = _contains(asked)
    rare, _ = _rarest(session, _Condition(where, values, asked, beginning=False))
    if rare is None:
        return int(session.value(f"SELECT count(*) FROM search_text s WHERE {where}", values))
    return int(
        session.value(
            "SELECT count(*) FROM search_fragment f JOIN search_text s ON s.user = f.rowid"
            f" WHERE f.search_fragment MATCH ? AND {where}",
            [rare, *values],
        )
    )


def _found(session: Session, asked: Sequence[str]) -> Iterator[int]:
    if not asked:
        for (user,) in session.run("SELECT id FROM user ORDER BY name COLLATE NOCASE, id"):
            yield user
        return
    yield from _beginning(session, asked)
    contains, values = _contains(asked)
    begins, more = _begins(asked)
    sql = f"{contains} AND NOT ({begins})"
    yield from _in_order(session, _Condition(sql, [*values, *more], asked, beginning=False))


def _beginning(session: Session, asked: Sequence[str]) -> Iterator[int]:
    """The users of whom every word asked for begins a word."""
    if len(asked) == 1:
        seen = set()
        word = asked[0]
        for (user,) in session.run(
            "SELECT user FROM search_term WHERE term >= ? AND term < ? ORDER BY term, user",
            (word, word + _LAST),
        ):
            if user not in seen:
                seen.add(user)
                yield user
        return
    begins, values = _begins(asked)
    rarest = _few(session, asked)
    if rarest is None:
        yield from _in_order(session, _Condition(begins, values, asked, beginning=True))
        return
    for (user,) in session.run(
        "SELECT DISTINCT s.user FROM search_term t CROSS JOIN search_text s ON s.user = t.user"
        f" WHERE t.term >= ? AND t.term < ? AND {begins} ORDER BY s.user",
        [rarest, rarest + _LAST, *values],
    ):
        yield user


def _few(session: Session, asked: Sequence[str]) -> str | None:
    """The word that begins the fewest words on record, if those are few."""
    counted = {
        word: session.value(
            "SELECT count(*) FROM (SELECT 1 FROM search_term WHERE term >= ? AND term < ? LIMIT ?)",
            (word, word + _LAST, _FEW + 1),
        )
        for word in asked
    }
    rarest = min(asked, key=counted.__getitem__)
    return rarest if counted[rarest] <= _FEW else None


def _in_order(session: Session, wanted: _Condition) -> Iterator[int]:
    """The users whose text is as wanted, in the order in which they came on record."""
    rare, users = _rarest(session, wanted)
    after = 0
    if rare is None or users * _FREQUENT > _highest(session):
        last = session.value(
            "SELECT user FROM search_text ORDER BY user LIMIT 1 OFFSET ?", (_FIRST,)
        )
        after = last if last is not None else 2**62
        sql = f"SELECT user FROM search_text s WHERE user < ? AND {wanted.sql} ORDER BY user"
        for (user,) in session.run(sql, [after, *wanted.values]):
            yield user
        if last is None:
            return
    if rare is None:
        sql = f"SELECT user FROM search_text s WHERE user >= ? AND {wanted.sql} ORDER BY user"
        rows = session.run(sql, [after, *wanted.values])
    else:
        rows = session.run(
            "SELECT s.user FROM search_fragment f JOIN search_text s ON s.user = f.rowid"
            " WHERE f.search_fragment MATCH ? AND f.rowid >= ?"
            f" AND {wanted.sql} ORDER BY f.rowid",
            [rare, after, *wanted.values],
        )
    for (user,) in rows:
        yield user


def _highest(session: Session) -> int:
    return int(session.value("SELECT coalesce(max(user), 0) FROM search_text"))


def _rarest(session: Session, wanted: _Condition) -> tuple[str | None, float]:
    """What to ask the index for, and how many users that will be at most, roughly.

    The rarest three letters of a word, or of each of several; for a word of one or two letters all
    that begin with it. ``None`` where that would be so much that looking at every text is as quick.
    """
    long = [found for word in wanted.asked if (found := grams(word))]
    if not long and not wanted.beginning:
        return _short(session, max(wanted.asked, key=len))
    known = _known(session, {gram for found in long for gram in found})
    of_each = _RAREST if len(long) == 1 else _OF_EACH
    chosen = [
        gram
        for found in long
        for gram in sorted(set(found), key=lambda g: known.get(g, 0))[:of_each]
    ]
    asked = [_quoted(gram) for gram in dict.fromkeys(chosen)]
    if wanted.beginning:
        asked += [_start(word[:2]) for word in wanted.asked if len(word) > 1]
    every = max(_highest(session), 1)
    users = float(every)
    for found in long:
        users *= min(known.get(gram, 0) for gram in found) / every
    return " AND ".join(asked) or None, users


def _known(session: Session, asked: set[str]) -> dict[str, int]:
    marks = ", ".join("?" for _ in asked)
    sql = f"SELECT gram, users FROM search_gram WHERE gram IN ({marks})"
    return dict(session.run(sql, list(asked)).fetchall())


def _short(session: Session, word: str) -> tuple[str | None, float]:
    users = session.value(
        "SELECT coalesce(sum(users), 0) FROM search_gram WHERE gram >= ? AND gram < ?",
        (word, word + _LAST),
    )
    if users * _FREQUENT > _highest(session):
        # So frequent that the first texts nearly always suffice; the rest is looked through too.
        return None, users
    rows = session.run(
        "SELECT term FROM search_vocabulary WHERE term >= ? AND term < ? LIMIT ?",
        (word, word + _LAST, _ROWS + 1),
    ).fetchall()
    if len(rows) > _ROWS:
        return None, users
    return " OR ".join(_quoted(row[0]) for row in rows) or _quoted(_NOTHING), users


def _start(two: str) -> str:
    return f"({_quoted(' ' + two)} OR {_quoted(LINE + two)})"


def _contains(asked: Sequence[str]) -> tuple[str, list[str]]:
    return " AND ".join("instr(s.text, ?)" for _ in asked), list(asked)


def _begins(asked: Sequence[str]) -> tuple[str, list[str]]:
    sql = " AND ".join("(instr(s.text, ?) OR instr(s.text, ?))" for _ in asked)
    return sql, [mark + word for word in asked for mark in (LINE, " ")]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


# Keeping it up to date --------------------------------------------------------------------------


def index_user(session: Session, user: int) -> None:
    """Make a new or corrected user findable."""
    old = session.value("SELECT text FROM search_text WHERE user = ?", (user,))
    if old is not None:
        _forget(session, user, old)
    index_users(session, [user])


def _forget(session: Session, user: int, text: str) -> None:
    session.run(
        "INSERT INTO search_fragment (search_fragment, rowid, text) VALUES ('delete', ?, ?)",
        (user, text),
    )
    session.run_many(
        "DELETE FROM search_term WHERE term = ? AND user = ?", ((t, user) for t in terms(text))
    )
    session.run("DELETE FROM search_text WHERE user = ?", (user,))


def index_users(session: Session, users: Iterable[int]) -> None:
    """Make new users findable."""
    rows = (
        session.one("SELECT id, email, name, user_id, referral_code FROM user WHERE id = ?", (u,))
        for u in users
    )
    _add(session, rows)


def rebuild(session: Session) -> None:
    """Make all of it anew from the users on record."""
    session.run("INSERT INTO search_fragment (search_fragment) VALUES ('delete-all')")
    for table in ("search_term", "search_text"):
        session.run(f"DELETE FROM {table}")
    _add(
        session, session.run("SELECT id, email, name, user_id, referral_code FROM user").fetchall()
    )
    take_hints(session)


def _add(session: Session, rows: Iterable[tuple[int, str, str, str, str | None]]) -> None:
    rows = iter(rows)
    while chunk := [(row[0], searchable(row[1:])) for row in islice(rows, _ROWS)]:
        session.run_many("INSERT INTO search_text (user, text) VALUES (?, ?)", chunk)
        session.run_many("INSERT INTO search_fragment (rowid, text) VALUES (?, ?)", chunk)
        session.run_many(
            "INSERT INTO search_term (term, user) VALUES (?, ?)",
            sorted((term, user) for user, text in chunk for term in terms(text)),
        )


def take_hints(session: Session) -> None:
    """Count anew, over a sample, how many users have which three letters; after many came."""
    every = max(1, int(session.value("SELECT coalesce(max(user), 0) FROM search_text")) // _SAMPLE)
    texts = session.run(
        "WITH RECURSIVE place (user) AS (SELECT 1 UNION ALL SELECT user + ?1 FROM place"
        " WHERE user + ?1 <= (SELECT max(user) FROM search_text))"
        " SELECT text FROM place JOIN search_text USING (user)",
        (every,),
    )
    counted: Counter[str] = Counter()
    for (text,) in texts:
        counted.update({text[start : start + 3] for start in range(len(text) - 2)})
    session.run("DELETE FROM search_gram")
    session.run_many(
        "INSERT INTO search_gram (gram, users) VALUES (?, ?)",
        [(gram, number * every) for gram, number in sorted(counted.items()) if number > 1],
    )


def unlike(session: Session) -> Iterator[int]:
    """The numbers of users whose searchable text is missing or not what it should be."""
    for row in session.run(
        "SELECT u.id, s.text, u.email, u.name, u.user_id, u.referral_code FROM user u"
        " LEFT JOIN search_text s ON s.user = u.id"
    ):
        if row[1] != searchable(row[2:]):
            yield row[0]
