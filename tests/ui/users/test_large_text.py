"""Large text in small windows, and large figures: nothing stands over another, or is cut to one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from app.domain.ledger import EntryKind, LedgerEntry
from app.ui.theme import Theme
from app.ui.users.page import UsersPage
from app.ui.users.reading import Entries
from app.ui.widgets.button import Button
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.paint import elided
from app.ui.widgets.table_paint import CELL_PADDING
from app.ui.window import Window

AMIRA = "usr_01JD8Q4ZK7"
PATIENCE_MS = 60_000
NOW = datetime(2026, 11, 22, 14, 2, tzinfo=UTC)


def visible(parent: QWidget) -> Iterator[QWidget]:
    for child in parent.children():
        if isinstance(child, QWidget) and child.isVisible():
            yield child


def overlapping(parent: QWidget) -> list[tuple[QWidget, QWidget]]:
    """The parts straight in a widget that stand over one another, or over its edge."""
    parts = list(visible(parent))
    over = [pair for pair in combinations(parts, 2)
            if pair[0].geometry().intersects(pair[1].geometry())]  # fmt: skip
    return over + [(parent, one) for one in parts if not parent.rect().contains(one.geometry())]


@pytest.mark.parametrize("zoom", [100, 125, 150, 200])
def test_in_the_smallest_window_nothing_stands_over_anything_else(
    window: Window, page: UsersPage, theme: Theme, qtbot: QtBot, zoom: int
) -> None:
    page.open_user(AMIRA)
    window.top.show_approvals("3 to approve")
    theme.choose(zoom=zoom)
    window.resize(1024, 640)
    qtbot.waitUntil(lambda: not window.background.busy, timeout=PATIENCE_MS)
    QApplication.processEvents()
    assert overlapping(window.top) == []
    assert overlapping(page) == []
    for part in (page.account.head, *page.account.cards):
        assert part.width() >= part.minimumSizeHint().width()
    assert overlapping(page.account.head) == []


def test_at_the_usual_size_the_account_needs_no_scrolling(
    window: Window, page: UsersPage, theme: Theme, qtbot: QtBot
) -> None:
    page.open_user(AMIRA)
    window.resize(1024, 640)
    qtbot.waitUntil(lambda: not window.background.busy, timeout=PATIENCE_MS)
    QApplication.processEvents()
    areas = [one for one in page.findChildren(QScrollArea) if one.widget() is page.account]
    assert [area.verticalScrollBar().maximum() for area in areas] == [0]
    assert [area.horizontalScrollBar().maximum() for area in areas] == [0]


def test_what_is_wider_than_a_line_ends_with_the_line_and_takes_the_room_it_has(
    qtbot: QtBot, theme: Theme
) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    flow = FlowLayout(box, gap=8)
    long, short = Button("x" * 200, kind="link"), Button("Another user…", kind="link")
    for button in (long, short):
        button.setMinimumWidth(40)
        flow.addWidget(button)
    box.resize(QSize(240, flow.heightForWidth(240)))
    box.show()
    qtbot.waitExposed(box)
    assert QRect(0, 0, 240, box.height()).contains(long.geometry())
    assert box.rect().contains(short.geometry())
    assert not long.geometry().intersects(short.geometry())


def test_a_balance_of_eight_digits_is_shown_whole_and_the_width_chosen_by_hand_stays(
    page: UsersPage, theme: Theme, qtbot: QtBot
) -> None:
    ledger = page.account.ledger
    places = {column.key: at for at, column in enumerate(ledger.model.columns)}
    before = ledger.table.layout_state()["widths"]
    large = LedgerEntry(
        NOW, EntryKind.SUPPORT_CREDIT, 12_345_678, 98_765_432, None, 1, None, "Support credit"
    )
    ledger.model.show_entries(Entries((large,), more=True))
    ledger.table.widths.follow()
    for key, voice in (("credits", "amount"), ("balance", "body")):
        text = ledger.model.columns[places[key]].text(large)
        room = ledger.table.columnWidth(places[key]) - 2 * CELL_PADDING
        assert elided(theme, text, voice, room) == text
    ledger.model.add_older(Entries((replace(large, balance=1_198_765_432),), more=False))
    room = ledger.table.columnWidth(places["balance"]) - 2 * CELL_PADDING
    assert elided(theme, "1,198,765,432", "body", room) == "1,198,765,432"
    assert ledger.table.layout_state()["widths"] == before
