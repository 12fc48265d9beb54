"""The dialog *Issue credits* for one user: what is given, and what comes of it."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import ApprovalRequired, ChangedMeanwhile
from app.domain.giving import Earlier
from app.domain.grants import Grant
from app.ui import format as write
from app.ui.act_dialog import ActDialog
from app.ui.background import Latest
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.users import issue_state as states
from app.ui.users.issue_fields import IssueFields
from app.ui.users.issue_state import IssueForm, Issuing, Verdict
from app.ui.widgets.text import Label

_SIDE = 248


class IssueDialog(ActDialog):
    """Gives credits to one user, or sends the wish to somebody who may."""

    def __init__(
        self, parent: QWidget, frame: Frame, issuing: Issuing, issued: Callable[[Grant], None]
    ) -> None:
        name = issuing.user.name.strip() or issuing.user.email
        super().__init__(
            parent,
            frame,
            tr("Issue credits to {name}", name=write.name(name)),
            tr("Issue"),
            width=720,
        )
        self.doing = tr("Issuing the credits")
        self.issuing = issuing
        self.verdict: Verdict | None = None
        self._issued = issued
        self._earlier: tuple[Earlier, ...] = ()
        self._tickets = Latest(frame.background, owner=self)
        self.fields = IssueFields(frame, issuing.reasons, issuing.validity, issuing.cost)
        self.amount, self.reason = self.fields.amount, self.fields.reason
        self.note, self.ticket = self.fields.note, self.fields.ticket
        self.validity, self.until = self.fields.validity, self.fields.until
        self.before, self.after = Label("", "number"), Label("", "number", "accent_text")
        self.limits = Label("", "caption", "text2", wrap=True)
        self.warning = Label("", "name", "warning", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(20)
        form = QVBoxLayout()
        form.addWidget(self.fields)
        form.addStretch(1)
        row.addLayout(form, 1)
        row.addWidget(self._build_side())
        self.body.addLayout(row)
        self.fields.changed.connect(self.look)
        self.ticket.textChanged.connect(self._look_for_ticket)
        self.look()
        self.amount.setFocus()

    @property
    def form(self) -> IssueForm:
        """What was typed."""
        return self.fields.form

    def look(self) -> None:
        """Say what would come of what was typed."""
        now, zone = self.frame.now(), self.frame.zone
        said = self.verdict = states.verdict(self.issuing, self.form)
        self.before.setText(said.before)
        self.after.setText(said.after)
        self.limits.setText(said.limits)
        self.limits.set_ink("warning" if said.needs_approval else "text2")
        warned = states.warning(self.issuing, self._earlier, zone, now)
        self.warning.setText(warned)
        self.warning.setVisible(bool(warned))
        self.foot_note.setText(said.missing)
        self.set_act(said.act, allowed=said.ready)
        self.make_room()

    def submit(self) -> None:
        form, key, valid = self.form, self.key, self.fields.valid
        user_id, seen = self.issuing.user.user_id, [one.mark for one in self._earlier]
        self.write(
            lambda desk: desk.support.grant(
                user_id,
                form.credits,
                reason=form.reason,
                note=form.note,
                ticket=form.ticket,
                validity=valid if isinstance(valid, str) else None,
                expires_at=None if isinstance(valid, str) else valid,
                key=key,
                seen=seen,
            ),
            self._issued,
            self._sent,
        )

    def refused(self, error: Exception) -> None:
        """Somebody gave for this ticket: now it is known, and giving more is a choice."""
        if isinstance(error, ChangedMeanwhile):
            self._look_for_ticket(self.ticket.text())

    def _sent(self, error: Exception) -> bool:
        """Over the limit: it waits for somebody else now, which is what was asked for."""
        if isinstance(error, ApprovalRequired):
            self.frame.say(tr("Sent for approval: {error}", error=error))
            return True
        return False

    def _build_side(self) -> QFrame:
        side = QFrame()
        side.setObjectName("card")
        side.setFixedWidth(_SIDE)
        column = QVBoxLayout(side)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(2)
        for words, number in ((tr("Balance now"), self.before), (tr("Balance after"), self.after)):
            column.addWidget(Label(words, "caption", "text2"))
            column.addWidget(number)
            column.addSpacing(6)
        column.addWidget(self.limits)
        column.addSpacing(8)
        column.addWidget(self.warning)
        column.addStretch(1)
        return side

    def _look_for_ticket(self, typed: str) -> None:
        self._earlier = ()
        self.look()
        ticket, desk = typed.strip(), self.frame.desk
        if ticket:
            self._tickets.ask(
                lambda stop: desk.support.earlier(ticket, stop=stop), self._ticket_known
            )
        else:
            self._tickets.cancel()

    def _ticket_known(self, earlier: tuple[Earlier, ...]) -> None:
        self._earlier = earlier
        self.look()
