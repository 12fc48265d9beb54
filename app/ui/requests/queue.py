"""The left side: the queue in two-line rows, the views with their counts, and the filters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Event

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from app.domain.requests import Request, RequestQuery, View
from app.domain.users import PLANS
from app.ui import format as write
from app.ui.language import tr
from app.ui.page import Frame, Sentences, show_phase
from app.ui.request_words import categories
from app.ui.requests import queue_state as states
from app.ui.requests.queue_list import QueueList
from app.ui.requests.queue_paint import PADDING
from app.ui.requests.queue_state import QueueState
from app.ui.requests.reading import Queue, filtered, number_in
from app.ui.theme import current, dress_icon, set_mark
from app.ui.widgets.button import Button, IconButton
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.fields import Labelled
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.search import SearchBox
from app.ui.widgets.states import Overlay
from app.ui.widgets.text import CutLabel, Label

WIDTH = 320
_LEAST, _SHARE = 220, 0.42
_SAVED, _LONGEST = "requests/saved", 60


class NameDialog(Dialog):
    """Asks for the name of a filter."""

    def __init__(self, parent: QWidget, named: Callable[[str], object]) -> None:
        super().__init__(parent, tr("Save these filters"), tr("Save"), width=420)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._named = named
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Name"))
        self.name.setMaxLength(_LONGEST)
        self.name.returnPressed.connect(self.try_submit)
        self.name.textChanged.connect(
            lambda text: self.set_act(tr("Save"), allowed=bool(text.strip()))
        )
        self.body.addWidget(Labelled(tr("Name"), self.name))
        self.set_act(tr("Save"), allowed=False)
        self.name.setFocus()

    def submit(self) -> None:
        self.accept()
        self._named(self.name.text())


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
        self.search = SearchBox(tr("Ticket, words, sender"), tr("Filter the requests by text"))
        self.search.searched.connect(self._typed)
        self.search.drive(self.list)
        self._count = Label("", "caption", "text2")
        self.filter_button = IconButton("adjustments", tr("Filters"), self.open_filters)
        self.more_button = IconButton("dots", tr("More"), self.menu_wanted.emit)
        self.filter_bar = QFrame()
        self.filter_text = Label("", "caption", "text2")
        self.clear_button = Button(tr("Clear"), self.clear_filters, kind="link")
        self._build()
        current().changed.connect(self._measure)
        self._measure()

    def show_state(self, state: QueueState) -> None:
        """Write a state to the widgets."""
        self.state = state
        self._count.setText(state.heading)
        for view, button in self.views.items():
            number = number_in(state.counts, view)
            words = states.VIEWS[view]
            button.setText(f"{words} {write.credits(number)}" if state.counts else words)
            button.setAccessibleName(f"{words}, {number}")
            button.setChecked(view is state.query.view)
        words = states.filter_words(state.query)
        self.filter_text.setText(words)
        self.filter_bar.setVisible(bool(words))
        dress_icon(self.filter_button, "adjustments", "accent_text" if words else "text2")
        narrowed = filtered(state.query)
        show_phase(
            self.overlay,
            state.phase,
            Sentences(
                empty=state.nothing,
                action=self._way_out(state),
                act=self.clear_all if narrowed else self._elsewhere,
                failed=tr("The requests could not be read."),
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
        self._offer_saved(menu)
        clear = menu.addAction(tr("Clear filters"))
        clear.setEnabled(bool(states.filter_words(self.state.query)))
        clear.triggered.connect(lambda _checked=False: self.clear_filters())
        return menu

    @property
    def saved(self) -> dict[str, RequestQuery]:
        """The filters that were given a name."""
        return states.saved_filters(self._frame.recall(_SAVED, {}))

    def save_as(self, name: str) -> None:
        """Keep the view and the filters in force under a name."""
        name = name.strip()[:_LONGEST]
        if name:
            kept = {**self.saved, name: self.state.query}
            self._keep(kept)
            self._frame.say(tr("Saved these filters as {name}.", name=write.name(name)))

    def forget(self, name: str) -> None:
        """Give up a name; the filters in force stay."""
        self._keep({known: query for known, query in self.saved.items() if known != name})

    def ask_name(self) -> NameDialog:
        """Ask under which name to keep the filters in force."""
        dialog = NameDialog(self, self.save_as)
        dialog.open()
        return dialog

    def _keep(self, saved: dict[str, RequestQuery]) -> None:
        kept = {name: states.to_remember(query) for name, query in saved.items()}
        self._frame.remember(_SAVED, kept)

    def _offer_saved(self, menu: QMenu) -> None:
        here = states.to_remember(self.state.query)
        for name, query in self.saved.items():
            on = states.to_remember(query) == here
            self._offer(
                menu, tr("Saved: {name}", name=write.short(name)).replace("&", "&&"), query, on=on
            )
        menu.addAction(tr("Save these filters…")).triggered.connect(lambda _=False: self.ask_name())
        known = [name for name, query in self.saved.items() if states.to_remember(query) == here]
        for name in known:
            forget = menu.addAction(tr("Forget {name}", name=write.short(name)).replace("&", "&&"))
            forget.triggered.connect(lambda _checked=False, name=name: self.forget(name))
        menu.addSeparator()

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
            yield words, wanted, on
        for plan in PLANS:
            on = query.plan == plan
            yield (
                tr("Plan {plan}", plan=plan.capitalize()),
                replace(query, plan=None if on else plan),
                on,
            )
        for category, name in categories().items():
            on = query.category == category
            yield name, replace(query, category=None if on else category), on

    def _ends_of_groups(self) -> set[str]:
        return {
            states.AGES[-1][1],
            tr("Plan {plan}", plan=PLANS[-1].capitalize()),
            list(categories().values())[-1],
        }

    def _offer(self, menu: QMenu, words: str, query: RequestQuery, *, on: bool) -> QAction:
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(lambda _checked=False: self.query_wanted.emit(query))
        return action

    def _way_out(self, state: QueueState) -> str:
        if filtered(state.query):
            return tr("Clear filters")
        return (
            tr("Show what was answered")
            if state.query.view is View.OPEN
            else tr("Show what is open")
        )

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
        head.addWidget(CutLabel(tr("Requests"), "section"))
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
