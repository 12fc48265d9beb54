"""Where credits systems go wrong: late and early events, frozen clocks, ends of months, replays."""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app import open_desk
from app.domain.errors import (
    AlreadyRegistered,
    CreditsError,
    IdempotencyConflict,
    InsufficientCredits,
    InvalidInstant,
    NothingToVoid,
)

T0 = datetime(2026, 3, 10, 12, tzinfo=UTC)
MS = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = T0

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> Iterator[Any]:
    """A desk on which usr_1 registered the day before T0, with 12 credits."""
    with open_desk(":memory:", staff="ana@x.example", now=clock) as desk:
        desk.accounts.register(
            "usr_1", email="a@x.example", name="A", referral_code="A1", at=T0 - timedelta(days=1)
        )
        yield desk
        assert desk.integrity.verify().violations == ()


def available(desk: Any, at: datetime | None = None) -> int:
    return int(desk.accounts.account("usr_1", at=at).available)


def lowest_balance(desk: Any) -> int:
    return min(int(entry.balance) for entry in desk.accounts.ledger("usr_1", limit=None))


def use(desk: Any, key: str, feature: str = "image_extender", at: datetime | None = None) -> Any:
    """A use of 12 credits, unless another feature is named."""
    return desk.charging.charge("usr_1", feature, key=key, at=at)


def test_a_late_use_after_a_refund_never_makes_a_past_balance_negative(
    desk: Any, clock: Clock
) -> None:
    first = use(desk, "first")
    clock.now += HOUR
    desk.support.refund(first.id, reason="failed_generation")
    clock.now += HOUR
    for number, at in enumerate((T0 - HOUR, T0, T0 + MINUTE, T0 + HOUR - MS)):
        with pytest.raises(InsufficientCredits) as short:
            use(desk, f"late-{number}", at=at)
        assert (short.value.needed, short.value.available) == (12, 0)
    assert available(desk, T0) == 0
    use(desk, "after-the-refund", at=T0 + HOUR)
    assert (available(desk), lowest_balance(desk)) == (0, 0)


def test_a_use_and_its_refund_in_one_millisecond_leave_room_for_a_late_use_before_them(
    desk: Any,
) -> None:
    desk.support.refund(use(desk, "first").id, reason="failed_generation")
    use(desk, "late", at=T0 - HOUR)
    assert [available(desk, T0 - HOUR - MS), available(desk, T0 - HOUR), available(desk)] == [
        12,
        0,
        0,
    ]
    assert lowest_balance(desk) == 0


def test_a_late_use_burns_what_an_expired_grant_still_had(desk: Any, clock: Clock) -> None:
    desk.accounts.change_plan("usr_1", "plus")
    clock.now = datetime(2026, 4, 20, tzinfo=UTC)
    late = use(desk, "late", "nano_banana_pro_4k", at=T0 + HOUR)
    assert late.credits == 48
    entries = desk.accounts.ledger("usr_1", limit=None)
    expired = [e.credits for e in entries if e.kind == "expiry"]
    assert expired == [-(200 - 48)]
    assert next(e.late for e in entries if e.charge_id == late.id)
    assert available(desk) == 12 + 200


def test_a_voided_grant_pays_for_no_late_use(desk: Any, clock: Clock) -> None:
    gift = desk.support.grant("usr_1", 50, reason="goodwill", note="n", ticket="T-1")
    clock.now += HOUR
    desk.support.void(gift.id, reason="given_in_error")
    with pytest.raises(InsufficientCredits) as short:
        use(desk, "late", "nano_banana_pro_4k", at=T0 + MINUTE)
    assert short.value.available == 12
    with pytest.raises(NothingToVoid):
        desk.support.void(gift.id, reason="given_in_error")


def test_what_was_burned_from_a_voided_grant_comes_back_as_a_new_one(
    desk: Any, clock: Clock
) -> None:
    gift = desk.support.grant(
        "usr_1", 50, reason="goodwill", note="n", ticket="T-1", expires_at=T0 + timedelta(days=30)
    )
    charge = use(desk, "first", "nano_banana_pro_4k")
    clock.now += HOUR
    desk.support.void(gift.id, reason="given_in_error")
    refund = desk.support.refund(charge.id, reason="failed_generation")
    assert (refund.returned, refund.regranted) == (0, 48)
    back = next(g for g in desk.accounts.account("usr_1").grants if g.kind == "refund")
    assert (back.credits, back.expires_at) == (48, datetime(2026, 4, 1, tzinfo=UTC))


