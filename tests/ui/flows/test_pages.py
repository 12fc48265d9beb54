"""What people come for on each page, done with keys alone, on the window as it is delivered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.desk import Desk
from app.domain.prices import VersionState
from app.main import stage
from app.ui.activity.chain import ChainDialog
from app.ui.activity.page import ActivityPage
from app.ui.consumption.page import ConsumptionPage
from app.ui.gallery.shown import Shown, in_window
from app.ui.gallery.stage import Stage, take_down
from app.ui.overview.page import OverviewPage
from app.ui.page import Page
from app.ui.pictures import wait_until_quiet
from app.ui.prices.page import PricesPage
from app.ui.theme import Theme
from app.ui.users.page import UsersPage
from app.ui.window import Window

MOST_TABS = 120


class Keys:
    """A keyboard and eyes: it presses, and reads where the focus is."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def press(self, *keys: str) -> None:
        """Press keys one after the other, as they are written in the list of keys."""
        for one in keys:
            QTest.keySequence(self.focus, QKeySequence(one))
            self.settle()

    def type(self, text: str) -> None:
        """Type a text, after whatever stands there is chosen to be replaced."""
        self.press("Ctrl+A")
        QTest.keyClicks(self.focus, text)
        self.settle()

    def tab_to(self, words: str) -> None:
        """Press Tab until the focus is on what says these words first."""
        for _ in range(MOST_TABS):
            if self.said.startswith(words):
                return
            QTest.keyClick(self.focus, Qt.Key.Key_Tab)
        pytest.fail(f"Tab does not come to “{words}”; it is on “{self.said}”.")

    @property
    def said(self) -> str:
        """What a screen reader would call where the focus is."""
        here = self.focus
        return str(here.accessibleName() or getattr(here, "text", str)())

    @property
    def focus(self) -> QWidget:
        """Where keys go."""
        here: QWidget | None = QApplication.focusWidget()
        return self.window if here is None else here

    @property
    def dialog(self) -> QDialog:
        """The dialog in front."""
        front = QApplication.activeModalWidget()
        assert isinstance(front, QDialog)
        return front

    @property
    def page(self) -> Page:
        page = self.window.page
        assert page is not None
        return page

    @property
    def toast(self) -> str:
        history = self.window.toasts.history
        return history[0].text if history else ""

    def settle(self) -> None:
        wait_until_quiet(self.window.background)


@pytest.fixture(scope="module")
def shared() -> Iterator[Stage]:
    """One demo for all flows: each looks at what it did itself."""
    made = stage()
    yield made
    made.close()


@pytest.fixture
def keys(shared: Stage, theme: Theme) -> Iterator[Keys]:
    window = shared.frame(Shown(Window, "ready", in_window("overview"), "demo"))
    window.resize(1440, 900)
    window.show()
    window.activateWindow()
    window.start()
    made = Keys(window)
    made.settle()
    yield made
    take_down(window)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def desk_of(keys: Keys) -> Desk:
    desk = keys.window.desk
    assert isinstance(desk, Desk)
    return desk


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
    newest = desk_of(keys).pricing.versions()[0]
    assert (newest.note, newest.state) == ("tried by keyboard", VersionState.IN_FORCE)


def test_consumption_from_a_bar_to_the_users_behind_it_an_account_and_back(keys: Keys) -> None:
    keys.press("Ctrl+5")
    page = keys.page
    assert isinstance(page, ConsumptionPage)
    keys.tab_to("Consumption by month")
    keys.press("Left", "Left", "Up", "Return")
    assert page.behind.isVisible()
    keys.tab_to("Users behind the figure")
    keys.press("Home")
    row = page.behind.table.currentIndex().row()
    first = page.behind.model.row(max(row, 0))
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
