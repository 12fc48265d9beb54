"""What can be done to the account in view: each opens a dialog, writes, and says what was done."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from app.domain.charges import Refund
from app.domain.giving import BatchReport, TakenBack
from app.domain.grants import Grant
from app.domain.ledger import EntryKind, LedgerEntry
from app.domain.staff import Act
from app.domain.users import Note, User
from app.ui import format as write
from app.ui.act_dialog import WRITTEN
from app.ui.background import Latest
from app.ui.language import tr, trn
from app.ui.standing import Standing
from app.ui.users import account_state as states
from app.ui.users import details, dialogs, reading
from app.ui.users.file_acts import FileActs
from app.ui.users.issue import IssueDialog
from app.ui.users.issue_many import IssueManyDialog
from app.ui.users.issue_many_state import ManyIssuing, Wanted, unused_grants
from app.ui.users.issue_state import Issuing, lately_given
from app.ui.users.reading import AccountData, ChargeDetail, GrantDetail, LedgerFilter
from app.ui.users.statement import StatementDialog

if TYPE_CHECKING:
    from app.ui.users.page import UsersPage

USES = frozenset({EntryKind.USE, EntryKind.REFUSED_USE, EntryKind.RETURN})
UNDONE = "given_in_error"


class Acts(FileActs):
    """The acts of a page. The dialog that is open is ``dialog``."""

    def __init__(self, page: UsersPage) -> None:
        super().__init__(page)
        self._question = Latest(page.frame.background, owner=page)
        self.dialog: QDialog | None = None

    def do(self, name: str) -> None:
        """Do what a menu, a button or a key names."""
        acts: dict[str, Callable[[], None]] = {
            "issue": self.issue,
            "issue-many": self.issue_to_many,
            "refund": self.refund_chosen,
            "void": self.void_chosen,
            "statement": self.statement,
            "plan": self.change_plan,
            "contact": self.correct,
            "note": self.note,
            "register": self.register,
            "export": self.export_ledger,
            "export-people": self.export_people,
        }
        acts[name]()

    # Credits

    def issue(self) -> None:
        """Give credits to those chosen in the list, or to the account in view."""
        self._page.people.gather_recipients(self.issue_to_chosen)

    def issue_to_chosen(self, chosen: Wanted) -> None:
        """Give credits to several chosen, or where nobody is, to the account in view."""
        if chosen:
            self.issue_to(chosen)
            return
        data, standing = self._here(Act.GRANT)
        if data is not None and standing is not None:
            entry = self._page.account.ledger.table.current_row()
            charge = entry if entry is not None and entry.kind is EntryKind.USE else None
            self._issue(data, standing, cost=-charge.credits if charge else 0)

    def issue_to_many(self) -> None:
        """Give credits to several users, whose list is pasted, typed or dropped."""
        self.issue_to("")

    def issue_to(self, recipients: Wanted) -> None:
        """Give credits to these: ids, everybody a query finds, or a text to read."""
        standing = self._page.standing
        why_not = (
            standing.why_not(Act.GRANT) if standing is not None else tr("Nothing is read yet.")
        )
        if standing is None or why_not:
            self._frame.say(why_not)
        elif isinstance(recipients, tuple) and len(recipients) == 1:
            (user_id,), desk = recipients, self._frame.desk
            self._question.ask(
                lambda stop: reading.read_account(desk, user_id, None, LedgerFilter(), stop),
                lambda data: self._issue(data, standing),
            )
        else:
            policy = standing.policy
            issuing = ManyIssuing(recipients, policy.reasons, policy.default_validity)
            self._open(IssueManyDialog(self._page, self._frame, issuing, self._take_all_back))

    def _issue(self, data: AccountData, standing: Standing, cost: int = 0) -> None:
        issuing = Issuing(
            user=data.user,
            available=data.account.available,
            allowed=data.allowed,
            reasons=standing.policy.reasons,
            validity=standing.policy.default_validity,
            lately=lately_given(data.account.all_grants, data.now),
            cost=cost,
        )
        self._open(IssueDialog(self._page, self._frame, issuing, self._issued))

    def _take_all_back(self, report: BatchReport) -> None:
        """Undo: void each grant of which nothing was used yet."""
        desk, grants = self._frame.desk, unused_grants(report)
        stop = Event()
        self._frame.background.write(
            lambda _stop: desk.support.take_back(grants, reason=UNDONE, stop=stop),
            self._all_taken_back,
            self._frame.trouble,
            stop=stop,
        )

    def _all_taken_back(self, taken: TakenBack) -> None:
        self._frame.tell(WRITTEN)
        credits = trn("{count} credit", "{count} credits", taken.credits)
        users = trn("{count} user", "{count} users", taken.grants)
        kept = ""
        if taken.kept:
            count = trn("{count} user", "{count} users", len(taken.kept))
            kept = tr(
                " {count} had used some already, or had it taken back: left as it is.", count=count
            )
        self._frame.say(
            tr("Took {credits} back from {users}.{kept}", credits=credits, users=users, kept=kept)
        )

    def _issued(self, grant: Grant) -> None:
        name = self._name(grant.user_id)
        credits = trn("{count} credit", "{count} credits", grant.credits)
        self._frame.say(
            tr("Issued {credits} to {name}.", credits=credits, name=name),
            tone="success",
            undo=lambda: self._take_back(grant),
        )

    def _take_back(self, grant: Grant) -> None:
        """Undo: void a grant of which nothing was used yet."""
        desk, key = self._frame.desk, f"undo-{grant.id}"
        self._frame.background.write(
            lambda _stop: desk.support.void(grant.id, reason=UNDONE, key=key, whole=True),
            self._taken_back,
            self._frame.trouble,
        )

    def _taken_back(self, grant: Grant) -> None:
        self._frame.tell(WRITTEN)
        credits = trn("{count} credit", "{count} credits", grant.voided)
        self._frame.say(
            tr("Took {credits} back from {name}.", credits=credits, name=self._name(grant.user_id))
        )

    def refund_chosen(self) -> None:
        """Refund the charge on which the keyboard is."""
        self.refund(self._page.account.ledger.table.current_row())

    def refund(self, entry: LedgerEntry | None) -> None:
        """Refund a charge."""
        why_not = self._page.account.ledger.why_no_refund(entry) or self._still_reading()
        if why_not or entry is None or self._page.standing is None:
            self._frame.say(why_not)
            return
        reasons = self._page.standing.policy.reasons
        self._open(dialogs.RefundDialog(self._page, self._frame, entry, reasons, self._refunded))

    def _refunded(self, refund: Refund) -> None:
        credits = trn("{count} credit", "{count} credits", refund.returned + refund.regranted)
        self._frame.say(tr("Refunded {credits}.", credits=credits), tone="success")

    def void_chosen(self) -> None:
        """Void the grant on which the keyboard is."""
        self.void(self._page.account.ledger.table.current_row())

    def void(self, entry: LedgerEntry | None) -> None:
        """Void the grant of an entry."""
        ledger = self._page.account.ledger
        why_not = ledger.why_no_void(entry) or self._still_reading()
        grant = ledger.grant_of(entry)
        if why_not or grant is None:
            self._frame.say(why_not)
            return
        self._void(grant)

    def _void(self, grant: Grant) -> None:
        if self._page.standing is not None:
            reasons = self._page.standing.policy.reasons
            self._open(dialogs.VoidDialog(self._page, self._frame, grant, reasons, self._voided))

    def _voided(self, grant: Grant) -> None:
        self._frame.say(
            tr("Voided {voided}.", voided=trn("{count} credit", "{count} credits", grant.voided)),
            tone="success",
        )

    # The user

    def change_plan(self) -> None:
        """Change the plan."""
        data, _standing = self._here(Act.CHANGE_PLAN)
        if data is not None:
            self._open(dialogs.PlanDialog(self._page, self._frame, data.user, self._plan_changed))

    def _plan_changed(self, user: User) -> None:
        name = write.name(user.name or user.email)
        self._frame.say(
            tr("{name} holds {plan} now.", name=name, plan=user.plan.capitalize()), tone="success"
        )

    def correct(self) -> None:
        """Correct the contact data."""
        data, _standing = self._here(Act.CORRECT)
        if data is not None:
            self._open(dialogs.ContactDialog(self._page, self._frame, data.user, self._corrected))

    def _corrected(self, user: User) -> None:
        self._frame.say(
            tr("Saved: {name}, {email}.", name=write.name(user.name), email=write.text(user.email))
        )

    def note(self) -> None:
        """Write a note."""
        data, _standing = self._here(Act.NOTE)
        if data is not None:
            self._open(dialogs.NoteDialog(self._page, self._frame, data.user, self._noted))

    def _noted(self, _note: Note) -> None:
        self._frame.say(tr("Noted."))

    def register(self) -> None:
        """Register somebody new."""
        standing = self._page.standing
        why_not = standing.why_not(Act.REGISTER) if standing is not None else ""
        if why_not:
            self._frame.say(why_not)
            return
        self._open(dialogs.RegisterDialog(self._page, self._frame, self._registered))

    def _registered(self, user: User) -> None:
        self._frame.say(
            tr("Registered {name}.", name=write.name(user.name or user.email)), tone="success"
        )
        self._frame.open_page("users", user.user_id)

    def statement(self) -> None:
        """Show what the user's own account page shows."""
        data = self._page.shown.data
        if data is not None and not self._still_reading():
            self._open(StatementDialog(self._page, self._frame, data))

    # What paid for what

    def open_entry(self, entry: LedgerEntry | None) -> None:
        """Show what paid for an entry, or what it paid for."""
        if entry is None:
            return
        if entry.charge_id is not None and entry.kind in USES:
            desk = self._frame.desk
            self._question.ask(
                lambda stop: reading.read_charge(desk, entry, stop), self._show_charge
            )
        elif entry.grant_id:
            self.open_grant(entry.grant_id)
        else:
            self._frame.say(tr("This allowance is expected: nothing of it is on record yet."))

    def open_charge(self, user_id: str, charge_id: int) -> None:
        """Show which grants paid for a charge, wherever in the ledger it stands."""
        desk = self._frame.desk

        def read(stop: Event) -> ChargeDetail:
            return reading.read_charge(
                desk, reading.entry_of_charge(desk, user_id, charge_id, stop), stop
            )

        self._question.ask(read, self._show_charge)

    def open_grant(self, grant_id: int) -> None:
        """Show what a grant paid for."""
        desk = self._frame.desk
        if grant_id:
            self._question.ask(
                lambda stop: reading.read_grant(desk, grant_id, stop), self._show_grant
            )

    def _show_charge(self, detail: ChargeDetail) -> None:
        standing = self._page.standing
        if standing is None:
            return
        entry = detail.entry
        refundable = not self._page.account.ledger.why_no_refund(entry)
        self._open(
            details.charge_dialog(
                self._page,
                self._frame,
                detail,
                standing,
                refund=(lambda: self.refund(entry)) if refundable else None,
                open_grant=self.open_grant,
            )
        )

    def _show_grant(self, detail: GrantDetail) -> None:
        data, standing = self._page.shown.data, self._page.standing
        if data is None or standing is None:
            return
        now = data.at is None and states.can_void(detail.grant, data.now)
        voidable = now and not standing.why_not(Act.VOID)
        void = (lambda: self._void(detail.grant)) if voidable else None
        self._open(
            details.grant_dialog(
                self._page,
                self._frame,
                detail,
                standing,
                void=void,
                open_charge=lambda charge: self.open_charge(detail.grant.user_id, charge),
            )
        )

    # Inside

    def _here(self, act: Act) -> tuple[AccountData | None, Standing | None]:
        """The account in view, if the act may be done to it now; otherwise why not is said."""
        why_not = self._page.account.head.why_not(act) or self._still_reading()
        if why_not:
            self._frame.say(why_not)
            return None, None
        return self._page.shown.data, self._page.standing

    def _still_reading(self) -> str:
        """While another account is on its way, nothing is done to the one still in view."""
        data = self._page.shown.data
        if data is not None and data.user.user_id == self._page.shown.user_id:
            return ""
        return tr("The account is still being read.")

    def _name(self, user_id: str) -> str:
        data = self._page.shown.data
        if data is not None and data.user.user_id == user_id:
            return write.name(data.user.name or data.user.email)
        return write.text(user_id)

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._closed)
        self.dialog = dialog
        dialog.open()

    def _closed(self) -> None:
        self.dialog = None
