"""What the database is, a look inside a backup before it is restored, and the daily backup."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from app import open_desk
from app.desk import Desk
from app.domain.backups import Inspection, daily_day, daily_name, sqlite_is_sound
from app.domain.errors import BadFile, Cancelled, DatabaseFailed, InvalidValue, NotPermitted
from app.storage import backup
from app.storage.sqlite import VERSION, connect
from tests import lively


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return lively.put(tmp_path)


@pytest.fixture
def desk(path: Path) -> Iterator[Desk]:
    with open_desk(path, staff=lively.ADMIN, now=lively.at_the_end) as desk:
        yield desk


def as_person(path: Path, person: str) -> Desk:
    return open_desk(path, staff=person, now=lively.at_the_end)


def test_the_facts_say_where_how_large_and_what_reads_it(desk: Desk, path: Path) -> None:
    facts = desk.backups.facts()
    assert facts.path == str(path)
    assert facts.size >= path.stat().st_size
    assert (facts.zone, facts.writable, facts.sandbox) == (lively.ZONE, True, False)
    assert facts.made_at == lively.START
    assert facts.sqlite == VERSION
    with open_desk(":memory:", staff="ana") as other:
        assert (other.backups.facts().path, other.backups.facts().size) == (None, 0)


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ("3.6.23", True),
        ("3.7.0", False),
        ("3.40.1", False),
        ("3.51.2", False),
        ("3.51.3", True),
        ("3.52.0", True),
        ("4.0", True),
    ],
)
def test_which_sqlite_is_sound(version: str, sound: bool) -> None:
    assert sqlite_is_sound(version) is sound


def test_a_look_inside_says_what_would_be_lost_and_changes_nothing(
    desk: Desk, path: Path, tmp_path: Path
) -> None:
    saved = desk.integrity.backup(tmp_path / "safe.db")
    desk.accounts.register("usr_new", email="new@example.com", name="New", at=lively.END)
    desk.accounts.note("usr_new", "hello")
    before = (path.read_bytes(), saved.read_bytes(), set(tmp_path.iterdir()))
    asked: list[str] = []
    found = desk.backups.inspect(saved, lambda _done, _all, name: asked.append(name))
    assert (path.read_bytes(), saved.read_bytes(), set(tmp_path.iterdir())) == before
    assert found.related
    assert not found.ahead
    assert found.now.tally.users - found.content.tally.users == 1
    # The record of the backup itself was written after the copy was made.
    assert [record.act for record in found.lost] == ["note", "register", "back up"]
    assert found.lost_acts == 3
    assert found.proof.ok
    assert found.content.role == "admin"
    assert len(asked) == found.proof.counts.rules + 1


def test_a_look_inside_says_where_the_backup_is_of_another_database(
    desk: Desk, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    with open_desk(other, staff="zoe@else.example", zone="Asia/Tokyo"):
        pass
    found = desk.backups.inspect(other)
    assert (found.related, found.ahead, found.lost_acts, found.lost) == (False, False, 0, ())
    assert found.content.zone == "Asia/Tokyo"
    assert found.content.role is None  # who restores it could do nothing there


def test_a_look_inside_knows_a_later_state_of_this_database(
    desk: Desk, path: Path, tmp_path: Path
) -> None:
    early = desk.integrity.backup(tmp_path / "early.db")
    desk.accounts.note("usr_1", "later")
    with as_person(early, lively.ADMIN) as old:
        found = old.backups.inspect(path)
    assert (found.related, found.ahead) == (False, True)


def test_a_look_inside_a_backup_of_last_year_finds_it_sound(path: Path, tmp_path: Path) -> None:
    saved = as_person(path, lively.ADMIN).integrity.backup(tmp_path / "safe.db")
    later = lively.END + timedelta(days=400)
    with open_desk(path, staff=lively.ADMIN, now=lambda: later) as desk:
        assert desk.backups.inspect(saved).proof.ok


def test_a_broken_rule_inside_is_named(desk: Desk, tmp_path: Path) -> None:
    saved = desk.integrity.backup(tmp_path / "safe.db")
    with closing(connect(str(saved))) as connection:
        connection.execute('UPDATE "grant" SET remaining = remaining + 1 WHERE id = 1')
    found = desk.backups.inspect(saved)
    assert not found.proof.ok
    assert "grants conserve credits" in {violation.name for violation in found.proof.violations}


def test_what_cannot_be_looked_into_is_refused_with_its_name(
    desk: Desk, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("no database")
    for wrong in (notes, tmp_path / "absent.db", tmp_path):
        with pytest.raises(BadFile, match=wrong.name):
            desk.backups.inspect(wrong)
    with pytest.raises(InvalidValue):
        desk.backups.inspect(7)  # type: ignore[arg-type]
    with as_person(path, lively.SUPPORT) as support, pytest.raises(NotPermitted):
        support.backups.inspect(path)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        desk.backups.inspect(path, stop=stop)

    def full(_source: Path, _folder: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_refuse_full_disk", full)
    with pytest.raises(DatabaseFailed, match="No space left"):
        desk.backups.inspect(path)


# Every day -------------------------------------------------------------------------------------


@pytest.fixture
def on(path: Path) -> Iterator[Callable[[int], Desk]]:
    """The desk so many days after the story ends."""
    opened: list[Desk] = []

    def later(days: int) -> Desk:
        at = lively.END + timedelta(days=days)
        opened.append(open_desk(path, staff=lively.LEAD, now=lambda: at))
        return opened[-1]

    yield later
    for desk in opened:
        desk.close()


def test_a_day_has_one_backup_and_the_oldest_go(on: Callable[[int], Desk], tmp_path: Path) -> None:
    folder = tmp_path / "daily"
    folder.mkdir()
    first = on(0).backups.daily(folder, keep=2)
    assert first.made
    again = on(0).backups.daily(folder, keep=2)
    assert (again.made, again.newest, again.removed) == (False, first.newest, ())
    on(1).backups.daily(folder, keep=2)
    third = on(2).backups.daily(folder, keep=2)
    assert third.removed == (first.newest.path,)
    newest = on(2).integrity.audit(limit=1)[0]
    assert (newest.act, newest.before) == ("remove a daily backup", {"backup": first.newest.path})
    kept = on(2).backups.dailies(folder)
    assert [one.day.isoformat() for one in kept] == ["2026-06-14", "2026-06-13"]
    assert on(2).backups.inspect(kept[0].path).related


def test_todays_backup_stays_whatever_is_dated_later(
    on: Callable[[int], Desk], tmp_path: Path
) -> None:
    """A clock that stood wrong once has left backups of days that are still to come."""
    folder = tmp_path / "daily"
    folder.mkdir()
    ahead = [on(days).backups.daily(folder, keep=3).newest for days in (40, 41)]
    today = on(1).backups.daily(folder, keep=1)
    assert (today.made, today.removed) == (True, ())
    assert today.newest.day.isoformat() == "2026-06-13"
    assert all(Path(one.path).is_file() for one in (*ahead, today.newest))
    assert not on(1).backups.daily(folder, keep=1).made


def test_a_day_is_one_of_the_billing_zone(path: Path, tmp_path: Path) -> None:
    late = lively.END.replace(hour=23, minute=30)  # it is tomorrow in Berlin already
    with open_desk(path, staff=lively.LEAD, now=lambda: late) as desk:
        assert desk.backups.daily(tmp_path, keep=3).newest.day.isoformat() == "2026-06-13"


def test_only_our_own_daily_backups_are_ever_removed(
    on: Callable[[int], Desk], tmp_path: Path
) -> None:
    folder = tmp_path / "daily"
    folder.mkdir()
    ours = Path(on(5).backups.daily(folder, keep=1).newest.path)
    tag = ours.stem.rsplit("-", 1)[1]
    stem = ours.stem.partition("-daily-")[0]
    others = [
        f"{stem}-daily-2020-01-01-ffffffff.db",  # another database of the same name
        f"{stem}-daily-2020-13-01-{tag}.db",  # no day
        f"{stem}-daily-2020-01-01-{tag}.txt",
        f"{stem}-daily-2020-01-01-{tag}-copy.db",
        f"invoices-daily-2020-01-01-{tag}.db",
        f"{stem}.db",
    ]
    for name in others:
        (folder / name).write_text("somebody's")
    old = folder / f"{stem}-daily-2020-01-01-{tag}{ours.suffix}"
    old.write_text("ours")
    assert on(6).backups.daily(folder, keep=1).removed == (str(ours), str(old))
    assert all((folder / name).exists() for name in others)


def test_a_daily_backup_that_cannot_be_made_says_why_and_removes_nothing(
    on: Callable[[int], Desk], path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = on(0)
    with pytest.raises(InvalidValue, match="nowhere"):
        desk.backups.daily(tmp_path / "nowhere", keep=3)
    assert desk.backups.dailies(tmp_path / "nowhere") == []
    for keep in (0, 366):
        with pytest.raises(InvalidValue, match=f"{keep}"):
            desk.backups.daily(tmp_path, keep=keep)
    with as_person(path, lively.SUPPORT) as support, pytest.raises(NotPermitted):
        support.backups.daily(tmp_path, keep=3)
    kept = desk.backups.daily(tmp_path, keep=1).newest

    def full(_source: Path, _folder: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_refuse_full_disk", full)
    with pytest.raises(DatabaseFailed, match="No space left"):
        on(1).backups.daily(tmp_path, keep=1)
    assert Path(kept.path).exists()


def test_the_name_of_a_daily_backup_is_read_as_it_was_written() -> None:
    day = lively.END.date()
    name = daily_name("my-daily-books", "0a1b2c3d", day, ".db")
    assert daily_day(name, "my-daily-books", "0a1b2c3d", ".db") == day
    assert daily_day(name, "books", "0a1b2c3d", ".db") is None


def test_the_inspection_is_frozen(desk: Desk, path: Path) -> None:
    found: Inspection = desk.backups.inspect(path)
    assert found.lost_acts == 0
    assert found.related
