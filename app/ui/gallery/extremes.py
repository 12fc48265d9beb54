"""A small product in which everything is extreme: names, texts, numbers. The same every time."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app import shipped
from app.domain.charges import Outcome
from app.domain.errors import InsufficientCredits
from app.ui.gallery import texts

if TYPE_CHECKING:
    from app.desk import Desk

LONG_ID: Final = "usr_" + "long" * 8
HOSTILE_ID: Final = "usr_hostile"
HUGE_ID: Final = "usr_huge"
SCRIPT_IDS: Final = ("usr_arabic", "usr_japanese", "usr_thai")
LONG_REQUEST: Final = 1
"""The requests are numbered as their users are; whoever is no user comes last."""
HOSTILE_REQUEST: Final = 2
HUGE_REQUEST: Final = 3
SCRIPT_REQUEST: Final = 4
UNMATCHED_REQUEST: Final = 7
STAFF: Final = "mira@pixpretty.example"
SUPPORT: Final = "quentin@pixpretty.example"
_BEGIN: Final = datetime(2025, 12, 3, 9, tzinfo=UTC)
_LONG_MAIL: Final = f"{'w.featherstonehaugh.' * 3}montenegro@{'studio.' * 12}example"
_MOST: Final = 1_000_000
"""The most credits of one grant, by staff or by a plan."""
_GRANTS_A_MONTH: Final = 6
_PRICES: Final = {"nano_banana_pro_4k": 10_000, "qwen_image_pro_4k": 9_999}


@dataclass
class _Clock:
    """A clock that stands where it is put."""

    at: datetime = _BEGIN

    def __call__(self) -> datetime:
        return self.at


def open_extremes() -> Desk:
    """The desk over it, in memory, for its admin."""
    from app.desk import open_desk

    clock = _Clock()
    with tempfile.TemporaryDirectory() as folder:
        pricing = Path(folder) / "pricing.json"
        pricing.write_text(json.dumps(_pricing()), "utf-8")
        desk = open_desk(":memory:", staff=STAFF, now=clock, pricing=pricing, sandbox=True)
    desk.staff.add(SUPPORT, "support")
    for user_id, name in _people().items():
        _live(desk, clock, user_id, name)
    clock.at = texts.NOW
    _complain(desk)
    return desk


def _people() -> dict[str, str]:
    scripts = dict(zip(SCRIPT_IDS, texts.SCRIPTS, strict=True))
    return {
        LONG_ID: texts.LONG,
        HOSTILE_ID: texts.HOSTILE,
        HUGE_ID: texts.UNBROKEN,
        **scripts,
    }


def _pricing() -> dict[str, Any]:
    """The shipped list with features and reasons that are hard to show, and huge figures."""
    prices: dict[str, Any] = json.loads(shipped.path("pricing.json").read_bytes())
    names = (texts.MARKUP, texts.LONG[:120].strip(), texts.UNBROKEN, *texts.SCRIPTS)
    for feature, name in zip(prices["features"], names, strict=False):
        feature["name"] = feature["description"] = name
    for feature in prices["features"]:
        feature["credits"] = _PRICES.get(feature["key"], feature["credits"])
    prices["plans"]["pro"]["monthly_credits"] = _MOST
    prices["version_note"] = texts.MARKUP
    for reason, name in zip(prices["support"]["reasons"], names[:3], strict=False):
        reason["name"] = name[:60].strip()
    return prices


def _live(desk: Desk, clock: _Clock, user_id: str, name: str) -> None:
    """A year of one user: a plan, many uses, credits by staff, a note."""
    clock.at = _BEGIN
    long = user_id == LONG_ID
    desk.accounts.register(
        user_id,
        email=_LONG_MAIL if long else f"{user_id.removeprefix('usr_')}@example.com",
        name=name,
        referral_code=f"PIX-{user_id[-6:].upper()}",
        referred_by=None if long else f"PIX-{LONG_ID[-6:].upper()}",
    )
    desk.accounts.change_plan(user_id, "pro" if user_id == HUGE_ID else "plus")
    features = ("remove_bg_single", "remove_bg_batch", "object_remover", "image_extender")
    for month in range(1, 12):
        for day, feature in enumerate(features, start=2):
            clock.at = datetime(2026, month, day, 8, 31, tzinfo=UTC)
            key = f"{user_id}-{month}-{feature}"
            desk.charging.charge(user_id, feature, key=key, quantity=1 + month % 3, job=key)
        if user_id == HUGE_ID:
            _spend(desk, month)
    _support(desk, clock, user_id, name)


def _spend(desk: Desk, month: int) -> None:
    """Millions given and used within a month."""
    for number in range(_GRANTS_A_MONTH):
        desk.support.grant(
            HUGE_ID, _MOST, reason="other", note="Millions", ticket=f"ZD-{month}-{number}"
        )
    for at, feature in enumerate(_PRICES):
        key = f"huge-{month}-{feature}"
        desk.charging.charge(HUGE_ID, feature, key=key, quantity=150 + 10 * at * month)


def _support(desk: Desk, clock: _Clock, user_id: str, name: str) -> None:
    """Credits by staff, a failed job, a refused use, a note: each with texts of the same kind."""
    clock.at = texts.NOW - timedelta(days=2)
    ticket = f"ZD-{name}"[:60]
    credits = _MOST if user_id == HUGE_ID else 24
    desk.support.grant(user_id, credits, reason="failed_generation", note=name, ticket=ticket)
    desk.accounts.note(user_id, name if user_id != LONG_ID else texts.PARAGRAPH)
    desk.charging.report_outcome(f"{user_id}-11-image_extender", Outcome.FAILED)
    if user_id != HUGE_ID:
        try:
            desk.charging.charge(
                user_id, "nano_banana_pro_4k", key=f"{user_id}-no", quantity=10_000
            )
        except InsufficientCredits:
            clock.at = texts.NOW


def _complain(desk: Desk) -> None:
    for hours, (user_id, name) in enumerate(_people().items(), start=1):
        message = texts.PARAGRAPH if user_id == LONG_ID else f"{name}: {texts.HOSTILE}"
        desk.requests.open(
            user=user_id,
            ticket=f"ZD-{name}"[:60],
            category="failed_generation",
            message=message,
            credits=_MOST if user_id == HUGE_ID else 12,
            at=texts.NOW - timedelta(hours=hours * 7),
        )
    desk.requests.open(user=texts.HOSTILE, ticket="ZD-0", message=texts.UNBROKEN * 4, at=texts.NOW)
