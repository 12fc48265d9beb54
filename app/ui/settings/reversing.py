"""Taking an import of usage back: what that would refund, then the act."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import Any

from PySide6.QtWidgets import QProgressBar, QWidget

from app.domain.imports import ImportRun, Reversal
from app.domain.policy import Reason
from app.ui import format as write
from app.ui.act_dialog import Choice
from app.ui.background import Latest
from app.ui.errors import trouble_of
from app.ui.language import tr, trn
from app.ui.page import Frame
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.fields import Labelled, NoteField
from app.ui.widgets.text import Label

CHANGES = frozenset({"accounts", "consumption", "imports", "activity"})
USUAL_REASON = "given_in_error"
Read = tuple[Reversal, tuple[Reason, ...]]


def reversal_said(done: Reversal) -> str:
    """What it refunds, and how that comes back."""
    taken = tr("{charges} of {credits}.", charges=_charges(done), credits=_credits(done))
    return " ".join([taken, *_how_it_comes_back(done)])


def refunded_said(done: Reversal) -> str:
    """What was refunded, and how that came back."""
    taken = tr("Refunded {charges} of {credits}.", charges=_charges(done), credits=_credits(done))
    return " ".join([taken, *_how_it_comes_back(done)])


def _charges(done: Reversal) -> str:
    return trn("{count} charge", "{count} charges", done.charges)


def _credits(done: Reversal) -> str:
    return trn("{count} credit", "{count} credits", done.credits)


def _how_it_comes_back(done: Reversal) -> Iterator[str]:
    if done.returned:
        yield trn(
            "{count} goes back to grants that are still usable.",
            "{count} go back to grants that are still usable.",
            done.returned,
        )
    if done.regranted:
        yield trn(
            "{count} comes as a new grant until the end of the month.",
            "{count} come as new grants until the end of the month.",
            done.regranted,
        )
    if done.refunded_before:
        yield trn(
            "{count} of its charges was refunded before.",
            "{count} of its charges were refunded before.",
            done.refunded_before,
        )


class ReverseDialog(Dialog):
    """A dry run first; then every charge is refunded, or none."""

    def __init__(self, parent: QWidget, frame: Frame, run: ImportRun) -> None:
        super().__init__(
            parent, tr("Reverse an import"), tr("Refund all charges"), kind="danger", width=540
        )
        self._frame = frame
        self.run = run
        self.planned: Reversal | None = None
        self._stop: Event | None = None
        self._question = Latest(frame.background, owner=self)
        at = write.instant(run.at, frame.zone, frame.now())
        what = tr("Import {number} of {file}, {at}, by {who}", number=run.id,
                  file=write.name(run.file), at=at, who=write.name(run.staff))  # fmt: skip
        self.said = Label(tr("Reading what it charged…"), wrap=True)
        self.reason = Choice(tr("Reason"), (), hint=tr("Choose a reason"))
        self.note = NoteField(tr("Note"), lines=2)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Reversing"))
        self.bar.hide()
        for widget in (
            Label(what, "name", wrap=True),
            self.said,
            Labelled(tr("Reason"), self.reason),
            Labelled(tr("Note"), self.note),
            self.bar,
        ):
            self.body.addWidget(widget)
        self.set_act(tr("Refund all charges"), allowed=False)
        self.look()

    def look(self) -> None:
        """Ask what it would refund; nothing is changed."""
        desk, number = self._frame.desk, self.run.id

        def read(stop: Event) -> Read:
            planned: Reversal = desk.imports.reverse(number, dry_run=True, stop=stop)
            return planned, tuple(desk.pricing.current(stop=stop).prices.policy.support.reasons)

        self._question.ask(read, self._came, self._failed)

    def submit(self) -> None:
        desk, number = self._frame.desk, self.run.id
        reason, note = self.reason.key, self.note.text
        self._stop = stop = Event()
        tell = self._frame.background.reporter(self._progress)
        self.bar.setRange(0, 100)
        self.bar.setValue(0)
        self.bar.show()
        self.cancel_button.setText(tr("Stop"))
        self.cancel_button.setEnabled(True)

        def ended() -> None:
            self._frame.background.forget(tell)
            self._stop = None
            self.bar.hide()
            self.cancel_button.setText(tr("Cancel"))

        def done(answer: Reversal) -> None:
            ended()
            self.accept()
            self._frame.tell(CHANGES)
            self._frame.say(refunded_said(answer), tone="success")

        def failed(error: Exception) -> None:
            ended()
            self._failed(error)

        def work(_stop: Event) -> Any:
            return desk.imports.reverse(
                number, dry_run=False, reason=reason, note=note, progress=tell, stop=stop
            )

        self._frame.background.write(work, done, failed, stop=stop)

    def reject(self) -> None:
        """Close; while it refunds, stop it: then no charge was refunded."""
        if self._stop is not None:
            self._stop.set()
            self.cancel_button.setEnabled(False)
            return
        super().reject()

    def _came(self, read: Read) -> None:
        planned, reasons = read
        self.planned = planned
        for reason in reasons:
            self.reason.addItem(write.text(reason.name), reason.key)
        self.reason.choose(USUAL_REASON)
        self.said.setText(reversal_said(planned))
        if not planned.charges:
            self.said.setText(tr("None of its charges is left to refund."))
        words = trn("Refund {count} charge", "Refund {count} charges", planned.charges)
        self.set_act(words, allowed=planned.charges > 0)
        self.reason.currentIndexChanged.connect(
            lambda _: self.set_act(words, allowed=planned.charges > 0 and bool(self.reason.key))
        )
        self.set_act(words, allowed=planned.charges > 0 and bool(self.reason.key))
        self.make_room()

    def _failed(self, error: Exception) -> None:
        trouble = trouble_of(error, tr("Reversing"))
        if self.planned is None:
            self.said.setText("")
        self.refuse(trouble.sentence)
        if trouble.blame == "us":
            self._frame.trouble(error)

    def _progress(self, fraction: float) -> None:
        self.bar.setValue(round(100 * fraction))
