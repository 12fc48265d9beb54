"""The filters of the page of activity: who, what, on what, on whom, from and until which day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from app.domain.activity import ActivityQuery, Choices
from app.domain.users import UserSummary
from app.ui import audit_names
from app.ui import format as write
from app.ui.language import tr
from app.ui.page import Frame, today
from app.ui.person_field import PersonField
from app.ui.theme import current, dress
from app.ui.widgets.days import DayField
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.paint import draw_text, turned
from app.ui.widgets.text import Label

_MARGIN: Final = 16
_MOST_ROWS: Final = 14
_GAP: Final = 8
_NARROW_BOX, _NARROW_PERSON, _PERSON = 104, 136, 180
"""How wide a box and the field of a person may be where all shall stand on one line."""
_INSIDE, _ARROW = 9, 26
"""Where the words of a box begin, and where its arrow does, from either end."""
_ANY_WIDTH: Final = 16_777_215


class FilterPanel(QFrame):
    """The controls. `wanted(ActivityQuery)` as soon as one is used; `done()` on Escape."""

    wanted = Signal(object)
    done = Signal()

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._scarce = False
        self._query = ActivityQuery()
        self._choices = Choices()
        self.staff = _box(tr("Who"))
        self.act = _box(tr("What"))
        self.kind = _box(tr("On what"))
        self.person = PersonField(frame, tr("On whom"))
        self.first = DayField(tr("From"), partial(today, frame))
        self.last = DayField(tr("Until"), partial(today, frame))
        self.problems: dict[QWidget, Label] = {self.first: _problem(), self.last: _problem()}
        for name, box in self._boxes().items():
            box.activated.connect(lambda _at, name=name, box=box: self._take(name, box))
        self.person.chosen.connect(self._take_person)
        for field in (self.first, self.last):
            field.chosen.connect(self._take_days)
            field.edit.editingFinished.connect(self._say_problem)
        self._build()
        self.show_choices(self._choices)

    def show_choices(self, choices: Choices) -> None:
        """Offer what is on record, by the names it has."""
        self._choices = choices
        acts, kinds = audit_names.acts(), audit_names.kinds()
        _offer(self.staff, tr("Anybody"), {one: write.text(one) for one in choices.staff})
        _offer(self.act, tr("Anything"), _sorted(choices.acts, acts, audit_names.act_name))
        _offer(self.kind, tr("Anything"), _sorted(choices.kinds, kinds, audit_names.kind_name))
        self._fit()
        self.show_query(self._query)

    def show_query(self, query: ActivityQuery) -> None:
        """Let the controls say what is in force."""
        self._query = query
        acts, kinds = audit_names.acts(), audit_names.kinds()
        _choose(self.staff, query.staff, write.text(query.staff))
        _choose(self.act, query.act, audit_names.act_name(query.act, acts))
        _choose(self.kind, query.kind, audit_names.kind_name(query.kind, kinds))
        for field, day in ((self.first, query.first), (self.last, query.last)):
            with QSignalBlocker(field):
                field.set_day(day)

    def begin(self) -> None:
        """Put the keyboard on the first control."""
        self.staff.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def make_room(self, *, scarce: bool) -> None:
        """Take no more than one line where height is scarce."""
        self._scarce = scarce
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where height is scarce, make fields narrow if that lets all of them stand on one line."""
        px, boxes = current().px, self._boxes().values()
        room = self.width() - self.contentsMargins().left() - _MARGIN - 10 - 5 * _GAP
        room -= self.first.width() + self.last.width()
        wanted = sum(box.sizeHint().width() for box in boxes) + px(_PERSON)
        each = (room - px(_NARROW_PERSON)) // len(boxes)
        narrow = self._scarce and wanted > room and each >= px(_NARROW_BOX)
        for box in boxes:
            box.setMaximumWidth(each if narrow else _ANY_WIDTH)
        self.person.setMinimumWidth(px(_NARROW_PERSON if narrow else _PERSON))
        self.person.setMaximumWidth(px(_NARROW_PERSON) if narrow else _ANY_WIDTH)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.done.emit()
        else:
            super().keyPressEvent(event)

    def _boxes(self) -> dict[str, QComboBox]:
        return {"staff": self.staff, "act": self.act, "kind": self.kind}

    def _build(self) -> None:
        groups = FlowLayout(self, gap=_GAP)
        groups.setContentsMargins(_MARGIN, 2, 10, 10)
        for name, field in (
            (tr("Who"), self.staff),
            (tr("What"), self.act),
            (tr("On what"), self.kind),
            (tr("On whom"), self.person),
            (tr("From"), self.first),
            (tr("Until"), self.last),
        ):
            groups.addWidget(_named(name, field, self.problems.get(field)))

    def _take(self, name: str, box: QComboBox) -> None:
        chosen: dict[str, Any] = {name: str(box.currentData() or "")}
        self._want(replace(self._query, **chosen))

    def _take_person(self, user: UserSummary) -> None:
        self._want(replace(self._query, subject=("user", user.user_id)))

    def _take_days(self) -> None:
        first, last = self.first.day, self.last.day
        if first and last and first > last:
            self.last.refuse(tr("The last day is before the first."))
        elif not (self.first.problem or self.last.problem):
            self._want(replace(self._query, first=first, last=last))
        self._say_problem()

    def _say_problem(self) -> None:
        for field in (self.first, self.last):
            said = self.problems[field]
            said.setText(field.problem)
            said.setVisible(bool(field.problem))
        self.updateGeometry()

    def _want(self, query: ActivityQuery) -> None:
        if query != self._query:
            self.wanted.emit(query)


def _problem() -> Label:
    label = Label("", "caption", "danger", wrap=True)
    label.hide()
    return label


class _Box(QComboBox):
    """A box that ends in an ellipsis where what is chosen has no room."""

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        room = self.rect().adjusted(_INSIDE, 0, -_ARROW, 0)
        place = turned(painter, room, self.rect())
        draw_text(painter, current(), place, self.currentText())


def _box(name: str) -> QComboBox:
    box = _Box()
    box.setAccessibleName(name)
    box.setMaxVisibleItems(_MOST_ROWS)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    dress(box, "body")
    return box


def _offer(box: QComboBox, none: str, named: Mapping[str, str]) -> None:
    box.clear()
    box.addItem(none, "")
    for key, said in named.items():
        box.addItem(said, key)


def _choose(box: QComboBox, key: str, said: str) -> None:
    """Let a box say what is in force, though it may be a thing of another database."""
    if box.findData(key) < 0:
        box.addItem(said, key)
    box.setCurrentIndex(box.findData(key))


def _sorted(
    keys: Sequence[str],
    named: Mapping[str, str],
    name: Callable[[str, Mapping[str, str]], str],
) -> dict[str, str]:
    called = {key: name(key, named) for key in keys}
    return dict(sorted(called.items(), key=lambda one: one[1].casefold()))


def _named(name: str, field: QWidget, below: QWidget | None) -> QWidget:
    group = QWidget()
    column = QVBoxLayout(group)
    column.setContentsMargins(0, 4, 0, 0)
    column.setSpacing(4)
    title = Label(name, "header", "text2")
    title.setBuddy(field)
    column.addWidget(title)
    column.addWidget(field)
    if below is not None:
        column.addWidget(below)
    column.addStretch(1)
    return group
