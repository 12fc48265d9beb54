"""A window on the overview, over a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import open_desk
from app.desk import Desk
from app.domain.flows import Overview
from app.ui.background import Background
from app.ui.overview.page import OverviewPage
from app.ui.page import Frame, Page, PageEntry
from app.ui.theme import Theme
from app.ui.widgets.figures import FigureLine, LargeFigure
from app.ui.window import Standing, Window
from tests import lively


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
