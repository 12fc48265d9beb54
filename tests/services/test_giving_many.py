"""Credits for many: the dry run says what will happen, and a second run gives nobody twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest

from app import Desk
from app.domain.errors import (
    ApprovalRequired,
    ChangedMeanwhile,
    DatabaseFailed,
    IdempotencyConflict,
    InvalidValue,
    NotPermitted,
)
from app.domain.giving import BatchReport, Fate
from app.domain.users import UserQuery
from app.services import giving_many
from app.storage.engine import Session
from tests.services.conftest import Clock

GIFT: dict[str, Any] = {"reason": "goodwill", "note": "Outage on Monday", "ticket": "ZD-1"}
AsRole = Callable[..., Desk]
IDS = tuple(f"usr_{number:03}" for number in range(12))


@pytest.fixture(autouse=True)
def people(desk: Desk) -> None:
    for number, user_id in enumerate(IDS):
        address = f"person{number}@example.com"
        desk.accounts.register(
            user_id, email=address, name=f"P {number}", referral_code=f"PIX-{number}"
        )


def balances(desk: Desk) -> list[int]:
    return [desk.accounts.account(user_id).available for user_id in IDS]


def fates(report: BatchReport) -> list[Fate]:
    return [row.fate for row in report.rows]


def test_a_dry_run_says_before_and_after_and_changes_nothing(desk: Desk) -> None:
    desk.accounts.change_plan("usr_001", "plus")
    plan = desk.support.preview_many(IDS[:2], 24, ticket="ZD-1")
    assert [(row.who, row.before, row.after, row.problem) for row in plan.rows] == [
        ("usr_000", 12, 36, ""),
        ("usr_001", 212, 236, ""),
    ]
    assert balances(desk)[0] == 12


def test_what_is_given_is_what_the_dry_run_said(desk: Desk) -> None:
    plan = desk.support.preview_many(IDS, 24, ticket="ZD-1")
    report = desk.support.issue_many(plan.recipients, 24, **GIFT)
    assert set(fates(report)) == {Fate.GIVE}
    assert balances(desk) == [row.after for row in plan.rows]
    records = [r for r in desk.integrity.audit(limit=500) if r.act == "issue credits"]
    assert {record.subject for record in records} == set(IDS)


def test_pasted_names_of_every_kind_are_found_and_bad_rows_are_told(desk: Desk) -> None:
    desk.accounts.register("twin", email="PERSON1@example.com", name="")
    text = "usr_000,5\nPerson2@Example.com,6\npix-3,\nperson1@example.com,7\nnobody,8\nPIX-0,9"
    plan = desk.support.preview_many(text, 24, ticket="ZD-1")
    assert [(row.line, row.who, row.credits, row.fate) for row in plan.rows] == [
        (1, "usr_000", 5, Fate.GIVE),
        (2, "usr_002", 6, Fate.GIVE),
        (3, "usr_003", 24, Fate.GIVE),
        (4, "person1@example.com,7", 0, Fate.BAD),
        (5, "nobody,8", 0, Fate.BAD),
        (6, "PIX-0,9", 0, Fate.BAD),
    ]
    said = [row.problem for row in plan.rows if row.fate is Fate.BAD]
    assert "may be 2 users (usr_001, twin)" in said[0]
    assert "No user has “nobody”" in said[1]
    assert "“PIX-0” (usr_000) stands on line 1 already" in said[2]
    report = desk.support.issue_many(text, 24, **GIFT)
    assert [row.credits for row in report.rows] == [5, 6, 24, 0, 0, 0]
    assert balances(desk)[:4] == [17, 12, 18, 36]


def test_a_query_gives_to_everybody_it_finds(desk: Desk) -> None:
    for user_id in IDS[3:6]:
        desk.charging.charge(user_id, "image_extender", key=user_id)
    report = desk.support.issue_many(UserQuery(out_of_credits=True), 6, **GIFT)
    assert {row.who for row in report.rows} == set(IDS[3:6])
    assert balances(desk)[2:7] == [12, 6, 6, 6, 12]


def test_the_same_key_again_gives_nobody_twice(desk: Desk) -> None:
    first = desk.support.issue_many(IDS, 24, **GIFT, key="outage")
    again = desk.support.issue_many(IDS, 24, **GIFT, key="outage")
    assert first.rows == again.rows
    assert balances(desk) == [36] * 12


def test_who_got_credits_for_the_ticket_is_left_out_unless_it_is_wanted(desk: Desk) -> None:
    desk.support.grant("usr_004", 50, **GIFT)
    plan = desk.support.preview_many(IDS[3:6], 24, ticket="ZD-1")
    assert [row.fate for row in plan.rows] == [Fate.GIVE, Fate.SKIP, Fate.GIVE]
    assert "ana@pixpretty.example gave 50 credits for ticket ZD-1" in plan.rows[1].problem
    report = desk.support.issue_many(IDS[3:6], 24, **GIFT)
    assert fates(report) == [Fate.GIVE, Fate.SKIP, Fate.GIVE]
    assert balances(desk)[3:6] == [36, 62, 36]
    desk.support.issue_many(IDS[4:5], 24, **GIFT, again=True)
    assert balances(desk)[4] == 86


def test_a_list_mended_and_given_again_reaches_only_those_who_were_missing(desk: Desk) -> None:
    desk.support.issue_many("usr_000\nusr_oo1\nusr_002", 24, **GIFT)
    mended = desk.support.issue_many("usr_000\nusr_001\nusr_002", 24, **GIFT)
    assert fates(mended) == [Fate.SKIP, Fate.GIVE, Fate.SKIP]
    assert balances(desk)[:3] == [36, 36, 36]


def test_what_was_taken_back_may_be_given_again(desk: Desk) -> None:
    grant = desk.support.grant("usr_000", 24, **GIFT)
    desk.support.void(grant.id, reason="given_in_error")
    assert desk.support.preview_many(IDS[:1], 24, ticket="ZD-1").rows[0].fate is Fate.GIVE


def test_credits_of_the_last_thirty_days_are_a_warning_only(desk: Desk, clock: Clock) -> None:
    desk.support.grant("usr_000", 24, reason="goodwill", note="n", ticket="OLD")
    clock.pass_(days=10)
    desk.support.grant("usr_001", 24, reason="goodwill", note="n", ticket="NEW")
    clock.pass_(days=25)
    rows = desk.support.preview_many(IDS[:2], 5, ticket="ZD-1").rows
    assert [row.fate for row in rows] == [Fate.GIVE, Fate.GIVE]
    assert rows[0].warning == ""
    assert "ana@pixpretty.example gave 24 credits for ticket NEW at 2026-01-20" in rows[1].warning


def test_the_days_limit_counts_over_all_and_the_rest_waits(as_role: AsRole) -> None:
    support, lead = as_role("support"), as_role("support_lead")
    plan = support.support.preview_many(IDS, 90, ticket="ZD-1")
    assert [row.fate for row in plan.rows] == [Fate.GIVE] * 5 + [Fate.WAIT] * 7
    assert "over the 50 you have left today" in plan.rows[5].problem
    assert plan.rows[5].after == plan.rows[5].before == 12
    report = support.support.issue_many(IDS, 90, **GIFT, key="k")
    assert fates(report) == [row.fate for row in plan.rows]
    assert [asked.user_id for asked in lead.support.approvals()] == list(IDS[5:])
    assert support.support.issue_many(IDS, 90, **GIFT, key="k").rows == report.rows
    assert len(lead.support.approvals()) == 7
    assert sum(balances(lead)) == 12 * 12 + 450


def test_a_smaller_amount_may_still_fit_where_a_larger_did_not(as_role: AsRole) -> None:
    support = as_role("support")
    text = "\n".join([*(f"{user},99" for user in IDS[:5]), "usr_005,6", "usr_006,5", "usr_007,101"])
    plan = support.support.preview_many(text, 1, ticket="ZD-1")
    assert [row.fate for row in plan.rows[5:]] == [Fate.WAIT, Fate.GIVE, Fate.WAIT]
    assert "over the 100 you may give in one grant" in plan.rows[7].problem
    report = support.support.issue_many(text, 1, **GIFT)
    assert fates(report) == [row.fate for row in plan.rows]


def test_it_stops_between_two_users_and_goes_on_with_the_same_key(desk: Desk) -> None:
    stop = Event()

    def after_four(done: int, all_: int) -> None:
        assert all_ == 12
        if done == 4:
            stop.set()

    report = desk.support.issue_many(IDS, 24, **GIFT, key="k", progress=after_four, stop=stop)
    assert fates(report) == [Fate.GIVE] * 4 + [Fate.NOT_REACHED] * 8
    assert report.stopped
    assert balances(desk) == [36] * 4 + [12] * 8
    whole = desk.support.issue_many(report_list(report), 24, **GIFT, key="k")
    assert set(fates(whole)) == {Fate.GIVE}
    assert balances(desk) == [36] * 12


def report_list(report: BatchReport) -> tuple[str, ...]:
    return tuple(row.who for row in report.rows)


@pytest.mark.parametrize("saved", [False, True])
def test_where_the_machine_fails_the_report_says_whom_it_did_not_reach(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, saved: bool
) -> None:
    database = desk.office.database
    whole, count = database.writing, 0

    @contextmanager
    def writing() -> Iterator[Session]:
        nonlocal count
        count += 1
        if count == 4 and not saved:
            raise DatabaseFailed("The disk is full. Nothing of this step was saved.")
        with whole() as session:
            yield session
        if count == 4:
            raise DatabaseFailed("The answer was lost.")

    monkeypatch.setattr(database, "writing", writing)
    report = desk.support.issue_many(IDS, 24, **GIFT, key="k")
    assert fates(report) == [Fate.GIVE] * 3 + [Fate.FAILED] + [Fate.NOT_REACHED] * 8
    assert report.trouble
    assert not report.whole
    again = desk.support.issue_many(IDS, 24, **GIFT, key="k")
    assert again.whole
    assert balances(desk) == [36] * 12


def test_one_who_cannot_get_any_does_not_hold_up_the_others(desk: Desk, as_role: AsRole) -> None:
    support, lead = as_role("support"), as_role("support_lead")
    support.support.issue_many(IDS[:2], 200, **GIFT, key="k")
    lead.support.reject(lead.support.approvals()[0].id, "no")
    report = support.support.issue_many(IDS[:2], 200, **GIFT, key="k")
    assert fates(report) == [Fate.SKIP, Fate.WAIT]
    assert "rejected by support_lead@pixpretty.example" in report.rows[0].sentence


def test_nothing_at_all_is_given_where_the_gift_itself_is_wrong(
    desk: Desk, as_role: AsRole
) -> None:
    with pytest.raises(InvalidValue, match="because"):
        desk.support.issue_many(IDS, 24, reason="because", note="n", ticket="T")
    with pytest.raises(InvalidValue, match="ticket is empty"):
        desk.support.issue_many(IDS, 24, reason="goodwill", note="n", ticket=" ")
    with pytest.raises(NotPermitted):
        as_role("qa").support.preview_many(IDS, 24)
    assert balances(desk) == [12] * 12


def test_a_crowd_is_refused_before_anybody_gets_anything(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving_many, "MOST_AT_ONCE", 11)
    for wanted in (UserQuery(), IDS, "\n".join(IDS)):
        with pytest.raises(InvalidValue, match="At most 11 users"):
            desk.support.preview_many(wanted, 24)


def test_whoever_is_quicker_the_second_is_told_what_the_ticket_got(
    desk: Desk, as_role: AsRole
) -> None:
    lead = as_role("support_lead")
    seen = [one.mark for one in desk.support.earlier("ZD-1", user_id="usr_000")]
    lead.support.grant("usr_000", 24, **GIFT)
    with pytest.raises(ChangedMeanwhile, match=r"support_lead@.* gave 24 credits") as told:
        desk.support.grant("usr_000", 24, **GIFT, seen=seen, key="mine")
    assert told.value.by == "support_lead@pixpretty.example"
    assert balances(desk)[0] == 36
    seen = [one.mark for one in desk.support.earlier("ZD-1", user_id="usr_000")]
    desk.support.grant("usr_000", 24, **GIFT, seen=seen, key="mine")
    desk.support.grant("usr_000", 24, **GIFT, seen=(), key="mine")
    assert balances(desk)[0] == 60


def test_what_waits_for_approval_is_among_what_a_ticket_got(as_role: AsRole) -> None:
    support = as_role("support")
    with pytest.raises(ApprovalRequired):
        support.support.grant("usr_000", 300, **GIFT)
    (waiting,) = support.support.earlier("ZD-1")
    assert (waiting.waits, waiting.credits) == (True, 300)
    assert "asked for 300 credits" in waiting.sentence()


def test_who_may_not_give_is_told_so_before_anybody_is_tried(desk: Desk, as_role: AsRole) -> None:
    with pytest.raises(NotPermitted):
        as_role("qa").support.issue_many(IDS[:2], 5, **GIFT)
    assert balances(desk)[:2] == [12, 12]


def test_one_key_for_another_ticket_or_reason_is_refused_while_the_first_waits(
    desk: Desk, as_role: AsRole
) -> None:
    agent = as_role("support").support
    with pytest.raises(ApprovalRequired):
        agent.grant("usr_000", 400, reason="goodwill", note="n", ticket="A", key="K")
    with pytest.raises(IdempotencyConflict, match="ticket A"):
        agent.grant("usr_000", 400, reason="goodwill", note="n", ticket="B", key="K")
    assert len(desk.support.approvals()) == 1
