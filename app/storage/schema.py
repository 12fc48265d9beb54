"""Making, recognising and migrating database files.

Alembic owns the schema: every change is a revision with its SQL beside it. A new file runs the same
SQL directly, because loading Alembic would double the time to the first window; a test proves that
both ways end in the same schema.
"""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.errors import DatabaseFailed, DatabaseUnsuitable
from app.domain.sentences import said
from app.storage.sqlite import connect, sqlite3

if TYPE_CHECKING:
    from collections.abc import Callable

APPLICATION_ID = 0x50504352
"""Marks a file as one of ours (``PPCR``)."""
_VERSIONS = Path(__file__).parent / "migrations" / "versions"
_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncpfs", "afs", "9p", "fuse.sshfs"}
)


def revisions() -> list[str]:
    """Every revision that has SQL, oldest first: ``["0001", ...]``."""
    return sorted(path.name.split("_")[0] for path in _VERSIONS.glob("*.sql"))


def script(revision: str) -> str:
    """The SQL of a revision."""
    return next(_VERSIONS.glob(f"{revision}_*.sql")).read_text(encoding="utf-8")


def run_script(revision: str) -> None:
    """Run a revision's SQL in the migration under way, statement by statement."""
    from alembic import op

    for statement in statements(script(revision)):
        op.get_bind().exec_driver_sql(statement)


def statements(text: str) -> list[str]:
    """The single statements of a script; triggers, with semicolons inside, stay whole."""
    found, held = [], ""
    for line in text.splitlines(keepends=True):
        held += line
        if sqlite3.complete_statement(held):
            found.append(held.strip())
            held = ""
    return found


def build(connection: Any) -> None:
    """Make the whole schema in an empty database, inside the transaction under way."""
    for revision in revisions():
        for statement in statements(script(revision)):
            connection.execute(statement)
    connection.execute(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"
    )
    connection.execute("INSERT INTO alembic_version VALUES (?)", (revisions()[-1],))
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")


def create_file(path: Path, fill: Callable[[Any], None]) -> None:
    """Make a new database file: schema and first rows, under a temporary name, then renamed.

    ``fill`` gets the driver's connection inside the transaction. A file that somebody else made in
    the meantime is left as it is.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    temporary.unlink(missing_ok=True)
    try:
        with closing(_empty(temporary)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            build(connection)
            fill(connection)
            connection.execute("COMMIT")
        _appear(temporary, path)
    except OSError as error:
        message = said(
            "No database can be made at “{path}”: {given}.",
            path=path,
            given=error.strerror or str(error),
        )
        raise DatabaseUnsuitable(message, path=str(path)) from error
    except sqlite3.OperationalError as error:
        message = said("No database can be made at “{path}”: {error}.", path=path, error=str(error))
        raise DatabaseUnsuitable(message, path=str(path)) from error
    finally:
        for left in (temporary, *_companions(temporary)):
            left.unlink(missing_ok=True)


def _empty(path: Path) -> Any:
    if not path.parent.is_dir():
        message = said("The folder “{parent}” does not exist.", parent=path.parent)
        raise DatabaseUnsuitable(message, path=str(path))
    path.touch()
    connection = connect(str(path))
    connection.execute("PRAGMA journal_mode=WAL")
    return connection


def _appear(temporary: Path, path: Path) -> None:
    try:
        os.link(temporary, path)
    except FileExistsError:
        return
    except OSError:
        # A file system without hard links: the rename may only replace an empty place.
        if not path.exists():
            temporary.rename(path)


def _companions(path: Path) -> list[Path]:
    return [path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-journal")]


def check_file(path: Path) -> None:
    """Refuse, untouched, what is not one of our files or was made by a newer program.

    An older one is backed up beside itself and migrated. Raises ``DatabaseUnsuitable``.
    """
    refuse_network_drive(path)
    found = revision_of(path)
    if found == revisions()[-1]:
        return
    if found not in revisions():
        message = said(
            "“{name}” was made by a newer version of PixPretty Credits (schema "
            "{found}); please update the program. The file was left as it is.",
            name=path.name,
            found=found,
        )
        raise DatabaseUnsuitable(message, path=str(path), schema=found)
    if not os.access(path, os.W_OK):
        message = said(
            "“{name}” needs to be brought up to date, but it may not be written here.",
            name=path.name,
        )
        raise DatabaseUnsuitable(message, path=str(path), schema=found)
    migrate(path, found)


def revision_of(path: Path) -> str:
    """The revision of a file's schema; ``DatabaseUnsuitable`` for what is not one of ours."""
    # Only a file in use has a log beside it; another is not to get one by being looked at.
    untouched = not path.with_name(path.name + "-wal").exists()
    try:
        with closing(connect(str(path), read_only=True, untouched=untouched)) as connection:
            ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except (sqlite3.DatabaseError, OSError) as error:
        message = said(
            "“{name}” is not a PixPretty Credits database ({error}).",
            name=path.name,
            error=str(error),
        )
        raise DatabaseUnsuitable(message, path=str(path)) from error
    if not ours or row is None:
        message = said(
            "“{name}” is not a PixPretty Credits database; it was left as it is.", name=path.name
        )
        raise DatabaseUnsuitable(message, path=str(path))
    return str(row[0])


