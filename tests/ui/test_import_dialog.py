"""Importing a file: its columns are chosen and remembered, it is tried out, stopped, taken."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app import open_desk
from app.desk import Desk
from app.ui.background import Background
from app.ui.import_dialog import ImportDialog
from app.ui.theme import Theme
from app.ui.window import Standing, Window
from app.ui.zones import ZoneBox

ROWS = "Account no;When;What;Ref;Shoe size\nusr_1;2026-01-10 10:00;export_image;k1;44\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path / "credits.db", staff="ana", zone="Europe/Berlin") as desk:
        desk.accounts.register("usr_1", email="a@example.com", name="A")
        yield desk


@pytest.fixture
def window(desk: Desk, background: Background, theme: Theme, qtbot: QtBot) -> Iterator[Window]:
    made = Window(
        desk=desk,
        background=background,
        now=desk.now,
        zone=desk.now().tzinfo,  # type: ignore[arg-type]
        pages=[],
        standing=Standing("credits.db"),
    )
    qtbot.addWidget(made)
    yield made
    made.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def opened(window: Window, path: Path, qtbot: QtBot, kind: str = "usage") -> ImportDialog:
    dialog = ImportDialog(window, window, kind, str(path))
    qtbot.addWidget(dialog)
    settle(window, qtbot)
    return dialog


def settle(window: Window, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.background.busy, timeout=30_000)


def choose(dialog: ImportDialog, ours: str, theirs: str) -> None:
    box = dialog.columns.boxes[ours]
    box.setCurrentIndex(box.findData(theirs))


def test_columns_are_chosen_by_hand_and_remembered_for_such_a_header(
    window: Window, file: Path, qtbot: QtBot
) -> None:
    dialog = opened(window, file, qtbot)
    assert dialog.tabs.currentWidget() is dialog.columns
    assert dialog.said.text() == "Choose which column of the file is “user_id”, “key”."
    assert not dialog.act_button.isEnabled()
    choose(dialog, "user_id", "Account no")
    choose(dialog, "key", "Account no")
    assert "“Account no” is chosen for two" in dialog.said.text()
    choose(dialog, "key", "Ref")
    settle(window, qtbot)
    # Registered just now, so that a use of January finds nobody's credits but is free.
    assert dialog.preview is not None
    assert dialog.preview.report.read == 1
    assert "Shoe size" in dialog.columns.passed_over.text()
    dialog.try_submit()
    settle(window, qtbot)
    again = opened(window, file, qtbot)
    assert again.columns.theirs["user_id"] == "Account no"
    assert again.tabs.currentWidget() is again.rows


def test_a_row_is_read_in_the_zone_that_is_chosen(
    window: Window, desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "users.csv"
    path.write_text(
        "user_id,email,name,registered_at\nu1,u1@example.com,U,2026-01-10 10:00\n", "utf-8"
    )
    dialog = opened(window, path, qtbot, "users")
    dialog.zone.choose("Asia/Tokyo")
    dialog.try_it()
    settle(window, qtbot)
    assert dialog.said.text() == "1 user to register."
    dialog.try_submit()
    settle(window, qtbot)
    assert desk.accounts.account("u1").user.registered_at.isoformat().startswith("2026-01-10T01:00")
    dialog.zone.setCurrentText("Nowhere/Land")
    other = opened(window, path, qtbot, "users")
    other.zone.setCurrentText("Nowhere/Land")
    other.try_it()
    settle(window, qtbot)
    assert "Nowhere/Land" in other.problem
    assert not other.act_button.isEnabled()


def test_rows_left_out_are_read_whole_saved_as_they_stand_and_imported_once_mended(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "Person;Mail;Name;Registered\n"
        "u1;u1@example.com;One;2026-01-10T10:00:00Z\n"
        "u2;;Two;2026-01-10T10:00:00Z\n"
        "u3;u3@example.com;Three;2099-01-10T10:00:00Z\n",
        "utf-8",
    )
    dialog = opened(window, path, qtbot, "users")
    choose(dialog, "user_id", "Person")
    choose(dialog, "registered_at", "Registered")
    settle(window, qtbot)
    dialog.show()
    dialog.tabs.setCurrentIndex(2)
    first = dialog.why.text()
    QTest.keyClick(dialog.bad, Qt.Key.Key_Down)
    assert dialog.why.text() != first
    assert "is more than 5 minutes ahead of the clock (" in dialog.why.text()
    assert dialog.why.height() >= dialog.why.heightForWidth(dialog.why.width())
    assert "2099-01-10" in dialog.whole_row.text()
    dialog.try_submit()
    settle(window, qtbot)
    saving = dialog.ask_save()
    assert saving.selectedFiles() == [str(tmp_path / "people-left-out.csv")]
    saving.reject()
    left = tmp_path / "left.csv"
    dialog.save_to(str(left))
    settle(window, qtbot)
    text = left.read_text("utf-8-sig")
    assert text.startswith("left_out_line;left_out_because;Person;Mail;Name;Registered\n3;")
    left.write_text(text.replace("u2;", "u2;u2@example.com").replace("2099", "2026"), "utf-8")
    again = opened(window, left, qtbot, "users")
    assert again.columns.theirs["user_id"] == "Person"  # as was chosen for the file itself
    assert "left_out_because" in again.columns.passed_over.text()
    assert again.said.text() == "2 users to register."


def test_a_row_twice_in_the_file_is_not_said_to_be_on_record(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "users.csv"
    row = "u1,u1@example.com,U,2026-01-10T10:00:00Z\n"
    path.write_text("user_id,email,name,registered_at\n" + row + row, "utf-8")
    dialog = opened(window, path, qtbot, "users")
    assert dialog.said.text() == "1 user to register. 1 the same as an earlier row of this file."
    dialog.try_submit()
    settle(window, qtbot)
    again = opened(window, path, qtbot, "users")
    assert again.said.text() == "0 users to register. 2 on record already."


def test_an_import_that_is_stopped_keeps_nothing(
    window: Window, desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "users.csv"
    rows = "".join(f"u{n},u{n}@example.com,U,2026-01-10T10:00:00Z\n" for n in range(3_000))
    path.write_text("user_id,email,name,registered_at\n" + rows, "utf-8")
    dialog = opened(window, path, qtbot, "users")
    dialog.try_submit()
    dialog.reject()
    settle(window, qtbot)
    assert dialog.report is None
    assert "stopped" in dialog.said.text()
    assert desk.imports.list() == []
    dialog.try_submit()  # once more, to the end
    settle(window, qtbot)
    assert dialog.said.text() == "Registered 3,000 users."


def test_a_file_that_cannot_be_read_says_so_and_offers_nothing(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = opened(window, tmp_path / "absent.csv", qtbot)
    assert "absent.csv" in dialog.problem
    assert not dialog.act_button.isEnabled()
    assert not dialog.zone.isEnabled()


def test_a_dialog_closed_while_it_tries_a_file_out_is_heard_of_no_more(
    window: Window, file: Path, qtbot: QtBot
) -> None:
    dialog = ImportDialog(window, window, "usage", str(file))
    dialog.reject()
    dialog.deleteLater()
    settle(window, qtbot)
    assert window.toasts.history == []


def test_a_zone_is_chosen_typed_or_none(theme: Theme, qtbot: QtBot) -> None:
    box = ZoneBox("Zone", "Europe/Berlin", "Left out")
    qtbot.addWidget(box)
    assert box.zone == "Europe/Berlin"
    box.choose(None)
    assert box.zone is None
    box.setCurrentText(" Asia/Tokyo ")
    assert box.zone == "Asia/Tokyo"
