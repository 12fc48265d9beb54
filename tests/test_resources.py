"""The shipped fonts and icons are whole, licensed, and can take a theme's colour."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFontDatabase, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from app import shipped

FONTS = sorted(p for p in shipped.path("resources/fonts").iterdir() if p.suffix != ".txt")
ICONS = sorted(shipped.path("resources/icons").glob("*.svg"))


@pytest.mark.parametrize("font", FONTS, ids=lambda p: p.stem)
def test_each_font_loads_under_the_family_the_theme_asks_for(font: Path, qapp: object) -> None:
    loaded = QFontDatabase.addApplicationFont(str(font))
    families = QFontDatabase.applicationFontFamilies(loaded)
    QFontDatabase.removeApplicationFont(loaded)
    assert loaded >= 0
    assert families[0].split()[0] in {"Inter", "JetBrains"}


def test_every_font_and_the_icons_have_their_licence_beside_them() -> None:
    families = {font.stem.split("-")[0] for font in FONTS}
    assert families == {"Inter", "JetBrainsMono"}
    for family in families:
        text = shipped.path(f"resources/fonts/{family}-LICENSE.txt").read_text("utf-8")
        assert "SIL OPEN FONT LICENSE Version 1.1" in text
        assert text.startswith("Copyright")
    assert "MIT License" in shipped.path("resources/icons/LICENSE.txt").read_text("utf-8")


@pytest.mark.parametrize("icon", ICONS, ids=lambda p: p.stem)
def test_an_icon_is_drawn_in_whatever_colour_the_theme_puts_in(icon: Path, qapp: object) -> None:
    source = icon.read_text("utf-8")
    assert source.count("currentColor") == 1
    root = ET.fromstring(source)  # noqa: S314 - our own file
    assert root.attrib["stroke-width"] == "1.75"
    drawn = _draw(source.replace("currentColor", "#ff0000"))
    colours = {
        drawn.pixelColor(x, y).name() for x in range(36) for y in range(36) if _solid(drawn, x, y)
    }
    assert colours == {"#ff0000"}


def _draw(source: str) -> QImage:
    image = QImage(36, 36, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(source.encode())).render(painter)
    painter.end()
    return image


def _solid(image: QImage, x: int, y: int) -> bool:
    return image.pixelColor(x, y).alpha() == 255
