"""Refunding all failed jobs of a day or a feature."""

from datetime import date
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.domain.failed_jobs import FailedJobs
from app.ui.requests.failed_jobs import FailedJobsDialog, Wanted, told
from app.ui.requests.page import RequestsPage
from app.ui.window import Window
from tests.ui.requests.world import AMIRA, QUENTIN, SAM, OpenAs, OpenWindow, page_of, settle

THE_DAY = date(2026, 11, 20)


def opened(page: RequestsPage, window: Window, qtbot: QtBot) -> FailedJobsDialog:
    """The dialog for the day on which a job failed."""
    page.acts.failed_jobs()
    dialog = page.acts.dialog
    assert isinstance(dialog, FailedJobsDialog)
    dialog.first.set_day(THE_DAY)
    dialog.look()
    settle(window, qtbot)
    return dialog


def test_a_dry_run_says_what_would_be_refunded_and_changes_nothing(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot
) -> None:
    desk = open_as(SAM)
    window = over(desk)
    dialog = opened(page_of(window), window, qtbot)
    assert dialog.said.text() == "To refund: 1 charge of 1 user, 36 credits in all."
    assert dialog.act_button.text() == "Refund 1 charge"
    assert desk.accounts.account(AMIRA).available == 176
    dialog.reject()


def test_all_failed_jobs_of_a_day_are_refunded_once_and_the_report_can_be_saved(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    desk = open_as(SAM)
    window = over(desk)
    page = page_of(window)
    dialog = opened(page, window, qtbot)
    dialog.try_submit()
    settle(window, qtbot)
    assert dialog.said.text() == (
        "Refunded 1 charge of 1 user, 36 credits in all: 36 went back to their grants."
    )
    assert desk.accounts.account(AMIRA).available == 212
    dialog.save_to(str(tmp_path / "jobs.csv"))
    settle(window, qtbot)
    assert f"{AMIRA}," in (tmp_path / "jobs.csv").read_text("utf-8-sig")
    dialog.reject()
    again = opened(page, window, qtbot)
    assert "1 were refunded before" in again.said.text()
    assert not again.act_button.isEnabled()
    again.reject()


def test_who_may_not_refund_failed_jobs_sees_them_and_is_told_why_not(
    open_as: OpenAs, over: OpenWindow, qtbot: QtBot
) -> None:
    window = over(open_as(QUENTIN))
    dialog = opened(page_of(window), window, qtbot)
    assert "may not refund failed jobs" in dialog.foot_note.text()
    assert not dialog.act_button.isEnabled()
    dialog.reject()


def test_everything_of_all_time_is_not_refunded_at_once() -> None:
    assert "a day or a feature" in Wanted().missing
    assert not Wanted(feature="ghostface").missing
    assert "before the first" in Wanted(THE_DAY, date(2026, 11, 1)).missing


def test_a_stopped_act_says_so() -> None:
    assert told(FailedJobs((), 2, dry_run=False, stopped=True)) == (
        "Nothing was refunded. 2 were refunded before."
    )
