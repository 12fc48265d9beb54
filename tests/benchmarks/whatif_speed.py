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
from dataclasses import dataclass, replace
from itertools import pairwise
from multiprocessing import Process
from pathlib import Path
from statistics import median
from typing import TypeAlias, TypeVar

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app import Desk, open_desk
from app.domain.calendar import Month
from app.domain.policy import Bonus
from app.domain.prices import PriceList
from app.domain.replaying import opened, replay_on
from app.domain.staff import Act
from app.services import demo, what_if_alone, what_if_asked, what_if_together
from app.services.what_if_months import Packs
from app.storage import replay as record
from tests.storage.test_month_packs import uses_of

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

T = TypeVar("T")
DraftOf: TypeAlias = Callable[[Desk, int], PriceList]
Span: TypeAlias = tuple[str, str]
Print: TypeAlias = Callable[[str], None]
ADMIN = "mira@pixpretty.example"
SAMPLE = 50
TICK_MS = 5


@contextmanager
def desk_on(path: Path) -> Iterator[Desk]:
    with open_desk(path, staff=ADMIN, now=lambda: demo.PRESENT) as desk:
        yield desk


def bring_up_to_date(path: Path) -> None:
    """Open a file once, so that what an older one needs is done before anything is measured."""
    with desk_on(path):
        pass


def dearer(desk: Desk, edit: int) -> PriceList:
    """The list in force with every price up by 20 % and a little more with each edit."""
    base = desk.pricing.current().prices
    factor = 1.2 + edit / 100
    features = tuple(replace(f, credits=max(1, round(f.credits * factor))) for f in base.features)
    return replace(base, features=features)


def other_policy(desk: Desk, edit: int) -> PriceList:
    """The list in force with other allowances and bonuses, others again with each edit."""
    base = desk.pricing.current().prices
    policy = replace(
        base.policy,
        plans={**base.policy.plans, "free": 10, "plus": 150 + edit, "pro": 900},
        signup=Bonus(20 + edit, "P30D"),
        referral=Bonus(6, "P60D"),
    )
    return replace(base, policy=policy)


DRAFTS: dict[str, DraftOf] = {"prices": dearer, "policy": other_policy}


def cool(path: Path) -> None:
    """Let the machine forget what it has read of a file, so that it is read anew."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


def peak() -> str:
    """The most memory this process ever held."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB"


def timed(work: Callable[[], T]) -> tuple[T, float, float]:
    """What came of it, the seconds on the wall, and those of the processor."""
    wall, own = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - wall, time.process_time() - own


def span(path: Path, months: Span, kind: str, edits: int, print_: Print) -> None:
    """One stretch of months: cold, then edited again and again."""
    draft_of, (first, last) = DRAFTS[kind], months
    cool(path)
    with desk_on(path) as desk:
        _, wall, own = timed(lambda: desk.pricing.what_if(draft_of(desk, 0), first, last))
        again = []
        for edit in range(1, edits + 1):
            draft = draft_of(desk, edit)
            again.append(timed(lambda d=draft: desk.pricing.what_if(d, first, last)))  # type: ignore[misc]
        found, uses = again[-1][0], uses_in(desk, first, last)
    print_(
        f"{first} to {last}, a draft of {kind}: {uses:,} uses of {found.users:,} users\n"
        f"  from a cold file     {wall:6.2f} s ({own:.2f})\n"
        f"  after another edit   {median(e[1] for e in again):6.2f} s"
        f" ({median(e[2] for e in again):.2f}), median of {edits}"
    )


def uses_in(desk: Desk, first: str, last: str) -> int:
    packs, months = Packs(), tuple(Month.parse(first).until(Month.parse(last)))
    with desk.office.reading() as work:
        return sum(int((packs.read(work.session, m).quantity > 0).sum()) for m in months)


def against_plain(path: Path, span_: Span, kind: str, print_: Print) -> None:
    """The same users by plain Python, one at a time: use by use the same, and how much slower."""
    months = tuple(Month.parse(span_[0]).until(Month.parse(span_[1])))
    with desk_on(path) as desk, desk.office.reading(Act.WHAT_IF) as work:
        asked = what_if_asked.Asked(DRAFTS[kind](desk, 0), months, SAMPLE)
        terms, packs = what_if_asked.terms_of(work, asked), Packs()
        at_once, alone = (
            what_if_together.tried(work, asked, packs),
            what_if_alone.one_by_one(work, asked),
        )
        together = uses_of(at_once)
        same = np.array_equal(together, uses_of(alone)) and at_once.expired == alone.expired
        users = record.users_of(work.session, terms.start, terms.end, SAMPLE)
        starts = [opened(history, terms) for history in record.histories(work.session, users)]
        _, _, plain = timed(lambda: [replay_on(start, terms) for start in starts])
        whole = replace(asked, one_in=1)

        def everybody() -> int:
            return sum(len(uses.at) for uses in what_if_together.tried(work, whole, packs).uses)

        everybody()
        _, _, numbers = timed(everybody)
    refused = int((together[:, 8] == 0).sum())
    verdict = "the same use by use, and what expired" if same else "NOT THE SAME"
    times = plain * SAMPLE / numbers
    print_(
        f"  plain Python, 1 in {SAMPLE} users, a draft of {kind}: {len(together):,} uses,"
        f" {refused:,} refused, {verdict}; processor {plain * SAMPLE:.1f} s for all against"
        f" {numbers:.2f}: {times:.1f} times"
    )


