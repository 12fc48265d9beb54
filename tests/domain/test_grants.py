"""Which allowances a month owes, and the least a grant held (rules, sections 2 and 3)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import BillingCalendar, Month, parse_instant
from app.domain.grants import (
    AllowanceRule,
    DueAllowance,
    HeldChange,
    PlanChange,
    due_allowances,
    least_held,
    plan_at,
)

AMOUNTS = {"free": 0, "plus": 200, "pro": 1000}
UTC_RULE = AllowanceRule(BillingCalendar("UTC"), lambda _: AMOUNTS)
JANUARY, FEBRUARY, MARCH = Month(2026, 1), Month(2026, 2), Month(2026, 3)


def utc(text: str) -> datetime:
    return parse_instant(text if "T" in text else f"{text}T00:00Z")


def history(*entries: tuple[str, str]) -> list[PlanChange]:
    return [PlanChange(utc(at), plan) for at, plan in entries]


def owed(
    entries: list[PlanChange],
    until: str,
    released: dict[Month, int] | None = None,
    first: Month = JANUARY,
    rule: AllowanceRule = UTC_RULE,
) -> list[DueAllowance]:
    return due_allowances(entries, released or {}, rule, first, utc(until))


def short(due: list[DueAllowance]) -> list[tuple[str, str, int, str]]:
    return [(str(d.month), d.plan, d.credits, d.effective_at.isoformat()[:16]) for d in due]


def test_a_plan_held_from_registration_owes_from_that_moment_then_from_each_month() -> None:
    due = owed(history(("2026-01-15T12:00Z", "plus")), "2026-03-01")
    assert short(due) == [
        ("2026-01", "plus", 200, "2026-01-15T12:00"),
        ("2026-02", "plus", 200, "2026-02-01T00:00"),
        ("2026-03", "plus", 200, "2026-03-01T00:00"),
    ]
    assert [d.expires_at for d in due] == [utc("2026-02-01"), utc("2026-03-01"), utc("2026-04-01")]


def test_a_month_owes_nothing_a_millisecond_before_it_begins() -> None:
    entries = history(("2026-01-15T12:00Z", "plus"))
    assert [d.month for d in owed(entries, "2026-01-31T23:59:59.999Z")] == [JANUARY]


def test_the_free_plan_owes_nothing() -> None:
    assert owed(history(("2026-01-15", "free")), "2027-01-01") == []


def test_an_upgrade_owes_the_difference_at_once() -> None:
    entries = history(("2026-01-01", "plus"), ("2026-01-20T08:00Z", "pro"))
    assert short(owed(entries, "2026-01-31")) == [
        ("2026-01", "plus", 200, "2026-01-01T00:00"),
        ("2026-01", "pro", 800, "2026-01-20T08:00"),
    ]


def test_a_plan_releases_once_a_month_and_an_upgrade_the_difference_to_that() -> None:
    """A list published at the month's first instant gives more than was released of Plus."""
    entries = history(("2026-01-01", "plus"), ("2026-01-20T08:00Z", "pro"))
    given = {(JANUARY, "plus")}
    due = due_allowances(entries, {JANUARY: 150}, UTC_RULE, JANUARY, utc("2026-01-31"), given=given)
    assert short(due) == [("2026-01", "pro", 850, "2026-01-20T08:00")]


def test_an_upgrade_later_than_the_instant_asked_about_owes_nothing_yet() -> None:
    entries = history(("2026-01-01", "plus"), ("2026-01-20T08:00Z", "pro"))
    assert [d.plan for d in owed(entries, "2026-01-20T07:59:59.999Z")] == ["plus"]


def test_a_downgrade_takes_nothing_back_and_counts_from_the_next_month() -> None:
    entries = history(("2026-01-01", "pro"), ("2026-01-02", "plus"))
    assert short(owed(entries, "2026-02-01")) == [
        ("2026-01", "pro", 1000, "2026-01-01T00:00"),
        ("2026-02", "plus", 200, "2026-02-01T00:00"),
    ]


