"""How long a keystroke takes from the field to rows, among a million users.

``python -m tests.benchmarks.search_speed [--users N] [--keystrokes K] [--file PATH]`` types names,
addresses, codes and fragments letter by letter and prints percentiles of one run: ours, a scan with
LIKE, and the index of three letters ordered by rank, on the same file.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from app import open_desk
from app.domain.fragments import folded, words
from app.storage import search, search_index
from app.storage.engine import Session

FIRST = """amira ben carla dmitri eva felix gina hugo ines jan kira liam mona nils olga pete quinn
rosa sven tara uma vera walt xenia yusuf zoe łukasz ødeg núria 小龍 ελένη john mary wei ana luca
emma noah
""".split()
LAST = """haddad ødegård núñez volkov lindqvist baumann rossi martin carvalho devries tanaka oconnor
saleh berg petrova wong garcía smith müller nowak kowalski silva kim nguyen dubois ivanova yilmaz
""".split()
HOSTS = ("example.com", "example.org", "studio-nord.example", "mail.example", "post.example")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def fill(path: Path, users: int) -> None:
    """A file of users whose names, addresses and codes look like real ones."""
    chance = random.Random(20)

    def rows() -> Iterator[tuple[object, ...]]:
        for number in range(1, users + 1):
            first, last = chance.choice(FIRST), chance.choice(LAST)
            middle = "".join(chance.choices(LETTERS, k=chance.randint(2, 6)))
            mail = f"{folded(first)}.{middle}{number % 997}@{chance.choice(HOSTS)}"
            code = "".join(chance.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=6))
            name = f"{first} {middle} {last}".title()
            yield number, f"usr_{number:07x}", mail, name, f"PIX-{code}-{number % 10}"

    with (
        open_desk(path, staff="ana@pixpretty.example") as desk,
        desk.office.database.writing() as session,
    ):
        session.run("PRAGMA cache_size=-524288")
        session.run_many(
            "INSERT OR IGNORE INTO user (id, user_id, email, name, referral_code, registered_at,"
            " recorded_at, plan) VALUES (?, ?, ?, ?, ?, 1, 1, 0)",
            rows(),
        )
        search_index.rebuild(session)


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
        text = chance.choice(row)
        start = chance.choice([0, 0, chance.randrange(len(text))])
        text = text[start : start + chance.randint(2, 14)]
        if chance.random() < 0.15:
            text = " ".join(part[:4] for part in reversed(row[1].split()))
        if chance.random() < 0.1:
            text = "".join(chance.choices(LETTERS + "0123456789", k=chance.randint(2, 5)))
        typed += [text[:end] for end in range(1, len(text) + 1) if words(text[:end])]
    return typed[:wanted]


def ours(session: Session, typed: str) -> Sequence[int]:
    return search.find(session, typed, 20)


def like(session: Session, typed: str) -> Sequence[int]:
    rows = session.run(
        "SELECT user FROM search_text WHERE text LIKE ? LIMIT 20", (f"%{folded(typed)}%",)
    )
    return [row[0] for row in rows]


def ranked(session: Session, typed: str) -> Sequence[int]:
    grams = [f'"{word[i : i + 3]}"' for word in words(typed) for i in range(len(word) - 2)]
    clean = [gram for gram in grams if gram.count('"') == 2]
    if not clean:
        return []
    rows = session.run(
        "SELECT rowid FROM search_fragment WHERE search_fragment MATCH ? ORDER BY rank LIMIT 20",
        (" AND ".join(clean),),
    )
    return [row[0] for row in rows]


def timed(
    session: Session, way: Callable[[Session, str], object], keys: Sequence[str]
) -> list[float]:
    taken = []
    for typed in keys:
        started = time.perf_counter()
        way(session, typed)
        taken.append((time.perf_counter() - started) * 1000)
    return sorted(taken)


def said(name: str, taken: Sequence[float]) -> str:
    p = [taken[min(len(taken) - 1, int(len(taken) * share))] for share in (0.95, 0.99)]
    return (
        f"{name:8} {len(taken):6,} keys  p50 {statistics.median(taken):8.2f} ms"
        f"  p95 {p[0]:8.2f} ms  p99 {p[1]:8.2f} ms  worst {taken[-1]:8.2f} ms"
    )


def main() -> None:
    """Print the percentiles of each way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=1_000_000)
    parser.add_argument("--keystrokes", type=int, default=4_000)
    parser.add_argument("--file", type=Path, default=None)
    parser.add_argument("--show", type=int, default=0, help="the slowest keys, by ours")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = asked.file or Path(folder) / "search.db"
        if not path.exists():
            started = time.perf_counter()
            fill(path, asked.users)
            print(f"filled and indexed in {time.perf_counter() - started:.1f} s")
        with (
            open_desk(path, staff="ana@pixpretty.example") as desk,
            desk.office.database.reading() as session,
        ):
            keys = keystrokes(session, asked.keystrokes)
            results = {"ours": timed(session, ours, keys)}
            results["rank"] = timed(session, ranked, keys[::10])
            results["like"] = timed(session, like, keys[::20])
            for name, taken in results.items():
                print(said(name, taken))
            if asked.show:
                slow = {key: timed(session, ours, [key])[0] for key in dict.fromkeys(keys)}
                for key in sorted(slow, key=slow.__getitem__, reverse=True)[: asked.show]:
                    print(f"  {slow[key]:8.2f} ms  {key!r}")


if __name__ == "__main__":
    main()
