"""What the bell opens, and the dialog that shows a mistake of ours."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from app.ui import format as write
from app.ui.errors import Trouble
from app.ui.language import tr
from app.ui.theme import dress
from app.ui.widgets.button import Button
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.text import Label, plain_tip
from app.ui.widgets.toast import Said

_SHOWN = 12
_WIDTH = 360


class Messages(QDialog):
    """The last messages, newest first."""

    def __init__(
        self, parent: QWidget, history: Sequence[Said], zone: tzinfo, now: datetime
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle(tr("Messages"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet = QFrame()
        sheet.setObjectName("popup")
        inside = QVBoxLayout(sheet)
        inside.setContentsMargins(16, 12, 16, 12)
        inside.setSpacing(4)
        inside.addWidget(Label(tr("Messages"), "section"))
        if not history:
            inside.addWidget(Label(tr("Nothing was said yet."), ink="text2"))
        for said in history[:_SHOWN]:
            ink = "danger" if said.tone == "danger" else "text"
            inside.addWidget(Label(said.text, ink=ink, wrap=True))
            when = Label(write.ago(said.at, now), "caption", "text2")
            when.setToolTip(plain_tip(write.instant_tip(said.at, zone, now)))
            inside.addWidget(when)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(sheet)
        self.setFixedWidth(_WIDTH)

    def under(self, widget: QWidget) -> "Messages":
        """Open with its right edge under that of a widget; returns itself."""
        self.adjustSize()
        corner = widget.mapToGlobal(QPoint(widget.width(), widget.height() + 4))
        self.move(corner - QPoint(self.width(), 0))
        self.open()
        return self


class MistakeDialog(Dialog):
    """A mistake of ours: what it means, and the details to send us."""

    def __init__(self, parent: QWidget, trouble: Trouble, log: str) -> None:
        super().__init__(parent, tr("Something went wrong"), tr("Close"), kind="plain", width=560)
        self.cancel_button.hide()
        self._details = trouble.details
        self.body.addWidget(Label(trouble.sentence, wrap=True))
        asked = tr(
            "You can go on working. Please send us the details below so that we can mend it."
        )
        where = tr("They are also in {log}.", log=log) if log else ""
        self.body.addWidget(
            Label(
                f"{asked} {where}".rstrip(),
                ink="text2",
                wrap=True,
            )
        )
        shown = QPlainTextEdit(trouble.details)
        shown.setReadOnly(True)
        shown.setAccessibleName(tr("Details"))
        shown.setTabChangesFocus(True)
        dress(shown, "code")
        self.body.addWidget(shown, 1)
        self.copy_button = Button(tr("Copy details"), self.copy, icon="copy")
        self.body.addWidget(self.copy_button)
        self.resize(640, 440)

    def copy(self) -> None:
        """Put the details on the clipboard."""
        QGuiApplication.clipboard().setText(self._details)
        self.foot_note.setText(tr("Copied."))

    def submit(self) -> None:
        self.accept()
