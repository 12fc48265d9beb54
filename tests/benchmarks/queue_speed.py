"""How quick the queue is with many requests open: a page, the counts, an answer, an import.

``python -m tests.benchmarks.queue_speed --open 10000``. Each figure is the median and the 95th
percentile of many, in milliseconds, beside that of the same with ten requests from the same run.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from app import Desk, open_desk
from app.domain.requests import CATEGORIES, RequestQuery, View

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
STAFF = "many@x.example"
USERS = 500
FEW = 10
ROUNDS = 100
LONG = 2_000
Figures = Mapping[str, tuple[float, float]]


def filled(folder: Path, count: int) -> tuple[Desk, float]:
    """A desk with so many open requests, and how many of them an import opens in a second."""
    desk = open_desk(folder / f"{count}.db", staff=STAFF, now=lambda: NOW)
    random = Random(1)
    for number in range(USERS):
        email = f"user{number}@x.example"
        desk.accounts.register(f"usr_{number}", email=email, name=f"User {number}")
    path = folder / "requests.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["ticket", "user", "opened_at", "message", "category"])
        for number in range(count):
            at = NOW - timedelta(seconds=random.randrange(30 * 86_400))
            message = "my credits are gone!! " * random.randrange(1, LONG // 22)
            category = random.choice(["", *CATEGORIES])
            user = f"user{random.randrange(USERS + 20)}@x.example"
            rows.writerow([f"ZD-{number}", user, at.isoformat(), message, category])
    start = time.perf_counter()
    report = desk.imports.requests(path)
    seconds = time.perf_counter() - start
    if report.added != count:
        message = f"{report.added} of {count} requests came in: {report.bad[:3]}"
        raise RuntimeError(message)
    return desk, count / seconds


def timed(work: Callable[[int], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """The median and the 95th percentile of so many calls, in milliseconds."""
    took = []
    for number in range(rounds):
        start = time.perf_counter()
        work(number)
        took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took), sorted(took)[int(0.95 * rounds)]


def measured(desk: Desk, count: int) -> Figures:
    """Every figure of a desk."""
    requests = desk.requests
    figures = {
        "page": timed(lambda _: requests.page(RequestQuery(), 0, 50)),
        "page in the middle": timed(lambda _: requests.page(RequestQuery(), count // 2, 50)),
        "page by user": timed(lambda _: requests.page(RequestQuery(sort="user"), 0, 50)),
        "page of a category": timed(
            lambda _: requests.page(RequestQuery(category="wrong_price"), 0, 50)
        ),
        "page of a plan": timed(lambda _: requests.page(RequestQuery(plan="free"), 0, 50)),
        "page by text": timed(lambda _: requests.page(RequestQuery(text="zd-777"), 0, 50)),
        "page of a user": timed(
            lambda n: requests.page(RequestQuery(view=View.ALL, user_id=f"usr_{n}"), 0, 50)
        ),
        "count": timed(lambda _: requests.count(RequestQuery())),
        "counts": timed(lambda _: requests.counts()),
        "numbers of a month": timed(lambda _: requests.numbers("2026-02-15", "2026-03-15"), 10),
    }
    few = min(ROUNDS, count // 2)
    figures["claim"] = timed(lambda n: requests.claim(n + 1), few)
    figures["decline"] = timed(lambda n: requests.resolve(n + 1, act="decline"), few)
    return figures


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open", type=int, default=10_000)
    count = parser.parse_args(arguments).open
    with tempfile.TemporaryDirectory() as folder:
        few, _ = filled(Path(folder), FEW)
        many, rate = filled(Path(folder), count)
        with few, many:
            floor, found = measured(few, FEW), measured(many, count)
    print(f"{count:,} open requests (in brackets: {FEW}); import {rate:,.0f} rows a second")
    for name, (median, p95) in found.items():
        print(f"{name:<20} {median:7.2f} ms, p95 {p95:7.2f}  ({floor[name][0]:.2f})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
