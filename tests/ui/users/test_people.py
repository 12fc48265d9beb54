"""The list of users: its two shapes, its columns, its filters, and several users at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.users import UserQuery, UserSummary
from app.ui.users.page import UsersPage
from app.ui.users.people_columns import mark
from app.ui.window import Window

AMIRA = "usr_01JD8Q4ZK7"
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
Key = Qt.Key
Settle = Callable[[], None]
NO_KEYS = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def settle(window: Window, qtbot: QtBot) -> Settle:
    def wait() -> None:
        qtbot.waitUntil(lambda: not window.background.busy)

    return wait


@pytest.fixture
def table(window: Window, page: UsersPage, qtbot: QtBot, settle: Settle) -> UsersPage:
    """The page as the full-width table, with the keyboard on its first row."""
    window.resize(1440, 900)
    settle()
    press(window, qtbot, Key.Key_T, CTRL | SHIFT)
    page.people.view.choose(0)
    page.people.view.setFocus()
    settle()
    assert page.alone
    return page


def press(window: Window, qtbot: QtBot, key: Qt.Key, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    """Press a key as somebody at the window does, wherever the keyboard is."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    focused = window.focusWidget()
    QTest.keyClick(window if focused is None else focused, key, keys)


def key_on(widget: QWidget, key: Qt.Key, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    QTest.keyClick(widget, key, keys)


def listed(page: UsersPage) -> list[UserSummary]:
    return list(page.people.view.model_rows.loaded().values())


def selected(page: UsersPage) -> list[str]:
    return [user.name for user in page.people.view.selected()]


def header_click(page: UsersPage, key: str) -> None:
    view = page.people.view
    at = [column.key for column in view.rows.columns].index(key)
    header = view.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(at) + 20, 10)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)


# Two shapes -----------------------------------------------------------------------------------


def test_the_table_takes_all_the_room_and_enter_opens_an_account_with_a_way_back(
    window: Window, table: UsersPage, qtbot: QtBot, settle: Settle
) -> None:
    view = table.people.view
    assert table.people.width() > 1000
    assert not table.account.isVisible()
    for _ in range(5):
        key_on(view, Key.Key_Down)
    here = view.current_user()
    assert here is not None
    assert table.shown.user_id == ""
    key_on(view, Key.Key_Return)
    settle()
    assert table.account.isVisible()
    assert not table.people.isVisible()
    assert table.shown.user_id == here.user_id
    press(window, qtbot, Key.Key_Left, ALT)
    settle()
    assert table.alone
    assert view.hasFocus()
    assert selected(table) == [here.name]
    press(window, qtbot, Key.Key_Right, ALT)
    settle()
    assert table.account.isVisible()
    assert table.shown.user_id == here.user_id


def test_the_way_back_finds_the_table_scrolled_as_it_was(
    window: Window, table: UsersPage, desk: Desk, qtbot: QtBot, settle: Settle
) -> None:
    for at in range(250):
        desk.accounts.register(f"usr_x{at:03}", email=f"x{at}@example.com", name=f"Zoe {at:03}")
    window.heard({"accounts"})
    settle()
    view = table.people.view
    key_on(view, Key.Key_End)
    settle()
    place, here = view.verticalScrollBar().value(), view.current_user()
    assert place > 0
    assert here is not None
    view.open_current()
    settle()
    table.back_button.click()
    settle()
    assert view.verticalScrollBar().value() == place
    assert view.current_user() == here


