"""The numbers for leads: by week as a chart and a table, open now, people, credits, and today."""

from __future__ import annotations

from threading import Event
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from app.domain.request_numbers import PersonNumbers, WeekNumbers
from app.domain.requests import Request
from app.ui import format as write
from app.ui.act_dialog import Choice
from app.ui.background import Latest
from app.ui.charts.weeks import WeekBars
from app.ui.columns import csv_lines
from app.ui.errors import trouble_of
from app.ui.file_dialogs import ask_where
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.requests import numbers_state as states
from app.ui.requests.numbers_state import Numbers, OpenRow, ReasonRow
from app.ui.rows_model import RowsModel
from app.ui.saving_text import save_text
from app.ui.tokens import CARD_GAP
from app.ui.widgets.button import Button
from app.ui.widgets.card import StatCard
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.states import Overlay
from app.ui.widgets.table import Table
from app.ui.widgets.text import Label

_SIZE = (900, 620)
_SPAN = "requests/numbers"
_NAMES = ("weeks", "open", "people", "credits", "today")


class NumbersDialog(Dialog):
    """Shows the figures of some weeks; each tab's table can be saved as it stands."""

    def __init__(self, parent: QWidget, frame: Frame, reasons: dict[str, str]) -> None:
        super().__init__(
            parent, tr("Requests in numbers"), tr("Close"), kind="plain", width=_SIZE[0]
        )
        self._frame = frame
        self._reasons = reasons
        self._question = Latest(frame.background, owner=self)
        self.numbers: Numbers | None = None
        self.span = Choice(tr("Span"), states.SPANS, str(frame.recall(_SPAN, "12")))
        if self.span.currentIndex() < 0:
            self.span.choose("12")
        self.save_button = Button(tr("Save as CSV…"), self.ask_save, icon="download")
        self.cards = {
            "open": StatCard(tr("Open now")),
            "resolved": StatCard(tr("Resolved")),
            "answer": StatCard(tr("First answer, median")),
            "credits": StatCard(tr("Credits given")),
        }
        self.chart = WeekBars(tr("Requests by week"))
        self._weeks: RowsModel[WeekNumbers] = RowsModel(states.week_columns())
        self._people: RowsModel[PersonNumbers] = RowsModel(states.people_columns())
        self._credits: RowsModel[ReasonRow] = RowsModel(states.REASONS)
        self._today: RowsModel[Request] = RowsModel(states.today_columns(frame.zone))
        self.weeks = Table(self._weeks, tr("By week"))
        self.people = Table(self._people, tr("People"))
        self.credits = Table(self._credits, tr("Credits by reason"))
        self.today = Table(self._today, tr("Today"))
        self.open_table: Table[OpenRow] | None = None
        self.said = Label("", "name", wrap=True)
        self.tabs = QTabWidget()
        self.cancel_button.hide()
        self._build()
        self.overlay = Overlay(self.tabs)
        self.span.currentIndexChanged.connect(self._chosen)
        self.resize(*_SIZE)
        self.reload()

    def reload(self) -> None:
        """Count anew; what is shown stays meanwhile."""
        self.overlay.loading()
        desk, reasons = self._frame.desk, self._reasons
        first, last = states.days_of(self.span.key, self._frame.now(), self._frame.zone)

        def read(stop: Event) -> Numbers:
            figures = desk.requests.numbers(first, last, stop=stop)
            return Numbers(figures, desk.requests.today(stop=stop), reasons)

        self._question.ask(read, self.show_numbers, self._failed)

    def show_numbers(self, numbers: Numbers) -> None:
        """Show these figures."""
        self.numbers = numbers
        figures = numbers.figures
        self.overlay.ready()
        late = sum(age.open for age in figures.ages if age.from_hours >= 24)
        self.cards["open"].show_number(
            write.credits(numbers.open), tr("{late} for more than a day", late=write.credits(late))
        )
        self.cards["resolved"].show_number(
            write.credits(numbers.resolved), tr("{first} to today", first=write.day(figures.first))
        )
        answer = figures.first_answer
        self.cards["answer"].show_number(states.hours(answer.median), states.times(answer))
        given = sum(figures.credits.values())
        self.cards["credits"].show_number(write.credits(given), tr("with the answers"))
        self.chart.show_weeks(states.chart(figures))
        self._weeks.show_rows(figures.weeks[::-1])
        self._show_open(numbers)
        self._people.show_rows(figures.people)
        self._credits.show_rows(states.reason_rows(numbers))
        self._today.show_rows(numbers.today.resolved)
        self.said.setText(states.today_words(numbers.today))
        for table, nothing in (
            (self.people, tr("Nobody resolved a request in these weeks.")),
            (self.credits, tr("No answer gave credits in these weeks.")),
            (self.today, tr("You have not resolved a request today.")),
        ):
            table.overlay.ready() if table.rows.rowCount() else table.overlay.empty(nothing)

    def submit(self) -> None:
        self.accept()

    def ask_save(self) -> None:
        """Save the table in view as CSV."""
        ask_where(self, f"requests-{_NAMES[self.tabs.currentIndex()]}.csv", self.save_to)

    def save_to(self, path: str) -> None:
        """Save it under this name."""
        save_text(self._frame, path, self.csv())

    def csv(self) -> str:
        """The table in view as CSV, in the order shown."""
        tables: tuple[Table[Any] | None, ...] = (
            self.weeks, self.open_table, self.people, self.credits, self.today,
        )  # fmt: skip
        table = tables[self.tabs.currentIndex()]
        if table is None or not isinstance(table.rows, RowsModel):
            return ""
        return "".join(csv_lines(table.visible_columns(), table.rows.rows))

    # Inside

    def _chosen(self) -> None:
        self._frame.remember(_SPAN, self.span.key)
        self.reload()

    def _failed(self, error: Exception) -> None:
        problem = trouble_of(error, tr("Counting the requests"))
        self.overlay.failed(problem.sentence, retry=self.reload, details=problem.details)

    def _show_open(self, numbers: Numbers) -> None:
        ages = numbers.figures.ages
        if self.open_table is None:
            model: RowsModel[OpenRow] = RowsModel(states.open_columns(ages))
            self.open_table = Table(model, tr("Open now"))
            model.setParent(self.open_table)
            self._open_place.addWidget(self.open_table)
            self._open = model
        self._open.show_rows(states.open_rows(ages))

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.span)
        head.addStretch(1)
        head.addWidget(self.save_button)
        cards = QHBoxLayout()
        cards.setSpacing(CARD_GAP)
        for card in self.cards.values():
            cards.addWidget(card, 1)
        weeks = _tab(self.chart, self.weeks)
        opened = QWidget()
        self._open_place = QVBoxLayout(opened)
        self._open_place.setContentsMargins(0, 8, 0, 0)
        for widget, name in (
            (weeks, tr("By week")), (opened, tr("Open now")), (_tab(self.people), tr("People")),
            (_tab(self.credits), tr("Credits by reason")), (_tab(self.said, self.today),
             tr("My day")),
        ):  # fmt: skip
            self.tabs.addTab(widget, name)
        self.body.addLayout(head)
        self.body.addLayout(cards)
        self.body.addWidget(self.tabs, 1)


def _tab(*widgets: QWidget) -> QWidget:
    tab = QWidget()
    column = QVBoxLayout(tab)
    column.setContentsMargins(0, 8, 0, 0)
    column.setSpacing(8)
    for widget in widgets:
        column.addWidget(widget, 0 if isinstance(widget, Label) else 1)
    return tab
