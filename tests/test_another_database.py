"""The first start, and another database in the same window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import open_desk, start
from app.main import Program
from app.ui.choose_database import ChooseDatabase
from app.ui.desk_in_use import recent_databases
from app.ui.theme import install
from app.ui.users.page import UsersPage

ANA = "ana@pixpretty.example"
PATIENCE_MS = 60_000
Opener = Callable[[start.Choice], Program]


@pytest.fixture
def opener(qapp: QApplication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Opener]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv(start.DATABASE_VARIABLE, raising=False)
    monkeypatch.setenv(start.STAFF_VARIABLE, ANA)
    programs: list[Program] = []

    def begin(choice: start.Choice) -> Program:
        install(qapp)
        program = Program(choice)
        programs.append(program)
        program.window.show()
        program.open()
        return program

    yield begin
    for program in programs:
        program.window.close()
        program.close()
        program.window.deleteLater()


def made(path: Path, user: str, zone: str = "Europe/Berlin") -> Path:
    with open_desk(path, staff=ANA, zone=zone) as desk:
        desk.accounts.register(user, email=f"{user}@example.com", name=user)
    return path


def chooser_of(program: Program) -> ChooseDatabase:
    (chooser,) = program.window.findChildren(ChooseDatabase)
    return chooser


def opened(program: Program, qtbot: QtBot) -> None:
    qtbot.waitUntil(
        lambda: program.window.isEnabled() and not program.background.busy, timeout=PATIENCE_MS
    )
    # What the loop of a program deletes by itself: pages that went when others were built anew.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_first_start_asks_and_makes_nothing_until_it_is_told_to(
    opener: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    program = opener(start.Choice())
    chooser = chooser_of(program)
    assert chooser.isVisible()
    assert chooser.isEnabled()
    assert chooser.demo.button.isChecked()
    assert not (tmp_path / "data" / start.PROGRAM / "credits.db").exists()
    chooser.new.button.setChecked(True)
    chooser.zone.setCurrentText("Asia/Tokyo")
    chooser.try_submit()
    opened(program, qtbot)
    assert program.desk is not None
    assert program.desk.path == start.default_database()
    assert program.desk.zone == "Asia/Tokyo"
    assert str(program.window.zone) == "Asia/Tokyo"
    assert program.window.standing.person == ANA
    assert program.desk.pricing.current().prices.policy.timezone == "Asia/Tokyo"


def test_the_welcome_opens_the_demo_by_enter(opener: Opener, qtbot: QtBot) -> None:
    program = opener(start.Choice())
    QTest.keyClick(chooser_of(program).demo.button, Qt.Key.Key_Return)
    opened(program, qtbot)
    assert program.window.standing.database.startswith("Demo")
    assert recent_databases(program.window) == []


def test_behind_the_welcome_the_frame_says_that_no_database_is_open(opener: Opener) -> None:
    window = opener(start.Choice()).window
    assert window.top.database_shown == "No database is open"
    assert window.windowTitle() == "No database is open – PixPretty Credits"
    assert not window.notices.isVisible()


def test_enter_after_a_typed_path_opens_it_and_a_missing_one_is_asked_for_in_its_field(
    opener: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    program = opener(start.Choice())
    chooser = chooser_of(program)
    chooser.there.button.setChecked(True)
    path = chooser.file.lineEdit()
    assert path is not None
    QTest.keyClick(path, Qt.Key.Key_Return)
    assert chooser.problem == "Choose a file first."
    assert chooser.focusWidget() is chooser.file
    QTest.keyClicks(path, str(made(tmp_path / "typed.db", "usr_1")))
    assert chooser.problem == ""
    QTest.keyClick(path, Qt.Key.Key_Return)
    opened(program, qtbot)
    assert program.window.standing.database == "typed.db"


def test_the_welcome_says_what_is_no_database_and_stays(
    opener: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    program = opener(start.Choice())
    chooser = chooser_of(program)
    chooser.there.button.setChecked(True)
    chooser.try_submit()
    assert chooser.problem == "Choose a file first."
    notes = tmp_path / "notes.txt"
    notes.write_text("not a database")
    chooser.file.setEditText(str(notes))
    chooser.try_submit()
    qtbot.waitUntil(lambda: "notes.txt" in chooser.problem, timeout=PATIENCE_MS)
    assert not chooser.busy
    assert program.desk is None
    chooser.file.setEditText(str(made(tmp_path / "books.db", "usr_1")))
    chooser.try_submit()
    opened(program, qtbot)
    assert program.window.standing.database == "books.db"


def test_the_next_first_start_offers_what_was_open_last(
    opener: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    mine = made(tmp_path / "mine.db", "usr_1")
    before = opener(start.Choice(database=str(mine)))
    opened(before, qtbot)
    before.window.close()
    program = opener(start.Choice())
    chooser = chooser_of(program)
    assert chooser.there.button.isChecked()
    assert chooser.file.currentText() == str(mine)
    QTest.keyClick(chooser.there.button, Qt.Key.Key_Return)
    opened(program, qtbot)
    assert program.window.standing.database == "mine.db"


def test_leaving_the_welcome_ends_the_program_and_leaves_nothing_behind(
    opener: Opener, qtbot: QtBot
) -> None:
    program = opener(start.Choice())
    chooser_of(program).reject()
    qtbot.waitUntil(lambda: not program.window.isVisible())
    assert program.code == 0
    assert not start.default_database().exists()


def test_no_welcome_comes_where_a_database_is_named_or_there(
    opener: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    start.data_folder().mkdir(parents=True)
    made(start.default_database(), "usr_1")
    program = opener(start.Choice())
    assert program.window.findChildren(ChooseDatabase) == []
    opened(program, qtbot)
    assert not start.is_first(start.Choice(database=str(tmp_path / "x.db")))
    assert not start.is_first(start.Choice(demo=True))


def test_the_window_goes_on_with_another_database_its_pages_anew(
    opener: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    first = made(tmp_path / "first.db", "usr_first")
    second = made(tmp_path / "second.db", "usr_second", "Asia/Tokyo")
    program = opener(start.Choice(database=str(first)))
    opened(program, qtbot)
    window = program.window
    window.open_page("users", "usr_first")
    window.open_page("settings")
    before, desk = window.build_all(), program.desk
    window.open_page("users")
    ends: list[str] = []
    window.open_database(
        start.Choice(database=str(second)), lambda: ends.append("done"), ends.append
    )
    qtbot.waitUntil(lambda: window.standing.database == "second.db", timeout=PATIENCE_MS)
    opened(program, qtbot)
    assert ends == ["done"]
    assert program.desk is not desk
    page = window.page
    assert isinstance(page, UsersPage)
    assert page is not before["users"]
    assert str(window.zone) == "Asia/Tokyo"
    assert not window.trail.can_go_back
    assert recent_databases(window) == [str(second), str(first)]
    window.tell({"accounts"})
    opened(program, qtbot)
    assert window.toasts.history == []


@pytest.mark.parametrize("kind", ["absent", "text", "newer", "stranger"])
def test_what_cannot_be_opened_is_said_and_the_open_one_stays(
    opener: Opener, qtbot: QtBot, tmp_path: Path, kind: str
) -> None:
    first = made(tmp_path / "first.db", "usr_first")
    other = tmp_path / "other.db"
    if kind == "text":
        other.write_text("hello")
    elif kind == "newer":
        made(other, "usr_x")
        from app.storage.sqlite import connect

        connection = connect(str(other))
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.close()
    elif kind == "stranger":
        with open_desk(other, staff="zoe@else.example"):
            pass
    program = opener(start.Choice(database=str(first), staff=ANA))
    opened(program, qtbot)
    said: list[str] = []
    desk, page = program.desk, program.window.page
    program.window.open_database(start.Choice(database=str(other)), lambda: None, said.append)
    qtbot.waitUntil(lambda: bool(said), timeout=PATIENCE_MS)
    named = {"stranger": ANA}.get(kind, "other.db")
    assert named in said[0]
    assert (program.desk, program.window.page) == (desk, page)
    assert desk is not None
    assert desk.accounts.find("usr_first")


def test_a_new_database_never_replaces_what_is_there(
    opener: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    first = made(tmp_path / "first.db", "usr_first")
    program = opener(start.Choice(database=str(first)))
    opened(program, qtbot)
    before = first.read_bytes()
    said: list[str] = []
    program.window.open_database(
        start.Choice(database=str(first), new=True), lambda: None, said.append
    )
    qtbot.waitUntil(lambda: bool(said), timeout=PATIENCE_MS)
    assert "already" in said[0]
    assert first.read_bytes() == before
