from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app import Desk
from app.domain.errors import (
    AlreadyRefunded,
    AlreadyResolved,
    ApprovalRequired,
    CreditsError,
    IdempotencyConflict,
    InsufficientCredits,
    NothingToRefund,
    NothingToVoid,
    NotPermitted,
    UnknownRecord,
)
from app.domain.staff import Allowed
from tests.services.conftest import Clock

GIFT: dict[str, Any] = {"reason": "goodwill", "note": "Sorry", "ticket": "ZD-1"}
AsRole = Callable[..., Desk]


@pytest.fixture(autouse=True)
def amira(desk: Desk) -> None:
    desk.accounts.register("u1", email="a@example.com", name="A")


def available(desk: Desk) -> int:
    return desk.accounts.account("u1").available


def test_credits_are_given_now_for_a_year_with_reason_note_and_ticket(
    desk: Desk, clock: Clock
) -> None:
    grant = desk.support.grant("u1", 24, **GIFT)

    assert (grant.credits, grant.remaining, grant.effective_at) == (24, 24, clock.now)
    assert grant.expires_at == datetime(2027, 1, 10, 12, tzinfo=UTC)
    assert (grant.reason, grant.note, grant.ticket) == ("goodwill", "Sorry", "ZD-1")
    assert available(desk) == 36


@pytest.mark.parametrize(
    ("validity", "expires"),
    [
        ("month_end", datetime(2026, 2, 1, tzinfo=UTC)),
        ("P30D", datetime(2026, 2, 9, 12, tzinfo=UTC)),
        ("P90D", datetime(2026, 4, 10, 12, tzinfo=UTC)),
    ],
)
def test_staff_choose_how_long_it_is_valid(desk: Desk, validity: str, expires: datetime) -> None:
    assert desk.support.grant("u1", 5, **GIFT, validity=validity).expires_at == expires


def test_the_same_key_gives_once(desk: Desk) -> None:
    first = desk.support.grant("u1", 24, **GIFT, key="dialog-1")

    assert desk.support.grant("u1", 24, **GIFT, key="dialog-1") == first
    with pytest.raises(IdempotencyConflict, match="dialog-1"):
        desk.support.grant("u1", 25, **GIFT, key="dialog-1")
    assert available(desk) == 36


def test_the_same_key_with_another_expiry_is_refused(desk: Desk, clock: Clock) -> None:
    until = desk.office.now() + timedelta(days=20)
    first = desk.support.grant("u1", 24, **GIFT, key="dialog-1", expires_at=until)
    clock.pass_(days=2)
    assert desk.support.grant("u1", 24, **GIFT, key="dialog-1", expires_at=until) == first
    for other in ({"expires_at": until + timedelta(days=1)}, {"validity": "P30D"}, {}):
        with pytest.raises(IdempotencyConflict, match="dialog-1"):
            desk.support.grant("u1", 24, **GIFT, key="dialog-1", **other)
    thirty = desk.support.grant("u1", 5, **GIFT, key="dialog-2", validity="P30D")
    clock.pass_(days=2)
    assert desk.support.grant("u1", 5, **GIFT, key="dialog-2", validity="P30D") == thirty


def test_the_same_key_with_another_expiry_does_not_ask_for_approval_again(as_role: AsRole) -> None:
    support = as_role("support")
    with pytest.raises(ApprovalRequired):
        support.support.grant("u1", 300, **GIFT, key="dialog-1", validity="P30D")
    with pytest.raises(IdempotencyConflict, match="P30D"):
        support.support.grant("u1", 300, **GIFT, key="dialog-1", validity="P90D")
    assert len(support.support.approvals()) == 1


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"credits": 0}, "0 credits"),
        ({"credits": 1_000_001}, "1000001"),
        ({"credits": 2.5}, "2.5"),
        ({"reason": "because"}, "because"),
        ({"note": "  "}, "note is empty"),
        ({"ticket": ""}, "ticket is empty"),
        ({"expires_at": datetime(2026, 1, 10, 12, tzinfo=UTC)}, "not within one year"),
        ({"expires_at": datetime(2027, 1, 10, 12, 0, 1, tzinfo=UTC)}, "not within one year"),
        ({"validity": "P2Y"}, "not within one year"),
        ({"validity": "forever"}, "forever"),
        ({"user_id": "u7"}, "u7"),
    ],
)
def test_what_cannot_be_given_is_named_and_nothing_is_given(
    desk: Desk, asked: dict[str, Any], named: str
) -> None:
    asking: dict[str, Any] = {"user_id": "u1", "credits": 24} | GIFT | asked

    with pytest.raises(CreditsError, match=named):
        desk.support.grant(**asking)

    assert available(desk) == 12


