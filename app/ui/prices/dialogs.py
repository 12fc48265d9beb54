"""The dialogs of the price list: the difference, publishing, a conflict, a feature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QWidget

from app.domain.price_changes import Change, ChangeKind, ThreeWay
from app.domain.prices import PriceVersion, VersionState
from app.ui import format as write
from app.ui.columns import Column
from app.ui.language import of, tr, trn
from app.ui.prices.rows import start_words
from app.ui.prices.state import taken_over
from app.ui.prices.what_if_words import NoteFigures
from app.ui.rows_model import RowsModel
from app.ui.theme import dress
from app.ui.widgets.button import Button
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.fields import InstantField, Labelled, NoteField
from app.ui.widgets.option import Option
from app.ui.widgets.table import Table
from app.ui.widgets.text import Label

_KINDS: Final = {
    ChangeKind.PRICE: (tr("price"), tr("price"), "info"),
    ChangeKind.ADDED: (tr("feature added"), tr("new"), "success"),
    ChangeKind.RETIRED: (tr("feature retired"), tr("retired"), "warning"),
    ChangeKind.NAME: (tr("name"), tr("name"), "neutral"),
    ChangeKind.DESCRIPTION: (tr("description"), tr("description"), "neutral"),
    ChangeKind.FAMILY: (tr("family"), tr("family"), "neutral"),
    ChangeKind.FREE_ACTION: (tr("free action"), tr("free action"), "neutral"),
    ChangeKind.ORDER: (tr("order"), tr("order"), "neutral"),
    ChangeKind.POLICY: (tr("policy"), tr("policy"), "accent"),
}
"""What a change is about: in words, shorter in its chip, and the tone of that."""
CHANGE_COLUMNS: Final[tuple[Column[Change], ...]] = (
    Column(
        "subject", tr("What"), lambda row: write.text(of(row.subject)), stretch=True, voice="name"
    ),
    Column(
        "kind",
        tr("Kind"),
        lambda row: _KINDS[row.kind][0],
        width=110,
        chip=lambda row: _KINDS[row.kind][1:],
    ),
    Column(
        "old",
        tr("Was"),
        lambda row: write.text(of(row.old)),
        width=120,
        align="end",
        ink="text2",
        tip=lambda row: of(row.sentence),
    ),
    Column(
        "new",
        tr("Becomes"),
        lambda row: write.text(of(row.new)),
        width=120,
        align="end",
        voice="amount",
        tip=lambda row: of(row.sentence),
    ),
)
_ROWS_SHOWN: Final = 9


class DifferenceTable(Table[Change]):
    """What one list changes of another, a line a change."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._changes = RowsModel(CHANGE_COLUMNS)
        super().__init__(self._changes, tr("Difference"))
        fit_height(self, len(changes))
        self.show_changes(changes)

    def show_changes(self, changes: Sequence[Change]) -> None:
        """Show another difference."""
        self._changes.show_rows(changes)
        if changes:
            self.overlay.ready()
        else:
            self.overlay.empty(tr("There is no difference."))


def fit_height(table: Table[Change] | Table[ThreeWay], rows: int) -> None:
    """As high as its rows, from three to a few: more are scrolled."""
    lines = min(max(rows, 3), _ROWS_SHOWN)
    row, header = table.verticalHeader().defaultSectionSize(), table.horizontalHeader().height()
    table.setMinimumHeight(header + lines * row + 4)


