"""The smaller dialogs: refund, void, plan, registration, contact data, note."""

from collections.abc import Callable, Sequence
from datetime import tzinfo

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.charges import Refund, RefundPreview
from app.domain.grants import DueAllowance, Grant
from app.domain.ledger import LedgerEntry, grant_name
from app.domain.policy import Reason
from app.domain.users import PLANS, Note, User
from app.ui import format as write
from app.ui.act_dialog import ActDialog, Choice, reason_choice
from app.ui.background import Latest
from app.ui.errors import trouble_of
from app.ui.language import of, tr, trn
from app.ui.page import Frame
from app.ui.theme import dress
from app.ui.widgets.fields import Labelled, NoteField
from app.ui.widgets.text import Label


def refund_words(preview: RefundPreview, zone: tzinfo) -> list[str]:
    """Both parts of a refund, in sentences."""
    credits = preview.returned + preview.regranted
    lines = [tr("{credits} in all:", credits=trn("{count} credit", "{count} credits", credits))]
    if preview.returned:
        lines.append(
            tr(
                "{returned} go back to the grants they came from, which are still usable.",
                returned=write.credits(preview.returned),
            )
        )
    if preview.regranted:
        until = write.exact(preview.regrant_expires_at, zone)
        lines.append(
            tr(
                "{regranted} came from grants that have expired or were voided since: "
                "they come as a new grant, usable until {until}.",
                regranted=write.credits(preview.regranted),
                until=until,
            )
        )
    return lines


class RefundDialog(ActDialog):
    """Shows both parts of a refund before it is confirmed."""

    def __init__(
        self,
        parent: QWidget,
        frame: Frame,
        entry: LedgerEntry,
        reasons: Sequence[Reason],
        refunded: Callable[[Refund], None],
    ) -> None:
        super().__init__(parent, frame, tr("Refund this charge?"), tr("Refund"), width=520)
        self.doing = tr("Refunding")
        self.entry = entry
        self._refunded = refunded
        self._question = Latest(frame.background, owner=self)
        when = write.instant(entry.at, frame.zone, frame.now())
        credits = trn("{count} credit", "{count} credits", -entry.credits)
        what = f"{write.text(of(entry.text))}, {when}, {credits}"
        self.parts = Label(tr("Reading what it burned…"), ink="text2", wrap=True)
        suggested = "failed_generation" if entry.outcome == "failed" else ""
        self.reason = reason_choice(reasons, suggested)
        self.note = NoteField(tr("Note"), "", lines=2)
        self.body.addWidget(Label(what, "name", wrap=True))
        self.body.addWidget(self.parts)
        self.body.addWidget(Labelled(tr("Reason"), self.reason))
        self.body.addWidget(Labelled(tr("Note"), self.note))
        self.reason.currentIndexChanged.connect(self._look)
        self._known = False
        self._look()
        desk, charge = frame.desk, entry.charge_id
        self._question.ask(
            lambda stop: desk.support.refund_preview(charge, stop=stop), self._show, self._cannot
        )

    def submit(self) -> None:
        charge, reason, note, key = self.entry.charge_id, self.reason.key, self.note.text, self.key
        self.write(
            lambda desk: desk.support.refund(charge, reason=reason, note=note, key=key),
            self._refunded,
        )

    def _show(self, preview: RefundPreview) -> None:
        self._known = True
        self.parts.setText("\n".join(refund_words(preview, self.frame.zone)))
        self.parts.set_ink("text")
        self._look()
        self.make_room()

    def _cannot(self, error: Exception) -> None:
        self.parts.hide()
        self.refuse(trouble_of(error).sentence)

    def _look(self) -> None:
        self.foot_note.setText("" if self.reason.key else tr("Choose a reason."))
        credits = trn("{count} credit", "{count} credits", -self.entry.credits)
        self.set_act(
            tr("Refund {credits}", credits=credits), allowed=self._known and bool(self.reason.key)
        )