def test_a_refund_can_come_back_in_two_parts(desk: Any, clock: Clock) -> None:
    desk.accounts.change_plan("usr_1", "plus")
    for number in range(4):
        use(desk, f"use-{number}", "nano_banana_pro_4k")
    last = desk.charging.charge("usr_1", "image_extender", key="both")  # 8 of Plus, 4 of the bonus
    assert [burn.credits for burn in last.burns] == [8, 4]
    clock.now = datetime(2026, 4, 1, tzinfo=UTC)
    preview = desk.support.refund_preview(last.id)
    refund = desk.support.refund(last.id, reason="failed_generation")
    assert (preview.returned, preview.regranted) == (refund.returned, refund.regranted) == (4, 8)
    assert preview.regrant_expires_at == datetime(2026, 5, 1, tzinfo=UTC)
    assert available(desk) == 12 + 8 + 200


def test_a_refused_use_replayed_is_refused_with_the_same_figures_even_with_credits_there(
    desk: Any, clock: Clock
) -> None:
    with pytest.raises(InsufficientCredits) as first:
        use(desk, "big", "nano_banana_pro_4k")
    clock.now += HOUR
    desk.support.grant("usr_1", 1000, reason="goodwill", note="n", ticket="T-1")
    with pytest.raises(InsufficientCredits) as again:
        use(desk, "big", "nano_banana_pro_4k")
    assert str(again.value) == str(first.value)
    assert available(desk) == 1012
    kinds = [str(e.kind) for e in desk.accounts.ledger("usr_1", limit=None)]
    assert kinds.count("refused_use") == 1


def test_the_same_key_with_other_content_takes_nothing_whoever_uses_it(desk: Any) -> None:
    desk.accounts.register("usr_2", email="b@x.example", name="B")
    use(desk, "k", "ghostface", at=T0 - MINUTE)
    others: list[tuple[str, str, int, datetime | None]] = [
        ("usr_2", "ghostface", 1, None),
        ("usr_1", "action_figure", 1, None),
        ("usr_1", "ghostface", 2, None),
        ("usr_1", "ghostface", 1, T0),
        ("usr_1", "ghostface", 1, T0 - MINUTE + MS),
    ]
    for user, feature, quantity, at in others:
        with pytest.raises(IdempotencyConflict, match="k"):
            desk.charging.charge(user, feature, key="k", quantity=quantity, at=at)
    assert use(desk, "k", "ghostface").id == use(desk, "k", "ghostface", at=T0 - MINUTE).id
    assert available(desk) == 8


def test_an_event_up_to_five_minutes_ahead_is_taken_and_no_more(desk: Any) -> None:
    with pytest.raises(InvalidInstant):
        use(desk, "too-early", "ghostface", at=T0 + 5 * MINUTE + MS)
    use(desk, "early", "ghostface", at=T0 + 5 * MINUTE)
    assert available(desk) == 8
    with pytest.raises(InvalidInstant):
        desk.accounts.change_plan("usr_1", "plus", at=T0 + 5 * MINUTE + MS)
    with pytest.raises(InvalidInstant):
        desk.accounts.register("usr_9", email="i@x.example", name="I", at=T0 + 5 * MINUTE + MS)


def test_a_cancellation_at_the_first_instant_of_a_month_to_come_counts_for_that_month(
    desk: Any, clock: Clock
) -> None:
    april = datetime(2026, 4, 1, tzinfo=UTC)
    desk.accounts.change_plan("usr_1", "pro")
    clock.now = april - MINUTE
    desk.accounts.change_plan("usr_1", "free", at=april)
    clock.now = april + HOUR
    assert available(desk) == 12


def test_a_use_ahead_of_the_clock_refunded_before_it_happens_never_shows_too_much(
    desk: Any,
) -> None:
    charge = use(desk, "early", at=T0 + 3 * MINUTE)
    desk.support.refund(charge.id, reason="failed_generation")
    held = [available(desk, T0 + minutes * MINUTE) for minutes in range(6)]
    assert max(held) == 12
    assert (available(desk), lowest_balance(desk) >= 0) == (12, True)


def test_at_the_turn_of_the_month_the_old_allowance_pays_until_the_last_millisecond(
    desk: Any, clock: Clock
) -> None:
    april = datetime(2026, 4, 1, tzinfo=UTC)
    desk.accounts.change_plan("usr_1", "plus")
    clock.now = april
    before = use(desk, "before", "ghostface", at=april - MS)
    after = use(desk, "after", "ghostface", at=april)
    grants = {g.id: g.expires_at for g in desk.accounts.account("usr_1", at=april - MS).grants}
    assert grants[before.burns[0].grant_id] == april
    assert after.burns[0].grant_id not in grants
    assert available(desk, april - MS) == 12 + 196
    assert available(desk, april) == 12 + 196


