"""Packed months: made from the record, stale by number, checked, equal to one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app import Desk, open_desk
from app.domain.calendar import Month
from app.domain.errors import ChangedMeanwhile, InsufficientCredits
from app.domain.policy import Bonus
from app.domain.prices import PriceList
from app.domain.staff import Act
from app.services import demo, what_if_alone, what_if_asked, what_if_together
from app.services.what_if_months import Packs
from app.services.what_if_sums import Ints
from app.storage import month_packs
from tests.services.plants import plant

MONTHS = tuple(Month(2025, 11).until(Month(2026, 10)))
ADMIN = "mira@pixpretty.example"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("packs") / "demo.db"
    demo.build(made, users=60, seed=7)
    return made


@pytest.fixture
def desk(path: Path) -> Iterator[Desk]:
    with open_desk(path, staff=ADMIN, now=lambda: demo.PRESENT) as opened:
        yield opened


def times(desk: Desk, factor: float) -> PriceList:
    base = desk.pricing.current().prices
    features = tuple(replace(f, credits=max(1, round(f.credits * factor))) for f in base.features)
    return replace(base, features=features)


def uses_of(tried: what_if_asked.Tried) -> Ints:
    """Every use with how it fared, in one order."""
    tables = []
    for uses in tried.uses:
        columns = (
            *(tried.users[uses.place], uses.at, uses.feature, uses.plan, uses.quantity),
            *(uses.cost_then, uses.paid_then, uses.cost_now, uses.paid_now, uses.listed),
        )
        tables.append(np.stack([column.astype(np.int64) for column in columns], 1))
    table = np.concatenate(tables)
    table = table[table[:, 4] > 0]  # refunds stand among the uses with a quantity of 0
    ordered: Ints = table[np.lexsort(table.T)]
    return ordered


def granting(desk: Desk, **policy: Any) -> PriceList:
    """The list in force with another policy, and somewhat dearer, so that more is refused."""
    base = times(desk, 1.3)
    plans = {**base.policy.plans, **policy.pop("plans", {})}
    return replace(base, policy=replace(base.policy, plans=plans, **policy))


@pytest.mark.slow
@pytest.mark.parametrize("factor", [None, 0.5, 1.3, 4])
@pytest.mark.parametrize("months", [MONTHS, MONTHS[-1:], MONTHS[4:6]])
def test_all_at_once_and_one_by_one_agree_use_by_use(
    desk: Desk, months: tuple[Month, ...], factor: float | None
) -> None:
    agree(desk, months, None if factor is None else times(desk, factor))


@pytest.mark.slow
@pytest.mark.parametrize("months", [MONTHS, MONTHS[-1:], MONTHS[4:6]])
@pytest.mark.parametrize(
    "policy",
    [
        {"plans": {"plus": 90}},
        {"plans": {"free": 15, "plus": 0, "pro": 250}},
        {"signup": Bonus(30, "P30D")},
        {"signup": Bonus(0, "P1Y"), "referral": Bonus(40, "month_end")},
        {"plans": {"free": 7, "pro": 60}, "signup": Bonus(5, "P7D"), "referral": Bonus(9, "P90D")},
    ],
    ids=["plus", "plans", "signup", "bonuses", "both"],
)
def test_a_policy_tried_at_once_and_one_by_one_agrees_use_by_use(
    desk: Desk, months: tuple[Month, ...], policy: dict[str, Any]
) -> None:
    agree(desk, months, granting(desk, **policy))


def agree(desk: Desk, months: tuple[Month, ...], draft: PriceList | None) -> None:
    packs = Packs()
    packs.prepare(desk.office, months, lambda _: None, None)
    with desk.office.reading(Act.WHAT_IF) as work:
        asked = what_if_asked.Asked(draft, months)
        together, alone = (
            what_if_together.tried(work, asked, packs),
            what_if_alone.one_by_one(work, asked),
        )
        assert np.array_equal(uses_of(together), uses_of(alone))
        assert together.expired == alone.expired


def test_most_users_are_replayed_together_whatever_a_draft_changes(desk: Desk) -> None:
    packs = Packs()
    packs.prepare(desk.office, MONTHS, lambda _: None, None)
    draft = granting(desk, plans={"free": 5}, signup=Bonus(5, "P30D"))
    with desk.office.reading(Act.WHAT_IF) as work:
        pack = packs.read(work.session, MONTHS[-1])
        asked = what_if_asked.Asked(draft, MONTHS)
        together = what_if_together.tried(work, asked, packs)
        at_once = sum(len(uses.at) for uses in together.uses if len(uses.at) > 500)
        in_all = len(uses_of(what_if_alone.one_by_one(work, asked)))
    assert len(pack.users) > 4 * len(pack.others)
    assert at_once > 0.8 * in_all


def test_a_pack_is_read_as_it_was_kept(desk: Desk) -> None:
    Packs().prepare(desk.office, MONTHS, lambda _: None, None)
    with desk.office.reading() as work:
        pack = month_packs.read(work.session, MONTHS[0])
        blob = month_packs.content(pack)
        again = month_packs.from_content(pack.month, pack.marks, blob)
    assert len(pack.at) > 100
    assert np.array_equal(pack.at, again.at)
    assert np.array_equal(pack.expires_at, again.expires_at)
    assert month_packs.content(again) == blob


def test_a_pack_that_a_restore_took_away_is_told_of(desk: Desk) -> None:
    month = Month(2001, 1)
    with desk.office.reading(Act.WHAT_IF) as work, pytest.raises(ChangedMeanwhile) as raised:
        month_packs.read(work.session, month)
    assert "restored meanwhile" in str(raised.value)
    assert raised.value.values["month"] == "2001-01"


def test_what_is_recorded_later_about_a_packed_month_counts(tmp_path: Path, path: Path) -> None:
    copy = tmp_path / "late.db"
    copy.write_bytes(path.read_bytes())
    with open_desk(copy, staff=ADMIN, now=lambda: demo.PRESENT) as desk:
        before = desk.pricing.what_if(None, "2026-10")
        user = desk.accounts.find("", limit=1)[0].user_id
        at = desk.office.calendar.start(Month(2026, 10))
        with pytest.raises(InsufficientCredits):
            desk.charging.charge(user, "image_extender", key="late-1", quantity=9_999, at=at)
        desk.charging.charge(user, "export_image", key="late-2", quantity=5, at=at)
        after = desk.pricing.what_if(None, "2026-10")
        assert after.now == after.then
        assert after.now.refused == before.now.refused + 9_999
        assert after.now.uses == before.now.uses + 5
        assert desk.integrity.verify().ok


def test_a_changed_pack_is_found_and_made_anew(tmp_path: Path, path: Path) -> None:
    copy = tmp_path / "changed.db"
    copy.write_bytes(path.read_bytes())
    with open_desk(copy, staff=ADMIN, now=lambda: demo.PRESENT) as desk:
        first = desk.pricing.what_if(None, "2026-10")
    plant(copy, "UPDATE month_pack SET content = zeroblob(length(content)) WHERE month = 202610")
    with open_desk(copy, staff=ADMIN, now=lambda: demo.PRESENT) as desk:
        (violation,) = desk.integrity.verify().violations
        assert (violation.name, violation.rows) == (
            "packed months equal the record",
            ("month 2026-10",),
        )
        desk.integrity.rebuild()
        assert desk.pricing.what_if(None, "2026-10") == first
        assert desk.integrity.verify().ok
