"""Activity with keys alone: found, filtered, opened, exported, and the head of the chain noted."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from app.ui.activity.page import ActivityPage
from tests.ui.flows.keyboard import Keys


@pytest.fixture
def page(keys: Keys) -> ActivityPage:
    keys.press("Ctrl+6")
    page = keys.page
    assert isinstance(page, ActivityPage)
    return page


def test_records_are_filtered_by_who_and_what_and_all_shown_again(
    keys: Keys, page: ActivityPage
) -> None:
    every = page.state.count
    keys.press("Ctrl+Shift+F")
    assert keys.said == "Who"
    keys.press("Down")
    keys.tab_to("What")
    keys.press("Down")
    query = page.state.query
    assert query.staff
    assert query.act
    assert (page.state.count or 0) < (every or 0)
    keys.press("Escape")
    assert keys.focus is page.table
    keys.tab_to("Remove “")
    keys.press("Return")
    keys.tab_to("Remove “")
    keys.press("Delete")
    assert not page.state.query.narrowed
    assert page.state.count == every
    assert page.isAncestorOf(keys.focus), "the keyboard is not lost with the filter"


def test_a_record_is_read_copied_and_what_it_is_about_opened(
    keys: Keys, page: ActivityPage
) -> None:
    keys.press("Home", "Down", "Down")
    record = page.table.current_row()
    assert record is not None
    assert page.details.record == record
    keys.press("Ctrl+Shift+R")
    assert str(record.id) in QGuiApplication.clipboard().text()
    keys.press("Return")
    assert keys.page is not page
    keys.press("Alt+Left")
    assert keys.page is page
    assert page.table.current_row() == record


def test_what_is_listed_is_exported(keys: Keys, page: ActivityPage, tmp_path: Path) -> None:
    file = tmp_path / "acts.csv"
    keys.press("Ctrl+E")
    keys.choose_file(file)
    lines = file.read_text("utf-8-sig").splitlines()
    assert len(lines) > (page.state.count or 0) > 0


def test_the_head_of_the_chain_is_copied_to_be_noted(keys: Keys, page: ActivityPage) -> None:
    head = page.state.head
    assert head is not None
    keys.tab_to("Copy head of the chain")
    keys.press("Return")
    assert head.hash in QGuiApplication.clipboard().text()
    assert keys.toast == "Copied the head. Keep it where this program cannot write."
