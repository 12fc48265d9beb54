"""The states of the Users page and its dialogs."""

from typing import Any, Final

from app.ui.gallery import extremes
from app.ui.gallery.shown import Shown, whole_page
from app.ui.users.page import UsersPage

DRAWN_USER: Final = "amira.haddad@example.com"
"""Whose account of the demo is drawn: one with something of everything."""


def amira(desk: Any) -> str:
    """The user of the demo whose account is drawn."""
    return str(desk.accounts.find(DRAWN_USER)[0].user_id)


SHOWN: Final[tuple[Shown, ...]] = whole_page(
    "users",
    UsersPage,
    ready=amira,
    extreme={
        "very long text": extremes.LONG_ID,
        "huge numbers": extremes.HUGE_ID,
        "hostile text": extremes.HOSTILE_ID,
        "other scripts": extremes.SCRIPT_IDS[0],
    },
)
