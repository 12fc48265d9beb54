from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app import Desk, open_desk, shipped
from app.domain.calendar import to_ms
from app.domain.errors import DatabaseUnsuitable, InvalidValue
from app.domain.price_file import parse
from app.services import demo
from app.storage import meta

MIRA = "mira@pixpretty.example"


def opened(path: Path) -> Desk:
    return open_desk(path, staff=MIRA, now=lambda: demo.PRESENT)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("demo") / "demo.db"
    demo.build(made)
    return made


@pytest.fixture
def desk(path: Path) -> Iterator[Desk]:
    with opened(path) as desk:
        yield desk


def ask(desk: Desk, sql: str) -> list[tuple[Any, ...]]:
    with desk.office.database.reading() as session:
        return [tuple(row) for row in session.run(sql)]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_demo_breaks_no_rule(desk: Desk) -> None:
    assert desk.integrity.verify().violations == ()
    assert ask(desk, "PRAGMA foreign_key_check") == []


def test_the_same_seed_gives_the_same_content_and_another_seed_another(tmp_path: Path) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        demo.build(tmp_path / name, users=40, seed=seed)

    a, b, c = (digest(tmp_path / name) for name in "abc")
    assert a == b != c


@pytest.mark.parametrize("users", [1, 5, 30])
def test_a_demo_of_any_size_breaks_no_rule(tmp_path: Path, users: int) -> None:
    told: list[float] = []
    demo.build(tmp_path / "demo.db", users=users, events=users * 20, progress=told.append)

    with opened(tmp_path / "demo.db") as desk:
        assert desk.integrity.verify().ok
        assert desk.accounts.count() == users
    assert told == sorted(told)


def test_about_as_many_uses_are_made_as_were_asked_for(tmp_path: Path) -> None:
    demo.build(tmp_path / "demo.db", users=800, events=8_000)

    with opened(tmp_path / "demo.db") as desk:
        assert 6_000 < ask(desk, "SELECT count(*) FROM charge")[0][0] < 10_000


