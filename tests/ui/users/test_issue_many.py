"""Issuing credits to many users: pasted, checked, given, stopped, reported, undone."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Timer

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.errors import DatabaseFailed
from app.domain.giving import Fate
from app.domain.users import UserQuery
from app.storage.engine import Session
from app.ui.users.issue import IssueDialog
from app.ui.users.issue_many import IssueManyDialog
from app.ui.users.page import UsersPage
from app.ui.window import Window

AMIRA = "usr_01JD8Q4ZK7"
IDS = tuple(f"usr_01JE{at:02}MX" for at in range(16))
Settle = Callable[[], None]
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def settle(window: Window, qtbot: QtBot) -> Settle:
    def wait() -> None:
        qtbot.waitUntil(lambda: not window.background.busy, timeout=30_000)

    return wait


def opened(page: UsersPage, wanted: str | tuple[str, ...] | UserQuery) -> IssueManyDialog:
    page.acts.issue_to(wanted)
    dialog = page.acts.dialog
    assert isinstance(dialog, IssueManyDialog)
    return dialog


def fill(dialog: IssueManyDialog, qtbot: QtBot, credits: int | None = 24) -> None:
    if credits is not None:
        dialog.fields.amount.set_amount(credits)
    dialog.fields.reason.choose("goodwill")
    dialog.fields.note.setPlainText("Outage on Monday")
    dialog.fields.ticket.setText("ZD-77")
    planned(dialog, qtbot)


def planned(dialog: IssueManyDialog, qtbot: QtBot) -> None:
    """Waits until what is typed has been looked at."""
    qtbot.waitUntil(lambda: dialog.question == dialog._asked and not dialog._question.asking)


def available(desk: Desk) -> list[int]:
    return [desk.accounts.account(user_id).available for user_id in IDS]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_list_of_two_hundred_with_seven_bad_rows_is_given_and_reported(
    page: UsersPage, desk: Desk, settle: Settle, qtbot: QtBot, tmp_path: Path
) -> None:
    for at in range(200):
        address = f"many{at}@example.com"
        desk.accounts.register(f"usr_m{at:03}", email=address, name="", referral_code=f"MANY-{at}")
    lines = [f"usr_m{at:03}" for at in range(200)]
    lines[1], lines[2] = "MANY2@example.com", "many-1"
    lines[10], lines[20], lines[30], lines[40] = "nobody", "usr_m019", "usr_m030,0", "usr_m040,2.5"
    lines[50], lines[60], lines[70] = "=cmd()", "x@y.example", ",24"
    dialog = opened(page, "")
    dialog.recipients.text_field.setPlainText("\n".join(lines))
    fill(dialog, qtbot)
    assert dialog.plan is not None
    assert [dialog.plan.count(fate) for fate in (Fate.GIVE, Fate.BAD)] == [193, 7]
    assert dialog.view.summary.text() == (
        "193 users get 24 credits each: 4,632 credits in all. 7 rows cannot be used."
    )
    assert {row.fate for row in dialog.view.model.rows[:7]} == {Fate.BAD}
    assert dialog.act_button.text() == "Issue 4,632 credits to 193 users"
    dialog.try_submit()
    dialog.try_submit()
    settle()
    assert dialog.report is not None
    assert dialog.heading.text() == "Issued 4,632 credits to 193 users"
    assert desk.accounts.account("usr_m002").available == 12 + 24
    dialog.save_to(str(tmp_path / "report.csv"))
    settle()
    saved = rows(tmp_path / "report.csv")
    assert len(saved) == 200
    assert [row["Done"] for row in saved].count("given") == 193
    (formula,) = [row for row in saved if "cmd" in row["User"]]
    assert formula["User"].startswith("'=")
    assert formula["Line"] == "51"
    dialog.accept()


def test_each_row_may_have_an_amount_of_its_own(
    page: UsersPage, desk: Desk, settle: Settle, qtbot: QtBot
) -> None:
    before = available(desk)
    dialog = opened(page, "")
    dialog.recipients.text_field.setPlainText(f"User;Credits\n{IDS[0]};5\n{IDS[1]};7")
    fill(dialog, qtbot, credits=None)
    assert dialog.act_button.text() == "Issue 12 credits to 2 users"
    dialog.try_submit()
    settle()
    assert [now - then for now, then in zip(available(desk), before, strict=True)][:3] == [5, 7, 0]
    dialog.accept()


def test_a_file_dropped_on_the_field_is_read_and_a_bad_one_is_refused(
    page: UsersPage, settle: Settle, qtbot: QtBot, tmp_path: Path
) -> None:
    file, sheet = tmp_path / "list.csv", tmp_path / "list.xlsx"
    file.write_bytes(f"\ufeffId,Amount\r\n{IDS[3]},9\r\n".encode("utf-16"))
    sheet.write_bytes(b"PK\x03\x04\x00")
    dialog = opened(page, "")
    for path in (sheet, file):
        dropped = QMimeData()
        dropped.setUrls([QUrl.fromLocalFile(str(path))])
        dialog.recipients.text_field.insertFromMimeData(dropped)
        if path is sheet:
            assert "“list.xlsx” is not a text file" in dialog.problem
    assert not dialog.problem
    planned(dialog, qtbot)
    assert dialog.plan is not None
    assert [(row.who, row.credits) for row in dialog.plan.rows] == [(IDS[3], 9)]
    dialog.reject()


def test_it_is_stopped_between_two_users_and_goes_on_where_it_was(
    page: UsersPage, desk: Desk, settle: Settle, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    before = available(desk)
    dialog = opened(page, IDS)
    fill(dialog, qtbot)
    stopped_after(desk, monkeypatch, 4, dialog.reject, qtbot)
    dialog.try_submit()
    assert dialog.cancel_button.text() == "Stop"
    settle()
    assert dialog.report is not None
    assert dialog.report.stopped
    assert sum(available(desk)) - sum(before) == 24 * dialog.report.count(Fate.GIVE)
    assert 0 < dialog.report.count(Fate.GIVE) < len(IDS)
    assert "You stopped it" in dialog.report_view.summary.text()
    assert dialog.isVisible()
    monkeypatch.undo()
    dialog.go_on()
    settle()
    assert available(desk) == [credits + 24 for credits in before]
    assert not dialog.report_view.go_on_button.isVisible()
    dialog.accept()


def stopped_after(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, number: int, stop: Callable[[], None], qtbot: QtBot
) -> None:
    """Presses Stop while one user is being given theirs."""
    whole, count = desk.office.database.writing, 0

    @contextmanager
    def writing() -> Iterator[Session]:
        nonlocal count
        count += 1
        if count == number:
            dialog = stop.__self__  # type: ignore[attr-defined]
            dialog._stop.set()
        with whole() as session:
            yield session

    monkeypatch.setattr(desk.office.database, "writing", writing)


@pytest.mark.parametrize("saved", [False, True])
def test_a_machine_that_fails_in_the_middle_leaves_a_report_and_nobody_gets_twice(
    page: UsersPage, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, saved: bool
) -> None:  # fmt: skip
    before = available(desk)
    dialog = opened(page, IDS)
    fill(dialog, qtbot)
    whole, count = desk.office.database.writing, 0

    @contextmanager
    def writing() -> Iterator[Session]:
        nonlocal count
        count += 1
        if count == 5 and not saved:
            raise DatabaseFailed("The disk is full. Nothing of this step was saved.")
        with whole() as session:
            yield session
        if count == 5:
            raise DatabaseFailed("The disk that holds the database does not answer.")

    monkeypatch.setattr(desk.office.database, "writing", writing)
    dialog.try_submit()
    qtbot.waitUntil(lambda: dialog.report is not None)
    assert dialog.report is not None
    assert dialog.report.count(Fate.NOT_REACHED) == 11
    assert "Go on reaches the rest" in dialog.report_view.summary.text()
    monkeypatch.undo()
    dialog.report_view.go_on_button.click()
    qtbot.waitUntil(lambda: dialog.report is not None)
    assert available(desk) == [credits + 24 for credits in before]
    dialog.accept()


def test_all_of_it_is_taken_back_but_what_was_used(
    window: Window, page: UsersPage, desk: Desk, settle: Settle, qtbot: QtBot
) -> None:
    before = available(desk)
    dialog = opened(page, IDS[:6])
    dialog.fields.validity.choose("month_end")
    fill(dialog, qtbot, 1)
    dialog.try_submit()
    settle()
    credits = desk.accounts.account(IDS[0]).available
    desk.charging.charge(IDS[0], "remove_bg_single", key="all", quantity=credits)
    dialog.report_view.undo_button.click()
    settle()
    assert available(desk)[1:] == before[1:]
    assert window.toasts.history[0].text == (
        "Took 5 credits back from 5 users."
        " 1 user had used some already, or had it taken back: left as it is."
    )


def test_who_got_credits_for_the_ticket_is_left_out_until_it_is_wanted(
    page: UsersPage, desk: Desk, settle: Settle, qtbot: QtBot
) -> None:
    desk.support.grant(IDS[1], 5, reason="goodwill", note="n", ticket="ZD-77")
    dialog = opened(page, IDS[:2])
    assert dialog.again.isHidden()
    fill(dialog, qtbot)
    assert not dialog.again.isHidden()
    assert dialog.act_button.text() == "Issue 24 credits to 1 user"
    first = dialog.view.model.row(0)
    assert first is not None
    said = dialog.view.model.columns[1].text(first)
    assert "maria@pixpretty.example gave 5 credits for ticket ZD-77 at 22 Nov 2026 14:02" in said
    dialog.again.click()
    planned(dialog, qtbot)
    assert dialog.act_button.text() == "Issue 48 credits to 2 users"
    dialog.reject()


def test_over_the_days_limit_it_is_said_who_waits_before_it_is_confirmed(
    open_as: Callable[[str], Desk], over: Callable[[Desk], Window], qtbot: QtBot
) -> None:
    window = over(open_as("sam"))
    page = window.page
    assert isinstance(page, UsersPage)
    dialog = opened(page, IDS)
    fill(dialog, qtbot, 90)
    assert dialog.act_button.text() == "Issue to 5, send 11 for approval"
    assert "In the order of the list 5 users get theirs at once; 11 wait" in (
        dialog.view.limits.text()
    )
    dialog.view.shown.choose("wait")
    assert len(dialog.view.model.rows) == 11
    dialog.try_submit()
    qtbot.waitUntil(lambda: not window.background.busy, timeout=30_000)
    assert dialog.report is not None
    assert len(window.desk.support.approvals()) == 11
    assert "11 users waiting for approval" in dialog.report_view.summary.text()
    dialog.accept()


def test_one_id_opens_the_dialog_for_one_and_a_query_that_for_everybody(
    page: UsersPage, settle: Settle, qtbot: QtBot
) -> None:
    page.acts.issue_to((IDS[4],))
    settle()
    dialog = page.acts.dialog
    assert isinstance(dialog, IssueDialog)
    assert dialog.issuing.user.user_id == IDS[4]
    dialog.reject()
    many = opened(page, UserQuery(out_of_credits=True))
    planned(many, qtbot)
    assert many.plan is not None
    assert many.plan.count(Fate.GIVE) == 2
    many.reject()


def test_a_list_is_pasted_and_given_without_the_mouse(
    window: Window, page: UsersPage, desk: Desk, settle: Settle, qtbot: QtBot
) -> None:
    before = available(desk)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_G, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    dialog = page.acts.dialog
    assert isinstance(dialog, IssueManyDialog)
    QTest.keyClicks(dialog.recipients.text_field, f"{IDS[0]}; {IDS[1]}")
    QTest.keyClicks(dialog.fields.amount, "24")
    QTest.keyClick(dialog.fields.reason, Qt.Key.Key_Down)
    QTest.keyClicks(dialog.fields.note, "Outage")
    QTest.keyClicks(dialog.fields.ticket, "ZD-78")
    planned(dialog, qtbot)
    QTest.keyClick(dialog.fields.ticket, Qt.Key.Key_Return, CONTROL)
    settle()
    assert available(desk)[:2] == [credits + 24 for credits in before[:2]]
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert page.acts.dialog is None


def test_with_several_chosen_in_the_list_control_and_g_gives_to_all_of_them(
    window: Window, page: UsersPage, settle: Settle, qtbot: QtBot
) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    page.people.view.setFocus()
    page.people.view.choose(2)
    settle()
    for _row in range(3):
        QTest.keyClick(page.people.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    settle()
    QTest.keyClick(window, Qt.Key.Key_G, CONTROL)
    settle()
    dialog = page.acts.dialog
    assert isinstance(dialog, IssueManyDialog)
    planned(dialog, qtbot)
    assert dialog.plan is not None
    assert len(dialog.plan.rows) == 4
    dialog.reject()


def test_closing_the_window_ends_it_between_two_users(
    window: Window, page: UsersPage, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = available(desk)
    dialog = opened(page, IDS)
    fill(dialog, qtbot)
    begun, go_on = Event(), Event()
    whole = desk.office.database.writing

    @contextmanager
    def writing() -> Iterator[Session]:
        begun.set()
        go_on.wait(30)
        with whole() as session:
            yield session

    monkeypatch.setattr(desk.office.database, "writing", writing)
    dialog.try_submit()
    assert begun.wait(30)
    Timer(0.2, go_on.set).start()
    window.background.close()
    assert dialog.report is not None
    assert dialog.report.stopped
    assert dialog.report.count(Fate.GIVE) == 1
    assert sum(available(desk)) == sum(before) + 24
    dialog.accept()
