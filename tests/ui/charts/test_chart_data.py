"""Charts are data first: what is drawn, said and exported is computed without a screen."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import Month
from app.ui.charts.data import (
    OTHER,
    Mark,
    MonthSeries,
    Series,
    Style,
    ceiling,
    csv_text,
    described,
    month_labels,
    round_step,
    stacked,
    top,
    twin_columns,
    twin_rows,
)

MONTHS = (Month(2025, 12), Month(2026, 1), Month(2026, 2))


def three_months() -> MonthSeries:
    return MonthSeries(
        MONTHS,
        (Series("a", "Alpha", (1, 2, 0)), Series("b", "<b>Beta</b>", (3, 0, 5))),
        unfinished=True,
        pace=1.8,
        marks=(Mark(1.5, "Price list 2 from 16 Jan"),),
    )


def test_pieces_stand_on_one_another_without_gap_or_overlap() -> None:
    assert stacked(three_months()) == [
        [(0.0, 1.0), (0.0, 2.0), (0.0, 0.0)],
        [(1.0, 3.0), (2.0, 0.0), (0.0, 5.0)],
    ]


def test_shares_of_each_month_fill_it_and_an_empty_month_stays_empty() -> None:
    data = MonthSeries(MONTHS[:2], (Series("a", "A", (1, 0)), Series("b", "B", (3, 0))))
    assert stacked(data, share=True) == [[(0.0, 0.25), (0.0, 0.0)], [(0.25, 0.75), (0.0, 0.0)]]


def test_the_largest_keep_their_own_order_and_the_rest_is_other_on_top() -> None:
    series = tuple(Series(str(at), str(at), (at % 5 * 10, at)) for at in range(12))
    data = MonthSeries(MONTHS[:2], series)
    shown = top(data, 3)
    assert [one.key for one in shown.series] == ["4", "8", "9", OTHER]
    assert [shown.total(at) for at in (0, 1)] == [data.total(at) for at in (0, 1)]


def test_other_is_never_made_for_a_single_series() -> None:
    data = MonthSeries(MONTHS, tuple(Series(str(at), str(at), (1, 1, 1)) for at in range(8)))
    assert top(data, 7) == data


def test_overlapping_totals_are_those_counted_apart() -> None:
    data = MonthSeries(MONTHS, three_months().series, totals=(3, 2, 5))
    assert [row.total for row in twin_rows(data)] == [5, 2, 3]
    assert data.only({"a"}).total(0) == 1
    assert data.only({"a", "b"}).total(0) == 3


def test_a_month_is_described_in_full_as_plain_text() -> None:
    assert described(three_months(), 2, "b").split("\n") == [
        "February 2026, so far",
        "5 credits",
        "about 9 by its end at this pace",
        "▸ <b>Beta</b>: 5 (100 %)",
    ]
    assert "Price list 2 from 16 Jan" in described(three_months(), 1)
    assert "Price list 2" not in described(three_months(), 0)


def test_the_table_beneath_has_the_figures_of_the_chart() -> None:
    data = three_months()
    rows, columns = twin_rows(data), twin_columns(data)
    assert [row.month for row in rows] == list(reversed(MONTHS))
    shown = [[column.text(row) for column in columns] for row in rows]
    assert shown == [
        ["Feb 2026 so far", "5", "0", "5"],
        ["Jan 2026", "2", "2", "0"],
        ["Dec 2025", "4", "1", "3"],
    ]


def test_csv_has_the_oldest_month_first_and_plain_numbers() -> None:
    assert csv_text(three_months()).splitlines() == [
        "Month,Total,Alpha,<b>Beta</b>",
        "2025-12,4,1,3",
        "2026-01,2,2,0",
        "2026-02,5,0,5",
    ]


def test_the_axis_ends_on_a_round_number_that_has_room_for_the_projection() -> None:
    assert ceiling(three_months()) == 10
    assert ceiling(MonthSeries(MONTHS, (Series("a", "A", (812, 640, 701)),))) == 1_000
    assert ceiling(MonthSeries((), ())) == 1
    assert ceiling(three_months(), Style(share=True)) == 1


@given(st.integers(1, 10**12))
def test_steps_are_round_whole_numbers_and_few(tallest: int) -> None:
    step = round_step(tallest)
    assert step >= 1
    assert str(step).rstrip("0") in {"1", "2", "25", "5"}
    assert 1 <= -(-tallest // step) <= 5


def test_as_many_months_are_labelled_as_there_is_room_for() -> None:
    labels = month_labels(MONTHS, 300)
    assert labels == [(0, "Dec\n2025"), (1, "Jan\n2026"), (2, "Feb")]
    long = tuple(Month(2024, 1).plus(at) for at in range(36))
    assert len(month_labels(long, 400, 34)) <= 12
    assert month_labels((), 300) == []
