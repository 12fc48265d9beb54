"""The users behind a figure, the largest first, down to the account: wherever a figure opens."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QVBoxLayout

from app.domain.consumption import Behind, UserPart
from app.ui import format as write
from app.ui.background import Background, Failed, Latest
from app.ui.columns import Column, credits_column
from app.ui.errors import trouble_of
from app.ui.language import tr, trn
from app.ui.page import Sentences, show_phase
from app.ui.rows_model import BLOCK, PagedModel
from app.ui.widgets.button import IconButton
from app.ui.widgets.card import Card
from app.ui.widgets.table import Table
from app.ui.widgets.text import Label

WIDTH: Final = 330
Drill = Callable[[int, int, Event], Behind]
"""Asks for users: offset, limit, stop."""


def _columns(heading: str = "") -> list[Column[UserPart]]:
    return [
        Column(
            "user",
            tr("User"),
            lambda part: write.text(part.name or part.email),
            value=lambda part: part.user_id,
            width=150,
            stretch=True,
            link=True,
            sortable=False,
            tip=lambda part: f"{write.text(part.email)}\n{write.text(part.user_id)}",
        ),
        Column("plan", tr("Plan"), lambda part: part.plan.capitalize(), width=60, sortable=False),
        credits_column("value", heading or tr("Amount"), lambda part: part.value, width=120),
    ]


class UsersBehind(Card):
    """Lists the users that a question finds. Esc or the cross closes it.

    `closed` says whether the keyboard was in it.
    """

    closed = Signal(bool)

    def __init__(
        self, background: Background, failed: Failed, open_user: Callable[[str], object]
    ) -> None:
        super().__init__(tr("Users"), "", padded=False)
        self._question = Latest(background, owner=self)
        self._drill: Drill | None = None
        self.count = 0
        self.model: PagedModel[UserPart] = PagedModel(_columns(), background, failed, self)
        self.table: Table[UserPart] = Table(self.model, tr("Users behind the figure"))
        self.aside.hide()
        self.head.addWidget(IconButton("x", tr("Close"), self.close_list, shortcut="Esc"))
        self.said = Label("", "caption", "text2")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.said)
        self.head.insertLayout(0, words)
        self.add(self.table, 1)
        self.setMinimumWidth(WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.table.opened.connect(lambda part: open_user(part.user_id))
        self.table.linked.connect(lambda _key, part: open_user(part.user_id))
        self.hide()

    def show_drill(self, words: str, drill: Drill, heading: str = "") -> None:
        """Ask who is behind a figure, which ``words`` name; ``heading`` is what it counts."""
        chosen = self._chosen() if words == self.title.text() else ""
        self._drill = drill
        self.model.columns = tuple(_columns(heading))
        self.title.setText(words)
        self.title.setToolTip("")
        self.said.setText("")
        self.show()
        self._ask(chosen)

    def reload(self) -> None:
        """Ask anew; who is chosen stays chosen."""
        self._ask(self._chosen())

    def _chosen(self) -> str:
        part = self.model.peek(self.table.currentIndex().row())
        return "" if part is None else part.user_id

    def _ask(self, chosen: str) -> None:
        drill = self._drill
        if drill is None:
            return
        show_phase(self.table.overlay, "loading", _sentences(), cancel=self._stopped)
        self._question.ask(
            lambda stop: drill(0, BLOCK, stop),
            lambda behind: self._arrived(behind, chosen),
            self._failed,
        )

    def close_list(self) -> None:
        """Show nothing any more."""
        if self._drill is None:
            return
        self._question.cancel()
        self._drill = None
        focused = QApplication.focusWidget()
        inside = focused is not None and self.isAncestorOf(focused)
        self.model.show_source(0, lambda _offset, _limit, _stop: ())
        self.hide()
        self.closed.emit(inside)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_list()
        else:
            super().keyPressEvent(event)

    def _arrived(self, behind: Behind, chosen: str) -> None:
        drill = self._drill
        if drill is None:
            return
        self.count = behind.count
        self.said.setText(_summed(behind))
        self.model.show_source(
            behind.count,
            lambda offset, limit, stop: drill(offset, limit, stop).users,
            behind.users,
        )
        if behind.count and not self.table.currentIndex().isValid():
            # So that Enter opens somebody: who was chosen before, on the way back from an account.
            users = [user.user_id for user in behind.users]
            at = users.index(chosen) if chosen in users else 0
            self.table.setCurrentIndex(self.model.index(at, 0))
        phase = "ready" if behind.count else "empty"
        show_phase(self.table.overlay, phase, _sentences())  # type: ignore[arg-type]

    def _failed(self, error: Exception) -> None:
        details = trouble_of(error).details
        show_phase(self.table.overlay, "failed", _sentences(), retry=self.reload, details=details)

    def _stopped(self) -> None:
        self._question.cancel()
        self.close_list()


def _summed(behind: Behind) -> str:
    """27 users · 299 credits."""
    units = {
        "credits": trn("{count} credit", "{count} credits", behind.total),
        "uses": trn("{count} use", "{count} uses", behind.total),
        "refused": trn("{count} refused use", "{count} refused uses", behind.total),
    }
    return tr(
        "{users} · {total}",
        users=trn("{count} user", "{count} users", behind.count),
        total=units[behind.counted],
    )


def _sentences() -> Sentences:
    return Sentences(
        empty=tr("Nobody is behind this figure."),
        failed=tr("The users behind this could not be read."),
    )
