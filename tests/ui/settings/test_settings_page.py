"""The page of settings: what is typed is checked, kept, and used at once."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from pytestqt.qtbot import QtBot

from app import open_desk
from app.desk import Desk
from app.ui import tickets
from app.ui.background import Background
from app.ui.page import Frame, Page, PageEntry
from app.ui.settings.appearance import AppearanceCard
from app.ui.settings.help_desk import HelpDeskCard
from app.ui.settings.limits import LimitsCard
from app.ui.settings.page import SettingsPage
from app.ui.theme import Theme
from app.ui.window import Standing, Window
from tests import lively

C = TypeVar("C")
Opener = Callable[[Desk], Window]
DESK = "https://help.example.com/tickets/{ticket}"


def build(frame: Frame) -> Page:
    return SettingsPage(frame)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(lively.put(tmp_path), staff=lively.SUPPORT, now=lively.at_the_end) as opened:
        yield opened


@pytest.fixture
def opener(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Opener]:
    opened: list[Window] = []

    def open_window(desk: Desk) -> Window:
        window = Window(
            desk=desk,
            background=Background(),
            now=desk.now,
            zone=ZoneInfo(desk.zone),
            pages=[PageEntry("settings", "Settings", "settings", "Ctrl+,", build, at_bottom=True)],
            standing=Standing("credits.db"),
            settings=tmp_path / "window.ini",
        )
        opened.append(window)
        qtbot.addWidget(window)
        window.show()
        window.start()
        qtbot.waitUntil(lambda: not window.background.busy)
        return window

    yield open_window
    for window in opened:
        window.close()


def card(window: Window, kind: type[C]) -> C:
    page = window.page
    assert isinstance(page, SettingsPage)
    return next(card for card in page.cards if isinstance(card, kind))


def test_the_address_of_the_help_desk_is_kept_and_opens_tickets(
    opener: Opener, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(_text(url))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    window = opener(desk)
    help_desk = card(window, HelpDeskCard)
    help_desk.field.setText(DESK)
    assert help_desk.preview.text().endswith("https://help.example.com/tickets/ZD-48213")
    help_desk.try_button.click()
    help_desk.save_button.click()
    assert not help_desk.save_button.isEnabled()
    window.open_ticket("ZD/1")
    assert opened == [
        "https://help.example.com/tickets/ZD-48213",
        "https://help.example.com/tickets/ZD%2F1",
    ]
    window.close()
    assert card(opener(desk), HelpDeskCard).field.text() == DESK


def _text(url: QUrl) -> str:
    return url.toString(QUrl.ComponentFormattingOption.FullyEncoded)


def test_without_an_address_a_ticket_is_copied(opener: Opener, desk: Desk) -> None:
    window = opener(desk)
    window.open_ticket("ZD-9")
    assert QGuiApplication.clipboard().text() == "ZD-9"
    assert "Copied \u2068ZD-9\u2069" in window.toasts.history[-1].text


def test_a_bad_address_is_refused_where_it_is_typed_and_the_old_one_stays(
    opener: Opener, desk: Desk
) -> None:
    window = opener(desk)
    window.set_setting(tickets.KEPT, DESK)
    help_desk = card(window, HelpDeskCard)
    help_desk.field.setText("javascript:{ticket}")
    assert not help_desk.save_button.isEnabled()
    help_desk.save()
    assert "is not an address of the web" in help_desk.labelled.said
    assert window.setting(tickets.KEPT) == DESK
    help_desk.field.setText("")
    help_desk.save()
    assert window.setting(tickets.KEPT) == ""


def test_what_is_being_typed_survives_a_change_elsewhere(opener: Opener, desk: Desk) -> None:
    window = opener(desk)
    help_desk = card(window, HelpDeskCard)
    help_desk.field.insert("https://half")
    window.heard({"prices"})
    assert help_desk.field.text() == "https://half"


def test_colours_rows_and_text_size_are_chosen_and_shown_as_they_are(
    opener: Opener, desk: Desk, theme: Theme
) -> None:
    looks = card(opener(desk), AppearanceCard)
    for box, key in ((looks.scheme, "dark"), (looks.density, "compact"), (looks.zoom, 125)):
        box.setCurrentIndex(box.findData(key))
        box.activated.emit(box.currentIndex())
    assert (theme.scheme, theme.density, theme.zoom) == ("dark", "compact", 125)
    theme.choose(scheme="light", density="normal", zoom=100)
    assert looks.scheme.currentData() == "light"
    assert looks.zoom.currentData() == 100


@pytest.mark.parametrize(
    ("person", "says"),
    [
        (lively.SUPPORT, "In one grant: up to 100 credits"),
        (lively.LEAD, "Issuing credits: without limit"),
    ],
)
def test_your_limits_are_told_as_they_stand(
    opener: Opener, desk: Desk, qtbot: QtBot, person: str, says: str
) -> None:
    with open_desk(desk.path or "", staff=person, now=lively.at_the_end) as mine:
        window = opener(mine)
        limits = card(window, LimitsCard)
        qtbot.waitUntil(lambda: says in limits.lines.text())
        assert person in limits.lines.text()
        window.close()
