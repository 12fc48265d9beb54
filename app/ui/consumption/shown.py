"""The states of the Consumption page."""

from typing import Final

from app.ui.consumption.page import ConsumptionPage
from app.ui.gallery.shown import Shown, whole_page

SHOWN: Final[tuple[Shown, ...]] = whole_page("consumption", ConsumptionPage)
