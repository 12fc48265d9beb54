"""Asking where a price list is read from or saved to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from PySide6.QtWidgets import QFileDialog, QWidget

from app.ui import file_dialogs
from app.ui.language import tr

Kind = Literal["JSON", "CSV"]
_FILTERS: Final[dict[Kind, str]] = {
    "JSON": tr("Price lists (*.json)"),
    "CSV": tr("Comma-separated values (*.csv)"),
}


def ask_open(parent: QWidget, chosen: Callable[[str], object]) -> QFileDialog:
    """Let a price list be chosen; `chosen` gets its path."""
    title = tr("Import price list")
    return file_dialogs.ask_open(parent, title, [_FILTERS["JSON"]], chosen)


def ask_save(
    parent: QWidget, name: str, chosen: Callable[[str], object], *, kind: Kind = "JSON"
) -> QFileDialog:
    """Let a place and a name be chosen; replacing a file is asked about."""
    title = tr("Export as {kind}", kind=kind)
    return file_dialogs.ask_save(parent, title, _FILTERS[kind], name, chosen)
