"""The sections of the settings, in their order. A new card is one line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.ui.language import tr
from app.ui.page import Frame
from app.ui.settings.card import SettingsCard


@dataclass(frozen=True)
class Section:
    """A section: its key, what it is called, and what makes its cards when it is first shown."""

    key: str
    title: str
    make: Callable[[Frame], list[SettingsCard]]


def sections() -> tuple[Section, ...]:
    """All of them; each brings in its cards only when it is shown."""
    return (
        Section("database", tr("Database"), _database),
        Section("appearance", tr("Appearance"), _appearance),
        Section("staff", tr("Staff and roles"), _staff),
        Section("limits", tr("Limits"), _limits),
        Section("imports", tr("Imports"), _imports),
        Section("help-desk", tr("Help desk"), _help_desk),
    )


def _database(frame: Frame) -> list[SettingsCard]:
    from app.ui.settings.backups import BackupsCard
    from app.ui.settings.database import DatabaseCard
    from app.ui.settings.restoring import RestoreCard
    from app.ui.settings.verifying import VerifyCard

    return [DatabaseCard(frame), BackupsCard(frame), VerifyCard(frame), RestoreCard(frame)]


def _appearance(frame: Frame) -> list[SettingsCard]:
    from app.ui.settings.appearance import AppearanceCard, TimesCard

    return [AppearanceCard(frame), TimesCard(frame)]


def _staff(frame: Frame) -> list[SettingsCard]:
    from app.ui.settings.staff import RolesCard, StaffCard

    return [StaffCard(frame), RolesCard(frame)]


def _limits(frame: Frame) -> list[SettingsCard]:
    from app.ui.settings.limits import LimitsCard

    return [LimitsCard(frame)]


def _imports(frame: Frame) -> list[SettingsCard]:
    from app.ui.settings.imports import ImportsCard, PastImportsCard

    return [ImportsCard(frame), PastImportsCard(frame)]


def _help_desk(frame: Frame) -> list[SettingsCard]:
    from app.ui.settings.help_desk import HelpDeskCard

    return [HelpDeskCard(frame)]
