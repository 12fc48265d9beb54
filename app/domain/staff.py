"""Who may do what (rules, section 5): roles, acts, and the limits of a member of support."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.errors import InvalidValue, NotPermitted
from app.domain.sentences import Said, said


class Role(StrEnum):
    """The roles of the rules, section 5. ``SYSTEM`` is the product itself, never a person."""

    SUPPORT = "support"
    SUPPORT_LEAD = "support_lead"
    PRODUCT_MANAGER = "product_manager"
    QA = "qa"
    ADMIN = "admin"
    SYSTEM = "system"


class Act(StrEnum):
    """Everything the service layer lets somebody do."""

    LOOK_UP = "look up"
    VERIFY = "verify"
    REGISTER = "register users"
    CHANGE_PLAN = "change plans"
    NOTE = "write notes"
    CORRECT = "correct contact data"
    OPEN_REQUEST = "open requests"
    CHARGE = "charge uses"
    REPORT_OUTCOME = "report outcomes"
    GRANT = "issue credits"
    REFUND = "refund charges"
    REFUND_FAILED = "refund failed jobs"
    VOID = "void grants"
    RESOLVE_REQUEST = "resolve requests"
    APPROVE = "approve over the limit"
    EDIT_REPLIES = "edit the texts of replies"
    IMPORT_USERS = "import users, plans and requests"
    IMPORT_USAGE = "import usage"
    BACK_UP = "back up the database"
    RELEASE = "release allowances"
    TOP_UP = "record top-ups"
    EDIT_PRICES = "edit and publish prices"
    WHAT_IF = "run what-if"
    MANAGE_STAFF = "manage staff"
    RESTORE = "restore the database"


ROLES_IN_WORDS: Mapping[Role, Said] = {
    Role.SUPPORT: said("support"),
    Role.SUPPORT_LEAD: said("support lead"),
    Role.PRODUCT_MANAGER: said("product manager"),
    Role.QA: said("qa"),
    Role.ADMIN: said("admin"),
    Role.SYSTEM: said("system"),
}
"""What a role is called within a sentence."""
ACTS_IN_WORDS: Mapping[Act, Said] = {
    Act.LOOK_UP: said("look up"),
    Act.VERIFY: said("verify"),
    Act.REGISTER: said("register users"),
    Act.CHANGE_PLAN: said("change plans"),
    Act.NOTE: said("write notes"),
    Act.CORRECT: said("correct contact data"),
    Act.OPEN_REQUEST: said("open requests"),
    Act.CHARGE: said("charge uses"),
    Act.REPORT_OUTCOME: said("report outcomes"),
    Act.GRANT: said("issue credits"),
    Act.REFUND: said("refund charges"),
    Act.REFUND_FAILED: said("refund failed jobs"),
    Act.VOID: said("void grants"),
    Act.RESOLVE_REQUEST: said("resolve requests"),
    Act.APPROVE: said("approve over the limit"),
    Act.EDIT_REPLIES: said("edit the texts of replies"),
    Act.IMPORT_USERS: said("import users, plans and requests"),
    Act.IMPORT_USAGE: said("import usage"),
    Act.BACK_UP: said("back up the database"),
    Act.RELEASE: said("release allowances"),
    Act.TOP_UP: said("record top-ups"),
    Act.EDIT_PRICES: said("edit and publish prices"),
    Act.WHAT_IF: said("run what-if"),
    Act.MANAGE_STAFF: said("manage staff"),
    Act.RESTORE: said("restore the database"),
}
"""What an act is called after “may not”."""
_LOOK = {Act.LOOK_UP, Act.VERIFY}
_SUPPORT = _LOOK | {
    Act.REGISTER,
    Act.CHANGE_PLAN,
    Act.NOTE,
    Act.CORRECT,
    Act.OPEN_REQUEST,
    Act.GRANT,
    Act.REFUND,
    Act.REFUND_FAILED,
    Act.VOID,
    Act.RESOLVE_REQUEST,
}
_LEAD = _SUPPORT | {
    Act.APPROVE,
    Act.EDIT_REPLIES,
    Act.IMPORT_USERS,
    Act.IMPORT_USAGE,
    Act.BACK_UP,
    Act.RELEASE,
}
PERMITTED: dict[Role, frozenset[Act]] = {
    Role.SUPPORT: frozenset(_SUPPORT),
    Role.SUPPORT_LEAD: frozenset(_LEAD),
    Role.PRODUCT_MANAGER: frozenset(_LOOK | {Act.EDIT_PRICES, Act.WHAT_IF}),
    Role.QA: frozenset(_LOOK | {Act.WHAT_IF}),
    Role.ADMIN: frozenset(Act),
    Role.SYSTEM: frozenset(
        _LOOK
        | {
            Act.REGISTER,
            Act.CHANGE_PLAN,
            Act.CHARGE,
            Act.REPORT_OUTCOME,
            Act.REFUND_FAILED,
            Act.IMPORT_USAGE,
            Act.TOP_UP,
        }
    ),
}
"""Whatever is not listed is denied."""


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who uses the desk. Identity is asserted, not proved, on a local file."""

    id: int
    email: str
    role: Role
    active: bool = True
    added_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LastSeen:
    """Somebody on the staff list, and the newest act of theirs on record (none: ``None``, "")."""

    member: StaffMember
    at: datetime | None = None
    act: str = ""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is left of a person's own limits; ``None`` means without limit (rules, section 4)."""

    per_grant: int | None
    today: int | None


def may(role: Role | None, act: Act) -> bool:
    """Whether the role includes the act; nobody unknown may do anything."""
    return role is not None and act in PERMITTED.get(role, frozenset())


def require(member: StaffMember | None, email: str, act: Act) -> StaffMember:
    """``member`` if they are active and may do ``act``; ``NotPermitted`` otherwise."""
    if member is None:
        message = said(
            "“{email}” is not on the staff list of this database; an admin can add them.",
            email=email,
        )
        raise NotPermitted(message, staff=email, act=str(act))
    if not member.active:
        message = said(
            "“{email}” is no longer active on the staff list; an admin can change that.",
            email=email,
        )
        raise NotPermitted(message, staff=email, act=str(act))
    if not may(member.role, act):
        message = said(
            "“{email}” has the role {role}, which may not {act}.",
            email=email,
            role=ROLES_IN_WORDS[member.role],
            act=ACTS_IN_WORDS[act],
        )
        raise NotPermitted(message, staff=email, act=str(act), role=str(member.role))
    return member


def why_not(role: Role, act: Act) -> str:
    """Why somebody of a role may not do something, in a sentence; empty if they may."""
    if may(role, act):
        return ""
    return said(
        "Your role, {role}, may not {act}.", role=ROLES_IN_WORDS[role], act=ACTS_IN_WORDS[act]
    )


def role_of(text: str) -> Role:
    """The role of a name, ``system`` included; ``InvalidValue`` that names it otherwise."""
    try:
        return Role(text)
    except ValueError as error:
        names = ", ".join(role.value for role in Role)
        message = said("“{given}” is not a role; the roles are {names}.", given=text, names=names)
        raise InvalidValue(message, field="role", value=text) from error


def is_limited(role: Role) -> bool:
    """Whether grants of this role count against limits: only a member of support's do."""
    return role is Role.SUPPORT
