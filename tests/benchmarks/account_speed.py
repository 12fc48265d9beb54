"""How soon an account is there: its data from the database, its first paint in the window.

``python -m tests.benchmarks.account_speed [--users N] [--events M] [--samples K] [--opened W]
[--file PATH]`` prints percentiles of one run. ``--file`` is a demo database that is copied; without
it one is made. Among the users is one with 10,000 uses, who is measured apart. Without a display.

The window is the program's own: accounts are opened one after the other while a tick of 5 ms runs
in its thread, and the longest gap between two ticks is how long that thread was held.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app import Desk, open_desk
from app.domain.calendar import Month
from app.domain.errors import AlreadyRegistered
from app.main import pages, standing
from app.services.demo import PRESENT, build
from app.ui import charts
from app.ui.background import Background
from app.ui.garbage import Collector
from app.ui.users.page import UsersPage
from app.ui.widgets.table import Table
from app.ui.window import Window

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PERSON = "mira@pixpretty.example"
HEAVY = "usr_heavy"
HEAVY_USES = 10_000
TICK_MS = 5
DATA_MS, PAINTED_MS, HELD_MS = 5, 60, 50
"""What is aimed at: the data of an account, its first paint, how long the window is ever held."""
NEVER = 0.0
PERCENTILES = ("p50", "p95", "p99", "worst")
CHEAP = ("remove_bg_single", "object_remover", "image_describer", "remove_bg_batch")


def present() -> datetime:
    """The clock of a demo."""
    return PRESENT


def add_heavy(desk: Desk, uses: int = HEAVY_USES) -> None:
    """Let one user of the demo have that many uses, over the last twenty months."""
    start = datetime(2025, 3, 2, tzinfo=UTC)
    try:
        desk.accounts.register(HEAVY, email="heavy@example.com", name="Heavy User", at=start)
    except AlreadyRegistered:
        return
    desk.accounts.change_plan(HEAVY, "pro", at=start)
    apart = (PRESENT - start) / (uses + 1)
    for number in range(uses):
        at = start + apart * (number + 1)
        desk.charging.charge(HEAVY, CHEAP[number % len(CHEAP)], key=f"heavy-{number}", at=at)


@contextmanager
def measured_desk(file: Path | None, users: int, events: int) -> Iterator[Desk]:
    """The desk over a copy of a demo of that size, its clock standing still."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "account.db"
        if file is not None:
            shutil.copyfile(file, path)
        else:
            build(path, users=users, events=events)
        started = time.perf_counter()
        with open_desk(path, staff=PERSON, now=present) as desk:
            add_heavy(desk)
            print(f"added a user with many uses in {time.perf_counter() - started:.1f} s")
            yield desk


def some_users(desk: Desk, wanted: int) -> list[str]:
    """Users drawn by chance, the same each time."""
    chance = random.Random(22)
    with desk.office.database.reading() as session:
        last = session.value("SELECT max(id) FROM user")
        found: list[str] = []
        while len(found) < wanted:
            row = session.one("SELECT user_id FROM user WHERE id = ?", (chance.randint(1, last),))
            found += [row[0]] if row else []
    return found


# The data ---------------------------------------------------------------------------------------


def questions(desk: Desk) -> dict[str, Callable[[str], object]]:
    """What an account asks: each by itself, and all of it as the window does."""
    accounts, last = desk.accounts, Month.of("2026-11")
    first = last.plus(-11)
    return {
        "balance, grants": accounts.account,
        "last 50 entries": lambda user: accounts.ledger(user, limit=50),
        "usage, 12 months": lambda user: accounts.usage(user, first, last),
        "proof": accounts.proof,
        "50 uses of a feature": lambda user: accounts.ledger(user, feature="object_remover"),
        "50 of a month": lambda user: accounts.ledger(user, month=last.plus(-3)),
        "whole sheet": desk.sheets.of,
    }


@dataclass(frozen=True)
class Taken:
    """Milliseconds that went by, and milliseconds of work: other programs cost the first alone."""

    passed: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)

    def add(self, passed: float, worked: float) -> None:
        """Seconds of one more."""
        self.passed.append(passed * 1000)
        self.worked.append(worked * 1000)


def timed(ask: Callable[[str], object], users: Sequence[str]) -> Taken:
    """What each of these users took."""
    taken = Taken()
    for user in users:
        passed, worked = time.perf_counter(), time.thread_time()
        ask(user)
        taken.add(time.perf_counter() - passed, time.thread_time() - worked)
    return taken


def said(name: str, taken: Taken, target: float | None = None, *, worst: bool = False) -> str:
    """One line of percentiles: of the time that passed, then of the work in it; and the target."""
    line = (
        f"{name:34} {len(taken.passed):6,}  passed {percentiles(taken.passed)}"
        f"   worked {percentiles(taken.worked)}"
    )
    aim = "" if target is None else f"   target {'worst' if worst else 'p95'} {target:.0f} ms"
    return line + aim


