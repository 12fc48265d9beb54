"""Requests from the command line: a queue worked off, one document each, refusals in a sentence."""

from __future__ import annotations

import pytest

from tests.cli.conftest import ANA, ROOT, Inside, Program, Result

SAMPLES = ROOT / "resources" / "samples"
GONE = ("--message", "my credits are gone!!")


@pytest.fixture
def desk(here: Inside) -> Inside:
    """A database with one user who used a feature."""
    assert here("user", "add", "usr_1", "--email", "a@b.example", "--name", "Ana").code == 0
    assert here("charge", "usr_1", "image_extender", "--key", "job-1").code == 0
    return here


def opened(desk: Inside, ticket: str, *more: str, user: str = "usr_1") -> str:
    made = desk("requests", "open", user, "--ticket", ticket, *GONE, *more, "--json").json
    return str(made["id"])


def test_a_queue_is_worked_off(desk: Inside) -> None:
    first = opened(desk, "ZD-1", "--category", "Charged twice", "--at", "2026-03-09")
    second = opened(desk, "ZD-2", user="nobody@b.example")
    queue = desk("requests", "list", "--json").json
    assert [row["id"] for row in queue] == [int(first), int(second)]
    assert [row["user_id"] for row in queue] == ["usr_1", None]
    assert queue[0]["category"] == "charged_twice"
    assert [r["ticket"] for r in desk("requests", "list", "--category", "", "--json").json] == [
        "ZD-2"
    ]

    held = desk("requests", "claim", first, "--json").json
    assert (held["state"], held["claimed_by"]) == ("claimed", ANA)
    assert desk("requests", "list", "--view", "mine", "--json").json[0]["id"] == int(first)
    assert desk("requests", "release", first, "--json").json["state"] == "open"
    done = desk("requests", "resolve", first, "refund", "--charge", "1", "--json").json
    assert (done["request"]["state"], done["refund"]["returned"]) == ("refunded", 12)
    assert (done["refund"]["reason"], done["grant"]) == ("double_charge", None)
    assert desk("requests", "show", first, "--json").json == done

    assert desk("requests", "match", second, "usr_1", "--json").json["user_id"] == "usr_1"
    assert desk("requests", "sort", second, "other", "--json").json["category"] == "other"
    given = desk(
        *("requests", "resolve", second, "grant", "--credits", "24", "--note", "Sorry"),
        *("--expires", "30d", "--json"),
    ).json
    assert (given["grant"]["credits"], given["grant"]["ticket"]) == (24, "ZD-2")
    again = desk("requests", "reopen", second, "--message", "still gone", "--json").json
    assert (again["reopened_from"], again["message"]) == (int(second), "still gone")
    assert desk("requests", "list", "--view", "closed", "--json").json[0]["id"] == int(first)
    assert desk("verify", "--json").json["ok"]


def test_the_second_answer_is_refused_in_a_sentence_that_says_who_was_first(desk: Inside) -> None:
    number = opened(desk, "ZD-1")
    assert desk("requests", "resolve", number, "decline").code == 0
    refused = desk("requests", "resolve", number, "grant", "--credits", "5", "--json").error
    assert refused["code"] == "already_resolved"
    assert (refused["values"]["by"], refused["values"]["state"]) == (ANA, "declined")


def test_over_the_limit_it_waits_and_the_exit_code_says_that_nothing_was_given(
    desk: Inside,
) -> None:
    number = opened(desk, "ZD-1")
    assert desk("staff", "add", "sam@b.example", "support").code == 0
    sam = ("--staff", "sam@b.example")
    told = desk("requests", "resolve", number, "grant", "--credits", "200", "--json", *sam).error
    assert told["code"] == "approval_required"
    assert told["values"]["request_id"] == int(number)
    assert "waiting for approval" in desk("requests", "list", "--view", "waiting").out
    assert desk("approvals", "approve", str(told["values"]["approval_id"])).code == 0
    assert desk("requests", "show", number, "--json").json["request"]["state"] == "granted"


