"""What is done with a price list as a whole: compare, publish again, withdraw, import, export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QWidget

from app.domain import price_file
from app.domain.price_changes import difference
from app.domain.prices import PriceList, PriceVersion
from app.ui import format as write
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.prices.asking import CompareDialog, InForceDialog
from app.ui.prices.dialogs import DifferenceDialog
from app.ui.prices.editing import Editing
from app.ui.prices.files import ask_save
from app.ui.prices.rows import VersionRow, start_words
from app.ui.prices.state import PricesState
from app.ui.saving import save_file
from app.ui.widgets.dialog import Question


class Editor(Protocol):
    """What these acts need of the page."""

    frame: Frame
    state: PricesState

    def take_list(self, make: Callable[[], Editing]) -> None:
        """Take another draft, or say why it cannot be."""

    def remark(self, sentence: str) -> None:
        """Say something under the table."""


class VersionActs:
    """Opens the dialogs over `parent`, and does what they say."""

    def __init__(self, editor: Editor, parent: QWidget) -> None:
        self._editor = editor
        self._frame = editor.frame
        self._parent = parent

    def show_difference(self, row: VersionRow) -> None:
        """What a version changed of the one before it."""
        title = (
            tr(
                "Price list {number} against price list {before}",
                number=row.number,
                before=row.number - 1,
            )
            if row.number > 1
            else tr("Price list {number} against nothing: it is the first", number=row.number)
        )
        sentence = tr(
            "By {author}: {note}",
            author=write.name(row.version.author),
            note=write.paragraph(row.version.note),
        )
        DifferenceDialog(self._parent, title, sentence, row.changes).open()

    def compare(self, rows: Sequence[VersionRow]) -> None:
        """Compare two versions: the chosen ones, else the chosen one with the one before it."""
        state = self._editor.state
        versions = [row.version for row in state.versions]
        if not versions:
            return
        numbers = sorted(row.number for row in rows[:2]) or [versions[0].number]
        old, new = numbers[0] if len(numbers) == 2 else max(numbers[0] - 1, 1), numbers[-1]
        draft = state.editing.prices if state.edited and state.editing else None
        CompareDialog(self._parent, versions, draft, (old, new)).open()

    def ask_in_force(self) -> None:
        """Ask which list holds at an instant, and what its prices are."""
        versions = [row.version for row in self._editor.state.versions]
        if versions:
            now, zone = self._frame.now(), self._frame.zone
            InForceDialog(self._parent, versions, now, zone, now).open()

    def edit_again(self, row: VersionRow) -> None:
        """Take an old list into the draft, by way of the difference."""
        self.offer(
            row.version.prices,
            tr("Price list {number} again", number=row.number),
            tr(
                "What going back to price list {number} would change of what is shown now.",
                number=row.number,
            ),
        )

    def withdraw(self, row: VersionRow) -> None:
        """Ask, then withdraw a scheduled version."""
        why_not = self._editor.state.why_not
        if why_not or not row.scheduled:
            self._editor.remark(why_not or tr("Only a scheduled price list can be withdrawn."))
            return
        start = start_words(row.version, self._frame.zone, self._frame.now())
        Question(
            self._parent,
            tr("Withdraw price list {number}?", number=row.number),
            tr(
                "It was to hold from {start} and never will. It stays on record as withdrawn.",
                start=start,
            ),
            tr("Withdraw"),
            lambda: self._withdraw(row.number),
            kind="danger",
        ).open()

    def export_version(self, row: VersionRow) -> None:
        """Choose where to save a version."""
        self.ask_export(f"pricing-{row.number}.json", row.version.prices)

    def offer(self, prices: PriceList, title: str, sentence: str) -> None:
        """Show what a list would change of the draft, and take it in if that is wanted."""
        editing, why_not = self._editor.state.editing, self._editor.state.why_not
        if editing is None:
            return
        changes = difference(editing.prices, prices)
        if why_not or not changes:
            DifferenceDialog(self._parent, title, why_not or sentence, changes).open()
            return
        DifferenceDialog(
            self._parent,
            title,
            sentence,
            changes,
            act=tr("Take into the draft"),
            do=lambda: self._editor.take_list(lambda: editing.with_list(prices)),
        ).open()

    def import_file(self, path: str) -> None:
        """Read a price list and show what it would change; nothing is published."""
        pricing, name = self._frame.desk.pricing, write.text(Path(path).name)
        sentence = tr("What the file changes of what is shown now.")
        self._frame.background.read(
            lambda _stop: pricing.read(path),
            lambda prices: self.offer(prices, tr("Import {name}", name=name), sentence),
            lambda error: self._frame.trouble(error, tr("Reading the price list")),
        )

    def ask_export(self, name: str, prices: PriceList) -> None:
        """Choose where to save a list."""
        content = price_file.write(prices)
        ask_save(self._parent, name, lambda path: self.save(path, content))

    def save(self, path: str, content: bytes) -> None:
        """Save a file, and say that it is there."""
        self._frame.background.write(
            lambda _stop: save_file(path, content),
            lambda saved: self._frame.say(tr("Saved {name}.", name=write.text(saved.name))),
            lambda error: self._frame.trouble(error, tr("Saving {name}", name=Path(path).name)),
        )

    def _withdraw(self, number: int) -> None:
        pricing = self._frame.desk.pricing

        def done(_version: PriceVersion) -> None:
            self._frame.say(tr("Price list {number} is withdrawn.", number=number))
            self._frame.tell({"prices"})

        self._frame.background.write(
            lambda _stop: pricing.withdraw(number),
            done,
            lambda error: self._frame.trouble(error, tr("Withdrawing")),
        )
