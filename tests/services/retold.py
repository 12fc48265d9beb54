"""Recorded complaints: a small record told as acts in order, done to a real desk.

A case has ``acts``, each an instant in UTC, what is done, and with what: ``charge`` names the
feature, ``refund`` and ``outcome`` the key of a charge, ``grant`` the credits. Without ``user`` it
is ``usr_1`` to whom it is done. ``expect`` says the category, the ``first`` finding, and findings
that come with it (``also``) or must not (``never``); of values only those named are compared.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app import Desk, open_desk, shipped
from app.domain.diagnosis import Complaint, Diagnosis
from app.domain.errors import (
    AlreadyRefunded,
    AlreadyRegistered,
    ApprovalRequired,
    InsufficientCredits,
    NothingToRefund,
    UnknownRecord,
)
from app.domain.price_file import parse
from app.services.office import Office

_MAY_BE_REFUSED = (
    *(InsufficientCredits, ApprovalRequired, AlreadyRegistered, AlreadyRefunded),
    *(NothingToRefund, UnknownRecord),
)
FOLDER = Path(__file__).parent / "complaints"
USER = "usr_1"
Told = dict[str, Any]


@dataclass
class Hands:
    """The clock of a retold record, and the numbers of what was done, by key."""

    now: datetime
    charges: dict[str, int]

    def __call__(self) -> datetime:
        return self.now


def cases() -> list[Told]:
    """Every recorded complaint, with the name of its file."""
    return [
        case | {"file": path.stem}
        for path in sorted(FOLDER.glob("*.json"))
        for case in json.loads(path.read_text(encoding="utf-8"))
    ]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@contextmanager
def retold(case: Told, folder: Path) -> Iterator[tuple[Desk, Hands]]:
    """A desk with the record of a case, its clock at the complaint."""
    hands = Hands(instant(case["acts"][0][0]), {})
    pricing = folder / "pricing.json"
    document = json.loads(shipped.path("pricing.json").read_text(encoding="utf-8"))
    document |= case.get("pricing", {})
    document["timezone"] = case.get("zone", "UTC")
    pricing.write_text(json.dumps(document), encoding="utf-8")
    with open_desk(
        folder / "desk.db", staff="lea@pixpretty.example", now=hands, pricing=pricing
    ) as desk:
        for at, act, *rest in case["acts"]:
            hands.now = instant(at)
            options = dict(rest[-1]) if rest and isinstance(rest[-1], dict) else {}
            what = rest[0] if rest and not isinstance(rest[0], dict) else None
            with suppress(*_MAY_BE_REFUSED):
                _ACTS[act](desk, hands, what, options)
        hands.now = instant(case["at"])
        yield desk, hands


def complaint_of(case: Told) -> Complaint:
    return Complaint(
        category=case.get("category"),
        message=case["message"],
        opened_at=instant(case["at"]),
        ticket=case.get("ticket", "ZD-1"),
        credits=case.get("credits"),
        sender=USER,
    )


def diagnosed(desk: Desk, case: Told) -> Diagnosis:
    return desk.diagnosing.diagnose_user(case.get("user", USER), complaint_of(case))


def _register(desk: Desk, hands: Hands, what: Any, options: Told) -> None:
    user = options.pop("user", USER)
    number = user.removeprefix("usr_")
    options.setdefault("email", f"user{number}@example.com")
    options.setdefault("name", f"User {number}")
    options.setdefault("referral_code", f"CODE-{number}")
    at = options.pop("at", None)
    desk.accounts.register(user, at=at and instant(at), **options)


def _plan(desk: Desk, hands: Hands, what: Any, options: Told) -> None:
    at = options.get("at")
    desk.accounts.change_plan(options.get("user", USER), what, at=at and instant(at))


def _charge(desk: Desk, hands: Hands, what: Any, options: Told) -> None:
    times, user = options.pop("times", 1), options.pop("user", USER)
    key = options.pop("key", f"{what}-{hands.now.isoformat()}")
    at = options.pop("at", None)
    for number in range(times):
        this = key if times == 1 else f"{key}-{number}"
        hands.now += timedelta(minutes=10 if number else 0)
        charge = desk.charging.charge(user, what, key=this, at=at and instant(at), **options)
        hands.charges[this] = charge.id


def _outcome(desk: Desk, hands: Hands, what: Any, options: Told) -> None:
    desk.charging.report_outcome(what, options["outcome"])


def _refund(desk: Desk, hands: Hands, what: Any, options: Told) -> None:
    reason = options.get("reason", "failed_generation")
    desk.support.refund(hands.charges.get(what, 0), reason=reason, note=options.get("note", ""))


def _grant(desk: Desk, hands: Hands, what: Any, options: Told) -> None:
    usual: Told = {"reason": "goodwill", "note": "Sorry.", "ticket": "ZD-0"}
    options = usual | options
    user = options.pop("user", USER)
    giver = options.pop("by", None)
    if giver is not None:
        known = {member.email for member in desk.staff.list()}
        if giver not in known:
            desk.staff.add(giver, "support")
        desk = Desk(Office(desk.office.database, hands, giver, desk.zone))
    desk.support.grant(user, what, **options)


def _void(desk: Desk, hands: Hands, what: Any, options: Told) -> None:
    kind = options.get("kind", "support_credit")
    account = desk.accounts.account(USER)
    for grant in [grant for grant in account.grants if grant.kind == kind][:1]:
        desk.support.void(grant.id, reason="given_in_error", note="Wrong person.")


def _price(desk: Desk, hands: Hands, what: Any, options: Told) -> None:
    current = desk.pricing.current()
    document = json.loads(shipped.path("pricing.json").read_text(encoding="utf-8"))
    document["timezone"] = desk.zone
    known = {feature.key: feature.credits for feature in current.prices.features}
    for feature in document["features"]:
        feature["credits"] = options.get(feature["key"], known[feature["key"]])
    without = options.get("without")
    document["features"] = [one for one in document["features"] if one["key"] != without]
    prices = parse(json.dumps(document).encode())
    start = options.get("from")
    desk.pricing.publish(
        prices,
        based_on=current.number,
        note="Changed.",
        effective_at=start and instant(start),
    )


_ACTS: dict[str, Callable[[Desk, Hands, Any, Told], None]] = {
    "register": _register,
    "friend": _register,
    "plan": _plan,
    "charge": _charge,
    "outcome": _outcome,
    "refund": _refund,
    "grant": _grant,
    "void": _void,
    "price": _price,
}