class DifferenceDialog(Dialog):
    """A difference to look at, and possibly one thing to do with it."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        sentence: str,
        changes: Sequence[Change],
        *,
        act: str = "",
        do: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(
            parent, title, act or tr("Close"), kind="primary" if do else "plain", width=720
        )
        self._do = do
        self.cancel_button.setVisible(do is not None)
        self.body.addWidget(Label(sentence, ink="text2", wrap=True))
        self.table = DifferenceTable(changes)
        self.body.addWidget(self.table, 1)

    def submit(self) -> None:
        self.accept()
        if self._do is not None:
            self._do()


class PublishDialog(Dialog):
    """The difference, a note that is required, and from when: now, or an instant.

    ``publish(note, effective_at, dialog)`` is called once; it ends in ``accept`` or ``refuse``.
    """

    def __init__(
        self,
        parent: QWidget | None,
        changes: Sequence[Change],
        versions: Sequence[PriceVersion],
        *,
        base: int,
        zone: tzinfo,
        now: datetime,
        first_from: datetime,
        figures: NoteFigures,
        publish: Callable[[str, datetime | None, PublishDialog], object],
    ) -> None:
        super().__init__(parent, tr("Publish prices"), tr("Publish"), width=720)
        self._versions, self._zone, self._now, self._publish = versions, zone, now, publish
        self._changes, self._base = changes, base
        self.table = DifferenceTable(changes)
        self.note = NoteField(
            tr("Note"), tr("What changes, and why; it stays with the version"), lines=2
        )
        self.add_figures = QCheckBox(tr("Add what-if figures to the note"))
        self._figures = figures
        self.at_once = Option(tr("Now"))
        self.later = Option(tr("From"))
        self.at = InstantField(zone, tr("From"))
        self.warning = Label("", "name", "warning", wrap=True)
        self._fill(first_from)
        self._look_again()

    @property
    def effective_at(self) -> datetime | None:
        """The instant chosen; ``None`` for now."""
        return self.at.instant if self.later.isChecked() else None

    @property
    def whole_note(self) -> str:
        """The note as it is published: with the figures of the what-if where they are wanted."""
        added = self._figures.words if self.add_figures.isChecked() else ""
        return "\n".join(part for part in (self.note.text, added) if part)

    def submit(self) -> None:
        self._publish(self.whole_note, self.effective_at, self)

    def _fill(self, first_from: datetime) -> None:
        against = trn(
            "{count} change against price list {base}.",
            "{count} changes against price list {base}.",
            len(self._changes),
            base=self._base,
        )
        self.body.addWidget(Label(against, ink="text2"))
        self.body.addWidget(self.table, 1)
        self.body.addWidget(Labelled(tr("Note (required)"), self.note))
        self._build_figures()
        self.body.addLayout(self._build_when(first_from))
        self.body.addWidget(self.warning)
        self.note.textChanged.connect(self._look_again)
        self.later.toggled.connect(self._look_again)
        self.at.chosen.connect(self._chosen)
        self.note.setFocus()

    def _build_figures(self) -> None:
        """The box that adds what the draft would have done, and under it what it adds."""
        figures = self._figures
        dress(self.add_figures, "body")
        self.add_figures.setEnabled(bool(figures.words))
        words = figures.words or figures.why_not
        self.add_figures.setAccessibleDescription(words)
        self.body.addWidget(self.add_figures)
        self.body.addWidget(Label(words, "caption", "text2", wrap=True))

    def _build_when(self, first_from: datetime) -> QHBoxLayout:
        self.at.set_instant(first_from)
        self.at_once.setChecked(True)
        group = QButtonGroup(self)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(Label(tr("Holds"), "header", "text2"))
        for button in (self.at_once, self.later):
            group.addButton(button)
            line.addWidget(button)
        line.addWidget(self.at)
        line.addWidget(Label(write.zone_name(self._zone), "caption", "text2"))
        line.addStretch(1)
        return line

    def _chosen(self) -> None:
        self.later.setChecked(True)
        self._look_again()

    def _look_again(self) -> None:
        said = self._warn(self.effective_at or self._now)
        self.warning.setText(said)
        self.warning.setVisible(bool(said))
        self.set_act(
            tr("Schedule") if self.later.isChecked() else tr("Publish"),
            allowed=bool(self.note.text) and bool(self._changes),
        )
        self.foot_note.setText("" if self.note.text else tr("A note is needed to publish."))

    def _warn(self, start: datetime) -> str:
        """What else is scheduled for that instant, and what takes over later."""
        words = [
            tr(
                "Price list {number} is scheduled for the same instant; this one, "
                "published later, holds instead.",
                number=one.number,
            )
            for one in self._versions
            if one.state is VersionState.SCHEDULED and one.effective_at == start
        ]
        follower = taken_over(self._versions, start)
        if follower is not None:
            when = start_words(follower, self._zone, self._now)
            words.append(
                tr(
                    "Price list {number} is scheduled and takes over from {when}.",
                    number=follower.number,
                    when=when,
                )
            )
        return " ".join(words)


class ConflictDialog(Dialog):
    """Three lists side by side: the one both began with, the person's, and the one since published.

    Where both changed the same, Space or Enter on the row chooses whose value is kept.
    ``go_on(keep)`` gets the places where the person's own is.
    """

    def __init__(
        self,
        parent: QWidget | None,
        rows: Sequence[ThreeWay],
        base: PriceVersion,
        theirs: PriceVersion,
        go_on: Callable[[frozenset[str]], object],
    ) -> None:
        title = tr("Price list {number} was published meanwhile", number=theirs.number)
        super().__init__(
            parent, title, tr("Go on from price list {number}", number=theirs.number), width=860
        )
        self._go_on = go_on
        self._clashes = [row.place for row in rows if row.clash]
        self.keep: frozenset[str] = frozenset()
        self._model = RowsModel(self._columns(base, theirs), rows)
        self.table = _ChoiceTable(self._model, self.toggle)
        fit_height(self.table, len(rows))
        self.table.opened.connect(self.toggle)
        self.table.selectRow(0)
        self.table.setFocus()
        self.body.addWidget(Label(self._explain(base, theirs), ink="text2", wrap=True))
        self.body.addWidget(self.table, 1)
        if self._clashes:
            self.body.addLayout(self._build_choice(theirs))

    def toggle(self, row: ThreeWay) -> None:
        """Keep the other's value where the person's was kept, and the other way round."""
        if row.clash:
            self._choose(self.keep ^ {row.place})

    def submit(self) -> None:
        self.accept()
        self._go_on(self.keep)

    def _choose(self, keep: frozenset[str]) -> None:
        self.keep = keep
        self.table.viewport().update()

    def _explain(self, base: PriceVersion, theirs: PriceVersion) -> str:
        since = tr(
            "Your draft was begun from price list {base}; {author} published {number} since.",
            base=base.number,
            author=write.name(theirs.author),
            number=theirs.number,
        )
        if self._clashes:
            then = trn(
                "{count} value was changed by both: Space chooses whose is kept.",
                "{count} values were changed by both: Space chooses whose is kept.",
                len(self._clashes),
            )
        else:
            then = tr("Your changes fit on top of it.")
        return f"{since} {then}"

    def _build_choice(self, theirs: PriceVersion) -> QHBoxLayout:
        line = QHBoxLayout()
        mine, none = frozenset(self._clashes), frozenset[str]()
        line.addWidget(Button(tr("Keep all of mine"), lambda: self._choose(mine)))
        line.addWidget(
            Button(tr("Keep all of {number}", number=theirs.number), lambda: self._choose(none))
        )
        line.addStretch(1)
        return line

    def _columns(self, base: PriceVersion, theirs: PriceVersion) -> tuple[Column[ThreeWay], ...]:
        def kept(row: ThreeWay) -> str:
            mine = row.place in self.keep if row.clash else row.mine != row.base
            return tr("yours") if mine else tr("list {number}", number=theirs.number)

        return (
            Column(
                "subject",
                tr("What"),
                lambda row: write.text(of(row.subject)),
                stretch=True,
                voice="name",
            ),
            _value_column(
                "base", tr("Price list {number}", number=base.number), lambda row: row.base
            ),
            _value_column("mine", tr("Yours"), lambda row: row.mine),
            _value_column(
                "theirs", tr("Price list {number}", number=theirs.number), lambda row: row.theirs
            ),
            Column(
                "kept",
                tr("Kept"),
                kept,
                width=90,
                chip=lambda row: (kept(row), "warning" if row.clash else "neutral"),
            ),
        )


class _ChoiceTable(Table[ThreeWay]):
    def __init__(self, model: RowsModel[ThreeWay], toggle: Callable[[ThreeWay], object]) -> None:
        super().__init__(model, tr("Lists side by side"))
        self._toggle = toggle

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current_row()
        if event.key() == Qt.Key.Key_Space and row is not None:
            self._toggle(row)
        else:
            super().keyPressEvent(event)


def _value_column(key: str, title: str, value: Callable[[ThreeWay], str]) -> Column[ThreeWay]:
    return Column(key, title, lambda row: write.text(of(value(row))), align="end", width=120)
