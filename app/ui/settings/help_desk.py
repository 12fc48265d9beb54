"""Where the tickets are: the address that opens one, with what it makes of an example."""

from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from app.domain.errors import InvalidValue
from app.ui import tickets
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.settings.card import SettingsCard
from app.ui.theme import dress
from app.ui.widgets.button import Button
from app.ui.widgets.fields import Labelled
from app.ui.widgets.text import Label

_TRIED: Final = "ZD-48213"


class HelpDeskCard(SettingsCard):
    """The address template, refused with the reason while it is none, and a preview."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(
            frame,
            tr("Tickets"),
            tr(
                "Tickets open in the help desk by this address; {place} stands for the ticket."
                " Without one, a click copies the ticket.",
                place=tickets.PLACE,
            ),
        )
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("Help desk address"))
        self.field.setPlaceholderText(tickets.EXAMPLE)
        self.field.setMaxLength(3_000)
        dress(self.field, "body")
        self.labelled = Labelled(tr("Address"), self.field)
        self.preview = Label("", "caption", "text2", wrap=True).selectable()
        self.save_button = Button(tr("Save"), self.save)
        self.try_button = Button(tr("Try it"), self.try_it)
        self.add(self.labelled)
        self.add(self.preview)
        row = QHBoxLayout()
        for button in (self.save_button, self.try_button):
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.field.textChanged.connect(self._typed)
        self.field.returnPressed.connect(self.save)
        self.reload()

    @property
    def kept(self) -> str:
        """The address in force; empty without one."""
        return str(self.frame.setting(tickets.KEPT, ""))

    def reload(self) -> None:
        if not self.field.isModified():  # what is being typed stays
            self.field.setText(self.kept)
        self._typed()

    def save(self) -> None:
        """Keep what was typed, or say why not; nothing typed keeps none."""
        try:
            typed = self._checked()
        except InvalidValue as error:
            self.labelled.refuse(str(error))
            return
        self.field.setModified(False)
        self.field.setText(typed)
        self.frame.set_setting(tickets.KEPT, typed)
        self.frame.say(
            tr("Tickets open in the help desk.") if typed else tr("A ticket is copied now.")
        )
        self._typed()

    def try_it(self) -> None:
        """Open the example by what was typed."""
        self.frame.open_address(tickets.address_of(self.field.text().strip(), _TRIED))

    def _checked(self) -> str:
        typed = self.field.text().strip()
        return tickets.checked_address(typed) if typed else ""

    def _typed(self) -> None:
        try:
            typed, wrong = self._checked(), ""
        except InvalidValue as error:
            typed, wrong = "", str(error)
        self.labelled.refuse(wrong)
        shown = tickets.address_of(typed, _TRIED)
        self.preview.setText(
            tr("{ticket} opens {address}", ticket=_TRIED, address=shown) if shown else ""
        )
        self.preview.setVisible(bool(shown))
        self.try_button.setEnabled(bool(shown))
        self.save_button.setEnabled(not wrong and typed != self.kept)
