"""Work off the window's thread: stale answers reach nobody, failures and writes always arrive."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from app.ui.background import Background, Closed, Latest


def nobody(answer: object) -> None:
    pytest.fail(f"called with {answer}")


@pytest.fixture
def background(qapp: object) -> Iterator[Background]:
    before = set(threading.enumerate())
    made = Background()
    yield made
    made.close()
    left = {thread.name for thread in set(threading.enumerate()) - before if thread.is_alive()}
    assert not {name for name in left if name.startswith(("read", "write"))}


def test_work_runs_elsewhere_and_its_answer_comes_back_on_the_windows_thread(
    background: Background, qtbot: QtBot
) -> None:
    worked: list[int] = []
    answered: list[tuple[str, bool]] = []

    def work(stop: threading.Event) -> str:
        worked.append(threading.get_ident())
        return "answer"

    here = QThread.currentThread()
    background.read(work, lambda text: answered.append((text, QThread.currentThread() is here)))
    qtbot.waitUntil(lambda: bool(answered))
    assert answered == [("answer", True)]
    assert worked != [threading.get_ident()]


def test_a_failure_arrives_as_the_exception_it_was(background: Background, qtbot: QtBot) -> None:
    failures: list[Exception] = []
    error = ValueError("no such month")

    def work(stop: threading.Event) -> None:
        raise error

    background.read(work, nobody, failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert failures == [error]


def test_a_failure_nobody_expected_goes_to_the_applications_handler(qtbot: QtBot) -> None:
    failures: list[Exception] = []
    background = Background(failures.append)
    background.write(lambda stop: 1 // 0, lambda answer: None)
    qtbot.waitUntil(lambda: bool(failures))
    background.close()
    assert isinstance(failures[0], ZeroDivisionError)


def test_a_late_answer_finds_nobody_to_call(background: Background, qtbot: QtBot) -> None:
    """The first question answers after the second was asked: only the second is shown."""
    latest = Latest(background)
    shown: list[str] = []
    begun, go_on = threading.Event(), threading.Event()
    stops: list[threading.Event] = []

    def slow(stop: threading.Event) -> str:
        stops.append(stop)
        begun.set()
        go_on.wait()
        return "old"

    latest.ask(slow, shown.append, lambda error: shown.append("failed"))
    begun.wait()
    latest.ask(lambda stop: "new", shown.append)
    assert stops[0].is_set()
    go_on.set()
    qtbot.waitUntil(lambda: bool(shown))
    background.close()
    assert shown == ["new"]
    assert not latest.asking


def test_an_answer_already_under_way_is_dropped_when_a_newer_question_is_asked(
    background: Background, qtbot: QtBot
) -> None:
    latest = Latest(background)
    shown: list[str] = []
    finished = threading.Event()

    def quick(stop: threading.Event) -> str:
        finished.set()
        return "old"

    latest.ask(quick, shown.append)
    finished.wait()
    latest.ask(lambda stop: "new", shown.append)
    qtbot.waitUntil(lambda: bool(shown))
    qtbot.waitUntil(lambda: not background.busy)
    assert shown == ["new"]


def test_a_thousand_questions_show_only_the_last(background: Background, qtbot: QtBot) -> None:
    latest = Latest(background)
    shown: list[int] = []
    for number in range(1_000):
        latest.ask(lambda stop, number=number: number, shown.append)  # type: ignore[misc]
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == [999]
    assert not background.busy


def test_the_end_of_its_owner_cancels_a_question(background: Background, qtbot: QtBot) -> None:
    owner = QObject()
    latest = Latest(background, owner)
    go_on = threading.Event()
    latest.ask(lambda stop: go_on.wait(), nobody)
    owner.deleteLater()
    qtbot.waitUntil(lambda: not latest.asking)
    go_on.set()
    assert not background.busy


def test_writes_run_one_after_the_other_in_the_order_asked(
    background: Background, qtbot: QtBot
) -> None:
    written: list[int] = []
    for number in range(50):
        background.write(lambda stop, number=number: number, written.append)  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(written) == 50)
    assert written == list(range(50))


def test_a_write_is_not_cancelled_by_cancelling(background: Background, qtbot: QtBot) -> None:
    written: list[str] = []
    background.write(lambda stop: "saved", written.append)
    for ticket in range(5):
        background.cancel(ticket)
    qtbot.waitUntil(lambda: written == ["saved"])


def test_closing_while_running_stops_reads_and_finishes_writes(qtbot: QtBot) -> None:
    background = Background()
    began = threading.Event()
    read: list[object] = []
    written: list[str] = []

    def long_read(stop: threading.Event) -> bool:
        began.set()
        return stop.wait(60)

    background.read(long_read, read.append, read.append)
    for name in ("first", "second"):
        background.write(lambda stop, name=name: name, written.append)  # type: ignore[misc]
    began.wait()
    background.close()
    assert read == []
    assert written == ["first", "second"]
    assert not background.busy


def test_after_closing_nothing_is_begun_and_the_asker_is_told(background: Background) -> None:
    background.close()
    refused: list[Exception] = []
    background.write(nobody, nobody, refused.append)
    background.read(nobody, nobody, refused.append)
    assert [type(error) for error in refused] == [Closed, Closed]


def test_a_person_may_stop_a_write_that_was_given_a_stop(
    background: Background, qtbot: QtBot
) -> None:
    stop = threading.Event()
    ended: list[bool] = []
    background.write(lambda mine: mine.wait(60), ended.append, stop=stop)
    stop.set()
    qtbot.waitUntil(lambda: ended == [True])


def test_progress_shows_the_newest_value_on_the_windows_thread(
    background: Background, qtbot: QtBot
) -> None:
    shown: list[int] = []
    done: list[None] = []
    report = background.reporter(shown.append)

    def work(stop: threading.Event) -> None:
        for number in range(10_000):
            report(number)

    background.read(work, done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert shown[-1] == 9_999
    assert shown == sorted(shown)


def test_progress_of_something_forgotten_is_dropped(background: Background, qtbot: QtBot) -> None:
    shown: list[int] = []
    done: list[None] = []
    report = background.reporter(shown.append)
    background.read(lambda stop: report(1), done.append)
    background.forget(report)
    qtbot.waitUntil(lambda: bool(done))
    assert shown == []
