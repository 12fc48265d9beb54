"""The cards of the overview. Each is given what was read, and tells what is to be opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QProgressBar, QVBoxLayout

from app.domain.calendar import BillingCalendar, Month
from app.domain.flows import FeatureChange, Overview
from app.ui import format as write
from app.ui.language import of, tr
from app.ui.overview import state as states
from app.ui.overview.state import OverviewState, Piece, Seen
from app.ui.page import Frame
from app.ui.theme import current
from app.ui.tokens import CARD_PADDING
from app.ui.widgets.button import Button, IconButton
from app.ui.widgets.card import Card
from app.ui.widgets.figures import ABOVE, INSIDE, Figure, FigureLines, LargeFigure
from app.ui.widgets.text import Badge, ElidedLabel, Label

_BOTH_SIDES: Final = 660
"""From this width on, what gained and what lost stand beside each other."""


@dataclass(frozen=True)
class Ways:
    """Where figures lead: the list of users behind one, other pages, the bridge of a month."""

    frame: Frame
    behind: Callable[[Piece], object]
    show_bridge: Callable[[int], object]

    def requests(self, older: int | None = None) -> None:
        """The queue of open requests, those of an age."""
        self.frame.open_page("requests", {"view": "open", "older": older})

    def request(self, number: int) -> None:
        """One request."""
        self.frame.open_page("requests", number)

    def used(self, first: Month, month: Month, key: str = "", measure: str = "credits") -> None:
        """What was used in a month, beside the months since ``first``, of one feature or all."""
        place = {"by": "feature", "measure": measure, "first": str(first), "last": str(month)}
        place["month"] = str(month)
        if key:
            place["key"] = key
        self.frame.open_page("consumption", place)

    def approvals(self) -> None:
        """The dialog of what waits for somebody's approval."""
        self.frame.run_action("approvals")


class FigureCard(Card):
    """A card of figures: their words stand under its title, their ground reaches beyond.

    What is said on the right of the title is cut where there is no room for it.
    """

    def __init__(self, title: str = "") -> None:
        super().__init__(title, " " if title else "")
        across, down = CARD_PADDING
        self.body.setContentsMargins(across - INSIDE, down, across - INSIDE, down)
        self.body.setSpacing(4)
        self.head.setContentsMargins(INSIDE, 0, INSIDE, 0)
        self.said = ElidedLabel("", "caption", "text2")
        self.said.setParent(self)
        self.said.setVisible(bool(title))
        if title:
            self.aside.hide()
            self.head.addWidget(self.said)
            # The title keeps its words; what stands beside it gives way.
            self.said.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)


class RequestsCard(FigureCard):
    """The open requests, by how old they are."""

    def __init__(self, ways: Ways) -> None:
        super().__init__()
        self._ways = ways
        self.large = LargeFigure(tr("Open requests"))
        self.lines = FigureLines(tr("Open requests by age"), note_room=0)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.large, 2, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.lines, 3, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)

    def show_seen(self, seen: Seen) -> None:
        """Show how many are open and how old they are."""
        ages, now, ways = seen.overview.requests, seen.overview.as_of, self._ways
        oldest = write.age(ages.oldest_at, now) if ages.oldest_at else ""
        number = ages.oldest_id
        self.large.show_figure(
            Figure(
                tr("Open requests"),
                write.credits(ages.open),
                tr("oldest {age}", age=oldest) if oldest else tr("nobody waits"),
                act=ways.requests,
            )
        )
        figures = [
            Figure(
                states.age_words(hours),
                write.credits(count),
                ink="text" if count else "text3",
                act=lambda hours=hours: ways.requests(hours),  # type: ignore[misc]
            )
            for hours, count in ages.older
        ]
        if number is not None:
            tip = tr("Opens the request that waits longest")
            act = lambda: ways.request(number)  # noqa: E731 - it is one thing to do
            figures.append(Figure(tr("The oldest"), oldest, tip=tip, act=act))
        self.lines.show_figures(figures)


class ApprovalsCard(FigureCard):
    """What waits for somebody's approval, and who decides."""

    def __init__(self, ways: Ways) -> None:
        super().__init__()
        self._ways = ways
        self.large = LargeFigure(tr("Approvals waiting"))
        self.who = Label("", "caption", "text2", wrap=True)
        self.who.setContentsMargins(INSIDE, 0, INSIDE, 0)
        self.add(self.large)
        self.add(self.who)
        self.body.addStretch(1)

    def show_seen(self, seen: Seen) -> None:
        """Show what waits."""
        now = seen.overview.as_of
        self.large.show_figure(
            Figure(
                tr("Approvals waiting"),
                write.credits(seen.overview.waiting.count),
                states.waiting_words(seen, now),
                tip=tr("Opens the approvals (Ctrl+Shift+A)"),
                act=self._ways.approvals,
            )
        )
        self.who.setText(states.decider_words(seen))


