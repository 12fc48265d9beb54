"""The users behind a figure of the overview: where their list stands, and the ways back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.ui import format as write
from app.ui.overview.state import Piece
from app.ui.theme import Theme
from app.ui.widgets.figures import LargeFigure, figures_in
from tests.ui.overview.conftest import Screen


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
