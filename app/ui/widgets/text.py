"""Words on the screen. Always plain text: a name like `<b>` is shown as it is written."""

import re
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextDocument,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from app.ui import format as write
from app.ui.language import tr
from app.ui.theme import current, dress, set_mark

_LONG_RUN: Final = re.compile(r"\S{60}(?=[^\s\u0300-\u036f])")
"""After how many characters a tooltip may break a word: the widest of them fit on a screen."""
_LONGEST_TIP: Final = 2_000
_LONG_WORD: Final = 240
"""From how many pixels on a word asks for no more room, but is broken where the room ends."""
_BREAKING: Final = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere


def plain_tip(text: str) -> str:
    """A tooltip that shows the text as written: Qt would read markup in it otherwise.

    It never grows beyond the screen: long words may be broken, and of very long texts the end is
    left out.
    """
    if not text:
        return ""
    shown = write.paragraph(text)
    if len(shown) > _LONGEST_TIP:
        shown = f"{shown[:_LONGEST_TIP].rstrip()}…"
    shown = _LONG_RUN.sub("\\g<0>\u200b", shown)
    escaped = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<qt>{escaped.replace(chr(10), '<br>')}</qt>"


def plain_title(text: str) -> str:
    """A window's title that shows the text as written: Qt keeps ``[*]`` for itself otherwise."""
    return write.text(text).replace("[*]", "[*][*]") if text else ""


class Label(QLabel):
    """A line or paragraph of plain text in a voice and an ink of the theme."""

    def __init__(
        self,
        text: str = "",
        voice: str = "body",
        ink: str = "text",
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        dress(self, voice, ink)
        self.setText(text)
        self._mirrors = True
        self._mirror()

    def setText(self, text: str) -> None:
        super().setText(write.paragraph(text))
        self._break_document(self.width())

    def setAlignment(self, alignment: Qt.AlignmentFlag) -> None:
        self._mirrors = False
        super().setAlignment(alignment)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._mirror()
        self._break_document(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._break_document(self.width())

    # Qt wraps between words only: one without an end would push everything beside it off the screen

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        if self.wordWrap():
            hint.setWidth(min(hint.width(), current().px(_LONG_WORD)))
        return hint

    def heightForWidth(self, width: int) -> int:
        height = super().heightForWidth(width)
        if not self._has_to_break(width):
            return height
        if self._break_document(width):
            return super().heightForWidth(width)
        margins = self.contentsMargins()
        inside = width - margins.left() - margins.right()
        lines = self._broken(inside).boundingRect().height()
        return round(lines) + margins.top() + margins.bottom()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._has_to_break(self.width()) and self._document is None:
            painter, room = QPainter(self), self.contentsRect()
            painter.setPen(self.palette().color(self.foregroundRole()))
            self._broken(room.width()).draw(painter, QPointF(room.topLeft()))
        else:
            super().paintEvent(event)

    def _has_to_break(self, width: int) -> bool:
        return self.wordWrap() and super().minimumSizeHint().width() > width

    @property
    def _document(self) -> QTextDocument | None:
        """What Qt keeps a text in that can be selected."""
        return self.findChild(QTextDocument)

    def _break_document(self, width: int) -> bool:
        """Have a text that can be selected break as well; whether there is one.

        Not while it is painted: each change of a document asks for the next painting.
        """
        document = self._document if self._has_to_break(width) else None
        if document is None:
            return False
        super().heightForWidth(width)  # Qt lays it out its way, and leaves it to us from then on
        option = document.defaultTextOption()
        option.setWrapMode(_BREAKING)
        document.setDefaultTextOption(option)
        return True

    def _broken(self, width: int) -> QTextLayout:
        """The text in lines of a width, within words too where there is no other way."""
        option = QTextOption(self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask)
        option.setWrapMode(_BREAKING)
        layout = QTextLayout(self.text().replace("\n", "\u2028"), self.font())
        layout.setTextOption(option)
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, top))
            top += line.height()
        layout.endLayout()
        return layout

    def _mirror(self) -> None:
        """Stand where reading begins on this screen, whichever way the text itself runs."""
        if self._mirrors:
            mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
            absolute = Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
            super().setAlignment(side | absolute)

    def _draw(self, painter: QPainter, room: QRect, text: str) -> None:
        """Draw a text that was cut: it runs its own way, and stands where the whole would."""
        from PySide6.QtWidgets import QStyle

        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        stands = QStyle.visualAlignment(self.layoutDirection(), self.alignment())
        painter.drawText(room, int(stands | Qt.AlignmentFlag.AlignAbsolute), text)

    def set_ink(self, ink: str) -> None:
        """Speak in another colour from now on."""
        dress(self, ink=ink)

    def selectable(self) -> "Label":
        """Let people select and copy the text; returns itself."""
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return self


