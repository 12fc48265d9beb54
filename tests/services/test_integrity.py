"""Verifying: a sound database is proved sound, and each broken rule is named with its rows."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app import open_desk
from app.desk import Desk
from app.domain.errors import Cancelled, NotPermitted
from app.domain.integrity import Report
from app.domain.sentences import Said
from app.storage import checks_derived, proof
from app.storage.sqlite import sqlite3
from tests import lively
from tests.services.plants import CONSERVE, HELD, PLANTS, SOUND, Plant, plant


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return lively.put(tmp_path)


@pytest.fixture
def desk(path: Path) -> Iterator[Desk]:
    with open_desk(path, staff=lively.SUPPORT, now=lively.at_the_end) as desk:
        yield desk


def verified(path: Path) -> Report:
    with open_desk(path, staff=lively.SUPPORT, now=lively.at_the_end) as desk:
        return desk.integrity.verify()


def test_a_database_in_which_much_happened_is_proved_sound(desk: Desk) -> None:
    report = desk.integrity.verify()
    assert report.violations == ()
    assert report.ok
    assert report.checked_at == lively.END
    assert report.counts.charges > 500
    assert report.counts.rules == len(proof.EVERY)
    assert report.audit_head == desk.integrity.audit_head() == desk.integrity.audit()[0].hash


@pytest.mark.parametrize("planted", PLANTS, ids=lambda planted: planted.rule)
def test_a_broken_rule_is_named_with_the_rows_that_break_it(path: Path, planted: Plant) -> None:
    plant(path, planted.statement)
    report = verified(path)
    assert not report.ok
    broken = {violation.name: violation for violation in report.violations}
    assert re.search(planted.row, "; ".join(broken[planted.rule].rows)), broken
    assert set(broken) == {planted.rule} | planted.also, broken
    assert broken[planted.rule].sentence in str(broken[planted.rule])
    for violation in report.violations:
        said = (violation.name, violation.sentence, *violation.rows)
        found_by_sqlite = violation.name == SOUND  # its rows are SQLite's own words
        assert found_by_sqlite or all(isinstance(text, Said) for text in said), said


def test_what_was_broken_at_the_latest_proof_can_be_said_in_another_language(path: Path) -> None:
    (statement,) = (planted.statement for planted in PLANTS if planted.rule == HELD)
    plant(path, statement)
    verified(path)
    with open_desk(path, staff=lively.SUPPORT, now=lively.at_the_end) as desk:
        latest = desk.integrity.latest_proof()
    assert latest is not None
    assert latest.broken == (HELD,)
    assert isinstance(latest.broken[0], Said)


def test_a_missing_guard_is_named(path: Path) -> None:
    with closing(sqlite3.connect(str(path))) as connection:
        connection.execute("DROP TRIGGER burn_no_update")
    broken = {violation.name: violation.rows for violation in verified(path).violations}
    assert broken == {
        "what is on record is guarded": ("trigger burn_no_update is missing",),
        "the schema is ours": ("trigger burn_no_update is missing",),
    }


def test_a_changed_schema_is_named(path: Path) -> None:
    with closing(sqlite3.connect(str(path), isolation_level=None)) as connection:
        connection.execute("DROP INDEX note_user")
        connection.execute("CREATE TABLE diary (page TEXT)")
        connection.execute("DROP INDEX user_email")
        connection.execute("CREATE INDEX user_email ON user (name)")
    (violation,) = verified(path).violations
    assert violation.name == "the schema is ours"
    assert violation.rows == (
        "index note_user is missing",
        "index user_email is not as it was made",
        "table diary is not ours",
    )


def test_every_rule_has_a_planted_violation() -> None:
    elsewhere = {"what is on record is guarded", "the schema is ours"}
    assert {planted.rule for planted in PLANTS} | elsewhere == {check.name for check in proof.EVERY}


def test_the_guards_looked_for_are_all_that_the_schema_has(path: Path) -> None:
    with closing(sqlite3.connect(str(path))) as connection:
        rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        assert {name for (name,) in rows} == checks_derived.APPEND_ONLY


def test_of_many_rows_a_hundred_are_named_and_all_are_counted(path: Path) -> None:
    plant(path, 'UPDATE "grant" SET credits = credits + 1')
    broken = {violation.name: violation for violation in verified(path).violations}
    conserve = broken[CONSERVE]
    assert (len(conserve.rows), conserve.found) == (100, verified(path).counts.grants)
    assert str(conserve).endswith(f"and {conserve.found - 100} more.")


def test_a_damaged_page_is_reported_as_damage_and_the_rest_is_still_checked(path: Path) -> None:
    content = bytearray(path.read_bytes())
    page = int.from_bytes(content[16:18], "big")
    root = _root_page(path, "note")
    content[(root - 1) * page : (root - 1) * page + 200] = b"\xff" * 200
    path.write_bytes(content)
    report = verified(path)
    broken = {violation.name for violation in report.violations}
    assert SOUND in broken
    assert CONSERVE not in broken


def _root_page(path: Path, table: str) -> int:
    with closing(sqlite3.connect(str(path))) as connection:
        row: Any = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)
        ).fetchone()
        return int(row[0])


def test_a_price_list_that_is_no_json_any_more_is_named_not_raised(path: Path) -> None:
    plant(path, "UPDATE price_version SET document = 'nonsense' WHERE number = 2")
    broken = {violation.name: violation.rows for violation in verified(path).violations}
    assert "could not be checked" in broken["prices equal their documents"][0]
    assert CONSERVE not in broken


def test_verifying_tells_how_far_it_is(desk: Desk) -> None:
    told: list[tuple[int, int, str]] = []
    desk.integrity.verify(lambda *news: told.append(news))
    names = [check.name for check in proof.EVERY]
    assert [news[2] for news in told] == [*names, ""]
    assert told[-1][:2] == (len(names), len(names))


def test_verifying_can_be_stopped(desk: Desk) -> None:
    stop = threading.Event()
    seen: list[str] = []

    def progress(_done: int, _all: int, name: str) -> None:
        seen.append(name)
        if len(seen) == 3:
            stop.set()

    with pytest.raises(Cancelled):
        desk.integrity.verify(progress, stop=stop)
    assert len(seen) == 3
    assert desk.integrity.verify().ok


def test_verifying_changes_nothing_and_works_on_a_file_that_may_only_be_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()
    # Whoever runs this may be allowed to write everywhere: say what a read-only file would say.
    monkeypatch.setattr("os.access", lambda _path, mode: mode != os.W_OK)
    with open_desk(path, staff=lively.SUPPORT, now=lively.at_the_end) as desk:
        assert desk.integrity.verify().ok
    assert path.read_bytes() == before


def test_a_stranger_may_not_verify(path: Path) -> None:
    with (
        open_desk(path, staff="eve@pixpretty.example", now=lively.at_the_end) as desk,
        pytest.raises(NotPermitted, match="not on the staff list"),
    ):
        desk.integrity.verify()


def test_the_audit_record_is_read_in_pages_and_by_subject(desk: Desk) -> None:
    first = desk.integrity.audit(limit=10)
    second = desk.integrity.audit(first[-1].id, limit=10)
    assert [record.id for record in first + second] == [
        record.id for record in desk.integrity.audit(limit=20)
    ]
    about = desk.integrity.audit(subject=("user", "usr_1"), limit=1000)
    assert about
    assert {(record.subject_kind, record.subject) for record in about} == {("user", "usr_1")}


def test_users_written_after_somebody_searched_are_no_damage(tmp_path: Path) -> None:
    with open_desk(tmp_path / "credits.db", staff="ana@x.example") as desk:
        desk.accounts.register("usr_1", email="a@x.example", name="Amira")
        assert desk.accounts.find("a", limit=1_000_000)
        for number in range(15):  # as many as make the index tidy itself
            desk.accounts.correct("usr_1", name=f"Amira {number} Haddad")
        assert desk.integrity.verify().violations == ()
