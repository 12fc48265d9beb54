"""How soon the window is painted, and shows rows, against a bare window.

``python -m tests.benchmarks.start_rate [--starts N] [--users N]`` starts each as a process of its
own, taking turns, without a display, and prints the medians of one run: from the start of the
process to the first paint, and to the first rows of the list of users.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from app.services.demo import PRESENT, build

BARE = """
import sys, time
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow
class Watch(QObject):
    def eventFilter(self, thing, event):
        if event.type() == QEvent.Type.Paint:
            print("painted", time.monotonic(), flush=True)
            application.removeEventFilter(self)
            application.quit()
        return False
application = QApplication([])
watch = Watch()
application.installEventFilter(watch)
window = QMainWindow()
window.resize(1280, 800)
window.show()
application.exec()
"""

# Only the first paint is watched for by a filter over everything, as in the bare window: later it
# would cost more than what it measures. Then the list is looked for, and its own paint awaited.
OURS = """
import sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QAbstractItemView
from app import cli
class Watch(QObject):
    def eventFilter(self, thing, event):
        if event.type() == QEvent.Type.Paint:
            print("painted", time.monotonic(), flush=True)
            application.removeEventFilter(self)
            looking.start()
        return False
class Rows(QObject):
    def eventFilter(self, thing, event):
        if event.type() == QEvent.Type.Paint:
            print("rows", time.monotonic(), flush=True)
            thing.removeEventFilter(self)
            QTimer.singleShot(0, application.quit)
        return False
def look():
    for view in application.allWidgets():
        if isinstance(view, QAbstractItemView) and view.isVisible() and view.model():
            if view.model().rowCount():
                looking.stop()
                view.viewport().installEventFilter(rows)
                view.viewport().update()
                return
application = QApplication([])
watch, rows = Watch(), Rows()
looking = QTimer(interval=10)
looking.timeout.connect(look)
application.installEventFilter(watch)
sys.exit(cli.main(sys.argv[1:]))
"""


def started(program: str, *arguments: str) -> dict[str, float]:
    """Seconds from the start of a process to what it says it has reached."""
    began = time.monotonic()
    told = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    ).stdout
    reached = dict(line.split() for line in told.splitlines() if line)
    return {name: float(moment) - began for name, moment in reached.items()}


def main() -> None:
    """Print the medians and the two ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=9)
    parser.add_argument("--users", type=int, default=600)
    asked = parser.parse_args()
    taken: dict[str, list[float]] = {"bare, painted": [], "ours, painted": [], "ours, rows": []}
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"QT_QPA_PLATFORM": "offscreen", "XDG_DATA_HOME": folder}
        path = Path(folder) / "demo.db"
        build(path, users=asked.users)
        named = ["--database", str(path), "--staff", "mira@pixpretty.example"]
        for turn in range(asked.starts + 1):
            bare = started(BARE)
            ours = started(OURS, *named)
            if turn:  # the first start of each warms the disk's cache
                taken["bare, painted"].append(bare["painted"])
                taken["ours, painted"].append(ours["painted"])
                taken["ours, rows"].append(ours["rows"])
    medians = {name: statistics.median(times) for name, times in taken.items()}
    for name, median in medians.items():
        print(f"{name:14} {median * 1000:6.0f} ms")
    bare_paint = medians["bare, painted"]
    print(f"first paint {medians['ours, painted'] / bare_paint:.2f} of bare (target 1.5 or less)")
    print(f"first rows {medians['ours, rows'] / bare_paint:.2f} of bare (target 5 or less)")
    print(f"(demo of {asked.users:,} users as of {PRESENT:%d %B %Y})")


if __name__ == "__main__":
    main()
