"""The rule book as the plainest program that follows it, to hold the real one against.

Nothing here knows the application: no imports from it, everything in memory, every answer worked
out anew from the events. Slow is fine; obvious is the point. Where the rules allow a grant to be
stored early or late, this model gives it at once: before every act it releases what is due.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.campaigns.records import (
    Charge,
    Event,
    Grant,
    Line,
    Prices,
    Refund,
    Refused,
    User,
    after,
    month_of,
    start_of,
    year_later,
)

AHEAD = timedelta(minutes=5)
MOST_QUANTITY = 10_000
MOST_CREDITS = 1_000_000


class Model:
    """Everything on record, and what each act does to it; ``now`` is moved from outside."""

    def __init__(self, zone: str, now: datetime, prices: Prices) -> None:
        self.zone = ZoneInfo(zone)
        self.now = now
        self.versions = [prices]
        self.users: dict[str, User] = {}
        self.charges: dict[str, Charge] = {}
        self.keys: dict[str, tuple[object, ...]] = {}
        self.count = 0

    def number(self) -> int:
        self.count += 1
        return self.count

    def prices_at(self, at: datetime) -> Prices:
        holding = [
            v for v in self.versions if not v.withdrawn and (v.since is None or v.since <= at)
        ]
        oldest = datetime.min.replace(tzinfo=UTC)
        return max(holding, key=lambda v: (v.since or oldest, v.number))

    def user(self, user: str) -> User:
        if user not in self.users:
            raise Refused("UnknownUser")
        return self.users[user]

    def not_ahead(self, at: datetime) -> None:
        if at > self.now + AHEAD:
            raise Refused("InvalidInstant")

    def give(  # noqa: PLR0917 - a grant is these six
        self,
        user: str,
        kind: str,
        credits: int,
        effective: datetime,
        expires: datetime,
        plan: str = "",
    ) -> Grant:
        grant = Grant(self.number(), user, kind, credits, effective, expires, plan)
        self.users[user].grants.append(grant)
        return grant

    # allowances

    def due(
        self, user: User, until: datetime
    ) -> Iterator[tuple[tuple[int, int], str, int, datetime]]:
        """Month, plan, credits and start of what is owed up to ``until`` and not released yet."""
        month = month_of(user.registered, self.zone)
        while start_of(month, self.zone) <= until:
            start, end = start_of(month, self.zone), start_of(after(month), self.zone)
            amounts = self.prices_at(start).plans
            released = user.released[month]
            # A plan releases once a month, whatever list is published at its first instant.
            given = {grant.plan for grant in user.grants if start <= grant.effective < end}
            begins = {start} | {at for at, _, _ in user.changes if start < at < end}
            held = [(at, user.plan_at(at)) for at in sorted(begins) if user.registered <= at]
            held += [
                (at, plan) for at, _, plan in user.changes if start < at < end
            ]  # even one held for no time at all
            for at, plan in sorted(held, key=lambda pair: pair[0]):
                missing = amounts.get(plan, 0) - released
                if at <= until and missing > 0 and plan not in given:
                    yield month, plan, missing, at
                    released += missing
            month = after(month)

    def release(self, user: User, until: datetime | None = None) -> None:
        for month, plan, credits, at in list(self.due(user, until or self.now)):
            end = start_of(after(month), self.zone)
            self.give(user.id, "monthly_allowance", credits, at, end, plan)
            user.released[month] += credits

    # acts

    def register(  # noqa: PLR0917 - as the real one names them
        self,
        user: str,
        email: str,
        name: str,
        code: str | None,
        referred_by: str | None,
        at: datetime | None,
    ) -> User:
        known = self.users.get(user)
        if known is not None:
            same = (known.email, known.name, known.code, known.referred_by) == (
                email, name, code, referred_by,
            )  # fmt: skip
            if same and at in (None, known.registered):
                return known
            raise Refused("AlreadyRegistered")
        if code is not None and any(other.code == code for other in self.users.values()):
            raise Refused("AlreadyRegistered")
        when = at or self.now
        self.not_ahead(when)
        referrer = next(
            (u for u in self.users.values() if referred_by and u.code == referred_by), None
        )
        made = User(user, email, name, code, referred_by, when, at)
        made.changes.append((when, self.number(), "free"))
        self.users[user] = made
        prices, until = self.prices_at(when), year_later(when, self.zone)
        self.give(user, "signup_bonus", prices.signup, when, until)
        if referrer is not None and referrer.registered <= when:
            made.paid_referrer = referrer.id
            self.release(referrer, max(self.now, when))
            self.give(referrer.id, "referral_reward", prices.referral, when, until)
        self.release(made)
        return made

    def change_plan(self, user: str, plan: str, at: datetime | None) -> None:
        who, when = self.user(user), at or self.now
        self.not_ahead(when)
        if when < who.registered:
            raise Refused("InvalidInstant")
        self.release(who)
        if who.plan_at(when) == plan:
            return
        who.changes.append((when, self.number(), plan))
        self.release(who, max(self.now, when))

    def charge(
        self, user: str, feature: str, key: str, quantity: int, at: datetime | None
    ) -> Charge:
        known = self.charges.get(key)
        if known is not None:
            same = (known.user, known.feature, known.quantity) == (user, feature, quantity)
            if not same or at not in (None, known.at):
                raise Refused("IdempotencyConflict")
            return self.settled(known)
        if not 1 <= quantity <= MOST_QUANTITY:
            raise Refused("InvalidAmount")
        who, when = self.user(user), at or self.now
        self.not_ahead(when)
        prices = self.prices_at(when)
        cost = prices.cost(feature)
        if cost is None:
            listed = any(v.cost(feature) is not None for v in self.versions if not v.withdrawn)
            raise Refused("RetiredFeature" if listed else "UnknownFeature")
        self.release(who, max(self.now, when))
        made = Charge(
            key, user, feature, quantity, when, at, self.now, cost * quantity, prices.number,
            who.plan_at(when),
        )  # fmt: skip
        self.charges[key] = made
        self.burn(who, made)
        return self.settled(made)

    def burn(self, who: User, charge: Charge) -> None:
        holds = {g.number: g.least(charge.at) for g in who.grants if g.usable(charge.at)}
        charge.available = sum(holds.values())
        if charge.available < charge.needed:
            charge.refused = True
            return
        missing = charge.needed
        for grant in sorted((g for g in who.grants if g.number in holds), key=Grant.place):
            taken = min(missing, holds[grant.number])
            if taken:
                grant.events.append(Event(charge.at, "use", -taken, charge))
                charge.burns.append((grant, taken))
                missing -= taken

    def settled(self, charge: Charge) -> Charge:
        if charge.refused:
            raise Refused("InsufficientCredits", needed=charge.needed, available=charge.available)
        return charge

    def refund(self, key: str) -> Refund:
        charge = self.charges.get(key)
        if charge is None:
            raise Refused("UnknownRecord")
        if charge.refund is not None:
            raise Refused("AlreadyRefunded")
        if charge.refused or charge.credits == 0:
            raise Refused("NothingToRefund")
        self.release(self.users[charge.user])
        # A use up to five minutes ahead of the clock cannot be undone before it happens.
        at = max(self.now, charge.at)
        returned = 0
        for grant, credits in charge.burns:
            if self.now < grant.expires and not grant.voided:
                grant.events.append(Event(at, "return", credits, charge))
                returned += credits
        made = Refund(at, returned, charge.credits - returned, None)
        if made.regranted:
            end = start_of(after(month_of(at, self.zone)), self.zone)
            made.grant = self.give(charge.user, "refund", made.regranted, at, end)
        charge.refund = made
        return made

    def grant(self, user: str, credits: int, key: str | None, days: int | None) -> Grant:
        """Support credit for one year, or for ``days`` of 24 hours."""
        who = self.user(user)
        if not 1 <= credits <= MOST_CREDITS:
            raise Refused("InvalidAmount")
        content = ("grant", user, credits, days)
        if key is not None and key in self.keys:
            if self.keys[key][:-1] != content:
                raise Refused("IdempotencyConflict")
            first = self.keys[key][-1]
            assert isinstance(first, Grant)
            return first
        self.release(who)
        year = year_later(self.now, self.zone)
        until = year if days is None else self.now + timedelta(days=days)
        made = self.give(user, "support_credit", credits, self.now, until)
        if key is not None:
            self.keys[key] = (*content, made)
        return made

    def void(self, grant: Grant) -> None:
        self.release(self.users[grant.user])
        if self.now >= grant.expires or grant.left == 0:
            raise Refused("NothingToVoid")
        grant.events.append(Event(max(self.now, grant.effective), "void", -grant.left))

    def top_up(self, user: str, credits: int, key: str) -> Grant:
        who = self.user(user)
        content = ("top_up", user, credits)
        if key in self.keys and self.keys[key][:-1] == content:
            first = self.keys[key][-1]
            assert isinstance(first, Grant)
            return first
        if not self.prices_at(self.now).top_up:
            raise Refused("TopUpUnavailable")
        if key in self.keys:
            raise Refused("IdempotencyConflict")
        if who.plan_at(self.now) == "free":
            raise Refused("TopUpUnavailable")
        if not 1 <= credits <= MOST_CREDITS:
            raise Refused("InvalidAmount")
        self.release(who)
        made = self.give(user, "top_up", credits, self.now, year_later(self.now, self.zone))
        self.keys[key] = (*content, made)
        return made

    def publish(self, prices: Prices) -> None:
        if prices.since is None or prices.since < self.now:
            raise Refused("InvalidInstant")
        self.versions.append(prices)

    # answers

    def grants(self, user: str, at: datetime | None) -> list[tuple[Grant, int]]:
        """Every grant, given or expected by ``at``, with what it holds then; ``None`` is now."""
        who = self.user(user)
        self.release(who)
        if at is None:
            return [(grant, grant.left) for grant in who.grants]
        listed = [(grant, grant.held(at)) for grant in who.grants if grant.effective <= at]
        for month, plan, credits, begins in self.due(who, at):
            end = start_of(after(month), self.zone)
            listed.append(
                (Grant(0, user, "monthly_allowance", credits, begins, end, plan), credits)
            )
        return listed

    def usable(self, user: str, at: datetime | None) -> list[tuple[Grant, int]]:
        """What can be spent at an instant; *now* shows everything on record."""
        everything = self.grants(user, at)
        if at is None:
            return [(g, held) for g, held in everything if self.now < g.expires and held]
        return [(g, held) for g, held in everything if g.usable(at) and held]

    def available(self, user: str, at: datetime | None) -> int:
        return sum(held for _, held in self.usable(user, at))

    def ledger(self, user: str, at: datetime | None) -> list[Line]:
        """Every change of the balance up to ``at``, in order; a free action changes nothing."""
        until = at or self.now
        everything = at is None
        lines: list[Line] = []
        for grant, _ in self.grants(user, at):
            lines.append(Line(grant.effective, grant.kind, grant.credits))
            events = [e for e in grant.events if everything or e.at <= until]
            lines += [Line(e.at, e.kind, e.credits) for e in events if e.kind != "use"]
            if grant.expires <= until and grant.held(grant.expires):
                lines.append(Line(grant.expires, "expiry", -grant.held(grant.expires)))
        for charge in self.charges.values():
            if charge.user == user and (everything or charge.at <= until):
                if charge.refused:
                    lines.append(Line(charge.at, "refused_use", 0))
                elif charge.credits:
                    lines.append(Line(charge.at, "use", -charge.credits))
        return sorted(lines, key=lambda line: line.at)

    def monthly(self, by: str, measure: str) -> dict[tuple[int, int], dict[str, int]]:
        """For each month and feature (or plan) the measure; users are counted once a month."""
        sums: dict[tuple[int, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        people: dict[tuple[int, int], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for charge in self.charges.values():
            series = charge.feature if by == "feature" else charge.plan
            month = month_of(charge.at, self.zone)
            if measure == "refunded" and charge.refund is not None:
                sums[month_of(charge.refund.at, self.zone)][series] += charge.credits
            elif measure == "refused" and charge.refused:
                sums[month][series] += charge.quantity
            elif measure == "credits" and not charge.refused and charge.credits:
                sums[month][series] += charge.credits
            elif measure == "uses" and not charge.refused:
                sums[month][series] += charge.quantity
            elif measure == "users" and not charge.refused:
                people[month][series].add(charge.user)
                people[month]["total"].add(charge.user)
        if measure == "users":
            return {m: {s: len(who) for s, who in found.items()} for m, found in people.items()}
        return {month: dict(found) for month, found in sums.items()}

    def outstanding(self) -> dict[tuple[int, int], int]:
        """Unused credits of everybody by the month in which they expire."""
        found: dict[tuple[int, int], int] = defaultdict(int)
        for user in self.users:
            for grant, held in self.usable(user, None):
                found[month_of(grant.expires, self.zone)] += held
        return dict(found)
