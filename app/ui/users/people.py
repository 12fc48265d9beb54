"""The left side: the list of users in two-line rows, their number and the filters."""

from dataclasses import replace
from threading import Event

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListView,
    QMenu,
    QVBoxLayout,
)

from app.domain.users import PLANS, UserQuery, UserSummary
from app.ui import format as write
from app.ui.columns import Column
from app.ui.page import Frame, Sentences, show_phase
from app.ui.rows_model import BLOCK, Fetch, PagedModel
from app.ui.theme import current, dress_icon
from app.ui.tokens import USERS_LIST_WIDTH
from app.ui.users import people_state as states
from app.ui.users.people_paint import PADDING, PeopleDelegate
from app.ui.users.people_state import PeopleState
from app.ui.users.reading import People
from app.ui.widgets.button import Button, IconButton
from app.ui.widgets.states import Overlay
from app.ui.widgets.text import Label

Index = QModelIndex | QPersistentModelIndex


def spoken(user: UserSummary) -> str:
    """A line as a screen reader says it."""
    credits = write.counted(user.available, "credit")
    return f"{states.shown_name(user)}, {write.text(user.email)}, {credits}, {user.plan}"


class PeopleList(QListView):
    """The rows. `chosen(UserSummary)` when the keyboard or the mouse comes to one."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        column: Column[UserSummary] = Column("user", "User", spoken)
        self.rows: PagedModel[UserSummary] = PagedModel((column,), frame.background)
        self.typed = ""
        self._shown: UserQuery | None = None
        self._awaited = -1
        self._returning = ""
        self.setModel(self.rows)
        self.setItemDelegate(PeopleDelegate(self))
        self.setAccessibleName("Users")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.rows.dataChanged.connect(self._loaded)
        self.activated.connect(self._open)
        current().changed.connect(self.viewport().update)

    def current_user(self) -> UserSummary | None:
        """The user on whose row the keyboard is."""
        index = self.currentIndex()
        return self.rows.row(index.row()) if index.isValid() else None

    def show_people(self, people: People, fetch: Fetch[UserSummary], user_id: str) -> bool:
        """List these; the same list read anew keeps its place. Whether ``user_id`` is on it.

        Of a user further down only the place is known until those rows are read again.
        """
        again = people.query == self._shown
        place = self.verticalScrollBar().value() if again else 0
        number = self.currentIndex().row()
        self._shown, self.typed = people.query, people.query.text
        self._awaited = -1
        self.rows.show_source(people.count, fetch, people.first)
        self.verticalScrollBar().setValue(place)
        if self.mark(user_id):
            return True
        if again and BLOCK <= number < people.count:
            self._returning = user_id
            self._go_quietly(number)
            return True
        return False

    def mark(self, user_id: str) -> bool:
        """Put the keyboard on a user without telling so; whether they are among those loaded."""
        self._returning = ""
        for number, user in self.rows.loaded().items():
            if user.user_id == user_id:
                self._go_quietly(number)
                return True
        self._go_quietly(-1)
        return False

    def is_on(self, user_id: str) -> bool:
        """Whether the keyboard is on this user."""
        user = self.current_user()
        return user is not None and user.user_id == user_id

    def choose(self, number: int) -> None:
        """Put the keyboard on a row."""
        self.setCurrentIndex(self.rows.index(number, 0))

    def currentChanged(self, current_index: Index, previous: Index) -> None:
        super().currentChanged(current_index, previous)
        if not current_index.isValid():
            return
        user = self.rows.row(current_index.row())
        self._awaited = -1 if user else current_index.row()
        if user is not None:
            self.chosen.emit(user)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        user = self.current_user()
        if user is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, text in (("address", user.email), ("id", user.user_id), ("name", user.name)):
            action = menu.addAction(f"Copy {words}")
            action.triggered.connect(
                lambda _checked=False, text=text: QGuiApplication.clipboard().setText(text)
            )
        menu.popup(event.globalPos())

    def _go_quietly(self, number: int) -> None:
        told = self.blockSignals(True)
        index = self.rows.index(number, 0) if number >= 0 else QModelIndex()
        self.setCurrentIndex(index)
        self.blockSignals(told)
        self.viewport().update()

    def _loaded(self, first: QModelIndex, last: QModelIndex) -> None:
        if self._returning and first.row() <= self.currentIndex().row() <= last.row():
            self.mark(self._returning)
        if first.row() <= self._awaited <= last.row():
            number, self._awaited = self._awaited, -1
            user = self.rows.row(number)
            if user is not None and self.currentIndex().row() == number:
                self.chosen.emit(user)

    def _open(self, index: QModelIndex) -> None:
        user = self.rows.row(index.row())
        if user is not None:
            self.opened.emit(user)


class PeoplePane(QFrame):
    """The list with its heading, filters and states. `query_wanted(UserQuery)` by a filter."""

    query_wanted = Signal(object)

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._frame = frame
        self.state = PeopleState()
        self.list = PeopleList(frame)
        self.overlay = Overlay(self.list.viewport())
        self._count = Label("", "caption", "text2")
        self.filter_button = IconButton("adjustments", "Filters", self.open_filters)
        self.filter_bar = QFrame()
        self.filter_text = Label("", "caption", "text2")
        self.clear_button = Button("Clear", self.clear_filters, kind="link")
        self._build()
        current().changed.connect(self._measure)
        self._measure()

    def show_state(self, state: PeopleState) -> None:
        """Write a state to the widgets."""
        self.state = state
        self._count.setText(state.heading)
        words = filter_words(state.query)
        self.filter_text.setText(words)
        self.filter_bar.setVisible(bool(words))
        dress_icon(self.filter_button, "adjustments", "accent_text" if words else "text2")
        narrowed = bool(words) or bool(state.query.text.strip())
        show_phase(
            self.overlay,
            state.phase,
            Sentences(
                empty=state.nothing,
                action="Clear filters" if words else "",
                act=self.clear_filters if words else None,
                failed="The users could not be read." if not narrowed else "Searching failed.",
            ),
            retry=lambda: self.query_wanted.emit(self.state.query),
            details=state.problem,
        )

    def show_people(self, people: People, user_id: str) -> bool:
        """List these, the keyboard on a user; whether that user is on the list."""
        accounts = self._frame.desk.accounts
        query = people.query

        def fetch(offset: int, limit: int, stop: Event) -> list[UserSummary]:
            found: list[UserSummary] = accounts.page(query, offset, limit, stop=stop)
            return found

        return self.list.show_people(people, fetch, user_id)

    def open_filters(self) -> QMenu:
        """The menu of filters."""
        menu = self.filter_menu()
        corner = self.filter_button.rect().bottomLeft()
        menu.popup(self.filter_button.mapToGlobal(corner))
        return menu

    def filter_menu(self) -> QMenu:
        """What narrows the list: plan, out of credits, expiring soon."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        query = self.state.query
        for plan in PLANS:
            wanted = replace(query, plan=None if query.plan == plan else plan)
            self._offer(menu, f"Plan {plan.capitalize()}", wanted, on=query.plan == plan)
        menu.addSeparator()
        broke = replace(query, out_of_credits=not query.out_of_credits)
        self._offer(menu, "Out of credits", broke, on=query.out_of_credits)
        soon = replace(query, expiring=not query.expiring)
        self._offer(menu, "Credits that expire within 7 days", soon, on=query.expiring)
        menu.addSeparator()
        clear = menu.addAction("Clear filters")
        clear.setEnabled(query.filtered)
        clear.triggered.connect(lambda _checked=False: self.clear_filters())
        return menu

    def clear_filters(self) -> None:
        """Show everybody who matches what was typed."""
        self.query_wanted.emit(UserQuery(text=self.state.query.text))

    def _offer(self, menu: QMenu, words: str, query: UserQuery, *, on: bool) -> QAction:
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(lambda _checked=False: self.query_wanted.emit(query))
        return action

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(PADDING, 6, 10, 6)
        head.setSpacing(8)
        head.addWidget(Label("Users", "section"))
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self.filter_button)
        chosen = QHBoxLayout(self.filter_bar)
        chosen.setContentsMargins(PADDING, 0, 10, 6)
        chosen.addWidget(self.filter_text, 1)
        chosen.addWidget(self.clear_button)
        rule = QFrame()
        rule.setObjectName("rule")
        rule.setFixedHeight(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.filter_bar)
        column.addWidget(rule)
        column.addWidget(self.list, 1)
        self.filter_bar.hide()

    def _measure(self) -> None:
        self.setFixedWidth(current().px(USERS_LIST_WIDTH))
        self.list.doItemsLayout()


def filter_words(query: UserQuery) -> str:
    """The filters in force, in words."""
    words = [
        query.plan.capitalize() if query.plan else "",
        "out of credits" if query.out_of_credits else "",
        "expiring within 7 days" if query.expiring else "",
        f"invited by {write.text(query.referred_by)}" if query.referred_by else "",
    ]
    said = ", ".join(word for word in words if word)
    return said[:1].upper() + said[1:]
