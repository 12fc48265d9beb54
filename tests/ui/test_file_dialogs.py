"""Files are asked for where one was last, in whatever window and after the next start too."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from app.ui.file_dialogs import PLACES, ask_folder, ask_open, ask_save, ask_where
from app.ui.remembered import Remembered
from app.ui.theme import Theme


@pytest.fixture
def parent(theme: Theme, qtbot: QtBot, tmp_path: Path) -> Iterator[QWidget]:
    kept, PLACES.kept = PLACES.kept, Remembered(tmp_path / "window.ini")
    widget = QWidget()
    qtbot.addWidget(widget)
    yield widget
    PLACES.kept = kept


def folder_of(dialog: QFileDialog) -> str:
    return dialog.directory().absolutePath()


def chosen(_path: str) -> None: ...


def test_the_first_file_is_asked_for_among_the_documents_never_where_the_program_runs(
    parent: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents, home = tmp_path / "Documents", tmp_path / "home"
    documents.mkdir()
    home.mkdir()
    places = {"DocumentsLocation": str(documents), "HomeLocation": str(home)}
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda which: places[which.name])
    assert folder_of(ask_open(parent, "Open", ["All files (*)"], chosen)) == str(documents)
    saving = ask_where(parent, "users.csv", chosen)
    assert saving.selectedFiles() == [str(documents / "users.csv")]
    documents.rmdir()
    assert folder_of(ask_folder(parent, "Folder", chosen)) == str(home)


def test_the_next_file_is_asked_for_where_the_last_one_was(parent: QWidget, tmp_path: Path) -> None:
    last = tmp_path / "last"
    last.mkdir()
    got: list[str] = []
    ask_where(parent, "users.csv", got.append).fileSelected.emit(str(last / "users.csv"))
    assert got == [str(last / "users.csv")]
    PLACES.kept.save()
    PLACES.kept = Remembered(tmp_path / "window.ini")  # the next start
    wanted = "Picture (*.png)"
    assert folder_of(ask_save(parent, "Save", wanted, "chart.png", chosen)) == str(last)
    elsewhere = ask_open(parent, "Open", [wanted], chosen, folder=str(tmp_path))
    assert folder_of(elsewhere) == str(tmp_path)
    last.rmdir()
    assert folder_of(ask_open(parent, "Open", [wanted], chosen)) != str(last)
