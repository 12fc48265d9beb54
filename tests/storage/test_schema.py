"""Files of other ages and kinds: what is migrated, what is refused, what is left as it is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from app import open_desk
from app.domain.errors import DatabaseFailed, DatabaseUnsuitable
from app.storage import schema
from app.storage.sqlite import connect, sqlite3
from tests import lively

REVISIONS = schema.revisions()
OLDEST, NEWEST = REVISIONS[0], REVISIONS[-1]


def empty(path: Path, fill: Callable[[Any], None] | None = None) -> Path:
    """A file made of the first revision alone."""
    path.touch()
    with closing(connect(str(path))) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("BEGIN")
        for statement in schema.statements(schema.script(OLDEST)):
            connection.execute(statement)
        connection.execute(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"
        )
        connection.execute("INSERT INTO alembic_version VALUES (?)", (OLDEST,))
        connection.execute(f"PRAGMA application_id={schema.APPLICATION_ID}")
        if fill is not None:
            fill(connection)
        connection.execute("COMMIT")
    return path


def fingerprint(path: Path) -> list[tuple[str, str, str]]:
    with closing(connect(str(path))) as connection:
        return schema.fingerprint(connection)


def ours(folder: Path) -> list[str]:
    """What lies in a folder, without the log that SQLite keeps beside a file that was read."""
    logs = ("-wal", "-shm")
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(logs))


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    path = tmp_path / "fresh.db"
    schema.create_file(path, lambda _connection: None)
    return path


def test_migrating_step_by_step_ends_where_making_a_new_file_does(
    fresh: Path, tmp_path: Path
) -> None:
    old = empty(tmp_path / "old.db")
    assert fingerprint(old) != fingerprint(fresh)
    schema.check_file(old)
    assert fingerprint(old) == fingerprint(fresh)
    assert schema.revision_of(old) == schema.revision_of(fresh) == NEWEST


def test_the_revisions_are_one_chain_each_with_its_sql() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    chain = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]
    assert chain[::-1] == REVISIONS


def test_an_older_file_is_backed_up_before_it_is_migrated(tmp_path: Path) -> None:
    old = empty(
        tmp_path / "old.db",
        lambda connection: connection.execute("INSERT INTO meta VALUES ('kept', 'yes')"),
    )
    before = fingerprint(old)
    schema.check_file(old)
    kept = tmp_path / f"old.db.before-{NEWEST}-from-{OLDEST}"
    assert fingerprint(kept) == before
    assert schema.revision_of(kept) == OLDEST
    for path in (old, kept):
        with closing(connect(str(path))) as connection:
            found = connection.execute("SELECT value FROM meta WHERE key = 'kept'").fetchone()
            assert found == ("yes",)
    assert sorted(p.name for p in tmp_path.iterdir()) == [old.name, kept.name]


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = empty(tmp_path / "old.db")
    before = fingerprint(old)
    script = schema.script

    def broken(revision: str) -> str:
        text = script(revision)
        return f"{text}\nINSERT INTO no_such_table VALUES (1);" if revision == NEWEST else text

    monkeypatch.setattr(schema, "script", broken)
    with pytest.raises(DatabaseFailed, match="could not be brought up to date"):
        schema.check_file(old)
    assert fingerprint(old) == before
    assert schema.revision_of(old) == OLDEST
    monkeypatch.undo()
    schema.check_file(old)
    assert schema.revision_of(old) == NEWEST


def test_nothing_is_migrated_without_a_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = empty(tmp_path / "old.db")

    def full(*_paths: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.storage.backup._sync", full)
    with pytest.raises(DatabaseFailed, match="No space left on device"):
        schema.check_file(old)
    assert schema.revision_of(old) == OLDEST
    assert ours(tmp_path) == ["old.db"]


def test_a_newer_file_is_refused_and_left_byte_for_byte(path: Path) -> None:
    with closing(connect(str(path))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(DatabaseUnsuitable, match=r"newer version .*9999.* left as it is"):
        open_desk(path, staff=lively.ADMIN, now=lively.at_the_end)
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def make_foreign(path: Path) -> None:
    with closing(sqlite3.connect(str(path))) as connection:
        connection.execute("CREATE TABLE recipe (name TEXT)")
        connection.execute("INSERT INTO recipe VALUES ('soup')")
        connection.commit()


def make_foreign_with_revisions(path: Path) -> None:
    with closing(sqlite3.connect(str(path))) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", (NEWEST,))
        connection.commit()


@pytest.mark.parametrize(
    "make",
    [
        make_foreign,
        make_foreign_with_revisions,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text("user_id,email\nusr_1,a@example.com\n" * 100),
        lambda path: path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000),
    ],
    ids=["another program's", "with the same revision", "empty", "a text", "torn"],
)
def test_what_is_not_ours_is_refused_and_left_byte_for_byte(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    path = tmp_path / "other.db"
    make(path)
    before = path.read_bytes()
    with pytest.raises(DatabaseUnsuitable, match="is not a PixPretty Credits database"):
        open_desk(path, staff=lively.ADMIN, now=lively.at_the_end)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnsuitable, match="is a folder"):
        open_desk(tmp_path, staff=lively.ADMIN)


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnsuitable, match=r"folder .*missing.* does not exist"):
        open_desk(tmp_path / "missing" / "credits.db", staff=lively.ADMIN)


def test_an_older_file_that_may_not_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = empty(tmp_path / "old.db")
    before = old.read_bytes()
    monkeypatch.setattr("os.access", lambda *_asked: False)
    with pytest.raises(DatabaseUnsuitable, match="may not be written here"):
        schema.check_file(old)
    assert old.read_bytes() == before


def test_a_file_that_may_not_be_written_opens_to_be_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()
    monkeypatch.setattr("os.access", lambda *_asked: False)
    with open_desk(path, staff=lively.ADMIN, now=lively.at_the_end) as desk:
        assert not desk.writable
        assert desk.accounts.user("usr_1").user_id == "usr_1"
        with pytest.raises(DatabaseFailed, match="only be read here"):
            desk.accounts.note("usr_1", "hello")
    assert path.read_bytes() == before


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_a_network_drive_is_refused_with_its_kind(tmp_path: Path, kind: str) -> None:
    mounts = f"/dev/vda / ext4 rw 0 0\nserver:/x {tmp_path} {kind} rw 0 0\n"
    with pytest.raises(DatabaseUnsuitable, match=kind):
        schema.refuse_network_drive(tmp_path / "credits.db", mounts)
    schema.refuse_network_drive(tmp_path.parent / "credits.db", mounts)


def test_two_who_make_the_same_file_end_in_one(tmp_path: Path) -> None:
    path = tmp_path / "credits.db"
    schema.create_file(path, lambda c: c.execute("INSERT INTO meta VALUES ('made', 'first')"))
    schema.create_file(path, lambda c: c.execute("INSERT INTO meta VALUES ('made', 'second')"))
    with closing(connect(str(path))) as connection:
        assert connection.execute("SELECT value FROM meta").fetchall() == [("first",)]
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_file_whose_making_fails_never_appears(tmp_path: Path) -> None:
    def fail(_connection: Any) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        schema.create_file(tmp_path / "credits.db", fail)
    assert list(tmp_path.iterdir()) == []


def test_a_script_is_cut_into_statements_with_triggers_whole() -> None:
    text = (
        "-- a comment; with a semicolon\nCREATE TABLE t (x);\n"
        "CREATE TRIGGER g BEFORE DELETE ON t BEGIN\n  SELECT 1; SELECT 2;\nEND;\n"
    )
    found = schema.statements(text)
    assert len(found) == 2
    assert found[1].startswith("CREATE TRIGGER")
    assert found[1].endswith("END;")
