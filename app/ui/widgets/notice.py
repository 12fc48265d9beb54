"""The bar under the top bar: read-only, locked, changed elsewhere. Never a dialog."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.language import tr
from app.ui.screen_reader import announce
from app.ui.theme import set_mark
from app.ui.widgets.button import Button, IconButton
from app.ui.widgets.text import Label


class Notice(QFrame):
    """One sentence in a tone (`info warning danger`), with at most one thing to do about it."""

    def __init__(
        self,
        sentence: str,
        tone: str,
        action: str,
        act: Callable[[], object] | None,
        dismiss: Callable[[], object] | None,
    ) -> None:
        super().__init__()
        self.setObjectName("notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_mark(self, "tone", tone)
        self.sentence = sentence
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 8, 4)
        row.addWidget(Label(sentence, "name", wrap=True), 1)
        if action and act:
            self.button = Button(action, act)
            row.addWidget(self.button)
        if dismiss:
            row.addWidget(IconButton("x", tr("Dismiss"), dismiss))


class Notices(QWidget):
    """The notices in force, one a key: the same key again replaces what it said."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._shown: dict[str, Notice] = {}
        self.hide()

    def show_notice(
        self,
        key: str,
        sentence: str,
        *,
        tone: str = "info",
        action: str = "",
        act: Callable[[], object] | None = None,
        dismissable: bool = True,
    ) -> Notice:
        """Show a sentence until `clear` is called with its key, or it is dismissed."""
        self.clear(key)
        dismiss = (lambda: self.clear(key)) if dismissable else None
        notice = Notice(sentence, tone, action, act, dismiss)
        self._shown[key] = notice
        self._column.addWidget(notice)
        self.show()
        announce(notice, sentence, urgent=tone == "danger")
        return notice

    def clear(self, key: str) -> None:
        """Take a notice away, if it is there."""
        notice = self._shown.pop(key, None)
        if notice is not None:
            self._column.removeWidget(notice)
            notice.hide()
            notice.deleteLater()
        self.setVisible(bool(self._shown))

    def clear_all(self) -> None:
        """Take every notice away."""
        for key in list(self._shown):
            self.clear(key)

    @property
    def sentences(self) -> list[str]:
        """What is said now."""
        return [notice.sentence for notice in self._shown.values()]
