"""Whatever three people do to a few requests in whatever order, each is answered at most once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app import Desk, open_desk
from app.domain.errors import ApprovalRequired, CreditsError
from app.domain.requests import RequestQuery, State, View
from app.services.office import Office

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
STAFF = {"ana": "support", "lea": "support_lead", "ada": "admin"}
REQUESTS = 3
GIVEN = 7
OVER = 150
ACTS = ("claim", "release", "grant", "refund", "decline", "ask", "approve", "reject", "reopen")
STEPS = st.tuples(st.sampled_from(ACTS), st.sampled_from(tuple(STAFF)), st.integers(1, REQUESTS))


def acted(desk: Desk, act: str, number: int) -> bool:
    """Try something; whether it was done."""
    tries: dict[str, Callable[[], Any]] = {
        "claim": lambda: desk.requests.claim(number),
        "release": lambda: desk.requests.release(number),
        "grant": lambda: desk.requests.resolve(number, act="grant", credits=GIVEN),
        "refund": lambda: desk.requests.resolve(number, act="refund", charge_id=number),
        "decline": lambda: desk.requests.resolve(number, act="decline"),
        "ask": lambda: desk.requests.resolve(number, act="grant", credits=OVER),
        "approve": lambda: desk.support.approve(desk.requests.request(number).approval_id or 0),
        "reject": lambda: desk.support.reject(desk.requests.request(number).approval_id or 0),
        "reopen": lambda: desk.requests.reopen(number),
    }
    try:
        tries[act]()
    except ApprovalRequired:
        return True
    except CreditsError:
        return False
    return True


def state_of(desk: Desk) -> tuple[object, ...]:
    return (
        desk.requests.page(RequestQuery(view=View.ALL)),
        desk.accounts.account("u1").available,
        len(desk.support.approvals()),
        desk.integrity.audit_head(),
    )


@given(st.lists(STEPS, max_size=25))
@settings(max_examples=30, deadline=None)
def test_each_request_is_answered_at_most_once_and_its_act_done_as_often(
    steps: list[tuple[str, str, int]],
) -> None:
    with open_desk(":memory:", staff="ada", now=lambda: NOW) as desk:
        desk.accounts.register("u1", email="a@x.example", name="A")
        desk.accounts.change_plan("u1", "pro")
        people = {"ada": desk}
        for name in ("ana", "lea"):
            desk.staff.add(name, STAFF[name])
            people[name] = Desk(Office(desk.office.database, desk.now, name, desk.zone))
        for number in range(1, REQUESTS + 1):
            desk.charging.charge("u1", "image_extender", key=f"k{number}")
            desk.requests.open(user="u1", ticket=f"T{number}", message="gone!!")
        answered: dict[int, State] = {}
        for act, who, number in steps:
            before = state_of(desk)
            if not acted(people[who], act, number):
                assert state_of(desk) == before
            for request in desk.requests.page(RequestQuery(view=View.ALL)):
                assert answered.setdefault(request.id, request.state) in {
                    request.state,
                    State.OPEN,
                    State.CLAIMED,
                }
                answered[request.id] = request.state
        every = desk.requests.page(RequestQuery(view=View.ALL))
        grants = [desk.requests.resolution(request.id).grant for request in every]
        states = Counter(request.state for request in every)
        expected = 1012 - 12 * REQUESTS + 12 * states[State.REFUNDED]
        expected += sum(grant.credits for grant in grants if grant is not None)
        assert desk.accounts.account("u1").available == expected
        assert len(desk.support.approvals()) == sum(request.waiting for request in every)
        assert desk.integrity.verify().violations == ()
