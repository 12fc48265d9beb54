"""Requests from a file: what it would do, the act, what was left out; a file that is dropped."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.ui.import_dialog import ImportDialog, dropped_file
from app.ui.requests.page import RequestsPage
from app.ui.window import Window
from tests.ui.requests.world import LEA, SAM, OpenAs, OpenWindow, page_of, settle

ROWS = """ticket,user,opened_at,message,category,credits
ZD-90,ben@example.com,2026-11-22T10:00:00Z,Charged twice again,charged_twice,
ZD-91,nobody@else.example,2026-11-22 11:00:00,Where is my bonus,,12
ZD-92,carla@example.com,2026-11-22T12:00:00Z,Wrong,nonsense,
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tickets.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def opened(page: RequestsPage, window: Window, file: Path, qtbot: QtBot) -> ImportDialog:
    page.acts.import_from(str(file))
    settle(window, qtbot)
    dialog = page.acts.dialog
    assert isinstance(dialog, ImportDialog)
    return dialog


def audited(desk: Desk) -> int:
    return len(desk.imports.list())


def test_a_file_is_shown_before_it_is_imported_and_nothing_of_it_is_kept_until_then(
    open_as: OpenAs, over: OpenWindow, file: Path, qtbot: QtBot
) -> None:
    desk = open_as(LEA)
    window = over(desk)
    dialog = opened(page_of(window), window, file, qtbot)
    assert dialog.said.text() == "2 requests to open. 1 row left out."
    assert dialog.act_button.text() == "Import 2 requests"
    assert desk.requests.counts().open == 5
    assert audited(desk) == 0
    assert desk.integrity.verify().ok
    dialog.try_submit()
    settle(window, qtbot)
    assert dialog.said.text() == "Opened 2 requests. 1 row left out."
    assert desk.requests.counts().open == 7
    assert page_of(window).state.count == 7
    dialog.reject()


def test_rows_left_out_say_why_and_can_be_saved(
    open_as: OpenAs, over: OpenWindow, file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = over(open_as(LEA))
    dialog = opened(page_of(window), window, file, qtbot)
    dialog.save_to(str(tmp_path / "bad.csv"))
    settle(window, qtbot)
    saved = (tmp_path / "bad.csv").read_text("utf-8-sig")
    assert "“nonsense” is not a category" in saved
    dialog.zone.choose(None)
    dialog.try_it()
    settle(window, qtbot)
    assert dialog.said.text() == "1 request to open. 2 rows left out."
    dialog.reject()


def test_a_file_with_other_columns_asks_which_of_them_are_meant(
    open_as: OpenAs, over: OpenWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    window = over(open_as(LEA))
    dialog = opened(page_of(window), window, path, qtbot)
    assert "“ticket”" in dialog.said.text()
    assert not dialog.act_button.isEnabled()
    dialog.reject()


def test_who_may_not_import_is_told_so(
    open_as: OpenAs, over: OpenWindow, file: Path, qtbot: QtBot
) -> None:
    desk = open_as(SAM)
    window = over(desk)
    dialog = opened(page_of(window), window, file, qtbot)
    assert "may not import" in dialog.foot_note.text()
    assert not dialog.act_button.isEnabled()
    assert desk.requests.counts().open == 5
    dialog.reject()


def test_only_one_file_of_rows_can_be_dropped(file: Path, tmp_path: Path) -> None:
    def data(*paths: Path) -> QMimeData:
        made = QMimeData()
        made.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        return made

    assert dropped_file(data(file)) == str(file)
    assert not dropped_file(data(tmp_path / "picture.png"))
    assert not dropped_file(data(file, file))
