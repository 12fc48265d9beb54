"""Where recipients are pasted, typed, or dropped as a file."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import BadFile
from app.domain.recipients import decoded
from app.ui.file_dialogs import ask_open
from app.ui.language import tr
from app.ui.widgets.button import Button
from app.ui.widgets.fields import NoteField
from app.ui.widgets.text import Label

MOST_BYTES: Final = 4_000_000
_HINT: Final = tr(
    "Paste ids, mail addresses or referral codes, one a line, perhaps with an amount: usr_1, 24"
)


class RecipientsText(NoteField):
    """The text itself. A file dropped on it is read instead of being named."""

    dropped = Signal(str)

    def __init__(self) -> None:
        super().__init__(tr("Recipients"), _HINT, lines=5)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasUrls() or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        files = [url.toLocalFile() for url in source.urls() if url.isLocalFile()]
        if files:
            self.dropped.emit(files[0])
        else:
            super().insertFromMimeData(source)


class RecipientsField(QWidget):
    """The text with its file button. `changed` when it was, `refused(sentence)` for a bad file."""

    changed = Signal()
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.text_field = RecipientsText()
        self.file_button = Button(tr("Open a file…"), self.choose_file)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Label(tr("To whom"), "header", "text2"), 1)
        row.addWidget(self.file_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.text_field)
        self.text_field.textChanged.connect(self.changed)
        self.text_field.dropped.connect(self.read_file)

    @property
    def text(self) -> str:
        """What was pasted, whole: no length is cut."""
        return self.text_field.toPlainText()

    def read_file(self, name: str) -> None:
        """Take the text of a file instead of what stands here."""
        path = Path(name)
        try:
            text = decoded(_content(path), path.name)
        except (OSError, BadFile) as error:
            why = getattr(error, "strerror", None) or str(error)
            self.refused.emit(why if isinstance(error, BadFile) else f"“{path.name}”: {why}.")
            return
        self.refused.emit("")
        self.text_field.setPlainText(text)

    def choose_file(self) -> QFileDialog:
        """Let a file be chosen."""
        filters = [tr("Lists (*.csv *.txt *.tsv)"), tr("All files (*)")]
        return ask_open(self, tr("Open a list of recipients"), filters, self.read_file)


def _content(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        message = tr("“{name}” is too large for a list of recipients.", name=path.name)
        raise BadFile(message, path=str(path))
    return path.read_bytes()
