"""Who sits here and what holds: what every page that acts asks first. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event
from typing import Any

from app.domain.policy import SupportPolicy
from app.domain.staff import Act, StaffMember, why_not
from app.ui.language import of, tr

_READ_ONLY = tr("This database can only be read here.")


@dataclass(frozen=True)
class Standing:
    """Who sits here, what the policy lets them do, and what features are called."""

    member: StaffMember
    writable: bool
    policy: SupportPolicy
    names: dict[str, str]

    def why_not(self, act: Act) -> str:
        """Why the person may not do something, as a sentence; empty if they may."""
        if not self.writable:
            return _READ_ONLY
        return of(why_not(self.member.role, act))

    def reason(self, key: str) -> str:
        """What a reason is called."""
        return next((reason.name for reason in self.policy.reasons if reason.key == key), key)


def read_standing(desk: Any, stop: Event) -> Standing:
    """Ask who sits here and what holds."""
    return Standing(
        member=desk.staff.me(stop=stop),
        writable=desk.writable,
        policy=desk.pricing.current(stop=stop).prices.policy.support,
        names=desk.pricing.names(stop=stop),
    )
