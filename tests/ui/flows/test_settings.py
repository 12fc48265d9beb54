"""What the settings are for, done with keys alone, in the program over a database of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import open_desk, start
from app.main import Program
from app.services.integrity import Integrity
from app.ui.import_dialog import ImportDialog
from app.ui.settings.page import SettingsPage
from app.ui.settings.restoring import RestoreDialog
from app.ui.settings.verifying import VerifyCard
from app.ui.theme import Theme
from tests.ui.flows.keyboard import Keys

ANA = "ana@pixpretty.example"
PATIENCE_MS = 60_000


def made(path: Path, *users: str) -> Path:
    """A database with an admin and these users."""
    with open_desk(path, staff=ANA, zone="UTC") as desk:
        for user in users:
            desk.accounts.register(user, email=f"{user}@example.com", name=user)
    return path


@pytest.fixture
def program(
    qapp: QApplication, qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Program]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv(start.DATABASE_VARIABLE, raising=False)
    monkeypatch.setenv(start.STAFF_VARIABLE, ANA)
    program = Program(start.Choice(database=str(made(tmp_path / "books.db", "usr_1"))))
    program.window.resize(1280, 900)
    program.window.show()
    program.window.activateWindow()
    program.open()
    ready(program, qtbot)
    yield program
    program.window.close()
    program.close()
    program.window.deleteLater()


def ready(program: Program, qtbot: QtBot) -> None:
    qtbot.waitUntil(
        lambda: program.window.isEnabled() and not program.background.busy, timeout=PATIENCE_MS
    )
    # What the loop of a program deletes by itself: pages that went when others were built anew.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def keys(program: Program) -> Keys:
    """A keyboard before the settings."""
    made = Keys(program.window)
    made.press("Ctrl+,")
    assert isinstance(made.page, SettingsPage)
    return made


def go_to(keys: Keys, section: str) -> None:
    """Choose a section."""
    keys.tab_to(section)
    keys.press("Return")


def test_a_backup_is_made_and_the_keyboard_is_where_it_was(keys: Keys, tmp_path: Path) -> None:
    go_to(keys, "Database")
    keys.tab_to("Back up now…")
    keys.press("Return")
    keys.choose_file(tmp_path / "safe.db")
    assert (tmp_path / "safe.db").is_file()
    assert keys.toast.startswith("Backed up")
    assert keys.said == "Back up now…"


def test_a_backup_is_looked_into_and_restored(
    keys: Keys, program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    saved = keys.desk.integrity.backup(tmp_path / "safe.db")
    keys.desk.accounts.register("usr_2", email="usr_2@example.com", name="Since then")
    go_to(keys, "Database")
    keys.tab_to("Restore…")
    keys.press("Return")
    keys.choose_file(saved)
    assert isinstance(keys.dialog, RestoreDialog)
    assert "2 acts" in keys.dialog.said.text()
    keys.press("Ctrl+Return")
    assert keys.desk.accounts.find("usr_2") != [], "not before it is clearly chosen"
    keys.tab_to("Acts that would be lost")
    keys.tab_to("Yes, put it in the place")
    keys.press("Space", "Ctrl+Return")
    ready(program, qtbot)
    assert keys.desk.accounts.find("usr_2") == []
    assert keys.toast.startswith("Restored.")


def test_somebody_joins_the_staff_and_has_another_role_later(keys: Keys) -> None:
    go_to(keys, "Staff and roles")
    keys.tab_to("Add…")
    keys.press("Return")
    keys.type("zoe@pixpretty.example")
    keys.tab_to("Role")
    keys.choose("QA")
    keys.press("Ctrl+Return")
    assert keys.toast == "\u2068zoe@pixpretty.example\u2069 is on the staff now, as QA."
    assert keys.said == "Add…"
    keys.tab_to("Staff", whole=True)
    keys.press("End", "Return")
    keys.choose("Support lead")
    keys.press("Ctrl+Return")
    roles = {one.email: one.role for one in keys.desk.staff.list()}
    assert roles["zoe@pixpretty.example"] == "support_lead"
    assert keys.said == "Staff", "the keyboard is back on the list"


def test_colours_rows_and_text_size_are_chosen(keys: Keys, theme: Theme) -> None:
    go_to(keys, "Appearance")
    for field, words in (("Colours", "Dark"), ("Rows", "Compact"), ("Text size", "125 %")):
        keys.tab_to(field)
        keys.choose(words)
    assert (theme.scheme, theme.density, theme.zoom) == ("dark", "compact", 125)


def test_users_are_imported_from_a_file_with_columns_of_its_own(keys: Keys, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("a;b;c;d\nusr_9;nina@example.com;Nina;2026-01-05T10:00:00Z\n", "utf-8")
    go_to(keys, "Imports")
    keys.tab_to("Import users")
    keys.press("Return")
    keys.choose_file(file)
    dialog = keys.dialog
    assert isinstance(dialog, ImportDialog)
    assert not dialog.act_button.isEnabled()
    for ours, theirs in (("user_id", "a"), ("email", "b"), ("name", "c"), ("registered_at", "d")):
        keys.tab_to(ours)
        keys.choose(theirs)
    keys.press("Ctrl+Return")
    assert [user.name for user in keys.desk.accounts.find("usr_9")] == ["Nina"]
    assert "1" in dialog.said.text()
    keys.press("Escape")
    assert keys.said == "Import users"


def test_verifying_is_stopped_and_done(
    keys: Keys, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Integrity.verify

    def held(integrity: Integrity, *given: Any, stop: Event) -> Any:
        stop.wait(PATIENCE_MS / 1000)
        return whole(integrity, *given, stop=stop)

    go_to(keys, "Database")
    keys.tab_to("Verify now")
    with monkeypatch.context() as patch:
        patch.setattr(Integrity, "verify", held)
        QTest.keyClick(keys.focus, Qt.Key.Key_Return)
        assert keys.said == "Stop", "the keyboard is on what can be done now"
        keys.press("Return")
    card = next(one for one in program.window.findChildren(VerifyCard))
    assert card.said.text() == "Stopped; nothing is said of the books."
    assert keys.said == "Verify now"
    keys.press("Return")
    assert card.said.text().startswith("The books balance")
    assert keys.said == "Verify now"
    keys.tab_to("Copy the audit head")
    keys.press("Return")
    assert QGuiApplication.clipboard().text() == keys.desk.integrity.audit_head()


def test_another_database_is_opened(
    keys: Keys, program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    other = made(tmp_path / "other.db", "usr_7")
    go_to(keys, "Database")
    keys.tab_to("Open another…")
    keys.press("Return")
    assert keys.said == "Open a database that is there"
    keys.press("Up")
    assert keys.said == "Begin with an empty database"
    keys.press("Down")
    keys.tab_to("File")
    keys.type(str(other))
    keys.press("Ctrl+Return")
    ready(program, qtbot)
    assert keys.desk.path == other
    assert [user.user_id for user in keys.desk.accounts.find("usr_7")] == ["usr_7"]
