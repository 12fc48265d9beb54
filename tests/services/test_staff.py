from __future__ import annotations

from collections.abc import Callable

import pytest

from app import Desk, open_desk
from app.domain.errors import InvalidValue, NotPermitted
from app.domain.staff import Role
from tests.services.conftest import Clock

AsRole = Callable[..., Desk]


def test_whoever_makes_a_database_is_its_first_admin(desk: Desk) -> None:
    assert desk.staff.me().role is Role.ADMIN


def test_the_product_is_never_the_first_admin(clock: Clock) -> None:
    with pytest.raises(NotPermitted, match="needs a person"):
        open_desk(":memory:", staff="system", now=clock)


def test_somebody_who_is_not_on_the_list_may_not_even_look(desk: Desk, as_role: AsRole) -> None:
    as_role("support")
    stranger = as_role("support", "gone@pixpretty.example")
    desk.staff.deactivate("gone@pixpretty.example")

    with pytest.raises(NotPermitted, match="no longer active"):
        stranger.accounts.count()


def test_each_role_is_held_to_the_table_by_the_services(desk: Desk, as_role: AsRole) -> None:
    desk.accounts.register("u1", email="a@example.com", name="A")
    acts: dict[str, Callable[[Desk], object]] = {
        "charge": lambda d: d.charging.charge("u1", "object_remover", key="once"),
        "note": lambda d: d.accounts.note("u1", "seen"),
        "plan": lambda d: d.accounts.change_plan("u1", "free"),
        "staff": lambda d: d.staff.add(f"{d.staff.me().role}-2@pixpretty.example", "qa"),
        "release": lambda d: d.accounts.release_month(),
    }
    may: dict[str, set[str]] = {}
    for role in Role:
        for name, act in acts.items():
            try:
                act(as_role(role.value))
            except NotPermitted:
                continue
            may.setdefault(role.value, set()).add(name)

    assert may == {
        "support": {"note", "plan"},
        "support_lead": {"note", "plan", "release"},
        "admin": {"charge", "note", "plan", "staff", "release"},
        "system": {"charge", "plan"},
    }


def test_the_last_admin_stays_one(desk: Desk) -> None:
    with pytest.raises(InvalidValue, match="last admin"):
        desk.staff.set_role("ana@pixpretty.example", "qa")
    with pytest.raises(InvalidValue, match="last admin"):
        desk.staff.deactivate("ana@pixpretty.example")
    desk.staff.add("bo@pixpretty.example", "admin")

    assert desk.staff.set_role("ana@pixpretty.example", "qa").role is Role.QA


@pytest.mark.parametrize(
    ("email", "role", "named"),
    [
        ("ANA@pixpretty.example", "qa", "on the staff list already"),
        ("bo@pixpretty.example", "king", "king"),
        ("bo@pixpretty.example", "system", "system"),
        ("  ", "qa", "empty"),
    ],
)
def test_who_cannot_be_added_is_named(desk: Desk, email: str, role: str, named: str) -> None:
    with pytest.raises(InvalidValue, match=named):
        desk.staff.add(email, role)

    assert len(desk.staff.list()) == 2


def test_who_was_off_duty_comes_back_in_the_role_they_had_and_it_is_on_record(desk: Desk) -> None:
    desk.staff.add("lea@pixpretty.example", "support_lead")
    desk.staff.deactivate("lea@pixpretty.example")
    assert desk.staff.reactivate("lea@pixpretty.example").role == "support_lead"
    record = desk.integrity.audit(limit=1)[0]
    assert (record.act, record.before["active"], record.after["active"]) == (
        "change staff",
        False,
        True,
    )


def test_the_roster_says_what_each_person_did_last_and_leaves_the_product_out(
    desk: Desk, as_role: AsRole, clock: Clock
) -> None:
    support = as_role("support")
    clock.pass_(hours=1)
    support.accounts.register("usr_1", email="a@example.com", name="")
    seen = {one.member.email: (one.at, one.act) for one in desk.staff.roster()}
    assert seen["support@pixpretty.example"] == (clock.now, "register")
    assert seen["ana@pixpretty.example"][1] == "add staff"
    assert "system" not in seen
