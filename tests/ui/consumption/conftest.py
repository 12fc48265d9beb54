"""A window on the page of consumption, over a real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import open_desk
from app.desk import Desk
from app.ui.background import Background
from app.ui.consumption.page import ConsumptionPage
from app.ui.page import PageEntry
from app.ui.theme import Theme
from app.ui.window import Standing, Window
from tests import lively


class Screen:
    """A window on the page of consumption."""

    def __init__(self, qtbot: QtBot, desk: Desk, settings: Path, *others: PageEntry) -> None:
        self.qtbot, self.desk = qtbot, desk
        entry = PageEntry("consumption", "Consumption", "chart-bar", "Ctrl+5", ConsumptionPage)
        self.window = Window(
            desk=desk,
            background=Background(),
            now=desk.now,
            zone=ZoneInfo(desk.zone),
            pages=[entry, *others],
            standing=Standing("credits.db"),
            settings=settings,
        )
        qtbot.addWidget(self.window)
        self.window.resize(1200, 800)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.start()
        self.settle()

    @property
    def page(self) -> ConsumptionPage:
        page = self.window.page
        assert isinstance(page, ConsumptionPage)
        return page

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.window.background.busy)
        QApplication.processEvents()

    def choose(self, **changes: Any) -> None:
        self.page.choose(replace(self.page.state.choice, **changes))
        self.settle()

    def table(self) -> dict[str, list[str]]:
        """The table as people read it, by month."""
        model = self.page.table.rows
        rows = range(model.rowCount())
        columns = range(model.columnCount())
        return {
            str(model.data(model.index(row, 0))): [
                str(model.data(model.index(row, at))) for at in columns
            ][1:]
            for row in rows
        }

    def chart(self) -> dict[str, list[str]]:
        """What the chart draws, in the words of the table."""
        shown = self.page.chart.shown
        found = {}
        for at, month in enumerate(shown.months):
            last = shown.unfinished and at == len(shown.months) - 1
            name = f"{_NAMES[month.month - 1]} {month.year}{' so far' if last else ''}"
            total = shown.total(at)
            values = [f"{series.values[at]:,}" for series in shown.series]
            found[name] = ["—" if total is None else f"{total:,}", *values]
        return found

    def switch(self, key: str) -> None:
        (box,) = [box for box in self.page.chart.legend.boxes if box.key == key]
        box.click()
        self.settle()

    def toasts(self) -> list[str]:
        return [said.text for said in self.window.toasts.history]


_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(lively.put(tmp_path), staff=lively.SUPPORT, now=lively.at_the_end) as desk:
        yield desk


@pytest.fixture
def screen(qtbot: QtBot, theme: Theme, desk: Desk, tmp_path: Path) -> Iterator[Screen]:
    screen = Screen(qtbot, desk, tmp_path / "window.ini")
    yield screen
    screen.window.close()


def choose_table(screen: Screen, text: str) -> None:
    """Choose what the table beneath shows, as a person does."""
    table = screen.page.controls.table
    table.setCurrentIndex(table.findText(text))
    table.activated.emit(table.currentIndex())
    screen.settle()


def piece_of(screen: Screen) -> tuple[str, ...]:
    piece = screen.page.behind.piece
    assert piece is not None
    return (str(piece.month), *piece.keys)
