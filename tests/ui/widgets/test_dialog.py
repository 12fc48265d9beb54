"""Dialogs do a thing once, say refusals inside, and close only when it is safe."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.ui.theme import Theme
from app.ui.widgets.dialog import Dialog, Question
from app.ui.widgets.fields import NoteField

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def dialog(qtbot: QtBot, theme: Theme) -> Dialog:
    made = Dialog(None, "Issue credits", "Issue 24")
    qtbot.addWidget(made)
    made.note = NoteField("Note")  # type: ignore[attr-defined]
    made.line = QLineEdit()  # type: ignore[attr-defined]
    made.body.addWidget(made.note)  # type: ignore[attr-defined]
    made.body.addWidget(made.line)  # type: ignore[attr-defined]
    made.open()
    return made


@pytest.mark.parametrize("field", ["note", "line"])
def test_control_enter_submits_from_any_field_and_enter_alone_does_not(
    dialog: Dialog, field: str
) -> None:
    submitted: list[bool] = []
    dialog.submitted.connect(lambda: submitted.append(True))
    widget = getattr(dialog, field)
    QTest.keyClick(widget, Qt.Key.Key_Return)
    assert submitted == []
    QTest.keyClick(widget, Qt.Key.Key_Return, CONTROL)
    assert submitted == [True]


def test_typing_begins_in_the_first_field_and_not_at_cancel(dialog: Dialog) -> None:
    assert dialog.focusWidget() is dialog.note  # type: ignore[attr-defined]


def test_a_dialog_that_chose_its_field_begins_there(qtbot: QtBot, theme: Theme) -> None:
    made = Dialog(None, "Issue credits", "Issue 24")
    qtbot.addWidget(made)
    first, second = QLineEdit(), QLineEdit()
    made.body.addWidget(first)
    made.body.addWidget(second)
    second.setFocus()
    made.open()
    assert made.focusWidget() is second


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_the_button_that_has_the_focus_is_pressed_by_enter_as_by_space(
    dialog: Dialog, key: Qt.Key
) -> None:
    QTest.keyClick(dialog.cancel_button, key)
    assert not dialog.isVisible()


def test_enter_held_down_presses_a_button_no_second_time(dialog: Dialog) -> None:
    held = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "", True
    )
    QApplication.sendEvent(dialog.cancel_button, held)
    assert dialog.isVisible()


def test_a_double_click_submits_once(dialog: Dialog) -> None:
    submitted: list[bool] = []
    dialog.submitted.connect(lambda: submitted.append(True))
    for _ in range(3):
        QTest.mouseClick(dialog.act_button, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(dialog.act_button, Qt.MouseButton.LeftButton)
    assert submitted == [True]
    assert dialog.busy


def test_while_busy_escape_and_cancel_do_not_close(dialog: Dialog) -> None:
    dialog.try_submit()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert not dialog.cancel_button.isEnabled()
    dialog.accept()
    assert not dialog.isVisible()


def test_a_refusal_is_said_inside_and_the_person_goes_on(dialog: Dialog) -> None:
    dialog.try_submit()
    dialog.refuse("Only 12 credits are left of your day.")
    assert dialog.problem == "Only 12 credits are left of your day."
    assert not dialog.busy
    dialog.try_submit()
    assert dialog.problem == ""
    dialog.refuse("Again.")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_what_is_not_allowed_is_not_done(dialog: Dialog) -> None:
    submitted: list[bool] = []
    dialog.submitted.connect(lambda: submitted.append(True))
    dialog.set_act("Issue", allowed=False)
    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    dialog.act_button.click()
    assert submitted == []
    dialog.set_act("Send for approval")
    dialog.act_button.click()
    assert submitted == [True]
    assert dialog.act_button.text() == "Send for approval"


def test_a_question_does_it_after_closing(qtbot: QtBot, theme: Theme) -> None:
    done: list[bool] = []
    question = Question(
        None, "Void?", "What is unused is taken back.", "Void", lambda: done.append(True)
    )
    qtbot.addWidget(question)
    question.open()
    question.act_button.click()
    assert done == [True]
    assert not question.isVisible()


def test_a_refusal_makes_room_for_itself_and_cuts_no_field(dialog: Dialog, qtbot: QtBot) -> None:
    note = dialog.findChild(NoteField)
    assert note is not None
    qtbot.waitUntil(dialog.isVisible)
    before = dialog.height()
    dialog.refuse("The disk is full. Nothing of this step was saved. " * 6)
    assert dialog.height() > before
    qtbot.waitUntil(lambda: dialog.findChildren(QLineEdit)[0].height() >= 28)
    assert note.visibleRegion().boundingRect().height() == note.height()


def test_a_dialog_that_grows_stays_in_the_middle_and_on_the_screen(dialog: Dialog) -> None:
    screen = dialog.screen().availableGeometry()
    dialog.move(screen.left() + 20, screen.top() + 200)
    before = dialog.geometry()
    grow(dialog, 200)
    grown = dialog.height() - before.height()
    assert grown > 100
    assert abs(before.top() - dialog.geometry().top() - grown // 2) <= 1
    dialog.move(screen.left() + 20, screen.bottom() - dialog.height())
    grow(dialog, 100)
    assert dialog.frameGeometry().bottom() <= screen.bottom()


def grow(dialog: Dialog, by: int) -> None:
    more = QLabel("what came")
    more.setFixedHeight(by)
    dialog.body.addWidget(more)
    more.show()
    dialog.make_room()
