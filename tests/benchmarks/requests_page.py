"""How quickly the page of requests opens over a long queue, and how quickly the next one is there.

``python -m tests.benchmarks.requests_page [--requests N] [--rounds R]`` fills a file with N open
requests, then opens a window without a display R times and prints percentiles of one run: from
opening the page to its first painted rows, to the first request with its diagnosis, from an arrow
key to the next request, and from Ctrl+Enter to the request after it.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from app.desk import Desk, open_desk

STAFF = "ana@pixpretty.example"
NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
USERS = 500
MESSAGES = (
    ("failed_generation", "it failed twice and took 96 of my credits"),
    ("charged_twice", "charged two times for one picture!"),
    ("", "my 200 credits are gone!!"),
    ("out_of_credits", "why have I no credits left?"),
)
PATIENCE_S = 60


@dataclass
class Figures:
    """Times in milliseconds, one for each round or request."""

    rows: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    arrows: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)


def fill(path: Path, requests: int) -> None:
    """A file with users, some use of credits, and that many open requests."""
    with (
        open_desk(path, staff=STAFF, now=lambda: NOW) as desk,
        tempfile.TemporaryDirectory() as folder,
    ):
        started = (NOW - timedelta(days=40)).isoformat()
        users = [(f"usr_{n}", f"u{n}@example.com", f"User {n}", started) for n in range(USERS)]
        uses = [
            (f"usr_{n % USERS}", "image_extender", (NOW - timedelta(hours=n % 700)).isoformat(),
             f"job-{n}", "failed" if n % 9 == 0 else "")
            for n in range(USERS * 4)
        ]  # fmt: skip
        asked = [
            (f"ZD-{n}", f"usr_{n % USERS}", (NOW - timedelta(minutes=5 * n)).isoformat(),
             f"{MESSAGES[n % 4][1]} Please look at it, number {n}.", MESSAGES[n % 4][0])
            for n in range(requests)
        ]  # fmt: skip
        for name, header, rows, take in (
            ("users", "user_id,email,name,registered_at", users, desk.imports.users),
            ("usage", "user_id,feature,occurred_at,key,outcome", uses, desk.imports.usage),
            ("requests", "ticket,user,opened_at,message,category", asked, desk.imports.requests),
        ):
            file = Path(folder) / f"{name}.csv"
            with file.open("w", newline="", encoding="utf-8") as out:
                csv.writer(out).writerows([header.split(","), *rows])
            take(file)


def wait(until: Callable[[], bool]) -> None:
    """Let the window work until something holds."""
    from PySide6.QtWidgets import QApplication

    end = time.monotonic() + PATIENCE_S
    while not until():
        QApplication.processEvents()
        if time.monotonic() > end:
            message = "It did not get ready."
            raise TimeoutError(message)


def timed(act: Callable[[], object], until: Callable[[], bool]) -> float:
    """How long it takes from an act until something holds, in milliseconds."""
    started = time.perf_counter()
    act()
    wait(until)
    return (time.perf_counter() - started) * 1000


def measure(desk: Desk, figures: Figures, steps: int) -> None:
    """Open a window, its page, walk down a few requests and answer a few."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from app.main import pages
    from app.ui.background import Background
    from app.ui.requests.page import RequestsPage
    from app.ui.window import Standing, Window

    entries = [entry for entry in pages() if entry.key in {"requests", "settings"}]
    window = Window(
        desk=desk,
        background=Background(),
        now=desk.now,
        zone=ZoneInfo(desk.zone),
        pages=entries,
        standing=Standing("credits.db"),
    )
    window.show()
    window.furnish()
    wait(lambda: not window.background.busy)
    painted: list[tuple[float, float]] = []

    def counted(_page: str, _number: int) -> None:
        """The page tells the side bar right after it has painted its first rows."""
        painted.append((time.perf_counter(), time.process_time()))

    window.count = counted  # type: ignore[method-assign,assignment]
    started, worked = time.perf_counter(), time.process_time()
    window.open_page("requests")
    page = window.page
    assert isinstance(page, RequestsPage)
    wait(lambda: page.state.phase == "ready")
    figures.rows.append((painted[0][0] - started) * 1000)
    figures.work.append((painted[0][1] - worked) * 1000)
    wait(lambda: page.shown.phase == "ready")
    figures.whole.append((time.perf_counter() - started) * 1000)
    rows = page.queue.list
    for _ in range(steps):
        figures.arrows.append(
            timed(
                lambda: QTest.keyClick(rows, Qt.Key.Key_Down),
                lambda: page.shown.phase == "ready" and page.shown.here is not None,
            )
        )
    for _ in range(steps):
        page.acts.answering.decline()
        wait(lambda: not window.background.busy)
        before = page.shown.request_id
        figures.answers.append(
            timed(
                page.acts.answering.answer,
                lambda: (
                    page.shown.request_id != before  # noqa: B023 - called within the round
                    and page.shown.phase == "ready"
                    and page.shown.here is not None
                ),
            )
        )
        wait(lambda: not window.background.busy)
    window.close()
    window.deleteLater()


def told(name: str, times: Sequence[float]) -> str:
    """A line of the report."""
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    return (
        f"{name:<38} p50 {statistics.median(ordered):7.1f} ms   p95 {p95:7.1f} ms"
        f"   of {len(ordered)}"
    )


def run(requests: int, rounds: int, steps: int = 5) -> Figures:
    """Fill a file and measure."""
    from app.ui.pictures import application

    application()
    figures = Figures()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "credits.db"
        fill(path, requests)
        with open_desk(path, staff=STAFF, now=lambda: NOW) as desk:
            # The first window loads what Python needs; that is the start's business.
            measure(desk, Figures(), 1)
            for _ in range(rounds):
                measure(desk, figures, steps)
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=20)
    chosen = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    figures = run(chosen.requests, chosen.rounds)
    print(f"{chosen.requests:,} open requests")
    for name, times in (
        ("page opened to first rows painted", figures.rows),
        ("the same, in time of the processor", figures.work),
        ("page opened to the first diagnosis", figures.whole),
        ("arrow key to the next diagnosis", figures.arrows),
        ("Ctrl+Enter to the next diagnosis", figures.answers),
    ):
        print(told(name, times))


if __name__ == "__main__":
    main()
