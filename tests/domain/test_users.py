"""What texts about users may be."""

import pytest

from app.domain.errors import CreditsError, InvalidValue
from app.domain.users import MOST_TEXT, checked_email, checked_text


@pytest.mark.parametrize("value", ["", "   ", "\t\n", "a\0b", "x" * (MOST_TEXT + 1), None, 7])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match="name"):
        checked_text(value, "name")  # type: ignore[arg-type]


def test_half_a_character_cannot_be_kept_and_is_refused() -> None:
    with pytest.raises(InvalidValue, match="name"):
        checked_text("Am\ud800ira", "name")


def test_a_refusal_of_a_long_text_is_not_long() -> None:
    for value in ("x" * 10**6, "\0" * 10**6):
        with pytest.raises(InvalidValue) as refused:
            checked_text(value, "note")
        assert len(str(refused.value)) < 200


def test_text_is_kept_in_any_script_and_trimmed() -> None:
    for text in ("Amira Haddad", "José", "李小龙", "أميرة", "<img src=x><b>", "a" * MOST_TEXT):
        assert checked_text(f" {text} ", "name") == text
    assert checked_text(" ", "note", may_be_empty=True) == ""


@pytest.mark.parametrize("value", ["", "amira", "@example.com", "amira@", "a b@example.com"])
def test_what_is_no_mail_address_is_refused_and_named(value: str) -> None:
    with pytest.raises(CreditsError, match=value or "empty"):
        checked_email(value)


def test_a_mail_address_is_trimmed() -> None:
    assert checked_email(" amira@example.com ") == "amira@example.com"
