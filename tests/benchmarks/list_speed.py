"""How quickly the list of users opens, jumps, sorts and exports, among a million users.

``python -m tests.benchmarks.list_speed [--users N] [--file PATH] [--jumps J]`` opens the window
without a display, over a file of its own or a copy of PATH, and prints from one run: the time to
the first painted rows and the memory beyond a window over an empty database, the time a jump to
any place takes until its rows are painted, that of a keystroke, and the longest gap of a 5 ms tick
in the window's thread while each of these runs, an export of everybody included. Beside each time
stands what of it the window's thread worked itself: on a computer that is busy with something else
the rest is waiting for a processor.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject

if TYPE_CHECKING:
    from app.ui.users.page import UsersPage

STAFF = "ana@pixpretty.example"
TICK_MS = 5
PATIENCE_S = 900
OPENED_MS, MEMORY_MIB, JUMP_MS, KEY_MS, HELD_MS = 100, 40, 50, 40, 50
"""What is aimed at: the first rows, the memory beyond an empty list, a jump, a key, any gap."""
SORTS = ("name", "registered_at", "available", "next_expiry", "email")


@dataclass
class Figures:
    """What one window was measured at; times in milliseconds, memory in MiB."""

    users: int = 0
    opened: float = 0.0
    memory: float = 0.0
    counted: float = 0.0
    jumps: list[float] = field(default_factory=list)
    far_jumps: list[float] = field(default_factory=list)
    keystrokes: list[float] = field(default_factory=list)
    sorts: dict[str, float] = field(default_factory=dict)
    gaps: dict[str, tuple[float, float]] = field(default_factory=dict)
    worked: list[float] = field(default_factory=list)
    exported: float = 0.0


class Tick:
    """A tick every 5 ms in the window's thread, and the longest it was kept waiting."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._begin()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._ticked)
        self._timer.start(TICK_MS)

    def _begin(self) -> None:
        self._last, self._last_worked = time.perf_counter(), time.thread_time()
        self.longest = self.worked = 0.0

    def _ticked(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        self.longest = max(self.longest, (now - self._last) * 1000)
        self.worked = max(self.worked, (worked - self._last_worked) * 1000)
        self._last, self._last_worked = now, worked

    @contextmanager
    def over(self, name: str, into: dict[str, tuple[float, float]]) -> Iterator[None]:
        """Note the longest gap, and the most work in one, while something runs."""
        wait(lambda: True)
        self._begin()
        yield
        wait(lambda: True)
        into[name] = (self.longest, self.worked)

    def stop(self) -> None:
        self._timer.stop()


def wait(until: Callable[[], bool]) -> float:
    """Let the window work until something holds; how long that took, in milliseconds."""
    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QApplication

    started = time.perf_counter()
    while True:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 2)
        if until():
            return (time.perf_counter() - started) * 1000
        if time.perf_counter() - started > PATIENCE_S:
            raise TimeoutError("The list did not get ready.")
        time.sleep(0.001)


class FirstPaint(QObject):
    """When the list was first painted to the end with rows in it, by the clock of measures."""

    def __init__(self, page: UsersPage) -> None:
        super().__init__(page)
        self.at = 0.0
        self._page = page
        page.people.view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Paint in its place, to see the end of it."""
        if event.type() != QEvent.Type.Paint or self.at or not in_view(self._page):
            return False
        watched.removeEventFilter(self)
        QCoreApplication.sendEvent(watched, event)
        if loaded(self._page):
            self.at = time.perf_counter()
        else:
            watched.installEventFilter(self)
        return True


def memory() -> float:
    """The memory of this process that is in use, in MiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def in_view(page: UsersPage) -> Sequence[int]:
    """The places of the rows in view."""
    view = page.people.view
    if not view.rows.rowCount():
        return range(0)
    first, last = view.rowAt(0), view.rowAt(view.viewport().height() - 1)
    return range(first, (last if last >= 0 else view.rows.rowCount() - 1) + 1)


