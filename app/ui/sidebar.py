"""The side bar: the pages by name, and at the bottom who is signed in."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from app.ui import format as write
from app.ui.page import PageEntry
from app.ui.theme import current, dress, dress_icon
from app.ui.tokens import PRODUCT, SIDE_BAR_WIDTH
from app.ui.widgets.button import pressed_by_enter
from app.ui.widgets.text import Badge, ElidedLabel, Label, plain_tip


class NavigationButton(QPushButton):
    """A page's name in the side bar, with a number beside it where one is told."""

    def __init__(self, entry: PageEntry) -> None:
        # A style sheet cannot set icon and word apart; a space does.
        super().__init__(f" {entry.title}")
        self.setAccessibleName(entry.title)
        self.entry = entry
        self.setObjectName("navigation")
        self.setCheckable(True)
        self.setAutoExclusive(False)
        dress(self, "name")
        self.setToolTip(plain_tip(f"{entry.title} ({entry.shortcut})" if entry.shortcut else ""))
        self._number = Badge("", "accent")
        self._number.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.addStretch(1)
        row.addWidget(self._number)
        self.toggled.connect(self._tint)
        self._tint(chosen=False)

    def count(self, number: int) -> None:
        """Show a number; none for 0."""
        grouped = write.credits(number)
        self._number.setText(grouped)
        self._number.setVisible(number > 0)
        self.updateGeometry()
        self.setAccessibleName(f"{self.entry.title}, {grouped}" if number else self.entry.title)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Room for the name, and for the number beside it."""
        hint = super().sizeHint()
        beside = self._number.sizeHint().width() + 8 if self._number.isVisibleTo(self) else 0
        return QSize(hint.width() + beside, hint.height())

    def _tint(self, chosen: bool) -> None:
        dress_icon(self, self.entry.icon, "accent_text" if chosen else "text2")


class SideBar(QFrame):
    """`wanted(key)` when a page is clicked. Up and Down move between the names."""

    wanted = Signal(str)

    def __init__(self, entries: Sequence[PageEntry]) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self._buttons = {entry.key: NavigationButton(entry) for entry in entries}
        self._person = ElidedLabel("", "section")
        self._standing = ElidedLabel("", "caption", "text2")
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(10, 0, 10, 16)
        column.setSpacing(3)
        product = Label(PRODUCT, "product")
        product.setContentsMargins(10, 16, 0, 12)
        column.addWidget(product)
        self._add(column, [entry for entry in entries if not entry.at_bottom])
        column.addStretch(1)
        self._add(column, [entry for entry in entries if entry.at_bottom])
        column.addSpacing(8)
        for label in (self._person, self._standing):
            label.setContentsMargins(10, 0, 0, 0)
            column.addWidget(label)
        current().changed.connect(self._measure)
        self._measure()

    def show_chosen(self, key: str) -> None:
        """Mark the page in view."""
        for name, button in self._buttons.items():
            button.setChecked(name == key)

    def show_person(self, name: str, standing: str) -> None:
        """Who is signed in, and in what role with what limit left."""
        self._person.setText(name)
        self._standing.setText(standing)

    def count(self, key: str, number: int) -> None:
        """Show a number beside a page's name."""
        if key in self._buttons:
            self._buttons[key].count(number)
            self._measure()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: True, Qt.Key.Key_Up: False}
        key = Qt.Key(event.key())
        if key in steps:
            self.focusNextPrevChild(steps[key])
        else:
            super().keyPressEvent(event)

    def _add(self, column: QVBoxLayout, entries: Sequence[PageEntry]) -> None:
        for entry in entries:
            button = self._buttons[entry.key]
            button.clicked.connect(lambda _checked=False, key=entry.key: self.wanted.emit(key))
            column.addWidget(button)

    def _measure(self) -> None:
        margins = self.contentsMargins() + self._column.contentsMargins()
        names = max((button.sizeHint().width() for button in self._buttons.values()), default=0)
        line = 1  # at its end
        wanted = names + margins.left() + margins.right() + line
        self.setFixedWidth(max(current().px(SIDE_BAR_WIDTH), wanted))
