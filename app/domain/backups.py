"""What a database is, what a backup holds, and what going back to it would lose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.audit import AuditRecord
from app.domain.integrity import Report
from app.domain.staff import Role

MOST_LOST = 50
"""How many of the acts that a restore would lose are named."""
FIXED_SQLITE = (3, 51, 3)
"""The first SQLite without the rare damage of its write-ahead log."""
FIRST_HURT_SQLITE = (3, 7, 0)
_DAILY = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})-(?P<tag>[0-9a-f]{8})")


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """What a database is, and what reads it. ``size`` is in bytes, its log included.

    ``path`` is ``None`` in memory.
    """

    path: str | None
    size: int
    sqlite: str
    sqlite_sound: bool
    zone: str
    made_at: datetime
    revision: str
    writable: bool
    sandbox: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How much a database holds."""

    users: int
    grants: int
    charges: int
    refunds: int
    requests: int
    audit_records: int


@dataclass(frozen=True, slots=True)
class Content:
    """What a database holds as it stands: how much, its newest act, its prices, who is asking.

    ``role`` is that of the person who looks, ``None`` where they could do nothing there.
    """

    tally: Tally
    last_act: AuditRecord | None
    price_version: int
    price_note: str
    zone: str
    made_at: datetime
    role: Role | None


@dataclass(frozen=True, slots=True)
class Inspection:
    """A look inside a backup, beside the database as it is now.

    ``proof`` is what verifying it gave. ``related`` says whether it is an earlier state of this
    very database; then ``lost`` are the newest acts that it does not have, newest first, and
    ``lost_acts`` how many there are. ``ahead`` says that it holds acts this database does not.
    """

    path: str
    size: int
    revision: str
    upgraded: bool
    content: Content
    now: Content
    proof: Report
    related: bool
    ahead: bool
    lost_acts: int
    lost: tuple[AuditRecord, ...]


@dataclass(frozen=True, slots=True)
class DailyBackup:
    """A backup that was made by itself: of which day, in bytes how large."""

    path: str
    day: date
    size: int


@dataclass(frozen=True, slots=True)
class DailyRun:
    """What a look after the daily backup did: the newest one, and what was removed for it.

    ``made`` is false where today's was there already.
    """

    newest: DailyBackup
    made: bool
    removed: tuple[str, ...]


def sqlite_is_sound(version: str) -> bool:
    """Whether this SQLite is without the bug that can damage a file in write-ahead mode."""
    numbers = tuple(int(part) for part in version.split(".") if part.isdigit())
    return not FIRST_HURT_SQLITE <= numbers < FIXED_SQLITE


def daily_name(stem: str, tag: str, day: date, suffix: str) -> str:
    """What the daily backup of a day is called: ``credits-daily-2026-11-28-1a2b3c4d.db``.

    ``tag`` tells databases of the same name apart.
    """
    return f"{stem}-daily-{day.isoformat()}-{tag}{suffix}"


def daily_day(name: str, stem: str, tag: str, suffix: str) -> date | None:
    """The day of a daily backup of this database by its name; ``None`` for any other file."""
    start = f"{stem}-daily-"
    if not (name.startswith(start) and name.endswith(suffix)):
        return None
    found = _DAILY.fullmatch(name[len(start) : len(name) - len(suffix)])
    if found is None or found["tag"] != tag:
        return None
    try:
        return date.fromisoformat(found["day"])
    except ValueError:
        return None
