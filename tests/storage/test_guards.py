"""What the schema itself refuses: edits, deletions, replacements, wrong types, wrong references."""

from __future__ import annotations

from typing import Any

import pytest

from app.storage.sqlite import sqlite3

APPEND_ONLY = [
    *("charge", "burn", "outcome", "refund", "returned", "void", "audit", "price"),
    *("price_version", "price_withdrawal", "plan_change", "note"),
    "reply_template",
]
GUARDED = [*APPEND_ONLY, "grant", "user", "approval", "request"]


def columns(connection: Any, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]


def fill(connection: Any, table: str) -> None:
    """A row where the made-up history has none."""
    rows = {
        "note": "INSERT INTO note (user, at, staff, text) VALUES (1, 1, 1, 'x')",
        "price_withdrawal": "INSERT INTO price_withdrawal (version, at, staff) VALUES (1, 1, 1)",
        "reply_template": "INSERT INTO reply_template VALUES ('see', 1, '', 1, 1, 'x')",
        "approval": "INSERT INTO approval (user, credits, reason, note, ticket, validity,"
        " asked_by, asked_at, decided_by, decided_at, approved)"
        " VALUES (1, 5, 'other', '', 'T', 'P1Y', 3, 1, 2, 2, 0)",
    }
    if table in rows:
        connection.execute(rows[table])


@pytest.mark.parametrize("table", GUARDED)
def test_what_is_on_record_is_never_deleted(connection: Any, table: str) -> None:
    fill(connection, table)
    before = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()
    assert before[0] > 0
    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|never deleted"):
        connection.execute(f'DELETE FROM "{table}"')
    assert connection.execute(f'SELECT count(*) FROM "{table}"').fetchone() == before


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_column_of_what_is_on_record_can_be_edited(connection: Any, table: str) -> None:
    fill(connection, table)
    for column in columns(connection, table):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(f'UPDATE "{table}" SET "{column}" = "{column}"')


@pytest.mark.parametrize("table", [*APPEND_ONLY, "grant", "approval", "request"])
def test_replacing_a_row_is_refused_like_deleting_it(connection: Any, table: str) -> None:
    fill(connection, table)
    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|never deleted|decided once"):
        connection.execute(f'INSERT OR REPLACE INTO "{table}" SELECT * FROM "{table}" LIMIT 1')


def test_of_a_grant_only_what_remains_changes(connection: Any) -> None:
    for column in columns(connection, "grant"):
        statement = f'UPDATE "grant" SET "{column}" = "{column}" WHERE id = 1'
        if column == "remaining":
            connection.execute(statement)
        else:
            with pytest.raises(sqlite3.IntegrityError, match="only what remains"):
                connection.execute(statement)


def test_an_approval_is_decided_once(connection: Any) -> None:
    fill(connection, "approval")
    with pytest.raises(sqlite3.IntegrityError, match="decided once"):
        connection.execute("UPDATE approval SET approved = 1")


def test_what_a_request_asked_stays_as_it_came_and_an_answer_is_given_once(connection: Any) -> None:
    moves = {
        *("user", "category", "state", "first_claimed_at", "claimed_by", "claimed_at"),
        *("resolved_by", "resolved_at", "grant", "charge", "approval", "resolution_key", "note"),
    }
    for column in columns(connection, "request"):
        statement = f'UPDATE request SET "{column}" = "{column}" WHERE state = 0'
        if column in moves:
            connection.execute(statement)
            with pytest.raises(sqlite3.IntegrityError, match="resolved once"):
                connection.execute(statement.replace("state = 0", "state = 4"))
        else:
            with pytest.raises(sqlite3.IntegrityError, match="stays as it came"):
                connection.execute(statement)


@pytest.mark.parametrize(
    "answer",
    [
        "state = 2, claimed_by = 1, claimed_at = 1",
        "state = 4",
        "state = 1",
        "claimed_by = 1",
        (
            "state = 3, claimed_by = 1, claimed_at = 1, first_claimed_at = 1, resolved_by = 1,"
            " resolved_at = 1"
        ),
        "state = 9",
        "approval = 1",
    ],
)
def test_half_an_answer_is_refused(connection: Any, answer: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        connection.execute(f"UPDATE request SET {answer} WHERE state = 0")


def test_every_table_keeps_its_types(connection: Any) -> None:
    rows = connection.execute("PRAGMA table_list").fetchall()
    search = ("search_fragment", "search_vocabulary", "search_word")
    ours = [
        row
        for row in rows
        if row[0] == "main" and not row[1].startswith(("sqlite_", "alembic_", *search))
    ]
    assert [row[1] for row in ours if row[2] != "table" or not row[5]] == []
    assert len(ours) > 20


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO note (user, at, staff, text) VALUES (1, 'noon', 1, 'x')",
        "INSERT INTO outstanding (day, credits) VALUES (20300131, 1.5)",
        "INSERT INTO meta (key, value) VALUES ('k', x'00')",
    ],
)
def test_a_value_of_another_type_is_refused(connection: Any, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="cannot store"):
        connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO note (user, at, staff, text) VALUES (999, 1, 1, 'x')",
        "INSERT INTO burn VALUES (999999, 1, 1)",
        "INSERT INTO outcome (charge, outcome, at, recorded_at, staff) VALUES (999999, 0, 1, 1, 1)",
        "INSERT INTO price VALUES (99, 1, 1)",
    ],
)
def test_a_reference_to_nothing_is_refused(connection: Any, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        'UPDATE "grant" SET remaining = -1 WHERE id = 1',
        'UPDATE "grant" SET remaining = credits + 1 WHERE id = 1',
        "UPDATE outstanding SET credits = -1",
        "UPDATE user SET plan = 3",
        "UPDATE user SET email = ''",
        "UPDATE user SET referrer = id, referred_by = 'X' WHERE id = 1",
        "UPDATE staff SET role = 'owner'",
        "INSERT INTO burn SELECT charge, 1, 0 FROM burn LIMIT 1",
    ],
)
def test_a_value_no_rule_allows_is_refused(connection: Any, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        (
            "INSERT INTO charge SELECT id + 100000, user, feature, quantity, credits,"
            " price_version, plan, occurred_at, recorded_at, key, available, job, import"
            " FROM charge LIMIT 1"
        ),
        (
            'INSERT INTO "grant" (user, kind, credits, remaining, effective_at, expires_at,'
            " recorded_at, position, staff) SELECT user, 1, 12, 12, 1, 2, 1, 0, 1 FROM"
            ' "grant" WHERE kind = 1 LIMIT 1'
        ),
        (
            'INSERT INTO "grant" (user, kind, credits, remaining, effective_at, expires_at,'
            " recorded_at, position, staff, month, plan) SELECT user, 3, 1, 1, 1, 2, 1, 0, 1,"
            ' month, plan FROM "grant" WHERE kind = 3 LIMIT 1'
        ),
        (
            'INSERT INTO "grant" (user, kind, credits, remaining, effective_at, expires_at,'
            " recorded_at, position, staff, friend) SELECT user, 2, 1, 1, 1, 2, 1, 0, 1, friend"
            ' FROM "grant" WHERE kind = 2 LIMIT 1'
        ),
        (
            "INSERT INTO refund SELECT id + 1000, charge, at, recorded_at, position, NULL, staff,"
            " reason, note, NULL FROM refund LIMIT 1"
        ),
    ],
    ids=["key of a charge", "sign-up bonus", "allowance", "reward", "refund"],
)
def test_what_happens_once_cannot_be_put_down_twice(connection: Any, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        connection.execute(statement)
