"""Imports: a file of each kind to choose or to drop, and what was imported before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.domain.import_mapping import guessed, missing, unknown
from app.domain.imports import KINDS, FileShape, ImportRun
from app.domain.staff import Act
from app.ui import format as write
from app.ui import import_words as words
from app.ui.background import Latest
from app.ui.columns import Column, credits_column, instant_column
from app.ui.errors import trouble_of
from app.ui.import_dialog import ImportDialog, ask_file, dropped_file
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.rows_model import RowsModel
from app.ui.settings.card import SettingsCard, Signed, read_signed
from app.ui.settings.fitted import ROOM_TO_SAY, FittedTable
from app.ui.settings.reversing import ReverseDialog
from app.ui.theme import set_mark
from app.ui.widgets.button import Button
from app.ui.widgets.text import Label


@dataclass(frozen=True)
class ImportsState:
    """Who is signed in, and every import on record."""

    signed: Signed
    runs: tuple[ImportRun, ...]


def read_imports(desk: Any, stop: Event) -> ImportsState:
    """Ask for them."""
    return ImportsState(read_signed(desk, stop), tuple(desk.imports.list(stop=stop)))


def kind_of(shape: FileShape) -> str:
    """The kind of rows that a file holds by its columns; empty where that is not plain."""
    fitting = {}
    for kind, wanted in KINDS.items():
        chosen = guessed(wanted, shape.header)
        if not missing(wanted, chosen):
            exact = sum(ours == theirs for ours, theirs in chosen.items())
            fitting[kind] = (exact, -len(unknown(shape.header, chosen)))
    best = max(fitting.values(), default=None)
    kinds = [kind for kind, fit in fitting.items() if fit == best]
    return kinds[0] if len(kinds) == 1 else ""


class DropRow(QFrame):
    """A kind of file: what it holds, a button to choose one; `dropped(path)` for one let fall."""

    dropped = Signal(str)

    def __init__(self, kind: str, choose: Callable[[], object]) -> None:
        super().__init__()
        self.kind = kind
        self.setObjectName("droprow")
        self.setAcceptDrops(True)
        self.button = Button(tr("Choose a file…"), choose, icon="upload")
        self.button.setAccessibleName(words.title(kind))
        columns = words.columns_of(kind)
        optional = [f"[{name}]" for name in columns.optional]
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(Label(words.kind_name(kind), "name"))
        text.addWidget(Label(words.about(kind), "caption", "text2", wrap=True))
        names = Label(", ".join([*columns.required, *optional]), "code", "text2", wrap=True)
        text.addWidget(names)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.addLayout(text, 1)
        row.addWidget(self.button)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event.mimeData()):
            set_mark(self, "over", "true")
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: object) -> None:
        set_mark(self, "over", "false")

    def dropEvent(self, event: QDropEvent) -> None:
        set_mark(self, "over", "false")
        path = dropped_file(event.mimeData())
        if path:
            event.acceptProposedAction()
            self.dropped.emit(path)


class ImportsCard(SettingsCard):
    """The four kinds of files; a file let fall beside them goes to the kind its columns tell."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(
            frame,
            tr("Import"),
            tr(
                "CSV with a header row or JSON Lines, in UTF-8. What a file would do is shown"
                " before anything is kept; rows that are wrong are left out and named."
            ),
        )
        self._question = Latest(frame.background, owner=self)
        self._looking = Latest(frame.background, owner=self)
        self.ready = False
        self.signed: Signed | None = None
        self.setAcceptDrops(True)
        self.rows: dict[str, DropRow] = {}
        self.why_not = Label("", "caption", "text2", wrap=True)
        for kind in KINDS:
            row = DropRow(kind, partial(self.choose, kind))
            row.dropped.connect(partial(self.take, kind))
            self.rows[kind] = row
            self.add(row)
        self.add(self.why_not)
        self.why_not.hide()

    @property
    def acts(self) -> Mapping[str, Callable[[], object]]:
        return {kind: partial(self.choose, kind) for kind in KINDS}

    def reload(self) -> None:
        desk = self.frame.desk
        if desk is not None:
            self._question.ask(lambda stop: read_signed(desk, stop), self._came, self._unread)

    def choose(self, kind: str) -> object:
        """Choose a file of a kind."""
        why_not = self._why_not(kind)
        if why_not:
            self.frame.say(why_not)
            return None
        return ask_file(self, kind, partial(self.take, kind))

    def take(self, kind: str, path: str) -> ImportDialog:
        """Show what a file of a kind would do."""
        dialog = ImportDialog(self, self.frame, kind, path, self._why_not(kind))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event.mimeData())
        if path:
            event.acceptProposedAction()
            self.take_unknown(path)

    def take_unknown(self, path: str) -> None:
        """Find out what a file holds by its columns, and show what it would do."""
        desk = self.frame.desk
        self._looking.ask(
            lambda _stop: desk.imports.look(path),
            lambda shape: self._looked(path, shape),
            lambda error: self.frame.trouble(error, tr("Reading the file")),
        )

    def _looked(self, path: str, shape: FileShape) -> None:
        kind = kind_of(shape)
        if kind:
            self.take(kind, path)
        else:
            self.frame.say(tr("Its columns do not tell what it holds: drop it on a kind."))

    def _why_not(self, kind: str) -> str:
        if self.signed is None:
            return tr("Not read yet; try again.")
        return self.signed.why_not(words.ACTS[kind])

    def _came(self, signed: Signed) -> None:
        self.signed = signed
        self.hide_problem()
        denied = {kind: self._why_not(kind) for kind in KINDS}
        for kind, row in self.rows.items():
            row.button.setEnabled(not denied[kind])
            row.setAcceptDrops(not denied[kind])
        said = next((why for why in denied.values() if why), "")
        self.setAcceptDrops(not said)
        self.why_not.setText(said)
        self.why_not.setVisible(bool(said))
        self.got_ready()

    def _unread(self, error: Exception) -> None:
        self.show_problem(error, tr("Reading who you are"))


