"""Random worlds, random months, random drafts: what-if against the plain model done again.

``python -m tests.campaigns.what_if --worlds 200 --seed 1`` runs worlds 1 to 200.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from app import Desk
from app.domain.calendar import Month, from_ms
from app.domain.policy import Bonus
from app.domain.prices import PriceList
from app.domain.staff import Act
from app.services import what_if_asked, what_if_together
from app.services.what_if_months import Packs
from tests.campaigns.compare import same
from tests.campaigns.drafts import Draft, Fate, Noted, Redone, months_of
from tests.campaigns.world import World


class NotedWorld(World):
    """A random world whose model writes down what is done."""

    model_of = Noted
    model: Noted


def fates_of(desk: Desk, prices: PriceList | None, months: list[Month]) -> tuple[list[Fate], int]:
    """How the program says each use fared, and what expired unused."""
    packs = Packs()
    packs.prepare(desk.office, months, lambda _: None, None)
    with desk.office.reading(Act.WHAT_IF) as work:
        asked = what_if_asked.Asked(prices, tuple(months))
        tried = what_if_together.tried(work, asked, packs)
        features = dict(work.session.run("SELECT id, key FROM feature").fetchall())
        users = dict(work.session.run("SELECT id, user_id FROM user").fetchall())
        fates: list[Fate] = []
        for uses in tried.uses:
            columns = (uses.place, uses.at, uses.feature, uses.quantity, uses.cost_now)
            for row in zip(*columns, uses.paid_now, uses.listed, strict=True):
                place, at, feature, quantity, cost, paid, listed = (int(value) for value in row)
                if not quantity:  # the refund of a use, among the uses
                    continue
                user = users[int(tried.users[place])]
                charged = cost if listed else -1
                when = from_ms(at)
                fates.append((user, when, features[feature], quantity, charged, bool(paid)))
        return sorted(fates), tried.expired[1]


def on_record(desk: Desk, first: Month, last: Month) -> list[Fate]:
    """Every use of the months as the rows have it."""
    calendar = desk.office.calendar
    with desk.office.reading() as work:
        rows = work.session.run(
            "SELECT u.user_id, c.occurred_at, f.key, c.quantity, c.credits, c.available IS NULL"
            " FROM charge c JOIN user u ON u.id = c.user JOIN feature f ON f.id = c.feature"
            " WHERE c.occurred_at >= ? AND c.occurred_at < ?",
            (calendar.start_ms(first), calendar.start_ms(last.next)),
        ).fetchall()
    return sorted((row[0], from_ms(row[1]), *row[2:5], bool(row[5])) for row in rows)


def a_draft(random: Random, base: PriceList) -> tuple[Draft, PriceList]:
    """A list that changes some of everything, for the model and for the program."""
    listed = [f for f in base.features if random.random() < 0.9] or list(base.features)
    prices = {f.key: max(1, round(f.credits * random.choice((0.5, 1, 1, 2, 3)))) for f in listed}
    policy = base.policy
    plans, days = dict(policy.plans), None
    signup, referral = policy.signup.credits, policy.referral.credits
    kind = random.choice(("prices", "prices", "plans", "bonuses", "both"))
    if kind in {"plans", "both"}:
        plans = {plan: random.choice((0, 10, credits, 70)) for plan, credits in plans.items()}
    if kind in {"bonuses", "both"}:
        signup, referral = random.choice((0, 12, 30)), random.choice((0, 12, 30))
        days = random.choice((None, 7, 30))
    valid = "P1Y" if days is None else f"P{days}D"
    draft = Draft(prices, plans, signup, referral, days)
    features = tuple(replace(f, credits=prices[f.key]) for f in listed)
    changed = replace(
        policy, plans=plans, signup=Bonus(signup, valid), referral=Bonus(referral, valid)
    )
    return draft, replace(base, features=features, policy=changed)


def differences(world: NotedWorld, random: Random, tries: int) -> Iterator[str]:
    """Try the record itself and some drafts on random months; what does not agree."""
    months = months_of(world.model)
    base = world.desk.pricing.current().prices
    for _ in range(tries if months else 0):
        first = random.randrange(len(months))
        last = min(first + random.choice((0, 0, 1, 2, 11)), len(months) - 1)
        span = list(Month(*months[first]).until(Month(*months[last])))
        draft, prices = a_draft(random, base)
        for plain, real in ((None, None), (draft, prices)):
            again = Redone(world.model, plain, months[first], months[last])
            fates, expired = fates_of(world.desk, real, span)
            try:
                same("uses", fates, sorted(again.fates.values()))
                same("expired", expired, again.expired())
                if real is None:
                    same("the record", fates, on_record(world.desk, span[0], span[-1]))
            except AssertionError as error:
                yield f"{span[0]} to {span[-1]}, {plain}:\n{error}"


def run_world(seed: int, steps: int = 60, tries: int = 3) -> None:
    """One world and some drafts; an ``AssertionError`` tells what does not agree."""
    with tempfile.TemporaryDirectory() as folder:
        world = NotedWorld(seed, Path(folder))
        world.look = False
        try:
            for _ in range(steps):
                world.step()
            found: list[Any] = list(differences(world, Random(seed), tries))
        finally:
            world.close()
        if found:
            story = "\n".join(world.story)
            raise AssertionError(f"world {seed}: {found[0]}\n{story}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=60)
    asked = parser.parse_args(arguments)
    begun, wrong = time.perf_counter(), 0
    for seed in range(asked.seed, asked.seed + asked.worlds):
        try:
            run_world(seed, asked.steps)
        except AssertionError as error:
            wrong += 1
            print(error)
            print(f"-- world {seed} differs; again with --worlds 1 --seed {seed}\n")
    seconds = time.perf_counter() - begun
    print(f"{asked.worlds} worlds of {asked.steps} steps, {wrong} differ, {seconds:.1f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
