"""Finding users by any fragment, exactly and at once.

What begins a word comes from a sorted list of words. Other fragments are first looked for among the
users who came first, which suffices for anything frequent; then in the index of three letters in a
row, which is quick for anything rare. Both give users in the order in which they came on record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from app.domain.fragments import grams, searchable, terms, words
from app.storage.engine import Session

_FIRST = 3_000
"""How many users are looked through before the index is asked: about a millisecond."""
_FEW = 2_000
"""Up to how many users of a word are taken at once to be put in order."""
_RAREST = 3
_SAMPLE = 20_000
_LAST = "\U0010ffff"
_ROWS = 1_000


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
    gathered = _rarest(session, asked)
    if gathered is None:
        where, values = _contains(asked)
        return int(session.value(f"SELECT count(*) FROM search_text s WHERE {where}", values))
    where, values = _contains(asked)
    return int(
        session.value(
            "SELECT count(*) FROM search_fragment f JOIN search_text s ON s.user = f.rowid"
            f" WHERE f.search_fragment MATCH ? AND {where}",
            [gathered, *values],
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
    yield from _in_order(session, asked, f"{contains} AND NOT ({begins})", [*values, *more])


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
    few = _few(session, asked)
    if few is None:
        yield from _in_order(session, asked, begins, values)
        return
    for user in few:
        if session.one(f"SELECT 1 FROM search_text s WHERE user = ? AND {begins}", [user, *values]):
            yield user


def _few(session: Session, asked: Sequence[str]) -> list[int] | None:
    """The users with the rarest of the words' beginnings, if they are few."""
    best: list[int] | None = None
    for word in asked:
        rows = session.run(
            "SELECT user FROM search_term WHERE term >= ? AND term < ? LIMIT ?",
            (word, word + _LAST, _FEW + 1),
        ).fetchall()
        if len(rows) <= _FEW and (best is None or len(rows) < len(best)):
            best = [row[0] for row in rows]
    return None if best is None else sorted(set(best))


def _in_order(
    session: Session, asked: Sequence[str], where: str, values: Sequence[str]
) -> Iterator[int]:
    """The users whose text passes ``where``, in the order in which they came on record."""
    last = session.value("SELECT user FROM search_text ORDER BY user LIMIT 1 OFFSET ?", (_FIRST,))
    first = "" if last is None else " AND user < ?"
    bound = [] if last is None else [last]
    for (user,) in session.run(
        f"SELECT user FROM search_text s WHERE {where}{first} ORDER BY user", [*values, *bound]
    ):
        yield user
    if last is None:
        return
    gathered = _rarest(session, asked)
    if gathered is None:
        rest = f"SELECT user FROM search_text s WHERE user >= ? AND {where} ORDER BY user"
        rows = session.run(rest, [last, *values])
    else:
        rows = session.run(
            "SELECT s.user FROM search_fragment f JOIN search_text s ON s.user = f.rowid"
            f" WHERE f.search_fragment MATCH ? AND f.rowid >= ? AND {where} ORDER BY f.rowid",
            [gathered, last, *values],
        )
    for (user,) in rows:
        yield user


def _rarest(session: Session, asked: Sequence[str]) -> str | None:
    """What to ask the index for: the rarest three letters of the words, or what begins a short one.

    ``None`` where nothing rare is asked for, so that looking at every text is as quick.
    """
    found = list(dict.fromkeys(gram for word in asked for gram in grams(word)))
    if found:
        known = dict(
            session.run(
                f"SELECT gram, users FROM search_gram WHERE gram IN ({_marks(found)})", found
            ).fetchall()
        )
        found.sort(key=lambda gram: known.get(gram, 0))
        return " AND ".join(_quoted(gram) for gram in found[:_RAREST])
    shortest = max(asked, key=len)
    rows = session.run(
        "SELECT term FROM search_vocabulary WHERE term >= ? AND term < ? LIMIT ?",
        (shortest, shortest + _LAST, _ROWS + 1),
    ).fetchall()
    if len(rows) > _ROWS:
        return None
    return " OR ".join(_quoted(row[0]) for row in rows) or _quoted("\x01\x01\x01")


def _contains(asked: Sequence[str]) -> tuple[str, list[str]]:
    return " AND ".join("instr(s.text, ?)" for _ in asked), list(asked)


def _begins(asked: Sequence[str]) -> tuple[str, list[str]]:
    sql = " AND ".join("(instr(s.text, ?) OR instr(s.text, ?))" for _ in asked)
    return sql, [mark + word for word in asked for mark in ("\n", " ")]


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" for _ in values)


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
