"""What people come for on each page, done with keys alone, on the window as it is delivered."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest

from app.domain.prices import VersionState
from app.ui.activity.chain import ChainDialog
from app.ui.activity.page import ActivityPage
from app.ui.overview.page import OverviewPage
from app.ui.prices.page import PricesPage
from app.ui.users.page import UsersPage
from tests.ui.flows.keyboard import Keys


def test_overview_a_figure_opens_what_it_is_made_of_and_escape_comes_back(keys: Keys) -> None:
    keys.press("Ctrl+1")
    page = keys.page
    assert isinstance(page, OverviewPage)
    keys.tab_to("Outstanding now")
    figure = keys.focus
    keys.press("Return")
    if not page.behind.isVisible():  # a figure that leads to another page
        pytest.fail(f"It led to {keys.page}")
    assert keys.focus is page.behind.table
    first = page.behind.model.row(0)
    assert first is not None
    keys.press("Return")
    users = keys.page
    assert isinstance(users, UsersPage)
    assert users.shown.user_id == first.user_id
    keys.press("Alt+Left")
    assert keys.page is page
    assert page.behind.isVisible()
    keys.press("Escape")
    assert not page.behind.isVisible()
    assert keys.focus is figure


def test_prices_an_edit_is_tried_and_published(keys: Keys) -> None:
    keys.press("Ctrl+4")
    page = keys.page
    assert isinstance(page, PricesPage)
    keys.tab_to("Prices of features")
    keys.press("Home", "F2")
    keys.type("9")
    keys.press("Return")
    assert page.state.edited
    keys.press("Alt+4")
    assert keys.focus is page.what_if.run_button
    keys.press("Return")
    keys.press("Ctrl+S")
    keys.type("tried by keyboard")
    keys.press("Ctrl+Return")
    newest = keys.desk.pricing.versions()[0]
    assert (newest.note, newest.state) == ("tried by keyboard", VersionState.IN_FORCE)


def test_activity_a_record_is_found_its_subject_opened_and_the_chain_verified(keys: Keys) -> None:
    keys.press("Ctrl+6")
    page = keys.page
    assert isinstance(page, ActivityPage)
    before = page.state.count
    keys.press("/")
    QTest.keyClicks(keys.focus, "usr_")
    keys.press("Return")
    assert page.state.query.text == "usr_"
    assert 0 < (page.state.count or 0) < (before or 0)
    keys.tab_to("Activity")
    keys.press("Home", "Ctrl+O")
    assert keys.page is not page
    keys.press("Alt+Left")
    assert keys.page is page
    keys.press("Ctrl+Shift+V")
    assert keys.window.focusWidget() is not None
    keys.press("Ctrl+Return")
    assert isinstance(keys.dialog, ChainDialog)
    assert keys.dialog.verdict.isVisible()
    keys.press("Escape")