class BooksCard(FigureCard):
    """Whether the books balance, and when that was proved; proves it anew."""

    def __init__(
        self,
        frame: Frame,
        verify: Callable[[], object],
        cancel: Callable[[], object],
        show_report: Callable[[], object],
    ) -> None:
        super().__init__()
        self._frame = frame
        # On the line of the names of the figures beside it, and what it says beneath as theirs is.
        name = Label(tr("The books"), "caption", "text2")
        name.setContentsMargins(INSIDE, ABOVE, INSIDE, 0)
        self.add(name)
        self.chip = Badge()
        told = QHBoxLayout()
        told.setContentsMargins(INSIDE, 2, INSIDE, 4)
        told.addWidget(self.chip)
        told.addStretch(1)
        self.body.addLayout(told)
        self.when = Label("", "caption", "text2", wrap=True)
        self.broken = Label("", "body", "danger", wrap=True)
        self.step = Label("", "caption", "text2", wrap=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 100)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress of verifying"))
        self.verify_button = Button(tr("Verify now"), verify)
        self.cancel_button = Button(tr("Cancel"), cancel)
        self.report_button = Button(tr("Show what is broken…"), show_report, kind="link")
        for widget in (self.when, self.broken, self.step):
            widget.setContentsMargins(INSIDE, 0, INSIDE, 0)
            self.add(widget)
        room = QHBoxLayout()
        room.setContentsMargins(INSIDE, 2, INSIDE, 2)
        room.addWidget(self.bar)
        self.body.addLayout(room)
        row = QHBoxLayout()
        row.setContentsMargins(INSIDE, 0, INSIDE, 0)
        for button in (self.verify_button, self.cancel_button, self.report_button):
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addStretch(1)
        for hidden in (self.chip, self.broken, self.step, self.bar, self.cancel_button):
            hidden.hide()
        self.report_button.hide()
        self.verify_button.setEnabled(False)

    def show_state(self, state: OverviewState, seen: Seen) -> None:
        """Show what the last proof said, or how far this one is."""
        proof, now = states.latest_proof(state), seen.overview.as_of
        told = state.report
        self.chip.show_as(*states.proof_chip(proof))
        self.chip.show()
        self.when.setText(states.proof_words(proof, self._frame.zone, now, writable=seen.writable))
        broken = "\n".join(map(of, proof.broken)) if proof else ""
        self.broken.setText(broken)
        self.broken.setVisible(bool(broken))
        running = state.progress is not None
        self.step.setText(state.proving)
        self.step.setVisible(bool(state.proving))
        self.bar.setVisible(running)
        self.bar.setValue(round(100 * (state.progress or 0)))
        self.verify_button.setVisible(not running)
        self.verify_button.setEnabled(seen.may_verify)
        self.cancel_button.setVisible(running)
        self.report_button.setVisible(told is not None and not told.ok and not running)


class OwedCard(FigureCard):
    """What is outstanding, by the month with which it expires."""

    def __init__(self, ways: Ways, calendar: BillingCalendar) -> None:
        super().__init__(tr("Outstanding by month of expiry"))
        self._ways = ways
        self._calendar = calendar
        self.lines = FigureLines(tr("Outstanding by month of expiry"), note_room=84)
        self.expected = Label("", "caption", "text2", wrap=True)
        self.expected.setContentsMargins(INSIDE, 4, INSIDE, 0)
        self.add(self.lines)
        self.add(self.expected)
        self.body.addStretch(1)

    def show_seen(self, overview: Overview) -> None:
        """Show the months, the running one first."""
        owed = overview.owed
        most = max((credits for _, credits in owed.months), default=1)
        self.said.setText(tr("{credits} in all", credits=write.credits(owed.total)))
        figures = [self._figure(month, credits, most, overview) for month, credits in owed.months]
        self.lines.show_figures(figures or [Figure(tr("Nothing is outstanding"), "0")])
        self.expected.setText(states.expected_words(overview))

    def _figure(self, month: Month, credits: int, most: int, overview: Overview) -> Figure:
        name = states.owed_name(month, overview.running)
        piece = Piece("owed", str(month))
        return Figure(
            name,
            write.credits(credits),
            write.left(self._calendar.end(month), overview.as_of),
            tip=tr("{name}: what can be used until then and not later", name=name),
            share=credits / most,
            act=lambda: self._ways.behind(piece),
            opens=piece,
        )


