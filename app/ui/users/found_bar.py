"""What a typed ticket, job or key belongs to: rows above the list of users."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.domain.found import Found, Reference, as_reference
from app.ui import format as write
from app.ui.background import Latest
from app.ui.language import of, tr
from app.ui.page import Frame
from app.ui.users.reading import LedgerFilter
from app.ui.widgets.button import CutButton
from app.ui.widgets.text import ElidedLabel

if TYPE_CHECKING:
    from app.ui.users.page import UsersPage

_MARGIN = 16


class FoundBar(QFrame):
    """Hidden while there is nothing. `opened(Found)` by one of its rows."""

    opened = Signal(object)

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self._asking = Latest(frame.background, owner=self)
        self.found: tuple[Found, ...] = ()
        self.buttons: list[CutButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._rows: QWidget | None = None
        self.hide()

    def look(self, typed: str) -> None:
        """Ask what was typed belongs to; words that can be no reference belong to nothing."""
        self._asking.cancel()
        if not as_reference(typed):
            self.show_found(())
            return
        desk = self._frame.desk

        def read(stop: Event) -> tuple[Found, ...]:
            found: tuple[Found, ...] = desk.accounts.look_up(typed, stop=stop)
            return found

        self._asking.ask(read, self.show_found, self._refused)

    def show_found(self, found: Sequence[Found]) -> None:
        """A row for each thing found, in its order."""
        if not self.found and not found:
            return
        self.found = tuple(found)
        if self._rows is not None:
            self._rows.hide()
            self._rows.deleteLater()
        self.buttons = []
        self._rows = QWidget()
        column = QVBoxLayout(self._rows)
        column.setContentsMargins(_MARGIN, 8, _MARGIN, 8)
        column.setSpacing(2)
        for each in self.found:
            self._add(column, each)
        self._column.addWidget(self._rows)
        self.setVisible(bool(self.found))

    def open_first(self) -> bool:
        """Open the first row; whether there is one."""
        if self.found:
            self.opened.emit(self.found[0])
        return bool(self.found)

    def _add(self, column: QVBoxLayout, found: Found) -> None:
        name, told = spoken(found)
        button = CutButton(name, partial(self.opened.emit, found))
        button.setAccessibleName(f"{name}: {told}")
        self.buttons.append(button)
        column.addWidget(button)
        column.addWidget(ElidedLabel(told, "caption", "text2"))

    def _refused(self, error: Exception) -> None:
        self.show_found(())
        self._frame.trouble(error, tr("Looking up a reference"))


def spoken(found: Found) -> tuple[str, str]:
    """What the row says: “Ticket ZD-48213”, and “grant of 24 to Amira Haddad”."""
    who, what = write.text(found.name.strip() or found.user_id), of(found.text)
    reference = write.text(found.reference)
    name = {
        Reference.TICKET: tr("Ticket {reference}", reference=reference),
        Reference.JOB: tr("Job {reference}", reference=reference),
        Reference.KEY: tr("Key {reference}", reference=reference),
    }[found.kind]
    if found.grant_id:
        return name, tr("{grant} to {user}", grant=what, user=who)
    return name, tr("{use} by {user}", use=what, user=who)


class FoundOpener:
    """Opens the account that a ticket, a job or a key belongs to, at its entry."""

    def __init__(self, page: UsersPage) -> None:
        self._page = page
        page.people.found.opened.connect(self.open)

    def open(self, found: Found) -> None:
        """Show the account with the entries of that kind, feature and month, the one selected."""
        page = self._page
        before, ledger = page.place(), page.account.ledger
        page.go(found.user_id)
        page.show_instant(None)
        ledger.aim(found.user_id, found.grant_id, found.charge_id)
        if found.entry is None:
            page.show_entries(LedgerFilter())
        else:
            page.show_entries(
                LedgerFilter(frozenset({found.entry}), found.feature, found.month, free=True)
            )
        page.account.bring_ledger()
        ledger.table.setFocus()
        page.frame.moved(page, before)
