"""What people paste: every good row is taken, every bad one gets its sentence."""

import pytest

from app.domain.errors import BadFile
from app.domain.recipients import Recipients, decoded, matched, parse


def names(text: str) -> list[tuple[str, int | None]]:
    pasted = parse(text)
    assert pasted.bad == ()
    return [(row.who, row.credits) for row in pasted.written]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("usr_1\nusr_2", [("usr_1", None), ("usr_2", None)]),
        ("usr_1, usr_2;usr_3\tusr_4", [(f"usr_{n}", None) for n in (1, 2, 3, 4)]),
        ("\ufeffusr_1\r\n\r\n  usr_2  \r\n", [("usr_1", None), ("usr_2", None)]),
        ('"usr_1"\n‘usr_2’\n', [("usr_1", None), ("usr_2", None)]),
        ("usr_1,24\nusr_2,\nusr_3,100", [("usr_1", 24), ("usr_2", None), ("usr_3", 100)]),
        ("usr_1\t1,500\nusr_2\t1 500", [("usr_1", 1500), ("usr_2", 1500)]),
        ('usr_1,"1,500"', [("usr_1", 1500)]),
        ("usr_1;+24", [("usr_1", 24)]),
        ("Amira Haddad <amira@example.com>; ben@example.com",
         [("amira@example.com", None), ("ben@example.com", None)]),
        ("User id,E-mail,Credits\nusr_1,a@example.com,12", [("usr_1", 12)]),
        ("E-mail;Amount\namira@example.com;7", [("amira@example.com", 7)]),
        ("Credits,Referral_Code,Name\n5,PIX-1,Amira", [("PIX-1", 5)]),
        ("", []),
        (" \n,\n;;\n", []),
    ],
)  # fmt: skip
def test_ids_addresses_and_codes_are_read_however_people_write_them(
    text: str, found: list[tuple[str, int | None]]
) -> None:
    assert names(text) == found


@pytest.mark.parametrize("amount", ["0", "-5", "1.5", "2,50", "1000001", "9" * 40, "12 cr", "٣"])
def test_an_amount_that_cannot_be_given_is_named_with_its_line(amount: str) -> None:
    pasted = parse(f'usr_1;24\nusr_2;"{amount}"\nusr_3;1')
    (bad,) = pasted.bad
    assert (bad.line, bad.text) == (2, f'usr_2;"{amount}"')
    assert f"“{amount[:40]}” is not a whole number of credits from 1 to 1,000,000." in bad.sentence
    assert [row.who for row in pasted.written] == ["usr_1", "usr_3"]


def test_a_row_with_too_many_fields_or_without_a_user_is_told() -> None:
    pasted = parse("usr_1,24\nusr_2,24,please\n,24\nusr_3,7")
    assert [(row.line, row.sentence) for row in pasted.bad] == [
        (2, "The row has 3 fields; a user and an amount were expected."),
        (3, "The row names nobody."),
    ]


def test_nobody_gets_credits_twice_under_whatever_name() -> None:
    pasted = parse("usr_1\nPIX-1\nusr_1\nusr_2")
    users = {"usr_1": ["usr_1"], "PIX-1": ["usr_1"], "usr_2": ["usr_2"]}
    found = matched(pasted, users)
    assert [one.user_id for one in found.found] == ["usr_1", "usr_2"]
    assert [row.sentence for row in found.bad] == [
        "“PIX-1” (usr_1) stands on line 1 already; nobody gets credits twice.",
        "“usr_1” stands on line 1 already; nobody gets credits twice.",
    ]


def test_a_row_that_was_bad_does_not_make_the_next_of_the_same_user_a_second() -> None:
    found = matched(parse("usr_1,many\nusr_1,24\nusr_2,3\nusr_3,3"), {"usr_1": ["usr_1"]})
    assert [(one.user_id, one.credits) for one in found.found] == [("usr_1", 24)]


def two_hundred_with_seven_bad_rows() -> str:
    rows = [f"usr_{n:03},24" for n in range(200)]
    rows[10] = "usr_nobody,24"
    rows[20] = "usr_019,24"
    rows[30] = "shared@example.com,24"
    rows[40] = "usr_040,2.5"
    rows[50] = "usr_050,0"
    rows[60] = ",24"
    rows[70] = "usr_070,24,and more"
    return "\n".join(["User,Credits", *rows]).replace("User,Credits\n", "")


def test_of_two_hundred_rows_seven_are_bad_and_each_says_why() -> None:
    users = {f"usr_{n:03}": [f"usr_{n:03}"] for n in range(200)}
    users["shared@example.com"] = ["usr_001", "usr_002"]
    found = matched(parse(two_hundred_with_seven_bad_rows()), users)
    assert isinstance(found, Recipients)
    assert len(found.found) == 193
    assert [row.line for row in found.bad] == [11, 21, 31, 41, 51, 61, 71]
    said = "\n".join(row.sentence for row in found.bad)
    for words in (
        "No user has “usr_nobody”", "“usr_019” stands on line 20 already",
        "may be 2 users (usr_001, usr_002): name the id", "“2.5” is not a whole number",
        "“0” is not a whole number", "names nobody", "has 3 fields",
    ):  # fmt: skip
        assert words in said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_in_the_encodings_of_spreadsheets(encoding: str) -> None:
    assert "müller@example.com" in decoded("müller@example.com;12".encode(encoding))


def test_a_file_that_is_no_text_is_refused_by_name() -> None:
    with pytest.raises(BadFile, match=r"list\.xlsx.*save it as CSV"):
        decoded(b"PK\x03\x04\x00\x00", "list.xlsx")
