"""A bar of numbered parts: what a balance is made of, in the order it will be used up."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip

from app.ui import format as write
from app.ui.graphic import Graphic
from app.ui.theme import current
from app.ui.widgets.text import plain_tip

_LEAST = 4
_HEIGHT = 22


@dataclass(frozen=True)
class Part:
    """One piece of a bar: its weight, what its tooltip says, and the token it is drawn in.

    `faint` draws it at a quarter: what is expected, used up or not counted.
    """

    key: str
    weight: int
    tip: str
    ink: str = "accent"
    faint: bool = False
    number: str = ""


def widths(weights: Sequence[int], room: int, least: int = _LEAST) -> list[int]:
    """Pixel widths that fill `room` in proportion, none of a positive weight under `least`."""
    total = sum(weights)
    if total <= 0 or room <= 0:
        return [0] * len(weights)
    edges, running = [0], 0
    for weight in weights:
        running += weight
        edges.append(round(room * running / total))
    exact = [right - left for left, right in pairwise(edges)]
    lifted = [
        max(width, least) if weight > 0 else 0 for width, weight in zip(exact, weights, strict=True)
    ]
    while sum(lifted) > room and max(lifted) > least:
        lifted[lifted.index(max(lifted))] -= 1
    return lifted


class ProportionBar(Graphic):
    """Parts side by side with 1 px gaps, numbered where there is room; a click tells its key."""

    clicked = Signal(str)

    def __init__(self, name: str, height: int = _HEIGHT) -> None:
        super().__init__()
        self._parts: Sequence[Part] = ()
        self._height = height
        self._focus = -1
        self._hover = -1
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Draw these instead."""
        self._parts = tuple(parts)
        self._focus = self._hover = -1
        told = (write.paragraph(part.tip).replace("\n", ", ") for part in parts)
        self.setAccessibleDescription("; ".join(told))
        self.update()

    @property
    def parts(self) -> Sequence[Part]:
        """What is drawn."""
        return self._parts

    def sizeHint(self) -> QSize:
        return QSize(200, current().px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        chosen = self._focus if self.hasFocus() and self._focus >= 0 else self._hover
        if not self._parts:
            painter.fillRect(self.rect(), theme.colour("surface2"))
        for index, (part, rect) in enumerate(zip(self._parts, self._rects(), strict=True)):
            dimmed = part.faint or (chosen >= 0 and index != chosen)
            self._paint_part(painter, part, rect, dimmed=dimmed)
        if self.hasFocus():
            painter.setPen(theme.colour("focus"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_part(self, painter: QPainter, part: Part, rect: QRect, *, dimmed: bool) -> None:
        theme = current()
        painter.setOpacity(0.25 if dimmed else 1)
        painter.fillRect(rect, theme.colour(part.ink))
        painter.setOpacity(1)
        font = theme.font("chip")
        if part.number and QFontMetrics(font).horizontalAdvance(part.number) + 6 <= rect.width():
            painter.setFont(font)
            on_fill = "on_accent" if part.ink == "accent" else "surface"
            painter.setPen(theme.colour("text" if dimmed else on_fill))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, part.number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._at(event.position().toPoint())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._tell(self._at(event.position().toPoint()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        key = Qt.Key(event.key())
        if key in steps and self._parts:
            self._focus = max(0, min(len(self._parts) - 1, self._focus + steps[key]))
            self._show_tip(self._focus)
            self.update()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._tell(self._focus)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._show_tip(self._at(event.pos()))
            return True
        return super().event(event)

    def _rects(self) -> list[QRect]:
        gaps = max(0, len(self._parts) - 1)
        left, rects = 0, []
        for width in widths([part.weight for part in self._parts], self.width() - gaps):
            rects.append(QRect(left, 0, width, self.height()))
            left += width + 1
        return rects

    def _at(self, place: QPoint) -> int:
        for index, rect in enumerate(self._rects()):
            if rect.contains(place):
                return index
        return -1

    def _tell(self, index: int) -> None:
        if 0 <= index < len(self._parts):
            self.clicked.emit(self._parts[index].key)

    def _show_tip(self, index: int) -> None:
        if 0 <= index < len(self._parts):
            corner = self._rects()[index].bottomLeft()
            QToolTip.showText(self.mapToGlobal(corner), plain_tip(self._parts[index].tip), self)
        else:
            QToolTip.hideText()
