"""Your limits as they stand: what you may give, what is left of today's, and who may do what."""

from dataclasses import dataclass
from threading import Event
from typing import Any, Final

from app.domain.policy import SupportPolicy
from app.domain.staff import Act, Allowed, StaffMember, may
from app.ui import format as write
from app.ui.background import Latest
from app.ui.errors import trouble_of
from app.ui.page import Frame
from app.ui.settings.card import SettingsCard
from app.ui.widgets.text import Label

_ABOUT: Final = "As the price list in force has them; a product manager or an admin edits them."


@dataclass(frozen=True)
class Limits:
    """Who asks, what the policy says, and what is left."""

    member: StaffMember
    policy: SupportPolicy
    allowed: Allowed
    writable: bool


def read_limits(desk: Any, stop: Event) -> Limits:
    """Ask for them."""
    return Limits(
        member=desk.staff.me(stop=stop),
        policy=desk.pricing.current(stop=stop).prices.policy.support,
        allowed=desk.support.allowed(stop=stop),
        writable=desk.writable,
    )


def said(limits: Limits) -> list[tuple[str, str]]:
    """The lines of the card: what it is, and how it stands."""
    role = limits.member.role.replace("_", " ")
    lines = [("You", f"{write.name(limits.member.email)}, {role}")]
    if not limits.writable:
        lines.append(("This database", "can only be read here"))
    if not may(limits.member.role, Act.GRANT):
        return [*lines, ("Issuing credits", "not for your role")]
    if limits.allowed.today is None:
        return [*lines, ("Issuing credits", "without limit, 1 to 1,000,000 in one grant")]
    policy = limits.policy
    return [
        *lines,
        ("In one grant", f"up to {write.counted(policy.limit_per_grant, 'credit')}"),
        ("In a day", f"up to {write.counted(policy.limit_per_day, 'credit')}"),
        ("Left today", write.counted(limits.allowed.today, "credit")),
        ("More than that", "waits for the approval of a support lead or admin"),
        ("Refunds", "count against no limit"),
    ]


class LimitsCard(SettingsCard):
    """Those lines."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, "Your limits as they stand", _ABOUT)
        self._question = Latest(frame.background, owner=self)
        self.lines = Label("", wrap=True)
        self.add(self.lines)

    def reload(self) -> None:
        desk = self.frame.desk
        if desk is not None:
            self._question.ask(lambda stop: read_limits(desk, stop), self._came, self._failed)

    def _came(self, limits: Limits) -> None:
        self.lines.setText("\n".join(f"{name}: {words}" for name, words in said(limits)))

    def _failed(self, error: Exception) -> None:
        self.lines.setText(trouble_of(error, "Reading your limits").sentence)
