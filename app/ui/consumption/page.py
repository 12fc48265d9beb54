"""The page of consumption: months stacked or as lines, the same as a table, who is behind a piece.

Another page opens a place in it by a mapping of texts, all of them optional::

    frame.open_page("consumption", {
        "by": "feature",            # or "family", "plan"
        "measure": "credits",       # or "uses", "users", "refused", "refunded"
        "first": "2026-10",         # the months shown
        "last": "2026-11",
        "month": "2026-11",         # with a month, the users behind it are listed,
        "until": "2026-11",         # over all months up to this one, where it is given,
        "key": "ghostface",         # of this feature, family or plan (or "other"); else of all
    })

The way back (Alt+Left) comes in the same form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import ClassVar, Final

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QColor, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.calendar import BillingCalendar, Month
from app.ui.actions import Action
from app.ui.background import Latest
from app.ui.charts.data import MonthSeries
from app.ui.charts.stacked import StackedMonths
from app.ui.consumption import exports, growth, words
from app.ui.consumption.behind import BehindCard, Piece
from app.ui.consumption.changes import ChangesLine
from app.ui.consumption.controls import Controls
from app.ui.consumption.split import footed, headed, make_room, split
from app.ui.consumption.state import (
    LINES,
    MONTHS,
    STACKED,
    Choice,
    ConsumptionState,
    Figures,
    Wanted,
    arrived,
    chart_of,
    coloured_by,
    features_on_record,
    is_gathered,
    keys_of,
    place_of,
    placed,
    read,
    taken_up,
    wanted_at,
)
from app.ui.consumption.tables import TableCard
from app.ui.errors import trouble_of
from app.ui.language import tr
from app.ui.page import Frame, Page, show_phase
from app.ui.theme import current
from app.ui.tokens import CARD_GAP, PAGE_PADDING
from app.ui.widgets.button import Button
from app.ui.widgets.card import Card
from app.ui.widgets.states import Overlay
from app.ui.widgets.table import Table
from app.ui.widgets.text import ElidedLabel, Label, plain_tip

_REMEMBERED: Final = "consumption"


class ConsumptionPage(Page):
    """What is used by month. Choices are remembered; what is shown stays while more is read."""

    concerns: ClassVar[frozenset[str] | None] = frozenset({"accounts", "prices", "consumption"})

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.state = ConsumptionState(taken_up(frame.recall(_REMEMBERED)))
        self.data = MonthSeries((), ())
        self._question = Latest(frame.background, owner=self)
        self._calendar = BillingCalendar(frame.desk.zone)
        self._wanted: Wanted | None = None
        self._opened: Wanted | None = None
        self._build()
        self.show_state(self.state)

    @property
    def table(self) -> Table[object]:
        """The table beneath the chart."""
        return self.table_card.table

    # What the window asks

    def reload(self) -> None:
        """Count anew; what is shown stays meanwhile."""
        self._calendar = BillingCalendar(self.frame.desk.zone)
        self.show_state(replace(self.state, phase="loading"))
        desk, choice, running = self.frame.desk, self.state.choice, self._running()
        self._question.ask(
            lambda stop: read(desk, choice, running, stop), self._arrived, self._failed
        )
        if self._opened is not None:
            self.behind.reload()

    def actions_offered(self) -> Sequence[Action]:
        """Exporting, and what the controls do, by name."""
        export = self.ask_export
        return (
            Action("export-chart", tr("Export chart as PNG…"), partial(export, "png"), "Ctrl+E"),
            Action("export-drawing", tr("Export chart as SVG…"), partial(export, "svg")),
            Action("export-page", tr("Export chart as PDF…"), partial(export, "pdf")),
            Action("export-table", tr("Export table as CSV…"), partial(export, "csv")),
            Action("chart-share", tr("Share of each month, or numbers"), self._toggle_share),
            Action("chart-lines", tr("Months as lines, or stacked"), self._toggle_lines),
            Action("chart-growth", tr("Growth since prices changed"), self._show_growth),
            Action("close-piece", tr("Close users behind the piece"), self._close_piece),
        )

    def place(self) -> object:
        """The piece whose users are listed, for the way back; empty where none are."""
        opened = self._opened
        return {} if opened is None else place_of(self.state.choice, self._running(), opened)

    def go(self, place: object) -> None:
        """Show a place as described above, and who is behind it; it is not kept as a choice."""
        if not isinstance(place, Mapping) or place == self.place():
            return
        if not place:
            self._close_piece()
            return
        choice, running = self.state.choice, self._running()
        there = placed(choice, place, running)
        self._wanted = wanted_at(place)
        if there.asked != choice.asked or self.state.figures is None:
            self._close_piece()
            self.state = replace(self.state, choice=there)
            self.stale = True
            self.freshen()
        else:
            self.show_state(replace(self.state, choice=there))
            self._open_wanted()

    def show_state(self, state: ConsumptionState) -> None:
        """Write a state to the widgets."""
        self.state = state
        self.controls.show_choice(state.choice, self._running())
        if state.figures is not None:
            self._show_figures(state.figures)
        self.controls.offer_tables(self._tables(), state.choice.table)
        self.export_button.setEnabled(state.figures is not None and bool(self.data.series))
        said = words.sentences(state.choice.span, partial(self._show_span, "36"))
        again, stop = self.reload, self._cancel
        show_phase(self.overlay, state.phase, said, retry=again, cancel=stop, details=state.details)

    # Choosing

    def choose(self, choice: Choice) -> None:
        """Show something else, and remember it."""
        if choice == self.state.choice:
            return
        self._wanted = None
        self.frame.remember(_REMEMBERED, choice.kept())
        asked_before = self.state.choice.asked
        self.state = replace(self.state, choice=choice)
        if choice.asked == asked_before:
            self.show_state(self.state)
        else:
            self._close_piece()
            self.reload()

    def _show_span(self, span: str) -> None:
        self.choose(replace(self.state.choice, span=span))

    def _toggle_share(self) -> None:
        self.choose(replace(self.state.choice, share=not self.state.choice.share))

    def _toggle_lines(self) -> None:
        shape = STACKED if self.state.choice.shape == LINES else LINES
        self.choose(replace(self.state.choice, shape=shape))

    def _show_growth(self) -> None:
        since = next(iter(growth.starts(self.data)))
        self.choose(self.state.choice.beneath(since))

    def _tables(self) -> dict[str, str]:
        return {MONTHS: tr("Figures by month"), **growth.named(self.data)}

    def _switched(self) -> None:
        """The legend was used: the table follows the chart."""
        keys = {series.key for series in self.data.series}
        hidden = (self.state.choice.hidden - keys) | self.chart.legend.hidden_keys
        self.choose(replace(self.state.choice, hidden=hidden))

    # Reading

    def _running(self) -> Month:
        return self._calendar.month_of(self.frame.now())

    def _arrived(self, figures: Figures) -> None:
        self.show_state(arrived(self.state, figures))
        self._open_wanted()

    def _open_wanted(self) -> None:
        """Open the piece that a place named; what stands among the others is shown by itself."""
        wanted, figures = self._wanted, self.state.figures
        if wanted is None or figures is None:
            return
        if is_gathered(figures.monthly, wanted.key):
            self.state = replace(self.state, choice=replace(self.state.choice, every=True))
            self.reload()
            return
        self._wanted = None
        self._list_users(wanted)  # no step of its own: whoever led here keeps the way back

    def _failed(self, error: Exception) -> None:
        details = trouble_of(error, tr("count what was used")).details
        self.show_state(replace(self.state, phase="failed", details=details))

    def _cancel(self) -> None:
        self._question.cancel()
        figures = self.state.figures
        phase = "failed" if figures is None else arrived(self.state, figures).phase
        self.show_state(replace(self.state, phase=phase))

    # Showing

    def _show_figures(self, figures: Figures) -> None:
        choice, zone = self.state.choice, self.frame.zone
        self.data = chart_of(figures, self._calendar)
        self.headline.setText(words.headline(figures, zone))
        self.chart_card.title.setText(words.title(choice))
        self.chart.show_data(self.data, choice.style, colours=lambda: self._colours(figures))
        self._switch_off(choice.hidden)
        shown = self.chart.shown
        self.chart_card.aside.setText(words.running(shown))
        tip = words.projection(shown, figures.monthly.as_of, self._calendar)
        self.chart_card.aside.setToolTip(plain_tip(tip))
        self.changes.show_changes(self.data)
        whole = len(shown.series) == len(self.data.series)
        self.table_card.show_data(shown, choice, whole=whole)
        self._outline()

    def _colours(self, figures: Figures) -> dict[str, QColor]:
        colours = current().feature_colours(features_on_record(figures))
        return {key: colours[feature] for key, feature in coloured_by(figures).items()}

    def _switch_off(self, hidden: frozenset[str]) -> None:
        legend = self.chart.legend
        wanted = frozenset(box.key for box in legend.boxes) - hidden
        if wanted != frozenset(box.key for box in legend.boxes) - legend.hidden_keys:
            with QSignalBlocker(self.chart):
                self.chart.switch(wanted)

    def _outline(self) -> None:
        """Mark what the users listed are behind, in the chart or in the table."""
        opened = self._opened
        one = opened if opened is not None and opened.until is None else None
        self.chart.show_opened(one.month if one else None, one.key if one else "")
        if opened is not None:
            self.table_card.mark(opened)

    def _make_room(self) -> None:
        make_room(self.width(), self.chart_card, self.chart.legend_room, self.table_card)

    def event(self, event: QEvent) -> bool:
        # What is inside has another size: a longer legend, larger text.
        if event.type() == QEvent.Type.LayoutRequest:
            self._make_room()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._opened is not None:
            self._close_piece()  # wherever the keyboard is: else one would leave the page
        else:
            super().keyPressEvent(event)

    def open_piece(self, month: Month, key: str, until: Month | None = None) -> None:
        """Show the users behind a piece of the chart, or behind a whole month (or months)."""
        before = self.place()
        self._list_users(Wanted(month, key, until))
        if self.place() != before:
            self.frame.moved(self, before)

    def _list_users(self, piece: Wanted) -> None:
        figures = self.state.figures
        if figures is None:
            return
        shown, monthly = self.chart.shown, figures.monthly
        keys = keys_of(monthly, [series.key for series in shown.series], piece.key)
        heading = words.measures()[monthly.measure]
        said = words.piece(self.data, piece.month, piece.key, piece.until)
        self._opened = piece
        self.behind.show_piece(
            self.frame.desk,
            Piece(piece.month, keys, monthly.by, monthly.measure, said, heading, piece.until),
        )
        self._outline()

    def _clicked(self, month: Month, key: str, until: Month | None = None) -> None:
        """A piece was chosen in the chart or the table: the keyboard goes on to its users."""
        self.open_piece(month, key, until)
        self.behind.table.setFocus()

    def _passed(self, piece: Wanted) -> None:
        """While users are listed they are those of the row that is marked."""
        if self._opened not in {None, piece}:
            self._list_users(piece)

    def _close_piece(self) -> None:
        if self._opened is not None:
            self.behind.close_piece()

    def _closed(self, keyboard: bool) -> None:
        self._opened = None
        self._outline()
        if keyboard:
            self.chart.plot.setFocus()

    # Files

    def ask_export(self, kind: str) -> None:
        """Ask where to, then write the file."""
        figures = self.state.figures
        if figures is None or not self.data.series:
            self.frame.say(tr("There is nothing to export: nothing was used in these months."))
            return
        name = words.file_name(figures, kind, grown=self._written(kind) is not None)
        exports.ask_save(self, kind, name, partial(self.export, kind))

    def export(self, kind: str, path: str) -> None:
        """Write what is shown to a file, with what it is and when it was read."""
        figures = self.state.figures
        if figures is None:
            return
        choice, hidden = self.state.choice, self.chart.legend.hidden_keys
        drawing = exports.Drawing(self.data, choice.style, hidden, lambda: self._colours(figures))
        sheet = exports.sheet(figures, choice, drawing, self.frame.zone, self._written(kind))
        exports.write_file(self.frame, kind, path, sheet)

    def _written(self, kind: str) -> growth.Growth | None:
        """The growth that a file holds: a table is written as it is shown."""
        return self.table_card.compared if kind == "csv" else None

    # Building

    def _build(self) -> None:
        self.headline = ElidedLabel("", "caption", "text2")
        self.export_button = Button(tr("Export"), icon="download")
        self.export_button.setMenu(exports.menu(self, self.ask_export))
        self.controls = Controls()
        self.controls.chosen.connect(lambda: self.choose(self.controls.choice))
        self.chart = StackedMonths(tr("Consumption by month"))
        self.chart.piece_clicked.connect(self._clicked)
        self.chart.shown_changed.connect(self._switched)
        self.changes = ChangesLine()
        self.chart_card = Card(" ", " ")
        self.table_card = TableCard(self.frame.say)
        self.table_card.piece_wanted.connect(lambda of: self._clicked(of.month, of.key, of.until))
        self.table_card.piece_passed.connect(self._passed)
        self._arrange()

    @cached_property
    def behind(self) -> BehindCard:
        """The users behind a piece: made when the first one is opened."""
        frame = self.frame
        card = BehindCard(
            frame.background, frame.trouble, lambda user: frame.open_page("users", user)
        )
        card.closed.connect(self._closed)
        self._below.addWidget(card)
        return card

    def _arrange(self) -> None:
        """From the outside in: widgets are dressed anew each time something is put around them."""
        whole = QVBoxLayout(self)
        whole.setContentsMargins(PAGE_PADDING, PAGE_PADDING, PAGE_PADDING, PAGE_PADDING)
        whole.setSpacing(CARD_GAP)
        title = Label(tr("Consumption"), "title")
        whole.addLayout(headed(title, self.headline, self.export_button))
        whole.addWidget(self.controls)
        # A splitter would take what lies over it for one more part.
        figures, below = QWidget(), QWidget()
        whole.addWidget(figures, 1)
        inside = QVBoxLayout(figures)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(split(self.frame, self.chart_card, below))
        self._below = QHBoxLayout(below)
        self._below.setContentsMargins(0, 0, 0, 0)
        self._below.setSpacing(CARD_GAP)
        self._below.addWidget(self.table_card, 1)
        self.chart_card.add(self.chart, 1)
        self.chart_card.body.addLayout(footed(self.changes, self.controls.table))
        self.overlay = Overlay(figures)
