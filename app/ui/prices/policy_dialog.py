"""The dialog of the policy: allowances, bonuses, what support may give, buying credits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QWidget

from app.domain.calendar import MONTH_END
from app.domain.errors import PriceListInvalid
from app.domain.policy import Bonus, Policy
from app.domain.price_changes import validity_words
from app.domain.price_file import MOST_CREDITS
from app.domain.users import PLANS
from app.ui.theme import dress
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.fields import AmountField, Labelled
from app.ui.widgets.text import Label

_VALIDITIES: Final = ("P1Y", "P90D", "P30D", MONTH_END)


class ValidityField(QComboBox):
    """How long something is valid: the usual lengths, and the one it has."""

    def __init__(self, validity: str, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        dress(self, "body")
        for choice in dict.fromkeys((*_VALIDITIES, validity)):
            self.addItem(validity_words(choice), choice)
        self.setCurrentIndex(self.findData(validity))

    @property
    def validity(self) -> str:
        """As a price list writes it: `P1Y`, `P30D`, `month_end`."""
        return str(self.currentData())


class PolicyDialog(Dialog):
    """Edits `policy`; `take(policy)` puts it into the draft and may raise `PriceListInvalid`.

    With `why_not` everything can be read and nothing changed.
    """

    def __init__(
        self,
        parent: QWidget | None,
        policy: Policy,
        take: Callable[[Policy], object],
        *,
        why_not: str = "",
    ) -> None:
        act = "Close" if why_not else "Take into the draft"
        super().__init__(parent, "Policy", act, kind="plain" if why_not else "primary", width=640)
        self._policy, self._take, self._why_not = policy, take, why_not
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(10)
        self.body.addLayout(self._grid)
        self._build_amounts(policy)
        self._build_validities(policy)
        self._build_top_up(policy)
        self.cancel_button.setVisible(not why_not)
        self.foot_note.setText(
            why_not or "An allowance follows the list that held as its month began."
        )
        for field in (*self.amounts.values(), *self.validities.values()):
            field.setEnabled(not why_not)
        (self.act_button if why_not else self.amounts["free"]).setFocus()

    def submit(self) -> None:
        problem = next((field.problem for field in self.amounts.values() if field.problem), "")
        if self._why_not:
            self.accept()
        elif problem:
            self.refuse(problem)
        else:
            self._try_take()

    def _try_take(self) -> None:
        try:
            self._take(self._edited())
        except PriceListInvalid as error:
            self.refuse(str(error))
        else:
            self.accept()

    def _edited(self) -> Policy:
        amount = {key: field.amount or 0 for key, field in self.amounts.items()}
        valid = {key: field.validity for key, field in self.validities.items()}
        policy = self._policy
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

    def _build_amounts(self, policy: Policy) -> None:
        support = policy.support
        self.amounts: dict[str, AmountField] = {}
        for column, plan in enumerate(PLANS):
            name = f"{plan.title()}, credits a month"
            self._add_amount(plan, name, 0, policy.plans[plan], (0, column))
        self._add_amount("signup", "Sign-up bonus", 1, policy.signup.credits, (1, 0))
        self._add_amount("referral", "Referral reward", 1, policy.referral.credits, (2, 0))
        self._add_amount("grant", "Support, in one grant", 0, support.limit_per_grant, (3, 0))
        self._add_amount("day", "Support, in a day", 0, support.limit_per_day, (3, 1))

    def _add_amount(
        self, key: str, name: str, least: int, amount: int, place: tuple[int, int]
    ) -> None:
        field = AmountField(least, MOST_CREDITS, name)
        field.set_amount(amount)
        self.amounts[key] = field
        self._grid.addWidget(Labelled(name, field), *place)

    def _build_validities(self, policy: Policy) -> None:
        places = {
            "signup": (policy.signup.valid, "Bonus valid for", (1, 1)),
            "referral": (policy.referral.valid, "Reward valid for", (2, 1)),
            "support": (policy.support.default_validity, "Support's credits valid for", (3, 2)),
            "top_up": (policy.top_up.valid, "Bought credits valid for", (4, 2)),
        }
        self.validities: dict[str, ValidityField] = {}
        for key, (validity, name, place) in places.items():
            self.validities[key] = ValidityField(validity, name)
            self._grid.addWidget(Labelled(name, self.validities[key]), *place)

    def _build_top_up(self, policy: Policy) -> None:
        self.top_up = _box("Credits can be bought", checked=policy.top_up.enabled)
        self.buyers = {
            plan: _box(plan.title(), checked=plan in policy.top_up.plans) for plan in PLANS[1:]
        }
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(Label("by", ink="text2"))
        for box in self.buyers.values():
            line.addWidget(box)
        line.addStretch(1)
        self._grid.addWidget(self.top_up, 4, 0)
        self._grid.addLayout(line, 4, 1)
        for box in (self.top_up, *self.buyers.values()):
            box.setEnabled(not self._why_not)


def _box(text: str, *, checked: bool) -> QCheckBox:
    box = QCheckBox(text)
    box.setChecked(checked)
    dress(box, "body")
    return box
