"""The bundled icons (Tabler outlines), drawn in any colour.

The files use `currentColor`; drawing replaces it and remembers the result, since a theme change
asks for the same few dozen again and again.
"""

from functools import cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app import shipped

STROKE: Final = "1.75"
_SCALES: Final = (1, 2)


@cache
def icon(name: str, colour: str, disabled: str, size: int) -> QIcon:
    """The icon in a colour (`#RRGGBB`), `size` pixels square, with its look when disabled."""
    made = QIcon()
    for scale in _SCALES:
        made.addPixmap(pixmap(name, colour, size, scale), QIcon.Mode.Normal)
        made.addPixmap(pixmap(name, disabled, size, scale), QIcon.Mode.Disabled)
    return made


@cache
def pixmap(name: str, colour: str, size: int, scale: float = 1) -> QPixmap:
    """One drawing of an icon; `scale` is the screen's device pixel ratio."""
    picture = QPixmap(round(size * scale), round(size * scale))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(_source(name, colour))).render(painter, QRectF(picture.rect()))
    painter.end()
    picture.setDevicePixelRatio(scale)
    return picture


def _source(name: str, colour: str) -> bytes:
    source = shipped.path(f"resources/icons/{name}.svg").read_text(encoding="utf-8")
    source = source.replace('stroke-width="2"', f'stroke-width="{STROKE}"')
    return source.replace("currentColor", colour).encode()
