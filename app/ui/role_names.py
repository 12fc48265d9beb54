"""What the roles of staff are called, wherever one is shown. No Qt."""

from __future__ import annotations

from app.domain.staff import Role
from app.ui.language import tr


def role_name(role: Role) -> str:
    """What a role is called."""
    return {
        Role.SUPPORT: tr("Support"),
        Role.SUPPORT_LEAD: tr("Support lead"),
        Role.PRODUCT_MANAGER: tr("Product manager"),
        Role.QA: tr("QA"),
        Role.ADMIN: tr("Admin"),
        Role.SYSTEM: tr("The product itself"),
    }[role]