def test_a_change_dated_back_to_an_earlier_month_adds_what_that_month_was_missing(
    desk: Any, clock: Clock
) -> None:
    clock.now = datetime(2026, 5, 20, tzinfo=UTC)
    desk.accounts.change_plan("usr_1", "plus", at=T0)
    desk.accounts.change_plan("usr_1", "pro", at=datetime(2026, 4, 15, tzinfo=UTC))
    given = sorted(
        (g.effective_at.isoformat()[:10], g.credits)
        for g in desk.accounts.account("usr_1").all_grants
        if g.kind == "monthly_allowance"
    )
    assert given == [
        ("2026-03-10", 200), ("2026-04-01", 200), ("2026-04-15", 800), ("2026-05-01", 200),
        ("2026-05-01", 800),
    ]  # fmt: skip
    assert available(desk) == 12 + 1000


def test_a_price_list_published_at_the_first_instant_of_a_month_breaks_no_release(
    desk: Any, clock: Clock
) -> None:
    from dataclasses import replace

    desk.accounts.change_plan("usr_1", "plus")
    clock.now = datetime(2026, 4, 1, tzinfo=UTC)
    use(desk, "stores-what-is-due", "ghostface")
    base = desk.pricing.current()
    policy = replace(base.prices.policy, plans=base.prices.policy.plans | {"plus": 300})
    desk.pricing.publish(replace(base.prices, policy=policy), based_on=base.number, note="n")
    use(desk, "next", "ghostface")
    clock.now += HOUR
    use(desk, "later", "ghostface")
    assert lowest_balance(desk) >= 0


def test_a_future_balance_counts_the_allowances_the_plan_will_give(desk: Any) -> None:
    desk.accounts.change_plan("usr_1", "plus")
    assert available(desk, datetime(2026, 6, 15, tzinfo=UTC)) == 212
    account = desk.accounts.account("usr_1", at=datetime(2026, 6, 15, tzinfo=UTC))
    assert [g.expected for g in account.grants if g.kind == "monthly_allowance"] == [True]
    assert available(desk, datetime(2027, 6, 15, tzinfo=UTC)) == 200


def test_a_friend_pays_one_reward_whatever_is_replayed(desk: Any) -> None:
    friend = {"email": "f@x.example", "name": "F", "referred_by": "A1"}
    first = desk.accounts.register("usr_f", **friend)
    assert desk.accounts.register("usr_f", **friend) == first
    with pytest.raises(AlreadyRegistered):
        desk.accounts.register("usr_f", **friend | {"referred_by": None})
    assert available(desk) == 24


@pytest.mark.parametrize(
    ("code", "own", "ago"),
    [("NOBODY", None, timedelta(0)), ("F1", "F1", timedelta(0)), ("A1", None, timedelta(days=2))],
)
def test_a_code_that_does_not_qualify_is_kept_with_the_reason_and_unpaid(
    desk: Any, code: str, own: str | None, ago: timedelta
) -> None:
    friend = desk.accounts.register(
        "usr_f", email="f@x.example", name="F", referral_code=own, referred_by=code, at=T0 - ago
    )
    assert (friend.referred_by, friend.referrer_id) == (code, None)
    assert friend.referral_refused
    assert available(desk) == 12
    assert desk.accounts.account("usr_f").available == 12


def test_a_friend_registered_in_the_same_millisecond_is_paid_for(desk: Any) -> None:
    desk.accounts.register(
        "usr_f", email="f@x.example", name="F", referred_by="A1", at=T0 - timedelta(days=1)
    )
    assert available(desk) == 24


def test_an_error_leaves_no_trace(desk: Any) -> None:
    before = desk.accounts.ledger("usr_1", limit=None)
    doors: list[Callable[[], Any]] = [
        lambda: desk.charging.charge("usr_1", "sepia", key="k"),
        lambda: desk.charging.charge("usr_x", "ghostface", key="k"),
        lambda: desk.charging.charge("usr_1", "ghostface", key="k", quantity=0),
        lambda: desk.support.grant("usr_1", 0, reason="goodwill", note="n", ticket="T-1"),
    ]
    for call in doors:
        with pytest.raises(CreditsError):
            call()
    assert desk.accounts.ledger("usr_1", limit=None) == before
    use(desk, "k", "ghostface")  # the key is still free


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name of a file is text")
def test_a_file_whose_name_is_no_text_is_imported_all_the_same(desk: Any, tmp_path: Path) -> None:
    path = tmp_path / "us\udcffage.csv"
    path.write_text(f"user_id,feature,occurred_at,key\nusr_1,ghostface,{T0.isoformat()},k\n")
    assert desk.imports.usage(path).added == 1
    assert [run.file for run in desk.imports.list()] == ["us\\udcffage.csv"]
    assert available(desk) == 8
