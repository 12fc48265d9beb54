"""Files that commands write: whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.errors import BadFile
from app.ui.saving import save_file, save_lines


def write_file(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``, whole or not at all; ``BadFile`` with what the machine says."""
    with _refused(path):
        save_file(path, content)


def write_lines(path: Path, lines: Iterator[str]) -> None:
    """Put lines at ``path``, each written when it comes; else as ``write_file``."""
    with _refused(path):
        save_lines(path, lines)


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"“{path}” cannot be written: {reason}."
        raise BadFile(message, path=str(path)) from error
