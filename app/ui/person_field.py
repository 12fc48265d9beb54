"""A field in which a user is chosen by typing some letters of whatever is known of them."""

from typing import Final

from PySide6.QtCore import QModelIndex, QStringListModel, QTimer, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit

from app.domain.users import UserSummary
from app.ui import format as write
from app.ui.background import Latest
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.theme import dress

OFFERED: Final = 8
_TYPING_MS: Final = 120


class PersonField(QLineEdit):
    """`chosen(UserSummary)` once one of those offered is taken."""

    chosen = Signal(object)

    def __init__(self, frame: Frame, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setPlaceholderText(tr("type a name, address or code"))
        self.setMaxLength(200)
        self.setMinimumWidth(180)
        dress(self, "body")
        self.offered: list[UserSummary] = []
        self._desk = frame.desk
        self._question = Latest(frame.background, owner=self)
        self._words = QStringListModel(self)
        completer = QCompleter(self._words, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(OFFERED)
        completer.activated[QModelIndex].connect(  # type: ignore[index]
            lambda index: self.take(index.row())
        )
        self.setCompleter(completer)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_TYPING_MS)
        self._timer.timeout.connect(self._ask)
        self.textEdited.connect(lambda _text: self._timer.start())
        self.returnPressed.connect(self._entered)

    def take(self, number: int) -> None:
        """Choose one of those offered."""
        if 0 <= number < len(self.offered):
            user = self.offered[number]
            # Later, since the completer writes its words into the field after this.
            QTimer.singleShot(0, self, self.clear)
            self.chosen.emit(user)

    def _ask(self) -> None:
        typed = self.text().strip()
        if not typed:
            self._question.cancel()
            self._offer([])
            return
        accounts = self._desk.accounts
        self._question.ask(lambda stop: accounts.find(typed, limit=OFFERED, stop=stop), self._offer)

    def _offer(self, users: list[UserSummary]) -> None:
        self.offered = users
        self._words.setStringList([f"{_name(user)} · {write.text(user.email)}" for user in users])
        if users and self.hasFocus():
            self.completer().complete()

    def _entered(self) -> None:
        """Enter takes the first, unless one was chosen from those offered."""
        popup = self.completer().popup()
        offering = popup is not None and popup.isVisible() and popup.currentIndex().isValid()
        if self.text().strip() and not offering:
            self.take(0)


def _name(user: UserSummary) -> str:
    return write.text(user.name if user.name.strip() else user.email)
