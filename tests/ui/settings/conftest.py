"""A window with the settings over a database in which much has happened."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pytestqt.qtbot import QtBot

from app import open_desk
from app.desk import Desk
from app.ui.background import Background
from app.ui.page import Frame, Page, PageEntry
from app.ui.settings.page import SettingsPage
from app.ui.theme import Theme
from app.ui.window import Standing, Window
from tests import lively
from tests.ui.settings.world import As, Opener, settle


def _build(frame: Frame) -> Page:
    return SettingsPage(frame)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return lively.put(tmp_path)


@pytest.fixture
def as_(path: Path) -> Iterator[As]:
    """The desk as somebody of the staff."""
    opened: list[Desk] = []

    def open_as(person: str) -> Desk:
        opened.append(open_desk(path, staff=person, now=lively.at_the_end))
        return opened[-1]

    yield open_as
    for desk in opened:
        desk.close()


@pytest.fixture
def desk(as_: As) -> Desk:
    return as_(lively.SUPPORT)


@pytest.fixture
def opener(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Opener]:
    opened: list[Window] = []

    def open_window(desk: Desk, section: str = "database") -> Window:
        window = Window(
            desk=desk,
            background=Background(),
            now=desk.now,
            zone=ZoneInfo(desk.zone),
            pages=[PageEntry("settings", "Settings", "settings", "Ctrl+,", _build, at_bottom=True)],
            standing=Standing("credits.db"),
            settings=tmp_path / "window.ini",
        )
        opened.append(window)
        qtbot.addWidget(window)
        window.show()
        window.open_page("settings", section)
        settle(window, qtbot)
        return window

    yield open_window
    for window in opened:
        window.close()
