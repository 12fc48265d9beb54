"""A long queue: what is read and drawn does not grow with it."""

import pytest
from pytestqt.qtbot import QtBot

from app.domain.requests import RequestQuery
from app.ui.rows_model import BLOCK
from tests.benchmarks import requests_page
from tests.ui.requests.world import OpenAs, OpenWindow, page_of, settle


def test_of_a_long_queue_one_block_is_read_and_only_what_is_in_view_is_drawn(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_as("sam")
    for number in range(3 * BLOCK):
        desk.requests.open(user="usr_ben", ticket=f"L-{number}", message="Again!")
    read: list[tuple[RequestQuery, int, int]] = []
    whole = desk.requests.page

    def page(query: RequestQuery, offset: int, limit: int, **more: object) -> object:
        if query.user_id is None:
            read.append((query, offset, limit))
        return whole(query, offset, limit, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.requests, "page", page)
    window = over(desk)
    shown = page_of(window)
    assert shown.state.count == 3 * BLOCK + 5
    assert [(offset, limit) for _, offset, limit in read] == [(0, BLOCK)]
    shown.queue.list.choose(3 * BLOCK)
    settle(window, qtbot)
    assert BLOCK not in [offset for _, offset, _ in read]
    assert (3 * BLOCK, BLOCK) in [(offset, limit) for _, offset, limit in read]
    assert shown.shown.request_id is not None
    assert shown.queue.list.current_request() is not None


def test_the_benchmark_of_the_page_runs_and_has_a_figure_for_each_thing_it_prints() -> None:
    figures = requests_page.run(40, rounds=1, steps=1)
    assert len(figures.rows) == len(figures.whole) == len(figures.work) == 1
    assert len(figures.arrows) == len(figures.answers) == 1
