"""The bundled icons (Tabler outlines), drawn in any colour.

The files use `currentColor`; drawing replaces it and remembers the result, since a theme change
asks for the same few dozen again and again.
"""

from functools import cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app import shipped

STROKE: Final = "1.75"


@cache
def icon(name: str, colour: str, size: int) -> QIcon:
    """The icon in a colour (`#RRGGBB`), `size` pixels square, sharp on every screen there is."""
    made = QIcon()
    for scale in {screen.devicePixelRatio() for screen in QGuiApplication.screens()}:
        made.addPixmap(pixmap(name, colour, size, scale))
    return made


@cache
def pixmap(name: str, colour: str, size: int, scale: float = 1) -> QPixmap:
    """One drawing of an icon; `scale` is the screen's device pixel ratio."""
    picture = QPixmap(round(size * scale), round(size * scale))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    source = _source(name).replace("currentColor", colour).encode()
    QSvgRenderer(QByteArray(source)).render(painter, QRectF(picture.rect()))
    painter.end()
    picture.setDevicePixelRatio(scale)
    return picture


@cache
def _source(name: str) -> str:
    source = (_folder() / f"{name}.svg").read_text("utf-8")
    return source.replace('stroke-width="2"', f'stroke-width="{STROKE}"')


@cache
def _folder() -> Path:
    return shipped.path("resources/icons")