@dataclass(frozen=True)
class Gap:
    """The longest time between two ticks of a window's thread, in ms.

    ``wall`` is by the clock on the wall; ``own`` by the processor: what this process itself did
    between two ticks, which is all that counts where others use the machine too.
    """

    wall: float
    own: float

    def __str__(self) -> str:
        return f"{self.wall:.0f} ms ({self.own:.0f})"


def longest_gap(work: Callable[[], object]) -> Gap:
    """How long a window's thread waits at most while ``work`` runs in another."""
    # The one of a window: whoever asks for one later in this process finds what they need.
    application = QApplication.instance() or QApplication(["whatif-speed"])
    ticks: list[tuple[float, float]] = []
    timer = QTimer()
    timer.setInterval(TICK_MS)
    timer.timeout.connect(lambda: ticks.append((time.perf_counter(), time.process_time())))
    thread = threading.Thread(target=work)
    timer.start()
    thread.start()
    while thread.is_alive():
        application.processEvents()
        time.sleep(0.0005)
    timer.stop()
    thread.join()
    pairs = list(pairwise(ticks))
    return Gap(
        max((b[0] - a[0] for a, b in pairs), default=0.0) * 1000,
        max((b[1] - a[1] for a, b in pairs), default=0.0) * 1000,
    )


def gaps(path: Path, months: Span, kind: str, print_: Print) -> None:
    """How long a window waits while a year is tried, and on this machine without it."""
    with desk_on(path) as desk:
        first, draft = DRAFTS[kind](desk, 0), DRAFTS[kind](desk, 1)
        _, seconds, _ = timed(lambda: desk.pricing.what_if(first, *months))
        running = longest_gap(lambda: desk.pricing.what_if(draft, *months))
        alone = longest_gap(lambda: time.sleep(seconds))
    print_(
        f"  longest gap of a {TICK_MS} ms tick, a draft of {kind}: {running};"
        f" with nothing running: {alone}"
    )


def pack(path: Path, months: Span, print_: Print) -> None:
    """Pack a stretch once: how long it takes, how much memory, and how long a window waits."""
    with desk_on(path) as desk:
        asked = tuple(Month.parse(months[0]).until(Month.parse(months[1])))
        times: list[tuple[bool, float, float]] = []

        def packing() -> None:
            made = timed(lambda: Packs().prepare(desk.office, asked, lambda _done: None, None))
            times.append(made)

        gap = longest_gap(packing)
    _, wall, own = times[0]
    print_(
        f"packing {len(asked)} months, once: {wall:.1f} s ({own:.1f}), memory at its peak {peak()},"
        f" longest gap of a tick {gap}"
    )


def measure(path: Path, month: str, year: Span, edits: int = 5) -> list[str]:
    """Everything, from one run; what is printed."""
    said: list[str] = []

    def print_(text: str) -> None:
        said.append(text)
        print(text, flush=True)

    pack(path, year, print_)
    for kind in DRAFTS:
        span(path, (month, month), kind, edits, print_)
        span(path, year, kind, edits, print_)
    print_(f"  memory at its peak, packing included: {peak()}")
    for kind in DRAFTS:
        gaps(path, year, kind, print_)
        against_plain(path, year, kind, print_)
    return said


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--month", default="2025-12")
    parser.add_argument("--first", default="2025-02")
    parser.add_argument("--last", default="2026-01")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "whatif.db"
        if asked.file is None:
            demo.build(path, users=1_000_000, events=10_000_000)
        else:
            shutil.copyfile(asked.file, path)
        # In a process of its own: what an older file needs to be brought up to date is not packing.
        first = Process(target=bring_up_to_date, args=(path,))
        first.start()
        first.join()
        measure(path, asked.month, (asked.first, asked.last))
    return 0


if __name__ == "__main__":
    sys.exit(main())
