"""The actions that the page of activity offers, for the palette and the sheet of shortcuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.actions import Action
from app.ui.language import tr

if TYPE_CHECKING:  # the page offers them
    from app.ui.activity.page import ActivityPage


def actions_of(page: ActivityPage) -> tuple[Action, ...]:
    """What can be done on the page."""

    def chosen() -> bool:
        return page.details.record is not None

    return (
        Action("filter", tr("Search activity"), page.list.begin_search, "/"),
        Action("filters", tr("Filters…"), page.list.toggle_filters, "Ctrl+Shift+F"),
        Action("clear-filters", tr("Clear filters and search"), page.list.clear_filters,
               possible=lambda: page.state.query.narrowed),
        Action("columns", tr("Choose columns…"), page.list.open_columns),
        Action("export", tr("Export activity as CSV…"), page.ask_export, "Ctrl+E",
               possible=lambda: bool(page.state.count)),
        Action("verify", tr("Verify that the record is whole…"), page.open_chain,
               "Ctrl+Shift+V"),
        Action("copy-head", tr("Copy head of the chain"), page.list.head.copy,
               possible=lambda: page.state.head is not None),
        Action("open-subject", tr("Open what the record is about"), page.details.open_first,
               "Ctrl+O", possible=chosen),
        Action("copy-record", tr("Copy the record as text"), page.details.copy_text,
               "Ctrl+Shift+R", possible=chosen),
        Action("copy-json", tr("Copy the record as JSON"), page.details.copy_json,
               possible=chosen),
    )  # fmt: skip
