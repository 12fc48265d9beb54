"""The ledger read piece by piece: what is left out changes no balance, and every proof sums."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import Desk, open_desk
from app.domain.calendar import Month
from app.domain.ledger import EntryKind, LedgerEntry
from tests import lively

USERS = tuple(f"usr_{number}" for number in range(1, lively.USERS + 1))
FILTERS = (
    {"kinds": [EntryKind.USE]},
    {"kinds": [EntryKind.REFUSED_USE]},
    {"kinds": [EntryKind.EXPIRY, EntryKind.VOID, EntryKind.RETURN]},
    {"kinds": [EntryKind.USE, EntryKind.REFUSED_USE, EntryKind.SUPPORT_CREDIT]},
    {"feature": "image_extender"},
    {"feature": "export_image", "free": True},
    {"month": Month(2026, 3)},
    {"month": Month(2026, 3), "feature": "ghostface"},
    {"month": Month(2026, 2), "kinds": [EntryKind.MONTHLY_ALLOWANCE, EntryKind.USE]},
    {"free": True, "month": Month(2026, 5)},
)
INSTANTS = (None, datetime(2026, 3, 14, 12, tzinfo=UTC), datetime(2026, 9, 2, tzinfo=UTC))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(lively.put(tmp_path), staff=lively.SUPPORT, now=lively.at_the_end) as opened:
        yield opened


def in_pages(desk: Desk, user: str, at: datetime | None, chosen: dict[str, object]) -> list[object]:
    found: list[LedgerEntry] = []
    while True:
        before = found[-1] if found else None
        page = desk.accounts.ledger(
            user, at=at, before=before, limit=3, **chosen,  # type: ignore[arg-type]
        )  # fmt: skip
        found += page
        if len(page) < 3:
            return list(found)


@pytest.mark.parametrize("at", INSTANTS)
@pytest.mark.parametrize("chosen", FILTERS)
def test_what_filters_let_through_has_the_balances_of_the_whole_ledger(
    desk: Desk, chosen: dict[str, object], at: datetime | None
) -> None:
    shown = 0
    for user in USERS[::3]:
        whole = desk.accounts.ledger(user, at=at, limit=None, **chosen)  # type: ignore[arg-type]
        assert in_pages(desk, user, at, chosen) == whole
        shown += len(whole)
    assert shown > 0 or at is not None


def test_everything_of_one_millisecond_is_told_once_when_a_page_ends_within_it(
    tmp_path: Path,
) -> None:
    clock = lively.Clock()
    with open_desk(tmp_path / "credits.db", staff=lively.ADMIN, now=clock) as desk:
        desk.accounts.register("u", email="u@example.com", name="U")
        for number in range(7):
            desk.charging.charge("u", "object_remover", key=f"one-{number}")
        first = desk.charging.charge("u", "object_remover", key="refunded")
        desk.support.refund(first.id, reason="failed_generation")
        whole = desk.accounts.ledger("u", limit=None, kinds=[EntryKind.USE, EntryKind.RETURN])
        pages = in_pages(desk, "u", None, {"kinds": [EntryKind.USE, EntryKind.RETURN]})
    assert len({entry.at for entry in whole}) == 1
    assert len(whole) == 9
    assert pages == whole


def test_the_proof_of_everybody_sums_at_any_instant(desk: Desk) -> None:
    start = datetime(2025, 12, 20, tzinfo=UTC)
    for user in USERS:
        for day in range(0, 300, 23):
            at = start + timedelta(days=day, hours=day % 24)
            proof = desk.accounts.proof(user, at=at)
            account = desk.accounts.account(user, at=at)
            assert proof.agrees, (user, at)
            assert proof.balance == account.available
            assert proof.balance == sum(grant.remaining for grant in account.grants)
        now = desk.accounts.proof(user)
        assert now.agrees
        assert now.gained - now.lost == desk.accounts.account(user).available


def test_each_part_of_a_proof_is_the_sum_of_the_entries_it_opens(desk: Desk) -> None:
    for user in USERS[:8]:
        for at in INSTANTS:
            for part in desk.accounts.proof(user, at=at).parts:
                entries = desk.accounts.ledger(user, at=at, kinds=[part.kind], limit=None)
                assert sum(entry.credits for entry in entries) == part.credits
                assert len(entries) == part.entries


def test_a_sheet_names_every_month_that_the_ledger_spans(desk: Desk) -> None:
    for user in USERS:
        sheet = desk.sheets.of(user)
        calendar = desk.office.calendar
        entries = desk.accounts.ledger(user, limit=None, free=True)
        months = {calendar.month_of(entry.at) for entry in entries}
        assert months <= set(sheet.ledger_months)
        assert sheet.ledger_months[-1] == min(months)
        assert list(sheet.ledger_months) == sorted(sheet.ledger_months, reverse=True)


def test_usage_by_month_and_feature_is_what_the_ledger_says(desk: Desk) -> None:
    calendar = desk.office.calendar
    for user in USERS:
        told: dict[tuple[Month, str], list[int]] = {}
        for entry in desk.accounts.ledger(user, limit=None, free=True):
            if entry.feature is not None:
                cell = told.setdefault((calendar.month_of(entry.at), entry.feature), [0, 0, 0])
                refused = entry.kind is EntryKind.REFUSED_USE
                cell[0] += 0 if refused else entry.quantity
                cell[1] -= entry.credits
                cell[2] += entry.quantity if refused else 0
        usage = desk.accounts.usage(user, "2025-12", "2026-06")
        found = {(use.month, use.feature): [use.uses, use.credits, use.refused] for use in usage}
        assert found == told
