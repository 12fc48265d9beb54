"""Which column of a file means which of ours: one field for each of ours, with an example."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain import import_mapping as mapping
from app.domain.imports import LEFT_OUT, Columns, FileShape
from app.ui import format as write
from app.ui import import_words as words
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.theme import dress
from app.ui.widgets.fields import mark_wrong
from app.ui.widgets.text import ElidedLabel, Label

KEPT: Final = "import-columns"
MOST_KEPT: Final = 40


class ColumnChoices(QScrollArea):
    """``changed`` when another column was chosen; ``theirs`` is the file's name of each of ours."""

    changed = Signal()

    def __init__(self, wanted: Columns) -> None:
        super().__init__()
        self.wanted = wanted
        self.boxes: dict[str, QComboBox] = {}
        self._examples: dict[str, ElidedLabel] = {}
        self._shape: FileShape | None = None
        self.passed_over = Label("", "caption", "text2", wrap=True)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidget(self._built())

    @property
    def theirs(self) -> dict[str, str]:
        """The file's name of each of our columns that it has."""
        chosen = {ours: box.currentData() for ours, box in self.boxes.items()}
        return {ours: str(name) for ours, name in chosen.items() if name is not None}

    @property
    def problem(self) -> str:
        """Why nothing can be read like this; empty where it can."""
        if missing := mapping.missing(self.wanted, self.theirs):
            return tr("Choose which column of the file is {name}.", name=_listed(missing))
        if twice := mapping.twice(self.theirs):
            return tr("{name} is chosen for two of ours; choose it once.", name=_listed(twice))
        return ""

    def reading(self) -> dict[str, Any]:
        """How the file is to be read, as the service takes it."""
        chosen = self.theirs
        header = self._shape.header if self._shape else ()
        absent = {ours: "" for ours in self.wanted.every if ours not in chosen}
        return {"columns": chosen | absent, "ignored": mapping.unknown(header, chosen)}

    def show_shape(self, shape: FileShape, chosen: Mapping[str, str]) -> None:
        """Offer the columns of a file, these of them chosen."""
        self._shape = shape
        for ours, box in self.boxes.items():
            box.blockSignals(True)
            box.clear()
            box.addItem(tr("not in the file"), None)
            for name in dict.fromkeys(shape.header):
                box.addItem(write.text(name), name)
            box.setCurrentIndex(max(box.findData(chosen.get(ours)), 0))
            box.blockSignals(False)
        self._show()

    def lock(self) -> None:
        """Nothing more to choose: it was imported."""
        for box in self.boxes.values():
            box.setEnabled(False)

    def _built(self) -> QWidget:
        inner = QWidget()
        inner.setObjectName("scrolled")
        grid = QGridLayout()
        grid.setContentsMargins(0, 8, 8, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        for row, ours in enumerate(self.wanted.every):
            box = QComboBox()
            dress(box, "body")
            box.setMinimumContentsLength(18)
            box.setAccessibleName(ours)
            box.currentIndexChanged.connect(self._changed)
            self.boxes[ours] = box
            self._examples[ours] = ElidedLabel("", "code", "text2")
            grid.addWidget(self._name(ours), row, 0)
            grid.addWidget(box, row, 1)
            grid.addWidget(self._examples[ours], row, 2)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(grid)
        column.addWidget(self.passed_over)
        column.addStretch(1)
        return inner

    def _name(self, ours: str) -> QWidget:
        needed = ours in self.wanted.required
        about = words.meaning(ours)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Label(ours, "code"))
        column.addWidget(
            Label(about if needed else tr("{what}, optional", what=about), "caption", "text2")
        )
        return holder

    def _changed(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        shape, chosen = self._shape, self.theirs
        if shape is None:
            return
        twice = mapping.twice(chosen)
        for ours, box in self.boxes.items():
            theirs = chosen.get(ours)
            self._examples[ours].setText(_example(shape, theirs))
            wrong = ""
            if theirs is None and ours in self.wanted.required:
                wrong = words.must_have(self.wanted.kind)
            elif theirs in twice:
                wrong = tr("This column is chosen twice.")
            mark_wrong(box, wrong)
        over = mapping.unknown(shape.header, chosen)
        self.passed_over.setText(tr("Passed over: {names}", names=_listed(over)) if over else "")


def chosen_for(frame: Frame, wanted: Columns, shape: FileShape) -> dict[str, str]:
    """What was chosen for such a header last time; else what its names suggest."""
    kept = frame.recall(KEPT, {})
    known = kept.get(_key(wanted, shape)) if isinstance(kept, dict) else None
    fitting = mapping.fitting(wanted, shape.header, known)
    return mapping.guessed(wanted, shape.header) if fitting is None else fitting


def keep_chosen(frame: Frame, wanted: Columns, shape: FileShape, chosen: Mapping[str, str]) -> None:
    """Choose the same for such a header next time."""
    kept = frame.recall(KEPT, {})
    others = list(kept.items()) if isinstance(kept, dict) else []
    key = _key(wanted, shape)
    rest = [item for item in others if item[0] != key][1 - MOST_KEPT :]
    frame.remember(KEPT, dict([*rest, (key, dict(chosen))]))


def _key(wanted: Columns, shape: FileShape) -> str:
    # Rows of the file that were left out are read as the file was.
    return "\t".join((wanted.kind, *(name for name in shape.header if name not in LEFT_OUT)))


def _example(shape: FileShape, theirs: str | None) -> str:
    if theirs is None:
        return ""
    place = shape.header.index(theirs)
    return next((row[place] for row in shape.rows if len(row) > place and row[place]), "")


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"“{write.text(name)}”" for name in names)
