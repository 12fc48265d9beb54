"""How long a keystroke takes from the field to rows, among a million users.

``python -m tests.benchmarks.search_speed [--users N] [--keystrokes K] [--painted P] [--file PATH]``
types names, addresses, codes, ids, fragments and what nobody is called letter by letter and prints
from one run: how long the index took to fill, against the bare rows; percentiles from the database
for the first screen of rows, ours, of a scan with LIKE and of the index ordered by rank on the same
file; and percentiles of a keystroke in a window without a display until the rows are painted, in
the table and in the lines beside an account. ``--file`` is used as it stands: give a copy.
Beside each time stands what the processor worked: on a busy computer the rest is waiting for one.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from app import open_desk
from app.domain.fragments import folded, words
from app.storage import search, search_index
from app.storage.engine import Session
from tests.benchmarks import list_speed

STAFF = "ana@pixpretty.example"
SCREEN = 40
KEY_MS, RARE_MS, PAINTED_MS = 2, 5, 40
"""What is aimed at: rows of most keys and of nearly all, and those rows painted."""
FIRST = """amira ben carla dmitri eva felix gina hugo ines jan kira liam mona nils olga pete quinn
rosa sven tara uma vera walt xenia yusuf zoe łukasz ødeg núria 小龍 ελένη john mary wei ana luca
emma noah
""".split()
LAST = """haddad ødegård núñez volkov lindqvist baumann rossi martin carvalho devries tanaka oconnor
saleh berg petrova wong garcía smith müller nowak kowalski silva kim nguyen dubois ivanova yilmaz
""".split()
HOSTS = ("example.com", "example.org", "studio-nord.example", "mail.example", "post.example")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
_CHUNK = 50_000
Row = tuple[Any, ...]


class Taken(NamedTuple):
    """A time in seconds, and what of it the processor worked."""

    passed: float
    worked: float


class Filled(NamedTuple):
    """How long a file took to fill: the rows of the users alone, and all that finds them."""

    rows: Taken
    indexed: Taken


def measured(do: Callable[[], object], clock: Callable[[], float] = time.process_time) -> Taken:
    passed, worked = time.perf_counter(), clock()
    do()
    return Taken(time.perf_counter() - passed, clock() - worked)


def people(users: int) -> Iterator[Row]:
    """Users whose names, addresses and codes look like real ones."""
    chance = random.Random(20)
    for number in range(1, users + 1):
        first, last = chance.choice(FIRST), chance.choice(LAST)
        middle = "".join(chance.choices(LETTERS, k=chance.randint(2, 6)))
        mail = f"{folded(first)}.{middle}{number % 997}@{chance.choice(HOSTS)}"
        code = "".join(chance.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=6))
        name = f"{first} {middle} {last}".title()
        yield number, f"usr_{number:07x}", mail, name, f"PIX-{code}-{number % 10}"


def fill(path: Path, users: int) -> Filled:
    """A file of such users, whom search finds."""
    rows, passed, worked = people(users), 0.0, 0.0
    with (
        open_desk(path, staff=STAFF) as desk,
        desk.office.database.writing() as session,
    ):
        session.run("PRAGMA cache_size=-524288")
        while chunk := list(islice(rows, _CHUNK)):
            taken = measured(partial(_put, session, chunk))
            passed, worked = passed + taken.passed, worked + taken.worked
        index = measured(lambda: search_index.rebuild(session))
    return Filled(Taken(passed, worked), index)


def _put(session: Session, rows: Sequence[Row]) -> None:
    session.run_many(
        "INSERT OR IGNORE INTO user (id, user_id, email, name, referral_code, registered_at,"
        " recorded_at, plan) VALUES (?, ?, ?, ?, ?, 1, 1, 0)",
        rows,
    )


def keystrokes(session: Session, wanted: int) -> list[str]:
    """What stands in the field after each key: beginnings and middles, rare and frequent ones."""
    chance = random.Random(21)
    last = session.value("SELECT max(id) FROM user")
    typed: list[str] = []
    while len(typed) < wanted:
        row = None
        while row is None:
            row = session.one(
                "SELECT email, name, user_id, referral_code FROM user WHERE id = ?",
                (chance.randint(1, last),),
            )
        text = _somehow(chance, row)
        typed += [text[:end] for end in range(1, len(text) + 1) if words(text[:end])]
    return typed[:wanted]


def _somehow(chance: random.Random, row: Sequence[str]) -> str:
    """What somebody types who means this user, or nobody."""
    name = row[1].split()
    way = chance.random()
    if way < 0.15:
        return " ".join(chance.sample(name, 2))
    if way < 0.25:
        return " ".join(part[:4] for part in reversed(name))
    if way < 0.35:
        return "".join(chance.choices(LETTERS + "0123456789", k=chance.randint(2, 5)))
    text = chance.choice(row)
    start = chance.choice([0, 0, chance.randrange(len(text))])
    return text[start : start + chance.randint(2, 14)]


# Three ways to ask ------------------------------------------------------------------------------


def ours(session: Session, typed: str) -> Sequence[int]:
    return search.find(session, typed, SCREEN)


def like(session: Session, typed: str) -> Sequence[int]:
    where = " AND ".join("text LIKE ?" for _ in words(typed))
    rows = session.run(
        f"SELECT user FROM search_text WHERE {where} LIMIT {SCREEN}",
        [f"%{word}%" for word in words(typed)],
    )
    return [row[0] for row in rows]


def ranked(session: Session, typed: str) -> Sequence[int]:
    grams = [f'"{word[i : i + 3]}"' for word in words(typed) for i in range(len(word) - 2)]
    clean = [gram for gram in grams if gram.count('"') == 2]
    if not clean:
        return []
    rows = session.run(
        "SELECT rowid FROM search_fragment WHERE search_fragment MATCH ?"
        f" ORDER BY rank LIMIT {SCREEN}",
        (" AND ".join(clean),),
    )
    return [row[0] for row in rows]


def timed(
    session: Session, way: Callable[[Session, str], object], keys: Sequence[str]
) -> list[Taken]:
    return [measured(partial(way, session, typed)) for typed in keys]


def painted(path: Path, keys: Sequence[str], shape: str) -> list[Taken]:
    """A keystroke until its rows are painted, in the list of a window that nobody sees.

    ``shape`` is the table alone, or the lines beside the account of whoever is found first: that is
    read and painted behind the list. What was worked is the work of the window's thread.
    """
    from app.ui.pictures import application, prepare

    prepare()
    application()
    from zoneinfo import ZoneInfo

    from app.ui import charts
    from app.ui.background import Background
    from app.ui.garbage import Collector
    from app.ui.page import PageEntry
    from app.ui.users.page import UsersPage
    from app.ui.window import Standing, Window

    with open_desk(path, staff=STAFF) as desk:
        window = Window(
            desk=desk, background=Background(), now=desk.now, zone=ZoneInfo(desk.zone),
            pages=[PageEntry("users", "Users", "users", "", UsersPage)],
            standing=Standing("credits.db", writable=True, person="Ana", role="Admin"),
        )  # fmt: skip
        charts.warm_up()
        window.kept.remember("pages/users/shape", shape)
        window.resize(1440, 900)
        window.show()
        window.build_all()
        collector = Collector(window)
        window.start()
        page = window.page
        assert isinstance(page, UsersPage)
        list_speed.wait(lambda: page.state.total is not None)
        list_speed.wait(lambda: not window.background.busy)
        taken = []
        for typed in keys:
            taken.append(measured(partial(list_speed.typed, page, typed), time.thread_time))
            # An account that is opened behind the list is no part of the next key.
            list_speed.wait(lambda: page.alone or not window.background.busy)
        list_speed.wait(lambda: not window.background.busy)
        collector.stop()
        window.close()
    return taken


# What is printed --------------------------------------------------------------------------------


def said(name: str, taken: Sequence[Taken], target: str = "") -> str:
    """Percentiles in a line, in milliseconds: what passed, and in brackets what was worked."""
    told = f"{name:22} {len(taken):6,} keys"
    for share, called in ((0.5, "p50"), (0.95, "p95"), (0.99, "p99"), (1.0, "worst")):
        passed, worked = (at(values, share) for values in zip(*taken, strict=True))
        told += f"  {called} {passed * 1000:7.2f} ({worked * 1000:.2f})"
    return told + " ms" + (f"  target {target}" if target else "")


def at(values: Sequence[float], share: float) -> float:
    """The value below which that share of all lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def filled_line(filled: Filled, users: int) -> str:
    rows, index = filled.rows, filled.indexed
    return (
        f"{users:,} users: rows {rows.passed:.1f} s ({rows.worked:.1f} worked), index"
        f" {index.passed:.1f} s ({index.worked:.1f} worked), {index.worked / rows.worked:.1f} times"
    )


