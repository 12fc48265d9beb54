"""How the program looks here: colours, density of rows, size of text, times."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

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


def _box(name: str, words: Mapping[Any, str]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    dress(box, "body")
    for key, text in words.items():
        box.addItem(text, key)
    return box


class TimesCard(SettingsCard):
    """How instants are shown where one looks through many; the zone is everywhere the same."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(
            frame,
            tr("Times"),
            tr(
                "How lists and heads show an instant. It is always shown and read in the billing"
                " zone, because days and months are counted in it, and the tooltip has it whole,"
                " with UTC and how long ago it was. Files, statements and every question before"
                " something is done stay exact."
            ),
        )
        ways: dict[write.Times, str] = {
            "minutes": tr("Date and time"),
            "seconds": tr("With seconds"),
            "ago": tr("How long ago"),
        }
        self.times = _box(tr("Shown in lists"), ways)
        self.times.activated.connect(self._chosen)
        self.example = Label()
        self.here = Label()
        self.tip = Label(wrap=True)
        lines = Facts()
        lines.add(tr("Three days ago reads"), self.example)
        lines.add(tr("Billing zone"), self.here)
        lines.add(tr("In the tooltip"), self.tip)
        self.row(Labelled(self.times.accessibleName(), self.times))
        self.add(lines)
        current().changed.connect(self.reload)

    def reload(self) -> None:
        now, zone = self.frame.now(), self.frame.zone
        self.times.setCurrentIndex(self.times.findData(write.times_shown()))
        then = now - timedelta(days=3)
        self.example.setText(write.seen(then, zone, now))
        self.here.setText(write.exact(then, zone))
        self.tip.setText(write.instant_tip(then, zone, now))

    def _chosen(self) -> None:
        self.frame.looks.choose(times=self.times.currentData())
