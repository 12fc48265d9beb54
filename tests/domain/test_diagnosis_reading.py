"""What a complaint names: amounts, days, features, plans, people, and of which kind it is."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import shipped
from app.domain.calendar import BillingCalendar
from app.domain.diagnosis import Complaint, Reading, read, window_of
from app.domain.diagnosis_words import category_scores

CALENDAR = BillingCalendar("Europe/Berlin")
OPENED = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAMES = {
    feature["key"]: feature["name"]
    for feature in json.loads(shipped.path("pricing.json").read_text("utf-8"))["features"]
}


def reading(message: str) -> Reading:
    return read(Complaint(None, message, OPENED, ticket="ZD-48213"), CALENDAR, NAMES)


@pytest.mark.parametrize(
    ("message", "category"),
    [
        ("MY CREDITS ARE GONE", "credits_vanished"),
        ("they dissapeared over night", "credits_vanished"),
        ("where's my montly allowence", "monthly_credits_missing"),
        ("i upgraed yesterday", "upgrade_too_little"),
        ("generaton faild agian", "failed_generation"),
        ("it didn’t work", "failed_generation"),
        ("chargd twise", "charged_twice"),
        ("DOUBLE CHARGE!!!", "charged_twice"),
        ("way too expensiv", "wrong_price"),
        ("refferal not payed", "referral_not_paid"),
        ("no wellcome bonus", "signup_bonus"),
        ("ran out of credtis", "out_of_credits"),
    ],
)
def test_words_with_slips_and_capitals_still_say_what_it_is_about(
    message: str, category: str
) -> None:
    scores = category_scores(message)
    assert max(scores, key=lambda one: scores[one]) == category


def test_what_says_nothing_speaks_for_nothing() -> None:
    assert category_scores("Hello, how are you?") == {}


@pytest.mark.parametrize(
    ("message", "amounts"),
    [
        ("took 48.", {48}),
        ("1,000 credits and 200!", {1000, 200}),
        ("on 2026-11-03 at 14:05 it took 24", {24}),
        ("in 2026 the nano banana 4k took 48 of ticket ZD-48213", {48}),
        ("2100 credits", {2100}),
        ("0 credits, 50 %", set()),
        ("write to me7@x3.example", set()),
    ],
)
def test_amounts_are_numbers_that_are_nothing_else(message: str, amounts: set[int]) -> None:
    assert reading(message).amounts == amounts


@pytest.mark.parametrize(
    ("message", "first", "last"),
    [
        ("yesterday", date(2026, 11, 21), date(2026, 11, 21)),
        ("on 3 Nov", date(2026, 11, 3), date(2026, 11, 3)),
        ("on November 3rd", date(2026, 11, 3), date(2026, 11, 3)),
        ("the 24th of december", date(2025, 12, 24), date(2025, 12, 24)),
        ("3.10.2026", date(2026, 10, 3), date(2026, 10, 3)),
        ("2 weeks ago", date(2026, 11, 8), date(2026, 11, 8)),
        ("on friday", date(2026, 11, 20), date(2026, 11, 20)),
        ("in october", date(2026, 10, 1), date(2026, 10, 31)),
        ("in december", date(2025, 12, 1), date(2025, 12, 31)),
        ("last month", date(2026, 10, 1), date(2026, 10, 31)),
    ],
)
def test_days_are_read_in_the_billing_zone_and_without_a_year_lie_in_the_past(
    message: str, first: date, last: date
) -> None:
    (span,) = reading(message).days
    assert CALENDAR.local(span.since).date() == first
    assert CALENDAR.local(span.until - timedelta(seconds=1)).date() == last


@pytest.mark.parametrize("message", ["31 february", "2026-13-45", "you may march on", "99.99.2026"])
def test_what_is_no_day_is_none(message: str) -> None:
    assert reading(message).days == ()


@pytest.mark.parametrize(
    ("message", "features"),
    [
        ("nano banana pro 4k", {"nano_banana_pro_4k"}),
        ("Nano Banana 2, 1K", {"nano_banana_2_1k"}),
        ("nano banana 1k", {"nano_banana_1k"}),
        ("the clothes changer", {"clothes_changer"}),
        ("i paid for pro", set()),
        ("the background remover", {"remove_bg_single", "remove_bg_batch"}),
    ],
)
def test_features_are_those_that_the_most_words_fit(message: str, features: set[str]) -> None:
    assert reading(message).features == features


def test_plans_are_not_found_in_the_names_of_features() -> None:
    assert reading("nano banana pro failed").plans == frozenset()
    assert reading("paid for pro, plus taxes").plans == {"pro"}


def test_people_are_addresses_ids_and_codes_but_not_the_ticket() -> None:
    found = reading("bo@example.com (usr_12) has my code AMIRA, see ZD-48213").people
    assert found == ("bo@example.com", "usr_12", "AMIRA")


def test_a_complaint_about_long_ago_looks_there_and_not_at_the_last_weeks() -> None:
    told = Complaint(None, "in may 2026 it took 48", OPENED)
    window = window_of(told, read(told, CALENDAR, NAMES))
    assert window.holds(datetime(2026, 5, 10, tzinfo=UTC))
    assert not window.holds(datetime(2026, 11, 10, tzinfo=UTC))


@given(st.text(max_size=300), st.sampled_from([None, 12, 10**6]))
def test_any_text_can_be_read(message: str, credits: int | None) -> None:
    told = Complaint(None, message, OPENED, credits=credits)
    found = read(told, CALENDAR, NAMES)
    assert window_of(told, found).holds(OPENED) or found.days
    assert all(span.since < span.until for span in found.days)


@given(st.lists(st.sampled_from("1 12 31 nov 2026 3rd of ago days a week . / - : k @ 4".split())))
def test_any_jumble_of_dates_and_numbers_can_be_read(words: list[str]) -> None:
    found = reading(" ".join(words))
    assert all(amount > 0 for amount in found.amounts)
