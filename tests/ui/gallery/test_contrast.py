"""What is written on any screen stands out enough to be read, light and dark, as it is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.main import stage
from app.ui.columns import Column
from app.ui.gallery.drawing import Placed, hurry
from app.ui.gallery.finding import every_shown
from app.ui.gallery.shown import Shown
from app.ui.gallery.stage import Stage
from app.ui.pictures import wait_until_quiet
from app.ui.rows_model import RowsModel
from app.ui.theme import Theme
from app.ui.tokens import DARK, LIGHT
from app.ui.widgets.table import Table
from app.ui.widgets.text import Label
from tests.ui.gallery.contrast import weak

READY = [shown for shown in every_shown() if shown.state == "ready"]
Scheme = Literal["light", "dark"]


@pytest.fixture(scope="module")
def shared() -> Iterator[Stage]:
    """One stage for all states of a module: its desks are opened once."""
    made = stage()
    yield made
    made.close()


def look_at(stage: Stage, shown: Shown) -> list[str]:
    placed = Placed(stage, shown)
    try:
        if shown.size is not None:
            placed.widget.resize(*shown.size)
        placed.widget.show()
        wait_until_quiet(placed.frame.background)
        hurry(placed.widget)
        wait_until_quiet(placed.frame.background)
        return [f"{shown.name}: {what}" for what in weak(placed.widget)]
    finally:
        placed.take_down()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("shown", READY, ids=lambda shown: shown.name)
def test_everything_written_can_be_read(
    shown: Shown, scheme: Scheme, shared: Stage, theme: Theme
) -> None:
    theme.choose(scheme=scheme)
    assert look_at(shared, shown) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_ink_too_close_to_its_ground_is_found_wherever_it_is_written(
    scheme: Scheme, qtbot: QtBot, theme: Theme
) -> None:
    theme.choose(scheme=scheme)
    pale = (LIGHT if scheme == "light" else DARK)["border_strong"]
    columns = (Column[str]("name", "Name", lambda name: name, ink="border_strong"),)
    table = Table(RowsModel(columns, ["Ann"]), "Names")
    label, button = Label("Too pale"), QPushButton("Delete")
    for one in (label, button):
        one.setStyleSheet(f"color: {pale}")
    top = QWidget()
    qtbot.addWidget(top)
    top.setObjectName("sheet")
    column = QVBoxLayout(top)
    for widget in (Label("Fine", ink="text3"), label, button, table):
        column.addWidget(widget)
    top.show()
    found = [what.partition(":")[0] for what in weak(top)]
    assert found == ["Label “Too pale”", "QPushButton “Delete”", "Table “Ann”"]
