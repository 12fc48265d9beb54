"""Three kinds of failure: a person's, the machine's, ours. Secrets reach no text and no log."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.errors import Cancelled, DatabaseFailed, InsufficientCredits, UnknownUser
from app.ui import errors
from app.ui.language import Pseudo, choose


def raised(error: Exception) -> Exception:
    try:
        raise error
    except type(error) as caught:
        return caught


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    yield errors.start_log(tmp_path / "logs")
    errors.stop_log()


def test_what_a_person_can_put_right_is_one_sentence_without_a_traceback() -> None:
    trouble = errors.trouble_of(raised(InsufficientCredits(48, 12)))
    assert trouble.blame == "person"
    assert trouble.sentence == "This needs 48 credits and 12 are available; nothing was taken."
    assert "Traceback" not in trouble.sentence


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device"),
        DatabaseFailed("The database is locked."),
        MemoryError(),
    ],
)
def test_a_failed_machine_is_said_calmly_with_what_is_safe(error: Exception) -> None:
    trouble = errors.trouble_of(raised(error), "Issuing credits")
    assert trouble.blame == "machine"
    assert trouble.sentence.startswith("Issuing credits did not work: ")
    assert trouble.sentence.endswith("What was saved before is safe.")


def test_a_mistake_of_ours_is_named_as_such_with_details_to_copy() -> None:
    trouble = errors.trouble_of(raised(ZeroDivisionError("division by zero")), "Publishing")
    assert trouble.blame == "us"
    assert "mistake in the program" in trouble.sentence
    assert "ZeroDivisionError" in trouble.details


def test_stopping_something_is_nobodys_fault() -> None:
    assert errors.trouble_of(Cancelled("Stopped.")).blame == "nobody"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("open postgresql://ana:s3cret@db.example/x failed", "open postgresql://… failed"),
        ("password=hunter2 was wrong", "password=… was wrong"),
        ("Token: abc", "Token: …"),
        ("a plain sentence", "a plain sentence"),
    ],
)
def test_passwords_and_addresses_are_cut(text: str, clean: str) -> None:
    assert errors.without_secrets(text) == clean
    assert "s3cret" not in errors.trouble_of(raised(RuntimeError(text))).details


def test_a_mistake_is_logged_with_its_traceback_and_without_secrets(log: Path) -> None:
    errors.log_mistake(raised(RuntimeError("postgresql://ana:s3cret@db.example/x")))
    written = log.read_text("utf-8")
    assert "Traceback" in written
    assert "RuntimeError" in written
    assert "s3cret" not in written


def test_the_log_turns_over_before_it_grows_large(log: Path) -> None:
    for _ in range(30):
        errors.log_mistake(raised(RuntimeError("x" * 100_000)))
    files = list(log.parent.iterdir())
    assert len(files) == errors.LOGS_KEPT + 1
    assert all(file.stat().st_size < errors.LOG_BYTES * 1.2 for file in files)


def test_exceptions_nobody_caught_are_shown_from_any_thread_until_undone() -> None:
    shown: list[Exception] = []
    before = (sys.excepthook, threading.excepthook)
    undo = errors.catch_everything(shown.append)
    error = raised(ValueError("late"))
    sys.excepthook(type(error), error, error.__traceback__)
    thread = threading.Thread(target=lambda: 1 // 0)
    thread.start()
    thread.join()
    undo()
    assert [type(each) for each in shown] == [ValueError, ZeroDivisionError]
    assert (sys.excepthook, threading.excepthook) == before


def test_what_a_person_can_mend_is_said_in_the_language_in_force() -> None:
    back = choose(Pseudo())
    try:
        trouble = errors.trouble_of(UnknownUser("usr_1"))
    finally:
        back()
    assert "usr_1" in trouble.sentence
    assert "There is no user" not in trouble.sentence
