"""The base of dialogs: opened without blocking, busy while working, refusals said inside."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.language import tr
from app.ui.widgets.button import Button, Kind
from app.ui.widgets.reading_order import first_field, put_in_order
from app.ui.widgets.text import Label, plain_title


class Dialog(QDialog):
    """A title, a body to fill, and a foot with Cancel and one act.

    Override `submit` (or connect to `submitted`); it comes from the button or Ctrl+Enter, never
    twice: from then on the dialog is busy until `refuse(sentence)` or `accept()`. Open it with
    `open()` and listen to `finished`. The keyboard begins at the first field, unless another widget
    was given the focus, and at Cancel where nothing is to be filled in.
    """

    submitted = Signal()

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        act: str,
        *,
        kind: Kind = "primary",
        width: int = 480,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(plain_title(title))
        self.setModal(True)
        self.setMinimumWidth(width)
        self._busy = False
        self._tall = 0
        body = QFrame()
        body.setObjectName("dialogbody")
        inner = self._inner = QVBoxLayout(body)
        inner.setContentsMargins(24, 20, 24, 16)
        inner.setSpacing(12)
        self.heading = Label(title, "title", wrap=True)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self._problem = Label("", "name", "danger", wrap=True)
        self._problem.hide()
        inner.addWidget(self.heading)
        inner.addLayout(self.body, 1)
        inner.addWidget(self._problem)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(body, 1)
        column.addWidget(self._build_foot(act, kind))

    def keep_together(self) -> None:
        """Leave the room to spare below what is wrong, so that it stands at what it is about."""
        self._inner.setStretch(self._inner.indexOf(self.body), 0)
        self._inner.addStretch(1)

    def submit(self) -> None:
        """Do what the dialog is for; the default only tells `submitted`."""
        self.submitted.emit()

    def refuse(self, sentence: str) -> None:
        """Say why it was not done, and let the person go on."""
        self._set_busy(busy=False)
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        self.make_room()

    def make_room(self) -> None:
        """Grow until nothing that is shown is cut; a dialog never shrinks under the hand."""
        column = self._column
        column.activate()
        needed = column.totalSizeHint().height()
        if column.hasHeightForWidth():
            needed = max(needed, column.totalHeightForWidth(self.width()))
        needed = min(needed, self.screen().availableGeometry().height())
        if self.isVisible() and needed >= self.height() and needed > self._tall:
            self._grow_to(needed)
        self._tall = self.height()

    def _grow_to(self, height: int) -> None:
        """Grow up as much as down, so that a dialog stays where it was put on the screen."""
        top = self.y() - (height - self._tall) // 2  # what was shown may have grown it already
        room = self.screen().availableGeometry()
        frame = self.frameGeometry().height() - self.height()
        lowest = room.bottom() + 1 - frame - height
        self.resize(self.width(), height)
        self.move(self.x(), max(room.top(), min(top, lowest)))

    @property
    def problem(self) -> str:
        """What the dialog says is wrong; empty if nothing is."""
        return self._problem.text() if not self._problem.isHidden() else ""

    @property
    def busy(self) -> bool:
        """Whether the act is under way."""
        return self._busy

    def add_button(self, button: Button) -> None:
        """Put a further button beside the one act."""
        self._foot_row.insertWidget(self._foot_row.indexOf(self.act_button), button)

    def set_act(self, text: str, *, allowed: bool = True) -> None:
        """What the button says, and whether it may be pressed."""
        self._allowed = allowed
        self.act_button.setText(text.replace("&", "&&"))
        self.act_button.setEnabled(allowed and not self._busy)

    def try_submit(self) -> None:
        """Submit once; while busy or not allowed, nothing happens."""
        if self._busy or not self._allowed:
            return
        self.refuse("")
        self._set_busy(busy=True)
        self.submit()

    def reject(self) -> None:
        """Esc and Cancel close, unless something is being written: its answer must be seen."""
        if not self._busy:
            super().reject()

    def accept(self) -> None:
        """It was done: close."""
        self._set_busy(busy=False)
        super().accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entered = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if entered and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.try_submit()
        elif not entered:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        if self.focusWidget() is None:
            start = first_field(self) or self.cancel_button
            (start if not start.isHidden() else self.act_button).setFocus()
        super().showEvent(event)
        self._tall = self.height()

    def focusNextPrevChild(self, forth: bool) -> bool:
        put_in_order(self)
        return super().focusNextPrevChild(forth)

    def _build_foot(self, act: str, kind: Kind) -> QFrame:
        foot = QFrame()
        foot.setObjectName("dialogfoot")
        row = self._foot_row = QHBoxLayout(foot)
        row.setContentsMargins(24, 12, 24, 12)
        row.setSpacing(8)
        self.foot_note = Label("", "caption", "text2", wrap=True)
        self.cancel_button = Button(tr("Cancel"), self.reject)
        self.act_button = Button(act, self.try_submit, kind=kind, shortcut="Ctrl+Enter")
        row.addWidget(self.foot_note, 1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.act_button)
        self._allowed = True
        return foot

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        self.act_button.setEnabled(self._allowed and not busy)
        self.cancel_button.setEnabled(not busy)


class Question(Dialog):
    """A question before something that cannot be taken back: what happens, in one sentence."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        sentence: str,
        act: str,
        do: Callable[[], object],
        *,
        kind: Kind = "primary",
    ) -> None:
        super().__init__(parent, title, act, kind=kind)
        self._do = do
        self.body.addWidget(Label(sentence, wrap=True))

    def submit(self) -> None:
        self.accept()
        self._do()
