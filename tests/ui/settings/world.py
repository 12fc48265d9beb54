"""What the tests of the settings share."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.ui.settings.page import SettingsPage
from app.ui.window import Window

C = TypeVar("C")
As = Callable[[str], Desk]
PATIENCE_MS = 30_000


class Opener(Protocol):
    def __call__(self, desk: Desk, section: str = "database") -> Window: ...


def page_of(window: Window) -> SettingsPage:
    page = window.page
    assert isinstance(page, SettingsPage)
    return page


def card(window: Window, kind: type[C]) -> C:
    """A card of the section in view."""
    page = page_of(window)
    return next(card for card in page.cards(page.here) if isinstance(card, kind))


def settle(window: Window, qtbot: QtBot) -> None:
    """Until every question is answered."""
    qtbot.waitUntil(lambda: not window.background.busy, timeout=PATIENCE_MS)


def said(window: Window) -> str:
    """What was said last."""
    return window.toasts.history[0].text if window.toasts.history else ""
