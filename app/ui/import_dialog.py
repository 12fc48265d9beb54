"""Importing a file: its columns, what it would do, its first rows, then the act and a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import Cancelled
from app.domain.imports import BadRow, FileShape, ImportPreview, ImportReport
from app.ui import format as write
from app.ui import import_words as words
from app.ui.background import Latest
from app.ui.columns import Column
from app.ui.errors import trouble_of
from app.ui.file_dialogs import ask_open, ask_save
from app.ui.import_columns import ColumnChoices, chosen_for, keep_chosen
from app.ui.language import of, tr
from app.ui.page import Frame
from app.ui.rows_model import RowsModel
from app.ui.saving_text import save_content
from app.ui.widgets.button import Button
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.fields import Labelled
from app.ui.widgets.table import Table
from app.ui.widgets.text import Label, plain_tip
from app.ui.zones import ZoneBox

ENDINGS = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json")
_SIZE = (880, 600)
_LEFT_OUT = 2
"""Which of the tabs has the rows left out."""


def bad_columns() -> tuple[Column[BadRow], ...]:
    """How rows that were left out are shown."""
    return (
        Column("line", tr("Line"), lambda row: write.credits(row.line),
               value=lambda row: row.line, align="end", width=64),
        Column("why", tr("Why it is left out"), lambda row: write.text(of(row.sentence)),
               width=380, stretch=True, ink="danger", tip=lambda row: of(row.sentence)),
        Column("row", tr("Row"), lambda row: write.text(row.text), width=300, voice="code",
               ink="text2", tip=lambda row: row.text),
    )  # fmt: skip


def dropped_file(data: QMimeData) -> str:
    """The one file of rows that is being dropped; empty where it is anything else."""
    paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    fitting = [path for path in paths if path.lower().endswith(ENDINGS)]
    return fitting[0] if len(paths) == 1 and fitting else ""


def ask_file(parent: QWidget, kind: str, chosen: Callable[[str], object]) -> QFileDialog:
    """Let a file be chosen."""
    patterns = " ".join(f"*{ending}" for ending in ENDINGS)
    ours = tr("{kind} ({patterns})", kind=words.kind_name(kind), patterns=patterns)
    return ask_open(parent, words.title(kind), [ours, tr("All files (*)")], chosen)


class ImportDialog(Dialog):
    """Shows what a file would do, then does it; what was left out can be saved.

    ``why_not`` says why the person may not import it; then it is only looked at.
    """

    def __init__(
        self, parent: QWidget, frame: Frame, kind: str, path: str, why_not: str = ""
    ) -> None:
        super().__init__(parent, words.title(kind), tr("Import"), width=_SIZE[0])
        self._frame = frame
        self._kind = kind
        self._path = path
        self._why_not = why_not
        self._looking = Latest(frame.background, owner=self)
        self._stop: Event | None = None
        self._importing = False
        self.shape: FileShape | None = None
        self.preview: ImportPreview | None = None
        self.report: ImportReport | None = None
        self.columns = ColumnChoices(words.columns_of(kind))
        self.zone = ZoneBox(tr("Times without offset"), frame.desk.zone, tr("Left out"))
        self.written = Label("", "caption", "text2")
        self.said = Label("", "name", wrap=True)
        self._bad: RowsModel[BadRow] = RowsModel(bad_columns())
        self.bad = Table(self._bad, tr("Rows left out"))
        self.why = Label("", "body", "danger", wrap=True)
        self.whole_row = Label("", "code", "text2", wrap=True)
        wanted = words.columns_of(kind).every
        self._rows: RowsModel[tuple[str, ...]] = RowsModel(
            [words.preview_column(place, name) for place, name in enumerate(wanted)]
        )
        self.rows = Table(self._rows, tr("First rows"))
        self.tabs = QTabWidget()
        self.bar = QProgressBar()
        self.save_button = Button(tr("Save rows left out…"), self.ask_save, icon="download")
        self._build()
        self.resize(*_SIZE)
        self.tabs.tabBar().setFocus()  # not on the zone: leaving it would try the file again
        self._show()
        self._look()

    def try_it(self) -> None:
        """Ask what the file would do; nothing of it is kept."""
        self._give_up()
        self.preview = None
        self.refuse("")
        problem = self.columns.problem
        self._show()
        if problem or self._why_not:
            self.said.setText(problem)
            return
        self.said.setText(tr("Trying it out…"))
        self._work("preview", self._came, self._failed)

    def submit(self) -> None:
        if self.shape is not None:
            keep_chosen(self._frame, self.columns.wanted, self.shape, self.columns.theirs)
        self._importing = True
        self.cancel_button.setText(tr("Stop"))
        self.cancel_button.setEnabled(True)
        self._work("take", self._imported, self._refused)

    def reject(self) -> None:
        """Close; while it imports, stop it: then nothing of it is kept."""
        if self._importing and self._stop is not None:
            self._stop.set()
            self.cancel_button.setEnabled(False)
            return
        self._give_up()
        super().reject()

    def ask_save(self) -> QFileDialog:
        """Save the rows left out, to be mended and imported: written as the file is."""
        file = Path(self._path)
        title, name = tr("Save rows left out"), f"{file.stem}-left-out{file.suffix}"
        every, folder = tr("All files (*)"), str(file.parent)
        return ask_save(self, title, every, name, self.save_to, folder=folder)

    def save_to(self, path: str) -> None:
        """Save them under this name."""
        desk, file = self._frame.desk, self._path
        why = {row.line: of(row.sentence) for row in self._bad.rows}
        save_content(self._frame, path, lambda: desk.imports.left_out(file, why))

    # Reading

    def _look(self) -> None:
        """See how the file is written, then try it out."""
        self.said.setText(tr("Reading {file}…", file=write.text(Path(self._path).name)))
        desk, path = self._frame.desk, self._path
        self._looking.ask(lambda _stop: desk.imports.look(path), self._looked, self._unreadable)

    def _looked(self, shape: FileShape) -> None:
        self.shape = shape
        self.written.setText(words.shape_said(shape))
        self.columns.show_shape(shape, chosen_for(self._frame, self.columns.wanted, shape))
        self.tabs.setCurrentWidget(self.columns if self.columns.problem else self.rows)
        self.try_it()

    def _unreadable(self, error: Exception) -> None:
        self.zone.setEnabled(False)
        self._failed(error)

    def _work(
        self, act: str, done: Callable[[Any], None], failed: Callable[[Exception], None]
    ) -> None:
        """Try the file out, or take it, with progress; only the newest answer counts."""
        desk, kind, path = self._frame.desk, self._kind, self._path
        self._stop = stop = Event()
        tell = self._frame.background.reporter(self._progress)
        how = {**self.columns.reading(), "zone": self.zone.zone, "progress": tell, "stop": stop}
        self.bar.setValue(0)
        self.bar.show()

        def ended() -> bool:
            self._frame.background.forget(tell)
            if self._stop is not stop:
                return False
            self._stop = None
            self.bar.hide()
            return True

        def came(answer: object) -> None:
            if ended():
                done(answer)

        def refused(error: Exception) -> None:
            if ended():
                failed(error)

        work = getattr(desk.imports, act)
        self._frame.background.write(lambda _: work(kind, path, **how), came, refused, stop=stop)

    def _give_up(self) -> None:
        """Whatever is being tried out does not count any more."""
        if self._stop is not None:
            self._stop.set()
            self._stop = None
            self.bar.hide()

    def _came(self, preview: ImportPreview) -> None:
        self.preview = preview
        self._show_bad(preview.report.bad)
        self._rows.show_rows(preview.rows)
        self._show()

    def _imported(self, report: ImportReport) -> None:
        self._ended()
        self.report = report
        self._show_bad(report.bad)
        self._show()
        self._frame.tell(words.CHANGES[self._kind])
        self._frame.say(words.told(report, done=True), tone="success")

    def _refused(self, error: Exception) -> None:
        self._ended()
        self._failed(error)

    def _ended(self) -> None:
        self._importing = False
        self.cancel_button.setText(tr("Close"))
        self.refuse("")

    def _failed(self, error: Exception) -> None:
        problem = trouble_of(error, tr("Importing"))
        self.said.setText(problem.sentence if isinstance(error, Cancelled) else "")
        self.refuse("" if isinstance(error, Cancelled) else problem.sentence)
        if problem.blame == "us":
            self._frame.trouble(error, tr("Importing"))

    # Showing

    def _show(self) -> None:
        report = self.report or (self.preview.report if self.preview else None)
        done = self.report is not None
        if report is not None:
            self.said.setText(words.told(report, done=done))
        count = report.added + report.refused if report is not None else 0
        self.act_button.setVisible(not done)
        self.set_act(words.act(self._kind, count), allowed=count > 0 and not done)
        if self._why_not:
            self.set_act(tr("Import"), allowed=False)
        self.foot_note.setText(self._why_not)
        bad = len(report.bad) if report is not None else 0
        name = tr("Left out ({count})", count=write.credits(bad))
        self.tabs.setTabText(_LEFT_OUT, name)
        self.save_button.setEnabled(bad > 0)
        self.zone.setEnabled(not done)
        if done:
            self.columns.lock()
        if report is None:
            self._show_bad(())
            self._rows.show_rows(())
        self._show_empty(report, bad)

    def _show_bad(self, bad: Sequence[BadRow]) -> None:
        self._bad.show_rows(bad)
        if bad:
            self.bad.selectRow(0)
        self._show_why()

    def _show_why(self) -> None:
        """Under the table the chosen row has room for all that a cell cuts off."""
        row = self.bad.current_row()
        self.why.setText(of(row.sentence) if row else "")
        self.whole_row.setText(row.text if row else "")

    def _show_empty(self, report: ImportReport | None, bad: int) -> None:
        if report is None:
            nothing = tr("Nothing was read yet.")
            self.bad.overlay.empty(nothing)
            self.rows.overlay.empty(nothing)
            return
        if bad:
            self.bad.overlay.ready()
        else:
            self.bad.overlay.empty(tr("Every row is good."))
        if self._rows.rows:
            self.rows.overlay.ready()
        else:
            self.rows.overlay.empty(tr("The file has no row that can be read."))

    def _progress(self, fraction: float) -> None:
        self.bar.setValue(round(100 * fraction))

    def _build(self) -> None:
        self.bar.setRange(0, 100)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        self.bar.hide()
        line = QHBoxLayout()
        line.addWidget(self.said, 1)
        line.addWidget(self.save_button)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.rows, tr("First rows"))
        self.tabs.addTab(self.columns, tr("Columns"))
        self.tabs.addTab(self._left_out(), tr("Left out"))
        file = Label(write.text(Path(self._path).name), "code", "text2", wrap=True)
        file.setToolTip(plain_tip(self._path))
        self.body.addWidget(file)
        self.body.addWidget(self.written)
        hint = tr("An instant that says no offset is read in this zone.")
        self.body.addWidget(Labelled(tr("Times without offset"), self.zone, hint))
        self.body.addLayout(line)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.tabs, 1)
        self.columns.changed.connect(self.try_it)
        self.zone.activated.connect(lambda _at: self._zone_typed())
        edit = self.zone.lineEdit()
        if edit is not None:
            edit.editingFinished.connect(self._zone_typed)
        self._zone_tried = self.zone.zone

    def _left_out(self) -> QWidget:
        """The rows left out; what the keyboard is on stands whole under them."""
        tab = QWidget()
        column = QVBoxLayout(tab)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.bad, 1)
        for label in (self.why, self.whole_row):
            label.setMinimumHeight(label.fontMetrics().lineSpacing())
            column.addWidget(label)
        self.bad.picked.connect(self._show_why)
        return tab

    def _zone_typed(self) -> None:
        if self.zone.zone != self._zone_tried:
            self._zone_tried = self.zone.zone
            self.try_it()