class FeaturesCard(FigureCard):
    """The features that gained and lost most, over the same days of two months."""

    def __init__(self, ways: Ways) -> None:
        super().__init__(tr("Features that changed most"))
        self._ways = ways
        self.none = Label("", "body", "text2", wrap=True)
        self.gained_title = Label(tr("Gained most, in credits used"), "header", "text2")
        self.gained = FigureLines(tr("Features that gained most"))
        self.lost_title = Label(tr("Lost most, in credits used"), "header", "text2")
        self.lost = FigureLines(tr("Features that lost most"))
        self.none.setContentsMargins(INSIDE, 0, 0, 0)
        self.add(self.none)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(24)
        for title, lines in (
            (self.gained_title, self.gained),
            (self.lost_title, self.lost),
        ):
            title.setContentsMargins(INSIDE, 2, 0, 0)
            side = QVBoxLayout()
            side.setSpacing(2)
            side.addWidget(title)
            side.addWidget(lines)
            side.addStretch(1)
            self._sides.addLayout(side, 1)
        self.body.addLayout(self._sides)
        self.body.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= current().px(_BOTH_SIDES)
        directions = QBoxLayout.Direction
        self._sides.setDirection(directions.LeftToRight if beside else directions.TopToBottom)

    def show_seen(self, overview: Overview) -> None:
        """Show them; on the first of a month nothing can be compared."""
        gained, lost = states.gained(overview), states.lost(overview)
        same = overview.same
        if same.days:
            words = tr(
                "{days} against {before}",
                days=states.days_words(same, same.running),
                before=states.days_words(same, same.running.previous),
            )
        else:
            words = ""
        self.said.setText(words)
        said = ""
        if not same.days:
            said = tr("Months are compared from their second day on.")
        elif not gained and not lost:
            said = tr("No feature is used more or less than in the same days of last month.")
        self.none.setText(said)
        self.none.setVisible(bool(said))
        for title, lines, found in (
            (self.gained_title, self.gained, gained),
            (self.lost_title, self.lost, lost),
        ):
            title.setVisible(not said)
            lines.setVisible(not said)
            figures = [self._figure(one, overview) for one in found]
            lines.show_figures(figures or [Figure(tr("None"), "")])

    def _figure(self, one: FeatureChange, overview: Overview) -> Figure:
        return Figure(
            write.text(one.name),
            write.signed(one.difference),
            states.change_note(one),
            tip=states.feature_tip(one, overview.same),
            act=lambda: self._ways.used(overview.running.previous, overview.running, one.key),
        )


class BridgeCard(FigureCard):
    """How what was left of one month became what was left of the next, or is left now."""

    def __init__(self, ways: Ways) -> None:
        super().__init__(tr("How a month came about"))
        self._ways = ways
        self.said.hide()
        self.earlier = IconButton("chevron-left", tr("The month before"), lambda: self._step(-1))
        self.later = IconButton("chevron-right", tr("The month after"), lambda: self._step(1))
        self.head.addWidget(self.earlier)
        self.head.addWidget(self.later)
        self.lines = FigureLines(tr("How the month came about"), note_room=0)
        self.add(self.lines)
        self.body.addStretch(1)
        self._place = -1
        self._count = 1
        for button in (self.earlier, self.later):
            button.setEnabled(False)

    def show_bridge(self, overview: Overview, place: int) -> None:
        """Show the bridge of a month; ``place`` counts from the end, -1 is the running month."""
        bridge, month = overview.bridges[place], overview.months[place]
        self._place, self._count = place, len(overview.months)
        self.title.setText(states.bridge_title(bridge, overview.running))
        self.earlier.setEnabled(place > -self._count)
        self.later.setEnabled(place < -1)
        ways, name = self._ways, str(month)
        first = month.previous
        opening = None
        if place > -self._count:
            opening = lambda: ways.show_bridge(place - 1)  # noqa: E731 - it is one thing to do
        figures = [Figure(states.left_words(first), write.credits(bridge.opening), act=opening)]
        for kind, words in states.kind_names().items():
            if bridge.given.get(kind):
                figures.append(self._moved(words, bridge.given[kind], Piece("given", name, kind)))
        figures += [
            self._moved(tr("Returned by refunds"), bridge.returned, Piece("returned", name)),
            Figure(
                tr("Used"),
                write.signed(-bridge.used),
                act=lambda: ways.used(first, month),
            ),
            self._moved(tr("Expired unused"), -bridge.expired, Piece("expired", name)),
            self._moved(tr("Voided"), -bridge.voided, Piece("voided", name)),
        ]
        now = place == -1
        words = tr("Outstanding now") if now else states.left_words(month)
        act = (lambda: ways.behind(Piece("owed"))) if now else (
            lambda: ways.show_bridge(place + 1))  # fmt: skip
        opens = Piece("owed") if now else None
        closing = write.credits(bridge.closing)
        figures.append(Figure(words, closing, strong=True, act=act, opens=opens))
        self.lines.show_figures(figures)

    def _moved(self, words: str, credits: int, piece: Piece) -> Figure:
        ink = "success" if credits > 0 else "text"
        act = (lambda: self._ways.behind(piece)) if credits else None
        return Figure(words, write.signed(credits), ink=ink, act=act, opens=piece)

    def _step(self, months: int) -> None:
        self._ways.show_bridge(self._place + months)
