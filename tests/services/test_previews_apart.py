"""A large file is looked at beforehand on a copy: nobody else waits, and nothing of it stays."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from app import Desk, open_desk
from app.domain.errors import BadFile, Cancelled, DatabaseFailed, NotPermitted
from app.services import imports
from app.storage import backup

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def every_file_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "JUDGED_IN_PLACE", 0)


@pytest.fixture(autouse=True)
def thrown_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where copies are made; nothing may be left there."""
    folder = tmp_path / "for a moment"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path / "credits.db", staff="ana@pixpretty.example", now=lambda: NOW) as desk:
        yield desk


@pytest.fixture
def users(tmp_path: Path) -> Path:
    path = tmp_path / "users.csv"
    path.write_text(
        "user_id,email,name,registered_at\n"
        "u1,a@b.example,Amira,2026-01-05T00:00:00Z\n"
        "u2,b@b.example,Ben,no day\n",
        encoding="utf-8",
    )
    return path


def test_others_write_while_a_file_is_looked_at(desk: Desk, users: Path) -> None:
    during: list[float] = []

    def somebody_registers(fraction: float) -> None:
        if fraction > imports.COPIED:  # the copy is made, and the file is being judged
            number = len(during)
            desk.accounts.register(f"late{number}", email=f"late{number}@b.example", name="Late")
            during.append(fraction)

    preview = desk.imports.preview("users", users, progress=somebody_registers)
    assert during
    assert (preview.report.added, len(preview.report.bad)) == (1, 1)
    assert len(desk.accounts.find("late", limit=50)) == len(during)
    assert desk.accounts.find("amira") == []


def test_what_is_said_beforehand_is_what_is_done(desk: Desk, users: Path) -> None:
    preview = desk.imports.preview("users", users)
    done = desk.imports.take("users", users)
    assert preview.report.bad == done.bad
    assert (preview.report.read, preview.report.added) == (done.read, done.added) == (2, 1)
    assert [row[0] for row in preview.rows] == ["u1", "u2"]


def test_the_copy_is_part_of_what_is_done(
    desk: Desk, users: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "PAGES_BETWEEN_LOOKS", 10)
    told: list[float] = []
    desk.imports.preview("users", users, progress=told.append)
    copying = [fraction for fraction in told if fraction < imports.COPIED]
    assert len(set(copying)) > 2
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_stopped_while_the_copy_is_made_nothing_stays(
    desk: Desk, users: Path, thrown_away: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "PAGES_BETWEEN_LOOKS", 10)
    stop = threading.Event()
    seen: list[list[Path]] = []

    def stop_at_once(_fraction: float) -> None:
        seen.append(list(thrown_away.rglob("copy.db")))
        stop.set()

    with pytest.raises(Cancelled, match=r"users\.csv"):
        desk.imports.preview("users", users, progress=stop_at_once, stop=stop)
    assert [len(copies) for copies in seen] == [1]


def test_where_no_copy_can_be_put_that_is_said(
    desk: Desk, users: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "not there"))
    with pytest.raises(DatabaseFailed, match=r"not there.*The database is unchanged\."):
        desk.imports.preview("users", users)


def test_a_large_file_that_is_no_file_of_users_leaves_nothing_behind(
    desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "other.csv"
    path.write_text("shoe size\n44\n", encoding="utf-8")
    with pytest.raises(BadFile, match="shoe size"):
        desk.imports.preview("users", path)


def test_where_there_is_no_room_for_a_copy_that_is_said(
    desk: Desk, users: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = SimpleNamespace(total=9_999, used=9_987, free=12)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: disk)
    with pytest.raises(DatabaseFailed, match="has room for 12 of") as caught:
        desk.imports.preview("users", users)
    assert str(caught.value).endswith("The database is unchanged.")


def test_who_may_not_import_may_not_look_either(desk: Desk, users: Path, tmp_path: Path) -> None:
    desk.staff.add("sam@pixpretty.example", "support")
    with (
        open_desk(tmp_path / "credits.db", staff="sam@pixpretty.example", now=lambda: NOW) as sams,
        pytest.raises(NotPermitted),
    ):
        sams.imports.preview("users", users)
