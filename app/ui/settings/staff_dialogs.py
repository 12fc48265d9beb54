"""Adding somebody to the staff, giving them another role, taking them off duty and back."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.staff import Act, Role, StaffMember, is_limited, may
from app.ui import format as write
from app.ui.act_dialog import ActDialog, Choice
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.role_names import role_name
from app.ui.settings.roles import ROLES, duties
from app.ui.theme import dress
from app.ui.widgets.fields import Labelled
from app.ui.widgets.text import Label

_CHANGES = frozenset({"staff", "activity"})


def may_do(role: Role) -> str:
    """What a role may do, in a sentence."""
    done = "; ".join(duty.words for duty in duties() if may(role, duty.act))
    if is_limited(role):
        return tr("{duties}. Credits are issued within limits.", duties=done)
    return tr("{duties}.", duties=done)


def _role_choice(chosen: Role | None = None) -> Choice:
    offered = [(role.value, role_name(role)) for role in ROLES]
    return Choice(tr("Role"), offered, chosen.value if chosen else "", tr("Choose a role"))


class AddStaffDialog(ActDialog):
    """A mail address and a role."""

    changes: ClassVar[frozenset[str]] = _CHANGES

    def __init__(self, parent: QWidget, frame: Frame) -> None:
        super().__init__(parent, frame, tr("Add somebody to the staff"), tr("Add"))
        self.doing = tr("Adding to the staff")
        self.email = QLineEdit()
        self.email.setAccessibleName(tr("Mail address"))
        self.email.setPlaceholderText("name@pixpretty.example")
        self.email.setMaxLength(200)
        dress(self.email, "body")
        self.role = _role_choice(Role.SUPPORT)
        self.means = Label("", "caption", "text2", wrap=True)
        hint = tr("As they will say who they are: with --staff, or the computer's account.")
        self.body.addWidget(Labelled(tr("Mail address"), self.email, hint))
        self.body.addWidget(Labelled(tr("Role"), self.role))
        self.body.addWidget(self.means)
        self.email.textChanged.connect(self._check)
        self.role.currentIndexChanged.connect(self._check)
        self._check()

    def submit(self) -> None:
        email, role = self.email.text().strip(), self.role.key
        self.write(lambda desk: desk.staff.add(email, role), self._added)

    def _added(self, member: StaffMember) -> None:
        role = role_name(member.role)
        self.frame.say(
            tr("{who} is on the staff now, as {role}.", who=write.name(member.email), role=role),
            tone="success",
        )

    def _check(self) -> None:
        self.means.setText(may_do(Role(self.role.key)) if self.role.key else "")
        self.set_act(tr("Add"), allowed=bool(self.email.text().strip() and self.role.key))
        self.make_room()


class StaffRoleDialog(ActDialog):
    """Another role, with what it may do; a warning where it is one's own."""

    changes: ClassVar[frozenset[str]] = _CHANGES

    def __init__(self, parent: QWidget, frame: Frame, member: StaffMember, *, mine: bool) -> None:
        super().__init__(parent, frame, tr("Change role"), tr("Change role"))
        self.doing = tr("Changing the role")
        self.member = member
        self._mine = mine
        self.role = _role_choice(member.role)
        self.means = Label("", "caption", "text2", wrap=True)
        self.warning = Label("", "name", "warning", wrap=True)
        self.body.addWidget(Label(write.text(member.email), "name"))
        self.body.addWidget(Labelled(tr("Role"), self.role))
        self.body.addWidget(self.means)
        self.body.addWidget(self.warning)
        self.role.currentIndexChanged.connect(self._check)
        self._check()

    def submit(self) -> None:
        email, role = self.member.email, self.role.key
        self.write(lambda desk: desk.staff.set_role(email, role), self._changed)

    def _changed(self, member: StaffMember) -> None:
        role = role_name(member.role)
        self.frame.say(
            tr("{who} is {role} now.", who=write.name(member.email), role=role), tone="success"
        )

    def _check(self) -> None:
        chosen = Role(self.role.key)
        self.means.setText(may_do(chosen))
        warned = []
        if self._mine and not may(chosen, Act.MANAGE_STAFF):
            warned.append(
                tr("This is you: afterwards you cannot change the staff any more, and only another"
                   " admin can take that back.")
            )  # fmt: skip
        if not self.member.active:
            warned.append(tr("They are off duty; with a role they are back on it."))
        self.warning.setText(" ".join(warned))
        self.warning.setVisible(bool(warned))
        same = chosen is self.member.role and self.member.active
        self.set_act(tr("Change role"), allowed=not same)
        self.make_room()


class StaffDutyDialog(ActDialog):
    """Off duty, or back on it; a warning where it is oneself."""

    changes: ClassVar[frozenset[str]] = _CHANGES

    def __init__(self, parent: QWidget, frame: Frame, member: StaffMember, *, mine: bool) -> None:
        title = tr("Take off duty") if member.active else tr("Put back on duty")
        super().__init__(parent, frame, title, title, kind="danger" if member.active else "primary")
        self.doing = title
        self.member = member
        role = role_name(member.role)
        if member.active:
            words = tr(
                "{who} can do nothing here any more, not even look. What they did stays on record.",
                who=write.name(member.email),
            )
        else:
            words = tr(
                "{who} can work here again, as {role}.", who=write.name(member.email), role=role
            )
        self.body.addWidget(Label(words, wrap=True))
        self.warning = Label("", "name", "warning", wrap=True)
        self.warning.setVisible(mine and member.active)
        if mine and member.active:
            self.warning.setText(
                tr("This is you: the window shows nothing any more afterwards, and only another"
                   " admin can take that back.")
            )  # fmt: skip
        self.body.addWidget(self.warning)

    def submit(self) -> None:
        email, active = self.member.email, self.member.active
        self.write(
            lambda desk: desk.staff.deactivate(email) if active else desk.staff.reactivate(email),
            self._changed,
        )

    def _changed(self, member: StaffMember) -> None:
        who = write.name(member.email)
        words = (
            tr("{who} is on duty.", who=who) if member.active else tr("{who} is off duty.", who=who)
        )
        self.frame.say(words, tone="success")
