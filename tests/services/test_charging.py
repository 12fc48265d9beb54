from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app import Desk
from app.domain.errors import (
    IdempotencyConflict,
    InsufficientCredits,
    InvalidAmount,
    InvalidInstant,
    InvalidValue,
    RetiredFeature,
    UnknownFeature,
    UnknownRecord,
    UnknownUser,
)
from app.domain.ledger import EntryKind
from tests.services.conftest import Clock


@pytest.fixture
def amira(desk: Desk) -> str:
    desk.accounts.register("usr_1", email="amira@example.com", name="Amira Haddad")
    return "usr_1"


def available(desk: Desk, user: str = "usr_1", at: datetime | None = None) -> int:
    return desk.accounts.account(user, at=at).available


def test_a_use_costs_its_price_and_says_what_it_burned(desk: Desk, amira: str) -> None:
    charge = desk.charging.charge(amira, "image_extender", key="job-1")

    assert (charge.credits, charge.price_version, charge.feature) == (12, 1, "image_extender")
    assert [burn.credits for burn in charge.burns] == [12]
    assert available(desk) == 0


def test_a_batch_is_one_charge_of_its_quantity(desk: Desk, amira: str) -> None:
    charge = desk.charging.charge(amira, "remove_bg_batch", key="job-1", quantity=11)

    assert (charge.quantity, charge.credits) == (11, 11)
    assert available(desk) == 1


def test_too_few_credits_take_nothing_and_are_kept_as_a_refused_use(desk: Desk, amira: str) -> None:
    with pytest.raises(InsufficientCredits) as refused:
        desk.charging.charge(amira, "nano_banana_pro_4k", key="job-1")

    assert (refused.value.needed, refused.value.available) == (48, 12)
    newest = desk.accounts.ledger(amira)[0]
    assert (newest.kind, newest.credits, newest.needed, newest.balance) == (
        EntryKind.REFUSED_USE,
        0,
        48,
        12,
    )


def test_exporting_costs_nothing_and_works_with_no_credits_left(desk: Desk, amira: str) -> None:
    desk.charging.charge(amira, "image_extender", key="job-1")

    exported = desk.charging.charge(amira, "export_image", key="job-2", quantity=40)

    assert (exported.credits, exported.burns) == (0, ())
    assert desk.accounts.ledger(amira)[0].feature == "image_extender"
    assert desk.accounts.ledger(amira, free=True)[0].feature == "export_image"


def test_the_same_key_with_the_same_content_gives_the_first_charge_again(
    desk: Desk, amira: str, clock: Clock
) -> None:
    first = desk.charging.charge(amira, "ghostface", key="job-1")
    clock.pass_(days=2)

    again = desk.charging.charge(amira, "ghostface", key="job-1")

    assert (again.id, again.credits, again.burns) == (first.id, first.credits, first.burns)
    assert available(desk) == 8


def test_a_refusal_is_given_again_even_when_there_are_credits_now(desk: Desk, amira: str) -> None:
    with pytest.raises(InsufficientCredits):
        desk.charging.charge(amira, "nano_banana_pro_4k", key="job-1")
    desk.accounts.change_plan(amira, "pro")

    with pytest.raises(InsufficientCredits) as again:
        desk.charging.charge(amira, "nano_banana_pro_4k", key="job-1")

    assert (again.value.needed, again.value.available) == (48, 12)
    assert available(desk) == 1012


@pytest.mark.parametrize(
    "other",
    [
        {"feature": "action_figure"},
        {"quantity": 2},
        {"user_id": "usr_2"},
        {"at": datetime(2026, 1, 10, 11, tzinfo=UTC)},
    ],
)
def test_the_same_key_with_other_content_is_refused(
    desk: Desk, amira: str, other: dict[str, object]
) -> None:
    desk.accounts.register("usr_2", email="ben@example.com", name="Ben")
    asked: dict[str, object] = {"user_id": amira, "feature": "ghostface", "quantity": 1}
    desk.charging.charge(**asked, key="job-1")  # type: ignore[arg-type]

    with pytest.raises(IdempotencyConflict, match="job-1"):
        desk.charging.charge(**(asked | other), key="job-1")  # type: ignore[arg-type]

    assert available(desk) == 8


def test_the_price_is_the_one_in_force_when_it_was_used(
    desk: Desk, amira: str, clock: Clock
) -> None:
    before = clock.now
    clock.pass_(hours=1)
    current = desk.pricing.current()
    prices = current.prices
    features = tuple(
        f if f.key != "ghostface" else type(f)(f.key, f.name, f.description, f.family, 9)
        for f in prices.features
        if f.key != "action_figure"
    )
    changed = type(prices)("dearer", features, prices.free_actions, prices.policy)
    desk.pricing.publish(changed, based_on=1, note="Ghostface costs more")

    late = desk.charging.charge(amira, "ghostface", key="late", at=before)

    assert (late.credits, late.price_version) == (4, 1)
    with pytest.raises(InsufficientCredits) as refused:
        desk.charging.charge(amira, "ghostface", key="now")
    assert refused.value.needed == 9
    with pytest.raises(RetiredFeature, match="action_figure"):
        desk.charging.charge(amira, "action_figure", key="retired")
    assert desk.charging.charge(amira, "action_figure", key="then", at=before).credits == 4


