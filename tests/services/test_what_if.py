"""What if: small stories whose outcome can be counted on the fingers (rules, sections 3, 4, 6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from app import Desk, open_desk
from app.domain.errors import Cancelled, InsufficientCredits, InvalidValue, NotPermitted
from app.domain.policy import Bonus
from app.domain.prices import PriceList
from app.domain.whatif import WhatIf
from tests.services.conftest import Clock

NANO = "nano_banana_pro_4k"  # 48 credits


def priced(desk: Desk, **credits: int | None) -> PriceList:
    """The list in force with other prices; ``None`` takes a feature off it."""
    base = desk.pricing.current().prices
    features = tuple(
        replace(feature, credits=credits.get(feature.key, feature.credits) or 0)
        for feature in base.features
        if credits.get(feature.key, feature.credits) is not None
    )
    return replace(base, features=features)


def with_policy(desk: Desk, **changes: Any) -> PriceList:
    base = desk.pricing.current().prices
    return replace(base, policy=replace(base.policy, **changes))


@pytest.fixture
def use(desk: Desk, clock: Clock) -> Callable[..., bool]:
    """Use something and say whether it was paid for; the clock stands at the use."""
    made = 0

    def used(user: str, feature: str, quantity: int = 1, at: datetime | None = None) -> bool:
        nonlocal made
        made += 1
        try:
            desk.charging.charge(user, feature, key=f"use-{made}", quantity=quantity, at=at)
        except InsufficientCredits:
            return False
        return True

    return used


@pytest.fixture
def january(desk: Desk, clock: Clock, use: Callable[..., bool]) -> Desk:
    """Two users in January 2026, seen from February: one on Plus, one free."""
    clock.set(2026, 1, 2)
    for name in ("amy", "bob"):
        desk.accounts.register(name, email=f"{name}@x.example", name=name)
    desk.accounts.change_plan("amy", "plus")  # 12 + 200
    clock.set(2026, 1, 10)
    assert all(use("amy", NANO) for _ in range(4))  # 192: 8 and the bonus of 12 are left
    clock.set(2026, 1, 20)
    assert not use("amy", NANO)
    assert use("bob", "image_extender")  # 12 of 12
    assert not use("bob", "image_extender")
    clock.set(2026, 2, 3)
    return desk


def test_the_list_that_was_in_force_gives_what_happened(january: Desk) -> None:
    for prices in (None, january.pricing.current().prices):
        found = january.pricing.what_if(prices, "2026-01")
        assert found.then == found.now
        assert (found.then.uses, found.then.credits, found.then.refused, found.then.out) == (
            *(5, 204, 2, 2),
        )
        assert (found.expired_then, found.expired_now) == (8, 8)
        assert (found.newly_out, found.spared, found.touched) == (0, 0, 0)
        assert found.hardest == ()


def test_a_higher_price_refuses_what_the_credits_no_longer_pay(january: Desk) -> None:
    found = january.pricing.what_if(priced(january, nano_banana_pro_4k=60), "2026-01")
    # 3 of 60, then 20 of the allowance are left, and the bonus: 32 are too few.
    assert (found.now.uses, found.now.credits, found.now.refused) == (4, 192, 3)
    (hit,) = found.hardest
    assert (hit.user_id, hit.plan, hit.refused_then, hit.refused_now) == ("amy", "plus", 1, 2)
    assert (hit.credits_then, hit.credits_now) == (192, 180)
    assert hit.out_then == datetime(2026, 1, 20, tzinfo=UTC)
    assert hit.out_now == datetime(2026, 1, 10, tzinfo=UTC)
    days = {day.day: (day.then, day.now) for day in found.days if day.then or day.now}
    assert days == {date(2026, 1, 10): (0, 1), date(2026, 1, 20): (2, 1)}
    assert found.touched == 1
    assert (found.expired_then, found.expired_now) == (8, 20)


def test_every_user_is_counted_once_by_how_their_credits_change(january: Desk) -> None:
    found = january.pricing.what_if(priced(january, nano_banana_pro_4k=60), "2026-01")
    assert sum(touch.users for touch in found.touches) == found.users == 2
    (lost,) = [
        touch for touch in found.touches if touch.users and (touch.above, touch.most) != (0, 0)
    ]
    assert lost.above is not None
    assert lost.above < (180 - 192) / 192 <= 0
    bounds = [(touch.above, touch.most) for touch in found.touches]
    assert len(bounds) == len(set(bounds)) == 10
    assert bounds[4] == (0.0, 0.0)


def test_a_lower_price_pays_for_what_was_refused(january: Desk) -> None:
    found = january.pricing.what_if(priced(january, nano_banana_pro_4k=40), "2026-01")
    assert (found.now.uses, found.now.refused, found.spared) == (6, 1, 1)
    features = {part.key: part for part in found.features}
    assert features[NANO].then.refused == 1
    assert features[NANO].now.refused == 0
    plans = {part.key: part for part in found.plans}
    assert (plans["plus"].then.out, plans["plus"].now.out) == (1, 0)
    assert (plans["free"].then.out, plans["free"].now.out) == (1, 1)


def test_a_feature_off_the_list_is_neither_used_nor_refused(january: Desk) -> None:
    found = january.pricing.what_if(priced(january, nano_banana_pro_4k=None), "2026-01")
    assert (found.now.uses, found.now.refused, found.unlisted) == (1, 1, 5)


def test_other_allowances_and_bonuses_change_what_was_granted(january: Desk) -> None:
    plans = january.pricing.current().prices.policy.plans | {"plus": 240, "free": 5}
    draft = with_policy(january, plans=plans, signup=Bonus(15, "P1Y"))
    found = january.pricing.what_if(draft, "2026-01")
    # Amy has 240 and 15, bob 5 and 15: her fifth use is paid for, his second still is not.
    assert (found.now.uses, found.now.credits, found.now.refused) == (6, 252, 1)
    assert (found.expired_then, found.expired_now) == (8, 0)


def test_a_shorter_validity_lets_the_bonus_expire(
    january: Desk, clock: Clock, use: Callable[..., bool]
) -> None:
    draft = with_policy(january, signup=Bonus(12, "P7D"))
    found = january.pricing.what_if(draft, "2026-01")
    assert (found.now.uses, found.now.refused) == (4, 3)
    assert (found.expired_then, found.expired_now) == (8, 8 + 12 + 12)


def test_a_batch_is_all_or_nothing(desk: Desk, clock: Clock, use: Callable[..., bool]) -> None:
    desk.accounts.register("amy", email="amy@x.example", name="Amy")
    assert use("amy", "remove_bg_batch", 12)
    clock.set(2026, 2, 1)
    found = desk.pricing.what_if(priced(desk, remove_bg_batch=2), "2026-01")
    assert (found.now.uses, found.now.credits, found.now.refused) == (0, 0, 12)


def test_a_refund_gives_back_only_what_the_draft_took(
    desk: Desk, clock: Clock, use: Callable[..., bool]
) -> None:
    desk.accounts.register("amy", email="amy@x.example", name="Amy")
    assert use("amy", "nano_banana_1k")  # 6 of 12
    assert use("amy", "nano_banana_1k")
    for key in ("use-1", "use-2"):
        charge = desk.charging.find(key)
        desk.support.refund(charge.id, reason="failed_generation")
    assert use("amy", "image_extender")
    clock.set(2026, 2, 1)
    found = desk.pricing.what_if(priced(desk, nano_banana_1k=8), "2026-01")
    # The second is refused, and its refund gives nothing: 12 are there again, no more.
    assert (found.now.uses, found.now.credits, found.now.refused) == (2, 8 + 12, 1)


def test_a_void_takes_what_the_draft_left(
    desk: Desk, clock: Clock, use: Callable[..., bool]
) -> None:
    desk.accounts.register("amy", email="amy@x.example", name="Amy")
    gift = desk.support.grant("amy", 30, reason="goodwill", note="n", ticket="T-1")
    assert use("amy", "image_extender")
    desk.support.void(gift.id, reason="given_in_error")
    assert not use("amy", "remove_bg_single")
    clock.set(2026, 2, 1)
    same = desk.pricing.what_if(None, "2026-01")
    assert (same.now.uses, same.now.refused) == (1, 1)
    dear = desk.pricing.what_if(priced(desk, image_extender=43), "2026-01")
    # Refused: the bonus stays whole, and only the gift is taken back.
    assert (dear.now.uses, dear.now.credits, dear.now.refused) == (1, 1, 1)


def test_a_late_use_takes_no_more_than_was_held_ever_since(
    desk: Desk, clock: Clock, use: Callable[..., bool]
) -> None:
    desk.accounts.register("amy", email="amy@x.example", name="Amy")
    clock.set(2026, 1, 20)
    assert use("amy", "nano_banana_1k")  # 6 of 12
    clock.set(2026, 2, 2)
    assert use("amy", "nano_banana_1k", at=datetime(2026, 1, 15, tzinfo=UTC))
    clock.set(2026, 3, 1)
    found = desk.pricing.what_if(priced(desk, nano_banana_1k=7), "2026-01")
    assert (found.now.uses, found.now.refused) == (1, 1)
    # The late one comes second: refused on the 15th, though it was the first to occur.
    assert found.hardest[0].out_now == datetime(2026, 1, 15, tzinfo=UTC)


def test_what_a_refund_gave_back_is_not_there_for_a_use_that_occurred_before_it(
    desk: Desk, clock: Clock, use: Callable[..., bool]
) -> None:
    desk.accounts.register("amy", email="amy@x.example", name="Amy")
    clock.set(2026, 1, 15)
    assert use("amy", "nano_banana_1k")  # 6 of 12
    clock.set(2026, 1, 20)
    desk.support.refund(desk.charging.find("use-1").id, reason="failed_generation")
    assert not use("amy", "image_extender", at=datetime(2026, 1, 12, tzinfo=UTC))
    clock.set(2026, 2, 1)
    found = desk.pricing.what_if(None, "2026-01")
    assert found.now == found.then
    assert found.now.refused == 1


def test_what_came_after_the_months_counts_where_a_late_use_met_it(
    desk: Desk, clock: Clock, use: Callable[..., bool]
) -> None:
    desk.accounts.register("amy", email="amy@x.example", name="Amy")
    clock.set(2026, 2, 2)
    assert use("amy", "image_extender")  # all 12, in February
    assert not use("amy", "remove_bg_single", at=datetime(2026, 1, 15, tzinfo=UTC))
    clock.set(2026, 3, 1)
    found = desk.pricing.what_if(priced(desk, image_extender=1), "2026-01")
    assert (found.now.uses, found.now.refused) == (0, 1)  # February cost what it cost


def test_a_sample_looks_at_one_user_in_so_many(january: Desk) -> None:
    found = january.pricing.what_if(None, "2026-01", one_in=2)
    assert (found.users, found.one_in, found.estimated) == (1, 2, True)
    assert found.then.refused == 1
    assert found.whole(found.then.refused) == 2
    assert "estimated from 1 in 2 users" in found.summary


def test_a_sample_packs_no_months_and_is_the_same_once_they_are_packed(january: Desk) -> None:
    draft = priced(january, nano_banana_pro_4k=60)

    def packed() -> int:
        with january.office.reading() as work:
            return int(work.session.value("SELECT count(*) FROM month_pack"))

    before = january.pricing.what_if(draft, "2026-01", one_in=2)
    assert packed() == 0
    january.pricing.what_if(draft, "2026-01")
    assert packed() == 1
    assert january.pricing.what_if(draft, "2026-01", one_in=2) == before


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-02", "2026-02", "2026-02 is not over yet"),
        ("2026-01", "2025-12", "The last month, 2025-12, is before the first, 2026-01."),
        ("2025-01", "2026-01", "are 13 months"),
        ("January", "2026-01", "not a month"),
    ],
)
def test_months_that_cannot_be_tried_are_named(
    january: Desk, first: str, last: str, said: str
) -> None:
    with pytest.raises(InvalidValue, match=said):
        january.pricing.what_if(None, first, last)


def test_a_month_without_uses_gives_noughts(january: Desk) -> None:
    found = january.pricing.what_if(None, "2025-06", "2025-08")
    assert isinstance(found, WhatIf)
    assert (found.users, found.then.uses, found.features) == (0, 0, ())


def test_only_those_with_the_role_may_ask(january: Desk, as_role: Callable[[str], Desk]) -> None:
    for role in ("product_manager", "qa"):
        as_role(role).pricing.what_if(None, "2026-01")
    for role in ("support", "support_lead", "system"):
        with pytest.raises(NotPermitted):
            as_role(role).pricing.what_if(None, "2026-01")


def test_it_stops_when_told_to(january: Desk) -> None:
    import threading

    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        january.pricing.what_if(None, "2026-01", stop=stop)


def test_progress_rises_to_the_end(january: Desk) -> None:
    told: list[float] = []
    january.pricing.what_if(None, "2026-01", progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_what_a_try_came_to_is_kept_with_the_draft_and_goes_with_it(january: Desk) -> None:
    draft = priced(january, **{NANO: 60})
    found = january.pricing.what_if(draft, "2026-01")
    assert not january.pricing.keep_trial(draft, found)  # there is no draft
    assert january.pricing.trial() is None
    january.pricing.save_draft(draft, based_on=1)
    assert january.pricing.keep_trial(draft, found)
    kept = january.pricing.trial()
    assert kept is not None
    assert (kept.tried, kept.result, kept.outdated) == (draft, found, False)
    january.pricing.discard_draft()
    assert january.pricing.trial() is None


def test_a_published_draft_keeps_no_figures(january: Desk) -> None:
    draft = priced(january, **{NANO: 60})
    january.pricing.save_draft(draft, based_on=1)
    january.pricing.keep_trial(draft, january.pricing.what_if(draft, "2026-01"))
    january.pricing.publish(draft, based_on=1, note="dearer")
    assert january.pricing.trial() is None


def test_kept_figures_say_when_more_was_recorded_of_their_months(
    january: Desk, use: Callable[..., bool]
) -> None:
    draft = priced(january, **{NANO: 60})
    january.pricing.save_draft(draft, based_on=1)
    january.pricing.keep_trial(draft, january.pricing.what_if(draft, "2026-01"))
    use("bob", "export_image")  # in February
    kept = january.pricing.trial()
    assert kept is not None
    assert not kept.outdated
    use("bob", "export_image", at=datetime(2026, 1, 30, tzinfo=UTC))
    kept = january.pricing.trial()
    assert kept is not None
    assert kept.outdated


def test_who_may_not_edit_prices_keeps_no_figures(january: Desk, as_role: Any) -> None:
    draft = priced(january, **{NANO: 60})
    qa = as_role("qa")
    found = qa.pricing.what_if(draft, "2026-01")
    with pytest.raises(NotPermitted):
        qa.pricing.keep_trial(draft, found)


def test_a_result_names_the_lists_of_then_and_what_of_one_to_come_is_in_the_draft(
    january: Desk,
) -> None:
    assert january.pricing.what_if(None, "2026-01").against == (1,)
    scheduled = priced(january, **{NANO: 60, "ghostface": 5})
    start = datetime(2026, 3, 1, tzinfo=UTC)
    january.pricing.publish(scheduled, based_on=1, note="in March", effective_at=start)
    on_top = january.pricing.what_if(replace(scheduled, free_actions=()), "2026-01")
    assert [(one.number, one.shared, one.of, one.whole) for one in on_top.scheduled] == [
        (2, 2, 2, True)
    ]
    part = january.pricing.what_if(priced(january, **{NANO: 60}), "2026-01")
    assert [(one.number, one.shared, one.of) for one in part.scheduled] == [(2, 1, 2)]
    assert part.scheduled[0].effective_at == start
    assert january.pricing.what_if(priced(january, ghostface=7), "2026-01").scheduled == ()
    instead = priced(january, **{NANO: 60})
    january.pricing.publish(instead, based_on=2, note="rather so", effective_at=start)
    held = january.pricing.what_if(instead, "2026-01").scheduled
    assert [(one.number, one.shared, one.of) for one in held] == [(3, 1, 1)]


def test_nothing_is_remembered_of_what_a_restore_took_away(clock: Clock, tmp_path: Path) -> None:
    clock.set(2026, 1, 2)
    with open_desk(tmp_path / "c.db", staff="ana@pixpretty.example", now=clock) as desk:
        desk.accounts.register("amy", email="amy@x.example", name="Amy")
        clock.set(2026, 2, 3)
        desk.pricing.what_if(None, "2026-01")  # packed: what comes after it is looked up
        backup = desk.integrity.backup(tmp_path / "before.db")
        for feature, credits in (("remove_bg_single", 1), ("ghostface", 4)):
            desk.charging.charge("amy", feature, key="late", at=datetime(2026, 1, 20, tzinfo=UTC))
            assert desk.pricing.what_if(None, "2026-01").then.credits == credits
            desk.integrity.restore(backup)


def test_no_month_is_kept_packed_that_was_read_before_a_restore(
    clock: Clock, tmp_path: Path
) -> None:
    clock.set(2026, 1, 2)
    with open_desk(tmp_path / "c.db", staff="ana@pixpretty.example", now=clock) as desk:
        desk.accounts.register("amy", email="amy@x.example", name="Amy")
        backup = desk.integrity.backup(tmp_path / "before.db")
        desk.charging.charge("amy", "ghostface", key="lost")
        clock.set(2026, 2, 3)
        left = [backup]

        def restored(_: float) -> None:
            if left:
                desk.integrity.restore(left.pop())

        found = desk.pricing.what_if(None, "2026-01", progress=restored)
        assert not left
        assert found.then.credits == 0
        assert desk.integrity.verify().ok
