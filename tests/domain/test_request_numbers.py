"""The figures of requests add up, week by week, whatever happened."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import InvalidValue
from app.domain.failed_jobs import Days
from app.domain.request_numbers import AGES, Fact, Times, checked_span, counted
from app.domain.requests import RESOLVED, State

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIRST, LAST = date(2026, 10, 1), date(2026, 11, 22)


def day_of(at: datetime) -> date:
    return at.date()


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    opened = NOW - timedelta(minutes=draw(st.integers(0, 100 * 24 * 60)))
    state = draw(st.sampled_from(State))
    answered = opened + timedelta(minutes=draw(st.integers(0, 10_000)))
    resolved = answered + timedelta(minutes=draw(st.integers(0, 10_000)))
    done = state in RESOLVED
    return Fact(
        category=draw(st.sampled_from(("", "other", "wrong_price"))),
        state=state,
        opened_at=opened,
        answered_at=None if state is State.OPEN else answered,
        resolved_at=resolved if done else None,
        resolved_by=draw(st.sampled_from(("ana", "ben"))) if done else "",
        credits=draw(st.integers(0, 50)) if done else 0,
        reason=draw(st.sampled_from(("goodwill", "other"))) if done else "",
    )


@given(st.lists(facts(), max_size=40))
def test_the_weeks_the_people_and_the_sums_agree(told: list[Fact]) -> None:
    numbers = counted(told, FIRST, LAST, NOW, day_of)
    inside = [f for f in told if f.resolved_at and FIRST <= f.resolved_at.date() <= LAST]
    assert sum(week.resolved for week in numbers.weeks) == len(inside)
    assert sum(person.resolved for person in numbers.people) == len(inside)
    assert sum(numbers.credits.values()) == sum(fact.credits for fact in inside)
    assert sum(person.credits for person in numbers.people) == sum(f.credits for f in inside)
    assert sum(sum(week.credits.values()) for week in numbers.weeks) == sum(
        fact.credits for fact in inside
    )
    assert sum(week.opened for week in numbers.weeks) == sum(
        FIRST <= fact.opened_at.date() <= LAST for fact in told
    )
    assert numbers.resolution.count == len(inside)
    still = [fact for fact in told if fact.state not in RESOLVED]
    assert sum(age.open for age in numbers.ages) == len(still)
    assert [week.monday.weekday() for week in numbers.weeks] == [0] * 8


@pytest.mark.parametrize(
    ("hours", "age"),
    [(0, 0), (3.99, 0), (4, 1), (23.9, 1), (24, 2), (71, 2), (72, 3), (168, 4), (9999, 4)],
)
def test_an_age_begins_with_its_first_hour(hours: float, age: int) -> None:
    fact = Fact("", State.OPEN, NOW - timedelta(hours=hours))
    numbers = counted([fact], FIRST, LAST, NOW, day_of)
    assert [a.open for a in numbers.ages] == [int(place == age) for place in range(len(AGES))]


def test_median_and_90th_percentile_are_times_that_were_measured() -> None:
    told = [
        Fact("", State.CLAIMED, NOW - timedelta(hours=48), NOW - timedelta(hours=48 - n))
        for n in range(1, 11)
    ]
    numbers = counted(told, FIRST, LAST, NOW, day_of)
    assert numbers.first_answer == Times(10, 5.0, 9.0)
    assert numbers.resolution == Times(0, None, None)


@pytest.mark.parametrize(
    "days", [Days(), Days(FIRST), Days(None, LAST), Days(date(2001, 1, 1), LAST)]
)
def test_numbers_need_a_first_and_a_last_day_not_too_far_apart(days: Days) -> None:
    with pytest.raises(InvalidValue):
        checked_span(days)
