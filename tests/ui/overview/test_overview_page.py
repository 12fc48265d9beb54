"""The overview over a real database: its figures, what they open, proving the books, its states."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app import open_desk
from app.desk import Desk
from app.domain.errors import DatabaseFailed
from app.domain.flows import Overview
from app.ui import format as write
from app.ui.background import Background
from app.ui.overview.page import OverviewPage
from app.ui.overview.state import Piece
from app.ui.page import Frame, Page, PageEntry
from app.ui.theme import Theme
from app.ui.widgets.figures import FigureLine, LargeFigure, figures_in
from app.ui.window import Standing, Window
from tests import lively
from tests.services.plants import plant


class Elsewhere(Page):
    """A page that only remembers where it was sent."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.at: object = None

    def show_state(self, state: Any) -> None:
        """It shows nothing."""

    def reload(self) -> None:
        """It reads nothing."""

    def place(self) -> object:
        return self.at

    def go(self, place: object) -> None:
        self.at = place


class Screen:
    """A window on the overview, with every other page standing by."""

    def __init__(self, qtbot: QtBot, desk: Desk, settings: Path) -> None:
        self.qtbot, self.desk = qtbot, desk
        others = ("users", "requests", "prices", "consumption", "settings")
        self.window = Window(
            desk=desk,
            background=Background(),
            now=desk.now,
            zone=ZoneInfo(desk.zone),
            pages=[
                PageEntry("overview", "Overview", "layout-dashboard", "Ctrl+1", OverviewPage),
                *(PageEntry(key, key.capitalize(), "tag", "", Elsewhere) for key in others),
            ],
            standing=Standing("credits.db"),
            settings=settings,
        )
        qtbot.addWidget(self.window)
        self.window.resize(1440, 900)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.start()
        self.settle()

    @property
    def page(self) -> OverviewPage:
        page = self.window.page
        assert isinstance(page, OverviewPage)
        return page

    @property
    def read(self) -> Overview:
        return self.desk.overview.now()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.window.background.busy)
        QApplication.processEvents()

    def lines(self) -> dict[str, FigureLine]:
        """The lines in view by what they are called; of two with one name the first."""
        found: dict[str, FigureLine] = {}
        for line in self.page.findChildren(FigureLine):
            found.setdefault(line.figure.name, line)
        return found

    def large(self) -> dict[str, str]:
        return {one.figure.name: one.figure.number for one in self.page.findChildren(LargeFigure)}

    def opened(self) -> tuple[str, object]:
        """Where a figure led, and back to the overview."""
        here = self.window.trail.here
        assert here is not None
        key, page = here.page, self.window.page
        at = page.at if isinstance(page, Elsewhere) else None
        self.window.go_back()
        self.settle()
        return key, at

    def toasts(self) -> list[str]:
        return [said.text for said in self.window.toasts.history]


Opener = Callable[..., Screen]


@pytest.fixture
def open_as(tmp_path: Path, qtbot: QtBot, theme: Theme) -> Iterator[Opener]:
    """Opens the overview over a database in which much has happened, or over another."""
    with ExitStack() as held:
        windows: list[Window] = []

        def opened(staff: str = lively.ADMIN, path: Path | None = None, **how: Any) -> Screen:
            desk = open_desk(path or lively.put(tmp_path), staff=staff, now=lively.at_the_end)
            held.callback(desk.close)
            if how.get("read_only"):
                desk.office.database.writable = False
            screen = Screen(qtbot, desk, tmp_path / "window.ini")
            windows.append(screen.window)
            return screen

        yield opened
        for window in windows:
            window.close()


@pytest.fixture
def screen(open_as: Opener) -> Screen:
    return open_as()


# --- What it shows


def test_every_card_shows_what_the_record_comes_to(screen: Screen) -> None:
    read = screen.read
    assert screen.large() == {
        "Open requests": write.credits(read.requests.open),
        "Approvals waiting": write.credits(read.waiting.count),
        "Given in June 2026": write.credits(read.given.running),
        "Used in June 2026": write.credits(read.used.running),
        "Expired in June 2026": write.credits(read.expired.running),
        "Outstanding now": write.credits(read.outstanding.running),
    }
    lines = screen.lines()
    for name, number in {
        "Over 1 day": read.requests.older[1][1],
        "May 2026 in all": read.given.last,
        "End of May 2026": read.bridges[-1].opening,
        "June 2026 (this month)": dict(read.owed.months)[read.running],
    }.items():
        assert lines[name].figure.number == write.credits(number)


