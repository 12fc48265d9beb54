"""The controls of the filters of the list of users."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.users import PLANS, UserQuery, UserSummary
from app.ui.language import tr
from app.ui.page import Frame, today
from app.ui.person_field import PersonField
from app.ui.theme import dress
from app.ui.widgets.button import Button
from app.ui.widgets.chips import MARGIN
from app.ui.widgets.days import DayField
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.text import Label


class FilterPanel(QFrame):
    """The controls. `wanted(UserQuery)` as soon as one is used; `done()` on Escape."""

    wanted = Signal(object)
    done = Signal()

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._query = UserQuery()
        self._writing = False
        self.plans = {plan: self._plan_button(plan) for plan in PLANS}
        self.broke = self._switch(tr("Out of credits"), "out_of_credits")
        self.soon = self._switch(tr("Expiring within 7 days"), "expiring")
        self.asking = self._switch(tr("Open request"), "open_request")
        self.asking.setVisible(hasattr(type(frame.desk), "requests"))
        self.person = PersonField(frame, tr("Invited by"))
        self.first = DayField(tr("Registered from"), partial(today, frame))
        self.last = DayField(tr("Registered until"), partial(today, frame))
        self.problem = Label("", "caption", "danger", wrap=True)
        self.problem.hide()
        self.person.chosen.connect(self._take_person)
        for field in (self.first, self.last):
            field.chosen.connect(self._take_days)
            field.edit.editingFinished.connect(self._say_problem)
        self._build()

    def show_query(self, query: UserQuery) -> None:
        """Let the controls say what is in force."""
        self._query = query
        self._writing = True
        for plan, button in self.plans.items():
            button.setChecked(query.plan == plan)
        self.broke.setChecked(query.out_of_credits)
        self.soon.setChecked(query.expiring)
        self.asking.setChecked(query.open_request)
        self.first.set_day(query.registered_first)
        self.last.set_day(query.registered_last)
        self._writing = False

    def begin(self) -> None:
        """Put the keyboard on the first control."""
        self.plans[PLANS[0]].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.done.emit()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        groups = FlowLayout(self, gap=16)
        groups.setContentsMargins(MARGIN, 2, 10, 10)
        plans = QWidget()
        row = QHBoxLayout(plans)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for button in self.plans.values():
            row.addWidget(button)
        days = QWidget()
        row = QHBoxLayout(days)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.first)
        row.addWidget(self.last)
        marks = QWidget()
        column = QVBoxLayout(marks)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for box in (self.broke, self.soon, self.asking):
            column.addWidget(box)
        for name, field in (
            (tr("Plan"), plans),
            (tr("Credits and requests"), marks),
            (tr("Invited by"), self.person),
            (tr("Registered, from and until"), days),
        ):
            groups.addWidget(_named(name, field, self.problem if field is days else None))

    def _plan_button(self, plan: str) -> Button:
        button = Button(plan.capitalize())
        button.setCheckable(True)
        button.setAccessibleName(tr("Plan {plan}", plan=plan.capitalize()))
        button.clicked.connect(
            lambda on: self._want(replace(self._query, plan=plan if on else None))
        )
        return button

    def _switch(self, words: str, name: str) -> QCheckBox:
        box = QCheckBox(words)
        dress(box, "body")
        box.clicked.connect(lambda on: self._want(replace(self._query, **{name: on})))
        return box

    def _take_person(self, user: UserSummary) -> None:
        self._want(replace(self._query, referred_by=user.user_id))

    def _take_days(self) -> None:
        first, last = self.first.day, self.last.day
        if first and last and first > last:
            self.last.refuse(tr("The last day is before the first."))
        elif not (self.first.problem or self.last.problem):
            query = replace(self._query, registered_first=first, registered_last=last)
            self._want(query)
        self._say_problem()

    def _say_problem(self) -> None:
        said = self.first.problem or self.last.problem
        self.problem.setText(said)
        self.problem.setVisible(bool(said))
        self.updateGeometry()

    def _want(self, query: UserQuery) -> None:
        if not self._writing and query != self._query:
            self.wanted.emit(query)


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
