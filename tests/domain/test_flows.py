"""The arithmetic of what days moved: months, the same days of two months, what was left."""

from datetime import UTC, datetime

import pytest

from app.domain.calendar import BillingCalendar, Month
from app.domain.flows import (
    DayFlow,
    Moved,
    SameDays,
    bridges,
    change,
    compared,
    feature_changes,
    left_after,
    same_days,
)

NOVEMBER, OCTOBER = Month(2026, 11), Month(2026, 10)
MONTHS = (Month(2026, 9), OCTOBER, NOVEMBER)
SAME = SameDays(NOVEMBER, 21)


def flow(day: int, credits: int, moved: Moved = Moved.USED, part: str = "") -> DayFlow:
    return DayFlow(day, moved, part, credits)


@pytest.mark.parametrize(
    ("now", "zone", "days"),
    [
        (datetime(2026, 11, 22, 14, tzinfo=UTC), "UTC", 21),
        (datetime(2026, 11, 1, 0, tzinfo=UTC), "UTC", 0),
        (datetime(2026, 11, 1, 23, 59, tzinfo=UTC), "UTC", 0),
        (datetime(2026, 11, 1, 23, 59, tzinfo=UTC), "Europe/Berlin", 1),
        (datetime(2026, 3, 31, 12, tzinfo=UTC), "UTC", 28),
        (datetime(2024, 3, 31, 12, tzinfo=UTC), "UTC", 29),
    ],
)
def test_the_same_days_are_those_that_are_over_as_far_as_the_month_before_has_them(
    now: datetime, zone: str, days: int
) -> None:
    assert same_days(BillingCalendar(zone), now).days == days


def test_months_are_whole_and_the_same_days_leave_out_the_rest() -> None:
    flows = [flow(20261001, 10), flow(20261022, 5), flow(20261121, 7), flow(20261122, 100)]
    found = compared([*flows, flow(20260801, 1_000)], MONTHS, SAME)
    assert found.months == (0, 15, 107)
    assert found.trend == (0, 10, 7)
    assert (found.days, found.days_before) == (7, 10)
    assert found.change == pytest.approx(-0.3)
    assert (found.running, found.last) == (107, 15)


def test_on_the_first_of_a_month_nothing_is_compared() -> None:
    found = compared([flow(20261031, 5), flow(20261101, 7)], MONTHS, SameDays(NOVEMBER, 0))
    assert (found.days, found.days_before, found.change) == (None, None, None)
    assert found.trend == (0, 5)


def test_a_change_from_nothing_is_no_share() -> None:
    assert change(5, 0) is None
    assert change(None, 5) is None
    assert change(0, 5) == -1


def test_what_was_left_is_what_is_left_less_what_came_and_more_what_went_since() -> None:
    flows = [
        flow(20261031, 9, Moved.EXPIRED),
        flow(20261101, 200, Moved.GIVEN),
        flow(20261102, 30),
        flow(20261103, 4, Moved.RETURNED),
        flow(20261104, 5, Moved.VOIDED),
        flow(20261105, 6, Moved.EXPIRED),
    ]
    assert left_after(1_000, flows, 20261105) == 1_000
    assert left_after(1_000, flows, 20261031) == 1_000 - 200 + 30 - 4 + 5 + 6
    assert left_after(1_000, flows, 20261030) == left_after(1_000, flows, 20261031) + 9


def test_each_bridge_begins_where_the_one_before_ended() -> None:
    flows = [
        flow(20260903, 12, Moved.GIVEN, "signup_bonus"),
        flow(20261001, 200, Moved.GIVEN, "monthly_allowance"),
        flow(20261010, 40),
        flow(20261031, 160, Moved.EXPIRED),
        flow(20261101, 1_000, Moved.GIVEN, "monthly_allowance"),
        flow(20261102, 24, Moved.GIVEN, "support_credit"),
    ]
    found = bridges(1_036, flows, MONTHS)
    assert [bridge.opening for bridge in found] == [0, 12, 12]
    assert [bridge.closing for bridge in found] == [12, 12, 1_036]
    assert found[-1].given == {"monthly_allowance": 1_000, "support_credit": 24}


def test_features_come_by_what_they_gained_on_the_same_days() -> None:
    used = [
        flow(20261005, 10, part="ghostface"),
        flow(20261030, 90, part="ghostface"),
        flow(20261105, 4, part="ghostface"),
        flow(20261106, 12, part="image_extender"),
        flow(20261122, 500, part="object_remover"),
    ]
    found = feature_changes(used, {"ghostface": "Ghost"}, SAME)
    assert [(one.key, one.difference, one.change) for one in found] == [
        ("image_extender", 12, None),
        ("object_remover", 0, None),
        ("ghostface", -6, -0.6),
    ]
    ghost = found[-1]
    assert (ghost.name, ghost.running, ghost.last) == ("Ghost", 4, 100)
    assert feature_changes(used, {}, SameDays(NOVEMBER, 0)) == ()
