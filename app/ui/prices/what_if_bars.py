"""A small histogram: a bar for each label, where it is compared with an outline of how it was."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from app.ui import format as write
from app.ui.graphic import Graphic
from app.ui.language import tr
from app.ui.prices.what_if_state import Bar
from app.ui.theme import current

_TOP, _BOTTOM = 18, 20


class Bars(Graphic):
    """Bars over labels, the number above each; numbers give way where they would touch."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.bars: list[Bar] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.show_bars(())

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Draw these instead."""
        self.bars = list(bars)
        said = "; ".join(_words(bar) for bar in self.bars if bar.now or bar.then)
        self.setAccessibleName(tr("{name}: {value}", name=self._name, value=said or tr("nothing")))
        self.setToolTip("")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(current().px(280), current().px(140))

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(160), current().px(90))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.bars:
            return
        theme = current()
        top, bottom = theme.px(_TOP), theme.px(_BOTTOM)
        room = QRectF(self.rect()).adjusted(0, top, 0, -bottom)
        most = max(1, *(max(bar.now, bar.then or 0) for bar in self.bars))
        width = room.width() / len(self.bars)
        painter = QPainter(self)
        painter.setFont(theme.font("caption"))
        metrics = theme.metrics("caption")
        widest = max(metrics.horizontalAdvance(bar.label) for bar in self.bars)
        step = max(1, int((widest + 8) // max(width, 1)) + (1 if widest + 8 > width else 0))
        for place, bar in enumerate(self.bars):
            column = QRectF(room.left() + place * width, room.top(), width, room.height())
            self._draw(painter, column, bar, most)
            painter.setPen(theme.colour("text2"))
            if place % step == 0:
                label = QRectF(
                    column.center().x() - width * step / 2, room.bottom() + 2, width * step, bottom
                )
                side = max(0.0, -label.left()) - max(0.0, label.right() - self.width())
                painter.drawText(
                    label.translated(side, 0), Qt.AlignmentFlag.AlignHCenter, bar.label
                )
            number = write.credits(bar.now)
            if bar.now and metrics.horizontalAdvance(number) <= width - 2:
                height = room.height() * max(bar.now, bar.then or 0) / most
                above = QRectF(column.left(), room.bottom() - height - top, width, top - 2)
                painter.drawText(
                    above, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, number
                )
        painter.setPen(theme.colour("border_strong"))
        painter.drawLine(room.bottomLeft(), room.bottomRight())

    def _draw(self, painter: QPainter, column: QRectF, bar: Bar, most: int) -> None:
        theme = current()
        gap = max(1.0, column.width() * 0.15)
        inside = column.adjusted(gap, 0, -gap, 0)
        height = column.height() * bar.now / most
        painter.fillRect(
            QRectF(inside.left(), inside.bottom() - height, inside.width(), height),
            theme.colour("accent"),
        )
        if bar.then is not None:
            before = column.height() * bar.then / most
            painter.setPen(QPen(theme.colour("text"), 1.5))
            level = inside.bottom() - before
            painter.drawLine(int(inside.left()), int(level), int(inside.right()), int(level))


def _words(bar: Bar) -> str:
    now = write.credits(bar.now)
    if bar.then is None:
        return tr("{name}: {value}", name=bar.label, value=now)
    return tr("{name}: {now}, then {then}", name=bar.label, now=now, then=write.credits(bar.then))
