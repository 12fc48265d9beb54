"""The list of users and the proof of a balance: against a plain look at every account."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Event
from typing import Any

import pytest

from app.desk import Desk, open_desk
from app.domain.errors import InsufficientCredits, InvalidValue
from app.domain.ledger import EntryKind
from app.domain.requests import RequestQuery
from app.domain.users import ORDERS, UserQuery, UserSummary
from app.storage import listing

START = datetime(2026, 9, 10, 9, tzinfo=UTC)
PLANS = ("free", "plus", "pro")


class Clock:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> Iterator[Desk]:
    with open_desk(":memory:", staff="ana@pixpretty.example", now=clock) as opened:
        yield opened


def people(desk: Desk, clock: Clock, number: int = 30) -> None:
    """Users of every plan, some with nothing left, some invited by the first."""
    for at in range(number):
        clock.now += timedelta(hours=5)
        user = f"usr_{at:02}"
        code = f"PIX-{at:02}"
        by = "PIX-00" if at % 7 == 3 else None
        mail = f"{chr(97 + at % 26)}{at}@example.com"
        desk.accounts.register(
            user, email=mail, name=f"name {at * 7 % number:02}", referral_code=code, referred_by=by
        )
        if at % 3:
            desk.accounts.change_plan(user, PLANS[at % 3])
        if at % 4 == 0:
            desk.charging.charge(user, "image_extender", key=f"all-{at}")
        if at % 6 == 0:
            desk.requests.open(user=user, ticket=f"ZD-{at}", message="Where are my credits?")
        if at % 5 == 0:
            key = f"grant-{at}"
            desk.support.grant(
                user, 9, reason="goodwill", note="n", ticket="T", validity="P30D", key=key
            )


@pytest.fixture(params=[0, 10_000], ids=["along the order", "all put in order"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once as if there were a million users, once as there are."""
    monkeypatch.setattr(listing, "_FEW", request.param)
    monkeypatch.setattr(listing, "_MOST_FOUND", request.param)
    monkeypatch.setattr(listing, "_WALKED", 20)


def everyone(desk: Desk, query: UserQuery = UserQuery()) -> list[UserSummary]:  # noqa: B008
    return desk.accounts.page(query, 0, 10_000)


QUERIES = (
    UserQuery(),
    UserQuery(descending=True),
    UserQuery(order="name"),
    UserQuery(order="available", descending=True),
    UserQuery(order="email"),
    UserQuery(plan="plus"),
    UserQuery("example"),
    UserQuery("example", order="registered_at", out_of_credits=True),
)


@pytest.mark.parametrize("query", QUERIES)
def test_where_a_user_stands_is_where_the_list_has_them(
    desk: Desk, clock: Clock, query: UserQuery
) -> None:
    people(desk, clock)
    desk.accounts.register("usr_same", email="s@example.com", name="NAME 07")
    listed = [user.user_id for user in desk.accounts.page(query, 0, 100)]
    for user in desk.accounts.page(UserQuery(), 0, 100):
        place = listed.index(user.user_id) if user.user_id in listed else None
        assert desk.accounts.place(query, user.user_id) == place


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 9, 20, tzinfo=UTC),
        datetime(2026, 9, 25, 12, tzinfo=UTC),
        datetime(2026, 10, 1, tzinfo=UTC),
        datetime(2026, 10, 28, tzinfo=UTC),
        datetime(2026, 12, 3, tzinfo=UTC),
        datetime(2027, 10, 20, tzinfo=UTC),
    ],
)
def test_a_line_shows_what_the_account_holds_even_while_an_allowance_is_due(
    desk: Desk, clock: Clock, now: datetime
) -> None:
    people(desk, clock)
    clock.now = now
    lines = everyone(desk)
    assert len(lines) == 30
    for line in lines:
        account = desk.accounts.account(line.user_id)
        assert line.available == account.available, line
        assert line.next_expiry == min((g.expires_at for g in account.grants), default=None)
    broke = {line.user_id for line in lines if line.available == 0}
    assert {u.user_id for u in everyone(desk, UserQuery(out_of_credits=True))} == broke
    week = now + timedelta(days=7)
    soon = {line.user_id for line in lines if line.next_expiry and line.next_expiry <= week}
    assert {u.user_id for u in everyone(desk, UserQuery(expiring=True))} == soon
    both = {line.user_id for line in lines if line.user_id in soon and line.email[0] == "b"}
    found = everyone(desk, UserQuery(text="b", expiring=True))
    assert {u.user_id for u in found if u.email[0] == "b"} == both
    assert desk.accounts.count(UserQuery(text="b", expiring=True)) == len(found)


