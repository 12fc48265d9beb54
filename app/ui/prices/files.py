"""Asking where a price list is read from or saved to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QFileDialog, QWidget

_FILES: Final = "Price lists (*.json)"


def ask_open(parent: QWidget, chosen: Callable[[str], object]) -> QFileDialog:
    """Let a price list be chosen; `chosen` gets its path."""
    dialog = _dialog(parent, "Import price list", chosen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.open()
    return dialog


def ask_save(parent: QWidget, name: str, chosen: Callable[[str], object]) -> QFileDialog:
    """Let a place and a name be chosen; replacing a file is asked about."""
    dialog = _dialog(parent, "Export price list", chosen)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("json")
    dialog.selectFile(name)
    dialog.open()
    return dialog


def _dialog(parent: QWidget, title: str, chosen: Callable[[str], object]) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setNameFilter(_FILES)
    dialog.fileSelected.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    return dialog
