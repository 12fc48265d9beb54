"""Every error a person may see has a code of its own and a sentence."""

from app.domain import errors
from app.domain.errors import CreditsError

NAMED_BY_THE_SURFACE = {
    "InsufficientCredits", "UnknownUser", "UnknownFeature", "RetiredFeature", "InvalidAmount",
    "InvalidInstant", "IdempotencyConflict", "AlreadyRefunded", "AlreadyResolved", "NotPermitted",
    "ApprovalRequired", "TopUpUnavailable", "ReferralRefused", "AlreadyRegistered",
    "PriceListInvalid", "PriceListConflict", "DatabaseUnsuitable",
}  # fmt: skip


def classes() -> list[type[CreditsError]]:
    found = [value for value in vars(errors).values() if isinstance(value, type)]
    return [value for value in found if issubclass(value, CreditsError)]


def test_every_error_others_rely_on_is_there() -> None:
    assert {cls.__name__ for cls in classes()} >= NAMED_BY_THE_SURFACE


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [cls.code for cls in classes()]
    assert len(codes) == len(set(codes))


def test_sentences_name_their_values() -> None:
    short = errors.InsufficientCredits(needed=1200, available=3)
    assert "1,200" in str(short)
    assert short.values == {"needed": 1200, "available": 3}
    assert "usr_9" in str(errors.UnknownUser("usr_9"))
    assert "sepia" in str(errors.UnknownFeature("sepia"))
    assert "sepia" in str(errors.RetiredFeature("sepia", 4))
    assert "job-77" in str(errors.IdempotencyConflict("job-77", "another feature"))
    assert str(errors.ApprovalRequired("It waits.", approval_id=3)) == "It waits."


def test_a_sentence_can_be_said_on_any_screen_whatever_value_it_names() -> None:
    assert "\\ud800" in str(errors.UnknownUser("\ud800"))
    assert "\\x1b[31m" in str(errors.UnknownUser("\x1b[31m"))
    assert "\\u202e" in str(errors.UnknownUser("\u202eabc"))
    assert "Zoë 李 🔑" in str(errors.UnknownUser("Zoë 李 🔑"))
    long = errors.UnknownUser("x" * 10**6)
    assert len(str(long)) < 700
    assert str(long).startswith("There is no user")
    assert str(long).endswith("on record.")
    assert len(str(long.values["user_id"])) == 10**6
