"""What can be done on the page of users, by name and by keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.domain.staff import Act
from app.ui.actions import Action
from app.ui.language import tr

if TYPE_CHECKING:
    from app.domain.ledger import LedgerEntry
    from app.ui.users.account import AccountPane
    from app.ui.users.page import UsersPage


def actions_of(page: UsersPage) -> list[Action]:
    """Every action of the page, for the palette, the keys and F1.

    The account and its acts are named when they are asked for: they are built after the list.
    """
    return [*_acts(page), *_ways(page)]


def _acts(page: UsersPage) -> list[Action]:
    """What changes something, shows it to the user, or saves it as a file."""

    def doing(name: str) -> Callable[[], None]:
        return lambda: page.acts.do(name)

    def may(act: Act) -> bool:
        return not page.alone and not page.account.head.why_not(act)

    def may_grant() -> bool:
        return page.may(Act.GRANT)

    return [
        Action("issue", tr("Issue credits…"), doing("issue"), "Ctrl+G",
               possible=may_grant),
        Action("issue-many", tr("Issue credits to several users…"), doing("issue-many"),
               "Ctrl+Shift+G", possible=may_grant),
        Action("refund", tr("Refund the charge chosen…"), doing("refund"), "Ctrl+R",
               possible=lambda: not page.alone
               and not page.account.ledger.why_no_refund(_entry(page))),
        Action("void", tr("Void the grant chosen…"), doing("void"),
               possible=lambda: not page.alone
               and not page.account.ledger.why_no_void(_entry(page))),
        Action("plan", tr("Change plan…"), doing("plan"),
               possible=lambda: may(Act.CHANGE_PLAN)),
        Action("contact", tr("Correct contact data…"), doing("contact"), "F2",
               possible=lambda: may(Act.CORRECT)),
        Action("note", tr("Add note…"), doing("note"), "Ctrl+Shift+N",
               possible=lambda: may(Act.NOTE)),
        Action("register", tr("Register user…"), doing("register"), "Ctrl+N",
               possible=lambda: page.may(Act.REGISTER)),
        Action("statement", tr("Statement…"), doing("statement"), "Ctrl+P",
               possible=lambda: not page.alone and page.shown.data is not None),
        Action("export", tr("Export the ledger as CSV…"), doing("export"), "Ctrl+E",
               possible=lambda: not page.alone and page.shown.data is not None),
        Action("export-people", tr("Export the list of users as CSV…"),
               doing("export-people"), "Ctrl+Shift+E",
               possible=lambda: page.state.phase == "ready"),
    ]  # fmt: skip


def _ways(page: UsersPage) -> list[Action]:
    """What is only a way of looking."""

    def on_account(act: Callable[[AccountPane], None]) -> Callable[[], None]:
        return lambda: act(page.account)

    return [
        Action("activity", tr("What staff did here"),
               on_account(lambda account: account.head.show_activity()),
               possible=lambda: not page.alone and bool(page.shown.user_id)),
        Action("as-of", tr("As of another instant"),
               on_account(lambda account: account.head.instant.begin()), "Ctrl+T",
               possible=lambda: not page.alone),
        Action("now", tr("Back to now"), on_account(lambda account: account.head.go_to_now()),
               possible=lambda: page.shown.at is not None),
        Action("filters", tr("Filter the list"), page.people.toggle_filters, "Ctrl+Shift+F"),
        Action("clear-filters", tr("Clear the filters of the list"), page.people.clear_filters,
               possible=lambda: page.state.query.filtered),
        Action("shape", tr("Table or list of users"), page.toggle_shape, "Ctrl+Shift+T"),
        Action("columns", tr("Choose the columns of the table…"), page.people.open_columns,
               possible=lambda: page.alone),
        Action("to-table", tr("Back to the table"), page.close_account,
               possible=lambda: page.opened),
        Action("ledger", tr("Go to the ledger"),
               on_account(lambda account: account.ledger.table.setFocus()), "Ctrl+L",
               possible=lambda: not page.alone),
        Action("ticket", tr("Open the ticket of the entry chosen"),
               on_account(lambda account: account.ledger.open_ticket()), "Ctrl+Shift+O",
               possible=lambda: _entry(page) is not None),
    ]  # fmt: skip


def _entry(page: UsersPage) -> LedgerEntry | None:
    """The entry chosen in the ledger in view."""
    return None if page.alone else page.account.ledger.table.current_row()
