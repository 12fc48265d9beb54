"""How values read: grouped, with true minus, in the billing zone, and never as markup."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.ui import format as write
from app.ui.columns import credits_column, csv_lines, instant_column
from app.ui.typed_instants import read_typed

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 14, 2, 11, tzinfo=UTC)
GERMAN = write.Locale(
    group=".",
    decimal=",",
    day="{day}. {month} {year}",
    short_day="{day}. {month}",
    months=tuple("Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez".split()),
    full_months=tuple(
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
    ),
)


@pytest.fixture
def german() -> Iterator[None]:
    back = write.put_in_force(GERMAN)
    yield
    back()


@pytest.mark.usefixtures("german")
def test_numbers_are_written_with_the_marks_of_the_place() -> None:
    assert write.credits(-1_048_211) == "−1.048.211"
    assert write.signed(2_048) == "+2.048"
    assert write.percent(12.5) == "1.250 %"
    assert write.decimal(1_284.25, 2) == "1.284,25"
    assert write.file_size(4_520_000) == "4,5 MB"


@pytest.mark.usefixtures("german")
def test_dates_are_written_in_the_order_and_with_the_months_of_the_place() -> None:
    march = datetime(2025, 3, 1, 9, tzinfo=UTC)
    assert write.day(march, UTC) == "1. Mär 2025"
    assert write.instant(NOW.replace(month=10), UTC, NOW) == "22. Okt 14:02"
    assert write.exact(march, UTC) == "1. Mär 2025 09:00:00 UTC"
    assert write.month(2026, 5) == "Mai 2026"
    assert write.full_month(2026, 3) == "März 2026"


@pytest.mark.usefixtures("german")
def test_an_instant_as_it_is_written_can_be_typed_and_so_can_an_english_one() -> None:
    at = datetime(2025, 3, 1, 9, 30, tzinfo=UTC)
    assert read_typed(write.minute(at, UTC), UTC, NOW) == at
    assert read_typed("1 march 2025 9:30", UTC, NOW) == at
    assert read_typed("1. märz 2025 9:30", UTC, NOW) == at


@pytest.mark.usefixtures("german")
def test_what_is_exported_has_plain_numbers_wherever_it_is_read() -> None:
    column = credits_column("credits", "Credits", lambda row: row)
    assert list(csv_lines((column,), [1_284])) == ["Credits\r\n", "1284\r\n"]


@pytest.mark.parametrize(
    ("amount", "plain", "signed"),
    [
        (0, "0", "0"),
        (12, "12", "+12"),
        (-12, "−12", "−12"),
        (1_048_211, "1,048,211", "+1,048,211"),
        (-1_000, "−1,000", "−1,000"),
        (None, "—", "—"),
    ],
)
def test_credits_are_grouped_and_signed_with_a_true_minus(
    amount: int | None, plain: str, signed: str
) -> None:
    assert write.credits(amount) == plain
    assert write.signed(amount) == signed


def test_counted_things_agree_in_number() -> None:
    assert write.counted(1, "grant") == "1 grant"
    assert write.counted(0, "entry", "entries") == "0 entries"
    assert write.counted(2_048, "entry", "entries") == "2,048 entries"


def test_a_change_is_a_signed_percentage() -> None:
    assert write.percent(-0.18, sign=True) == "−18 %"
    assert write.percent(0.5, sign=True) == "+50 %"
    assert write.percent(0.5) == "50 %"
    assert write.percent(None) == "—"


def test_an_instant_is_read_in_the_billing_zone_and_names_another_year() -> None:
    assert write.instant(NOW, BERLIN, NOW) == "22 Nov 15:02"
    new_year = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    assert write.instant(new_year, BERLIN, NOW) == "1 Jan 00:30"
    assert write.instant(new_year, UTC, NOW) == "31 Dec 2025 23:30"
    assert write.instant(None, UTC, NOW) == "—"


@pytest.fixture
def usual_times() -> Iterator[None]:
    yield
    write.show_times("minutes")


@pytest.mark.usefixtures("usual_times")
@pytest.mark.parametrize(
    ("times", "this_year", "narrow", "of_a_day", "another_year"),
    [
        ("minutes", "19 Nov 15:02", "31 Dec 2024", "31 Dec 2024", "31 Dec 2024 12:30"),
        ("seconds", "19 Nov 15:02:11", "31 Dec 2024 12:30:05", "31 Dec 2024",
         "31 Dec 2024 12:30:05"),
        ("ago", "3 days ago", "22 months ago", "22 months ago", "22 months ago"),
    ],
)  # fmt: skip
def test_an_instant_in_a_list_is_shown_as_people_chose_and_elsewhere_exactly(
    times: write.Times, this_year: str, narrow: str, of_a_day: str, another_year: str
) -> None:
    write.show_times(times)
    recent, old = NOW - timedelta(days=3), datetime(2024, 12, 31, 11, 30, 5, tzinfo=UTC)
    assert write.seen(recent, BERLIN, NOW) == this_year
    assert write.seen(old, BERLIN, NOW, "narrow") == narrow
    assert write.seen(old, BERLIN, NOW, "day") == of_a_day
    assert write.seen(old, BERLIN, NOW) == another_year
    assert write.seen(None, BERLIN, NOW) == "—"
    assert write.instant(recent, BERLIN, NOW) == "19 Nov 15:02"
    assert write.instant_tip(recent, BERLIN, NOW).startswith("19 Nov 2026 15:02:11 Europe/Berlin")


@pytest.mark.usefixtures("usual_times", "german")
@pytest.mark.parametrize("times", write.TIMES[1:])
def test_the_widest_instant_is_as_long_as_any(times: write.Times) -> None:
    write.show_times(times)
    every = (NOW + timedelta(days=29 * months) for months in range(-40, 40))
    longest = max(map(len, write.widest_seen()))
    assert longest >= max(len(write.seen(at, BERLIN, NOW)) for at in every)


@pytest.mark.usefixtures("usual_times")
def test_a_file_has_its_instants_whole_however_screens_show_them() -> None:
    write.show_times("ago")
    column = instant_column("at", "When", lambda at: at, BERLIN, lambda: NOW)
    assert column.text(NOW - timedelta(days=3)) == "3 days ago"
    assert list(csv_lines((column,), [NOW])) == ["When\r\n", "2026-11-22T14:02:11Z\r\n"]


def test_the_tooltip_of_an_instant_gives_zone_utc_and_distance() -> None:
    at = NOW - timedelta(days=3)
    assert write.instant_tip(at, BERLIN, NOW).split("\n") == [
        "19 Nov 2026 15:02:11 Europe/Berlin",
        "19 Nov 2026 14:02:11 UTC",
        "3 days ago",
    ]
    assert write.instant_tip(at, UTC, NOW).split("\n") == ["19 Nov 2026 14:02:11 UTC", "3 days ago"]


@pytest.mark.parametrize(
    ("delta", "said"),
    [
        (timedelta(seconds=30), "just now"),
        (timedelta(minutes=5), "in 5 min"),
        (timedelta(hours=-2), "2 h ago"),
        (timedelta(days=-1), "1 day ago"),
        (timedelta(days=8), "in 8 days"),
        (timedelta(days=90), "in 2 months"),
        (timedelta(days=365), "in 12 months"),
        (timedelta(days=-800), "2 years ago"),
    ],
)
def test_distances_in_time_are_said_in_the_largest_fitting_unit(
    delta: timedelta, said: str
) -> None:
    assert write.ago(NOW + delta, NOW) == said


def test_an_expiry_says_how_long_is_left_and_is_over_at_its_very_instant() -> None:
    assert write.left(NOW + timedelta(days=8), NOW) == "in 8 days"
    assert write.left(NOW + timedelta(seconds=1), NOW) == "in under a minute"
    assert write.left(NOW, NOW) == "expired just now"
    assert write.left(NOW - timedelta(days=3), NOW) == "expired 3 days ago"


def test_text_from_data_has_no_control_characters_and_cannot_turn_the_line() -> None:
    assert write.text("Ann\x00a\tB\u202eecalg\r\n") == "Anna Becalg"
    assert write.text(None) == write.text(" \x07") == "—"
    assert write.text("<b>x</b>") == "<b>x</b>"
    assert write.paragraph("one\x00\ntwo\u2067") == "one\ntwo"


def test_a_name_in_a_sentence_is_isolated() -> None:
    assert write.name("\u202eעדי") == "\u2068עדי\u2069"


def test_file_sizes_and_months_read_as_people_say_them() -> None:
    assert write.file_size(812) == "812 bytes"
    assert write.file_size(4_520_000) == "4.5 MB"
    assert write.month(2026, 11) == "Nov 2026"
    assert write.full_month(2026, 1) == "January 2026"


def test_a_name_stays_isolated_in_a_sentence_whose_letters_run_both_ways() -> None:
    said = f"Issued 24 to {write.name('אבג')}, 3 left."
    assert write.paragraph(said) == said
    assert write.paragraph(f"By {write.name('Ann')}.") == "By Ann."
    assert write.paragraph("אבג \u2068 never closed") == "אבג  never closed"
    assert write.paragraph("אבג \u2069\u2068 closed first") == "אבג  closed first"


def test_marks_that_turn_are_told_from_letters_that_do() -> None:
    assert write.turns("\u202egnp.exe")
    assert not write.turns("שלום 123")
    assert not write.turns("plain")