class VoidDialog(ActDialog):
    """Says what is taken back before a grant is voided."""

    def __init__(
        self,
        parent: QWidget,
        frame: Frame,
        grant: Grant,
        reasons: Sequence[Reason],
        voided: Callable[[Grant], None],
    ) -> None:
        super().__init__(
            parent, frame, tr("Void this grant?"), tr("Void"), kind="danger", width=520
        )
        self.doing = tr("Voiding")
        self.grant = grant
        self._voided = voided
        self.reason = reason_choice(reasons, "given_in_error")
        self.note = NoteField(tr("Note"), "", lines=2)
        given = write.instant(grant.effective_at, frame.zone, frame.now())
        self.body.addWidget(Label(f"{of(grant_name(grant))}, {given}", "name", wrap=True))
        self.body.addWidget(Label(void_words(grant), wrap=True))
        self.body.addWidget(Labelled(tr("Reason"), self.reason))
        self.body.addWidget(Labelled(tr("Note"), self.note))
        self.reason.currentIndexChanged.connect(self._look)
        self._look()

    def submit(self) -> None:
        grant, reason, note, key = self.grant.id, self.reason.key, self.note.text, self.key
        self.write(
            lambda desk: desk.support.void(grant, reason=reason, note=note, key=key), self._voided
        )

    def _look(self) -> None:
        self.foot_note.setText("" if self.reason.key else tr("Choose a reason."))
        credits = trn("{count} credit", "{count} credits", self.grant.remaining)
        self.set_act(tr("Void {credits}", credits=credits), allowed=bool(self.reason.key))


def void_words(grant: Grant) -> str:
    """What voiding takes back and what stays."""
    left = trn("{count} credit", "{count} credits", grant.remaining)
    taken = tr(
        "{left} of {credits} are taken back.", left=left, credits=write.credits(grant.credits)
    )
    if not grant.used:
        return tr("{taken} Nothing of it was used.", taken=taken)
    return tr(
        "{taken} The {used} that were used stay used.", taken=taken, used=write.credits(grant.used)
    )


class PlanDialog(ActDialog):
    """Shows what another plan would release at once."""

    def __init__(
        self, parent: QWidget, frame: Frame, user: User, changed: Callable[[User], None]
    ) -> None:
        super().__init__(parent, frame, tr("Change plan"), tr("Change plan"))
        self.doing = tr("Changing the plan")
        self.user = user
        self._changed = changed
        self._question = Latest(frame.background, owner=self)
        offered = [(plan, plan.capitalize()) for plan in PLANS]
        self.plan = Choice(tr("Plan"), offered, user.plan)
        self.releases = Label("", ink="text2", wrap=True)
        name = write.text(user.name or user.email)
        self.body.addWidget(
            Label(tr("{name} holds {plan} now.", name=name, plan=user.plan.capitalize()), wrap=True)
        )
        self.body.addWidget(Labelled(tr("New plan"), self.plan))
        self.body.addWidget(self.releases)
        self.plan.currentIndexChanged.connect(self._look)
        self._look()

    def submit(self) -> None:
        user_id, plan, key, seen = self.user.user_id, self.plan.key, self.key, self.user.plan
        self.write(
            lambda desk: desk.accounts.change_plan(user_id, plan, key=key, seen=seen),
            self._changed,
        )

    def _look(self) -> None:
        plan, user_id, desk = self.plan.key, self.user.user_id, self.frame.desk
        self.set_act(tr("Change to {plan}", plan=plan.capitalize()), allowed=False)
        if plan == self.user.plan:
            self._question.cancel()
            self.releases.setText(tr("This is the plan held now."))
            return
        self._question.ask(
            lambda _stop: desk.accounts.plan_preview(user_id, plan), self._show, self._cannot
        )

    def _show(self, due: Sequence[DueAllowance]) -> None:
        self.releases.setText(plan_words(self.user.plan, self.plan.key, due, self.frame.zone))
        self.set_act(tr("Change to {key}", key=self.plan.key.capitalize()))
        self.make_room()

    def _cannot(self, error: Exception) -> None:
        self.refuse(trouble_of(error).sentence)


