"""What staff did, from the command line: the same rows as the page, as text, JSON and CSV."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.conftest import ANA, Inside


@pytest.fixture
def desk(here: Inside) -> Inside:
    """A database in which an admin did a few things."""
    assert here("user", "add", "usr_1", "--email", "a@b.example", "--name", "=Ana").code == 0
    assert here("user", "add", "usr_2", "--email", "b@b.example", "--name", "Ben").code == 0
    given = ("--reason", "goodwill", "--note", "Sorry", "--ticket", "ZD-7")
    assert here("grant", "usr_1", "24", *given).code == 0
    return here


def acts(result: object) -> list[str]:
    return [row["act"] for row in result.json]  # type: ignore[attr-defined]


def test_what_was_done_is_listed_newest_first(desk: Inside) -> None:
    found = desk("activity", "--json")
    assert acts(found) == ["issue credits", "register", "register", "make the database"]
    newest = found.json[0]
    assert (newest["staff"], newest["subject"], newest["after"]["ticket"]) == (ANA, "usr_1", "ZD-7")
    said = desk("activity", "--limit", "1").out
    assert "Issued credits" in said
    assert "credits: 24" in said


def test_it_is_narrowed_by_who_on_whom_what_when_and_words(desk: Inside) -> None:
    assert acts(desk("activity", "--on", "usr_1", "--json")) == ["issue credits", "register"]
    assert acts(desk("activity", "--act", "Issued credits", "--json")) == ["issue credits"]
    assert acts(desk("activity", "--act", "register", "--on", "usr_2", "--json")) == ["register"]
    assert acts(desk("activity", "--search", "zd-7", "--json")) == ["issue credits"]
    assert acts(desk("activity", "--search", "issued", "--json")) == ["issue credits"]
    assert acts(desk("activity", "--by", "nobody@b.example", "--json")) == []
    assert len(acts(desk("activity", "--from", "2026-03-10", "--to", "2026-03-10", "--json"))) == 4
    assert acts(desk("activity", "--from", "2026-03-11", "--json")) == []


def test_days_are_understood_as_the_fields_of_the_window_understand_them(desk: Inside) -> None:
    for day in ("today", "10 mar", "March 10", "10.3.2026"):
        assert len(acts(desk("activity", "--from", day, "--to", day, "--json"))) == 4, day
    assert acts(desk("activity", "--to", "yesterday", "--json")) == []
    backwards = desk("activity", "--from", "today", "--to", "yesterday")
    assert "The last day, 2026-03-09, is before the first, 2026-03-10." in backwards.err


def test_they_come_in_any_order_of_the_page_and_its_reverse(desk: Inside) -> None:
    newest_first = ["issue credits", "register", "register", "make the database"]
    assert acts(desk("activity", "--sort", "at", "--json")) == newest_first[::-1]
    by_act = ["issue credits", "make the database", "register", "register"]
    assert acts(desk("activity", "--sort", "act", "--json")) == by_act
    turned = desk("activity", "--sort", "-act", "--limit", "2", "--json")
    assert [row["subject"] for row in turned.json] == ["usr_2", "usr_1"]
    assert desk("activity", "--sort", "subject", "--csv", "acts.csv").code == 0
    _heading, _zone, _days, titles, *rows = csv.reader(
        Path("acts.csv").read_text("utf-8-sig").splitlines()
    )
    about = [row[titles.index("On whom")] for row in rows]
    assert about == sorted(about)
    assert len(about) == 4
    assert "“why” is no order for records" in desk("activity", "--sort", "why").err


def test_what_cannot_be_meant_is_refused_by_name(desk: Inside) -> None:
    assert "“fly” is not an act on record" in desk("activity", "--act", "fly").err
    assert (
        "“soon” is not a day like 2026-11-22, 21 Nov or yesterday."
        in desk("activity", "--from", "soon").err
    )
    assert desk("activity", "--on", "usr_9", "--json").error["code"] == "unknown_user"


def test_a_file_holds_all_of_them_with_what_it_is_and_no_formulas(desk: Inside) -> None:
    assert desk("requests", "open", "usr_1", "--ticket", "ZD-8", "--message", "Help").code == 0
    assert desk("requests", "resolve", "1", "decline", "--note", "=1+1").code == 0
    done = desk("activity", "--search", "ZD-8", "--csv", "acts.csv", "--limit", "1", "--json")
    assert done.json == {"path": "acts.csv", "records": 2}
    heading, zone, days, *rows = csv.reader(Path("acts.csv").read_text("utf-8-sig").splitlines())
    assert heading == ["# Activity: with “ZD-8” in it"]
    assert "2026" in zone[0]
    assert "UTC" in days[0]
    columns = rows[0]
    assert columns[:4] == ["When (UTC)", "Who", "What", "On whom"]
    assert [row[columns.index("What")] for row in rows[1:]] == [
        "resolve a request",
        "open a request",
    ]
    assert rows[1][columns.index("Why")] == "'=1+1"


def test_no_file_is_left_where_none_can_be_written(desk: Inside) -> None:
    assert "cannot be written" in desk("activity", "--csv", "missing/acts.csv").err
