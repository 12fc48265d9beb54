"""The page of consumption: stacked months, the same figures as a table, who is behind a piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSplitter, QVBoxLayout, QWidget

from app.domain.calendar import BillingCalendar, Month
from app.ui.actions import Action
from app.ui.background import Latest
from app.ui.charts.data import MonthRow, MonthSeries, twin_rows
from app.ui.charts.stacked import StackedMonths
from app.ui.columns import Column
from app.ui.consumption import exports
from app.ui.consumption.behind import BehindCard, Piece
from app.ui.consumption.controls import Controls
from app.ui.consumption.state import (
    Choice,
    ConsumptionState,
    Figures,
    arrived,
    changes_words,
    chart_of,
    coloured_by,
    columns_of,
    features_on_record,
    file_name,
    headline,
    keys_of,
    piece_words,
    read,
    running_words,
    taken_up,
    title_of,
    told_of,
)
from app.ui.errors import trouble_of
from app.ui.page import Frame, Page, Sentences, show_phase
from app.ui.rows_model import RowsModel
from app.ui.saving import save_file
from app.ui.theme import current
from app.ui.tokens import CARD_GAP, CARD_PADDING, PAGE_PADDING
from app.ui.widgets.button import Button
from app.ui.widgets.card import Card
from app.ui.widgets.states import Overlay
from app.ui.widgets.table import Table
from app.ui.widgets.text import ElidedLabel, Label

_REMEMBERED: Final = "consumption"
_SPLIT: Final = "consumption/split"
_CHART_SHARE, _TABLE_SHARE = 2, 1
_LEAST_PLOT: Final = 210
_LEAST_TABLE: Final = 96


class ConsumptionPage(Page):
    """What is used by month. Choices are remembered; what is shown stays while more is read."""

    concerns: ClassVar[frozenset[str] | None] = frozenset({"accounts", "prices", "consumption"})

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.state = ConsumptionState(taken_up(frame.recall(_REMEMBERED)))
        self.data = MonthSeries((), ())
        self._question = Latest(frame.background, owner=self)
        self._calendar = BillingCalendar(frame.desk.zone)
        self.table = _table((), ())
        self.table_card = Card(padded=False)
        self.table_card.add(self.table, 1)
        self._build()
        self.show_state(self.state)

    # What the window asks

    def reload(self) -> None:
        """Count anew; what is shown stays meanwhile."""
        self._calendar = BillingCalendar(self.frame.desk.zone)
        self.show_state(replace(self.state, phase="loading"))
        desk, choice, running = self.frame.desk, self.state.choice, self._running()
        self._question.ask(
            lambda stop: read(desk, choice, running, stop), self._arrived, self._failed
        )
        self.behind.reload()

    def actions_offered(self) -> Sequence[Action]:
        """Exporting, and what the controls do, by name."""
        return (
            Action(
                "export-chart", "Export chart as PNG…", partial(self.ask_export, "png"), "Ctrl+E"
            ),
            Action("export-drawing", "Export chart as SVG…", partial(self.ask_export, "svg")),
            Action("export-months", "Export months as CSV…", partial(self.ask_export, "csv")),
            Action("chart-share", "Share of each month, or numbers", self._toggle_share),
            Action("close-piece", "Close users behind the piece", self.behind.close_piece),
        )

    def show_state(self, state: ConsumptionState) -> None:
        """Write a state to the widgets."""
        self.state = state
        self.controls.show_choice(state.choice, self._running())
        if state.figures is not None:
            self._show_figures(state.figures)
        self.export_button.setEnabled(state.figures is not None and bool(self.data.series))
        show_phase(
            self.overlay,
            state.phase,
            self._sentences(),
            retry=self.reload,
            cancel=self._cancel,
            details=state.details,
        )

    # Choosing

    def choose(self, choice: Choice) -> None:
        """Show something else, and remember it."""
        if choice == self.state.choice:
            return
        self.frame.remember(_REMEMBERED, choice.kept())
        asked_before = replace(self.state.choice, share=False, hidden=frozenset())
        self.state = replace(self.state, choice=choice)
        if replace(choice, share=False, hidden=frozenset()) == asked_before:
            self.show_state(self.state)
        else:
            self.behind.close_piece()
            self.reload()

    def _toggle_share(self) -> None:
        self.choose(replace(self.state.choice, share=not self.state.choice.share))

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

    def _failed(self, error: Exception) -> None:
        details = trouble_of(error, "count what was used").details
        self.show_state(replace(self.state, phase="failed", details=details))

    def _cancel(self) -> None:
        self._question.cancel()
        figures = self.state.figures
        phase = "failed" if figures is None else arrived(self.state, figures).phase
        self.show_state(replace(self.state, phase=phase))

    def _sentences(self) -> Sentences:
        return Sentences(
            empty="Nothing was used in these months.",
            action="" if self.state.choice.span == "36" else "Show the last 36 months",
            act=lambda: self.choose(replace(self.state.choice, span="36")),
            failed="What was used could not be counted.",
        )

    # Showing

    def _show_figures(self, figures: Figures) -> None:
        choice, zone = self.state.choice, self.frame.zone
        self.data = chart_of(figures, self._calendar)
        self.headline.setText(headline(figures, zone))
        self.chart_card.title.setText(title_of(choice))
        self.chart_card.aside.setText(running_words(self.data))
        self.changes.setText(changes_words(figures, zone))
        self.changes.setVisible(bool(figures.changes))
        self.chart.show_data(self.data, share=choice.share, colours=lambda: self._colours(figures))
        self._switch_off(choice.hidden)
        self._show_table()

    def _colours(self, figures: Figures) -> dict[str, QColor]:
        colours = current().feature_colours(features_on_record(figures))
        return {key: colours[feature] for key, feature in coloured_by(figures).items()}

    def _switch_off(self, hidden: frozenset[str]) -> None:
        with QSignalBlocker(self.chart):
            for box in self.chart.legend.boxes:
                box.setChecked(box.key not in hidden)

    def _show_table(self) -> None:
        """The table's columns are the series, so other series need another table."""
        shown = self.chart.shown
        table = _table(columns_of(shown, share=self.state.choice.share), twin_rows(shown))
        table.opened.connect(lambda row: self.open_piece(row.month, ""))
        table.told.connect(self.frame.say)
        self.table_card.body.replaceWidget(self.table, table)
        self.table.hide()
        self.table.deleteLater()
        self.table = table

    def _make_room(self) -> None:
        """However many lines the legend has, columns can still be told apart above it."""
        across, _down = CARD_PADDING
        legend = self.chart.legend.heightForWidth(self.width() - 2 * (PAGE_PADDING + across))
        self.chart_card.setMinimumHeight(current().px(_LEAST_PLOT) + legend)
        self.table_card.setMinimumHeight(current().px(_LEAST_TABLE))

    def event(self, event: QEvent) -> bool:
        # What is inside has another size: a longer legend, larger text.
        if event.type() == QEvent.Type.LayoutRequest:
            self._make_room()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def open_piece(self, month: Month, key: str) -> None:
        """Show the users behind a piece of the chart, or behind a whole month."""
        figures = self.state.figures
        if figures is None:
            return
        shown = self.chart.shown
        keys = keys_of(figures.monthly, [series.key for series in shown.series], key)
        monthly, words = figures.monthly, piece_words(shown, month, key)
        piece = Piece(month, keys, monthly.by, monthly.measure, words)
        self.behind.show_piece(self.frame.desk, piece)

    # Files

    def ask_export(self, kind: str) -> None:
        """Ask where to, then write the file."""
        figures = self.state.figures
        if figures is None or not self.data.series:
            self.frame.say("There is nothing to export: nothing was used in these months.")
            return
        name = file_name(self.state.choice, figures, kind)
        exports.ask_save(self, kind, name, partial(self.export, kind))

    def export(self, kind: str, path: str) -> None:
        """Write what is shown to a file, with what it is and when it was read."""
        figures = self.state.figures
        if figures is None:
            return
        told = told_of(figures, self.state.choice, figures.monthly.as_of, self.frame.zone)
        content = self._content(kind, told)
        self.frame.background.write(
            lambda _stop: save_file(path, content),
            lambda saved: self.frame.say(f"Exported to {Path(saved).name}."),
            lambda error: self.frame.trouble(error, "export", partial(self.export, kind, path)),
        )

    def _content(self, kind: str, told: Sequence[str]) -> bytes:
        if kind == "png":
            return exports.png(self.chart, told)
        if kind == "svg":
            return exports.svg(self.chart, told)
        columns = columns_of(self.chart.shown, share=self.state.choice.share)
        return exports.csv_file(columns, twin_rows(self.chart.shown)[::-1], told)

    # Building

    def _build(self) -> None:
        self.headline = ElidedLabel("", "caption", "text2")
        self.export_button = Button("Export", icon="download")
        self.export_button.setMenu(self._export_menu())
        self.controls = Controls()
        self.controls.chosen.connect(lambda: self.choose(self.controls.choice))
        self.chart = StackedMonths("Consumption")
        self.chart.piece_clicked.connect(self.open_piece)
        self.chart.shown_changed.connect(self._switched)
        self.changes = ElidedLabel("", "caption", "text2")
        self.chart_card = Card(" ", " ")
        self.chart_card.add(self.chart, 1)
        self.chart_card.add(self.changes)
        frame = self.frame
        self.behind = BehindCard(
            frame.background, frame.trouble, lambda user: frame.open_page("users", user)
        )
        self._arrange()

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label("Consumption", "title"))
        words.addWidget(self.headline)
        head = QHBoxLayout()
        head.addLayout(words, 1)
        head.addWidget(self.export_button)
        below = QWidget()
        row = QHBoxLayout(below)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(CARD_GAP)
        row.addWidget(self.table_card, 1)
        row.addWidget(self.behind)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setObjectName("gap")
        parts.setChildrenCollapsible(False)
        parts.setHandleWidth(CARD_GAP)
        for part, share in ((self.chart_card, _CHART_SHARE), (below, _TABLE_SHARE)):
            parts.addWidget(part)
            parts.setStretchFactor(parts.indexOf(part), share)
        kept = self.frame.recall(_SPLIT)
        good = isinstance(kept, list) and len(kept) == 2 and all(isinstance(n, int) for n in kept)
        parts.setSizes(kept if good else [_CHART_SHARE * 1000, _TABLE_SHARE * 1000])
        parts.splitterMoved.connect(lambda *_: self.frame.remember(_SPLIT, parts.sizes()))
        # A splitter would take what lies over it for one more part.
        figures = QWidget()
        inside = QVBoxLayout(figures)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(parts)
        self.overlay = Overlay(figures)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(PAGE_PADDING, PAGE_PADDING, PAGE_PADDING, PAGE_PADDING)
        whole.setSpacing(CARD_GAP)
        whole.addLayout(head)
        whole.addWidget(self.controls)
        whole.addWidget(figures, 1)

    def _export_menu(self) -> QMenu:
        menu = QMenu(self)
        for kind, text in (("png", "Picture (PNG)…"), ("svg", "Drawing (SVG)…")):
            menu.addAction(text).triggered.connect(partial(self._asked, kind))
        menu.addAction("Table (CSV)…").triggered.connect(partial(self._asked, "csv"))
        return menu

    def _asked(self, kind: str, _checked: bool = False) -> None:
        self.ask_export(kind)


def _table(columns: Sequence[Column[MonthRow]], rows: Sequence[MonthRow]) -> Table[MonthRow]:
    model = RowsModel(columns, rows)
    table = Table(model, "Months")
    model.setParent(table)
    return table