def test_a_late_use_burns_what_has_expired_since(desk: Desk, amira: str, clock: Clock) -> None:
    desk.accounts.change_plan(amira, "plus")
    used_at = clock.now + timedelta(days=1)
    clock.set(2026, 2, 3)
    assert available(desk) == 212

    desk.charging.charge(amira, "nano_banana_pro_4k", key="late", at=used_at)

    assert available(desk) == 212
    entries = desk.accounts.ledger(amira)
    assert [(e.kind, e.credits) for e in entries if e.kind is EntryKind.EXPIRY] == [
        (EntryKind.EXPIRY, -152)
    ]
    assert next(e for e in entries if e.kind is EntryKind.USE).late


def test_a_late_use_takes_no_more_than_the_least_held_since(
    desk: Desk, amira: str, clock: Clock
) -> None:
    early = clock.now + timedelta(minutes=1)
    clock.pass_(hours=1)
    charge = desk.charging.charge(amira, "image_extender", key="all of it")
    clock.pass_(hours=1)
    desk.support.refund(charge.id, reason="failed_generation")
    assert available(desk) == 12

    with pytest.raises(InsufficientCredits) as refused:
        desk.charging.charge(amira, "ghostface", key="late", at=early)

    assert (refused.value.needed, refused.value.available) == (4, 0)
    assert all(entry.balance >= 0 for entry in desk.accounts.ledger(amira))


def test_burn_down_takes_the_soonest_to_expire_first(desk: Desk, amira: str) -> None:
    desk.accounts.change_plan(amira, "plus")

    charge = desk.charging.charge(amira, "image_extender", key="1", quantity=17)

    account = desk.accounts.account(amira)
    assert [burn.credits for burn in charge.burns] == [200, 4]
    assert [grant.remaining for grant in account.grants] == [8]


def test_a_use_minutes_ahead_of_the_clock_counts_and_further_ahead_is_refused(
    desk: Desk, amira: str, clock: Clock
) -> None:
    desk.charging.charge(amira, "ghostface", key="1", at=clock.now + timedelta(minutes=5))

    with pytest.raises(InvalidInstant, match="5 minutes ahead"):
        desk.charging.charge(
            amira, "ghostface", key="2", at=clock.now + timedelta(minutes=5, milliseconds=1)
        )

    assert available(desk) == 8
    assert desk.accounts.ledger(amira)[0].balance == 8


@pytest.mark.parametrize(
    ("asked", "error", "named"),
    [
        ({"user_id": "usr_9"}, UnknownUser, "usr_9"),
        ({"feature": "teleporter"}, UnknownFeature, "teleporter"),
        ({"quantity": 0}, InvalidAmount, "0"),
        ({"quantity": 10_001}, InvalidAmount, "10001"),
        ({"quantity": True}, InvalidAmount, "True"),
        ({"key": ""}, InvalidValue, "key"),
        ({"key": "x" * 201}, InvalidValue, "xxx"),
        ({"at": datetime(2026, 1, 10)}, InvalidInstant, "no offset"),  # noqa: DTZ001
        ({"outcome": "maybe"}, InvalidValue, "maybe"),
    ],
)
def test_what_cannot_be_charged_is_named_and_nothing_is_taken(
    desk: Desk, amira: str, asked: dict[str, object], error: type[Exception], named: str
) -> None:
    asking: dict[str, object] = {"user_id": amira, "feature": "ghostface", "key": "k"} | asked

    with pytest.raises(error, match=named):
        desk.charging.charge(**asking)  # type: ignore[arg-type]

    assert available(desk) == 12
    assert len(desk.accounts.ledger(amira)) == 1


def test_the_outcome_of_a_job_is_kept_and_may_come_later(
    desk: Desk, amira: str, clock: Clock
) -> None:
    desk.charging.charge(amira, "ghostface", key="1", outcome="succeeded", job="J1")
    desk.charging.charge(amira, "ghostface", key="2")
    clock.pass_(minutes=3)

    failed = desk.charging.report_outcome("2", "failed")

    assert failed.outcome == "failed"
    told = {entry.key: entry.outcome for entry in desk.accounts.ledger(amira) if entry.key}
    assert told == {"1": "succeeded", "2": "failed"}
    with pytest.raises(UnknownRecord, match="nothing-of-that-name"):
        desk.charging.report_outcome("nothing-of-that-name", "failed")
