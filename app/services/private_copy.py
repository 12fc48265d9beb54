"""A private copy of the database, to try something in that takes long while others go on."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.errors import DatabaseFailed
from app.domain.sentences import said
from app.domain.staff import Act
from app.services.office import Office
from app.storage import backup
from app.storage.engine import Database
from app.storage.sqlite import sqlite3


@contextmanager
def private_copy(office: Office, act: Act, tell: Callable[[float], None]) -> Iterator[Office]:
    """An office over a copy of the database as it stands, thrown away at the end.

    Whether ``act`` may be done, and anything be written at all, is judged where it would be done.
    ``tell`` is called with the fraction of the copy that is made, and may end it by raising. Raises
    like ``office.writing``, and ``DatabaseFailed`` where no copy can be made.
    """
    with office.writing(act):
        pass  # it may be done: the write lock is held no longer
    if office.database.path is None:  # in memory: there are no others
        yield office
        return
    with _folder() as folder:
        copy = Path(folder) / "copy.db"
        try:
            backup.copy_apart(office.database.path, copy, tell)
        except (OSError, sqlite3.Error) as error:
            raise _no_copy(error) from error
        database = Database(copy)
        try:
            yield office.elsewhere(database)
        finally:
            database.close()


def _folder() -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix="pixpretty-", ignore_cleanup_errors=True)
    except OSError as error:  # there is none, or nothing may be written there
        raise _no_copy(error) from error


def _no_copy(error: Exception) -> DatabaseFailed:
    message = said(
        "This cannot be tried beforehand: {error}. The database is unchanged.", error=str(error)
    )
    return DatabaseFailed(message)
