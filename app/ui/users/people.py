"""The list of users with its heading, filters and states, beside an account or as a wide table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, partial
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from app.domain.users import UserQuery, UserSummary
from app.ui.language import tr
from app.ui.page import Frame, Sentences, show_phase
from app.ui.theme import current, dress_icon
from app.ui.tokens import USERS_LIST_WIDTH
from app.ui.users import people_state as states
from app.ui.users.found_bar import FoundBar
from app.ui.users.people_paint import PADDING
from app.ui.users.people_reading import PeopleQuestions, Rows
from app.ui.users.people_state import PeopleState
from app.ui.users.people_view import PeopleView, Shape
from app.ui.users.picked_bar import PickedBar
from app.ui.widgets.button import IconButton
from app.ui.widgets.chips import ChipBar
from app.ui.widgets.text import ElidedLabel, Label

if TYPE_CHECKING:  # imported when the filters are opened: the list is on the screen before
    from app.ui.users.people_filters import FilterPanel

Recipients = tuple[str, ...] | UserQuery
_WIDEST = 16_777_215
_SHARE = 0.36


class PeoplePane(QFrame):
    """The list. `query_wanted(UserQuery)` by a filter or a header; `came(again)` with its rows.

    `answered()` when there is something to be seen: rows, or why there are none.
    `shape_wanted(shape)` by the switch between list and table; `issue_wanted(recipients)`,
    `export_wanted()` and `register_wanted()` by its buttons.
    """

    query_wanted = Signal(object)
    shape_wanted = Signal(str)
    came = Signal(bool)
    answered = Signal()
    issue_wanted = Signal(object)
    export_wanted = Signal()
    register_wanted = Signal()

    def __init__(self, frame: Frame, query: UserQuery) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._frame = frame
        self.view = PeopleView(frame)
        self.overlay = self.view.overlay
        self.questions = PeopleQuestions(frame, self, self.show_state, self._came, self._recounted)
        self.state = self.questions.state = PeopleState(query=query)
        self._room = 0
        self._sought: tuple[str, int] | None = None
        self.can_issue: Callable[[], bool] = lambda: False
        self.can_register: Callable[[], bool] = lambda: False
        self._title = Label(tr("Users"), "section")
        self._count = ElidedLabel("", "caption", "text2")
        self.shape_button = IconButton("table", tr("Full-width table"), self._switch)
        self.columns_button = IconButton("columns", tr("Columns"), self.open_columns)
        self.filter_button = IconButton("adjustments", tr("Filters"), self.toggle_filters)
        self.chips = ChipBar()
        self.absent = Label(
            tr("The account in view was not found among these users."),
            "caption",
            "text2",
            wrap=True,
        )
        self.found = FoundBar(frame)
        self.picked = PickedBar()
        self._build()
        self._connect()
        frame.remember_table(self.view, "users")
        self.show_as("lines")

    # What is shown

    @property
    def shape_shown(self) -> Shape:
        """Whether this is two-line rows or the table."""
        return self.view.shape_shown

    def show_as(self, shape: Shape) -> None:
        """Two-line rows in a narrow pane, or the table over all the room there is."""
        self.view.show_as(shape)
        lines = shape == "lines"
        self.columns_button.setVisible(not lines)
        dress_icon(self.shape_button, "table" if lines else "list")
        self.shape_button.rename(
            tr("Full-width table") if lines else tr("List beside the account"), "Ctrl+Shift+T"
        )
        self._measure()

    def show_state(self, state: PeopleState) -> None:
        """Write a state to the widgets."""
        self.state = state
        query = state.query
        self._count.setText(state.heading)
        if self._filters_built:
            self.filters.show_query(query)
        self.chips.show_chips(
            states.chips(query, self.questions.names),
            states.without_filters(query),
            clearable=query.filtered,
        )
        self.view.sort_by(query.order or None, descending=query.descending)
        on = query.filtered or (self._filters_built and not self.filters.isHidden())
        self._mark_filters(on=on)
        action, act = self._way_out(state)
        show_phase(
            self.overlay,
            state.phase,
            Sentences(
                empty=state.nothing,
                action=action,
                act=act,
                failed=_failure(state),
                unchanged="" if state.stopped else tr("Nothing was changed."),
            ),
            retry=lambda: self.questions.ask(self.state.query),
            cancel=self.questions.stop,
            details=state.problem,
        )
        if state.phase != "loading":
            self.answered.emit()

    @property
    def nobody(self) -> bool:
        """Whether the list is empty."""
        return self.state.phase == "empty"

    def ask(self, query: UserQuery) -> None:
        """List those whom a query finds, and what its text is a ticket, job or key of."""
        self.found.look(query.text)
        self.questions.ask(query)

    def mark(self, user_id: str) -> bool:
        """Put the keyboard on a user without telling so; whether they are among those loaded.

        One who is not is looked for behind it, and brought into view where they stand in the list,
        which says so where they do not.
        """
        here = self.view.mark(user_id)
        self._sought = None
        self.absent.hide()
        if user_id and not here and self.state.phase == "ready":
            self.questions.seek(user_id, lambda place: self._go_to(user_id, place))
        return here

    def _go_to(self, user_id: str, place: int | None) -> None:
        if self.view.currentIndex().isValid():
            return  # meanwhile a person went on to somebody
        if place is None:
            self.absent.setVisible(self.view.in_lines)
        elif place < self.view.model_rows.rowCount():
            self.view.go_to(user_id, place)
        else:
            self._sought = (user_id, place)  # it is not known yet how many there are

    # Filters and columns

    @cached_property
    def filters(self) -> FilterPanel:
        """The controls of the filters; built when they are first opened."""
        from app.ui.users.people_filters import FilterPanel

        made = FilterPanel(self._frame)
        made.hide()
        made.show_query(self.state.query)
        made.wanted.connect(self.query_wanted)
        made.person.chosen.connect(self._name_person)
        made.done.connect(self.toggle_filters)
        self._column.insertWidget(1, made)
        self._lead_through(made)
        return made

    def _lead_through(self, panel: QWidget) -> None:
        """Let Tab go through a panel before the list: it was built last, and stands first."""
        before: QWidget = self.filter_button
        for field in panel.findChildren(QWidget):
            if field.focusPolicy() != Qt.FocusPolicy.NoFocus:
                QWidget.setTabOrder(before, field)
                before = field

    @property
    def _filters_built(self) -> bool:
        return "filters" in self.__dict__

    def toggle_filters(self) -> None:
        """Open the filters, with the keyboard on the first, or close them."""
        opened = self.filters.isHidden()
        self.filters.setVisible(opened)
        self.show_state(self.state)
        if opened:
            self.filters.begin()
        else:
            self.view.setFocus()

    def clear_filters(self) -> None:
        """Show everybody who matches what was typed."""
        self.chips.clear()

    def open_columns(self) -> QMenu:
        """The menu of columns."""
        menu = self.view.column_menu()
        menu.popup(self.columns_button.mapToGlobal(self.columns_button.rect().bottomLeft()))
        return menu

    # Who is selected

    def gather_recipients(self, done: Callable[[Recipients], object]) -> None:
        """Hand over who is selected: ids, or the query of all.

        Nobody where one is selected whose account is in view: then that account is meant.
        """
        if self.view.everything:
            done(replace(self.state.query, order="", descending=False))
        elif self.view.selected_count < 2:
            user = None if self.view.in_lines or self.isHidden() else self.view.current_user()
            done((user.user_id,) if user else ())
        else:
            self.view.gather_selected(lambda users: _ids(users, done))

    # Inside

    def _mark_filters(self, *, on: bool) -> None:
        ink = "accent_text" if on else "text2"
        if self.filter_button.property("icon_ink") != ink:
            dress_icon(self.filter_button, "adjustments", ink)

    def _way_out(self, state: PeopleState) -> tuple[str, Callable[[], object] | None]:
        """The one thing to do about an empty list."""
        if state.query.filtered:
            return tr("Clear filters"), self.clear_filters
        if state.query.text.strip():
            return tr("Clear search"), lambda: self._frame.type_search("")
        if self.can_register():
            return tr("Register user…"), self.register_wanted.emit
        return "", None

    def _came(self, rows: Rows, again: bool) -> None:
        query = self.state.query
        accounts = self._frame.desk.accounts

        def fetch(offset: int, limit: int, stop: Event) -> list[UserSummary]:
            found: list[UserSummary] = accounts.page(query, offset, limit, stop=stop)
            return found

        if again:
            user = self.view.current_user()
            self.view.show_again(rows, fetch, user.user_id if user else "")
        else:
            self.view.show_people(query, rows, fetch)
        self.came.emit(again)

    def _recounted(self, count: int) -> None:
        self.view.model_rows.recount(count)
        if self._sought is not None:
            sought, self._sought = self._sought, None
            self._go_to(*sought)
        self._show_picked()

    def _show_picked(self) -> None:
        self.picked.show_picked(
            self.view.selected_count, everything=self.view.everything, issuing=self.can_issue()
        )

    def _switch(self) -> None:
        self.shape_wanted.emit("table" if self.view.in_lines else "lines")

    def _sort(self, key: str, descending: bool) -> None:
        self.query_wanted.emit(replace(self.state.query, order=key, descending=descending))

    def _row_actions(self, users: list[UserSummary]) -> list[QAction]:
        user = self.view.current_user()
        made = []
        if user is not None:
            made.append(self._action(tr("Open the account\tEnter"), self.view.open_current))
            for words, text in (
                ("address", user.email), ("id", user.user_id), ("name", user.name),
            ):  # fmt: skip
                made.append(self._action(tr("Copy {words}", words=words), partial(_copy, text)))
        if len(users) > 1:
            if self.can_issue():
                made.append(self._action(tr("Issue credits…\tCtrl+G"), self._issue))
            made.append(self._action("Export…\tCtrl+Shift+E", self.export_wanted.emit))
        return made

    def _action(self, words: str, act: Callable[[], object]) -> QAction:
        action = QAction(words, self.view)
        action.triggered.connect(lambda _checked=False: act())
        return action

    def _issue(self) -> None:
        self.gather_recipients(self.issue_wanted.emit)

    def _connect(self) -> None:
        self.chips.wanted.connect(self.query_wanted)
        self.chips.left.connect(self.view.setFocus)
        self.view.sorting_wanted.connect(self._sort)
        self.view.picked.connect(self._show_picked)
        self.view.chosen.connect(lambda _user: self.absent.hide())
        self.view.typed_on.connect(self._type_on)
        self.view.row_actions = self._row_actions
        self.picked.issue_wanted.connect(self._issue)
        self.picked.copy_wanted.connect(lambda: self.view.copy(headers=False))
        self.picked.export_wanted.connect(self.export_wanted)
        self.picked.clear_wanted.connect(self.view.pick_current)
        current().changed.connect(self._measure)

    def _name_person(self, user: UserSummary) -> None:
        self.questions.names[user.user_id] = user.name
        self.show_state(self.state)

    def _type_on(self, text: str) -> None:
        self._frame.type_search(text, add=True)

    def _build(self) -> None:
        self._head = head = QHBoxLayout()
        head.setContentsMargins(PADDING, 6, 10, 6)
        head.setSpacing(6)
        head.addWidget(self._title)
        self._count.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        head.addWidget(self._count, 1)
        for button in (self.columns_button, self.shape_button, self.filter_button):
            head.addWidget(button)
        rule = QFrame()
        rule.setObjectName("rule")
        rule.setFixedHeight(1)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addLayout(head)
        self.absent.setContentsMargins(PADDING, 0, PADDING, 6)
        self.absent.hide()
        for widget in (self.chips, self.absent, rule, self.found):
            column.addWidget(widget)
        column.addWidget(self.view, 1)
        column.addWidget(self.picked)
        self.chips.hide()

    def fit(self, room: int) -> None:
        """Take no more than a share of the page beside an account, however large text is."""
        self._room = room
        self._measure()

    def _measure(self) -> None:
        most = round(self._room * _SHARE) if self._room else _WIDEST
        narrow = max(self._head.minimumSize().width(), min(current().px(USERS_LIST_WIDTH), most))
        self.setMinimumWidth(narrow if self.view.in_lines else 0)
        self.setMaximumWidth(narrow if self.view.in_lines else _WIDEST)


def _failure(state: PeopleState) -> str:
    if state.stopped:
        return tr("Reading the users was stopped.")
    return tr("Searching failed.") if state.narrowed else tr("The users could not be read.")


def _ids(users: list[UserSummary], done: Callable[[Recipients], object]) -> None:
    done(tuple(user.user_id for user in users))


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
