"""Columns as data: what is copied and exported is what is shown, and harmless to a spreadsheet."""

import csv
import io
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.columns import Column, copied_text, credits_column, csv_lines, exported, sort_key


@dataclass(frozen=True)
class Row:
    name: str
    credits: int | None


NAME: Column[Row] = Column("name", "Name", lambda row: row.name)
CREDITS: Column[Row] = credits_column("credits", "Credits", lambda row: row.credits, signed=True)


@pytest.mark.parametrize(
    "formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0", "|x"]
)
def test_text_that_looks_like_a_formula_is_made_harmless(formula: str) -> None:
    assert exported(formula) == f"'{formula}"


def test_numbers_stay_numbers_even_negative_ones() -> None:
    assert exported(-12) == "-12"
    assert exported(1.5) == "1.5"
    assert exported(None) == exported("—") == ""


def test_instants_are_exported_in_utc() -> None:
    at = datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert exported(at) == "2026-02-28T23:30:00Z"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=1))
def test_csv_is_read_back_as_it_was_written(names: list[str]) -> None:
    rows = [Row(name, 1) for name in names]
    lines = "".join(csv_lines([NAME], rows))
    read = [cells[0] if cells else "" for cells in csv.reader(io.StringIO(lines, newline=""))]
    assert read == ["Name", *(exported(name) for name in names)]


def test_csv_has_values_not_pictures_of_values() -> None:
    lines = list(csv_lines([NAME, CREDITS], [Row("Ann", 1_284), Row("Ben", None)]))
    assert lines == ["Name,Credits\r\n", "Ann,1284\r\n", "Ben,\r\n"]


def test_copied_rows_keep_one_line_each() -> None:
    rows = [Row("two\nlines\tand a tab", -6)]
    assert copied_text([NAME, CREDITS], rows, headers=True) == (
        "Name\tCredits\ntwo lines and a tab\t-6"
    )
    assert copied_text([NAME, CREDITS], rows, headers=False).count("\n") == 0


def test_a_feature_named_like_a_formula_is_harmless_as_a_title_too() -> None:
    column: Column[Row] = Column("sum", "=1+1", lambda row: row.name)
    assert copied_text([column], [Row("x", 1)], headers=True) == "'=1+1\nx"


def test_credits_coming_in_are_green_and_an_empty_value_is_faint() -> None:
    assert CREDITS.ink_of(Row("x", 5)) == "success"
    assert CREDITS.ink_of(Row("x", -5)) == "text"
    assert CREDITS.ink_of(Row("x", None)) == "text3"


def test_sorting_ignores_case_and_puts_empty_values_last() -> None:
    rows = [Row("ben", 2), Row("Ann", None), Row("carla", -3)]
    assert [row.name for row in sorted(rows, key=sort_key(NAME))] == ["Ann", "ben", "carla"]
    assert [row.credits for row in sorted(rows, key=sort_key(CREDITS))] == [-3, 2, None]
