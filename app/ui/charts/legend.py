"""The legend: real check boxes, so that keyboard and screen reader have them too.

Arrow keys go from one to the next, Space switches it, O shows it alone, A all, N none.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QCheckBox, QFrame, QMenu, QScrollArea, QSizePolicy, QWidget

from app.ui import format as write
from app.ui.charts.data import Series, Style
from app.ui.charts.patterns import draw_mark, hatch
from app.ui.language import tr
from app.ui.theme import current, dress
from app.ui.widgets.button import Button
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.text import plain_tip

_SWATCH: Final = 10
_PATTERNED: Final = 16
_ROOM: Final = 8
_APART: Final = 12
_MOST_LINES: Final = 2
_STEPS: Final = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
}


class LegendBox(QCheckBox):
    """A check box whose mark is that of its series; hollow when switched off."""

    pointed = Signal(str)
    reached = Signal()
    wanted = Signal(str, str)
    """What is wanted (``only``, ``all``, ``none``, ``next``, ``previous``) and of which series."""

    def __init__(self, series: Series, colour: QColor, number: int, style: Style) -> None:
        super().__init__()
        self.key = series.key
        self._name = write.text(series.name)
        self._colour, self._number, self._style = colour, number, style
        self._measured: tuple[object, tuple[QSize, QSize]] | None = None
        self.setChecked(True)
        self.setAccessibleName(self._name)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        tip = tr("{name}: Space switches it, O shows it alone, A all, N none", name=self._name)
        self.setToolTip(plain_tip(tip))
        dress(self, "caption")

    @property
    def text_name(self) -> str:
        """The name of the series as shown."""
        return self._name

    def redress(self, colour: QColor, style: Style) -> None:
        """The colour of the series in the theme in force, and how it is drawn."""
        self._colour, self._style = colour, style
        self.updateGeometry()
        self.update()

    def menu(self) -> QMenu:
        """What can be done beside switching it."""
        menu = QMenu(self)
        for what, words in (
            ("only", tr("Only this one")),
            ("all", tr("All on")),
            ("none", tr("All off")),
        ):
            act = menu.addAction(words)
            act.triggered.connect(lambda _on=False, what=what: self.wanted.emit(what, self.key))
        return menu

    def sizeHint(self) -> QSize:
        return self._sizes()[0]

    def minimumSizeHint(self) -> QSize:
        return self._sizes()[1]

    def _sizes(self) -> tuple[QSize, QSize]:
        """The usual and the least size: asked for hundreds of times while a window is laid out."""
        made_of = (self.font().key(), self._text_at())
        if self._measured is None or self._measured[0] != made_of:
            metrics = self.fontMetrics()
            width = self._text_at() + metrics.horizontalAdvance(self._name) + 6
            least = self._text_at() + metrics.horizontalAdvance("…") * 4
            height = max(20, metrics.height() + 4)
            sizes = QSize(width, height), QSize(min(least, width), height)
            self._measured = (made_of, sizes)
        return self._measured[1]

    def hitButton(self, position: object) -> bool:
        return True

    def enterEvent(self, event: QEnterEvent) -> None:
        self.pointed.emit(self.key if self.isChecked() else "")

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit("")

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.reached.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        letters = {Qt.Key.Key_O: "only", Qt.Key.Key_A: "all", Qt.Key.Key_N: "none"}
        plain = event.modifiers() in {
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        }
        if plain and key in letters:
            self.wanted.emit(letters[key], self.key)
        elif plain and key in _STEPS:
            self.wanted.emit("next" if _STEPS[key] > 0 else "previous", self.key)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.wanted.emit("only", self.key)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self._paint_mark(painter, mirrored=mirrored)
        painter.setPen(theme.colour("text2" if self.isChecked() else "text3"))
        painter.setFont(self.font())
        text_at = self._text_at()
        margins = (0, 0, -text_at, 0) if mirrored else (text_at, 0, 0, 0)
        align = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        room = self.rect().adjusted(*margins)
        shown = self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(align | Qt.AlignmentFlag.AlignVCenter), shown)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("focus"), 1.5))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 3, 3)

    def _side(self) -> int:
        return _PATTERNED if self._style.patterned and not self._style.lines else _SWATCH

    def _text_at(self) -> int:
        return self._side() + _ROOM

    def _paint_mark(self, painter: QPainter, *, mirrored: bool) -> None:
        side = self._side()
        left = self.width() - side - 3 if mirrored else 3
        swatch = QRect(left, (self.height() - side) // 2, side, side)
        on, lines = self.isChecked(), self._style.lines
        ink = self._colour if on else current().colour("border_strong")
        if lines:
            draw_mark(painter, QRectF(swatch), self._number, ink, ink if on else None)
            return
        painter.setPen(Qt.PenStyle.NoPen if on else QPen(ink, 1.5))
        painter.setBrush(ink if on else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(swatch, 2, 2)
        if on and self._style.patterned:
            hatch(painter, QRectF(swatch), self._number, ink)


class Legend(QWidget):
    """One box a series, in stacking order. `changed` when any is switched.

    `reached(box)` when the keyboard comes to one.
    """

    changed = Signal()
    pointed = Signal(str)
    reached = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._flow = FlowLayout(self, _APART)
        self._boxes: list[LegendBox] = []
        self.all_on = Button(tr("All on"), lambda: self._wanted("all", ""), kind="link")
        self.all_on.setParent(self)
        self.all_on.hide()
        self.setObjectName("scrolled")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(tr("Legend"))

    def show_series(
        self, series: Sequence[Series], colours: dict[str, QColor], style: Style
    ) -> None:
        """Show boxes for these; those switched off before stay off."""
        if [(one.key, write.text(one.name)) for one in series] == [
            (b.key, b.text_name) for b in self._boxes
        ]:
            for box in self._boxes:
                box.redress(colours[box.key], style)
        else:
            self._make_boxes(series, colours, style)
        self._offer_all()

    def _make_boxes(
        self, series: Sequence[Series], colours: dict[str, QColor], style: Style
    ) -> None:
        off = self.hidden_keys
        for box in self._boxes:
            self._flow.removeWidget(box)
            box.hide()
            box.deleteLater()
        self._flow.removeWidget(self.all_on)
        self._boxes = [
            LegendBox(one, colours[one.key], number, style) for number, one in enumerate(series)
        ]
        for box in self._boxes:
            box.setChecked(box.key not in off)
            box.toggled.connect(self._switched)
            box.pointed.connect(self.pointed)
            box.wanted.connect(self._wanted)
            box.reached.connect(partial(self.reached.emit, box))
            self._flow.addWidget(box)
        self._flow.addWidget(self.all_on)
        self.updateGeometry()

    @property
    def boxes(self) -> Sequence[LegendBox]:
        """The check boxes, from the bottom of the stack."""
        return self._boxes

    @property
    def hidden_keys(self) -> frozenset[str]:
        """The series switched off."""
        return frozenset(box.key for box in self._boxes if not box.isChecked())

    def switch(self, shown: frozenset[str]) -> None:
        """Switch these on and all others off."""
        for box in self._boxes:
            with QSignalBlocker(box):
                box.setChecked(box.key in shown)
            box.update()
        self._offer_all()

    def _switched(self) -> None:
        self._offer_all()
        self.changed.emit()

    def _offer_all(self) -> None:
        # Set outright: asked of a widget not shown yet, isVisible would say no.
        self.all_on.setVisible(bool(self.hidden_keys))

    def _wanted(self, what: str, key: str) -> None:
        keys = [box.key for box in self._boxes]
        if what in {"next", "previous"}:
            step = 1 if what == "next" else -1
            box = self._boxes[(keys.index(key) + step) % len(keys)]
            box.setFocus(Qt.FocusReason.TabFocusReason)
            return
        shown = {"only": frozenset({key}), "all": frozenset(keys), "none": frozenset[str]()}[what]
        if shown != frozenset(keys) - self.hidden_keys:
            self.switch(shown)
            self.changed.emit()


class LegendRoom(QScrollArea):
    """A legend in no more than two lines; what does not fit is scrolled, and the keyboard does it.

    A plot above keeps its height so, however many series there are.
    """

    def __init__(self, legend: Legend) -> None:
        super().__init__()
        self._legend = legend
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setWidget(legend)
        legend.reached.connect(lambda box: self.ensureWidgetVisible(box, 0, 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A scroll area keeps to itself that what it holds has another size.
        if watched is self._legend and event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self._offer_bar()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._offer_bar()
        super().resizeEvent(event)

    def heightForWidth(self, width: int) -> int:
        return min(self._legend.heightForWidth(width), self._most())

    def _offer_bar(self) -> None:
        """No bar beside what has room without: its own width might take that room away for good."""
        fits = self._legend.heightForWidth(self.width()) <= self._most()
        bar = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(bar.ScrollBarAlwaysOff if fits else bar.ScrollBarAsNeeded)
        self.verticalScrollBar().setSingleStep(self._line())

    def _most(self) -> int:
        return _MOST_LINES * self._line() - _APART // 2

    def sizeHint(self) -> QSize:
        return QSize(self._legend.sizeHint().width(), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def _line(self) -> int:
        """The height of a line with what keeps it from the next."""
        boxes = self._legend.boxes
        return (boxes[0].sizeHint().height() if boxes else 0) + _APART // 2
