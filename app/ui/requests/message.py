"""What the user wrote."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from app.ui import format as write
from app.ui.language import tr
from app.ui.theme import dress
from app.ui.widgets.focus_ring import show_focus

_LINES: Final = (1, 8)


class Message(QPlainTextEdit):
    """What the user wrote, as plain text: as tall as it needs to be, then it scrolls."""

    def __init__(self) -> None:
        super().__init__()
        show_focus(self)
        self.setObjectName("message")
        self.setReadOnly(True)
        self.setAccessibleName(tr("Message"))
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        dress(self, "body")
        self.document().setDocumentMargin(0)

    def show_message(self, message: str) -> None:
        """Show this text."""
        self.setPlainText(write.paragraph(message))
        self._measure()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._measure()

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def _measure(self) -> None:
        least, most = _LINES
        lines = max(least, min(most, int(self.document().size().height())))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 4)
