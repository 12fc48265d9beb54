"""A field for a zone of the world: every one there is, to choose or to find by any part of it."""

from __future__ import annotations

from zoneinfo import available_timezones

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter

from app.ui.theme import dress


class ZoneBox(QComboBox):
    """``zone`` is the name chosen or typed; ``None`` for ``none``, the words for no zone at all."""

    def __init__(self, name: str, chosen: str, none: str = "") -> None:
        super().__init__()
        self._none = none
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName(name)
        dress(self, "body")
        first = [text for text in (none, chosen, "UTC") if text]
        self.addItems(list(dict.fromkeys([*first, *sorted(available_timezones())])))
        self.setCurrentText(chosen)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)

    @property
    def zone(self) -> str | None:
        """The zone, as it was chosen or typed."""
        typed = self.currentText().strip()
        return None if typed in {"", self._none} else typed

    def choose(self, zone: str | None) -> None:
        """Choose a zone; none for ``None``."""
        self.setCurrentText(zone or self._none)