def test_a_change_at_the_first_instant_of_a_month_counts_for_that_month() -> None:
    assert short(owed(history(("2026-01-05", "pro"), ("2026-02-01", "free")), "2026-02-28")) == [
        ("2026-01", "pro", 1000, "2026-01-05T00:00")
    ]
    assert short(owed(history(("2026-01-05", "free"), ("2026-02-01", "pro")), "2026-02-28")) == [
        ("2026-02", "pro", 1000, "2026-02-01T00:00")
    ]


def test_switching_back_and_forth_owes_the_largest_once() -> None:
    entries = history(
        ("2026-01-01", "plus"), ("2026-01-02", "pro"), ("2026-01-03", "free"),
        ("2026-01-04", "pro"), ("2026-01-05", "plus"), ("2026-01-06", "pro"),
    )  # fmt: skip
    assert sum(d.credits for d in owed(entries, "2026-01-31")) == 1000


def test_a_change_dated_back_only_adds_what_was_missing() -> None:
    entries = history(("2026-01-01", "free"), ("2026-01-03", "pro"), ("2026-01-20", "plus"))
    assert short(owed(entries, "2026-01-31", {JANUARY: 200})) == [
        ("2026-01", "pro", 800, "2026-01-03T00:00")
    ]


def test_what_a_month_released_stays_when_a_downgrade_is_dated_back() -> None:
    entries = history(("2026-01-01", "free"), ("2026-01-15", "plus"))
    assert owed(entries, "2026-01-31", {JANUARY: 1000}) == []


def test_nothing_was_held_before_the_registration_not_even_the_free_plan() -> None:
    rule = AllowanceRule(BillingCalendar("UTC"), lambda _: {"free": 5, "plus": 200})
    due = owed(history(("2026-02-10", "free")), "2026-03-01", rule=rule)
    assert short(due) == [
        ("2026-02", "free", 5, "2026-02-10T00:00"),
        ("2026-03", "free", 5, "2026-03-01T00:00"),
    ]
    assert owed([], "2026-03-01", rule=rule) == []


def test_the_amount_is_that_of_the_list_in_force_when_the_month_began() -> None:
    rule = AllowanceRule(
        BillingCalendar("UTC"), lambda month: {"plus": 200 if month < MARCH else 300}
    )
    due = owed(history(("2026-02-10", "plus")), "2026-03-01", rule=rule)
    assert [(d.month, d.credits) for d in due] == [(FEBRUARY, 200), (MARCH, 300)]


@pytest.mark.parametrize(
    ("zone", "start"),
    [("Europe/Berlin", "2026-03-31T22:00"), ("America/New_York", "2026-04-01T04:00")],
)
def test_a_month_begins_in_the_billing_zone(zone: str, start: str) -> None:
    rule = AllowanceRule(BillingCalendar(zone), lambda _: AMOUNTS)
    due = owed(history(("2026-03-15", "plus")), f"{start}Z", rule=rule, first=MARCH)
    assert short(due)[-1] == ("2026-04", "plus", 200, start)


# --- against a brute force

plans = st.sampled_from(["free", "plus", "pro"])
hours = st.integers(0, 6 * 31 * 4).map(lambda count: count * 4)
START = utc("2026-01-01")


@st.composite
def histories(draw: st.DrawFn) -> list[PlanChange]:
    at = sorted(draw(st.lists(hours, min_size=1, max_size=8, unique=True)))
    return [PlanChange(START + timedelta(hours=h), draw(plans)) for h in at]


def largest_held(entries: list[PlanChange], month: Month, until: datetime) -> int:
    """Every four hours, as changes come here: the largest allowance held in the month."""
    instant, end = UTC_RULE.calendar.start(month), UTC_RULE.calendar.end(month)
    best = 0
    while instant <= until and instant < end:
        best = max(best, AMOUNTS[plan_at(entries, instant)])
        instant += timedelta(hours=4)
    return best


