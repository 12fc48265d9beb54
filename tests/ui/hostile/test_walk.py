"""Through every page, tab, dialog and menu of a product in which every text is hostile.

Whatever is shown there, in any role, is plain text that leaves the texts around it alone and stays
within the window. That nothing is read or fetched meanwhile is looked at after every test.
"""

from __future__ import annotations

import csv
import socket
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QUrl
from PySide6.QtGui import QDesktopServices, QTextCursor
from PySide6.QtWidgets import QLabel, QMenu, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.errors import MOST_SENTENCE
from app.domain.requests import RequestQuery, View
from app.ui import format as write
from app.ui.activity.page import ActivityPage
from app.ui.gallery.drawing import Placed, hurry, wanted_size
from app.ui.gallery.finding import every_shown
from app.ui.gallery.shown import PAGE_SIZE, Shown
from app.ui.gallery.stage import Stage
from app.ui.import_dialog import ImportDialog
from app.ui.pictures import wait_until_quiet
from app.ui.recents import MOST
from app.ui.requests.page import RequestsPage
from app.ui.theme import Theme
from app.ui.users.page import UsersPage
from app.ui.widgets.table import Table
from app.ui.window import Standing, Window
from tests.ui.gallery.plainness import interpreted
from tests.ui.hostile.looking import untamed, wrong_with
from tests.ui.hostile.lures import TELLS, Lures
from tests.ui.hostile.world import World

pytestmark = pytest.mark.slow
SMALLEST = (1024, 640)
OF_EACH_ACT = 1
STEP = 6
"""Each text stands in several accounts; what shows one is tried with all of them elsewhere."""
EACH = (
    *("settings-page", "detail-dialog", "users-page.table", "consumption-page.all"),
    *("requests-page.closed", "requests-page.waiting"),
)
"""Of these every state is looked at, of all else one: the most hostile there is."""


def _declared() -> Iterator[Shown]:
    over = (s for s in every_shown() if s.desk in {"demo", "extreme"} and s.answers == "given")
    for _, states in groupby(over, lambda shown: shown.of):
        told = sorted(states, key=lambda shown: shown.desk == "extreme")
        yield from (shown for shown in told[:-1] if shown.name.startswith(EACH))
        yield told[-1]


def _quiet(window: Window) -> None:
    wait_until_quiet(window.background)
    hurry(window)
    wait_until_quiet(window.background)


@pytest.mark.parametrize("shown", tuple(_declared()), ids=lambda shown: shown.name)
def test_every_page_and_dialog_shows_text_as_text(
    shown: Shown, hostile: Stage, theme: Theme
) -> None:
    placed = Placed(hostile, shown)
    try:
        widget = placed.widget
        width, height = SMALLEST if shown.size == PAGE_SIZE else shown.size or wanted_size(widget)
        widget.resize(width, height)
        width = widget.width()
        widget.show()
        _quiet(placed.frame)
        assert sorted(set(wrong_with(widget))) == []
        assert widget.width() == width <= PAGE_SIZE[0]
    finally:
        placed.take_down()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_accounts_show_text_as_text(window: Window, world: World) -> None:
    found: set[str] = set()
    for at in range(0, len(world), STEP):
        window.open_page("users", world.user_id(at))
        _quiet(window)
        account = cast("UsersPage", window.page).account
        assert account.head.name.text() == write.text(world.text(at, 320))
        found |= {f"account {at}: {wrong}" for wrong in wrong_with(account)}
    assert sorted(found) == []
    assert window.width() == SMALLEST[0]


def test_requests_show_text_as_text(window: Window, world: World, desk: Desk) -> None:
    found: set[str] = set()
    for at in range(1, len(world), STEP):
        _open_request(window, desk, world.user_id(at))
        case = cast("RequestsPage", window.page).case
        assert case.message.toPlainText() == write.paragraph(world.text(at, 20_000))
        found |= {f"request of {at}: {wrong}" for wrong in wrong_with(case)}
    assert sorted(found) == []
    assert window.width() == SMALLEST[0]


def _open_request(window: Window, desk: Desk, user_id: str) -> None:
    query = RequestQuery(user_id=user_id, view=View.ALL)
    window.open_page("requests", desk.requests.page(query, 0, 1)[0].id)
    _quiet(window)


def test_the_whole_of_a_very_long_message_can_be_read(
    window: Window, world: World, desk: Desk
) -> None:
    at = max(range(len(world)), key=lambda at: len(world.payloads[at]))
    _open_request(window, desk, world.user_id(at))
    message = cast("RequestsPage", window.page).case.message
    message.verticalScrollBar().setValue(message.verticalScrollBar().maximum())
    last = message.cursorRect(_at_the_end(message))
    assert message.viewport().rect().contains(last.center())


def test_every_kind_of_act_of_hostile_staff_is_told_as_text(window: Window, desk: Desk) -> None:
    window.open_page("activity")
    _quiet(window)
    page = cast("ActivityPage", window.page)
    found: set[str] = set()
    seen: Counter[str] = Counter()
    for record in (one for chunk in desk.activity.every() for one in chunk):
        seen[record.act] += 1
        if seen[record.act] > OF_EACH_ACT:
            continue
        page.table.chosen.emit(record)
        _quiet(window)
        found |= {f"record {record.id}: {wrong}" for wrong in wrong_with(page.details)}
        for menu in (page.details.open_more(), page.details.open_copying()):
            found |= {f"record {record.id}: {wrong}" for wrong in _wrong_with_menu(menu)}
    assert sorted(found) == []
    assert len(seen) > 10


