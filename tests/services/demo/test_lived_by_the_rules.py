"""The demo writes its rows itself; here all of its acts are done again through the services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app import Desk, open_desk
from app.domain.calendar import from_ms
from app.domain.errors import InsufficientCredits
from app.domain.ledger import LedgerEntry
from app.domain.price_file import parse
from app.domain.users import PLANS
from app.services import demo
from tests.services.conftest import Clock

MIRA = "mira@pixpretty.example"
USERS = 24
Act = tuple[int, int, int, Callable[[], object]]


ACTS = {
    "publish": "SELECT published_at, 0, 0, note, document, effective_at, number"
    " FROM price_version WHERE number > 1",
    "register": "SELECT registered_at, 0, 1, user_id, email, name, referral_code, referred_by"
    " FROM user",
    "change_plan": "SELECT recorded_at, 0, 2, user, plan, at FROM plan_change",
    "charge": "SELECT coalesce(c.recorded_at, c.occurred_at), c.id, 0, c.id, c.user, f.key,"
    " c.quantity, c.occurred_at, c.key, c.job FROM charge c JOIN feature f ON f.id = c.feature",
    "gift": "SELECT recorded_at, position, 1, id, user, credits, expires_at, reason, note, ticket"
    ' FROM "grant" WHERE kind = 4',
    "refund": "SELECT at, position, 2, charge, reason, note FROM refund",
    "void": 'SELECT at, position, 3, "grant", note FROM void',
    "end": "SELECT at, charge, 4, charge, outcome FROM outcome",
}
"""What was done: when, after which charge, in which rank of one instant, and then the values."""


class Again:
    """Does again what the demo at ``source`` says was done, in the order in which it was."""

    def __init__(self, source: Desk, desk: Desk, clock: Clock) -> None:
        self.source = source
        self.desk = desk
        self.clock = clock
        self.users = dict(self.rows("SELECT id, user_id FROM user"))
        self.charges: dict[int, int] = {}
        self.grants: dict[int, int] = {}

    def rows(self, sql: str) -> list[Any]:
        with self.source.office.database.reading() as session:
            return list(session.run(sql))

    def acts(self) -> list[Act]:
        found = [
            (at, position, rank, partial(getattr(self, name), *values))
            for name, sql in ACTS.items()
            for at, position, rank, *values in self.rows(sql)
        ]
        return sorted(found, key=lambda act: act[:3])

    def run(self) -> None:
        for at, _, _, act in self.acts():
            self.clock.now = from_ms(at)
            act()

    def publish(self, note: str, document: str, effective: int, number: int) -> None:
        self.desk.pricing.publish(
            parse(document), based_on=number - 1, note=note, effective_at=from_ms(effective)
        )

    def register(self, user_id: str, email: str, name: str, code: str, by: str | None) -> None:
        self.desk.accounts.register(
            user_id, email=email, name=name, referral_code=code, referred_by=by
        )

    def change_plan(self, user: int, plan: int, at: int) -> None:
        self.desk.accounts.change_plan(self.users[user], PLANS[plan], at=from_ms(at))

    def charge(self, number: int, user: int, feature: str, quantity: int, *rest: Any) -> None:
        at, key, job = rest
        charging = self.desk.charging
        try:
            charge = charging.charge(
                self.users[user], feature, key=key, quantity=quantity, at=from_ms(at), job=job
            )
            self.charges[number] = charge.id
        except InsufficientCredits:
            pass

    def gift(self, number: int, user: int, credits: int, expires: int, *words: str) -> None:
        reason, note, ticket = words
        grant = self.desk.support.grant(
            self.users[user],
            credits,
            reason=reason,
            note=note,
            ticket=ticket,
            expires_at=from_ms(expires),
        )
        self.grants[number] = grant.id

    def refund(self, charge: int, reason: str, note: str) -> None:
        self.desk.support.refund(self.charges[charge], reason=reason, note=note)

    def void(self, grant: int, note: str) -> None:
        self.desk.support.void(self.grants[grant], reason="given_in_error", note=note)

    def end(self, charge: int, outcome: int) -> None:
        key = self.desk.charging.find(self.charges[charge]).key
        self.desk.charging.report_outcome(key, "succeeded" if outcome else "failed")


def told(desk: Desk, user: str) -> list[LedgerEntry]:
    """The ledger without the numbers that the database gives, and without who did it."""
    entries = desk.accounts.ledger(user, limit=None, free=True)
    return [
        replace(entry, grant_id=None, charge_id=None, staff="", position=(0, 0, 0, 0, 0))
        for entry in entries
    ]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    demo.build(path, users=USERS, events=1_200)
    return path


@pytest.mark.slow
def test_the_services_would_have_made_the_same_accounts(source: Path, tmp_path: Path) -> None:
    clock = Clock()
    with open_desk(source, staff=MIRA, now=lambda: demo.PRESENT) as original:
        again_from = Again(original, original, clock)
        first, start = again_from.rows("SELECT document, published_at FROM price_version")[0]
        pricing = tmp_path / "pricing.json"
        pricing.write_text(first)
        clock.now = from_ms(start)
        with open_desk(":memory:", staff=MIRA, now=clock, pricing=pricing) as desk:
            Again(original, desk, clock).run()
            clock.now = demo.PRESENT
            for user in again_from.users.values():
                assert told(desk, user) == told(original, user)
                mine, theirs = desk.accounts.account(user), original.accounts.account(user)
                assert (mine.user, mine.available) == (theirs.user, theirs.available)
            assert_same_months(desk, original)


def assert_same_months(left: Desk, right: Desk) -> None:
    for measure in ("credits", "uses", "refused", "refunded", "users"):
        found = [
            desk.consumption.monthly("2024-11", "2026-11", measure=measure)
            for desk in (left, right)
        ]
        assert found[0] == found[1]
