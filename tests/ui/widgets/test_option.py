"""Options: every arrow key goes to another, and chooses it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QWidget
from pytestqt.qtbot import QtBot

from app.ui.theme import Theme
from app.ui.widgets.option import Option

DIRECTIONS = QBoxLayout.Direction


@pytest.fixture(params=[DIRECTIONS.LeftToRight, DIRECTIONS.TopToBottom])
def three(qtbot: QtBot, theme: Theme, request: pytest.FixtureRequest) -> QWidget:
    """Three options beside or beneath each other, the first chosen and the keyboard on it."""
    top = QWidget()
    qtbot.addWidget(top)
    line = QBoxLayout(request.param, top)
    group = QButtonGroup(top)
    for words in ("Now", "R&D", "Never"):
        option = Option(words)
        group.addButton(option)
        line.addWidget(option)
    top.show()
    top.activateWindow()
    qtbot.waitUntil(top.isActiveWindow)
    group.buttons()[0].setFocus()
    group.buttons()[0].setChecked(True)
    return top


def pressed(top: QWidget, *keys: Qt.Key) -> str:
    """Which option is chosen after these keys; the keyboard is on it too."""
    for key in keys:
        QTest.keyClick(top.focusWidget(), key)
    (chosen,) = (one for one in top.findChildren(Option) if one.isChecked())
    assert chosen.hasFocus()
    return chosen.text().replace("&&", "&")


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_Right])
def test_down_and_right_go_on_and_round(three: QWidget, key: Qt.Key) -> None:
    assert [pressed(three, key) for _ in range(3)] == ["R&D", "Never", "Now"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Up, Qt.Key.Key_Left])
def test_up_and_left_go_back(three: QWidget, key: Qt.Key) -> None:
    assert pressed(three, key) == "Never"


def test_from_right_to_left_left_goes_on(three: QWidget) -> None:
    three.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert pressed(three, Qt.Key.Key_Left) == "R&D"
    assert pressed(three, Qt.Key.Key_Down) == "Never"


def test_what_cannot_be_chosen_is_passed_over(three: QWidget) -> None:
    three.findChildren(Option)[1].setEnabled(False)
    assert pressed(three, Qt.Key.Key_Down) == "Never"