def test_support_may_give_within_their_limits_and_no_more(as_role: AsRole, clock: Clock) -> None:
    support = as_role("support")
    assert support.support.allowed() == Allowed(100, 500)
    for number in range(5):
        support.support.grant("u1", 100, **GIFT, key=str(number))

    with pytest.raises(ApprovalRequired) as over_the_day:
        support.support.grant("u1", 1, **GIFT)
    assert over_the_day.value.approval_id == 1
    assert support.support.allowed() == Allowed(100, 0)

    clock.pass_(days=1)
    assert support.support.grant("u1", 1, **GIFT).credits == 1
    with pytest.raises(ApprovalRequired):
        support.support.grant("u1", 101, **GIFT)
    assert available(support) == 12 + 501


def test_over_the_limit_waits_for_somebody_else_who_approves(as_role: AsRole) -> None:
    support, lead = as_role("support"), as_role("support_lead")
    with pytest.raises(ApprovalRequired) as waiting:
        support.support.grant("u1", 300, **GIFT, key="dialog-1")
    with pytest.raises(ApprovalRequired) as again:
        support.support.grant("u1", 300, **GIFT, key="dialog-1")
    number = waiting.value.approval_id
    assert again.value.approval_id == number
    assert [asked.id for asked in lead.support.approvals()] == [number]

    grant = lead.support.approve(number)

    assert (grant.credits, grant.staff) == (300, "support@pixpretty.example")
    assert support.support.grant("u1", 300, **GIFT, key="dialog-1") == grant
    with pytest.raises(IdempotencyConflict):
        support.support.grant("u1", 301, **GIFT, key="dialog-1")
    assert available(lead) == 312
    assert lead.support.approvals() == []
    with pytest.raises(AlreadyResolved, match=r"support_lead@pixpretty\.example"):
        lead.support.approve(number)
    with pytest.raises(AlreadyResolved):
        lead.support.reject(number)


def test_nobody_approves_what_they_asked_for(desk: Desk, as_role: AsRole) -> None:
    person = as_role("support", "bo@pixpretty.example")
    with pytest.raises(ApprovalRequired) as waiting:
        person.support.grant("u1", 300, **GIFT)
    with pytest.raises(NotPermitted, match="role support"):
        person.support.approve(waiting.value.approval_id)
    desk.staff.set_role("bo@pixpretty.example", "support_lead")

    with pytest.raises(NotPermitted, match="asked for this yourself"):
        person.support.approve(waiting.value.approval_id)
    assert available(desk) == 12


def test_a_refund_goes_back_to_the_grants_it_came_from(desk: Desk) -> None:
    charge = desk.charging.charge("u1", "ghostface", key="1")

    refund = desk.support.refund(charge.id, reason="failed_generation", note="Blank picture")

    assert (refund.returned, refund.regranted, refund.grant_id) == (4, 0, None)
    assert available(desk) == 12
    with pytest.raises(AlreadyRefunded, match=r"ana@pixpretty\.example"):
        desk.support.refund(charge.id, reason="failed_generation")


def test_what_came_from_an_expired_grant_is_granted_until_the_end_of_the_month(
    desk: Desk, clock: Clock
) -> None:
    desk.accounts.change_plan("u1", "plus")
    charge = desk.charging.charge("u1", "image_extender", key="1", quantity=17)
    clock.set(2026, 2, 27)

    preview = desk.support.refund_preview(charge.id)
    refund = desk.support.refund(charge.id, reason="failed_generation")

    assert (preview.returned, preview.regranted) == (refund.returned, refund.regranted) == (4, 200)
    regrant = desk.accounts.grant(refund.grant_id or 0)
    assert (regrant.kind, regrant.expires_at) == ("refund", datetime(2026, 3, 1, tzinfo=UTC))
    assert available(desk) == 12 + 200 + 200


def test_a_charge_that_took_nothing_has_nothing_to_refund(desk: Desk) -> None:
    free = desk.charging.charge("u1", "export_image", key="1")
    with pytest.raises(InsufficientCredits):
        desk.charging.charge("u1", "nano_banana_pro_4k", key="2")
    refused = desk.charging.find("2")

    with pytest.raises(NothingToRefund, match="free action"):
        desk.support.refund(free.id, reason="goodwill")
    with pytest.raises(NothingToRefund, match="refused"):
        desk.support.refund(refused.id, reason="goodwill")
    with pytest.raises(UnknownRecord, match="99"):
        desk.support.refund(99, reason="goodwill")


def test_the_product_refunds_failed_jobs_only(desk: Desk, as_role: AsRole) -> None:
    product = as_role("system")
    charge = product.charging.charge("u1", "ghostface", key="1")
    with pytest.raises(NotPermitted, match="not marked as failed"):
        product.support.refund(charge.id, reason="failed_generation")
    product.charging.report_outcome("1", "failed")

    assert product.support.refund(charge.id, reason="failed_generation").returned == 4


