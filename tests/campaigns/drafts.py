"""What if, by the plain model of the rules: a world's acts done again with another price list.

Nothing here knows how the program tries a draft. The model writes down what it does; ``Redone`` is
a model in whose months the draft is in force, and does the same acts again in the same order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from tests.campaigns.model import Model
from tests.campaigns.records import (
    Charge,
    Event,
    Grant,
    Prices,
    Refund,
    User,
    after,
    month_of,
    start_of,
    year_later,
)

Month = tuple[int, int]
Fate = tuple[str, datetime, str, int, int, bool]
"""Of a use of the months: user, instant, feature, quantity, cost (-1: not offered), paid."""


@dataclass(frozen=True)
class Done:
    """Something that was done, when the clock stood at ``now``."""

    now: datetime
    act: str
    values: tuple[Any, ...]


class Noted(Model):
    """The plain model, which also writes down what was done, in order."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.log: list[Done] = []

    def note(self, act: str, *values: Any) -> None:
        self.log.append(Done(self.now, act, values))

    def register(self, *values: Any) -> User:
        known = set(self.users)
        made = super().register(*values)
        if made.id not in known:
            self.note("register", *values[:5], made.registered)
        return made

    def change_plan(self, user: str, plan: str, at: datetime | None) -> None:
        who = self.users.get(user)
        before = len(who.changes) if who else 0
        super().change_plan(user, plan, at)
        if who and len(who.changes) > before:
            self.note("change_plan", user, plan, at or self.now)

    def burn(self, who: User, charge: Charge) -> None:
        super().burn(who, charge)
        self.note("charge", charge)

    def refund(self, key: str) -> Refund:
        made = super().refund(key)
        self.note("refund", key)
        return made

    def void(self, grant: Grant) -> None:
        super().void(grant)
        self.note("void", grant)

    def grant(self, *values: Any) -> Grant:
        return self._noting(lambda: super(Noted, self).grant(*values))

    def top_up(self, *values: Any) -> Grant:
        return self._noting(lambda: super(Noted, self).top_up(*values))

    def _noting(self, give: Callable[[], Grant]) -> Grant:
        before = self.count
        made = give()
        if made.number > before:
            self.note("grant", made)
        return made


@dataclass
class Draft:
    """Another list: its prices and policy. ``days`` is how long a bonus is valid, if not a year."""

    features: dict[str, int]
    plans: dict[str, int]
    signup: int
    referral: int
    days: int | None = None


@dataclass
class Redone(Model):
    """A world done again: from ``first`` to ``last`` the draft is in force (``None``: the record).

    ``fates`` tells how each use of those months fared, by its idempotency key.
    """

    world: Noted
    draft: Draft | None
    first: Month
    last: Month
    fates: dict[str, Fate] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(str(self.world.zone), self.world.log[0].now, self.world.versions[0])
        self.versions = self.world.versions
        self.start = start_of(self.first, self.zone)
        self.end = start_of(after(self.last), self.zone)
        self.same: dict[int, Grant] = {}
        for done in self.world.log:
            self.now = done.now
            getattr(self, f"again_{done.act}")(*done.values)
        self.now = self.world.now
        for user in self.users.values():
            self.release(user)

    def inside(self, at: datetime) -> bool:
        return self.start <= at < self.end

    def prices_at(self, at: datetime) -> Prices:
        found = super().prices_at(at)
        if self.draft is None or not self.inside(at):
            return found
        draft = self.draft
        return replace(
            found,
            features=draft.features,
            plans=draft.plans,
            signup=draft.signup,
            referral=draft.referral,
        )

    def give(  # noqa: PLR0917 - as the model has it
        self,
        user: str,
        kind: str,
        credits: int,
        effective: datetime,
        expires: datetime,
        plan: str = "",
    ) -> Grant:
        if self.draft and self.draft.days and self.inside(effective):
            if kind in {"signup_bonus", "referral_reward"}:
                local = effective.astimezone(self.zone) + timedelta(days=self.draft.days)
                expires = local.replace(fold=0).astimezone(effective.tzinfo)
            elif kind == "top_up":
                expires = year_later(effective, self.zone)
        return super().give(user, kind, credits, effective, expires, plan)

    def again_register(self, *values: Any) -> None:
        self.register(*values)

    def again_change_plan(self, user: str, plan: str, at: datetime) -> None:
        self.change_plan(user, plan, at)

    def again_charge(self, old: Charge) -> None:
        inside = self.inside(old.at)
        cost: int | None = old.needed
        if self.draft is not None and inside:
            price = self.prices_at(old.at).cost(old.feature)
            cost = None if price is None else price * old.quantity
        who = self.users[old.user]
        self.release(who, max(self.now, old.at))
        new = replace(old, burns=[], available=0, refused=False, refund=None)
        new.needed = -1 if cost is None else cost
        self.charges[old.key] = new
        if new.needed < 0:
            new.refused = True
        else:
            self.burn(who, new)
        if inside:
            self.fates[old.key] = (
                *(old.user, old.at, old.feature, old.quantity, new.needed, not new.refused),
            )

    def again_refund(self, key: str) -> None:
        self.release(self.users[self.charges[key].user])
        charge = self.charges[key]
        if not charge.refused and charge.credits:
            self.refund(key)

    def again_grant(self, old: Grant) -> None:
        self.release(self.users[old.user])
        self.give(old.user, old.kind, old.credits, old.effective, old.expires)

    def again_void(self, old: Grant) -> None:
        self.release(self.users[old.user])
        grant = self.like(old)
        if grant is not None and grant.usable(max(self.now, grant.effective)):
            grant.events.append(Event(max(self.now, grant.effective), "void", -grant.left))

    def like(self, old: Grant) -> Grant | None:
        """The grant that stands for one of the world: the same-th of its kind and start."""
        theirs = [g for g in self.world.users[old.user].grants if self.alike(g, old)]
        if old.kind == "refund":
            charge = next(
                c for c in self.world.charges.values() if c.refund and c.refund.grant is old
            )
            mine = self.charges[charge.key].refund
            return mine.grant if mine else None
        place = next(i for i, grant in enumerate(theirs) if grant is old)
        ours = [g for g in self.users[old.user].grants if self.alike(g, old)]
        return ours[place] if place < len(ours) else None

    @staticmethod
    def alike(one: Grant, other: Grant) -> bool:
        return (one.kind, one.effective, one.plan) == (other.kind, other.effective, other.plan)

    def expired(self) -> int:
        """What expired unused in the months, of those who used something in them."""
        people = {fate[0] for fate in self.fates.values()}
        return sum(
            grant.left
            for user in people
            for grant in self.users[user].grants
            if self.start < grant.expires <= self.end
        )


def months_of(world: Noted) -> list[Month]:
    """The months that are over, from the first registration on."""
    first = min(user.registered for user in world.users.values())
    month, found = month_of(first, world.zone), []
    while after(month) <= month_of(world.now, world.zone):
        found.append(month)
        month = after(month)
    return found
