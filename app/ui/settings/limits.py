"""Limits as they stand: what you may give, what is left of today's, and who edits them."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event
from typing import Any

from app.domain.policy import SupportPolicy
from app.domain.staff import Act, Allowed, StaffMember, may
from app.ui import format as write
from app.ui.background import Latest
from app.ui.language import tr, trn
from app.ui.page import Frame
from app.ui.role_names import role_name
from app.ui.settings.card import Facts, SettingsCard
from app.ui.widgets.button import Button
from app.ui.widgets.text import Label


@dataclass(frozen=True)
class Limits:
    """Who asks, what the policy says and since which version, and what is left."""

    member: StaffMember
    policy: SupportPolicy
    version: int
    allowed: Allowed
    writable: bool


def read_limits(desk: Any, stop: Event) -> Limits:
    """Ask for them."""
    version = desk.pricing.current(stop=stop)
    return Limits(
        member=desk.staff.me(stop=stop),
        policy=version.prices.policy.support,
        version=version.number,
        allowed=desk.support.allowed(stop=stop),
        writable=desk.writable,
    )


def rules_said(limits: Limits) -> list[tuple[str, str]]:
    """The limits of a member of support, and what is beyond them."""
    policy = limits.policy
    return [
        (tr("In one grant"), tr("up to {credits}", credits=_credits(policy.limit_per_grant))),
        (
            tr("In a day"),
            tr("up to {credits}, over all they gave", credits=_credits(policy.limit_per_day)),
        ),
        (tr("More than that"), tr("waits for the approval of a support lead or admin")),
        (tr("Refunds"), tr("count against no limit")),
        (tr("Leads and admins"), tr("without limit, 1 to 1,000,000 in one grant")),
    ]


def yours_said(limits: Limits) -> list[tuple[str, str]]:
    """How you stand to them."""
    lines = [(tr("You"), f"{write.name(limits.member.email)}, {role_name(limits.member.role)}")]
    if not limits.writable:
        lines.append((tr("This database"), tr("can only be read here")))
    if not may(limits.member.role, Act.GRANT):
        return [*lines, (tr("Issuing credits"), tr("not for your role"))]
    today = limits.allowed.today
    if today is None:
        return [*lines, (tr("Issuing credits"), tr("without limit, 1 to 1,000,000 in one grant"))]
    given = limits.policy.limit_per_day - today
    return [
        *lines,
        (tr("Given today"), _credits(given)),
        (tr("Left today"), _credits(today)),
    ]


class LimitsCard(SettingsCard):
    """Those lines, and the way to where they are edited."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(
            frame,
            tr("Limits as they stand"),
            tr("What a member of support may give by themselves, as the price list has it."),
        )
        self._question = Latest(frame.background, owner=self)
        self.yours: dict[str, str] = {}
        self._holder: Facts | None = None
        self.edited = Label("", "caption", "text2", wrap=True)
        self.button = Button(tr("Open the policy"), self.open_policy, kind="link")
        self.add(self.edited)
        self.row(self.button)

    def open_policy(self) -> None:
        """Where the limits are edited."""
        self.frame.open_page("prices", "policy")

    def reload(self) -> None:
        desk = self.frame.desk
        if desk is not None:
            self._question.ask(lambda stop: read_limits(desk, stop), self.show_limits, self._failed)

    def show_limits(self, limits: Limits) -> None:
        """Show them."""
        self.hide_problem()
        lines = [*yours_said(limits), *rules_said(limits)]
        self.yours = dict(lines)
        made = Facts()
        for name, words in lines:
            made.add(name, Label(words, wrap=True))
        if self._holder is not None:
            self.body.removeWidget(self._holder)
            self._holder.hide()
            self._holder.deleteLater()
        self._holder = made
        self.body.insertWidget(self.body.indexOf(self.edited), made)
        version = write.credits(limits.version)
        who = tr(
            "From version {number} of the price list; product managers and admins edit it.",
            number=version,
        )
        self.edited.setText(who)

    def _failed(self, error: Exception) -> None:
        self.show_problem(error, tr("Reading your limits"))


def _credits(count: int) -> str:
    return trn("{count} credit", "{count} credits", count)
