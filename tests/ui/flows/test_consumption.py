"""Consumption with keys alone: what is shown, its pieces, who is behind one, and a file of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.ui.consumption.page import ConsumptionPage
from app.ui.users.page import UsersPage
from tests.ui.flows.keyboard import Keys


@pytest.fixture
def page(keys: Keys) -> ConsumptionPage:
    keys.press("Ctrl+5")
    page = keys.page
    assert isinstance(page, ConsumptionPage)
    return page


def test_group_measure_and_months_are_chosen_and_shown(keys: Keys, page: ConsumptionPage) -> None:
    keys.tab_to("Group by")
    keys.choose("By plan")
    keys.tab_to("Measure")
    keys.choose("Refused uses")
    keys.tab_to("Months shown")
    keys.choose("From … to …")
    keys.tab_to("First month")
    keys.press("Home")
    choice = page.state.choice
    assert (choice.by, choice.measure) == ("plan", "refused")
    assert page.controls.first.isVisible()
    assert page.data.months[0] == page.controls.first.month
    keys.tab_to("Share")
    keys.press("Space")
    assert page.state.choice.share
    assert page.state.phase == "ready"


def test_from_a_piece_to_the_users_behind_it_an_account_and_back_to_the_piece(
    keys: Keys, page: ConsumptionPage
) -> None:
    keys.tab_to("Consumption by month")
    chart = keys.focus
    keys.press("Left", "Left", "Up", "Up", "Down", "Return")
    assert page.behind.isVisible()
    assert keys.focus is page.behind.table
    first = page.behind.model.row(0)
    assert first is not None
    keys.press("Return")
    users = keys.page
    assert isinstance(users, UsersPage)
    assert users.shown.user_id == first.user_id
    keys.press("Alt+Left")
    assert keys.page is page
    assert keys.focus is page.behind.table
    keys.press("Escape")
    assert not page.behind.isVisible()
    assert keys.focus is chart


@pytest.mark.parametrize(("downs", "ending"), [(0, "png"), (1, "svg"), (3, "csv")])
def test_what_is_shown_is_exported(
    keys: Keys, page: ConsumptionPage, tmp_path: Path, downs: int, ending: str
) -> None:
    file = tmp_path / f"months.{ending}"
    keys.tab_to("Export")
    keys.press("Return", *["Down"] * (downs + 1), "Return")
    keys.choose_file(file)
    assert file.stat().st_size > 100
    assert keys.toast.endswith(f"{file.name}.")
