"""The policy half of a price list: bonuses, allowances, validities, limits (rules, section 6)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bonus:
    """Credits given once, and for how long: ``P1Y``, ``P30D`` or ``month_end``."""

    credits: int
    valid: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why staff give, refund or void: a stable key and the words shown."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class SupportPolicy:
    """What a member of support may give, and how long it is valid by default (rules, section 4)."""

    limit_per_grant: int
    limit_per_day: int
    default_validity: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class TopUpPolicy:
    """Whether credits can be bought, by which plans, and for how long they are valid."""

    enabled: bool
    plans: tuple[str, ...]
    valid: str


@dataclass(frozen=True, slots=True)
class Policy:
    """All of ``pricing.json`` but its prices. ``plans`` gives each plan's credits for a month."""

    timezone: str
    plans: dict[str, int]
    signup: Bonus
    referral: Bonus
    support: SupportPolicy
    top_up: TopUpPolicy
