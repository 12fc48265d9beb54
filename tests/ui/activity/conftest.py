"""A window on the page of activity over a lively database, its desk, and others who write to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app import open_desk
from app.desk import Desk
from app.ui.activity.page import ActivityPage
from app.ui.background import Background
from app.ui.page import Frame, Page, PageEntry
from app.ui.window import Standing, Window
from tests import lively


class Elsewhere(Page):
    """Stands for another page, and remembers where it was sent."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.sent: list[object] = []

    def show_state(self, state: object) -> None:
        """Nothing to show."""

    def reload(self) -> None:
        """Nothing to read."""

    def go(self, place: object) -> None:
        self.sent.append(place)


@dataclass
class Screen:
    """A window on the page of activity."""

    qtbot: QtBot
    desk: Desk
    settings: Path | None = None
    size: tuple[int, int] = (1440, 900)
    window: Window = field(init=False)

    def __post_init__(self) -> None:
        others = [
            PageEntry(key, key, "tag", "", Elsewhere) for key in ("users", "requests", "prices")
        ]
        self.window = Window(
            desk=self.desk,
            background=Background(),
            now=self.desk.now,
            zone=ZoneInfo(self.desk.zone),
            pages=[PageEntry("activity", "Activity", "history", "Ctrl+6", ActivityPage), *others],
            standing=Standing("credits.db", writable=self.desk.writable),
            settings=self.settings,
        )
        self.qtbot.addWidget(self.window)
        self.window.resize(*self.size)
        self.window.show()
        self.qtbot.waitExposed(self.window)
        self.window.start()
        self.window.open_page("activity")
        self.settle()

    @property
    def page(self) -> ActivityPage:
        page = self.window.build_all()["activity"]
        assert isinstance(page, ActivityPage)
        return page

    def settle(self) -> None:
        """Wait until every question is answered."""
        self.qtbot.waitUntil(lambda: not self.window.background.busy, timeout=20_000)

    def sent_to(self, key: str) -> list[object]:
        page = self.window.build_all()[key]
        assert isinstance(page, Elsewhere)
        return page.sent

    @property
    def shown(self) -> list[int]:
        """The numbers of the records in the list that are loaded."""
        return [one.id for _at, one in sorted(self.page.table.model_rows.loaded().items())]

    def type_search(self, text: str) -> None:
        self.page.list.search.setText(text)
        self.qtbot.waitUntil(lambda: self.page.state.query.text.split() == text.split())
        self.settle()

    @property
    def said(self) -> str:
        """What the newest toast says."""
        history = self.window.toasts.history
        return history[0].text if history else ""


def visible(widget: QWidget) -> bool:
    return not widget.isHidden()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return lively.put(tmp_path)


@pytest.fixture
def desk(path: Path) -> Iterator[Desk]:
    with open_desk(path, staff=lively.ADMIN, now=lively.at_the_end) as opened:
        yield opened


@pytest.fixture
def screen(qtbot: QtBot, desk: Desk) -> Iterator[Screen]:
    made = Screen(qtbot, desk)
    yield made
    made.window.close()


Opener = Callable[..., Screen]


@pytest.fixture
def opener(qtbot: QtBot) -> Iterator[Opener]:
    opened: list[Screen] = []

    def open_(desk: Desk, **how: object) -> Screen:
        opened.append(Screen(qtbot, desk, **how))  # type: ignore[arg-type]
        return opened[-1]

    yield open_
    for one in opened:
        one.window.close()
