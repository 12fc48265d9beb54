"""Backups and restoring: a whole copy under a temporary name, proved sound, then put in its place.

Other programs may go on reading and writing meanwhile: a backup is one state of the file, and a
restore comes to them like any other transaction.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from app.domain.errors import BadFile, DatabaseFailed, DatabaseUnsuitable
from app.domain.sentences import said
from app.storage import schema
from app.storage.sqlite import connect, sqlite3

PAGES_BETWEEN_LOOKS = 5_000
"""20 MiB at a time: below a tenth of a second."""
COMPANIONS = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file that is in use."""


def back_up(source: Path, target: Path) -> None:
    """Copy ``source`` as it stands, others' writes notwithstanding, to ``target``.

    The copy is checked before it appears; what stood at ``target`` is replaced only then. It is a
    single file that may be moved and opened anywhere. Raises ``DatabaseFailed``.
    """
    temporary = _beside(target)
    try:
        _copy(source, temporary)
        _sync(temporary)
        temporary.replace(target)
        _sync(target.parent)
    except (OSError, sqlite3.Error) as error:
        message = said(
            "No backup was made at “{target}”: {error}. The database is unchanged.",
            target=target,
            error=str(error),
        )
        raise DatabaseFailed(message, path=str(target)) from error
    finally:
        _clear(temporary)


def restore(source: Path, target: Path, kept: Path) -> None:
    """Put the content of the backup ``source`` into the database ``target``, whole or not at all.

    The backup is checked, and brought up to date, in a copy; what ``target`` holds is kept at
    ``kept`` before anything of it changes. Raises ``BadFile`` where the backup is not sound or not
    ours, ``DatabaseFailed`` where the machine fails; ``target`` is as before then.
    """
    copy = _beside(target)
    try:
        fetch(source, copy)
        back_up(target, kept)
        with (
            closing(connect(str(copy), read_only=True)) as reader,
            closing(connect(str(target))) as writer,
        ):
            reader.backup(writer, pages=-1, progress=_refuse_to_wait)
    except (OSError, sqlite3.Error) as error:
        message = said(
            "Nothing was restored: {error}. The database is unchanged.", error=str(error)
        )
        raise DatabaseFailed(message, path=str(target)) from error
    finally:
        _clear(copy)


def fetch(source: Path, copy: Path) -> None:
    """Make a copy of a backup that is sound, ours, and of this program's schema.

    Raises ``BadFile`` for a backup that is none of these, ``OSError`` where there is no room.
    """
    if not source.is_file():
        message = said("There is no backup at “{source}”.", source=source)
        raise BadFile(message, path=str(source))
    try:
        found = schema.revision_of(source)
        if found not in schema.revisions():
            message = said(
                "“{name}” was made by a newer version of the program ({found}).",
                name=source.name,
                found=found,
            )
            raise DatabaseUnsuitable(message, path=str(source))
        _copy(source, copy)
        if found != schema.revisions()[-1]:
            schema.upgrade(copy)
    except (DatabaseUnsuitable, DatabaseFailed, sqlite3.DatabaseError) as error:
        message = said(
            "“{name}” cannot be restored: {error} Nothing was changed.",
            name=source.name,
            error=str(error),
        )
        raise BadFile(message, path=str(source)) from error


def copy_apart(source: Path, target: Path, tell: Callable[[float], None]) -> None:
    """Copy ``source`` as it stands to ``target``, for a use that nobody keeps.

    ``tell`` is called with the fraction done after every few pages, and may end it by
    raising. Nothing is proved: what is damaged in the copy is damaged in the source. Raises
    ``OSError``, ``sqlite3.Error``.
    """
    _refuse_full_disk(source, target.parent)
    target.touch(mode=0o600)
    with (
        closing(connect(str(source), read_only=True)) as reader,
        closing(connect(str(target))) as writer,
    ):
        writer.execute("PRAGMA synchronous=OFF")
        # One state of it all along: without, every write of others would begin the copy anew.
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        reader.backup(
            writer,
            pages=PAGES_BETWEEN_LOOKS,
            progress=lambda _status, left, every: tell(1 - left / max(every, 1)),
        )
        reader.execute("ROLLBACK")


def _refuse_to_wait(status: int, _remaining: int, _total: int) -> None:
    # After the busy timeout a locked file would be asked again for ever.
    if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        message = said("the database is busy with another program's work")
        raise sqlite3.OperationalError(message)


def _beside(target: Path) -> Path:
    temporary = target.with_name(f".{target.name}.{os.getpid()}.new")
    _clear(temporary)
    return temporary


def _clear(temporary: Path) -> None:
    for ending in ("", *COMPANIONS):
        temporary.with_name(temporary.name + ending).unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    _refuse_full_disk(source, target.parent)
    target.touch(mode=0o600)
    with (
        closing(connect(str(source), read_only=True)) as reader,
        closing(connect(str(target))) as writer,
    ):
        reader.backup(writer, pages=-1)
        # Alone in its file, without the write-ahead log that a database in use has beside it.
        writer.execute("PRAGMA journal_mode=DELETE")
        _prove(writer)


def _refuse_full_disk(source: Path, folder: Path) -> None:
    """Say at once what SQLite would find out only after it has filled the disk."""
    needed, free = source.stat().st_size, shutil.disk_usage(folder).free
    if free < needed:
        message = said(
            "the disk of “{folder}” has room for {free} of {needed} bytes",
            folder=folder,
            free=f"{free:,}",
            needed=f"{needed:,}",
        )
        raise OSError(message)


def _prove(connection: Any) -> None:
    verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        message = said("the copy is damaged ({verdict})", verdict=verdict)
        raise sqlite3.DatabaseError(message)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
