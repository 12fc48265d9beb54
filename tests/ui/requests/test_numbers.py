"""The numbers for leads: by week, open now, people, credits, and one's own day."""

import csv
import io
from datetime import UTC, date, datetime

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.ui.charts.weeks import described, labelled
from app.ui.requests import numbers_state as states
from app.ui.requests.numbers import NumbersDialog
from app.ui.requests.page import RequestsPage
from app.ui.window import Window
from tests.ui.requests.world import settle


def opened(desk: Desk, page: RequestsPage, window: Window, qtbot: QtBot) -> NumbersDialog:
    """The dialog, after one request was refunded and one was declined."""
    desk.requests.resolve(1, act="refund", charge_id=1)
    desk.requests.resolve(2, act="decline", note="Two jobs")
    page.acts.numbers()
    settle(window, qtbot)
    dialog = page.acts.dialog
    assert isinstance(dialog, NumbersDialog)
    return dialog


def test_the_chart_and_the_table_beneath_it_have_the_same_figures(
    desk: Desk, page: RequestsPage, window: Window, qtbot: QtBot
) -> None:
    dialog = opened(desk, page, window, qtbot)
    weeks = dialog.chart.weeks
    assert weeks.mondays[-1] == date(2026, 11, 16)
    drawn = {part.name: part.values[-1] for part in weeks.parts}
    assert drawn == {"Granted": 0, "Refunded": 1, "Declined": 1, "Opened": 5}
    rows = list(csv.reader(io.StringIO(dialog.csv())))
    told = dict(zip(rows[0], rows[1], strict=True))
    assert {name: int(told[name]) for name in drawn} == drawn
    assert len(rows) - 1 == len(weeks.mondays) == 12
    dialog.accept()


def test_a_week_is_told_in_full_to_the_keyboard(
    desk: Desk, page: RequestsPage, window: Window, qtbot: QtBot
) -> None:
    dialog = opened(desk, page, window, qtbot)
    QTest.keyClick(dialog.chart, Qt.Key.Key_Left)
    assert dialog.chart.accessibleDescription() == described(dialog.chart.weeks, 11)
    assert "Refunded: 1" in dialog.chart.accessibleDescription()
    dialog.accept()


def test_open_ones_are_counted_by_age_and_category_and_their_sum_is_that_of_the_queue(
    desk: Desk, page: RequestsPage, window: Window, qtbot: QtBot
) -> None:
    dialog = opened(desk, page, window, qtbot)
    numbers = dialog.numbers
    assert numbers is not None
    rows = states.open_rows(numbers.figures.ages)
    assert rows[-1].name == "All"
    assert rows[-1].total == numbers.open == desk.requests.counts().open == 3
    assert sum(row.total for row in rows[:-1]) == 3
    dialog.accept()


def test_my_day_says_what_i_resolved_and_what_it_gave(
    desk: Desk, page: RequestsPage, window: Window, qtbot: QtBot
) -> None:
    dialog = opened(desk, page, window, qtbot)
    assert dialog.said.text() == (
        "2 requests resolved today: 1 declined, 1 refunded, 36 credits given."
    ) or dialog.said.text() == (
        "2 requests resolved today: 1 refunded, 1 declined, 36 credits given."
    )
    dialog.tabs.setCurrentIndex(4)
    assert "ZD-1" in dialog.csv()
    dialog.accept()


def test_a_span_is_whole_weeks_that_end_with_the_running_one() -> None:
    now = datetime(2026, 11, 22, 14, tzinfo=UTC)
    assert states.days_of("4", now, UTC) == (date(2026, 10, 26), date(2026, 11, 22))


def test_hours_are_written_as_minutes_hours_or_days() -> None:
    shown = [states.hours(value) for value in (None, 0.2, 3.5, 60)]
    assert shown == ["—", "12 min", "3.5 h", "2.5 days"]


def test_days_are_written_beneath_as_many_weeks_as_there_is_room_for() -> None:
    assert labelled(12, 720, 60) == list(range(12))
    assert labelled(52, 720, 60) == list(range(0, 52, 5))
