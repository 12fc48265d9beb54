"""The Users page as somebody at the desk meets it."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.ledger import EntryKind
from app.domain.users import UserQuery
from app.ui import format as write
from app.ui.users.details import DetailDialog
from app.ui.users.dialogs import RefundDialog
from app.ui.users.issue import IssueDialog
from app.ui.users.page import UsersPage
from app.ui.users.reading import LedgerFilter
from app.ui.widgets.table import Table
from app.ui.window import Window

AMIRA = "usr_01JD8Q4ZK7"
PATIENCE_MS = 60_000
CARLA = "usr_01JE01MX"
Settle = Callable[[], None]


@pytest.fixture
def settle(window: Window, qtbot: QtBot) -> Settle:
    """Waits until nothing is read or written any more."""

    def wait() -> None:
        qtbot.waitUntil(lambda: not window.background.busy, timeout=PATIENCE_MS)

    return wait


@pytest.fixture
def amira(window: Window, page: UsersPage, settle: Settle) -> UsersPage:
    """The page with Amira's account."""
    page.open_user(AMIRA)
    settle()
    assert page.shown.data is not None
    assert page.shown.data.user.user_id == AMIRA
    return page


def type_into_search(window: Window, qtbot: QtBot, text: str) -> None:
    window.top.search.setFocus()
    QTest.keyClicks(window.top.search, text)


def listed(page: UsersPage) -> list[str]:
    return [user.name for user in page.people.view.model_rows.loaded().values()]


# Finding --------------------------------------------------------------------------------------


def test_half_a_referral_code_finds_the_person_and_opens_the_account(
    window: Window, page: UsersPage, qtbot: QtBot, settle: Settle
) -> None:
    type_into_search(window, qtbot, "7q2m")
    qtbot.waitUntil(
        lambda: page.state.query.text == "7q2m" and page.state.phase == "ready", timeout=PATIENCE_MS
    )
    settle()
    assert listed(page) == ["Amira Haddad"]
    assert page.state.heading == "1 of 17"
    assert page.shown.user_id == AMIRA


def test_arrow_keys_move_through_people_without_leaving_the_search_field(
    window: Window, page: UsersPage, qtbot: QtBot, settle: Settle
) -> None:
    first = page.shown.user_id
    window.top.search.setFocus()
    QTest.keyClick(window.top.search, Qt.Key.Key_Down)
    QTest.keyClick(window.top.search, Qt.Key.Key_Down)
    settle()
    second = page.people.view.rows.row(2)
    assert second is not None
    assert page.shown.user_id == second.user_id != first
    assert page.shown.phase == "ready"


def test_a_search_without_a_match_says_so_and_keeps_the_account(
    window: Window, page: UsersPage, qtbot: QtBot, settle: Settle
) -> None:
    shown = page.shown.user_id
    page.search("no such person")
    settle()
    assert page.state.phase == "empty"
    assert "no such person" in page.state.nothing
    assert page.state.heading == "0 of 17"
    assert page.shown.user_id == shown


def test_filters_narrow_the_list_and_say_that_they_do(page: UsersPage, settle: Settle) -> None:
    page.show_query(UserQuery(out_of_credits=True))
    settle()
    assert set(listed(page)) == {"Hugo Martin", "Kira Tanaka"}
    assert page.people.chips.words == ["Out of credits"]
    assert not page.people.chips.isHidden()
    page.people.clear_filters()
    settle()
    assert page.state.heading == "17 of 17"
    assert page.people.chips.isHidden()


def test_a_name_that_looks_like_markup_is_shown_as_it_is_written(
    page: UsersPage, settle: Settle
) -> None:
    page.open_user("usr_01JE15MX")
    settle()
    assert page.account.head.name.text() == "<img src=x><b>Quinn</b>"
    labels = page.findChildren(QLabel)
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels if label.text())


