"""Saving files that people asked for: whole or not at all."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.errors import Cancelled
from app.ui.language import tr

Lines = Iterator[str]


def save_file(path: str | Path, content: bytes) -> Path:
    """Write a file under a temporary name, and put it in its place once it is on the disk.

    What stood there is replaced only then. Raises `OSError`; nothing is left behind.
    """
    target = Path(path)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return target


def save_lines(path: Path, lines: Lines, *stops: Event) -> Path:
    """Write lines to a file, whole or not at all: ``Cancelled`` once one of ``stops`` is set."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with temporary.open("w", encoding="utf-8-sig", newline="") as file:
            for line in lines:
                if any(stop.is_set() for stop in stops):
                    raise Cancelled(tr("The export was stopped; no file was written."))
                file.write(line)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def ask_where(parent: QWidget, name: str, chosen: Callable[[str], object]) -> QFileDialog:
    """Let a place be chosen for a CSV file."""
    dialog = QFileDialog(parent, tr("Save as CSV"))
    dialog.setNameFilter(tr("Comma-separated values (*.csv)"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("csv")
    dialog.selectFile(name)
    dialog.fileSelected.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