def test_a_double_click_opens_the_account_of_that_row(table: UsersPage, settle: Settle) -> None:
    view = table.people.view
    place = view.visualRect(view.rows.index(4, 1)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    settle()
    user = view.rows.row(4)
    assert user is not None
    assert (table.opened, table.shown.user_id) == (True, user.user_id)


def test_no_key_changes_an_account_that_the_table_hides(
    window: Window, page: UsersPage, qtbot: QtBot, settle: Settle
) -> None:
    page.open_user(AMIRA)
    settle()
    page.account.ledger.table.selectRow(0)
    page.toggle_shape()
    settle()
    for name in ("refund", "void", "plan", "contact", "note", "statement", "export"):
        assert not window.registry.find(name).possible(), name
    assert page.shown.data is None


def test_in_the_table_credits_are_issued_to_the_selected_row(
    table: UsersPage, settle: Settle
) -> None:
    given: list[object] = []
    table.people.view.choose(3)
    table.people.gather_recipients(given.append)
    user = table.people.view.rows.row(3)
    assert user is not None
    assert given == [(user.user_id,)]


def test_the_shape_the_order_and_the_filters_are_there_again_at_the_next_start(
    window: Window, table: UsersPage, settle: Settle
) -> None:
    header_click(table, "available")
    settle()
    table.show_query(replace(table.state.query, plan="plus", registered_first=date(2026, 1, 31)))
    settle()
    again = UsersPage(window)
    try:
        assert again.alone
        kept = again.state.query
        assert (kept.plan, kept.registered_first) == ("plus", date(2026, 1, 31))
        assert (kept.order, kept.descending) == ("available", True)
        assert again.people.view.sorted_by == ("available", True)
    finally:
        again.deleteLater()


def test_the_order_is_said_where_there_is_no_header_and_taken_back_with_one_key(
    page: UsersPage, settle: Settle
) -> None:
    page.show_query(UserQuery(order="available", descending=True))
    settle()
    assert page.people.chips.words == ["By available ↓"]
    assert page.people.chips.clear_button.isHidden()
    key_on(page.people.chips.chips[0], Key.Key_Backspace)
    settle()
    assert page.state.query == UserQuery()
    assert page.people.view.sorted_by is None


def test_a_screen_reader_says_a_whole_line_of_the_list_and_single_cells_of_the_table(
    page: UsersPage, settle: Settle
) -> None:
    view, role = page.people.view, Qt.ItemDataRole.AccessibleTextRole
    user = listed(page)[0]
    said = view.rows.data(view.rows.index(0, 0), role)
    assert said == f"{user.name}, {user.email}, {user.available} credits, {user.plan.capitalize()}"
    page.toggle_shape()
    assert view.rows.data(view.rows.index(0, 0), role) == user.name


# Columns --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    ["name", "email", "user_id", "plan", "available", "next_expiry", "registered_at",
     "referral_code"],
)  # fmt: skip
def test_a_click_on_a_header_sorts_everybody_and_only_that_header_is_marked(
    table: UsersPage, settle: Settle, key: str
) -> None:
    header_click(table, key)
    settle()
    view = table.people.view
    descending = table.state.query.descending
    assert view.sorted_by == (key, descending)
    values = [getattr(user, key) for user in listed(table)]
    full = [v.casefold() if isinstance(v, str) and key != "user_id" else v for v in values if v]
    ordered = [("free", "plus", "pro").index(v) for v in full] if key == "plan" else full
    assert ordered == sorted(ordered, reverse=descending)
    assert all(values[: len(full)]) or key == "available"


def test_a_second_click_on_a_header_turns_the_order_round(table: UsersPage, settle: Settle) -> None:
    header_click(table, "name")
    settle()
    first = [user.user_id for user in listed(table)]
    header_click(table, "name")
    settle()
    assert [user.user_id for user in listed(table)] == first[::-1]


def test_columns_are_chosen_and_moved_from_a_menu_and_kept_in_the_list_too(
    window: Window, table: UsersPage, settle: Settle
) -> None:
    view = table.people.view
    menu = view.column_menu()
    next(action for action in menu.actions() if action.text() == "Referred by").trigger()
    menu.deleteLater()
    view.move_column("referred_by", -1)
    keys = [column.key for column in view.visible_columns()]
    assert keys[-2:] == ["referred_by", "referral_code"]
    table.toggle_shape()
    settle()
    assert view.in_lines
    assert [column.key for column in view.visible_columns()] == keys
    table.toggle_shape()
    settle()
    assert [column.key for column in view.visible_columns()] == keys
    kept = window.kept.recall("tables/users")
    assert "referred_by" not in kept["hidden"]


def test_who_has_nothing_left_or_little_is_marked_in_words() -> None:
    user = UserSummary("u", "u@example.com", "U", "free", 0, date.today())  # type: ignore[arg-type] # noqa: DTZ011
    assert mark(user) == ("Out", "danger")
    assert mark(replace(user, available=9)) == ("Low", "warning")
    assert mark(replace(user, available=10)) is None


def test_an_instant_tells_utc_and_how_long_ago_and_an_expiry_how_long_is_left(
    table: UsersPage,
) -> None:
    view = table.people.view
    keys = [column.key for column in view.rows.columns]
    registered, expiry = (
        view.rows.columns[keys.index(k)] for k in ("registered_at", "next_expiry")
    )
    amira = next(user for user in listed(table) if user.user_id == AMIRA)
    assert registered.tip is not None
    assert "UTC" in registered.tip(amira)
    assert "ago" in registered.tip(amira)
    assert expiry.text(amira).endswith("· in 8 days")


# Filters --------------------------------------------------------------------------------------


