"""A ticket, a job or a key typed into the search field leads to its entry."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.ui.users.page import UsersPage
from app.ui.window import Window
from tests.ui.users.conftest import page_of

AMIRA = "usr_01JD8Q4ZK7"


def typed(window: Window, qtbot: QtBot, text: str) -> None:
    window.top.search.setFocus()
    QTest.keyClicks(window.top.search, text)
    qtbot.waitUntil(lambda: page_of(window).state.query.text == text)
    qtbot.waitUntil(lambda: not window.background.busy)


def test_enter_on_a_job_that_is_nobodys_name_opens_the_account_at_its_use(
    window: Window, page: UsersPage, qtbot: QtBot
) -> None:
    typed(window, qtbot, "job-9921")
    bar = page.people.found
    qtbot.waitUntil(lambda: bar.isVisible() and page.people.nobody)
    (button,) = bar.buttons
    assert button.text() == "Job job-9921"
    assert button.accessibleName() == (
        "Job job-9921: use of AI Image Generator (Nano Banana Pro, 2K) for 36 by Amira Haddad"
    )
    QTest.keyClick(window.top.search, Qt.Key.Key_Return)
    assert page.shown.user_id == AMIRA
    # Until then the ledger in view is another's, and the keyboard goes to its first entry.
    qtbot.waitUntil(lambda: page.shown.phase == "ready")
    entry = page.account.ledger.table.current_row()
    assert entry is not None
    assert entry.charge_id == bar.found[0].charge_id


def test_a_ticket_leads_to_its_grant_and_plain_words_to_no_reference(
    window: Window, page: UsersPage, desk: Desk, qtbot: QtBot
) -> None:
    grant = desk.support.grant(
        AMIRA, 24, reason="goodwill", note="n", ticket="ZD-77001", key="found-bar"
    )
    typed(window, qtbot, "zd-77001")
    bar = page.people.found
    qtbot.waitUntil(bar.isVisible)
    assert bar.buttons[0].accessibleName() == "Ticket ZD-77001: grant of 24 to Amira Haddad"
    bar.buttons[0].click()
    qtbot.waitUntil(lambda: not window.background.busy)
    entry = page.account.ledger.table.current_row()
    assert entry is not None
    assert entry.grant_id == grant.id
    window.top.search.clear()
    typed(window, qtbot, "amira")
    assert not bar.isVisible()
