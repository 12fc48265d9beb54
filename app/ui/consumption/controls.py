"""The choices above the chart: grouping, measure, months, and how they are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from app.domain.calendar import FIRST_YEAR, Month
from app.domain.consumption import By
from app.ui import format as write
from app.ui.consumption import words
from app.ui.consumption.state import LINES, RANGE, Choice
from app.ui.language import tr
from app.ui.theme import dress
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.text import plain_tip

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
        if self.count() != oldest.distance(newest) + 1 or self.itemData(0) != newest:
            self.clear()
            for one in reversed(list(oldest.until(newest))):
                self.addItem(write.month(one.year, one.month), one)
        self.setCurrentIndex(month.distance(newest))


class Controls(QWidget):
    """What can be chosen. `chosen` when the person did; `choice` is then the new choice."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.choice: Choice = Choice()
        self._running = Month(FIRST_YEAR, 1)
        self.grouping = _box(tr("Group by"), words.groupings())
        self.measure = _box(tr("Measure"), words.measures_in_short())
        self.span = _box(tr("Months shown"), words.spans())
        self.first, self.last = MonthField(tr("First month")), MonthField(tr("Last month"))
        self.shape = _box(tr("Drawn as"), words.shapes())
        self.share = _check(tr("Share"), tr("Each month as 100 %, not in numbers"))
        self.every = _check(tr("All"), tr("All of them, not the 7 largest and the others together"))
        self.patterned = _check(
            tr("Patterns"), tr("Tells pieces apart without colour: by patterns and their figures")
        )
        self.table = _box(tr("Table beneath"), {})
        """Stands right above the table, not among the others."""
        self.table.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        line = FlowLayout(self, 8)
        for field in self._fields():
            line.addWidget(field)
        for box in (self.grouping, self.measure, self.span, self.shape, self.table):
            box.activated.connect(self._taken)
        for month in (self.first, self.last):
            month.activated.connect(self._taken)
        for check in (self.share, self.every, self.patterned):
            check.toggled.connect(self._taken)

    def show_choice(self, choice: Choice, running: Month) -> None:
        """Show a choice; `running` is the newest month that can be seen."""
        self.choice, self._running = choice, running
        for box, key in (
            (self.grouping, choice.by),
            (self.measure, choice.measure),
            (self.span, choice.span),
            (self.shape, choice.shape),
        ):
            box.setCurrentIndex(box.findData(key))
        if choice.span == RANGE:
            first, last = choice.months(running)
            self.first.show_month(first, running)
            self.last.show_month(last, running)
        for check, on in (
            (self.share, choice.share),
            (self.every, choice.every),
            (self.patterned, choice.patterned),
        ):
            with QSignalBlocker(check):
                check.setChecked(on)
        self.first.setVisible(choice.span == RANGE)
        self.last.setVisible(choice.span == RANGE)
        self.every.setVisible(choice.by != By.PLAN)
        # Lines have marks of their own, whatever is chosen.
        self.patterned.setVisible(choice.shape != LINES)

    def offer_tables(self, tables: Mapping[str, str], chosen: str) -> None:
        """What the table beneath may show; the first where the one chosen is not among them."""
        if [self.table.itemData(at) for at in range(self.table.count())] != list(tables):
            self.table.clear()
            for key, text in tables.items():
                self.table.addItem(text, key)
        self.table.setCurrentIndex(max(0, self.table.findData(chosen)))

    def _taken(self) -> None:
        span = str(self.span.currentData())
        first, last = self.choice.first, self.choice.last
        if span == RANGE:
            shown = self.choice.months(self._running)
            entered = (self.first.month, self.last.month)
            first, last = sorted(entered if self.choice.span == RANGE else shown)
        every = self.every.isChecked()
        chosen = replace(
            self.choice,
            by=str(self.grouping.currentData()),
            measure=str(self.measure.currentData()),
            span=span,
            first=first,
            last=last,
            share=self.share.isChecked(),
            every=every,
            lent=self.choice.lent and every == self.choice.every,
            shape=str(self.shape.currentData()),
            patterned=self.patterned.isChecked(),
        )
        self.choice = chosen.beneath(str(self.table.currentData() or self.choice.table))
        self.chosen.emit()

    def _fields(self) -> tuple[QWidget, ...]:
        boxes = (self.grouping, self.measure, self.span, self.first, self.last, self.shape)
        return (*boxes, self.share, self.every, self.patterned)


def _box(name: str, choices: Mapping[str, str]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setMaxVisibleItems(_MOST_ROWS)
    dress(box, "body")
    for key, text in choices.items():
        box.addItem(text, key)
    return box


def _check(text: str, tip: str) -> QCheckBox:
    box = QCheckBox(text)
    box.setToolTip(plain_tip(tip))
    box.setAccessibleDescription(tip)
    box.setMinimumHeight(32)
    dress(box, "body")
    return box
