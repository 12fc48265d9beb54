from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app import Desk, open_desk
from app.services.office import Office


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 10, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def set(self, *fields: int) -> None:
        self.now = datetime(*fields, tzinfo=UTC)  # type: ignore[misc, arg-type]

    def pass_(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> Iterator[Desk]:
    with open_desk(":memory:", staff="ana@pixpretty.example", now=clock) as opened:
        yield opened


@pytest.fixture
def as_role(desk: Desk) -> Callable[[str], Desk]:
    """The same database as somebody with that role sees it."""

    def seen_as(role: str, email: str = "") -> Desk:
        person = "system" if role == "system" else email or f"{role}@pixpretty.example"
        known = {member.email for member in desk.staff.list()}
        if person not in known:
            desk.staff.add(person, role)
        office = Office(desk.office.database, desk.now, person, desk.zone)
        return Desk(office)

    return seen_as
