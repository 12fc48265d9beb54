"""What a finding says, counted again from raw rows by the rules, with nothing of the program.

``Facts`` are the rows of one user; what is due to them but not stored is worked out here, from the
plan changes and the price lists (rules, section 2).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from app import Desk

Row = dict[str, Any]
PLANS = ("free", "plus", "pro")
SIGNUP, REWARD, ALLOWANCE, SUPPORT, REFUND = 1, 2, 3, 4, 5
MONTHS = (
    "January February March April May June July August September October November December".split()
)
DAY = 86_400_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def ms(at: datetime) -> int:
    return (at - EPOCH) // timedelta(milliseconds=1)


def rows(desk: Desk, sql: str, *values: object) -> list[Row]:
    with desk.office.database.reading() as session:
        cursor = session.run(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@dataclass
class Facts:
    """Everything about one user at an instant, in rows."""

    zone: ZoneInfo
    now: int
    user: Row
    grants: list[Row]
    charges: list[Row]
    refunds: list[Row]
    voids: list[Row]
    history: list[tuple[int, int]]
    versions: list[Row]

    # Time

    def month(self, at: int) -> tuple[int, int]:
        local = (EPOCH + timedelta(milliseconds=at)).astimezone(self.zone)
        return local.year, local.month

    def start(self, month: tuple[int, int]) -> int:
        year, number = month
        return ms(datetime(year + (number - 1) // 12, (number - 1) % 12 + 1, 1, tzinfo=self.zone))

    # Prices

    def version_at(self, at: int) -> Row:
        holding = [v for v in self.versions if v["effective_at"] <= at]
        return max(holding, key=lambda v: (v["effective_at"], v["number"]))

    def price(self, feature: str, at: int) -> int | None:
        listed: dict[str, int] = self.version_at(at)["prices"]
        return listed.get(feature)

    def plan_credits(self, plan: int, month: tuple[int, int]) -> int:
        document = self.version_at(self.start(month))["document"]
        return int(document["plans"].get(PLANS[plan], {}).get("monthly_credits", 0))

    # Holdings

    def held(self, grant: Row) -> int:
        return int(grant["credits"] - grant["burned"] + grant["returned"] - grant["voided"])

    @property
    def available(self) -> int:
        return sum(self.held(grant) for grant in self.grants if grant["expires_at"] > self.now)

    def of_month(self, month: tuple[int, int]) -> list[Row]:
        number = month[0] * 100 + month[1]
        return [g for g in self.grants if g["month"] == number and g["effective_at"] <= self.now]

    @property
    def plan(self) -> int:
        return [plan for at, plan in self.history if at <= max(self.now, self.history[0][0])][-1]

    @property
    def next_month(self) -> tuple[int, int]:
        year, number = self.month(self.now)
        return (year + number // 12, number % 12 + 1)

    # Uses

    def taken(self, since: int, until: int) -> list[Row]:
        return [
            c
            for c in self.charges
            if c["available"] is None and c["credits"] and since <= c["occurred_at"] < until
        ]

    def refused(self, since: int, until: int) -> list[Row]:
        return [
            c
            for c in self.charges
            if c["available"] is not None and since <= c["occurred_at"] < until
        ]

    def charge(self, number: object) -> Row:
        return next(charge for charge in self.charges if charge["id"] == number)

    def runs(self, since: int, until: int) -> Iterator[list[Row]]:
        """Charges alike, each within a minute of the one before."""
        alike: dict[tuple[str, int], list[Row]] = defaultdict(list)
        for charge in self.taken(since, until):
            alike[charge["feature"], charge["credits"]].append(charge)
        for same in alike.values():
            same.sort(key=lambda c: (c["occurred_at"], c["id"]))
            run = [same[0]]
            for charge in same[1:]:
                if charge["occurred_at"] - run[-1]["occurred_at"] > 60_000:
                    yield run
                    run = []
                run.append(charge)
            yield run

    def of_job(self, job: str) -> list[Row]:
        found = [c for c in self.charges if c["job"] == job and c["available"] is None]
        return sorted(found, key=lambda c: (c["occurred_at"], c["id"]))


def facts_of(desk: Desk, user_id: str) -> Facts:
    (user,) = rows(desk, "SELECT * FROM user WHERE user_id = ?", user_id)
    grants = rows(
        desk,
        'SELECT g.*, (SELECT coalesce(sum(credits), 0) FROM burn WHERE "grant" = g.id) AS burned,'
        ' (SELECT coalesce(sum(credits), 0) FROM returned WHERE "grant" = g.id) AS returned,'
        ' (SELECT coalesce(sum(credits), 0) FROM void WHERE "grant" = g.id) AS voided,'
        ' s.email AS by FROM "grant" g JOIN staff s ON s.id = g.staff WHERE g.user = ?',
        user["id"],
    )
    charges = rows(
        desk,
        "SELECT c.id, c.quantity, c.credits, c.price_version, c.occurred_at, c.available, c.job,"
        " coalesce(c.recorded_at, c.occurred_at) AS recorded_at, f.key AS feature,"
        " (SELECT outcome FROM outcome WHERE charge = c.id ORDER BY id DESC LIMIT 1) AS outcome,"
        " EXISTS (SELECT 1 FROM refund WHERE charge = c.id) AS refunded"
        " FROM charge c JOIN feature f ON f.id = c.feature WHERE c.user = ?",
        user["id"],
    )
    refunds = rows(
        desk,
        "SELECT r.charge, r.at,"
        " (SELECT coalesce(sum(credits), 0) FROM returned WHERE refund = r.id) AS returned,"
        ' coalesce((SELECT credits FROM "grant" WHERE id = r.regrant), 0) AS regranted'
        " FROM refund r JOIN charge c ON c.id = r.charge WHERE c.user = ?",
        user["id"],
    )
    voids = rows(
        desk,
        'SELECT v.*, g.credits AS given FROM void v JOIN "grant" g ON g.id = v."grant"'
        " WHERE g.user = ?",
        user["id"],
    )
    changes = rows(
        desk, "SELECT at, plan FROM plan_change WHERE user = ? ORDER BY at, id", user["id"]
    )
    facts = Facts(
        zone=ZoneInfo(desk.zone),
        now=ms(desk.now()),
        user=user,
        grants=grants,
        charges=charges,
        refunds=refunds,
        voids=voids,
        history=[(user["registered_at"], 0), *((c["at"], c["plan"]) for c in changes)],
        versions=_versions(desk),
    )
    facts.grants += _due(facts)
    return facts


def _versions(desk: Desk) -> list[Row]:
    found = rows(
        desk,
        "SELECT number, effective_at, document FROM price_version"
        " WHERE number NOT IN (SELECT version FROM price_withdrawal)",
    )
    prices = rows(
        desk, "SELECT p.version, f.key, p.credits FROM price p JOIN feature f ON f.id = p.feature"
    )
    for version in found:
        version["document"] = json.loads(version["document"])
        version["prices"] = {
            row["key"]: row["credits"] for row in prices if row["version"] == version["number"]
        }
    return found


def _due(facts: Facts) -> list[Row]:
    """What months owe and nobody has stored: up to the largest allowance held in each."""
    due: list[Row] = []
    first, last = facts.month(facts.history[0][0]), facts.month(facts.now)
    year, number = first
    while (year, number) <= last:
        due += _due_in(facts, (year, number))
        year, number = year + number // 12, number % 12 + 1
    return due


def _due_in(facts: Facts, month: tuple[int, int]) -> Iterator[Row]:
    start, end = facts.start(month), facts.start((month[0], month[1] + 1))
    number = month[0] * 100 + month[1]
    stored = [grant for grant in facts.grants if grant["month"] == number]
    total, given = sum(g["credits"] for g in stored), {g["plan"] for g in stored}
    held = [(start, plan) for at, plan in facts.history if at <= start][-1:]
    held += [(at, plan) for at, plan in facts.history if start < at < end and at <= facts.now]
    for at, plan in held:
        allowance = facts.plan_credits(plan, month)
        if allowance > total:
            if plan not in given:
                yield {
                    "id": None,
                    "kind": ALLOWANCE,
                    "month": number,
                    "plan": plan,
                    "credits": allowance - total,
                    "effective_at": at,
                    "expires_at": end,
                    **dict.fromkeys(("burned", "returned", "voided"), 0),
                    **dict.fromkeys(("ticket", "friend", "by")),
                }
            total = allowance


def month_named(text: object) -> tuple[int, int]:
    name, year = str(text).split()
    return int(year), MONTHS.index(name) + 1


def seconds(first: Row, last: Row) -> int:
    apart: int = last["occurred_at"] - first["occurred_at"]
    return max(1, ceil(apart / 1000))
