from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app import Desk
from app.domain.errors import (
    AlreadyRegistered,
    CreditsError,
    IdempotencyConflict,
    InvalidInstant,
    InvalidValue,
    TopUpUnavailable,
    UnknownUser,
)
from app.domain.ledger import EntryKind
from app.domain.sentences import Said
from tests.services.conftest import Clock


def kinds(desk: Desk, user: str) -> list[tuple[str, int]]:
    grants = desk.accounts.account(user).all_grants
    return sorted((grant.kind.value, grant.credits) for grant in grants)


def test_a_new_user_gets_the_sign_up_bonus_once_for_a_year(desk: Desk, clock: Clock) -> None:
    desk.accounts.register("u1", email="a@example.com", name="A")
    desk.accounts.register("u1", email="a@example.com", name="A")

    (bonus,) = desk.accounts.account("u1").grants
    assert (bonus.credits, bonus.effective_at) == (12, clock.now)
    assert bonus.expires_at == datetime(2027, 1, 10, 12, tzinfo=UTC)


def test_who_is_registered_with_other_data_is_refused_and_unchanged(desk: Desk) -> None:
    desk.accounts.register("u1", email="a@example.com", name="A")

    with pytest.raises(AlreadyRegistered, match="u1"):
        desk.accounts.register("u1", email="other@example.com", name="A")

    assert desk.accounts.user("u1").email == "a@example.com"


def test_a_referral_pays_who_invited_once_for_each_friend(desk: Desk) -> None:
    desk.accounts.register("u1", email="a@example.com", name="A", referral_code="PIX-1")
    for _ in range(2):
        desk.accounts.register("u2", email="b@example.com", name="B", referred_by="PIX-1")

    assert kinds(desk, "u1") == [("referral_reward", 12), ("signup_bonus", 12)]
    assert desk.accounts.user("u2").referrer_id == "u1"


@pytest.mark.parametrize(
    ("code", "why"),
    [("PIX-9", "nobody on record"), ("PIX-2", "their own"), ("PIX-3", "registered after")],
)
def test_a_code_that_does_not_qualify_is_kept_with_the_reason(
    desk: Desk, clock: Clock, code: str, why: str
) -> None:
    desk.accounts.register("u3", email="c@example.com", name="C", referral_code="PIX-3")
    earlier = clock.now - timedelta(days=1)

    friend = desk.accounts.register(
        "u2", email="b@example.com", name="B", referral_code="PIX-2", referred_by=code, at=earlier
    )

    assert why in friend.referral_refused
    assert isinstance(desk.accounts.user("u2").referral_refused, Said), "it can be translated"
    assert (friend.referred_by, friend.referrer_id) == (code, None)
    assert kinds(desk, "u3") == [("signup_bonus", 12)]


def test_upgrading_releases_the_difference_and_downgrading_takes_nothing(
    desk: Desk, clock: Clock
) -> None:
    desk.accounts.register("u1", email="a@example.com", name="A")
    for plan in ("plus", "pro", "plus", "free", "pro"):
        clock.pass_(hours=1)
        desk.accounts.change_plan("u1", plan)

    allowances = [g.credits for g in desk.accounts.account("u1").grants if g.plan]
    assert sorted(allowances) == [200, 800]


def test_allowances_need_no_job_and_looking_writes_nothing(desk: Desk, clock: Clock) -> None:
    desk.accounts.register("u1", email="a@example.com", name="A")
    desk.accounts.change_plan("u1", "plus")
    clock.set(2026, 4, 15)

    before = desk.accounts.account("u1")
    stored = [grant for grant in before.all_grants if grant.id]
    report = desk.accounts.release_month()
    after = desk.accounts.account("u1")

    assert before.available == after.available == 212
    assert (len(stored), report.grants, report.credits) == (2, 3, 600)
    assert [(g.effective_at, g.credits, g.remaining) for g in before.all_grants] == [
        (g.effective_at, g.credits, g.remaining) for g in after.all_grants
    ]
    assert desk.accounts.release_month().grants == 0


def test_a_month_that_has_not_begun_is_not_released(desk: Desk) -> None:
    with pytest.raises(InvalidInstant, match="2026-02"):
        desk.accounts.release_month("2026-02")


