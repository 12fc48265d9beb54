"""The demo counted again from its raw tables, with plain sqlite3 and loops.

Nothing here uses the program: the file is copied and read with Python's own sqlite3.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
Month = tuple[int, int]
Fact = tuple[Month, Row, int]
PLANS = ("free", "plus", "pro")
KINDS = (
    *("", "signup_bonus", "referral_reward", "monthly_allowance"),
    *("support_credit", "refund", "top_up"),
)
TABLES = (
    *("user", "plan_change", "grant", "charge", "burn", "refund", "returned", "void"),
    *("feature", "price_version", "price", "price_withdrawal", "meta"),
)
QUARTER_HOUR = 15 * 60 * 1000
WEEK = 7 * 24 * 60 * 60 * 1000


class Recount:
    """The rows of a database, and what they come to at the instant ``now`` (ms)."""

    def __init__(self, database: Path, scratch: Path, now: datetime) -> None:
        copy = scratch / "recount.db"
        for ending in ("", "-wal"):
            if Path(f"{database}{ending}").exists():
                shutil.copyfile(f"{database}{ending}", f"{copy}{ending}")
        with closing(sqlite3.connect(copy)) as connection:
            connection.row_factory = sqlite3.Row
            self.rows: dict[str, list[Row]] = {
                name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')]
                for name in TABLES
            }
        self.now = ms(now)
        self.zone = ZoneInfo(self._first_document()["timezone"])
        self.feature = {row["id"]: row["key"] for row in self.rows["feature"]}
        self.user_id = {row["id"]: row["user_id"] for row in self.rows["user"]}
        self.charge = {row["id"]: row for row in self.rows["charge"]}
        self.families = self._families()
        self._months: dict[int, Month] = {}
        self._facts: dict[str, list[Fact]] = {}
        self.moves = self._moves()
        self.grants = by(self.rows["grant"], "user")
        self.charges = by(self.rows["charge"], "user")

    def _first_document(self) -> Row:
        found = min(self.rows["price_version"], key=lambda row: row["number"])["document"]
        document: Row = json.loads(found)
        return document

    def _moves(self) -> dict[int, list[tuple[int, int, str]]]:
        """Of each grant, what moved in it: when, how much, and what that was."""
        moves: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
        for row in self.rows["burn"]:
            at = self.charge[row["charge"]]["occurred_at"]
            moves[row["grant"]].append((at, -row["credits"], "use"))
        refunds = {row["id"]: row for row in self.rows["refund"]}
        for row in self.rows["returned"]:
            moves[row["grant"]].append((refunds[row["refund"]]["at"], row["credits"], "return"))
        for row in self.rows["void"]:
            moves[row["grant"]].append((row["at"], -row["credits"], "void"))
        return moves

    def month(self, at: int) -> Month:
        quarter = at // QUARTER_HOUR  # no month begins between quarters of an hour
        if quarter not in self._months:
            utc = datetime.fromtimestamp(quarter * QUARTER_HOUR / 1000, UTC)
            local = utc.astimezone(self.zone)
            self._months[quarter] = local.year, local.month
        return self._months[quarter]

    # Users

    def held(self, grant: Row, at: int | None = None) -> int:
        moved = (c for when, c, _ in self.moves[grant["id"]] if at is None or when <= at)
        return int(grant["credits"]) + sum(moved)

    def usable(self, user: int, at: int | None = None) -> list[tuple[Row, int]]:
        """The grants that hold something at an instant (now), with what they hold."""
        when = self.now if at is None else at
        living = [g for g in self.grants[user] if g["effective_at"] <= when < g["expires_at"]]
        return [(g, held) for g in living if (held := self.held(g, at))]

    def available(self, user: int, at: int | None = None) -> int:
        return sum(held for _, held in self.usable(user, at))

    def out_of_credits(self) -> set[str]:
        return {self.user_id[user] for user in self.user_id if not self.available(user)}

    def expiring(self) -> set[str]:
        soon = self.now + WEEK
        return {
            name
            for user, name in self.user_id.items()
            if any(grant["expires_at"] <= soon for grant, _ in self.usable(user))
        }

    def ledger(self, user: int, until: int | None = None) -> list[tuple[int, str, int]]:
        """Instant, kind and credits of every change of a balance, oldest first."""
        last = self.now if until is None else until
        lines = []
        for grant in self.grants[user]:
            lines.append((grant["effective_at"], KINDS[grant["kind"]], grant["credits"]))
            moved = self.moves[grant["id"]]
            lines += [(at, kind, credits) for at, credits, kind in moved if kind != "use"]
            left = self.held(grant)
            if grant["expires_at"] <= last and left:
                lines.append((grant["expires_at"], "expiry", -left))
        for charge in self.charges[user]:
            if charge["available"] is not None:
                lines.append((charge["occurred_at"], "refused_use", 0))
            elif charge["credits"]:
                lines.append((charge["occurred_at"], "use", -charge["credits"]))
        return sorted(line for line in lines if line[0] <= last)

    def usage(self, user: int) -> dict[tuple[Month, str], tuple[int, int, int]]:
        """Uses, credits and refused uses by month and feature."""
        found: dict[tuple[Month, str], list[int]] = defaultdict(lambda: [0, 0, 0])
        for charge in self.charges[user]:
            cell = found[self.month(charge["occurred_at"]), self.feature[charge["feature"]]]
            if charge["available"] is None:
                cell[0] += charge["quantity"]
                cell[1] += charge["credits"]
            else:
                cell[2] += charge["quantity"]
        return {key: (cell[0], cell[1], cell[2]) for key, cell in found.items()}

    # Consumption

    def facts(self, measure: str) -> list[Fact]:
        """Month, charge and value of everything a measure counts."""
        if measure not in self._facts:
            self._facts[measure] = list(self._counted(measure))
        return self._facts[measure]

    def _counted(self, measure: str) -> Iterable[Fact]:
        if measure == "refunded":
            for refund in self.rows["refund"]:
                charge = self.charge[refund["charge"]]
                yield self.month(refund["at"]), charge, charge["credits"]
            return
        for charge in self.rows["charge"]:
            refused = charge["available"] is not None
            if refused != (measure == "refused"):
                continue
            value = charge["credits"] if measure == "credits" else charge["quantity"]
            yield self.month(charge["occurred_at"]), charge, value

    def group(self, charge: Row, by: str) -> str:
        if by == "plan":
            return PLANS[charge["plan"]]
        feature = self.feature[charge["feature"]]
        return feature if by == "feature" else self.families.get(feature, "free")

    def _families(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for row in sorted(self.rows["price_version"], key=lambda row: row["number"]):
            listed = json.loads(row["document"])["features"]
            found |= {feature["key"]: feature["family"] for feature in listed}
        return found

    def monthly(self, by: str, measure: str) -> dict[tuple[Month, str], int]:
        """The measure by month and group; users are those who used something, each once."""
        sums: dict[tuple[Month, str], int] = defaultdict(int)
        people: dict[tuple[Month, str], set[int]] = defaultdict(set)
        groups: dict[tuple[int, int], str] = {}
        for month, charge, value in self.facts(measure):
            place = charge["feature"], charge["plan"]
            if place not in groups:
                groups[place] = self.group(charge, by)
            sums[month, groups[place]] += value
            people[month, groups[place]].add(charge["user"])
        if measure == "users":
            return {key: len(who) for key, who in people.items()}
        return {key: value for key, value in sums.items() if value}

    def totals(self, measure: str) -> dict[Month, int]:
        sums: dict[Month, int] = defaultdict(int)
        people: dict[Month, set[int]] = defaultdict(set)
        for month, charge, value in self.facts(measure):
            sums[month] += value
            people[month].add(charge["user"])
        return {m: len(who) for m, who in people.items()} if measure == "users" else dict(sums)

    def behind(self, month: Month, measure: str) -> dict[str, int]:
        """What each user contributed to a month."""
        found: dict[str, int] = defaultdict(int)
        for when, charge, value in self.facts(measure):
            if when == month and value:
                found[self.user_id[charge["user"]]] += value
        return dict(found)

    # What months moved

    def given(self, month: Month) -> dict[str, int]:
        """What was given in a month, by kind of grant."""
        found: dict[str, int] = defaultdict(int)
        for grant in self.rows["grant"]:
            if self.month(grant["effective_at"]) == month:
                found[KINDS[grant["kind"]]] += grant["credits"]
        return dict(found)

    def expired(self, month: Month, since: int = 0, until: int | None = None) -> dict[str, int]:
        """By user, what expired with a month, after one instant and by another (now)."""
        last = self.now if until is None else until
        found: dict[str, int] = defaultdict(int)
        for grant in self.rows["grant"]:
            at = grant["expires_at"]
            if self.month(at - 1) == month and since < at <= last and self.held(grant):
                found[self.user_id[grant["user"]]] += self.held(grant)
        return dict(found)

    def moved(self, how: str, month: Month) -> dict[str, int]:
        """By user, what refunds returned or voids took in a month."""
        found: dict[str, int] = defaultdict(int)
        for grant in self.rows["grant"]:
            for at, credits, kind in self.moves[grant["id"]]:
                if kind == how and self.month(at) == month:
                    found[self.user_id[grant["user"]]] += abs(credits)
        return dict(found)

    def owed(self, month: Month) -> dict[str, int]:
        """By user, what can be spent now and expires with a month."""
        found: dict[str, int] = defaultdict(int)
        for user, name in self.user_id.items():
            for grant, held in self.usable(user):
                if self.month(grant["expires_at"] - 1) == month:
                    found[name] += held
        return dict(found)

    def carried_over(self, at: int) -> int:
        """What outlived an instant: held just before it, and still good after it."""
        return sum(
            self.held(grant, at - 1)
            for grant in self.rows["grant"]
            if grant["effective_at"] < at < grant["expires_at"]
        )

    def start(self, year: int, month: int, day: int) -> int:
        """The first instant of a day."""
        return ms(datetime(year, month, day, tzinfo=self.zone))

    def used_between(self, start: int, end: int) -> dict[str, int]:
        """Credits by feature."""
        found: dict[str, int] = defaultdict(int)
        for charge in self.rows["charge"]:
            if charge["available"] is None and start <= charge["occurred_at"] < end:
                found[self.feature[charge["feature"]]] += charge["credits"]
        return {feature: credits for feature, credits in found.items() if credits}

    # Prices

    def version_in_force(self) -> Row:
        withdrawn = {row["version"] for row in self.rows["price_withdrawal"]}
        begun = [
            row
            for row in self.rows["price_version"]
            if row["effective_at"] <= self.now and row["number"] not in withdrawn
        ]
        return max(begun, key=lambda row: (row["effective_at"], row["number"]))

    def prices(self) -> dict[str, int]:
        number = self.version_in_force()["number"]
        return {
            self.feature[row["feature"]]: row["credits"]
            for row in self.rows["price"]
            if row["version"] == number
        }


def ms(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


def by(rows: Iterable[Row], column: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found
