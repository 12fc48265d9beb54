"""Which column of a file means which of ours."""

from app.domain.import_mapping import fitting, guessed, missing, twice, unknown
from app.domain.imports import REQUESTS, USAGE, USERS


def test_our_own_names_are_taken_as_they_are() -> None:
    assert guessed(USERS, USERS.every) == {name: name for name in USERS.every}


def test_names_are_known_in_other_spellings_and_by_what_others_call_them() -> None:
    header = ("UID", "E-Mail", "Full name", "Created at", "Shoe size")
    chosen = guessed(USERS, header)
    assert chosen == {
        "user_id": "UID",
        "email": "E-Mail",
        "name": "Full name",
        "registered_at": "Created at",
    }
    assert unknown(header, chosen) == ("Shoe size",)
    assert missing(USERS, chosen) == ()


def test_a_column_that_has_our_name_counts_before_one_that_resembles_it() -> None:
    chosen = guessed(REQUESTS, ("id", "ticket", "email", "created", "subject", "message"))
    assert (chosen["ticket"], chosen["message"], chosen["user"]) == ("ticket", "message", "email")


def test_each_column_is_guessed_once_and_what_is_missing_is_named() -> None:
    chosen = guessed(USAGE, ("user", "date"))
    assert chosen == {"user_id": "user", "occurred_at": "date"}
    assert missing(USAGE, chosen) == ("feature", "key")


def test_a_column_chosen_for_two_is_named() -> None:
    assert twice({"user_id": "id", "key": "id", "feature": "f"}) == ("id",)


def test_a_mapping_that_was_kept_holds_only_while_it_fits_the_header() -> None:
    kept = {"user_id": "uid"}
    assert fitting(USERS, ("uid", "mail"), kept) == kept
    assert fitting(USERS, ("mail",), kept) is None
    assert fitting(USERS, ("uid",), {"shoe": "uid"}) is None
    assert fitting(USERS, ("uid",), "nonsense") is None
