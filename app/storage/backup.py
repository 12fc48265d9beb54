"""Backups: a whole copy under a temporary name, proved sound, then put in its place."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import Any

from app.domain.errors import DatabaseFailed
from app.storage.sqlite import connect, sqlite3


def back_up(source: Path, target: Path) -> None:
    """Copy ``source`` as it stands, others' writes notwithstanding, to ``target``.

    The copy is checked before it appears; what stood at ``target`` is replaced only then. Raises
    ``DatabaseFailed``.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}.new")
    temporary.unlink(missing_ok=True)
    try:
        temporary.touch()
        with (
            closing(connect(str(source), read_only=True)) as reader,
            closing(connect(str(temporary))) as writer,
        ):
            reader.backup(writer, pages=-1)
            _prove(writer)
        _sync(temporary)
        temporary.replace(target)
        _sync(target.parent)
    except (OSError, sqlite3.Error) as error:
        message = f"No backup was made at “{target}”: {error}. The database is unchanged."
        raise DatabaseFailed(message, path=str(target)) from error
    finally:
        temporary.unlink(missing_ok=True)


def _prove(connection: Any) -> None:
    verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        message = f"the copy is damaged ({verdict})"
        raise sqlite3.DatabaseError(message)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
