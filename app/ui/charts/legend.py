"""The legend: real check boxes, so that keyboard and screen reader have them too."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from app.ui import format as write
from app.ui.charts.data import Series
from app.ui.theme import current, dress
from app.ui.widgets.flow import FlowLayout

_SWATCH = 10
_TEXT_AT = 18


class LegendBox(QCheckBox):
    """A check box whose mark is the colour of its series; hollow when switched off."""

    pointed = Signal(str)

    def __init__(self, series: Series, colour: QColor) -> None:
        super().__init__()
        self.key = series.key
        self._name = write.text(series.name)
        self._colour = colour
        self.setChecked(True)
        self.setAccessibleName(self._name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        dress(self, "caption")

    @property
    def text_name(self) -> str:
        """The name of the series as shown."""
        return self._name

    def recolour(self, colour: QColor) -> None:
        """The colour of the series in the theme in force."""
        self._colour = colour
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(
            _TEXT_AT + self.fontMetrics().horizontalAdvance(self._name) + 6,
            max(20, self.fontMetrics().height() + 4),
        )

    def hitButton(self, position: object) -> bool:
        return True

    def enterEvent(self, event: QEnterEvent) -> None:
        self.pointed.emit(self.key if self.isChecked() else "")

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit("")

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = self.width() - _SWATCH - 3 if mirrored else 3
        swatch = QRect(left, (self.height() - _SWATCH) // 2, _SWATCH, _SWATCH)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._colour)
        else:
            painter.setPen(QPen(theme.colour("border_strong"), 1.5))
        painter.drawRoundedRect(swatch, 2, 2)
        painter.setPen(theme.colour("text2" if self.isChecked() else "text3"))
        painter.setFont(self.font())
        margins = (0, 0, -_TEXT_AT, 0) if mirrored else (_TEXT_AT, 0, 0, 0)
        align = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        room = self.rect().adjusted(*margins)
        painter.drawText(room, int(align | Qt.AlignmentFlag.AlignVCenter), self._name)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("focus"), 1.5))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 3, 3)


class Legend(QWidget):
    """One box a series, in stacking order. `changed` when one is switched."""

    changed = Signal()
    pointed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._flow = FlowLayout(self, 12)
        self._boxes: list[LegendBox] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Legend")

    def show_series(self, series: Sequence[Series], colours: dict[str, QColor]) -> None:
        """Show boxes for these; those switched off before stay off."""
        if [(one.key, write.text(one.name)) for one in series] == [
            (b.key, b.text_name) for b in self._boxes
        ]:
            for box in self._boxes:
                box.recolour(colours[box.key])
            return
        off = self.hidden_keys
        for box in self._boxes:
            self._flow.removeWidget(box)
            box.hide()
            box.deleteLater()
        self._boxes = [LegendBox(one, colours[one.key]) for one in series]
        for box in self._boxes:
            box.setChecked(box.key not in off)
            box.toggled.connect(self.changed)
            box.pointed.connect(self.pointed)
            self._flow.addWidget(box)
        self.updateGeometry()

    @property
    def boxes(self) -> Sequence[LegendBox]:
        """The check boxes, from the bottom of the stack."""
        return self._boxes

    @property
    def hidden_keys(self) -> frozenset[str]:
        """The series switched off."""
        return frozenset(box.key for box in self._boxes if not box.isChecked())
