"""The main job, end to end: what a person sees as processes, the rest inside this one."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import ANA, ROOT, Inside, Program


@pytest.mark.slow
def test_a_person_looks_up_a_user_issues_credits_and_sees_the_balance_change(
    program: Program,
) -> None:
    made = program("init", "--sandbox", "--json", "--now", "2026-03-01T00:00:00Z").json
    assert made == {
        "path": "credits.db",
        "zone": "UTC",
        "sandbox": True,
        "staff": ANA,
        "price_version": 1,
    }
    clock = ("--now", "2026-03-10T12:00:00Z")
    added = program(
        "user", "add", "usr_1", "--email", "amira@example.com", "--name", "Amira Haddad",
        "--referral-code", "AMIRA", "--at", "2026-03-02 09:30", "--json", *clock,
    ).json  # fmt: skip
    assert added["registered_at"] == "2026-03-02T09:30:00Z"
    assert program("user", "find", "MIRA", "--json", *clock).json[0]["available"] == 12
    upgraded = program("user", "plan", "usr_1", "plus", "--json", *clock).json
    assert upgraded["plan"] == "plus"

    charged = program(
        "charge", "usr_1", "nano_banana_pro_4k", "--key", "job-77", "--json", *clock
    ).json
    assert (charged["credits"], charged["price_version"]) == (48, 1)
    assert charged["occurred_at"] == "2026-03-10T12:00:00Z"
    assert sum(burn["credits"] for burn in charged["burns"]) == 48

    given = program(
        "grant", "usr_1", "24", "--reason", "failed_generation", "--note", "The job failed",
        "--ticket", "ZD-48213", "--expires", "30d", "--json", *clock,
    ).json  # fmt: skip
    assert given["expires_at"] == "2026-04-09T12:00:00Z"
    refunded = program("refund", str(charged["id"]), "--reason", "failed_generation", *clock)
    assert refunded.code == 0
    assert "48 credits went back" in refunded.out

    account = program("user", "show", "usr_1", "--json", *clock).json
    assert account["available"] == 12 + 200 + 24
    kinds = [grant["kind"] for grant in account["grants"]]
    assert kinds == ["monthly_allowance", "support_credit", "signup_bonus"]
    before = program("user", "show", "usr_1", "--json", "--at", "2026-03-05", *clock).json
    assert before["available"] == 12

    entries = program("ledger", "usr_1", "--json", *clock).json
    assert entries[0]["balance"] == account["available"]
    assert {entry["kind"] for entry in entries} == {
        "signup_bonus", "monthly_allowance", "use", "return", "support_credit",
    }  # fmt: skip
    shown = program("user", "show", "usr_1", *clock)
    assert "236 credits at 2026-03-10 12:00:00 UTC" in shown.out
    assert "\x1b" not in shown.out

    voided = program("void", str(given["id"]), "--reason", "given_in_error", "--json", *clock).json
    assert (voided["remaining"], voided["voided"]) == (0, 24)


@pytest.mark.slow
def test_options_may_stand_before_the_command_between_or_after_it(
    program: Program, tmp_path: Path
) -> None:
    program.environment.update(PIXPRETTY_DATABASE="", PIXPRETTY_STAFF="")
    chosen = ("--database", "x.db", "--staff", ANA)
    assert program(*chosen, "init").code == 0
    added = program(
        "--json", "--database", "sqlite:///x.db", "user", "--staff", ANA,
        "add", "usr_1", "--email", "a@b.example", "--name", "A",
    )  # fmt: skip
    assert added.json["user_id"] == "usr_1"
    assert program("user", "show", "usr_1", "--json", *chosen).json["available"] == 12
    absolute = f"sqlite:///{tmp_path}/x.db"
    assert program("user", "find", "usr", "--database", absolute, "--staff", ANA).code == 0


def test_a_price_list_is_exported_edited_compared_published_and_withdrawn(
    inside: Inside, tmp_path: Path
) -> None:
    inside("init", "--sandbox", "--now", "2026-03-01T00:00:00Z")
    clock = ("--now", "2026-03-10T12:00:00Z")
    exported = inside("prices", "export", "mine.json", "--json", *clock)
    assert exported.json == {"path": "mine.json", "version": 1}
    file = tmp_path / "mine.json"
    prices = json.loads(file.read_text("utf-8"))
    assert json.loads((ROOT / "pricing.json").read_text("utf-8")) == prices
    prices["features"][0]["credits"] = 2
    file.write_text(json.dumps(prices), "utf-8")

    assert "costs 2 instead of 1" in inside("prices", "diff", "mine.json", *clock).out
    published = inside(
        "prices", "publish", "mine.json", "--note", "Dearer", "--from", "2026-04-01", "--json",
        *clock,
    ).json  # fmt: skip
    assert published["number"] == 2
    assert published["effective_at"] == "2026-04-01T00:00:00Z"
    assert published["state"] == "scheduled"
    at = inside("prices", "show", "--at", "2026-04-01", "--json", *clock).json
    assert at["prices"]["features"][0]["credits"] == 2

    other = inside(
        "prices", "publish", "mine.json", "--note", "Again", "--based-on", "1", "--json", *clock
    )
    assert other.error["code"] == "price_list_conflict"
    assert other.error["values"]["latest"] == 2
    assert inside("prices", "withdraw", "2", "--json", *clock).json["state"] == "withdrawn"
    states = [version["state"] for version in inside("prices", "versions", "--json", *clock).json]
    assert states == ["withdrawn", "in_force"]


def test_over_the_limit_a_grant_waits_for_somebody_else(inside: Inside) -> None:
    inside("init")
    inside("user", "add", "usr_1", "--email", "a@b.example", "--name", "A")
    assert inside("staff", "add", "sam@pixpretty.example", "support", "--json").json["role"] == (
        "support"
    )
    sam = ("--staff", "sam@pixpretty.example", "--json")
    asked = inside(
        "grant", "usr_1", "101", "--reason", "goodwill", "--note", "n", "--ticket", "T1", *sam
    ).error
    assert asked["code"] == "approval_required"
    number = asked["values"]["approval_id"]
    waiting = inside("approvals", "list", "--json").json
    assert [(one["id"], one["credits"]) for one in waiting] == [(number, 101)]
    assert inside("approvals", "approve", str(number), *sam).error["code"] == "not_permitted"
    assert inside("approvals", "approve", str(number), "--json").json["credits"] == 101
    assert inside("approvals", "list").out == "Nothing waits for approval.\n"
    gone = inside("staff", "deactivate", "sam@pixpretty.example", "--json").json
    assert gone["active"] is False
    assert "sam@pixpretty.example" in inside("user", "find", "a", *sam).error["sentence"]


def test_months_are_reported_as_a_table_as_csv_and_as_a_document(inside: Inside) -> None:
    inside("init", "--sandbox", "--now", "2026-01-01T00:00:00Z")
    clock = ("--now", "2026-03-10T12:00:00Z")
    inside(
        "user", "add", "usr_1", "--email", "a@b.example", "--name", "A", "--at", "2026-01-05",
        *clock,
    )  # fmt: skip
    for key, at in (("k1", "2026-01-31T23:59:59.999Z"), ("k2", "2026-02-01")):
        inside(
            "charge", "usr_1", "ghostface", "--key", key, "--at", at, "--outcome", "succeeded",
            *clock,
        )  # fmt: skip
    refused = inside("charge", "usr_1", "image_extender", "--key", "k3", "--json", *clock)
    assert refused.error["values"] == {"needed": 12, "available": 4}
    document = inside("report", "2026-01", "2026-03", "--json", *clock).json
    assert document["months"] == ["2026-01", "2026-02", "2026-03"]
    assert [(row["key"], row["values"]) for row in document["series"]] == [("ghostface", [4, 4, 0])]
    assert "At this pace it comes to about" not in inside("report", "2026-01", "2026-02").out
    table = inside("report", "2026-01", "2026-03", "--measure", "refused", *clock).out
    assert "At this pace it comes to about 3 by its end." in table
    text = inside("report", "2026-01", "2026-03", "--measure", "refused", "--csv", *clock).out
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["feature", "name", "2026-01", "2026-02", "2026-03"]
    assert rows[1] == ["image_extender", "AI Image Extender", "0", "0", "1"]
    statement = inside("statement", "usr_1", "--month", "2026-01", "--json", *clock).json
    assert statement["opening"] + sum(m["credits"] for m in statement["movements"]) == 8
    assert statement["available"] == 8
    assert re.search(r"2026-02\s+AI Ghostface Generator\s+1\s+4", inside(
        "statement", "usr_1", *clock
    ).out)  # fmt: skip


def test_releasing_a_month_twice_releases_nothing_more(inside: Inside) -> None:
    inside("init", "--sandbox", "--now", "2026-01-15T00:00:00Z")
    inside(
        "user", "add", "usr_1", "--email", "a@b.example", "--name", "A",
        "--now", "2026-01-15T00:00:00Z",
    )  # fmt: skip
    inside("user", "plan", "usr_1", "pro", "--now", "2026-01-15T00:00:00Z")
    later = ("--now", "2026-02-01T00:00:00Z", "--json")
    released = inside("release-month", "2026-02", *later).json
    assert released["grants"] == 0  # opening the database has done it
    assert inside("user", "show", "usr_1", *later).json["available"] == 1012


@pytest.mark.slow
def test_the_demo_is_the_same_each_time_stands_still_and_is_thrown_away(program: Program) -> None:
    # Nobody's own settings matter to it, and it leaves none behind.
    first = program("user", "find", "a", "--limit", "3", "--demo", "--json").json
    assert len(first) == 3
    someone = str(first[0]["user_id"])
    given = program(
        "grant", someone, "5", "--reason", "goodwill", "--note", "n", "--ticket", "T1", "--demo",
        "--json",
    ).json  # fmt: skip
    assert given["effective_at"] == "2026-11-22T14:02:11Z"
    assert program("user", "find", "a", "--limit", "3", "--demo", "--json").json == first
    assert program("user", "find", "a", "--demo", "--staff", "priya@pixpretty.example").code == 0
    assert not (program.folder / "credits.db").exists()


@pytest.mark.slow
def test_a_demo_of_any_size_is_made_where_it_is_wanted_for_whoever_makes_it(
    program: Program,
) -> None:
    made = program("demo", "out.db", "--users", "20", "--events", "500", "--seed", "7", "--json")
    assert (made.json["users"], made.json["seed"], made.json["staff"]) == (20, 7, ANA)
    here = ("--database", "out.db", "--json")
    assert len(program("user", "find", "a", *here).json) > 0
    assert program("verify", *here).json["checked_at"] == "2026-11-22T14:02:11Z"
    later = program("verify", "--now", "2027-01-01T00:00:00Z", *here).json
    assert (later["ok"], later["checked_at"]) == (True, "2027-01-01T00:00:00Z")
    again = program("demo", "out.db", "--json")
    assert "out.db" in again.error["sentence"]
    assert "0" in program("demo", "none.db", "--users", "0", "--json").error["sentence"]
    assert not (program.folder / "none.db").exists()


SMALL = ("--only", "users-page.ready.1024-dark*", "--only", "stat-card.ready", "--json")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_pictures_are_the_same_bytes_each_time_and_in_any_number_of_processes(
    program: Program,
) -> None:
    first = program("pictures", "first", *SMALL, "--jobs", "1").json
    assert "users-page.ready.1024-dark-2x-rtl.png" in first["pictures"]
    hostile = {"LC_ALL": "de_DE.UTF-8", "TZ": "Asia/Tokyo", "QT_SCALE_FACTOR": "3"}
    again = program("pictures", "again", *SMALL, "--jobs", "2", **hostile).json
    assert again["pictures"] == first["pictures"]
    manifest = json.loads((program.folder / "first" / "manifest.json").read_bytes())["pictures"]
    assert [f"{one['name']}.png" for one in manifest] == first["pictures"]
    for name in (*first["pictures"], "manifest.json"):
        drawn = (program.folder / "first" / name).read_bytes()
        assert drawn == (program.folder / "again" / name).read_bytes(), name
    (program.folder / "taken").write_text("a file", "utf-8")
    assert "“taken”" in program("pictures", "taken", *SMALL).error["sentence"]


@pytest.mark.slow
def test_what_is_different_from_references_ends_with_1_until_it_is_taken_over(
    program: Program,
) -> None:
    call = ("pictures", "out", "--only", "stat-card.ready", "--against", "refs")
    missing = program(*call, "--json")
    assert missing.code == 1
    told = json.loads(missing.out)
    assert [one["verdict"] for one in told["different"]] == ["missing", "missing"]
    assert (program.folder / told["page"]).is_file()
    assert "nothing was taken over" in program(*call, "--accept", "x", "--json").error["sentence"]
    assert program(*call, "--accept", "all").code == 0
    same = program(*call)
    assert (same.code, same.out.splitlines()[-1][:27]) == (0, "0 pictures of 2 different: ")


def test_what_cannot_be_drawn_or_compared_is_refused(inside: Inside) -> None:
    unknown = inside("pictures", "out", "--only", "nonsense", "--json")
    assert "“nonsense”" in unknown.error["sentence"]
    assert inside("pictures", "out", "--accept", "all").code == 2
    assert inside("pictures", "out", "--readme", "--only", "x").code == 2
    assert inside("pictures", "out", "--jobs", "0").code == 2


@pytest.mark.slow
def test_without_a_display_a_sentence_names_commands_that_exist(program: Program) -> None:
    bare = program()
    assert (bare.code, bare.out) == (1, "")
    named = bare.err.split("need none: ")[1].split(" (")[0].replace(" and ", ", ").split(", ")
    shown = program("--help").out
    missing = [name for name in named if not re.search(rf"^\s+{name}\s", shown, re.MULTILINE)]
    assert missing == []
    assert program("--version").out.strip()


def test_the_first_command_of_all_says_that_it_made_a_database(program: Program) -> None:
    first = program("user", "find", "amira", PIXPRETTY_DATABASE="")
    made = program.folder / "home" / "data" / "pixpretty-credits" / "credits.db"
    assert first.code == 0
    assert first.err == f"There was no database yet; an empty one was made: {made}\n"
    assert made.exists()
    assert program("user", "find", "amira", PIXPRETTY_DATABASE="").err == ""
