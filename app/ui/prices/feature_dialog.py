"""The dialog of one feature: its name, description, family and price; and for a new one its key."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.domain.errors import PriceListInvalid
from app.domain.price_file import MOST_DESCRIPTION, MOST_FAMILY, MOST_NAME, MOST_PRICE
from app.domain.prices import Feature
from app.ui.errors import trouble_of
from app.ui.language import tr
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
        title = tr("Edit feature") if feature else tr("Add feature")
        super().__init__(parent, title, tr("Take into the draft"))
        self._take = take
        self.key = _line(tr("Key"), 60, feature.key if feature else "", voice="code")
        self.name = _line(tr("Name"), MOST_NAME, feature.name if feature else "")
        described = feature.description if feature else ""
        self.description = _line(tr("Description"), MOST_DESCRIPTION, described)
        self.family = _families(families, feature)
        self.credits = AmountField(1, MOST_PRICE, tr("Credits"))
        self.credits.set_amount(feature.credits if feature else None)
        self.key.setReadOnly(feature is not None)
        hint = tr("Stable for ever: small letters, digits and underscores") if not feature else ""
        self.body.addWidget(Labelled(tr("Key"), self.key, hint))
        self.body.addWidget(Labelled(tr("Name"), self.name))
        self.body.addWidget(Labelled(tr("Description"), self.description))
        self.body.addWidget(
            Labelled(tr("Family"), self.family, tr("Families are charted together"))
        )
        self._priced = Labelled(tr("Credits for one use"), self.credits)
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
            self.refuse(trouble_of(error).sentence)
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


def _line(name: str, most: int, text: str, *, voice: str = "body") -> QLineEdit:
    field = QLineEdit(text)
    field.setAccessibleName(name)
    field.setMaxLength(most)
    dress(field, voice)
    return field


def _families(families: Sequence[str], feature: Feature | None) -> QComboBox:
    box = QComboBox()
    box.setEditable(True)
    box.setAccessibleName(tr("Family"))
    box.addItems(list(dict.fromkeys(families)))
    dress(box, "body")
    line = box.lineEdit()
    if line is not None:
        line.setMaxLength(MOST_FAMILY)
    box.setCurrentText(feature.family if feature else "")
    return box
