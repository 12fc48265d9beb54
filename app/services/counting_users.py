"""Keeping what users are counted by: brought up where much comes in, so that asking finds it ready.

A little that came since is added whenever it is asked for; only much of it is worth keeping.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.domain.calendar import BillingCalendar
from app.storage import month_marks
from app.storage.engine import Session

MOST_LATE = 20_000
"""So much may be recorded before it is brought into what users are counted by."""


def is_late(session: Session) -> bool:
    """Whether so much was recorded since that counting it at every question takes too long."""
    return month_marks.behind(session) > MOST_LATE


def bring_up(
    session: Session, calendar: BillingCalendar, tell: Callable[[], None] = lambda: None
) -> None:
    """Bring all that came since in, where it is much; ``tell`` is called before each step of it."""
    if not is_late(session):
        return
    from app.storage import month_uses  # NumPy comes with it

    while month_marks.behind(session):
        tell()
        month_uses.add(session, month_uses.next_step(session, calendar))


@contextmanager
def kept_up(
    session: Session, calendar: BillingCalendar, tell: Callable[[], None]
) -> Iterator[None]:
    """Around what may bring much: what it brings is brought in, as ``bring_up`` does it.

    Not where much was missing before it came: that stays with who asks first, and may stop it.
    """
    before = is_late(session)
    yield
    if not before:
        bring_up(session, calendar, tell)