class PastImportsCard(SettingsCard):
    """Every import on record; that of usage can be reversed, once."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(
            frame,
            tr("Past imports"),
            tr("The charges of an import of usage can be refunded all together, once."),
        )
        self._question = Latest(frame.background, owner=self)
        self.state: ImportsState | None = None
        self._model: RowsModel[ImportRun] = RowsModel(_columns(frame))
        self.table = FittedTable(
            self._model, tr("Past imports"), most=10, spare=("number", "same", "refused", "by")
        )
        frame.remember_table(self.table, "imports")
        self.table.row_actions = self._offered
        self.table.opened.connect(lambda _row: self.reverse())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_button())
        self.button = Button(tr("Reverse…"), self.reverse, icon="arrow-back-up")
        self.why_not = Label("", "caption", "text2", wrap=True)
        self.add(self.table)
        self.row(self.button, self.why_not)
        self._show_button()

    def reload(self) -> None:
        desk = self.frame.desk
        if desk is not None:
            self.table.overlay.loading()
            self._question.ask(lambda stop: read_imports(desk, stop), self.show_state, self._failed)

    def show_state(self, state: ImportsState) -> None:
        """Show them, newest first."""
        self.state = state
        self._model.show_rows(state.runs)
        self.table.fit(len(state.runs) or ROOM_TO_SAY)
        if state.runs:
            self.table.overlay.ready()
        else:
            self.table.overlay.empty(tr("Nothing was imported yet."))
        self._show_button()

    def reverse(self) -> ReverseDialog | None:
        """Show what reversing the chosen import would refund, then do it."""
        run = self._chosen()
        if run is None or self.why_not_reverse(run):
            return None
        dialog = ReverseDialog(self, self.frame, run)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def why_not_reverse(self, run: ImportRun) -> str:
        """Why an import cannot be reversed; empty where it can."""
        if self.state is None:
            return tr("Not read yet; try again.")
        if run.kind != "usage":
            return tr("Only usage can be reversed; nobody is ever taken off the record.")
        if run.reversed_at is not None:
            at = write.instant(run.reversed_at, self.frame.zone, self.frame.now())
            return tr("Reversed by {who}, {at}.", who=write.name(run.reversed_by), at=at)
        signed = self.state.signed
        return signed.why_not(Act.IMPORT_USAGE) or signed.why_not(Act.REFUND)

    def _chosen(self) -> ImportRun | None:
        rows = self.table.selected()
        return rows[0] if len(rows) == 1 else None

    def _show_button(self) -> None:
        run = self._chosen()
        why_not = "" if run is None else self.why_not_reverse(run)
        self.why_not.setText(why_not)
        self.button.setEnabled(run is not None and not why_not)

    def _offered(self, rows: list[ImportRun]) -> Sequence[QAction]:
        if len(rows) != 1 or self.why_not_reverse(rows[0]):
            return ()
        action = QAction(self.button.text(), self)
        action.triggered.connect(self.reverse)
        return (action,)

    def _failed(self, error: Exception) -> None:
        trouble = trouble_of(error, tr("Reading the imports"))
        self.table.fit(ROOM_TO_SAY)
        nothing = tr("Nothing was changed.")
        self.table.overlay.failed(trouble.sentence, nothing, self.reload, trouble.details)


def _columns(frame: Frame) -> tuple[Column[ImportRun], ...]:
    zone = frame.zone

    def reversed_(run: ImportRun) -> tuple[str, str] | None:
        return None if run.reversed_at is None else (tr("reversed"), "warning")

    return (
        Column("number", tr("No."), lambda run: write.credits(run.id), value=lambda run: run.id,
               align="end", width=56),
        instant_column("at", tr("When"), lambda run: run.at, zone, frame.now),
        Column("kind", tr("Kind"), lambda run: words.kind_name(run.kind), width=84,
               widest=lambda: tuple(map(words.kind_name, KINDS))),
        Column("file", tr("File"), lambda run: write.text(run.file), width=140, stretch=True,
               tip=lambda run: write.text(run.file)),
        Column("by", tr("By"), lambda run: write.text(run.staff), width=150),
        credits_column("read", tr("Read"), lambda run: run.read, width=76),
        credits_column("added", tr("Added"), lambda run: run.added, width=84),
        credits_column("same", tr("Same"), lambda run: run.same, width=76),
        credits_column("refused", tr("Refused"), lambda run: run.refused, width=92),
        credits_column("bad", tr("Left out"), lambda run: run.bad, width=92),
        Column("reversed", tr("Reversed"),
               lambda run: tr("reversed") if run.reversed_at else write.EMPTY,
               value=lambda run: run.reversed_at, width=104, chip=reversed_,
               tip=lambda run: write.instant_tip(run.reversed_at, zone, frame.now())),
    )  # fmt: skip
