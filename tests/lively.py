"""A database in which much has happened: half a year of a small product, the same every time.

Everything came in through the services: uses on time, late, refused, free and in batches, plans up
and down, referrals, credits by staff, refunds before and after expiry, voids, a price change. The
billing zone is not UTC, so that a month's ends lie elsewhere.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from app import open_desk, shipped
from app.desk import Desk
from app.domain.errors import ApprovalRequired, InsufficientCredits, NothingToVoid
from app.domain.requests import Request, RequestQuery, View
from app.services.office import Office

START = datetime(2025, 12, 28, 9, tzinfo=UTC)
END = datetime(2026, 6, 12, 15, 30, tzinfo=UTC)
ZONE = "Europe/Berlin"
ADMIN = "ada@pixpretty.example"
LEAD = "lea@pixpretty.example"
SUPPORT = "sam@pixpretty.example"
SEED = 20260612
USERS = 24
HOURS_APART = 9
FEATURES = (
    *("remove_bg_single", "remove_bg_batch", "object_remover", "image_extender", "ghostface"),
    *("nano_banana_1k", "nano_banana_2_1k", "nano_banana_pro_4k", "qwen_image_4k", "export_image"),
    *("clothes_changer", "action_figure"),
)


@dataclass
class Clock:
    """A clock that is moved by hand."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Story:
    """What is going on: the desk, and what chance has brought so far."""

    desk: Desk
    clock: Clock
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    users: list[str] = field(default_factory=list)
    charges: list[int] = field(default_factory=list)
    grants: list[int] = field(default_factory=list)
    acts: int = 0


@cache
def content() -> bytes:
    """The database file. Made once, kept for all tests of a run."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lively.db"
        clock = Clock()
        with open_desk(path, staff=ADMIN, now=clock, pricing=_prices(Path(folder))) as desk:
            desk.staff.add(LEAD, "support_lead")
            desk.staff.add(SUPPORT, "support")
            tell(Story(desk, clock))
        return path.read_bytes()


def put(folder: Path) -> Path:
    """The database as a new file in ``folder``."""
    path = folder / "lively.db"
    path.write_bytes(content())
    return path


def at_the_end() -> datetime:
    """The clock when everything had happened."""
    return END


def _prices(folder: Path) -> Path:
    prices = json.loads(shipped.path("pricing.json").read_text(encoding="utf-8"))
    prices["timezone"] = ZONE
    path = folder / "pricing.json"
    path.write_text(json.dumps(prices), encoding="utf-8")
    return path


def tell(story: Story) -> None:
    """Let half a year go by, something every few hours."""
    dearer = datetime(2026, 3, 15, tzinfo=UTC)
    while story.clock.at < END:
        before = story.clock.at
        story.clock.at = min(END, before + timedelta(hours=HOURS_APART, milliseconds=137))
        if before < dearer <= story.clock.at:
            _make_dearer(story)
        if len(story.users) < USERS and story.acts % 4 == 0:
            _register(story)
        for _ in range(2):
            _use(story)
        if story.acts % 5 == 1:
            _put_right(story)
        if story.acts % 11 == 3:
            plan = story.chance.choice(("free", "plus", "pro"))
            story.desk.accounts.change_plan(_somebody(story), plan)
        story.acts += 1
    story.desk.accounts.release_month()
    _answer(story)


def _answer(story: Story) -> None:
    """A request of each kind: answered in each way, waiting, approved, reopened, nobody's."""
    ask = _asking(story)
    ask("usr_2", "credits_vanished")
    requests = story.desk.requests
    requests.claim(ask("usr_3", None).id)
    requests.resolve(ask("usr_1", "out_of_credits").id, act="grant", credits=9)
    charge = story.charges.pop()
    owner = story.desk.charging.find(charge).user_id
    requests.resolve(ask(owner, "failed_generation").id, act="refund", charge_id=charge)
    declined = requests.resolve(ask("usr_4", "wrong_price").id, act="decline", note="As listed")
    requests.reopen(declined.request.id, "But it was cheaper")
    ask("nobody@example.com", None)
    sam = Desk(Office(story.desk.office.database, story.clock, SUPPORT, ZONE))
    approvals = []
    for user in ("usr_5", "usr_6"):
        with suppress(ApprovalRequired):
            sam.requests.resolve(ask(user, None).id, act="grant", credits=150)
        approvals = story.desk.support.approvals()
    story.desk.support.approve(approvals[0].id)


def _asking(story: Story) -> Callable[[str, str | None], Request]:
    def ask(user: str, category: str | None) -> Request:
        number = story.desk.requests.count(RequestQuery(view=View.ALL)) + 1
        return story.desk.requests.open(
            user=user, ticket=f"RQ-{number}", message="my credits are gone!!", category=category
        )

    return ask


def _somebody(story: Story) -> str:
    return story.chance.choice(story.users)


def _make_dearer(story: Story) -> None:
    prices = json.loads(shipped.path("pricing.json").read_text(encoding="utf-8"))
    prices["timezone"] = ZONE
    for feature in prices["features"]:
        feature["credits"] += 1
    from app.domain.price_file import parse

    story.desk.pricing.publish(
        parse(json.dumps(prices).encode()), based_on=1, note="Everything one credit dearer"
    )


def _register(story: Story) -> None:
    number = len(story.users) + 1
    invited = story.users and number % 3 == 0
    story.desk.accounts.register(
        f"usr_{number}",
        email=f"user{number}@example.com",
        name=f"User {number}",
        referral_code=f"PIX-{number}",
        referred_by=f"PIX-{story.chance.randint(1, number - 1)}" if invited else None,
    )
    story.users.append(f"usr_{number}")


def _use(story: Story) -> None:
    late = story.chance.random() < 0.15
    at = story.clock.at - timedelta(days=story.chance.randint(0, 40)) if late else None
    user = _somebody(story)
    registered = story.desk.accounts.user(user).registered_at
    try:
        charge = story.desk.charging.charge(
            user,
            story.chance.choice(FEATURES),
            key=f"job-{story.acts}-{story.chance.random()}",
            quantity=story.chance.choice((1, 1, 1, 2, 25)),
            at=None if at is None else max(at, registered),
            outcome=story.chance.choice((None, "succeeded", "failed")),
        )
    except InsufficientCredits:
        return
    if charge.credits:
        story.charges.append(charge.id)


def _put_right(story: Story) -> None:
    support = story.desk.support
    grant = support.grant(
        _somebody(story),
        story.chance.randint(1, 90),
        reason="failed_generation",
        note="Put right",
        ticket=f"ZD-{story.acts}",
        validity=story.chance.choice(("P1Y", "P30D", "month_end")),
    )
    story.grants.append(grant.id)
    if story.charges and story.acts % 2:
        chosen = story.charges.pop(story.chance.randrange(len(story.charges)))
        support.refund(chosen, reason="failed_generation")
    if story.acts % 3 == 0:
        with suppress(NothingToVoid):
            support.void(story.chance.choice(story.grants), reason="given_in_error")
