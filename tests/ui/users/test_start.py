"""The page of users as it opens: the list first, what stands beside it once that is seen."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QObject
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.errors import DatabaseFailed
from app.ui.users.page import UsersPage

AMIRA = "usr_01JD8Q4ZK7"
PATIENCE_MS = 60_000
Starting = Callable[[], UsersPage]


class FirstRows(QObject):
    """Notes whether the account was there when the first rows were painted."""

    def __init__(self, page: UsersPage) -> None:
        super().__init__(page)
        self._page = page
        self.account_was_there: bool | None = None
        page.people.view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        painted = event.type() == QEvent.Type.Paint and self._page.people.view.rows.rowCount() > 0
        if painted and self.account_was_there is None:
            self.account_was_there = built(self._page)
        return False


def built(page: UsersPage) -> bool:
    return "account" in page.__dict__


@pytest.fixture
def no_list(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can be listed."""

    def fails(*_given: object, **_named: object) -> Sequence[object]:
        raise DatabaseFailed("The disk that holds the database does not answer.")

    monkeypatch.setattr(desk.accounts, "page", fails)


def test_the_rows_are_on_the_screen_before_the_account_is_built(
    starting: Starting, qtbot: QtBot
) -> None:
    page = starting()
    rows, later = FirstRows(page), list[bool]()
    page.when_seen(lambda: later.append(built(page)))
    assert not built(page)
    qtbot.waitUntil(lambda: page.shown.phase == "ready", timeout=PATIENCE_MS)
    assert rows.account_was_there is False
    qtbot.waitUntil(lambda: bool(later), timeout=PATIENCE_MS)
    assert later == [True]
    assert page.account.isVisible()
    assert page.standing is not None


@pytest.mark.usefixtures("no_list")
def test_an_account_that_is_asked_for_does_not_wait_for_the_list(
    starting: Starting, qtbot: QtBot
) -> None:
    page = starting()
    page.frame.open_page("users", AMIRA)
    assert built(page)
    qtbot.waitUntil(lambda: page.shown.phase == "ready", timeout=PATIENCE_MS)
    assert page.shown.data is not None
    assert page.shown.data.user.user_id == AMIRA


@pytest.mark.usefixtures("no_list")
def test_where_the_list_cannot_be_read_the_rest_comes_all_the_same(
    starting: Starting, qtbot: QtBot
) -> None:
    page = starting()
    later: list[str] = []
    page.when_seen(lambda: later.append("seen"))
    qtbot.waitUntil(lambda: page.state.phase == "failed", timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: built(page) and later == ["seen"], timeout=PATIENCE_MS)


def test_a_key_that_needs_the_account_works_before_it_was_seen(
    starting: Starting, desk: Desk, qtbot: QtBot
) -> None:
    page = starting()
    page.actions_offered()
    assert not built(page)
    page.show_instant(desk.now() - timedelta(days=30))
    go_to_ledger = next(one for one in page.actions_offered() if one.name == "ledger")
    go_to_ledger.act()
    assert built(page)
    qtbot.waitUntil(lambda: page.shown.phase == "ready", timeout=PATIENCE_MS)