def plan_words(old: str, new: str, due: Sequence[DueAllowance], zone: tzinfo) -> str:
    """What a change of plan does at once, and what it does not take back."""
    credits = sum(allowance.credits for allowance in due)
    if credits:
        until = write.exact(max(allowance.expires_at for allowance in due), zone)
        return tr(
            "Releases {credits} at once, usable until {until}.",
            credits=trn("{count} credit", "{count} credits", credits),
            until=until,
        )
    if PLANS.index(new) < PLANS.index(old):
        return tr(
            "Nothing is taken back. The next month is released as {new}.", new=new.capitalize()
        )
    return tr("Releases nothing at once: this month has released as much already.")


class RegisterDialog(ActDialog):
    """Registers a user, who gets the sign-up bonus; a code that counts pays who invited them."""

    def __init__(self, parent: QWidget, frame: Frame, registered: Callable[[User], None]) -> None:
        super().__init__(parent, frame, tr("Register user"), tr("Register"))
        self.doing = tr("Registering")
        self._registered = registered
        self.user_id = _line(tr("User id"), "usr_…")
        self.email = _line(tr("Mail address"), "amira@example.com")
        self.name = _line(tr("Name"), "")
        self.code = _line(tr("Referral code"), tr("optional"))
        self.referred_by = _line(tr("Code of who invited them"), tr("optional"))
        for field in (self.user_id, self.email, self.name, self.code, self.referred_by):
            self.body.addWidget(Labelled(field.accessibleName(), field))
        for field in (self.user_id, self.email):
            field.textChanged.connect(self._look)
        self._look()

    def submit(self) -> None:
        user_id, email, name = self.user_id.text(), self.email.text(), self.name.text()
        key, code, referred_by = self.key, self.code.text() or None, self.referred_by.text() or None
        self.write(
            lambda desk: desk.accounts.register(
                user_id,
                email=email,
                name=name,
                referral_code=code,
                referred_by=referred_by,
                key=key,
            ),
            self._registered,
        )

    def _look(self) -> None:
        complete = bool(self.user_id.text().strip() and self.email.text().strip())
        self.foot_note.setText("" if complete else tr("An id and a mail address are needed."))
        self.set_act(tr("Register"), allowed=complete)


class ContactDialog(ActDialog):
    """Corrects the name and the mail address; the record keeps the old."""

    def __init__(
        self, parent: QWidget, frame: Frame, user: User, corrected: Callable[[User], None]
    ) -> None:
        super().__init__(parent, frame, tr("Correct contact data"), tr("Save"))
        self.doing = tr("Saving")
        self.user = user
        self._corrected = corrected
        self.email = _line(tr("Mail address"), "")
        self.name = _line(tr("Name"), "")
        self.email.setText(user.email)
        self.name.setText(user.name)
        for field in (self.name, self.email):
            self.body.addWidget(Labelled(field.accessibleName(), field))
            field.textChanged.connect(self._look)
        self._look()

    def submit(self) -> None:
        user_id, email, name, key = self.user.user_id, self.email.text(), self.name.text(), self.key
        seen = (self.user.email, self.user.name)
        self.write(
            lambda desk: desk.accounts.correct(user_id, email=email, name=name, key=key, seen=seen),
            self._corrected,
        )

    def _look(self) -> None:
        changed = (self.email.text(), self.name.text()) != (self.user.email, self.user.name)
        self.set_act(tr("Save"), allowed=changed and bool(self.email.text().strip()))


class NoteDialog(ActDialog):
    """Writes something down about a user."""

    def __init__(
        self, parent: QWidget, frame: Frame, user: User, noted: Callable[[Note], None]
    ) -> None:
        super().__init__(parent, frame, tr("Add note"), tr("Add note"))
        self.doing = tr("Saving the note")
        self.user = user
        self._noted = noted
        self.note = NoteField(
            tr("Note"), tr("What whoever looks at this account later should know"), 5
        )
        self.body.addWidget(Label(write.text(user.name or user.email), "name", wrap=True))
        self.body.addWidget(self.note)
        self.note.textChanged.connect(self._look)
        self._look()

    def submit(self) -> None:
        user_id, text, key = self.user.user_id, self.note.text, self.key
        self.write(lambda desk: desk.accounts.note(user_id, text, key=key), self._noted)

    def _look(self) -> None:
        self.set_act(tr("Add note"), allowed=bool(self.note.text))


def _line(name: str, hint: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText(hint)
    field.setMaxLength(320)
    dress(field, "body")
    return field
