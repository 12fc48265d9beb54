"""Staff and roles: the list, changing it, what is refused, and what warns."""

import pytest
from pytestqt.qtbot import QtBot

from app.domain.staff import PERMITTED, Role, may
from app.ui.settings.roles import ROLES, answer, duties
from app.ui.settings.staff import StaffCard
from app.ui.settings.staff_dialogs import AddStaffDialog, StaffDutyDialog, StaffRoleDialog
from app.ui.window import Window
from tests import lively
from tests.ui.settings.world import As, Opener, card, said, settle


def choose(window: Window, email: str) -> StaffCard:
    staff = card(window, StaffCard)
    for place, one in enumerate(staff._model.rows):
        if one.member.email == email:
            staff.table.selectRow(place)
    return staff


def test_the_list_says_who_as_what_and_what_they_did_last(opener: Opener, as_: As) -> None:
    staff = card(opener(as_(lively.ADMIN), "staff"), StaffCard)
    shown = {one.member.email: one for one in staff._model.rows}
    assert {lively.ADMIN, lively.LEAD, lively.SUPPORT} <= set(shown)
    assert "system" not in shown
    assert shown[lively.SUPPORT].act
    assert not staff.role_button.isEnabled()  # nobody is chosen yet


def test_who_may_not_change_it_reads_it(opener: Opener, as_: As) -> None:
    window = opener(as_(lively.LEAD), "staff")
    staff = choose(window, lively.SUPPORT)
    assert not staff.add_button.isEnabled()
    assert not staff.role_button.isEnabled()
    assert "may not manage staff" in staff.why_not.text()
    assert staff.change_role() is None
    assert "may not manage staff" in said(window)


def test_somebody_is_added_given_a_role_taken_off_duty_and_put_back(
    opener: Opener, as_: As, qtbot: QtBot
) -> None:
    desk = as_(lively.ADMIN)
    window = opener(desk, "staff")
    staff = card(window, StaffCard)
    add = staff.add_somebody()
    assert isinstance(add, AddStaffDialog)
    assert not add.act_button.isEnabled()
    add.email.setText("new@pixpretty.example")
    add.role.choose("qa")
    add.try_submit()
    settle(window, qtbot)
    staff = choose(window, "new@pixpretty.example")
    role = staff.change_role()
    assert isinstance(role, StaffRoleDialog)
    assert not role.act_button.isEnabled()  # it is the role they have
    role.role.choose("support_lead")
    assert "Approve over the limit" in role.means.text()
    role.try_submit()
    settle(window, qtbot)
    for words, active in (("Take off duty", False), ("Put back on duty", True)):
        staff = choose(window, "new@pixpretty.example")
        duty = staff.change_duty()
        assert isinstance(duty, StaffDutyDialog)
        assert duty.act_button.text() == words
        assert not duty.warning.isVisible()
        duty.try_submit()
        settle(window, qtbot)
        seen = {one.member.email: one.member for one in desk.staff.roster()}
        member = seen["new@pixpretty.example"]
        assert (member.role, member.active) == ("support_lead", active)
    acts = [record.act for record in desk.integrity.audit(limit=4)]
    assert acts == ["change staff", "change staff", "change staff", "add staff"]


def test_who_is_on_the_list_already_is_refused_in_the_dialog(
    opener: Opener, as_: As, qtbot: QtBot
) -> None:
    window = opener(as_(lively.ADMIN), "staff")
    add = card(window, StaffCard).add_somebody()
    assert isinstance(add, AddStaffDialog)
    add.email.setText(lively.LEAD)
    add.try_submit()
    settle(window, qtbot)
    assert "already" in add.problem
    assert add.email.text() == lively.LEAD
    add.reject()


def test_nobody_locks_themselves_out_without_a_warning_and_the_last_admin_stays(
    opener: Opener, as_: As, qtbot: QtBot
) -> None:
    desk = as_(lively.ADMIN)
    window = opener(desk, "staff")
    staff = choose(window, lively.ADMIN)
    role = staff.change_role()
    assert isinstance(role, StaffRoleDialog)
    assert not role.warning.isVisible()
    role.role.choose("support")
    assert "This is you" in role.warning.text()
    role.try_submit()
    settle(window, qtbot)
    assert "last admin" in role.problem
    role.reject()
    duty = staff.change_duty()
    assert isinstance(duty, StaffDutyDialog)
    assert "This is you" in duty.warning.text()
    duty.try_submit()
    settle(window, qtbot)
    assert "last admin" in duty.problem
    assert desk.staff.me().role == "admin"
    duty.reject()


@pytest.mark.parametrize("role", ROLES)
def test_the_table_of_roles_says_what_the_rules_say(role: Role) -> None:
    for duty in duties():
        assert (answer(role, duty.act) != "–") is may(role, duty.act)
    assert (answer(role, duties()[2].act) == "within limits") is (role is Role.SUPPORT)


def test_every_role_of_a_person_stands_in_the_table() -> None:
    assert {*ROLES, Role.SYSTEM} == set(PERMITTED)
