"""The names of the sections, one under the other, as the pages stand in the side bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from app.ui.language import tr
from app.ui.settings.sections import Section
from app.ui.theme import current, dress
from app.ui.widgets.button import pressed_by_enter
from app.ui.widgets.text import Label

_WIDTH: Final = 176
_STEPS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class SectionButton(QPushButton):
    """The name of a section. Up and Down go on to the list, which moves by them."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _STEPS:
            event.ignore()
        elif not pressed_by_enter(self, event):
            super().keyPressEvent(event)


class SectionList(QFrame):
    """`chosen(key)` when a section is clicked, or the keyboard goes to it with Up and Down."""

    chosen = Signal(str)

    def __init__(self, sections: Sequence[Section]) -> None:
        super().__init__()
        self.setObjectName("pane")
        self.setAccessibleName(tr("Sections of the settings"))
        self._buttons: dict[str, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 16, 10, 16)
        column.setSpacing(3)
        title = Label(tr("Settings"), "title")
        title.setContentsMargins(10, 0, 0, 8)
        column.addWidget(title)
        for section in sections:
            column.addWidget(self._button(section))
        column.addStretch(1)
        current().changed.connect(self._measure)
        self._measure()

    def show_chosen(self, key: str) -> None:
        """Mark the section in view."""
        for name, button in self._buttons.items():
            button.setChecked(name == key)

    def button(self, key: str) -> QPushButton:
        """The button of a section."""
        return self._buttons[key]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        keys = list(self._buttons)
        here = next((at for at, key in enumerate(keys) if self._buttons[key].isChecked()), None)
        if step is None or here is None:
            super().keyPressEvent(event)
            return
        key = keys[(here + step) % len(keys)]
        self._buttons[key].setFocus()
        self.chosen.emit(key)

    def _button(self, section: Section) -> QPushButton:
        button = SectionButton(section.title.replace("&", "&&"))
        button.setObjectName("navigation")
        button.setAccessibleName(section.title)
        button.setCheckable(True)
        dress(button, "name")
        button.clicked.connect(lambda _checked=False: self.chosen.emit(section.key))
        self._buttons[section.key] = button
        return button

    def _measure(self) -> None:
        self.setFixedWidth(current().px(_WIDTH))