def test_blocks_of_the_list_follow_one_another_by_name_without_gaps(
    desk: Desk, clock: Clock
) -> None:
    people(desk, clock)
    whole = everyone(desk)
    assert [u.name for u in whole] == sorted(u.name for u in whole)
    blocks = [desk.accounts.page(UserQuery(), at, 7) for at in range(0, 35, 7)]
    assert [user for block in blocks for user in block] == whole
    assert desk.accounts.count() == 30
    pro = everyone(desk, UserQuery(plan="pro"))
    assert pro
    assert {u.plan for u in pro} == {"pro"}
    assert desk.accounts.count(UserQuery(plan="pro")) == len(pro)
    invited = everyone(desk, UserQuery(referred_by="usr_00"))
    assert {u.user_id for u in invited} == {"usr_03", "usr_10", "usr_17", "usr_24"}


@pytest.mark.parametrize(
    "query",
    [
        UserQuery(),
        UserQuery(text="name 1"),
        UserQuery(plan="plus"),
        UserQuery(plan="free", out_of_credits=True),
        UserQuery(out_of_credits=True),
        UserQuery(expiring=True, text="e"),
        UserQuery(registered_first=date(2026, 9, 12), registered_last=date(2026, 9, 14)),
        UserQuery(open_request=True),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 9, 25, 12, tzinfo=UTC),
        datetime(2026, 10, 28, tzinfo=UTC),
        datetime(2027, 10, 20, tzinfo=UTC),
    ],
    ids=str,
)
@pytest.mark.usefixtures("few")
def test_a_list_comes_in_the_order_of_any_column_with_empty_values_last(
    desk: Desk, clock: Clock, query: UserQuery, now: datetime
) -> None:
    people(desk, clock)
    clock.now = now
    ids = {user.user_id for user in everyone(desk, query)}
    for order in ORDERS:
        up, down = (replace(query, order=order, descending=way) for way in (False, True))
        rising = everyone(desk, up)
        assert {u.user_id for u in rising} == ids
        assert [u.user_id for u in rising] == in_order(rising, order, descending=False), order
        assert [u.user_id for u in everyone(desk, down)] == in_order(rising, order, descending=True)
        for at in range(0, len(rising) + 3, 4):
            assert desk.accounts.page(up, at, 4) == rising[at : at + 4]
        assert desk.accounts.count(up) == len(rising)
        assert [u for block in desk.accounts.every(up, Event()) for u in block] == rising


def in_order(users: list[UserSummary], order: str, *, descending: bool) -> list[str]:
    """The ids of users by an attribute, those without it last; of equals, by their ids."""

    def key(user: UserSummary) -> tuple[Any, str]:
        value = getattr(user, order)
        return PLANS.index(value) if order == "plan" else value, user.user_id

    full = [user for user in users if getattr(user, order) is not None]
    empty = [user.user_id for user in users if getattr(user, order) is None]
    ids = [user.user_id for user in sorted(full, key=key, reverse=descending)]
    return ids + sorted(empty, reverse=descending)


