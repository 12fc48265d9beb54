"""Users counted from kept months: exact whenever these were brought up to date, and checked."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from app import Desk, open_desk
from app.domain.calendar import BillingCalendar, Month
from app.domain.errors import InsufficientCredits
from app.services import counting_users
from app.services.consumption import Consumption
from app.services.office import Office
from app.storage import month_marks, month_uses, use_facts
from app.storage.engine import Database
from app.storage.month_marks import Marks
from app.storage.use_facts import Facts
from tests import lively
from tests.services.plants import plant

FIRST, LAST = "2025-12", "2026-06"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return lively.put(tmp_path)


@pytest.fixture
def desk(path: Path) -> Iterator[Desk]:
    with open_desk(path, staff=lively.ADMIN, now=lively.at_the_end) as desk:
        yield desk


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question brings the months up to date first."""
    monkeypatch.setattr(counting_users, "MOST_LATE", 0)


def recount(desk: Desk) -> dict[tuple[str, str], set[int]]:
    """Who used what in which month, straight from the charges; the key of all is empty."""
    zone = ZoneInfo(lively.ZONE)
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    with desk.office.database.reading() as session:
        rows = session.run(
            "SELECT c.occurred_at, c.user, f.key FROM charge c JOIN feature f ON f.id = c.feature"
            " WHERE c.available IS NULL"
        )
        for at, user, feature in rows:
            month = f"{datetime.fromtimestamp(at / 1000, zone):%Y-%m}"
            found[month, feature].add(user)
            found[month, ""].add(user)
    return found


def agrees(desk: Desk) -> bool:
    """Whether every count of users equals the recount, gathered ones included."""
    real = recount(desk)
    every = desk.consumption.monthly(FIRST, LAST, measure="users")
    some = desk.consumption.monthly(FIRST, LAST, measure="users", top=4)
    for at, month in enumerate(map(str, every.months)):
        rest = set().union(*(real[month, key] for key in some.gathered))
        same = [
            every.totals[at] == some.totals[at] == len(real[month, ""]),
            some.series[-1].values[at] == len(rest),
            all(one.values[at] == len(real[month, one.key]) for one in every.series),
            desk.consumption.drill(month, measure="users").count == len(real[month, ""]),
        ]
        if not all(same):
            return False
    return True


def kept(desk: Desk) -> tuple[int, Marks]:
    with desk.office.database.reading() as session:
        return month_marks.behind(session), month_marks.kept(session)


def use_something(desk: Desk, chance: random.Random, number: int) -> None:
    """A use of some day of half a year, late as often as not, and now and then a refund."""
    users = desk.accounts.find("user", limit=50)
    user = chance.choice(users).user_id
    registered = desk.accounts.user(user).registered_at
    at = registered + (lively.END - registered) * chance.random()
    feature = chance.choice(lively.FEATURES)
    try:
        charge = desk.charging.charge(user, feature, key=f"more-{number}", quantity=2, at=at)
    except InsufficientCredits:
        return
    if charge.credits and chance.random() < 0.4:
        desk.support.refund(charge.id, reason="failed_generation")


@pytest.mark.usefixtures("eager")
def test_what_comes_late_into_months_that_are_kept_is_counted_at_once(desk: Desk) -> None:
    chance = random.Random(5)
    for number in range(60):
        use_something(desk, chance, number)
        if number % 10 == 0:
            assert agrees(desk)
            assert kept(desk)[0] == 0
    assert desk.integrity.verify().ok


def test_what_is_not_brought_in_yet_is_counted_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting_users, "MOST_LATE", 0)
    assert agrees(desk)
    before = kept(desk)[1]
    monkeypatch.setattr(counting_users, "MOST_LATE", 1_000)
    chance = random.Random(6)
    for number in range(40):
        use_something(desk, chance, number)
        assert number % 8 or agrees(desk)
    assert kept(desk)[1] == before
    assert kept(desk)[0] > 20


