from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import parse_instant, to_ms
from app.domain.errors import InvalidInstant
from app.domain.instants import InstantReader

ZONES = [None, ZoneInfo("Europe/Berlin"), ZoneInfo("America/St_Johns"), ZoneInfo("Asia/Kolkata")]
OFFSETS = [None, UTC, timezone(timedelta(hours=5, minutes=30)), timezone(-timedelta(hours=3))]


def written(at: datetime, style: int) -> str:
    text = at.isoformat(" " if style % 2 else "T", ("seconds", "milliseconds", "auto")[style % 3])
    return text.replace("+00:00", "Z") if style % 5 else text


def by_the_book(text: str, zone: ZoneInfo | None) -> int | str:
    try:
        return to_ms(parse_instant(text, "instant", zone))
    except InvalidInstant as error:
        return error.sentence


def quickly(reader: InstantReader, text: str) -> int | str:
    try:
        return reader.read(text)
    except InvalidInstant as error:
        return error.sentence


def around(first: str, last: str) -> st.SearchStrategy[datetime]:
    return st.datetimes(datetime.fromisoformat(first), datetime.fromisoformat(last))


instants = around("2000-01-01", "2199-12-31") | around("2026-03-28", "2026-03-30")
texts = st.one_of(
    st.builds(
        lambda at, offset, style: written(at.replace(tzinfo=offset), style),
        instants,
        st.sampled_from(OFFSETS),
        st.integers(0, 29),
    ),
    st.sampled_from(
        [
            "",
            "yesterday",
            "2026-02-30T12:00:00Z",
            "1999-12-31T23:59:59Z",
            "2026-01-01",
            "2026-W01-1",
        ]
    ),
)


@given(st.lists(texts, min_size=1, max_size=20), st.sampled_from(ZONES))
def test_reading_quickly_is_reading_by_the_book(found: list[str], zone: ZoneInfo | None) -> None:
    reader = InstantReader("instant", zone)

    for text in (*found, *found):
        assert quickly(reader, text) == by_the_book(text, zone)
    expected = [by_the_book(text, zone) for text in found]
    assert reader.read_all(found) == [at if isinstance(at, int) else -1 for at in expected]


@pytest.mark.parametrize("zone", ZONES[1:])
def test_every_minute_around_a_change_of_clocks_is_read_as_it_should(zone: ZoneInfo) -> None:
    reader = InstantReader("instant", zone)
    start = datetime.fromisoformat("2010-11-06T22:00")

    for minutes in range(0, 600, 7):
        text = (start + timedelta(minutes=minutes)).isoformat()
        assert reader.read(text) == by_the_book(text, zone)


def test_parts_that_were_met_apart_do_not_make_a_wrong_date_right() -> None:
    reader = InstantReader("instant")
    reader.read("2026-01-31T12:00:00Z")

    with pytest.raises(InvalidInstant):
        reader.read("2026-02-31T12:00:00Z")
