"""The users behind a piece of consumption, and the ways there and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.calendar import Month
from app.ui.page import Page, PageEntry
from app.ui.theme import Theme
from tests.ui.consumption.conftest import Screen, piece_of

MARCH = Month(2026, 3)


def test_a_click_on_a_piece_lists_the_users_behind_it(screen: Screen, desk: Desk) -> None:
    plot, shown = screen.page.chart.plot, screen.page.chart.shown
    month = shown.months.index(MARCH)
    series = [one.key for one in shown.series].index("image_extender")
    QTest.mouseClick(
        plot.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        plot.place_of(month, series).toPoint(),
    )
    screen.settle()
    behind = screen.page.behind
    expected = desk.consumption.drill(MARCH, "image_extender")
    assert behind.isVisible()
    assert behind.title.text() == "AI Image Extender, March 2026"
    assert behind.said.text() == f"{expected.count} users · {expected.total} credits"
    listed = [behind.model.row(at) for at in range(behind.model.rowCount())]
    assert listed == list(expected.users)
    assert sum(user.value for user in expected.users) == shown.series[series].values[month]


def test_the_keyboard_walks_the_pieces_and_opens_one(screen: Screen) -> None:
    plot = screen.page.chart.plot
    plot.setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Return):
        QTest.keyClick(plot, key)
    screen.settle()
    shown = screen.page.chart.shown
    assert screen.page.behind.piece is not None
    assert screen.page.behind.piece.month == shown.months[-2]
    assert screen.page.behind.piece.keys == (shown.series[1].key,)
    QTest.keyClick(screen.page.behind.table, Qt.Key.Key_Escape)
    assert not screen.page.behind.isVisible()


def test_a_user_behind_a_piece_opens_their_account(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[str, object]] = []
    monkeypatch.setattr(screen.window, "open_page", lambda key, place: opened.append((key, place)))
    screen.page.open_piece(MARCH, "other")
    screen.settle()
    first = screen.page.behind.model.row(0)
    assert first is not None
    table = screen.page.behind.table
    table.setCurrentIndex(table.rows.index(0, 0))
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened == [("users", first.user_id)]


def test_enter_in_the_table_lists_who_is_behind_the_whole_month(screen: Screen, desk: Desk) -> None:
    table = screen.page.table
    table.setCurrentIndex(table.rows.index(1, 0))
    QTest.keyClick(table, Qt.Key.Key_Return)
    screen.settle()
    assert screen.page.behind.count == desk.consumption.drill("2026-05").count


def test_another_page_opens_who_is_behind_a_figure(screen: Screen, desk: Desk) -> None:
    place = {
        "by": "feature",
        "measure": "uses",
        "first": "2026-02",
        "last": "2026-04",
        "key": "ghostface",
        "month": "2026-03",
    }
    screen.page.go(place)
    screen.settle()
    data = screen.page.data
    assert [str(month) for month in data.months] == ["2026-02", "2026-03", "2026-04"]
    assert piece_of(screen) == ("2026-03", "ghostface")
    expected = desk.consumption.drill("2026-03", "ghostface", measure="uses")
    assert screen.page.behind.count == expected.count
    assert screen.page.place() == place
    assert "ghostface" in [series.key for series in screen.page.chart.shown.series]


def test_a_place_that_only_names_a_month_is_the_whole_of_it(screen: Screen, desk: Desk) -> None:
    screen.page.go({"month": "2026-01", "measure": "users", "by": "nonsense"})
    screen.settle()
    assert screen.page.state.choice.by == "feature"
    assert screen.page.behind.count == desk.consumption.drill("2026-01", measure="users").count
    screen.page.go("usr_1")
    screen.page.go({"month": "not a month"})
    assert piece_of(screen) == ("2026-01",)


def test_where_another_page_led_is_not_kept_as_the_persons_choice(
    screen: Screen, qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    screen.choose(measure="uses")
    screen.page.go({"measure": "refused", "by": "plan"})
    screen.settle()
    assert screen.page.data.counted(2) == "2 refused uses"
    screen.window.close()
    again = Screen(qtbot, desk, tmp_path / "window.ini")
    assert (again.page.state.choice.measure, again.page.state.choice.by) == ("uses", "feature")
    again.window.close()


def test_the_way_back_goes_through_the_pieces_that_were_looked_at(screen: Screen) -> None:
    screen.page.open_piece(MARCH, "other")
    screen.settle()
    screen.page.open_piece(Month(2026, 4), "")
    screen.settle()
    screen.window.go_back()
    screen.settle()
    assert piece_of(screen)[0] == "2026-03"
    assert len(piece_of(screen)) > 2
    screen.window.go_forward()
    screen.settle()
    assert piece_of(screen) == ("2026-04",)


def test_the_keyboard_goes_on_to_the_users_and_comes_back_to_the_chart(screen: Screen) -> None:
    plot = screen.page.chart.plot
    plot.setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Return):
        QTest.keyClick(plot, key)
    screen.settle()
    assert screen.page.behind.table.hasFocus()
    QTest.keyClick(screen.page.behind.table, Qt.Key.Key_Escape)
    assert plot.hasFocus()
    assert screen.page.place() == {}


def test_a_choice_closes_the_users_and_leaves_the_keyboard_where_it_is(screen: Screen) -> None:
    screen.page.open_piece(MARCH, "")
    screen.settle()
    measure = screen.page.controls.measure
    measure.setFocus()
    measure.setCurrentIndex(measure.findData("uses"))
    measure.activated.emit(measure.currentIndex())
    screen.settle()
    assert not screen.page.behind.isVisible()
    assert measure.hasFocus()
    assert screen.page.place() == {}


def test_escape_closes_the_users_wherever_the_keyboard_is_and_so_does_the_way_back(
    screen: Screen,
) -> None:
    screen.page.open_piece(MARCH, "")
    screen.settle()
    screen.page.controls.measure.setFocus()
    QTest.keyClick(screen.page.controls.measure, Qt.Key.Key_Escape)
    assert not screen.page.behind.isVisible()
    assert screen.window.page is screen.page

    screen.page.open_piece(MARCH, "")
    screen.settle()
    screen.window.go_back()
    assert not screen.page.behind.isVisible()
    assert screen.window.page is screen.page


class Account(Page):
    """Another page, to come back from."""

    def reload(self) -> None:
        """Nothing is read."""


def test_coming_back_from_an_account_finds_the_piece_that_was_left(
    qtbot: QtBot, theme: Theme, desk: Desk, tmp_path: Path
) -> None:
    account = PageEntry("users", "Users", "users", "Ctrl+2", Account)
    screen = Screen(qtbot, desk, tmp_path / "window.ini", account)
    screen.page.open_piece(MARCH, "image_extender")
    screen.settle()
    table = screen.page.behind.table
    table.selectRow(1)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert isinstance(screen.window.page, Account)
    screen.window.go_back()
    screen.settle()
    assert piece_of(screen) == ("2026-03", "image_extender")
    assert table.selected_numbers() == [1]
    screen.window.close()


def test_the_row_that_is_marked_is_the_one_whose_users_are_listed(screen: Screen) -> None:
    table = screen.page.table
    table.setFocus()
    table.selectRow(1)
    assert screen.page.place() == {}, "no users are listed before a row is opened"
    QTest.keyClick(table, Qt.Key.Key_Return)
    screen.settle()
    assert screen.page.behind.title.text() == "May 2026"
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    screen.settle()
    assert screen.page.behind.title.text() == "April 2026"
    assert table.hasFocus()
    assert screen.page.behind.count == screen.desk.consumption.drill("2026-04").count

    screen.page.open_piece(MARCH, "image_extender")
    screen.settle()
    assert table.selected_numbers() == [], "it is not the whole month"
    screen.page.open_piece(MARCH, "")
    assert table.selected_numbers() == [3]
