"""States are declared beside what they show, and whatever has none is found."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.main import attend, pages, standing
from app.ui.gallery.drawing import draw
from app.ui.gallery.finding import every_class, every_shown, matching, undeclared
from app.ui.gallery.matrix import Look, matrix
from app.ui.gallery.readme import PICTURES
from app.ui.gallery.shown import Shown
from app.ui.gallery.stage import Stage
from app.ui.page import Page
from app.ui.theme import Theme
from app.ui.users.page import UsersPage
from app.ui.widgets.text import Label


@pytest.fixture
def stage(theme: Theme) -> Iterator[Stage]:
    made = Stage(pages(), standing, attend)
    yield made
    made.close()


def test_a_state_is_called_after_what_it_shows_and_has_that_name_alone() -> None:
    names = [shown.name for shown in every_shown()]
    assert "users-page.very-long-text" in names
    assert len(names) == len(set(names))


def test_a_pattern_is_a_part_of_a_name_or_one_with_stars() -> None:
    every = every_shown()
    assert {shown.of for shown in matching(every, "users-page")} == {UsersPage}
    assert [shown.name for shown in matching(every, "users*.ready")] == ["users-page.ready"]
    assert matching(every, "ready.") == ()


def test_pages_dialogs_and_stock_have_to_have_states_and_bases_need_none() -> None:
    needed = every_class()
    assert UsersPage in needed
    assert Label in needed
    assert Page not in needed


def test_every_page_dialog_and_widget_of_the_stock_has_states() -> None:
    assert undeclared(every_shown()) == (), "declare them in a shown.py beside them"


def test_every_page_of_the_side_bar_is_drawn_in_every_size() -> None:
    whole = [shown for shown in every_shown() if shown.whole]
    assert len({shown.of for shown in whole}) == len(whole) == len(pages())


def test_what_has_no_states_is_named() -> None:
    everything_but = [shown for shown in every_shown() if shown.of is not UsersPage]
    assert "app.ui.users.page.UsersPage" in undeclared(everything_but)


def test_a_page_is_drawn_in_every_size_scale_and_direction_and_a_widget_light_and_dark() -> None:
    every = every_shown()
    page = [one.name for one in matrix(matching(every, "users-page.ready"))]
    assert len(page) == len(set(page)) == 16
    assert "users-page.ready.1024-dark-2x-rtl" in page
    card = [one.name for one in matrix(matching(every, "stat-card.ready"))]
    assert card == ["stat-card.ready.light", "stat-card.ready.dark"]


def test_drawing_a_state_twice_gives_the_same_pixels_whatever_was_drawn_between(
    stage: Stage, qtbot: QtBot
) -> None:
    (page,) = matching(every_shown(), "users-page.hostile-text")
    first = draw(stage, page, Look())
    draw(stage, Shown(Label, "x", lambda _: Label("between")), Look(dark=True, right_to_left=True))
    assert draw(stage, page, Look()) == first


def test_questions_end_as_the_state_says(stage: Stage, qtbot: QtBot) -> None:
    seen = {}
    for state in ("loading", "failed", "empty"):
        (shown,) = matching(every_shown(), f"users-page.{state}")
        frame = stage.frame(shown)
        page = shown.build(frame)
        qtbot.addWidget(page)
        page.show()
        qtbot.waitUntil(lambda frame=frame: not frame.background.busy)  # type: ignore[misc]
        built = frame.page
        assert isinstance(built, UsersPage)
        seen[state] = built.state.phase
        frame.close()
    assert seen == {"loading": "loading", "failed": "failed", "empty": "empty"}


def test_a_widget_stands_on_a_sheet_with_room_around_it(stage: Stage, qtbot: QtBot) -> None:
    def red(_frame: object) -> QWidget:
        square = QWidget()
        square.setFixedSize(40, 30)
        square.setStyleSheet("background: #ff0000")
        return square

    image = draw(stage, Shown(Label, "x", red), Look())
    assert (image.width(), image.height()) == (72, 62)


def test_the_pictures_of_the_readme_are_those_that_are_drawn_for_it() -> None:
    root = Path(__file__).resolve().parents[3]
    shown = re.findall(r"resources/pictures/([\w-]+)\.png", (root / "README.md").read_text("utf-8"))
    assert set(shown) == PICTURES.keys()
    assert {file.stem for file in (root / "resources/pictures").iterdir()} == PICTURES.keys()
    assert set(PICTURES.values()) <= {one.name for one in matrix(every_shown())}
