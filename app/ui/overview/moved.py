"""The four figures of a month: given, used, expired, and what is left outstanding."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.calendar import Month
from app.domain.flows import Compared, Overview
from app.ui import format as write
from app.ui.charts.sparkline import Sparkline
from app.ui.language import tr
from app.ui.overview import state as states
from app.ui.overview.cards import FigureCard, Ways
from app.ui.overview.state import Piece
from app.ui.widgets.figures import Figure, FigureLines, LargeFigure

_Opening = tuple[Callable[[], object], Piece | None]
"""What a figure opens, and its name where that is a list of users."""


class MovedCard(FigureCard):
    """What was given, used or expired: this month, against the last, over a year."""

    def __init__(self, name: str, trend: str) -> None:
        super().__init__()
        self.trend = Sparkline(trend)
        self.large = LargeFigure(name, self.trend)
        self.lines = FigureLines(name, note_room=0)
        self.add(self.large)
        self.add(self.lines)
        self.body.addStretch(1)

    def show_moved(self, now: Figure, before: Figure, one: Compared) -> None:
        """Show the figure of now, that of the month before, and what can be compared of a year."""
        self.large.show_figure(now)
        self.lines.show_figures([before])
        self.trend.show_values(one.trend)


class MovedCards:
    """The cards of what moved, and what is shown on them."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways
        self.given = MovedCard(tr("Given"), tr("Given on the same days of twelve months"))
        self.used = MovedCard(tr("Used"), tr("Used on the same days of twelve months"))
        self.expired = MovedCard(tr("Expired"), tr("Expired on the same days of twelve months"))
        self.outstanding = MovedCard(
            tr("Outstanding"), tr("Outstanding after the same days of twelve months")
        )

    @property
    def cards(self) -> tuple[MovedCard, ...]:
        """All four, in the order to read them."""
        return (self.given, self.used, self.expired, self.outstanding)

    def show_seen(self, overview: Overview) -> None:
        """Show the month that runs, and the one before it."""
        ways, now = self._ways, overview.running
        last = now.previous
        month = states.full(now)
        self._show(
            self.given,
            overview,
            overview.given,
            name=tr("Given in {month}", month=month),
            now=self._users("given", now),
            before=self._users("given", last),
        )
        self._show(
            self.used,
            overview,
            overview.used,
            name=tr("Used in {month}", month=month),
            now=(lambda: ways.used(last, now), None),
            before=(lambda: ways.used(last.previous, last), None),
        )
        self._show(
            self.expired,
            overview,
            overview.expired,
            name=tr("Expired in {month}", month=month),
            now=self._users("expired", now),
            before=self._users("expired", last),
            meaning=tr(
                "What could be used until the end of a month, and was not, expired in that month."
            ),
        )
        self._show_outstanding(overview)

    def _users(self, what: str, month: Month) -> _Opening:
        piece = Piece(what, str(month))
        return (lambda: self._ways.behind(piece)), piece

    def _show(
        self,
        card: MovedCard,
        overview: Overview,
        one: Compared,
        *,
        name: str,
        now: _Opening,
        before: _Opening,
        meaning: str = "",
    ) -> None:
        same, last = overview.same, overview.running.previous
        tip = "\n".join(part for part in (states.compared_tip(one, same), meaning) if part)
        card.show_moved(
            Figure(
                name,
                write.credits(one.running),
                states.compared_words(one, same),
                tip=tip,
                act=now[0],
                opens=now[1],
            ),
            Figure(
                tr("{month} in all", month=states.full(last)),
                write.credits(one.last),
                act=before[0],
                opens=before[1],
            ),
            one,
        )

    def _show_outstanding(self, overview: Overview) -> None:
        ways, same, last = self._ways, overview.same, overview.running.previous
        one = overview.outstanding
        meaning = tr("What users can spend now. Allowances still to come are not in it.")
        days = states.last_day_words
        compared = states.compared_tip(one, same, days)
        tip = "\n".join(part for part in (compared, meaning) if part)
        self.outstanding.show_moved(
            Figure(
                tr("Outstanding now"),
                write.credits(one.running),
                states.compared_words(one, same, days),
                tip=tip,
                act=lambda: ways.behind(Piece("owed")),
                opens=Piece("owed"),
            ),
            Figure(
                tr("End of {month}", month=states.full(last)),
                write.credits(overview.bridges[-1].opening),
                tip=tr(
                    "What was left after {month}; opens how it came about", month=states.full(last)
                ),
                act=lambda: ways.show_bridge(-2),
            ),
            one,
        )
