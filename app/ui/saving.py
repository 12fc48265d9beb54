"""Saving files that people asked for: whole or not at all."""

import os
from pathlib import Path


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
