"""The staff list: who uses the desk, and in which role (rules, section 5)."""

from __future__ import annotations

import builtins
import threading

from app.domain.errors import InvalidValue
from app.domain.sentences import said
from app.domain.staff import Act, LastSeen, Role, StaffMember, role_of
from app.domain.users import checked_text
from app.services.office import Office, Work
from app.storage import staff


class Staff:
    """Adding people, giving them roles, taking them off duty."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def me(self, *, stop: threading.Event | None = None) -> StaffMember:
        """Who is asking. Raises ``NotPermitted`` for somebody who is not on the list."""
        with self._office.reading(stop=stop) as work:
            return work.member

    def list(self, *, stop: threading.Event | None = None) -> list[StaffMember]:
        """Everybody who was ever on the list, by address; the product's own entry included."""
        with self._office.reading(stop=stop) as work:
            return staff.every(work.session)

    def roster(self, *, stop: threading.Event | None = None) -> builtins.list[LastSeen]:
        """Every person who was ever on the list, by address, with the newest act of each."""
        with self._office.reading(stop=stop) as work:
            everybody = staff.last_seen(work.session)
        return [one for one in everybody if one.member.role is not Role.SYSTEM]

    def may(self, act: Act) -> bool:
        """Whether the person may do ``act``; for screens, which must not offer what is denied."""
        return self._office.allowed(act)

    def add(self, email: str, role: str) -> StaffMember:
        """Put somebody on the list. Raises ``InvalidValue`` where they are on it already."""
        email = checked_text(email, "staff address")
        wanted = _person_role(role)
        with self._office.writing(Act.MANAGE_STAFF) as work:
            known = staff.by_email(work.session, email)
            if known is not None:
                message = said(
                    "“{email}” is on the staff list already, as {role}.",
                    email=known.email,
                    role=known.role,
                )
                raise InvalidValue(message, field="email", value=email)
            number = staff.add(work.session, email, wanted, work.now_ms)
            work.record("add staff", ("staff", email), after={"role": wanted.value})
            return StaffMember(number, email, wanted, added_at=work.now)

    def set_role(self, email: str, role: str) -> StaffMember:
        """Give somebody another role, and put them back on duty. The last admin stays one."""
        wanted = _person_role(role)
        with self._office.writing(Act.MANAGE_STAFF) as work:
            return _change(work, _known(work, email), wanted, active=True)

    def deactivate(self, email: str) -> StaffMember:
        """Take somebody off duty; what they did stays. The last admin stays on duty."""
        with self._office.writing(Act.MANAGE_STAFF) as work:
            member = _known(work, email)
            return _change(work, member, member.role, active=False)

    def reactivate(self, email: str) -> StaffMember:
        """Put somebody back on duty, in the role they had."""
        with self._office.writing(Act.MANAGE_STAFF) as work:
            member = _known(work, email)
            return _change(work, member, member.role, active=True)


def _person_role(text: str) -> Role:
    role = role_of(text)
    if role is Role.SYSTEM:
        message = said("The role “system” is the product's own; no person can have it.")
        raise InvalidValue(message, field="role", value=text)
    return role


def _known(work: Work, email: str) -> StaffMember:
    member = staff.by_email(work.session, checked_text(email, "mail address"))
    if member is None or member.role is Role.SYSTEM:
        message = said("“{email}” is not on the staff list.", email=email)
        raise InvalidValue(message, field="email", value=email)
    return member


def _change(work: Work, member: StaffMember, role: Role, *, active: bool) -> StaffMember:
    stays_admin = active and role is Role.ADMIN
    was_admin = member.active and member.role is Role.ADMIN
    if was_admin and not stays_admin and not staff.other_admins(work.session, member.id):
        message = said(
            "“{email}” is the last admin; make somebody else one first.", email=member.email
        )
        raise InvalidValue(message, field="role", value=role.value)
    staff.change(work.session, member.id, role, active=active)
    work.record(
        "change staff",
        ("staff", member.email),
        before={"role": member.role.value, "active": member.active},
        after={"role": role.value, "active": active},
    )
    return StaffMember(member.id, member.email, role, active, member.added_at)
