"""Who may do what, as a table: the rules, section 5, read off the rules themselves. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.domain.staff import Act, Role, is_limited, may
from app.ui.language import tr

ROLES: Final = (
    Role.SUPPORT,
    Role.SUPPORT_LEAD,
    Role.PRODUCT_MANAGER,
    Role.QA,
    Role.ADMIN,
)
"""The roles that people have, in the order of the rules."""


@dataclass(frozen=True)
class Duty:
    """Something that is done, and an act that stands for it."""

    words: str
    act: Act


def duties() -> tuple[Duty, ...]:
    """What the table has a line for."""
    return (
        Duty(tr("Look up, charts, verify, export"), Act.LOOK_UP),
        Duty(tr("Register, change plan, note, correct contact, open a request"), Act.REGISTER),
        Duty(tr("Issue, refund, void, answer requests"), Act.GRANT),
        Duty(tr("Approve over the limit, not their own"), Act.APPROVE),
        Duty(tr("Import, back up"), Act.IMPORT_USERS),
        Duty(tr("Edit and publish prices"), Act.EDIT_PRICES),
        Duty(tr("What-if"), Act.WHAT_IF),
        Duty(tr("Staff, restore"), Act.MANAGE_STAFF),
    )


def answer(role: Role, act: Act) -> str:
    """Whether a role may do something: yes, within limits, or a dash."""
    if not may(role, act):
        return "–"
    return tr("within limits") if act is Act.GRANT and is_limited(role) else tr("yes")
