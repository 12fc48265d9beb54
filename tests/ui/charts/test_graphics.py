"""What is painted by hand is a graphic to a screen reader, and says what it shows."""

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.charts.sparkline import Sparkline
from app.ui.charts.weeks import Part as WeekPart
from app.ui.charts.weeks import WeekBars, Weeks
from app.ui.prices.what_if_bars import Bars
from app.ui.prices.what_if_state import Bar
from app.ui.theme import Theme
from app.ui.widgets.proportion import Part, ProportionBar


def sparkline() -> QWidget:
    return Sparkline("Used", (1_284, 7))


def weeks() -> QWidget:
    made = WeekBars("Requests by week")
    made.show_weeks(Weeks((date(2026, 11, 16),), (WeekPart("answered", "accent", (12,)),)))
    return made


def bars() -> QWidget:
    made = Bars("Users hit")
    made.show_bars([Bar("1 to 9", 12, 3)])
    return made


def proportion() -> QWidget:
    made = ProportionBar("What the balance is made of")
    made.show_parts([Part("1", 297, "Pro allowance: 297")])
    return made


@pytest.mark.parametrize(
    ("make", "name", "value"),
    [
        (sparkline, "Used", "1,284, 7"),
        (weeks, "Requests by week", "answered: 12"),
        (bars, "Users hit", "1 to 9: 12"),
        (proportion, "What the balance is made of", "Pro allowance: 297"),
    ],
)
def test_a_drawing_is_a_graphic_with_a_name_and_says_what_it_shows(
    qtbot: QtBot, theme: Theme, make: Callable[[], QWidget], name: str, value: str
) -> None:
    widget = make()
    qtbot.addWidget(widget)
    told = QAccessible.queryAccessibleInterface(widget)
    assert told.role() is QAccessible.Role.Graphic
    said = f"{told.text(QAccessible.Text.Name)} {told.text(QAccessible.Text.Description)}"
    assert said.startswith(name)
    assert value in said