def test_a_change_dated_back_only_adds_what_was_missing(desk: Desk, clock: Clock) -> None:
    desk.accounts.register("u1", email="a@example.com", name="A")
    desk.accounts.change_plan("u1", "plus")
    clock.set(2026, 3, 10)

    desk.accounts.change_plan("u1", "pro", at=datetime(2026, 2, 10, tzinfo=UTC))

    released = {
        (grant.month.number if grant.month else 0, grant.plan, grant.credits)
        for grant in desk.accounts.account("u1").all_grants
        if grant.plan
    }
    assert released == {
        (202601, "plus", 200),
        (202602, "plus", 200),
        (202602, "pro", 800),
        (202603, "plus", 200),
        (202603, "pro", 800),
    }
    assert desk.accounts.account("u1").available == 1012


def test_what_a_plan_change_will_release_is_shown_before(desk: Desk) -> None:
    desk.accounts.register("u1", email="a@example.com", name="A")
    desk.accounts.change_plan("u1", "plus")

    assert [due.credits for due in desk.accounts.plan_preview("u1", "pro")] == [800]
    assert desk.accounts.plan_preview("u1", "free") == ()
    assert desk.accounts.user("u1").plan == "plus"


def test_a_plan_change_is_replayed_safely_by_its_key(desk: Desk) -> None:
    desk.accounts.register("u1", email="a@example.com", name="A")
    desk.accounts.change_plan("u1", "plus", key="order-1")
    desk.accounts.change_plan("u1", "free")

    assert desk.accounts.change_plan("u1", "plus", key="order-1").plan == "free"
    with pytest.raises(IdempotencyConflict, match="order-1"):
        desk.accounts.change_plan("u1", "pro", key="order-1")


def test_the_past_is_shown_as_it_was_and_the_future_as_expected(desk: Desk, clock: Clock) -> None:
    desk.accounts.register("u1", email="a@example.com", name="A")
    desk.accounts.change_plan("u1", "plus")
    clock.set(2026, 1, 20)
    desk.charging.charge("u1", "nano_banana_pro_4k", key="1")

    noon = desk.accounts.account("u1", at=datetime(2026, 1, 19, 12, tzinfo=UTC))
    later = desk.accounts.account("u1", at=datetime(2026, 3, 2, tzinfo=UTC))

    assert (noon.available, desk.accounts.account("u1").available) == (212, 164)
    assert (later.available, len(later.expected)) == (212, 2)
    ledger = desk.accounts.ledger("u1", at=datetime(2026, 3, 2, tzinfo=UTC))
    assert ledger[0].balance == 212
    assert {entry.expected for entry in ledger if entry.at > clock.now} == {True}


def test_the_ledger_reads_in_pages_that_join_without_a_gap(desk: Desk, clock: Clock) -> None:
    desk.accounts.register("u1", email="a@example.com", name="A")
    desk.accounts.change_plan("u1", "pro")
    for number in range(25):
        clock.pass_(seconds=number % 3)
        desk.charging.charge("u1", "ghostface", key=f"job-{number}")
    clock.set(2026, 2, 2)
    whole = desk.accounts.ledger("u1", limit=None)

    pages = []
    before = None
    while page := desk.accounts.ledger("u1", before=before, limit=7):
        pages += page
        before = page[-1]

    assert pages == whole
    assert whole[0].balance == desk.accounts.account("u1").available
    assert whole[-1].balance == whole[-1].credits
    from_instant = desk.accounts.ledger("u1", before=datetime(2026, 2, 1, tzinfo=UTC), limit=3)
    assert from_instant == [e for e in whole if e.at < datetime(2026, 2, 1, tzinfo=UTC)][:3]


def test_the_ledger_can_be_filtered_and_keeps_its_balances(desk: Desk, clock: Clock) -> None:
    desk.accounts.register("u1", email="a@example.com", name="A")
    desk.charging.charge("u1", "ghostface", key="1")
    clock.pass_(seconds=1)
    desk.charging.charge("u1", "object_remover", key="2")

    (use,) = desk.accounts.ledger("u1", feature="ghostface")
    assert (use.credits, use.balance) == (-4, 8)
    (bonus,) = desk.accounts.ledger("u1", kinds=[EntryKind.SIGNUP_BONUS])
    assert bonus.balance == 12