class ElidedLabel(Label):
    """One line that is cut with an ellipsis where it does not fit; the whole is in the tooltip."""

    def __init__(self, text: str = "", voice: str = "body", ink: str = "text") -> None:
        super().__init__(text, voice, ink)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        super().setText(write.text(text) if text else "")
        self.setToolTip(plain_tip(self.text()))

    def minimumSizeHint(self) -> QSize:
        return QSize(
            self.fontMetrics().horizontalAdvance("…") * 4, super().minimumSizeHint().height()
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room.width()
        )
        self._draw(painter, room, shown)


class CutLabel(Label):
    """One line like any other, that ends in an ellipsis where it has less room than it needs."""

    def setText(self, text: str) -> None:
        if self.toolTip() == plain_tip(self.text()):
            self.setToolTip("")
        super().setText(text)

    def minimumSizeHint(self) -> QSize:
        least = self.fontMetrics().horizontalAdvance("…") * 4
        hint = super().minimumSizeHint()
        return QSize(min(least, hint.width()), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.sizeHint().width() <= self.width():
            super().paintEvent(event)
            return
        painter, room = QPainter(self), self.contentsRect()
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room.width()
        )
        self._draw(painter, room, shown)
        if not self.toolTip():
            self.setToolTip(plain_tip(self.text()))


_CHIP_EDGE = 7
"""How far the words of a chip keep from its edge, in pixels, where they have to be cut."""


class Badge(Label):
    """A chip: a word or two in a tone (`neutral success warning danger info accent`)."""

    def __init__(self, text: str = "", tone: str = "neutral") -> None:
        super().__init__(text, "chip")
        self.setObjectName("chip")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self.show_as(text, tone)

    def show_as(self, text: str, tone: str) -> None:
        """Say something else, in another tone."""
        self.setText(text)
        set_mark(self, "ink", None)
        set_mark(self, "tone", tone)

    def paintEvent(self, event: QPaintEvent) -> None:
        """As ever; where it has less room than it needs, with an ellipsis."""
        whole, room = self.text(), self.width()
        if self.sizeHint().width() <= room:
            super().paintEvent(event)
            return
        from PySide6.QtWidgets import QStyle, QStyleOption

        option, painter = QStyleOption(), QPainter(self)
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        inside = self.contentsRect().adjusted(_CHIP_EDGE, 0, -_CHIP_EDGE, 0)
        shown = self.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, inside.width())
        self._draw(painter, inside, shown)


class Key(Label):
    """A key to press, as on a keyboard."""

    def __init__(self, text: str) -> None:
        super().__init__(text, "caption", "text2")
        self.setObjectName("key")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)


class Copyable(QPushButton):
    """An address, an id, a code: a click (or Enter) copies it and says so with `copied`."""

    copied = Signal(str)

    def __init__(self, text: str = "", voice: str = "code", *, what: str = tr("Copy")) -> None:
        super().__init__()
        self._what = what
        self._whole = ""
        self.setObjectName("copyable")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        dress(self, voice)
        self.clicked.connect(self.copy)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show and copy this."""
        self._whole = write.text(text)
        self.setEnabled(self._whole != write.EMPTY)
        self.setAccessibleName(f"{self._what} {self._whole}")
        self.setToolTip(plain_tip(f"{self._what}: {self._whole}"))
        # An ampersand would underline the next letter.
        self.setText(self._whole.replace("&", "&&"))
        self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        from app.ui.widgets.button import pressed_by_enter  # it has its words from here

        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Put the text on the clipboard."""
        QGuiApplication.clipboard().setText(self._whole)
        self.copied.emit(self._whole)

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self._whole) + 9
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("…") * 4, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_cut(self)


def paint_cut(button: QPushButton) -> None:
    """Paint a button with an ellipsis where its text has less room than it needs."""
    # Imported here: the frame needs none of it for its first picture.
    from PySide6.QtWidgets import QStyle, QStyleOptionButton, QStylePainter

    lacking = max(0, button.sizeHint().width() - button.width())
    room = button.fontMetrics().horizontalAdvance(button.text().replace("&&", "&")) - lacking
    option = QStyleOptionButton()
    button.initStyleOption(option)
    if lacking:  # the room of a text is rounded: one that fits would else be cut now and then
        flags = int(Qt.TextFlag.TextShowMnemonic)
        end = Qt.TextElideMode.ElideRight
        option.text = button.fontMetrics().elidedText(option.text, end, room, flags)
    painter = QStylePainter(button)
    painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
