"""Copies of the demo to play with: made once for each version of the program, then only copied."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app import shipped
from app.services import demo

_FOLDER = "pixpretty-"
_NAME = "demo.db"
_OURS = Path(__file__).resolve().parents[1]
_MAKERS = ("domain", "services", "storage")


def is_copy(path: Path) -> bool:
    """Whether a database is such a copy, which is gone at the end."""
    return path.name == _NAME and path.parent.name.startswith(_FOLDER)


@contextmanager
def demo_copy(kept_in: Path, progress: Callable[[float], None] | None = None) -> Iterator[Path]:
    """A fresh copy of the demo, thrown away at the end.

    The original is kept in the folder ``kept_in``; where that cannot be written, the copy is made
    directly. ``progress`` is called with the fraction done, when the demo has to be made first.
    """
    with tempfile.TemporaryDirectory(prefix=_FOLDER, ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / _NAME
        original = _original(kept_in, progress)
        if original is None:
            demo.build(copy, progress=progress)
        else:
            shutil.copyfile(original, copy)
        yield copy


def _original(folder: Path, progress: Callable[[float], None] | None) -> Path | None:
    original = folder / f"demo-{_version()}.db"
    if original.is_file():
        return original
    mine = folder / f"making-{os.getpid()}.db"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        mine.touch()
        mine.unlink()
    except OSError:
        return None  # a home that cannot be written: the demo is made anew each time
    for old in folder.glob("demo-*.db"):
        with suppress(OSError):
            old.unlink()
    demo.build(mine, progress=progress)
    mine.replace(original)  # whoever makes the same at the same time makes the same content
    return original


def _version() -> str:
    """Names everything the demo comes out of; any change of it gives another name."""
    seal = hashlib.sha256(shipped.path("pricing.json").read_bytes())
    sources = sorted(path for name in _MAKERS for path in (_OURS / name).rglob("*.[ps][yq]*"))
    for path in sources:
        if path.suffix in {".py", ".sql"}:
            state = path.stat()
            seal.update(f"{path.relative_to(_OURS)} {state.st_size} {state.st_mtime_ns}".encode())
    return seal.hexdigest()[:16]
