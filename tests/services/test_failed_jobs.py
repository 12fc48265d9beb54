"""Jobs that failed: marked at once or later, listed, and refunded all together, each once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app import Desk
from app.domain.charges import Outcome
from app.domain.errors import InsufficientCredits, InvalidValue, NotPermitted, UnknownFeature
from app.domain.failed_jobs import FailedJobs
from tests.services.conftest import Clock

AsRole = Callable[..., Desk]
USAGE = "user_id,feature,occurred_at,key,quantity,outcome,job\n"


@pytest.fixture(autouse=True)
def users(desk: Desk, clock: Clock) -> None:
    for number in (1, 2):
        desk.accounts.register(f"u{number}", email=f"{number}@example.com", name="U")
        desk.accounts.change_plan(f"u{number}", "pro")
    clock.set(2026, 1, 20, 12)


def used(desk: Desk, key: str, outcome: str | None = "failed", **given: object) -> int:
    use = {"user": "u1", "feature": "ghostface", "at": None} | given
    return desk.charging.charge(
        str(use["user"]),
        str(use["feature"]),
        key=key,
        outcome=outcome,
        at=use["at"],  # type: ignore[arg-type]
    ).id


def keys(desk: Desk, jobs: FailedJobs) -> list[str]:
    return [desk.charging.find(row.charge_id).key for row in jobs.rows]


def ready(desk: Desk) -> list[str]:
    return keys(desk, desk.requests.failed_jobs())


# Marking ----------------------------------------------------------------------------------------


def test_an_outcome_is_taken_with_the_use_or_with_its_key_later(desk: Desk) -> None:
    used(desk, "at once")
    used(desk, "later", None)
    used(desk, "again", None)
    used(desk, "fine", "succeeded")
    assert ready(desk) == ["at once"]
    desk.charging.report_outcome("later", "failed")
    assert used(desk, "again", "failed") == desk.charging.find("again").id
    assert ready(desk) == ["at once", "later", "again"]
    assert desk.accounts.account("u1").available == 1012 - 4 * 4


def test_the_ledger_marks_what_failed(desk: Desk) -> None:
    number = used(desk, "k", None)
    desk.charging.report_outcome("k", "failed")
    (entry,) = [e for e in desk.accounts.ledger("u1") if e.charge_id == number]
    assert (entry.outcome, entry.refunded) == ("failed", False)


def test_the_outcome_reported_last_counts(desk: Desk) -> None:
    used(desk, "k", "failed")
    desk.charging.report_outcome("k", "succeeded")
    assert ready(desk) == []
    desk.charging.report_outcome("k", "failed")
    assert ready(desk) == ["k"]


def test_an_old_report_that_comes_again_does_not_undo_a_newer_one(desk: Desk) -> None:
    used(desk, "k", "succeeded")
    desk.charging.report_outcome("k", "failed")
    used(desk, "k", "succeeded")
    assert desk.charging.find("k").outcome is Outcome.FAILED


def test_usage_import_takes_outcomes_at_once_or_in_a_later_file(desk: Desk, tmp_path: Path) -> None:
    def taken(*rows: str) -> tuple[int, int]:
        path = tmp_path / "usage.csv"
        path.write_text(USAGE + "".join(row + "\n" for row in rows), "utf-8")
        report = desk.imports.usage(path)
        assert report.bad == ()
        return report.added, report.same

    row = "u1,ghostface,2026-01-15T10:00:00Z,{},1,{},{}"
    known, unknown = row.format("a", "failed", "render-1"), row.format("b", "", "render-2")
    assert taken(known, unknown) == (2, 0)
    assert ready(desk) == ["a"]
    later = row.format("b", "failed", "render-2")
    assert taken(known, later) == (0, 2)
    assert ready(desk) == ["a", "b"]
    assert [job.job for job in desk.requests.failed_jobs().rows] == ["render-1", "render-2"]
    desk.charging.report_outcome("b", "succeeded")
    assert taken(known, later) == (0, 2)
    assert ready(desk) == ["a"]
    assert desk.integrity.verify().ok


# Refunding --------------------------------------------------------------------------------------


@pytest.fixture
def failures(desk: Desk) -> None:
    """Failed jobs of two days, two users and two features, and what must be left alone."""
    first = datetime(2026, 1, 18, 23, 59, 59, tzinfo=UTC)
    second = first + timedelta(seconds=1)
    used(desk, "18th", at=first)
    used(desk, "19th", at=second)
    used(desk, "19th of u2", at=second, user="u2", feature="image_extender")
    used(desk, "fine", "succeeded", at=second)
    used(desk, "unknown", None, at=second)
    used(desk, "free", at=second, feature="export_image")
    desk.support.refund(used(desk, "refunded", at=second), reason="failed_generation")
    with pytest.raises(InsufficientCredits):
        desk.charging.charge(
            "u1", "nano_banana_pro_4k", key="refused", quantity=99, at=second, outcome="failed"
        )


@pytest.mark.usefixtures("failures")
def test_what_is_ready_is_said_by_day_and_feature_and_nothing_is_changed(desk: Desk) -> None:
    before = desk.integrity.audit_head()
    day = desk.requests.failed_jobs("2026-01-19")
    assert keys(desk, day) == ["19th", "19th of u2"]
    assert (day.charges, day.credits, day.users, day.refunded_before) == (2, 16, 2, 1)
    assert day.dry_run
    both = desk.requests.failed_jobs(date(2026, 1, 18), date(2026, 1, 19))
    assert keys(desk, both) == ["18th", "19th", "19th of u2"]
    assert keys(desk, desk.requests.failed_jobs(feature="ghostface")) == ["18th", "19th"]
    one = desk.requests.failed_jobs("2026-01-19", feature="image_extender")
    assert keys(desk, one) == ["19th of u2"]
    assert desk.integrity.audit_head() == before


@pytest.mark.usefixtures("failures")
def test_all_failed_jobs_of_a_day_are_refunded_once(desk: Desk) -> None:
    planned = desk.requests.failed_jobs("2026-01-19")
    done = desk.requests.refund_failed("2026-01-19")
    assert (done.rows, done.credits, done.returned + done.regranted) == (planned.rows, 16, 16)
    assert not done.dry_run
    refund = desk.support.refund_of(done.rows[0].charge_id)
    assert refund is not None
    assert (refund.reason, refund.note) == ("failed_generation", "Failed jobs 2026-01-19")
    again = desk.requests.refund_failed("2026-01-19")
    assert (again.charges, again.refunded_before) == (0, 3)
    assert ready(desk) == ["18th"]
    assert desk.integrity.verify().ok


def test_it_can_be_stopped_between_two_charges_and_gone_on_with(desk: Desk) -> None:
    for number in range(5):
        used(desk, f"k{number}")
    stop, told = threading.Event(), []

    def tell(done: int, of: int) -> None:
        told.append((done, of))
        if done == 2:
            stop.set()

    part = desk.requests.refund_failed(feature="ghostface", progress=tell, stop=stop)
    assert (part.charges, part.stopped) == (2, True)
    assert told[:3] == [(0, 5), (1, 5), (2, 5)]
    rest = desk.requests.refund_failed(feature="ghostface")
    assert (rest.charges, rest.stopped, rest.refunded_before) == (3, False, 2)
    assert desk.accounts.account("u1").available == 1012


def test_what_somebody_else_put_right_meanwhile_is_left_alone(desk: Desk) -> None:
    numbers = [used(desk, f"k{number}") for number in range(3)]

    def tell(done: int, _of: int) -> None:
        if done == 0:
            desk.support.refund(numbers[1], reason="failed_generation")
            desk.charging.report_outcome("k2", "succeeded")

    done = desk.requests.refund_failed(feature="ghostface", progress=tell)
    assert keys(desk, done) == ["k0"]
    assert desk.support.refund_of(numbers[2]) is None
    assert desk.integrity.verify().ok


def test_the_product_refunds_failed_jobs_and_lookers_on_do_not(desk: Desk, as_role: AsRole) -> None:
    used(desk, "k")
    for role in ("qa", "product_manager"):
        with pytest.raises(NotPermitted):
            as_role(role).requests.refund_failed(feature="ghostface")
        assert as_role(role).requests.failed_jobs().charges == 1
    assert as_role("system").requests.refund_failed(feature="ghostface").charges == 1


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({}, InvalidValue),
        ({"first": "yesterday"}, InvalidValue),
        ({"first": "2026-01-19", "last": "2026-01-18"}, InvalidValue),
        ({"first": date.max}, InvalidValue),
        ({"first": datetime(2026, 1, 1, tzinfo=UTC)}, InvalidValue),
        ({"feature": "time_machine"}, UnknownFeature),
        ({"feature": "ghostface", "reason": "whim"}, InvalidValue),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_refunded(
    desk: Desk, asked: dict[str, str], error: type[Exception]
) -> None:
    used(desk, "k")
    before = desk.integrity.audit_head()
    with pytest.raises(error):
        desk.requests.refund_failed(**asked)  # type: ignore[arg-type]
    assert desk.integrity.audit_head() == before
