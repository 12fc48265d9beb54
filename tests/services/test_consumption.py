"""What is used by month, against a recount of the raw tables that shares no code with it."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from app import open_desk
from app.desk import Desk
from app.domain.calendar import Month
from app.domain.consumption import MonthlyConsumption
from app.domain.errors import Cancelled, InvalidValue
from app.storage.sqlite import sqlite3
from tests import lively

FIRST, LAST = "2025-12", "2026-06"
MONTHS = ["2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"]


class Fact(NamedTuple):
    """A charge as it lies in the file, its months found by the wall clock of the zone."""

    month: str
    user: str
    feature: str
    plan: str
    quantity: int
    credits: int
    refused: bool
    refund_month: str


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return lively.put(tmp_path)


@pytest.fixture
def desk(path: Path) -> Iterator[Desk]:
    with open_desk(path, staff=lively.SUPPORT, now=lively.at_the_end) as desk:
        yield desk


@pytest.fixture
def facts(path: Path) -> list[Fact]:
    connection = sqlite3.connect(str(path))
    rows = connection.execute(
        "SELECT c.occurred_at, u.user_id, f.key, c.plan, c.quantity, c.credits, c.available, r.at"
        " FROM charge c, user u, feature f LEFT JOIN refund r ON r.charge = c.id"
        " WHERE u.id = c.user AND f.id = c.feature"
    ).fetchall()
    connection.close()
    return [_fact(row) for row in rows]


def _fact(row: Any) -> Fact:
    at, user, feature, plan, quantity, credits, available, refunded = row
    return Fact(
        month=_month(at),
        user=user,
        feature=feature,
        plan=("free", "plus", "pro")[plan],
        quantity=quantity,
        credits=0 if available is not None else credits,
        refused=available is not None,
        refund_month="" if refunded is None else _month(refunded),
    )


def _month(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, ZoneInfo(lively.ZONE)):%Y-%m}"


def cells(shown: MonthlyConsumption) -> dict[tuple[str, str], int]:
    return {
        (str(month), series.key): series.values[at]
        for series in shown.series
        for at, month in enumerate(shown.months)
        if series.values[at]
    }


def totals(shown: MonthlyConsumption) -> dict[str, int]:
    pairs = zip(shown.months, shown.totals, strict=True)
    return {str(month): total for month, total in pairs if total}


FAMILIES = {
    "remove_bg_single": "Background",
    "remove_bg_batch": "Background",
    "object_remover": "Editing",
    "image_extender": "Editing",
    "ghostface": "Fun generators",
    "clothes_changer": "Fun generators",
    "action_figure": "Fun generators",
    "nano_banana_1k": "Nano Banana",
    "nano_banana_2_1k": "Nano Banana 2",
    "nano_banana_pro_4k": "Nano Banana Pro",
    "qwen_image_4k": "Qwen Image",
    "export_image": "Free actions",
}


def part(fact: Fact, by: str) -> str:
    return {"feature": fact.feature, "plan": fact.plan, "family": FAMILIES[fact.feature]}[by]


def recount(facts: list[Fact], by: str, measure: str) -> Counter[tuple[str, str]]:
    counted: Counter[tuple[str, str]] = Counter()
    for fact in facts:
        if measure == "credits":
            counted[fact.month, part(fact, by)] += fact.credits
        elif measure == "uses":
            counted[fact.month, part(fact, by)] += 0 if fact.refused else fact.quantity
        elif measure == "refused":
            counted[fact.month, part(fact, by)] += fact.quantity if fact.refused else 0
        elif fact.refund_month:
            counted[fact.refund_month, part(fact, by)] += fact.credits
    return Counter({key: value for key, value in counted.items() if value})


@pytest.mark.parametrize("by", ["feature", "family", "plan"])
@pytest.mark.parametrize("measure", ["credits", "uses", "refused", "refunded"])
def test_every_figure_equals_a_recount_of_the_charges(
    desk: Desk, facts: list[Fact], by: str, measure: str
) -> None:
    shown = desk.consumption.monthly(FIRST, LAST, by=by, measure=measure)
    counted = recount(facts, by, measure)
    assert counted
    assert cells(shown) == counted
    whole: Counter[str] = Counter()
    for (month, _part), value in counted.items():
        whole[month] += value
    assert totals(shown) == whole


@pytest.mark.parametrize("by", ["feature", "family", "plan"])
def test_users_are_counted_once_each_and_their_totals_apart(
    desk: Desk, facts: list[Fact], by: str
) -> None:
    users: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    apart: defaultdict[str, set[str]] = defaultdict(set)
    for fact in facts:
        if not fact.refused:
            users[fact.month, part(fact, by)].add(fact.user)
            apart[fact.month].add(fact.user)
    shown = desk.consumption.monthly(FIRST, LAST, by=by, measure="users")
    assert cells(shown) == {key: len(who) for key, who in users.items()}
    assert totals(shown) == {month: len(who) for month, who in apart.items()}
    assert sum(series.values[2] for series in shown.series) > shown.totals[2]


def test_the_months_are_those_of_the_billing_zone(desk: Desk) -> None:
    shown = desk.consumption.monthly(FIRST, LAST)
    assert [str(month) for month in shown.months] == MONTHS
    assert desk.consumption.monthly(Month(2025, 12), Month(2026, 6)) == shown


def test_the_running_month_is_marked_and_projected_at_its_pace(desk: Desk) -> None:
    shown = desk.consumption.monthly(FIRST, LAST, measure="uses")
    begin = datetime(2026, 6, 1, tzinfo=ZoneInfo(lively.ZONE))
    end = datetime(2026, 7, 1, tzinfo=ZoneInfo(lively.ZONE))
    assert shown.running == 6
    pace = (end - begin) / (lively.END - begin)
    assert shown.projection == round(shown.totals[6] * pace)
    assert shown.projection > shown.totals[6]


def test_users_and_finished_months_have_no_projection(desk: Desk) -> None:
    assert desk.consumption.monthly(FIRST, LAST, measure="users").projection is None
    finished = desk.consumption.monthly(FIRST, "2026-05")
    assert (finished.running, finished.projection) == (None, None)


def test_nothing_is_projected_on_the_first_day_of_a_month(path: Path) -> None:
    early = datetime(2026, 6, 1, 8, tzinfo=UTC)
    with open_desk(path, staff=lively.SUPPORT, now=lambda: early) as desk:
        assert desk.consumption.monthly("2026-06", "2026-06").running == 0
        assert desk.consumption.monthly("2026-06", "2026-06").projection is None


def test_the_small_ones_are_gathered_and_the_whole_stays_the_same(desk: Desk) -> None:
    every = desk.consumption.monthly(FIRST, LAST, measure="uses")
    some = desk.consumption.monthly(FIRST, LAST, measure="uses", top=3)
    assert [series.key for series in some.series[-1:]] == ["other"]
    assert len(some.series) == 4
    assert len(some.gathered) == len(every.series) - 3
    assert some.totals == every.totals
    smallest = min(series.total for series in some.series[:3])
    large = [series.total for series in every.series if series.key in some.gathered]
    assert max(large) <= smallest


def test_users_of_the_small_ones_are_counted_once_too(desk: Desk, facts: list[Fact]) -> None:
    some = desk.consumption.monthly(FIRST, LAST, measure="users", top=3)
    march = {
        fact.user
        for fact in facts
        if fact.month == "2026-03" and fact.feature in some.gathered and not fact.refused
    }
    assert some.series[-1].values[3] == len(march)


def test_features_stand_in_the_order_of_the_price_list(desk: Desk) -> None:
    listed = [feature.key for feature in desk.pricing.current().prices.features]
    shown = [series.key for series in desk.consumption.monthly(FIRST, LAST).series]
    assert shown == [key for key in listed if key in shown]
    assert [s.key for s in desk.consumption.monthly(FIRST, LAST, by="plan").series] == [
        *("free", "plus", "pro")
    ]


@pytest.mark.parametrize("measure", ["credits", "uses", "refused", "refunded"])
@pytest.mark.parametrize("by", ["feature", "family", "plan"])
def test_the_users_behind_a_piece_add_up_to_it(desk: Desk, by: str, measure: str) -> None:
    shown = desk.consumption.monthly("2026-03", "2026-03", by=by, measure=measure)
    assert shown.series
    for series in shown.series:
        behind = desk.consumption.drill("2026-03", series.key, by, measure=measure)
        assert sum(user.value for user in behind.users) == series.total
        assert behind.count == len(behind.users)
        assert behind.total == series.total
    whole = desk.consumption.drill("2026-03", by=by, measure=measure)
    assert sum(user.value for user in whole.users) == shown.totals[0]


def test_the_users_behind_a_piece_of_users_are_as_many_as_it_says(desk: Desk) -> None:
    some = desk.consumption.monthly("2026-03", "2026-03", measure="users", top=3)
    for series in some.series:
        keys = some.gathered if series.key == "other" else series.key
        behind = desk.consumption.drill("2026-03", keys, measure="users")
        assert behind.count == series.total


def test_the_users_behind_a_piece_come_in_pages_the_largest_first(desk: Desk) -> None:
    every = desk.consumption.drill("2026-03", measure="uses").users
    on_record = {f"usr_{number}": number for number in range(1, lively.USERS + 1)}
    assert list(every) == sorted(every, key=lambda user: (-user.value, on_record[user.user_id]))
    first = desk.consumption.drill("2026-03", measure="uses", limit=3)
    second = desk.consumption.drill("2026-03", measure="uses", limit=3, offset=3)
    assert first.users + second.users == every[:6]
    assert first.count == second.count == len(every)
    beyond = desk.consumption.drill("2026-03", measure="uses", limit=3, offset=1000)
    assert (beyond.users, beyond.count) == ((), len(every))


@pytest.mark.parametrize("measure", ["credits", "uses", "users", "refused", "refunded"])
def test_the_users_behind_several_months_are_those_of_each_added_up(
    desk: Desk, measure: str
) -> None:
    added: dict[str, int] = {}
    for month in ("2026-02", "2026-03", "2026-04"):
        for user in desk.consumption.drill(month, "image_extender", measure=measure).users:
            added[user.user_id] = added.get(user.user_id, 0) + user.value
    span = desk.consumption.drill("2026-02", "image_extender", until="2026-04", measure=measure)
    assert {user.user_id: user.value for user in span.users} == added
    assert span.count == len(added)
    with pytest.raises(InvalidValue):
        desk.consumption.drill("2026-04", until="2026-02")


def test_price_changes_within_the_months_are_named(desk: Desk) -> None:
    (change,) = desk.consumption.price_changes("2026-03", "2026-03")
    assert (change.version, change.note) == (2, "Everything one credit dearer")
    assert change.at.date().isoformat() == "2026-03-15"
    assert desk.consumption.price_changes("2026-04", "2026-06") == ()


def test_months_in_which_nothing_happened_are_there_and_empty(desk: Desk) -> None:
    shown = desk.consumption.monthly("2020-01", "2020-12")
    assert (len(shown.months), shown.series, shown.totals) == (12, (), (0,) * 12)


@pytest.mark.parametrize(
    ("wanted", "named"),
    [
        ({"first": "2026-13"}, "2026-13"),
        ({"first": "2026-07"}, "2026-06, is before the first, 2026-07"),
        ({"first": "2001-01", "last": "2199-12"}, "2,388 months"),
        ({"by": "colour"}, "colour"),
        ({"measure": "joy"}, "joy"),
    ],
)
def test_a_wrong_question_is_refused_with_its_value(
    desk: Desk, wanted: dict[str, str], named: str
) -> None:
    with pytest.raises(InvalidValue, match=named):
        desk.consumption.monthly(**{"first": FIRST, "last": LAST} | wanted)  # type: ignore[arg-type]


def test_the_users_behind_an_unknown_feature_are_refused_with_its_name(desk: Desk) -> None:
    with pytest.raises(InvalidValue, match="There is no feature “telepathy” on record"):
        desk.consumption.drill("2026-03", "telepathy")


def test_counting_can_be_stopped(desk: Desk) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        desk.consumption.monthly(FIRST, LAST, measure="users", stop=stop)