def test_a_list_of_those_registered_between_two_days_has_both_days(
    desk: Desk, clock: Clock
) -> None:
    people(desk, clock)
    first, last = date(2026, 9, 12), date(2026, 9, 14)
    between = {u.user_id for u in everyone(desk) if first <= u.registered_at.date() <= last}
    assert len(between) in range(10, 20)
    found = everyone(desk, UserQuery(registered_first=first, registered_last=last))
    assert {u.user_id for u in found} == between
    since = everyone(desk, UserQuery(registered_first=first))
    until = everyone(desk, UserQuery(registered_last=last))
    assert {u.user_id for u in since} & {u.user_id for u in until} == between
    assert everyone(desk, UserQuery(registered_first=date.max)) == []
    assert len(everyone(desk, UserQuery(registered_first=date.min, registered_last=date.max))) == 30


def test_users_with_a_request_that_is_open_or_claimed_are_found(desk: Desk, clock: Clock) -> None:
    people(desk, clock, 20)
    requests = desk.requests
    answered, claimed = requests.page(RequestQuery(), 0, 2)
    requests.claim(answered.id)
    requests.resolve(answered.id, act="decline", note="n")
    requests.claim(claimed.id)
    waiting = {f"usr_{at:02}" for at in range(0, 20, 6)} - {answered.user_id}
    assert claimed.user_id in waiting
    query = UserQuery(open_request=True)
    assert {u.user_id for u in everyone(desk, query)} == waiting
    assert desk.accounts.count(query) == len(waiting) == 3


def test_an_order_that_there_is_not_is_refused_by_name(desk: Desk) -> None:
    with pytest.raises(InvalidValue, match="“shoe size” is no order"):
        desk.accounts.page(UserQuery(order="shoe size"), 0, 10)


def test_the_parts_of_a_proof_are_the_entries_of_the_ledger_and_meet_the_balance(
    desk: Desk, clock: Clock
) -> None:
    people(desk, clock, 4)
    user = "usr_01"
    clock.now += timedelta(days=1)
    used = desk.charging.charge(user, "nano_banana_pro_4k", key="one", quantity=2)
    desk.charging.charge(user, "object_remover", key="two")
    with pytest.raises(InsufficientCredits):
        desk.charging.charge(user, "nano_banana_pro_4k", key="refused", quantity=99)
    wrong = desk.support.grant(user, 50, reason="goodwill", note="n", ticket="T")
    clock.now += timedelta(days=1)
    desk.support.refund(used.id, reason="failed_generation")
    desk.support.void(wrong.id, reason="given_in_error")
    clock.now += timedelta(days=40)
    for at in (None, clock.now, clock.now - timedelta(days=41), datetime(2027, 3, 1, tzinfo=UTC)):
        proof = desk.accounts.proof(user, at=at)
        assert proof.agrees
        assert proof.balance == desk.accounts.account(user, at=at).available
        ledger = desk.accounts.ledger(user, limit=None, at=at)
        for part in proof.parts:
            entries = [entry for entry in ledger if entry.kind is part.kind]
            assert (part.credits, part.entries) == (sum(e.credits for e in entries), len(entries))
        of_the_ledger = {entry.kind for entry in ledger if entry.credits}
        assert {part.kind for part in proof.parts} == of_the_ledger
        assert EntryKind.REFUSED_USE not in of_the_ledger


@pytest.mark.parametrize("at", [None, START + timedelta(days=2), datetime(2027, 3, 1, tzinfo=UTC)])
def test_a_sheet_says_what_each_question_by_itself_would(
    desk: Desk, clock: Clock, at: datetime | None
) -> None:
    people(desk, clock, 12)
    clock.now += timedelta(days=40)
    for user in ("usr_00", "usr_01", "usr_05"):
        sheet = desk.sheets.of(user, at=at, limit=4)
        accounts = desk.accounts
        assert sheet.account == accounts.account(user, at=at)
        assert sheet.proof == accounts.proof(user, at=at)
        assert list(sheet.entries) == accounts.ledger(user, at=at, limit=4)
        assert sheet.usage == accounts.usage(user, sheet.months[0], sheet.months[-1])
        assert list(sheet.referrals) == accounts.referrals(user)
        assert list(sheet.history) == accounts.plan_history(user)
        uses = desk.sheets.of(user, at=at, kinds=["use"], limit=4).entries
        assert list(uses) == accounts.ledger(user, at=at, kinds=["use"], limit=4)
