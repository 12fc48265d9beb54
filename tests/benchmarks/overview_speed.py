"""How quick the overview is, against counting its months from the raw rows in the same run.

``python -m tests.benchmarks.overview_speed [--users N --uses M | --database PATH]`` reads a demo of
that size (or one made before) and prints medians in milliseconds, by the clock and of the
processor: the whole page, and each kind of list behind a figure.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app import Desk, open_desk
from app.domain.calendar import to_ms
from app.services.demo import PRESENT, build
from app.storage.derived import months_of
from app.storage.flows import left, moved

STAFF = "mira@pixpretty.example"
ROUNDS = 15
LISTS = (
    *(("given", "2026-11", ""), ("given", "2026-11", "support_credit"), ("expired", "2026-10", "")),
    *(("returned", "2026-11", ""), ("voided", "2026-11", ""), ("owed", "2026-11", "")),
    *(("owed", "2026-12", ""), ("owed", "", "")),
)


def timed(work: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """The medians of so many calls in milliseconds: by the clock, and of the processor."""
    passed, worked = [], []
    for _ in range(rounds):
        clock, processor = time.perf_counter(), time.process_time()
        work()
        passed.append(time.perf_counter() - clock)
        worked.append(time.process_time() - processor)
    return statistics.median(passed) * 1000, statistics.median(worked) * 1000


def from_raw_rows(desk: Desk) -> None:
    """What the page adds up of days, counted from the ledger itself."""
    with desk.office.database.reading() as session:
        calendar = desk.office.calendar
        months = months_of(session, calendar, to_ms(PRESENT))
        later = tuple(months[0].until(months[-1].plus(14)))
        session.run(f"SELECT count(*) FROM ({moved(months, calendar)})").fetchall()
        session.run(f"SELECT count(*) FROM ({left(later, calendar)})").fetchall()


def measure(path: Path) -> None:
    """Print all figures of a database."""
    with open_desk(path, staff=STAFF, now=lambda: PRESENT) as desk:
        overview = desk.overview
        page = timed(overview.now)
        print(f"the page         {page[0]:9.1f} ms, {page[1]:9.1f} of the processor (target 50)")
        raw = timed(lambda: from_raw_rows(desk), rounds=1)
        print(f"from raw rows    {raw[0]:9.1f} ms: {raw[0] / page[0]:,.0f} times the page")
        for what, month, kind in LISTS:
            found = timed(lambda a=what, b=month, c=kind: overview.behind(a, b, c), rounds=3)  # type: ignore[misc]
            name = " ".join(part for part in (what, kind, month) if part)
            print(f"behind {name:30} {found[0]:9.1f} ms, {found[1]:9.1f} of the processor")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=20_000)
    parser.add_argument("--uses", type=int, default=200_000)
    parser.add_argument("--database", type=Path)
    asked = parser.parse_args()
    if asked.database:
        measure(asked.database)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "demo.db"
        build(path, users=asked.users, events=asked.uses)
        print(f"a demo of {asked.users:,} users and some {asked.uses:,} uses")
        measure(path)


if __name__ == "__main__":
    main()
