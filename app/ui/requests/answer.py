"""The sheet on which an answer is written: the act, what comes of it, and the reply to the user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.ledger import LedgerEntry
from app.domain.policy import Reason
from app.domain.requests import Answer
from app.ui import format as write
from app.ui.act_dialog import Choice
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.requests import case_state as states
from app.ui.requests.reading import Case, Draft, Outlook
from app.ui.theme import current, dress
from app.ui.widgets.button import Button, IconButton
from app.ui.widgets.fields import AmountField, Labelled
from app.ui.widgets.text import ElidedLabel, Label, plain_tip

_FORM = 268
_LEAST_FORM = 180
_REPLY_LINES = 9
MOST_CREDITS = 1_000_000


class AnswerSheet(QFrame):
    """One answer. `changed(Draft)` when something else is meant, `wanted` to do it, `closed`."""

    changed = Signal(object)
    wanted = Signal()
    closed = Signal()

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setObjectName("sheet")
        self._frame = frame
        self.draft: Draft | None = None
        self._case: Case | None = None
        self._outlook: Outlook | None = None
        self._showing = False
        self._written = ""
        self._charges: tuple[LedgerEntry, ...] = ()
        self.title = ElidedLabel("", "section")
        self.before, self.after = Label("", "amount"), Label("", "amount", "accent_text")
        self.notes = Label("", "caption", "warning", wrap=True)
        self.credits = AmountField(1, MOST_CREDITS)
        self.validity = Choice(tr("Valid for"), states.VALIDITIES)
        self.charge = Choice(tr("Charge"), (), hint=tr("Choose a charge"))
        self.reason = Choice(tr("Reason"), (), hint=tr("The usual one"))
        self.note = QLineEdit()
        self.reply = QPlainTextEdit()
        self.anew = Button(tr("Write it anew"), self._write_anew, kind="link")
        self.problem = Label("", "name", "danger", wrap=True)
        self.act = Button(tr("Answer"), self.wanted.emit, kind="primary", shortcut="Ctrl+Enter")
        self.back = IconButton("x", tr("Close without answering"), self.closed.emit, shortcut="Esc")
        self.foot = Label("", "caption", "text2", wrap=True)
        self._busy = False
        self._room = 0
        self._build()
        self._listen()
        current().changed.connect(self._measure)
        self._measure()
        self.hide()

    # Showing

    def show_draft(self, case: Case, draft: Draft, reasons: Sequence[Reason]) -> None:
        """Begin to write this answer."""
        self._showing = True
        self._case, self.draft, self._outlook = case, draft, None
        self._written = ""
        self.reply.clear()
        self.refuse("")
        self._show_busy(busy=False)
        self.reason.clear()
        for reason in reasons:
            self.reason.addItem(write.text(reason.name), reason.key)
        self.reason.choose(draft.reason)
        self.credits.set_amount(draft.credits)
        self._show_validity(draft.validity)
        self.note.setText(draft.note)
        self.note.setCursorPosition(0)
        self._show_charges()
        grants, refunds = draft.answer is Answer.GRANT, draft.answer is Answer.REFUND
        self._credits_row.setVisible(grants)
        self._charge_row.setVisible(refunds)
        self._reason_row.setVisible(grants or refunds)
        self._balance.setVisible(draft.answer is not Answer.DECLINE)
        self._showing = False
        self.show()
        self._look()

    def show_case(self, case: Case) -> None:
        """The request was read anew while its answer is being written."""
        self._case = case
        self._look()

    def show_charges(self, charges: tuple[LedgerEntry, ...]) -> None:
        """The charges to choose from."""
        self._charges = charges
        self._show_charges()
        self._look()

    def show_outlook(self, outlook: Outlook) -> None:
        """What would come of it, and the reply; a reply somebody wrote on is left alone."""
        self._outlook = outlook
        if not self.edited:
            self._written = outlook.reply
            self.reply.setPlainText(outlook.reply)
        else:
            self._written = outlook.reply
        self._look()

    def refuse(self, sentence: str) -> None:
        """Say why it was not done, and let the person go on."""
        self._show_busy(busy=False)
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def begin(self) -> bool:
        """Become busy with doing it; False where that cannot be, or is under way already."""
        if self._busy or not self.act.isEnabled() or self.isHidden():
            return False
        self._show_busy(busy=True)
        return True

    def focus_first(self) -> None:
        """Put the keyboard where something is most likely to be changed."""
        answer = self.draft.answer if self.draft is not None else None
        if answer is Answer.GRANT and not self.credits.amount:
            self.credits.setFocus()
        elif answer is Answer.REFUND and not self.charge.key:
            self.charge.setFocus()
        else:
            self.act.setFocus()

    @property
    def edited(self) -> bool:
        """Whether somebody wrote on the reply."""
        return self.reply.toPlainText() != self._written

    @property
    def reply_text(self) -> str:
        """The reply as it stands."""
        return self.reply.toPlainText().strip()

    @property
    def busy(self) -> bool:
        """Whether it is being done."""
        return self._busy

    # Inside

    def _look(self) -> None:
        """Say what would come of what was written."""
        if self._case is None or self.draft is None:
            return
        said = states.foresee(self._case, self.draft, self._outlook, self._frame.zone)
        self.title.setText(said.title)
        self.before.setText(said.before)
        self.after.setText(said.after)
        self.notes.setText("\n".join(said.notes))
        self.notes.setVisible(bool(said.notes))
        self.act.setText(said.act)
        self.act.setEnabled(not said.missing and not self._busy)
        self.act.setToolTip(plain_tip(said.missing or "Ctrl+Enter"))
        self.foot.setText(said.missing)
        self.foot.setVisible(bool(said.missing))
        self.anew.setVisible(self.edited and bool(self._written))

    def _typed(self) -> None:
        if self._showing or self.draft is None:
            return
        charge = self.charge.key
        draft = replace(
            self.draft,
            credits=self.credits.amount if self.draft.answer is Answer.GRANT else None,
            charge_id=int(charge) if charge else None,
            reason=self.reason.key,
            validity=self.validity.key,
            note=self.note.text().strip(),
        )
        if draft != self.draft:
            told = replace(draft, note="", reason="") != replace(self.draft, note="", reason="")
            self.draft = draft
            self._look()
            if told:
                self._outlook = None
                self.changed.emit(draft)

    def _show_validity(self, validity: str) -> None:
        if validity and self.validity.findData(validity) < 0:
            self.validity.insertItem(0, tr("As usual ({validity})", validity=validity), validity)
        self.validity.choose(validity)

    def _show_charges(self) -> None:
        if self.draft is None or self._case is None:
            return
        before, self._showing = self._showing, True
        chosen = self.draft.charge_id
        self.charge.clear()
        zone, now = self._frame.zone, self._case.now
        for entry in self._charges:
            self.charge.addItem(states.charge_words(entry, zone, now), str(entry.charge_id))
        if chosen is not None:
            if self.charge.findData(str(chosen)) < 0:
                self.charge.insertItem(0, tr("Charge {chosen}", chosen=chosen), str(chosen))
            self.charge.choose(str(chosen))
        else:
            self.charge.setCurrentIndex(-1)
        self._showing = before

    def _write_anew(self) -> None:
        self.reply.setPlainText(self._written)
        self._look()

    def _show_busy(self, *, busy: bool) -> None:
        self._busy = busy
        self.act.setEnabled(not busy)
        self.back.setEnabled(not busy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._room = event.size().width()
        self._measure()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self._busy:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _listen(self) -> None:
        self.credits.changed.connect(self._typed)
        self.validity.currentIndexChanged.connect(self._typed)
        self.charge.currentIndexChanged.connect(self._typed)
        self.reason.currentIndexChanged.connect(self._typed)
        self.note.textChanged.connect(self._typed)
        self.reply.textChanged.connect(self._look)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 12)
        column.setSpacing(8)
        column.addLayout(self._build_head())
        row = QHBoxLayout()
        row.setSpacing(16)
        self._form = QWidget()
        self._form.setLayout(self._build_form())
        row.addWidget(self._form)
        row.addLayout(self._build_reply(), 1)
        column.addLayout(row)
        column.addWidget(self.problem)

    def _build_head(self) -> QHBoxLayout:
        # At the top: what was done before is told by a toast at the bottom for a while.
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        head.addWidget(self.act)
        head.addWidget(self.back)
        return head

    def _build_form(self) -> QVBoxLayout:
        dress(self.note, "body")
        self.note.setAccessibleName(tr("Note"))
        self.note.setMaxLength(states.MOST_NOTE)
        self.note.setPlaceholderText(tr("What happened, for whoever looks later"))
        self._balance = QWidget()
        line = QHBoxLayout(self._balance)
        line.setContentsMargins(0, 2, 0, 0)
        line.setSpacing(6)
        for label in (Label(tr("Balance"), "caption", "text2"), self.before,
                      Label("→", "caption", "text2"), self.after):  # fmt: skip
            line.addWidget(label)
        line.addStretch(1)
        self._credits_row = QWidget()
        pair = QHBoxLayout(self._credits_row)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setSpacing(8)
        pair.addWidget(Labelled(tr("Credits"), self.credits), 1)
        pair.addWidget(Labelled(tr("Valid for"), self.validity), 1)
        for choice in (self.charge, self.reason, self.validity):
            policy = Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            choice.setSizeAdjustPolicy(policy)
            choice.setMinimumContentsLength(4)
        self._charge_row = Labelled(tr("Charge"), self.charge)
        self._reason_row = Labelled(tr("Reason"), self.reason)
        form = QVBoxLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(6)
        for widget in (self._credits_row, self._charge_row, self._reason_row):
            form.addWidget(widget)
        form.addWidget(Labelled(tr("Note, for the record"), self.note))
        form.addWidget(self._balance)
        form.addWidget(self.notes)
        form.addWidget(self.foot)
        form.addStretch(1)
        return form

    def _build_reply(self) -> QVBoxLayout:
        self.reply.setAccessibleName(tr("Reply to the user"))
        self.reply.setTabChangesFocus(True)
        dress(self.reply, "body")
        head = QHBoxLayout()
        head.addWidget(ElidedLabel(tr("Reply, copied with the answer"), "header", "text2"), 1)
        head.addWidget(self.anew)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.reply, 1)
        return column

    def _measure(self) -> None:
        usual = current().px(_FORM)
        most = self._room * 11 // 20 if self._room else usual
        self._form.setFixedWidth(max(_LEAST_FORM, min(usual, most)))
        lines = self.reply.fontMetrics().lineSpacing()
        self.reply.setMinimumHeight(_REPLY_LINES * lines + 16)
