"""Pictures are the same pixels each time, in two processes too."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.background import Background
from app.ui.pictures import dress, picture, wait_until_quiet
from app.ui.theme import Theme
from app.ui.widgets.card import StatCard
from app.ui.widgets.states import Overlay
from app.ui.widgets.text import Label

DRAW = """
from app.ui.pictures import prepare
prepare({scale})
from app.ui.pictures import application, dress, picture
from app.ui.theme import current
from app.ui.widgets.card import StatCard
application()
dress(current(), "dark")
import sys
sys.stdout.buffer.write(picture(StatCard("Balance", "1,284", "150 expire"), (300, 100)))
"""


def draw_elsewhere(scale: int, environment: dict[str, str]) -> bytes:
    done = subprocess.run(
        [sys.executable, "-c", DRAW.format(scale=scale)],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env=environment,
        timeout=60,
    )
    return done.stdout


@pytest.mark.slow
def test_two_processes_in_hostile_surroundings_draw_the_same_pixels() -> None:
    import os

    calm = dict(os.environ)
    hostile = {
        **calm,
        "QT_SCALE_FACTOR": "3",
        "QT_FONT_DPI": "144",
        "LC_ALL": "de_DE.UTF-8",
        "TZ": "Asia/Tokyo",
        "QT_STYLE_OVERRIDE": "windows",
    }
    assert draw_elsewhere(1, calm) == draw_elsewhere(1, hostile)
    double = QImage.fromData(draw_elsewhere(2, hostile))
    assert (double.width(), double.height()) == (600, 200)


def test_a_look_comes_back_to_the_same_pixels(qtbot: QtBot, theme: Theme) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    column.addWidget(StatCard("Balance", "1,284"))
    column.addWidget(Label("Amira <b>Haddad</b>", "title"))
    drawn = []
    for scheme in ("light", "dark", "light"):
        dress(theme, scheme)
        drawn.append(hashlib.sha256(picture(holder, (400, 300))).hexdigest())
    assert drawn[0] == drawn[2] != drawn[1]


def test_a_loading_line_is_in_the_picture_without_waiting(qtbot: QtBot, theme: Theme) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    overlay = Overlay(holder)
    ready = picture(holder, (300, 200))
    overlay.loading()
    assert picture(holder, (300, 200)) != ready
    overlay.ready()


def test_a_picture_waits_for_every_answer(background: Background) -> None:
    answers: list[int] = []
    for number in range(5):
        background.read(lambda stop, number=number: number, answers.append)  # type: ignore[misc]
    wait_until_quiet(background)
    assert sorted(answers) == [0, 1, 2, 3, 4]
