"""The page that says how everything stands. Every figure opens what it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from threading import Event
from typing import ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QBoxLayout,
    QFrame,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.calendar import BillingCalendar
from app.domain.consumption import Behind
from app.domain.errors import DatabaseFailed
from app.domain.integrity import Report
from app.ui.actions import Action
from app.ui.background import Latest
from app.ui.errors import trouble_of
from app.ui.language import tr, trn
from app.ui.overview import state as states
from app.ui.overview.arrangement import Arrangement
from app.ui.overview.cards import (
    ApprovalsCard,
    BooksCard,
    BridgeCard,
    FeaturesCard,
    OwedCard,
    RequestsCard,
    Ways,
)
from app.ui.overview.moved import MovedCards
from app.ui.overview.report import ReportDialog
from app.ui.overview.state import OverviewState, Piece, Seen
from app.ui.page import Frame, Page, Sentences, show_phase
from app.ui.theme import current
from app.ui.tokens import CARD_GAP, PAGE_PADDING
from app.ui.users_behind import UsersBehind
from app.ui.widgets.figures import figures_in
from app.ui.widgets.states import Overlay
from app.ui.widgets.text import ElidedLabel, Label

_BESIDE: Final = 1_400
"""From this width of the page on, the users behind a figure fit beside the cards as they stand."""
_BENEATH: Final = 460
"""From this height on, they fit beneath the cards."""
_LIST: Final = 400
_ANY_WIDTH: Final = 16_777_215


class OverviewPage(Page):
    """How everything stands now. What is shown stays while it is read anew."""

    concerns: ClassVar[frozenset[str] | None] = frozenset(
        {"accounts", "requests", "prices", "consumption", "support", "staff", "integrity"}
    )

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.state = OverviewState()
        self.piece: Piece | None = None
        self._came_from: QWidget | None = None
        self._order: list[QAbstractButton] = []
        self._question = Latest(frame.background, owner=self)
        self._proving = Latest(frame.background, owner=self)
        self.ways = Ways(frame, self.open_piece, self.show_bridge)
        self._build()
        self.show_state(self.state)

    # What the window asks

    def reload(self) -> None:
        """Read everything anew; what is shown stays meanwhile."""
        self.show_state(replace(self.state, phase="loading"))
        desk = self.frame.desk
        self._question.ask(lambda stop: states.read(desk, stop), self._arrived, self._failed)
        self.behind.reload()

    def actions_offered(self) -> Sequence[Action]:
        """Verifying, the months of the bridge, and closing what was opened."""
        return (
            Action("verify", tr("Verify the books"), self.verify, possible=self._may_verify),
            Action("earlier", tr("How the month before came about"), lambda: self._step(-1)),
            Action("later", tr("How the month after came about"), lambda: self._step(1)),
            Action("close-figure", tr("Close the users behind a figure"), self.behind.close_list),
        )

    def place(self) -> object:
        return {} if self.piece is None else self.piece.place()

    def go(self, place: object) -> None:
        piece = states.piece_of(place)
        if piece is None:
            self.behind.close_list()
        else:
            self._show_piece(piece)

    def show_state(self, state: OverviewState) -> None:
        """Write a state to the widgets."""
        self.state = state
        seen = state.seen
        if seen is not None:
            self._show_seen(state, seen)
        show_phase(
            self.overlay,
            state.phase,
            self._sentences(seen),
            retry=self.reload,
            cancel=self._cancel,
            details=state.details,
        )

    # Opening

    def open_piece(self, piece: Piece) -> None:
        """List the users behind a figure; going back closes the list again."""
        before = self.place()
        self._came_from = QApplication.focusWidget()
        self._show_piece(piece)
        self.frame.moved(self, before)
        self.behind.table.setFocus()

    def _show_piece(self, piece: Piece) -> None:
        self.piece = piece
        overview = self.frame.desk.overview

        def drill(offset: int, limit: int, stop: Event) -> Behind:
            found: Behind = overview.behind(
                piece.what, piece.month, piece.kind, limit, offset, stop=stop
            )
            return found

        self.behind.show_drill(states.piece_words(piece), drill)
        self._mark()
        self._make_room()

    def _closed(self) -> None:
        self.piece = None
        self._mark()
        self._make_room()
        figure, self._came_from = self._came_from, None
        if figure is not None and self.isAncestorOf(figure):
            figure.setFocus()

    def _mark(self) -> None:
        """Mark the figures that are opened, and keep the one in view that was clicked."""
        found = figures_in(self.cards)
        for one in found:
            one.mark(marked=self.piece is not None and one.figure.opens == self.piece)
        marked = [one for one in found if one.marked]
        if marked and self._came_from not in marked:
            self._came_from = marked[0]

    def _keep_in_view(self) -> None:
        """What was opened does not end up behind its own list."""
        if self.piece is not None and self._came_from is not None:
            self.area.ensureWidgetVisible(self._came_from, 0, CARD_GAP)

    def show_bridge(self, place: int) -> None:
        """Show how a month came about; ``place`` counts from the end, -1 is the running month."""
        self.show_state(replace(self.state, bridge=place))
        self.area.ensureWidgetVisible(self.bridge)
        lines = self.bridge.lines.lines
        if lines and not self.bridge.isAncestorOf(QApplication.focusWidget() or self):
            lines[0].setFocus()

    def _step(self, months: int) -> None:
        seen = self.state.seen
        if seen is not None:
            place = self.state.bridge + months
            self.show_bridge(max(-len(seen.overview.months), min(-1, place)))

    # Reading

    def _arrived(self, seen: Seen) -> None:
        self.show_state(states.arrived(self.state, seen))

    def _failed(self, error: Exception) -> None:
        details = trouble_of(error, tr("Reading how everything stands")).details
        self.show_state(replace(self.state, phase="failed", details=details))

    def _cancel(self) -> None:
        self._question.cancel()
        phase = "failed" if self.state.seen is None else "ready"
        self.show_state(replace(self.state, phase=phase))  # type: ignore[arg-type]

    def _sentences(self, seen: Seen | None) -> Sentences:
        frame = self.frame
        imports = seen is not None and seen.may_import
        welcome = tr(
            "Welcome to PixPretty Credits. Nobody is registered in this database yet; once somebody"
            " is, this page says how everything stands."
        )
        said = (
            tr("{welcome}\nBegin by importing your users.", welcome=welcome)
            if imports
            else tr("{welcome}\nA support lead or an admin imports them.", welcome=welcome)
        )
        return Sentences(
            empty=said,
            action=tr("Import users…") if imports else tr("Look at the prices"),
            act=lambda: frame.open_page("settings" if imports else "prices"),
            failed=tr("How everything stands could not be read."),
        )

    # Proving

    def verify(self) -> None:
        """Prove that the books balance, beside everything else; it can be stopped."""
        if self.state.progress is not None or not self._may_verify():
            return
        integrity = self.frame.desk.integrity
        tell = self.frame.background.reporter(self._proved_so_far)
        self._tell = tell

        def work(stop: Event) -> Report:
            report: Report = integrity.verify(
                lambda done, every, rule: tell((done, every, rule)), stop=stop
            )
            return report

        self.show_state(replace(self.state, progress=0.0, proving="", report=None))
        self._proving.ask(work, self._proved, self._not_proved)
        self.books.cancel_button.setFocus()

    def stop_verifying(self) -> None:
        """Stop proving; nothing of it is kept."""
        self._proving.cancel()
        self.frame.background.forget(self._tell)
        self.show_state(states.not_proved(self.state, tr("Stopped; nothing of it was kept.")))
        self.books.verify_button.setFocus()

    def _may_verify(self) -> bool:
        return self.state.seen is not None and self.state.seen.may_verify

    def _proved_so_far(self, step: tuple[int, int, str]) -> None:
        if self.state.progress is not None:
            self.show_state(states.proving(self.state, *step))

    def _proved(self, report: Report) -> None:
        self.frame.background.forget(self._tell)
        focused = self.books.cancel_button.hasFocus()
        desk = self.frame.desk
        self.show_state(states.proved(self.state, report, desk.staff_email))
        if focused:
            self.books.verify_button.setFocus()
        rules = report.counts.rules
        if report.ok:
            said = trn("The books balance: {count} rule holds.",
                       "The books balance: all {count} rules hold.", rules)  # fmt: skip
            self.frame.say(said, tone="success")
        else:
            said = trn("{count} rule is broken.", "{count} rules are broken.",
                       len(report.violations))  # fmt: skip
            self.frame.say(said, tone="danger", act=(tr("Show"), self.show_report))
        if desk.writable:
            self.frame.tell({"integrity"})

    def _not_proved(self, error: Exception) -> None:
        self.frame.background.forget(self._tell)
        self.show_state(states.not_proved(self.state))
        doing = tr("Verifying the books")
        retry = self.verify if isinstance(error, DatabaseFailed) else None
        self.frame.trouble(error, doing, retry)

    def show_report(self) -> ReportDialog | None:
        """The rules that are broken, with the rows that break them."""
        if self.state.report is None:
            return None
        dialog = ReportDialog(self, self.state.report)
        dialog.open()
        return dialog

    # Showing

    def _show_seen(self, state: OverviewState, seen: Seen) -> None:
        overview = seen.overview
        self.headline.setText(states.headline(overview, self.frame.zone))
        self.requests.show_seen(seen)
        self.approvals.show_seen(seen)
        self.books.show_state(state, seen)
        self.moved.show_seen(overview)
        self.owed.show_seen(overview)
        self.features.show_seen(overview)
        self.bridge.show_bridge(overview, state.bridge)
        self._put_in_order()
        self._mark()

    def _put_in_order(self) -> None:
        """Tab goes through the figures as they are read, those that came later too."""
        found = [one for card in self.in_order for one in card.findChildren(QAbstractButton)]
        if found != self._order:
            self._order = found
            for one, following in pairwise(found):
                QWidget.setTabOrder(one, following)

    # Building

    def _build(self) -> None:
        self.headline = ElidedLabel("", "caption", "text2")
        self.requests = RequestsCard(self.ways)
        self.approvals = ApprovalsCard(self.ways)
        self.books = BooksCard(self.frame, self.verify, self.stop_verifying, self.show_report)
        self.moved = MovedCards(self.ways)
        self.owed = OwedCard(self.ways, BillingCalendar(self.frame.desk.zone))
        self.features = FeaturesCard(self.ways)
        self.bridge = BridgeCard(self.ways)
        self.in_order: tuple[QWidget, ...] = (
            *(self.requests, self.approvals, self.books, *self.moved.cards),
            *(self.features, self.owed, self.bridge),
        )
        self.cards = Arrangement(
            (self.requests, self.approvals, self.books),
            self.moved.cards,
            self.features,
            (self.owed, self.bridge),
        )
        frame = self.frame
        self.behind = UsersBehind(
            frame.background, frame.trouble, lambda user: frame.open_page("users", user)
        )
        self.behind.closed.connect(self._closed)
        self._arrange()
        current().changed.connect(self._make_room)

    def _arrange(self) -> None:
        self.area = QScrollArea()
        self.area.setWidget(self.cards)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.area)
        self.overlay = Overlay(inner)
        self._inner = inner
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, PAGE_PADDING, 0)
        words.setSpacing(2)
        words.addWidget(Label(tr("Overview"), "title"))
        words.addWidget(self.headline)
        self._row = row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.setSpacing(CARD_GAP)
        row.addWidget(inner, 1)
        self._beside = QWidget()
        beside = QVBoxLayout(self._beside)
        beside.setContentsMargins(0, 0, PAGE_PADDING, PAGE_PADDING)
        beside.addWidget(self.behind)
        self._beside.hide()
        row.addWidget(self._beside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(PAGE_PADDING, PAGE_PADDING, 0, 0)
        whole.setSpacing(CARD_GAP)
        whole.addLayout(words)
        whole.addLayout(row, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: True, Qt.Key.Key_Up: False}
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self.piece is not None:
            self.behind.close_list()
        elif key in steps:
            self.focusNextPrevChild(steps[key])
        else:
            super().keyPressEvent(event)

    def _make_room(self) -> None:
        """The users behind a figure stand beside the cards where these need not move for it.

        Else they stand beneath; in their place where there is no room for that either.
        """
        open_, px = self.piece is not None, current().px
        beside, beneath = self.width() >= px(_BESIDE), self.height() >= px(_BENEATH)
        directions = QBoxLayout.Direction
        self._row.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        self._row.setStretch(1, 0 if beside else 1)
        self._inner.setVisible(beside or beneath or not open_)
        self._beside.setVisible(open_)
        self._beside.setMaximumWidth(px(_LIST) if beside else _ANY_WIDTH)
        if open_ and (layout := self.layout()) is not None:
            layout.activate()
            self._keep_in_view()
