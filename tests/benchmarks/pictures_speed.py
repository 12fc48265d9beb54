"""How long the pictures of the gallery take: all of them on one process and on two, and one page.

``python -m tests.benchmarks.pictures_speed [--jobs N] [--only PATTERN]`` draws into folders that
are thrown away and prints wall and processor seconds of one run, beside a process that only starts
Qt and shows an empty window. The demo is made before, so that its making is not counted.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

PAGE: Final = "users-page.ready.1440-light"
PAGES: Final = "users-page.ready.*"
BARE: Final = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([])
window = QMainWindow()
window.resize(1440, 900)
window.show()
window.grab()
"""


def timed(*command: str) -> tuple[float, float]:
    """The wall and processor seconds of a process, those it started included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, spent


def drawn(*options: str) -> tuple[float, float, int]:
    """The seconds that drawing took, and how many pictures came of it."""
    with tempfile.TemporaryDirectory() as folder:
        wall, spent = timed("-m", "app", "pictures", folder, *options)
        return wall, spent, len(list(Path(folder).glob("*.png")))


def said(what: str, wall: float, spent: float, more: str) -> None:
    print(f"{what:<24}{wall:8.1f} s wall {spent:8.1f} s of the processor   {more}")


def main() -> None:
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--jobs", type=int, default=2)
    reading.add_argument("--only", default="")
    chosen = reading.parse_args()
    only = ("--only", chosen.only) if chosen.only else ()
    drawn("--only", PAGE)  # makes the demo
    bare, bare_spent = timed("-c", BARE)
    said("an empty window", bare, bare_spent, "")
    wall, spent, _ = drawn("--only", PAGE)
    said("one picture of a page", wall, spent, f"{wall / bare:.1f} times the empty window")
    wall, spent, looks = drawn("--only", PAGES, "--jobs", str(chosen.jobs))
    said(f"a page, {looks} looks", wall, spent, f"{wall / bare:.1f} times the empty window")
    one, spent, number = drawn("--jobs", "1", *only)
    each = f"{1000 * one / number:.0f} ms each"
    said("everything, one job", one, spent, f"{number:,} pictures, {each}")
    many, spent, _ = drawn("--jobs", str(chosen.jobs), *only)
    said(f"everything, {chosen.jobs} jobs", many, spent, f"{many / one:.2f} of one job")


if __name__ == "__main__":
    main()
