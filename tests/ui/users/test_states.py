"""What the Users page says, without a window: view states are plain values."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.giving import Earlier
from app.domain.grants import Grant, GrantKind
from app.domain.ledger import EntryKind, LedgerEntry
from app.domain.policy import Reason
from app.domain.staff import Allowed
from app.domain.users import User, UserQuery, UserSummary
from app.ui.users import account_state, issue_state, people_state
from app.ui.users.entries import entry_price, entry_tip
from app.ui.users.issue_state import IssueForm, Issuing
from app.ui.users.people_state import PeopleState

NOW = datetime(2026, 11, 22, 14, 2, tzinfo=UTC)
AMIRA = User("usr_1", "amira@example.com", "Amira", "pro", NOW - timedelta(days=400))
LINE = UserSummary("usr_1", "amira@example.com", "Amira Núñez", "pro", 5, NOW, "PIX-7Q2M")


def grant(**fields: object) -> Grant:
    given = {
        "id": 7,
        "user_id": "usr_1",
        "kind": GrantKind.SUPPORT_CREDIT,
        "credits": 24,
        "remaining": 24,
        "effective_at": NOW - timedelta(days=2),
        "expires_at": NOW + timedelta(days=30),
        "ticket": "ZD-1",
    }
    return Grant(**{**given, **fields})  # type: ignore[arg-type]


def entry(**fields: object) -> LedgerEntry:
    given = {
        "at": NOW,
        "kind": EntryKind.USE,
        "credits": -48,
        "balance": 10,
        "feature": "nano_banana_pro_4k",
        "grant_id": None,
        "charge_id": 3,
        "text": "AI Image Generator (Nano Banana Pro, 4K)",
    }
    return LedgerEntry(**{**given, **fields})  # type: ignore[arg-type]


# The list --------------------------------------------------------------------------------------


def test_the_heading_counts_those_found_of_all() -> None:
    asked = people_state.asked(PeopleState(), UserQuery(text="am"))
    assert asked.heading == ""
    came = people_state.arrived(asked, 16, whole=True)
    assert (came.phase, came.heading) == ("ready", "16 of …")
    assert people_state.counted(came, 16, 1_048_211).heading == "16 of 1,048,211"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (UserQuery(), "Nobody is registered yet."),
        (UserQuery(text="zz"), "No user’s address, name, id or code contains “zz”."),
        (UserQuery(plan="pro"), "No user passes these filters."),
        (UserQuery(text="zz", plan="pro"), "Nobody with these filters matches “zz”."),
    ],
)
def test_an_empty_list_says_why_it_is_empty(query: UserQuery, said: str) -> None:
    state = people_state.arrived(people_state.asked(PeopleState(), query), 0, whole=True)
    assert (state.phase, state.nothing) == ("empty", said)


def test_letters_are_marked_without_regard_to_case_or_accents() -> None:
    assert people_state.marks("Amira Núñez", "nun MIR") == [(1, 4), (6, 9)]
    assert people_state.marks("Amira", "  ") == []


def test_a_line_shows_the_code_when_only_that_matched() -> None:
    assert people_state.matched_code(LINE, "7q2") == "PIX-7Q2M"
    assert people_state.matched_code(LINE, "usr_") == "usr_1"
    assert people_state.matched_code(LINE, "amira") == ""


# The account -----------------------------------------------------------------------------------


def test_long_feature_names_are_told_by_what_stands_in_their_parentheses() -> None:
    assert account_state.entry_detail(entry()) == "Nano Banana Pro, 4K"
    many = entry(text="AI Image Generator (Nano Banana Pro, 4K) × 25")
    assert account_state.entry_detail(many) == "Nano Banana Pro, 4K × 25"
    assert account_state.entry_detail(entry(text="AI Image Extender")) == "AI Image Extender"


def test_an_entry_says_what_is_special_about_it() -> None:
    assert account_state.entry_chip(entry(outcome="failed")) == ("failed", "danger")
    refunded = entry(outcome="failed", refunded=True, late=True)
    assert account_state.entry_chip(refunded) == ("refunded · late", "neutral")
    assert account_state.entry_chip(entry(expected=True)) == ("expected", "info")
    assert account_state.entry_chip(entry()) is None


def test_only_a_charge_that_took_something_can_be_refunded_and_only_once() -> None:
    assert account_state.can_refund(entry())
    assert not account_state.can_refund(entry(refunded=True))
    assert not account_state.can_refund(entry(credits=0))
    assert not account_state.can_refund(entry(kind=EntryKind.EXPIRY))
    assert not account_state.can_refund(None)


def test_only_what_is_left_of_a_grant_that_has_not_expired_can_be_voided() -> None:
    assert account_state.can_void(grant(), NOW)
    assert not account_state.can_void(grant(remaining=0), NOW)
    assert not account_state.can_void(grant(expires_at=NOW), NOW)
    assert not account_state.can_void(grant(id=0), NOW)


def test_what_expires_next_adds_up_all_that_expires_then() -> None:
    soon = NOW + timedelta(days=3)
    held = [grant(), grant(expires_at=soon, remaining=5), grant(expires_at=soon, remaining=6)]
    assert account_state.next_expiry(held) == (soon, 11)
    assert account_state.next_expiry([]) is None


# Issuing credits -------------------------------------------------------------------------------

FORM = IssueForm(credits=24, reason="goodwill", note="n", ticket="ZD-2")


def issuing(allowed: Allowed, *lately: Grant) -> Issuing:
    return Issuing(AMIRA, 100, allowed, (Reason("goodwill", "Goodwill"),), "P1Y", lately)


def test_before_and_after_are_said_and_the_button_names_the_amount() -> None:
    said = issue_state.verdict(issuing(Allowed(None, None)), FORM)
    assert (said.before, said.after, said.act) == ("100", "124", "Issue 24 credits")
    assert said.ready
    assert said.limits == "Your role has no limit."


@pytest.mark.parametrize(
    ("allowed", "over"),
    [
        (Allowed(100, 500), False),
        (Allowed(24, 24), False),
        (Allowed(23, 500), True),
        (Allowed(100, 23), True),
    ],
)
def test_over_either_limit_it_is_sent_for_approval(allowed: Allowed, over: bool) -> None:
    said = issue_state.verdict(issuing(allowed), FORM)
    assert said.needs_approval is over
    assert said.act == ("Send for approval" if over else "Issue 24 credits")
    assert said.ready


@pytest.mark.parametrize(
    ("form", "missing"),
    [
        (IssueForm(), "How many credits?"),
        (IssueForm(credits=1), "Choose a reason."),
        (IssueForm(credits=1, reason="goodwill"), "Write a note: what happened?"),
        (IssueForm(credits=1, reason="goodwill", note="n"), "Name the ticket."),
    ],
)
def test_what_is_still_needed_is_said_one_thing_at_a_time(form: IssueForm, missing: str) -> None:
    said = issue_state.verdict(issuing(Allowed(None, None)), form)
    assert (said.ready, said.missing) == (False, missing)


def test_a_ticket_that_got_credits_and_a_user_who_did_lately_are_warned_of() -> None:
    other = Earlier(9, "usr_2", 50, "ZD-2", NOW - timedelta(days=2), "bo@pixpretty.example")
    given = grant(staff="ana@pixpretty.example")
    said = issue_state.warning(issuing(Allowed(None, None), given), [other], UTC, NOW)
    assert (
        "ZD-2 got 50 credits already, for usr_2 (20 Nov 14:02, 2 days ago, by bo@pixpretty.example)"
        in said
    )
    assert "This user got 24 credits in 1 grant in the last 30 days; the last 20 Nov 14:02" in said
    assert "by ana@pixpretty.example for ZD-1." in said


def test_what_waits_for_the_same_ticket_is_warned_of_too() -> None:
    waiting = Earlier(3, "usr_1", 300, "ZD-2", NOW, "bo@pixpretty.example", waits=True)
    said = issue_state.warning(issuing(Allowed(None, None)), [waiting], UTC, NOW)
    assert said.startswith("For ZD-2, 300 credits for this user wait already")


def test_lately_leaves_out_what_is_long_ago_and_what_was_voided() -> None:
    old = grant(id=1, effective_at=NOW - timedelta(days=31))
    voided = grant(id=2, voided=24, remaining=0)
    bonus = grant(id=3, kind=GrantKind.SIGNUP_BONUS)
    assert issue_state.lately_given([old, voided, bonus, grant()], NOW) == (grant(),)


def test_a_use_says_what_it_cost_by_which_price_list_and_other_entries_say_nothing() -> None:
    paid = entry(kind=EntryKind.USE, credits=-18, price_version=7)
    refused = entry(kind=EntryKind.REFUSED_USE, credits=0, needed=1, price_version=2)
    assert entry_price(paid) == "18 credits, price list 7"
    assert entry_price(refused) == "1 credit, price list 2"
    assert "18 credits, price list 7" in entry_tip(paid).splitlines()
    assert entry_price(entry(kind=EntryKind.EXPIRY, credits=-5)) == ""
