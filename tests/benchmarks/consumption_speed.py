"""How soon consumption is there: its figures from the database, and its page in the window.

``python -m tests.benchmarks.consumption_speed [--users N] [--events M] [--samples K] [--late L]
[--months 36] [--raw R] [--file PATH]`` prints ratios and times of one run. ``--file`` is a demo
database that is copied (``python -m app demo FILE --users N --events M --months 36`` makes one);
without it one is made that goes back so many months. Without a display.

What the program answers is set against ``GROUP BY`` over the raw rows, in the same run and the same
file. ``--late`` uses are recorded first, so that the running month has some that are not kept yet.
Beside the time that passed stands the work of the thread: on a busy computer the first says little.
What is on screen is set against the columns alone, drawn by pyqtgraph without a page around them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pyqtgraph as pg
from PySide6.QtWidgets import QApplication

from app import Desk, open_desk
from app.domain.calendar import Month
from app.services.demo import MONTHS, PRESENT, build
from app.storage.consumption import month_expression
from app.storage.engine import Session
from app.ui.consumption.page import ConsumptionPage
from app.ui.window import Window
from tests.benchmarks.account_speed import NEVER, Watch, opened_window, present, until

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PERSON = "mira@pixpretty.example"
RUNNING = Month(PRESENT.year, PRESENT.month)
FEATURE = "nano_banana_1k"


@contextmanager
def measured_desk(file: Path | None, users: int, events: int, months: int) -> Iterator[Desk]:
    """The desk over a copy of a demo of that size, its clock standing still."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "consumption.db"
        if file is not None:
            shutil.copyfile(file, path)
        else:
            build(path, users=users, events=events, months=max(months, MONTHS))
        with open_desk(path, staff=PERSON, now=present) as desk:
            yield desk


class Taken:
    """Milliseconds that passed, and milliseconds of work of the thread, of some samples."""

    def __init__(self) -> None:
        self.passed: list[float] = []
        self.worked: list[float] = []

    def time(self, act: Callable[[], object], times: int = 1) -> Taken:
        """Take samples; returns itself."""
        for _ in range(times):
            passed, worked = time.perf_counter(), time.thread_time()
            act()
            self.passed.append((time.perf_counter() - passed) * 1000)
            self.worked.append((time.thread_time() - worked) * 1000)
        return self

    @property
    def usual(self) -> float:
        """The middle of the work."""
        return statistics.median(self.worked)


def say(name: str, taken: Taken, target: str = "", raw: Taken | None = None) -> None:
    """One line: the middle and the worst, what was aimed at, and how much quicker than raw."""
    times = "" if raw is None else f"   {raw.usual / taken.usual:9,.0f} times faster than raw"
    print(
        f"{name:44} passed {statistics.median(taken.passed):9.2f} (worst {max(taken.passed):9.2f})"
        f"   worked {taken.usual:9.2f} (worst {max(taken.worked):9.2f}) ms   {target:12}{times}",
        flush=True,
    )


def record_late(desk: Desk, count: int) -> None:
    """Record uses of this month that nobody has counted yet."""
    with desk.office.database.reading() as session:
        rows = session.run("SELECT user_id FROM user WHERE id % 7 = 3 LIMIT ?", (count,))
        users = [user for (user,) in rows]
    for number, user in enumerate(users):
        desk.charging.charge(user, "export_image", key=f"late-{number}")


# The figures ------------------------------------------------------------------------------------


def raw_questions(desk: Desk, months: tuple[Month, ...]) -> dict[str, tuple[str, tuple[int, ...]]]:
    """The same figures from the raw rows, as one would ask without anything kept."""
    calendar = desk.office.calendar
    span = calendar.start_ms(months[0]), calendar.start_ms(months[-1].next)
    last = calendar.start_ms(months[-1]), span[1]
    month = month_expression(months, calendar)
    inside = "available IS NULL AND occurred_at >= ? AND occurred_at < ?"
    return {
        "chart": (
            f"SELECT {month}, feature, sum(credits) FROM charge WHERE {inside} GROUP BY 1, 2",
            span,
        ),
        "users": (
            (
                f"SELECT {month}, feature, count(DISTINCT user) FROM charge WHERE {inside}"
                " GROUP BY 1, 2"
            ),
            span,
        ),
        "drill": (
            (
                "SELECT user, sum(credits) FROM charge WHERE feature ="
                f" (SELECT id FROM feature WHERE key = '{FEATURE}') AND {inside}"
                " GROUP BY user ORDER BY 2 DESC, 1 LIMIT 100"
            ),
            last,
        ),
    }


