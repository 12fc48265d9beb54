"""A random world: one act after the other, done to the desk and to the plain model alike."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from app import open_desk, shipped
from app.domain.errors import CreditsError
from tests.campaigns.compare import compare_everything, compare_user
from tests.campaigns.model import AHEAD, Model
from tests.campaigns.records import Charge, Grant, Prices, Refused, after, month_of, start_of

MS = timedelta(milliseconds=1)
BEGINNINGS = (
    ("UTC", datetime(2024, 2, 27, 9, tzinfo=UTC)),  # 29 February
    ("Europe/Berlin", datetime(2026, 3, 20, tzinfo=UTC)),  # clocks forward
    ("Europe/Berlin", datetime(2026, 10, 20, tzinfo=UTC)),  # and back
    ("America/Sao_Paulo", datetime(2017, 10, 10, tzinfo=UTC)),  # midnight skipped
    ("Pacific/Apia", datetime(2011, 12, 20, tzinfo=UTC)),  # a day skipped
    ("Africa/Cairo", datetime(2026, 4, 10, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2025, 12, 25, tzinfo=UTC)),
)
FEATURES = ("remove_bg_single", "ghostface", "image_extender", "nano_banana_pro_4k", "export_image")
PLANS = {"free": 0, "plus": 40, "pro": 100}

# Where several things are wrong at once, either may be said.
BAD_INPUT = frozenset(
    {"InvalidInstant", "InvalidAmount", "UnknownUser", "UnknownFeature", "RetiredFeature"}
    | {"AlreadyRegistered"}
)


class Mismatch(AssertionError):
    """The desk and the model do not agree."""


class World:
    """One seed's story. ``step`` does one act and compares; ``story`` says what was done."""

    model_of: type[Model] = Model
    look = True
    """Whether every step is followed by a look at the answers."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.random = Random(seed)
        self.folder = folder
        self.database = folder / "world.db"
        zone, begin = self.random.choice(BEGINNINGS)
        prices = json.loads(shipped.path("pricing.json").read_text(encoding="utf-8"))
        prices["timezone"] = zone
        prices["plans"] = {plan: {"monthly_credits": n} for plan, n in PLANS.items()}
        prices["top_up"]["enabled"] = self.random.random() < 0.3
        pricing = folder / "pricing.json"
        pricing.write_text(json.dumps(prices), encoding="utf-8")
        self.model = self.model_of(zone, begin, _first_version(prices))
        self.desk = open_desk(
            self.database, staff="oracle@x.example", now=self.now, pricing=pricing
        )
        self.story = [f"zone {zone}, from {begin.isoformat()}"]
        self.charge_ids: dict[str, int] = {}
        self.counted = 0

    def now(self) -> datetime:
        return self.model.now

    def close(self) -> None:
        self.desk.close()

    # choosing

    def fresh(self, what: str) -> str:
        self.counted += 1
        return f"{what}-{self.counted}"

    def a_user(self) -> str:
        if not self.model.users or self.random.random() < 0.01:
            return "usr_nobody"
        return self.random.choice(sorted(self.model.users))

    def landmarks(self, user: str) -> list[datetime]:
        """Instants at which something happens to the user, where mistakes like to hide."""
        who = self.model.users[user]
        month = month_of(self.model.now, self.model.zone)
        found = [self.model.now, start_of(month, self.model.zone), who.registered]
        found.append(start_of(after(month), self.model.zone))
        found += [at for at, _, _ in who.changes]
        for grant in who.grants:
            found += [grant.effective, grant.expires] + [event.at for event in grant.events]
        return found

    def past_instant(self, user: str) -> datetime | None:
        """``None`` for now, or an instant since the registration that an act may name."""
        if user not in self.model.users or self.random.random() < 0.4:
            return None
        registered = self.model.users[user].registered
        if self.random.random() < 0.6:
            at = self.random.choice(self.landmarks(user)) + self.random.choice((-1, 0, 0, 1)) * MS
        else:
            at = registered + (self.model.now - registered) * self.random.random()
        if self.random.random() < 0.1:
            at = self.model.now + self.random.choice((MS, 2 * AHEAD / 3, AHEAD, AHEAD + MS))
        return _whole(max(registered, min(at, self.model.now + AHEAD + MS)))

    def any_instant(self, user: str) -> datetime:
        """An instant to look at the user, past or future, on either side of something."""
        if self.random.random() < 0.7:
            at = self.random.choice(self.landmarks(user)) + self.random.choice((-1, 0, 1)) * MS
        else:
            at = self.model.now + timedelta(days=self.random.uniform(-100, 100))
        return _whole(at)

    def advance(self) -> None:
        now = self.model.now
        month_end = start_of(after(month_of(now, self.model.zone)), self.model.zone)
        expiries = [g.expires for u in self.model.users.values() for g in u.grants]
        choices = [now + MS, now + timedelta(minutes=3), now + timedelta(hours=7)]
        choices += [now + timedelta(days=4), month_end, month_end - MS, month_end + MS]
        choices += [at for at in expiries if at > now][:1]
        if self.random.random() < 0.05:
            choices = [now + timedelta(days=370)]
        self.model.now = _whole(max(now, self.random.choice(choices)))

    # doing

    def both(self, told: str, real: Callable[[], Any], plain: Callable[[], Any]) -> Any:
        """Do it to both; the same error of both, or the two results in a pair."""
        self.story.append(f"{self.model.now.isoformat()} {told}")
        expected = refused = None
        try:
            expected = plain()
        except Refused as error:
            refused = error
        try:
            got = real()
        except CreditsError as error:
            self.same_error(error, refused)
            return None
        if refused is not None:
            raise Mismatch(f"the desk did it, the rules say {refused.error}")
        return got, expected

    def same_error(self, error: CreditsError, refused: Refused | None) -> None:
        got = type(error).__name__
        if refused is None or (got != refused.error and not {got, refused.error} <= BAD_INPUT):
            told = "do it" if refused is None else refused.error
            raise Mismatch(f"the desk says {got} ({error}), the rules {told}")
        for name, value in refused.values.items():
            if error.values.get(name) != value:
                raise Mismatch(f"{name}: the desk {error.values.get(name)}, the rules {value}")

    def step(self) -> None:
        if self.random.random() < 0.6:
            self.advance()
        acts: list[tuple[int, Callable[[], str]]] = [
            (10 if len(self.model.users) < 2 else 1, self.register),
            (12, self.change_plan),
            (40, self.charge),
            (8, self.replay),
            (14, self.refund),
            (6, self.grant),
            (7, self.void),
            (3, self.publish),
            (1, self.withdraw),
            (2, self.top_up),
            (3, self.import_usage),
            (2, self.reopen),
        ]
        weights, doings = zip(*acts, strict=True)
        user = self.random.choices(doings, weights)[0]() if self.model.users else self.register()
        for name in {user, self.a_user()} & set(self.model.users) if self.look else ():
            instants = [None, self.any_instant(name), self.any_instant(name)]
            compare_user(self.desk, self.model, name, instants)
        if self.random.random() < 0.1 and self.look:
            compare_everything(self.desk, self.model)

    def register(self) -> str:
        user = self.fresh("usr")
        if self.model.users and self.random.random() < 0.15:
            user = self.a_user()
        codes = [u.code for u in self.model.users.values() if u.code]
        code = self.random.choice([None, self.fresh("CODE"), self.fresh("CODE"), *codes[:1]])
        referred_by = self.random.choice([None, "NOBODY", code, *codes, *codes])
        at = self.random.choice(
            [None, None, timedelta(days=-40), timedelta(days=-1), AHEAD, AHEAD + MS]
        )
        when = None if at is None else self.model.now + at
        self.both(
            f"register {user} {code=} {referred_by=} at={when}",
            lambda: self.desk.accounts.register(
                user, email=f"{user}@x.example", name=user, referral_code=code,
                referred_by=referred_by, at=when,
            ),
            lambda: self.model.register(
                user, f"{user}@x.example", user, code, referred_by, when
            ),
        )  # fmt: skip
        return user

    def change_plan(self) -> str:
        user, plan = self.a_user(), self.random.choice(list(PLANS))
        at = self.past_instant(user)
        self.both(
            f"change_plan {user} {plan} at={at}",
            lambda: self.desk.accounts.change_plan(user, plan, at=at),
            lambda: self.model.change_plan(user, plan, at),
        )
        return user

    def charge(self) -> str:
        user = self.a_user()
        feature = self.random.choice((*FEATURES * 4, "sepia"))
        quantity = self.random.choice((1,) * 12 + (2, 2, 3, 10, 0, 10_001))
        self.do_charge(user, feature, self.fresh("key"), quantity, self.past_instant(user))
        return user

    def do_charge(
        self, user: str, feature: str, key: str, quantity: int, at: datetime | None
    ) -> None:
        done = self.both(
            f"charge {user} {feature} x{quantity} {key=} at={at}",
            lambda: self.desk.charging.charge(user, feature, key=key, quantity=quantity, at=at),
            lambda: self.model.charge(user, feature, key, quantity, at),
        )
        if done is not None:
            self.same_charge(*done)

    def same_charge(self, got: Any, expected: Charge) -> None:
        self.charge_ids[expected.key] = got.id
        pairs = {
            "credits": (got.credits, expected.credits),
            "burns": ([b.credits for b in got.burns], [c for _, c in expected.burns]),
            "occurred_at": (got.occurred_at, expected.at),
            "price_version": (got.price_version, expected.version),
            "refunded": (got.refunded, expected.refund is not None),
        }
        for name, (real, plain) in pairs.items():
            if real != plain:
                raise Mismatch(f"charge {expected.key}: {name} is {real}, the rules say {plain}")

    def replay(self) -> str:
        if not self.model.charges:
            return self.charge()
        old = self.random.choice(list(self.model.charges.values()))
        at = self.random.choice((None, old.at, old.given_at, old.at + MS))
        quantity = self.random.choice((old.quantity,) * 4 + (old.quantity + 1,))
        feature = self.random.choice((old.feature,) * 4 + FEATURES[:1])
        user = self.random.choice((old.user,) * 4 + (self.a_user(),))
        if user in self.model.users:
            self.do_charge(user, feature, old.key, quantity, at)
        return old.user

    def refund(self) -> str:
        if not self.charge_ids:
            return self.charge()
        key = self.random.choice(self.worth_refunding() or sorted(self.charge_ids))
        done = self.both(
            f"refund {key}",
            lambda: self.desk.support.refund(self.charge_ids[key], reason="failed_generation"),
            lambda: self.model.refund(key),
        )
        if done is not None:
            got, expected = done
            parts = (got.returned, got.regranted), (expected.returned, expected.regranted)
            if parts[0] != parts[1]:
                raise Mismatch(f"refund {key}: {parts[0]}, the rules say {parts[1]}")
        return self.model.charges[key].user

    def worth_refunding(self) -> list[str]:
        """Mostly charges that can be refunded; those whose grants are voided or gone come first."""
        kept = [c for c in self.model.charges.values() if c.credits and c.refund is None]
        gone = [c for c in kept if any(g.voided or g.expires <= self.now() for g, _ in c.burns)]
        chosen = self.random.choice((kept, gone, gone, []))
        return [c.key for c in chosen if c.key in self.charge_ids]

    def grant(self) -> str:
        user, credits = self.a_user(), self.random.choice((5, 24, 30, 60, 200, 0, 1_000_001))
        key = self.random.choice((None, None, "grant-1", self.fresh("grant")))
        days = self.random.choice((None, 1, 7, 30))
        until = None if days is None else self.model.now + timedelta(days=days)
        if key == "grant-1":
            days, until = None, None
        self.both(
            f"grant {user} {credits} {key=} {days=}",
            lambda: self.desk.support.grant(
                user, credits, reason="goodwill", note="n", ticket="T-1", expires_at=until, key=key
            ),
            lambda: self.model.grant(user, credits, key, days),
        )
        return user

    def void(self) -> str:
        user = self.a_user()
        if user not in self.model.users:
            return user
        self.model.release(self.model.users[user])
        self.desk.accounts.release_month()
        pairs = self.matched(user)
        if not pairs:
            return user
        burned = [pair for pair in pairs if pair[1].events and pair[1].left]
        number, grant = self.random.choice(self.random.choice((pairs, burned or pairs)))
        self.both(
            f"void {grant.kind} of {user}, {grant.left} left of {grant.credits}",
            lambda: self.desk.support.void(number, reason="given_in_error"),
            lambda: self.model.void(grant),
        )
        return user

    def matched(self, user: str) -> list[tuple[int, Grant]]:
        """The desk's number of each of the user's grants, beside the model's."""
        listed = self.desk.accounts.account(user).all_grants
        real = sorted(listed, key=lambda g: (g.kind, g.effective_at, g.expires_at, g.credits, g.id))
        plain = sorted(
            self.model.users[user].grants,
            key=lambda g: (g.kind, g.effective, g.expires, g.credits, g.number),
        )
        if len(real) != len(plain):
            raise Mismatch(f"{user} has {len(real)} grants, by the rules {len(plain)}: {plain}")
        return [(one.id, two) for one, two in zip(real, plain, strict=True)]

    def publish(self) -> str:
        latest = self.model.versions[-1]
        base = self.desk.pricing.versions()[0]
        factor = self.random.choice((1, 2, 3))
        dropped = self.random.choice((None, "ghostface"))
        plus = self.random.choice((40, 60, 0))
        since = self.model.now + self.random.choice((timedelta(0), timedelta(days=3), -MS))
        since = self.random.choice(
            (since, start_of(after(month_of(self.model.now, self.model.zone)), self.model.zone))
        )
        original = self.model.versions[0].features
        costs = {key: credits * factor for key, credits in original.items() if key != dropped}
        policy = replace(base.prices.policy, plans=PLANS | {"plus": plus})
        features = tuple(
            replace(feature, credits=costs[feature.key])
            for feature in self.desk.pricing.versions()[-1].prices.features
            if feature.key in costs
        )
        prices = replace(base.prices, features=features, policy=policy)
        made = replace(
            latest, number=latest.number + 1, since=since, features=costs,
            plans=dict(policy.plans), withdrawn=False,
        )  # fmt: skip
        self.both(
            f"publish x{factor} without {dropped}, {plus=}, since={since}",
            lambda: self.desk.pricing.publish(
                prices, based_on=base.number, note="n", effective_at=since
            ),
            lambda: self.model.publish(made),
        )
        return self.a_user()

    def withdraw(self) -> str:
        scheduled = [
            v for v in self.model.versions
            if v.since is not None and v.since > self.model.now and not v.withdrawn
        ]  # fmt: skip
        if scheduled:
            version = self.random.choice(scheduled)
            self.story.append(f"withdraw {version.number}")
            self.desk.pricing.withdraw(version.number)
            version.withdrawn = True
        return self.a_user()

    def top_up(self) -> str:
        user, key = self.a_user(), self.random.choice(("order-1", self.fresh("order")))
        self.both(
            f"top_up {user} 50 {key=}",
            lambda: self.desk.accounts.top_up(user, 50, key=key),
            lambda: self.model.top_up(user, 50, key),
        )
        return user

    def import_usage(self) -> str:
        """A file of uses in any order: as if each had been charged in the order of its time."""
        user = self.a_user()
        if user not in self.model.users:
            return user
        rows: list[tuple[datetime, str, str, int]] = []
        for _ in range(self.random.randint(1, 6)):
            at = min(self.past_instant(user) or self.model.now, self.model.now)
            rows.append((at, self.random.choice(FEATURES), self.fresh("row"), 1))
        path = self.folder / "usage.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["user_id", "feature", "occurred_at", "key", "quantity"])
            writer.writerows([user, f, at.isoformat(), key, n] for at, f, key, n in rows)
        self.story.append(f"{self.model.now.isoformat()} import {user} {rows}")
        for _ in range(self.random.choice((1, 1, 2))):
            self.desk.imports.usage(path)
        for at, feature, key, quantity in sorted(rows, key=lambda row: row[0]):
            try:
                self.model.charge(user, feature, key, quantity, at)
            except Refused:
                continue
            self.charge_ids[key] = self.desk.charging.find(key).id
        return user

    def reopen(self) -> str:
        self.story.append(f"{self.model.now.isoformat()} close and open")
        self.desk.close()
        self.desk = open_desk(self.database, staff="oracle@x.example", now=self.now)
        return self.a_user()


def _whole(at: datetime) -> datetime:
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _first_version(prices: dict[str, Any]) -> Prices:
    return Prices(
        number=1,
        since=None,
        features={f["key"]: f["credits"] for f in prices["features"]},
        free_actions={a["key"] for a in prices["free_actions"]},
        plans=dict(PLANS),
        signup=prices["bonuses"]["signup"]["credits"],
        referral=prices["bonuses"]["referral"]["credits"],
        top_up=prices["top_up"]["enabled"],
    )
