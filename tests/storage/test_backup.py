"""The copy itself: never torn, never half, never in the place of a good one before it is good."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import BadFile, DatabaseFailed
from app.storage import backup
from app.storage.sqlite import connect


def rows(path: Path) -> int:
    with closing(connect(str(path))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(connection.execute("SELECT count(*) FROM charge").fetchone()[0])


def names(folder: Path) -> list[str]:
    """What lies in a folder, without the log that SQLite keeps beside a file that was read."""
    logs = ("-wal", "-shm")
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(logs))


def test_a_copy_is_one_file_that_opens_without_a_log_beside_it(path: Path, tmp_path: Path) -> None:
    (tmp_path / "safe").mkdir()
    target = tmp_path / "safe" / "copy.db"
    backup.back_up(path, target)
    assert rows(target) == rows(path)
    with closing(connect(str(target), read_only=True)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert [file.name for file in target.parent.iterdir()] == ["copy.db"]


def test_a_copy_holds_what_is_only_in_the_log_yet(path: Path, tmp_path: Path) -> None:
    with closing(connect(str(path))) as writer:
        writer.execute("INSERT INTO meta VALUES ('in the log', 'yes')")
        assert path.with_name(path.name + "-wal").stat().st_size > 0
        backup.back_up(path, tmp_path / "copy.db")
    with closing(connect(str(tmp_path / "copy.db"))) as connection:
        found = connection.execute("SELECT value FROM meta WHERE key = 'in the log'").fetchone()
    assert found == ("yes",)


def test_a_damaged_source_gives_no_copy_and_keeps_the_older_one(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    backup.back_up(path, target)
    good = target.read_bytes()
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 8000] = b"\xff" * 8000
    path.write_bytes(content)
    with pytest.raises(DatabaseFailed, match="No backup was made"):
        backup.back_up(path, target)
    assert target.read_bytes() == good
    assert names(tmp_path) == ["copy.db", path.name]


def test_a_source_that_is_no_database_gives_no_copy(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("hello " * 1000)
    with pytest.raises(DatabaseFailed, match="not a database"):
        backup.back_up(tmp_path / "text.db", tmp_path / "copy.db")
    assert names(tmp_path) == ["text.db"]


def test_a_missing_folder_is_said(path: Path, tmp_path: Path) -> None:
    with pytest.raises(DatabaseFailed, match="No backup was made at"):
        backup.back_up(path, tmp_path / "missing" / "copy.db")


@pytest.mark.parametrize("place", ["_sync", "_prove", "_copy"])
def test_an_error_of_the_disk_leaves_nothing_behind(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def fail(*_asked: Any) -> None:
        raise OSError(5, "Input/output error")

    target = tmp_path / "copy.db"
    target.write_bytes(b"an older backup")
    monkeypatch.setattr(backup, place, fail)
    with pytest.raises(DatabaseFailed, match="Input/output error"):
        backup.back_up(path, target)
    assert target.read_bytes() == b"an older backup"
    assert names(tmp_path) == ["copy.db", path.name]


def _back_up_for_ever(source: Path, target: Path) -> None:
    while True:
        backup.back_up(source, target)


@pytest.mark.slow
def test_a_killed_backup_never_leaves_a_torn_file(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    expected, spawn = rows(path), multiprocessing.get_context("spawn")
    seen = 0
    for _ in range(4):
        worker = spawn.Process(target=_back_up_for_ever, args=(path, target))
        worker.start()
        end = time.monotonic() + 30
        while not target.exists() and time.monotonic() < end:
            time.sleep(0.001)
        # Somewhere inside one of the copies that follow the first.
        time.sleep(0.003 * (seen + 1))
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join()
        assert rows(target) == expected
        target.unlink()
        seen += 1
    assert seen == 4


def test_what_is_restored_is_whole_or_nothing(path: Path, tmp_path: Path) -> None:
    saved, kept = tmp_path / "saved.db", tmp_path / "kept.db"
    backup.back_up(path, saved)
    with closing(connect(str(path))) as writer:
        writer.execute("INSERT INTO meta VALUES ('since', 'yes')")
    backup.restore(saved, path, kept)
    with closing(connect(str(path))) as connection:
        assert connection.execute("SELECT 1 FROM meta WHERE key = 'since'").fetchone() is None
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    with closing(connect(str(kept))) as connection:
        assert connection.execute("SELECT 1 FROM meta WHERE key = 'since'").fetchone() == (1,)
    assert names(tmp_path) == ["kept.db", path.name, "saved.db"]


def test_an_older_backup_is_brought_up_to_date_in_a_copy(path: Path, tmp_path: Path) -> None:
    from tests.storage.test_schema import OLDEST, empty, fingerprint

    old = empty(tmp_path / "old.db")
    before, wanted = old.read_bytes(), fingerprint(path)
    backup.restore(old, path, tmp_path / "kept.db")
    assert fingerprint(path) == wanted
    assert old.read_bytes() == before
    assert OLDEST.encode() in before


def test_a_newer_backup_is_refused(path: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved.db"
    backup.back_up(path, saved)
    with closing(connect(str(saved))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(BadFile, match=r"newer version of the program.*Nothing was changed"):
        backup.restore(saved, path, tmp_path / "kept.db")
    assert path.read_bytes() == before
    assert not (tmp_path / "kept.db").exists()


def _restore_for_ever(one: Path, other: Path, target: Path, kept: Path) -> None:
    while True:
        backup.restore(one, target, kept)
        backup.restore(other, target, kept)


@pytest.mark.slow
def test_a_killed_restore_leaves_one_state_or_the_other(path: Path, tmp_path: Path) -> None:
    one, other, kept = (tmp_path / f"{name}.db" for name in ("one", "other", "kept"))
    backup.back_up(path, one)
    with closing(connect(str(path))) as writer:
        for number in range(20_000):
            writer.execute("INSERT INTO meta VALUES (?, 'since')", (f"since-{number}",))
            if number == 0:
                writer.execute("BEGIN")
        writer.execute("COMMIT")
    backup.back_up(path, other)
    states, spawn = {0, 20_000}, multiprocessing.get_context("spawn")
    for number in range(4):
        kept.unlink(missing_ok=True)
        worker = spawn.Process(target=_restore_for_ever, args=(one, other, path, kept))
        worker.start()
        end = time.monotonic() + 30
        while not kept.exists() and time.monotonic() < end:
            time.sleep(0.001)
        time.sleep(0.011 * (number + 1))
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join()
        with closing(connect(str(path))) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            found = connection.execute("SELECT count(*) FROM meta WHERE value = 'since'")
            assert found.fetchone()[0] in states
