"""What the dialogs that change something share: writing off the thread, the list of reasons."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from threading import Event
from typing import Any, ClassVar, TypeVar

from PySide6.QtWidgets import QComboBox, QWidget

from app.domain.errors import (
    AlreadyRefunded,
    AlreadyRegistered,
    AlreadyResolved,
    ChangedMeanwhile,
    NothingToVoid,
)
from app.domain.policy import Reason
from app.ui import format as write
from app.ui.errors import Trouble, trouble_of
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.theme import dress
from app.ui.widgets.button import Kind
from app.ui.widgets.dialog import Dialog

T = TypeVar("T")
WRITTEN = frozenset({"accounts", "support", "activity"})
"""What an act on an account changes."""


QUICKER = (ChangedMeanwhile, AlreadyRefunded, AlreadyRegistered, AlreadyResolved, NothingToVoid)
"""What says that somebody else was quicker: pages have to show what they did."""


class ActDialog(Dialog):
    """A dialog that writes once: ``key`` makes a second try after a lost answer the same act.

    ``changes`` is what the act changes: pages that show any of it read anew.
    """

    changes: ClassVar[frozenset[str]] = WRITTEN

    def __init__(
        self, parent: QWidget, frame: Frame, title: str, act: str, *, kind: Kind = "primary",
        width: int = 480,
    ) -> None:  # fmt: skip
        super().__init__(parent, title, act, kind=kind, width=width)
        self.frame = frame
        self.doing = act
        self.key = uuid.uuid4().hex

    def refused(self, error: Exception) -> None:
        """It was not done, and why not is said: a dialog may look anew at what has changed."""

    def write(
        self,
        work: Callable[[Any], T],
        done: Callable[[T], None],
        other: Callable[[Exception], bool] = lambda _error: False,
    ) -> None:
        """Do ``work(desk)`` off the thread; then close, tell the other pages and call ``done``.

        ``other(error)`` may take an error that means something was done all the same.
        """
        desk = self.frame.desk

        def wrote(answer: T) -> None:
            self.accept()
            self.frame.tell(self.changes)
            done(answer)

        def refused(error: Exception) -> None:
            if other(error):
                self.accept()
                self.frame.tell(self.changes)
                return
            problem = trouble_of(error, self.doing)
            self.refuse(refusal(problem, self.frame.zone))
            self.refused(error)
            if isinstance(error, QUICKER):
                self.frame.heard(self.changes)
            if problem.blame == "us":
                self.frame.trouble(error)

        def begin(_stop: Event) -> T:
            return work(desk)

        self.frame.background.write(begin, wrote, refused)


def refusal(problem: Trouble, zone: tzinfo) -> str:
    """Why something was not done, its instants in the billing zone; and what can be done then."""
    sentence = write.with_instants(problem.sentence, zone)
    if problem.blame == "machine":
        return tr(
            "{sentence} What you typed is still here: try again, it is done only once.",
            sentence=sentence,
        )
    return sentence


class Choice(QComboBox):
    """A list to choose one from, by key; nothing is chosen at first unless a key is given."""

    def __init__(
        self, name: str, offered: Iterable[tuple[str, str]], chosen: str = "", hint: str = ""
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        dress(self, "body")
        for key, words in offered:
            self.addItem(write.text(words), key)
        self.setPlaceholderText(hint)
        self.setCurrentIndex(self.findData(chosen) if chosen else -1)

    @property
    def key(self) -> str:
        """The key chosen; empty while nothing is."""
        return str(self.currentData() or "")

    def choose(self, key: str) -> None:
        """Choose by key."""
        self.setCurrentIndex(self.findData(key))


def reason_choice(reasons: Sequence[Reason], chosen: str = "") -> Choice:
    """The reasons of the policy."""
    offered = [(reason.key, reason.name) for reason in reasons]
    known = chosen if chosen in dict(offered) else ""
    return Choice(tr("Reason"), offered, known, tr("Choose a reason"))