def test_a_diagnosis_is_told_with_its_evidence(desk: Inside) -> None:
    assert desk("outcome", "job-1", "failed").code == 0
    number = opened(desk, "ZD-1", "--category", "failed_generation")
    told = desk("requests", "diagnose", number, "--json").json
    assert told["category"] == "failed_generation"
    assert told["findings"][0]["suggestion"]["charge_id"] == 1
    words = desk("requests", "diagnose", number).out
    assert "Charged for a failed generation" in words
    assert "Suggested: refund charge 1." in words
    assert desk("requests", "list", "--json").json[0]["state"] == "open"


def test_all_failed_jobs_of_a_day_are_refunded_after_a_dry_run(desk: Inside) -> None:
    assert desk("outcome", "job-1", "failed").code == 0
    day = ("--day", "2026-03-10")
    dry = desk("refund-failed", *day, "--dry-run", "--json").json
    assert (dry["dry_run"], dry["charges"], dry["credits"]) == (True, 1, 12)
    assert (
        "1 charge of 12 credits of 1 user would be" in desk("refund-failed", *day, "--dry-run").out
    )
    assert desk("refund-failed", "--feature", "ghostface", "--json").json["charges"] == 0
    today = ("--day", "yesterday", "--until", "today", "--dry-run", "--json")
    assert desk("refund-failed", *today).json["charges"] == 1
    done = desk("refund-failed", *day, "--feature", "image_extender", "--json").json
    assert (done["dry_run"], done["returned"], done["rows"]) == (False, 12, dry["rows"])
    assert desk("refund-failed", *day, "--json").json["refunded_before"] == 1
    assert desk("refund-failed", "--json").error["code"] == "invalid_value"


def test_the_numbers_of_some_weeks_are_told(desk: Inside) -> None:
    assert desk("requests", "resolve", opened(desk, "ZD-1"), "decline").code == 0
    opened(desk, "ZD-2")
    told = desk("requests", "numbers", "2026-03-01", "2026-03-10", "--json").json
    assert [week["opened"] for week in told["weeks"]] == [0, 0, 2]
    assert told["weeks"][2]["outcomes"] == {"declined": 1}
    assert told["people"] == [{"staff": ANA, "outcomes": {"declined": 1}, "credits": 0}]
    assert "Open under 4 hours: 1" in desk("requests", "numbers", "2026-03-01", "2026-03-10").out


@pytest.mark.parametrize("command", [("import", "requests"), ("requests", "import")])
def test_a_help_desks_export_comes_in_and_its_texts_are_harmless(
    inside: Inside, command: tuple[str, str]
) -> None:
    def run(*arguments: str) -> Result:
        return inside(*arguments, "--now", "2026-11-22T12:00:00Z")

    assert run("init", "--sandbox").code == 0
    assert run("import", "users", str(SAMPLES / "users.csv")).code == 0
    report = run(*command, str(SAMPLES / "requests.csv"), "--json").json
    assert (report["kind"], report["added"], report["bad"]) == ("requests", 6, [])
    again = run(*command, str(SAMPLES / "requests.csv"), "--json").json
    assert (again["added"], again["same"]) == (0, 6)
    hostile = "\x1b[31m<b>red</b>\u202e"
    assert run("requests", "open", "x", "--ticket", "ZD-9", "--message", hostile).code == 0
    shown = run("requests", "list").out
    assert "<b>red</b>" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


@pytest.mark.slow
def test_requests_work_as_a_process(program: Program) -> None:
    assert program("init").code == 0
    assert program("requests", "list").out == "No requests.\n"
    made = program("requests", "open", "nobody", "--ticket", "ZD-1", *GONE, "--json").json
    assert made["sender"] == "nobody"
    refused = program("requests", "resolve", "1", "grant", "--credits", "5")
    assert (refused.code, refused.out) == (1, "")
    assert "“nobody”, who matches no user on record" in refused.err
