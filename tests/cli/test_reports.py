"""What is reported on the command line is what the window shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import Desk, open_desk, shipped
from tests import lively
from tests.cli.conftest import Inside

FIRST, LAST = "2025-12", "2026-06"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return lively.put(tmp_path)


@pytest.fixture
def desk(path: Path) -> Iterator[Desk]:
    with open_desk(path, staff=lively.SUPPORT, now=lively.at_the_end) as desk:
        yield desk


@pytest.mark.parametrize("by", ["feature", "family", "plan"])
@pytest.mark.parametrize("measure", ["credits", "uses", "users", "refused", "refunded"])
def test_a_report_has_the_figures_of_the_page(
    inside: Inside, desk: Desk, path: Path, by: str, measure: str
) -> None:
    shown = desk.consumption.monthly(FIRST, LAST, by=by, measure=measure)
    asked = ("--database", str(path), "--staff", lively.SUPPORT)
    text = inside(*asked, "report", FIRST, LAST, "--by", by, "--measure", measure, "--csv").out
    head, *rows = csv.reader(io.StringIO(text))
    assert head == [by, "name", *map(str, shown.months)]
    assert rows[:-1] == [[s.key, s.name, *map(str, s.values)] for s in shown.series]
    assert rows[-1] == ["total", "Total", *map(str, shown.totals)]


def test_a_month_that_is_not_over_says_until_when_it_is_counted(here: Inside) -> None:
    assert here("user", "add", "usr_1", "--email", "a@b.example", "--name", "Ana").code == 0
    assert here("charge", "usr_1", "image_extender", "--key", "job-1").code == 0
    said = here("report", "2026-02", "2026-03").out
    assert "2026-03 is not over yet: it is counted until 2026-03-10 12:00:00 UTC." in said
    assert "not over" not in here("report", "2026-01", "2026-02").out


def test_months_the_wrong_way_round_are_said_to_be(here: Inside) -> None:
    months = ("2026-02", "2026-01")
    tried = ("prices", "whatif", str(shipped.path("pricing.json")), "--from", "2026-02")
    for command in (("report", *months), (*tried, "--to", "2026-01")):
        refused = here(*command)
        assert "The last month, 2026-01, is before the first, 2026-02." in refused.err, command
