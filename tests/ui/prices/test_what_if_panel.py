"""The panel of what-if in its page, over a real database with a month of use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import open_desk
from app.desk import Desk
from app.ui.prices.dialogs import PublishDialog
from app.ui.theme import Theme
from tests.ui.prices.test_page import Screen

NOW = [datetime(2026, 10, 5, 12, tzinfo=UTC)]


@pytest.fixture
def desk() -> Iterator[Desk]:
    NOW[0] = datetime(2026, 10, 5, 12, tzinfo=UTC)
    with open_desk(":memory:", staff="ada@pixpretty.example", now=lambda: NOW[0]) as opened:
        for name in ("amy", "bob"):
            opened.accounts.register(name, email=f"{name}@x.example", name=name)
            opened.charging.charge(name, "ghostface", key=name)  # 4 of 12
        NOW[0] = datetime(2026, 11, 22, 14, tzinfo=UTC)
        yield opened


@pytest.fixture
def screen(qtbot: QtBot, theme: Theme, desk: Desk) -> Iterator[Screen]:
    made = Screen(qtbot, desk)
    yield made
    made.window.background.close()


def tried(screen: Screen) -> None:
    screen.qtbot.waitUntil(lambda: screen.page.what_if.state.phase in {"ready", "failed"})
    screen.settle()


def publishing(screen: Screen) -> PublishDialog:
    dialog = screen.dialog(PublishDialog)
    assert isinstance(dialog, PublishDialog)
    return dialog


def test_an_edit_is_tried_by_itself_and_said_over_the_table(screen: Screen) -> None:
    screen.page.price("ghostface", 13)
    tried(screen)
    (said,) = screen.page.what_if.strip.sentences
    assert "refused uses 0 → 2" in said
    assert "users who run out 0 → 2" in said


def test_the_whole_shows_figures_tables_and_users(screen: Screen) -> None:
    screen.page.price("ghostface", 13)
    screen.page.open_what_if()
    screen.page.what_if.run_whole()
    tried(screen)
    panel = screen.page.what_if
    assert panel.line.text().startswith("Every use of 2 users, October 2026, tried")
    assert panel.features.rows.rowCount() == 1
    assert panel.hits.rows.rowCount() == 2
    assert sum(bar.now for bar in panel.days.bars) == 2
    assert panel.strip.sentences == []
    screen.page.price("ghostface", 14)
    assert "changed since" in panel.line.text()
    tried(screen)


def test_a_hit_user_is_opened(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    screen.page.price("ghostface", 13)
    screen.page.what_if.run_whole()
    tried(screen)
    opened: list[object] = []
    monkeypatch.setattr(screen.window, "open_page", lambda *place: opened.append(place))
    hit = screen.page.what_if.hits.rows.row(0)
    screen.page.what_if.hits.linked.emit("user", hit)
    assert opened == [("users", "amy")]


def test_a_try_can_be_cancelled(screen: Screen) -> None:
    screen.page.price("ghostface", 13)
    screen.page.what_if.run_whole()
    assert screen.page.what_if.cancel_button.isVisibleTo(screen.page.what_if)
    screen.page.what_if.cancel()
    screen.settle()
    assert screen.page.what_if.state.phase == "empty"
    assert not screen.page.what_if.cancel_button.isVisibleTo(screen.page.what_if)


def test_the_figures_are_copied_for_the_note(screen: Screen) -> None:
    screen.page.price("ghostface", 13)
    screen.page.what_if.run_whole()
    tried(screen)
    screen.page.what_if.copy_button.click()
    assert "refused uses 0 → 2" in QApplication.clipboard().text()


def test_figures_are_there_again_after_the_next_start_with_their_draft(
    screen: Screen, qtbot: QtBot
) -> None:
    screen.page.price("ghostface", 13)
    screen.page.what_if.run_whole()
    tried(screen)
    again = Screen(qtbot, screen.desk)
    panel = again.page.what_if
    qtbot.waitUntil(lambda: panel.state.phase == "ready")
    again.settle()
    assert "2" in panel.cards[1].accessibleName()
    assert "tried 22 Nov 14:00." in panel.line.text()
    assert "Against what was in force: price list 1." in panel.lists.text()
    again.page.price("ghostface", 12)
    assert "changed since" in panel.line.text()
    tried(again)
    again.window.background.close()


def test_figures_go_with_the_draft(screen: Screen) -> None:
    screen.page.price("ghostface", 13)
    screen.page.what_if.run_whole()
    tried(screen)
    assert screen.desk.pricing.trial() is not None
    screen.page.discard()
    screen.settle()
    assert screen.desk.pricing.trial() is None


def test_the_figures_are_added_to_the_note_where_they_are_wanted(screen: Screen) -> None:
    screen.page.price("ghostface", 13)
    screen.page.what_if.run_whole()
    tried(screen)
    screen.page.publish()
    dialog = publishing(screen)
    dialog.add_figures.click()
    assert not dialog.act_button.isEnabled()
    dialog.note.setPlainText("Dearer ghosts")
    dialog.act_button.click()
    screen.settle()
    note = screen.desk.pricing.version(2).note
    assert note.startswith("Dearer ghosts\nWhat if 2026-10, tried 2026-11-22: credits used 8 → 0")
    assert screen.desk.pricing.trial() is None


def test_without_figures_of_this_draft_the_box_says_why(screen: Screen) -> None:
    screen.page.price("ghostface", 13)
    screen.page.what_if.cancel()
    screen.page.publish()
    dialog = publishing(screen)
    assert not dialog.add_figures.isEnabled()
    assert "Nothing was tried" in dialog.add_figures.accessibleDescription()


@pytest.mark.parametrize("place", range(4))
def test_each_tab_has_a_key_and_says_so(screen: Screen, place: int) -> None:
    screen.page.tabs.setCurrentIndex((place + 1) % 4)
    key = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4)[place]
    QTest.keyClick(screen.window, key, Qt.KeyboardModifier.AltModifier)
    assert screen.page.tabs.currentIndex() == place
    assert screen.page.tabs.currentWidget().isAncestorOf(screen.page.focusWidget())
    assert screen.page.tabs.tabToolTip(place) == f"Alt+{place + 1}"


def test_names_have_room_in_a_small_window(screen: Screen) -> None:
    screen.page.open_what_if()
    columns = [column.key for column in screen.page.what_if.features.rows.columns]
    uses = columns.index("uses_now")
    screen.window.resize(1024, 640)
    screen.qtbot.waitUntil(lambda: screen.page.what_if.features.isColumnHidden(uses))
    screen.window.resize(1440, 900)
    screen.qtbot.waitUntil(lambda: not screen.page.what_if.features.isColumnHidden(uses))
