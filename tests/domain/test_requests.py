"""Requests move from open to one answer, and the loser is told who was first and when."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import request_values as values
from app.domain import requests
from app.domain.errors import AlreadyClaimed, AlreadyResolved, CreditsError, InvalidValue
from app.domain.requests import Answer, Request, State

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def request(user: str | None = "usr_1") -> Request:
    return Request(7, user, "usr_1", "ZD-1", None, "my 200 credits are gone!!", None, NOON)


def test_a_claimed_request_is_in_the_hands_of_one_and_claiming_it_again_changes_nothing() -> None:
    mine = requests.claimed(request(), "ana", LATER)
    assert (mine.state, mine.claimed_by, mine.claimed_at) == (State.CLAIMED, "ana", LATER)
    assert requests.claimed(mine, "ana", LATER + timedelta(hours=1)) == mine


def test_the_second_to_claim_is_told_who_was_first_and_when() -> None:
    taken = requests.claimed(request(), "ana", LATER)
    with pytest.raises(AlreadyClaimed, match=r"Request 7 was claimed by ana at 2026-11-22T13:00"):
        requests.claimed(taken, "ben", LATER)
    with pytest.raises(AlreadyClaimed, match="ana"):
        requests.resolved(taken, Answer.DECLINE, "ben", LATER)


def test_the_second_to_resolve_is_told_who_was_first_and_when() -> None:
    done = requests.resolved(request(), Answer.GRANT, "ana", LATER, grant_id=3)
    assert (done.state, done.claimed_by, done.resolved_by) == (State.GRANTED, "ana", "ana")
    acts: tuple[Callable[[], Request], ...] = (
        lambda: requests.resolved(done, Answer.DECLINE, "ben", LATER),
        lambda: requests.claimed(done, "ben", LATER),
        lambda: requests.released(done, "ana", others=True),
        lambda: requests.matched(done, "usr_2", "ana", others=True),
    )
    for again in acts:
        with pytest.raises(AlreadyResolved, match=r"was granted by ana at 2026-11-22T13:00:00"):
            again()


def test_who_matches_nobody_can_be_declined_but_given_nothing() -> None:
    nobody = request(user=None)
    with pytest.raises(InvalidValue, match="“usr_1”, who matches no user"):
        requests.resolved(nobody, Answer.GRANT, "ana", LATER)
    assert requests.resolved(nobody, Answer.DECLINE, "ana", LATER).state is State.DECLINED


def test_what_waits_for_approval_is_decided_by_the_approval_alone() -> None:
    waits = requests.sent_for_approval(request(), "ana", LATER, 4, "a big one")
    assert waits.waiting
    acts: tuple[Callable[[], Request], ...] = (
        lambda: requests.resolved(waits, Answer.DECLINE, "ana", LATER),
        lambda: requests.released(waits, "ana", others=True),
        lambda: requests.matched(waits, "usr_2", "ana", others=True),
    )
    for act in acts:
        with pytest.raises(AlreadyClaimed, match="waits for approval 4, which ana asked for"):
            act()
    back = requests.rejected(waits, "too much")
    assert (back.state, back.note, back.waiting) == (State.CLAIMED, "too much", False)
    granted = requests.approved(waits, LATER, 9)
    assert (granted.state, granted.resolved_by, granted.grant_id) == (State.GRANTED, "ana", 9)


def test_only_who_may_release_others_releases_others() -> None:
    taken = requests.claimed(request(), "ana", LATER)
    with pytest.raises(AlreadyClaimed):
        requests.released(taken, "ben", others=False)
    assert requests.released(taken, "ben", others=True) == request()
    assert requests.released(taken, "ana", others=False) == request()
    assert requests.released(request(), "ben", others=False) == request()


STEPS = st.tuples(
    st.sampled_from(("claim", "release", "grant", "refund", "decline", "ask", "approve", "reject")),
    st.sampled_from(("ana", "ben", "cleo")),
)


def stepped(now: Request, step: str, by: str) -> Request:
    if step == "claim":
        return requests.claimed(now, by, LATER)
    if step == "release":
        return requests.released(now, by, others=by == "cleo")
    if step == "ask":
        return requests.sent_for_approval(now, by, LATER, 4, "")
    if step in {"approve", "reject"}:
        if not now.waiting:
            return now
        return requests.approved(now, LATER, 5) if step == "approve" else requests.rejected(now, "")
    return requests.resolved(now, Answer(step), by, LATER)


@given(st.lists(STEPS, max_size=30))
@settings(max_examples=300, deadline=None)
def test_whatever_staff_try_a_request_is_answered_once_by_who_held_it(
    steps: list[tuple[str, str]],
) -> None:
    now, answers = request(), 0
    for step, by in steps:
        before = now
        try:
            now = stepped(now, step, by)
        except CreditsError:
            assert now == before
        answers += now.resolved and not before.resolved
        assert (now.state is State.OPEN) == (now.claimed_by is None)
        assert now.resolved == (now.resolved_by is not None) == (now.resolved_at is not None)
        if now.resolved:
            assert now.resolved_by == now.claimed_by
        if before.resolved:
            assert now == before
    assert answers == now.resolved


@pytest.mark.parametrize("amount", [0, -3, 1_000_001, True, 2.5])
def test_an_amount_that_nobody_could_give_is_refused_by_its_name(amount: int) -> None:
    with pytest.raises(InvalidValue, match=str(amount)):
        values.checked_wish(amount)


def test_texts_and_names_outside_the_lists_are_refused_by_their_name() -> None:
    with pytest.raises(InvalidValue, match="“lost” is not a category"):
        values.checked_category("lost")
    with pytest.raises(InvalidValue, match="“ignore” is not an answer"):
        values.checked_answer("ignore")
    with pytest.raises(InvalidValue, match="“bin” is not a part of the queue"):
        values.checked_view("bin")
    with pytest.raises(InvalidValue, match="message is empty"):
        values.checked_message("  \n ")
    with pytest.raises(InvalidValue, match="20,001 characters"):
        values.checked_message("x" * 20_001)
    assert values.checked_message(" one\n\ntwo ") == "one\n\ntwo"
