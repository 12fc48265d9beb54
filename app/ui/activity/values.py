"""Values before and after, side by side: what changed says so in a word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import tzinfo
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from app.domain.activity import MISSING, Change, Mark
from app.ui import format as write
from app.ui.activity import words
from app.ui.language import tr, trn
from app.ui.widgets.button import Button
from app.ui.widgets.text import Badge, Label, plain_tip

SHOWN_AT_FIRST: Final = 40
LONG: Final = 300
_LONG_WORD: Final = re.compile(r"\S{11,}")
_PART: Final = re.compile(r"[^@._/:\-]{1,10}[@._/:\-]?")
_TONES: Final[dict[Mark, str]] = {"changed": "warning", "new": "success", "gone": "danger"}


class ValuesView(QWidget):
    """A row for each value: its name, before, after, and whether it changed. `copied(text)`."""

    copied = Signal(str)

    def __init__(self, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone
        self._changes: Sequence[Change] = ()
        self._all = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self.rows: list[tuple[str, str, str, str]] = []
        """What is shown: name, before, after, mark."""

    def show_changes(self, changes: Sequence[Change]) -> None:
        """Show these values."""
        self._changes, self._all = changes, False
        self._fill()

    def show_all(self) -> None:
        """Show those left out too, and long ones whole."""
        self._all = True
        self._fill()

    def _fill(self) -> None:
        self._empty()
        self.rows = []
        if not self._changes:
            self._grid.addWidget(Label(tr("This act changed no values."), "body", "text3"), 0, 0)
            return
        for column, name in enumerate((tr("Value"), tr("Before"), tr("After"))):
            self._grid.addWidget(Label(name, "header", "text2"), 0, column)
        for column, share in enumerate(_shares(self._changes)):
            self._grid.setColumnStretch(column, share)
        shown = self._changes if self._all else self._changes[:SHOWN_AT_FIRST]
        for number, change in enumerate(shown, 1):
            self._add(number * 2, change)
        self._offer_more(len(shown) * 2 + 2)

    def _add(self, row: int, change: Change) -> None:
        rule = QFrame()
        rule.setObjectName("rule")
        rule.setFixedHeight(1)
        self._grid.addWidget(rule, row - 1, 0, 1, 4)
        name = words.path_name(change.path)
        before, after = (
            words.value(change.path, held, self._zone) for held in (change.before, change.after)
        )
        mark = _mark_name(change.mark)
        self.rows.append((name, before, after, mark))
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(self._label(name, "text2"), row, 0, top)
        changed = change.mark == "changed"
        for column, text in ((1, before), (2, after)):
            label = self._label(text, _ink(text), strong=changed and column == 2)
            label.addAction(self._copying(label, text))
            label.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
            label.setAccessibleName(_spoken(column, name, text))
            self._grid.addWidget(label, row, column, top)
        if mark:
            self._grid.addWidget(Badge(mark, _TONES[change.mark]), row, 3, top)

    def _label(self, text: str, ink: str, *, strong: bool = False) -> Label:
        whole = self._all or len(text) <= LONG
        shown = text if whole else f"{text[:LONG].rstrip()}…"
        label = Label(breakable(shown), "name" if strong else "body", ink, wrap=True)
        if not whole:
            label.setToolTip(plain_tip(tr("Cut here; “Show everything” has all of it.")))
        return label

    def _copying(self, label: Label, text: str) -> QAction:
        action = QAction(tr("Copy value"), label)
        action.triggered.connect(lambda _checked=False: self._copy(text))
        return action

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText("" if text == write.EMPTY else text)
        self.copied.emit(text)

    def _offer_more(self, row: int) -> None:
        left = 0 if self._all else len(self._changes) - SHOWN_AT_FIRST
        cut = not self._all and any(max(map(len, one)) > LONG for one in self.rows)
        if left > 0:
            said = trn("Show {count} value more", "Show {count} values more", left)
            self._grid.addWidget(Button(said, self.show_all, kind="link"), row, 0, 1, 4)
        elif cut:
            self._grid.addWidget(
                Button(tr("Show everything"), self.show_all, kind="link"), row, 0, 1, 4
            )

    def _empty(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget: Any = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()


def _shares(changes: Sequence[Change]) -> tuple[int, int, int]:
    """How the width is shared out: where nothing was before, what came has most of it."""
    nothing_before = all(change.before is MISSING for change in changes)
    return (3, 1, 7) if nothing_before else (3, 4, 4)


def _spoken(column: int, name: str, text: str) -> str:
    if column == 1:
        return tr("{name}, before: {value}", name=name, value=text)
    return tr("{name}, after: {value}", name=name, value=text)


def _mark_name(mark: Mark) -> str:
    return {"changed": tr("changed"), "new": tr("new"), "gone": tr("gone"), "": ""}[mark]


def _ink(text: str) -> str:
    return "text3" if text == write.EMPTY else "text"


def breakable(text: str) -> str:
    """Long ids and addresses may be broken where a line ends: a label breaks only at blanks."""
    return _LONG_WORD.sub(lambda found: _PART.sub("\\g<0>\u200b", found[0]), text)
