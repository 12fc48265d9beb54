"""The dialog *Issue credits*: amount, reason, note, ticket, validity, and what comes of it."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.errors import ApprovalRequired
from app.domain.grants import Grant
from app.ui import format as write
from app.ui.act_dialog import ActDialog, Choice, reason_choice
from app.ui.background import Latest
from app.ui.page import Frame
from app.ui.theme import dress
from app.ui.users import issue_state as states
from app.ui.users.issue_state import IssueForm, Issuing, Verdict
from app.ui.widgets.button import Button
from app.ui.widgets.fields import AmountField, InstantField, Labelled, NoteField
from app.ui.widgets.text import Label

MOST = 1_000_000
_SIDE = 232


class IssueDialog(ActDialog):
    """Gives credits to one user, or sends the wish to somebody who may."""

    def __init__(
        self, parent: QWidget, frame: Frame, issuing: Issuing, issued: Callable[[Grant], None]
    ) -> None:
        name = issuing.user.name.strip() or issuing.user.email
        super().__init__(parent, frame, f"Issue credits to {write.name(name)}", "Issue", width=700)
        self.issuing = issuing
        self.verdict: Verdict | None = None
        self._issued = issued
        self._same_ticket: tuple[Grant, ...] = ()
        self._tickets = Latest(frame.background, owner=self)
        self.amount = AmountField(1, MOST)
        self.reason = reason_choice(issuing.reasons)
        self.note = NoteField("Note", "What happened, for whoever looks at this later")
        self.ticket = QLineEdit()
        self.validity = Choice("Validity", self._validities(), issuing.validity)
        self.until = InstantField(frame.zone, "Valid until")
        self.until.set_instant(frame.now() + states.LATELY)
        self.before, self.after = Label("", "number"), Label("", "number", "accent_text")
        self.limits = Label("", "caption", "text2", wrap=True)
        self.warning = Label("", "name", "warning", wrap=True)
        self._build()
        self._listen()
        self.look()
        self.amount.setFocus()

    @property
    def form(self) -> IssueForm:
        """What was typed."""
        return IssueForm(
            credits=self.amount.amount,
            credits_problem=self.amount.problem if self.amount.text().strip() else "",
            reason=self.reason.key,
            note=self.note.text,
            ticket=self.ticket.text().strip(),
            same_ticket=self._same_ticket,
        )

    def look(self) -> None:
        """Say what would come of what was typed."""
        said = self.verdict = states.verdict(self.issuing, self.form, self.frame.now())
        self.before.setText(said.before)
        self.after.setText(said.after)
        self.limits.setText(said.limits)
        self.limits.set_ink("warning" if said.needs_approval else "text2")
        self.warning.setText(said.warning)
        self.warning.setVisible(bool(said.warning))
        self.foot_note.setText(said.missing)
        self.until.setVisible(self.validity.key == states.DATE)
        self.set_act(said.act, allowed=said.ready)

    def submit(self) -> None:
        form, key = self.form, self.key
        user_id, validity = self.issuing.user.user_id, self.validity.key
        until = self.until.instant if validity == states.DATE else None
        self.write(
            lambda desk: desk.support.grant(
                user_id,
                form.credits,
                reason=form.reason,
                note=form.note,
                ticket=form.ticket,
                validity=None if until else validity,
                expires_at=until,
                key=key,
            ),
            self._issued,
            self._sent,
        )

    def _sent(self, error: Exception) -> bool:
        """Over the limit: it waits for somebody else now, which is what was asked for."""
        if isinstance(error, ApprovalRequired):
            self.frame.say(f"Sent for approval: {error}")
            return True
        return False

    def _validities(self) -> list[tuple[str, str]]:
        offered = list(states.VALIDITIES)
        if self.issuing.validity not in dict(offered):
            offered.insert(0, (self.issuing.validity, f"As usual ({self.issuing.validity})"))
        return [*offered, (states.DATE, "Until a date")]

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addLayout(self._build_form(), 1)
        row.addWidget(self._build_side())
        self.body.addLayout(row)

    def _build_form(self) -> QVBoxLayout:
        self.ticket.setAccessibleName("Ticket")
        self.ticket.setMaxLength(100)
        self.ticket.setPlaceholderText("ZD-12345")
        dress(self.ticket, "body")
        amount = QWidget()
        line = QHBoxLayout(amount)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self.amount, 1)
        for credits in states.QUICK:
            line.addWidget(self._quick(write.credits(credits), credits))
        if self.issuing.cost:
            words = f"{write.credits(self.issuing.cost)}, the charge"
            line.addWidget(self._quick(words, self.issuing.cost))
        pair = QGridLayout()
        pair.setHorizontalSpacing(12)
        pair.addWidget(Labelled("Ticket", self.ticket), 0, 0)
        pair.addWidget(Labelled("Valid for", self.validity), 0, 1)
        pair.addWidget(self.until, 1, 1)
        form = QVBoxLayout()
        form.setSpacing(12)
        form.addWidget(Labelled("Credits", amount))
        form.addWidget(Labelled("Reason", self.reason))
        form.addWidget(Labelled("Note", self.note))
        form.addLayout(pair)
        form.addStretch(1)
        return form

    def _build_side(self) -> QFrame:
        side = QFrame()
        side.setObjectName("card")
        side.setFixedWidth(_SIDE)
        column = QVBoxLayout(side)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(2)
        for words, number in (("Balance now", self.before), ("Balance after", self.after)):
            column.addWidget(Label(words, "caption", "text2"))
            column.addWidget(number)
            column.addSpacing(6)
        column.addWidget(self.limits)
        column.addSpacing(8)
        column.addWidget(self.warning)
        column.addStretch(1)
        return side

    def _quick(self, words: str, credits: int) -> Button:
        button = Button(words, lambda: self.amount.set_amount(credits))
        button.setAccessibleName(f"{credits} credits")
        return button

    def _listen(self) -> None:
        self.amount.changed.connect(self.look)
        self.reason.currentIndexChanged.connect(self.look)
        self.note.textChanged.connect(self.look)
        self.validity.currentIndexChanged.connect(self.look)
        self.ticket.textChanged.connect(self._look_for_ticket)

    def _look_for_ticket(self, typed: str) -> None:
        self._same_ticket = ()
        self.look()
        ticket, desk = typed.strip(), self.frame.desk
        if ticket:
            self._tickets.ask(
                lambda stop: tuple(desk.support.given_for(ticket, stop=stop)), self._ticket_known
            )
        else:
            self._tickets.cancel()

    def _ticket_known(self, given: tuple[Grant, ...]) -> None:
        self._same_ticket = tuple(grant for grant in given if grant.voided < grant.credits)
        self.look()
