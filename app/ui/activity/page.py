"""The page of activity: every act of staff, the newest first, each in full beside the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from threading import Event
from typing import Any, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout

from app.domain.activity import ActivityQuery, ChainReport, Listing, user_of
from app.domain.audit import AuditRecord
from app.ui import format as write
from app.ui.actions import Action
from app.ui.activity import state as states
from app.ui.activity.chain import ChainDialog
from app.ui.activity.columns import activity_csv
from app.ui.activity.details import DetailsPane, as_json
from app.ui.activity.list_and_record import ListAndRecord
from app.ui.activity.list_card import ListCard
from app.ui.activity.offered import actions_of
from app.ui.activity.reading import ListQuestions, Named, News, Rows, Sorted, read_context
from app.ui.activity.state import ActivityState, Target
from app.ui.background import Latest
from app.ui.errors import trouble_of
from app.ui.exporting import ExportDialog, Told
from app.ui.file_dialogs import ask_where
from app.ui.language import tr
from app.ui.page import Frame, Page
from app.ui.theme import current
from app.ui.tokens import CARD_GAP, PAGE_PADDING
from app.ui.widgets.button import Button
from app.ui.widgets.text import ElidedLabel, Label

_FILTERS: Final = "activity/filters"


class ActivityPage(Page):
    """Who did what, when, to whom, why, before and after; and whether that record is whole."""

    concerns: ClassVar[frozenset[str] | None] = None  # every act leaves a record

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.state = ActivityState(query=states.remembered(frame.recall(_FILTERS, {})))
        self.named = Named(frame.desk)
        self.rows = Rows(frame.desk, self.state.query, self.named)
        self.list = ListCard(frame, self.named)
        self.table = self.list.table
        self.details = DetailsPane(frame)
        self.dialog: QDialog | None = None
        self.report: ChainReport | None = None
        self._questions = ListQuestions(
            frame, self, self.named,
            came=self._came, fresh=self._fresh, again=self._sorted_again, failed=self._failed,
        )  # fmt: skip
        self._choosing = Latest(frame.background, owner=self)
        self._context = Latest(frame.background, owner=self)
        self._finding = Latest(frame.background, owner=self)
        self._listed = False
        self._fetched = False  # whether anything of the list asked for is in view
        self._again = False
        self._wanted = 0
        self.heading = ElidedLabel("", "caption", "text2")
        self.stop_button = Button(tr("Stop"), self.stop, kind="link")
        self.verify_button = Button(
            tr("Verify…"), self.open_chain, icon="circle-check", shortcut="Ctrl+Shift+V"
        )
        self.export_button = Button(
            tr("Export…"), self.ask_export, icon="download", shortcut="Ctrl+E"
        )
        self.parts = ListAndRecord(frame, self.list, self.details)
        self._build()
        self._connect()
        self.show_state(self.state)

    # What the window asks

    def show_state(self, state: ActivityState) -> None:
        """Write a state to the widgets."""
        self.state = state
        self.heading.setText(state.heading)
        self.stop_button.setVisible(self._questions.asking and state.done < 1 and bool(state.count))
        self.export_button.setEnabled(bool(state.count))
        self.list.show_state(state, self._ask_again, self.stop)

    def reload(self) -> None:
        """Ask what is new, or for everything where nothing is listed yet."""
        self._ask_choices()
        if self._questions.asking:
            self._again = True
        elif self._listed and self.state.phase == "ready" and self.state.done >= 1:
            self._questions.ask_news(self.state.query, self.rows.head)
        else:
            self._ask(self.state.query)

    def place(self) -> object:
        return self.state.query

    def go(self, place: object) -> None:
        query = states.asked_for(place)
        if query is not None and self._in_order(query) != self.state.query:
            self._show_query(query)

    def actions_offered(self) -> Sequence[Action]:
        return actions_of(self)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.table.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.parts.lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.table.hasFocus():
            self.table.setFocus()
        else:
            super().keyPressEvent(event)

    # The list

    def show_query(self, query: ActivityQuery) -> None:
        """List what a query finds, in the order in force; the way back is kept."""
        query = self._in_order(query)
        if query == self.state.query:
            return
        before = self.place()
        self._show_query(query)
        if replace(query, text="", meant=()) != replace(before, text="", meant=()):  # type: ignore[type-var]
            self.frame.moved(self, before)

    def stop(self) -> None:
        """A person will not wait: what was found so far stays."""
        self._questions.stop()
        self.show_state(states.stopped(self.state))

    def show_record(self, number: int) -> None:
        """Show a record among all others, wherever it stands in the order in force."""
        self._wanted = number
        if self.state.query.narrowed or self.state.done < 1:
            self._show_query(ActivityQuery())
        else:
            self._find_wanted()

    def _show_query(self, query: ActivityQuery) -> None:
        query = self._in_order(query)
        self.frame.remember(_FILTERS, states.to_remember(query))
        if self.isVisible() or self._listed:
            self._ask(query)
        else:
            self.show_state(states.asked(self.state, query))

    def _in_order(self, query: ActivityQuery) -> ActivityQuery:
        """A query in the order that the table is in: where it leads, and its filters, tell none."""
        key, descending = self.table.sorted_by or ("at", True)
        return replace(query, order=key, descending=descending)

    def _sort(self) -> None:
        before, query = self.state.query, self._in_order(self.state.query)
        if query == before:
            return
        if not (query.by_time and before.by_time):
            self._ask(query)
            return
        if self._fetched:
            self.table.turn()
        self.show_state(replace(self.state, query=query))

    def _ask_again(self) -> None:
        self._ask(self.state.query)

    def _ask(self, query: ActivityQuery) -> None:
        self._listed = self._listed and query == self.state.query
        self._again = False
        self.rows = Rows(self.frame.desk, query, self.named)
        self._fetched = False
        self._questions.ask(query)
        self.show_state(states.asked(self.state, query))

    def _came(self, listing: Listing) -> None:
        self.rows.take(listing)
        first, count = listing.first, listing.count
        if not self._fetched and (count or listing.whole):
            self._fetched = self._listed = True
            self.table.show_list(first, count, self.rows.fetch)
            self._choose_again()
        else:
            self.table.model_rows.grow(first, count)
        self.show_state(states.found(self.state, count, listing.head, listing.done))
        if not listing.whole:
            return
        if not count:
            self.details.show_record(None)
        if self._wanted:
            self._find_wanted()
        self._catch_up()

    def _catch_up(self) -> None:
        """Ask for what came while the list was read."""
        if self._again:
            self._again = False
            self.reload()

    def _choose_again(self) -> None:
        """The record that was in view, where it is still listed; else the newest."""
        here = self.details.record
        loaded = self.table.model_rows.loaded()
        place = next((at for at, one in loaded.items() if here and one.id == here.id), 0)
        if loaded:
            self.table.selectRow(place)
        if place:
            index = self.table.model_rows.index(place, 0)
            self.table.scrollTo(index, self.table.ScrollHint.PositionAtCenter)

    def _fresh(self, news: News) -> None:
        if news is None:
            self._ask(self.state.query)
            return
        fresh, head = news
        if fresh and not self.state.query.by_time:
            self._questions.ask_again(self.state.query, fresh, self.rows.head)
            return
        self.rows.add(len(fresh), head)
        self.table.add(range(len(fresh)), dict(enumerate(fresh)), self.rows.fetch)
        count = (self.state.count or 0) + len(fresh)
        self.show_state(replace(self.state, count=count, head=head))

    def _sorted_again(self, found: Sorted) -> None:
        listing = found.listing
        if listing.count != self.table.rows.rowCount() + len(found.new):
            self._fetched = False  # it came to hold older ones too: then it is another list
            self._came(listing)
            return
        self.rows = Rows(self.frame.desk, self.state.query, self.named)
        self.rows.take(listing)
        self.table.add(found.new, found.rows, self.rows.fetch)
        self.show_state(states.found(self.state, listing.count, listing.head, listing.done))
        self._catch_up()

    def _failed(self, error: Exception) -> None:
        self._listed = False
        self.details.show_record(None)
        self.show_state(states.failed(self.state, trouble_of(error).details or str(error)))
        self.frame.trouble(error, tr("Reading the activity"), self._ask_again)

    def _find_wanted(self) -> None:
        number, self._wanted = self._wanted, 0
        rows = self.rows

        def go(place: int | None) -> None:
            if rows is not self.rows:  # read anew meanwhile: it may stand elsewhere
                self.show_record(number)
                return
            if place is None:
                missing = tr("Record {number} is not in the list.", number=write.credits(number))
                self.frame.say(missing)
                return
            self.table.go_to(place)
            self.table.setFocus()

        self._finding.ask(lambda stop: rows.place_of(number, stop), go)

    def _ask_choices(self) -> None:
        activity = self.frame.desk.activity
        self._choosing.ask(lambda stop: activity.choices(stop=stop), self.list.show_choices)

    # The record in view

    def _chosen(self, record: AuditRecord) -> None:
        self.details.show_record(record)
        desk, user = self.frame.desk, user_of(record)
        self._context.ask(
            lambda stop: read_context(desk, record, user, stop), self.details.show_context
        )

    def _open(self, record: AuditRecord) -> None:
        if self.details.record != record:
            self.details.show_record(record)
        self.details.open_first()

    def _go_to(self, target: Target) -> None:
        self.frame.open_page(target.page, target.place)

    def _only(self, name: str, value: object) -> None:
        change: dict[str, Any] = {name: value}
        self.show_query(replace(self.state.query, **change))

    def _row_actions(self, records: list[AuditRecord]) -> list[QAction]:
        record = self.table.current_row()
        if record is None:
            return []
        alike = (
            self._action(one.words, partial(self._only, one.name, one.value))
            for one in states.narrowings(record)
        )
        kept = "\n".join(as_json(one) for one in records or [record])
        return [
            self._action(tr("Open what it is about\tEnter"), partial(self._open, record)),
            *alike,
            self._action(tr("Copy as JSON"), partial(QGuiApplication.clipboard().setText, kept)),
        ]

    def _action(self, said: str, act: Any) -> QAction:
        action = QAction(said.replace("&", "&&"), self.table)
        action.triggered.connect(lambda _checked=False: act())
        return action

    # Files and the chain

    def ask_export(self) -> None:
        """Ask where to, then write all that the list holds."""
        ask_where(self, "activity.csv", self.save)

    def save(self, path: str) -> None:
        """Write every record of the list under this name, with the columns shown."""
        desk, frame, query = self.frame.desk, self.frame, self.state.query
        columns, at = self.table.visible_columns(), self.frame.now()

        def lines(told: Told, stop: Event) -> Iterator[str]:
            chunks = desk.activity.every(query, stop)
            return activity_csv(columns, query, chunks, told, zone=frame.zone, at=at)

        self._show_dialog(ExportDialog(self, frame, path, self.state.count or 0, lines))

    def open_chain(self) -> None:
        """Show the head of the chain, prove it, look for a head noted earlier."""
        dialog = ChainDialog(self, self.frame, self.report)
        dialog.record_wanted.connect(self.show_record)
        dialog.proved.connect(self._proved)
        self._show_dialog(dialog)

    def _proved(self, report: ChainReport) -> None:
        self.report = report
        self.list.show_verdict(report)

    def _show_dialog(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog = dialog
        dialog.open()

    # Building

    def _connect(self) -> None:
        frame, details = self.frame, self.details
        frame.remember_table(self.table, "activity")
        self.state = replace(self.state, query=self._in_order(self.state.query))
        self.table.sorting_wanted.connect(lambda *_: self._sort())
        self.list.query_wanted.connect(self.show_query)
        self.list.filters_toggled.connect(self.parts.make_room)
        self.list.head.copied.connect(
            lambda _text: frame.say(tr("Copied the head. Keep it where this program cannot write."))
        )
        self.table.chosen.connect(self._chosen)
        self.table.opened.connect(self._open)
        self.table.linked.connect(lambda _key, record: self._open(record))
        self.table.row_actions = self._row_actions
        details.target_wanted.connect(self._go_to)
        details.ticket_wanted.connect(frame.open_ticket)
        details.only_wanted.connect(self._only)
        details.copied.connect(
            lambda text: frame.say(tr("Copied {text}.", text=write.name(text[:60])))
        )
        current().changed.connect(self.parts.lay_out)

    def _build(self) -> None:
        told = QHBoxLayout()
        told.setSpacing(8)
        told.addWidget(self.heading)
        told.addWidget(self.stop_button)
        told.addStretch(1)
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(Label(tr("Activity"), "title"))
        said.addLayout(told)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addLayout(said, 1)
        head.addWidget(self.verify_button)
        head.addWidget(self.export_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(PAGE_PADDING, PAGE_PADDING, PAGE_PADDING, PAGE_PADDING)
        whole.setSpacing(CARD_GAP)
        whole.addLayout(head)
        whole.addWidget(self.parts, 1)