def loaded(page: UsersPage) -> bool:
    """Whether every row in view is here."""
    rows = page.people.view.model_rows
    return all(rows.peek(at) is not None for at in in_view(page))


def painted(page: UsersPage) -> float:
    """Wait until the rows in view are here and painted; how long that took, in milliseconds."""
    from PySide6.QtWidgets import QApplication

    started = time.perf_counter()
    wait(lambda: loaded(page))
    # What came with the last answer is painted in this turn, if it was not in the one before.
    QApplication.processEvents()
    return (time.perf_counter() - started) * 1000


def jumped(page: UsersPage, number: int) -> float:
    """How long a jump to a place takes until its rows are painted."""
    started = time.perf_counter()
    bar = page.people.view.verticalScrollBar()
    bar.setValue(round(bar.maximum() * number / max(1, page.people.view.rows.rowCount())))
    painted(page)
    return (time.perf_counter() - started) * 1000


def typed(page: UsersPage, text: str) -> float:
    """How long a text in the search field takes from asking until its rows are painted."""
    started = time.perf_counter()
    page.search(text)
    wait(lambda: page.state.query.text == text and page.state.phase in {"ready", "empty"})
    painted(page)
    return (time.perf_counter() - started) * 1000


def sorted_by(page: UsersPage, key: str) -> float:
    """How long a click on a header takes until the rows are painted."""
    from dataclasses import replace

    started = time.perf_counter()
    query = replace(page.state.query, order=key, descending=key == "available")
    page.show_query(query)
    wait(lambda: page.state.query == query and page.state.phase == "ready")
    painted(page)
    return (time.perf_counter() - started) * 1000


def measure(file: Path, jumps: int, out: Path) -> Figures:
    """Open the window over a file and use its list; the figures of it."""
    from app.ui.pictures import application, prepare

    prepare()
    application()
    from zoneinfo import ZoneInfo

    from app import open_desk
    from app.ui.background import Background
    from app.ui.garbage import Collector
    from app.ui.page import Page, PageEntry
    from app.ui.users.page import UsersPage
    from app.ui.window import Standing, Window

    def build(frame: Any) -> Page:
        return UsersPage(frame)

    found = Figures()
    with open_desk(file, staff=STAFF) as desk:
        window = Window(
            desk=desk, background=Background(), now=desk.now, zone=ZoneInfo(desk.zone),
            pages=[PageEntry("users", "Users", "users", "", build)],
            standing=Standing("credits.db", writable=True, person="Ana", role="Admin"),
        )  # fmt: skip
        window.resize(1440, 900)
        # The table has no account beside it, whose charts would be measured too.
        window.kept.remember("pages/users/shape", "table")
        window.show()
        window.build_all()
        collector = Collector(window)
        wait(lambda: True)
        tick = Tick()
        before = memory()
        with tick.over("open", found.gaps):
            started = time.perf_counter()
            window.start()
            page = window.page
            assert isinstance(page, UsersPage)
            first = FirstPaint(page)
            wait(lambda: page.state.phase == "empty" or first.at > 0)
            found.opened = ((first.at or time.perf_counter()) - started) * 1000
            found.counted = wait(lambda: page.state.total is not None) + found.opened
        wait(lambda: not window.background.busy)
        found.users, found.memory = page.state.total or 0, memory() - before
        if found.users:
            use(page, jumps, tick, found, out)
        tick.stop()
        collector.stop()
        window.close()
    return found


