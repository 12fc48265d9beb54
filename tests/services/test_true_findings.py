"""Every finding is true: of the recorded complaints, of random records, of the demo."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from app import open_desk
from app.domain.diagnosis import Complaint
from app.domain.replies import FIGURES
from app.services import demo
from tests.campaigns.diagnoses import COMPLAINTS, one_record
from tests.services.checked_findings import CODES, check_all
from tests.services.made_up_records import a_case
from tests.services.retold import USER, Told, cases, complaint_of, diagnosed, retold


def test_every_kind_of_finding_is_counted_again() -> None:
    assert set(FIGURES) - {"sender_unknown"} == CODES


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["message"][:60])
def test_the_findings_of_a_recorded_complaint_are_true(case: Told, tmp_path: Path) -> None:
    with retold(case, tmp_path) as (desk, _):
        check_all(desk, USER, complaint_of(case), diagnosed(desk, case))


@pytest.mark.parametrize("seed", range(12))
def test_the_findings_of_a_random_record_are_true(seed: int, tmp_path: Path) -> None:
    found: Counter[str] = Counter()
    assert one_record(seed, tmp_path, found) == []
    assert found.total() > len(COMPLAINTS)


@pytest.mark.slow
def test_the_findings_of_the_demos_users_are_true(tmp_path: Path) -> None:
    demo.build(tmp_path / "demo.db")
    chance = Random(7)
    with open_desk(
        tmp_path / "demo.db", staff="mira@pixpretty.example", now=lambda: demo.PRESENT
    ) as desk:
        users = [summary.user_id for summary in desk.accounts.find("", limit=600)]
        for user_id in [*users[:40], *chance.sample(users, 60)]:
            opened = demo.PRESENT - timedelta(hours=chance.randrange(400))
            registered = desk.accounts.user(user_id).registered_at
            told = Complaint(None, chance.choice(COMPLAINTS), max(opened, registered), "ZD-1")
            check_all(desk, user_id, told, desk.diagnosing.diagnose_user(user_id, told))


def test_a_recount_finds_what_is_wrong(tmp_path: Path) -> None:
    """The recount itself must be able to fail: what was true before is not after a grant."""
    case = a_case(Random(3))
    with retold(case, tmp_path) as (desk, hands):
        told = complaint_of(case | {"message": "i ran out of credits", "category": None})
        before = desk.diagnosing.diagnose_user(USER, told)
        hands.now = datetime(2026, 11, 30, tzinfo=UTC)
        desk.support.grant(USER, 7, reason="goodwill", note="Sorry.", ticket="ZD-8")
        with pytest.raises(AssertionError):
            check_all(desk, USER, told, before)
