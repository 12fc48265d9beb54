"""The first picture of the window: its grounds and lines, before anything stands on them.

It needs two classes of Qt; what the furniture needs takes as long to import as Qt itself.
"""

from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QMainWindow

from app.ui import tokens


def paint_skeleton(window: QMainWindow, *, scheme: str) -> None:
    """Side bar, top bar and the ground of the page, in the colours they will have."""
    system_is_dark = window.palette().window().color().lightness() < 128
    dark = scheme == "dark" or (scheme != "light" and system_is_dark)
    named = tokens.DARK if dark else tokens.LIGHT
    painter = QPainter(window)
    side, top = tokens.SIDE_BAR_WIDTH, tokens.TOP_BAR_HEIGHT
    painter.fillRect(0, 0, window.width(), window.height(), QColor(named["bg"]))
    painter.fillRect(side, 0, window.width() - side, top, QColor(named["surface"]))
    line = QColor(named["border"])
    painter.fillRect(side - 1, 0, 1, window.height(), line)
    painter.fillRect(side, top - 1, window.width() - side, 1, line)
    painter.end()