def test_the_months_of_expiry_add_up_and_allowances_to_come_are_said_apart(screen: Screen) -> None:
    owed = screen.read.owed
    figures = screen.page.owed.lines.figures
    assert [figure.number for figure in figures] == [write.credits(n) for _, n in owed.months]
    assert screen.page.owed.said.text() == f"{write.credits(owed.total)} in all"
    said = screen.page.owed.expected.text()
    assert said.startswith("Not counted: the allowances of July 2026")
    assert write.credits(owed.expected) in said
    assert write.credits(owed.expected_users) in said


def test_features_are_named_with_what_they_gained_and_lost_on_the_same_days(
    screen: Screen,
) -> None:
    read = screen.read
    gained = [one for one in read.features if one.difference > 0][:4]
    lost = [one for one in read.features[::-1] if one.difference < 0][:4]
    assert gained
    assert lost
    for lines, found in ((screen.page.features.gained, gained), (screen.page.features.lost, lost)):
        assert [(f.name, f.number) for f in lines.figures] == [
            (one.name, write.signed(one.difference)) for one in found
        ]
    assert "1–11 Jun" in screen.page.headline.text()
    assert "1–11 May" in screen.page.features.said.text()


def test_a_bridge_says_how_what_is_left_came_about_month_by_month(screen: Screen) -> None:
    read = screen.read
    card = screen.page.bridge

    def numbers() -> list[int]:
        return [
            int(figure.number.replace(",", "").replace("−", "-")) for figure in card.lines.figures
        ]

    assert card.title.text() == f"Why {write.credits(read.outstanding.running)}? June 2026 so far"
    assert not card.later.isEnabled()
    for place in (-1, -2, -3):
        *parts, closing = numbers()
        assert sum(parts) == closing == read.bridges[place].closing
        card.earlier.click()
    assert card.lines.figures[-1].name == "Left at the end of March 2026"
    screen.lines()["Left at the end of March 2026"].click()
    assert card.lines.figures[-1].name == "Left at the end of April 2026"


def test_a_line_is_said_with_its_number_and_what_it_means(screen: Screen) -> None:
    line = screen.lines()["June 2026 (this month)"]
    assert line.accessibleName() == f"June 2026 (this month): {line.figure.number}, in 18 days"
    large = screen.page.moved.used.large
    assert large.accessibleName().startswith("Used in June 2026: ")
    assert "1–11 May" in large.accessibleName()
    assert "twelve months" in screen.page.moved.used.trend.accessibleName()


def test_what_is_outstanding_is_compared_with_a_day_and_what_moved_with_a_span(
    screen: Screen,
) -> None:
    left, given = (
        (card.large.figure.note + card.large.figure.tip).translate({0x2068: None, 0x2069: None})
        for card in (screen.page.moved.outstanding, screen.page.moved.given)
    )
    assert "% on 11 May" in left
    assert "11 Jun: " in left
    assert "1–11" not in left
    assert "% on 1–11 May" in given
    features = screen.page.features
    assert features.gained_title.text() == "Gained most, in credits used"
    assert features.lost_title.text() == "Lost most, in credits used"


# --- What its figures open


def test_requests_open_the_queue_at_their_age_and_the_oldest_opens_itself(screen: Screen) -> None:
    screen.page.requests.large.click()
    assert screen.opened() == ("requests", {"view": "open", "older": None})
    screen.lines()["Over 3 days"].click()
    assert screen.opened() == ("requests", {"view": "open", "older": 72})
    screen.lines()["The oldest"].click()
    assert screen.opened() == ("requests", screen.read.requests.oldest_id)


def test_what_was_used_opens_the_consumption_of_its_months(screen: Screen) -> None:
    place = {"by": "feature", "measure": "credits"}
    screen.page.moved.used.large.click()
    span = {"first": "2026-05", "last": "2026-06", "month": "2026-06"}
    assert screen.opened() == ("consumption", place | span)
    screen.page.moved.used.lines.lines[0].click()
    span = {"first": "2026-04", "last": "2026-05", "month": "2026-05"}
    assert screen.opened() == ("consumption", place | span)
    screen.page.features.gained.lines[0].click()
    key = screen.read.features[0].key
    span = {"first": "2026-05", "last": "2026-06", "month": "2026-06", "key": key}
    assert screen.opened() == ("consumption", place | span)


