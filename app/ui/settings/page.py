"""The page of settings: its cards under each other, in one column that is easy to read."""

from typing import Any, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.ui.language import tr
from app.ui.page import Frame, Page
from app.ui.settings.cards import CARDS
from app.ui.theme import current
from app.ui.tokens import CARD_GAP, PAGE_PADDING
from app.ui.widgets.text import Label

_WIDTH: Final = 720


class SettingsPage(Page):
    """What was chosen for this computer, and what the person may do."""

    concerns: ClassVar[frozenset[str] | None] = frozenset({"prices", "staff", "accounts"})

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.cards = [make(frame) for make in CARDS]
        self._inner = QWidget()
        self._inner.setObjectName("scrolled")
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(PAGE_PADDING, 16, PAGE_PADDING, PAGE_PADDING)
        column.setSpacing(CARD_GAP)
        column.addWidget(Label("Settings", "title"))
        for card in self.cards:
            column.addWidget(card)
        column.addStretch(1)
        area = QScrollArea()
        area.setAccessibleName(tr("Settings"))
        area.setWidget(self._inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        current().changed.connect(self._measure)
        self._measure()

    def show_state(self, state: Any) -> None:
        """Nothing is shown here that the cards do not read themselves."""

    def reload(self) -> None:
        for card in self.cards:
            card.reload()

    def _measure(self) -> None:
        self._inner.setMaximumWidth(current().px(_WIDTH))
