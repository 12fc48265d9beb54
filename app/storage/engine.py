"""The database: one snapshot to read from, one immediate transaction to write in.

``with database.reading(stop) as session`` sees one state of the file from first to last statement;
``with database.writing() as session`` holds the only write lock, and is committed at its end or
rolled back whole. Services open them; nobody else commits.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.domain.errors import Cancelled, DatabaseFailed
from app.domain.sentences import said
from app.storage.sqlite import connect, sqlite3

STEPS_BETWEEN_LOOKS = 10_000
"""How many steps of SQLite pass before it looks at the stop flag: below a millisecond."""
MEMORY = ":memory:"
_Values = Sequence[Any] | dict[str, Any]


class Session:
    """One transaction under way; ``driver`` is the connection it runs on.

    Statements are constant texts with bound values and go to the driver as they are: its own cache
    prepares each once. A mapper's session around them took a third of the time of a charge.
    """

    __slots__ = ("driver",)

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def run(self, sql: str, values: _Values = ()) -> Any:
        """The cursor of one statement."""
        return self.driver.execute(sql, values)

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """One statement for each of many rows."""
        self.driver.executemany(sql, rows)

    def one(self, sql: str, values: _Values = ()) -> Any:
        """The first row of a query, or ``None``."""
        return self.driver.execute(sql, values).fetchone()

    def value(self, sql: str, values: _Values = ()) -> Any:
        """The first column of the first row, or ``None``."""
        row = self.driver.execute(sql, values).fetchone()
        return None if row is None else row[0]

    def add_row(self, sql: str, values: _Values) -> int:
        """The id of the row that an ``INSERT`` adds."""
        return int(self.driver.execute(sql, values).lastrowid)


class Database:
    """One SQLite file (or, for tests, one in memory) and its connections.

    ``target`` is a path or ``:memory:``; the file must exist. ``writable`` is false where the file
    or its folder may not be written. ``cache_kib`` is the page cache of writing connections.
    Threads may share it: each transaction has a connection to itself.
    """

    def __init__(
        self, target: str | Path, *, writable: bool = True, cache_kib: int = 65_536
    ) -> None:
        self.target = str(target)
        self.path = None if self.target == MEMORY else Path(self.target)
        self.writable = writable
        self._cache_kib = cache_kib
        self._idle_writers: deque[Any] = deque()
        self._idle_readers: deque[Any] = deque()
        self._memory = connect(MEMORY) if self.path is None else None
        self._memory_lock = threading.RLock()
        self._watch: Any = None

    @contextmanager
    def reading(self, stop: threading.Event | None = None) -> Iterator[Session]:
        """One snapshot. When ``stop`` is set, the statement under way ends in ``Cancelled``."""
        with _said_calmly(), self._lent(self._idle_readers, self._connect_to_read) as driver:
            driver.execute("BEGIN")
            if stop is not None:
                driver.set_progress_handler(stop.is_set, STEPS_BETWEEN_LOOKS)
            try:
                yield Session(driver)
            finally:
                if stop is not None:
                    driver.set_progress_handler(None, 0)
                driver.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One immediate transaction: committed at the end, rolled back whole on any error."""
        if not self.writable:
            message = said("This database can only be read here; nothing was changed.")
            raise DatabaseFailed(message)
        with _said_calmly(), self._lent(self._idle_writers, self._connect_to_write) as driver:
            driver.execute("BEGIN IMMEDIATE")
            try:
                yield Session(driver)
                driver.execute("COMMIT")
            finally:
                if driver.in_transaction:
                    driver.execute("ROLLBACK")

    @contextmanager
    def _lent(self, idle: deque[Any], make: Any) -> Iterator[Any]:
        """A connection nobody else has meanwhile; the one in memory is lent to one at a time."""
        if self._memory is not None:
            with self._memory_lock:
                yield self._memory
            return
        try:
            driver = idle.pop()
        except IndexError:
            driver = make()
        try:
            yield driver
        finally:
            idle.append(driver)

    def _connect_to_write(self) -> Any:
        return connect(self.target, cache_kib=self._cache_kib)

    def _connect_to_read(self) -> Any:
        connection = connect(self.target, read_only=not self.writable)
        connection.execute("PRAGMA query_only=ON")
        return connection

    def data_version(self) -> int:
        """A number that changes when another connection has written to the file."""
        if self.path is None:
            return 0
        if self._watch is None:
            self._watch = self._connect_to_read()
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Close every connection; afterwards nothing of the file is held."""
        for idle in (self._idle_readers, self._idle_writers):
            while idle:
                idle.pop().close()
        for connection in (self._watch, self._memory):
            if connection is not None:
                connection.close()
        self._watch = None


@contextmanager
def _said_calmly() -> Iterator[None]:
    """Turn what the machine says into a sentence (and a stopped statement into ``Cancelled``)."""
    try:
        yield
    except sqlite3.Error as error:
        raise _calm(error) from error


def _calm(error: BaseException | None) -> Exception:
    text = str(error).lower()
    if "interrupted" in text:
        return Cancelled(said("This was stopped; nothing of it was kept."))
    for sign, sentence in _SENTENCES.items():
        if sign in text:
            return DatabaseFailed(
                said("{sentence} Nothing of this step was saved.", sentence=sentence), detail=text
            )
    if isinstance(error, sqlite3.OperationalError):
        return DatabaseFailed(
            said(
                "The database could not do this ({error}). Nothing of this step was saved.",
                error=str(error),
            ),
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