def test_the_mail_address_is_copied_by_a_click(amira: UsersPage, qtbot: QtBot) -> None:
    QTest.mouseClick(amira.account.head.mail, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "amira.haddad@example.com"


@pytest.mark.parametrize("listed_before", [True, False])
def test_who_is_opened_from_another_page_is_brought_into_view_far_down_the_list(
    desk: Desk, starting: Callable[[], UsersPage], qtbot: QtBot, *, listed_before: bool
) -> None:
    for at in range(430):
        user = f"usr_x{at:03}"
        desk.accounts.register(user, email=f"x{at}@example.com", name=f"Zoe {at:03}")
    page = starting()
    window = page.window()
    assert isinstance(window, Window)

    def wait() -> None:
        qtbot.waitUntil(lambda: not window.background.busy, timeout=PATIENCE_MS)

    if listed_before:
        qtbot.waitUntil(lambda: page.shown.phase == "ready", timeout=PATIENCE_MS)
        wait()
    window.open_page("users", "usr_x321")
    view = page.people.view

    def there() -> bool:
        user = view.current_user()
        return user is not None and user.user_id == "usr_x321"

    qtbot.waitUntil(there, timeout=PATIENCE_MS)
    wait()
    assert there()
    assert page.shown.user_id == "usr_x321"
    assert view.viewport().rect().intersects(view.visualRect(view.currentIndex()))


def test_a_change_elsewhere_keeps_the_place_far_down_the_list(
    window: Window, page: UsersPage, desk: Desk, settle: Settle
) -> None:
    for at in range(430):
        user = f"usr_x{at:03}"
        desk.accounts.register(user, email=f"x{at}@example.com", name=f"Zoe {at:03}")
    window.heard({"accounts"})
    settle()
    page.people.view.choose(321)
    settle()
    page.people.view.choose(322)
    settle()
    chosen = page.shown.user_id
    assert chosen.startswith("usr_x")
    place = page.people.view.verticalScrollBar().value()
    assert place > 0
    desk.support.grant(chosen, 7, reason="goodwill", note="n", ticket="T")
    window.heard({"accounts"})
    settle()
    here = page.people.view.current_user()
    assert here is not None
    assert here.user_id == chosen == page.shown.user_id
    assert here.available == 19
    assert page.people.view.verticalScrollBar().value() == place
    assert page.shown.data is not None
    assert page.shown.data.account.available == 19


def test_filters_are_kept_between_starts_and_what_was_typed_is_not(
    window: Window, page: UsersPage, settle: Settle
) -> None:
    page.show_query(UserQuery(text="am", plan="pro", expiring=True))
    settle()
    again = UsersPage(window)
    assert again.state.query == UserQuery(plan="pro", expiring=True)
    again.deleteLater()


# Understanding --------------------------------------------------------------------------------


def test_the_proof_sums_and_each_part_opens_its_entries(amira: UsersPage, settle: Settle) -> None:
    data = amira.shown.data
    assert data is not None
    assert data.proof.agrees
    assert amira.account.proof.title.text() == f"Why {data.account.available:,}?"
    for part in data.proof.parts:
        amira.account.proof.part_wanted.emit(part.kind.value)
        settle()
        shown = amira.shown.data
        assert shown is not None
        while shown.entries.more and amira.account.ledger.model.canFetchMore(_root(amira)):
            amira.account.ledger.model.fetchMore(_root(amira))
            settle()
            if len(amira.account.ledger.model.entries) == part.entries:
                break
        entries = amira.account.ledger.model.entries
        assert {entry.kind for entry in entries} == {part.kind}
        assert (len(entries), sum(e.credits for e in entries)) == (part.entries, part.credits)


def _root(page: UsersPage) -> QModelIndex:
    return page.account.ledger.table.rootIndex()


def test_older_entries_come_when_the_ledger_is_scrolled_to_its_end(
    amira: UsersPage, settle: Settle
) -> None:
    ledger = amira.account.ledger
    before = len(ledger.model.entries)
    ledger.table.scrollToBottom()
    settle()
    after = ledger.model.entries
    assert len(after) > before
    for newer, older in pairwise(after):
        assert newer.balance - newer.credits == older.balance


def test_an_account_goes_back_to_an_instant_and_forward_to_what_is_expected(
    amira: UsersPage, desk: Desk, settle: Settle, qtbot: QtBot
) -> None:
    now = amira.shown.data
    assert now is not None
    past = now.now.replace(month=7, day=31, hour=12, minute=0, second=0, microsecond=0)
    field = amira.account.head.instant.edit
    field.clear()
    QTest.keyClicks(field, "31 July 12:00")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "31 Jul 2026 12:00"
    qtbot.waitUntil(lambda: amira.shown.at == past, timeout=PATIENCE_MS)
    settle()
    data = amira.shown.data
    assert data is not None
    assert data.account.available == desk.accounts.account(AMIRA, at=past).available
    assert data.proof.agrees
    assert not amira.account.head.issue_button.isEnabled()
    assert "Go back to now" in amira.account.head.issue_button.toolTip()
    amira.show_instant(now.now.replace(year=2027, month=2))
    settle()
    entries = amira.account.ledger.model.entries
    assert any(e.expected and e.kind is EntryKind.MONTHLY_ALLOWANCE for e in entries)
    amira.account.head.go_to_now()
    settle()
    assert amira.shown.data is not None
    assert amira.shown.data.account.available == now.account.available
    assert amira.account.head.issue_button.isEnabled()


def test_a_charge_opens_to_the_grants_that_paid_and_a_grant_to_what_it_paid_for(
    amira: UsersPage, settle: Settle
) -> None:
    entries = amira.account.ledger.model.entries
    charge = next(e for e in entries if e.kind is EntryKind.USE and not e.refunded)
    amira.acts.open_entry(charge)
    settle()
    dialog = amira.acts.dialog
    assert dialog is not None
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert str(charge.price_version) in words
    dialog.close()
    grant = next(e for e in entries if e.kind is EntryKind.MONTHLY_ALLOWANCE)
    amira.acts.open_entry(grant)
    settle()
    assert amira.acts.dialog is not None
    assert "Pro allowance, 2026-11" in amira.acts.dialog.windowTitle()
    amira.acts.dialog.close()


def test_refused_uses_are_grey_and_failed_jobs_are_marked(amira: UsersPage) -> None:
    ledger = amira.account.ledger
    refused = next(e for e in ledger.model.entries if e.kind is EntryKind.REFUSED_USE)
    columns = {column.key: column for column in ledger.model.columns}
    assert columns["text"].ink_of(refused) == "text3"
    assert "needed 43,200" in columns["text"].text(refused)
    chips = {chip for e in ledger.model.entries if (chip := columns["reference"].chip(e))}  # type: ignore[misc]
    assert {("failed", "danger"), ("refunded", "neutral"), ("late", "neutral")} <= chips


def test_a_narrow_window_shows_the_right_column_as_tabs(
    window: Window, amira: UsersPage, qtbot: QtBot
) -> None:
    window.resize(1024, 640)
    qtbot.waitUntil(lambda: amira.account.tabs is not None, timeout=PATIENCE_MS)
    tabs = amira.account.tabs
    assert tabs is not None
    names = [tabs.tabText(at) for at in range(tabs.count())]
    assert names == ["Ledger", "Balance", "Usage", "Requests", "Grants", "Referrals", "Notes"]
    offered = [action.text() for action in amira.account.head.more_menu().actions()]
    assert offered[0].startswith("Statement…")
    window.resize(1440, 900)
    qtbot.waitUntil(lambda: amira.account.tabs is None, timeout=PATIENCE_MS)
    for card in (amira.account.usage, amira.account.ledger, amira.account.notes):
        qtbot.waitUntil(card.isVisible)


# Putting right --------------------------------------------------------------------------------


def issue(page: UsersPage, credits: int) -> IssueDialog:
    page.acts.issue()
    dialog = page.acts.dialog
    assert isinstance(dialog, IssueDialog)
    dialog.amount.set_amount(credits)
    dialog.reason.choose("failed_generation")
    dialog.note.setPlainText("came back empty")
    dialog.ticket.setText("ZD-1")
    return dialog


def test_a_double_click_issues_once_and_undo_takes_it_back(
    window: Window, amira: UsersPage, desk: Desk, settle: Settle
) -> None:
    before = desk.accounts.account(AMIRA).available
    dialog = issue(amira, 24)
    assert dialog.after.text() == f"{before + 24:,}"
    dialog.try_submit()
    dialog.try_submit()
    settle()
    assert desk.accounts.account(AMIRA).available == before + 24
    assert amira.shown.data is not None
    assert amira.shown.data.account.available == before + 24
    toast = window.toasts.shown[-1]
    toast.undo_button.click()
    settle()
    assert desk.accounts.account(AMIRA).available == before
    assert amira.shown.data.account.available == before


def test_control_and_enter_issue_from_inside_the_note(
    window: Window, amira: UsersPage, desk: Desk, settle: Settle, qtbot: QtBot
) -> None:
    before = desk.accounts.account(AMIRA).available
    dialog = issue(amira, 12)
    dialog.note.setFocus()
    QTest.keyClick(dialog.note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert desk.accounts.account(AMIRA).available == before + 12


def test_the_dialog_warns_when_the_ticket_got_credits_already(
    amira: UsersPage, settle: Settle
) -> None:
    dialog = issue(amira, 24)
    dialog.ticket.setText("ZD-48213")
    settle()
    assert "ZD-48213 got 150 credits already" in dialog.warning.text()
    dialog.reject()


def test_over_the_limit_the_button_sends_for_approval(
    open_as: Callable[[str], Desk], qtbot: QtBot, clerk: Window, desk: Desk
) -> None:
    page = clerk.page
    assert isinstance(page, UsersPage)
    page.open_user(AMIRA)
    qtbot.waitUntil(lambda: not clerk.background.busy, timeout=PATIENCE_MS)
    before = desk.accounts.account(AMIRA).available
    dialog = issue(page, 101)
    assert dialog.act_button.text() == "Send for approval"
    dialog.try_submit()
    qtbot.waitUntil(lambda: not clerk.background.busy, timeout=PATIENCE_MS)
    assert desk.accounts.account(AMIRA).available == before
    (waiting,) = desk.support.approvals()
    assert (waiting.credits, waiting.asked_by) == (101, "sam@pixpretty.example")
    assert any("approval" in said.text for said in clerk.toasts.history)


@pytest.fixture
def clerk(open_as: Callable[[str], Desk], qtbot: QtBot, over: Callable[..., Window]) -> Window:
    """A window of a member of support."""
    return over(open_as("sam"))


def test_who_may_only_look_is_told_why_nothing_can_be_changed(
    open_as: Callable[[str], Desk], over: Callable[..., Window]
) -> None:
    window = over(open_as("quentin"))
    page = window.page
    assert isinstance(page, UsersPage)
    head = page.account.head
    assert not head.issue_button.isEnabled()
    assert "role, qa, may not issue credits" in head.issue_button.toolTip()
    assert not page.account.notes.add_button.isEnabled()
    *changing, _line, looking = head.more_menu().actions()
    assert all(not action.isEnabled() for action in changing)
    assert (looking.text(), looking.isEnabled()) == ("What staff did here", True)


def test_what_staff_did_to_a_user_is_one_click_away(
    open_as: Callable[[str], Desk], over: Callable[..., Window], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = over(open_as("sam"))
    page = window.page
    assert isinstance(page, UsersPage)
    went: list[tuple[str, object]] = []
    monkeypatch.setattr(window, "open_page", lambda key, place=None: went.append((key, place)))
    page.account.head.more_menu().actions()[-1].trigger()
    assert went == [("activity", {"subject": ("user", page.shown.user_id)})]


def test_a_refund_shows_both_parts_before_it_is_confirmed(
    amira: UsersPage, desk: Desk, settle: Settle
) -> None:
    amira.show_kind("use")
    settle()
    ledger = amira.account.ledger
    ledger.table.scrollToBottom()
    settle()
    number = next(n for n, e in enumerate(ledger.model.entries) if e.at.month == 9)
    entry = ledger.model.entries[number]
    ledger.table.setCurrentIndex(ledger.model.index(number, 0))
    amira.acts.refund_chosen()
    settle()
    dialog = amira.acts.dialog
    assert dialog is not None
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "have expired or were voided" in words
    dialog.reason.choose("failed_generation")  # type: ignore[attr-defined]
    dialog.try_submit()  # type: ignore[attr-defined]
    settle()
    assert entry.charge_id is not None
    refund = desk.support.refund_of(entry.charge_id)
    assert refund is not None
    assert refund.regranted == -entry.credits


def test_a_refused_act_is_said_in_the_dialog_and_nothing_changes(
    amira: UsersPage, desk: Desk, settle: Settle
) -> None:
    amira.acts.register()
    dialog = amira.acts.dialog
    assert dialog is not None
    dialog.user_id.setText(AMIRA)  # type: ignore[attr-defined]
    dialog.email.setText("somebody@example.com")  # type: ignore[attr-defined]
    dialog.try_submit()  # type: ignore[attr-defined]
    settle()
    assert AMIRA in dialog.problem  # type: ignore[attr-defined]
    assert desk.accounts.count() == 17
    dialog.reject()


def test_another_plan_shows_what_it_releases_and_then_does(
    window: Window, page: UsersPage, desk: Desk, settle: Settle
) -> None:
    page.open_user(CARLA)
    settle()
    before = desk.accounts.account(CARLA).available
    page.acts.change_plan()
    dialog = page.acts.dialog
    assert dialog is not None
    dialog.plan.choose("pro")  # type: ignore[attr-defined]
    settle()
    assert "Releases 800 credits at once" in dialog.releases.text()  # type: ignore[attr-defined]
    dialog.try_submit()  # type: ignore[attr-defined]
    settle()
    assert desk.accounts.account(CARLA).available == before + 800
    assert page.account.head.plan.text().startswith("Pro since")


def test_credits_are_issued_without_the_mouse(
    window: Window, page: UsersPage, desk: Desk, settle: Settle, qtbot: QtBot
) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_K, control)
    QTest.keyClicks(window.top.search, "7q2m")
    qtbot.waitUntil(
        lambda: page.shown.user_id == AMIRA and page.state.phase == "ready", timeout=PATIENCE_MS
    )
    settle()
    before = desk.accounts.account(AMIRA).available
    QTest.keyClick(window, Qt.Key.Key_G, control)
    dialog = page.acts.dialog
    assert isinstance(dialog, IssueDialog)
    QTest.keyClicks(dialog.amount, "24")
    QTest.keyClick(dialog.reason, Qt.Key.Key_Down)
    QTest.keyClicks(dialog.note, "came back empty")
    QTest.keyClicks(dialog.ticket, "ZD-2")
    QTest.keyClick(dialog.ticket, Qt.Key.Key_Return, control)
    settle()
    assert desk.accounts.account(AMIRA).available == before + 24


# Narrowing the ledger -------------------------------------------------------------------------


def test_the_ledger_is_narrowed_to_any_month_since_the_registration(
    amira: UsersPage, desk: Desk, settle: Settle
) -> None:
    assert amira.shown.data is not None
    months = amira.shown.data.sheet.ledger_months
    assert [str(months[0]), str(months[-1])] == ["2026-11", "2025-12"]
    menu = amira.account.ledger.filter_menu()
    offered = _words_in(menu)
    assert {write.month(month.year, month.month) for month in months} <= offered
    amira.show_entries(LedgerFilter(month=months[-1]))
    settle()
    entries = amira.account.ledger.model.entries
    assert [entry.kind for entry in entries] == [EntryKind.SIGNUP_BONUS]
    assert entries[0].balance == 12
    menu.deleteLater()


def _words_in(menu: QMenu) -> set[str]:
    found = set()
    for action in menu.actions():
        inner = action.menu()
        found |= _words_in(inner) if isinstance(inner, QMenu) else {action.text()}
    return found


def test_enter_in_the_search_after_going_back_opens_who_is_found(
    window: Window, page: UsersPage, settle: Settle, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: page.shown.user_id not in {"", AMIRA}, timeout=PATIENCE_MS)
    type_into_search(window, qtbot, "7q2m")
    qtbot.waitUntil(lambda: page.shown.user_id == AMIRA, timeout=PATIENCE_MS)
    settle()
    window.go_back()
    settle()
    assert page.shown.user_id != AMIRA
    window.focus_search()
    QTest.keyClicks(window.top.search, "7q2m")
    QTest.keyClick(window.top.search, Qt.Key.Key_Return)
    settle()
    assert page.shown.user_id == AMIRA


def test_a_refund_dialog_cuts_nothing_when_its_words_have_come(
    amira: UsersPage, settle: Settle, qtbot: QtBot
) -> None:
    entries = amira.account.ledger.model.entries
    charge = next(one for one in reversed(entries) if one.charge_id and one.credits < 0)
    standing = amira.standing
    assert standing is not None
    dialog = RefundDialog(amira, amira.frame, charge, standing.policy.reasons, lambda _refund: None)
    dialog.open()
    qtbot.waitUntil(lambda: dialog._known, timeout=PATIENCE_MS)
    assert dialog.height() >= dialog._column.totalHeightForWidth(dialog.width())
    dialog.reject()


def test_esc_in_the_field_comes_back_from_an_instant_to_now_and_leaves_the_search(
    amira: UsersPage, settle: Settle
) -> None:
    field = amira.account.head.instant
    field.edit.setFocus()
    QTest.keyClicks(field.edit, "31 Jan 2026 12:00")
    QTest.keyClick(field.edit, Qt.Key.Key_Return)
    settle()
    assert field.instant is not None
    found = amira.state.query
    QTest.keyClick(field.edit, Qt.Key.Key_Escape)
    settle()
    assert field.instant is None
    assert field.edit.text() == ""
    assert (amira.shown.at, amira.state.query) == (None, found)


def test_control_t_replaces_the_instant_that_stands_there(amira: UsersPage, settle: Settle) -> None:
    field = amira.account.head.instant
    for typed in ("31 Jan 2026 12:00", "now"):
        field.begin()
        QTest.keyClicks(field.edit, typed)
        QTest.keyClick(field.edit, Qt.Key.Key_Return)
        settle()
        assert (amira.shown.at is None) is (typed == "now")
    assert field.problem == ""


def test_what_is_no_instant_is_answered_beside_the_field_and_the_account_stays(
    amira: UsersPage, settle: Settle
) -> None:
    head = amira.account.head
    head.instant.edit.setFocus()
    QTest.keyClicks(head.instant.edit, "31 Foo")
    QTest.keyClick(head.instant.edit, Qt.Key.Key_Return)
    assert "“31 Foo” is not a date and time like 31 Jan 12:00" in head.refused.text()
    assert not head.refused.isHidden()
    assert amira.shown.at is None
    QTest.keyClick(head.instant.edit, Qt.Key.Key_Escape)
    assert head.instant.edit.text() == ""
    assert head.refused.isHidden()


def test_a_change_elsewhere_leaves_what_is_being_typed_as_it_is(
    window: Window, amira: UsersPage, settle: Settle
) -> None:
    field = amira.account.head.instant.edit
    field.setFocus()
    QTest.keyClicks(field, "31 Ja")
    window.heard({"accounts"})
    settle()
    assert field.text() == "31 Ja"
    assert amira.shown.at is None
    QTest.keyClick(field, Qt.Key.Key_Escape)


def test_a_piece_of_the_usage_opens_the_uses_behind_it(amira: UsersPage, settle: Settle) -> None:
    data = amira.shown.data
    assert data is not None
    october = data.month.previous
    amira.account.usage.piece_wanted.emit(october, "image_extender")
    settle()
    entries = amira.account.ledger.model.entries
    used = [u for u in data.sheet.usage if (u.month, u.feature) == (october, "image_extender")]
    assert -sum(entry.credits for entry in entries) == used[0].credits > 0
    assert {entry.feature for entry in entries} == {"image_extender"}


# Requests -------------------------------------------------------------------------------------


def test_the_requests_of_a_user_stand_in_the_account(
    amira: UsersPage, desk: Desk, window: Window, settle: Settle, qtbot: QtBot
) -> None:
    request = desk.requests.open(
        user=AMIRA, ticket="ZD-5", message="My credits are gone", category="credits_vanished"
    )
    window.heard({"requests"})
    card = amira.account.requests
    qtbot.waitUntil(lambda: card.model.rowCount() == 1, timeout=PATIENCE_MS)
    row = card.model.row(0)
    assert row is not None
    assert row.id == request.id
    assert card.aside.text() == "1 of 1 to do"
    with qtbot.waitSignal(card.opened) as opened:
        card.table.opened.emit(row)
    assert opened.args == [request.id]


def test_a_charge_is_opened_from_elsewhere_with_its_account(
    window: Window, page: UsersPage, desk: Desk, qtbot: QtBot, settle: Settle
) -> None:
    oldest = [e for e in desk.accounts.ledger(AMIRA, limit=None) if e.kind is EntryKind.USE][-1]
    window.open_page("users", (AMIRA, "charge", oldest.charge_id))
    qtbot.waitUntil(lambda: page.acts.dialog is not None, timeout=PATIENCE_MS)
    assert page.shown.user_id == AMIRA
    assert isinstance(page.acts.dialog, DetailDialog)
    assert page.acts.dialog.windowTitle() == oldest.text
    page.acts.dialog.close()
    grant = desk.accounts.account(AMIRA).all_grants[0]
    window.open_page("users", (AMIRA, "grant", grant.id))
    qtbot.waitUntil(lambda: isinstance(page.acts.dialog, DetailDialog), timeout=PATIENCE_MS)
    assert page.acts.dialog is not None
    page.acts.dialog.close()


def test_from_a_grant_to_what_it_paid_for_and_back_to_the_grant(
    amira: UsersPage, settle: Settle, qtbot: QtBot
) -> None:
    data = amira.shown.data
    assert data is not None
    grant = next(g for g in data.account.all_grants if g.used)
    amira.acts.open_grant(grant.id)
    qtbot.waitUntil(lambda: isinstance(amira.acts.dialog, DetailDialog), timeout=PATIENCE_MS)
    first = amira.acts.dialog
    assert first is not None
    table = first.findChild(Table)
    assert isinstance(table, Table)
    table.opened.emit(table.rows.row(0))
    qtbot.waitUntil(lambda: amira.acts.dialog not in {None, first}, timeout=PATIENCE_MS)
    second = amira.acts.dialog
    assert second is not None
    paid = second.findChild(Table)
    assert isinstance(paid, Table)
    assert grant.id in {line.grant_id for line in paid.rows.at_hand([range(paid.rows.rowCount())])}
    second.close()
