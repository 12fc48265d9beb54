"""Staff and roles: who is on the list, what each may do, and changing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout

from app.domain.staff import Act, LastSeen, Role, may
from app.ui import audit_names
from app.ui import format as write
from app.ui.background import Latest
from app.ui.columns import Column, instant_column
from app.ui.errors import trouble_of
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.role_names import role_name
from app.ui.rows_model import RowsModel
from app.ui.settings.card import SettingsCard, Signed, read_signed
from app.ui.settings.fitted import ROOM_TO_SAY, FittedTable
from app.ui.settings.roles import ROLES, answer, duties
from app.ui.settings.staff_dialogs import AddStaffDialog, StaffDutyDialog, StaffRoleDialog
from app.ui.widgets.button import Button
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.text import Label


@dataclass(frozen=True)
class StaffState:
    """Who is signed in, and everybody on the list."""

    signed: Signed
    people: tuple[LastSeen, ...]


def read_staff(desk: Any, stop: Event) -> StaffState:
    """Ask for the list."""
    return StaffState(read_signed(desk, stop), tuple(desk.staff.roster(stop=stop)))


class StaffCard(SettingsCard):
    """The list; who may not change it reads it."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(
            frame,
            tr("Staff"),
            tr(
                "Who works here, and as what. On a file of this computer identity is asserted, not"
                " proved: this guards against mistakes and keeps a record."
            ),
        )
        self._question = Latest(frame.background, owner=self)
        self.ready = False
        self.state: StaffState | None = None
        self._model: RowsModel[LastSeen] = RowsModel(_columns(frame))
        self.table = FittedTable(self._model, tr("Staff"), spare=("since", "duty"))
        frame.remember_table(self.table, "staff")
        self.table.row_actions = self._offered
        self.table.opened.connect(lambda _row: self.change_role())
        self.table.picked.connect(self._show_buttons)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_buttons())
        self.why_not = Label("", "caption", "text2", wrap=True)
        self.add_button = Button(tr("Add…"), self.add_somebody, icon="plus")
        self.role_button = Button(tr("Change role…"), self.change_role)
        self.duty_button = Button(tr("Take off duty…"), self.change_duty)
        self.add(self.table)
        self.row(self.add_button, self.role_button, self.duty_button)
        self.add(self.why_not)
        self.why_not.hide()
        self._show_buttons()

    @property
    def acts(self) -> Mapping[str, Callable[[], object]]:
        return {"add": self.add_somebody}

    def reload(self) -> None:
        desk = self.frame.desk
        if desk is not None:
            self.table.overlay.loading()
            self._question.ask(lambda stop: read_staff(desk, stop), self.show_state, self._failed)

    def show_state(self, state: StaffState) -> None:
        """Show who is on the list, the one chosen before still chosen."""
        chosen = self._chosen()
        self.state = state
        self._model.show_rows(state.people)
        self.table.fit(len(state.people))
        self.table.overlay.ready()
        for place, one in enumerate(self._model.rows):
            if chosen is not None and one.member.email == chosen.member.email:
                self.table.selectRow(place)
        why_not = state.signed.why_not(Act.MANAGE_STAFF)
        self.why_not.setText(why_not)
        self.why_not.setVisible(bool(why_not))
        self._show_buttons()
        self.got_ready()

    def add_somebody(self) -> Dialog | None:
        """Put somebody on the list."""
        if not self._may_change():
            return None
        return self._open(AddStaffDialog(self, self.frame))

    def change_role(self) -> Dialog | None:
        """Give whoever is chosen another role."""
        one = self._chosen()
        if one is None or not self._may_change():
            return None
        return self._open(StaffRoleDialog(self, self.frame, one.member, mine=self._is_me(one)))

    def change_duty(self) -> Dialog | None:
        """Take whoever is chosen off duty, or put them back on it."""
        one = self._chosen()
        if one is None or not self._may_change():
            return None
        return self._open(StaffDutyDialog(self, self.frame, one.member, mine=self._is_me(one)))

    # Inside

    def _open(self, dialog: Dialog) -> Dialog:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def _chosen(self) -> LastSeen | None:
        rows = self.table.selected()
        return rows[0] if len(rows) == 1 else None

    def _is_me(self, one: LastSeen) -> bool:
        return self.state is not None and one.member.id == self.state.signed.member.id

    def _may_change(self) -> bool:
        if self.state is None:
            return False
        why_not = self.state.signed.why_not(Act.MANAGE_STAFF)
        if why_not:
            self.frame.say(why_not)
        return not why_not

    def _show_buttons(self) -> None:
        one = self._chosen()
        may = self.state is not None and not self.state.signed.why_not(Act.MANAGE_STAFF)
        self.add_button.setEnabled(may)
        self.role_button.setEnabled(may and one is not None)
        self.duty_button.setEnabled(may and one is not None)
        back = one is not None and not one.member.active
        self.duty_button.setText(tr("Put back on duty…") if back else tr("Take off duty…"))

    def _offered(self, rows: list[LastSeen]) -> Sequence[QAction]:
        if len(rows) != 1 or not self.role_button.isEnabled():
            return ()
        role = QAction(self.role_button.text(), self)
        role.triggered.connect(self.change_role)
        duty = QAction(self.duty_button.text(), self)
        duty.triggered.connect(self.change_duty)
        return (role, duty)

    def _failed(self, error: Exception) -> None:
        trouble = trouble_of(error, tr("Reading the staff list"))
        self.table.fit(ROOM_TO_SAY)
        nothing = tr("Nothing was changed.")
        self.table.overlay.failed(trouble.sentence, nothing, self.reload, trouble.details)


