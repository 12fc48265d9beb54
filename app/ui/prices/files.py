"""Asking where a price list is read from or saved to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from PySide6.QtWidgets import QFileDialog, QWidget

from app.ui.language import tr

Kind = Literal["JSON", "CSV"]
_FILTERS: Final[dict[Kind, str]] = {
    "JSON": tr("Price lists (*.json)"),
    "CSV": tr("Comma-separated values (*.csv)"),
}


def ask_open(parent: QWidget, chosen: Callable[[str], object]) -> QFileDialog:
    """Let a price list be chosen; `chosen` gets its path."""
    dialog = _dialog(parent, tr("Import price list"), "JSON", chosen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.open()
    return dialog


def ask_save(
    parent: QWidget, name: str, chosen: Callable[[str], object], *, kind: Kind = "JSON"
) -> QFileDialog:
    """Let a place and a name be chosen; replacing a file is asked about."""
    dialog = _dialog(parent, tr("Export as {kind}", kind=kind), kind, chosen)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(kind.lower())
    dialog.selectFile(name)
    dialog.open()
    return dialog


def _dialog(
    parent: QWidget, title: str, kind: Kind, chosen: Callable[[str], object]
) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setNameFilter(_FILTERS[kind])
    dialog.fileSelected.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    return dialog
