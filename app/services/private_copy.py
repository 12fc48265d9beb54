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
def private_copy(office: Office, act: Act, look: Callable[[], None]) -> Iterator[Office]:
    """An office over a copy of the database as it stands, thrown away at the end.

    Whether ``act`` may be done, and anything be written at all, is judged where it would be done.
    ``look`` is called again and again while the copy is made, and ends it by raising. Raises like
    ``office.writing``, and ``DatabaseFailed`` where there is no room for a copy.
    """
    with office.writing(act):
        pass  # it may be done: the write lock is held no longer
    if office.database.path is None:  # in memory: there are no others
        yield office
        return
    with tempfile.TemporaryDirectory(prefix="pixpretty-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "copy.db"
        try:
            backup.copy_apart(office.database.path, copy, look)
        except (OSError, sqlite3.Error) as error:
            message = said(
                "This cannot be tried beforehand: {error}. The database is unchanged.",
                error=str(error),
            )
            raise DatabaseFailed(message) from error
        database = Database(copy)
        try:
            yield office.elsewhere(database)
        finally:
            database.close()