def percentiles(values: Sequence[float]) -> str:
    """The middle, 95 of 100, 99 of 100 and the worst."""
    ordered = sorted(values)
    last = len(ordered) - 1
    found = (ordered[min(last, int(len(ordered) * at))] for at in (0.95, 0.99, 1.0))
    shown = [statistics.median(ordered), *found]
    return " ".join(f"{name}{ms:7.2f}" for name, ms in zip(PERCENTILES, shown, strict=True))


# The window -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opened:
    """What opening accounts took until they were painted, and the gaps of the tick meanwhile."""

    painted: Taken
    gaps: Taken


class Watch:
    """A tick in the window's thread, and when the entries now in the ledger were painted.

    That is when the window has painted all that was to be painted with them, not when it began.
    """

    def __init__(self, window: QWidget, ledger: Table[Any]) -> None:
        self.painted = NEVER
        self._ticks: list[tuple[float, float]] = []
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TICK_MS)
        self._timer.timeout.connect(
            lambda: self._ticks.append((time.perf_counter(), time.thread_time()))
        )
        self._eye = _Eye(window, ledger.viewport(), self)
        ledger.rows.modelReset.connect(partial(setattr, self, "painted", NEVER))
        self._timer.start()

    def stop(self) -> Taken:
        """The gaps between the ticks."""
        self._timer.stop()
        gaps = Taken()
        for early, late in itertools.pairwise(self._ticks):
            gaps.add(late[0] - early[0], late[1] - early[1])
        return gaps


class _Eye(QObject):
    """Notes when the painting of the window that a view was part of was over."""

    def __init__(self, window: QWidget, view: QWidget, watch: Watch) -> None:
        super().__init__(window)
        self._window, self._view, self._watch = window, view, watch
        self._painting = self._met = False
        for widget in (window, view):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and watched is self._view:
            self._met = True
        whole = event.type() == QEvent.Type.UpdateRequest and watched is self._window
        if not whole or self._painting:
            return False
        self._painting, self._met = True, False
        QApplication.sendEvent(watched, event)
        self._painting = False
        if self._met:
            self._watch.painted = time.perf_counter()
        return True


def until(reached: Callable[[], bool]) -> None:
    """Let the window live until something is reached."""
    end = time.monotonic() + 60
    while not reached():
        QApplication.processEvents()
        if time.monotonic() > end:
            message = "The window did not get ready within a minute."
            raise TimeoutError(message)


def open_accounts(window: Window, users: Sequence[str], *, quickly: bool) -> Opened:
    """Open these one after the other; ``quickly`` goes on once the entries are painted."""
    window.open_page("users")
    page = window.page
    assert isinstance(page, UsersPage)
    until(lambda: page.shown.phase == "ready" and not window.background.busy)
    watch, painted = Watch(window, page.account.ledger.table), Taken()
    for user in users:
        painted.add(*_opened(page, user, watch))
        until(lambda: quickly or not window.background.busy)
        QApplication.processEvents()
    return Opened(painted, watch.stop())


def _opened(page: UsersPage, user: str, watch: Watch) -> tuple[float, float]:
    """Seconds until the account of a user was painted, and of work of the window's thread."""
    passed, worked = time.perf_counter(), time.thread_time()
    watch.painted = NEVER
    page.open_user(user)
    until(
        lambda: (
            page.shown.phase == "ready" and page.shown.user_id == user and watch.painted != NEVER
        )
    )
    return watch.painted - passed, time.thread_time() - worked


@contextmanager
def opened_window(desk: Desk) -> Iterator[Window]:
    """The program's window over a desk, offscreen, with what draws charts loaded."""
    application = QApplication.instance() or QApplication(["account-speed"])
    charts.warm_up()
    window = Window(
        desk=desk,
        background=Background(),
        now=desk.now,
        zone=ZoneInfo(desk.zone),
        pages=pages(),
        standing=standing(desk),
    )
    collector = Collector(window)
    try:
        window.resize(1440, 900)
        window.show()
        yield window
    finally:
        collector.stop()
        window.close()
        window.deleteLater()
        application.processEvents()


def main() -> None:
    """Print the percentiles."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--samples", type=int, default=2_000)
    parser.add_argument("--opened", type=int, default=200)
    parser.add_argument("--file", type=Path, default=None)
    asked = parser.parse_args()
    with measured_desk(asked.file, asked.users, asked.events) as desk:
        users = some_users(desk, asked.samples)
        for name, ask in questions(desk).items():
            print(said(name, timed(ask, users), DATA_MS))
        for name, ask in questions(desk).items():
            print(said(f"{name}, 10,000 uses", timed(ask, [HEAVY] * 50)))
        with opened_window(desk) as window:
            for quickly, how in ((False, "one by one"), (True, "without waiting")):
                opened = open_accounts(window, [*users[: asked.opened], HEAVY], quickly=quickly)
                print(said(f"painted, {how}", opened.painted, PAINTED_MS))
                print(said(f"held the window, {how}", opened.gaps, HELD_MS, worst=True))


if __name__ == "__main__":
    main()
