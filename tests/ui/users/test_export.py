"""Exporting what is shown: whole files, harmless to a spreadsheet, and none after Cancel."""

import csv
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.errors import Cancelled
from app.domain.users import UserQuery
from app.ui.saving import save_lines
from app.ui.users.page import UsersPage
from app.ui.window import Window

AMIRA = "usr_01JD8Q4ZK7"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_list_is_saved_as_it_is_filtered(
    window: Window, page: UsersPage, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.accounts.register("usr_evil", email="e@example.com", name="=HYPERLINK(1)")
    desk.accounts.change_plan("usr_evil", "plus")
    page.show_query(UserQuery(plan="plus"))
    qtbot.waitUntil(lambda: not window.background.busy)
    path = tmp_path / "users.csv"
    page.acts.save_people(str(path))
    qtbot.waitUntil(lambda: not window.background.busy)
    saved = rows(path)
    assert len(saved) == page.state.count == desk.accounts.count(UserQuery(plan="plus"))
    assert {row["Plan"] for row in saved} == {"plus"}
    assert "'=HYPERLINK(1)" in {row["Name"] for row in saved}
    found = {row["User id"]: int(row["Available"]) for row in saved}
    for user_id, available in found.items():
        assert desk.accounts.account(user_id).available == available


def test_of_several_selected_only_those_are_saved_with_the_columns_as_shown(
    window: Window, page: UsersPage, qtbot: QtBot, tmp_path: Path
) -> None:
    view = page.people.view
    page.toggle_shape()
    qtbot.waitUntil(lambda: not window.background.busy)
    view.move_column("email", -1)
    view.show_column([column.key for column in view.rows.columns].index("plan"), shown=False)
    view.choose(2)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    path = tmp_path / "users.csv"
    page.acts.save_people(str(path))
    qtbot.waitUntil(lambda: not window.background.busy)
    saved = rows(path)
    assert list(saved[0])[:3] == ["E-mail", "Name", "User id"]
    assert "Plan" not in saved[0]
    assert [row["User id"] for row in saved] == [user.user_id for user in view.selected()]


def test_the_toast_names_the_file_and_opens_its_folder(
    window: Window, page: UsersPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", staticmethod(lambda url: opened.append(url.toLocalFile()))
    )
    path = tmp_path / "users.csv"
    page.acts.save_people(str(path))
    qtbot.waitUntil(lambda: bool(window.toasts.shown))
    toast = window.toasts.shown[-1]
    assert str(path) in toast.label.text()
    toast.act_button.click()
    assert opened == [str(tmp_path)]


def test_the_ledger_is_saved_whole_and_its_credits_sum_to_the_balance(
    window: Window, page: UsersPage, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    page.open_user(AMIRA)
    qtbot.waitUntil(lambda: not window.background.busy)
    path = tmp_path / "ledger.csv"
    page.acts.save_ledger(str(path))
    qtbot.waitUntil(lambda: not window.background.busy)
    saved = rows(path)
    assert len(saved) == len(desk.accounts.ledger(AMIRA, limit=None))
    balance = desk.accounts.account(AMIRA).available
    assert sum(int(row["Credits"]) for row in saved) == balance == int(saved[0]["Balance"])


def test_a_stopped_export_leaves_no_file_and_keeps_the_old(tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_text("old")
    stop = Event()

    def lines() -> Iterator[str]:
        yield "one\r\n"
        stop.set()
        yield "two\r\n"

    with pytest.raises(Cancelled):
        save_lines(path, lines(), stop)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["users.csv"]


def test_a_place_that_cannot_be_written_is_said_in_the_dialog(
    window: Window, page: UsersPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page.acts.save_people(str(tmp_path / "nowhere" / "users.csv"))
    dialog = page.acts.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: bool(dialog.problem))  # type: ignore[attr-defined]
    dialog.reject()
