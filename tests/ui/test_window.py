"""The frame: going places, telling pages, saying what happened, remembering, failing well."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.domain.errors import DatabaseFailed, UnknownUser
from app.ui.actions import Action, DuplicateShortcut
from app.ui.background import Background, Latest
from app.ui.columns import Column
from app.ui.messages import MistakeDialog
from app.ui.page import Frame, Page, PageEntry, Sentences, show_phase
from app.ui.palette import Palette
from app.ui.rows_model import RowsModel
from app.ui.theme import Theme
from app.ui.widgets.table import Table
from app.ui.window import Standing, Window

NOW = datetime(2026, 11, 22, 14, 2, 11, tzinfo=UTC)
CONTROL = Qt.KeyboardModifier.ControlModifier
COLUMNS: tuple[Column[str], ...] = (Column("name", "Name", lambda row: row, stretch=True),)


class Shelf(Page):
    """A page with places, a table, a question and an action."""

    concerns = frozenset({"accounts"})

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.at: object = None
        self.loads = 0
        self.searched: list[str] = []
        self.done: list[str] = []
        self.field = QLineEdit()
        self.list = QListWidget()
        self.list.addItems(["one", "two", "three"])
        self.table = Table(RowsModel(COLUMNS), "Shelf")
        frame.remember_table(self.table, "shelf")
        self.question = Latest(frame.background, owner=self)
        column = QVBoxLayout(self)
        for widget in (self.field, self.list, self.table):
            column.addWidget(widget)

    def show_state(self, state: Sequence[str]) -> None:
        self.table.rows.show_rows(state)  # type: ignore[attr-defined]
        sentences = Sentences("Nothing here yet.")
        show_phase(self.table.overlay, "ready" if state else "empty", sentences)

    def reload(self) -> None:
        self.loads += 1
        self.question.ask(lambda stop: ["a", "b"], self.show_state)

    def place(self) -> object:
        return self.at

    def go(self, place: object) -> None:
        self.at = place

    def search(self, text: str) -> None:
        self.searched.append(text)

    def results(self) -> QWidget:
        return self.list

    def open_result(self) -> None:
        self.done.append("opened")

    def actions_offered(self) -> Sequence[Action]:
        return [Action("grant", "Issue credits…", lambda: self.done.append("grant"), "Ctrl+G")]


def entry(key: str, number: int, page: Callable[[Frame], Page] = Shelf) -> PageEntry:
    return PageEntry(key, key.capitalize(), "users", f"Ctrl+{number}", page)


Opener = Callable[..., Window]


@pytest.fixture
def opener(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Opener]:
    opened: list[Window] = []

    def open_window(*entries: PageEntry, standing: Standing | None = None) -> Window:
        window = Window(
            desk=None,
            background=Background(),
            now=lambda: NOW,
            zone=UTC,
            pages=entries or (entry("users", 2), entry("prices", 4)),
            standing=standing or Standing("credits.db", True, "Maria K.", "Support"),
            settings=tmp_path / "window.ini",
        )
        opened.append(window)
        window.start()
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield open_window
    for window in opened:
        window.close()
        window.deleteLater()


def shelf(window: Window, key: str = "users") -> Shelf:
    page = window.build_all()[key]
    assert isinstance(page, Shelf)
    return page


def test_pages_are_built_when_first_shown_and_loaded_once(opener: Opener, qtbot: QtBot) -> None:
    window = opener()
    assert list(window._pages) == ["users"]
    window.open_page("prices")
    window.open_page("users")
    assert (shelf(window).loads, shelf(window, "prices").loads) == (1, 1)
    qtbot.waitUntil(lambda: shelf(window, "prices").table.rows.rowCount() == 2)


def test_control_and_a_number_goes_to_a_page(opener: Opener) -> None:
    window = opener()
    QTest.keyClick(window, Qt.Key.Key_4, CONTROL)
    assert window.page is shelf(window, "prices")
    assert window.side._buttons["prices"].isChecked()


def test_control_k_puts_the_cursor_into_the_search_from_anywhere(opener: Opener) -> None:
    window = opener()
    window.open_page("prices")
    shelf(window, "prices").field.setFocus()
    QTest.keyClick(window, Qt.Key.Key_K, CONTROL)
    assert window.top.search.hasFocus()


def test_searching_opens_users_and_arrow_keys_move_its_results_while_typing(
    opener: Opener, qtbot: QtBot
) -> None:
    window = opener()
    window.open_page("prices")
    window.focus_search()
    QTest.keyClicks(window.top.search, "amir")
    users = shelf(window)
    qtbot.waitUntil(lambda: users.searched == ["amir"])
    assert window.page is users
    users.list.setCurrentRow(0)
    QTest.keyClick(window.top.search, Qt.Key.Key_Down)
    assert users.list.currentRow() == 1
    assert window.top.search.hasFocus()
    QTest.keyClick(window.top.search, Qt.Key.Key_Return)
    assert users.done == ["opened"]


def test_enter_on_the_same_words_goes_to_what_they_found(opener: Opener, qtbot: QtBot) -> None:
    window = opener()
    users = shelf(window)
    window.focus_search()
    QTest.keyClicks(window.top.search, "amir")
    qtbot.waitUntil(lambda: users.searched == ["amir"])
    window.open_page("prices")
    window.focus_search()
    QTest.keyClicks(window.top.search, "amir")
    QTest.keyClick(window.top.search, Qt.Key.Key_Return)
    assert window.page is users
    assert users.done == ["opened"]


def test_back_and_forward_find_the_places_again(opener: Opener) -> None:
    window = opener()
    users = shelf(window)
    for place in ("usr_1", "usr_2"):
        users.go(place)
        window.moved(users)
    window.open_page("prices")
    alt = Qt.KeyboardModifier.AltModifier
    QTest.keyClick(window, Qt.Key.Key_Left, alt)
    assert (window.page, users.at) == (users, "usr_2")
    QTest.keyClick(window, Qt.Key.Key_Left, alt)
    assert users.place() == "usr_1"
    QTest.keyClick(window, Qt.Key.Key_Right, alt)
    assert users.place() == "usr_2"
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert users.at == "usr_1"


def test_a_write_reloads_the_page_in_view_and_the_hidden_one_when_shown(opener: Opener) -> None:
    window = opener()
    users, prices = shelf(window), shelf(window, "prices")
    window.open_page("prices")
    window.open_page("users")
    window.tell({"accounts"})
    assert (users.loads, prices.loads, prices.stale) == (2, 1, True)
    window.open_page("prices")
    assert (prices.loads, prices.stale) == (2, False)
    assert window.top._saved.text() == "Saved 14:02:11"


def test_changes_that_do_not_concern_a_page_leave_it_alone(opener: Opener) -> None:
    window = opener()
    assert shelf(window).loads == 1
    window.tell({"prices"})
    assert shelf(window).loads == 1
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert shelf(window).loads == 2


def test_keys_of_a_page_hold_only_while_it_is_in_view(opener: Opener) -> None:
    window = opener()
    QTest.keyClick(window, Qt.Key.Key_G, CONTROL)
    window.open_page("prices")
    QTest.keyClick(window, Qt.Key.Key_G, CONTROL)
    assert shelf(window).done == ["grant"]
    assert shelf(window, "prices").done == ["grant"]


def test_a_page_that_claims_the_windows_keys_fails_when_built(opener: Opener) -> None:
    class Greedy(Shelf):
        def actions_offered(self) -> Sequence[Action]:
            return [Action("mine", "Mine", lambda: None, "Ctrl+K")]

    window = opener(entry("users", 2), entry("greedy", 3, Greedy))
    with pytest.raises(DuplicateShortcut, match="Ctrl\\+K"):
        window.build_all()


def test_the_palette_lists_every_action_and_does_the_chosen_one(
    opener: Opener, qtbot: QtBot
) -> None:
    window = opener()
    both = CONTROL | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window, Qt.Key.Key_P, both)
    palette = window.findChild(Palette)
    assert palette is not None
    assert {"Issue credits…", "Go to Prices", "Shortcuts"} <= {a.text for a in palette.shown}
    QTest.keyClicks(palette.search, "goprices")
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert window.page is shelf(window, "prices")


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard")
def test_toasts_are_kept_behind_the_bell(opener: Opener) -> None:
    window = opener()
    undone: list[bool] = []
    window.say("Issued 24 credits to <b>Amira</b>.", undo=lambda: undone.append(True))
    toast = window.toasts.shown[0]
    toast.undo_button.click()
    assert undone == [True]
    assert window.toasts.shown == []
    assert [said.text for said in window.toasts.history] == ["Issued 24 credits to <b>Amira</b>."]
    messages = window.open_messages()
    messages.close()


def test_keys_undo_what_the_last_toast_offers_to(opener: Opener) -> None:
    window = opener()
    undone: list[str] = []
    window.say("Issued 24 credits to Amira.", undo=lambda: undone.append("first"))
    window.say("Issued 12 credits to Carla.", undo=lambda: undone.append("second"))
    window.say("Copied the reply.")
    both = CONTROL | Qt.KeyboardModifier.ShiftModifier
    for _ in range(3):
        QTest.keyClick(window, Qt.Key.Key_U, both)
    assert undone == ["second", "first"]
    assert [toast.label.text() for toast in window.toasts.shown] == ["Copied the reply."]


def test_the_sheet_of_shortcuts_scrolls_by_keys(opener: Opener, qtbot: QtBot) -> None:
    window = opener()
    window.build_all()
    sheet = window.open_shortcuts()
    sheet.resize(560, 300)
    qtbot.waitUntil(lambda: sheet.area.verticalScrollBar().maximum() > 0)
    qtbot.waitUntil(sheet.area.hasFocus)
    QTest.keyClick(sheet.area, Qt.Key.Key_PageDown)
    assert sheet.area.verticalScrollBar().value() > 0
    QTest.keyClick(sheet.area, Qt.Key.Key_Return)
    assert not sheet.isVisible()


def test_a_read_only_database_is_said_in_a_bar_that_stays(opener: Opener) -> None:
    window = opener(standing=Standing("credits.db", writable=False))
    assert "read-only" in window.top.database_shown
    assert len(window.notices.sentences) == 1
    window.show_standing(Standing("credits.db", writable=True))
    assert window.notices.sentences == []


def test_what_a_person_can_put_right_is_a_toast(opener: Opener) -> None:
    window = opener()
    window.trouble(UnknownUser("usr_9"))
    assert [said.text for said in window.toasts.history] == ["There is no user “usr_9” on record."]
    assert window.findChildren(MistakeDialog) == []


def test_a_failed_machine_is_a_bar_with_retry(opener: Opener) -> None:
    window = opener()
    retried: list[bool] = []
    window.trouble(DatabaseFailed("The disk is full."), "Saving", lambda: retried.append(True))
    notice = window.notices._shown["machine"]
    assert notice.sentence.startswith("Saving did not work: The disk is full.")
    notice.button.click()
    assert retried == [True]
    assert window.notices.sentences == []


def test_a_mistake_of_ours_opens_a_dialog_to_copy_from_and_the_window_stays_usable(
    opener: Opener, qtbot: QtBot
) -> None:
    window = opener()

    def fail(stop: threading.Event) -> None:
        raise ZeroDivisionError("ours")

    window.background.write(fail, lambda answer: None)
    qtbot.waitUntil(lambda: window.findChild(MistakeDialog) is not None)
    dialog = window.findChild(MistakeDialog)
    assert dialog is not None
    dialog.copy()
    assert "ZeroDivisionError: ours" in QGuiApplication.clipboard().text()
    dialog.accept()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_4, CONTROL)
    assert window.page is shelf(window, "prices")


def test_exceptions_in_a_thread_reach_the_dialog_in_the_windows_thread(
    opener: Opener, qtbot: QtBot
) -> None:
    window = opener()
    window.catch_mistakes()
    thread = threading.Thread(target=lambda: 1 // 0)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: window.findChild(MistakeDialog) is not None)


def test_size_page_columns_and_values_are_there_again_after_closing(
    opener: Opener, qtbot: QtBot
) -> None:
    first = opener()
    first.resize(1_111, 777)
    first.open_page("prices")
    first.remember("filter", {"plan": "plus", "name": "<b>é"})
    first.kept.remember("tables/shelf", {"sorted": ["name", True]})
    first.close()
    again = opener()
    assert (again.width(), again.height()) == (1_111, 777)
    assert again.page is again.build_all()["prices"]
    assert again.recall("filter") == {"plan": "plus", "name": "<b>é"}
    assert shelf(again, "prices").table.sorted_by == ("name", True)


def test_closing_finishes_what_is_being_written_and_shows_its_answer(opener: Opener) -> None:
    window = opener()
    go_on = threading.Event()
    answers: list[str] = []
    window.background.write(lambda stop: go_on.wait(10), lambda _answer: answers.append("saved"))
    go_on.set()
    window.close()
    assert answers == ["saved"]
    assert not window.background.busy


def test_the_smallest_window_holds_the_frame(opener: Opener) -> None:
    window = opener()
    window.resize(100, 100)
    assert (window.width(), window.height()) == (1_024, 640)
    assert window.side.width() == 184
    assert window.top.height() == 52


def test_every_control_of_the_frame_has_a_name_and_can_be_reached_by_tab(
    opener: Opener, qapp: QApplication
) -> None:
    window = opener()
    reached: list[str] = []
    window.top.search.setFocus()
    for _ in range(40):
        QTest.keyClick(qapp.focusWidget() or window, Qt.Key.Key_Tab)
        focused = qapp.focusWidget()
        assert focused is not None
        reached.append(focused.accessibleName() or type(focused).__name__)
    assert {"Users", "Prices", "Messages", "Dark theme", "Search users"} <= set(reached)


def test_a_number_beside_a_page_is_shown_and_said(opener: Opener) -> None:
    window = opener()
    window.count("prices", 1_234)
    button = window.side._buttons["prices"]
    assert button.accessibleName() == "Prices, 1,234"
    window.count("prices", 0)
    window.count("no such page", 5)
    assert button.accessibleName() == "Prices"
