"""The overview over a real database: its figures, what they open, its states."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app import open_desk
from app.domain.errors import DatabaseFailed
from app.domain.flows import Overview
from app.ui import format as write
from app.ui.theme import Theme
from app.ui.widgets.figures import FigureLine
from tests import lively
from tests.ui.overview.conftest import Opener, Screen


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
