"""A short form of the benchmark of accounts: bounds so wide that only a mistake breaks them."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app import Desk, open_desk
from app.services.demo import build
from tests.benchmarks import account_speed as bench

USES = 1_500
SLOW_MS = 60
HELD_MS = 400


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("speed") / "account.db"
    build(path, users=120, events=2_000)
    with open_desk(path, staff=bench.PERSON, now=bench.present) as opened:
        bench.add_heavy(opened, USES)
        yield opened


@pytest.mark.slow
def test_no_question_of_an_account_grows_with_the_uses_of_its_user(desk: Desk) -> None:
    for name, ask in bench.questions(desk).items():
        worked = sorted(bench.timed(ask, [bench.HEAVY] * 9).worked)
        assert worked[4] < SLOW_MS, name


@pytest.mark.slow
def test_accounts_opened_one_after_the_other_are_painted_without_holding_the_window(
    desk: Desk, qapp: QApplication
) -> None:
    users = [*bench.some_users(desk, 6), bench.HEAVY]
    with bench.opened_window(desk) as window:
        opened = bench.open_accounts(window, users, quickly=False)
    assert len(opened.painted.passed) == len(users)
    assert max(opened.gaps.worked) < HELD_MS
    assert sorted(opened.painted.worked)[len(users) // 2] < HELD_MS
