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
    refused = inside("prices", "whatif", "mine.json", "--from", "2026-04", *now)
    assert refused.code == 1
    assert "2026-04 is not over yet" in refused.err
