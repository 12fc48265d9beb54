"""Two questions about the price lists: what differs between any two, and what held when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Final

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from app.domain.price_book import PriceBook
from app.domain.price_changes import difference
from app.domain.prices import Feature, PriceList, PriceVersion
from app.ui import format as write
from app.ui.columns import Column
from app.ui.language import tr, trn
from app.ui.prices.dialogs import DifferenceTable
from app.ui.prices.rows import STATES, start_words
from app.ui.rows_model import RowsModel
from app.ui.theme import dress
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.fields import InstantField, Labelled
from app.ui.widgets.table import Table
from app.ui.widgets.text import Label

_ROWS_HIGH: Final = 300
_PRICE_COLUMNS: Final[tuple[Column[Feature], ...]] = (
    Column("name", tr("Feature"), lambda row: write.text(row.name), stretch=True, voice="name"),
    Column("key", tr("Key"), lambda row: row.key, width=160, voice="code"),
    Column(
        "credits",
        tr("Credits"),
        lambda row: write.credits(row.credits),
        value=lambda row: row.credits,
        align="end",
        width=92,
        voice="amount",
    ),
)


class CompareDialog(Dialog):
    """What differs between two lists to choose: any versions, and the draft where there is one."""

    def __init__(
        self,
        parent: QWidget | None,
        versions: Sequence[PriceVersion],
        draft: PriceList | None,
        chosen: tuple[int, int],
    ) -> None:
        super().__init__(parent, tr("Compare price lists"), tr("Close"), kind="plain", width=720)
        self.cancel_button.hide()
        self._lists = {version.number: version.prices for version in versions}
        if draft is not None:
            self._lists[0] = draft
        names = {0: tr("The draft")} if draft is not None else {}
        names |= {version.number: _called(version) for version in versions}
        self.old, self.new = (
            _choice(tr("From"), names, chosen[0]),
            _choice(tr("To"), names, chosen[1]),
        )
        self.table = DifferenceTable(())
        self.said = Label("", ink="text2")
        line = QHBoxLayout()
        line.setSpacing(12)
        for name, box in ((tr("From"), self.old), (tr("To"), self.new)):
            line.addWidget(Labelled(name, box), 1)
            box.currentIndexChanged.connect(self._compare)
        self.body.addLayout(line)
        self.body.addWidget(self.said)
        self.body.addWidget(self.table, 1)
        self.table.setMinimumHeight(_ROWS_HIGH)
        self._compare()
        self.old.setFocus()

    def submit(self) -> None:
        self.accept()

    def _compare(self) -> None:
        old, new = self.old.currentData(), self.new.currentData()
        changes = difference(self._lists[old], self._lists[new])
        self.table.show_changes(changes)
        self.said.setText(trn("{count} difference", "{count} differences", len(changes)))


class InForceDialog(Dialog):
    """Which list holds at an instant to choose, past or future, and its prices."""

    def __init__(
        self,
        parent: QWidget | None,
        versions: Sequence[PriceVersion],
        at: datetime,
        zone: tzinfo,
        now: datetime,
    ) -> None:
        super().__init__(
            parent, tr("Prices in force at an instant"), tr("Close"), kind="plain", width=640
        )
        self.cancel_button.hide()
        self._book, self._zone, self._now = PriceBook(versions), zone, now
        self.at = InstantField(zone, tr("At"))
        self.at.set_instant(at)
        self.at.chosen.connect(self._look)
        self.said = Label("", "name", wrap=True)
        self._model = RowsModel(_PRICE_COLUMNS)
        self.table = Table(self._model, tr("Prices in force"))
        self.table.setMinimumHeight(_ROWS_HIGH)
        line = QHBoxLayout()
        line.addWidget(Labelled(tr("At, {zone}", zone=write.zone_name(zone)), self.at))
        line.addStretch(1)
        self.body.addLayout(line)
        self.body.addWidget(self.said)
        self.body.addWidget(self.table, 1)
        self._look()
        self.at.setFocus()

    def submit(self) -> None:
        self.accept()

    def _look(self) -> None:
        version = self._book.in_force(self.at.instant)
        told = {"number": version.number, "author": write.name(version.author)}
        if version.effective_at is None:
            said = tr(
                "Price list {number} holds then, from the beginning of time; by {author}.", **told
            )
        else:
            said = tr(
                "Price list {number} holds then, from {start}; by {author}.",
                start=start_words(version, self._zone, self._now),
                **told,
            )
        self.said.setText(said)
        self._model.show_rows(version.prices.features)


def _called(version: PriceVersion) -> str:
    told = {"number": version.number, "state": STATES[version.state][0]}
    if not version.note:
        return tr("Price list {number}, {state}", **told)
    return tr("Price list {number}, {state}: {note}", note=write.text(version.note), **told)


def _choice(name: str, names: dict[int, str], chosen: int) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    dress(box, "body")
    for number, text in names.items():
        box.addItem(text, number)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(20)
    box.setCurrentIndex(max(box.findData(chosen), 0))
    return box