def by_words(keys: Sequence[str], taken: Sequence[Taken]) -> Iterator[str]:
    numbers = Counter(len(words(key)) for key in keys)
    for number in sorted(numbers):
        those = [t for key, t in zip(keys, taken, strict=True) if len(words(key)) == number]
        yield said(f"ours, words typed: {number}", those)


def run(path: Path, number: int, shown: int = 0) -> Iterator[str]:
    """Percentiles of each way; ``shown`` of the slowest keys, by ours."""
    with (
        open_desk(path, staff=STAFF) as desk,
        desk.office.database.reading() as session,
    ):
        keys = keystrokes(session, number)
        timed(session, ours, keys[:100])
        taken = timed(session, ours, keys)
        yield said("ours", taken, f"p95 {KEY_MS} ms, p99 {RARE_MS} ms")
        yield from by_words(keys, taken)
        yield said("index ordered by rank", timed(session, ranked, keys[::20]))
        yield said("scan with LIKE", timed(session, like, keys[::40]))
        slow = sorted(zip(taken, keys, strict=True), reverse=True)
        for one, key in slow[:shown]:
            yield f"  {one.passed * 1000:8.2f} ({one.worked * 1000:.2f}) ms  {key!r}"


def main() -> None:
    """Fill, ask and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=1_000_000)
    parser.add_argument("--keystrokes", type=int, default=4_000)
    parser.add_argument("--painted", type=int, default=400)
    parser.add_argument("--file", type=Path, default=None)
    parser.add_argument("--show", type=int, default=0, help="the slowest keys, by ours")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = asked.file or Path(folder) / "search.db"
        if not path.exists():
            print(filled_line(fill(path, asked.users), asked.users), flush=True)
        for line in run(path, asked.keystrokes, asked.show):
            print(line, flush=True)
        if asked.painted:
            with open_desk(path, staff=STAFF) as desk, desk.office.database.reading() as session:
                keys = keystrokes(session, asked.painted)
            for shape, where in (("table", "table"), ("lines", "beside account")):
                taken = painted(path, keys, shape)
                print(said(f"painted, {where}", taken, f"p95 {PAINTED_MS} ms"), flush=True)


if __name__ == "__main__":
    main()
