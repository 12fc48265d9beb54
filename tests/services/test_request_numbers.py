"""The figures for leads, and what somebody did today, counted from what is on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app import Desk
from app.domain.errors import InvalidValue
from app.domain.request_numbers import Times
from tests.services.conftest import Clock

AsRole = Callable[..., Desk]


@pytest.fixture
def answered(desk: Desk, as_role: AsRole, clock: Clock) -> Desk:
    """Two weeks of a small desk; the clock stands at Tuesday, 20 January."""
    clock.set(2026, 1, 12, 8)
    desk.accounts.register("u1", email="a@example.com", name="A")
    charge = desk.charging.charge("u1", "image_extender", key="k", outcome="failed").id
    sam = as_role("support")
    made = [
        desk.requests.open(user="u1", ticket=f"T{n}", message="?", category="failed_generation")
        for n in range(5)
    ]
    clock.pass_(hours=2)
    sam.requests.claim(made[0].id)
    clock.pass_(hours=4)
    sam.requests.resolve(made[0].id, act="refund", charge_id=charge)
    desk.requests.resolve(made[1].id, act="refund", charge_id=charge)
    clock.set(2026, 1, 20, 12)
    sam.requests.resolve(made[2].id, act="grant", credits=30, reason="goodwill")
    sam.requests.resolve(made[3].id, act="decline")
    desk.requests.open(user="?", ticket="T9", message="?", at=clock.now - timedelta(hours=5))
    return sam


def test_the_weeks_tell_what_was_opened_resolved_and_given(answered: Desk) -> None:
    numbers = answered.requests.numbers("2026-01-12", date(2026, 1, 20))
    first, second = numbers.weeks
    assert (first.monday, first.opened, second.opened) == (date(2026, 1, 12), 5, 1)
    assert (first.outcomes, second.outcomes) == ({"refunded": 2}, {"declined": 1, "granted": 1})
    # One refund answered two requests: it was given once.
    assert (first.credits, second.credits) == ({"failed_generation": 12}, {"goodwill": 30})
    assert first.first_answer == Times(2, 2.0, 6.0)
    assert first.resolution == Times(2, 6.0, 6.0)
    assert [(p.staff[:3], p.resolved, p.credits) for p in numbers.people] == [
        ("sup", 3, 42),
        ("ana", 1, 0),
    ]
    assert {age.name: dict(age.by_category) for age in numbers.ages if age.open} == {
        "4 to 24 hours": {"": 1},
        "over a week": {"failed_generation": 1},
    }


def test_days_outside_are_left_out_and_what_is_open_is_counted_all_the_same(
    answered: Desk,
) -> None:
    numbers = answered.requests.numbers("2026-01-19", "2026-01-19")
    assert [week.resolved for week in numbers.weeks] == [0]
    assert sum(age.open for age in numbers.ages) == 2
    with pytest.raises(InvalidValue, match="backwards"):
        answered.requests.numbers("2026-01-20", "2026-01-19")


def test_today_is_what_one_did_oneself_since_midnight(answered: Desk, desk: Desk) -> None:
    today = answered.requests.today()
    assert [request.ticket for request in today.resolved] == ["T3", "T2"]
    assert (today.outcomes, today.credits) == ({"granted": 1, "declined": 1}, 30)
    assert desk.requests.today().resolved == ()
