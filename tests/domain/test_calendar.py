"""Months, days and years of a billing zone (rules, section 1)."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    MILLISECOND,
    BillingCalendar,
    Month,
    from_ms,
    instant_of,
    parse_instant,
    parse_validity,
    to_ms,
    zone_of,
)
from app.domain.errors import InvalidInstant, InvalidValue

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/Sao_Paulo",  # midnight skipped in spring until 2018
    "Africa/Cairo",  # midnight skipped; the offset changed on a last Thursday of the month
    "Asia/Beirut",
    "America/Asuncion",
    "America/Havana",  # midnight to one o'clock exists twice
    "America/St_Johns",  # at one past midnight the evening came again until 2011
    "Pacific/Apia",  # 30 December 2011 did not happen
    "Pacific/Chatham",
    "Asia/Kathmandu",
    "Asia/Pyongyang",
    "America/Nuuk",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
)
zones = st.sampled_from(ZONES)
instants = st.datetimes(
    datetime(2000, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2060, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
).map(instant_of)


def utc(text: str) -> datetime:
    return parse_instant(text)


# --- instants


def test_milliseconds_are_rounded_down_also_before_1970() -> None:
    assert to_ms(datetime(2026, 1, 1, 0, 0, 0, 999_999, UTC)) % 1000 == 999
    assert to_ms(datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC)) == -1
    assert instant_of(datetime(2026, 1, 1, 0, 0, 0, 1_999, UTC)).microsecond == 1000


@given(instants)
def test_an_instant_survives_the_database(instant: datetime) -> None:
    assert from_ms(to_ms(instant)) == instant


def test_an_instant_without_an_offset_is_refused_and_named() -> None:
    with pytest.raises(InvalidInstant, match="2026-01-31T12:00:00"):
        instant_of(datetime(2026, 1, 31, 12))  # noqa: DTZ001 - the point
    with pytest.raises(InvalidInstant, match="2026-01-31T12:00"):
        parse_instant("2026-01-31 12:00")


@pytest.mark.parametrize(
    "text",
    ["", "  ", "yesterday", "2026-02-30T00:00Z", "1999-12-31T00:00Z", "2200-01-01T00:00Z",
     "2026-01-01", "12:00", "2026-13-01T00:00Z", "2026-01-01T24:30Z", "9" * 400],
)  # fmt: skip
def test_a_text_that_is_no_instant_is_refused_and_named(text: str) -> None:
    with pytest.raises(InvalidInstant) as refused:
        parse_instant(text)
    assert text[:10] in str(refused.value)


def test_something_that_is_no_datetime_is_refused() -> None:
    with pytest.raises(InvalidInstant, match="tomorrow"):
        instant_of("tomorrow")  # type: ignore[arg-type]


def test_an_offset_is_honoured() -> None:
    assert utc("2026-01-01T01:00:00+01:00") == utc("2026-01-01T00:00:00Z")
    assert instant_of(datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=14)))).tzinfo is UTC


def test_a_local_time_that_does_not_exist_or_exists_twice_takes_the_offset_before() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert parse_instant("2026-03-29T02:30", zone=berlin) == utc("2026-03-29T01:30Z")
    assert parse_instant("2026-10-25T02:30", zone=berlin) == utc("2026-10-25T00:30Z")


def test_an_offset_in_the_text_beats_the_zone_of_the_file() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert parse_instant("2026-01-01T00:00Z", zone=berlin) == utc("2026-01-01T00:00Z")
    assert parse_instant("2026-01-01T00:00", zone=berlin) == utc("2025-12-31T23:00Z")


# --- months


@pytest.mark.parametrize(
    ("zone", "month", "start", "end"),
    [
        ("UTC", "2024-02", "2024-02-01T00:00Z", "2024-03-01T00:00Z"),
        ("Europe/Berlin", "2026-03", "2026-02-28T23:00Z", "2026-03-31T22:00Z"),
        ("Europe/Berlin", "2026-10", "2026-09-30T22:00Z", "2026-10-31T23:00Z"),
        ("America/Sao_Paulo", "2018-11", "2018-11-01T03:00Z", "2018-12-01T02:00Z"),
        ("Pacific/Apia", "2011-12", "2011-12-01T10:00Z", "2011-12-31T10:00Z"),
        ("America/St_Johns", "2009-11", "2009-11-01T02:30Z", "2009-12-01T03:30Z"),
        ("Africa/Cairo", "2026-04", "2026-03-31T22:00Z", "2026-04-30T21:00Z"),
    ],
)
def test_a_month_begins_and_ends_at_local_midnight(
    zone: str, month: str, start: str, end: str
) -> None:
    calendar = BillingCalendar(zone)
    assert calendar.start(Month.parse(month)) == utc(start)
    assert calendar.end(Month.parse(month)) == utc(end)


@given(zones, instants)
def test_every_instant_lies_in_exactly_one_month(zone: str, instant: datetime) -> None:
    calendar = BillingCalendar(zone)
    month = calendar.month_of(instant)
    assert calendar.start(month) <= instant < calendar.end(month)
    assert calendar.month_of_ms(to_ms(instant)) == month
    assert calendar.end(month) == calendar.start(month.next)
    assert calendar.month_of(calendar.end(month)) == month.next
    assert calendar.month_of(calendar.end(month) - MILLISECOND) == month


def changes_of(zone: ZoneInfo) -> list[datetime]:
    """The instants from 2000 to 2029 at which the clocks of the zone change, to the second."""
    found = []
    instant = datetime(1999, 12, 25, tzinfo=UTC)
    while instant.year < 2030:
        after = instant + timedelta(days=5)
        offset = instant.astimezone(zone).utcoffset()
        if after.astimezone(zone).utcoffset() != offset:
            low, high = instant, after
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                same = middle.astimezone(zone).utcoffset() == offset
                low, high = (middle, high) if same else (low, middle)
            found.append(high.replace(microsecond=0))
        instant = after
    return found


@pytest.mark.parametrize("zone", ZONES)
def test_days_and_months_hold_their_instants_around_every_change_of_the_clocks(zone: str) -> None:
    calendar = BillingCalendar(zone)
    for change in changes_of(ZoneInfo(zone)):
        for minutes in (-1500, -61, -31, -1, 0, 1, 29, 31, 59, 61, 119, 1500):
            instant = change + timedelta(minutes=minutes)
            first = calendar.day_start(instant)
            assert first <= instant < calendar.day_end(instant)
            before = calendar.local(first - MILLISECOND).date()
            assert before < calendar.local(first).date(), "the day began earlier"
            month = calendar.month_of(instant)
            assert calendar.start(month) <= instant < calendar.end(month)
            assert calendar.month_of_ms(to_ms(instant)) == month


def test_an_evening_that_comes_again_belongs_to_the_month_that_has_begun() -> None:
    calendar = BillingCalendar("America/St_Johns")
    again = utc("2009-11-01T02:45Z")
    assert calendar.local(again).date().isoformat() == "2009-10-31"
    assert calendar.month_of(again) == Month(2009, 11)
    assert calendar.day_start(again) == utc("2009-11-01T02:30Z")


@given(st.integers(FIRST_YEAR * 12, LAST_YEAR * 12), st.integers(-600, 600))
def test_months_count_like_whole_numbers(index: int, step: int) -> None:
    month = Month(index // 12, index % 12 + 1)
    assert month.plus(step).plus(-step) == month
    assert month.next.previous == month
    assert Month.from_number(month.number) == month
    assert Month.parse(str(month)) == month
    assert (month.plus(step) > month) == (step > 0)


def test_until_includes_the_last_month_and_crosses_the_year() -> None:
    months = [str(m) for m in Month(2025, 11).until(Month(2026, 2))]
    assert months == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert list(Month(2026, 2).until(Month(2026, 1))) == []


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "26-01", "1999-12", "2026-1"])
def test_a_text_that_is_no_month_is_refused_and_named(text: str) -> None:
    with pytest.raises(InvalidValue, match=f"“{text}”"):
        Month.parse(text)


# --- one year later


@pytest.mark.parametrize(
    ("zone", "start", "expected"),
    [
        ("UTC", "2024-02-29T13:00Z", "2025-02-28T13:00Z"),
        ("UTC", "2023-02-28T13:00Z", "2024-02-28T13:00Z"),
        # 29 February in the zone though not in UTC, and the other way round
        ("Pacific/Auckland", "2024-02-28T20:00Z", "2025-02-27T20:00Z"),
        ("America/New_York", "2024-03-01T01:00Z", "2025-03-01T01:00Z"),
        # the same wall clock, another offset
        ("Europe/Berlin", "2025-03-30T12:00Z", "2026-03-30T12:00Z"),
        ("Europe/Berlin", "2025-03-29T12:00Z", "2026-03-29T11:00Z"),
        # 02:30 on 29 March 2026 does not exist: the offset before, +01:00
        ("Europe/Berlin", "2025-03-29T01:30Z", "2026-03-29T01:30Z"),
        # 02:30 on 25 October 2026 exists twice: the offset before, +02:00
        ("Europe/Berlin", "2025-10-25T00:30Z", "2026-10-25T00:30Z"),
        # begun in the second of two 02:30: next year's 02:30 exists once
        ("Europe/Berlin", "2025-10-26T01:30Z", "2026-10-26T01:30Z"),
        # midnight skipped: 00:30 reads with -03:00
        ("America/Sao_Paulo", "2017-11-04T02:30Z", "2018-11-04T03:30Z"),
        # a day that did not happen: 30 December 2011 reads with -10:00
        ("Pacific/Apia", "2010-12-30T22:00Z", "2011-12-30T22:00Z"),
    ],
)
def test_one_year_later_is_the_same_local_time(zone: str, start: str, expected: str) -> None:
    assert BillingCalendar(zone).expiry(utc(start), "P1Y") == utc(expected)


@given(zones, instants, st.sampled_from(["P1Y", "P2Y", "P30D", "P90D", "P1D", "month_end"]))
def test_everything_expires_after_it_begins(zone: str, start: datetime, validity: str) -> None:
    assert BillingCalendar(zone).expiry(start, validity) > start


@given(zones, instants)
def test_a_year_lasts_365_or_366_days_give_or_take_a_change_of_the_clocks(
    zone: str, start: datetime
) -> None:
    length = BillingCalendar(zone).years_later(start, 1) - start
    assert timedelta(days=363, hours=22) <= length <= timedelta(days=367, hours=2)


def test_days_of_validity_keep_the_wall_clock() -> None:
    berlin = BillingCalendar("Europe/Berlin")
    assert berlin.expiry(utc("2026-03-01T11:00Z"), "P30D") == utc("2026-03-31T10:00Z")


def test_the_end_of_the_month_is_its_own_at_the_first_and_the_last_instant() -> None:
    berlin = BillingCalendar("Europe/Berlin")
    first = berlin.start(Month(2026, 10))
    assert berlin.expiry(first, "month_end") == utc("2026-10-31T23:00Z")
    assert berlin.expiry(first - MILLISECOND, "month_end") == first


@pytest.mark.parametrize("text", ["", "P", "P0Y", "P1M", "1Y", "P1Y30D", "P100Y", "p1y", "P1Y "])
def test_a_text_that_is_no_validity_is_refused_and_named(text: str) -> None:
    with pytest.raises(InvalidValue, match=f"“{text}”"):
        parse_validity(text)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "Europe", "\x00", "a" * 300])
def test_an_unknown_zone_is_refused_and_named(name: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        zone_of(name)
    assert name.replace("\x00", "\\x00") in str(refused.value)