def test_filters_are_used_without_the_mouse_and_each_chip_goes_with_one_key(
    window: Window, page: UsersPage, qtbot: QtBot, settle: Settle
) -> None:
    press(window, qtbot, Key.Key_F, CTRL | SHIFT)
    panel, chips = page.people.filters, page.people.chips
    assert panel.plans["free"].hasFocus()
    key_on(panel.plans["free"], Key.Key_Backtab)
    assert page.people.filter_button.hasFocus()
    key_on(page.people.filter_button, Key.Key_Tab)
    key_on(panel.plans["free"], Key.Key_Tab)
    assert panel.plans["plus"].hasFocus()
    key_on(panel.plans["plus"], Key.Key_Space)
    settle()
    key_on(panel.soon, Key.Key_Space)
    settle()
    assert chips.words == ["Plus", "Expiring within 7 days"]
    assert {user.plan for user in listed(page)} <= {"plus"}
    chips.chips[0].setFocus()
    key_on(chips.chips[0], Key.Key_Delete)
    settle()
    assert chips.words == ["Expiring within 7 days"]
    assert not panel.plans["plus"].isChecked()
    chips.clear_button.click()
    settle()
    assert chips.isHidden()
    key_on(panel.plans["free"], Key.Key_Escape)
    assert panel.isHidden()


def test_tab_leads_from_the_filters_on_to_the_list(
    window: Window, page: UsersPage, qtbot: QtBot
) -> None:
    press(window, qtbot, Key.Key_F, CTRL | SHIFT)
    panel = page.people.filters
    met: list[QWidget | None] = []
    while window.focusWidget() is not page.people.view and len(met) < 20:
        met.append(window.focusWidget())
        key_on(window.focusWidget(), Key.Key_Tab)
    assert page.people.view.hasFocus()
    assert all(one is not None and panel.isAncestorOf(one) for one in met)
    fields = [*panel.plans.values(), panel.broke, panel.soon, panel.asking, panel.person]
    assert [one for one in met if one in fields] == fields


def test_who_was_invited_by_somebody_is_found_by_typing_the_inviter(
    page: UsersPage, desk: Desk, qtbot: QtBot, settle: Settle
) -> None:
    desk.accounts.register(
        "usr_friend", email="f@example.com", name="A Friend", referred_by="PIX-7Q2M"
    )
    page.people.toggle_filters()
    field = page.people.filters.person
    field.setFocus()
    QTest.keyClicks(field, "amir")
    qtbot.waitUntil(lambda: bool(field.offered))
    key_on(field, Key.Key_Return)
    settle()
    assert page.state.query.referred_by == AMIRA
    assert page.people.chips.words == ["Invited by Amira Haddad"]
    assert [user.name for user in listed(page)] == ["A Friend"]


def test_days_of_registration_are_typed_and_a_day_that_is_none_is_refused_by_name(
    page: UsersPage, settle: Settle
) -> None:
    page.people.toggle_filters()
    panel = page.people.filters
    panel.first.edit.setText("1 Jul 2026")
    panel.first.edit.editingFinished.emit()
    panel.last.edit.setText("2026-08-31")
    panel.last.edit.editingFinished.emit()
    settle()
    assert page.people.chips.words == ["Registered 1 Jul 2026 – 31 Aug 2026"]
    assert listed(page)
    assert {user.registered_at.month for user in listed(page)} <= {7, 8}
    before = page.state.query
    panel.last.edit.setText("soon")
    panel.last.edit.editingFinished.emit()
    assert "“soon” is not a day" in panel.problem.text()
    panel.last.edit.setText("2026-01-01")
    panel.last.edit.editingFinished.emit()
    assert panel.problem.text() == "The last day is before the first."
    settle()
    assert page.state.query == before


def test_back_and_forward_go_through_the_filters_that_were_set(
    window: Window, page: UsersPage, qtbot: QtBot, settle: Settle
) -> None:
    page.show_query(replace(page.state.query, plan="plus"))
    settle()
    page.show_query(replace(page.state.query, plan="pro"))
    settle()
    window.go_back()
    settle()
    assert page.state.query.plan == "plus"
    assert {user.plan for user in listed(page)} == {"plus"}
    window.go_back()
    settle()
    assert not page.state.query.filtered
    window.go_forward()
    settle()
    assert page.people.chips.words == ["Plus"]


# Several selected -----------------------------------------------------------------------------


def test_shift_and_arrows_select_several_and_the_bar_says_how_many(
    page: UsersPage, settle: Settle
) -> None:
    view = page.people.view
    view.choose(2)
    view.setFocus()
    assert page.people.picked.isHidden()
    for _ in range(3):
        key_on(view, Key.Key_Down, SHIFT)
    settle()
    assert page.people.picked.said.text() == "4 users selected"
    assert not page.people.picked.isHidden()
    given: list[object] = []
    page.people.gather_recipients(given.append)
    assert given == [tuple(user.user_id for user in listed(page)[2:6])]
    page.people.picked.clear_button.click()
    assert page.people.picked.isHidden()
    assert view.selected_count == 1


