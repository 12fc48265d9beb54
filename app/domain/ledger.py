"""The ledger of a user: every change of the balance at its instant, with the running balance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EntryKind(StrEnum):
    """The kinds of ledger entries; the first six are those of grants."""

    SIGNUP_BONUS = "signup_bonus"
    REFERRAL_REWARD = "referral_reward"
    MONTHLY_ALLOWANCE = "monthly_allowance"
    SUPPORT_CREDIT = "support_credit"
    REFUND = "refund"
    TOP_UP = "top_up"
    USE = "use"
    REFUSED_USE = "refused_use"
    RETURN = "return"
    VOID = "void"
    EXPIRY = "expiry"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line: ``credits`` is signed (in positive, out negative), ``balance`` is after it.

    A refused use has 0 credits and keeps the balance; ``needed`` is what it would have cost.
    ``late`` marks an entry recorded later than it occurred; ``expected`` one that has not happened
    yet. ``position`` orders entries and serves as the cursor for paging (``before``).
    """

    at: datetime
    kind: EntryKind
    credits: int
    balance: int
    feature: str | None
    grant_id: int | None
    charge_id: int | None
    text: str
    quantity: int = 1
    price_version: int | None = None
    needed: int | None = None
    ticket: str = ""
    staff: str = ""
    reason: str = ""
    note: str = ""
    key: str = ""
    job: str = ""
    outcome: str | None = None
    refunded: bool = False
    late: bool = False
    expected: bool = False
    recorded_at: datetime | None = None
    position: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
