"""Every act of the account: done once, told to the second of two, kept through a failure."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.errors import DatabaseFailed
from app.domain.ledger import EntryKind
from app.storage.engine import Session
from app.storage.sqlite import connect
from app.ui.act_dialog import ActDialog
from app.ui.keys import AMOUNTS
from app.ui.users.page import UsersPage
from app.ui.widgets.button import Button
from app.ui.widgets.text import plain_tip
from app.ui.window import Window
from tests.ui.users.conftest import Clock, OpenAs

AMIRA = "usr_01JD8Q4ZK7"
NEW = "usr_new"
Settle = Callable[[], None]


@pytest.fixture
def settle(window: Window, qtbot: QtBot) -> Settle:
    def wait() -> None:
        qtbot.waitUntil(lambda: not window.background.busy, timeout=30_000)

    return wait


@pytest.fixture
def amira(window: Window, page: UsersPage, settle: Settle) -> UsersPage:
    page.open_user(AMIRA)
    settle()
    return page


@dataclass(frozen=True)
class Case:
    """An act: how it is filled in, how somebody else does it first, and its audit record."""

    act: str
    fill: Callable[[UsersPage, Settle], ActDialog]
    by_another: Callable[[Desk], object]
    told: str
    subject: str = AMIRA


def dialog_of(page: UsersPage, settle: Settle) -> Any:
    settle()
    dialog = page.acts.dialog
    assert isinstance(dialog, ActDialog)
    return dialog


def fill_issue(page: UsersPage, settle: Settle) -> Any:
    page.acts.issue()
    dialog = dialog_of(page, settle)
    dialog.amount.set_amount(24)
    dialog.reason.choose("goodwill")
    dialog.note.setPlainText("came back empty")
    dialog.ticket.setText("ZD-9")
    settle()
    return dialog


def charge(page: UsersPage) -> int:
    entries = page.account.ledger.model.entries
    entry = next(e for e in entries if e.kind is EntryKind.USE and not e.refunded and e.credits)
    assert entry.charge_id is not None
    return entry.charge_id


def fill_refund(page: UsersPage, settle: Settle) -> Any:
    number = charge(page)
    entry = next(e for e in page.account.ledger.model.entries if e.charge_id == number)
    page.acts.refund(entry)
    dialog = dialog_of(page, settle)
    assert "go back to the grants" in dialog.parts.text() or "new grant" in dialog.parts.text()
    dialog.reason.choose("goodwill")
    return dialog


def refund_first(desk: Desk) -> object:
    entry = next(
        e
        for e in desk.accounts.ledger(AMIRA)
        if e.kind is EntryKind.USE and not e.refunded and e.credits
    )
    assert entry.charge_id is not None
    return desk.support.refund(entry.charge_id, reason="goodwill")


def a_grant(desk: Desk) -> int:
    account = desk.accounts.account(AMIRA)
    return next(g.id for g in account.all_grants if g.ticket == "ZD-48213")


def fill_void(page: UsersPage, settle: Settle) -> Any:
    grant = a_grant(page.frame.desk)
    page.acts._void(page.frame.desk.accounts.grant(grant))
    dialog = dialog_of(page, settle)
    words = " ".join(label.text() for label in dialog.findChildren(type(dialog.heading)))
    assert "are taken back" in words
    return dialog


def fill_plan(page: UsersPage, settle: Settle) -> Any:
    page.acts.change_plan()
    dialog = dialog_of(page, settle)
    dialog.plan.choose("free")
    settle()
    assert dialog.releases.text()
    return dialog


def fill_register(page: UsersPage, settle: Settle) -> Any:
    page.acts.register()
    dialog = dialog_of(page, settle)
    dialog.user_id.setText(NEW)
    dialog.email.setText("new@example.com")
    dialog.name.setText("New")
    return dialog


def fill_contact(page: UsersPage, settle: Settle) -> Any:
    page.acts.correct()
    dialog = dialog_of(page, settle)
    dialog.name.setText("Amira H.")
    return dialog


def fill_note(page: UsersPage, settle: Settle) -> Any:
    page.acts.note()
    dialog = dialog_of(page, settle)
    dialog.note.setPlainText("Called back.")
    return dialog


GIFT: dict[str, Any] = {"reason": "goodwill", "note": "n", "ticket": "ZD-9"}
CASES = [
    Case("issue credits", fill_issue, lambda desk: desk.support.grant(AMIRA, 24, **GIFT),
         "gave 24 credits for ticket ZD-9"),
    Case("refund", fill_refund, refund_first, "was refunded by"),
    Case("void", fill_void,
         lambda desk: desk.support.void(a_grant(desk), reason="given_in_error"),
         "was voided already, by"),
    Case("change plan", fill_plan, lambda desk: desk.accounts.change_plan(AMIRA, "plus"),
         "holds Plus by now, no longer Pro"),
    Case("register", fill_register,
         lambda desk: desk.accounts.register(NEW, email="new@example.com", name="New"),
         "“usr_new” is registered already, by", NEW),
    Case("correct contact data", fill_contact,
         lambda desk: desk.accounts.correct(AMIRA, name="Amira B."),
         "Amira B. <amira.haddad@example.com> now"),
    Case("note", fill_note, lambda desk: None, ""),
]  # fmt: skip
every_act = pytest.mark.parametrize("case", CASES, ids=[case.act for case in CASES])
acts_two_can_do = pytest.mark.parametrize("case", CASES[:-1], ids=[c.act for c in CASES[:-1]])


def records(desk: Desk, case: Case) -> int:
    found = desk.integrity.audit(subject=("user", case.subject), limit=500)
    return sum(record.act == case.act for record in found)


def typed(dialog: ActDialog) -> list[str]:
    lines = [field.text() for field in dialog.findChildren(QLineEdit)]
    return lines + [field.toPlainText() for field in dialog.findChildren(QPlainTextEdit)]


@every_act
def test_pressed_twice_it_is_done_once_recorded_once_and_told_to_other_pages(
    amira: UsersPage, window: Window, desk: Desk, settle: Settle, case: Case
) -> None:
    before = records(desk, case)
    told: list[frozenset[str]] = []
    window.told.connect(told.append)
    dialog = case.fill(amira, settle)
    QTest.mouseClick(dialog.act_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(dialog.act_button, Qt.MouseButton.LeftButton)
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert records(desk, case) == before + 1
    assert "accounts" in told[0]
    assert amira.acts.dialog is None
    assert window.toasts.history
    assert desk.integrity.verify().ok


@acts_two_can_do
def test_the_second_of_two_people_is_told_who_was_quicker_and_when(
    amira: UsersPage, desk: Desk, settle: Settle, *, open_as: OpenAs, clock: Clock, case: Case
) -> None:  # fmt: skip
    desk.staff.add("lea@pixpretty.example", "support_lead")
    dialog = case.fill(amira, settle)
    clock.goes_to(2026, 11, 22, 14, 5)
    case.by_another(open_as("lea"))
    before = records(desk, case)
    dialog.try_submit()
    settle()
    assert case.told in dialog.problem
    assert "lea@pixpretty.example" in dialog.problem
    assert "22 Nov 2026 14:05" in dialog.problem
    assert records(desk, case) == before
    dialog.reject()


def test_tab_leads_from_the_amount_to_the_reason_and_not_over_every_quick_button(
    amira: UsersPage, settle: Settle
) -> None:
    amira.acts.issue()
    dialog = dialog_of(amira, settle)
    dialog.amount.setFocus()
    QTest.keyClick(dialog.amount, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.reason


def test_an_amount_offered_is_taken_by_its_keys_and_the_keyboard_stays_where_it_is(
    amira: UsersPage, settle: Settle, qtbot: QtBot
) -> None:
    amira.acts.issue()
    dialog = dialog_of(amira, settle)
    qtbot.waitUntil(dialog.isActiveWindow)
    told = {one.toolTip(): one.text() for one in dialog.findChildren(Button)}
    taken = {}
    for keys in AMOUNTS[:4]:
        QTest.keySequence(dialog.focusWidget(), QKeySequence(keys))
        taken[told[plain_tip(keys)]] = dialog.amount.text()
    assert taken == {"12": "12", "24": "24", "50": "50", "100": "100"}
    assert dialog.focusWidget() is dialog.amount
    dialog.reject()


def test_a_refund_begins_at_the_reason(amira: UsersPage, settle: Settle) -> None:
    dialog = fill_refund(amira, settle)
    assert dialog.focusWidget() is dialog.reason


@every_act
@pytest.mark.parametrize("saved", [False, True], ids=["not saved", "saved, but the answer lost"])
def test_a_failure_keeps_what_was_typed_and_a_try_again_does_it_once(
    amira: UsersPage, desk: Desk, settle: Settle, *, monkeypatch: pytest.MonkeyPatch, case: Case,
    saved: bool,
) -> None:  # fmt: skip
    before = records(desk, case)
    dialog = case.fill(amira, settle)
    whole = desk.office.database.writing

    @contextmanager
    def writing() -> Iterator[Session]:
        if not saved:
            raise DatabaseFailed("The disk is full. Nothing of this step was saved.")
        with whole() as session:
            yield session
        raise DatabaseFailed("The disk that holds the database does not answer.")

    text = typed(dialog)
    monkeypatch.setattr(desk.office.database, "writing", writing)
    dialog.try_submit()
    settle()
    assert f"{dialog.doing} did not work" in dialog.problem
    assert "try again, it is done only once" in dialog.problem
    assert typed(dialog) == text
    assert records(desk, case) == before + saved
    monkeypatch.undo()
    dialog.try_submit()
    settle()
    assert records(desk, case) == before + 1
    assert amira.acts.dialog is None


def test_a_database_that_another_program_holds_is_said_calmly_and_tried_again(
    amira: UsersPage, desk: Desk, settle: Settle
) -> None:
    dialog = fill_note(amira, settle)
    with desk.office.database.writing() as session:
        session.run("PRAGMA busy_timeout=20")
    assert desk.path is not None
    other = connect(str(desk.path))
    other.execute("BEGIN IMMEDIATE")
    dialog.try_submit()
    settle()
    assert "busy with another program" in dialog.problem
    assert "Nothing of this step was saved" in dialog.problem
    other.execute("ROLLBACK")
    other.close()
    dialog.try_submit()
    settle()
    assert next(note.text for note in desk.accounts.notes(AMIRA)) == "Called back."


def test_a_full_disk_is_said_calmly_and_tried_again(
    amira: UsersPage, desk: Desk, settle: Settle
) -> None:
    dialog: Any = fill_note(amira, settle)
    dialog.note.setPlainText("x" * 2_000)
    with desk.office.database.writing() as session:
        pages = session.value("PRAGMA page_count")
        session.run(f"PRAGMA max_page_count={pages}")
    for _try in range(8):
        dialog.try_submit()
        settle()
        if amira.acts.dialog is None:
            dialog = fill_note(amira, settle)
            dialog.note.setPlainText("x" * 2_000)
    assert "The disk is full. Nothing of this step was saved." in dialog.problem
    before = len(desk.accounts.notes(AMIRA))
    with desk.office.database.writing() as session:
        session.run("PRAGMA max_page_count=1000000")
    dialog.try_submit()
    settle()
    assert len(desk.accounts.notes(AMIRA)) == before + 1
    assert desk.integrity.verify().ok


def test_somebody_who_was_quicker_does_not_keep_one_from_giving_more_on_purpose(
    amira: UsersPage, desk: Desk, settle: Settle, open_as: OpenAs
) -> None:
    before = desk.accounts.account(AMIRA).available
    dialog: Any = fill_issue(amira, settle)
    open_as("maria").support.grant(AMIRA, 24, **GIFT)
    dialog.try_submit()
    settle()
    assert "ZD-9 got 24 credits already, for this user" in dialog.warning.text()
    dialog.try_submit()
    settle()
    assert desk.accounts.account(AMIRA).available == before + 48


def test_what_somebody_else_did_is_shown_as_soon_as_it_is_said(
    amira: UsersPage, desk: Desk, settle: Settle, open_as: OpenAs
) -> None:
    dialog = fill_contact(amira, settle)
    open_as("maria").accounts.correct(AMIRA, name="Amira B.")
    dialog.try_submit()
    settle()
    assert amira.account.head.name.text() == "Amira B."
    dialog.reject()
