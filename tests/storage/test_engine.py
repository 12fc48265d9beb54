"""Transactions: one snapshot to read, one immediate transaction to write, calm words on trouble."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.errors import Cancelled, DatabaseFailed
from app.storage import engine
from app.storage.engine import MEMORY, Database
from app.storage.sqlite import connect, sqlite3

ADD = "INSERT INTO meta (key, value) VALUES (?, 'x')"
COUNT = "SELECT count(*) FROM meta"
ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n"


def test_a_reader_sees_one_state_from_first_to_last_statement(database: Database) -> None:
    with database.reading() as reader:
        before = reader.value(COUNT)
        with database.writing() as writer:
            writer.run(ADD, ("meanwhile",))
        assert reader.value(COUNT) == before
    with database.reading() as reader:
        assert reader.value(COUNT) == before + 1


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DatabaseFailed, match="only be read"), database.reading() as reader:
        reader.run(ADD, ("sneaked in",))


def test_a_transaction_is_rolled_back_whole_on_any_error(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        _add_and_fail(database)
    with database.reading() as reader:
        assert reader.one("SELECT 1 FROM meta WHERE key IN ('one', 'two')") is None
    with database.writing() as writer:
        writer.run(ADD, ("one",))


def _add_and_fail(database: Database) -> None:
    with database.writing() as writer:
        writer.run(ADD, ("one",))
        writer.run(ADD, ("two",))
        raise ZeroDivisionError


def test_the_write_lock_is_taken_at_once_not_at_the_first_write(
    database: Database, path: Path
) -> None:
    with closing(connect(str(path))) as other:
        other.execute("PRAGMA busy_timeout=1")
        with database.writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")


def test_a_stop_ends_the_statement_under_way_within_moments(database: Database) -> None:
    stop = threading.Event()
    caught: list[float] = []

    def ask() -> None:
        begun.set()
        try:
            with database.reading(stop) as reader:
                reader.value(ENDLESS)
        except Cancelled:
            caught.append(time.monotonic())

    begun = threading.Event()
    asking = threading.Thread(target=ask)
    asking.start()
    begun.wait()
    stopped = time.monotonic()
    stop.set()
    asking.join(30)
    assert caught
    assert caught[0] - stopped < 1
    with database.reading(threading.Event()) as reader:
        assert reader.value(COUNT) > 0


def test_a_locked_database_is_said_calmly(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.storage.sqlite.PRAGMAS", ("PRAGMA busy_timeout=1",))
    database = Database(path)
    with closing(connect(str(path))) as other:
        other.execute("BEGIN IMMEDIATE")
        with (
            pytest.raises(DatabaseFailed, match=r"busy with another program.*Nothing .* saved"),
            database.writing(),
        ):
            pytest.fail("the lock was taken twice")
        other.execute("ROLLBACK")
    database.close()


def test_a_database_that_may_only_be_read_says_so(path: Path) -> None:
    database = Database(path, writable=False)
    with pytest.raises(DatabaseFailed, match="only be read here"), database.writing():
        pytest.fail("it was written")
    with database.reading() as reader:
        assert reader.value(COUNT) > 0
    database.close()


def test_a_full_disk_is_said_calmly_and_nothing_is_kept(database: Database) -> None:
    with database.reading() as reader:
        pages = reader.value("PRAGMA page_count")
    with pytest.raises(DatabaseFailed, match=r"disk is full.*Nothing of this step was saved"):
        _fill_up(database, pages)
    with database.writing() as writer:
        writer.run(f"PRAGMA max_page_count={2**30}")
        assert writer.one("SELECT 1 FROM meta WHERE key = 'full'") is None


def _fill_up(database: Database, pages: int) -> None:
    with database.writing() as writer:
        writer.run(f"PRAGMA max_page_count={pages}")
        writer.run("INSERT INTO meta (key, value) VALUES ('full', ?)", ("x" * 10_000_000,))


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("database is locked", "busy with another program's work"),
        ("database or disk is full", "The disk is full"),
        ("disk I/O error", "does not answer"),
        ("attempt to write a readonly database", "can only be read here"),
        ("unable to open database file", "cannot be opened"),
        ("database disk image is malformed", "is damaged; restore a backup"),
        ("something new", "could not do this (something new)"),
    ],
)
def test_what_the_machine_says_is_told_in_a_sentence(
    database: Database, message: str, said: str
) -> None:
    with pytest.raises(DatabaseFailed) as told, database.reading():
        raise sqlite3.OperationalError(message)
    assert said in str(told.value)
    assert "Nothing of this step was saved" in str(told.value)


def test_writes_of_others_change_the_data_version(database: Database, path: Path) -> None:
    seen = database.data_version()
    assert database.data_version() == seen
    other = Database(path)
    with other.writing() as writer:
        writer.run(ADD, ("news",))
    other.close()
    assert database.data_version() != seen


def test_threads_share_a_database_and_lose_nothing(database: Database) -> None:
    def add(name: str) -> None:
        for number in range(20):
            with database.writing() as writer:
                writer.run(ADD, (f"{name}-{number}",))

    threads = [threading.Thread(target=add, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as reader:
        assert reader.value("SELECT count(*) FROM meta WHERE key LIKE '_-%'") == 80


def test_a_database_in_memory_is_one_for_all_its_transactions() -> None:
    database = Database(MEMORY)
    with database.writing() as writer:
        writer.run("CREATE TABLE t (x INTEGER)")
        writer.run("INSERT INTO t VALUES (1)")
    with database.reading() as reader:
        assert reader.value("SELECT x FROM t") == 1
    assert database.data_version() == 0
    database.close()


def test_a_closed_database_holds_no_file(database: Database, path: Path) -> None:
    with database.writing() as writer:
        writer.run(ADD, ("last",))
    database.data_version()
    database.close()
    assert sorted(p.name for p in path.parent.iterdir()) == [path.name]


def test_connections_are_told_what_keeps_the_ledger_safe(database: Database) -> None:
    expected = {
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "synchronous": 2,
        "busy_timeout": 30_000,
        "journal_mode": "wal",
    }
    with database.writing() as writer:
        found = {name: writer.value(f"PRAGMA {name}") for name in expected}
    assert found == expected
    with database.reading() as reader:
        assert reader.value("PRAGMA query_only") == 1
    assert engine.STEPS_BETWEEN_LOOKS <= 10_000
