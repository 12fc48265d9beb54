"""Numbers and dates by what Qt knows of a place; English where no other language is chosen."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from app.domain.audit import AuditRecord
from app.domain.calendar import Month
from app.ui import format as write
from app.ui.activity.columns import activity_columns
from app.ui.charts.data import MonthSeries, Series, csv_text, described
from app.ui.columns import csv_lines
from app.ui.language import VARIABLE
from app.ui.locale import locale_of, speak
from app.ui.theme import Theme
from app.ui.typed_instants import read_typed
from app.ui.widgets.days import DayField
from app.ui.widgets.fields import InstantField

NOW = datetime(2026, 11, 22, 14, 2, tzinfo=UTC)
PLACES = {"de": "22. Nov 2026", "en_US": "Nov 22, 2026", "sv": "22 nov. 2026", "ja": "2026-11-22"}


@pytest.mark.parametrize(("code", "written"), PLACES.items())
def test_a_date_is_written_in_the_order_of_the_place_and_understood_when_typed(
    code: str, written: str
) -> None:
    back = write.put_in_force(locale_of(QLocale(code)))
    try:
        assert write.day(NOW) == written
        assert read_typed(write.minute(NOW, UTC), UTC, NOW) == NOW
    finally:
        back()


def test_marks_and_names_of_months_are_those_of_the_place() -> None:
    german = locale_of(QLocale("de"))
    assert (german.group, german.decimal) == (".", ",")
    assert german.full_months[2] == "März"


@pytest.fixture(autouse=True)
def back_to_english() -> Iterator[None]:
    numbers, qt = write.put_in_force(write.Locale()), QLocale()
    yield
    QLocale.setDefault(qt)
    numbers()


def speaking(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, code)
    speak()


@pytest.mark.parametrize(("code", "written"), [("", "1,284"), ("en", "1,284"), ("de", "1.284")])
def test_another_way_of_writing_comes_with_another_language_only(
    code: str, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaking(code, monkeypatch)
    assert write.credits(1_284) == written


@pytest.mark.parametrize("code", ["", *PLACES])
def test_a_day_that_a_field_shows_is_understood_when_it_is_left(
    code: str, qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaking(code, monkeypatch)
    field = DayField("From", NOW.date)
    qtbot.addWidget(field)
    field.set_day(date(2026, 3, 22))
    field.edit.editingFinished.emit()
    assert (field.day, field.problem) == (date(2026, 3, 22), "")


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("", "22 Nov 2026 14:02"),
        ("de", "22. Nov. 2026 14:02"),
        ("en_US", "Nov 22, 2026 14:02"),
        ("ja", "2026-11-22 14:02"),
    ],
)
def test_a_field_of_an_instant_shows_it_in_the_order_of_the_place(
    code: str, shown: str, qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaking(code, monkeypatch)
    field = InstantField(UTC, "From")
    qtbot.addWidget(field)
    field.set_instant(NOW)
    assert (field.text(), field.instant) == (shown, NOW)


def test_screens_write_as_the_place_does_and_files_of_data_the_same_everywhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record = AuditRecord(
        1_284, NOW, "ana@b.example", "refund", "user", "usr_1", "other", after={"credits": 1_284}
    )
    columns = activity_columns(UTC, lambda: NOW)
    used = MonthSeries((Month(2026, 11),), (Series("all", "All", (1_284,)),))

    def told() -> tuple[list[str], str]:
        return [column.text(record) for column in columns], described(used, 0)

    def filed() -> tuple[str, str]:
        return "".join(csv_lines(columns, [record])), csv_text(used)

    english, data = told(), filed()
    speaking("de", monkeypatch)
    assert "22 Nov 14:02" in english[0]
    assert "22. Nov 14:02" in told()[0]
    assert (english[1].count("1,284"), told()[1].count("1.284")) == (2, 2)
    assert filed() == data
    assert "1284" in data[0]
    assert "1284" in data[1]