def test_approvals_open_their_dialog_by_the_action_of_the_window(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(screen.window, "run_action", done.append)
    screen.page.approvals.large.click()
    assert done == ["approvals"]


@pytest.mark.parametrize(
    ("name", "place", "title"),
    [
        ("Given in June 2026", ("given", "2026-06", ""), "Given in June 2026"),
        ("Expired in June 2026", ("expired", "2026-06", ""), "Expired in June 2026"),
        ("Outstanding now", ("owed", "", ""), "Outstanding now"),
        ("June 2026 (this month)", ("owed", "2026-06", ""), "Outstanding for June 2026"),
        (
            "Monthly allowances",
            ("given", "2026-06", "monthly_allowance"),
            "Monthly allowances, June 2026",
        ),
        ("Returned by refunds", ("returned", "2026-06", ""), "Returned by refunds in June 2026"),
    ],
)
def test_a_figure_lists_the_users_behind_it(
    screen: Screen, name: str, place: tuple[str, str, str], title: str
) -> None:
    every = {one.figure.name: one for one in screen.page.findChildren(LargeFigure)}
    button: QPushButton = every.get(name) or screen.lines()[name]
    button.click()
    screen.settle()
    behind = screen.page.behind
    expected = screen.desk.overview.behind(*place, limit=1_000)
    assert behind.isVisible()
    assert behind.title.text() == title
    users = write.counted(expected.count, "user")
    assert behind.said.text() == f"{users} · {write.counted(expected.total, 'credit')}"
    assert expected.total == sum(part.value for part in expected.users)
    listed = [behind.model.row(at) for at in range(behind.model.rowCount())]
    assert listed == list(expected.users)
    shown = button.figure.number.strip("+−").replace(",", "")  # type: ignore[attr-defined]
    assert sum(part.value for part in expected.users) == int(shown)


def test_a_user_behind_a_figure_opens_and_going_back_finds_the_list_again(screen: Screen) -> None:
    line = screen.lines()["June 2026 (this month)"]
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Return)
    screen.settle()
    table = screen.page.behind.table
    assert table.hasFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    second = screen.page.behind.model.row(1)
    assert second is not None
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert screen.window.trail.here is not None
    assert screen.window.trail.here.page == "users"
    assert screen.opened() == ("users", second.user_id)
    assert screen.page.behind.isVisible()
    assert screen.page.piece == Piece("owed", "2026-06")
    screen.window.go_back()
    assert not screen.page.behind.isVisible()


def test_who_is_chosen_behind_a_figure_stays_chosen_when_it_is_read_anew(screen: Screen) -> None:
    figure, other = Piece("owed", "2026-06"), Piece("given", "2026-06")
    table = screen.page.behind.table
    screen.page.open_piece(figure)
    screen.settle()
    QTest.keyClick(table, Qt.Key.Key_Down)
    for again in (screen.page.reload, lambda: screen.page.go(figure.place())):
        again()
        screen.settle()
        assert table.selected_numbers() == [1]
    screen.page.open_piece(other)
    screen.settle()
    assert table.selected_numbers() == [0], "another figure begins with its largest"


def test_escape_closes_the_list_and_gives_the_keyboard_back_to_its_figure(screen: Screen) -> None:
    line = screen.lines()["June 2026 (this month)"]
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Return)
    screen.settle()
    QTest.keyClick(screen.page.behind.table, Qt.Key.Key_Escape)
    assert not screen.page.behind.isVisible()
    assert line.hasFocus()


Places = dict[str, tuple[int, int, int, int]]


def places(screen: Screen) -> Places:
    """Where each figure stands among the cards, by what is said of it, once none moves any more."""
    cards = screen.page.cards
    met: list[Places] = [{}]

    def rest() -> bool:
        found: Places = {}
        for one in figures_in(cards):
            at = one.mapTo(cards, one.rect().topLeft())
            found[one.accessibleName()] = (at.x(), at.y(), one.width(), one.height())
        met.append(found)
        return met[-1] == met[-2]

    screen.qtbot.waitUntil(rest)
    return met[-1]


@pytest.mark.parametrize("size", [(1024, 640), (1440, 900)])
@pytest.mark.parametrize("name", ["Outstanding now", "Monthly allowances", "July 2026"])
def test_no_figure_moves_when_one_is_opened_and_the_one_clicked_stays_in_view(
    screen: Screen, size: tuple[int, int], name: str
) -> None:
    screen.window.resize(*size)
    before = places(screen)
    figures = figures_in(screen.page.cards)
    figure = {one.figure.name: one for one in figures}[name]
    area = screen.page.area
    area.ensureWidgetVisible(figure)
    QTest.mouseClick(figure, Qt.MouseButton.LeftButton)
    screen.settle()
    assert places(screen) == before
    assert screen.page.behind.isVisible()
    top = figure.mapTo(area.viewport(), figure.rect().topLeft()).y()
    assert 0 <= top <= area.viewport().height() - figure.height()


