"""Asking where a file is to be saved."""

from collections.abc import Callable

from PySide6.QtWidgets import QFileDialog, QWidget

from app.ui.language import tr


def ask_where(parent: QWidget, name: str, chosen: Callable[[str], object]) -> QFileDialog:
    """Let a place be chosen for a CSV file."""
    dialog = QFileDialog(parent, tr("Save as CSV"))
    dialog.setNameFilter(tr("Comma-separated values (*.csv)"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("csv")
    dialog.selectFile(name)
    dialog.fileSelected.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
