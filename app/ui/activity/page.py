"""The page of activity: every act of staff, newest first, each in full beside the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from threading import Event
from typing import Any, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSplitter, QVBoxLayout

from app.domain.activity import ActivityQuery, ChainReport, Listing, user_of
from app.domain.audit import AuditRecord
from app.ui import format as write
from app.ui.actions import Action
from app.ui.activity import state as states
from app.ui.activity.chain import ChainDialog
from app.ui.activity.columns import activity_csv
from app.ui.activity.details import DetailsPane, as_json
from app.ui.activity.list_card import ListCard
from app.ui.activity.reading import ListQuestions, News, Rows, read_context
from app.ui.activity.state import ActivityState, Target
from app.ui.background import Latest
from app.ui.errors import trouble_of
from app.ui.exporting import ExportDialog, Told
from app.ui.language import tr
from app.ui.page import Frame, Page
from app.ui.saving import ask_where
from app.ui.theme import current
from app.ui.tokens import CARD_GAP, PAGE_PADDING
from app.ui.widgets.button import Button
from app.ui.widgets.text import ElidedLabel, Label

_FILTERS: Final = "activity/filters"
_SPLIT: Final = "activity/split"
_BESIDE_FROM: Final = 1_020
"""How wide the page must be for the record to stand beside the list."""
_SHARES: Final = {"beside": (655, 345), "below": (600, 400)}


class ActivityPage(Page):
    """Who did what, when, to whom, why, before and after; and whether that record is whole."""

    concerns: ClassVar[frozenset[str] | None] = None  # every act leaves a record

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.state = ActivityState(query=states.remembered(frame.recall(_FILTERS, {})))
        self.rows = Rows(frame.desk, self.state.query)
        self.list = ListCard(frame)
        self.table = self.list.table
        self.details = DetailsPane(frame)
        self.dialog: QDialog | None = None
        self.report: ChainReport | None = None
        self._questions = ListQuestions(frame, self, self._came, self._fresh, self._failed)
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
        self.parts = QSplitter()
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
        """Ask what came on top, or for everything where nothing is listed yet."""
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
        if query is not None and query != self.state.query:
            self._show_query(query)

    def actions_offered(self) -> Sequence[Action]:
        def chosen() -> bool:
            return self.details.record is not None

        return (
            Action("filter", tr("Search activity"), self.list.begin_search, "/"),
            Action("filters", tr("Filters…"), self.list.toggle_filters, "Ctrl+Shift+F"),
            Action("clear-filters", tr("Clear filters and search"), self.list.clear_filters,
                   possible=lambda: self.state.query.narrowed),
            Action("columns", tr("Choose columns…"), self.list.open_columns),
            Action("export", tr("Export activity as CSV…"), self.ask_export, "Ctrl+E",
                   possible=lambda: bool(self.state.count)),
            Action("verify", tr("Verify that the record is whole…"), self.open_chain,
                   "Ctrl+Shift+V"),
            Action("copy-head", tr("Copy head of the chain"), self.list.head.copy,
                   possible=lambda: self.state.head is not None),
            Action("open-subject", tr("Open what the record is about"), self.details.open_first,
                   "Ctrl+O", possible=chosen),
            Action("copy-record", tr("Copy the record as text"), self.details.copy_text,
                   "Ctrl+Shift+R", possible=chosen),
            Action("copy-json", tr("Copy the record as JSON"), self.details.copy_json,
                   possible=chosen),
        )  # fmt: skip

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.table.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.table.hasFocus():
            self.table.setFocus()
        else:
            super().keyPressEvent(event)

    # The list

    def show_query(self, query: ActivityQuery) -> None:
        """List what a query finds; the way back is kept."""
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
        """Show a record among all others, wherever it stands."""
        self._wanted = number
        if self.state.query.narrowed or self.state.done < 1:
            self._show_query(ActivityQuery())
        else:
            self._find_wanted()

    def _show_query(self, query: ActivityQuery) -> None:
        self.frame.remember(_FILTERS, states.to_remember(query))
        if self.isVisible() or self._listed:
            self._ask(query)
        else:
            self.show_state(states.asked(self.state, query))

    def _ask_again(self) -> None:
        self._ask(self.state.query)

    def _ask(self, query: ActivityQuery) -> None:
        self._listed = self._listed and query == self.state.query
        self._again = False
        self.rows = Rows(self.frame.desk, query)
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
        self.rows.add(len(fresh), head)
        self.table.add_above(fresh, self.rows.fetch)
        count = (self.state.count or 0) + len(fresh)
        self.show_state(replace(self.state, count=count, head=head))

    def _failed(self, error: Exception) -> None:
        self._listed = False
        self.details.show_record(None)
        self.show_state(states.failed(self.state, trouble_of(error).details or str(error)))
        self.frame.trouble(error, tr("Reading the activity"), self._ask_again)

    def _find_wanted(self) -> None:
        number, self._wanted = self._wanted, 0
        activity = self.frame.desk.activity

        def go(place: int) -> None:
            self.table.go_to(place)
            self.table.setFocus()

        self._finding.ask(lambda stop: activity.place_of(number, stop=stop), go)

    def _ask_choices(self) -> None:
        activity, filters = self.frame.desk.activity, self.list.filters
        self._choosing.ask(lambda stop: activity.choices(stop=stop), filters.show_choices)

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
        self.list.query_wanted.connect(self.show_query)
        self.list.filters_toggled.connect(self._make_room)
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
        self.parts.splitterMoved.connect(lambda *_: self._remember_split())
        current().changed.connect(self._lay_out)

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
        self.parts.setObjectName("gap")
        self.parts.setChildrenCollapsible(False)
        self.parts.setHandleWidth(CARD_GAP)
        self.parts.addWidget(self.list)
        self.parts.addWidget(self.details)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(PAGE_PADDING, PAGE_PADDING, PAGE_PADDING, PAGE_PADDING)
        whole.setSpacing(CARD_GAP)
        whole.addLayout(head)
        whole.addWidget(self.parts, 1)
        self._beside: bool | None = None

    def _lay_out(self) -> None:
        """The record stands beside the list where there is room, else below it."""
        beside = self.width() >= current().px(_BESIDE_FROM)
        if beside == self._beside:
            return
        self._beside = beside
        way = Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical
        self.parts.setOrientation(way)
        self._make_room()
        self.details.lay(wide=not beside)
        kept = self.frame.recall(_SPLIT, {})
        sizes = kept.get(self._shape) if isinstance(kept, dict) else None
        good = isinstance(sizes, list) and len(sizes) == 2
        good = good and all(isinstance(size, int) for size in sizes or ())
        self.parts.setSizes(sizes if good and sizes else list(_SHARES[self._shape]))

    def _make_room(self) -> None:
        """Where the record stands below the list, open filters take its room."""
        self.details.setVisible(bool(self._beside) or self.list.filters.isHidden())

    @property
    def _shape(self) -> str:
        return "beside" if self._beside else "below"

    def _remember_split(self) -> None:
        kept = self.frame.recall(_SPLIT, {})
        kept = kept if isinstance(kept, dict) else {}
        self.frame.remember(_SPLIT, {**kept, self._shape: self.parts.sizes()})
