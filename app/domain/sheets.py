"""Everything about one account as of one instant, read as one: its parts cannot disagree."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.calendar import Month
from app.domain.grants import PlanChange
from app.domain.ledger import LedgerEntry
from app.domain.proof import Proof
from app.domain.users import Account, MonthlyUse, Note, User


@dataclass(frozen=True, slots=True)
class Sheet:
    """An account with its proof, the newest entries of its ledger and what belongs to the user.

    ``months`` are those that ``usage`` is over, oldest first; ``ledger_months`` those that the
    whole ledger spans, newest first. ``referrals`` are who registered with the user's code,
    ``notes`` stand newest first, ``history`` are the plan changes in order.
    """

    account: Account
    proof: Proof
    entries: tuple[LedgerEntry, ...]
    months: tuple[Month, ...]
    usage: tuple[MonthlyUse, ...]
    ledger_months: tuple[Month, ...]
    referrals: tuple[User, ...]
    notes: tuple[Note, ...]
    history: tuple[PlanChange, ...]
