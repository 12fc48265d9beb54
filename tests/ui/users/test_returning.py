"""Coming back: by Alt+Left, at the next start, and after another program wrote."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import start
from app.domain.calendar import Month
from app.domain.errors import DatabaseFailed
from app.domain.ledger import EntryKind
from app.main import Program
from app.ui.page import ELSEWHERE
from app.ui.theme import install
from app.ui.users.account_state import AccountState
from app.ui.users.issue import IssueDialog
from app.ui.users.page import UsersPage
from app.ui.users.reading import LedgerFilter
from app.ui.users.returning import as_remembered, to_remember

AMIRA = "usr_01JD8Q4ZK7"
CARLA = "usr_01JE01MX"
MARIA = "maria@pixpretty.example"
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
PATIENCE_MS = 60_000
Opener = Callable[[], Program]


@pytest.mark.parametrize(
    "state",
    [
        AccountState("usr_1"),
        AccountState("usr_1", at=NOON, chosen=LedgerFilter(month=Month(2026, 1), free=True)),
        AccountState(
            "u", chosen=LedgerFilter(frozenset({EntryKind.USE, EntryKind.VOID}), "ghostface")
        ),
    ],
)
def test_what_was_shown_is_told_and_found_again(state: AccountState) -> None:
    assert as_remembered(to_remember(state)) == state


@pytest.mark.parametrize(
    "kept",
    [
        None, [], "x", {"user": "u", "at": "soon"}, {"user": "u", "kinds": ["gift"]},
        {"user": "u", "month": "2026-13"}, {"user": "u", "at": "2026-01-01T00:00"},
        {"user": "u", "kinds": 7},
    ],
)  # fmt: skip
def test_what_cannot_be_read_of_it_is_left_out(kept: object) -> None:
    found = as_remembered(kept)
    assert (found.at, found.chosen) == (None, LedgerFilter())


@pytest.fixture
def world(filled: Path, tmp_path: Path) -> Path:
    path = tmp_path / "credits.db"
    path.write_bytes(filled.read_bytes())
    return path


@pytest.fixture
def opener(
    qapp: QApplication, world: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> Iterator[Opener]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    programs: list[Program] = []

    def open_it() -> Program:
        install(qapp)
        program = Program(start.Choice(database=str(world), staff=MARIA))
        programs.append(program)
        program.window.show()
        program.open()
        qtbot.waitUntil(program.window.isEnabled, timeout=PATIENCE_MS)
        qtbot.waitUntil(lambda: not program.background.busy, timeout=PATIENCE_MS)
        return program

    def close(program: Program) -> None:
        programs.remove(program)
        program.window.close()
        program.close()
        program.window.deleteLater()

    open_it.close = close  # type: ignore[attr-defined]
    yield open_it
    while programs:
        close(programs[-1])


def users(program: Program) -> UsersPage:
    page = program.window.page
    assert isinstance(page, UsersPage)
    return page


def settled(program: Program, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not program.background.busy, timeout=PATIENCE_MS)


def test_the_next_start_finds_the_account_the_instant_the_filter_and_the_tab(
    opener: Opener, qtbot: QtBot
) -> None:
    program = opener()
    program.window.resize(1024, 700)
    program.window.open_page("users", AMIRA)
    settled(program, qtbot)
    page = users(program)
    page.show_instant(NOON)
    page.show_entries(LedgerFilter(kinds=frozenset({EntryKind.SIGNUP_BONUS})))
    settled(program, qtbot)
    assert page.account.tabs is not None
    page.account.tabs.setCurrentIndex(3)
    opener.close(program)  # type: ignore[attr-defined]

    again = opener()
    settled(again, qtbot)
    shown = users(again).shown
    assert (shown.user_id, shown.at) == (AMIRA, NOON)
    assert shown.chosen.kinds == {EntryKind.SIGNUP_BONUS}
    tabs = users(again).account.tabs
    assert tabs is not None
    assert tabs.currentIndex() == 3
    assert again.window.width() == 1024


def test_going_back_finds_the_instant_and_the_filter_too(opener: Opener, qtbot: QtBot) -> None:
    program = opener()
    program.window.open_page("users", AMIRA)
    settled(program, qtbot)
    users(program).show_instant(NOON)
    settled(program, qtbot)
    program.window.open_page("users", CARLA)
    settled(program, qtbot)
    assert users(program).shown.at is None
    program.window.go_back()
    settled(program, qtbot)
    assert (users(program).shown.user_id, users(program).shown.at) == (AMIRA, NOON)


def written_elsewhere(world: Path, *command: str) -> None:
    """Let another process do something to the file."""
    subprocess.run(
        [sys.executable, "-m", "app", *command, "--database", str(world), "--staff", MARIA],
        check=True,
        capture_output=True,
        timeout=120,
    )


def test_what_another_process_writes_comes_in_and_nothing_else_moves(
    opener: Opener, world: Path, qtbot: QtBot
) -> None:
    program = opener()
    program.window.open_page("users", AMIRA)
    settled(program, qtbot)
    program._look()
    settled(program, qtbot)
    page = users(program)
    table = page.account.ledger.table
    model = page.account.ledger.model
    while model.canFetchMore(QModelIndex()):
        model.fetchMore(QModelIndex())
        settled(program, qtbot)
    table.selectRow(90)
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum() // 2)
    chosen = table.current_row()
    assert chosen is not None
    before = page.shown.data
    assert before is not None
    page.acts.issue()
    dialog = page.acts.dialog
    assert isinstance(dialog, IssueDialog)
    dialog.note.setPlainText("half a sen")
    program.window.top.search.setText("ami")
    program.window.top.search._timer.stop()
    at_top = table.rowAt(2)
    seen = model.entries[at_top]

    written_elsewhere(
        world, "grant", AMIRA, "7", "--reason", "goodwill", "--note", "n", "--ticket", "ZD-7"
    )
    program._look()
    settled(program, qtbot)

    after = page.shown.data
    assert after is not None
    assert after.account.available == before.account.available + 7
    assert page.acts.dialog is dialog
    assert dialog.isVisible()
    assert dialog.note.toPlainText() == "half a sen"
    assert program.window.top.search.text() == "ami"
    here = table.current_row()
    assert here is not None
    assert here.position == chosen.position
    assert model.entries[table.rowAt(2)].position == seen.position
    was, now = before.account.available, after.account.available
    (said,) = program.window.notices.sentences
    assert f"the balance was {was:,} and is {now:,}" in said
    dialog.close()


def test_what_others_write_right_after_us_is_not_taken_for_ours(
    opener: Opener, world: Path, qtbot: QtBot
) -> None:
    program = opener()
    program.window.open_page("users", AMIRA)
    settled(program, qtbot)
    program._look()
    settled(program, qtbot)
    assert program.desk is not None
    program.desk.accounts.note(AMIRA, "from here")
    program.window.tell({"accounts"})
    settled(program, qtbot)
    written_elsewhere(world, "user", "plan", CARLA, "pro")
    heard: list[frozenset[str]] = []
    program.window.told.connect(heard.append)
    program._look()
    settled(program, qtbot)
    assert [ELSEWHERE in changes for changes in heard] == [True]


# The search field -----------------------------------------------------------------------------


def test_who_was_looked_at_is_offered_in_the_empty_field_and_in_the_palette(
    opener: Opener, qtbot: QtBot
) -> None:
    program = opener()
    window = program.window
    for user in (CARLA, AMIRA):
        window.open_page("users", user)
        settled(program, qtbot)
        users(program)._dwelt()
    panel = window.furniture.recents
    window.focus_search()
    assert panel.isVisible()
    assert [panel.list.item(row).text() for row in range(panel.list.count())] == [
        f"\u2068Carla Núñez\u2069  ·  {CARLA}"
    ]
    QTest.keyClick(window.top.search, Qt.Key.Key_Down)
    QTest.keyClick(window.top.search, Qt.Key.Key_Return)
    settled(program, qtbot)
    assert users(program).shown.user_id == CARLA
    assert not panel.isVisible()
    palette = window.open_palette()
    palette.search.setText("openamira")
    (action,) = palette.shown[:1]
    palette.reject()
    action.act()
    settled(program, qtbot)
    assert users(program).shown.user_id == AMIRA


def test_escape_clears_what_was_typed_first_and_goes_back_then(
    opener: Opener, qtbot: QtBot
) -> None:
    program = opener()
    window = program.window
    window.open_page("users", AMIRA)
    settled(program, qtbot)
    window.open_page("prices")
    settled(program, qtbot)
    window.activateWindow()
    search = window.top.search
    search.setFocus()
    search.setText("abc")
    search._timer.stop()
    QTest.keyClick(search, Qt.Key.Key_Escape)
    search._timer.stop()
    assert search.text() == ""
    assert window.trail.here is not None
    assert window.trail.here.page == "prices"
    QTest.keyClick(search, Qt.Key.Key_Escape)
    settled(program, qtbot)
    assert window.trail.here.page == "users"
    assert users(program).shown.user_id == AMIRA


def test_a_database_that_does_not_answer_is_said_in_a_bar_until_it_does(
    opener: Opener, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = opener()
    program.window.open_page("users", AMIRA)
    settled(program, qtbot)
    page = users(program)
    with monkeypatch.context() as broken:

        def locked(*_: object, **__: object) -> None:
            message = "The database is busy with another program's work."
            raise DatabaseFailed(message)

        assert program.desk is not None
        broken.setattr(program.desk.sheets, "of", locked)
        page.reload()
        qtbot.waitUntil(lambda: page.shown.phase == "failed", timeout=PATIENCE_MS)
    (said,) = program.window.notices.sentences
    assert "busy with another program" in said
    page.account.retry_wanted.emit()
    qtbot.waitUntil(lambda: page.shown.phase == "ready", timeout=PATIENCE_MS)
    assert program.window.notices.sentences == []


def test_going_back_takes_what_was_typed_away_and_finds_the_account(
    opener: Opener, qtbot: QtBot
) -> None:
    program = opener()
    program.window.open_page("users", AMIRA)
    settled(program, qtbot)
    program.window.open_page("prices")
    settled(program, qtbot)
    search = program.window.top.search
    search.setText("carla")
    qtbot.waitUntil(lambda: users_if(program) == CARLA, timeout=PATIENCE_MS)
    settled(program, qtbot)
    while users_if(program) != AMIRA:
        program.window.go_back()
        settled(program, qtbot)
    assert search.text() == ""
    assert users(program).state.query.text == ""
    assert users(program).shown.user_id == AMIRA


def test_esc_never_puts_another_person_in_place_of_the_one_in_view(
    opener: Opener, qtbot: QtBot
) -> None:
    program = opener()
    window = program.window
    for person in (CARLA, AMIRA):
        window.open_page("users", person)
        settled(program, qtbot)
    QTest.keyClick(users(program).account.ledger.table, Qt.Key.Key_Escape)
    settled(program, qtbot)
    assert users_if(program) == AMIRA
    window.go_back()
    settled(program, qtbot)
    assert users_if(program) == CARLA


def test_esc_goes_back_to_the_page_an_account_was_opened_from(opener: Opener, qtbot: QtBot) -> None:
    program = opener()
    program.window.open_page("prices")
    settled(program, qtbot)
    program.window.open_page("users", AMIRA)
    settled(program, qtbot)
    QTest.keyClick(users(program).account.ledger.table, Qt.Key.Key_Escape)
    assert not isinstance(program.window.page, UsersPage)


def test_coming_to_the_users_the_arrow_keys_move_through_them(opener: Opener, qtbot: QtBot) -> None:
    program = opener()
    program.window.open_page("prices")
    program.window.page.setFocus()  # type: ignore[union-attr]
    program.window.open_page("users", AMIRA)
    settled(program, qtbot)
    assert program.window.focusWidget() is users(program).people.view


def test_esc_closes_an_account_opened_from_the_table(opener: Opener, qtbot: QtBot) -> None:
    program = opener()
    program.window.open_page("users")
    settled(program, qtbot)
    page = users(program)
    page.show_shape("table")
    settled(program, qtbot)
    page.people.view.choose(1)
    page.people.view.open_current()
    settled(program, qtbot)
    assert not page.alone
    QTest.keyClick(page.account.ledger.table, Qt.Key.Key_Escape)
    settled(program, qtbot)
    assert page.alone


def users_if(program: Program) -> str:
    page = program.window.page
    return page.shown.user_id if isinstance(page, UsersPage) else ""
