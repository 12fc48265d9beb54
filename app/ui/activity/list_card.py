"""The list with its search field, filters, chips and states, and the head of the chain beneath."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout

from app.domain.activity import ActivityQuery, ChainReport, Choices
from app.ui import format as write
from app.ui.activity import state as states
from app.ui.activity import words
from app.ui.activity.filters import FilterPanel
from app.ui.activity.state import ActivityState
from app.ui.activity.table import ActivityTable
from app.ui.language import tr
from app.ui.page import Frame, Sentences, show_phase
from app.ui.theme import dress_icon
from app.ui.widgets.button import IconButton
from app.ui.widgets.chips import ChipBar
from app.ui.widgets.search import SearchBox
from app.ui.widgets.text import Badge, Copyable, Label

_PADDING = 16


class ListCard(QFrame):
    """The list. `query_wanted(ActivityQuery)` by the search field, a filter or a chip.

    `filters_toggled` when the filters were opened or closed: they take the room of some rows.
    """

    query_wanted = Signal(object)
    filters_toggled = Signal()

    def __init__(self, frame: Frame, named: Callable[[str], str]) -> None:
        super().__init__()
        self.setObjectName("card")
        self._frame = frame
        self.state = ActivityState()
        self.search = SearchBox(
            tr("Any text in a record: an id, a ticket, a note, a value"), tr("Search activity")
        )
        self.filter_button = IconButton(
            "adjustments", tr("Filters"), self.toggle_filters, shortcut="Ctrl+Shift+F"
        )
        self.columns_button = IconButton("columns", tr("Columns"), self.open_columns)
        self.filters = FilterPanel(frame)
        self.chips = ChipBar()
        self.table = ActivityTable(frame, named)
        self.overlay = self.table.overlay
        self.head = Copyable(what=tr("Copy head of the chain"))
        self.head_words = Label("", "caption", "text2")
        self.verdict = Badge()
        self._build()
        self.filters.wanted.connect(self.query_wanted)
        self.filters.done.connect(self.toggle_filters)
        self.chips.wanted.connect(self.query_wanted)
        self.chips.left.connect(self.table.setFocus)
        self.search.searched.connect(self._typed)
        self.search.entered.connect(self.table.setFocus)
        self.search.drive(self.table)

    def show_state(
        self, state: ActivityState, retry: Callable[[], None], stop: Callable[[], None]
    ) -> None:
        """Write a state to the widgets."""
        query, before = state.query, self.state.query
        self.state = state
        # Only with another query: an answer must not overwrite what is being typed meanwhile.
        if query != before and query.text.split() != self.search.text().split():
            self.search.setText(query.text)
        self.filters.show_query(query)
        self.chips.show_chips(
            states.chips(query), states.without_filters(query), clearable=query.filtered
        )
        on = query.filtered or not self.filters.isHidden()
        dress_icon(self.filter_button, "adjustments", "accent_text" if on else "text2")
        self._show_head(state)
        action, act = self._way_out(state)
        show_phase(
            self.overlay,
            state.phase,
            Sentences(
                empty=state.nothing,
                action=action,
                act=act,
                failed=tr("Reading the activity was stopped.")
                if state.stopped
                else tr("The activity could not be read."),
                unchanged="" if state.stopped else tr("Nothing was changed."),
            ),
            retry=retry,
            cancel=stop,
            details=state.problem,
        )

    def show_choices(self, choices: Choices) -> None:
        """Offer what is on record, and shorten who is at the address that most have."""
        self.filters.show_choices(choices)
        self.table.show_home(words.home_of(choices.staff))

    def show_verdict(self, report: ChainReport | None) -> None:
        """Say what the last proof found."""
        self.verdict.setVisible(report is not None)
        if report is not None:
            at = write.clock(report.checked_at, self._frame.zone)
            if report.ok:
                self.verdict.show_as(tr("Whole at {time}", time=at), "success")
            else:
                self.verdict.show_as(tr("Broken at {time}", time=at), "danger")

    # Filters and columns

    def toggle_filters(self) -> None:
        """Open the filters, with the keyboard on the first, or close them."""
        opened = self.filters.isHidden()
        self.filters.setVisible(opened)
        on = opened or self.state.query.filtered
        dress_icon(self.filter_button, "adjustments", "accent_text" if on else "text2")
        self.filters_toggled.emit()
        if opened:
            self.filters.begin()
        else:
            self.table.setFocus()

    def begin_search(self) -> None:
        """Put the keyboard into the search field."""
        self.search.setFocus()
        self.search.selectAll()

    def clear_filters(self) -> None:
        """Show every record."""
        self.query_wanted.emit(ActivityQuery())

    def open_columns(self) -> QMenu:
        """The menu of columns."""
        menu = self.table.column_menu()
        menu.popup(self.columns_button.mapToGlobal(self.columns_button.rect().bottomLeft()))
        return menu

    # Inside

    def _way_out(self, state: ActivityState) -> tuple[str, Callable[[], object] | None]:
        if state.query.filtered:
            return tr("Clear filters"), self.clear_filters
        if state.query.words:
            return tr("Clear search"), self.clear_filters
        return "", None

    def _typed(self, text: str) -> None:
        if text.split() != self.state.query.text.split():
            self.query_wanted.emit(states.with_text(self.state.query, text))

    def _show_head(self, state: ActivityState) -> None:
        head = state.head
        self.head.setVisible(head is not None and head.record > 0)
        if head is None or head.record == 0:
            self.head_words.setText("")
            return
        self.head.set_text(head.hash)
        self.head_words.setText(
            tr("Head of the chain, record {number}", number=write.credits(head.record))
        )

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(_PADDING, 10, 10, 8)
        top.setSpacing(6)
        top.addWidget(self.search, 1)
        top.addWidget(self.filter_button)
        top.addWidget(self.columns_button)
        foot = QHBoxLayout()
        foot.setContentsMargins(_PADDING, 4, _PADDING, 2)
        foot.setSpacing(8)
        foot.addWidget(self.head_words)
        foot.addWidget(self.head, 1)
        foot.addStretch(1)
        foot.addWidget(self.verdict)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.filters)
        column.addWidget(self.chips)
        column.addWidget(_rule())
        column.addWidget(self.table, 1)
        column.addWidget(_rule())
        column.addLayout(foot)
        self.filters.hide()
        self.chips.hide()
        self.verdict.hide()


def _rule() -> QFrame:
    rule = QFrame()
    rule.setObjectName("rule")
    rule.setFixedHeight(1)
    return rule
