"""Words on the screen. Always plain text: a name like `<b>` is shown as it is written."""

import html

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from app.ui import format as write
from app.ui.theme import dress, set_mark


def plain_tip(text: str) -> str:
    """A tooltip that shows the text as written: Qt would read markup in it otherwise."""
    if not text:
        return ""
    lines = html.escape(write.paragraph(text)).replace("\n", "<br>")
    return f"<qt>{lines}</qt>"


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

    def setText(self, text: str) -> None:
        super().setText(write.paragraph(text))

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
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width()
        )
        self.style().drawItemText(
            painter,
            self.contentsRect(),
            int(self.alignment()),
            self.palette(),
            self.isEnabled(),
            shown,
            self.foregroundRole(),
        )


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


class Key(Label):
    """A key to press, as on a keyboard."""

    def __init__(self, text: str) -> None:
        super().__init__(text, "caption", "text2")
        self.setObjectName("key")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)


class Copyable(QPushButton):
    """An address, an id, a code: a click (or Enter) copies it and says so with `copied`."""

    copied = Signal(str)

    def __init__(self, text: str = "", voice: str = "code", *, what: str = "Copy") -> None:
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
        self._elide()

    def copy(self) -> None:
        """Put the text on the clipboard."""
        QGuiApplication.clipboard().setText(self._whole)
        self.copied.emit(self._whole)

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self._whole) + 9
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("…") * 4, super().sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._elide()

    def resizeEvent(self, event: object) -> None:
        self._elide()

    def _elide(self) -> None:
        room = max(0, self.width() - 8)
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        # An ampersand would underline the next letter.
        self.setText((shown if self.isVisible() else self._whole).replace("&", "&&"))
        self.updateGeometry()
