"""The states of the Settings page."""

from typing import Final

from app.ui.gallery.shown import Shown, whole_page
from app.ui.settings.page import SettingsPage

SHOWN: Final[tuple[Shown, ...]] = whole_page("settings", SettingsPage)
