"""What tells series apart without their colour: patterns of lines on pieces, marks on lines.

Patterns are drawn line by line, cut to their piece: so a drawing in a file has real lines, and no
printer or viewer fills them in its own way.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform

from app.ui.tokens import contrast

MARKS: Final = ("o", "s", "t1", "d", "x", "star", "p", "+", "t", "h", "t2", "t3")
"""The shapes of points, as pyqtgraph names them; the first and last of them look least alike."""
_KINDS: Final = ("", "/", "\\", "-", "|", "/\\", "-|")
_GAPS: Final = (7, 4, 11)
_FAINT: Final = 0.55


def mark_of(number: int) -> str:
    """The shape of the points of the series at that place."""
    return MARKS[number % len(MARKS)]


def draw_mark(
    painter: QPainter, room: QRectF, number: int, ink: QColor, inside: QColor | None
) -> None:
    """Draw the point of the series at that place into some room; None inside leaves it hollow."""
    painter.setPen(QPen(ink, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush if inside is None else inside)
    painter.drawPath(shape(mark_of(number), room.width()).translated(room.center()))


def shape(name: str, size: float) -> QPainterPath:
    """A shape, as pyqtgraph names it, around the origin."""
    from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols

    drawn: QPainterPath = QTransform.fromScale(size, size).map(Symbols[name])
    return drawn


def ink_on(colour: QColor) -> QColor:
    """White or black, whichever reads better on a colour."""
    return QColor(_reads_on(colour.name()))


@lru_cache
def _reads_on(ground: str) -> str:
    return max("#FFFFFF", "#000000", key=lambda ink: contrast(ink, ground))


def hatch(painter: QPainter, piece: QRectF, number: int, colour: QColor) -> None:
    """Draw the pattern of the series at that place over its piece."""
    ink = ink_on(colour)
    ink.setAlphaF(_FAINT)
    painter.setPen(QPen(ink, 1))
    painter.drawLines(list(hatching(piece, number)))


def hatching(piece: QRectF, number: int) -> Iterator[QLineF]:
    """The lines of the pattern of the series at that place, inside a piece."""
    gap = _GAPS[number // len(_KINDS) % len(_GAPS)]
    for stroke in _KINDS[number % len(_KINDS)]:
        yield from _STROKES[stroke](piece, gap)


def _places(start: float, end: float, gap: int) -> Iterator[float]:
    """Multiples of the gap between two places: patterns of neighbours meet without a seam."""
    place = -(-start // gap) * gap
    while place < end:
        yield place
        place += gap


def _level(piece: QRectF, gap: int) -> Iterator[QLineF]:
    for y in _places(piece.top(), piece.bottom(), gap):
        yield QLineF(piece.left(), y, piece.right(), y)


def _upright(piece: QRectF, gap: int) -> Iterator[QLineF]:
    for x in _places(piece.left(), piece.right(), gap):
        yield QLineF(x, piece.top(), x, piece.bottom())


def _rising(piece: QRectF, gap: int) -> Iterator[QLineF]:
    first, last = piece.left() + piece.top(), piece.right() + piece.bottom()
    for both in _places(first, last, gap):
        start = max(piece.left(), both - piece.bottom())
        end = min(piece.right(), both - piece.top())
        yield QLineF(start, both - start, end, both - end)


def _falling(piece: QRectF, gap: int) -> Iterator[QLineF]:
    first, last = piece.left() - piece.bottom(), piece.right() - piece.top()
    for apart in _places(first, last, gap):
        start = max(piece.left(), apart + piece.top())
        end = min(piece.right(), apart + piece.bottom())
        yield QLineF(start, start - apart, end, end - apart)


_STROKES: Final = {"-": _level, "|": _upright, "/": _rising, "\\": _falling}
