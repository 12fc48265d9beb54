"""A line the size of a word: how something went over the last months."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy

from app.ui import format as write
from app.ui.graphic import Graphic
from app.ui.language import tr
from app.ui.theme import current


def points(values: Sequence[int], room: QRectF) -> list[QPointF]:
    """The values as points in a rectangle, 0 at its bottom; one value is a level line."""
    if not values:
        return []
    tallest = max(*values, 1) if len(values) > 1 else max(values[0], 1)
    drawn = list(values) if len(values) > 1 else [values[0], values[0]]
    step = room.width() / (len(drawn) - 1)
    return [
        QPointF(room.left() + at * step, room.bottom() - room.height() * value / tallest)
        for at, value in enumerate(drawn)
    ]


class Sparkline(Graphic):
    """Values from old to new, the newest with a dot."""

    def __init__(self, name: str, values: Sequence[int] = (), ink: str = "accent") -> None:
        super().__init__()
        self._name = name
        self._ink = ink
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_values(values)

    def show_values(self, values: Sequence[int]) -> None:
        """Draw these instead."""
        self._values = tuple(values)
        said = ", ".join(write.credits(value) for value in self._values)
        self.setAccessibleName(tr("{name}: {value}", name=self._name, value=said or tr("nothing")))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(90, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        line = points(self._values, QRectF(self.rect()).adjusted(3, 3, -4, -3))
        if not line:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(self._ink), 1.5))
        painter.drawPolyline(QPolygonF(line))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(self._ink))
        painter.drawEllipse(line[-1], 2.5, 2.5)
