"""Saving files that people asked for: whole or not at all. Without Qt, for commands too."""

import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Final

from app.domain.errors import Cancelled
from app.ui import format as write
from app.ui.language import tr

Lines = Iterator[str]
_NO_FILE_NAME: Final = re.compile(r'[<>:"/\\|?*\s]+')
"""What some system takes for more than a part of a name, or a shell takes for its end."""
_LONGEST_NAME: Final = 80


def proposed_name(about: str, name: str, kind: str) -> str:
    """What a file about something on record may be called: `credits-usr_7.pdf`.

    An id can be any text. Here it names no folder and nothing that a system refuses, and no
    character is in it that cannot be seen: what is saved must be found again.
    """
    seen = "".join(c for c in write.text(name) if unicodedata.category(c) != "Cf")
    plain = _NO_FILE_NAME.sub("-", seen)[:_LONGEST_NAME].strip("-. ")
    return f"{about}-{plain}.{kind}" if plain else f"{about}.{kind}"


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
