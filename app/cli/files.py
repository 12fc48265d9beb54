"""Files that commands write: whole or not at all."""

from __future__ import annotations

from pathlib import Path

from app.domain.errors import BadFile
from app.ui.saving import save_file


def write_file(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``, whole or not at all; ``BadFile`` with what the machine says."""
    try:
        save_file(path, content)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"“{path}” cannot be written: {reason}."
        raise BadFile(message, path=str(path)) from error
