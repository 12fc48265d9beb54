"""What each day moved: the days that SQL works out are those of the calendar."""

import random
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app import open_desk
from app.domain.calendar import BillingCalendar, Month, from_ms, to_ms
from app.storage import derived, flows
from app.storage.engine import Session
from app.storage.flows import Flow
from app.storage.sqlite import connect

ZONES = (
    *("UTC", "Europe/Berlin", "America/St_Johns", "Africa/Casablanca", "Australia/Lord_Howe"),
    *("America/Sao_Paulo", "Pacific/Apia", "Asia/Kolkata"),
)


@pytest.mark.parametrize("zone", ZONES)
def test_sql_finds_the_day_of_any_instant(zone: str) -> None:
    calendar = BillingCalendar(zone)
    months = tuple(Month(2009, 12).until(Month(2012, 2)))
    starts = [at for month in months for at in calendar.day_starts_ms(month)]
    chosen = random.Random(zone)
    instants = [at + step for at in starts[1:] for step in (-1, 0, 1)]
    instants += [chosen.randrange(starts[0], starts[-1]) for _ in range(2_000)]
    expression = flows.day_expression(months, calendar, "?1")
    with closing(connect(":memory:")) as connection:
        for at in instants:
            found = connection.execute(f"SELECT {expression}", (at,)).fetchone()[0]
            assert found == calendar.day_number_of_ms(at), from_ms(at)


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_is_the_last_that_has_begun(zone: str) -> None:
    calendar = BillingCalendar(zone)
    chosen = random.Random(zone)
    for _ in range(300):
        at = chosen.randrange(1_200_000_000_000, 1_400_000_000_000)
        start, end = calendar.day_start(from_ms(at)), calendar.day_end(from_ms(at))
        number = calendar.day_number_of_ms(at)
        assert number == calendar.day_number_of_ms(to_ms(start))
        assert number != calendar.day_number_of_ms(to_ms(start) - 1)
        assert number == calendar.day_number_of_ms(to_ms(end) - 1)


def rows(session: Session) -> tuple[set[Any], dict[int, int]]:
    found = session.run("SELECT day, kind, part, credits FROM flow WHERE credits <> 0").fetchall()
    left = session.run("SELECT day, credits FROM outstanding WHERE credits <> 0").fetchall()
    return set(found), dict(left)


def test_every_act_moves_its_day_and_counting_anew_finds_the_same(tmp_path: Path) -> None:
    now = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    with open_desk(tmp_path / "c.db", staff="ana@pixpretty.example", now=lambda: now) as desk:
        desk.accounts.register("u1", email="u1@example.com", name="U")
        desk.accounts.change_plan("u1", "plus")
        charge = desk.charging.charge("u1", "image_extender", key="k")
        desk.support.refund(charge.id, reason="failed_generation")
        grant = desk.support.grant("u1", 24, reason="goodwill", note="n", ticket="ZD-1")
        desk.support.void(grant.id, reason="given_in_error")
        with desk.office.database.writing() as session:
            kept = rows(session)
            moved = {(kind, credits) for _, kind, _, credits in kept[0]}
            assert moved == {
                (Flow.GIVEN, 12),
                (Flow.GIVEN, 200),
                (Flow.GIVEN, 24),
                (Flow.USED, 12),
                (Flow.RETURNED, 12),
                (Flow.VOIDED, 24),
            }
            assert {day for day, *_ in kept[0]} == {20260328}
            assert kept[1] == {20260331: 200, 20270328: 12}
            calendar = desk.office.calendar
            months = derived.months_of(session, calendar, to_ms(now))
            derived.count_days(session, calendar, months)
            assert rows(session) == kept
