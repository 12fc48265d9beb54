"""The users behind a piece of the chart, down to the account."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event
from typing import Any

from app.domain.calendar import Month
from app.domain.consumption import Behind
from app.ui.users_behind import UsersBehind


@dataclass(frozen=True)
class Piece:
    """A piece of the chart: which month, which groups (none is all), and what is counted.

    With ``until`` it is of all months up to that one. ``heading`` heads the column of that.
    """

    month: Month
    keys: tuple[str, ...]
    by: str
    measure: str
    words: str
    heading: str = ""
    until: Month | None = None


class BehindCard(UsersBehind):
    """Lists the users behind a piece, the largest first. Esc or the cross closes it."""

    piece: Piece | None = None

    def show_piece(self, desk: Any, piece: Piece) -> None:
        """Ask who is behind a piece, and show them."""
        self.piece = piece

        def drill(offset: int, limit: int, stop: Event) -> Behind:
            found: Behind = desk.consumption.drill(
                piece.month,
                piece.keys,
                piece.by,
                limit,
                offset,
                until=piece.until,
                measure=piece.measure,
                stop=stop,
            )
            return found

        self.show_drill(piece.words, drill, piece.heading)

    def close_piece(self) -> None:
        """Show nothing any more."""
        self.close_list()

    def close_list(self) -> None:
        self.piece = None
        super().close_list()
