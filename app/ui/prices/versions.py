"""The versions of the price list: who, when, why, what changed; and what can be done with one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from app.ui import format as write
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.prices.rows import VersionRow, version_columns
from app.ui.rows_model import RowsModel
from app.ui.widgets.button import Button
from app.ui.widgets.card import Card
from app.ui.widgets.wide_table import WideTable


class Acts(Protocol):
    """What can be done with a version."""

    def show_difference(self, row: VersionRow) -> None:
        """Show what it changed."""

    def compare(self, rows: Sequence[VersionRow]) -> None:
        """Compare one with another, or two that are chosen."""

    def ask_in_force(self) -> None:
        """Ask which list holds at an instant."""

    def edit_again(self, row: VersionRow) -> None:
        """Take it into the draft."""

    def export_version(self, row: VersionRow) -> None:
        """Save it as a file."""

    def withdraw(self, row: VersionRow) -> None:
        """Withdraw it, if it is scheduled."""


class VersionsCard(Card):
    """The table of versions, newest first; Enter shows a difference."""

    def __init__(self, frame: Frame, acts: Acts) -> None:
        super().__init__("", " ", padded=False)
        self._acts = acts
        self._may_edit = False
        self._shown: list[VersionRow] = []
        self._model = RowsModel(version_columns(frame.zone, frame.now()))
        self.table = WideTable(self._model, tr("Versions of the price list"))
        self.table.opened.connect(acts.show_difference)
        self.table.linked.connect(lambda _key, row: acts.show_difference(row))
        self.table.row_actions = self._offered
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._look_again())
        frame.remember_table(self.table, "price-versions")
        self.again_button = Button(
            tr("Publish again…"), self._with_chosen(acts.edit_again), kind="link"
        )
        self.withdraw_button = Button(
            tr("Withdraw…"), self._with_chosen(acts.withdraw), kind="link"
        )
        self.compare_button = Button(
            tr("Compare…"), lambda: acts.compare(self.table.selected()), kind="link"
        )
        self.held_button = Button(tr("In force at…"), acts.ask_in_force, kind="link")
        self.aside.setText(tr("in {zone}", zone=write.zone_name(frame.zone)))
        self.head.addWidget(self.compare_button)
        self.head.addWidget(self.held_button)
        self.head.addWidget(self.again_button)
        self.head.addWidget(self.withdraw_button)
        self.add(self.table, 1)

    def show_versions(self, rows: Sequence[VersionRow], *, may_edit: bool) -> None:
        """Show these versions; only who may edit prices is offered more than looking."""
        self._may_edit = may_edit
        if list(rows) != self._shown:
            self._shown = list(rows)
            self._show_rows()
        self._look_again()

    def _show_rows(self) -> None:
        """Show the rows anew; the one that was chosen stays so."""
        chosen = self.table.current_row()
        self._model.show_rows(self._shown)
        for place, row in enumerate(self._model.rows):
            if chosen is not None and row.number == chosen.number:
                self.table.selectRow(place)

    def _look_again(self) -> None:
        row = self.table.current_row()
        self.again_button.setVisible(self._may_edit)
        self.withdraw_button.setVisible(self._may_edit)
        self.again_button.setEnabled(row is not None)
        self.withdraw_button.setEnabled(row is not None and row.scheduled)

    def _with_chosen(self, act: Callable[[VersionRow], None]) -> Callable[[], None]:
        def do() -> None:
            row = self.table.current_row()
            if row is not None:
                act(row)

        return do

    def _offered(self, rows: list[VersionRow]) -> list[QAction]:
        if len(rows) == 2:
            return [action_of(self, tr("Compare the two…"), lambda: self._acts.compare(rows))]
        if len(rows) != 1:
            return []
        row = rows[0]
        again = action_of(
            self, tr("Publish again, as a draft…"), lambda: self._acts.edit_again(row)
        )
        again.setEnabled(self._may_edit)
        withdraw = action_of(self, tr("Withdraw…"), lambda: self._acts.withdraw(row))
        withdraw.setEnabled(row.scheduled and self._may_edit)
        return [
            action_of(self, tr("Show difference\tEnter"), lambda: self._acts.show_difference(row)),
            action_of(self, tr("Compare with another…"), lambda: self._acts.compare(rows)),
            again,
            action_of(self, tr("Export…"), lambda: self._acts.export_version(row)),
            withdraw,
        ]


def action_of(parent: QObject, text: str, act: Callable[[], object]) -> QAction:
    """An entry of a menu that does something."""
    action = QAction(text, parent)
    action.triggered.connect(lambda _checked=False: act())
    return action