def test_a_longer_demo_begins_earlier_and_breaks_no_rule(tmp_path: Path) -> None:
    demo.build(tmp_path / "demo.db", users=600, events=8_000, months=36)

    with opened(tmp_path / "demo.db") as desk:
        assert desk.integrity.verify().ok
        assert ask(desk, "SELECT min(registered_at) FROM user")[0][0] == to_ms(
            datetime(2023, 11, 22, 1, 17, 58, 247_000, tzinfo=UTC)
        )
        assert 6_000 < ask(desk, "SELECT count(*) FROM charge")[0][0] < 10_000
        figures = desk.consumption.monthly("2023-12", "2026-11", measure="uses")
        assert sum(figures.totals[:12]) > 0
        assert desk.pricing.versions()[-1].published_at < datetime(2023, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize("months", [23, 121, 0, -5, True, 30.5])
def test_a_number_of_months_that_cannot_be_is_named(tmp_path: Path, months: Any) -> None:
    with pytest.raises(InvalidValue, match=f"number of months {months} is not .* from 24 to 120"):
        demo.build(tmp_path / "demo.db", users=5, months=months)
    assert list(tmp_path.iterdir()) == []


def test_a_demo_is_a_sandbox_that_knows_its_present(desk: Desk) -> None:
    assert desk.sandbox
    with desk.office.database.reading() as session:
        assert meta.read(session, "frozen_now") == demo.PRESENT.isoformat()


def test_todays_prices_are_the_published_ones_and_cheaper_ones_are_scheduled(desk: Desk) -> None:
    published = parse(shipped.path("pricing.json").read_bytes())

    assert desk.pricing.current().prices == published
    assert [version.state for version in desk.pricing.versions()] == [
        "scheduled",
        "in_force",
        "past",
        "past",
        "past",
    ]


STORIES = {
    "users of every plan": 'SELECT count(DISTINCT plan) >= 3 FROM "user"',
    "upgrades within a month": 'SELECT count(*) > 10 FROM "grant" WHERE kind = 3 AND credits = 800',
    "downgrades": "SELECT count(*) > 20 FROM plan_change p WHERE plan = 1 AND EXISTS"
    " (SELECT 1 FROM plan_change b WHERE b.user = p.user AND b.at < p.at AND b.plan = 2)",
    "cancellations": "SELECT count(*) > 50 FROM plan_change WHERE plan = 0",
    "rewards": 'SELECT count(*) > 20 FROM "grant" WHERE kind = 2',
    "referrals that paid nothing, for two reasons": "SELECT count(DISTINCT referral_refused) > 1"
    " FROM user",
    "failed jobs not refunded": "SELECT count(*) > 50 FROM outcome o WHERE outcome = 0 AND NOT"
    " EXISTS (SELECT 1 FROM refund r WHERE r.charge = o.charge)",
    "failed jobs refunded": "SELECT count(*) > 100 FROM outcome o JOIN refund USING (charge)"
    " WHERE outcome = 0",
    "refunds that came as new credits": "SELECT count(*) > 1 FROM refund WHERE regrant IS NOT NULL",
    "one job under two keys": "SELECT count(*) > 20 FROM (SELECT job FROM charge"
    " WHERE job IS NOT NULL GROUP BY job HAVING count(*) > 1)",
    "expired credits": 'SELECT count(*) > 200 FROM "grant" WHERE remaining > 0'
    " AND expires_at < 1790000000000",
    "refused uses": "SELECT count(*) > 500 FROM charge WHERE available IS NOT NULL",
    "late events": "SELECT count(*) > 50 FROM charge WHERE recorded_at > occurred_at",
    "voids": "SELECT count(*) > 3 FROM void",
    "support grants with tickets": 'SELECT count(DISTINCT ticket) > 50 FROM "grant" WHERE kind = 4',
    "notes": "SELECT count(*) > 20 FROM note",
    "approvals that wait": "SELECT count(*) = 3 FROM approval WHERE approved IS NULL",
    "free exports": "SELECT count(*) > 1000 FROM charge WHERE credits = 0",
    "a user who is markup": "SELECT count(*) = 1 FROM user WHERE name = '<img src=x><b>'",
    "names of other scripts": "SELECT count(*) > 100 FROM user"
    " WHERE substr(name, 1, 1) > char(880)",
    "requests still to do": "SELECT count(*) BETWEEN 24 AND 32 FROM request WHERE state < 2",
    "requests of many categories": "SELECT count(DISTINCT category) > 7 FROM request",
    "requests without a category": "SELECT count(*) > 3 FROM request WHERE category IS NULL",
    "requests in somebody's hands": "SELECT count(*) > 3 FROM request WHERE state = 1",
    "requests that wait for approval": "SELECT count(*) = 2 FROM request"
    " WHERE state = 1 AND approval IS NOT NULL",
    "requests of nobody": "SELECT count(*) = 2 FROM request WHERE user IS NULL",
    "requests answered in each way": "SELECT count(DISTINCT state) = 3 FROM request"
    " WHERE state > 1",
    "a request reopened": "SELECT count(*) = 1 FROM request WHERE reopened_from IS NOT NULL",
    "all roles": "SELECT count(DISTINCT role) = 6 FROM staff",
}


@pytest.mark.parametrize("story", STORIES)
def test_the_demo_tells_of(desk: Desk, story: str) -> None:
    assert ask(desk, STORIES[story]) == [(1,)]


def test_acts_of_staff_are_on_record_in_order_of_time(desk: Desk) -> None:
    instants = [at for (at,) in ask(desk, "SELECT at FROM audit ORDER BY id")]

    assert instants == sorted(instants)
    assert len(instants) > 200


def test_amira_can_be_found_and_her_story_told(desk: Desk) -> None:
    found = desk.accounts.find("amira.haddad@example.com")[0]
    newest = desk.accounts.ledger(found.user_id, limit=40)

    assert (found.user_id, found.referral_code, found.plan) == (
        "usr_01JD8Q4ZK7",
        "PIX-7Q2M",
        "pro",
    )
    assert newest[0].balance == found.available > 0
    assert "ZD-48213" in {entry.ticket for entry in newest}
    assert len(desk.accounts.referrals(found.user_id)) >= 3


def test_nobody_of_support_gave_more_in_a_day_than_they_may(desk: Desk) -> None:
    most = ask(
        desk,
        'SELECT max(given) FROM (SELECT sum(g.credits) AS given FROM "grant" g'
        " JOIN staff s ON s.id = g.staff WHERE g.kind = 4 AND s.role = 'support'"
        ' AND g.id NOT IN (SELECT "grant" FROM approval WHERE "grant" IS NOT NULL)'
        " GROUP BY g.staff, g.recorded_at / 86400000)",
    )

    assert most[0][0] <= 500


def test_a_demo_is_only_made_at_a_new_place_and_of_a_sensible_size(path: Path) -> None:
    before = digest(path)
    with pytest.raises(DatabaseUnsuitable):
        demo.build(path)
    for wrong in ({"users": 0}, {"events": -1}, {"seed": -1}, {"users": 10**9}, {"users": True}):
        with pytest.raises(InvalidValue):
            demo.build(path.with_name("other.db"), **wrong)
    with pytest.raises(DatabaseUnsuitable):
        demo.build(path.parent / "nowhere" / "x.db")

    assert digest(path) == before
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["demo.db"]


def test_what_users_write_about_is_on_record(desk: Desk) -> None:
    """Nobody in the queue complains of nothing: a diagnosis has something to show for most."""
    waiting = [r for r in desk.requests.page() if r.user_id and r.category not in {None, "other"}]
    told = {r.ticket: desk.requests.diagnose(r.id).findings[0] for r in waiting}
    shown = [ticket for ticket, finding in told.items() if finding.code != "nothing_wrong"]
    assert len(shown) > 0.8 * len(told) > 8
    amira = next(r for r in waiting if r.email == "amira.haddad@example.com")
    assert (amira.category, told[amira.ticket].code) == ("charged_twice", "same_job_twice")


def test_the_queue_grows_with_the_demo(tmp_path: Path) -> None:
    demo.build(tmp_path / "demo.db", users=1_200, events=6_000)

    with opened(tmp_path / "demo.db") as desk:
        counts = desk.requests.counts()
        assert 45 <= counts.open <= 60
        assert counts.closed >= 20
        assert desk.integrity.verify().ok
