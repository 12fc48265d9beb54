"""States, toasts, notices and bars: what is said while, instead of, and after."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.ui.theme import Theme
from app.ui.widgets.card import StatCard
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.notice import Notices
from app.ui.widgets.proportion import Part, ProportionBar, widths
from app.ui.widgets.states import Overlay
from app.ui.widgets.toast import HISTORY, Toasts

NOW = datetime(2026, 11, 22, 14, 2, 11, tzinfo=UTC)


@pytest.fixture
def holder(qtbot: QtBot, theme: Theme) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def test_a_quick_answer_shows_no_line(holder: QWidget) -> None:
    overlay = Overlay(holder)
    overlay.loading()
    assert overlay.is_loading
    assert not overlay.line.isVisible()
    overlay.ready()
    assert not overlay.is_loading


def test_a_slow_answer_shows_a_line_over_what_is_in_view_then_a_cancel(
    holder: QWidget, qtbot: QtBot
) -> None:
    overlay = Overlay(holder)
    cancelled: list[bool] = []
    overlay._cancel_timer.setInterval(200)
    overlay.loading(lambda: cancelled.append(True))
    qtbot.waitUntil(overlay.line.isVisible)
    assert not overlay.isVisible()
    assert overlay.line.height() == 2
    qtbot.waitUntil(overlay._stopper.isVisible)
    overlay._stopper.click()
    assert cancelled == [True]
    assert not overlay.is_loading


def test_asking_again_while_loading_does_not_begin_the_wait_anew(
    holder: QWidget, qtbot: QtBot
) -> None:
    overlay = Overlay(holder)
    overlay.loading()
    qtbot.waitUntil(overlay.line.isVisible)
    overlay.loading()
    assert overlay.line.isVisible()


def test_a_failure_says_what_is_unchanged_with_retry_and_details(holder: QWidget) -> None:
    overlay = Overlay(holder)
    retried: list[bool] = []
    overlay.failed(
        "The ledger could not be read.", retry=lambda: retried.append(True), details="Traceback …"
    )
    assert overlay._note.text() == "Nothing was changed."
    overlay._button.click()
    overlay._copy.click()
    assert retried == [True]
    assert QGuiApplication.clipboard().text() == "Traceback …"
    assert overlay.size() == holder.size()
    holder.resize(700, 500)
    assert overlay.size() == QSize(700, 500)


def test_pictures_see_the_line_at_once(holder: QWidget) -> None:
    overlay = Overlay(holder)
    overlay.loading()
    overlay.settle()
    assert overlay.line.isVisible()
    overlay.ready()
    overlay.settle()
    assert not overlay.line.isVisible()


def test_toasts_stack_at_the_bottom_right_and_follow_the_window(holder: QWidget) -> None:
    toasts = Toasts(holder)
    for number in range(2):
        toasts.say(f"Number {number}", NOW)
    holder.resize(900, 700)
    corner = toasts.geometry().bottomRight()
    assert (holder.width() - corner.x(), holder.height() - corner.y()) == (21, 21)
    assert [toast.label.text() for toast in toasts.shown] == ["Number 0", "Number 1"]


def test_a_second_toast_has_the_room_it_needs_beside_the_first(holder: QWidget) -> None:
    toasts = Toasts(holder)
    for number in range(3):
        toasts.say(f"Number {number} says something that takes more than a line. " * 2, NOW)
        QApplication.processEvents()
    for toast in toasts.shown:
        assert toast.height() >= toast.heightForWidth(toast.width())
        assert toast.label.height() >= toast.label.heightForWidth(toast.label.width())


def test_a_toast_leaves_by_itself_but_not_under_the_keyboard(holder: QWidget, qtbot: QtBot) -> None:
    toasts = Toasts(holder)
    held = toasts.say("Held", NOW, undo=lambda: None)
    brief = toasts.say("Brief", NOW)
    holder.activateWindow()
    qtbot.waitUntil(holder.isActiveWindow)
    held.undo_button.setFocus()
    for toast in (held, brief):
        toast._timer.setInterval(1)
        toast._timer.start()
    qtbot.waitUntil(lambda: toasts.shown == [held])
    assert held._timer.isActive() or held.isVisible()
    held.close_button.click()
    assert toasts.shown == []
    assert not toasts.isVisible()


def test_a_hovered_toast_waits(holder: QWidget) -> None:
    toast = Toasts(holder).say("Hovered", NOW)
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    assert toast._timer.isActive()
    toast.enterEvent(None)  # type: ignore[arg-type]
    assert not toast._timer.isActive()


def test_the_history_keeps_the_newest(holder: QWidget) -> None:
    toasts = Toasts(holder)
    for number in range(HISTORY + 5):
        toasts.say(str(number), NOW).leave()
    assert len(toasts.history) == HISTORY
    assert toasts.history[0].text == str(HISTORY + 4)


def test_a_notice_is_replaced_by_its_key_and_dismissed(holder: QWidget) -> None:
    notices = Notices()
    notices.setParent(holder)
    notices.show_notice("locked", "Locked by <b>another</b> program.", tone="warning")
    notices.show_notice("locked", "Still locked.", tone="warning")
    notices.show_notice("elsewhere", "Changed elsewhere.")
    assert notices.sentences == ["Still locked.", "Changed elsewhere."]
    notices.clear("locked")
    notices.clear("locked")
    notices.clear("elsewhere")
    assert notices.isHidden()


@given(st.lists(st.integers(0, 10**6), max_size=40), st.integers(0, 2_000))
def test_parts_fill_the_bar_and_none_disappears(weights: list[int], room: int) -> None:
    given_widths = widths(weights, room)
    assert len(given_widths) == len(weights)
    if sum(weights) and room >= 4 * len(weights):
        assert sum(given_widths) == room
        pairs = zip(given_widths, weights, strict=True)
        assert all((width >= 4) == (weight > 0) for width, weight in pairs)


def test_a_part_is_told_by_click_and_by_keyboard(qtbot: QtBot, theme: Theme) -> None:
    bar = ProportionBar("Balance")
    qtbot.addWidget(bar)
    bar.resize(301, 22)
    bar.show_parts([Part("7", 100, "Plus, 100 left"), Part("9", 200, "Bonus <b>", faint=True)])
    bar.show()
    told: list[str] = []
    bar.clicked.connect(told.append)
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(200, 10))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(bar, key)
    assert told == ["9", "7"]
    assert bar.accessibleDescription() == "Plus, 100 left; Bonus <b>"


def test_a_stat_card_reads_as_one_sentence(qtbot: QtBot, theme: Theme) -> None:
    card = StatCard("Balance", "1,284", "150 expire on 31 Dec")
    qtbot.addWidget(card)
    assert card.accessibleName() == "Balance: 1,284. 150 expire on 31 Dec"
    card.show_number("0", "nothing expires", "Available")
    assert card.accessibleName() == "Available: 0. nothing expires"


@pytest.mark.parametrize("right_to_left", [False, True])
def test_a_flow_wraps_like_words_in_either_direction(
    qtbot: QtBot, theme: Theme, right_to_left: bool
) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    if right_to_left:
        holder.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    flow = FlowLayout(holder, 8)
    buttons = [QWidget() for _number in range(6)]
    for button in buttons:
        button.setFixedSize(100, 20)
        flow.addWidget(button)
    holder.resize(330, 200)
    holder.show()
    lefts = [button.x() for button in buttons]
    assert lefts == ([230, 122, 14] * 2 if right_to_left else [0, 108, 216] * 2)
    assert [button.y() for button in buttons] == [0, 0, 0, 24, 24, 24]
    assert flow.heightForWidth(330) == 44
