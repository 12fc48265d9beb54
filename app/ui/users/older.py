"""The older entries of a ledger, read as somebody comes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.background import Latest
from app.ui.language import tr
from app.ui.users.reading import read_entries

if TYPE_CHECKING:
    from app.ui.users.page import UsersPage


class OlderEntries:
    """Asks for the entries before the last one shown."""

    def __init__(self, page: UsersPage) -> None:
        self._page = page
        self._question = Latest(page.frame.background, owner=page)

    def ask(self) -> None:
        """Ask for those that follow the ones shown."""
        shown, model = self._page.shown, self._page.account.ledger.model
        if not model.entries:
            return
        desk, last = self._page.frame.desk, model.entries[-1]
        self._question.ask(
            lambda stop: read_entries(
                desk, shown.user_id, shown.at, shown.chosen, stop, before=last
            ),
            model.add_older,
            self._failed,
        )

    def cancel(self) -> None:
        """Another account, or another stretch of this one, is wanted now."""
        self._question.cancel()

    def _failed(self, error: Exception) -> None:
        self._page.account.ledger.model.give_up()
        self._page.frame.trouble(error, tr("Reading older entries"), self.ask)
