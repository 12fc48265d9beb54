"""The dialog *Statement*: what the user's own account page shows, to copy or to save."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPlainTextEdit, QWidget

from app.domain.calendar import Month
from app.domain.statements import Statement
from app.ui import format as write
from app.ui.act_dialog import Choice
from app.ui.background import Latest
from app.ui.errors import trouble_of
from app.ui.file_dialogs import ask_save
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.saving import proposed_name, save_file
from app.ui.theme import dress
from app.ui.users.reading import AccountData
from app.ui.users.statement_paper import as_pdf
from app.ui.users.statement_text import as_csv, as_text
from app.ui.widgets.button import Button
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.fields import Labelled
from app.ui.widgets.states import Overlay

_FILTERS = {
    "pdf": tr("PDF (*.pdf)"),
    "csv": tr("Comma-separated values (*.csv)"),
    "txt": tr("Text (*.txt)"),
}


class StatementDialog(Dialog):
    """Shows the statement over the whole account or one month; Ctrl+Enter copies it."""

    def __init__(self, parent: QWidget, frame: Frame, data: AccountData) -> None:
        super().__init__(parent, tr("Statement"), tr("Copy text"), width=640)
        self._frame = frame
        self._data = data
        self._question = Latest(frame.background, owner=self)
        self.statement: Statement | None = None
        self.cancel_button.setText(tr("Close"))
        self.span = Choice(tr("Span"), self._spans(), "all")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr("Statement"))
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        dress(self.text, "code")
        self.overlay = Overlay(self.text)
        self.pdf_button = Button(tr("Save PDF…"), lambda: self.ask_where("pdf"))
        self.csv_button = Button(tr("Save CSV…"), lambda: self.ask_where("csv"))
        self.text_button = Button(tr("Save text…"), lambda: self.ask_where("txt"))
        row = QHBoxLayout()
        row.addWidget(Labelled(tr("Over"), self.span), 1)
        self.body.addLayout(row)
        self.body.addWidget(self.text, 1)
        saving = QHBoxLayout()
        saving.addWidget(self.pdf_button)
        saving.addWidget(self.csv_button)
        saving.addWidget(self.text_button)
        saving.addStretch(1)
        self.body.addLayout(saving)
        self.span.currentIndexChanged.connect(self._ask)
        self.resize(680, 620)
        self._ask()

    def submit(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.accept()
        self._frame.say(tr("Copied the statement."))

    def ask_where(self, kind: str) -> QFileDialog:
        """Let a place be chosen for a file."""
        title = tr("Save as {kind}", kind=kind.upper())
        name = proposed_name("credits", self._data.user.user_id, kind)
        return ask_save(self, title, _FILTERS[kind], name, self.save)

    def save(self, path: str) -> None:
        """Save under this name: a PDF, a CSV or a text, by its ending."""
        if self.statement is None:
            return
        content = self._content(path.lower().rpartition(".")[2], self.statement)
        self._frame.background.write(
            lambda _stop: save_file(path, content), self._saved, self._not_saved
        )

    def _content(self, kind: str, statement: Statement) -> bytes:
        if kind == "pdf":
            return as_pdf(statement, self._frame.zone)
        if kind == "txt":
            return as_text(statement, self._frame.zone).encode()
        return as_csv(statement).encode("utf-8-sig")

    def _saved(self, path: object) -> None:
        self.refuse("")
        self.foot_note.setText(tr("Saved {path}.", path=path))

    def _not_saved(self, error: Exception) -> None:
        self.refuse(trouble_of(error, tr("Saving the statement")).sentence)

    def _spans(self) -> list[tuple[str, str]]:
        months = [month for month in self._data.sheet.ledger_months if self._has_begun(month)]
        named = [(str(month), write.full_month(month.year, month.month)) for month in months]
        return [("all", tr("The whole account")), *named]

    def _has_begun(self, month: Month) -> bool:
        local = self._data.now.astimezone(self._frame.zone)
        return (month.year, month.month) <= (local.year, local.month)

    def _ask(self) -> None:
        key = self.span.key
        statements, user_id = self._frame.desk.statements, self._data.user.user_id
        at = self._data.at if key == "all" else None
        month = None if key == "all" else key
        self._allow(allowed=False)
        self.overlay.loading()
        self._question.ask(
            lambda stop: statements.of(user_id, at=at, month=month, stop=stop),
            self._show,
            self._failed,
        )

    def _show(self, statement: Statement) -> None:
        self.statement = statement
        self.overlay.ready()
        self.text.setPlainText(as_text(statement, self._frame.zone))
        self._allow(allowed=True)

    def _failed(self, error: Exception) -> None:
        details = trouble_of(error).details
        self.overlay.failed(
            tr("The statement could not be read."), retry=self._ask, details=details
        )

    def _allow(self, *, allowed: bool) -> None:
        self.set_act(tr("Copy text"), allowed=allowed)
        for button in (self.pdf_button, self.csv_button, self.text_button):
            button.setEnabled(allowed)
