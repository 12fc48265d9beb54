"""What can be begun in the settings from wherever one is: the palette offers it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app.ui.actions import Action
from app.ui.language import tr
from app.ui.page import Frame


def settings_actions(frame: Frame) -> list[Action]:
    """Actions that go to a section of the settings and begin something there."""

    def begin(place: str) -> Callable[[], object]:
        return partial(frame.open_page, "settings", place)

    return [
        Action("open-database", tr("Open another database…"), begin("database:open")),
        Action("new-database", tr("New database…"), begin("database:new")),
        Action("back-up", tr("Back up now…"), begin("database:backup")),
        Action("verify", tr("Verify the books"), begin("database:verify")),
        Action("restore", tr("Restore a backup…"), begin("database:restore")),
        Action("staff", tr("Staff and roles"), begin("staff")),
        Action("limits", tr("Limits as they stand"), begin("limits")),
        Action("import-users", tr("Import users…"), begin("imports:users")),
        Action("import-plans", tr("Import plans…"), begin("imports:plans")),
        Action("import-usage", tr("Import usage…"), begin("imports:usage")),
        Action("import-tickets", tr("Import tickets of a help desk…"), begin("imports:requests")),
        Action("past-imports", tr("Past imports"), begin("imports")),
        Action("appearance", tr("Appearance"), begin("appearance")),
    ]
