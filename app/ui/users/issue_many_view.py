"""What the dialog for many shows beside its form: the dry run, the progress, the report."""

from collections.abc import Sequence
from datetime import tzinfo

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.domain.giving import BatchReport, Fate, IssuedGrant, PlannedGrant
from app.ui import format as write
from app.ui.act_dialog import Choice
from app.ui.language import tr, trn
from app.ui.rows_model import RowsModel
from app.ui.users import issue_many_state as states
from app.ui.users.issue_many_state import ManyVerdict
from app.ui.users.issue_many_table import plan_columns, report_columns
from app.ui.widgets.button import Button
from app.ui.widgets.search import SearchBox
from app.ui.widgets.table import Table
from app.ui.widgets.text import Label

_NOBODY = tr("Paste, type or drop a list. What each would get is shown here before it is given.")


class PlanView(QWidget):
    """The rows of a dry run, problems first, with a filter."""

    def __init__(self, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone
        self._rows: Sequence[PlannedGrant] = ()
        self.summary = Label("", "name", wrap=True)
        self.limits = Label("", "caption", "text2", wrap=True)
        self.shown = Choice(tr("Shown"), states.SHOWN, "all")
        self.filter = SearchBox(tr("Filter"), tr("Filter the list"))
        self.model: RowsModel[PlannedGrant] = RowsModel(plan_columns(zone))
        self.table: Table[PlannedGrant] = Table(self.model, tr("What each would get"))
        self.known = Label("", "caption", "text2", wrap=True)
        filters = QHBoxLayout()
        filters.setSpacing(8)
        filters.addWidget(self.shown)
        filters.addWidget(self.filter, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.summary)
        column.addWidget(self.limits)
        column.addLayout(filters)
        column.addWidget(self.table, 1)
        column.addWidget(self.known)
        self.table.chosen.connect(self._tell)
        self.shown.currentIndexChanged.connect(self._list)
        self.filter.searched.connect(self._list)

    def show_words(self, said: ManyVerdict) -> None:
        """Say what will come of it."""
        self.summary.setText(said.summary)
        self.summary.setVisible(bool(said.summary))
        self.limits.setText(said.limits)
        self.limits.setVisible(bool(said.limits))
        self.limits.set_ink("warning" if said.needs_approval else "text2")

    def show_loading(self) -> None:
        """The list is being looked at."""
        self.table.overlay.loading()

    def show_rows(self, rows: Sequence[PlannedGrant]) -> None:
        """Show these."""
        self._rows = rows
        self._list()

    def _tell(self, row: PlannedGrant) -> None:
        """Under the table, the whole of what its narrow column may cut."""
        said = row.problem or row.warning
        whom = row.email or row.who
        self.known.setText(write.with_instants(f"{write.text(whom)}: {said}", self._zone))
        self.known.setVisible(bool(said))

    def _list(self) -> None:
        self.known.hide()
        listed = states.listed(self._rows, self.shown.key, self.filter.text())
        self.model.show_rows(listed)
        if not self._rows:
            self.table.overlay.empty(_NOBODY)
        elif not listed:
            self.table.overlay.empty(tr("Nobody on the list passes this filter."))
        else:
            self.table.overlay.ready()


class Progress(QWidget):
    """How many have been reached."""

    def __init__(self) -> None:
        super().__init__()
        self.words = Label("", "number")
        self.of = Label("", "body", "text2")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self.words)
        column.addWidget(self.of)
        column.addWidget(self.bar)
        column.addStretch(3)

    def begin(self, total: int) -> None:
        """Nobody was reached yet."""
        self.show_done((0, total))

    def show_done(self, done: tuple[int, int]) -> None:
        """So many of so many."""
        reached, total = done
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(reached)
        self.words.setText(write.credits(reached))
        self.of.setText(tr("of {total} done", total=trn("{count} user", "{count} users", total)))


class ReportView(QWidget):
    """What became of each, with what can be done about it."""

    def __init__(self, zone: tzinfo) -> None:
        super().__init__()
        self._rows: Sequence[IssuedGrant] = ()
        self.summary = Label("", "name", wrap=True)
        self.model: RowsModel[IssuedGrant] = RowsModel(report_columns(zone))
        self.table: Table[IssuedGrant] = Table(self.model, tr("What became of each"))
        self.filter = SearchBox(tr("Filter"), tr("Filter the report"))
        self.save_button = Button(tr("Save report…"), icon="download")
        self.undo_button = Button(tr("Take all back"), icon="arrow-back-up")
        self.go_on_button = Button(tr("Go on"), kind="primary")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.filter, 1)
        for button in (self.go_on_button, self.undo_button, self.save_button):
            line.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.summary)
        column.addLayout(line)
        column.addWidget(self.table, 1)
        self.filter.searched.connect(self._list)

    def show_report(self, report: BatchReport) -> None:
        """Show what became of everybody."""
        self._rows = report.rows
        self.summary.setText(states.summary(report))
        self.summary.set_ink("warning" if states.why_cut(report) else "text")
        self.go_on_button.setVisible(not report.whole)
        self.undo_button.setVisible(report.count(Fate.GIVE) > 0)
        self._list()

    def _list(self) -> None:
        self.model.show_rows(states.listed(self._rows, "all", self.filter.text()))
