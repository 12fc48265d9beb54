"""Diagnoses of requests in the queue, and what they read of a record."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import Desk
from app.domain.diagnosis import Advice, Complaint, Diagnosis
from app.domain.errors import UnknownRecord, UnknownUser
from app.storage import evidence
from tests.benchmarks import diagnosis_speed
from tests.services.conftest import Clock

AMIRA = "usr_1"


@pytest.fixture
def pro(desk: Desk, clock: Clock) -> Desk:
    """A desk with one user on Pro, on 20 November 2026 at noon."""
    desk.accounts.register(AMIRA, email="amira@example.com", name="Amira", referral_code="AMIRA-1")
    desk.accounts.change_plan(AMIRA, "pro")
    clock.set(2026, 11, 20, 12)
    return desk


def codes(diagnosis: Diagnosis) -> list[str]:
    return [finding.code for finding in diagnosis.findings]


def complaint(message: str, at: datetime, category: str | None = None) -> Complaint:
    return Complaint(category, message, at, ticket="ZD-9")


def test_a_request_is_diagnosed_by_its_number(pro: Desk, clock: Clock) -> None:
    charge = pro.charging.charge(AMIRA, "nano_banana_pro_4k", key="a", outcome="failed")
    request = pro.requests.open(user=AMIRA, ticket="ZD-9", message="it failed and took 48")
    first = pro.requests.diagnose(request.id).findings[0]
    assert first.code == "failed_not_refunded"
    assert first.suggestion is not None
    assert (first.suggestion.act, first.suggestion.charge_id) == (Advice.REFUND, charge.id)
    with pytest.raises(UnknownRecord):
        pro.requests.diagnose(request.id + 1)


def test_a_sender_who_matches_nobody_is_a_finding(pro: Desk) -> None:
    request = pro.requests.open(user="nobody@example.com", ticket="ZD-9", message="my credits?")
    diagnosis = pro.requests.diagnose(request.id)
    assert codes(diagnosis) == ["sender_unknown"]
    assert "nobody@example.com" in diagnosis.findings[0].sentence
    with pytest.raises(UnknownUser):
        pro.diagnosing.diagnose_user("usr_77", complaint("hi", pro.now()))


def test_a_refund_made_for_the_ticket_is_told_first(pro: Desk, clock: Clock) -> None:
    charge = pro.charging.charge(AMIRA, "nano_banana_pro_4k", key="a", outcome="failed")
    first = pro.requests.open(user=AMIRA, ticket="ZD-9", message="it failed and took 48")
    pro.requests.resolve(first.id, act="refund", charge_id=charge.id)
    clock.pass_(hours=1)
    again = pro.requests.open(user=AMIRA, ticket="ZD-9", message="it failed, hello?")
    told = pro.requests.diagnose(again.id).findings[0]
    assert (told.code, told.values["refunded"], told.values["given"]) == ("given_for_ticket", 48, 0)
    assert told.suggestion is not None
    assert told.suggestion.act is Advice.DECLINE


def test_what_is_due_but_not_stored_counts_and_stays_unstored(desk: Desk, clock: Clock) -> None:
    desk.accounts.register(AMIRA, email="amira@example.com", name="Amira")
    desk.accounts.change_plan(AMIRA, "plus")
    clock.set(2026, 3, 2, 9)
    count = 'SELECT count(*) FROM "grant"'
    with desk.office.database.reading() as session:
        stored = session.value(count)
    diagnosis = desk.diagnosing.diagnose_user(
        AMIRA, complaint("no monthly credits this month", clock.now)
    )
    told = diagnosis.findings[0]
    assert (told.code, told.values["released"]) == ("month_released", 200)
    with desk.office.database.reading() as session:
        assert session.value(count) == stored


def test_days_are_those_of_the_billing_zone(pro: Desk, clock: Clock) -> None:
    clock.set(2026, 11, 20, 0, 30)
    pro.charging.charge(AMIRA, "image_extender", key="a", at=datetime(2026, 11, 19, 1, tzinfo=UTC))
    pro.charging.charge(AMIRA, "image_extender", key="b", at=datetime(2026, 11, 18, 1, tzinfo=UTC))
    told = pro.diagnosing.diagnose_user(AMIRA, complaint("yesterday it failed", clock.now))
    assert told.findings[0].values["charged_at"] == datetime(2026, 11, 19, 1, tzinfo=UTC)


def test_of_very_many_uses_the_latest_are_read_and_the_finding_says_since_when(
    pro: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "MOST_USES", 3)
    for number in range(6):
        moment = clock.now - timedelta(days=6 - number)
        pro.charging.charge(AMIRA, "ghostface", key=f"k{number}", at=moment)
    told = pro.diagnosing.diagnose_user(AMIRA, complaint("charged twice", clock.now))
    nothing = next(finding for finding in told.findings if finding.code == "nothing_wrong")
    assert (nothing.values["uses"], nothing.values["used"]) == (3, 12)
    third_last = clock.now - timedelta(days=3)
    since = nothing.values["since"]
    assert isinstance(since, datetime)
    assert third_last - timedelta(days=1) < since <= third_last


def test_one_job_under_two_keys_is_found_though_the_first_charge_is_months_old(
    pro: Desk, clock: Clock
) -> None:
    old = clock.now - timedelta(days=80)
    pro.charging.charge(AMIRA, "ghostface", key="a", job="job-1", at=old)
    again = pro.charging.charge(AMIRA, "ghostface", key="b", job="job-1")
    clock.pass_(hours=1)
    told = pro.diagnosing.diagnose_user(AMIRA, complaint("charged twice", clock.now))
    assert told.findings[0].code == "same_job_twice"
    assert told.findings[0].values["refund_charge"] == again.id


@pytest.mark.slow
def test_a_diagnosis_of_ten_thousand_uses_takes_a_few_hundred_thousand_steps(
    tmp_path: Path,
) -> None:
    """The short form of ``tests.benchmarks.diagnosis_speed``, against this machine's own pace."""
    times = diagnosis_speed.run(tmp_path, uses=10_000, samples=30)
    pace = min(_loops() for _ in range(20))
    for name, found in times.items():
        # The quick ones: what else this machine does now makes the others slow.
        _, processor = found.at(0.2)
        assert processor < 10 * pace, f"{name}: {processor:.1f} ms, the loop {pace:.1f} ms"


def _loops() -> float:
    began, total = time.process_time(), 0
    for number in range(100_000):
        total += number
    assert total > 0
    return (time.process_time() - began) * 1000
