"""The Users page: the list on the left, the account on the right."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from threading import Event
from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.ledger import EntryKind
from app.domain.staff import Act
from app.domain.users import UserQuery, UserSummary
from app.ui.actions import Action
from app.ui.background import Latest
from app.ui.errors import trouble_of
from app.ui.page import Frame, Page
from app.ui.rows_model import BLOCK
from app.ui.users import people_state as lists
from app.ui.users.account import AccountPane
from app.ui.users.account_state import AccountState
from app.ui.users.acts import Acts
from app.ui.users.people import PeoplePane
from app.ui.users.people_state import PeopleState
from app.ui.users.reading import (
    AccountData,
    Entries,
    LedgerFilter,
    People,
    Standing,
    read_account,
    read_entries,
    read_people,
    read_standing,
)

_LAST, _FILTERS = "users/last", "users/filters"


class UsersPage(Page):
    """Find anyone, see why their balance is what it is, and put it right."""

    concerns: ClassVar[frozenset[str] | None] = frozenset({"accounts", "prices", "staff"})

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.people = PeoplePane(frame)
        self.account = AccountPane(frame)
        self.standing: Standing | None = None
        self.state = PeopleState(query=lists.remembered(frame.recall(_FILTERS, {})))
        self.shown = AccountState()
        self._listing = Latest(frame.background, owner=self)
        self._reading = Latest(frame.background, owner=self)
        self._paging = Latest(frame.background, owner=self)
        self._pick_first = False
        self.acts = Acts(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.people)
        row.addWidget(self.account, 1)
        self._connect()
        self.show_state(self.state)
        self.show_account(self.shown)

    # What the window asks

    def show_state(self, state: PeopleState) -> None:
        """Write the state of the list to the widgets."""
        self.state = state
        self.people.show_state(state)

    def show_account(self, state: AccountState) -> None:
        """Write the state of the account to the widgets."""
        self.shown = state
        self.account.show_state(state, self.standing)

    def reload(self) -> None:
        """Ask for the list and the account anew, keeping the place in both."""
        self._ask_people(self.state.query)
        if self.shown.user_id:
            self._ask_account(self.shown)

    def place(self) -> object:
        return self.shown.user_id or None

    def go(self, place: object) -> None:
        if isinstance(place, str) and place:
            self.open_user(place)

    def search(self, text: str) -> None:
        if text != self.state.query.text:
            self.show_query(replace(self.state.query, text=text))

    def results(self) -> QWidget | None:
        return self.people.list

    def open_result(self) -> None:
        """Enter in the search field: the keyboard goes to the ledger of who is found."""
        if self.shown.user_id:
            self.account.ledger.table.setFocus()

    def actions_offered(self) -> Sequence[Action]:
        def may(act: Act) -> bool:
            return not self.account.head.why_not(act)

        ledger = self.account.ledger
        return [
            Action("issue", "Issue credits…", self.acts.issue, "Ctrl+G",
                   possible=lambda: may(Act.GRANT)),
            Action("refund", "Refund the charge chosen…", self.acts.refund_chosen, "Ctrl+R",
                   possible=lambda: not ledger.why_no_refund(ledger.table.current_row())),
            Action("void", "Void the grant chosen…", self.acts.void_chosen,
                   possible=lambda: not ledger.why_no_void(ledger.table.current_row())),
            Action("plan", "Change plan…", self.acts.change_plan,
                   possible=lambda: may(Act.CHANGE_PLAN)),
            Action("contact", "Correct contact data…", self.acts.correct, "F2",
                   possible=lambda: may(Act.CORRECT)),
            Action("note", "Add note…", self.acts.note, "Ctrl+Shift+N",
                   possible=lambda: may(Act.NOTE)),
            Action("register", "Register user…", self.acts.register, "Ctrl+N",
                   possible=lambda: may(Act.REGISTER)),
            Action("statement", "Statement…", self.acts.statement, "Ctrl+P",
                   possible=lambda: self.shown.data is not None),
            Action("export", "Export the ledger as CSV…", self.acts.export_ledger, "Ctrl+E",
                   possible=lambda: self.shown.data is not None),
            Action("export-people", "Export the list of users as CSV…", self.acts.export_people,
                   "Ctrl+Shift+E", possible=lambda: self.state.count > 0),
            Action("as-of", "As of another instant", self.account.head.instant.setFocus, "Ctrl+T"),
            Action("now", "Back to now", self.account.head.go_to_now,
                   possible=lambda: self.shown.at is not None),
            Action("filters", "Filter the list", self.people.open_filters, "Ctrl+Shift+F"),
            Action("ledger", "Go to the ledger", ledger.table.setFocus, "Ctrl+L"),
        ]  # fmt: skip

    # The list

    def show_query(self, query: UserQuery) -> None:
        """List those whom a query finds, and open the first of them."""
        self._pick_first = True
        self.frame.remember(_FILTERS, lists.to_remember(query))
        self._ask_people(query)

    def _ask_people(self, query: UserQuery) -> None:
        self.show_state(lists.asked(self.state, query))
        desk = self.frame.desk

        def read(stop: Event) -> tuple[Standing, People]:
            return read_standing(desk, stop), read_people(desk, query, BLOCK, stop)

        self._listing.ask(read, self._people_came, self._people_failed)

    def _people_came(self, answer: tuple[Standing, People]) -> None:
        self.standing, people = answer
        user_id = self.shown.user_id or self.frame.recall(_LAST, "")
        here = self.people.show_people(people, user_id)
        self.show_state(lists.arrived(self.state, people))
        first, self._pick_first = self._pick_first, False
        if people.count and ((first and not here) or not user_id):
            self.people.list.choose(0)
        elif user_id and not self.shown.user_id:
            self.open_user(user_id)

    def _people_failed(self, error: Exception) -> None:
        self.show_state(lists.failed(self.state, trouble_of(error).details))
        self.frame.trouble(error, "Reading the users", self.reload)

    # The account

    def open_user(self, user_id: str) -> None:
        """Show the account of a user, as it is now."""
        if user_id == self.shown.user_id and self.shown.phase in {"ready", "loading"}:
            return
        self.frame.remember(_LAST, user_id)
        if not self.people.list.is_on(user_id):
            self.people.list.mark(user_id)
        self._ask_account(AccountState(user_id, data=self.shown.data))

    def show_instant(self, at: datetime | None) -> None:
        """Show the account as of an instant; None is now."""
        if at != self.shown.at and self.shown.user_id:
            self._ask_account(replace(self.shown, at=at))

    def show_entries(self, chosen: LedgerFilter) -> None:
        """Show the entries of the ledger that pass a filter."""
        if self.shown.user_id:
            self._ask_account(replace(self.shown, chosen=chosen))

    def show_kind(self, kind: str) -> None:
        """Show the entries of one part of the proof."""
        if self.account.tabs is not None:
            self.account.tabs.setCurrentWidget(self.account.ledger)
        self.show_entries(LedgerFilter(kinds=frozenset({EntryKind(kind)})))

    def _ask_account(self, state: AccountState) -> None:
        self._paging.cancel()
        self.show_account(replace(state, phase="loading"))
        desk, standing = self.frame.desk, self.standing

        def read(stop: Event) -> tuple[Standing, AccountData]:
            known = standing or read_standing(desk, stop)
            return known, read_account(desk, state.user_id, state.at, state.chosen, stop)

        self._reading.ask(read, self._account_came, self._account_failed)

    def _account_came(self, answer: tuple[Standing, AccountData]) -> None:
        self.standing, data = answer
        self.show_account(replace(self.shown, phase="ready", data=data))

    def _account_failed(self, error: Exception) -> None:
        problem = trouble_of(error)
        self.show_account(
            replace(self.shown, phase="failed", problem=problem.details or problem.sentence)
        )
        self.frame.trouble(error, "Reading the account")

    def _ask_older(self) -> None:
        entries, shown = self.account.ledger.model.entries, self.shown
        if not entries:
            return
        desk, last = self.frame.desk, entries[-1]
        self._paging.ask(
            lambda stop: read_entries(
                desk, shown.user_id, shown.at, shown.chosen, stop, before=last
            ),
            self._older_came,
            self._older_failed,
        )

    def _older_came(self, entries: Entries) -> None:
        self.account.ledger.model.add_older(entries)

    def _older_failed(self, error: Exception) -> None:
        self.account.ledger.model.give_up()
        self.frame.trouble(error, "Reading older entries", self._ask_older)

    # Wiring

    def _connect(self) -> None:
        people, account = self.people, self.account
        people.query_wanted.connect(self.show_query)
        people.list.chosen.connect(self._chosen)
        people.list.opened.connect(lambda _user: account.ledger.table.setFocus())
        account.retry_wanted.connect(self.reload)
        head, ledger = account.head, account.ledger
        head.instant_wanted.connect(self.show_instant)
        head.act_wanted.connect(self.acts.do)
        head.user_wanted.connect(self._go_to_user)
        head.copied.connect(lambda text: self.frame.say(f"Copied {text}."))
        account.proof.part_wanted.connect(self.show_kind)
        account.burn.grant_wanted.connect(self.acts.open_grant)
        ledger.filter_wanted.connect(self.show_entries)
        ledger.model.wanted.connect(self._ask_older)
        ledger.opened.connect(self.acts.open_entry)
        ledger.refund_wanted.connect(self.acts.refund)
        ledger.void_wanted.connect(self.acts.void)
        account.grants.opened.connect(lambda held: self.acts.open_grant(held.grant.id))
        account.referrals.opened.connect(self._go_to_user)
        account.notes.add_wanted.connect(self.acts.note)

    def _chosen(self, user: UserSummary) -> None:
        self.open_user(user.user_id)

    def _go_to_user(self, user_id: str) -> None:
        self.frame.open_page("users", user_id)