def test_what_the_frame_says_is_text(window: Window, world: World) -> None:
    window.open_page("settings", "appearance")
    parts = (window.top, window.side, window.notices, window.toasts, window.furniture.recents)
    found: set[str] = set()
    for at in range(len(world)):
        text = world.text(at, MOST_SENTENCE)
        window.note_recent("users", world.user_id(at), text)
        window.say(text, undo=lambda: None)
        window.notice(f"hostile {at}", text, action="Retry", act=lambda: None)
        window.show_standing(Standing(text, person=text, role=text))
        assert untamed(window.windowTitle()) == ""
        for part in (window.top, window.side):
            found |= {f"frame {at}: {wrong}" for wrong in interpreted(part)}
        if at % MOST and at < len(world) - 1:
            continue
        window.furniture.recents.offer(window.recents.all)
        opened = (window.open_messages(), window.open_palette())
        found |= {f"until {at}: {wrong}" for one in (*parts, *opened) for wrong in wrong_with(one)}
        for dialog in opened:
            dialog.close()
        for toast in window.toasts.shown:
            toast.leave()
        window.notices.clear_all()
    assert sorted(found) == []
    assert window.width() == SMALLEST[0]


def test_menus_that_are_made_when_they_are_opened_offer_text(window: Window, world: World) -> None:
    menus: list[QMenu] = []
    window.open_page("users", world.user_id(30))
    _quiet(window)
    users = cast("UsersPage", window.page)
    menus += [users.account.head.more_menu(), users.account.ledger.filter_menu()]
    window.open_page("requests")
    _quiet(window)
    queue = cast("RequestsPage", window.page).queue
    for at in range(len(world)):
        queue.save_as(world.text(at, 60))
    _quiet(window)
    menus.append(queue.filter_menu())
    for key in ("users", "activity"):
        window.open_page(key)
        _quiet(window)
        for table in cast("QWidget", window.page).findChildren(Table):
            if table.rows.rowCount():
                table.selectRow(0)
                menus.append(table.context_menu())
    found = {wrong for menu in menus for wrong in _wrong_with_menu(menu)}
    assert sorted(found) == []
    assert sum(len(menu.actions()) for menu in menus) > len(world)


@pytest.mark.parametrize("kind", ["users", "requests"])
def test_a_file_of_hostile_rows_is_previewed_as_text(
    kind: str, window: Window, world: World, tmp_path: Path
) -> None:
    path = tmp_path / "R&D [*] {name} \u202egnp.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["user_id", "ticket", world.text(0, 80), *world.payloads[50:54]])
        for at in range(len(world)):
            rows.writerow([world.text(at + column, 400) for column in range(7)])
    dialog = ImportDialog(window, window, kind, str(path))
    dialog.open()
    _quiet(window)
    assert sorted(set(wrong_with(dialog))) == []
    assert dialog.width() <= SMALLEST[0]
    dialog.reject()


def test_what_is_found_by_its_key_is_named_as_text(window: Window, world: World) -> None:
    window.open_page("users")
    _quiet(window)
    page = cast("UsersPage", window.page)
    found = 0
    for at in (3, 15, 27, 62, 63):
        page.search(world.key(at, 1))
        _quiet(window)
        found += len(page.people.found.found)
        assert sorted(set(wrong_with(page.people))) == []
    assert found >= 3
    assert window.width() == SMALLEST[0]


def _wrong_with_menu(menu: QMenu) -> Iterator[str]:
    """What is wrong with a menu and those in it; no line is wider than the smallest window."""
    for one in (menu, *menu.findChildren(QMenu)):
        yield from wrong_with(one)
        wide = [act for act in one.actions() if one.actionGeometry(act).width() > SMALLEST[0]]
        yield from (f"a wide line in a menu: {act.text()[:60]!r}" for act in wide)
    menu.close()


def _at_the_end(text: QPlainTextEdit) -> QTextCursor:
    cursor = text.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.End)
    return cursor


def test_what_is_read_fetched_or_opened_is_found_out(
    lures: Lures, qtbot: QtBot, theme: Theme
) -> None:
    label = QLabel(lures.payloads[0])
    qtbot.addWidget(label)
    label.grab()
    socket.create_connection(("127.0.0.1", QUrl(lures.address).port())).close()
    QDesktopServices.openUrl(QUrl(lures.address))
    asked = lures.asked()
    assert f"opened: {lures.address}" in asked
    assert f"fetched: {lures.address}" in asked
    assert ("read: lure.png" in asked) == TELLS


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("\u202egnp", "U+202E turns what follows"),
        ("\u2068open", "an isolate is left open"),
        ("a\u2069", "an isolate is closed that nobody opened"),
        ("bell\x07", "the control character U+0007"),
        ("<qt>&#x202e;</qt>", "U+202E turns what follows"),
        ("\u2068Ann\u2069 and\nBen", ""),
    ],
)
def test_text_that_leaves_no_other_alone_is_found(text: str, why: str) -> None:
    assert untamed(text) == why


def test_what_stands_beyond_the_edge_is_found(qtbot: QtBot, theme: Theme) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(100, 40)
    QPushButton("wide", holder).setGeometry(60, 0, 80, 30)
    holder.show()
    assert list(wrong_with(holder)) == ["40 px beyond the edge of QWidget: QPushButton in QWidget"]
