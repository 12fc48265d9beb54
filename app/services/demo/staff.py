"""The made-up staff of the demo: who does what, and in which words."""

from __future__ import annotations

from random import Random

from app.domain.policy import SupportPolicy
from app.services.demo.books import Colleague
from app.services.demo.habits import day_of

DOMAIN = "pixpretty.example"
ROLES = {
    "mira": "admin",
    "leon": "support_lead",
    "ana": "support",
    "sam": "support",
    "tomas": "support",
    "priya": "product_manager",
    "quentin": "qa",
}
"""Everybody by the first part of their address; mira made the database. tomas left."""

GIFTS = (
    ("goodwill", "Waited two days for an answer; says thanks for the patience."),
    ("poor_result", "Hands came out with six fingers, three times in a row."),
    ("failed_generation", "Batch stopped at 80 %; gave the difference."),
    ("missing_credits", "Upgrade came through late, gave the credits meanwhile."),
    ("wrong_price", "Price page in the app still showed the old price."),
    ("referral_not_paid", "Friend signed up with a link without the code."),
    ("goodwill", "Beta tester of the new extender."),
    ("other", "Teacher; asked for a few credits for the class."),
)
NOTES = (
    "Prefers answers in Spanish.",
    "Runs a small shop; uses batch background removal on Mondays.",
    "Asked twice why monthly credits do not carry over; explained.",
    "Very friendly. Sends before and after pictures.",
    "Called about an invoice; sent to billing.",
    "Wants to hear when top-ups arrive.",
    "Uses a screen reader: write plain text, no screenshots.",
    "Threatened to cancel after the price change in January.",
)


class Team:
    """The staff, and what members of support gave on each day: they stay within their limits."""

    def __init__(self, numbers: dict[str, int], limits: SupportPolicy) -> None:
        self._people = {
            name: Colleague(numbers[f"{name}@{DOMAIN}"], f"{name}@{DOMAIN}") for name in ROLES
        }
        self._limits = limits
        self._given: dict[tuple[str, str], int] = {}
        self._tickets = 48_000

    def __getitem__(self, name: str) -> Colleague:
        return self._people[name]

    def numbered(self, number: int) -> Colleague:
        """Who has that number in the database."""
        return next(who for who in self._people.values() if who.id == number)

    def on_duty(self, random: Random) -> Colleague:
        """Somebody of support."""
        return self._people[random.choice(("ana", "ana", "sam", "sam", "leon"))]

    def giver(self, random: Random, at: int, credits: int) -> Colleague:
        """Somebody who may still give that much on that day."""
        who = self.on_duty(random)
        if who is self._people["leon"]:
            return who
        day = (who.email, day_of(at))
        given = self._given.get(day, 0) + credits
        if credits > self._limits.limit_per_grant or given > self._limits.limit_per_day:
            return self._people["leon"]
        self._given[day] = given
        return who

    def ticket(self) -> str:
        """The next ticket of the help desk."""
        self._tickets += 1
        return f"ZD-{self._tickets}"
