"""The database: one snapshot to read from, one immediate transaction to write in.

``with database.reading(stop) as session`` sees one state of the file from first to last statement;
``with database.writing() as session`` holds the only write lock, and is committed at its end or
rolled back whole. Services open them; nobody else commits.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.pool import QueuePool, StaticPool

from app.domain.errors import Cancelled, DatabaseFailed
from app.storage.sqlite import connect, sqlite3

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy.engine import Connection, Engine

STEPS_BETWEEN_LOOKS = 10_000
"""How many steps of SQLite pass before it looks at the stop flag: below a millisecond."""
MEMORY = ":memory:"


class Session(OrmSession):
    """A SQLAlchemy session that also takes plain statements straight to the driver.

    The statements of hot paths are constant texts, so the driver's own statement cache serves them
    and nothing is compiled twice.
    """

    @cached_property
    def driver(self) -> Any:
        """The driver's connection of this transaction."""
        return self.connection().connection.driver_connection

    def run(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> Any:
        """The cursor of one statement."""
        return self.driver.execute(sql, values)

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """One statement for each of many rows."""
        self.driver.executemany(sql, rows)

    def one(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> Any:
        """The first row of a query, or ``None``."""
        return self.driver.execute(sql, values).fetchone()

    def value(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> Any:
        """The first column of the first row, or ``None``."""
        row = self.driver.execute(sql, values).fetchone()
        return None if row is None else row[0]

    def add_row(self, sql: str, values: Sequence[Any] | dict[str, Any]) -> int:
        """The id of the row that an ``INSERT`` adds."""
        return int(self.driver.execute(sql, values).lastrowid)


class Database:
    """One SQLite file (or, for tests, one in memory) and its connections.

    ``target`` is a path or ``:memory:``; the file must exist. ``writable`` is false where the file
    or its folder may not be written. ``cache_kib`` is the page cache of the writing connection.
    """

    def __init__(
        self, target: str | Path, *, writable: bool = True, cache_kib: int = 65_536
    ) -> None:
        self.target = str(target)
        self.path = None if self.target == MEMORY else Path(self.target)
        self.writable = writable
        self._cache_kib = cache_kib
        self._memory_lock = threading.RLock() if self.path is None else None
        if self.path is None:
            self._writer = self._reader = _engine(lambda: connect(MEMORY), "BEGIN", StaticPool)
        else:
            self._writer = _engine(self._connect_to_write, "BEGIN IMMEDIATE", QueuePool)
            self._reader = _engine(self._connect_to_read, "BEGIN", QueuePool)
        self._watch: Any = None

    def _connect_to_write(self) -> Any:
        return connect(self.target, cache_kib=self._cache_kib)

    def _connect_to_read(self) -> Any:
        connection = connect(self.target, read_only=not self.writable)
        connection.execute("PRAGMA query_only=ON")
        return connection

    @contextmanager
    def reading(self, stop: threading.Event | None = None) -> Iterator[Session]:
        """One snapshot. When ``stop`` is set, the statement under way ends in ``Cancelled``."""
        with self._alone(), _said_calmly(), Session(self._reader) as session:
            driver = session.driver
            if stop is not None:
                driver.set_progress_handler(stop.is_set, STEPS_BETWEEN_LOOKS)
            try:
                yield session
            finally:
                if stop is not None:
                    driver.set_progress_handler(None, 0)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One immediate transaction: committed at the end, rolled back whole on any error."""
        if not self.writable:
            message = "This database can only be read here; nothing was changed."
            raise DatabaseFailed(message)
        with self._alone(), _said_calmly(), Session(self._writer) as session:
            session.connection()
            yield session
            session.commit()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if self._memory_lock is None:
            yield
            return
        with self._memory_lock:
            yield

    def data_version(self) -> int:
        """A number that changes when another program has written to the file."""
        if self.path is None:
            return 0
        if self._watch is None:
            self._watch = self._connect_to_read()
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Close every connection; afterwards nothing of the file is held."""
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        self._reader.dispose()
        self._writer.dispose()


def _engine(creator: Callable[[], Any], begin: str, pool: Any) -> Engine:
    engine = create_engine(
        "sqlite://", creator=creator, module=sqlite3, poolclass=pool, hide_parameters=True
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.connection.driver_connection.execute(begin)  # type: ignore[union-attr]

    return engine


@contextmanager
def _said_calmly() -> Iterator[None]:
    """Turn what the machine says into a sentence (and a stopped statement into ``Cancelled``)."""
    try:
        yield
    except DBAPIError as error:
        raise _calm(error.orig) from error
    except sqlite3.Error as error:
        raise _calm(error) from error


def _calm(error: BaseException | None) -> Exception:
    text = str(error).lower()
    if "interrupted" in text:
        return Cancelled("This was stopped; nothing of it was kept.")
    for sign, sentence in _SENTENCES.items():
        if sign in text:
            return DatabaseFailed(f"{sentence} Nothing of this step was saved.", detail=text)
    if isinstance(error, sqlite3.OperationalError):
        return DatabaseFailed(
            f"The database could not do this ({error}). Nothing of this step was saved.",
            detail=text,
        )
    return error if isinstance(error, Exception) else RuntimeError(text)


_SENTENCES = {
    "locked": "The database is busy with another program's work.",
    "disk is full": "The disk is full.",
    "disk i/o": "The disk that holds the database does not answer.",
    "readonly": "The database can only be read here.",
    "unable to open": "The database file cannot be opened.",
    "malformed": "The database file is damaged; restore a backup.",
    "not a database": "The file is not a database.",
}