def test_credits_cannot_be_bought_while_the_policy_says_so(desk: Desk) -> None:
    desk.accounts.register("u1", email="a@example.com", name="A")

    with pytest.raises(TopUpUnavailable, match="cannot be bought yet"):
        desk.accounts.top_up("u1", 100, key="order-9")


def test_a_purchase_told_of_again_is_the_first_one_also_once_no_more_are_sold(
    desk: Desk, clock: Clock
) -> None:
    desk.accounts.register("u1", email="a@example.com", name="A")
    desk.accounts.change_plan("u1", "plus")
    for number, sold in ((1, True), (2, False)):
        prices = desk.pricing.current().prices
        top_up = replace(prices.policy.top_up, enabled=sold)
        changed = replace(prices, policy=replace(prices.policy, top_up=top_up))
        desk.pricing.publish(changed, based_on=number, note="Sales")
        clock.pass_(hours=1)
        if sold:
            bought = desk.accounts.top_up("u1", 100, key="order-9")
            clock.pass_(hours=1)
    assert desk.accounts.top_up("u1", 100, key="order-9").id == bought.id
    with pytest.raises(IdempotencyConflict):
        desk.accounts.top_up("u1", 200, key="order-9")


def test_contact_data_is_corrected_and_the_old_is_kept_in_the_record(desk: Desk) -> None:
    desk.accounts.register("u1", email="a@example.com", name="A")

    desk.accounts.correct("u1", email="amira@example.com")

    assert desk.accounts.user("u1").email == "amira@example.com"
    assert [user.user_id for user in desk.accounts.find("amira@")] == ["u1"]


def test_notes_are_kept_newest_first(desk: Desk, clock: Clock) -> None:
    desk.accounts.register("u1", email="a@example.com", name="A")
    desk.accounts.note("u1", "Called about the bonus")
    clock.pass_(hours=1)
    desk.accounts.note("u1", "<b>Called again</b>")

    assert [note.text for note in desk.accounts.notes("u1")] == [
        "<b>Called again</b>",
        "Called about the bonus",
    ]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"user_id": " "}, "user id"),
        ({"user_id": "x" * 101}, "xxx"),
        ({"email": "not-an-address"}, "not-an-address"),
        ({"name": "n" * 400}, "nnn"),
        ({"at": datetime(1999, 1, 1, tzinfo=UTC)}, "1999"),
        ({"at": datetime(2026, 1, 10, 12, 6, tzinfo=UTC)}, "5 minutes ahead"),
    ],
)
def test_what_cannot_be_registered_is_named_and_nothing_is_kept(
    desk: Desk, asked: dict[str, object], named: str
) -> None:
    asking = {"user_id": "u1", "email": "a@example.com", "name": "A"} | asked

    with pytest.raises(CreditsError, match=named):
        desk.accounts.register(**asking)  # type: ignore[arg-type]

    assert desk.accounts.count() == 0


def test_a_user_or_plan_that_does_not_exist_is_named(desk: Desk) -> None:
    desk.accounts.register("u1", email="a@example.com", name="A")

    with pytest.raises(UnknownUser, match="u7"):
        desk.accounts.account("u7")
    with pytest.raises(InvalidValue, match="platinum"):
        desk.accounts.change_plan("u1", "platinum")
    with pytest.raises(InvalidInstant, match="registered at"):
        desk.accounts.change_plan("u1", "pro", at=datetime(2025, 12, 31, tzinfo=UTC))


def test_usage_is_counted_by_month_and_feature(desk: Desk, clock: Clock) -> None:
    desk.accounts.register("u1", email="a@example.com", name="A")
    desk.charging.charge("u1", "ghostface", key="1")
    clock.set(2026, 2, 1)
    desk.charging.charge("u1", "object_remover", key="2", quantity=3)

    usage = desk.accounts.usage("u1", "2026-01", "2026-02")

    assert [(str(u.month), u.feature, u.uses, u.credits) for u in usage] == [
        ("2026-01", "ghostface", 1, 4),
        ("2026-02", "object_remover", 3, 3),
    ]
