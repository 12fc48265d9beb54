"""How soon the window is painted, and shows rows, against a bare window.

``python -m tests.benchmarks.start_rate [--starts N] [--users N]`` starts each as a process of its
own, taking turns, without a display, and prints the medians of one run: from the start of the
process to the first paint, and to the first rows of the list of users, which is the page it was
left on the time before. As installed, what Python compiled is kept from start to start, whatever
this environment says of that. Processor time stands beside the time that passed: on a busy machine
it is the one to go by.
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
from app.start import data_folder
from app.ui.remembered import Remembered

BARE = """
import sys, time
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow
class Watch(QObject):
    def eventFilter(self, thing, event):
        if event.type() == QEvent.Type.Paint:
            print("painted", time.monotonic(), time.process_time(), flush=True)
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
# would cost more than what it measures. Then the list is looked for, and its first paint with rows
# in it awaited, which is no other than the one a person sees.
OURS = """
import sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QAbstractItemView
from app import cli
class Watch(QObject):
    def eventFilter(self, thing, event):
        if event.type() == QEvent.Type.Paint:
            print("painted", time.monotonic(), time.process_time(), flush=True)
            application.removeEventFilter(self)
            looking.start()
        return False
class Rows(QObject):
    def eventFilter(self, thing, event):
        if event.type() == QEvent.Type.Paint and self.view.model().rowCount():
            print("rows", time.monotonic(), time.process_time(), flush=True)
            thing.removeEventFilter(self)
            QTimer.singleShot(0, application.quit)
        return False
def look():
    for view in application.allWidgets():
        if isinstance(view, QAbstractItemView) and view.accessibleName() == "Users":
            looking.stop()
            rows.view = view
            view.viewport().installEventFilter(rows)
            return
application = QApplication([])
watch, rows = Watch(), Rows()
looking = QTimer(interval=5)
looking.timeout.connect(look)
application.installEventFilter(watch)
sys.exit(cli.main(sys.argv[1:]))
"""


Reached = dict[str, tuple[float, float]]
"""What a process says it has reached, after how many seconds, and how many of the processor."""


def started(program: str, *arguments: str) -> Reached:
    """Start one and wait for its end."""
    began = time.monotonic()
    told = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    ).stdout
    reached = (line.split() for line in told.splitlines())
    return {name: (float(moment) - began, float(worked)) for name, moment, worked in reached}


def leave_on_users() -> None:
    """Let the window find that the page of users was the last one open."""
    file = data_folder() / "window.ini"
    file.parent.mkdir(parents=True)
    kept = Remembered(file)
    kept.remember("window/page", "users")
    kept.save()


def runs(starts: int, users: int) -> dict[str, list[tuple[float, float]]]:
    """What each reached in each start."""
    taken: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"QT_QPA_PLATFORM": "offscreen", "XDG_DATA_HOME": folder}
        os.environ |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": f"{folder}/compiled"}
        path = Path(folder) / "demo.db"
        build(path, users=users)
        leave_on_users()
        named = ["--database", str(path), "--staff", "mira@pixpretty.example"]
        for turn in range(starts + 1):
            for who, reached in (("bare", started(BARE)), ("ours", started(OURS, *named))):
                for what, figures in reached.items():
                    if turn:  # the first start of each warms the disk's cache
                        taken.setdefault(f"{who}, {what}", []).append(figures)
    return taken


def main() -> None:
    """Print the medians and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=9)
    parser.add_argument("--users", type=int, default=600)
    asked = parser.parse_args()
    medians = {
        name: [statistics.median(each) for each in zip(*figures, strict=True)]
        for name, figures in runs(asked.starts, asked.users).items()
    }
    for name, (passed, worked) in medians.items():
        print(f"{name:14} {passed * 1000:6.0f} ms, {worked * 1000:6.0f} ms of the processor")
    bare = medians["bare, painted"]
    for what, name, target in (("paint", "painted", 1.5), ("rows", "rows", 5)):
        passed, worked = (
            ours / floor for ours, floor in zip(medians[f"ours, {name}"], bare, strict=True)
        )
        print(
            f"first {what} {passed:.2f} of bare (target {target} or less),"
            f" {worked:.2f} in processor time"
        )
    print(f"(page of users, demo of {asked.users:,} users as of {PRESENT:%d %B %Y})")


if __name__ == "__main__":
    main()
