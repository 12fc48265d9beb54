"""What the page of consumption shows, without a window."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.calendar import BillingCalendar, Month
from app.domain.consumption import MonthlyConsumption, PriceStart, Series
from app.ui.charts.data import MonthRow
from app.ui.consumption import words
from app.ui.consumption.state import (
    Choice,
    ConsumptionState,
    Figures,
    arrived,
    brief,
    chart_of,
    coloured_by,
    columns_of,
    keys_of,
    taken_up,
)

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
FEB, MARCH = Month(2026, 2), Month(2026, 3)
BERLIN = BillingCalendar("Europe/Berlin")


def monthly(measure: str = "credits", by: str = "feature") -> MonthlyConsumption:
    return MonthlyConsumption(
        months=(FEB, MARCH),
        by=by,
        measure=measure,
        series=(Series("a", "Gen (A)", (10, 3)), Series("other", "Other", (30, 1))),
        totals=(35 if measure == "users" else 40, 4),
        as_of=NOW,
        running=1,
        projection=None if measure == "users" else 13,
        gathered=("b", "c"),
        group_of={"b": "b", "a": "a", "c": "c"},
    )


def test_a_span_ends_with_the_month_that_runs() -> None:
    assert Choice(span="6").months(MARCH) == (Month(2025, 10), MARCH)
    assert Choice(span="36").months(MARCH) == (Month(2023, 4), MARCH)


def test_a_range_never_goes_beyond_the_month_that_runs_nor_backwards() -> None:
    future = Choice(span="range", first=Month(2026, 1), last=Month(2030, 1))
    assert future.months(MARCH) == (Month(2026, 1), MARCH)
    backwards = Choice(span="range", first=Month(2026, 3), last=Month(2026, 1))
    assert backwards.months(MARCH) == (Month(2026, 1), Month(2026, 1))
    assert Choice(span="range").months(MARCH) == (Month(2025, 4), MARCH)


def test_a_choice_is_remembered_whole() -> None:
    choice = Choice(
        by="plan",
        measure="users",
        span="range",
        first=Month(2025, 1),
        last=Month(2025, 3),
        share=True,
        every=True,
        hidden=frozenset({"pro"}),
    )
    assert taken_up(choice.kept()) == choice


@pytest.mark.parametrize(
    "kept", [None, [], "x", {"by": "colour", "span": 6, "first": "2026-99", "hidden": 3}]
)
def test_an_unreadable_memory_is_the_usual_choice(kept: object) -> None:
    assert taken_up(kept) == Choice()


def test_months_without_any_use_are_empty() -> None:
    nothing = MonthlyConsumption((FEB,), "feature", "credits", (), (0,), NOW)
    assert arrived(ConsumptionState(), Figures(nothing)).phase == "empty"
    assert arrived(ConsumptionState(), Figures(monthly())).phase == "ready"


def test_a_price_change_is_marked_where_it_lies_in_its_month() -> None:
    noon = datetime(2026, 3, 16, 11, tzinfo=UTC)
    data = chart_of(Figures(monthly(), (PriceStart(noon, 4, "Dearer"),)), BERLIN)
    (mark,) = data.marks
    assert mark.text == "Price list 4 from 16 Mar 2026"
    assert 1.49 < mark.at < 1.51


def test_totals_counted_apart_are_unknown_for_some_of_the_series() -> None:
    users = chart_of(Figures(monthly("users")), BERLIN)
    assert users.total(0) == 35
    assert users.only({"a", "other"}).total(0) == 35
    three = chart_of(
        Figures(
            MonthlyConsumption(
                (FEB,),
                "plan",
                "users",
                tuple(Series(key, key, (5,)) for key in "xyz"),
                (9,),
                NOW,
            )
        ),
        BERLIN,
    )
    assert three.only({"x", "y"}).total(0) is None
    assert three.only({"x"}).total(0) == 5


def test_names_are_cut_to_what_tells_them_apart() -> None:
    assert brief(["AI Gen (Nano, 1K)", "AI Gen (Nano, 4K)", "Ghostface (beta)", "Other"]) == [
        *("Nano, 1K", "Nano, 4K", "Ghostface (beta)", "Other")
    ]
    same = ["One (A)", "One (B)", "A"]
    assert brief(same) == same


def test_a_series_has_the_colour_of_its_first_feature_and_plans_have_their_own() -> None:
    grouped = MonthlyConsumption(
        (FEB,),
        "family",
        "uses",
        (),
        (0,),
        NOW,
        group_of={"remove_bg_single": "Background", "remove_bg_batch": "Background", "x": "New"},
    )
    assert coloured_by(Figures(grouped)) == {"Background": "remove_bg_single", "New": "x"}
    plans = coloured_by(Figures(monthly(by="plan")))
    assert len(set(plans.values())) == len(plans) == 3


def test_words_say_what_is_shown_and_when_it_was_read() -> None:
    figures, zone = Figures(monthly()), ZoneInfo("Europe/Berlin")
    data = chart_of(figures, BERLIN)
    assert words.headline(figures, zone) == (
        "Feb 2026 to Mar 2026 · 44 credits used · as of 10 Mar 2026 13:00:00 Europe/Berlin"
    )
    assert "44" not in words.headline(Figures(monthly("users")), zone)
    assert words.running(data) == "March 2026 is unfinished: about 13 at this pace"
    assert words.piece(data, FEB, "a") == "Gen (A), February 2026"
    assert words.piece(data, FEB, "") == "February 2026"
    assert words.file_name(figures, "png") == (
        "consumption-credits-by-feature-2026-02-to-2026-03.png"
    )
    assert words.told(figures, Choice(hidden=frozenset({"a"})), data, zone) == (
        "PixPretty Credits · Credits used by feature",
        "Feb 2026 to Mar 2026 · the 7 largest, the others together · without Gen (A)",
        "Months of Europe/Berlin · read 10 Mar 2026 13:00:00 Europe/Berlin",
        "March 2026 is unfinished: about 13 at this pace",
    )


def test_how_a_projection_is_made_is_said_with_its_figures() -> None:
    data = chart_of(Figures(monthly()), BERLIN)
    assert data.projection == round(4 * data.pace) if data.pace else False
    assert "4 × 30.96 ÷ 9.54 days = 13." in words.projection(data, NOW, BERLIN)
    users = chart_of(Figures(monthly("users")), BERLIN)
    assert words.running(users) == "March 2026 is unfinished"
    assert "users come again" in words.projection(users, NOW, BERLIN)
    some = data.only({"a"})
    assert some.projection == round(3 * (data.pace or 0))
    assert "3 × 30.96 ÷ 9.54 days = 10." in words.projection(some, NOW, BERLIN)


def test_what_is_behind_a_piece_are_its_features_and_other_is_what_it_gathers() -> None:
    shown = ["a", "other"]
    assert keys_of(monthly(), shown, "a") == ("a",)
    assert keys_of(monthly(), shown, "other") == ("b", "c")
    assert keys_of(monthly(), shown, "") == ()
    assert keys_of(monthly(), ["other"], "") == ("b", "c")


def test_the_table_shows_shares_where_the_chart_does() -> None:
    data = chart_of(Figures(monthly()), BERLIN)
    row = MonthRow(FEB, (10, 30), 40, unfinished=False)
    numbers = [column.text(row) for column in columns_of(data, share=False)]
    shares = [column.text(row) for column in columns_of(data, share=True)]
    assert numbers == ["Feb 2026", "40", "10", "30"]
    assert shares == ["Feb 2026", "40", "25 %", "75 %"]
    empty = MonthRow(FEB, (0, 0), 0, unfinished=False)
    assert [c.text(empty) for c in columns_of(data, share=True)][2:] == ["0 %", "0 %"]
