"""An account opened from elsewhere: who it is of is marked in the list, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.users import UserQuery
from app.ui.background import Background
from app.ui.page import Page, PageEntry
from app.ui.rows_model import BLOCK
from app.ui.users.page import UsersPage
from app.ui.window import Standing, Window
from tests.ui.users.conftest import AMIRA, PATIENCE_MS, page_of


class Elsewhere(Page):
    """Stands for the page that somebody comes from."""

    def show_state(self, state: Any) -> None:
        """It shows nothing."""

    def reload(self) -> None:
        """It reads nothing."""


@pytest.fixture
def crowded(desk: Desk) -> Desk:
    """More users than are read at once."""
    for at in range(BLOCK + 40):
        user = f"usr_z{at:03}"
        desk.accounts.register(user, email=f"zed{at:03}@example.com", name=f"Zed {at:03}")
    return desk


@pytest.fixture
def window(crowded: Desk, qtbot: QtBot) -> Iterator[Window]:
    """A window on another page, so that the one of users is built when an account is opened."""
    made = Window(
        desk=crowded,
        background=Background(),
        now=crowded.now,
        zone=ZoneInfo(crowded.zone),
        pages=[
            PageEntry("overview", "Overview", "tag", "Ctrl+1", Elsewhere),
            PageEntry("users", "Users", "users", "Ctrl+2", UsersPage),
        ],
        standing=Standing("credits.db", writable=True, person="Maria K.", role="Admin"),
    )
    qtbot.addWidget(made)
    made.show()
    made.start()
    yield made
    made.close()


def opened(window: Window, qtbot: QtBot, user_id: str) -> UsersPage:
    window.open_page("users", user_id)
    page = page_of(window)
    page.people.view.setFocus()
    qtbot.waitUntil(
        lambda: page.state.phase == "ready" and not window.background.busy, timeout=PATIENCE_MS
    )
    assert page.shown.user_id == user_id
    return page


@pytest.mark.parametrize("user_id", [f"usr_z{BLOCK - 40:03}", f"usr_z{BLOCK + 20:03}"])
def test_who_is_opened_is_marked_and_in_view_however_far_down_they_stand(
    window: Window, qtbot: QtBot, user_id: str
) -> None:
    view = opened(window, qtbot, user_id).people.view
    user = view.current_user()
    assert user is not None
    assert user.user_id == user_id
    assert view.selected_numbers() == [view.currentIndex().row()]
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()).center())


def test_a_list_in_which_they_are_not_says_so_until_somebody_is_chosen(
    window: Window, qtbot: QtBot
) -> None:
    page = opened(window, qtbot, AMIRA)
    assert page.people.absent.isHidden()
    page.people.ask(UserQuery(plan="free"))
    qtbot.waitUntil(lambda: not page.people.absent.isHidden(), timeout=PATIENCE_MS)
    page.people.view.choose(2)
    assert page.people.absent.isHidden()
