"""Refund all failed jobs of some days or of a feature: a dry run, then the act, then a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from threading import Event

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from app.domain.failed_jobs import FailedJob, FailedJobs
from app.ui import format as write
from app.ui.act_dialog import Choice
from app.ui.background import Latest
from app.ui.columns import Column, credits_column, csv_lines
from app.ui.errors import trouble_of
from app.ui.file_dialogs import ask_where
from app.ui.language import tr, trn
from app.ui.page import Frame, today
from app.ui.requests.answering import ANSWERED
from app.ui.rows_model import RowsModel
from app.ui.saving_text import save_text
from app.ui.widgets.button import Button
from app.ui.widgets.days import DayField
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.fields import Labelled
from app.ui.widgets.table import Table
from app.ui.widgets.text import Label

_SIZE = (780, 560)


@dataclass(frozen=True)
class Wanted:
    """Whose failed jobs: of days (both included), of a feature, or of both."""

    first: date | None = None
    last: date | None = None
    feature: str = ""

    @property
    def missing(self) -> str:
        """What is still to be said, in a sentence; empty if it can be done."""
        if self.first is None and self.last is None and not self.feature:
            return tr("Choose a day or a feature: not everything of all time is refunded at once.")
        if self.first is not None and self.last is not None and self.last < self.first:
            return tr(
                "The last day, {last}, lies before the first, {first}.",
                last=self.last,
                first=self.first,
            )
        return ""


def told(jobs: FailedJobs) -> str:
    """What would be done, or what was, in a sentence."""
    before = jobs.refunded_before
    already = tr(" {before} were refunded before.", before=write.credits(before)) if before else ""
    if not jobs.charges:
        nothing = (
            tr("Nothing was refunded.")
            if not jobs.dry_run
            else tr("No failed job is to be refunded.")
        )
        return f"{nothing}{already}"
    what = tr(
        "{charges} of {users}, {credits} in all",
        charges=trn("{count} charge", "{count} charges", jobs.charges),
        users=trn("{count} user", "{count} users", jobs.users),
        credits=trn("{count} credit", "{count} credits", jobs.credits),
    )
    if jobs.dry_run:
        return tr("To refund: {what}.{already}", what=what, already=already)
    parts = tr(": {returned} went back to their grants", returned=write.credits(jobs.returned))
    parts += (
        tr(", {regranted} came as new grants", regranted=write.credits(jobs.regranted))
        if jobs.regranted
        else ""
    )
    stopped = tr(" Stopped before the rest.") if jobs.stopped else ""
    return tr(
        "Refunded {what}{parts}.{stopped}{already}",
        what=what,
        parts=parts,
        stopped=stopped,
        already=already,
    )


class FailedJobsDialog(Dialog):
    """Shows which failed jobs are not refunded yet, and refunds them all, each once."""

    def __init__(
        self, parent: QWidget, frame: Frame, names: dict[str, str], why_not: str = ""
    ) -> None:
        super().__init__(parent, tr("Refund all failed jobs"), tr("Refund"), width=_SIZE[0])
        self._frame = frame
        self._why_not = why_not
        self._names = names
        self._question = Latest(frame.background, owner=self)
        self._stop: Event | None = None
        self.jobs: FailedJobs | None = None
        self.finished_with = False
        day = partial(today, frame)
        self.first, self.last = (
            DayField(tr("First day"), day),
            DayField(tr("Last day"), day, tr("the same day")),
        )
        self.first.set_day(day())
        features = sorted(names.items(), key=lambda pair: pair[1].casefold())
        self.feature = Choice(tr("Feature"), [("", tr("Any feature")), *features])
        self.feature.setCurrentIndex(0)
        self.said = Label("", "name", wrap=True)
        self._rows: RowsModel[FailedJob] = RowsModel(self._columns())
        self.table = Table(self._rows, tr("Failed jobs"))
        self.bar = QProgressBar()
        self.save_button = Button(tr("Save as CSV…"), self.ask_save, icon="download")
        self._build()
        self.resize(*_SIZE)
        self.look()

    @property
    def wanted(self) -> Wanted:
        """What was chosen."""
        return Wanted(self.first.day, self.last.day, self.feature.key)

    def look(self) -> None:
        """Ask what refunding these would do; nothing is changed by asking."""
        wanted, desk = self.wanted, self._frame.desk
        self.jobs = None
        self._show()
        if wanted.missing:
            self._question.cancel()
            self._rows.show_rows(())
            self.table.overlay.empty(wanted.missing)
            return
        self.table.overlay.loading()

        def read(stop: Event) -> FailedJobs:
            found: FailedJobs = desk.requests.failed_jobs(
                wanted.first, wanted.last, wanted.feature or None, stop=stop
            )
            return found

        self._question.ask(read, self._came, self._failed)

    def submit(self) -> None:
        wanted, desk, self._stop = self.wanted, self._frame.desk, Event()
        stop, report = self._stop, self._frame.background.reporter(self._progress)
        self.bar.show()
        self.cancel_button.setEnabled(True)
        self.cancel_button.setText(tr("Stop"))

        def refund() -> FailedJobs:
            done: FailedJobs = desk.requests.refund_failed(
                wanted.first,
                wanted.last,
                wanted.feature or None,
                progress=lambda done, of: report((done, of)),
                stop=stop,
            )
            return done

        def ended() -> None:
            self._frame.background.forget(report)
            self._stop = None
            self.bar.hide()
            self.cancel_button.setText(tr("Close"))
            self._frame.tell(ANSWERED)

        def refunded(jobs: FailedJobs) -> None:
            ended()
            self._refunded(jobs)

        def refused(error: Exception) -> None:
            ended()
            problem = trouble_of(error, tr("Refunding"))
            self.refuse(problem.sentence)
            if problem.blame == "us":
                self._frame.trouble(error, tr("Refunding"))

        self._frame.background.write(lambda _stop: refund(), refunded, refused, stop=stop)

    def reject(self) -> None:
        """Close; while it refunds, stop between two charges first."""
        if self._stop is not None:
            self._stop.set()
            self.cancel_button.setEnabled(False)
            return
        super().reject()

    def ask_save(self) -> None:
        """Save the rows shown as CSV."""
        ask_where(self, "failed-jobs.csv", self.save_to)

    def save_to(self, path: str) -> None:
        """Save them under this name."""
        text = "".join(csv_lines(self.table.visible_columns(), self._rows.rows))
        save_text(self._frame, path, text)

    # Inside

    def _came(self, jobs: FailedJobs) -> None:
        self.jobs = jobs
        self._rows.show_rows(jobs.rows)
        if jobs.rows:
            self.table.overlay.ready()
        else:
            self.table.overlay.empty(told(jobs))
        self._show()

    def _failed(self, error: Exception) -> None:
        problem = trouble_of(error, tr("Reading the failed jobs"))
        self.table.overlay.failed(problem.sentence, retry=self.look, details=problem.details)

    def _refunded(self, jobs: FailedJobs) -> None:
        self.finished_with = True
        self.jobs = jobs
        self.refuse(jobs.trouble)
        self._rows.show_rows(jobs.rows)
        for field in (self.first, self.last, self.feature):
            field.setEnabled(False)
        self._show()
        self._frame.say(told(jobs), tone="success")

    def _show(self) -> None:
        jobs = self.jobs
        self.said.setText("" if jobs is None else told(jobs))
        count = jobs.charges if jobs is not None else 0
        ready = count > 0 and not self._why_not and not self.finished_with
        words = (
            tr("Refund {count}", count=trn("{count} charge", "{count} charges", count))
            if count
            else tr("Refund")
        )
        self.set_act(words, allowed=ready)
        self.act_button.setVisible(not self.finished_with)
        self.foot_note.setText(self._why_not)
        self.save_button.setEnabled(count > 0)

    def _progress(self, progress: tuple[int, int]) -> None:
        done, of = progress
        self.bar.setRange(0, max(1, of))
        self.bar.setValue(done)
        self.foot_note.setText(
            tr("{done} of {of} refunded.", done=write.credits(done), of=write.credits(of))
        )

    def _columns(self) -> tuple[Column[FailedJob], ...]:
        zone, now = self._frame.zone, self._frame.now()
        return (
            Column("at", tr("When"), lambda job: write.instant(job.occurred_at, zone, now),
                   value=lambda job: job.occurred_at, width=120, ink="text2"),
            Column("user", tr("User"), lambda job: write.text(job.user_id), width=150,
                   voice="code"),
            Column("feature", tr("Feature"),
                   lambda job: write.text(self._names.get(job.feature, job.feature)),
                   stretch=True),
            Column("charge", tr("Charge"), lambda job: str(job.charge_id), width=80, align="end",
                   value=lambda job: job.charge_id),
            credits_column("credits", tr("Credits"), lambda job: job.credits, width=80),
        )  # fmt: skip

    def _build(self) -> None:
        days = QHBoxLayout()
        days.setSpacing(12)
        days.addWidget(Labelled(tr("From"), self.first), 1)
        days.addWidget(Labelled(tr("To"), self.last), 1)
        days.addWidget(Labelled(tr("Feature"), self.feature), 2)
        line = QHBoxLayout()
        line.addWidget(self.said, 1)
        line.addWidget(self.save_button)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        self.bar.hide()
        self.body.addLayout(days)
        self.body.addLayout(line)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.bar)
        self.first.chosen.connect(self.look)
        self.last.chosen.connect(self.look)
        self.feature.currentIndexChanged.connect(self.look)
