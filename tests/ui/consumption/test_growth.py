"""What grew since prices changed: equal stretches of full months, compared."""

from __future__ import annotations

import pytest

from app.domain.calendar import Month
from app.ui.charts.data import Mark, MonthSeries, Series
from app.ui.consumption.growth import MIDDLE, Growth, columns, growth, named, ratio_words, starts

MONTHS = tuple(Month(2026, 1).until(Month(2026, 6)))
DATA = MonthSeries(
    MONTHS,
    (
        Series("a", "Alpha", (10, 20, 30, 40, 50, 1)),
        Series("b", "<b>Beta</b>", (90, 80, 70, 60, 50, 2)),
        Series("c", "New", (0, 0, 0, 0, 30, 3)),
    ),
    unfinished=True,
    marks=(Mark(1.0, "Price list 2"), Mark(3.4, "Price list 3")),
)


def test_full_months_on_both_sides_are_compared_and_the_running_one_is_in_neither() -> None:
    found = growth(DATA, 3.4)
    assert (found.before, found.after) == ((MONTHS[2],), (MONTHS[4],))
    assert [(row.key, row.before, row.after) for row in found.rows] == [
        ("", 100, 130),
        *(("c", 0, 30), ("a", 30, 50), ("b", 70, 50)),
    ]


def test_a_change_at_the_first_instant_of_a_month_counts_that_month_as_after() -> None:
    found = growth(DATA, 1.0)
    assert (found.before, found.after) == ((MONTHS[0],), (MONTHS[1],))


def test_averages_are_of_a_month() -> None:
    found = growth(DATA, starts(DATA)[MIDDLE])
    assert (found.before, found.after) == (MONTHS[:2], MONTHS[2:4])
    assert {row.key: row.change for row in found.rows if row.key} == {"a": 20, "b": -20, "c": 0}


@pytest.mark.parametrize("since", [0.0, 0.5, 4.5, 5.0, 6.0])
def test_without_a_full_month_on_each_side_nothing_is_compared(since: float) -> None:
    assert growth(DATA, since) == Growth()


def test_price_lists_are_offered_newest_first_and_then_the_middle() -> None:
    assert list(starts(DATA)) == ["Price list 3", "Price list 2", MIDDLE]
    assert list(named(DATA)) == list(starts(DATA))
    assert named(DATA)["Price list 3"] == "Growth: Price list 3"


def test_the_whole_is_left_out_where_nobody_counted_it() -> None:
    users = MonthSeries(MONTHS, DATA.series, overlapping=True)
    assert "" not in [row.key for row in growth(users, 2.0).rows]
    counted = MonthSeries(MONTHS, DATA.series, totals=(90, 90, 90, 95, 95, 9))
    assert growth(counted, 2.0).rows[0].change == 2.5


def test_the_table_says_what_grew_in_numbers_and_in_parts() -> None:
    found = growth(DATA, 3.4)
    shown = [[column.text(row) for column in columns(found, "Feature")] for row in found.rows]
    assert shown == [
        ["All", "+30", "+30 %", "100", "130"],
        ["New", "+30", "new", "0", "30"],
        ["Alpha", "+20", "+67 %", "30", "50"],
        ["<b>Beta</b>", "−20", "−29 %", "70", "50"],
    ]
    titles = [column.title for column in columns(found, "Feature")]
    assert titles == ["Feature", "Change", "Change in %", "Mar 2026, a month", "May 2026, a month"]
    nothing = growth(MonthSeries(MONTHS, (Series("z", "Z", (0,) * 6),)), 2.0)
    assert ratio_words(nothing.rows[0]) == "—"
