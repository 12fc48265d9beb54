"""A small product in which everybody, staff too, tries what the fields take: texts that are code.

It is built through the services, so what it holds is what people can really put on record. Each
payload stands once in every kind of field; which of them meet in one account goes by a rotation.
The ids and requests that the gallery asks for are among them, so its dialogs open over this, too.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from app import shipped
from app.desk import Desk, open_desk
from app.domain.charges import MOST_KEY, Outcome
from app.domain.errors import ApprovalRequired, InsufficientCredits
from app.domain.price_file import MOST_DESCRIPTION, MOST_FAMILY, MOST_NAME, MOST_NOTE
from app.domain.request_values import MOST_MESSAGE, MOST_SENDER, MOST_TICKET
from app.domain.users import MOST_ID, MOST_TEXT
from app.domain.users import MOST_NOTE as MOST_USER_NOTE
from app.ui.gallery import extremes

ADMIN: Final = "mira@pixpretty.example"
DRAWN: Final = "amira.haddad@example.com"
"""The user whom the gallery looks for."""
NOW: Final = datetime(2026, 11, 22, 14, 2, 11, tzinfo=UTC)
FILE: Final = "R&D [*] {name} %s zero\u200bwidth \u202egnp.db"
"""What may stand in the name of a file on every system."""
_BEGIN: Final = datetime(2026, 9, 1, 8, tzinfo=UTC)
_CALLED: Final = (
    extremes.HOSTILE_ID, extremes.LONG_ID, extremes.HUGE_ID, *extremes.SCRIPT_IDS
)  # fmt: skip
_REASONS: Final = 40
_FAMILIES: Final = 12
_UNPUBLISHABLE: Final = {"Cc", "Cs", "Cf", "Zl", "Zp", "Co", "Cn"}


@dataclass
class Clock:
    """A clock that stands where it is put."""

    at: datetime = _BEGIN

    def __call__(self) -> datetime:
        return self.at


class World:
    """The texts of everybody: who stands at a place has the payloads from there on."""

    def __init__(self, payloads: Sequence[str]) -> None:
        self.payloads = tuple(payloads)

    def __len__(self) -> int:
        return len(self.payloads)

    def text(self, at: int, most: int) -> str:
        """A payload as a field of that length keeps it: no zero character, no blanks around it."""
        payload = self.payloads[at % len(self)]
        return payload.replace("\x00", "")[:most].strip()

    def numbered(self, at: int, most: int) -> str:
        """The same where two may not be alike: ``=1+1`` and a tab before it are, stripped."""
        return f"{self.text(at, most - 4)}~{at}"

    def user_id(self, at: int) -> str:
        """The id of a user: a payload, too, but for those whom the gallery asks for."""
        return _CALLED[at] if at < len(_CALLED) else self.numbered(at, MOST_ID)

    def key(self, at: int, number: int) -> str:
        """The idempotency key of a use."""
        return f"{self.numbered(at, MOST_KEY - 2)}.{number}"

    def published(self, most: int) -> Iterator[str]:
        """The payloads as a price list takes them: without characters that cannot be shown."""
        for payload in self.payloads:
            shown = (c for c in payload if unicodedata.category(c) not in _UNPUBLISHABLE)
            yield "".join(shown)[:most].strip()


def pricing(world: World) -> dict[str, Any]:
    """A price list with a feature for each payload, and families and reasons of the same kind."""
    prices: dict[str, Any] = json.loads(shipped.path("pricing.json").read_bytes())
    described = list(world.published(MOST_DESCRIPTION))
    families = list(world.published(MOST_FAMILY))[:_FAMILIES]
    prices["features"] = [
        {
            "key": f"feature_{at}",
            "name": name,
            "description": described[at - 1],
            "family": families[at % _FAMILIES],
            "credits": 1,
        }
        for at, name in enumerate(world.published(MOST_NAME))
    ]
    prices["support"]["reasons"] += [
        {"key": f"reason_{at}", "name": name}
        for at, name in enumerate(list(world.published(MOST_NAME))[:_REASONS])
    ]
    prices["version_note"] = "\n".join(world.published(MOST_NAME))[:MOST_NOTE].strip()
    return prices


def open_world(world: World, folder: Path) -> Desk:
    """The desk over it for its admin, in a file whose name is a payload as well."""
    clock, prices = Clock(), folder / "pricing.json"
    prices.write_text(json.dumps(pricing(world)), "utf-8")
    with open_desk(":memory:", staff=ADMIN, now=clock, pricing=prices, sandbox=True) as desk:
        for at in range(len(world)):
            clock.at = _BEGIN + timedelta(hours=at)
            _register(desk, world, at)
            _use(desk, world, at)
            with _signed_in(desk, world.numbered(at, MOST_TEXT)):
                _support(desk, world, at)
                _complain(desk, world, at)
        clock.at = NOW
        desk.accounts.release_month()
        desk.pricing.publish(_dearer(desk), based_on=1, note=world.text(0, MOST_NOTE))
        _ask_for_more(desk, world)
        _put(desk, folder / FILE)
    return open_desk(folder / FILE, staff=ADMIN, now=clock)


def _put(desk: Desk, path: Path) -> None:
    """Put into a file what was made in memory, which waits for no disk."""
    with desk.office.database.reading() as session:
        target = type(session.driver)(str(path))
        session.driver.backup(target)
        target.close()


@contextmanager
def _signed_in(desk: Desk, person: str) -> Iterator[None]:
    """Everything at this desk is done by somebody else for a while."""
    desk.office.person = person
    try:
        yield
    finally:
        desk.office.person = ADMIN


def _register(desk: Desk, world: World, at: int) -> None:
    local = "".join(world.text(at, MOST_TEXT - 40).split())
    desk.accounts.register(
        world.user_id(at),
        email=f"{local}.{at}@example.com" if at else DRAWN,
        name=world.text(at, MOST_TEXT),
        referral_code=world.numbered(at, MOST_ID),
        referred_by=world.numbered(at - 1, MOST_ID) if at else None,
    )
    desk.accounts.change_plan(world.user_id(at), "pro")
    desk.staff.add(world.numbered(at, MOST_TEXT), "support_lead")


def _use(desk: Desk, world: World, at: int) -> None:
    """Three uses, of which the first failed, and one that was refused."""
    user, feature = world.user_id(at), f"feature_{at}"
    for number in range(3):
        key, job = world.key(at, number), world.text(at, MOST_ID)
        desk.charging.charge(user, feature, key=key, quantity=2, job=job)
    desk.charging.report_outcome(world.key(at, 0), Outcome.FAILED)
    with suppress(InsufficientCredits):
        desk.charging.charge(user, feature, key=f"{at}-refused", quantity=9_999)


def _support(desk: Desk, world: World, at: int) -> None:
    """A note, a refund, credits by staff, a void."""
    user, reason = world.user_id(at), f"reason_{at % _REASONS}"
    desk.accounts.note(user, world.text(at + 1, MOST_USER_NOTE))
    used = desk.charging.find(world.key(at, 1))
    desk.support.refund(used.id, reason=reason, note=world.text(at + 3, MOST_TEXT))
    note, ticket = world.text(at + 4, MOST_TEXT), world.text(at + 2, MOST_TICKET)
    desk.support.grant(user, 24, reason=reason, note=note, ticket=ticket)
    wrong = desk.support.grant(user, 12, reason=reason, note=f"{note}.", ticket=ticket)
    desk.support.void(wrong.id, reason="given_in_error", note=world.text(at + 5, MOST_TEXT))


def _complain(desk: Desk, world: World, at: int) -> None:
    """A request of the user; the seventh of all is of nobody on record, as is one of each."""
    kinds = ("failed_generation", "wrong_price", "credits_vanished", "referral_not_paid")
    request = desk.requests.open(
        user=world.user_id(at),
        ticket=world.text(at + 6, MOST_TICKET),
        message=world.text(at, MOST_MESSAGE),
        category=kinds[at % len(kinds)],
        credits=12,
    )
    if at % 4 == 1:
        desk.requests.claim(request.id)
    elif at % 4 == 2:
        note = world.text(at + 7, MOST_TEXT)
        desk.requests.resolve(request.id, act="decline", note=note)
    if at >= len(_CALLED):
        sender = f"{world.text(at, MOST_SENDER - 2)}?"
        desk.requests.open(user=sender, ticket=world.text(at, MOST_TICKET), message="?")


def _ask_for_more(desk: Desk, world: World) -> None:
    """Credits that wait for an approval, asked for by people with names of the same kind."""
    for at in range(4, len(world), 4):
        person, note = world.numbered(at, MOST_TEXT), world.text(at, MOST_TEXT)
        ticket = world.text(at + 6, MOST_TICKET)
        desk.staff.set_role(person, "support")
        with _signed_in(desk, person), suppress(ApprovalRequired):
            if at % 8:
                asked = desk.requests.by_ticket(ticket)[0]
                desk.requests.resolve(
                    asked.id, act="grant", credits=500, reason="goodwill", note=note
                )
            else:
                user = world.user_id(at)
                desk.support.grant(user, 500, reason="goodwill", note=note, ticket=ticket)


def _dearer(desk: Desk) -> dict[str, Any]:
    prices: dict[str, Any] = json.loads(desk.pricing.export())
    for feature in prices["features"]:
        feature["credits"] = 2
    return prices
