"""The page of settings: its sections at the start side, beside them the cards of one."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.ui.daily_backup import DONE
from app.ui.page import Frame, Page
from app.ui.settings.card import SettingsCard
from app.ui.settings.section_list import SectionList
from app.ui.settings.sections import Section, sections
from app.ui.theme import current
from app.ui.tokens import CARD_GAP, PAGE_PADDING
from app.ui.widgets.focus_ring import show_focus
from app.ui.widgets.text import Label

_WIDTH: Final = 980


class SettingsPage(Page):
    """Sections; a section is built when it is first shown, and reads when it comes into view.

    A place is the key of a section, with what is to be begun there behind a colon:
    ``"database:backup"``.
    """

    concerns: ClassVar[frozenset[str] | None] = frozenset(
        {"prices", "staff", "accounts", "imports", "requests", "activity", "settings", DONE}
    )

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.sections = sections()
        self._built: dict[str, list[SettingsCard]] = {}
        self._areas: dict[str, QScrollArea] = {}
        self._inner: list[QWidget] = []
        self._stale: set[str] = set()
        self.here = ""
        """The key of the section in view."""
        self.list = SectionList(self.sections)
        self.list.chosen.connect(self._chosen)
        self.stack = QStackedWidget()
        self._build()
        current().changed.connect(self._measure)
        self._measure()
        self._show_section(self.sections[0].key)

    def cards(self, key: str) -> list[SettingsCard]:
        """The cards of a section, built now if they were not."""
        if key not in self._built:
            section = next(one for one in self.sections if one.key == key)
            self._built[key] = section.make(self.frame)
            self._areas[key] = self._area(section, self._built[key])
            self.stack.addWidget(self._areas[key])
            self._stale.add(key)
        return self._built[key]

    def show_state(self, state: Any) -> None:
        """Nothing is shown here that the cards do not read themselves."""

    def reload(self) -> None:
        self._stale = set(self._built) | {self.here}
        self._freshen_section()

    def place(self) -> object:
        return self.here

    def go(self, place: object) -> None:
        # A record of the activity names what it is about too: a member of staff, a database.
        key, _, act = str(place[0] if isinstance(place, tuple) else place).partition(":")
        keys = [section.key for section in self.sections]
        if key in keys:
            self._show_section(key)
            for card in self.cards(key):
                if act in card.acts:
                    card.begin(act)

    # Inside

    def _chosen(self, key: str) -> None:
        """Another section was chosen in the list."""
        before = self.here
        self._show_section(key)
        if before != key:
            self.frame.moved(self, before)

    def _show_section(self, key: str) -> None:
        self.here = key
        self.cards(key)
        self.list.show_chosen(key)
        self.stack.setCurrentWidget(self._areas[key])
        self._freshen_section()

    def _freshen_section(self) -> None:
        """Let the cards in view read, if what they show may have changed."""
        key = self.here
        if key in self._stale and self.isVisible():
            self._stale.discard(key)
            for card in self.cards(key):
                card.reload()

    def _area(self, section: Section, cards: list[SettingsCard]) -> QScrollArea:
        inner = QWidget()
        inner.setObjectName("scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(PAGE_PADDING, 16, PAGE_PADDING, PAGE_PADDING)
        column.setSpacing(CARD_GAP)
        column.addWidget(Label(section.title, "title"))
        for card in cards:
            column.addWidget(card)
        column.addStretch(1)
        inner.setMaximumWidth(current().px(_WIDTH))
        self._inner.append(inner)
        area = QScrollArea()
        show_focus(area)
        area.setAccessibleName(section.title)
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return area

    def _build(self) -> None:
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.list)
        whole.addWidget(self.stack, 1)

    def _measure(self) -> None:
        for inner in self._inner:
            inner.setMaximumWidth(current().px(_WIDTH))
