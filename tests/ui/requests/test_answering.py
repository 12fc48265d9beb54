"""From a complaint to its answer: by keys, by two people at once, over the limit, taken back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.requests import State
from app.ui.requests.page import RequestsPage
from app.ui.window import Window
from tests.ui.requests.world import OpenAs, OpenWindow, page_of, settle

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
PLAIN = Qt.KeyboardModifier.NoModifier


def said(window: Window) -> list[str]:
    return [message.text for message in window.toasts.history]


def press(
    window: Window, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """A real key, to whatever has the keyboard."""
    window.activateWindow()
    target = QGuiApplication.focusObject()
    QTest.keyClick(window if target is None else target, key, held)  # type: ignore[call-overload]


def test_a_suggestion_is_taken_with_two_keys_the_reply_is_copied_and_the_next_request_is_there(
    window: Window, page: RequestsPage, desk: Desk, qtbot: QtBot
) -> None:
    QGuiApplication.clipboard().setText("something else")
    first = page.shown.request_id
    assert first == 1
    press(window, Key.Key_Return)
    settle(window, qtbot)
    assert not page.case.sheet.isHidden()
    assert (page.case.sheet.before.text(), page.case.sheet.after.text()) == ("176", "212")
    reply = page.case.sheet.reply_text
    assert "Hello Amira" in reply
    assert "refunded 36 credits" in reply
    press(window, Key.Key_Return, CTRL)
    settle(window, qtbot)
    answered = desk.requests.resolution(1)
    assert answered.request.state is State.REFUNDED
    assert answered.refund is not None
    assert answered.refund.returned == 36
    assert QGuiApplication.clipboard().text() == reply
    assert page.shown.request_id == 2
    assert page.shown.phase == "ready"
    assert page.queue.list.hasFocus()


def test_whoever_is_quicker_than_the_reply_copies_it_all_the_same(
    window: Window, page: RequestsPage, desk: Desk, qtbot: QtBot
) -> None:
    QGuiApplication.clipboard().clear()
    press(window, Key.Key_Return)
    press(window, Key.Key_Return, CTRL)
    settle(window, qtbot)
    assert desk.requests.request(1).state is State.REFUNDED
    assert "refunded 36 credits" in QGuiApplication.clipboard().text()


def test_every_open_request_is_answered_with_two_keys_each(
    window: Window, page: RequestsPage, desk: Desk, qtbot: QtBot
) -> None:
    for number in (1, 2, 3):
        assert page.shown.request_id == number
        press(window, Key.Key_Return)
        settle(window, qtbot)
        press(window, Key.Key_Return, CTRL)
        settle(window, qtbot)
        assert desk.requests.request(number).resolved
    assert page.state.count == 2
    assert window.side is not None


def test_writing_an_answer_takes_the_request_in_hand_and_going_back_keeps_it(
    window: Window, page: RequestsPage, desk: Desk, qtbot: QtBot
) -> None:
    press(window, Key.Key_Return)
    settle(window, qtbot)
    press(window, Key.Key_Escape)
    settle(window, qtbot)
    assert page.case.sheet.isHidden()
    request = desk.requests.request(1)
    assert (request.state, request.claimed_by) == (State.CLAIMED, "sam@pixpretty.example")
    assert page.state.counts is not None
    assert page.state.counts.mine == 1
    press(window, Key.Key_M, CTRL | Qt.KeyboardModifier.ShiftModifier)
    settle(window, qtbot)
    assert desk.requests.request(1).state is State.OPEN


def test_of_two_people_the_second_is_told_who_was_first_and_when_and_nothing_happens_twice(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot
) -> None:
    sam, lea = open_as("sam"), open_as("lea")
    window = over(sam)
    page = page_of(window)
    lea.requests.resolve(1, act="refund", charge_id=1)
    page.acts.answering.take(1)
    settle(window, qtbot)
    assert page.case.sheet.isHidden()
    assert "lea@pixpretty.example" in said(window)[0]
    assert "was first" in said(window)[0]
    assert "22 Nov 14:02" in said(window)[0]
    assert sam.accounts.account("usr_amira").available == 212


def test_who_claims_while_another_writes_the_answer_is_named_when_it_is_done(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot
) -> None:
    sam, lea = open_as("sam"), open_as("lea")
    window = over(sam)
    page = page_of(window)
    page.acts.answering.take(1)
    settle(window, qtbot)
    lea.requests.release(1)
    lea.requests.claim(1)
    page.acts.answering.answer()
    settle(window, qtbot)
    assert "lea@pixpretty.example" in said(window)[0]
    assert not lea.requests.request(1).resolved
    assert page.shown.request_id == 1
    assert page.case.sheet.isHidden()


def test_the_next_request_is_one_that_nobody_else_has_in_hand(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot
) -> None:
    sam, lea = open_as("sam"), open_as("lea")
    lea.requests.claim(1)
    lea.requests.claim(3)
    window = over(sam)
    page = page_of(window)
    assert page.shown.request_id == 2
    page.acts.answering.take(1)
    settle(window, qtbot)
    page.acts.answering.answer()
    settle(window, qtbot)
    assert page.shown.request_id == 4
    assert page.queue.list.current_request() is not None


def test_a_row_of_evidence_opens_its_entry_in_the_account(
    window: Window, page: RequestsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    went: list[tuple[str, object]] = []
    monkeypatch.setattr(window, "open_page", lambda key, place=None: went.append((key, place)))
    page.case.findings.views[0].rows[0].click()
    page.case.account.name.click()
    assert went == [("users", ("usr_amira", "charge", 1)), ("users", "usr_amira")]


def test_who_answers_while_another_writes_is_named_as_soon_as_it_is_heard_of(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot
) -> None:
    sam, lea = open_as("sam"), open_as("lea")
    window = over(sam)
    page = page_of(window)
    page.acts.answering.take(1)
    settle(window, qtbot)
    lea.requests.release(1)
    lea.requests.resolve(1, act="refund", charge_id=1)
    window.heard({"requests", "accounts"})
    settle(window, qtbot)
    assert page.case.sheet.isHidden()
    assert "Refunded 36 credits by \u2068lea@pixpretty.example\u2069, 22 Nov 14:02." in said(window)


def test_a_database_that_can_only_be_read_says_so_and_answers_nothing(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "writable", False)
    window = over(open_as("sam"))
    page = page_of(window)
    assert page.case.foot.why.text() == "This database can only be read here."
    page.acts.answering.take(1)
    assert page.case.sheet.isHidden()


def test_pressing_twice_answers_once(
    window: Window, page: RequestsPage, desk: Desk, qtbot: QtBot
) -> None:
    page.acts.answering.take(1)
    settle(window, qtbot)
    page.acts.answering.answer()
    page.acts.answering.answer()
    settle(window, qtbot)
    assert desk.accounts.account("usr_amira").available == 212
    assert not desk.requests.request(2).resolved


def test_another_amount_is_granted_with_its_before_and_after(
    window: Window, page: RequestsPage, desk: Desk, qtbot: QtBot
) -> None:
    press(window, Key.Key_G, CTRL)
    settle(window, qtbot)
    sheet = page.case.sheet
    assert sheet.credits.hasFocus()
    assert not sheet.act.isEnabled()
    QTest.keyClicks(sheet.credits, "40")
    settle(window, qtbot)
    assert (sheet.before.text(), sheet.after.text()) == ("176", "216")
    assert "added 40 credits" in sheet.reply_text
    press(window, Key.Key_Return, CTRL)
    settle(window, qtbot)
    grant = desk.requests.resolution(1).grant
    assert grant is not None
    assert (grant.credits, grant.ticket) == (40, "ZD-1")


def test_a_grant_can_be_undone_and_the_request_is_open_again(
    window: Window, page: RequestsPage, desk: Desk, qtbot: QtBot
) -> None:
    page.acts.answering.grant()
    page.case.sheet.credits.set_amount(40)
    settle(window, qtbot)
    page.acts.answering.answer()
    settle(window, qtbot)
    window.toasts.shown[-1].undo_button.click()
    settle(window, qtbot)
    assert desk.accounts.account("usr_amira").available == 176
    again = desk.requests.request(1).reopened_as
    assert page.shown.request_id == again
    assert again is not None
    assert desk.requests.request(again).state is State.OPEN


def test_more_than_the_limit_waits_for_a_lead_and_says_so_on_the_button(
    window: Window, page: RequestsPage, desk: Desk, qtbot: QtBot
) -> None:
    page.acts.answering.grant()
    page.case.sheet.credits.set_amount(400)
    settle(window, qtbot)
    assert page.case.sheet.act.text() == "Send for approval, copy reply"
    page.acts.answering.answer()
    settle(window, qtbot)
    assert desk.requests.request(1).waiting
    assert page.state.counts is not None
    assert page.state.counts.waiting == 1
    assert page.shown.request_id == 2


def test_a_declined_request_gives_nothing_and_its_reply_can_be_written_by_hand(
    window: Window, page: RequestsPage, desk: Desk, qtbot: QtBot
) -> None:
    press(window, Key.Key_D, CTRL)
    settle(window, qtbot)
    sheet = page.case.sheet
    sheet.reply.setPlainText("Sorry, no.")
    sheet.note.setText("Nothing was charged")
    settle(window, qtbot)
    assert sheet.reply_text == "Sorry, no."
    assert not sheet.anew.isHidden()
    press(window, Key.Key_Return, CTRL)
    settle(window, qtbot)
    request = desk.requests.request(1)
    assert (request.state, request.note) == (State.DECLINED, "Nothing was charged")
    assert QGuiApplication.clipboard().text() == "Sorry, no."
    assert desk.accounts.account("usr_amira").available == 176


def test_another_charge_can_be_refunded_than_the_one_suggested(
    window: Window, page: RequestsPage, desk: Desk, qtbot: QtBot
) -> None:
    page.open_request(2)
    settle(window, qtbot)
    page.acts.answering.refund()
    settle(window, qtbot)
    sheet = page.case.sheet
    offered = [sheet.charge.itemData(at) for at in range(sheet.charge.count())]
    assert sorted(offered) == ["2", "3"]
    sheet.charge.choose("2")
    settle(window, qtbot)
    page.acts.answering.answer()
    settle(window, qtbot)
    assert desk.requests.request(2).charge_id == 2


def test_who_may_only_look_sees_the_queue_and_is_told_why_nothing_can_be_done(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot
) -> None:
    window = over(open_as("quentin"))
    page = page_of(window)
    assert page.state.count == 5
    assert "may not resolve requests" in page.case.foot.why.text()
    assert not page.case.foot.grant.isEnabled()
    press(window, Key.Key_Return)
    settle(window, qtbot)
    assert page.case.sheet.isHidden()
    assert "may not resolve requests" in said(window)[0]


def test_a_request_of_nobody_known_asks_whose_it_is_before_it_is_answered(
    window: Window, page: RequestsPage, desk: Desk, qtbot: QtBot
) -> None:
    page.open_request(5)
    settle(window, qtbot)
    page.acts.answering.take(1)
    dialog = page.acts.dialog
    assert dialog is not None
    dialog.finder.search.setText("ben@")  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: dialog.finder.chosen is not None)  # type: ignore[attr-defined]
    dialog.try_submit()  # type: ignore[attr-defined]
    settle(window, qtbot)
    assert desk.requests.request(5).user_id == "usr_ben"
    assert page.shown.here is not None
    assert page.shown.here.account is not None
    assert page.case.account.name.text() == "Ben Ødegård"


def test_what_somebody_else_does_meanwhile_is_seen_without_losing_the_answer_being_written(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot
) -> None:
    sam, lea = open_as("sam"), open_as("lea")
    window = over(sam)
    page = page_of(window)
    page.acts.answering.take(1)
    settle(window, qtbot)
    page.case.sheet.reply.setPlainText("My own words.")
    lea.requests.claim(2)
    window.heard({"accounts", "prices", "requests"})
    settle(window, qtbot)
    assert page.case.sheet.reply_text == "My own words."
    assert not page.case.sheet.isHidden()
