"""Grants over a limit wait for the approval of somebody else (rules, section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """A grant that was asked for; decided once, by somebody other than who asked.

    ``approved`` is ``None`` while it waits. ``grant_id`` is the grant that was made.
    """

    id: int
    user_id: str
    credits: int
    reason: str
    note: str
    ticket: str
    validity: str
    expires_at: datetime | None
    asked_by: str
    asked_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    approved: bool | None = None
    decision_note: str = ""
    grant_id: int | None = None


@dataclass(frozen=True, slots=True)
class WaitingGrant:
    """An approval that waits, with whom it is for and what they hold now.

    ``own`` says that the person who looks asked for it: somebody else has to approve it.
    """

    approval: Approval
    name: str
    email: str
    available: int
    own: bool

    @property
    def after(self) -> int:
        """What they would hold."""
        return self.available + self.approval.credits
