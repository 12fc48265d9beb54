"""The command that tries a price list on past months."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Inside


def test_a_file_is_tried_on_a_past_month_and_a_month_that_runs_is_refused(
    inside: Inside, tmp_path: Path
) -> None:
    inside("init", "--sandbox", "--now", "2026-03-01T00:00:00Z")
    then, now = ("--now", "2026-03-10T12:00:00Z"), ("--now", "2026-04-02T12:00:00Z")
    inside("user", "add", "usr_1", "--email", "a@x.example", "--name", "Amira", *then)
    inside("charge", "usr_1", "ghostface", "--key", "k-1", *then)
    inside("prices", "export", "mine.json", *then)
    file = tmp_path / "mine.json"
    prices = json.loads(file.read_text("utf-8"))
    ghost = next(feature for feature in prices["features"] if feature["key"] == "ghostface")
    ghost["credits"] = 13
    file.write_text(json.dumps(prices), "utf-8")

    found = inside("prices", "whatif", "mine.json", "--from", "2026-03", "--json", *now).json
    assert (found["first"], found["last"], found["users"]) == ("2026-03", "2026-03", 1)
    assert found["then"] == {"uses": 1, "credits": 4, "refused": 0, "out": 0}
    assert found["now"] == {"uses": 0, "credits": 0, "refused": 1, "out": 1}
    assert found["hardest"][0]["out_now"] == "2026-03-10T12:00:00Z"

    words = inside("prices", "whatif", "mine.json", "--from", "2026-02", "--to", "2026-03", *now)
    assert "every use of 1 user" in words.out
    assert "usr_1" in words.out
    assert "Against what was in force: price list 1." in words.out
    refused = inside("prices", "whatif", "mine.json", "--from", "2026-04", *now)
    assert refused.code == 1
    assert "2026-04 is not over yet" in refused.err


def test_a_scheduled_list_in_the_file_is_said_to_count_too(inside: Inside, tmp_path: Path) -> None:
    then, now = ("--now", "2026-03-10T12:00:00Z"), ("--now", "2026-04-02T12:00:00Z")
    inside("init", "--sandbox", *then)
    inside("prices", "export", "mine.json", *then)
    file = tmp_path / "mine.json"
    prices = json.loads(file.read_text("utf-8"))
    for feature in prices["features"][:2]:
        feature["credits"] += 1
    file.write_text(json.dumps(prices), "utf-8")
    start = ("--from", "2026-05-01T00:00:00Z")
    assert inside("prices", "publish", "mine.json", "--note", "In May", *start, *now).code == 0
    asked = ("prices", "whatif", "mine.json", "--from", "2026-03")
    said = " ".join(inside(*asked, *now).out.split())
    assert "The file has all that price list 2, scheduled from" in said
    prices["features"][0]["credits"] -= 1
    file.write_text(json.dumps(prices), "utf-8")
    said = " ".join(inside(*asked, *now).out.split())
    assert "has 1 of the 2 changes of price list 2, scheduled from" in said
