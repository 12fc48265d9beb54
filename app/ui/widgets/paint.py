"""Drawing by hand, for delegates and bars: text, chips and the grounds of rows."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle

from app.ui.theme import Theme

CHIP_HEIGHT = 18
START = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
END = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
FIXED = int(Qt.AlignmentFlag.AlignAbsolute | Qt.TextFlag.TextSingleLine)


def draw_text(
    painter: QPainter,
    theme: Theme,
    rect: QRect,
    text: str,
    voice: str = "body",
    *,
    ink: str = "text",
    align: Qt.AlignmentFlag = START,
) -> None:
    """One line of text, cut with an ellipsis where the rectangle ends.

    Where it starts and ends depends on which way the painter is told that its widget reads.
    """
    reads = painter.layoutDirection()
    painter.setFont(theme.font(voice))
    painter.setPen(theme.colour(ink))
    # Each text runs its own way; a number stays −12 where people read from the right.
    painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    side = int(QStyle.visualAlignment(reads, align))
    painter.drawText(rect, side | FIXED, elided(theme, text, voice, rect.width()))
    painter.setLayoutDirection(reads)


def turned(painter: QPainter, part: QRect, whole: QRect) -> QRect:
    """Where a part of a row stands: on the other side where the painter's widget reads that way."""
    return QStyle.visualRect(painter.layoutDirection(), whole, part)


def elided(theme: Theme, text: str, voice: str, width: int) -> str:
    """The text, cut with an ellipsis where it is wider.

    Measuring costs as much as drawing, so what is short enough in any case is not measured.
    """
    if theme.advances(voice).fit(text, width):
        return text
    return theme.metrics(voice).elidedText(text, Qt.TextElideMode.ElideRight, width)


def chip_width(theme: Theme, text: str) -> int:
    """How wide the chip of a text is."""
    return theme.metrics("chip").horizontalAdvance(text) + 16


def chip_corner(painter: QPainter, theme: Theme, room: QRect, text: str) -> QPoint:
    """The top left corner of a chip at the end of a room, in its middle."""
    place = QRect(room)
    place.setLeft(room.right() - chip_width(theme, text) + 1)
    top = room.center().y() - theme.px(CHIP_HEIGHT) // 2 + 1
    return QPoint(turned(painter, place, room).left(), top)


def draw_chip(painter: QPainter, theme: Theme, place: QPoint, text: str, tone: str) -> None:
    """A chip with its top left corner at `place`."""
    plain = tone == "neutral"
    height = theme.px(CHIP_HEIGHT)
    rect = QRect(place.x(), place.y(), chip_width(theme, text), height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("surface2" if plain else f"{tone}_tint"))
    painter.drawRoundedRect(rect, 4, 4)
    ink = "text2" if plain else "accent_text" if tone == "accent" else tone
    draw_text(painter, theme, rect, text, "chip", ink=ink, align=Qt.AlignmentFlag.AlignCenter)
    painter.restore()


def draw_row_ground(
    painter: QPainter, theme: Theme, rect: QRect, *, selected: bool, hovered: bool
) -> None:
    """The ground of a row and the line under it."""
    ground = "selection" if selected else "surface2" if hovered else "surface"
    painter.fillRect(rect, theme.colour(ground))
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.colour("border"))
