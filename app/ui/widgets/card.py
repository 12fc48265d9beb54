"""Cards: white sheets on the grey ground, with a title and something on the right of it."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.tokens import CARD_PADDING
from app.ui.widgets.text import CutLabel, ElidedLabel, Label


class Card(QFrame):
    """A sheet with an optional title; add content to `body`, and to `head` on the title's line."""

    def __init__(self, title: str = "", aside: str = "", *, padded: bool = True) -> None:
        super().__init__()
        self.setObjectName("card")
        across, down = CARD_PADDING if padded else (0, 0)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(across, down, across, down if padded else 8)
        self.body.setSpacing(8)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.title = CutLabel(title, "section", parent=self)
        self.aside = CutLabel(aside, "caption", "text2", parent=self)
        for label in (self.title, self.aside):
            label.setVisible(bool(title or aside))
        if title or aside:
            self.head.addWidget(self.title)
            self.head.addStretch(1)
            self.head.addWidget(self.aside)
            self.body.addLayout(self.head)
            if not padded:
                self.head.setContentsMargins(CARD_PADDING[0], CARD_PADDING[1], CARD_PADDING[0], 0)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget under what is there."""
        self.body.addWidget(widget, stretch)


class StatCard(Card):
    """One large number with what it is above and what it means below."""

    def __init__(self, name: str, number: str = "—", note: str = "") -> None:
        super().__init__()
        self.body.setSpacing(2)
        self._name = CutLabel(name, "caption", "text2")
        self._number = Label(number, "number")
        self._note = ElidedLabel(note, "caption", "text2")
        for label in (self._name, self._number, self._note):
            self.add(label)
        self._describe()

    def show_number(self, number: str, note: str = "", name: str = "") -> None:
        """Show another number, its note, and its name if that changes too."""
        if name:
            self._name.setText(name)
        self._number.setText(number)
        self._note.setText(note)
        self._describe()

    def _describe(self) -> None:
        said = f"{self._name.text()}: {self._number.text()}. {self._note.text()}"
        self.setAccessibleName(said)