def test_a_wide_window_has_the_list_beside_the_cards_which_stay_in_their_rows(
    screen: Screen,
) -> None:
    screen.window.resize(1920, 1080)
    screen.settle()
    before = {name: place[1] for name, place in places(screen).items()}
    screen.page.open_piece(Piece("owed", "2026-06"))
    screen.settle()
    assert {name: place[1] for name, place in places(screen).items()} == before
    assert screen.page.behind.width() < screen.page.cards.width()


def test_what_was_opened_is_marked_until_its_list_is_closed(screen: Screen) -> None:
    def marked() -> set[str]:
        found = figures_in(screen.page.cards)
        return {one.figure.name for one in found if one.marked}

    line = screen.lines()["June 2026 (this month)"]
    line.click()
    screen.settle()
    assert marked() == {"June 2026 (this month)"}
    assert line.accessibleDescription().endswith("Open now.")
    screen.page.reload()
    screen.settle()
    assert marked() == {"June 2026 (this month)"}
    QTest.keyClick(screen.page.behind.table, Qt.Key.Key_Return)
    screen.opened()
    assert marked() == {"June 2026 (this month)"}, "on the way back from an account too"
    screen.page.behind.close_list()
    assert marked() == set()
    assert "Open now." not in line.accessibleDescription()


def test_where_there_is_no_room_the_list_stands_in_the_place_of_the_cards(
    screen: Screen, theme: Theme
) -> None:
    theme.choose(zoom=200)
    screen.window.resize(1024, 640)
    screen.page.open_piece(Piece("owed", "2026-06"))
    screen.settle()
    assert not screen.page.owed.isVisible()
    assert screen.page.behind.width() > 600
    screen.page.behind.close_list()
    assert screen.page.owed.isVisible()


# --- Keyboard, room, refreshing


def test_tab_goes_through_every_figure_in_the_order_in_which_they_are_read(
    screen: Screen,
) -> None:
    page = screen.page
    page.requests.large.setFocus()
    met: list[QWidget] = []
    while (focused := QApplication.focusWidget()) is not None and page.isAncestorOf(focused):
        if focused in met:
            break
        met.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    cards = page.in_order
    order = [next(at for at, card in enumerate(cards) if card.isAncestorOf(one)) for one in met]
    assert order == sorted(order)
    assert set(order) == set(range(len(cards)))
    opening = [line for line in page.findChildren(FigureLine) if line.figure.act is not None]
    assert set(opening) <= set(met)


@pytest.mark.parametrize("zoom", [100, 150, 200])
@pytest.mark.parametrize("size", [(1024, 640), (1200, 800), (1440, 900), (2200, 1200)])
def test_nothing_needs_scrolling_sideways(
    screen: Screen, theme: Theme, size: tuple[int, int], zoom: int
) -> None:
    theme.choose(zoom=zoom)
    screen.window.resize(*size)
    screen.settle()
    cards = screen.page.cards
    room = cards.parentWidget()
    assert room is not None
    assert cards.width() <= room.width()
    for line in screen.page.findChildren(FigureLine):
        assert line.width() >= line.minimumSizeHint().width()


def test_what_others_write_is_shown_without_losing_the_place(screen: Screen) -> None:
    page = screen.page
    screen.window.resize(1024, 640)
    line = page.bridge.lines.lines[0]
    line.setFocus()
    bar = page.cards.parentWidget()
    assert bar is not None
    area = page.area.verticalScrollBar()
    area.setValue(area.maximum())
    before, where = screen.large()["Given in June 2026"], area.value()
    user = screen.desk.overview.behind("owed", "", limit=1).users[0].user_id
    screen.desk.support.grant(user, 24, reason="goodwill", note="n", ticket="ZD-1")
    screen.window.heard({"accounts"})
    screen.settle()
    assert screen.large()["Given in June 2026"] != before
    assert line.hasFocus()
    assert area.value() == where


# --- Proving the books


def test_a_database_that_nobody_proved_says_so_and_a_proof_is_remembered(
    open_as: Opener, tmp_path: Path
) -> None:
    path = lively.put(tmp_path)
    screen = open_as(path=path)
    books = screen.page.books
    assert books.chip.text() == "Not proved yet"
    books.verify_button.click()
    assert books.cancel_button.isVisible()
    screen.settle()
    assert books.chip.text() == "The books balance"
    assert lively.ADMIN in books.when.text()
    assert screen.toasts()[0].startswith("The books balance: all ")
    again = open_as(staff=lively.SUPPORT, path=path)
    assert again.page.books.chip.text() == "The books balance"
    assert lively.ADMIN in again.page.books.when.text()


