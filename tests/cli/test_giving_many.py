"""Credits for everybody in a file, from the command line: said first, done with --yes."""

from pathlib import Path

import pytest

from tests.cli.conftest import Inside

GIFT = ("--reason", "goodwill", "--note", "Outage", "--ticket", "ZD-1")


@pytest.fixture
def people(here: Inside, tmp_path: Path) -> Inside:
    for number in range(4):
        address = f"p{number}@example.com"
        assert here("user", "add", f"usr_{number}", "--email", address, "--name", "").code == 0
    (tmp_path / "list.csv").write_text(
        "User;Credits\nusr_0;5\nP1@EXAMPLE.COM;\nnobody;3\nusr_2;1.5\n", "utf-8"
    )
    return here


def test_it_says_what_it_would_do_and_does_it_with_yes(people: Inside) -> None:
    command = ("grant-many", "list.csv", "--credits", "24", *GIFT)
    said = people(*command)
    assert said.code == 0
    assert "2 users would get 29 credits at once" in said.out
    assert "No user has “nobody”" in said.out
    assert "Nothing was changed; with --yes it is done." in said.out
    assert people("user", "show", "usr_0", "--json").json["available"] == 12
    done = people(*command, "--yes", "--json").json
    assert [row["fate"] for row in done["rows"]] == ["give", "give", "bad row", "bad row"]
    assert people("user", "show", "usr_0", "--json").json["available"] == 17
    assert people("user", "show", "usr_1", "--json").json["available"] == 36
    again = people(*command, "--yes")
    assert again.code == 1
    assert "2 left out, 2 rows not usable" in again.out
    assert people("user", "show", "usr_1", "--json").json["available"] == 36


@pytest.mark.parametrize(
    ("file", "more", "named"),
    [
        ("absent.csv", (), "absent.csv"),
        ("list.csv", ("--credits", "many"), "many"),
        ("list.csv", ("--credits", "0"), "0 credits"),
        ("list.csv", ("--credits", "5", "--expires", "soon"), "soon"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_given(
    people: Inside, file: str, more: tuple[str, ...], named: str
) -> None:
    refused = people("grant-many", file, *more, *GIFT, "--yes")
    assert refused.code == 1
    assert named in refused.err
    assert people("user", "show", "usr_0", "--json").json["available"] == 12
