"""The texts of replies: what they may name, and how they are filled."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app import shipped
from app.domain import replies
from app.domain.calendar import BillingCalendar
from app.domain.errors import InvalidValue

SHIPPED = replies.parse(shipped.path("resources/replies.json").read_text(encoding="utf-8"))


def test_the_program_comes_with_a_text_for_every_finding() -> None:
    assert set(SHIPPED) == set(replies.CODES)
    assert all(SHIPPED[code].text for code in replies.FIGURES)


def test_every_placeholder_has_a_meaning_to_show_to_who_edits() -> None:
    for code in replies.CODES:
        named = replies.placeholders(code)
        assert replies.FIGURES.get(code, frozenset()) <= set(named)
        assert all(named.values())


def test_an_unknown_placeholder_is_named() -> None:
    with pytest.raises(InvalidValue, match=r"“\{colour\}” is not known in the reply"):
        replies.checked("signup_given", "Your {given} credits are {colour}.", "2")


@pytest.mark.parametrize("text", ["Your {given credits", "Your given} credits", "{{given}"])
def test_a_brace_that_stands_alone_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        replies.checked("signup_given", text, "2")


@pytest.mark.parametrize(
    ("code", "text", "section", "named"),
    [
        ("no_such", "Hello", "", "no_such"),
        ("signup_given", "Hello", "9", "“9”"),
        ("signup_given", "  ", "2", "empty"),
        ("signup_given", "x" * 4_001, "2", "4,001"),
    ],
)
def test_what_cannot_be_a_template_is_refused_in_a_sentence(
    code: str, text: str, section: str, named: str
) -> None:
    with pytest.raises(InvalidValue, match=named):
        replies.checked(code, text, section)


def test_a_line_that_names_what_is_not_there_is_left_out_whole() -> None:
    text = "Hello {name},\n\nYour next {next_credits} come on {next_at}.\n\n\nBye"
    assert replies.fill(text, {"name": "Bo", "next_at": "1 Dec"}) == "Hello Bo,\n\nBye"


def test_one_credit_is_no_credits() -> None:
    text = "{given} credits, {left} credits, {used} uses"
    told = replies.fill(text, {"given": "1", "left": "21", "used": "1,001"})
    assert told == "1 credit, 21 credits, 1,001 uses"


def test_figures_are_written_as_users_read_them() -> None:
    midnight = datetime(2026, 11, 30, 23, tzinfo=UTC)
    told = replies.shown(
        {
            "released": 1_000,
            "used": 0,
            "next_credits": 0,
            "own_code": "",
            "next_at": midnight,
            "expires_at": midnight,
            "expired_at": midnight,
            "charged_at": midnight,
            "month": "November 2026",
        },
        BillingCalendar("Europe/Berlin"),
    )
    assert told == {
        "released": "1,000",
        "used": "0",
        "next_at": "1 Dec 2026",
        "expires_at": "the end of 30 Nov 2026",
        "expired_at": "at the end of 30 Nov 2026",
        "charged_at": "1 Dec 2026 00:00 CET",
        "month": "November 2026",
    }


def test_what_a_value_looks_like_never_becomes_a_placeholder() -> None:
    told = replies.fill("From {sender}", {"sender": "{name} \\1", "name": "Bo"})
    assert told == "From {name} \\1"
