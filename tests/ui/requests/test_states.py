"""The states of the page: filters, ages, what is said where there is nothing."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.errors import ApprovalRequired, DatabaseFailed
from app.domain.requests import AGES_IN_HOURS, Request, RequestCounts, RequestQuery, State, View
from app.ui import request_words as words
from app.ui.requests import queue_state as states
from app.ui.requests.page import RequestsPage
from app.ui.requests.queue_state import QueueState
from app.ui.requests.reading import number_in
from app.ui.requests.tally import Tally
from app.ui.window import Window
from tests.ui.requests.world import AMIRA, HOSTILE, OpenAs, OpenWindow, page_of, settle

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
REQUEST = Request(1, AMIRA, "amira@example.com", "ZD-1", None, "Help", None, NOW)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0, ("new", "neutral")),
        (5, ("5 h old", "neutral")),
        (19, ("due in 5 h", "warning")),
        (24, ("late", "danger")),
        (26, ("late by 2 h", "danger")),
        (96, ("late by 3 days", "danger")),
    ],
)
def test_how_late_a_request_is_stands_in_a_word_and_a_colour(
    hours: int, said: tuple[str, str]
) -> None:
    request = replace(REQUEST, opened_at=NOW - timedelta(hours=hours))
    assert words.age(request, NOW) == said


def test_what_has_its_answer_or_waits_for_one_is_late_no_more() -> None:
    old = replace(REQUEST, opened_at=NOW - timedelta(days=9))
    assert words.age(replace(old, state=State.DECLINED), NOW) == ("declined", "neutral")
    waiting = replace(old, state=State.CLAIMED, approval_id=1)
    assert words.age(waiting, NOW) == ("waiting", "info")


def test_a_request_in_ones_own_hands_is_said_to_be_yours_and_another_by_name() -> None:
    held = replace(REQUEST, state=State.CLAIMED, claimed_by="lea@pixpretty.example")
    assert words.holder(held, "lea@pixpretty.example") == "you"
    assert words.state_words(held, "sam@pixpretty.example") == "in hand: lea"


def test_view_and_filters_are_remembered_and_what_is_unreadable_is_no_filter() -> None:
    query = states.shown_view(RequestQuery(category="charged_twice", plan="pro"), View.MINE)
    assert states.remembered(states.to_remember(query)) == query
    unreadable: tuple[object, ...] = (
        None,
        [],
        {"view": 7, "category": "x", "plan": 1, "older": "y"},
    )
    for kept in unreadable:
        assert states.remembered(kept) == RequestQuery()


def test_each_view_says_in_one_sentence_that_it_is_empty() -> None:
    said = {QueueState(RequestQuery(view=view)).nothing for view in states.VIEWS}
    assert len(said) == len(states.VIEWS)
    typed = QueueState(RequestQuery(text="zd-99"))
    assert typed.nothing == "No request here has “zd-99” in it."


def test_what_each_view_is_said_to_hold_is_what_its_list_holds(desk: Desk) -> None:
    desk.requests.claim(1)
    desk.requests.resolve(2, act="decline", note="No")
    with suppress(ApprovalRequired):
        desk.requests.resolve(3, act="grant", credits=400, note="Much")
    counts = desk.requests.counts()
    held = {view: desk.requests.count(states.shown_view(RequestQuery(), view))
            for view in states.VIEWS}  # fmt: skip
    assert {view: number_in(counts, view) for view in states.VIEWS} == held
    assert sorted(held.values()) == [1, 1, 1, 2, 3]


def test_the_heading_says_how_many_of_how_many_pass_the_filters() -> None:
    counts = RequestCounts(open=12, mine=1, waiting=0, closed=4, unmatched=0)
    assert QueueState(count=12, counts=counts).heading == "12"
    assert QueueState(RequestQuery(plan="pro"), count=3, counts=counts).heading == "3 of 12"


# On the page ------------------------------------------------------------------------------------


def test_the_queue_has_the_oldest_first_and_the_first_of_them_is_open(page: RequestsPage) -> None:
    shown = [page.queue.list.rows.row(number) for number in range(5)]
    assert [request.id for request in shown if request] == [1, 2, 3, 4, 5]
    assert page.shown.request_id == 1
    assert page.queue.views[View.OPEN].text() == "Open 5"
    assert page.queue.views[View.UNMATCHED].text() == "Unmatched 1"


def test_typing_narrows_the_queue_and_clearing_brings_it_back(
    window: Window, page: RequestsPage, qtbot: QtBot
) -> None:
    QTest.keyClicks(page.queue.search, "zd-2")
    qtbot.waitUntil(lambda: page.state.count == 1)
    settle(window, qtbot)
    assert page.shown.request_id == 2
    page.queue.search.clear()
    qtbot.waitUntil(lambda: page.state.count == 5)


def test_a_filter_is_said_counted_and_cleared(
    window: Window, page: RequestsPage, qtbot: QtBot
) -> None:
    page.show_query(replace(page.state.query, category="charged_twice", older_than_hours=4))
    settle(window, qtbot)
    assert page.queue.filter_text.text() == "Charged twice, older than 4 hours"
    assert page.state.heading == "1 of 5"
    page.queue.clear_button.click()
    settle(window, qtbot)
    assert page.state.count == 5
    assert page.queue.filter_bar.isHidden()


def test_filters_are_saved_under_a_name_chosen_again_and_forgotten(
    window: Window, page: RequestsPage, qtbot: QtBot
) -> None:
    page.show_query(replace(page.state.query, category="charged_twice"))
    settle(window, qtbot)
    dialog = page.queue.ask_name()
    assert not dialog.act_button.isEnabled()
    QTest.keyClicks(dialog.name, "Twice")
    dialog.try_submit()
    page.queue.clear_filters()
    settle(window, qtbot)
    menu = page.queue.filter_menu()
    (saved,) = [action for action in menu.actions() if action.text() == "Saved: Twice"]
    saved.trigger()
    settle(window, qtbot)
    assert page.state.query.category == "charged_twice"
    assert page.state.count == 1
    page.queue.forget("Twice")
    assert page.queue.saved == {}
    menu.deleteLater()


def test_an_empty_queue_says_so_and_offers_one_thing(
    window: Window, page: RequestsPage, desk: Desk, qtbot: QtBot
) -> None:
    for number in range(1, 6):
        desk.requests.resolve(number, act="decline", note="Tidied up")
    window.heard({"requests"})
    settle(window, qtbot)
    assert page.state.phase == "empty"
    assert page.state.nothing == "No open requests. Everybody has an answer."
    page.queue.show_view(View.CLOSED)
    settle(window, qtbot)
    assert page.state.count == 5


def test_a_hostile_message_is_shown_as_it_was_written_without_what_turns_text(
    window: Window, page: RequestsPage, qtbot: QtBot
) -> None:
    page.open_request(4)
    settle(window, qtbot)
    shown = page.case.message.toPlainText()
    assert shown.startswith("<img src=x><b>bold</b> ")
    assert "\u202e" not in shown
    assert "\x07" not in shown
    assert len(shown) > len(HOSTILE) - 10


def test_what_fails_is_said_with_retry_and_the_rest_stays(
    window: Window, page: RequestsPage, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise DatabaseFailed("The disk is gone; nothing was changed.")

    monkeypatch.setattr(desk.requests, "counts", fail)
    page.reload()
    settle(window, qtbot)
    assert [page.state.phase, page.shown.phase] == ["failed", "ready"]
    monkeypatch.undo()
    page.reload()
    settle(window, qtbot)
    assert [page.state.phase] == ["ready"]


def test_a_request_further_down_the_record_is_opened_by_its_number(
    window: Window, page: RequestsPage, qtbot: QtBot
) -> None:
    window.open_page("requests", 4)
    settle(window, qtbot)
    assert page.shown.request_id == 4
    assert page.place() == 4
    window.go_back()
    settle(window, qtbot)
    assert page.shown.request_id == 1


def test_a_part_of_the_queue_and_an_age_can_be_gone_to_from_elsewhere(
    window: Window, page: RequestsPage, qtbot: QtBot
) -> None:
    page.queue.search.setText("nothing like it")
    settle(window, qtbot)
    window.open_page("requests", {"view": "open", "older": 24})
    settle(window, qtbot)
    query = page.state.query
    assert (query.view, query.older_than_hours, query.text) == (View.OPEN, 24, "")
    assert page.queue.search.text() == ""
    assert page.state.count == window.desk.requests.count(query)
    window.open_page("requests", {"view": "sideways", "older": "old"})
    settle(window, qtbot)
    assert (page.state.query.view, page.state.query.older_than_hours) == (View.OPEN, None)


def test_the_ages_that_are_offered_are_those_that_are_counted() -> None:
    assert tuple(dict(states.AGES)) == AGES_IN_HOURS


def test_the_number_in_the_side_bar_follows_what_other_programs_write(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot
) -> None:
    sam, lea = open_as("sam"), open_as("lea")
    window = over(sam)
    Tally(window)
    settle(window, qtbot)
    button = window.side.findChildren(type(window.side._buttons["requests"]))[0]
    assert button.accessibleName() == "Requests, 5"
    lea.requests.resolve(5, act="decline", note="Nobody")
    window.heard({"requests"})
    settle(window, qtbot)
    assert button.accessibleName() == "Requests, 4"
    assert page_of(window).state.count == 4
