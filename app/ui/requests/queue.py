"""The left side: the queue in two-line rows, the views with their counts, and the filters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Event

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QTableView,
    QVBoxLayout,
)

from app.domain.requests import CATEGORIES, Request, RequestQuery, View
from app.domain.users import PLANS
from app.ui import format as write
from app.ui import request_words as words_of
from app.ui.columns import Column
from app.ui.page import Frame, Sentences, show_phase
from app.ui.requests import queue_state as states
from app.ui.requests.queue_paint import PADDING, QueueDelegate
from app.ui.requests.queue_state import QueueState
from app.ui.requests.reading import Queue
from app.ui.rows_model import Fetch, PagedModel
from app.ui.theme import current, dress_icon, set_mark
from app.ui.tokens import USERS_ROW_HEIGHT
from app.ui.widgets.button import Button, IconButton
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.search import SearchBox
from app.ui.widgets.states import Overlay
from app.ui.widgets.text import Label

Index = QModelIndex | QPersistentModelIndex
WIDTH = 320
_LEAST, _SHARE = 220, 0.42
_JUMPS = {Qt.Key.Key_J: Qt.Key.Key_Down, Qt.Key.Key_K: Qt.Key.Key_Up}


class QueueList(QTableView):
    """The rows: a table of one column, since a list lays out every row before it shows one.

    `chosen(Request)` when the keyboard or the mouse comes to one,
    `taken(n)` on Enter (1) or on a digit: the suggestion of the nth finding is wanted.
    """

    chosen = Signal(object)
    taken = Signal(int)

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        column: Column[Request] = Column(
            "request", "Request", lambda request: words_of.spoken(request, frame.now())
        )
        self.rows: PagedModel[Request] = PagedModel((column,), frame.background)
        self._shown: RequestQuery | None = None
        self._awaited = -1
        self.setModel(self.rows)
        self.setItemDelegate(QueueDelegate(self, frame))
        self.setAccessibleName("Requests")
        self._behave()
        self.rows.dataChanged.connect(self._loaded)
        current().changed.connect(self._measure)
        self._measure()

    def current_request(self) -> Request | None:
        """The request on whose row the keyboard is."""
        index = self.currentIndex()
        return self.rows.row(index.row()) if index.isValid() else None

    def show_queue(self, queue: Queue, fetch: Fetch[Request], request_id: int | None) -> bool:
        """List these; the same list read anew keeps its place. Whether the request is on it."""
        place = self.verticalScrollBar().value() if queue.query == self._shown else 0
        self._shown = queue.query
        self._awaited = -1
        self.rows.show_source(queue.count, fetch, queue.first)
        self.verticalScrollBar().setValue(place)
        return self.mark(request_id)

    def mark(self, request_id: int | None) -> bool:
        """Put the keyboard on a request without telling so; whether it is among those loaded."""
        for number, request in self.rows.loaded().items():
            if request.id == request_id:
                self._go_quietly(number)
                return True
        self._go_quietly(-1)
        return False

    def choose(self, number: int) -> None:
        """Put the keyboard on a row."""
        self.setCurrentIndex(self.rows.index(number, 0))

    def choose_free(self, me: str) -> None:
        """Put the keyboard on the first request that nobody else has in hand, else on the first."""
        loaded = sorted(self.rows.loaded().items())
        free = (at for at, one in loaded if not words_of.in_others_hands(one, me))
        self.choose(next(free, 0))

    def neighbour(self, me: str) -> Request | None:
        """The request that is next when the one in view has left: below it, else above.

        What others have in hand is passed over, unless there is nothing else.
        """
        here = self.currentIndex().row()
        loaded = self.rows.loaded()
        below = [loaded[number] for number in sorted(loaded) if number > here]
        above = [loaded[number] for number in sorted(loaded, reverse=True) if number < here]
        free = (one for one in (*below, *above) if not words_of.in_others_hands(one, me))
        return next(free, None) or next(iter((*below, *above)), None)

    def currentChanged(self, current_index: Index, previous: Index) -> None:
        super().currentChanged(current_index, previous)
        if not current_index.isValid():
            return
        request = self.rows.row(current_index.row())
        self._awaited = -1 if request else current_index.row()
        if request is not None:
            self.chosen.emit(request)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in {
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        }
        key = Qt.Key(event.key())
        if plain and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.taken.emit(1)
        elif plain and Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self.taken.emit(int(key) - int(Qt.Key.Key_0))
        elif plain and key in _JUMPS:
            super().keyPressEvent(QKeyEvent(event.type(), _JUMPS[key], event.modifiers()))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        request = self.current_request()
        if request is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        offered = (("ticket", request.ticket), ("sender", request.sender),
                   ("message", request.message))  # fmt: skip
        for words, text in offered:
            menu.addAction(f"Copy {words}").triggered.connect(
                lambda _checked=False, text=text: QGuiApplication.clipboard().setText(text)
            )
        menu.popup(event.globalPos())

    def _behave(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)

    def _measure(self) -> None:
        self.verticalHeader().setDefaultSectionSize(current().px(USERS_ROW_HEIGHT))
        self.viewport().update()

    def _go_quietly(self, number: int) -> None:
        told = self.blockSignals(True)
        index = self.rows.index(number, 0) if number >= 0 else QModelIndex()
        self.setCurrentIndex(index)
        self.blockSignals(told)
        self.viewport().update()

    def _loaded(self, first: QModelIndex, last: QModelIndex) -> None:
        if first.row() <= self._awaited <= last.row():
            number, self._awaited = self._awaited, -1
            request = self.rows.row(number)
            if request is not None and self.currentIndex().row() == number:
                self.chosen.emit(request)


class QueuePane(QFrame):
    """The queue with its views, filters and states. `query_wanted(RequestQuery)` by any of them."""

    query_wanted = Signal(object)
    menu_wanted = Signal()

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._frame = frame
        self.state = QueueState()
        self._room = 0
        self.list = QueueList(frame)
        self.overlay = Overlay(self.list.viewport())
        self.views = {view: self._view_button(view) for view in states.VIEWS}
        self.search = SearchBox("Ticket, words, sender", "Filter the requests by text")
        self.search.searched.connect(self._typed)
        self.search.drive(self.list)
        self._count = Label("", "caption", "text2")
        self.filter_button = IconButton("adjustments", "Filters", self.open_filters)
        self.more_button = IconButton("dots", "More", self.menu_wanted.emit)
        self.filter_bar = QFrame()
        self.filter_text = Label("", "caption", "text2")
        self.clear_button = Button("Clear", self.clear_filters, kind="link")
        self._build()
        current().changed.connect(self._measure)
        self._measure()

    def show_state(self, state: QueueState) -> None:
        """Write a state to the widgets."""
        self.state = state
        self._count.setText(state.heading)
        for view, button in self.views.items():
            number = states.number_in(state.counts, view)
            words = states.VIEWS[view]
            button.setText(f"{words} {write.credits(number)}" if state.counts else words)
            button.setAccessibleName(f"{words}, {number}")
            button.setChecked(view is state.query.view)
        words = states.filter_words(state.query)
        self.filter_text.setText(words)
        self.filter_bar.setVisible(bool(words))
        dress_icon(self.filter_button, "adjustments", "accent_text" if words else "text2")
        narrowed = states.filtered(state.query)
        show_phase(
            self.overlay,
            state.phase,
            Sentences(
                empty=state.nothing,
                action=self._way_out(state),
                act=self.clear_all if narrowed else self._elsewhere,
                failed="The requests could not be read.",
            ),
            retry=lambda: self.query_wanted.emit(self.state.query),
            details=state.problem,
        )

    def show_queue(self, queue: Queue, request_id: int | None) -> bool:
        """List these, the keyboard on a request; whether that one is on the list."""
        requests, query = self._frame.desk.requests, queue.query

        def fetch(offset: int, limit: int, stop: Event) -> list[Request]:
            found: list[Request] = requests.page(query, offset, limit, stop=stop)
            return found

        return self.list.show_queue(queue, fetch, request_id)

    def show_view(self, view: View) -> None:
        """Show another part of the queue."""
        self.query_wanted.emit(states.shown_view(self.state.query, view))

    def open_filters(self) -> QMenu:
        """The menu of filters."""
        menu = self.filter_menu()
        menu.popup(self.filter_button.mapToGlobal(self.filter_button.rect().bottomLeft()))
        return menu

    def filter_menu(self) -> QMenu:
        """What narrows the list: age, plan, category."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, wanted, on in self._offers():
            self._offer(menu, words, wanted, on=on)
            if words in self._ends_of_groups():
                menu.addSeparator()
        clear = menu.addAction("Clear filters")
        clear.setEnabled(bool(states.filter_words(self.state.query)))
        clear.triggered.connect(lambda _checked=False: self.clear_filters())
        return menu

    def clear_filters(self) -> None:
        """Show all of the view that match what was typed."""
        query = self.state.query
        self.query_wanted.emit(replace(query, category=None, plan=None, older_than_hours=None))

    def clear_all(self) -> None:
        """Show all of the view."""
        self.search.clear()
        self.query_wanted.emit(states.shown_view(RequestQuery(), self.state.query.view))

    def _offers(self) -> Iterator[tuple[str, RequestQuery, bool]]:
        query = self.state.query
        for hours, words in states.AGES:
            on = query.older_than_hours == hours
            wanted = replace(query, older_than_hours=None if on else hours)
            yield words[:1].upper() + words[1:], wanted, on
        for plan in PLANS:
            on = query.plan == plan
            yield f"Plan {plan.capitalize()}", replace(query, plan=None if on else plan), on
        for category, name in CATEGORIES.items():
            on = query.category == category
            yield name, replace(query, category=None if on else category), on

    def _ends_of_groups(self) -> set[str]:
        oldest = states.AGES[-1][1]
        return {
            oldest[:1].upper() + oldest[1:],
            f"Plan {PLANS[-1].capitalize()}",
            list(CATEGORIES.values())[-1],
        }

    def _offer(self, menu: QMenu, words: str, query: RequestQuery, *, on: bool) -> QAction:
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(lambda _checked=False: self.query_wanted.emit(query))
        return action

    def _way_out(self, state: QueueState) -> str:
        if states.filtered(state.query):
            return "Clear filters"
        return "Show what was answered" if state.query.view is View.OPEN else "Show what is open"

    def _elsewhere(self) -> None:
        self.show_view(View.CLOSED if self.state.query.view is View.OPEN else View.OPEN)

    def _typed(self, text: str) -> None:
        if text != self.state.query.text:
            self.query_wanted.emit(replace(self.state.query, text=text))

    def _view_button(self, view: View) -> Button:
        button = Button(states.VIEWS[view], lambda: self.show_view(view))
        set_mark(button, "kind", "view")
        button.setCheckable(True)
        return button

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(PADDING, 6, 10, 2)
        head.setSpacing(8)
        head.addWidget(Label("Requests", "section"))
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self.filter_button)
        head.addWidget(self.more_button)
        flow = FlowLayout(gap=6)
        for button in self.views.values():
            flow.addWidget(button)
        views = QVBoxLayout()
        views.setContentsMargins(PADDING, 0, 10, 0)
        views.addLayout(flow)
        search = QHBoxLayout()
        search.setContentsMargins(PADDING, 6, 10, 8)
        search.addWidget(self.search)
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
        for layout in (head, views, search):
            column.addLayout(layout)
        column.addWidget(self.filter_bar)
        column.addWidget(rule)
        column.addWidget(self.list, 1)
        self.filter_bar.hide()

    def fit(self, room: int) -> None:
        """Take no more than its share of the page: with large text the answer needs room too."""
        self._room = room
        self._measure()

    def _measure(self) -> None:
        most = round(self._room * _SHARE) if self._room else WIDTH * 2
        self.setFixedWidth(max(_LEAST, min(current().px(WIDTH), most)))
