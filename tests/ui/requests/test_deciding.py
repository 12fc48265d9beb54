"""What waits for approval, decided where its request is read."""

from contextlib import suppress

from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.errors import ApprovalRequired
from app.domain.requests import State, View
from app.ui.requests.deciding import DecideDialog
from app.ui.requests.page import RequestsPage
from app.ui.window import Window
from tests.ui.requests.world import CARLA, LEA, SAM, OpenAs, OpenWindow, page_of, settle


def wait_for_approval(desk: Desk) -> None:
    """Sam asks for more than he may give."""
    with suppress(ApprovalRequired):
        desk.requests.resolve(3, act="grant", credits=400, note="Very unhappy")


def opened(page: RequestsPage, window: Window, qtbot: QtBot) -> DecideDialog:
    """The dialog about the request that waits."""
    page.queue.show_view(View.WAITING)
    settle(window, qtbot)
    assert page.shown.request_id == 3
    page.acts.answering.take(1)
    dialog = page.acts.dialog
    assert isinstance(dialog, DecideDialog)
    return dialog


def test_a_lead_approves_what_waits_and_the_request_is_granted(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot
) -> None:
    wait_for_approval(open_as(SAM))
    lea = open_as(LEA)
    window = over(lea)
    dialog = opened(page_of(window), window, qtbot)
    dialog.try_submit()
    settle(window, qtbot)
    assert lea.requests.request(3).state is State.GRANTED
    assert lea.accounts.account(CARLA).available == 420
    assert page_of(window).state.count == 0


def test_a_lead_turns_it_down_with_a_note_and_who_asked_has_it_in_hand_again(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot
) -> None:
    sam = open_as(SAM)
    wait_for_approval(sam)
    window = over(open_as(LEA))
    dialog = opened(page_of(window), window, qtbot)
    dialog.note.setPlainText("Too much")
    dialog.turn_down_button.click()
    settle(window, qtbot)
    request = sam.requests.request(3)
    assert (request.state, request.claimed_by) == (State.CLAIMED, "sam@pixpretty.example")
    page = page_of(window)
    page.open_request(3)
    settle(window, qtbot)
    assert page.case.outcome.text() == "What was asked for was not approved: Too much"


def test_nobody_decides_what_they_asked_for_themselves(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot
) -> None:
    sam = open_as(SAM)
    wait_for_approval(sam)
    window = over(sam)
    dialog = opened(page_of(window), window, qtbot)
    assert "may not approve over the limit" in dialog.foot_note.text()
    assert not dialog.act_button.isEnabled()
    assert not dialog.turn_down_button.isEnabled()
    dialog.reject()


def test_what_another_lead_decided_meanwhile_is_not_decided_again(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot
) -> None:
    sam = open_as(SAM)
    wait_for_approval(sam)
    lea, mira = open_as(LEA), open_as("mira")
    window = over(lea)
    dialog = opened(page_of(window), window, qtbot)
    mira.support.approve(1)
    dialog.try_submit()
    settle(window, qtbot)
    assert "mira@pixpretty.example" in dialog.problem
    assert lea.accounts.account(CARLA).available == 420
    dialog.reject()
