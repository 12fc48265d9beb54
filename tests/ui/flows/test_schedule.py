"""A price list is scheduled for an instant, looked at and withdrawn, with keys alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.prices import VersionState
from app.ui.prices.dialogs import PublishDialog
from app.ui.prices.page import PricesPage
from tests.ui.flows.keyboard import Keys


def edited(keys: Keys, credits: int) -> PricesPage:
    """The page of prices with one of them edited."""
    keys.press("Ctrl+4", "Alt+1", "Home", "F2")
    keys.type(str(credits))
    keys.press("Return")
    page = keys.page
    assert isinstance(page, PricesPage)
    assert page.state.edited
    return page


@pytest.mark.parametrize("arrow", ["Down", "Right"])
def test_a_price_list_is_scheduled_and_withdrawn(keys: Keys, arrow: str) -> None:
    page = edited(keys, 7 if arrow == "Down" else 8)
    keys.press("Ctrl+S")
    keys.type(f"from the new year, {arrow}")
    keys.tab_to("Now")
    keys.press(arrow)
    assert keys.said == "From"
    dialog = keys.dialog
    assert isinstance(dialog, PublishDialog)
    assert dialog.act_button.text() == "Schedule"
    keys.press("Tab", "Up")  # the day, which comes first
    assert dialog.effective_at == datetime(2026, 12, 2, tzinfo=UTC)
    keys.press("Ctrl+Return")
    newest = keys.desk.pricing.versions()[0]
    assert (newest.note, newest.state) == (f"from the new year, {arrow}", VersionState.SCHEDULED)
    assert newest.effective_at == datetime(2026, 12, 2, tzinfo=UTC)
    keys.press("Alt+3", "Home")
    row = page.versions.table.current_row()
    assert row is not None
    assert row.number == newest.number
    keys.press("Return", "Escape")
    keys.tab_to("Withdraw…")
    keys.press("Return", "Ctrl+Return")
    assert keys.desk.pricing.versions()[0].state is VersionState.WITHDRAWN
    assert keys.toast == f"Price list {newest.number} is withdrawn."
    assert keys.window.isAncestorOf(keys.focus), "the keyboard is still on the page"
