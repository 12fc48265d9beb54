"""How long releasing a month to all paid users takes, against the bare set-based statements.

``python -m tests.benchmarks.release_rate [--users N] [--paid M] [--rounds R]`` works on copies of
one database and prints the medians of one run.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from app import open_desk
from app.storage.sqlite import connect

JANUARY = datetime(2026, 1, 10, 12, tzinfo=UTC)
FEBRUARY = datetime(2026, 2, 1, tzinfo=UTC)
MARCH = datetime(2026, 3, 1, tzinfo=UTC)


def ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def prepared(path: Path, users: int, paid: int) -> None:
    """Users spread over the plans; the paid ones were released up to the end of January."""
    open_desk(path, staff="ana@pixpretty.example", now=lambda: JANUARY).close()
    db = connect(str(path))
    db.execute("BEGIN IMMEDIATE")
    every = max(users // paid, 1)
    db.executemany(
        "INSERT INTO user (id, user_id, email, name, registered_at, recorded_at, plan,"
        " next_release_at) VALUES (?, ?, ?, 'User', ?, ?, ?, ?)",
        (
            (
                number,
                f"usr_{number:07d}",
                f"u{number}@example.com",
                ms(JANUARY),
                ms(JANUARY),
                1 + number % 2 if number % every == 0 else 0,
                ms(FEBRUARY) if number % every == 0 else None,
            )
            for number in range(1, users + 1)
        ),
    )
    db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def ours(path: Path) -> float:
    """Seconds of ``release_month`` on the first of February."""
    with open_desk(path, staff="ana@pixpretty.example", now=lambda: JANUARY) as desk:
        desk.office._now = lambda: FEBRUARY
        started = time.perf_counter()
        report = desk.accounts.release_month()
        taken = time.perf_counter() - started
    assert report.grants > 0
    return taken


def floor(path: Path) -> float:
    """Seconds of the statements that make the same rows, and nothing else."""
    db = connect(str(path))
    started = time.perf_counter()
    db.execute("BEGIN IMMEDIATE")
    for plan, credits in ((1, 200), (2, 1000)):
        db.execute(
            'INSERT INTO "grant" (user, kind, credits, remaining, effective_at, expires_at,'
            " recorded_at, position, staff, month, plan)"
            " SELECT id, 3, ?, ?, ?, ?, ?, 0, 1, 202602, ? FROM user"
            " WHERE next_release_at <= ? AND plan = ?",
            (*(credits, credits, ms(FEBRUARY), ms(MARCH), ms(FEBRUARY)), plan, ms(FEBRUARY), plan),
        )
    db.execute(
        "UPDATE user SET next_release_at = ? WHERE next_release_at <= ?", (ms(MARCH), ms(FEBRUARY))
    )
    db.execute("COMMIT")
    taken = time.perf_counter() - started
    db.close()
    return taken


def main() -> None:
    """Print both medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=1_000_000)
    parser.add_argument("--paid", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    times: dict[str, list[float]] = {"floor": [], "ours": []}
    with tempfile.TemporaryDirectory() as folder:
        original = Path(folder) / "original.db"
        prepared(original, asked.users, asked.paid)
        for _ in range(asked.rounds):
            for name, way in (("floor", floor), ("ours", ours)):
                copy = Path(folder) / "copy.db"
                shutil.copy(original, copy)
                times[name].append(way(copy))
                for left in Path(folder).glob("copy.db*"):
                    left.unlink()
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    for name, median in medians.items():
        print(f"{name:5} {median:6.2f} s for about {asked.paid:,} of {asked.users:,} users")
    print(f"ours takes {medians['ours'] / medians['floor']:.2f} of the floor (target 1.3 or less)")


if __name__ == "__main__":
    main()
