"""The users behind a piece of the chart, down to the account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy

from app.domain.calendar import Month
from app.domain.consumption import Behind, UserPart
from app.ui import format as write
from app.ui.background import Background, Failed, Latest
from app.ui.columns import Column, credits_column
from app.ui.errors import trouble_of
from app.ui.page import Sentences, show_phase
from app.ui.rows_model import BLOCK, PagedModel
from app.ui.widgets.button import IconButton
from app.ui.widgets.card import Card
from app.ui.widgets.table import Table

_WIDTH: Final = 330
_SENTENCES: Final = Sentences(
    empty="Nobody is behind this piece.", failed="The users behind this could not be read."
)


@dataclass(frozen=True)
class Piece:
    """A piece of the chart: which month, which groups (none is all), and how it is counted."""

    month: Month
    keys: tuple[str, ...]
    by: str
    measure: str
    words: str


def _columns() -> list[Column[UserPart]]:
    return [
        Column(
            "user",
            "User",
            lambda part: write.text(part.name or part.email),
            value=lambda part: part.user_id,
            width=150,
            stretch=True,
            link=True,
            sortable=False,
            tip=lambda part: f"{write.text(part.email)}\n{write.text(part.user_id)}",
        ),
        Column("plan", "Plan", lambda part: part.plan.capitalize(), width=60, sortable=False),
        _value_column(),
    ]


def _value_column() -> Column[UserPart]:
    return credits_column("value", "Amount", lambda part: part.value, width=90)


class BehindCard(Card):
    """Lists the users behind a piece, the largest first. Esc or the cross closes it."""

    def __init__(
        self, background: Background, failed: Failed, open_user: Callable[[str], object]
    ) -> None:
        super().__init__("Users", "", padded=False)
        self._background = background
        self._question = Latest(background, owner=self)
        self._desk: Any = None
        self.piece: Piece | None = None
        self.count = 0
        self.model: PagedModel[UserPart] = PagedModel(_columns(), background, failed, self)
        self.table: Table[UserPart] = Table(self.model, "Users behind the piece")
        self.aside.setText("")
        self.aside.hide()
        self.head.addWidget(IconButton("x", "Close", self.close_piece, shortcut="Esc"))
        self.add(self.table, 1)
        self.setMinimumWidth(_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.table.opened.connect(lambda part: open_user(part.user_id))
        self.table.linked.connect(lambda _key, part: open_user(part.user_id))
        self.hide()

    def show_piece(self, desk: Any, piece: Piece) -> None:
        """Ask who is behind a piece, and show them."""
        self._desk, self.piece = desk, piece
        self.title.setText(piece.words)
        self.title.setToolTip("")
        self.show()
        self.reload()

    def reload(self) -> None:
        """Ask anew."""
        piece = self.piece
        if piece is None:
            return
        show_phase(self.table.overlay, "loading", _SENTENCES, cancel=self._question.cancel)
        self._question.ask(
            lambda stop: _drilled(self._desk, piece, 0, BLOCK, stop), self._arrived, self._failed
        )

    def close_piece(self) -> None:
        """Show nothing any more."""
        self._question.cancel()
        self.piece = None
        self.model.show_source(0, lambda _offset, _limit, _stop: ())
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_piece()
        else:
            super().keyPressEvent(event)

    def _arrived(self, behind: Behind) -> None:
        piece, desk = self.piece, self._desk
        if piece is None:
            return
        self.count = behind.count
        self.title.setText(f"{piece.words} · {write.counted(behind.count, 'user')}")
        self.model.show_source(
            behind.count,
            lambda offset, limit, stop: _drilled(desk, piece, offset, limit, stop).users,
            behind.users,
        )
        phase = "ready" if behind.count else "empty"
        show_phase(self.table.overlay, phase, _SENTENCES)  # type: ignore[arg-type]

    def _failed(self, error: Exception) -> None:
        details = trouble_of(error).details
        show_phase(self.table.overlay, "failed", _SENTENCES, retry=self.reload, details=details)


def _drilled(desk: Any, piece: Piece, offset: int, limit: int, stop: Event) -> Behind:
    found: Behind = desk.consumption.drill(
        piece.month, piece.keys, piece.by, limit, offset, measure=piece.measure, stop=stop
    )
    return found
