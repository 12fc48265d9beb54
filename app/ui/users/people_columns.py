"""The columns of the list of users, as data: the table shows them, copying and exporting too."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final

from app.domain.users import UserSummary
from app.ui import format as write
from app.ui.columns import Column, credits_column, instant_column
from app.ui.language import tr

LOW_BELOW: Final = 10
"""Fewer credits than this are marked as low: few features can still be used."""


def people_columns(zone: tzinfo, now: Callable[[], datetime]) -> tuple[Column[UserSummary], ...]:
    """What can be shown of a user; instants in the billing zone, how long is left by ``now``."""
    return (
        Column(
            "name", tr("Name"), lambda user: write.text(user.name), lambda user: user.name,
            voice="name", width=166,
        ),
        Column(
            "email", tr("E-mail"), lambda user: write.text(user.email), lambda user: user.email,
            width=210, stretch=True,
        ),
        Column(
            "user_id", tr("User id"), lambda user: write.text(user.user_id),
            lambda user: user.user_id, voice="code", width=130, link=True,
        ),
        Column(
            "plan", tr("Plan"), lambda user: user.plan.capitalize(), lambda user: user.plan,
                       width=70,
        ),
        credits_column("available", tr("Available"), lambda user: user.available, width=92),
        Column(
            "mark", tr("Mark"), mark_words, width=66, sortable=False,
            chip=mark,
        ),
        Column(
            "next_expiry", tr("Next expiry"), lambda user: expiry(user.next_expiry, zone, now()),
            lambda user: user.next_expiry, width=206,
            tip=lambda user: write.instant_tip(user.next_expiry, zone, now()),
        ),
        instant_column(
            "registered_at", tr("Registered"), lambda user: user.registered_at, zone, now, width=158
        ),
        Column(
            "referral_code", tr("Referral code"), lambda user: write.text(user.referral_code),
            lambda user: user.referral_code, voice="code", width=124,
        ),
        Column(
            "referred_by", tr("Referred by"), lambda user: write.text(user.referred_by),
            lambda user: user.referred_by, voice="code", width=124, shown=False,
        ),
    )  # fmt: skip


def expiry(at: datetime | None, zone: tzinfo, now: datetime) -> str:
    """When the next credits expire, and how long that is: 30 Nov · in 8 days."""
    if at is None:
        return write.EMPTY
    return f"{write.short_day(at, zone, now)} · {write.left(at, now)}"


def mark(user: UserSummary) -> tuple[str, str] | None:
    """The chip of who has nothing left, or little."""
    if user.available <= 0:
        return (tr("Out"), "danger")
    return (tr("Low"), "warning") if user.available < LOW_BELOW else None


def mark_words(user: UserSummary) -> str:
    """The same in words, for a file and a screen reader."""
    chip = mark(user)
    return chip[0] if chip else ""
