"""Instants as people type them, read in the billing zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.errors import InvalidInstant
from app.ui.typed_instants import read_typed

NOW = datetime(2026, 11, 22, 14, 2, 11, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("31 Jan 12:00", "2026-01-31T11:00:00Z"),
        ("31 January 2025, 12:00", "2025-01-31T11:00:00Z"),
        ("Jan 31 12:00", "2026-01-31T11:00:00Z"),
        ("31. jan. 2026 at 9:05", "2026-01-31T08:05:00Z"),
        ("31.1.2026 12:00:30", "2026-01-31T11:00:30Z"),
        ("31.1. 12:00", "2026-01-31T11:00:00Z"),
        ("2026-01-31", "2026-01-30T23:00:00Z"),
        ("2026-01-31 12:00", "2026-01-31T11:00:00Z"),
        ("2026-01-31T12:00", "2026-01-31T11:00:00Z"),
        ("2026-01-31T12:00Z", "2026-01-31T12:00:00Z"),
        ("2026-01-31T12:00:05+05:30", "2026-01-31T06:30:05Z"),
        ("  31   jul ", "2026-07-30T22:00:00Z"),
        ("today", "2026-11-21T23:00:00Z"),
        ("yesterday 9:00", "2026-11-21T08:00:00Z"),
        ("tomorrow", "2026-11-22T23:00:00Z"),
        ("8:15", "2026-11-22T07:15:00Z"),
        ("3 days ago", "2026-11-19T14:02:11Z"),
        ("in 2 weeks", "2026-12-06T14:02:11Z"),
        ("+5 h", "2026-11-22T19:02:11Z"),
        ("29 Feb 2028", "2028-02-28T23:00:00Z"),
        ("29 Mar 2026 2:30", "2026-03-29T01:30:00Z"),
        ("25 Oct 2026 2:30", "2026-10-25T00:30:00Z"),
    ],
)
def test_an_instant_is_read_as_it_was_meant(typed: str, means: str) -> None:
    assert read_typed(typed, BERLIN, NOW) == datetime.fromisoformat(means)


@pytest.mark.parametrize("typed", ["", "   ", "now", "Now"])
def test_nothing_typed_is_now(typed: str) -> None:
    assert read_typed(typed, BERLIN, NOW) is None


@pytest.mark.parametrize(
    "typed",
    [
        "32 Jan", "29 Feb 2027", "31 Jan 25:00", "12:61", "ma 3", "3 days", "in 3 days ago",
        "2026-13-01", "next Friday", "31/01/2026", "<b>", "99999", "1 Jan 99999", "T", "at",
    ],
)  # fmt: skip
def test_what_is_no_instant_is_answered_with_a_sentence_that_names_it(typed: str) -> None:
    with pytest.raises(InvalidInstant) as refused:
        read_typed(typed, BERLIN, NOW)
    assert f"“{typed}” is not a date and time like 31 Jan 12:00" in str(refused.value)


@pytest.mark.parametrize("typed", ["1 Jan 1969", "1 Jan 2500", "0001-01-01T00:00Z"])
def test_an_instant_out_of_all_range_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInstant, match="between 2000 and 2199"):
        read_typed(typed, BERLIN, NOW)


def test_a_span_that_leaves_the_calendar_is_refused_and_does_not_fail() -> None:
    with pytest.raises(InvalidInstant):
        read_typed("99999 weeks ago", BERLIN, NOW)
