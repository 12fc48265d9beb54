"""What the frame shows of a desk: which database, who is signed in, in what role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import NotPermitted
from app.ui.window import Standing

if TYPE_CHECKING:
    from app.desk import Desk


def standing(desk: Desk, *, demo: bool = False) -> Standing:
    """What the frame shows of a desk; also where who is signed in may do nothing (any more).

    How much of their limit is left is told by ``ApprovalsWatch``: it takes longer to find out.
    """
    from app.ui.language import tr

    name = tr("in memory") if desk.path is None else desk.path.name
    if demo:
        name = tr("Demo, thrown away at the end")
    try:
        member = desk.staff.me()
    except NotPermitted:
        return Standing(name, desk.writable, desk.staff_email, tr("Not on the staff list"))
    from app.ui.role_names import role_name

    return Standing(name, desk.writable, member.email, role_name(member.role))
