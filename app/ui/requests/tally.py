"""The number of open requests beside the page's name, whoever opens or answers them."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.domain.requests import RequestCounts
from app.ui.background import Latest
from app.ui.window import Window

PAGE = "requests"


class Tally(QObject):
    """Counts anew whenever requests were written, here or by another program."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._question = Latest(window.background, owner=self)
        window.told.connect(self._heard)
        self.count()

    def count(self) -> None:
        """Ask how many are open, and show it."""
        requests = self._window.desk.requests
        self._question.ask(lambda stop: requests.counts(stop=stop), self._show)

    def _heard(self, changes: frozenset[str]) -> None:
        if PAGE in changes:
            self.count()

    def _show(self, counts: RequestCounts) -> None:
        self._window.count(PAGE, counts.open)
