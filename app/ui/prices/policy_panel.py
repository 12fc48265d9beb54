"""The policy beside the prices: allowances, bonuses, what support may give, buying credits.

Each field is a step of the draft as soon as it is left, and says beneath what it was before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QGridLayout, QScrollArea, QWidget

from app.domain.calendar import MONTH_END
from app.domain.policy import Bonus, Policy
from app.domain.price_changes import validity_words
from app.domain.price_file import MOST_CREDITS
from app.domain.users import PLANS
from app.ui import format as write
from app.ui.language import of, tr
from app.ui.theme import dress
from app.ui.widgets.card import Card
from app.ui.widgets.fields import AmountField, Labelled
from app.ui.widgets.text import Label

_VALIDITIES: Final = ("P1Y", "P90D", "P30D", MONTH_END)


class DraftAmount(AmountField):
    """An amount of the draft: Ctrl+Z takes back what is being typed, and then the draft's step."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
            redo = event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()
            if undo or redo:
                event.ignore()
                return False
        return super().event(event)


class ValidityField(QComboBox):
    """How long something is valid: the usual lengths, and the one it has."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        dress(self, "body")

    @property
    def validity(self) -> str:
        """As a price list writes it: `P1Y`, `P30D`, `month_end`."""
        return str(self.currentData())

    def show_validity(self, validity: str) -> None:
        """Show a validity, one of the usual or another."""
        choices = list(dict.fromkeys((*_VALIDITIES, validity)))
        if [self.itemData(at) for at in range(self.count())] != choices:
            self.clear()
            for choice in choices:
                self.addItem(of(validity_words(choice)), choice)
        self.setCurrentIndex(self.findData(validity))


class PolicyPanel(QScrollArea):
    """The figures of the policy in groups; `taken(policy)` when one of them was edited."""

    taken = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.amounts: dict[str, DraftAmount] = {}
        self.validities: dict[str, ValidityField] = {}
        self.top_up = _box(tr("Credits can be bought"))
        self.buyers = {plan: _box(tr("by {plan}", plan=plan.title())) for plan in PLANS[1:]}
        self._labelled: dict[str, Labelled] = {}
        self._policy: Policy | None = None
        self._grid = QGridLayout()
        self._columns = 0
        self._build()

    def show_policy(self, policy: Policy, before: Policy, why_not: str) -> None:
        """Show the draft's policy beside the one it was edited from; ``why_not`` locks it."""
        self._policy = policy
        amounts, old_amounts = _amounts(policy), _amounts(before)
        validities, old_validities = _validities(policy), _validities(before)
        for key, field in self.amounts.items():
            with QSignalBlocker(field):
                if field.amount != amounts[key] or field.problem:
                    field.set_amount(amounts[key])
            was = "" if amounts[key] == old_amounts[key] else write.credits(old_amounts[key])
            self._labelled[key].remark(_was(was))
        for key, choice in self.validities.items():
            choice.show_validity(validities[key])
            same = validities[key] == old_validities[key]
            was = "" if same else of(validity_words(old_validities[key]))
            self._labelled[f"{key} valid"].remark(_was(was))
        self._show_top_up(policy)
        for widget in self._fields():
            widget.setEnabled(not why_not)

    def _show_top_up(self, policy: Policy) -> None:
        self.top_up.setChecked(policy.top_up.enabled)
        for plan, box in self.buyers.items():
            box.setChecked(plan in policy.top_up.plans)

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        return self.amounts[PLANS[0]]

    def _fields(self) -> Sequence[QWidget]:
        boxes = (self.top_up, *self.buyers.values())
        return (*self.amounts.values(), *self.validities.values(), *boxes)

    def _left(self, key: str) -> None:
        """An amount was left: taken, or kept in the field with the reason why it cannot be."""
        field = self.amounts[key]
        if field.problem:
            self._labelled[key].refuse(field.problem)
        else:
            self._take()

    def _take(self) -> None:
        if self._policy is None:
            return
        edited = self._edited(self._policy)
        if edited != self._policy:
            self.taken.emit(edited)

    def _edited(self, policy: Policy) -> Policy:
        before = _amounts(policy)
        amount = {
            key: before[key] if field.amount is None else field.amount
            for key, field in self.amounts.items()
        }
        valid = {key: field.validity for key, field in self.validities.items()}
        return replace(
            policy,
            plans={plan: amount[plan] for plan in PLANS},
            signup=Bonus(amount["signup"], valid["signup"]),
            referral=Bonus(amount["referral"], valid["referral"]),
            support=replace(
                policy.support,
                limit_per_grant=amount["grant"],
                limit_per_day=amount["day"],
                default_validity=valid["support"],
            ),
            top_up=replace(
                policy.top_up,
                enabled=self.top_up.isChecked(),
                plans=tuple(plan for plan, box in self.buyers.items() if box.isChecked()),
                valid=valid["top_up"],
            ),
        )

    # Widgets

    def _build(self) -> None:
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._grid.setContentsMargins(0, 8, 0, 0)
        self._grid.setSpacing(12)
        inner.setLayout(self._grid)
        self._cards = (self._allowances(), self._bonuses(), self._support(), self._buying())
        self._grid.setColumnStretch(0, 1)
        self._grid.setRowStretch(len(self._cards), 1)
        self._lay(2)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for box in (self.top_up, *self.buyers.values()):
            box.clicked.connect(self._take)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        needs = [card.minimumSizeHint().width() for card in self._cards]
        both = max(needs[::2]) + self._grid.spacing() + max(needs[1::2])
        self._lay(2 if both <= self.viewport().width() else 1)

    def _lay(self, columns: int) -> None:
        """Two cards beside each other, or one above the other where names are too long for two."""
        if columns == self._columns:
            return
        self._columns = columns
        for place, card in enumerate(self._cards):
            at = divmod(place, columns)
            self._grid.addWidget(card, *at, Qt.AlignmentFlag.AlignTop)
        self._grid.setColumnStretch(1, columns - 1)

    def _allowances(self) -> Card:
        fields = {plan: (tr("{plan}, credits a month", plan=plan.title()), 0) for plan in PLANS}
        said = tr("A month's allowance follows the list that held as the month began.")
        return _group(
            tr("Monthly allowances"), said, [[self._amount(*of) for of in fields.items()]]
        )

    def _bonuses(self) -> Card:
        rows = [
            [
                self._amount("signup", (tr("Sign-up bonus"), 1)),
                self._valid("signup", tr("Bonus valid for")),
            ],
            [
                self._amount("referral", (tr("Referral reward"), 1)),
                self._valid("referral", tr("Reward valid for")),
            ],
        ]
        return _group(tr("Bonuses"), tr("Given by the list in force at the registration."), rows)

    def _support(self) -> Card:
        rows = [
            [
                self._amount("grant", (tr("In one grant"), 0)),
                self._amount("day", (tr("In a day"), 0)),
                self._valid("support", tr("Valid for, unless chosen")),
            ]
        ]
        return _group(
            tr("What support may give"), tr("More waits for the approval of a lead."), rows
        )

    def _buying(self) -> Card:
        card = _group(
            tr("Buying credits"),
            tr("Plus and Pro only."),
            [[self._valid("top_up", tr("Valid for"))]],
        )
        for box in (self.top_up, *self.buyers.values()):
            card.add(box)
        return card

    def _amount(self, key: str, of: tuple[str, int]) -> Labelled:
        name, least = of
        field = DraftAmount(least, MOST_CREDITS, name)
        field.editingFinished.connect(lambda: self._left(key))
        self.amounts[key] = field
        self._labelled[key] = Labelled(name, field)
        return self._labelled[key]

    def _valid(self, key: str, name: str) -> Labelled:
        field = ValidityField(name)
        field.activated.connect(self._take)
        self.validities[key] = field
        self._labelled[f"{key} valid"] = Labelled(name, field)
        return self._labelled[f"{key} valid"]


def _was(before: str) -> str:
    return tr("was {before}", before=before) if before else ""


def _amounts(policy: Policy) -> Mapping[str, int]:
    return {
        **policy.plans,
        "signup": policy.signup.credits,
        "referral": policy.referral.credits,
        "grant": policy.support.limit_per_grant,
        "day": policy.support.limit_per_day,
    }


def _validities(policy: Policy) -> Mapping[str, str]:
    return {
        "signup": policy.signup.valid,
        "referral": policy.referral.valid,
        "support": policy.support.default_validity,
        "top_up": policy.top_up.valid,
    }


def _group(title: str, said: str, rows: Sequence[Sequence[Labelled]]) -> Card:
    card = Card(title)
    card.add(Label(said, "caption", "text2", wrap=True))
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(10)
    for line, fields in enumerate(rows):
        for place, field in enumerate(fields):
            grid.addWidget(field, line, place, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(place, 1)
    card.body.addLayout(grid)
    return card


def _box(text: str) -> QCheckBox:
    box = QCheckBox(text)
    dress(box, "body")
    return box
