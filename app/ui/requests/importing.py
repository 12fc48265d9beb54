"""Importing requests from a file: what it would do, its first rows, then the act and a report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QTabWidget, QWidget

from app.domain.imports import BadRow, ImportPreview, ImportReport
from app.ui import format as write
from app.ui.act_dialog import Choice
from app.ui.columns import Column, csv_lines
from app.ui.errors import trouble_of
from app.ui.page import Frame
from app.ui.requests.saving import save
from app.ui.rows_model import RowsModel
from app.ui.saving import ask_where
from app.ui.widgets.button import Button
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.fields import Labelled
from app.ui.widgets.table import Table
from app.ui.widgets.text import Label

ENDINGS = (".csv", ".jsonl", ".ndjson", ".json")
_SIZE = (860, 560)
_MOVED = frozenset({"requests", "activity"})


@dataclass(frozen=True)
class FileRow:
    """One row of a file, by column."""

    values: tuple[str, ...]


_BAD: tuple[Column[BadRow], ...] = (
    Column("line", "Line", lambda row: write.credits(row.line), value=lambda row: row.line,
           align="right", width=64),
    Column("why", "Why it is left out", lambda row: write.text(row.sentence), width=380,
           stretch=True, ink="danger", tip=lambda row: row.sentence),
    Column("row", "Row", lambda row: write.text(row.text), width=300, voice="code", ink="text2",
           tip=lambda row: row.text),
)  # fmt: skip


def dropped_file(data: QMimeData) -> str:
    """The one file of rows that is being dropped; empty where it is anything else."""
    paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    fitting = [path for path in paths if path.lower().endswith(ENDINGS)]
    return fitting[0] if len(paths) == 1 and fitting else ""


def ask_file(parent: QWidget, chosen: Any) -> QFileDialog:
    """Let a file be chosen."""
    dialog = QFileDialog(parent, "Import requests")
    dialog.setNameFilter("Rows of requests (*.csv *.jsonl *.ndjson *.json)")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def told(report: ImportReport, *, done: bool) -> str:
    """What a file would open, or opened, in a sentence."""
    new = write.counted(report.added, "request")
    what = f"Opened {new}." if done else f"{new} to open."
    same = f" {write.credits(report.same)} on record already." if report.same else ""
    bad = f" {write.counted(len(report.bad), 'row')} left out." if report.bad else ""
    return f"{what}{same}{bad}"


class ImportDialog(Dialog):
    """Shows what a file of requests would do, then does it; bad rows can be saved."""

    def __init__(self, parent: QWidget, frame: Frame, path: str, why_not: str = "") -> None:
        super().__init__(parent, "Import requests", "Import", width=_SIZE[0])
        self._frame = frame
        self._path = path
        self._why_not = why_not
        self._stop: Event | None = None
        self.preview: ImportPreview | None = None
        self.report: ImportReport | None = None
        zone = frame.desk.zone
        self.zone = Choice(
            "Times without offset", [("", "Left out"), (zone, f"Read in {zone}")], zone
        )
        self.zone.choose(zone)
        self.said = Label("", "name", wrap=True)
        self._bad: RowsModel[BadRow] = RowsModel(_BAD)
        self.bad = Table(self._bad, "Rows left out")
        self.rows: Table[FileRow] | None = None
        self.tabs = QTabWidget()
        self.bar = QProgressBar()
        self.save_button = Button("Save rows left out…", self.ask_save, icon="download")
        self._build()
        self.resize(*_SIZE)
        self._show()
        self.look()

    def look(self) -> None:
        """Ask what the file would do; nothing of it is kept."""
        self.preview = None
        self._show()
        self.said.setText(f"Reading {write.text(Path(self._path).name)}…")
        desk, path, zone = self._frame.desk, self._path, self.zone.key or None

        def read() -> ImportPreview:
            found: ImportPreview = desk.imports.preview_requests(path, zone=zone)
            return found

        self._frame.background.write(lambda _stop: read(), self._came, self._failed)

    def submit(self) -> None:
        desk, path, zone = self._frame.desk, self._path, self.zone.key or None
        self._stop = stop = Event()
        tell = self._frame.background.reporter(self._progress)
        self.bar.show()
        self.cancel_button.setText("Stop")
        self.cancel_button.setEnabled(True)

        def take() -> ImportReport:
            taken: ImportReport = desk.imports.requests(path, zone=zone, progress=tell, stop=stop)
            return taken

        def ended() -> None:
            self._frame.background.forget(tell)
            self._stop = None
            self.bar.hide()
            self.cancel_button.setText("Close")
            self._frame.tell(_MOVED)

        def imported(report: ImportReport) -> None:
            ended()
            self.refuse("")
            self.report = report
            self._bad.show_rows(report.bad)
            self._show()
            self._frame.say(told(report, done=True), tone="success")

        def refused(error: Exception) -> None:
            ended()
            self._failed(error)

        self._frame.background.write(lambda _stop: take(), imported, refused, stop=stop)

    def reject(self) -> None:
        """Close; while it imports, stop it: then nothing of it is kept."""
        if self._stop is not None:
            self._stop.set()
            self.cancel_button.setEnabled(False)
            return
        super().reject()

    def ask_save(self) -> None:
        """Save the rows left out as CSV."""
        ask_where(self, "left-out.csv", self.save_to)

    def save_to(self, path: str) -> None:
        """Save them under this name."""
        save(self._frame, path, "".join(csv_lines(_BAD, self._bad.rows)))

    # Inside

    def _came(self, preview: ImportPreview) -> None:
        self.preview = preview
        self._bad.show_rows(preview.report.bad)
        self._show_rows(preview)
        self._show()

    def _failed(self, error: Exception) -> None:
        problem = trouble_of(error, "Importing")
        self.said.setText("")
        self.refuse(problem.sentence)
        if problem.blame == "us":
            self._frame.trouble(error, "Importing")

    def _show_rows(self, preview: ImportPreview) -> None:
        rows = [FileRow(values) for values in preview.rows]
        if self.rows is not None and isinstance(self.rows.rows, RowsModel):
            self.rows.rows.show_rows(rows)
            return
        columns = [_column(place, name) for place, name in enumerate(preview.columns)]
        model: RowsModel[FileRow] = RowsModel(columns, rows)
        self.rows = Table(model, "First rows")
        model.setParent(self.rows)
        self.tabs.insertTab(0, self.rows, "First rows")
        self.tabs.setCurrentIndex(0)

    def _show(self) -> None:
        report = self.report or (self.preview.report if self.preview else None)
        done = self.report is not None
        if report is not None:
            self.said.setText(told(report, done=done))
        count = report.added if report is not None else 0
        self.act_button.setVisible(not done)
        words = f"Import {write.counted(count, 'request')}" if count else "Import"
        self.set_act(words, allowed=count > 0 and not done and not self._why_not)
        self.foot_note.setText(self._why_not)
        bad = len(report.bad) if report is not None else 0
        self.tabs.setTabText(self.tabs.indexOf(self.bad), f"Left out ({write.credits(bad)})")
        self.save_button.setEnabled(bad > 0)
        self.zone.setEnabled(not done)
        if not bad:
            self.bad.overlay.empty("Every row is good.")
        else:
            self.bad.overlay.ready()

    def _progress(self, fraction: float) -> None:
        self.bar.setValue(round(100 * fraction))

    def _build(self) -> None:
        self.bar.setRange(0, 100)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.bar.hide()
        line = QHBoxLayout()
        line.addWidget(self.said, 1)
        line.addWidget(self.save_button)
        self.tabs.addTab(self.bad, "Left out")
        self.body.addWidget(Label(write.text(self._path), "code", "text2", wrap=True))
        self.body.addWidget(Labelled("Times without offset", self.zone))
        self.body.addLayout(line)
        self.body.addWidget(self.tabs, 1)
        self.body.addWidget(self.bar)
        self.zone.currentIndexChanged.connect(self.look)


def _column(place: int, name: str) -> Column[FileRow]:
    wide = name == "message"
    return Column(
        name,
        name.replace("_", " ").capitalize(),
        lambda row: write.text(row.values[place]),
        width=240 if wide else 120,
        stretch=wide,
        tip=lambda row: row.values[place][:400],
    )