def test_all_are_selected_by_a_flag_and_handed_over_as_the_query(
    page: UsersPage, settle: Settle
) -> None:
    page.show_query(UserQuery(plan="plus"))
    settle()
    view = page.people.view
    view.setFocus()
    key_on(view, Key.Key_A, CTRL)
    assert page.people.picked.said.text() == f"All {page.state.count} users selected"
    given: list[object] = []
    page.people.gather_recipients(given.append)
    assert given == [UserQuery(plan="plus")]
    key_on(view, Key.Key_Down)
    assert not view.everything


def test_those_selected_stay_selected_when_somebody_else_registers_before_them(
    window: Window, page: UsersPage, desk: Desk, settle: Settle
) -> None:
    view = page.people.view
    view.choose(3)
    view.setFocus()
    key_on(view, Key.Key_Down, SHIFT)
    settle()
    before = selected(page)
    assert len(before) == 2
    desk.accounts.register("usr_first", email="aaa@example.com", name="Aaron Aardvark")
    window.heard({"accounts"})
    settle()
    assert selected(page) == before
    assert view.selected_numbers() == [4, 5]


def test_rows_are_copied_with_the_columns_shown_and_formulas_made_harmless(
    page: UsersPage, desk: Desk, window: Window, settle: Settle
) -> None:
    desk.accounts.register("usr_evil", email="e@example.com", name="=1+1")
    page.show_query(UserQuery(text="usr_evil"))
    settle()
    page.toggle_shape()
    settle()
    view = page.people.view
    for key in ("email", "user_id", "mark", "next_expiry", "registered_at", "referral_code"):
        at = [column.key for column in view.rows.columns].index(key)
        view.show_column(at, shown=False)
    view.choose(0)
    view.setFocus()
    key_on(view, Key.Key_C, CTRL | SHIFT)
    assert QGuiApplication.clipboard().text() == "Name\tPlan\tAvailable\n'=1+1\tfree\t12"
    key_on(view, Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "'=1+1\tfree\t12"


# The keyboard and the states --------------------------------------------------------------------


def test_typing_in_the_list_goes_on_in_the_search_field(
    window: Window, page: UsersPage, qtbot: QtBot, settle: Settle
) -> None:
    page.people.view.setFocus()
    press(window, qtbot, Key.Key_M)
    assert window.top.search.hasFocus()
    QTest.keyClicks(window.top.search, "ona")
    qtbot.waitUntil(lambda: page.state.query.text == "mona" and page.state.phase == "ready")
    settle()
    assert [user.name for user in listed(page)] == ["Mona Saleh"]


def test_j_k_home_and_end_move_through_the_list(page: UsersPage, settle: Settle) -> None:
    view = page.people.view
    view.setFocus()
    key_on(view, Key.Key_Home)
    assert view.currentIndex().row() == 0
    key_on(view, Key.Key_J)
    key_on(view, Key.Key_J)
    key_on(view, Key.Key_K)
    assert view.currentIndex().row() == 1
    key_on(view, Key.Key_End)
    assert view.currentIndex().row() == view.rows.rowCount() - 1
    settle()
    user = view.current_user()
    assert user is not None
    assert page.shown.user_id == user.user_id


def test_a_search_that_finds_nobody_offers_to_clear_it_and_does(
    window: Window, page: UsersPage, qtbot: QtBot, settle: Settle
) -> None:
    window.type_search("no such person")
    qtbot.waitUntil(lambda: page.state.phase == "empty")
    settle()
    button = page.people.overlay._button
    assert (button.text(), button.isVisible()) == ("Clear search", True)
    button.click()
    qtbot.waitUntil(lambda: page.state.phase == "ready" and not page.state.query.text)
    settle()
    assert page.state.heading == "17 of 17"


def test_a_list_that_cannot_be_read_says_so_and_is_read_at_the_next_try(
    page: UsersPage, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> list[UserSummary]:
        raise OSError("disk gone")

    with monkeypatch.context() as patched:
        patched.setattr(type(desk.accounts), "page", broken)
        page.reload()
        qtbot.waitUntil(lambda: page.state.phase == "failed")
    overlay = page.people.overlay
    assert overlay._sentence.text() == "The users could not be read."
    assert overlay._note.text() == "Nothing was changed."
    assert overlay._copy.isVisible()
    overlay._button.click()
    qtbot.waitUntil(lambda: page.state.phase == "ready")
    assert not overlay.isVisible()


def test_a_reading_that_is_stopped_leaves_the_list_that_was_there(
    page: UsersPage, desk: Desk, settle: Settle
) -> None:
    before = page.state
    page.people.ask(UserQuery(text="amira"))
    assert page.state.phase == "loading"
    page.people.questions.stop()
    settle()
    assert (page.state.query, page.state.phase) == (before.query, "ready")
    assert len(listed(page)) == 17