def rows_of(session: Session, sql: str, values: tuple[int, ...]) -> list[object]:
    """The rows of a query."""
    rows: list[object] = session.run(sql, values).fetchall()
    return rows


def measure_figures(desk: Desk, months: tuple[Month, ...], samples: int, raw_times: int) -> None:
    """What the database is asked for, kept and raw."""
    first, last = months[0], months[-1]
    counting = desk.consumption

    def monthly(measure: str, by: str = "feature") -> Callable[[], object]:
        return lambda: counting.monthly(first, last, by=by, measure=measure, top=7)

    def drill(keys: str, by: str = "feature") -> Callable[[], object]:
        return lambda: counting.drill(last, keys, by)

    raw = {}
    with desk.office.database.reading() as session:
        for name, (sql, values) in raw_questions(desk, months).items():
            raw[name] = Taken().time(partial(rows_of, session, sql, values), raw_times)
            say(f"raw: {name}", raw[name])
    say("users, the very first time", Taken().time(monthly("users")))
    for measure in ("credits", "uses", "refused", "refunded"):
        say(f"chart, {measure}", Taken().time(monthly(measure), samples), "< 2 ms", raw["chart"])
    say("chart, by plan", Taken().time(monthly("credits", "plan"), samples), "< 2 ms", raw["chart"])
    say("users by feature", Taken().time(monthly("users"), samples), "< 100 ms", raw["users"])
    by_family = Taken().time(monthly("users", "family"), samples)
    say("users by family", by_family, "< 100 ms", raw["users"])
    say("behind a feature", Taken().time(drill(FEATURE), samples), "< 20 ms", raw["drill"])
    say("behind the largest", Taken().time(drill("remove_bg_batch"), samples), "< 20 ms")
    say("behind a whole month", Taken().time(drill(""), samples))
    say("behind a plan", Taken().time(drill("pro", "plan"), samples))


def measure_late(desk: Desk, months: tuple[Month, ...], late: int, samples: int) -> None:
    """The same with uses that came since: they are counted too."""
    record_late(desk, late)
    first, last = months[0], months[-1]
    users = Taken().time(lambda: desk.consumption.monthly(first, last, measure="users"), samples)
    say(f"users by feature, {late:,} uses later", users, "< 100 ms")
    behind = Taken().time(lambda: desk.consumption.drill(last, FEATURE), samples)
    say(f"behind a feature, {late:,} uses later", behind, "< 20 ms")


def say_size(desk: Desk) -> None:
    """How much room what is kept takes."""
    with desk.office.database.reading() as session:
        uses = session.value("SELECT count(*) FROM charge")
        size = session.value(
            "SELECT sum(length(content)) FROM (SELECT content FROM month_use"
            " UNION ALL SELECT content FROM month_mix)"
        )
    print(f"{uses:,} uses; what users are counted by takes {size / uses:.1f} bytes a use")


# The window -------------------------------------------------------------------------------------


def shown_page(window: Window) -> ConsumptionPage:
    """The page, once it has its figures."""
    page = window.page
    assert isinstance(page, ConsumptionPage)
    until(lambda: page.state.phase == "ready" and not window.background.busy)
    return page


