"""How long a diagnosis takes for users with very many uses.

``python -m tests.benchmarks.diagnosis_speed [--uses N] [--samples K]`` makes three users with N
uses each: spread over two years, all within the last 40 days, and within those 40 days with jobs
and outcomes, doubles and failures among them. It diagnoses complaints of every kind and prints
percentiles of one run, wall clock and processor time. The target is 20 ms at p95.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app import Desk, open_desk
from app.domain.calendar import to_ms
from app.domain.diagnosis import Complaint

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
USERS = {"two years": 730, "40 days": 40, "40 days, with jobs": 40}
MESSAGES = (
    "my 200 credits are gone!!",
    "no monthly credits this month",
    "paid for pro yesterday only got 800",
    "it failed twice and took 96",
    "charged twice on 3 Nov",
    "the price is wrong, a batch of 25 photos took 25",
    "my friend bo@example.com signed up but no 12 credits",
    "where is my welcome bonus",
    "I ran out of credits, can I buy more?",
    "Hello, please help. " + "I do not understand my balance at all. " * 40,
)
TARGET_MS = 20.0


@dataclass(frozen=True)
class Times:
    """Milliseconds of many diagnoses of one user, sorted."""

    wall: list[float]
    processor: list[float]

    def at(self, share: float) -> tuple[float, float]:
        place = min(int(len(self.wall) * share), len(self.wall) - 1)
        return self.wall[place], self.processor[place]


def fill(desk: Desk, uses: int) -> None:
    """The three users, with cheap uses written straight into the tables."""
    for number, (name, days) in enumerate(USERS.items(), start=1):
        user_id = f"usr_{number}"
        desk.accounts.register(
            user_id,
            email=f"{user_id}@example.com",
            name=name,
            referral_code=f"CODE-{number}",
            at=NOW - timedelta(days=740),
        )
        desk.accounts.change_plan(user_id, "pro", at=NOW - timedelta(days=739))
        with desk.office.database.writing() as session:
            user = session.value("SELECT id FROM user WHERE user_id = ?", (user_id,))
            first = session.value("SELECT coalesce(max(id), 0) FROM charge") + 1
            session.run_many(
                "INSERT INTO charge (id, user, feature, quantity, credits, price_version, plan,"
                " occurred_at, key, job, available) VALUES (?, ?, ?, 1, ?, 1, 2, ?, ?, ?, ?)",
                _charges(user, first, uses, days, jobs="jobs" in name),
            )
            if "jobs" in name:
                session.run(
                    "INSERT INTO outcome (charge, outcome, at, recorded_at, staff)"
                    " SELECT id, id % 50 > 0, occurred_at, occurred_at, 1 FROM charge"
                    " WHERE user = ?",
                    (user,),
                )


def _charges(
    user: int, first: int, uses: int, days: int, *, jobs: bool
) -> Iterator[tuple[object, ...]]:
    chance = random.Random(user)
    start, span = to_ms(NOW - timedelta(days=days)), days * 86_400_000 - 3_600_000
    moments = sorted(start + chance.randrange(span) for _ in range(uses))
    for number, at in enumerate(moments):
        refused = chance.random() < 0.01
        job = f"job-{user}-{number - (number % 40 == 0)}" if jobs else None
        cost = chance.choice([1, 1, 4, 12])
        yield (
            *(first + number, user, chance.randrange(1, 9), cost, at, f"k{user}-{number}", job),
            0 if refused else None,
        )


def measure(desk: Desk, user_id: str, samples: int) -> Times:
    """How long diagnoses of a user take, the complaints in turn."""
    wall, processor = [], []
    for number in range(samples):
        told = Complaint(None, MESSAGES[number % len(MESSAGES)], NOW, ticket=f"ZD-{number}")
        began, spent = time.perf_counter(), time.process_time()
        desk.diagnosing.diagnose_user(user_id, told)
        wall.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - spent) * 1000)
    return Times(sorted(wall), sorted(processor))


def run(folder: Path, uses: int, samples: int) -> dict[str, Times]:
    """The times of each of the users."""
    with open_desk(folder / "speed.db", staff="ana@pixpretty.example", now=lambda: NOW) as desk:
        fill(desk, uses)
        measure(desk, "usr_1", len(MESSAGES))
        return {
            name: measure(desk, f"usr_{number}", samples)
            for number, name in enumerate(USERS, start=1)
        }


def main() -> None:
    """Print the percentiles of one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uses", type=int, default=10_000)
    parser.add_argument("--samples", type=int, default=300)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), asked.uses, asked.samples)
    print(f"diagnoses of users with {asked.uses:,} uses, {asked.samples:,} each, ms")
    print(f"{'':24}{'p50':>16}{'p95':>16}{'p99':>16}   wall clock / processor")
    for name, times in found.items():
        cells = [f"{wall:6.1f} / {spent:5.1f}" for wall, spent in map(times.at, (0.5, 0.95, 0.99))]
        print(f"{name:24}{cells[0]:>16}{cells[1]:>16}{cells[2]:>16}")
    worst = max(times.at(0.95)[0] for times in found.values())
    middle = statistics.median(wall for times in found.values() for wall in times.wall)
    print(f"p95 of the slowest {worst:.1f} ms (target {TARGET_MS:.0f}), median {middle:.1f} ms")


if __name__ == "__main__":
    main()
