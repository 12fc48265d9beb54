"""The Users page: the list on the left, the account on the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from importlib import import_module
from threading import Event
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from app.domain.calendar import Month
from app.domain.ledger import EntryKind
from app.domain.staff import Act
from app.domain.users import UserQuery, UserSummary
from app.ui.actions import Action
from app.ui.background import Latest
from app.ui.errors import trouble_of
from app.ui.language import tr
from app.ui.page import ELSEWHERE, Frame, Page
from app.ui.painted import OnceSeen
from app.ui.standing import Standing, read_standing
from app.ui.users import people_state as lists
from app.ui.users.account_state import AccountState
from app.ui.users.beside import Beside, SideBySide
from app.ui.users.found_bar import FoundOpener
from app.ui.users.offered import actions_of
from app.ui.users.older import OlderEntries
from app.ui.users.people import PeoplePane
from app.ui.users.people_state import PeopleState
from app.ui.users.people_view import Shape
from app.ui.users.reading import ENTRIES, AccountData, LedgerFilter, read_account
from app.ui.users.returning import Place, as_remembered, leads_out, moved_elsewhere, to_remember
from app.ui.users.wiring import wire_account, wire_people

# The list is on the screen before what else is needed here is imported and built.
if TYPE_CHECKING:
    from app.ui.users.account import AccountPane
    from app.ui.users.acts import Acts

_LAST, _FILTERS, _SHAPE, _VIEW = "users/last", "users/filters", "users/shape", "users/view"
_ACTS = "app.ui.users.acts"
LOOKED_AT_MS = 1_500
"""How long an account stays in view to be among those looked at lately."""


class UsersPage(Page):
    """Find anyone, see why their balance is what it is, and put it right."""

    concerns: ClassVar[frozenset[str] | None] = frozenset(
        {"accounts", "prices", "staff", "requests"}
    )

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.people = PeoplePane(frame, lists.remembered(frame.recall(_FILTERS, {})))
        self.standing: Standing | None = None
        self.shown = AccountState()
        self.opened = False
        self._knowing = Latest(frame.background, owner=self)
        self._reading = Latest(frame.background, owner=self)
        self.older = OlderEntries(self)
        self.found = FoundOpener(self)
        self._pick_first = False
        self._elsewhere = False
        self._wanted: tuple[str, int] | None = None
        self._dwelling = QTimer(self, singleShot=True, interval=LOOKED_AT_MS)
        self._dwelling.timeout.connect(self._dwelt)
        self._list_seen, self._seen = OnceSeen(), OnceSeen()
        self._right = Beside(self.close_account)
        self.back_button = self._right.back_button
        self._build()
        self._connect()
        self._list_seen.do(self._build_beside)
        self.show_state(self.state)
        self.show_account(self.shown)
        self.show_shape("table" if frame.recall(_SHAPE) == "table" else "lines")

    @cached_property
    def account(self) -> AccountPane:
        """The account: built when the list has been seen, or when it is asked for before."""
        from app.ui.users.account import AccountPane

        made = self._right.hold(lambda around: AccountPane(self.frame, around))
        wire_account(self, made)
        made.show_state(self.shown, self.standing)
        self._right.bring(made)
        return made

    @cached_property
    def acts(self) -> Acts:
        """What can be done to the account in view."""
        from app.ui.users.acts import Acts

        return Acts(self)

    @property
    def state(self) -> PeopleState:
        """The state of the list."""
        return self.people.state

    # What the window asks

    def show_state(self, state: PeopleState) -> None:
        """Write the state of the list to the widgets."""
        self.people.show_state(state)

    def show_account(self, state: AccountState) -> None:
        """Write the state of the account to the widgets."""
        self.shown = state
        if "account" in self.__dict__:
            self.account.show_state(state, self.standing)

    def reload(self) -> None:
        """Ask for the list and the account anew, keeping the place in both."""
        self.people.ask(self.state.query)
        if self._list_seen.seen:
            self._ask_standing()
        if self.shown.user_id:
            self._ask_account(self.shown)

    def when_seen(self, then: Callable[[], None]) -> None:
        self._seen.do(then)

    def place(self) -> object:
        shown = self.shown
        filters = lists.filters_of(self.state.query)
        return Place(shown.user_id, filters, self.opened, shown.at, shown.chosen)

    def go(self, place: object) -> None:
        if isinstance(place, tuple):  # a user, and the charge or grant to open there
            user_id, kind, number = place
            self._wanted = (str(kind), int(number))
            self.go(str(user_id))
            if self.shown.phase == "ready":
                self._open_wanted()
        elif isinstance(place, str) and place:
            self.open_user(place)
            self._show_opened(opened=True)
        elif isinstance(place, Place):
            if (query := self.state.query).text or place.filters != lists.filters_of(query):
                self.frame.forget_search()
                self._list(replace(lists.with_filters(query, place.filters), text=""))
            self._show_opened(opened=place.opened)
            if place.user_id and (place.opened or self.people.view.in_lines):
                self._open_as(AccountState(place.user_id, at=place.at, chosen=place.chosen))
        # Whoever comes for an account need not wait for the list.
        self._list_seen.now()

    def closes(self, place: object) -> bool:
        return leads_out(self.place(), place)

    def search(self, text: str) -> None:
        if text != self.state.query.text:
            self._pick_first = True
            self.close_account()
            self.people.ask(replace(self.state.query, text=text))

    def results(self) -> QWidget | None:
        return self.people.view

    def open_result(self) -> None:
        """Enter in the search field: the keyboard goes to the ledger of who is found."""
        if self.people.nobody and self.people.found.open_first():
            return
        if self.alone:
            self.people.view.open_current()
        elif self.shown.user_id:
            self.people.view.take_found(pending=self._pick_first)
            self.account.ledger.table.setFocus()

    def actions_offered(self) -> Sequence[Action]:
        return actions_of(self)

    # The list

    @property
    def alone(self) -> bool:
        """Whether the table has all the room, so that nobody's account is in view."""
        return not self.people.view.in_lines and not self.opened

    def may(self, act: Act) -> bool:
        """Whether the person may do something to the users of the list."""
        return self.standing is not None and not self.standing.why_not(act)

    def show_query(self, query: UserQuery) -> None:
        """List those whom a query finds, and open the first of them; the way back is kept."""
        before = self.place()
        self._pick_first = True
        self._list(query)
        if self.place() != before:
            self.frame.moved(self, before)

    def show_shape(self, shape: Shape) -> None:
        """Show two-line rows beside the account, or the table over all the room."""
        self.frame.remember(_SHAPE, shape)
        self.people.show_as(shape)
        self._show_opened(opened=False)
        user = self.people.view.current_user()
        if shape == "lines" and user is not None:
            self.open_user(user.user_id)

    def toggle_shape(self) -> None:
        """The other of the two shapes."""
        self.show_shape("table" if self.people.view.in_lines else "lines")

    def close_account(self) -> None:
        """Back from an account to the table."""
        if self.opened:
            before = self.place()
            self._show_opened(opened=False)
            self.frame.moved(self, before)

    def _list(self, query: UserQuery) -> None:
        self.frame.remember(_FILTERS, lists.to_remember(query))
        self.people.ask(query)

    def _people_came(self, again: bool) -> None:
        view = self.people.view
        user_id = self.shown.user_id or self.frame.recall(_LAST, "")
        here = again or self.people.mark(user_id)
        pick, self._pick_first = self._pick_first, False
        if self.alone:
            if not again:
                view.choose(0)
        elif self.state.phase == "ready" and ((pick and not here) or not user_id):
            view.choose(0)
        elif user_id and not self.shown.user_id:
            kept = as_remembered(self.frame.recall(_VIEW, {}))
            self._open_as(kept if kept.user_id == user_id else AccountState(user_id))

    def _ask_standing(self) -> None:
        desk = self.frame.desk
        self._knowing.ask(lambda stop: read_standing(desk, stop), self._standing_came)

    def _standing_came(self, standing: Standing) -> None:
        self.standing = standing
        self.show_account(self.shown)
        self.people.show_state(self.state)

    def _show_opened(self, *, opened: bool) -> None:
        """Let the account take the table's place, or give it back, with the keyboard there."""
        lines = self.people.view.in_lines
        self.opened = opened and not lines
        focused = self.focusWidget()
        had = focused is not None and focused.hasFocus()
        self.people.setVisible(lines or not self.opened)
        self._right.setVisible(lines or self.opened)
        if self.alone:
            # Nobody's account is in view, so that no key can change one.
            self._reading.cancel()
            self.show_account(AccountState())
        self.back_button.setVisible(self.opened)
        if had:
            (self.account.ledger.table if self.opened else self.people.view).setFocus()

    # The account

    def open_user(self, user_id: str) -> None:
        """Show the account of a user, as it is now."""
        if user_id == self.shown.user_id and self.shown.phase in {"ready", "loading"}:
            return
        self._open_as(AccountState(user_id))

    def _open_as(self, state: AccountState) -> None:
        """Show an account as of an instant and under filters, unless it is shown like that."""
        shown = self.shown
        if (shown.user_id, shown.at, shown.chosen) == (state.user_id, state.at, state.chosen):
            return
        self.frame.remember(_LAST, state.user_id)
        self.frame.clear_notice(ELSEWHERE)
        if not self.people.view.is_on(state.user_id):
            self.people.mark(state.user_id)
        self._ask_account(replace(state, data=shown.data))

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
        self.account.bring_ledger()
        self.show_entries(LedgerFilter(kinds=frozenset({EntryKind(kind)})))

    def show_used(self, month: Month, feature: str) -> None:
        """Show the entries behind a piece of the usage chart."""
        self.account.bring_ledger()
        uses = frozenset({EntryKind.USE})
        self.show_entries(LedgerFilter(kinds=uses, feature=feature, month=month))

    def _ask_account(self, state: AccountState) -> None:
        self.older.cancel()
        self.frame.remember(_VIEW, to_remember(state))
        self.show_account(replace(state, phase="loading"))
        if self._list_seen.seen:
            self._read_account()

    def _read_account(self) -> None:
        desk, standing, state = self.frame.desk, self.standing, self.shown
        so_far = state.data and self.account.ledger.read_so_far(state.user_id, state.chosen)

        def read(stop: Event) -> tuple[Standing, AccountData]:
            known = standing or read_standing(desk, stop)
            user_id, at, chosen = state.user_id, state.at, state.chosen
            return known, read_account(desk, user_id, at, chosen, stop, entries=so_far or ENTRIES)

        self._reading.ask(read, self._account_came, self._account_failed)

    def _account_came(self, answer: tuple[Standing, AccountData]) -> None:
        self.standing, data = answer
        before, elsewhere, self._elsewhere = self.shown.data, self._elsewhere, False
        if self.shown.problem:
            self.frame.clear_notice("machine")
        self.show_account(replace(self.shown, phase="ready", data=data, problem=""))
        self._dwelling.start()
        self._open_wanted()
        if elsewhere and (moved := moved_elsewhere(before, data)):
            self.frame.notice(ELSEWHERE, moved)

    def changed(self, changes: frozenset[str]) -> None:
        self._elsewhere = self._elsewhere or ELSEWHERE in changes
        super().changed(changes)

    def _open_wanted(self) -> None:
        """Open the charge or the grant that somebody came for."""
        wanted, self._wanted = self._wanted, None
        if wanted is not None and wanted[0] == "charge":
            self.acts.open_charge(self.shown.user_id, wanted[1])
        elif wanted is not None:
            self.acts.open_grant(wanted[1])

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._dwelling.stop()

    def _dwelt(self) -> None:
        """The account in view has been looked at, not only passed by."""
        data = self.shown.data
        if data is not None and self.isVisible():
            user = data.user
            self.frame.note_recent("users", user.user_id, user.name.strip() or user.email)

    def _account_failed(self, error: Exception) -> None:
        problem = trouble_of(error)
        self.show_account(
            replace(self.shown, phase="failed", problem=problem.details or problem.sentence)
        )
        self.frame.trouble(error, tr("Reading the account"))

    # Wiring

    def _connect(self) -> None:
        people = self.people
        people.came.connect(self._people_came)
        people.answered.connect(lambda: self._list_seen.await_paint(people.view.viewport()))
        people.view.chosen.connect(self._chosen)
        people.view.opened.connect(self._open)
        people.view.linked.connect(lambda _key, user: self._open(user))
        wire_people(self, people)

    def _build_beside(self) -> None:
        """What stands beside the list; then, in the background, what opens over it."""
        self._ask_standing()
        if self.shown.user_id:
            self._read_account()
        if not self.alone:
            _ = self.account  # built while that is being read
        self._seen.await_paint(self)
        self.frame.background.read(lambda _: import_module(_ACTS), lambda _: None)

    def _build(self) -> None:
        SideBySide(self, self.people, self._right)

    def _chosen(self, user: UserSummary) -> None:
        if not self.alone:
            self.open_user(user.user_id)

    def _open(self, user: UserSummary) -> None:
        """Enter or a double click: to the account, from the table with a way back."""
        before = self.place()
        self.open_user(user.user_id)
        self._show_opened(opened=True)
        self.account.ledger.table.setFocus()
        if self.opened:
            self.frame.moved(self, before)
