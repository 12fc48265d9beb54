"""How the program looks here: colours, density of rows, size of text."""

from collections.abc import Mapping
from datetime import UTC

from PySide6.QtWidgets import QComboBox, QHBoxLayout

from app.ui import format as write
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.settings.card import Facts, SettingsCard
from app.ui.theme import ZOOMS, current, dress
from app.ui.widgets.fields import Labelled
from app.ui.widgets.text import Label


class AppearanceCard(SettingsCard):
    """A choice shows at once, and is kept."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(
            frame,
            tr("Colours and sizes"),
            tr("How the program looks on this computer; a choice shows at once."),
        )
        schemes = {
            "system": tr("As the system has them"),
            "light": tr("Light"),
            "dark": tr("Dark"),
        }
        densities = {
            "compact": tr("Compact"),
            "normal": tr("Normal"),
            "comfortable": tr("Comfortable"),
        }
        self.scheme = _box(tr("Colours"), schemes)
        self.density = _box(tr("Rows"), densities)
        self.zoom = _box(tr("Text size"), {zoom: f"{zoom} %" for zoom in ZOOMS})
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


class TimesCard(SettingsCard):
    """How instants are shown: everywhere the same, so there is nothing to choose."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(
            frame,
            tr("Times"),
            tr(
                "Every instant is shown and read in the billing zone, because days and months are"
                " counted in it; UTC, and how long ago it was, stand in the tooltip."
            ),
        )
        self.here = Label()
        self.utc = Label()
        lines = Facts()
        lines.add(tr("Billing zone"), self.here)
        lines.add(tr("In the tooltip"), self.utc)
        self.add(lines)

    def reload(self) -> None:
        now, zone = self.frame.now(), self.frame.zone
        self.here.setText(write.exact(now, zone))
        self.utc.setText(write.exact(now, UTC))