def test_proving_says_how_far_it_is_and_can_be_stopped(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    halfway, go_on = threading.Event(), threading.Event()

    def verify(progress: Any, *, stop: threading.Event) -> None:
        progress(7, 36, "the file is sound")
        halfway.set()
        go_on.wait(10)
        assert stop.is_set()

    monkeypatch.setattr(screen.desk.integrity, "verify", verify)
    books = screen.page.books
    screen.page.verify()
    screen.qtbot.waitUntil(lambda: books.bar.value() == round(100 * 7 / 36))
    assert books.step.text() == "Rule 8 of 36: the file is sound"
    assert not books.verify_button.isVisible()
    books.cancel_button.click()
    go_on.set()
    screen.settle()
    assert books.step.text() == "Stopped; nothing of it was kept."
    assert books.verify_button.isVisible()
    assert books.chip.text() == "Not proved yet"


def test_broken_rules_are_named_and_their_rows_can_be_read(
    open_as: Opener, tmp_path: Path, qtbot: QtBot
) -> None:
    path = lively.put(tmp_path)
    plant(path, "UPDATE outstanding SET credits = credits + 5 WHERE day = 20260630")
    screen = open_as(path=path)
    screen.page.verify()
    screen.settle()
    books = screen.page.books
    assert books.chip.text() == "1 rule is broken"
    assert books.broken.text() == "outstanding credits equal the grants"
    books.report_button.click()
    dialog = screen.page.show_report()
    assert dialog is not None
    qtbot.addWidget(dialog)
    assert "row kept, day 20260630" in dialog.text.toPlainText()
    dialog.submit()
    assert "row kept, day 20260630" in QApplication.clipboard().text()


def test_on_a_database_that_can_only_be_read_a_proof_is_told_but_not_kept(
    open_as: Opener,
) -> None:
    screen = open_as(read_only=True)
    books = screen.page.books
    assert "not kept" in books.when.text()
    screen.page.verify()
    screen.settle()
    assert books.chip.text() == "The books balance"
    assert screen.desk.integrity.latest_proof() is None
    assert "nothing can be decided" in screen.page.approvals.who.text()


def test_a_proof_that_fails_says_why_and_leaves_what_was_known(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verify(_progress: Any, *, stop: threading.Event) -> None:
        raise DatabaseFailed("The disk that holds the database does not answer.")

    monkeypatch.setattr(screen.desk.integrity, "verify", verify)
    screen.page.verify()
    screen.settle()
    assert screen.page.books.verify_button.isVisible()
    assert screen.window.notices.findChildren(QPushButton)


# --- Who looks, and states


def test_who_may_not_decide_is_told_who_does(open_as: Opener) -> None:
    assert open_as(lively.ADMIN).page.approvals.who.text() != ""
    said = open_as(lively.SUPPORT).page.approvals.who.text()
    assert said == "A support lead or an admin decides; you may look."


@pytest.mark.parametrize(
    ("role", "action"),
    [("admin", "Import users…"), ("qa", "Look at the prices")],
)
def test_an_empty_database_welcomes_and_says_what_to_do_first(
    open_as: Opener, tmp_path: Path, role: str, action: str
) -> None:
    path, person = tmp_path / "new.db", f"{role}@pixpretty.example"
    with open_desk(path, staff=lively.ADMIN, now=lively.at_the_end) as desk:
        desk.staff.add(person, role)
    screen = open_as(person, path)
    overlay = screen.page.overlay
    assert overlay.isVisible()
    (button,) = [b for b in overlay.findChildren(QPushButton) if b.isVisible()]
    assert button.text() == action
    button.click()
    assert screen.opened()[0] == ("settings" if role == "admin" else "prices")


def test_what_cannot_be_read_says_so_and_is_read_again(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def now(*, stop: threading.Event) -> Overview:
        raise DatabaseFailed("The disk that holds the database does not answer.")

    with monkeypatch.context() as broken:
        broken.setattr(screen.desk.overview, "now", now)
        screen.window.reload()
        screen.settle()
    assert screen.page.overlay.isVisible()
    retry = next(b for b in screen.page.overlay.findChildren(QPushButton) if b.text() == "Retry")
    retry.click()
    screen.settle()
    assert not screen.page.overlay.isVisible()


def test_the_first_start_opens_the_overview_and_later_ones_the_last_page(
    open_as: Opener,
) -> None:
    screen = open_as()
    assert screen.window.trail.here is not None
    assert screen.window.trail.here.page == "overview"
    screen.window.open_page("prices")
    screen.window.close()
    assert open_as().window.first_page == "prices"
