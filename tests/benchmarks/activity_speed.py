"""How quick the audit record is to look through, and how quick its chain is proved.

``python -m tests.benchmarks.activity_speed [--records N] [--rounds R] [--file PATH]`` makes a
database with N records and prints from one run: how long the first rows of a list take (all, by a
filter, by a fragment that many records have, few, or none, sorted by who, what and on whom) and how
long until all are counted, or in order; a jump to any place; the same in a window without a display
until rows are painted, with the longest gap of a 5 ms tick in the window's thread; and how many
records a second are proved, against a plain SHA-256 over the same bytes. Beside each time stands
what the processor worked: on a busy computer the rest is waiting for one.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from app import open_desk
from app.desk import Desk
from app.domain.activity import STEP, ActivityQuery, Listing
from app.domain.audit import sealed, written
from app.storage import building
from tests.benchmarks import list_speed
from tests.benchmarks.list_speed import wait

STAFF = "ana@pixpretty.example"
START_MS = 1_640_995_200_000  # 2022
APART_MS = 120_000
PEOPLE = [f"{name}@pixpretty.example" for name in ("ana", "leon", "sam", "mira", "priya")]
ACTS = ("issue credits", "refund", "claim a request", "resolve a request", "note", "change plan")
PAINTED = 30
SORTED_BY = (1, 2, 3)
"""The columns Who, What and On whom."""
RARE = "ZD-9007"
QUERIES = {
    "all": ActivityQuery(),
    "who": ActivityQuery(staff=PEOPLE[1]),
    "what": ActivityQuery(act="refund"),
    "what, rare": ActivityQuery(act="make the database"),
    "on what": ActivityQuery(kind="request"),
    "on whom": ActivityQuery(subject=("user", "usr_77")),
    "a month": ActivityQuery(first=date(2023, 3, 1), last=date(2023, 3, 31)),
    "text, many": ActivityQuery(text="generation"),
    "text, few": ActivityQuery(text=RARE.lower()),
    "text, none": ActivityQuery(text="nobody wrote this"),
    "text + who": ActivityQuery(text=RARE, staff=PEOPLE[1]),
    "sorted by who": ActivityQuery(order="staff", descending=False),
    "sorted by what": ActivityQuery(order="act", descending=False),
    "sorted by whom": ActivityQuery(order="subject", descending=False),
    "turned by whom": ActivityQuery(order="subject"),
    "who, by whom": ActivityQuery(staff=PEOPLE[1], order="subject", descending=False),
    "many, by what": ActivityQuery(text="generation", order="act", descending=False),
    "few, by what": ActivityQuery(text=RARE, order="act", descending=False),
}
Taken = tuple[float, float]
"""Milliseconds that passed, and what of them the processor worked."""


def acts(count: int) -> Iterator[building.Act]:
    """So many made-up acts, the same every time."""
    chance = random.Random(5)
    for number in range(count):
        act = chance.choice(ACTS)
        user = f"usr_{chance.randrange(100_000)}"
        ticket = f"ZD-{chance.randrange(max(10_000, count // 20))}"
        subject = ("request", str(number // 2)) if "request" in act else ("user", user)
        before = {"plan": "free"} if act == "change plan" else {}
        after = {
            "credits": chance.randrange(1, 100), "grant": number, "ticket": ticket, "user": user,
            "note": "Job failed twice, gave the credits back", "state": "granted",
        }  # fmt: skip
        at = START_MS + number * APART_MS
        yield at, chance.choice(PEOPLE), act, subject, "failed_generation", before, after


def fill(path: Path, count: int) -> float:
    """Make a database with so many records more; how many came in a second."""
    open_desk(path, staff=STAFF, now=lambda: datetime(2022, 1, 1, tzinfo=UTC)).close()
    started = time.perf_counter()
    with building.filling(path) as session:
        building.add_audit(session, acts(count))
    return count / (time.perf_counter() - started)


def timed(work: Callable[[], object]) -> Taken:
    passed, worked = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - passed) * 1000, (time.process_time() - worked) * 1000


def looked(desk: Desk, query: ActivityQuery) -> tuple[Taken, Taken, int]:
    """How long the first rows took, and the whole count, of so many records."""
    first: list[Taken] = []
    passed, worked = time.perf_counter(), time.process_time()

    def told(listing: Listing) -> None:
        if listing.count and not first:
            first.append(since())

    def since() -> Taken:
        return (time.perf_counter() - passed) * 1000, (time.process_time() - worked) * 1000

    listing = desk.activity.listing(query, told=told)
    whole = since()
    return (first or [whole])[0], whole, listing.count


def jumps(desk: Desk, query: ActivityQuery, rounds: int) -> list[Taken]:
    """How long a jump to any place of a list takes, its keys known."""
    listing, chance = desk.activity.listing(query), random.Random(2)

    def jump(place: int) -> Taken:
        if not query.by_time:
            numbers = listing.numbers[place : place + STEP]
            return timed(lambda: desk.activity.records(numbers))
        key = listing.keys[place // STEP]
        return timed(
            lambda: desk.activity.page(query, before=key + 1, limit=STEP, skip=place % STEP)
        )

    return [jump(chance.randrange(listing.count)) for _ in range(rounds)]


def said(name: str, taken: Sequence[Taken]) -> str:
    """Percentiles in a line."""
    passed, worked = sorted(one for one, _ in taken), sorted(one for _, one in taken)
    at = min(len(passed) - 1, int(len(passed) * 0.95))
    return (
        f"{name:22} p50 {statistics.median(passed):7.1f} ms  p95 {passed[at]:7.1f} ms"
        f"  worked p50 {statistics.median(worked):7.1f}  p95 {worked[at]:7.1f}"
    )


def questions(desk: Desk, rounds: int) -> Iterator[str]:
    """What the questions of the page take."""
    for name, query in QUERIES.items():
        found = [looked(desk, query) for _ in range(rounds)]
        yield said(f"{name}: first rows", [first for first, _, _ in found])
        yield said(f"{'':{len(name)}}  all {found[0][2]:,}", [whole for _, whole, _ in found])
    for name in ("all", "who", "text, many", "sorted by whom", "many, by what"):
        yield said(f"{name}: jump", jumps(desk, QUERIES[name], rounds * 10))
    yield said("choices", [timed(desk.activity.choices) for _ in range(rounds)])


def proof(desk: Desk) -> Iterator[str]:
    """How many records a second are proved, and hashed by a loop that does nothing else."""
    count = desk.activity.head().record
    passed, worked = timed(desk.activity.prove)
    rows = [
        (one.id, one.staff, one.act, one.subject, one.why, written(one.before), written(one.after))
        for chunk in desk.activity.every()
        for one in chunk
    ]
    texts = [repr(row).encode() for row in rows]

    def plain() -> None:
        for text in texts:
            hashlib.sha256(text).hexdigest()

    def bare() -> None:
        for row in rows:
            sealed("0" * 64, row)

    plain_passed, plain_worked = timed(plain)
    bare_passed, bare_worked = timed(bare)
    yield (
        f"verify                 {count / passed * 1000:,.0f} records a second"
        f" ({passed / 1000:.1f} s, {worked / 1000:.1f} s worked)"
    )
    yield (
        f"  of plain sha256      {plain_worked / worked:.2f}"
        f" ({count / plain_passed * 1000:,.0f} a second)"
    )
    yield (
        f"  of sealing in memory {bare_worked / worked:.2f}"
        f" ({count / bare_passed * 1000:,.0f} a second)"
    )


def in_a_window(desk: Desk) -> Iterator[str]:
    """What a person waits for until rows are painted."""
    from app.ui.pictures import application, prepare

    prepare()
    application()
    from zoneinfo import ZoneInfo

    from app.ui.activity.page import ActivityPage
    from app.ui.background import Background
    from app.ui.page import Page, PageEntry
    from app.ui.window import Standing, Window

    def build(frame: Any) -> Page:
        return ActivityPage(frame)

    window = Window(
        desk=desk, background=Background(), now=desk.now, zone=ZoneInfo(desk.zone),
        pages=[PageEntry("activity", "Activity", "history", "", build)],
        standing=Standing("credits.db"),
    )  # fmt: skip
    window.resize(1440, 900)
    window.show()
    page: Any = window.build_all()["activity"]
    wait(lambda: True)
    tick = list_speed.Tick()
    gaps: dict[str, tuple[float, float]] = {}
    with tick.over("open", gaps):
        passed = timed(lambda: _opened(window, page))
        whole = timed(lambda: wait(lambda: not window.background.busy))
    yield said("window: first rows", [passed])
    yield said("        counted", [(passed[0] + whole[0], passed[1] + whole[1])])
    chance, bar = random.Random(3), page.table.verticalScrollBar()

    def jump() -> None:
        bar.setValue(chance.randrange(max(1, bar.maximum())))
        _painted(page)

    with tick.over("jump", gaps):
        yield said("window: jump", [timed(jump) for _ in range(PAINTED)])
    with tick.over("sort", gaps):
        for section in SORTED_BY:
            column = page.table.rows.columns[section].title
            yield said(f"window: sort by {column}", [timed(partial(_sorted, page, section))])
            wait(lambda: not window.background.busy)
    with tick.over("jump sorted", gaps):
        yield said("window: jump, sorted", [timed(jump) for _ in range(PAINTED)])
    with tick.over("news, sorted", gaps):
        desk.accounts.register("usr_new", email="new@b.example", name="New")
        yield said("window: news, sorted", [timed(lambda: _heard(window))])
    for _ in ("oldest", "newest"):
        _sorted(page, 0)
    wait(lambda: not window.background.busy)
    with tick.over("search", gaps):
        for text in ("generation", RARE, "nobody wrote this"):
            yield said(f"window: “{text[:12]}”", [timed(partial(_typed, page, text))])
            wait(lambda: not window.background.busy)
    told = ", ".join(f"{name} {gap:.0f} ({own:.0f})" for name, (gap, own) in gaps.items())
    yield f"longest gap of a {list_speed.TICK_MS} ms tick, and most own work in one: {told} ms"
    tick.stop()
    window.close()


def _opened(window: Any, page: Any) -> None:
    window.start()
    _painted(page)


def _typed(page: Any, text: str) -> None:
    from app.ui.activity import state

    page.show_query(state.with_text(page.state.query, text))
    wait(lambda: page.state.phase in {"ready", "empty"})
    _painted(page)


def _sorted(page: Any, section: int) -> None:
    page.table.header_of().wanted.emit(section)
    _painted(page)


def _heard(window: Any) -> None:
    window.heard({"accounts"})
    wait(lambda: not window.background.busy)


def _painted(page: Any) -> None:
    from PySide6.QtWidgets import QApplication

    table = page.table

    def here() -> bool:
        if page.state.phase == "loading":
            return False
        last = table.rowAt(table.viewport().height() - 1)
        last = last if last >= 0 else table.rows.rowCount() - 1
        return all(
            table.model_rows.peek(at) is not None for at in range(max(0, table.rowAt(0)), last + 1)
        )

    wait(here)
    QApplication.processEvents()


def run(path: Path, rounds: int) -> Iterator[str]:
    """Every figure of a file."""
    with open_desk(path, staff=STAFF) as desk:
        yield f"{desk.activity.head().record:,} records, {path.stat().st_size / 1e6:,.0f} MB"
        yield from questions(desk, rounds)
        yield from in_a_window(desk)
        yield from proof(desk)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--file", type=Path, default=None, help="keep the database here")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = asked.file or Path(folder) / "activity.db"
        if not path.exists():
            print(f"filled at {fill(path, asked.records):,.0f} records a second")
        for line in run(path, asked.rounds):
            print(line)


if __name__ == "__main__":
    main()
