"""Requests are opened, claimed and answered once, and the act and the answer are one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app import Desk
from app.domain.errors import (
    AlreadyClaimed,
    AlreadyResolved,
    ApprovalRequired,
    ChangedMeanwhile,
    CreditsError,
    IdempotencyConflict,
    InvalidAmount,
    InvalidInstant,
    InvalidValue,
    NothingToRefund,
    NothingToVoid,
    NotPermitted,
    UnknownRecord,
    UnknownUser,
)
from app.domain.requests import Request, RequestQuery, Seen, State, View
from tests.services.conftest import Clock

AsRole = Callable[..., Desk]
GONE = "my 200 credits are gone!!"


@pytest.fixture(autouse=True)
def amira(desk: Desk) -> None:
    desk.accounts.register("u1", email="Amira@Example.com", name="Amira", referral_code="AM-1")


def opened(desk: Desk, ticket: str = "ZD-1", **given: Any) -> Request:
    return desk.requests.open(**{"user": "u1", "ticket": ticket, "message": GONE} | given)


def audited(desk: Desk, request: Request) -> list[str]:
    records = desk.integrity.audit(subject=("request", str(request.id)))
    return [record.act for record in reversed(records)]


def facts(desk: Desk) -> tuple[object, ...]:
    """All that an act could have changed."""
    return (
        desk.requests.page(RequestQuery(view=View.ALL)),
        desk.accounts.ledger("u1"),
        desk.integrity.audit_head(),
        desk.support.approvals(),
    )


# Opening ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sender",
    [
        "u1",
        "amira@example.COM",
        "Amira H. <amira@example.com>",
        "AM-1",
        " u1 ",
        "mailto:Amira@Example.com",
    ],
)
def test_a_request_belongs_to_whom_the_sender_means(desk: Desk, sender: str) -> None:
    request = opened(desk, user=sender)

    assert (request.user_id, request.sender) == ("u1", sender.strip())
    assert (request.state, request.email, request.plan) == ("open", "Amira@Example.com", "free")


def test_a_sender_who_matches_nobody_is_kept_as_it_came_and_can_be_matched(desk: Desk) -> None:
    request = opened(desk, user="amira@exmaple.com")
    assert (request.user_id, request.sender) == (None, "amira@exmaple.com")
    assert desk.requests.counts().unmatched == 1

    matched = desk.requests.match(request.id, "u1")
    assert (matched.user_id, matched.sender) == ("u1", "amira@exmaple.com")
    assert desk.requests.counts().unmatched == 0
    assert audited(desk, request) == ["open a request", "match a request"]
    with pytest.raises(UnknownUser):
        desk.requests.match(request.id, "u9")


def test_an_address_that_two_share_means_neither(desk: Desk) -> None:
    desk.accounts.register("u2", email="amira@example.com", name="Another")
    assert opened(desk, user="amira@example.com").user_id is None


def test_a_request_is_opened_when_it_was_asked_and_never_ahead(desk: Desk, clock: Clock) -> None:
    earlier = clock.now - timedelta(days=2)
    assert opened(desk, at=earlier).opened_at == earlier
    with pytest.raises(InvalidInstant):
        opened(desk, "ZD-2", at=clock.now + timedelta(hours=1))


def test_the_same_ticket_with_the_same_words_is_one_request(desk: Desk) -> None:
    first = opened(desk)
    assert opened(desk) == first
    assert opened(desk, message="and it failed twice").id != first.id
    assert len(desk.requests.by_ticket("ZD-1")) == 2


def test_the_same_key_opens_one_request_and_other_content_is_refused(desk: Desk) -> None:
    first = opened(desk, key="k1")
    assert opened(desk, key="k1") == first
    with pytest.raises(IdempotencyConflict):
        opened(desk, "ZD-2", key="k1")


@pytest.mark.parametrize(
    "wrong",
    [
        {"message": " "},
        {"message": "x" * 20_001},
        {"ticket": ""},
        {"category": "lost"},
        {"credits": 0},
        {"user": "a\x00b"},
    ],
)
def test_a_request_that_cannot_be_is_refused_and_nothing_is_kept(
    desk: Desk, wrong: dict[str, Any]
) -> None:
    before = facts(desk)
    with pytest.raises(InvalidValue):
        opened(desk, **wrong)
    assert facts(desk) == before


def test_what_users_write_is_kept_as_text_whatever_it_says(desk: Desk) -> None:
    hostile = "<img src=x><b>'; DROP TABLE request; --\n\n\u202eright to left 🔥 %_"
    assert opened(desk, message=hostile, user="<script>").message == hostile
    found = desk.requests.page(RequestQuery(text="🔥 %_"))
    assert [request.message for request in found] == [hostile]


# Who has it in hand -----------------------------------------------------------------------------


def test_of_two_who_claim_the_second_is_told_who_was_first(desk: Desk, as_role: AsRole) -> None:
    request = opened(desk)
    sam = as_role("support")
    assert sam.requests.claim(request.id).claimed_by == "support@pixpretty.example"
    before = facts(desk)
    with pytest.raises(AlreadyClaimed, match=r"support@pixpretty\.example at 2026-01-10T12:00:00"):
        desk.requests.claim(request.id)
    assert facts(desk) == before


def test_claiming_ones_own_again_changes_nothing(desk: Desk, clock: Clock) -> None:
    first = desk.requests.claim(opened(desk).id)
    clock.pass_(hours=1)
    assert desk.requests.claim(first.id) == first
    assert audited(desk, first) == ["open a request", "claim a request"]


def test_who_released_others_is_a_lead(desk: Desk, as_role: AsRole) -> None:
    request = opened(desk)
    as_role("support", "one@pixpretty.example").requests.claim(request.id)
    with pytest.raises(AlreadyClaimed):
        as_role("support", "two@pixpretty.example").requests.release(request.id)
    assert as_role("support_lead").requests.release(request.id).state is State.OPEN
    assert audited(desk, request)[-1] == "release a request"


# Answers ----------------------------------------------------------------------------------------


def test_a_grant_and_its_answer_are_one_act(desk: Desk) -> None:
    request = opened(desk, category="out_of_credits")
    done = desk.requests.resolve(request.id, act="grant", credits=24, note="Sorry")

    assert done.grant is not None
    assert (done.grant.credits, done.grant.ticket, done.grant.reason) == (24, "ZD-1", "goodwill")
    assert done.request.state is State.GRANTED
    assert (done.request.grant_id, done.request.note) == (done.grant.id, "Sorry")
    assert done.request.resolved_by == done.request.claimed_by == "ana@pixpretty.example"
    assert desk.accounts.account("u1").available == 36
    assert desk.requests.resolution(request.id) == done
    assert audited(desk, request) == ["open a request", "resolve a request"]
    assert desk.integrity.verify().ok


def test_a_refund_and_its_answer_are_one_act(desk: Desk) -> None:
    charge = desk.charging.charge("u1", "image_extender", key="job-1")
    request = opened(desk, category="failed_generation")
    done = desk.requests.resolve(request.id, act="refund", charge_id=charge.id)

    assert done.refund is not None
    assert (done.refund.returned, done.refund.reason) == (12, "failed_generation")
    assert (done.request.state, done.request.charge_id) == (State.REFUNDED, charge.id)
    assert desk.accounts.account("u1").available == 12
    assert desk.integrity.verify().ok


def test_a_refund_made_already_counts_as_the_answer(desk: Desk) -> None:
    charge = desk.charging.charge("u1", "image_extender", key="job-1")
    first = desk.support.refund(charge.id, reason="failed_generation")
    done = desk.requests.resolve(opened(desk).id, act="refund", charge_id=charge.id)

    assert done.refund == first
    assert done.request.state is State.REFUNDED
    assert desk.accounts.account("u1").available == 12


def test_a_declined_request_gives_nothing(desk: Desk) -> None:
    ledger = desk.accounts.ledger("u1")
    done = desk.requests.resolve(opened(desk).id, act="decline", note="All is as it should be")
    assert (done.request.state, done.grant, done.refund) == (State.DECLINED, None, None)
    assert desk.accounts.ledger("u1") == ledger


def test_the_second_answer_is_refused_and_gives_nothing(desk: Desk, as_role: AsRole) -> None:
    request = opened(desk)
    as_role("support").requests.resolve(request.id, act="grant", credits=5)
    before = facts(desk)
    for act in ({"act": "grant", "credits": 5}, {"act": "decline"}):
        with pytest.raises(AlreadyResolved, match=r"granted by support@pixpretty\.example at 2026"):
            desk.requests.resolve(request.id, **act)
    assert facts(desk) == before


def test_nobody_answers_what_somebody_else_has_in_hand(desk: Desk, as_role: AsRole) -> None:
    request = opened(desk)
    as_role("support").requests.claim(request.id)
    before = facts(desk)
    with pytest.raises(AlreadyClaimed, match=r"support@pixpretty\.example"):
        desk.requests.resolve(request.id, act="decline")
    assert facts(desk) == before


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"act": "ignore"}, InvalidValue),
        ({"act": "grant"}, InvalidAmount),
        ({"act": "grant", "credits": 0}, InvalidAmount),
        ({"act": "grant", "credits": 5, "reason": "bribe"}, InvalidValue),
        ({"act": "grant", "credits": 5, "validity": "P9Y"}, InvalidInstant),
        ({"act": "refund"}, InvalidValue),
        ({"act": "refund", "charge_id": 99}, UnknownRecord),
        ({"act": "refund", "charge_id": 1}, NothingToRefund),
        ({"act": "refund", "charge_id": 2}, InvalidValue),
    ],
)
def test_an_answer_that_cannot_be_given_changes_nothing(
    desk: Desk, answer: dict[str, Any], error: type[CreditsError]
) -> None:
    desk.accounts.register("u2", email="b@example.com", name="B")
    desk.charging.charge("u1", "export_image", key="free")
    desk.charging.charge("u2", "ghostface", key="of somebody else")
    request = opened(desk)
    before = facts(desk)
    with pytest.raises(error):
        desk.requests.resolve(request.id, **answer)
    assert facts(desk) == before


def test_the_same_key_answers_once(desk: Desk) -> None:
    request = opened(desk)
    first = desk.requests.resolve(request.id, act="grant", credits=5, key="double click")
    assert desk.requests.resolve(request.id, act="grant", credits=5, key="double click") == first
    with pytest.raises(IdempotencyConflict):
        desk.requests.resolve(
            request.id, act="grant", credits=5, key="double click", validity="P30D"
        )
    assert desk.accounts.account("u1").available == 17
    others: tuple[dict[str, Any], ...] = (
        {"act": "grant", "credits": 6},
        {"act": "grant", "credits": 5, "validity": "P30D"},
        {"act": "decline"},
    )
    for other in others:
        with pytest.raises(IdempotencyConflict, match=f"request {request.id}, granted"):
            desk.requests.resolve(request.id, **other, key="double click")
    with pytest.raises(IdempotencyConflict):
        desk.requests.resolve(opened(desk, "ZD-2").id, act="grant", credits=5, key="double click")


def test_who_matches_nobody_gets_nothing_until_matched(desk: Desk) -> None:
    request = opened(desk, user="nobody")
    with pytest.raises(InvalidValue, match="“nobody”, who matches no user"):
        desk.requests.resolve(request.id, act="grant", credits=5)
    desk.requests.match(request.id, "u1")
    assert desk.requests.resolve(request.id, act="grant", credits=5).request.user_id == "u1"


# Over the limit ---------------------------------------------------------------------------------


def waiting(sam: Desk, request: Request, **more: Any) -> int:
    with pytest.raises(ApprovalRequired) as told:
        sam.requests.resolve(request.id, act="grant", credits=200, note="Lost a month", **more)
    assert told.value.values["request_id"] == request.id
    return told.value.approval_id


def test_over_the_limit_the_request_waits_and_is_granted_with_the_approval(
    desk: Desk, as_role: AsRole, clock: Clock
) -> None:
    sam, request = as_role("support"), opened(desk)
    approval = waiting(sam, request)
    held = desk.requests.request(request.id)
    assert (held.waiting, held.state, held.approval_id) == (True, State.CLAIMED, approval)
    assert desk.requests.page(RequestQuery(view=View.WAITING)) == [held]
    assert desk.accounts.account("u1").available == 12
    assert desk.support.approval(approval).ticket == "ZD-1"
    assert desk.integrity.verify().ok

    clock.pass_(hours=2)
    grant = desk.support.approve(approval)
    done = desk.requests.request(request.id)
    assert (done.state, done.grant_id, done.resolved_at) == (State.GRANTED, grant.id, clock.now)
    assert done.resolved_by == "support@pixpretty.example"
    assert desk.integrity.verify().ok


def test_a_rejected_request_is_back_in_the_hands_of_who_asked_with_the_note(
    desk: Desk, as_role: AsRole
) -> None:
    sam, request = as_role("support"), opened(desk)
    desk.support.reject(waiting(sam, request), "Too much for one day")

    back = sam.requests.request(request.id)
    assert (back.state, back.waiting, back.note) == (State.CLAIMED, False, "Too much for one day")
    assert back.claimed_by == "support@pixpretty.example"
    assert audited(desk, request)[-1] == "give a request back"
    done = sam.requests.resolve(request.id, act="grant", credits=50)
    assert done.request.state is State.GRANTED
    assert desk.integrity.verify().ok


def test_what_waits_is_answered_by_nobody_else(desk: Desk, as_role: AsRole) -> None:
    sam, request = as_role("support"), opened(desk)
    waiting(sam, request)
    before = facts(desk)
    for person in (sam, desk):
        with pytest.raises(AlreadyClaimed, match="waits for approval"):
            person.requests.resolve(request.id, act="decline")
        with pytest.raises(AlreadyClaimed, match="waits for approval"):
            person.requests.release(request.id)
    assert facts(desk) == before


def test_the_same_key_asks_for_approval_once(desk: Desk, as_role: AsRole) -> None:
    sam, request = as_role("support"), opened(desk)
    approval = waiting(sam, request, key="k")
    assert waiting(sam, request, key="k") == approval
    assert len(desk.support.approvals()) == 1
    grant = desk.support.approve(approval)
    again = sam.requests.resolve(request.id, act="grant", credits=200, key="k")
    assert again.grant == grant


# Reopening --------------------------------------------------------------------------------------


def test_taking_an_answer_back_and_opening_it_again_are_one_act(desk: Desk) -> None:
    request = opened(desk)
    given = desk.requests.resolve(request.id, act="grant", credits=5).grant
    assert given is not None
    again = desk.support.undo_answer(request.id, reason="given_in_error")
    assert (again.reopened_from, again.state) == (request.id, State.OPEN)
    assert desk.accounts.account("u1").available == 12
    # A lost answer: asked again, nothing more is done.
    assert desk.support.undo_answer(request.id, reason="given_in_error") == again


def test_an_answer_that_cannot_be_opened_again_keeps_its_credits(desk: Desk) -> None:
    request = opened(desk)
    desk.requests.resolve(request.id, act="grant", credits=5)
    desk.requests.reopen(request.id)
    before = facts(desk)
    with pytest.raises(AlreadyResolved):
        desk.support.undo_answer(request.id, reason="given_in_error")
    assert facts(desk) == before
    assert desk.accounts.account("u1").available == 17


def test_of_a_grant_that_was_used_nothing_is_taken_back_and_its_request_stays_answered(
    desk: Desk,
) -> None:
    request = opened(desk)
    desk.requests.resolve(request.id, act="grant", credits=5)
    desk.charging.charge("u1", "image_extender", key="1")
    desk.charging.charge("u1", "object_remover", key="2")
    with pytest.raises(NothingToVoid, match="were used already"):
        desk.support.undo_answer(request.id, reason="given_in_error")
    assert desk.requests.request(request.id).reopened_as is None


def test_what_was_not_granted_cannot_be_taken_back(desk: Desk) -> None:
    request = opened(desk)
    desk.requests.resolve(request.id, act="decline", note="no")
    with pytest.raises(InvalidValue, match="not answered with a grant"):
        desk.support.undo_answer(request.id, reason="given_in_error")


def test_reopening_opens_a_linked_request_once(desk: Desk, clock: Clock) -> None:
    first = opened(desk, category="wrong_price", credits=7)
    with pytest.raises(InvalidValue, match="is open, not resolved"):
        desk.requests.reopen(first.id)
    desk.requests.resolve(first.id, act="decline")
    clock.pass_(days=1)
    again = desk.requests.reopen(first.id, "that was no help")

    assert (again.reopened_from, again.state, again.opened_at) == (first.id, "open", clock.now)
    assert (again.user_id, again.ticket, again.category, again.credits) == (
        *("u1", "ZD-1", "wrong_price", 7),
    )
    assert again.message == "that was no help"
    old = desk.requests.request(first.id)
    assert (old.state, old.reopened_as) == (State.DECLINED, again.id)
    with pytest.raises(AlreadyResolved, match=f"reopened as request {again.id}"):
        desk.requests.reopen(first.id)
    assert audited(desk, again) == ["reopen a request"]


# The queue --------------------------------------------------------------------------------------


@pytest.fixture
def queue(desk: Desk, as_role: AsRole, clock: Clock) -> dict[str, Request]:
    """One request of each kind, an hour apart, the newest opened now."""
    desk.accounts.register("u2", email="bo@example.com", name="Bo")
    desk.accounts.change_plan("u2", "pro")
    made = {}
    kinds = ("old", "mine", "theirs", "waiting", "closed", "nobody", "pro")
    for place, kind in enumerate(kinds):
        made[kind] = opened(
            desk,
            f"ZD-{kind}",
            user={"nobody": "who@example.com", "pro": "u2"}.get(kind, "u1"),
            category="charged_twice" if kind == "pro" else None,
            at=clock.now - timedelta(hours=len(kinds) - 1 - place),
        )
    desk.requests.claim(made["mine"].id)
    sam = as_role("support")
    sam.requests.claim(made["theirs"].id)
    waiting(sam, made["waiting"])
    desk.requests.resolve(made["closed"].id, act="decline")
    return made


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (RequestQuery(), "old mine theirs nobody pro"),
        (RequestQuery(view=View.MINE), "mine"),
        (RequestQuery(view=View.WAITING), "waiting"),
        (RequestQuery(view=View.CLOSED), "closed"),
        (RequestQuery(view=View.UNMATCHED), "nobody"),
        (RequestQuery(view=View.ALL), "old mine theirs waiting closed nobody pro"),
        (RequestQuery(descending=True), "pro nobody theirs mine old"),
        (RequestQuery(category="charged_twice"), "pro"),
        (RequestQuery(category=""), "old mine theirs nobody"),
        (RequestQuery(plan="pro"), "pro"),
        (RequestQuery(older_than_hours=5), "old mine"),
        (RequestQuery(text="zd-THEIRS"), "theirs"),
        (RequestQuery(text="bo@exam"), "pro"),
        (RequestQuery(text="%"), ""),
        (RequestQuery(view=View.ALL, by="support@pixpretty.example"), "theirs waiting"),
        (RequestQuery(view=View.ALL, user_id="u2"), "pro"),
        (RequestQuery(sort="ticket"), "mine nobody old pro theirs"),
        (RequestQuery(sort="user"), "old mine theirs pro nobody"),
    ],
)
def test_the_queue_shows_what_is_asked_for_oldest_first(
    desk: Desk, queue: dict[str, Request], query: RequestQuery, expected: str
) -> None:
    names = {request.id: name for name, request in queue.items()}
    found = desk.requests.page(query)
    assert [names[request.id] for request in found] == expected.split()
    assert desk.requests.count(query) == len(found)
    assert desk.requests.page(query, offset=1, limit=2) == found[1:3]


def test_the_counts_are_those_of_the_views(desk: Desk, queue: dict[str, Request]) -> None:
    counts = desk.requests.counts()
    told = (counts.open, counts.mine, counts.waiting, counts.closed, counts.unmatched)
    views = (View.OPEN, View.MINE, View.WAITING, View.CLOSED, View.UNMATCHED)
    assert told == tuple(desk.requests.count(RequestQuery(view=view)) for view in views)
    assert counts.oldest_open_at == queue["old"].opened_at
    assert counts.by_category == {"": 4, "charged_twice": 1}


@pytest.mark.parametrize(
    "query",
    [
        RequestQuery(view="bin"),  # type: ignore[arg-type]
        RequestQuery(category="lost"),
        RequestQuery(plan="gold"),
        RequestQuery(sort="q.id; DROP TABLE request"),
        RequestQuery(older_than_hours=-1),
    ],
)
def test_a_query_that_cannot_be_is_refused(desk: Desk, query: RequestQuery) -> None:
    with pytest.raises(InvalidValue):
        desk.requests.page(query)


# Who may ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["product_manager", "qa", "system"])
def test_who_may_not_open_or_resolve_is_refused_and_may_look(
    desk: Desk, as_role: AsRole, role: str
) -> None:
    request, someone = opened(desk), as_role(role)
    before = facts(desk)
    acts: tuple[Callable[[], object], ...] = (
        lambda: opened(someone, "ZD-2"),
        lambda: someone.requests.claim(request.id),
        lambda: someone.requests.release(request.id),
        lambda: someone.requests.match(request.id, "u1"),
        lambda: someone.requests.sort(request.id, "other"),
        lambda: someone.requests.resolve(request.id, act="decline"),
        lambda: someone.requests.reopen(request.id),
    )
    for act in acts:
        with pytest.raises(NotPermitted):
            act()
    assert facts(desk) == before
    assert someone.requests.page() == [request]


def test_a_request_can_be_sorted_until_it_is_resolved(desk: Desk) -> None:
    request = opened(desk)
    assert desk.requests.sort(request.id, "wrong_price").category == "wrong_price"
    desk.requests.resolve(request.id, act="decline")
    with pytest.raises(AlreadyResolved):
        desk.requests.sort(request.id, "other")


# Two people, one request -------------------------------------------------------------------------


def test_what_a_ticket_got_since_it_was_read_is_told_before_more_is_given(
    desk: Desk, as_role: AsRole
) -> None:
    request = opened(desk)
    seen = Seen("u1", frozenset(one.mark for one in desk.support.earlier("ZD-1", user_id="u1")))
    as_role("support").support.grant("u1", 50, reason="goodwill", note="n", ticket="ZD-1")

    with pytest.raises(ChangedMeanwhile, match="50 credits"):
        desk.requests.resolve(request.id, act="grant", credits=50, seen=seen)

    assert desk.requests.request(request.id).state == "open"
    assert desk.accounts.account("u1").available == 12 + 50
    known = Seen("u1", frozenset(one.mark for one in desk.support.earlier("ZD-1", user_id="u1")))
    assert desk.requests.resolve(request.id, act="grant", credits=5, seen=known).grant


def test_a_request_in_somebodys_hand_is_matched_by_them_or_a_lead(
    desk: Desk, as_role: AsRole
) -> None:
    desk.accounts.register("u2", email="ben@example.com", name="Ben")
    request = opened(desk)
    as_role("support").requests.claim(request.id)

    with pytest.raises(AlreadyClaimed):
        as_role("support", "other@x.example").requests.match(request.id, "u2")

    assert as_role("support_lead").requests.match(request.id, "u2").user_id == "u2"


def test_an_answer_meant_for_another_user_than_the_requests_by_now_does_nothing(
    desk: Desk,
) -> None:
    desk.accounts.register("u2", email="ben@example.com", name="Ben")
    request = opened(desk)
    desk.requests.match(request.id, "u2")

    with pytest.raises(ChangedMeanwhile, match="that of u2 by now, not of u1"):
        desk.requests.resolve(request.id, act="grant", credits=5, seen=Seen("u1"))

    assert desk.accounts.account("u2").available == 12


def test_a_waiting_answer_keeps_its_key_when_the_request_is_sorted(
    desk: Desk, as_role: AsRole
) -> None:
    request = opened(desk)
    agent = as_role("support")
    for _again in range(2):
        with pytest.raises(ApprovalRequired):
            agent.requests.resolve(request.id, act="grant", credits=400, key="K1")
        agent.requests.sort(request.id, "other")
    desk.support.approve(desk.support.approvals()[0].id)

    answered = agent.requests.resolve(request.id, act="grant", credits=400, key="K1")
    assert answered.request.state == "granted"
