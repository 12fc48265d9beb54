"""The dialog of one feature: its name, description, family and price; and for a new one its key."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.domain.errors import PriceListInvalid
from app.domain.price_file import MOST_DESCRIPTION, MOST_FAMILY, MOST_NAME, MOST_PRICE
from app.domain.prices import Feature
from app.ui.theme import dress
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.fields import AmountField, Labelled


class FeatureDialog(Dialog):
    """Edits `feature`, or makes a new one without it.

    `take(feature)` puts it into the draft and may raise `PriceListInvalid`, which is said here.
    """

    def __init__(
        self,
        parent: QWidget | None,
        families: Sequence[str],
        take: Callable[[Feature], object],
        feature: Feature | None = None,
    ) -> None:
        title = "Edit feature" if feature else "Add feature"
        super().__init__(parent, title, "Take into the draft")
        self._take = take
        self.key = _line("Key", 60, feature.key if feature else "")
        self.name = _line("Name", MOST_NAME, feature.name if feature else "")
        described = feature.description if feature else ""
        self.description = _line("Description", MOST_DESCRIPTION, described)
        self.family = _families(families, feature)
        self.credits = AmountField(1, MOST_PRICE, "Credits")
        self.credits.set_amount(feature.credits if feature else None)
        self.key.setReadOnly(feature is not None)
        hint = "Stable for ever: small letters, digits and underscores" if not feature else ""
        self.body.addWidget(Labelled("Key", self.key, hint))
        self.body.addWidget(Labelled("Name", self.name))
        self.body.addWidget(Labelled("Description", self.description))
        self.body.addWidget(Labelled("Family", self.family, "Families are charted together"))
        self._priced = Labelled("Credits for one use", self.credits)
        self.body.addWidget(self._priced)
        (self.name if feature else self.key).setFocus()

    def submit(self) -> None:
        self._priced.refuse(self.credits.problem)
        if self.credits.amount is None:
            self.refuse(self.credits.problem)
            return
        try:
            self._take(self._feature(self.credits.amount))
        except PriceListInvalid as error:
            self.refuse(str(error))
        else:
            self.accept()

    def _feature(self, credits: int) -> Feature:
        return Feature(
            key=self.key.text().strip(),
            name=self.name.text().strip(),
            description=self.description.text().strip(),
            family=self.family.currentText().strip(),
            credits=credits,
        )


def _line(name: str, most: int, text: str) -> QLineEdit:
    field = QLineEdit(text)
    field.setAccessibleName(name)
    field.setMaxLength(most)
    dress(field, "code" if name == "Key" else "body")
    return field


def _families(families: Sequence[str], feature: Feature | None) -> QComboBox:
    box = QComboBox()
    box.setEditable(True)
    box.setAccessibleName("Family")
    box.addItems(list(dict.fromkeys(families)))
    dress(box, "body")
    line = box.lineEdit()
    if line is not None:
        line.setMaxLength(MOST_FAMILY)
    box.setCurrentText(feature.family if feature else "")
    return box