def migrate(path: Path, found: str) -> None:
    """Back the file up beside itself, then run the revisions after ``found``, all or none."""
    from app.storage.backup import back_up

    kept = path.with_name(f"{path.name}.before-{revisions()[-1]}-from-{found}")
    back_up(path, kept)
    try:
        upgrade(path)
    except sqlite3.Error as error:
        message = said(
            "“{name}” could not be brought up to date ({error}); it was left as it "
            "is, and a backup of it is “{name2}”.",
            name=path.name,
            error=str(error),
            name2=kept.name,
        )
        raise DatabaseFailed(message, path=str(path), schema=found) from error


def upgrade(path: Path) -> None:
    """Run the revisions that a file does not have yet in one transaction, without a backup."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine
    from sqlalchemy.exc import DBAPIError

    engine = create_engine("sqlite://", creator=lambda: connect(str(path)), module=sqlite3)
    config = Config()
    config.set_main_option("script_location", str(_VERSIONS.parent))
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.exec_driver_sql("COMMIT")
    except DBAPIError as error:
        raise sqlite3.OperationalError(str(error.orig)) from error
    finally:
        engine.dispose()


def fingerprint(connection: Any) -> list[tuple[str, str, str]]:
    """Every table, index and trigger with its SQL: two files of one schema have the same."""
    rows = connection.execute(
        "SELECT type, name, coalesce(sql, '') FROM sqlite_schema"
        " WHERE name NOT LIKE 'sqlite_%' AND name <> 'alembic_version' ORDER BY type, name"
    ).fetchall()
    return [tuple(row) for row in rows]


def refuse_network_drive(path: Path, mounts: str | None = None) -> None:
    """SQLite's write-ahead log needs one host: refuse a network drive with a sentence."""
    kind = _file_system(path, mounts if mounts is not None else _mounts())
    if kind in _NETWORK or str(path).startswith("\\\\"):
        message = said(
            "“{path}” lies on a network drive ({given}); a database must lie on a "
            "disk of this computer.",
            path=path,
            given=kind or "UNC path",
        )
        raise DatabaseUnsuitable(message, path=str(path))


def _mounts() -> str:
    try:
        return Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _file_system(path: Path, mounts: str) -> str:
    place = str(path.absolute())
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split()
        mount = fields[1].replace("\\040", " ") if len(fields) > 2 else ""  # noqa: PLR2004
        inside = place == mount or place.startswith(mount.rstrip("/") + "/")
        if mount and inside and len(mount) >= len(best):
            best, kind = mount, fields[2]
    return kind
