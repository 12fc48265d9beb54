"""What users are counted by is brought up where much comes in: asking then finds it ready."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app import Desk, open_desk
from app.domain.errors import Cancelled
from app.domain.imports import ImportReport
from app.services import counting_users, demo
from app.storage import month_marks, month_uses

FEATURES = ("ghostface", "export_image", "object_remover")
REGISTERED = datetime(2025, 11, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def four_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting_users, "MOST_LATE", 4)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    for number in range(3):
        user = f"usr_{number}"
        desk.accounts.register(user, email=f"{user}@example.com", name="", at=REGISTERED)
    return desk


def take(desk: Desk, folder: Path, run: str, rows: int = 12) -> ImportReport:
    """Import uses of three users in two months."""
    return desk.imports.usage(usage(folder, run, rows))


def usage(folder: Path, run: str, rows: int = 12) -> Path:
    path = folder / f"{run}.csv"
    lines = [
        f"usr_{n % 3},{FEATURES[n % 3]},2025-{11 + n % 2}-0{1 + n % 7}T12:00:00Z,{run}-{n}"
        for n in range(rows)
    ]
    path.write_text("\n".join(["user_id,feature,occurred_at,key", *lines]))
    return path


def behind(desk: Desk) -> int:
    with desk.office.database.reading() as session:
        return month_marks.behind(session)


def kept(desk: Desk) -> list[tuple[object, ...]]:
    with desk.office.database.reading() as session:
        return [
            *session.run("SELECT month, feature, content FROM month_use ORDER BY 1, 2"),
            *session.run("SELECT month, content FROM month_mix ORDER BY 1"),
        ]


def counted_anew(desk: Desk) -> list[tuple[object, ...]]:
    """What is kept once it was thrown away and made again."""
    desk.integrity.rebuild()
    desk.consumption.monthly("2025-11", "2025-12", measure="users")
    return kept(desk)


def test_after_an_import_users_are_counted_already_as_a_recount_would(
    desk: Desk, tmp_path: Path
) -> None:
    for run in ("first", "second"):
        take(desk, tmp_path, run)
        assert behind(desk) == 0
    assert desk.integrity.verify().ok

    brought = kept(desk)
    assert len(brought) > 2
    assert counted_anew(desk) == brought


def test_after_a_reversal_users_are_counted_already_with_what_came_back(
    desk: Desk, tmp_path: Path
) -> None:
    report = take(desk, tmp_path, "first")
    done = desk.imports.reverse(report.import_id, dry_run=False)
    assert done.charges > 4

    assert behind(desk) == 0
    assert desk.integrity.verify().ok
    brought = kept(desk)
    assert counted_anew(desk) == brought
    figures = desk.consumption.monthly("2026-01", "2026-01", measure="refunded")
    assert sum(figures.totals) == done.credits


def test_a_few_rows_are_left_to_be_added_when_they_are_asked_for(
    desk: Desk, tmp_path: Path
) -> None:
    take(desk, tmp_path, "few", rows=4)
    assert behind(desk) == 4


def test_an_import_does_not_make_up_for_what_was_missing_long_before(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting_users, "MOST_LATE", 100)
    take(desk, tmp_path, "old")
    monkeypatch.setattr(counting_users, "MOST_LATE", 4)

    take(desk, tmp_path, "new")

    assert behind(desk) == 24
    desk.consumption.monthly("2025-11", "2025-12", measure="users")
    assert behind(desk) == 0


def test_an_import_that_is_stopped_while_it_counts_users_keeps_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(desk, tmp_path, "first")
    before = kept(desk)
    monkeypatch.setattr(month_uses, "AT_MOST", 5)
    stop = threading.Event()
    add = month_uses.add

    def stop_after(*asked: object) -> None:
        add(*asked)  # type: ignore[arg-type]
        stop.set()

    monkeypatch.setattr(month_uses, "add", stop_after)
    with pytest.raises(Cancelled, match="nothing of it was kept"):
        desk.imports.usage(usage(tmp_path, "second"), stop=stop)

    assert (kept(desk), behind(desk), len(desk.imports.list())) == (before, 0, 1)
    assert desk.integrity.verify().ok


def test_in_a_large_demo_users_are_counted_already(tmp_path: Path) -> None:
    demo.build(tmp_path / "demo.db", users=20, events=400)
    with open_desk(tmp_path / "demo.db", staff="mira@pixpretty.example") as desk:
        assert behind(desk) == 0
        assert desk.integrity.verify().ok
