"""The right side: one account, wide in two columns or narrow in tabs."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.ui import format as write
from app.ui.language import tr
from app.ui.page import Frame, Sentences, show_phase
from app.ui.standing import Standing
from app.ui.theme import current
from app.ui.tokens import CARD_GAP, NARROW_BELOW, PAGE_PADDING, SIDE_BAR_WIDTH, USERS_LIST_WIDTH
from app.ui.users import account_state as states
from app.ui.users.account_state import AccountState
from app.ui.users.asked import RequestsCard
from app.ui.users.balance import BurnCard, ProofCard
from app.ui.users.head import AccountHead
from app.ui.users.ledger import LedgerCard
from app.ui.users.reading import AccountData
from app.ui.users.side import GrantsCard, NotesCard, ReferralsCard
from app.ui.users.usage import UsageCard
from app.ui.widgets.card import StatCard
from app.ui.widgets.focus_ring import show_focus
from app.ui.widgets.notice import Notice
from app.ui.widgets.states import Overlay

NARROW: int = NARROW_BELOW - SIDE_BAR_WIDTH - USERS_LIST_WIDTH
"""Below this width of its own the account shows tabs instead of a right column."""
SIDE_WIDTHS = (314, 440)
TIGHT = 400
"""With less room than this, at the usual text size, the head has a line more."""
LEAST_BODY = 200
"""With less height for what stands under the cards the account is scrolled."""
_TAB = "users/tab"
GIVEN = 2
"""The place of the card that is left out where room is scarce: the grants say the same."""


def side_width(whole: int) -> int:
    """How wide the right column is: its share of a wide account, within limits."""
    least, most = SIDE_WIDTHS
    return max(least, min(most, round(whole * 0.28)))


class AccountPane(QWidget):
    """Head, cards, balance and proof, ledger, and the right column."""

    retry_wanted = Signal()

    def __init__(self, frame: Frame, around: QWidget) -> None:
        super().__init__(around)
        self._frame = frame
        self.state = AccountState()
        self.head = AccountHead(frame)
        self.cards = [StatCard("") for _ in range(4)]
        self.burn = BurnCard()
        self.proof = ProofCard()
        self.ledger = LedgerCard(frame)
        self.usage = UsageCard(frame)
        self.grants = GrantsCard(frame)
        self.requests = RequestsCard(frame)
        self.referrals = ReferralsCard(frame)
        self.notes = NotesCard(frame)
        self.narrow: bool | None = None
        self.tabs: QTabWidget | None = None
        self._body: QWidget | None = None
        self._side: QWidget | None = None
        self._as_of: Notice | None = None
        self._shown: tuple[AccountData | None, Standing | None] = (None, None)
        self._beside = QTimer(self, singleShot=True, interval=0)
        self._beside.timeout.connect(self._show_beside)
        self._build()
        self.arrange(narrow=False)
        self.overlay = Overlay(self)

    def show_state(self, state: AccountState, standing: Standing | None) -> None:
        """Write a state to the widgets; an account that is being read leaves the old in view."""
        self.state = state
        phase = state.phase
        if state.data is not None and standing is not None and phase != "failed":
            # While another account is on its way the old stays as it is.
            if state.data is not self._shown[0] or standing != self._shown[1]:
                self._show_data(state, standing)
            self._shown = (state.data, standing)
        show_phase(
            self.overlay,
            phase,
            Sentences(
                empty=tr("Choose a user on the left to see their credits."),
                failed=tr("This account could not be read."),
            ),
            retry=self.retry_wanted.emit,
            details=state.problem,
        )

    def arrange(self, *, narrow: bool) -> None:
        """Lay the cards out in two columns, or as tabs."""
        if narrow == self.narrow:
            return
        self.narrow = narrow
        old, self.tabs = self._body, None
        side = (self.usage, self.requests, self.grants, self.referrals, self.notes)
        for card in (self.burn, self.proof, self.ledger, *side):
            card.setParent(self)
        self.cards[GIVEN].setVisible(not narrow)
        for shown in (self.ledger, self.usage, self.requests, self.grants):
            shown.show_narrow(narrow=narrow)
        self.head.show_narrow(narrow=narrow)
        self._side = None
        self._body = self._in_tabs() if narrow else self._in_columns()
        self._body.setMinimumHeight(current().px(LEAST_BODY))
        self._column.addWidget(self._body, 1)
        # The tabs show and hide what is theirs.
        for card in (self.burn, self.proof, *(() if narrow else (self.ledger, *side))):
            card.show()
        if old is not None:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        if hasattr(self, "overlay"):
            self.overlay.raise_()

    def fit(self, room: int) -> None:
        """Fit the head into so much room, which may be less than the account needs in all."""
        self.head.show_tight(tight=room < current().px(TIGHT))
        if self._body is not None:
            self._body.setMinimumHeight(current().px(LEAST_BODY))

    def bring_ledger(self) -> None:
        """Bring the ledger to the front, where it stands among tabs."""
        if self.tabs is not None:
            self.tabs.setCurrentWidget(self.ledger)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange(narrow=self.width() < NARROW)
        if self._side is not None:
            self._side.setFixedWidth(side_width(self.width()))

    def heightForWidth(self, width: int) -> int:
        """What it cannot do without: the ledger takes what is left, and scrolls by itself."""
        return self._column.minimumHeightForWidth(width)

    def _build(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(PAGE_PADDING, 14, PAGE_PADDING, 16)
        self._column.setSpacing(CARD_GAP)
        self._column.addWidget(self.head)
        self._notices = QVBoxLayout()
        self._column.addLayout(self._notices)
        row = QHBoxLayout()
        row.setSpacing(CARD_GAP)
        for card in self.cards:
            row.addWidget(card, 1)
        self._column.addLayout(row)

    def _in_columns(self) -> QWidget:
        body = QWidget(self)
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(CARD_GAP)
        left = _stacked(self.burn, self.proof)
        left.addWidget(self.ledger, 1)
        row.addLayout(left, 1)
        side = (self.usage, self.requests, self.grants, self.referrals, self.notes)
        self._side = _scrolled(body, *side)
        self._side.setFixedWidth(side_width(self.width()))
        row.addWidget(self._side)
        return body

    def _in_tabs(self) -> QWidget:
        tabs = QTabWidget(self)
        tabs.setDocumentMode(True)
        tabs.addTab(self.ledger, tr("Ledger"))
        tabs.addTab(_scrolled(tabs, self.burn, self.proof), tr("Balance"))
        self.usage.show()
        tabs.addTab(_scrolled(tabs, self.usage), tr("Usage"))
        for card in (self.requests, self.grants, self.referrals, self.notes):
            tabs.addTab(card, card.title.text())
        kept = self._frame.recall(_TAB)
        tabs.setCurrentIndex(kept if isinstance(kept, int) and 0 < kept < tabs.count() else 0)
        tabs.currentChanged.connect(lambda at: self._frame.remember(_TAB, at))
        self.tabs = tabs
        return tabs

    def _show_data(self, state: AccountState, standing: Standing) -> None:
        data = state.data
        assert data is not None  # noqa: S101 - show_state asked
        zone = self._frame.zone
        self.head.show_data(data, standing)
        for card, figure in zip(self.cards, states.figures(data, zone), strict=True):
            card.show_number(figure.number, figure.note, figure.name)
        self.burn.show_data(data, zone)
        self.proof.show_data(data)
        self.ledger.show_data(data, standing)
        self._show_as_of(state)
        # What stands beside comes once this is painted: a window that is held is felt.
        self._beside.start()

    def _show_beside(self) -> None:
        """Show the rest of the account: of several passed through only the last."""
        data, standing = self._shown
        if data is not None and standing is not None:
            self.usage.show_data(data, standing)
            self.requests.show_data(data)
            self.grants.show_data(data)
            self.referrals.show_data(data)
            self.notes.show_data(data, standing)

    def _show_as_of(self, state: AccountState) -> None:
        if self._as_of is not None:
            self._notices.removeWidget(self._as_of)
            self._as_of.hide()
            self._as_of.deleteLater()
            self._as_of = None
        data = state.data
        if data is None or data.at is None:
            return
        when = write.exact(data.at, self._frame.zone)
        ahead = data.at > data.now
        sentence = (
            tr("What is expected by {when}: allowances still to come are marked.", when=when)
            if ahead
            else tr(
                "As it was at {when}, {instant}: by when things occurred.",
                when=when,
                instant=write.ago(data.at, data.now),
            )
        )
        back: Callable[[], object] = self.head.go_to_now
        self._as_of = Notice(sentence, "info", tr("Back to now"), back, None)
        self._notices.addWidget(self._as_of)


def _stacked(*cards: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(CARD_GAP)
    for card in cards:
        column.addWidget(card)
    return column


def _scrolled(around: QWidget, *cards: QWidget) -> QScrollArea:
    area = QScrollArea(around)
    inner = QWidget(area.viewport())
    inner.setObjectName("scrolled")
    column = _stacked(*cards)
    column.addStretch(1)
    inner.setLayout(column)
    show_focus(area)
    area.setAccessibleName(tr("More of the account"))
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
