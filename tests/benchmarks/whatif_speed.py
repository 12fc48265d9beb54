"""How long a what-if takes: a month and twelve, cold and after another edit, against plain Python.

``python -m tests.benchmarks.whatif_speed [FILE]`` measures a copy of a database made by ``demo``,
or makes one of a million users and ten million uses first (which takes a while). Times are of the
clock on the wall, with the processor's in brackets: on a busy machine only these say much.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app import Desk, open_desk
from app.domain.calendar import Month
from app.domain.prices import PriceList
from app.domain.replaying import opened, replay_on
from app.domain.staff import Act
from app.services import demo, what_if_alone, what_if_asked, what_if_together
from app.services.what_if_months import Packs
from app.storage import replay as record
from tests.storage.test_month_packs import uses_of

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

T = TypeVar("T")
ADMIN = "mira@pixpretty.example"
SAMPLE = 50
TICK_MS = 5


@contextmanager
def desk_on(path: Path) -> Iterator[Desk]:
    with open_desk(path, staff=ADMIN, now=lambda: demo.PRESENT) as desk:
        yield desk


def dearer(desk: Desk, edit: int) -> PriceList:
    """The list in force with every price up by 20 % and a little more with each edit."""
    base = desk.pricing.current().prices
    factor = 1.2 + edit / 100
    features = tuple(replace(f, credits=max(1, round(f.credits * factor))) for f in base.features)
    return replace(base, features=features)


def timed(work: Callable[[], T]) -> tuple[T, float, float]:
    """What came of it, the seconds on the wall, and those of the processor."""
    wall, own = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - wall, time.process_time() - own


def span(path: Path, first: str, last: str, edits: int, print_: Callable[[str], None]) -> None:
    """One stretch of months: cold, then edited again and again."""
    with desk_on(path) as desk:
        _, wall, own = timed(lambda: desk.pricing.what_if(dearer(desk, 0), first, last))
        desk_again = [
            timed(lambda at=at: desk.pricing.what_if(dearer(desk, at), first, last))  # type: ignore[misc]
            for at in range(1, edits + 1)
        ]
        found = desk_again[-1][0]
        uses = uses_in(desk, first, last)
    print_(
        f"{first} to {last}: {uses:,} uses of {found.users:,} users\n"
        f"  first after opening  {wall:6.2f} s ({own:.2f})\n"
        f"  after another edit   {median(e[1] for e in desk_again):6.2f} s"
        f" ({median(e[2] for e in desk_again):.2f}), median of {edits}"
    )


def uses_in(desk: Desk, first: str, last: str) -> int:
    packs, months = Packs(), tuple(Month.parse(first).until(Month.parse(last)))
    with desk.office.reading() as work:
        return sum(int((packs.read(work.session, m).quantity > 0).sum()) for m in months)


def against_plain(path: Path, first: str, last: str, print_: Callable[[str], None]) -> None:
    """The same users by plain Python, one at a time: use by use the same, and how much slower."""
    months = tuple(Month.parse(first).until(Month.parse(last)))
    with desk_on(path) as desk, desk.office.reading(Act.WHAT_IF) as work:
        asked = what_if_asked.Asked(dearer(desk, 0), months, SAMPLE)
        terms, packs = what_if_asked.terms_of(work, asked), Packs()
        together = uses_of(what_if_together.tried(work, asked, packs))
        alone = uses_of(what_if_alone.one_by_one(work, asked))
        same = np.array_equal(together, alone)
        users = record.users_of(work.session, terms.start, terms.end, SAMPLE)
        starts = [opened(history, terms) for history in record.histories(work.session, users)]
        _, _, plain = timed(lambda: [replay_on(start, terms) for start in starts])
        whole = replace(asked, one_in=1)

        def everybody() -> int:
            return sum(len(uses.at) for uses in what_if_together.tried(work, whole, packs).uses)

        everybody()
        _, _, numbers = timed(everybody)
    refused = int((together[:, 8] == 0).sum())
    verdict = "the same use by use" if same else "NOT THE SAME"
    times = plain * SAMPLE / numbers
    print_(
        f"  plain Python, 1 in {SAMPLE} users: {len(alone):,} uses, {refused:,} refused, {verdict};"
        f" processor {plain * SAMPLE:.1f} s for all against {numbers:.2f}: {times:.1f} times"
    )


def longest_gap(work: Callable[[], object]) -> float:
    """The longest time between two ticks of a window's thread while ``work`` runs, in ms."""
    # The one of a window: whoever asks for one later in this process finds what they need.
    application = QApplication.instance() or QApplication(["whatif-speed"])
    ticks: list[float] = []
    timer = QTimer()
    timer.setInterval(TICK_MS)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    thread = threading.Thread(target=work)
    timer.start()
    thread.start()
    while thread.is_alive():
        application.processEvents()
        time.sleep(0.0005)
    timer.stop()
    thread.join()
    return max((b - a for a, b in pairwise(ticks)), default=0.0) * 1000


def gaps(path: Path, first: str, last: str, print_: Callable[[str], None]) -> None:
    """How long a window waits while a year is tried, and on this machine without it."""
    with desk_on(path) as desk:
        draft = dearer(desk, 1)
        _, seconds, _ = timed(lambda: desk.pricing.what_if(dearer(desk, 0), first, last))
        running = longest_gap(lambda: desk.pricing.what_if(draft, first, last))
        alone = longest_gap(lambda: time.sleep(seconds))
    print_(
        f"  longest gap of a {TICK_MS} ms tick: {running:.0f} ms;"
        f" with nothing running: {alone:.0f} ms"
    )


def measure(path: Path, month: str, year: tuple[str, str], edits: int = 5) -> list[str]:
    """Everything, from one run; what is printed."""
    said: list[str] = []

    def print_(text: str) -> None:
        said.append(text)
        print(text, flush=True)

    with desk_on(path) as desk:
        months = tuple(Month.parse(year[0]).until(Month.parse(year[1])))
        _, wall, own = timed(lambda: Packs().prepare(desk.office, months, lambda _done: None, None))
    print_(f"packing {len(months)} months, once: {wall:.1f} s ({own:.1f})")
    span(path, month, month, edits, print_)
    span(path, *year, edits, print_)
    against_plain(path, *year, print_)
    gaps(path, *year, print_)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print_(f"  memory at its peak, packing included: {peak:,.0f} MiB")
    return said


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--month", default="2025-08")
    parser.add_argument("--first", default="2024-12")
    parser.add_argument("--last", default="2025-11")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "whatif.db"
        if asked.file is None:
            demo.build(path, users=1_000_000, events=10_000_000)
        else:
            shutil.copyfile(asked.file, path)
        measure(path, asked.month, (asked.first, asked.last))
    return 0


if __name__ == "__main__":
    sys.exit(main())
