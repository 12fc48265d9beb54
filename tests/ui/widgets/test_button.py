"""A button keeps the keyboard while its work is under way."""

import pytest
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.widgets.button import Button


class Three(QWidget):
    """Three buttons beneath each other."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.work, self.danger = (Button(word) for word in ("First", "Work", "Danger"))
        column = QVBoxLayout(self)
        for button in (self.first, self.work, self.danger):
            column.addWidget(button)


@pytest.fixture
def three(qtbot: QtBot) -> Three:
    made = Three()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.work.setFocus()
    return made


def test_the_focus_comes_back_to_the_button_whose_work_is_done(three: Three) -> None:
    three.work.setEnabled(False)
    assert three.focusWidget() is not three.work
    three.work.setEnabled(True)
    assert three.focusWidget() is three.work


def test_the_focus_comes_back_also_where_a_dialog_stood_in_front_when_the_work_began(
    three: Three,
) -> None:
    asking = QDialog(three)
    asking.open()
    asking.activateWindow()
    three.work.setEnabled(False)
    asking.accept()
    three.work.setEnabled(True)
    assert three.focusWidget() is three.work


def test_whoever_went_on_meanwhile_stays_where_they_went(three: Three) -> None:
    three.work.setEnabled(False)
    three.first.setFocus()
    three.work.setEnabled(True)
    assert three.focusWidget() is three.first


def test_a_button_that_had_no_focus_takes_none(three: Three) -> None:
    three.first.setFocus()
    three.work.setEnabled(False)
    three.work.setEnabled(True)
    assert three.focusWidget() is three.first