@pytest.mark.usefixtures("eager")
def test_a_large_record_is_brought_in_step_by_step(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(month_uses, "AT_MOST", 37)
    assert agrees(desk)
    stepwise = content(desk)
    desk.integrity.rebuild()
    assert kept(desk)[1] == Marks(0, 0)
    monkeypatch.setattr(month_uses, "AT_MOST", 1_000_000)
    assert agrees(desk)
    assert content(desk) == stepwise


def content(desk: Desk) -> list[tuple[object, ...]]:
    with desk.office.database.reading() as session:
        return [
            *session.run("SELECT month, feature, content FROM month_use ORDER BY 1, 2"),
            *session.run("SELECT month, content FROM month_mix ORDER BY 1"),
        ]


@pytest.mark.usefixtures("eager")
def test_the_users_behind_every_piece_are_the_same_kept_or_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def behind() -> list[object]:
        return [
            desk.consumption.drill(month, keys, by, until=until, measure=measure)
            for month, until in (("2026-02", None), ("2026-06", None), ("2026-02", "2026-05"))
            for measure in ("credits", "uses", "users", "refused", "refunded")
            for by, keys in (
                *(("feature", ""), ("feature", "ghostface"), ("plan", "plus")),
                ("feature", ["ghostface", "export_image", "clothes_changer"]),
            )
        ]

    made = behind()
    desk.integrity.rebuild()
    monkeypatch.setattr(counting_users, "MOST_LATE", 1_000_000)
    assert behind() == made
    assert kept(desk)[1] == Marks(0, 0)


@pytest.mark.usefixtures("eager")
def test_what_somebody_else_brought_in_meanwhile_is_not_added_twice(desk: Desk) -> None:
    with desk.office.reading() as work:
        step = month_uses.next_step(work.session, work.calendar)
    assert agrees(desk)
    before = content(desk)
    with desk.office.database.writing() as session:
        month_uses.add(session, step)
    assert content(desk) == before


def test_what_was_read_before_a_restore_is_not_brought_in_after_it(
    desk: Desk, tmp_path: Path
) -> None:
    backup = desk.integrity.backup(tmp_path / "before.db")
    desk.charging.charge("usr_1", "export_image", key="lost")
    with desk.office.reading() as work:
        step = month_uses.next_step(work.session, work.calendar)
    desk.integrity.restore(backup)
    with desk.office.database.writing() as session:
        month_uses.add(session, step)
    assert desk.integrity.verify().ok
    assert agrees(desk)


@pytest.mark.usefixtures("eager")
def test_where_nothing_can_be_written_users_are_counted_all_the_same(path: Path) -> None:
    database = Database(path, writable=False)
    office = Office(database, lively.at_the_end, lively.SUPPORT, lively.ZONE)
    reader = Consumption(office)
    shown = reader.monthly(FIRST, LAST, measure="users")
    assert reader.drill("2026-03", measure="users").count == shown.totals[3] > 0
    with database.reading() as session:
        assert month_marks.kept(session) == Marks(0, 0)
    database.close()


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (
            (
                "UPDATE month_use SET content = zeroblob(length(content)) WHERE month = 202603"
                " AND feature = (SELECT id FROM feature WHERE key = 'ghostface')"
            ),
            "month 2026-03, feature number",
        ),
        ("DELETE FROM month_mix WHERE month = 202604", "month 2026-04, users together"),
        ("DELETE FROM month_use WHERE month = 202604", "month 2026-04, feature number"),
        ("UPDATE month_use_mark SET charges = charges - 5", "month 2026-0"),
    ],
)
def test_a_month_that_is_not_as_the_record_says_is_found_and_made_anew(
    desk: Desk, path: Path, damage: str, named: str
) -> None:
    assert agrees(desk)
    plant(path, damage)
    report = desk.integrity.verify()
    (broken,) = report.violations
    assert broken.name == "users are counted by what they used"
    assert broken.rows[0].startswith(named)
    desk.integrity.rebuild()
    assert desk.integrity.verify().ok
    assert agrees(desk)


def test_users_of_many_features_are_counted_beyond_the_64th() -> None:
    keys = [
        use_facts.month_place(Month(2026, 1)) << 48 | feature << 34 | user << 2
        for feature in (3, 70, 130)
        for user in (1, 2, 2**31 + 5)
        if (feature, user) not in {(70, 1), (130, 1), (130, 2)}
    ]
    facts = Facts(np.array(keys), np.ones((len(keys), 4), np.int64))
    ((month, part),) = facts.by_month()
    assert month == Month(2026, 1)
    mix = month_uses._from_content(month_uses.mix_content(part))
    assert mix.everybody == 3
    assert mix.any_feature([3]) == 3
    assert mix.any_feature([70]) == mix.any_feature([70, 130]) == 2
    assert mix.any_feature([130]) == 1
    assert mix.any_feature([131, 500]) == 0


def test_rows_are_the_same_after_they_were_kept() -> None:
    rows = [(7, 0, 300, 70_000, 0, 0), (7, 2, 1, 5_000_000_000, 2, 0), (90_000, 1, 1, 1, 1, 1)]
    keys = [24_312 << 48 | 9 << 34 | user << 2 | plan for user, plan, *_ in rows]
    facts = Facts(np.array(keys), np.array([row[2:] for row in rows], np.int64))
    again = use_facts.from_content(use_facts.month_at(24_312), 9, use_facts.content(facts))
    assert np.array_equal(again.keys, facts.keys)
    assert np.array_equal(again.sums, facts.sums)
    assert again.users.tolist() == [7, 7, 90_000]
    assert again.plans.tolist() == [0, 2, 1]
    assert set(again.features.tolist()) == {9}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ([], []),
        ([5], []),
        ([7], [(7, 0), (7, 2)]),
        ([4, 7, 9, 250], [(7, 0), (7, 2), (250, 1)]),
        ([7 + 256, 250 + 65_536], []),  # more than fits where the others are kept
    ],
)
def test_the_rows_of_some_users_are_found_with_every_plan_they_held(
    wanted: list[int], found: list[tuple[int, int]]
) -> None:
    keys = [24_312 << 48 | 9 << 34 | user << 2 | plan for user, plan in ((7, 0), (7, 2), (250, 1))]
    content = use_facts.content(Facts(np.array(keys), np.ones((3, 4), np.int64)))
    some = use_facts.from_content(Month(2026, 1), 9, content, np.array(wanted, np.int64))
    assert list(zip(some.users.tolist(), some.plans.tolist(), strict=True)) == found
    assert some.sums.shape == (len(found), 4)


def test_an_instant_falls_into_the_month_of_the_billing_zone() -> None:
    calendar = BillingCalendar("Europe/Berlin")
    turn = calendar.start_ms(Month(2026, 4))
    places = use_facts._places(np.array([turn - 1, turn, turn + 10**10]), calendar)
    assert [str(use_facts.month_at(int(at))) for at in places] == ["2026-03", "2026-04", "2026-07"]


def test_without_any_use_there_is_nothing_to_count(tmp_path: Path) -> None:
    with open_desk(tmp_path / "new.db", staff=lively.ADMIN, now=lively.at_the_end) as desk:
        assert desk.consumption.monthly(FIRST, LAST, measure="users").series == ()
        assert desk.consumption.drill("2026-03").count == 0
        assert desk.integrity.verify().ok