@given(histories(), hours)
def test_a_month_owes_the_largest_allowance_held_in_it(
    entries: list[PlanChange], hour: int
) -> None:
    until = START + timedelta(hours=hour)
    due = due_allowances(entries, {}, UTC_RULE, JANUARY, until)
    for month in JANUARY.until(Month(2026, 5)):
        assert sum(d.credits for d in due if d.month == month) == largest_held(
            entries, month, until
        )
    for allowance in due:
        assert allowance.effective_at <= until
        assert plan_at(entries, allowance.effective_at) == allowance.plan
        assert allowance.expires_at == UTC_RULE.calendar.end(allowance.month)
    keys = [(d.month, d.plan) for d in due]
    assert len(keys) == len(set(keys)), "one allowance a month and plan"


def released_by(due: list[DueAllowance]) -> dict[Month, int]:
    released: dict[Month, int] = {}
    for allowance in due:
        released[allowance.month] = released.get(allowance.month, 0) + allowance.credits
    return released


@given(histories(), hours, hours)
def test_looking_in_between_changes_nothing(entries: list[PlanChange], one: int, two: int) -> None:
    first, last = (START + timedelta(hours=h) for h in sorted((one, two)))
    early = due_allowances(entries, {}, UTC_RULE, JANUARY, first)
    rest = due_allowances(entries, released_by(early), UTC_RULE, JANUARY, last)
    whole = due_allowances(entries, {}, UTC_RULE, JANUARY, last)
    assert sorted(early + rest, key=lambda d: d.effective_at) == whole
    assert due_allowances(entries, released_by(whole), UTC_RULE, JANUARY, last) == []


@given(histories(), hours, plans)
def test_a_change_reported_late_never_takes_back_and_never_exceeds_the_largest(
    entries: list[PlanChange], hour: int, plan: str
) -> None:
    end = utc("2026-05-31")
    before = due_allowances(entries, {}, UTC_RULE, JANUARY, end)
    at = START + timedelta(hours=hour)
    changed = [c for c in entries if c.at <= at] + [PlanChange(at, plan)]
    changed += [c for c in entries if c.at > at]
    added = due_allowances(changed, released_by(before), UTC_RULE, JANUARY, end)
    for month in JANUARY.until(Month(2026, 5)):
        had = sum(d.credits for d in before if d.month == month)
        more = sum(d.credits for d in added if d.month == month)
        assert had + more == max(had, largest_held(changed, month, end))


# --- the least a grant held


def changes(*pairs: tuple[int, int]) -> list[HeldChange]:
    return [HeldChange(START + timedelta(hours=hour), credits) for hour, credits in pairs]


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def test_without_later_changes_a_grant_can_give_all_it_has() -> None:
    assert least_held(7, changes((1, -5)), at(1)) == 7
    assert least_held(7, [], at(0)) == 7


def test_what_a_refund_gave_back_was_not_there_in_between() -> None:
    assert least_held(12, changes((1, -10), (5, 10)), at(0)) == 2
    assert least_held(12, changes((1, -10), (5, 10)), at(3)) == 2
    assert least_held(12, changes((1, -10), (5, 10)), at(5)) == 12


def test_a_use_and_its_refund_at_the_same_instant_leave_no_dent() -> None:
    assert least_held(12, changes((1, -10), (1, 10)), at(0)) == 12


def test_a_voided_grant_has_nothing_to_give() -> None:
    assert least_held(0, changes((4, -12)), at(2)) == 0


@given(
    st.integers(0, 30),
    st.lists(st.tuples(st.integers(0, 9), st.integers(-20, 20)), max_size=8),
    st.integers(-1, 10),
)
def test_the_least_held_is_that_of_looking_at_every_instant(
    remaining: int, pairs: list[tuple[int, int]], since: int
) -> None:
    listed = changes(*pairs)
    begun = remaining - sum(c.credits for c in listed)
    looked = [
        begun + sum(c.credits for c in listed if c.at <= at(hour)) for hour in range(since, 12)
    ]
    assert least_held(remaining, listed, at(since)) == min(looked)
