"""The dialog that names the rules that are broken, and the rows that break them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.domain.integrity import Report
from app.ui import format as write
from app.ui.language import of, tr
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.text import Label


def words(report: Report) -> str:
    """Every broken rule with its rows, as text to read and to pass on."""
    parts = []
    for violation in report.violations:
        rows = [of(row) for row in violation.rows]
        if violation.found > len(rows):
            rows.append(tr("and {count} more", count=write.credits(violation.found - len(rows))))
        parts.append("\n".join((of(violation.sentence), *(f"  {row}" for row in rows))))
    return "\n\n".join(parts)


class ReportDialog(Dialog):
    """Shows what a proof found; Ctrl+C copies what is chosen, the button all of it."""

    def __init__(self, parent: QWidget | None, report: Report) -> None:
        super().__init__(parent, tr("What is broken"), tr("Copy all"), kind="plain", width=640)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.cancel_button.setText(tr("Close"))
        self.body.addWidget(
            Label(
                tr(
                    "These rules do not hold. Nothing was changed; a backup from before may be"
                    " restored in Settings."
                ),
                wrap=True,
            )
        )
        self.text = QPlainTextEdit(write.paragraph(words(report)))
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr("Broken rules and their rows"))
        self.body.addWidget(self.text, 1)
        self.resize(640, 420)

    def submit(self) -> None:
        """Copy everything."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.accept()
