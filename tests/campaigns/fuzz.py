"""Hostile values into every door of the desk: a sentence comes back, and nothing has changed.

``python -m tests.campaigns.fuzz --rounds 2000 --seed 1``
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from contextlib import chdir, closing
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from app import open_desk, shipped
from app.domain.errors import (
    AlreadyRefunded,
    AlreadyRegistered,
    ApprovalRequired,
    CreditsError,
    IdempotencyConflict,
    InsufficientCredits,
    NothingToVoid,
    PriceListConflict,
    TopUpUnavailable,
)
from app.storage.sqlite import sqlite3
from tests.campaigns.commands import problem_with_answer, run_command, tries
from tests.campaigns.doors import DOORS, NOW, Door

REQUESTS = 300
"""More than hostile values that happen to answer one."""
# What a value that is fine in itself may meet; the sentence is about something else then.
MET_BY_GOOD_VALUES = (
    *(AlreadyRefunded, AlreadyRegistered, ApprovalRequired, IdempotencyConflict),
    *(InsufficientCredits, NothingToVoid, PriceListConflict, TopUpUnavailable),
)


def dump(database: Path) -> list[object]:
    """The rows of every table, to see whether anything changed.

    Read with the very SQLite the desk uses: two copies of it in one process break their locks.
    """
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
        names = [name for (name,) in connection.execute(tables)]
        return [(n, connection.execute(f'SELECT * FROM "{n}"').fetchall()) for n in names]


def make(database: Path, *, sandbox: bool = False) -> Any:
    desk = open_desk(database, staff="fuzz@x.example", now=lambda: NOW, sandbox=sandbox)
    desk.accounts.register(
        "usr_1",
        email="a@x.example",
        name="<b>Amira</b>",
        referral_code="AMIRA",
        at=NOW - timedelta(days=9),
    )
    desk.charging.charge("usr_1", "ghostface", key="paid")
    desk.support.grant("usr_1", 50, reason="goodwill", note="n", ticket="T-1")
    for number in range(REQUESTS):
        desk.requests.open(user="usr_1", ticket=f"T-{number}", message="gone!!")
    return desk


def problem_with(desk: Any, database: Path, door: Door, value: Any) -> str | None:
    """What went wrong at one door with one value, if anything did."""
    before = dump(database)
    told = f"{door.name}={value!r:.80}"
    try:
        door.call(desk, value)
    except MET_BY_GOOD_VALUES:
        return None
    except CreditsError as error:
        if dump(database) != before:
            return f"{told}: {error!r} was raised, yet something changed"
        return _problem_with_sentence(told, str(error), value)
    except Exception as error:  # noqa: BLE001 - any other error is what this looks for
        return f"{told}: {type(error).__name__}: {error}"[:400]
    return None


def _problem_with_sentence(told: str, sentence: str, value: Any) -> str | None:
    if not sentence.strip().endswith((".", "”")) or len(sentence) > 1000:
        return f"{told}: not a sentence: {sentence[:120]!r}"
    try:
        sentence.encode()
    except UnicodeEncodeError:
        return f"{told}: the sentence cannot be printed: {sentence!r:.120}"
    named = isinstance(value, str) and value.strip() and len(value) < 20 and value.isprintable()
    if named and value.strip() not in sentence:
        return f"{told}: the value is not named: {sentence!r}"
    return None


def run(rounds: int, seed: int) -> list[str]:
    """The problems of so many rounds; all of it where ``rounds`` is 0."""
    random = Random(seed)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "fuzz.db"
        desk = make(database)
        tries = [(door, value) for door in DOORS for value in door.values]
        if rounds:
            tries = random.sample(tries, min(rounds, len(tries)))
        for door, value in tries:
            problem = problem_with(desk, database, door, value)
            if problem:
                found.append(problem)
        violations = desk.integrity.verify().violations
        found += [f"afterwards: {v.name}: {v.rows[:3]}" for v in violations]
        desk.close()
    print(f"{len(tries)} hostile values, {len(found)} problems")
    return found


def run_commands(rounds: int, seed: int) -> list[str]:
    """The problems of so many commands; of all of them where ``rounds`` is 0."""
    found = []
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        database = Path(folder) / "fuzz.db"
        shutil.copyfile(shipped.path("pricing.json"), Path(folder) / "pricing.json")
        make(database, sandbox=True).close()
        tried = tries(Random(seed), rounds)
        for command, word in tried:
            before = dump(database)
            code, out, err = run_command(database, command, word)
            problem = problem_with_answer(code, out, err)
            if code and "insufficient_credits" not in err and dump(database) != before:
                problem = "refused, and yet something changed"
            if problem:
                found.append(f"{' '.join(command)} with {word!r:.60}: {problem}")
            for made in Path(folder).iterdir():  # what one command wrote, the next would read
                if made.is_file() and not made.name.startswith(("fuzz.db", "pricing.json")):
                    made.unlink()
    print(f"{len(tried)} hostile commands, {len(found)} problems")
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    found = run(asked.rounds, asked.seed) + run_commands(asked.rounds, asked.seed)
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
