"""Months of use as plain values: groups, the small ones gathered, projections, wrong questions."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import shipped
from app.domain import price_file
from app.domain.calendar import BillingCalendar, Month
from app.domain.consumption import (
    FREE_FAMILY,
    OTHER,
    By,
    Grouping,
    Measure,
    Series,
    checked_by,
    checked_measure,
    checked_months,
    grouping,
    projected,
    series_of,
    smallest,
    summed,
)
from app.domain.errors import InvalidValue
from app.domain.price_book import PriceBook
from app.domain.prices import PriceVersion, VersionState

MONTHS = (Month(2026, 1), Month(2026, 2))
BERLIN = BillingCalendar("Europe/Berlin")
PUBLISHED = datetime(2026, 1, 1, tzinfo=UTC)


def book() -> PriceBook:
    """The shipped list, and one in which the extender is retired and a feature renamed and new."""
    content = json.loads(shipped.path("pricing.json").read_text("utf-8"))
    first = price_file.parse(json.dumps(content).encode())
    content["features"] = [f for f in content["features"] if f["key"] != "image_extender"]
    content["features"][0] |= {"name": "Renamed", "family": "Moved"}
    content["features"].insert(0, content["features"][0] | {"key": "brand_new", "name": "New"})
    second = price_file.parse(json.dumps(content).encode())
    versions = [
        PriceVersion(number, prices, "a@b.example", "", PUBLISHED, None, None, VersionState.PAST)
        for number, prices in ((1, first), (2, second))
    ]
    return PriceBook([versions[0], replace(versions[1], effective_at=PUBLISHED)])


def test_features_follow_the_newest_list_with_retired_ones_and_free_actions_behind() -> None:
    names = grouping(By.FEATURE, book()).names
    keys = list(names)
    assert keys[:2] == ["brand_new", "remove_bg_single"]
    assert keys[-2:] == ["image_extender", "export_image"]
    assert names["remove_bg_single"] == "Renamed"
    assert names["image_extender"] == "AI Image Extender"


def test_a_feature_only_a_withdrawn_list_knew_goes_by_its_key() -> None:
    found = grouping(By.FEATURE, book(), ["ghostface", "vanished"])
    assert found.names["vanished"] == "vanished"
    assert list(found.group_of)[:2] == ["ghostface", "vanished"]


def test_families_are_those_of_the_newest_list_that_has_the_feature() -> None:
    found = grouping(By.FAMILY, book())
    assert found.group_of["remove_bg_single"] == "Moved"
    assert found.group_of["image_extender"] == "Editing"
    assert found.group_of["export_image"] == FREE_FAMILY
    assert next(iter(found.names)) == "Moved"
    assert list(found.names)[-1] == FREE_FAMILY


def test_plans_are_their_own_groups_from_small_to_large() -> None:
    assert grouping(By.PLAN, book()).names == {"free": "Free", "plus": "Plus", "pro": "Pro"}


GROUPS = Grouping(By.FEATURE, {"a": "a", "b": "b", "c": "c"}, {"a": "A", "b": "B", "c": "C"})


def test_series_keep_the_order_of_groups_and_leave_out_what_is_empty() -> None:
    cells = [(202602, "c", 5), (202601, "a", 1), (202601, "a", 2), (202601, "b", 0)]
    series = series_of(MONTHS, cells, GROUPS)
    assert series == (Series("a", "A", (3, 0)), Series("c", "C", (0, 5)))
    assert [one.total for one in series] == [3, 5]
    assert summed(series, 2) == (3, 5)
    assert summed((), 2) == (0, 0)


def test_the_small_ones_come_together_last() -> None:
    found = GROUPS.gathered(["a", "c"])
    assert list(found.names.items()) == [("b", "B"), (OTHER, "Other")]
    assert found.members([OTHER]) == {"a", "c"}
    assert found.members(["b"]) == {"b"}
    assert GROUPS.gathered([]) is GROUPS


@given(st.lists(st.integers(0, 50), max_size=12), st.integers(0, 8))
def test_what_is_gathered_is_never_larger_than_what_stays(values: list[int], top: int) -> None:
    series = [Series(str(at), str(at), (value,)) for at, value in enumerate(values)]
    rest = smallest(series, top)
    assert len(rest) != 1
    stays = [one.total for one in series if one.key not in rest]
    goes = [one.total for one in series if one.key in rest]
    assert not rest or len(stays) == top
    assert not rest or not stays or max(goes) <= min(stays)
    assert list(rest) == [one.key for one in series if one.key in rest]


@given(
    st.integers(0, 10**9), st.integers(0, 27), st.integers(0, 23), st.sampled_from([3, 10, 2, 6])
)
def test_a_projection_is_the_pace_so_far_to_the_end_of_the_month(
    value: int, days: int, hours: int, number: int
) -> None:
    month = Month(2026, number)
    start, end = BERLIN.start(month), BERLIN.end(month)
    now = start + timedelta(days=days, hours=hours)
    said = projected(value, month, now, BERLIN, Measure.USES)
    if days == 0:
        assert said is None
    else:
        assert said is not None
        assert value <= said <= value * ((end - start) / timedelta(days=1)) + 1


def test_a_projection_knows_how_long_a_month_with_a_clock_change_is() -> None:
    march, middle = Month(2026, 3), datetime(2026, 3, 16, 10, 30, tzinfo=UTC)
    half = BERLIN.start(march) + (BERLIN.end(march) - BERLIN.start(march)) / 2
    assert half == middle
    assert projected(50, march, half, BERLIN, Measure.CREDITS) == 100
    assert projected(50, march, half, BERLIN, Measure.USERS) is None


@pytest.mark.parametrize("value", ["", "Feature", "colour", "feature "])
def test_an_unknown_split_is_named(value: str) -> None:
    with pytest.raises(InvalidValue, match=f"not by “{value}”"):
        checked_by(value)
    with pytest.raises(InvalidValue, match=f"“{value}” is not a measure"):
        checked_measure(value)


def test_months_are_read_from_words_or_values_and_never_backwards() -> None:
    assert checked_months("2026-01", Month(2026, 2)) == MONTHS
    with pytest.raises(InvalidValue, match="The last month, 2026-01, is before the first"):
        checked_months("2026-02", "2026-01")
    with pytest.raises(InvalidValue, match="“soon” is not a month"):
        checked_months("soon", "2026-01")
