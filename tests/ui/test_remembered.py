"""What is kept between starts survives nonsense in the file."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from app.ui.remembered import (
    USUAL_SIZE,
    Remembered,
    fit_on_screen,
    fitting,
    keep_size,
    restore_size,
)


def test_values_are_there_again_in_another_start(tmp_path: Path) -> None:
    file = tmp_path / "window.ini"
    first = Remembered(file)
    first.remember("pages/filter", {"plan": ["plus", None], "text": "ü; \n <b>"})
    first.save()
    assert Remembered(file).recall("pages/filter") == {"plan": ["plus", None], "text": "ü; \n <b>"}


def test_an_unreadable_value_is_no_value(tmp_path: Path) -> None:
    file = tmp_path / "window.ini"
    file.write_text("[window]\nsize={broken\npage=@ByteArray(x)\n", "utf-8")
    kept = Remembered(file)
    assert kept.recall("window/size", "usual") == "usual"
    assert kept.recall("window/page") is None


@pytest.mark.parametrize(
    "size",
    [None, [], {"width": -5, "height": 3}, {"width": "wide"}, {"width": 10**9, "height": 10}],
)
def test_a_size_that_makes_no_sense_is_the_usual_one(qtbot: QtBot, size: object) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    kept = Remembered(None)
    kept.remember("window/size", size)
    restore_size(window, kept)
    assert (window.width(), window.height()) == USUAL_SIZE


def test_a_size_comes_back(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    kept = Remembered(None)
    window.resize(1_200, 700)
    keep_size(window, kept)
    window.resize(300, 300)
    restore_size(window, kept)
    assert (window.width(), window.height()) == (1_200, 700)


def test_a_window_as_large_as_the_screen_leaves_room_for_its_frame(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    room = window.screen().availableSize()
    window.resize(room.width() + 300, room.height())
    fit_on_screen(window)
    assert window.width() < room.width()
    assert window.height() < room.height()


def test_a_window_for_which_there_is_room_keeps_its_size() -> None:
    assert fitting((1_440, 900), (1_920, 1_080)) == (1_440, 900)
