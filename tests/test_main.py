"""The window over a desk: painted first, opened behind, told of what others write."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app import open_desk, start
from app.main import Program, pages
from app.ui.remembered import Remembered
from app.ui.theme import install

ANA = "ana@pixpretty.example"
ROOT = Path(__file__).resolve().parents[1]
PATIENCE_MS = 60_000
Opener = Callable[..., Program]


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    path = tmp_path / "credits.db"
    with open_desk(path, staff=ANA) as desk:
        desk.accounts.register("usr_1", email="amira@example.com", name="Amira")
    return path


@pytest.fixture
def opener(qapp: QApplication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Opener]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    programs: list[Program] = []

    def open_on(path: str, staff: str = ANA) -> Program:
        install(qapp)
        program = Program(start.Choice(database=path, staff=staff))
        programs.append(program)
        program.window.show()
        program.open()
        return program

    yield open_on
    for program in programs:
        program.window.close()
        program.close()
        program.window.deleteLater()


def test_the_window_is_there_before_the_database_and_shows_who_is_signed_in(
    database: Path, opener: Opener, qtbot: QtBot
) -> None:
    program = opener(str(database))
    assert program.window.isVisible()
    assert program.desk is None
    assert not program.window.isEnabled()
    qtbot.waitUntil(program.window.isEnabled, timeout=PATIENCE_MS)
    assert program.window.standing.database == "credits.db"
    assert (program.window.standing.person, program.window.standing.role) == (ANA, "Admin")
    assert program.window.page is not None


def test_what_is_left_of_a_limit_is_told_beside_the_role(
    database: Path, opener: Opener, qtbot: QtBot
) -> None:
    with open_desk(database, staff=ANA) as desk:
        desk.staff.add("sam@pixpretty.example", "support")
    program = opener(str(database), "sam@pixpretty.example")
    qtbot.waitUntil(program.window.isEnabled, timeout=PATIENCE_MS)
    assert program.window.standing.role.startswith("Support")
    told = "Support · 500 left today"
    qtbot.waitUntil(lambda: program.window.standing.role == told, timeout=PATIENCE_MS)


def test_every_page_can_be_built_and_reads_without_trouble(
    database: Path, opener: Opener, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = opener(str(database))
    qtbot.waitUntil(program.window.isEnabled, timeout=PATIENCE_MS)
    troubles: list[Exception] = []
    monkeypatch.setattr(program.background, "fail", troubles.append)
    for entry in pages():
        program.window.open_page(entry.key)
        qtbot.waitUntil(lambda: not program.background.busy, timeout=PATIENCE_MS)
    assert troubles == []


def test_the_gallery_opens_by_its_keys_once_and_closes_with_the_program(
    database: Path, opener: Opener, qtbot: QtBot
) -> None:
    program = opener(str(database))
    qtbot.waitUntil(program.window.isEnabled, timeout=PATIENCE_MS)
    offered = program.window.registry.everything
    qtbot.waitUntil(lambda: any(one.name == "gallery" for one in offered()), timeout=PATIENCE_MS)
    action = program.window.registry.find("gallery")
    assert action.shortcut == "Shift+F1"
    action.act()
    first = program.gallery
    action.act()
    assert first is not None
    assert program.gallery is first
    first.close()
    assert program.gallery is None
    assert program.open_gallery() is not first


def test_what_another_program_writes_is_heard_and_what_was_written_here_is_not_heard_twice(
    database: Path, opener: Opener, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = opener(str(database))
    qtbot.waitUntil(program.window.isEnabled, timeout=PATIENCE_MS)
    heard: list[object] = []
    monkeypatch.setattr(program.window, "heard", heard.append)

    def look() -> None:
        program._look()
        qtbot.waitUntil(lambda: not program.background.busy, timeout=PATIENCE_MS)

    look()
    with open_desk(database, staff=ANA) as other:
        other.accounts.note("usr_1", "from elsewhere")
    look()
    assert len(heard) == 1
    assert program.desk is not None
    program.desk.accounts.note("usr_1", "from here")
    program.window.tell({"accounts"})
    look()
    look()
    assert heard[1:] == [{"accounts"}]


def test_a_database_that_cannot_be_opened_is_said_in_a_sentence_and_ends_the_program(
    tmp_path: Path, opener: Opener, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    absent = tmp_path / "absent.db"
    program = opener(str(absent))
    qtbot.waitUntil(lambda: bool(program.window.findChildren(QMessageBox)), timeout=PATIENCE_MS)
    (box,) = program.window.findChildren(QMessageBox)
    assert "absent.db" in box.text()
    assert "absent.db" in capsys.readouterr().err
    assert not absent.exists()
    box.accept()
    qtbot.waitUntil(lambda: not program.window.isVisible())
    assert program.code == 1


def test_the_page_of_last_time_is_the_one_that_is_fetched_while_the_database_opens(
    database: Path, opener: Opener, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Remembered(tmp_path / "data" / "pixpretty-credits" / "window.ini")
    kept.remember("window/page", "prices")
    kept.save()
    fetched: list[str] = []
    monkeypatch.setattr("app.main.import_module", fetched.append)
    program = opener(str(database))
    assert fetched == ["app.ui.prices.page"]
    qtbot.waitUntil(program.window.isEnabled, timeout=PATIENCE_MS)
    assert program.window.trail.here is not None
    assert program.window.trail.here.page == "prices"


def test_every_page_lies_where_the_start_looks_for_it() -> None:
    for entry in pages():
        assert find_spec(f"app.ui.{entry.key}.page") is not None


@pytest.mark.slow
def test_a_bare_start_loads_neither_the_command_line_nor_the_database_before_the_window(
    tmp_path: Path,
) -> None:
    script = """
import sys
import app.main
import app.cli
def run(choice):
    heavy = {"typer", "rich", "sqlalchemy", "sqlmodel", "alembic", "pyqtgraph"} & set(sys.modules)
    print(choice.database, choice.staff, choice.demo, sorted(heavy))
    return 0
app.main.run = run
raise SystemExit(app.cli.main(sys.argv[1:]))
"""
    told = [
        subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env={"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path,
        ).stdout
        for arguments in ([], ["--demo"], ["--database=x.db", "--staff", "a@b.example"])
    ]
    assert told == ["None None False []\n", "None None True []\n", "x.db a@b.example False []\n"]
