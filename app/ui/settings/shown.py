"""The states of the Settings page, its sections and dialogs, and of the welcome."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QWidget

from app import shipped
from app.domain.imports import ImportRun
from app.domain.staff import Role, StaffMember
from app.ui.choose_database import ChooseDatabase
from app.ui.gallery import texts
from app.ui.gallery.shown import PAGE_SIZE, Shown, in_window, whole_page
from app.ui.import_dialog import ImportDialog
from app.ui.page import Frame
from app.ui.settings.page import SettingsPage
from app.ui.settings.restoring import RestoreDialog
from app.ui.settings.reversing import ReverseDialog
from app.ui.settings.staff_dialogs import AddStaffDialog, StaffDutyDialog, StaffRoleDialog

SAMPLES: Final = "resources/samples"
_MEMBER: Final = StaffMember(3, "leon@pixpretty.example", Role.SUPPORT_LEAD, added_at=texts.NOW)
_HOSTILE: Final = StaffMember(4, texts.HOSTILE, Role.SUPPORT, active=False, added_at=texts.NOW)
_NOT_YOURS: Final = "Your role, support lead, may not restore the database."


def _widget(frame: Frame) -> QWidget:
    if not isinstance(frame, QWidget):
        raise TypeError("a frame in the gallery is a window")
    return frame


def _restore(frame: Frame, why_not: str = "") -> RestoreDialog:
    return RestoreDialog(_widget(frame), frame, str(frame.desk.path), why_not)


def _import(frame: Frame, kind: str) -> ImportDialog:
    path = str(shipped.path(f"{SAMPLES}/{kind}.csv"))
    return ImportDialog(_widget(frame), frame, kind, path)


def _reverse(frame: Frame) -> ReverseDialog:
    run = ImportRun(1, "usage", texts.HOSTILE, texts.NOW, texts.LONG, 20, 19, 0, 0, 1)
    return ReverseDialog(_widget(frame), frame, run)


def _choose(frame: Frame, *, first: bool = False, new: bool = False) -> ChooseDatabase:
    return ChooseDatabase(
        _widget(frame), frame, first=first, new=new, place="credits.db", person=_MEMBER.email
    )


def _at(place: str) -> Callable[[object], str]:
    return lambda _desk: place


def _sections() -> tuple[Shown, ...]:
    """Every section but the first, in full and where nothing can be read."""
    keys = ("appearance", "staff", "limits", "imports", "help-desk")
    shown = []
    for key in keys:
        build = in_window("settings", _at(key))
        shown += [
            Shown(SettingsPage, key, build, "demo", size=PAGE_SIZE),
            Shown(SettingsPage, f"{key} failed", build, "demo", "failed", PAGE_SIZE),
        ]
    return tuple(shown)


SHOWN: Final[tuple[Shown, ...]] = (
    *whole_page("settings", SettingsPage, ready=lambda _desk: "database"),
    *_sections(),
    Shown(ChooseDatabase, "welcome", lambda f: _choose(f, first=True)),
    Shown(ChooseDatabase, "another", _choose, "demo"),
    Shown(ChooseDatabase, "new", lambda f: _choose(f, new=True), "demo"),
    Shown(RestoreDialog, "ready", _restore, "demo"),
    Shown(RestoreDialog, "loading", _restore, "demo", "awaited"),
    Shown(RestoreDialog, "failed", _restore, "demo", "failed"),
    Shown(RestoreDialog, "not permitted", lambda f: _restore(f, _NOT_YOURS), "demo"),
    Shown(ImportDialog, "users", lambda f: _import(f, "users"), "demo"),
    Shown(ImportDialog, "usage", lambda f: _import(f, "usage"), "demo"),
    Shown(ReverseDialog, "loading", _reverse, "demo", "awaited"),
    Shown(ReverseDialog, "failed", _reverse, "demo", "failed"),
    Shown(AddStaffDialog, "ready", lambda f: AddStaffDialog(_widget(f), f), "demo"),
    Shown(StaffRoleDialog, "ready",
          lambda f: StaffRoleDialog(_widget(f), f, _MEMBER, mine=False), "demo"),
    Shown(StaffRoleDialog, "hostile text",
          lambda f: StaffRoleDialog(_widget(f), f, _HOSTILE, mine=False), "demo"),
    Shown(StaffDutyDialog, "yourself",
          lambda f: StaffDutyDialog(_widget(f), f, _MEMBER, mine=True), "demo"),
    Shown(StaffDutyDialog, "back",
          lambda f: StaffDutyDialog(_widget(f), f, _HOSTILE, mine=False), "demo"),
)  # fmt: skip
