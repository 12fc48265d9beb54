"""Asking for files and folders: everywhere alike, beginning where one was last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from app.ui.language import tr
from app.ui.remembered import Remembered

_KEPT: Final = "files/folder"
Chosen = Callable[[str], object]


class Places:
    """The folder that was used last; ``kept`` is where the window keeps it between starts."""

    def __init__(self) -> None:
        self.kept = Remembered(None)

    @property
    def folder(self) -> str:
        """Where to begin: the folder used last, or where a person keeps documents."""
        last = self.kept.recall(_KEPT)
        if isinstance(last, str) and _is_folder(last):
            return last
        where = QStandardPaths.StandardLocation
        documents = QStandardPaths.writableLocation(where.DocumentsLocation)
        home = QStandardPaths.writableLocation(where.HomeLocation)
        return documents if _is_folder(documents) else home

    def use(self, folder: str) -> None:
        """Begin there the next time."""
        self.kept.remember(_KEPT, folder)


PLACES: Final = Places()


def ask_open(
    parent: QWidget, title: str, filters: Sequence[str], chosen: Chosen, *, folder: str = ""
) -> QFileDialog:
    """Let a file be chosen that is there."""
    dialog = _dialog(parent, title, chosen, folder)
    dialog.setNameFilters(filters)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.open()
    return dialog


def ask_save(
    parent: QWidget,
    title: str,
    wanted: str,
    name: str,
    chosen: Chosen,
    *,
    folder: str = "",
    replacing: bool = True,
) -> QFileDialog:
    """Let a place and a name be chosen; ``wanted`` is the filter, ``name`` offered.

    With ``replacing`` it is asked whether a file that is there may be replaced.
    """
    dialog = _dialog(parent, title, chosen, folder)
    dialog.setNameFilter(wanted)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    if not replacing:
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
    dialog.setDefaultSuffix(Path(name).suffix.removeprefix("."))
    dialog.selectFile(name)
    dialog.open()
    return dialog


def ask_where(parent: QWidget, name: str, chosen: Chosen) -> QFileDialog:
    """Let a place be chosen for a CSV file."""
    wanted = tr("Comma-separated values (*.csv)")
    return ask_save(parent, tr("Save as CSV"), wanted, name, chosen)


def ask_folder(parent: QWidget, title: str, chosen: Chosen, *, folder: str = "") -> QFileDialog:
    """Let a folder be chosen."""
    dialog = _dialog(parent, title, chosen, folder)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.open()
    return dialog


def _dialog(parent: QWidget, title: str, chosen: Chosen, folder: str) -> QFileDialog:
    dialog = QFileDialog(parent, title, folder if _is_folder(folder) else PLACES.folder)
    dialog.fileSelected.connect(lambda path: PLACES.use(_folder_of(path)))
    dialog.fileSelected.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    return dialog


def _folder_of(path: str) -> str:
    return path if _is_folder(path) else str(Path(path).parent)


def _is_folder(path: str) -> bool:
    try:
        return bool(path) and Path(path).is_dir()
    except (OSError, ValueError):
        return False
