"""The cards of the settings, in the order in which they stand. A new card is one line here."""

from collections.abc import Callable

from app.ui.page import Frame
from app.ui.settings.appearance import AppearanceCard
from app.ui.settings.card import SettingsCard
from app.ui.settings.help_desk import HelpDeskCard
from app.ui.settings.limits import LimitsCard

CARDS: tuple[Callable[[Frame], SettingsCard], ...] = (HelpDeskCard, AppearanceCard, LimitsCard)
