"""What the plain model of the rule book keeps on record, and how it tells time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


class Refused(Exception):
    """An act the rules do not allow; ``error`` is the name of the error a caller sees."""

    def __init__(self, error: str, **values: int) -> None:
        super().__init__(error)
        self.error = error
        self.values = values


# --- what is on record


@dataclass
class Prices:
    """One version of the price list."""

    number: int
    since: datetime | None
    features: dict[str, int]
    free_actions: set[str]
    plans: dict[str, int]
    signup: int
    referral: int
    top_up: bool = False
    withdrawn: bool = False

    def cost(self, feature: str) -> int | None:
        return 0 if feature in self.free_actions else self.features.get(feature)


@dataclass
class Event:
    """What happened to a grant at an instant: a burn (``charge``), a return, or a void."""

    at: datetime
    kind: str
    credits: int
    charge: Charge | None = None


@dataclass
class Grant:
    number: int
    user: str
    kind: str
    credits: int
    effective: datetime
    expires: datetime
    plan: str = ""
    events: list[Event] = field(default_factory=list)

    def usable(self, at: datetime) -> bool:
        return self.effective <= at < self.expires

    def held(self, at: datetime) -> int:
        return self.credits + sum(event.credits for event in self.events if event.at <= at)

    @property
    def left(self) -> int:
        return self.credits + sum(event.credits for event in self.events)

    @property
    def voided(self) -> bool:
        return any(event.kind == "void" for event in self.events)

    def least(self, since: datetime) -> int:
        instants = [since] + [event.at for event in self.events if event.at > since]
        return min(self.left, *(self.held(instant) for instant in instants), self.held(since))

    def place(self) -> tuple[datetime, datetime, bool, int]:
        return (self.expires, self.effective, self.kind != "monthly_allowance", self.number)


@dataclass
class Charge:
    key: str
    user: str
    feature: str
    quantity: int
    at: datetime
    given_at: datetime | None
    recorded: datetime
    needed: int
    version: int
    plan: str
    burns: list[tuple[Grant, int]] = field(default_factory=list)
    available: int = 0
    refused: bool = False
    refund: Refund | None = None

    @property
    def credits(self) -> int:
        return sum(credits for _, credits in self.burns)


@dataclass
class Refund:
    at: datetime
    returned: int
    regranted: int
    grant: Grant | None


@dataclass
class User:
    id: str
    email: str
    name: str
    code: str | None
    referred_by: str | None
    registered: datetime
    given_at: datetime | None
    paid_referrer: str | None = None
    changes: list[tuple[datetime, int, str]] = field(default_factory=list)
    released: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    grants: list[Grant] = field(default_factory=list)

    def plan_at(self, at: datetime) -> str:
        held = "free"
        for since, _, plan in sorted(self.changes):
            if since <= at:
                held = plan
        return held


@dataclass(frozen=True)
class Line:
    """One change of a balance."""

    at: datetime
    kind: str
    credits: int


# --- time


def month_of(at: datetime, zone: ZoneInfo) -> tuple[int, int]:
    local = at.astimezone(zone)
    return local.year, local.month


def start_of(month: tuple[int, int], zone: ZoneInfo) -> datetime:
    return datetime(*month, 1, tzinfo=zone).astimezone(UTC)


def after(month: tuple[int, int]) -> tuple[int, int]:
    return (month[0] + 1, 1) if month[1] == 12 else (month[0], month[1] + 1)


def year_later(at: datetime, zone: ZoneInfo) -> datetime:
    local = at.astimezone(zone).replace(fold=0)
    leap_day = (local.month, local.day) == (2, 29)
    local = local.replace(year=local.year + 1, day=28 if leap_day else local.day)
    return local.astimezone(UTC)
