"""Random records in the words of the recorded complaints: what can happen to a user, at random."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tests.services.retold import Told

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu")
FEATURES = ("ghostface", "image_extender", "nano_banana_pro_4k", "remove_bg_batch", "export_image")
BEGIN = datetime(2026, 6, 3, 9, tzinfo=UTC)
END = datetime(2026, 11, 24, 12, tzinfo=UTC)
ACTS = 70


def a_case(chance: Random) -> Told:
    """A record of half a year, busiest towards its end, and a complaint at its end."""
    acts: list[list[Any]] = [[_text(BEGIN), "register", _registration(chance)]]
    if chance.random() < 0.3:
        acts.insert(0, [_text(BEGIN - timedelta(days=3)), "register", {"user": "usr_9"}])
    keys: list[str] = []
    for at in sorted(_moment(chance) for _ in range(ACTS)):
        acts += [[_text(moment), *rest] for moment, *rest in _act(chance, at, keys)]
    return {"zone": chance.choice(ZONES), "at": _text(END), "acts": acts, "message": "hello"}


def _registration(chance: Random) -> Told:
    return chance.choice([{}, {}, {"referred_by": "CODE-9"}, {"referred_by": "CODE-1"}])


def _moment(chance: Random) -> datetime:
    span = (END - BEGIN) - timedelta(hours=1)
    return BEGIN + timedelta(hours=1) + span * (1 - chance.random() ** 2)


def _act(chance: Random, at: datetime, keys: list[str]) -> list[list[Any]]:
    kind = chance.choices(
        ["use", "twice", "plan", "grant", "friend", "refund", "outcome", "void", "price"],
        [40, 12, 8, 6, 6, 8, 6, 3, 3],
    )[0]
    if kind in {"use", "twice"}:
        return _uses(chance, at, keys, 1 if kind == "use" else chance.choice([2, 2, 3]))
    if kind in {"refund", "outcome"}:
        more = {"outcome": chance.choice(["failed", "succeeded"])} if kind == "outcome" else {}
        return [[at, kind, chance.choice(keys), more]] if keys else []
    return [[at, kind, *_by_staff(chance, kind)]]


def _by_staff(chance: Random, kind: str) -> list[Any]:
    if kind == "plan":
        return [chance.choice(["free", "plus", "pro"])]
    if kind == "grant":
        options: Told = {"ticket": chance.choice(["ZD-1", "ZD-2", "ZD-3"])}
        options["validity"] = chance.choice(["P1Y", "P30D", "month_end"])
        if chance.random() < 0.2:
            options["by"] = "sam@pixpretty.example"
        return [chance.choice([12, 24, 150]), options]
    if kind == "friend":
        code = chance.choice(["CODE-1", "CODE-1", "CODE-9", None])
        return [{"user": f"usr_{chance.randrange(2, 9)}", "referred_by": code}]
    if kind == "price":
        return [{chance.choice(FEATURES[:3]): chance.randrange(2, 60)}]
    return []


def _uses(chance: Random, at: datetime, keys: list[str], times: int) -> list[list[Any]]:
    feature = chance.choice(FEATURES)
    job = chance.choice(["none", "one", "each"])
    found = []
    for number in range(times):
        key = f"k{len(keys)}"
        keys.append(key)
        options: Told = {"key": key}
        if feature == "remove_bg_batch":
            options["quantity"] = chance.choice([1, 3, 25])
        if job != "none":
            options["job"] = f"job-{key if job == 'each' else len(keys) - number}"
        if chance.random() < 0.3:
            options["outcome"] = chance.choice(["failed", "succeeded"])
        if chance.random() < 0.1:
            options["at"] = _text(at - timedelta(hours=chance.randrange(1, 60)))
        found.append([at, "charge", feature, options])
        at += timedelta(seconds=chance.randrange(1, 80))
    return found


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}"
