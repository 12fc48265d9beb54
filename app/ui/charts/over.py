"""What is drawn over the pieces of a plot: patterns, figures, the piece that is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from app.ui import format as write
from app.ui.charts.data import MonthSeries, Style
from app.ui.charts.patterns import hatch, ink_on
from app.ui.theme import current

_LEAST_HEIGHT: Final = 3
_ROOM: Final = 3
Where = Callable[[int, int], QRectF]
"""The rectangle of a piece, by month and series."""


def patterns(
    painter: QPainter, data: MonthSeries, style: Style, colours: Sequence[QColor], where: Where
) -> None:
    """A pattern on every piece, and its figure where there is room."""
    painter.setFont(current().font("caption"))
    metrics = QFontMetricsF(painter.font())
    for at, series in enumerate(data.series):
        for month, value in enumerate(series.values):
            piece = where(month, at).adjusted(1, 1, -1, -1)
            if value and piece.height() >= _LEAST_HEIGHT:
                hatch(painter, piece, at, colours[at])
                words = figure(data, month, at, share=style.share)
                _figure(painter, piece, words, colours[at], metrics)


def figure(data: MonthSeries, month: int, at: int, *, share: bool) -> str:
    """What stands on a piece: its number, or its share of the month."""
    value = data.series[at].values[month]
    if not share:
        return write.credits(value)
    return write.percent(value / (sum(series.values[month] for series in data.series) or 1))


def _figure(
    painter: QPainter, piece: QRectF, words: str, colour: QColor, metrics: QFontMetricsF
) -> None:
    width, height = metrics.horizontalAdvance(words), metrics.height()
    if piece.width() < width + 2 * _ROOM or piece.height() < height:
        return
    plate = QRectF(0, 0, width + 2 * _ROOM, height)
    plate.moveCenter(piece.center())
    painter.fillRect(plate, colour)
    painter.setPen(ink_on(colour))
    painter.drawText(plate, int(Qt.AlignmentFlag.AlignCenter), words)


def outline(painter: QPainter, piece: QRectF) -> None:
    """The piece whose users are listed."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for ink, width in (("surface", 4), ("accent_text", 2)):
        painter.setPen(QPen(current().colour(ink), width))
        painter.drawRect(piece)


def ring(painter: QPainter, point: QPointF) -> None:
    """The point of a line whose users are listed."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(current().colour("accent_text"), 2))
    painter.drawEllipse(point, 9, 9)


def sentence(painter: QPainter, room: QRectF, words: str) -> None:
    """A sentence in the middle of an empty plot."""
    painter.setFont(current().font("body"))
    painter.setPen(current().colour("text2"))
    flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
    ground = painter.boundingRect(room, flags, words).adjusted(-8, -4, 8, 4)
    painter.fillRect(ground, current().colour("surface"))
    painter.drawText(room, flags, words)
