"""Two people publish from the same price list, round after round: one wins, nothing is lost.

``python -m tests.campaigns.publishing --rounds 200``. In each round both edit the list published
last, one of them one feature and the other another, and publish at the same moment. The second is
refused with the three lists, takes its own change on top of the first's, and publishes that.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from app import open_desk
from app.domain.errors import PriceListConflict
from app.domain.price_changes import merged
from app.domain.prices import PriceList
from tests.campaigns.concurrent import Said, in_processes

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
PEOPLE = ("ana@x.example", "ben@x.example")
FEATURES = ("ghostface", "action_figure")


def opened(database: Path, person: str) -> Any:
    return open_desk(database, staff=person, now=lambda: NOW)


def dearer(prices: PriceList, feature: str, credits: int) -> PriceList:
    features = tuple(
        replace(each, credits=credits) if each.key == feature else each for each in prices.features
    )
    return replace(prices, features=features)


def one_round(database: Path, number: int, base: int, price: int) -> Iterable[Said]:
    """One person's part of a round: publish from ``base``, or on top of who was first."""
    with opened(database, PEOPLE[number]) as desk:
        start = desk.pricing.version(base).prices
        mine = dearer(start, FEATURES[number], price)
        try:
            desk.pricing.publish(mine, based_on=base, note=f"{PEOPLE[number]}, {price}")
        except PriceListConflict as conflict:
            theirs = next(name for name in FEATURES if name != FEATURES[number])
            told = (
                (conflict.base, FEATURES[number], price - 1),
                (conflict.mine, FEATURES[number], price),
                (conflict.theirs, theirs, price),
            )
            for prices, feature, expected in told:
                if cost(prices, feature) != expected:
                    yield "error", f"the lists of the conflict: {feature} is not {expected}"
            both = merged(conflict.base, conflict.mine, conflict.theirs)
            desk.pricing.publish(both, based_on=conflict.latest, note="On top of it")
            yield "second", number
        else:
            yield "first", number


def cost(prices: PriceList, feature: str) -> int:
    return next(each.credits for each in prices.features if each.key == feature)


def problems_of(database: Path, base: int, price: int, said: list[Said]) -> list[str]:
    found = [str(result) for act, result in said if act == "error"]
    if sorted(act for act, _ in said) != ["first", "second"]:
        found.append(f"not one first and one second: {said}")
    with opened(database, PEOPLE[0]) as desk:
        newest = desk.pricing.versions()[0]
        if newest.number != base + 2:
            found.append(f"price list {newest.number} is the newest, not {base + 2}")
        lost = [name for name in FEATURES if cost(newest.prices, name) != price]
        found += [f"the change of {name} is lost" for name in lost]
    return [f"round {price}: {problem}" for problem in found]


def run(rounds: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "prices.db"
        with opened(database, PEOPLE[0]) as desk:
            desk.staff.add(PEOPLE[1], "product_manager")
            start = desk.pricing.current().prices
            for feature in FEATURES:
                start = dearer(start, feature, 1)
            base = desk.pricing.publish(start, based_on=1, note="Both at one credit").number
        found: list[str] = []
        won = [0, 0]
        for turn in range(rounds):
            price, last = turn + 2, base + 2 * turn
            said = in_processes(2, partial(one_round, database, base=last, price=price))
            won = [won[n] + (("first", n) in said) for n in (0, 1)]
            found += problems_of(database, last, price, said)
        with opened(database, PEOPLE[0]) as desk:
            found += [violation.sentence for violation in desk.integrity.verify().violations]
        print(f"{rounds} rounds, {won[0]} won by one and {won[1]} by the other")
        return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    found = run(parser.parse_args(arguments).rounds)
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
