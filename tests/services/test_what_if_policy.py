"""A policy tried on packed months: what could go wrong where it is done for everybody at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from app import Desk
from app.domain.calendar import BillingCalendar, Month
from app.domain.policy import Bonus
from app.domain.prices import PriceList
from app.domain.staff import Act
from app.domain.terms import Terms
from app.services import what_if_alone, what_if_asked, what_if_together
from app.services.what_if_months import Packs
from app.services.what_if_policy import expiries
from app.storage.month_packs import Pack, whose_ended
from app.storage.recorded_order import turned_late
from tests.services.conftest import Clock
from tests.storage.test_month_packs import uses_of

NANO = "nano_banana_pro_4k"  # 48 credits
JANUARY = Month(2026, 1)


def with_policy(desk: Desk, **changes: Any) -> PriceList:
    base = desk.pricing.current().prices
    return replace(base, policy=replace(base.policy, **changes))


class Together:
    """A draft tried on January 2026 at once, and user by user."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.packs = Packs()
        self.packs.prepare(desk.office, (JANUARY,), lambda _: None, None)

    def pack(self) -> Pack:
        with self.desk.office.reading() as work:
            return self.packs.read(work.session, JANUARY)

    def same(self, draft: PriceList) -> bool:
        with self.desk.office.reading(Act.WHAT_IF) as work:
            asked = what_if_asked.Asked(draft, (JANUARY,))
            together = what_if_together.tried(work, asked, self.packs)
            alone = what_if_alone.one_by_one(work, asked)
            equal = np.array_equal(uses_of(together), uses_of(alone))
            return equal and together.expired == alone.expired


@pytest.fixture
def amy(desk: Desk, clock: Clock) -> str:
    clock.set(2026, 1, 2)
    desk.accounts.register("amy", email="amy@x.example", name="Amy")
    desk.accounts.change_plan("amy", "plus")
    return "amy"


def test_a_voided_grant_keeps_its_place_in_burn_down_under_another_policy(
    desk: Desk, clock: Clock, amy: str
) -> None:
    given = desk.support.grant(amy, 50, reason="goodwill", note="Sorry", ticket="T-1")
    clock.set(2026, 1, 10)
    desk.charging.charge(amy, NANO, key="1")
    clock.set(2026, 1, 12)
    desk.support.void(given.id, reason="given_in_error", note="Twice")
    clock.set(2026, 2, 3)
    assert Together(desk).same(with_policy(desk, plans={"free": 0, "plus": 150, "pro": 1000}))


def test_a_plan_change_told_before_midnight_for_the_next_month_is_tried_at_once(
    desk: Desk, clock: Clock, amy: str
) -> None:
    clock.set(2026, 1, 10)
    desk.charging.charge(amy, NANO, key="1")
    clock.set(2026, 1, 31, 23, 58)
    desk.accounts.change_plan(amy, "pro", at=datetime(2026, 2, 1, tzinfo=UTC))
    clock.set(2026, 2, 3)
    tried = Together(desk)
    assert list(tried.pack().odd) == []
    assert tried.same(with_policy(desk, plans={"free": 3, "plus": 40, "pro": 500}))


def test_a_plan_change_told_after_the_uses_it_is_for_is_tried_user_by_user(
    desk: Desk, clock: Clock, amy: str
) -> None:
    clock.set(2026, 1, 10)
    desk.charging.charge(amy, NANO, key="1")
    clock.set(2026, 1, 20)
    desk.accounts.change_plan(amy, "pro", at=datetime(2026, 1, 9, tzinfo=UTC))
    desk.charging.charge(amy, NANO, key="2")
    clock.set(2026, 2, 3)
    tried = Together(desk)
    assert len(tried.pack().odd) == 1
    assert tried.same(with_policy(desk, plans={"free": 0, "plus": 20, "pro": 60}))


def test_a_use_refunded_after_its_bonus_ended_under_the_draft_is_tried_user_by_user(
    desk: Desk, clock: Clock
) -> None:
    clock.set(2026, 1, 2)
    desk.accounts.register("bob", email="bob@x.example", name="Bob")
    charge = desk.charging.charge("bob", "image_extender", key="1")  # 12 of 12
    clock.set(2026, 1, 20)
    desk.support.refund(charge.id, reason="failed_generation", note="")
    desk.charging.charge("bob", "image_extender", key="2")
    clock.set(2026, 2, 3)
    # The bonus ended on 9 January: the refund is a new grant, until the end of the month.
    assert Together(desk).same(with_policy(desk, signup=Bonus(12, "P7D")))
    found = desk.pricing.what_if(with_policy(desk, signup=Bonus(12, "P7D")), JANUARY)
    assert (found.now.credits, found.now.refused) == (24, 0)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu"])
@pytest.mark.parametrize("valid", ["P1Y", "P30D", "P184D", "month_end"])
def test_many_expire_when_each_would_across_changes_of_the_clock(zone: str, valid: str) -> None:
    calendar = BillingCalendar(zone)
    start, end = calendar.start_ms(Month(2024, 2)), calendar.start_ms(Month(2024, 12))
    terms = Terms(start, end, calendar)
    at = np.random.default_rng(5).integers(start, end, 3_000)
    turn = calendar.start_ms(Month(2024, 4)) - 1
    at = np.concatenate([at, [start, end - 1, turn, turn + 1]])
    assert expiries(terms, at, valid).tolist() == [terms.expiry(int(ms), valid) for ms in at]


def test_a_grant_ends_within_a_spell_after_it_began_or_with_it() -> None:
    ends = np.array([1, 1, 4]), np.array([10, 20, 7])
    spells = (
        np.array([1, 1, 1, 2, 4, 4]),
        np.array([10, 9, 19, 0, 6, 7]),
        np.array([19, 10, 30, 99, 7, 8]),
    )
    assert whose_ended(ends, spells).tolist() == [1, 1, 4]


def test_changes_told_when_a_month_had_begun_or_after_a_later_one_are_late() -> None:
    turns = np.array(
        [
            # user, plan, instant, recorded
            [1, 1, 90, 90],
            [2, 1, 90, 110],
            [3, 1, 100, 95],
            [4, 1, 60, 60],
            [4, 2, 50, 65],
        ]
    ).T
    over, overtaken = turned_late(turns, np.array([0, 100, 200]))
    assert over.over(100).tolist() == [2]
    assert overtaken.within(0, 100).tolist() == [4]
