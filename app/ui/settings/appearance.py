"""How the program looks here: colours, density of rows, size of text."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtWidgets import QComboBox, QHBoxLayout

from app.ui.page import Frame
from app.ui.settings.card import SettingsCard
from app.ui.theme import ZOOMS, current, dress
from app.ui.widgets.fields import Labelled

_SCHEMES: Final = {"system": "As the system has them", "light": "Light", "dark": "Dark"}
_DENSITIES: Final = {"compact": "Compact", "normal": "Normal", "comfortable": "Comfortable"}
_SIZES: Final = {zoom: f"{zoom} %" for zoom in ZOOMS}


class AppearanceCard(SettingsCard):
    """A choice shows at once, and is kept."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, "Appearance", "How the program looks on this computer.")
        self.scheme = _box("Colours", _SCHEMES)
        self.density = _box("Rows", _DENSITIES)
        self.zoom = _box("Text size", _SIZES)
        row = QHBoxLayout()
        row.setSpacing(12)
        for field in (self.scheme, self.density, self.zoom):
            row.addWidget(Labelled(field.accessibleName(), field), 1)
            field.activated.connect(self._chosen)
        self.body.addLayout(row)
        current().changed.connect(self.reload)
        self.reload()

    def reload(self) -> None:
        theme = current()
        for box, value in (
            (self.scheme, theme.scheme),
            (self.density, theme.density),
            (self.zoom, theme.zoom),
        ):
            box.setCurrentIndex(box.findData(value))

    def _chosen(self) -> None:
        self.frame.looks.choose(
            scheme=self.scheme.currentData(),
            density=self.density.currentData(),
            zoom=self.zoom.currentData(),
        )


def _box(name: str, words: Mapping[str, str] | Mapping[int, str]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    dress(box, "body")
    for key, text in words.items():
        box.addItem(text, key)
    return box
