"""Words on the screen are never markup, whatever a user calls himself."""

import pytest
from PySide6.QtCore import QCoreApplication, QRect, Qt
from PySide6.QtGui import QGuiApplication, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.ui.theme import Theme
from app.ui.widgets.button import Button, CutButton
from app.ui.widgets.text import Badge, Copyable, ElidedLabel, Key, Label, plain_tip

HOSTILE = "<img src=x><b>Ann</b> & \u202eBob\x07"
TAME = "<img src=x><b>Ann</b> & Bob"


@pytest.mark.parametrize("kind", [Label, ElidedLabel, Badge, Key])
def test_labels_show_text_as_it_is_written(kind: type[Label], qtbot: QtBot, theme: Theme) -> None:
    label = kind(HOSTILE)
    qtbot.addWidget(label)
    assert label.text() == TAME
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_a_tooltip_is_escaped_and_keeps_its_lines() -> None:
    assert plain_tip("a <b>\n& b") == "<qt>a &lt;b&gt;<br>&amp; b</qt>"
    assert plain_tip("") == ""


def test_an_elided_label_tells_the_whole_in_its_tooltip(qtbot: QtBot, theme: Theme) -> None:
    label = ElidedLabel("A name that is much too long for the room it is given")
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() < label.sizeHint().width()
    assert "much too long" in label.toolTip()


def test_a_click_or_enter_copies_the_whole_of_an_id_even_when_it_is_cut(
    qtbot: QtBot, theme: Theme
) -> None:
    field = Copyable("usr_" + "x" * 60 + "&y", what="Copy id")
    qtbot.addWidget(field)
    field.resize(60, 20)
    field.show()
    assert field.width() == 60
    with qtbot.waitSignal(field.copied) as caught:
        QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    assert caught.args == ["usr_" + "x" * 60 + "&y"]
    assert QGuiApplication.clipboard().text() == caught.args[0]
    field.set_text("")
    assert not field.isEnabled()


def test_a_badge_changes_its_tone(qtbot: QtBot, theme: Theme) -> None:
    badge = Badge("Open", "warning")
    qtbot.addWidget(badge)
    badge.show()
    assert badge.palette().color(badge.foregroundRole()).name().upper() == theme.tokens["warning"]
    badge.show_as("Active", "success")
    assert badge.palette().color(badge.foregroundRole()).name().upper() == theme.tokens["success"]


def test_words_stand_where_reading_begins_and_numbers_keep_their_sign_before_them(
    qtbot: QtBot, theme: Theme
) -> None:
    label = Label("−18 % vs October")
    qtbot.addWidget(label)
    right, left = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft
    assert label.alignment() & left
    label.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert label.alignment() & right
    assert label.text() == "−18 % vs October"
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert label.alignment() == Qt.AlignmentFlag.AlignCenter


def test_an_elided_number_looks_the_same_in_either_direction(qtbot: QtBot, theme: Theme) -> None:
    pictures = []
    for direction in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft):
        label = ElidedLabel("−12")
        qtbot.addWidget(label)
        label.setLayoutDirection(direction)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setFixedSize(60, 20)
        label.show()
        pictures.append(label.grab().toImage())
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("kind", [ElidedLabel, Button])
def test_words_run_their_own_way_on_a_screen_that_is_read_from_the_right(
    kind: type[ElidedLabel | Button], qtbot: QtBot, theme: Theme
) -> None:
    widget = kind("3 days ago, −12 %…")
    qtbot.addWidget(widget)
    if isinstance(widget, ElidedLabel):  # in one place either way, to the part of a pixel
        widget.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
    widget.resize(widget.sizeHint())
    seen = []
    for direction in (Qt.LayoutDirection.RightToLeft, Qt.LayoutDirection.LeftToRight):
        QGuiApplication.setLayoutDirection(direction)
        seen.append(widget.grab().toImage())
    assert seen[0] == seen[1]


@pytest.mark.parametrize("selectable", [False, True])
def test_a_word_without_an_end_is_broken_where_the_room_ends(
    selectable: bool, qtbot: QtBot, theme: Theme
) -> None:
    label = Label("A link " + "x" * 600 + " and\nanother line", wrap=True)
    if selectable:
        label.selectable()
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() <= 240
    height = label.heightForWidth(200)
    assert height > 15 * label.fontMetrics().lineSpacing()
    label.resize(200, height)
    last_lines = label.grab(QRect(0, height - 40, 200, 40)).toImage()
    label.setText("A link " + "x" * 600 + " and\nanother")
    assert label.grab(QRect(0, height - 40, 200, 40)).toImage() != last_lines


def test_a_broken_word_that_can_be_selected_is_painted_once(qtbot: QtBot, theme: Theme) -> None:
    painted: list[int] = []

    class Counting(Label):
        def paintEvent(self, event: QPaintEvent) -> None:
            painted.append(self.width())
            super().paintEvent(event)

    label = Counting("x" * 600, wrap=True).selectable()
    qtbot.addWidget(label)
    label.resize(200, 300)
    label.show()
    for _ in range(20):
        QCoreApplication.processEvents()
    assert 1 <= len(painted) <= 3


def test_words_that_fit_are_wrapped_between_words_as_ever(qtbot: QtBot, theme: Theme) -> None:
    label, usual = Label("some words that fit " * 9, wrap=True), QLabel("some words that fit " * 9)
    usual.setWordWrap(True)
    usual.setFont(label.font())
    for widget in (label, usual):
        qtbot.addWidget(widget)
    assert label.heightForWidth(200) == usual.heightForWidth(200)


def test_a_link_that_is_cut_has_the_whole_in_its_tooltip(qtbot: QtBot, theme: Theme) -> None:
    link = CutButton("")
    qtbot.addWidget(link)
    link.setText(f"R&D {HOSTILE}")
    assert link.text() == f"R&D {TAME}".replace("&", "&&")
    link.resize(60, 24)
    link.grab()
    assert link.toolTip() == plain_tip(f"R&D {TAME}")
    link.setText("Ann")
    link.resize(200, 24)
    link.grab()
    assert link.toolTip() == ""
