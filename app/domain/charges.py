"""Charges: what a use costs and which grants pay for it (rules, sections 3 and 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from app.domain.errors import InsufficientCredits, InvalidAmount, InvalidValue
from app.domain.sentences import said
from app.domain.users import can_be_kept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.grants import Grant

MOST_QUANTITY = 10_000
MOST_KEY = 200


class Spendable(Protocol):
    """What burn-down needs of a grant; instants may be of any one comparable type.

    A grant that names its ``kind`` is ordered by it too: allowances before other kinds.
    """

    @property
    def id(self) -> int: ...
    @property
    def credits(self) -> int: ...
    @property
    def remaining(self) -> int: ...
    @property
    def effective_at(self) -> Any: ...  # a datetime here, milliseconds in storage
    @property
    def expires_at(self) -> Any: ...  # as above


@dataclass(frozen=True, slots=True)
class Burn:
    """What one charge took of one grant."""

    grant_id: int
    credits: int


class Outcome(StrEnum):
    """How the job that a charge paid for ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Charge:
    """One use of a feature that was paid for, whole. ``credits`` is 0 for a free action."""

    id: int
    user_id: str
    feature: str
    quantity: int
    credits: int
    price_version: int
    occurred_at: datetime
    key: str
    burns: tuple[Burn, ...]
    recorded_at: datetime | None = None
    job: str = ""
    outcome: Outcome | None = None
    refunded: bool = False


@dataclass(frozen=True, slots=True)
class Refund:
    """A charge reversed, whole: ``returned`` went back to its grants, ``regranted`` is new.

    ``grant_id`` is the refund grant where something came back anew (rules, section 4).
    """

    id: int
    charge_id: int
    returned: int
    regranted: int
    grant_id: int | None = None
    at: datetime | None = None
    reason: str = ""
    note: str = ""
    staff: str = ""


@dataclass(frozen=True, slots=True)
class RefundPreview:
    """What a refund would do, shown before it is confirmed."""

    charge: Charge
    returned: int
    regranted: int
    regrant_expires_at: datetime


def burn_order(grant: Spendable) -> tuple[Any, Any, int, int]:
    """The place of a grant in burn-down: soonest expiry, earliest start, allowances, lowest id."""
    not_allowance = 0 if getattr(grant, "kind", None) == "monthly_allowance" else 1
    return (grant.expires_at, grant.effective_at, not_allowance, grant.id)


def burn_down(grants: Iterable[Spendable], credits: int, at: Any) -> list[Burn]:
    """Which of ``grants`` pay ``credits`` at the instant ``at``, in burn-down order.

    Each grant has ``id, credits, remaining, effective_at, expires_at`` (and ``kind`` where it is
    known); those not usable at ``at`` or with nothing left are passed over. All or nothing: raises
    ``InsufficientCredits`` when they hold too little, ``InvalidAmount`` for a negative number.
    (rules, section 3)
    """
    if credits < 0:
        message = said("A charge cannot take {credits} credits.", credits=credits)
        raise InvalidAmount(message, field="credits", value=credits)
    usable = [g for g in grants if g.remaining > 0 and g.effective_at <= at < g.expires_at]
    available = sum(grant.remaining for grant in usable)
    if available < credits:
        raise InsufficientCredits(needed=credits, available=available)
    burns: list[Burn] = []
    for grant in sorted(usable, key=burn_order):
        if credits == 0:
            break
        taken = min(grant.remaining, credits)
        burns.append(Burn(grant.id, taken))
        credits -= taken  # what is still to pay
    return burns


def checked_quantity(quantity: int) -> int:
    """``quantity`` if a charge may have it; ``InvalidAmount`` that names it otherwise."""
    whole = isinstance(quantity, int) and not isinstance(quantity, bool)
    if not whole or not 1 <= quantity <= MOST_QUANTITY:
        message = said(
            "The quantity {quantity} is not a whole number from 1 to {most}.",
            quantity=quantity,
            most=f"{MOST_QUANTITY:,}",
        )
        raise InvalidAmount(message, field="quantity", value=quantity)
    return quantity


def checked_key(key: str) -> str:
    """``key`` if it can be an idempotency key: 1 to 200 characters; ``InvalidValue`` otherwise."""
    text = isinstance(key, str) and can_be_kept(key)
    if not text or not key.strip() or len(key) > MOST_KEY:
        message = said(
            "The key {key} is not a text of 1 to {most} characters.",
            key=f"{key!r:.60}",
            most=MOST_KEY,
        )
        raise InvalidValue(message, field="key", value=key)
    return key


@dataclass(frozen=True, slots=True)
class RefundSplit:
    """The two parts of a refund: by grant what goes back, and what is granted anew."""

    returned: tuple[Burn, ...]
    regranted: int


def split_refund(burns: Iterable[Burn], usable: Iterable[Grant]) -> RefundSplit:
    """What of ``burns`` goes back to grants ``usable`` now, and what comes as a new grant.

    ``usable`` are the grants that are neither expired nor voided (rules, section 4).
    """
    living = {grant.id for grant in usable}
    burned = tuple(burns)
    back = tuple(burn for burn in burned if burn.grant_id in living)
    return RefundSplit(back, sum(b.credits for b in burned) - sum(b.credits for b in back))