def test_a_void_takes_back_what_is_unused_and_leaves_what_was_used(
    desk: Desk, clock: Clock
) -> None:
    grant = desk.support.grant("u1", 24, **GIFT, validity="P30D")
    desk.charging.charge("u1", "ghostface", key="1")

    voided = desk.support.void(grant.id, reason="given_in_error")

    assert (voided.remaining, voided.voided, voided.used) == (0, 20, 4)
    assert available(desk) == 12
    with pytest.raises(NothingToVoid, match=r"voided already, by ana@pixpretty\.example at 2026"):
        desk.support.void(grant.id, reason="given_in_error")
    clock.pass_(days=31)
    with pytest.raises(NothingToVoid, match="expired"):
        desk.support.void(grant.id, reason="given_in_error")


def test_what_a_voided_grant_paid_comes_back_as_a_new_one(desk: Desk) -> None:
    grant = desk.support.grant("u1", 24, **GIFT, validity="P30D")
    charge = desk.charging.charge("u1", "ghostface", key="1")
    desk.support.void(grant.id, reason="given_in_error")

    refund = desk.support.refund(charge.id, reason="failed_generation")

    assert (refund.returned, refund.regranted) == (0, 4)
    assert all(entry.balance >= 0 for entry in desk.accounts.ledger("u1"))


def test_many_acts_in_one_millisecond_keep_their_order(desk: Desk) -> None:
    for number in range(4):
        charge = desk.charging.charge("u1", "image_extender", key=str(number))
        desk.support.refund(charge.id, reason="failed_generation")
    desk.charging.charge("u1", "image_extender", key="last")

    entries = desk.accounts.ledger("u1")
    assert [entry.balance for entry in entries] == [0, 12, 0, 12, 0, 12, 0, 12, 0, 12]


def test_a_grant_that_would_have_expired_is_not_approved(as_role: AsRole, clock: Clock) -> None:
    support, lead = as_role("support"), as_role("support_lead")
    with pytest.raises(ApprovalRequired) as waiting:
        support.support.grant("u1", 300, **GIFT, expires_at=clock.now + timedelta(days=1))
    clock.pass_(days=2)

    with pytest.raises(CreditsError, match="expired"):
        lead.support.approve(waiting.value.approval_id)
    assert len(lead.support.approvals()) == 1


def test_a_late_use_never_lets_the_balance_dip_inside_a_millisecond(
    desk: Desk, clock: Clock
) -> None:
    earlier = clock.now
    clock.pass_(hours=1)
    charge = desk.charging.charge("u1", "ghostface", key="now", quantity=2)
    desk.support.refund(charge.id, reason="failed_generation")
    desk.charging.charge("u1", "image_extender", key="late", at=earlier)

    entries = desk.accounts.ledger("u1")

    assert [(e.kind.value, e.balance) for e in entries[:2]] == [("use", 0), ("return", 8)]
    assert min(entry.balance for entry in entries) == 0


@pytest.mark.parametrize("number", [2**63, -1, True, "7"])
def test_a_number_that_cannot_be_on_record_is_named(desk: Desk, number: Any) -> None:
    with pytest.raises(UnknownRecord, match=str(number)):
        desk.support.refund(number, reason="goodwill")
    with pytest.raises(UnknownRecord, match=str(number)):
        desk.support.void(number, reason="goodwill")


def test_undo_takes_a_grant_back_whole_or_not_at_all(desk: Desk) -> None:
    untouched = desk.support.grant("u1", 24, **GIFT, validity="P30D")
    desk.support.void(untouched.id, reason="given_in_error", whole=True)
    begun = desk.support.grant("u1", 24, **GIFT, validity="P30D")
    desk.charging.charge("u1", "ghostface", key="1")

    with pytest.raises(NothingToVoid, match="4 of the 24 credits were used already"):
        desk.support.void(begun.id, reason="given_in_error", whole=True)
    assert available(desk) == 12 + 20


def test_who_asked_learns_what_was_decided_and_why(as_role: AsRole, clock: Clock) -> None:
    support, lead = as_role("support"), as_role("support_lead")
    for credits in (300, 400, 500):
        with pytest.raises(ApprovalRequired):
            support.support.grant("u1", credits, **GIFT)
    since = clock.now
    clock.pass_(minutes=5)
    lead.support.approve(1, "fine with me")
    lead.support.reject(2, "too much")
    support.support.reject(3)

    decided = support.support.decisions(since)

    assert [(one.approved, one.decision_note) for one in decided] == [
        (True, "fine with me"),
        (False, "too much"),
    ]
    assert support.support.decisions(clock.now) == lead.support.decisions(since) == []
