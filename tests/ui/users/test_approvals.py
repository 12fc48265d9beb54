"""Approvals in the window: seen, decided by somebody else, told to who asked."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.errors import ApprovalRequired, DatabaseFailed
from app.ui.approvals import ApprovalsDialog
from app.ui.approvals_watch import ApprovalsWatch
from app.ui.window import Window
from tests.ui.users.conftest import Clock, OpenAs

AMIRA = "usr_01JD8Q4ZK7"
CARLA = "usr_01JE01MX"
CONTROL = Qt.KeyboardModifier.ControlModifier
Over = Callable[[Desk], Window]


@pytest.fixture
def sam(open_as: OpenAs, clock: Clock) -> Desk:
    """A member of support who asked for more than they may give."""
    desk = open_as("sam")
    for number, (user, credits) in enumerate(((AMIRA, 300), (CARLA, 400), (AMIRA, 500))):
        with pytest.raises(ApprovalRequired):
            desk.support.grant(
                user, credits, reason="goodwill", note=f"note {number}", ticket=f"ZD-{number}"
            )
    return desk


@pytest.fixture
def lead(sam: Desk, open_as: OpenAs, over: Over, clock: Clock) -> Window:
    clock.goes_to(2026, 11, 22, 15, 0)
    return over(open_as("maria"))


def quiet(window: Window, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.background.busy, timeout=30_000)


def opened(window: Window, qtbot: QtBot) -> ApprovalsDialog:
    watch = ApprovalsWatch(window)
    quiet(window, qtbot)
    dialog = watch.open()
    quiet(window, qtbot)
    return dialog


def test_a_lead_sees_how_many_wait_and_opens_them_from_the_top_bar(
    lead: Window, qtbot: QtBot
) -> None:
    watch = ApprovalsWatch(lead)
    quiet(lead, qtbot)
    assert lead.top.approvals.text() == "3 to approve"
    QTest.mouseClick(lead.top.approvals, Qt.MouseButton.LeftButton)
    quiet(lead, qtbot)
    dialog = watch.open()
    assert [row.approval.credits for row in dialog.model.rows] == [300, 400, 500]
    first = dialog.model.rows[0]
    assert (first.name, first.after - first.available, first.own) == ("Amira Haddad", 300, False)
    assert dialog._shown["Note"].text() == "note 0"
    dialog.reject()


def test_one_is_approved_and_the_next_chosen_without_the_mouse(
    lead: Window, sam: Desk, qtbot: QtBot
) -> None:
    before = sam.accounts.account(AMIRA).available
    dialog = opened(lead, qtbot)
    assert dialog.act_button.text() == "Approve 300 credits"
    QTest.keyClick(dialog.table, Qt.Key.Key_Return, CONTROL)
    QTest.keyClick(dialog.table, Qt.Key.Key_Return, CONTROL)
    quiet(lead, qtbot)
    assert sam.accounts.account(AMIRA).available == before + 300
    assert [row.approval.credits for row in dialog.model.rows] == [400, 500]
    assert dialog.state.chosen == (dialog.model.rows[0].approval.id,)
    assert lead.top.approvals.text() == "2 to approve"
    dialog.reject()


def test_to_reject_a_note_is_needed_and_who_asked_reads_it(
    lead: Window, sam: Desk, over: Over, clock: Clock, qtbot: QtBot
) -> None:
    clerk = over(sam)
    watch = ApprovalsWatch(clerk)
    quiet(clerk, qtbot)
    clock.goes_to(2026, 11, 22, 15, 5)
    dialog = opened(lead, qtbot)
    assert not dialog.reject_button.isEnabled()
    assert "write a note" in dialog.foot_note.text()
    QTest.keyClicks(dialog.note, "twice what it cost")
    QTest.keyClick(dialog.note, Qt.Key.Key_R, CONTROL)
    quiet(lead, qtbot)
    assert [row.approval.credits for row in dialog.model.rows] == [400, 500]
    assert not dialog.note.text
    dialog.reject()
    clerk.heard({"accounts"})
    quiet(clerk, qtbot)
    (said,) = [one.text for one in clerk.toasts.history if "rejected" in one.text]
    assert said == (
        f"maria@pixpretty.example rejected your 300 credits for {AMIRA} (ZD-0). twice what it cost"
    )
    watch.look()
    quiet(clerk, qtbot)
    assert len([one for one in clerk.toasts.history if "rejected" in one.text]) == 1


def test_several_are_approved_together_and_one_decided_meanwhile_holds_up_none(
    lead: Window, sam: Desk, open_as: OpenAs, qtbot: QtBot
) -> None:
    dialog = opened(lead, qtbot)
    chosen = QItemSelection(dialog.model.index(0, 0), dialog.model.index(2, 0))
    flags = QItemSelectionModel.SelectionFlag
    dialog.table.selectionModel().select(chosen, flags.Select | flags.Rows)
    assert dialog.act_button.text() == "Approve 1,200 credits"
    desk = open_as("maria")
    desk.staff.add("bo@pixpretty.example", "support_lead")
    open_as("bo").support.reject(2, "no")
    dialog.try_submit()
    quiet(lead, qtbot)
    assert "Approval 2 was rejected by bo@pixpretty.example at 22 Nov 2026 15:00" in dialog.problem
    assert dialog.model.rows == []
    assert [desk.support.approval(n).approved for n in (1, 2, 3)] == [True, False, True]
    assert dialog.table.overlay.isVisible()
    dialog.reject()


def test_who_asked_may_only_withdraw(sam: Desk, over: Over, qtbot: QtBot) -> None:
    clerk = over(sam)
    dialog = opened(clerk, qtbot)
    assert clerk.top.approvals.isHidden()
    assert dialog.act_button.isHidden()
    assert dialog.reject_button.text() == "Withdraw"
    dialog.reject_button.click()
    quiet(clerk, qtbot)
    assert sam.support.approval(1).approved is False
    assert len(dialog.model.rows) == 2
    dialog.reject()


def test_with_nothing_waiting_it_says_so(window: Window, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    assert dialog.state.phase == "empty"
    assert dialog.state.nothing == "Nothing waits for approval."
    assert not dialog.act_button.isEnabled()
    assert dialog.note.isHidden()
    dialog.reject()


def test_a_machine_that_fails_leaves_it_waiting_and_says_so(
    lead: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = opened(lead, qtbot)

    def writing() -> None:
        raise DatabaseFailed("The disk is full. Nothing of this step was saved.")

    monkeypatch.setattr(lead.desk.office.database, "writing", writing)
    dialog.note.setPlainText("fine")
    dialog.try_submit()
    quiet(lead, qtbot)
    assert "The disk is full" in dialog.problem
    assert "waits still" in dialog.problem
    assert dialog.note.text == "fine"
    monkeypatch.undo()
    dialog.try_submit()
    quiet(lead, qtbot)
    assert not dialog.problem
    assert lead.desk.support.approval(1).approved
    dialog.reject()


def test_what_is_left_of_the_limit_is_brought_up_to_date(
    sam: Desk, over: Over, qtbot: QtBot
) -> None:
    clerk = over(sam)
    watch = ApprovalsWatch(clerk)
    sam.support.grant(AMIRA, 60, reason="goodwill", note="n", ticket="T")
    watch.look()
    quiet(clerk, qtbot)
    assert clerk.standing.role.endswith("440 left today")
