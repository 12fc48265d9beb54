"""Backing up, restoring and rebuilding through the desk: who may, what is kept, what is refused."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from app import open_desk
from app.desk import Desk
from app.domain.errors import BadFile, DatabaseFailed, InvalidValue, NotPermitted
from app.storage.sqlite import connect
from tests import lively
from tests.services.plants import plant


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return lively.put(tmp_path)


@pytest.fixture
def desk(path: Path) -> Iterator[Desk]:
    with open_desk(path, staff=lively.ADMIN, now=lively.at_the_end) as desk:
        yield desk


def everything(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with closing(connect(str(path), read_only=True)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        return {
            name: connection.execute(f'SELECT * FROM "{name}"').fetchall()
            for (name,) in tables.fetchall()
        }


class Room(NamedTuple):
    free: int


def spend(desk: Desk, key: str) -> None:
    desk.charging.charge("usr_1", "export_image", key=key)


def test_a_backup_holds_all_that_the_database_held(desk: Desk, path: Path, tmp_path: Path) -> None:
    before = everything(path)
    saved = desk.integrity.backup(tmp_path / "backup.db")
    assert everything(saved) == before
    assert sorted(p.name for p in tmp_path.iterdir() if "backup" in p.name) == ["backup.db"]
    record = desk.integrity.audit(limit=1)[0]
    assert (record.act, record.after) == ("back up", {"backup": str(saved)})


def test_a_backup_opens_as_a_database_of_its_own(desk: Desk, tmp_path: Path) -> None:
    saved = desk.integrity.backup(tmp_path / "backup.db")
    with open_desk(saved, staff=lively.ADMIN, now=lively.at_the_end) as copy:
        assert copy.integrity.verify().ok


def test_a_backup_is_one_state_while_another_program_writes(
    desk: Desk, path: Path, tmp_path: Path
) -> None:
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        with open_desk(path, staff=lively.ADMIN, now=lively.at_the_end) as other:
            while not stop.is_set():
                spend(other, f"meanwhile-{len(written)}")
                written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            saved = desk.integrity.backup(tmp_path / f"backup-{number}.db")
            with open_desk(saved, staff=lively.ADMIN, now=lively.at_the_end) as copy:
                assert copy.integrity.verify().ok
    finally:
        stop.set()
        writer.join()
    assert written


def test_restoring_brings_back_what_was_saved_and_keeps_what_was_there(
    desk: Desk, path: Path, tmp_path: Path
) -> None:
    spend(desk, "before")
    saved = desk.integrity.backup(tmp_path / "backup.db")
    spend(desk, "after")
    lost = everything(path)
    restored = desk.integrity.restore(saved)
    assert desk.charging.find("before").key == "before"
    assert desk.consumption.monthly("2026-06", "2026-06", measure="uses").totals
    with pytest.raises(Exception, match="after"):
        desk.charging.find("after")
    assert everything(Path(restored.kept)) == lost
    record = desk.integrity.audit(limit=1)[0]
    assert (record.act, record.staff) == ("restore", lively.ADMIN)
    assert record.after == {"backup": str(saved), "kept": restored.kept}
    assert desk.integrity.verify().ok
    spend(desk, "after")


def test_a_restore_reaches_another_program_like_any_transaction(
    desk: Desk, path: Path, tmp_path: Path
) -> None:
    saved = desk.integrity.backup(tmp_path / "backup.db")
    with open_desk(path, staff=lively.ADMIN, now=lively.at_the_end) as other:
        spend(other, "unwanted")
        seen = other.office.database.data_version()
        desk.integrity.restore(saved)
        assert other.office.database.data_version() != seen
        with pytest.raises(Exception, match="unwanted"):
            other.charging.find("unwanted")
        spend(other, "unwanted")
        assert other.integrity.verify().ok


def test_prices_and_zone_are_those_of_the_backup_at_once(desk: Desk, tmp_path: Path) -> None:
    with open_desk(tmp_path / "other.db", staff=lively.ADMIN, now=lively.at_the_end) as other:
        other.accounts.register("usr_x", email="x@example.com", name="X")
    assert (desk.zone, desk.pricing.current().number) == (lively.ZONE, 2)
    desk.integrity.restore(tmp_path / "other.db")
    assert (desk.zone, desk.pricing.current().number) == ("UTC", 1)
    assert desk.accounts.account("usr_x").available == 12


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a PixPretty Credits database"),
        (b"PK\x03\x04 a holiday picture" * 500, "not a PixPretty Credits database"),
        (None, "There is no backup"),
    ],
)
def test_what_is_no_backup_is_refused_and_nothing_changes(
    desk: Desk, path: Path, tmp_path: Path, content: bytes | None, said: str
) -> None:
    wrong = tmp_path / "wrong.db"
    if content is not None:
        wrong.write_bytes(content)
    before, files = everything(path), {p.name for p in tmp_path.iterdir()}
    with pytest.raises(BadFile, match=said):
        desk.integrity.restore(wrong)
    assert everything(path) == before
    assert {p.name for p in tmp_path.iterdir()} == files
    if content is not None:
        assert wrong.read_bytes() == content


def test_a_damaged_backup_is_refused_and_nothing_changes(
    desk: Desk, path: Path, tmp_path: Path
) -> None:
    saved = desk.integrity.backup(tmp_path / "backup.db")
    content = bytearray(saved.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 5000] = b"\xff" * 5000
    saved.write_bytes(content)
    before = everything(path)
    with pytest.raises(BadFile, match="cannot be restored"):
        desk.integrity.restore(saved)
    assert everything(path) == before


def test_the_database_is_neither_its_own_backup_nor_its_own_source(desk: Desk, path: Path) -> None:
    (path.parent / "link.db").symlink_to(path)
    for own in (path, path.with_name(path.name + "-wal"), path.parent / "link.db"):
        with pytest.raises(InvalidValue, match="is the database itself"):
            desk.integrity.backup(own)
        with pytest.raises(InvalidValue, match="is the database itself"):
            desk.integrity.restore(own)
    with pytest.raises(InvalidValue, match="is a folder"):
        desk.integrity.backup(path.parent)


def test_only_leads_and_admins_back_up_and_only_admins_restore(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "backup.db"
    with open_desk(path, staff=lively.SUPPORT, now=lively.at_the_end) as support:
        with pytest.raises(NotPermitted):
            support.integrity.backup(target)
        assert not target.exists()
    with open_desk(path, staff=lively.LEAD, now=lively.at_the_end) as lead:
        lead.integrity.backup(target)
        before = everything(path)
        with pytest.raises(NotPermitted, match="may not restore"):
            lead.integrity.restore(target)
        with pytest.raises(NotPermitted):
            lead.integrity.rebuild()
    assert everything(path) == before


def test_nothing_is_restored_while_somebody_else_writes(
    desk: Desk, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = desk.integrity.backup(tmp_path / "backup.db")
    before = everything(path)
    pragmas = ("PRAGMA busy_timeout=20",)
    monkeypatch.setattr("app.storage.sqlite.PRAGMAS", pragmas)
    with closing(connect(str(path))) as busy:
        busy.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseFailed, match=r"busy.*The database is unchanged"):
            desk.integrity.restore(saved)
        busy.execute("ROLLBACK")
    assert everything(path) == before


def test_a_database_in_memory_has_nothing_to_back_up(tmp_path: Path) -> None:
    with (
        open_desk(":memory:", staff=lively.ADMIN, now=lively.at_the_end) as desk,
        pytest.raises(InvalidValue, match="in memory"),
    ):
        desk.integrity.backup(tmp_path / "backup.db")


def test_derived_tables_can_be_made_anew(desk: Desk, path: Path) -> None:
    before = everything(path)
    plant(path, "UPDATE consumption SET uses = uses + 7")
    plant(path, "DELETE FROM outstanding")
    assert not desk.integrity.verify().ok
    desk.integrity.rebuild()
    assert desk.integrity.verify().ok
    assert everything(path)["consumption"] == before["consumption"]


def test_a_disk_without_room_is_said_before_anything_is_written(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Room(free=0))
    with pytest.raises(DatabaseFailed, match="has room for 0 of"):
        desk.integrity.backup(tmp_path / "backup.db")
    assert not (tmp_path / "backup.db").exists()
