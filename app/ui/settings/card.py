"""What a card of the settings is; the page shows those in `app.ui.settings.cards` in order."""

from app.ui.page import Frame
from app.ui.widgets.card import Card
from app.ui.widgets.text import Label


class SettingsCard(Card):
    """A card with a title and a sentence on what it is about; add fields to `body`."""

    def __init__(self, frame: Frame, title: str, about: str) -> None:
        super().__init__(title)
        self.frame = frame
        self.add(Label(about, "caption", "text2", wrap=True))

    def reload(self) -> None:
        """Show how it stands: the page is in view, or something was changed elsewhere."""
