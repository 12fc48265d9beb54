"""The card of features: the table of prices, and a line that says what was or could not be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from PySide6.QtGui import QAction

from app.domain.prices import Feature
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.prices.rows import PriceRow
from app.ui.prices.state import PricesState
from app.ui.prices.table import PricesModel, PriceTable
from app.ui.prices.versions import action_of
from app.ui.widgets.card import Card
from app.ui.widgets.text import ElidedLabel


class Edits(Protocol):
    """How a feature of the draft can be edited."""

    def price(self, key: str, credits: int) -> None:
        """Give it another price."""

    def paste(self, credits: Mapping[str, int]) -> None:
        """Give several features other prices, by their keys."""

    def edit_feature(self, feature: Feature) -> None:
        """Open its name, description and family."""

    def retire(self, key: str) -> None:
        """Leave it out of the draft."""

    def restore(self, key: str) -> None:
        """Make it what it was before the draft."""


class FeaturesCard(Card):
    """Prices to edit beside the use of the last full month."""

    def __init__(self, frame: Frame, edits: Edits) -> None:
        super().__init__(padded=False)
        self._edits = edits
        self.table = PriceTable(PricesModel())
        self.table.priced.connect(edits.price)
        self.table.pasted.connect(edits.paste)
        self.table.refused.connect(self.say)
        self.table.row_actions = self._offered
        frame.remember_table(self.table, "prices")
        self.remark = ElidedLabel("", "caption", "text2")
        self.remark.setContentsMargins(16, 0, 16, 8)
        self.add(self.table, 1)
        self.add(self.remark)

    def show_prices(self, state: PricesState) -> None:
        """Show the list of a state; before it was ever read there is nothing to name."""
        if state.month is not None:
            self.table.prices_model.name_months(state.month.month)
        self.table.why_not = state.why_not
        self.table.show_prices(state.rows)
        self.say(state.remark)

    def say(self, sentence: str) -> None:
        """Say something under the table, or with nothing to say take the line away."""
        self.remark.setText(sentence)
        self.remark.setVisible(bool(sentence))

    def take_focus(self) -> None:
        """Take the keyboard, on a row, so that F2 edits something."""
        if not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.table.prices_model.index(0, 0))
        self.table.setFocus()

    def edit_current(self) -> None:
        """Edit the price of the feature the keyboard is on."""
        row = self.table.current_row()
        self.table.setFocus()
        if row is None:
            self.say(tr("Choose a feature first: arrow keys move through the table."))
        else:
            self.table.edit_price(row)

    def _offered(self, rows: list[PriceRow]) -> list[QAction]:
        if len(rows) != 1 or self.table.why_not or rows[0].free:
            return []
        row, edits = rows[0], self._edits
        if row.retired:
            return [action_of(self, tr("Bring it back"), lambda: edits.restore(row.key))]
        offered = [
            action_of(self, tr("Edit price\tF2"), lambda: self.table.edit_price(row)),
            action_of(self, tr("Paste prices\tCtrl+V"), self.table.paste),
            action_of(self, tr("Edit feature…"), lambda: edits.edit_feature(row.feature)),
            action_of(self, tr("Retire feature"), lambda: edits.retire(row.key)),
        ]
        if row.changed and row.old is not None:
            offered.append(
                action_of(self, tr("Take back its changes"), lambda: edits.restore(row.key))
            )
        return offered
