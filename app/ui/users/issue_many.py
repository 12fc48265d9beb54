"""The dialog *Issue credits* for many: whom it means, what will happen, doing it, the report."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.giving import BatchPlan, BatchReport, Fate
from app.domain.users import UserQuery
from app.ui import format as write
from app.ui.act_dialog import WRITTEN, ActDialog, refusal
from app.ui.background import Latest
from app.ui.columns import csv_lines
from app.ui.errors import trouble_of
from app.ui.file_dialogs import ask_where
from app.ui.language import tr, trn
from app.ui.page import Frame
from app.ui.saving import save_lines
from app.ui.theme import dress
from app.ui.users import issue_many_state as states
from app.ui.users.issue_fields import IssueFields
from app.ui.users.issue_many_state import ManyIssuing, Wanted
from app.ui.users.issue_many_table import FILE_COLUMNS
from app.ui.users.issue_many_view import PlanView, Progress, ReportView
from app.ui.users.recipients_field import RecipientsField
from app.ui.widgets.text import Label

SETTLES_MS = 200
"""How long what is typed must stand still before the list is looked at anew."""
_WIDTH, _HEIGHT, _FORM = 1000, 610, 320
_WIDEST, _AROUND = 1_200, 80


@dataclass(frozen=True)
class Question:
    """What a dry run is asked for."""

    wanted: Wanted
    credits: int | None
    ticket: str
    valid: str | datetime
    again: bool


class IssueManyDialog(ActDialog):
    """Gives credits to many users, one by one, with a dry run before and a report after.

    ``undo(report)`` takes everything back.
    """

    def __init__(
        self,
        parent: QWidget,
        frame: Frame,
        issuing: ManyIssuing,
        undo: Callable[[BatchReport], object],
    ) -> None:
        super().__init__(
            parent, frame, tr("Issue credits to several users"), tr("Issue"), width=_WIDTH
        )
        self.doing = tr("Issuing the credits")
        self.plan: BatchPlan | None = None
        self.report: BatchReport | None = None
        self._wanted, self._undo = issuing.wanted, undo
        self._asked: Question | None = None
        self._stop = Event()
        self._question = Latest(frame.background, owner=self)
        self._timer = QTimer(self, singleShot=True, interval=SETTLES_MS)
        self._timer.timeout.connect(self._ask)
        self.recipients = RecipientsField()
        self.fields = IssueFields(frame, issuing.reasons, issuing.validity)
        self.again = QCheckBox(tr("Give again where this ticket got credits"))
        dress(self.again, "body")
        self.view = PlanView(frame.zone)
        self.progress = Progress()
        self.report_view = ReportView(frame.zone)
        self.stages = QStackedWidget()
        self._build()
        self._listen()
        room = parent.window().width() - _AROUND
        self.resize(max(_WIDTH, min(_WIDEST, room)), _HEIGHT)
        self._ask()
        pasted = isinstance(issuing.wanted, str)
        (self.recipients.text_field if pasted else self.fields.amount).setFocus()

    # What is typed, and what would come of it

    @property
    def question(self) -> Question:
        """What the dry run is to be for."""
        pasted = isinstance(self._wanted, str)
        return Question(
            wanted=self.recipients.text if pasted else self._wanted,
            credits=self.fields.amount.amount,
            ticket=self.fields.form.ticket,
            valid=self.fields.valid,
            again=self.again.isChecked(),
        )

    def look(self) -> None:
        """Say what would come of what was typed; a list that is being read anew waits."""
        if self.busy or self.report is not None:
            return
        stale = self.question != self._asked or self._question.asking
        said = states.verdict(self.plan, self.fields.form, again=self.again.isChecked())
        self.view.show_words(said)
        self.again.setVisible(said.again_offered)
        self.foot_note.setText("" if stale and said.ready else said.missing)
        self.set_act(said.act, allowed=said.ready and not stale)

    def _typed(self) -> None:
        self._timer.start()
        self.look()

    def _ask(self) -> None:
        asked = self.question
        if asked == self._asked or self.busy or self.report is not None:
            self.look()
            return
        self._asked, desk = asked, self.frame.desk
        self.view.show_loading()
        self._question.ask(
            lambda stop: desk.support.preview_many(
                asked.wanted,
                asked.credits,
                ticket=asked.ticket,
                valid=asked.valid,
                again=asked.again,
                stop=stop,
            ),
            self._planned,
            self._not_planned,
        )
        self.look()

    def _planned(self, plan: BatchPlan) -> None:
        self.refuse("")
        self.plan = plan
        self.view.show_rows(plan.rows)
        self.look()

    def _not_planned(self, error: Exception) -> None:
        self.plan = None
        self.view.show_rows(())
        self.look()
        self.refuse(refusal(trouble_of(error, tr("Reading the list")), self.frame.zone))
        self.set_act(tr("Issue"), allowed=False)

    # Doing it

    def submit(self) -> None:
        if self.plan is None or self._asked is None:
            self.refuse("")
            return
        self._stop = Event()
        form, asked, key = self.fields.form, self._asked, self.key
        recipients, stop = self.plan.recipients, self._stop
        self._working(total=len(recipients.found))
        told = self._reporter = self.frame.background.reporter(self.progress.show_done)

        def work(_stop: Event) -> Any:
            return self.frame.desk.support.issue_many(
                recipients,
                asked.credits,
                reason=form.reason,
                note=form.note,
                ticket=form.ticket,
                valid=asked.valid,
                key=key,
                again=asked.again,
                progress=lambda done, every: told((done, every)),
                stop=stop,
            )

        self.frame.background.write(work, self._done, self._failed, stop=stop)

    def reject(self) -> None:
        """Esc and Cancel: while credits are given, they end it between two users."""
        if not self.busy:
            super().reject()
            return
        self._stop.set()
        self.cancel_button.setEnabled(False)
        self.foot_note.setText(tr("It ends after the user who is being given credits now."))

    def _working(self, total: int) -> None:
        self.progress.begin(total)
        self.stages.setCurrentWidget(self.progress)
        self.cancel_button.setText(tr("Stop"))
        self.cancel_button.setEnabled(True)
        self.cancel_button.setFocus()
        self.foot_note.setText(tr("Everybody is given theirs whole; you can stop between two."))

    def _ended(self) -> None:
        self.frame.background.forget(self._reporter)
        self.cancel_button.setText(tr("Cancel"))
        self.refuse("")
        self.frame.tell(WRITTEN)

    def _failed(self, error: Exception) -> None:
        """Nobody was given anything: it was refused before the first."""
        self._ended()
        self.stages.setCurrentIndex(0)
        self._asked = None
        self._ask()
        problem = trouble_of(error, self.doing)
        self.refuse(refusal(problem, self.frame.zone))
        if problem.blame == "us":
            self.frame.trouble(error)

    def _done(self, report: BatchReport) -> None:
        self.report = report
        self._ended()
        self.heading.setText(states.heading(report))
        self.report_view.show_report(report)
        self.stages.setCurrentWidget(self.report_view)
        self.cancel_button.hide()
        self.foot_note.setText("")
        self.set_act(tr("Close"))
        self.act_button.setFocus()
        undo = (lambda: self._undo(report)) if states.unused_grants(report) else None
        tone = "success" if report.count(Fate.GIVE) else "neutral"
        self.frame.say(f"{states.heading(report)}.", tone=tone, undo=undo)

    def try_submit(self) -> None:
        """The one act: issue; once that is done, close."""
        if self.report is not None:
            self.accept()
        else:
            super().try_submit()

    # The report

    def go_on(self) -> None:
        """Reach those who were not reached: who has their credits gets no more."""
        self.report = None
        self.cancel_button.show()
        self.heading.setText(self.windowTitle())
        super().try_submit()

    def save_report(self) -> None:
        """Let a place be chosen for the report."""
        ask_where(self, "credits-issued.csv", self.save_to)

    def save_to(self, path: str) -> None:
        """Save the report there, whole or not at all."""
        report = self.report
        if report is None:
            return
        self.frame.background.read(
            lambda stop: save_lines(Path(path), csv_lines(FILE_COLUMNS, report.rows), stop),
            lambda saved: self.foot_note.setText(tr("Saved {name}.", name=write.text(saved.name))),
            lambda error: self.refuse(trouble_of(error, tr("Saving the report")).sentence),
        )

    def take_back(self) -> None:
        """Undo all of it that was not used."""
        if self.report is not None:
            self._undo(self.report)
            self.accept()

    # Inside

    def _build(self) -> None:
        form = QWidget()
        form.setFixedWidth(_FORM)
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.recipients)
        if isinstance(self._wanted, str):
            self.recipients.text_field.setPlainText(self._wanted)
        else:
            self.recipients.hide()
            column.addWidget(Label(_whom(self._wanted), "name", wrap=True))
        column.addWidget(self.fields)
        column.addWidget(self.again)
        column.addStretch(1)
        self.again.hide()
        edit = QWidget()
        row = QHBoxLayout(edit)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        row.addWidget(form, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.view, 1)
        for stage in (edit, self.progress, self.report_view):
            self.stages.addWidget(stage)
        self.body.addWidget(self.stages, 1)

    def _listen(self) -> None:
        self.recipients.changed.connect(self._typed)
        self.recipients.refused.connect(self.refuse)
        self.fields.changed.connect(self._typed)
        self.again.toggled.connect(self._ask)
        self.report_view.save_button.clicked.connect(self.save_report)
        self.report_view.go_on_button.clicked.connect(self.go_on)
        self.report_view.undo_button.clicked.connect(self.take_back)


def _whom(wanted: Wanted) -> str:
    if isinstance(wanted, UserQuery):
        return tr("To everybody in the list as it is filtered now.")
    return tr(
        "To the {count} chosen in the list.",
        count=trn("{count} user", "{count} users", len(wanted)),
    )
