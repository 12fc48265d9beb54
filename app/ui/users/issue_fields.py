"""The fields of *Issue credits*, the same for one user and for many."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.policy import Reason
from app.domain.recipients import MOST_CREDITS
from app.ui import format as write
from app.ui.act_dialog import Choice, reason_choice
from app.ui.keys import AMOUNTS
from app.ui.language import tr, trn
from app.ui.page import Frame
from app.ui.theme import dress
from app.ui.users import issue_state as states
from app.ui.users.issue_state import IssueForm
from app.ui.widgets.button import Button
from app.ui.widgets.fields import AmountField, InstantField, Labelled, NoteField
from app.ui.widgets.flow import FlowLayout

_FIRST_DATE = timedelta(days=30)


class IssueFields(QWidget):
    """Amount, reason, note, ticket, validity. `changed` when anything of it was."""

    changed = Signal()

    def __init__(
        self, frame: Frame, reasons: Sequence[Reason], validity: str, cost: int = 0
    ) -> None:
        super().__init__()
        self.amount = AmountField(1, MOST_CREDITS)
        self.reason = reason_choice(reasons)
        self.note = NoteField(tr("Note"), tr("What happened, for whoever looks at this later"))
        self.ticket = QLineEdit()
        self.validity = Choice(tr("Validity"), _validities(validity), validity)
        self.until = InstantField(frame.zone, tr("Valid until"))
        self.until.set_instant(frame.now() + _FIRST_DATE)
        self._build(cost)
        self._look()
        self.amount.changed.connect(self.changed)
        self.reason.currentIndexChanged.connect(self.changed)
        self.note.textChanged.connect(self.changed)
        self.ticket.textChanged.connect(self.changed)
        self.until.chosen.connect(self.changed)
        self.validity.currentIndexChanged.connect(self._look)
        self.validity.currentIndexChanged.connect(self.changed)

    @property
    def form(self) -> IssueForm:
        """What was typed."""
        return IssueForm(
            credits=self.amount.amount,
            credits_problem=self.amount.problem if self.amount.text().strip() else "",
            reason=self.reason.key,
            note=self.note.text,
            ticket=self.ticket.text().strip(),
        )

    @property
    def valid(self) -> str | datetime:
        """How long it is valid: a validity, or the instant chosen."""
        key = self.validity.key
        return self.until.instant if key == states.DATE else key

    def _look(self) -> None:
        self.until.setVisible(self.validity.key == states.DATE)

    def _build(self, cost: int) -> None:
        self.ticket.setAccessibleName(tr("Ticket"))
        self.ticket.setMaxLength(100)
        self.ticket.setPlaceholderText("ZD-12345")
        dress(self.ticket, "body")
        pair = QGridLayout()
        pair.setHorizontalSpacing(12)
        pair.setColumnStretch(0, 1)
        pair.setColumnStretch(1, 1)
        pair.addWidget(Labelled(tr("Ticket"), self.ticket), 0, 0)
        pair.addWidget(Labelled(tr("Valid for"), self.validity), 0, 1)
        pair.addWidget(self.until, 1, 1)
        form = QVBoxLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(12)
        form.addWidget(Labelled(tr("Credits"), self._build_amount(cost)))
        form.addWidget(Labelled(tr("Reason"), self.reason))
        form.addWidget(Labelled(tr("Note"), self.note))
        form.addLayout(pair)

    def _build_amount(self, cost: int) -> QWidget:
        both = QWidget()
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.amount)
        quick = QWidget()
        line = FlowLayout(quick, gap=6)
        offered = [(write.credits(credits), credits) for credits in states.QUICK]
        if cost:
            offered.append((tr("{cost}, what this charge cost", cost=write.credits(cost)), cost))
        for keys, (words, credits) in zip(AMOUNTS, offered, strict=False):
            line.addWidget(self._quick(words, credits, keys))
        column.addWidget(quick)
        return both

    def _quick(self, words: str, credits: int, keys: str) -> Button:
        button = Button(words, lambda: self.amount.set_amount(credits), shortcut=keys)
        button.setAccessibleName(trn("{count} credit", "{count} credits", credits))
        # An amount is typed as quickly: Tab leads on to the reason, not over every button.
        button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        QShortcut(QKeySequence(keys), self, button.click)
        return button


def _validities(usual: str) -> list[tuple[str, str]]:
    offered = list(states.VALIDITIES)
    if usual not in dict(offered):
        offered.insert(0, (usual, tr("As usual ({usual})", usual=usual)))
    return [*offered, (states.DATE, tr("Until a date"))]