def measure_window(desk: Desk, samples: int) -> None:
    """First paint of the page, and what a change of what it shows costs the window's thread."""
    first, whole = Taken(), max(1, samples // 3)
    for _ in range(whole):
        with opened_window(desk) as window:
            settled(window, "prices")
            first.time(partial(open_and_see, window))
    say("first paint of the page", first, "< 120 ms")
    with opened_window(desk) as window:
        settled(window, "consumption")
        page = shown_page(window)
        page.choose(replace(page.state.choice, span="36"))
        page = shown_page(window)
        peer = Peer(page)
        say("the same columns by pyqtgraph alone: first", Taken().time(peer.open_and_see, whole))
        bare = Taken().time(peer.draw_anew, samples)
        say("the same columns by pyqtgraph alone: anew", bare)
        for what, taken in updates(page, samples).items():
            say(f"on screen: {what}", taken, "< 25 ms")
            print(f"{'':44} {taken.usual / bare.usual:.2f} of the columns alone", flush=True)


def updates(page: ConsumptionPage, samples: int) -> dict[str, Taken]:
    """What each change of what is shown takes until it is painted."""
    return {
        "share of each month": update(page, samples, share=True),
        "lines": update(page, samples, shape="lines"),
        "patterns": update(page, samples, patterned=True),
        "other figures": refreshed(page, samples),
        "one series off and on": switched(page, page.data.series[0].key, samples),
    }


def settled(window: Window, page: str) -> None:
    """Open a page and wait until nothing is read any more."""
    window.open_page(page)
    until(lambda: not window.background.busy)
    QApplication.processEvents()


def open_and_see(window: Window) -> None:
    """Open the page, until its figures are painted, chart and table."""
    window.open_page("consumption")
    page = window.page
    assert isinstance(page, ConsumptionPage)
    watch = Watch(window, page.table)
    until(lambda: page.state.phase == "ready" and watch.painted != NEVER)
    watch.stop()


class Peer:
    """The columns that a page shows, drawn as pyqtgraph does by itself: no page around them."""

    def __init__(self, page: ConsumptionPage) -> None:
        self._series = page.data.series
        self._size = page.chart.plot.size()

    def open_and_see(self) -> None:
        """A plot made, shown and painted."""
        self._plot = pg.PlotWidget()
        self._legend = self._plot.addLegend()
        self._plot.resize(self._size)
        self._plot.show()
        self.draw_anew()

    def draw_anew(self) -> None:
        """All columns put in once more, and painted."""
        self._plot.clear()
        below = [0] * len(self._series[0].values)
        for number, series in enumerate(self._series):
            columns = pg.BarGraphItem(
                x=range(len(below)), y0=below, height=series.values, width=0.6, brush=number
            )
            columns.opts["name"] = series.key
            self._plot.addItem(columns)
            below = [a + b for a, b in zip(below, series.values, strict=True)]
        self._plot.repaint()


def painted(page: ConsumptionPage, act: Callable[[], object]) -> Callable[[], None]:
    """An act, and the chart painted after it."""

    def both() -> None:
        act()
        page.chart.plot.repaint()

    return both


def update(page: ConsumptionPage, samples: int, **changes: Any) -> Taken:
    """Choose something else and back, painted each time."""
    before, taken = page.state.choice, Taken()
    other = replace(before, **changes)
    for _ in range(samples):
        for choice in (other, before):
            taken.time(painted(page, partial(page.choose, choice)))
            QApplication.processEvents()
    return taken


def refreshed(page: ConsumptionPage, samples: int) -> Taken:
    """The same months arrive with other figures."""
    taken, figures = Taken(), page.state.figures
    if figures is None:
        return taken
    for number in range(samples):
        series = tuple(
            replace(one, values=tuple(value + number for value in one.values))
            for one in figures.monthly.series
        )
        other = replace(figures, monthly=replace(figures.monthly, series=series))
        state = replace(page.state, figures=other)
        taken.time(painted(page, partial(page.show_state, state)))
        QApplication.processEvents()
    return taken


def switched(page: ConsumptionPage, key: str, samples: int) -> Taken:
    """A series is switched off in the legend, and on again."""
    taken = Taken()
    (box,) = [box for box in page.chart.legend.boxes if box.key == key]
    for _ in range(samples * 2):
        taken.time(painted(page, box.click))
        QApplication.processEvents()
    return taken


def main() -> None:
    """Print times and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--samples", type=int, default=30)
    parser.add_argument("--late", type=int, default=2_000)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--raw", type=int, default=3, help="how often the raw rows are asked")
    parser.add_argument("--file", type=Path, default=None)
    asked = parser.parse_args()
    months = tuple(RUNNING.plus(1 - asked.months).until(RUNNING))
    with measured_desk(asked.file, asked.users, asked.events, asked.months) as desk:
        measure_figures(desk, months, asked.samples, asked.raw)
        say_size(desk)
        measure_late(desk, months, asked.late, asked.samples)
        measure_window(desk, asked.samples)


if __name__ == "__main__":
    main()
