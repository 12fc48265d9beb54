"""The choices above the chart: grouping, measure, months, share, and how many series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from app.domain.calendar import FIRST_YEAR, Month
from app.domain.consumption import By
from app.ui import format as write
from app.ui.consumption.state import GROUPINGS, MEASURES, RANGE, SPANS, Choice
from app.ui.theme import dress
from app.ui.widgets.flow import FlowLayout

_MOST_ROWS: Final = 12
_MONTHS_BACK: Final = 120


class MonthField(QComboBox):
    """A month, from the newest that can be seen back."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setMaxVisibleItems(_MOST_ROWS)
        dress(self, "body")

    @property
    def month(self) -> Month:
        """The month in the field."""
        month: Month = self.currentData()
        return month

    def show_month(self, month: Month, newest: Month) -> None:
        """Show a month; none after `newest` can be chosen."""
        oldest = min(month, newest.plus(1 - _MONTHS_BACK))
        months = list(oldest.until(newest))[::-1]
        if self.count() != len(months) or self.itemData(0) != newest:
            self.clear()
            for one in months:
                self.addItem(write.month(one.year, one.month), one)
        self.setCurrentIndex(months.index(month))


class Controls(QWidget):
    """What can be chosen. `chosen` when the person did; `choice` is then the new choice."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.choice: Choice = Choice()
        self._running = Month(FIRST_YEAR, 1)
        self.grouping = _box("Group by", GROUPINGS)
        self.measure = _box("Measure", MEASURES)
        self.span = _box("Months shown", SPANS)
        self.first, self.last = MonthField("First month"), MonthField("Last month")
        self.share = _check("Share of each month")
        self.every = _check("All, not the top 7")
        line = FlowLayout(self, 8)
        for field in self._fields():
            line.addWidget(field)
        for box in (self.grouping, self.measure, self.span):
            box.activated.connect(self._taken)
        for month in (self.first, self.last):
            month.activated.connect(self._taken)
        for check in (self.share, self.every):
            check.toggled.connect(self._taken)

    def show_choice(self, choice: Choice, running: Month) -> None:
        """Show a choice; `running` is the newest month that can be seen."""
        self.choice, self._running = choice, running
        for box, key in (
            (self.grouping, choice.by),
            (self.measure, choice.measure),
            (self.span, choice.span),
        ):
            box.setCurrentIndex(box.findData(key))
        first, last = choice.months(running)
        self.first.show_month(first, running)
        self.last.show_month(last, running)
        for check, on in ((self.share, choice.share), (self.every, choice.every)):
            with QSignalBlocker(check):
                check.setChecked(on)
        self.first.setVisible(choice.span == RANGE)
        self.last.setVisible(choice.span == RANGE)
        self.every.setVisible(choice.by != By.PLAN)

    def _taken(self) -> None:
        span = str(self.span.currentData())
        first, last = self.choice.first, self.choice.last
        if span == RANGE:
            shown = self.choice.months(self._running)
            entered = (self.first.month, self.last.month)
            first, last = sorted(entered if self.choice.span == RANGE else shown)
        self.choice = replace(
            self.choice,
            by=str(self.grouping.currentData()),
            measure=str(self.measure.currentData()),
            span=span,
            first=first,
            last=last,
            share=self.share.isChecked(),
            every=self.every.isChecked(),
        )
        self.chosen.emit()

    def _fields(self) -> tuple[QWidget, ...]:
        boxes = (self.grouping, self.measure, self.span)
        return (*boxes, self.first, self.last, self.share, self.every)


def _box(name: str, words: Mapping[str, str]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setMaxVisibleItems(_MOST_ROWS)
    dress(box, "body")
    for key, text in words.items():
        box.addItem(text, key)
    return box


def _check(text: str) -> QCheckBox:
    box = QCheckBox(text)
    box.setMinimumHeight(32)
    dress(box, "body")
    return box