def use(page: UsersPage, jumps: int, tick: Tick, found: Figures, out: Path) -> None:
    """Jump, type, sort and export as somebody would who is in a hurry."""
    chance, view = random.Random(3), page.people.view
    frame = page.frame
    with tick.over("jump", found.gaps):
        for _ in range(jumps):
            worked = time.thread_time()
            found.jumps.append(jumped(page, chance.randrange(found.users)))
            found.worked.append((time.thread_time() - worked) * 1000)
    with tick.over("last", found.gaps):
        for at in (found.users - 1, 0) * 5:
            found.far_jumps.append(jumped(page, at))
    with tick.over("type", found.gaps):
        for name in ("mira", "emma sa", "PIX-7", "haddad", "x9", "example.org"):
            for end in range(1, len(name) + 1):
                found.keystrokes.append(typed(page, name[:end]))
        typed(page, "")
    with tick.over("sort", found.gaps):
        for key in SORTS:
            found.sorts[key] = sorted_by(page, key)
        sorted_by(page, "")
    with tick.over("select", found.gaps):
        wait(lambda: page.state.count is not None)
        view.selectAll()
        view.copy()
        wait(lambda: not frame.background.busy)
        view.pick_current()
    with tick.over("export", found.gaps):
        started = time.perf_counter()
        page.acts.save_people(str(out))
        wait(lambda: not frame.background.busy)
        found.exported = (time.perf_counter() - started) * 1000


def in_a_process(file: Path, jumps: int) -> Figures:
    """The figures of a process of its own, so that nothing before is in its memory."""
    done = subprocess.run(
        [sys.executable, "-m", __spec__.name, "--measure", str(file), "--jumps", str(jumps)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return Figures(**json.loads(done.stdout.splitlines()[-1]))


def said(name: str, taken: Sequence[float], target: int | None = None) -> str:
    """Percentiles in a line, and what the 95th of 100 is to stay under."""
    ordered = sorted(taken)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return (
        f"{name:12} {len(ordered):5,} times  p50 {statistics.median(ordered):7.1f} ms"
        f"  p95 {p95:7.1f} ms  worst {ordered[-1]:7.1f} ms"
        + (f"  target p95 {target} ms" if target else "")
    )


def report(full: Figures, empty: Figures) -> Iterator[str]:
    """What was measured, in lines."""
    yield f"{full.users:,} users; an empty list opens in {empty.opened:.0f} ms"
    yield (
        f"open         first rows painted {full.opened:.0f} ms, counted {full.counted:.0f} ms,"
        f" {full.memory - empty.memory:+.1f} MiB beyond the empty"
        f"  target {OPENED_MS} ms, {MEMORY_MIB} MiB"
    )
    yield said("jump", full.jumps, JUMP_MS)
    yield said("  own work", full.worked)
    yield said("end to end", full.far_jumps, JUMP_MS)
    yield said("keystroke", full.keystrokes, KEY_MS)
    for key, taken in full.sorts.items():
        yield f"sort         by {key}: {taken:.0f} ms"
    rate = full.users / full.exported * 1000
    yield f"export       {full.exported / 1000:.1f} s, {rate:,.0f} users a second"
    gaps = ", ".join(f"{name} {gap:.0f} ({own:.0f})" for name, (gap, own) in full.gaps.items())
    name = f"longest gap of a {TICK_MS} ms tick, and most own work in one"
    yield f"{name}: {gaps} ms  target {HELD_MS} ms"


def run(file: Path, jumps: int) -> list[str]:
    """Measure a file, and an empty one beside it."""
    from app import open_desk

    nothing = file.with_name("nothing.db")
    open_desk(nothing, staff=STAFF).close()
    empty = in_a_process(nothing, jumps)
    return list(report(in_a_process(file, jumps), empty))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=1_000_000)
    parser.add_argument("--jumps", type=int, default=200)
    parser.add_argument("--file", type=Path, default=None, help="a database; a copy of it is used")
    parser.add_argument("--measure", type=Path, default=None, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure is not None:
        out = asked.measure.with_name("exported.csv")
        print(json.dumps(asdict(measure(asked.measure, asked.jumps, out))))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "credits.db"
        if asked.file is not None:
            shutil.copyfile(asked.file, path)
        else:
            from tests.benchmarks.search_speed import fill

            fill(path, asked.users)
        for line in run(path, asked.jumps):
            print(line)


if __name__ == "__main__":
    main()
