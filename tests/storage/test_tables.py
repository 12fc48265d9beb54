"""The classes of the tables against the schema that migrations make."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, create_engine, select

from app.storage import schema, tables, tables_derived
from app.storage.sqlite import connect, sqlite3
from tests import lively


@pytest.fixture
def migrated() -> Iterator[Any]:
    with closing(connect(":memory:")) as connection:
        schema.build(connection)
        yield connection


def real_tables(connection: Any) -> list[str]:
    """Our tables, without those that SQLite and Alembic keep for themselves."""
    rows = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_fragment_%'"
        " AND name NOT LIKE 'search_word_%'"
        " AND name <> 'alembic_version'"
    )
    return sorted(name for (name,) in rows)


def columns_on_disk(connection: Any, table: str) -> dict[str, tuple[str, bool, int]]:
    rows = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    return {
        name: (kind, bool(needed) or place > 0, place) for _, name, kind, needed, _, place in rows
    }


def references_on_disk(connection: Any, table: str) -> set[tuple[str, str]]:
    rows = connection.execute(f'PRAGMA foreign_key_list("{table}")').fetchall()
    return {(row[3], f"{row[2]}.{row[4]}") for row in rows}


def unique_on_disk(connection: Any, table: str) -> set[str]:
    """The columns of which no two rows have the same value, beside the key."""
    found = set()
    indexes = connection.execute(f'PRAGMA index_list("{table}")').fetchall()
    for _, index, unique, origin, partial in indexes:
        columns = connection.execute(f'PRAGMA index_info("{index}")').fetchall()
        if unique and origin != "pk" and not partial and len(columns) == 1:
            found.add(columns[0][2])
    return found


def test_every_table_has_its_class_and_no_class_is_without_a_table(migrated: Any) -> None:
    assert tables_derived.MonthUse.__tablename__ == "month_use"
    assert sorted(SQLModel.metadata.tables) == real_tables(migrated)


@pytest.mark.parametrize("name", sorted(SQLModel.metadata.tables))
def test_columns_types_keys_and_references_are_those_of_the_schema(
    migrated: Any, name: str
) -> None:
    table = SQLModel.metadata.tables[name]
    keys = [column.name for column in table.primary_key.columns]
    said = {
        column.name: (
            str(column.type),
            not column.nullable,
            keys.index(column.name) + 1 if column.name in keys else 0,
        )
        for column in table.columns
    }
    assert said == columns_on_disk(migrated, name)
    assert list(said) == list(columns_on_disk(migrated, name))
    references = {(k.parent.name, k.target_fullname) for k in table.foreign_keys}
    assert references == references_on_disk(migrated, name)
    unique = {column.name for column in table.columns if column.unique}
    assert unique == unique_on_disk(migrated, name)


def test_the_classes_read_a_real_database(tmp_path: Path) -> None:
    path = lively.put(tmp_path)
    engine = create_engine("sqlite://", creator=lambda: connect(str(path)), module=sqlite3)
    with Session(engine) as session:
        users = session.exec(select(tables.User)).all()
        charge = session.exec(select(tables.Charge)).first()
        moved = session.exec(select(tables_derived.Flow)).all()
    engine.dispose()
    assert len(users) == lively.USERS
    assert sum(flow.credits for flow in moved) > 0
    assert charge is not None
    assert (charge.import_run, charge.user in {user.id for user in users}) == (None, True)


def test_nothing_that_has_to_be_quick_loads_the_mapper() -> None:
    program = (
        "import sys; from app import open_desk; d = open_desk(':memory:', staff='a@b.example');"
        "d.accounts.register('u', email='a@b.c', name=''); d.charging.charge('u', 'ghostface',"
        " key='k'); d.consumption.monthly('2026-01', '2026-02'); d.close();"
        "print(sorted({'sqlalchemy', 'sqlmodel', 'pydantic', 'alembic'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
