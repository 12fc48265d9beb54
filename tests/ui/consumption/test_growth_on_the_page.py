"""Which feature grew most since prices changed, as a person finds it on the page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.desk import Desk
from app.domain.calendar import Month
from tests.ui.consumption.conftest import Screen, choose_table, piece_of

MARCH = Month(2026, 3)


def test_all_is_on_while_growth_is_compared_and_then_as_it_was(screen: Screen) -> None:
    every, halves = screen.page.controls.every, "Growth: first half to second half"
    choose_table(screen, halves)
    assert every.isChecked()
    choose_table(screen, "Figures by month")
    assert not every.isChecked()
    assert len(screen.page.data.series) == 8

    every.click()
    choose_table(screen, halves)
    choose_table(screen, "Figures by month")
    assert every.isChecked(), "it was chosen before"

    every.click()
    choose_table(screen, halves)
    every.click()
    every.click()
    screen.settle()
    choose_table(screen, "Figures by month")
    assert every.isChecked(), "it was chosen meanwhile"


def test_growth_is_in_view_whole_in_the_smallest_window(screen: Screen) -> None:
    screen.window.resize(1024, 640)
    at = screen.page.controls.table.findText("Growth: Price list 2 from 15 Mar 2026")
    screen.choose(table=screen.page.controls.table.itemData(at))
    assert screen.page.table.rows.columnCount() == 5
    assert screen.page.table.horizontalScrollBar().maximum() == 0


def test_which_feature_grew_most_since_prices_changed_and_who_used_it(
    screen: Screen, desk: Desk
) -> None:
    controls = screen.page.controls
    at = controls.table.findText("Growth: Price list 2 from 15 Mar 2026")
    controls.table.setCurrentIndex(at)
    controls.table.activated.emit(at)
    screen.settle()
    monthly = desk.consumption.monthly("2026-01", "2026-05")
    grown = {
        series.key: (sum(series.values[3:]) - sum(series.values[:2])) / 2
        for series in monthly.series
    }
    most = max(grown, key=lambda key: grown[key])
    table = screen.page.table
    names = {series.key: series.name for series in screen.page.data.series}
    assert table.rows.data(table.rows.index(0, 0)) == "All"
    assert table.rows.data(table.rows.index(1, 0)) == names[most]
    assert table.rows.data(table.rows.index(1, 1)) == f"{round(grown[most]):+,}"
    table.setCurrentIndex(table.rows.index(1, 0))
    QTest.keyClick(table, Qt.Key.Key_Return)
    screen.settle()
    assert piece_of(screen) == ("2026-04", most)
    assert screen.page.behind.title.text() == f"{names[most]}, Apr 2026 to May 2026"
    behind = desk.consumption.drill("2026-04", most, until="2026-05")
    listed = screen.page.behind.model
    assert [listed.row(at) for at in range(listed.rowCount())] == list(behind.users)
    after = sum(part.value for part in behind.users) / 2
    assert table.rows.data(table.rows.index(1, 4)) == f"{round(after):,}"
    place = screen.page.place()
    screen.page._close_piece()
    screen.page.go(place)
    screen.settle()
    assert screen.page.behind.count == behind.count


def test_growth_of_what_is_shown_is_not_called_all(screen: Screen) -> None:
    choose_table(screen, "Growth: Price list 2 from 15 Mar 2026")
    assert next(iter(screen.table())) == "All"
    screen.switch(screen.page.data.series[0].key)
    assert "All shown" in screen.table()
    assert "All" not in screen.table()


def test_growth_without_full_months_on_both_sides_says_what_to_do(screen: Screen) -> None:
    screen.page._show_growth()
    screen.choose(span="range", first=MARCH, last=MARCH)
    assert screen.page.table_card.none.isVisible()
    assert "show more months" in screen.page.table_card.none.text()
