"""The acts of the page of users that end in a file."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from app.domain.users import UserSummary
from app.ui.columns import csv_lines
from app.ui.exporting import ExportDialog, Told
from app.ui.file_dialogs import ask_where
from app.ui.saving import proposed_name
from app.ui.users import reading
from app.ui.users.export import people_lines

if TYPE_CHECKING:
    from app.ui.users.page import UsersPage


class FileActs:
    """What can be saved of the account in view, and of the list."""

    def __init__(self, page: UsersPage) -> None:
        self._page = page
        self._frame = page.frame

    def _open(self, dialog: QDialog) -> None:
        raise NotImplementedError

    def export_ledger(self) -> None:
        """Save the entries that the ledger shows, the older ones included."""
        data = self._page.shown.data
        if data is not None:
            name = proposed_name("ledger", data.user.user_id, "csv")
            ask_where(self._page, name, self.save_ledger)

    def save_ledger(self, path: str) -> None:
        """Save them under this name."""
        data = self._page.shown.data
        if data is None:
            return
        desk, columns = self._frame.desk, self._page.account.ledger.table.visible_columns()
        user_id, at, chosen = data.user.user_id, data.at, data.chosen

        def lines(_told: Told, stop: Event) -> Iterator[str]:
            return csv_lines(columns, reading.every_entry(desk, user_id, at, chosen, stop))

        self._open(ExportDialog(self._page, self._frame, path, 0, lines))

    def export_people(self) -> None:
        """Save the users that the list shows."""
        ask_where(self._page, "users.csv", self.save_people)

    def save_people(self, path: str) -> None:
        """Save them under this name: all of the list, or those selected where several are."""
        people = self._page.people
        if people.view.everything or people.view.selected_count < 2:
            self._save_query(path)
        else:
            people.view.gather_selected(lambda users: self._save_users(path, users))

    def _save_query(self, path: str) -> None:
        desk, state = self._frame.desk, self._page.state
        columns = self._page.people.view.visible_columns()

        def lines(told: Told, stop: Event) -> Iterator[str]:
            return people_lines(columns, desk.accounts.every(state.query, stop), told)

        self._open(ExportDialog(self._page, self._frame, path, state.count or 0, lines))

    def _save_users(self, path: str, users: list[UserSummary]) -> None:
        columns = self._page.people.view.visible_columns()

        def lines(told: Told, _stop: Event) -> Iterator[str]:
            return people_lines(columns, [users], told)

        self._open(ExportDialog(self._page, self._frame, path, len(users), lines))