class RolesCard(SettingsCard):
    """The table of roles, to be read beside the list."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, tr("Roles"), tr("Whatever is not listed is denied."))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 3)
        for column, role in enumerate(ROLES, start=1):
            grid.setColumnStretch(column, 1)
            grid.addWidget(Label(role_name(role), "header", "text2", wrap=True), 0, column)
        for row, duty in enumerate(duties(), start=1):
            grid.addWidget(Label(duty.words, wrap=True), row, 0)
            for column, role in enumerate(ROLES, start=1):
                said = answer(role, duty.act)
                label = Label(said, "body", "text" if may(role, duty.act) else "text3", wrap=True)
                label.setAccessibleName(
                    tr("{role}: {duty}: {answer}", role=role_name(role), duty=duty.words,
                       answer=said)
                )  # fmt: skip
                grid.addWidget(label, row, column)
        self.body.addLayout(grid)


def _columns(frame: Frame) -> tuple[Column[LastSeen], ...]:
    zone, acts = frame.zone, audit_names.acts()

    def state(one: LastSeen) -> tuple[str, str] | None:
        return None if one.member.active else (tr("off duty"), "neutral")

    def acted(one: LastSeen) -> str:
        if one.at is None:
            return write.EMPTY
        at = write.seen(one.at, zone, frame.now())
        return tr("{instant}, {act}", instant=at, act=audit_names.act_name(one.act, acts))

    return (
        Column("who", tr("Who"), lambda one: write.text(one.member.email), width=210, stretch=True,
               voice="name", ink=lambda one: "text" if one.member.active else "text3"),
        Column("role", tr("Role"), lambda one: role_name(Role(one.member.role)),
               value=lambda one: one.member.role.value, width=140,
               widest=lambda: tuple(map(role_name, ROLES))),
        Column("duty", tr("Duty"),
               lambda one: tr("on duty") if one.member.active else tr("off duty"), width=96,
               chip=state),
        instant_column("since", tr("Since"), lambda one: one.member.added_at, zone, frame.now,
                       room="day", width=136),
        Column("last", tr("Last act"), acted, value=lambda one: one.at, width=256,
               tip=lambda one: write.instant_tip(one.at, zone, frame.now())),
    )  # fmt: skip
