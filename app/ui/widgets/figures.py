"""Figures that open what they are made of: a line each, or one large."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from app.ui.language import tr
from app.ui.theme import current
from app.ui.widgets.paint import END, draw_text, turned
from app.ui.widgets.text import plain_tip

INSIDE = 6
"""How far the words of a figure stand from its edge."""
ABOVE = 4
"""How far the name of a large figure stands from its upper edge."""
_LINE, _GAP = 26, 12
_BAR, _LEAST_LABEL = 96, 120
_MARK = 2
_PAST = 64
"""The room on the right for what a figure means: +26 %, in 8 days."""


@dataclass(frozen=True)
class Figure:
    """What a line says: a name, a number and what it means, and what happens when it is opened.

    ``share`` (0 to 1) is drawn as a bar where there is room; ``ink`` is the number's. A line
    without ``act`` is a fact that leads nowhere. ``strong`` marks a sum. ``opens`` names what the
    act opens, so that the figure can be marked while that is open.
    """

    name: str
    number: str
    note: str = ""
    tip: str = ""
    share: float | None = None
    ink: str = "text"
    act: Callable[[], object] | None = None
    strong: bool = False
    opens: object = None

    @property
    def spoken(self) -> str:
        """The line as a screen reader says it."""
        said = f"{self.name}: {self.number}"
        return f"{said}, {self.note}" if self.note else said


class _Opening(QPushButton):
    """Says a figure and opens it: by a click, Enter or Space. Without an act it leads nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self.figure = Figure("", "")
        self.marked = False
        self.setObjectName("line")
        self.setAutoDefault(True)  # Enter opens it, as Space does
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open)

    def show_figure(self, figure: Figure) -> None:
        """Say this instead; the keyboard stays where it is."""
        self.figure = figure
        opens = figure.act is not None
        self.setAccessibleName(figure.spoken)
        self._describe()
        self.setToolTip(plain_tip(figure.tip))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if opens else Qt.FocusPolicy.NoFocus)
        shape = Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self.update()

    def mark(self, *, marked: bool) -> None:
        """Say that what it opens is open beside it, or no longer."""
        if marked != self.marked:
            self.marked = marked
            self._describe()
            self.update()

    def _describe(self) -> None:
        tip = self.figure.tip
        said = tr("{tip} Open now.", tip=tip).strip() if self.marked else tip
        self.setAccessibleDescription(said)

    def _painter(self) -> QStylePainter:
        """Paint the ground; what leads nowhere does not answer the mouse."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        if self.figure.act is None:
            option.state &= ~QStyle.StateFlag.State_MouseOver
        painter = QStylePainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        if self.marked:
            self._paint_mark(painter)
        return painter

    def _paint_mark(self, painter: QPainter) -> None:
        """The ground of a chosen row, as tables have it."""
        theme, ground = current(), self.rect().adjusted(1, 1, -1, -1)
        painter.fillRect(ground, theme.colour("selection"))
        bar = QRect(ground.left(), ground.top(), _MARK, ground.height())
        painter.fillRect(turned(painter, bar, ground), theme.colour("accent"))

    def _open(self) -> None:
        if self.figure.act is not None:
            self.figure.act()


def figures_in(whole: QWidget) -> list[_Opening]:
    """The figures that stand somewhere in a widget."""
    return whole.findChildren(_Opening)


class FigureLine(_Opening):
    """One figure on a line; a click, Enter or Space opens it."""

    def __init__(
        self,
        figure: Figure,
        note_room: int = _PAST,
        number_room: Callable[[], int] | None = None,
        name_room: Callable[[], int] | None = None,
    ) -> None:
        super().__init__()
        self._note_room = note_room
        self._number_room = number_room or self._number_width
        self._name_room = name_room or self._name_width
        self.show_figure(figure)

    def show_figure(self, figure: Figure) -> None:
        super().show_figure(figure)
        self.setToolTip(plain_tip(figure.tip or figure.name))

    def sizeHint(self) -> QSize:
        return QSize(240, current().px(_LINE))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, current().px(_LINE))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self._painter()
        self._paint(painter, self.rect().adjusted(INSIDE, 0, -INSIDE, 0))

    def _paint(self, painter: QPainter, inner: QRect) -> None:
        theme, figure = current(), self.figure
        voice = "section" if figure.strong else "body"
        note = theme.px(self._note_room) if self._note_room else 0
        number = self._number_room()
        label = inner.adjusted(0, 0, -(note + number + _GAP), 0)
        bar = theme.px(_BAR)
        # Names are worth more than bars, which are drawn where all names are whole beside them.
        least = max(theme.px(_LEAST_LABEL), self._name_room())
        if figure.share is not None and label.width() - bar - _GAP >= least:
            label.adjust(0, 0, -(bar + _GAP), 0)
            place = QRect(label.right() + _GAP, inner.center().y() - 3, bar, 7)
            self._paint_bar(painter, turned(painter, place, inner), figure.share)
        past = QRect(inner.right() - note + 1, inner.top(), note, inner.height())
        amount = QRect(past.left() - number, inner.top(), number, inner.height())
        ink = "accent_text" if figure.act else "text"
        # Names of a family differ at their ends: what is cut is cut out of their middle.
        name = theme.metrics(voice).elidedText(
            figure.name, Qt.TextElideMode.ElideMiddle, label.width()
        )
        draw_text(painter, theme, turned(painter, label, inner), name, voice, ink=ink)
        draw_text(
            painter, theme, turned(painter, amount, inner), figure.number, "amount",
            ink=figure.ink, align=END,
        )  # fmt: skip
        if note:
            draw_text(
                painter, theme, turned(painter, past, inner), figure.note, "caption",
                ink="text2", align=END,
            )  # fmt: skip

    def _number_width(self) -> int:
        return current().metrics("amount").horizontalAdvance(self.figure.number) + 1

    def _name_width(self) -> int:
        return current().metrics("body").horizontalAdvance(self.figure.name) + 1

    def _paint_bar(self, painter: QPainter, place: QRect, share: float) -> None:
        theme = current()
        painter.fillRect(place, theme.colour("surface2"))
        length = max(1, round(place.width() * min(share, 1))) if share > 0 else 0
        start = place.left()
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            start = place.right() - length + 1
        painter.fillRect(QRect(start, place.top(), length, place.height()), theme.colour("accent"))


class FigureLines(QWidget):
    """Figures under each other. Those that come again keep their line, and the keyboard with it."""

    def __init__(self, name: str, note_room: int = _PAST) -> None:
        super().__init__()
        self._note_room = note_room
        self.setAccessibleName(name)
        self.lines: list[FigureLine] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_figures(self, figures: Sequence[Figure]) -> None:
        """Say these instead."""
        for line, figure in zip(self.lines, figures, strict=False):
            line.show_figure(figure)
        for line in self.lines[len(figures) :]:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        del self.lines[len(figures) :]
        for figure in figures[len(self.lines) :]:
            line = FigureLine(figure, self._note_room, self._number_room, self._name_room)
            self._column.addWidget(line)
            self.lines.append(line)

    def _number_room(self) -> int:
        """As much as the widest number needs, so that bars stand under each other."""
        width = current().metrics("amount").horizontalAdvance
        return max((width(line.figure.number) for line in self.lines), default=0) + 1

    def _name_room(self) -> int:
        """As much as the longest name needs."""
        width = current().metrics("body").horizontalAdvance
        return max((width(line.figure.name) for line in self.lines), default=0) + 1

    @property
    def figures(self) -> list[Figure]:
        """What is said."""
        return [line.figure for line in self.lines]


class LargeFigure(_Opening):
    """The number a card is about, with its name above and what it means below; it opens too.

    ``trend`` is a small chart that stands beside the number.
    """

    def __init__(self, name: str, trend: QWidget | None = None) -> None:
        super().__init__()
        self.figure = Figure(name, "—")
        self.setAccessibleName(name)
        self._trend = trend
        if trend is not None:
            trend.setParent(self)
            trend.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_figure(self, figure: Figure) -> None:
        super().show_figure(figure)
        self._place_trend()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        least = self.minimumSizeHint()
        return QSize(max(current().px(170), least.width()), least.height())

    def minimumSizeHint(self) -> QSize:
        # Half a number would be another number.
        theme = current()
        number = theme.metrics("number").horizontalAdvance(self.figure.number)
        height = sum(theme.metrics(voice).height() for voice in ("caption", "number", "caption"))
        return QSize(max(theme.px(120), number + 2 * INSIDE + 2), height + 12)

    def resizeEvent(self, event: object) -> None:
        self._place_trend()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self._painter()
        theme, figure = current(), self.figure
        inner = self.rect().adjusted(INSIDE, ABOVE, -INSIDE, -ABOVE)
        top = inner.top()
        for voice, ink, text in (
            ("caption", "text2", figure.name),
            ("number", figure.ink, figure.number),
            ("caption", "text2", figure.note),
        ):
            height = theme.metrics(voice).height() + 2
            place = QRect(inner.left(), top, inner.width(), height)
            draw_text(painter, theme, place, text, voice, ink=ink)
            top += height

    def _place_trend(self) -> None:
        """Beside the number, where there is room for both."""
        if self._trend is None:
            return
        theme = current()
        number = theme.metrics("number").horizontalAdvance(self.figure.number)
        room = self.width() - 2 * INSIDE - number - _GAP
        wanted = self._trend.sizeHint()
        width = min(room, theme.px(wanted.width()))
        self._trend.setVisible(width >= theme.px(40))
        top = ABOVE + theme.metrics("caption").height() + 2
        height = theme.px(wanted.height())
        down = (theme.metrics("number").height() - height) // 2
        place = QRect(self.width() - INSIDE - width, top + down, width, height)
        self._trend.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), place))
