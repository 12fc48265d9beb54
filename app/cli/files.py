"""Files that commands write: whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from app.domain.errors import BadFile


def write_file(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``, replacing what was there only once all of it is on the disk.

    Raises ``BadFile`` with what the machine says.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"“{path}” cannot be written: {reason}."
        raise BadFile(message, path=str(path)) from error
    finally:
        temporary.unlink(missing_ok=True)
