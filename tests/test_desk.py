from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app import open_desk, shipped
from app.domain.errors import DatabaseUnsuitable, InvalidInstant, NotPermitted, PriceListInvalid
from app.storage import schema
from app.storage.sqlite import connect

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)


def clock() -> datetime:
    return NOW


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "credits.db"


def test_a_database_is_made_where_nothing_is_and_opened_the_next_time(path: Path) -> None:
    with open_desk(path, staff="ana@pixpretty.example", now=clock) as desk:
        desk.accounts.register("u1", email="a@example.com", name="A")

    with open_desk(f"sqlite:///{path}", staff="ANA@pixpretty.example", now=clock) as desk:
        assert desk.accounts.account("u1").available == 12
    assert [left.name for left in path.parent.iterdir()] == ["credits.db"]


def test_another_kind_of_database_is_refused_without_repeating_its_password(path: Path) -> None:
    with pytest.raises(DatabaseUnsuitable, match="postgresql") as refused:
        open_desk("postgresql://ana:secret@db.example/credits", staff="ana", now=clock)

    assert "secret" not in str(refused.value)
    assert "ana:" not in str(refused.value.values)


def test_a_network_drive_is_refused(path: Path) -> None:
    mounts = "srv:/home /net/home nfs4 rw 0 0\n/dev/vda / ext4 rw 0 0\n"

    with pytest.raises(DatabaseUnsuitable, match="network drive"):
        schema.refuse_network_drive(Path("/net/home/credits.db"), mounts)
    schema.refuse_network_drive(Path("/net/homework/credits.db"), mounts)


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\x00" + b"\x00" * 2000])
def test_a_file_that_is_no_database_of_ours_is_refused_and_left_as_it_is(
    path: Path, content: bytes
) -> None:
    path.write_bytes(content)

    with pytest.raises(DatabaseUnsuitable, match=r"credits\.db"):
        open_desk(path, staff="ana", now=clock)

    assert path.read_bytes() == content


def test_a_folder_or_a_missing_folder_is_named(path: Path) -> None:
    with pytest.raises(DatabaseUnsuitable, match="is a folder"):
        open_desk(path.parent, staff="ana", now=clock)
    with pytest.raises(DatabaseUnsuitable, match="does not exist"):
        open_desk(path / "deeper" / "credits.db", staff="ana", now=clock)


def test_a_stranger_may_not_look_and_is_told_who_can_help(path: Path) -> None:
    open_desk(path, staff="ana@pixpretty.example", now=clock).close()

    with (
        open_desk(path, staff="eve@example.com", now=clock) as desk,
        pytest.raises(NotPermitted, match="an admin can add them"),
    ):
        desk.accounts.count()


def test_the_product_opens_a_database_but_never_makes_one(path: Path) -> None:
    with pytest.raises(NotPermitted):
        open_desk(path, staff="system", now=clock)
    assert list(path.parent.iterdir()) == []

    open_desk(path, staff="ana", now=clock).close()
    with open_desk(path, staff="system", now=clock) as desk:
        assert desk.staff.me().role == "system"


def test_a_wrong_price_list_makes_no_database(path: Path, tmp_path: Path) -> None:
    prices = json.loads(shipped.path("pricing.json").read_bytes())
    prices["features"][3]["credits"] = 0
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(prices))

    with pytest.raises(PriceListInvalid, match=r"features\[3\]\.credits"):
        open_desk(path, staff="ana", now=clock, pricing=wrong)

    assert not path.exists()


def test_the_billing_zone_is_that_of_the_first_price_list(path: Path, tmp_path: Path) -> None:
    prices = json.loads(shipped.path("pricing.json").read_bytes())
    prices["timezone"] = "America/New_York"
    file = tmp_path / "new_york.json"
    file.write_text(json.dumps(prices))

    with open_desk(path, staff="ana", now=clock, pricing=file) as desk:
        desk.accounts.register("u1", email="a@example.com", name="A")
        desk.accounts.change_plan("u1", "plus")
        allowance = desk.accounts.account("u1").grants[0]

    assert desk.zone == "America/New_York"
    assert allowance.expires_at == datetime(2026, 2, 1, 5, tzinfo=UTC)


def test_opening_releases_what_is_due_and_leaves_no_record_of_staff(path: Path) -> None:
    with open_desk(path, staff="ana", now=clock) as desk:
        desk.accounts.register("u1", email="a@example.com", name="A")
        desk.accounts.change_plan("u1", "plus")

    later = datetime(2026, 3, 5, tzinfo=UTC)
    open_desk(path, staff="system", now=lambda: later).close()

    db = connect(str(path))
    assert db.execute('SELECT count(*) FROM "grant" WHERE kind = 3').fetchone() == (3,)
    assert {row[0] for row in db.execute("SELECT act FROM audit")} == {
        "make the database",
        "register",
        "change plan",
    }
    db.close()


def test_a_clock_without_an_offset_is_refused(path: Path) -> None:
    with pytest.raises(InvalidInstant, match="no offset"):
        open_desk(path, staff="ana", now=lambda: datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_file_that_may_not_be_written_is_read_only(path: Path) -> None:
    open_desk(path, staff="ana", now=clock).close()
    path.chmod(0o444)

    with open_desk(path, staff="ana", now=clock) as desk:
        assert not desk.writable
        assert desk.accounts.count() == 0
