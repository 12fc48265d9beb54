"""What can be done on the page of users, by name and by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.staff import Act
from app.ui.actions import Action

if TYPE_CHECKING:
    from app.ui.users.page import UsersPage


def actions_of(page: UsersPage) -> list[Action]:
    """Every action of the page, for the palette, the keys and F1."""

    def may(act: Act) -> bool:
        return not page.alone and not page.account.head.why_not(act)

    def may_grant() -> bool:
        return page.may(Act.GRANT)

    ledger = page.account.ledger
    return [
        Action("issue", "Issue credits…", page.acts.issue, "Ctrl+G",
               possible=may_grant),
        Action("issue-many", "Issue credits to several users…", page.acts.issue_to_many,
               "Ctrl+Shift+G", possible=may_grant),
        Action("refund", "Refund the charge chosen…", page.acts.refund_chosen, "Ctrl+R",
               possible=lambda: not page.alone
               and not ledger.why_no_refund(ledger.table.current_row())),
        Action("void", "Void the grant chosen…", page.acts.void_chosen,
               possible=lambda: not page.alone
               and not ledger.why_no_void(ledger.table.current_row())),
        Action("plan", "Change plan…", page.acts.change_plan,
               possible=lambda: may(Act.CHANGE_PLAN)),
        Action("contact", "Correct contact data…", page.acts.correct, "F2",
               possible=lambda: may(Act.CORRECT)),
        Action("note", "Add note…", page.acts.note, "Ctrl+Shift+N",
               possible=lambda: may(Act.NOTE)),
        Action("register", "Register user…", page.acts.register, "Ctrl+N",
               possible=lambda: page.may(Act.REGISTER)),
        Action("statement", "Statement…", page.acts.statement, "Ctrl+P",
               possible=lambda: not page.alone and page.shown.data is not None),
        Action("export", "Export the ledger as CSV…", page.acts.export_ledger, "Ctrl+E",
               possible=lambda: not page.alone and page.shown.data is not None),
        Action("export-people", "Export the list of users as CSV…", page.acts.export_people,
               "Ctrl+Shift+E", possible=lambda: page.state.phase == "ready"),
        Action("as-of", "As of another instant", page.account.head.instant.begin, "Ctrl+T",
               possible=lambda: not page.alone),
        Action("now", "Back to now", page.account.head.go_to_now,
               possible=lambda: page.shown.at is not None),
        Action("filters", "Filter the list", page.people.toggle_filters, "Ctrl+Shift+F"),
        Action("clear-filters", "Clear the filters of the list", page.people.clear_filters,
               possible=lambda: page.state.query.filtered),
        Action("shape", "Table or list of users", page.toggle_shape, "Ctrl+Shift+T"),
        Action("columns", "Choose the columns of the table…", page.people.open_columns,
               possible=lambda: page.alone),
        Action("to-table", "Back to the table", page.close_account,
               possible=lambda: page.opened),
        Action("ledger", "Go to the ledger", ledger.table.setFocus, "Ctrl+L",
               possible=lambda: not page.alone),
        Action("ticket", "Open the ticket of the entry chosen", ledger.open_ticket,
               "Ctrl+Shift+O", possible=lambda: not page.alone
               and ledger.table.current_row() is not None),
    ]  # fmt: skip
