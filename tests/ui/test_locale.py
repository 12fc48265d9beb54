"""Numbers and dates by what Qt knows of a place; English where no other language is chosen."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QLocale

from app.ui import format as write
from app.ui.language import VARIABLE
from app.ui.locale import locale_of, speak
from app.ui.typed_instants import read_typed

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


@pytest.mark.parametrize(("code", "written"), [("", "1,284"), ("en", "1,284"), ("de", "1.284")])
def test_another_way_of_writing_comes_with_another_language_only(
    code: str, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = write.put_in_force(write.Locale())
    monkeypatch.setenv(VARIABLE, code)
    try:
        speak()
        assert write.credits(1_284) == written
    finally:
        back()
