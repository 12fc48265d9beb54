"""Desks and windows over the world of the Requests page."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.desk import Desk, open_desk
from app.ui.requests.page import RequestsPage
from app.ui.window import Window
from tests.ui.requests import world
from tests.ui.requests.world import (
    LEA,
    MIRA,
    NOW,
    QUENTIN,
    SAM,
    Clock,
    OpenAs,
    OpenWindow,
    page_of,
    window_over,
)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the world in it, made once."""
    path = tmp_path_factory.mktemp("requests") / "credits.db"
    clock = Clock()
    clock.now = datetime(2026, 10, 1, 8, tzinfo=UTC)
    with open_desk(path, staff=f"{MIRA}@pixpretty.example", now=clock) as desk:
        for name, role in ((SAM, "support"), (LEA, "support_lead"), (QUENTIN, "qa")):
            desk.staff.add(f"{name}@pixpretty.example", role)
        world.people(desk, clock)
        clock.now = NOW
        world.complaints(desk)
    return path


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_as(filled: Path, tmp_path: Path, clock: Clock) -> Iterator[OpenAs]:
    """Opens a copy of the world, the same for all, as somebody."""
    path = tmp_path / "credits.db"
    path.write_bytes(filled.read_bytes())
    opened: list[Desk] = []

    def as_(person: str) -> Desk:
        desk = open_desk(path, staff=f"{person}@pixpretty.example", now=clock)
        opened.append(desk)
        return desk

    yield as_
    for desk in opened:
        desk.close()


@pytest.fixture
def desk(open_as: OpenAs) -> Desk:
    return open_as(SAM)


@pytest.fixture
def over(qtbot: QtBot) -> Iterator[OpenWindow]:
    """Opens a window over a desk, and closes it when the test is done."""
    opened: list[Window] = []

    def open_window(desk: Desk) -> Window:
        opened.append(window_over(desk, qtbot))
        return opened[-1]

    yield open_window
    for window in opened:
        window.close()


@pytest.fixture
def window(desk: Desk, over: OpenWindow) -> Window:
    return over(desk)


@pytest.fixture
def page(window: Window) -> RequestsPage:
    return page_of(window)
