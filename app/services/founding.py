"""Making a new database, and opening one that exists."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from app.domain.calendar import BEGINNING_OF_TIME, parse_instant, to_ms, zone_of
from app.domain.errors import DatabaseUnsuitable, NotPermitted
from app.domain.price_file import parse
from app.domain.sentences import said
from app.domain.staff import Role
from app.storage import audit, meta, prices, schema, staff
from app.storage.engine import MEMORY, Database, Session

SYSTEM = "system"
"""The name under which the product itself works."""


@dataclass(frozen=True, slots=True)
class Founding:
    """What a new database starts with; ``pricing`` gives the content of a ``pricing.json``.

    ``zone`` is its billing zone where that is not the one of the price list.
    """

    person: str
    now: datetime
    pricing: Callable[[], bytes]
    sandbox: bool
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A database ready for use."""

    database: Database
    zone: str
    sandbox: bool


def found(founding: Founding) -> Opened:
    """A new database in memory, for tests and trials."""
    database = Database(MEMORY)
    with database.writing() as session:
        schema.build(session.driver)
        _fill(session.driver, founding)
    return _opened(database)


def open_file(path: Path, founding: Founding) -> Opened:
    """The database at ``path``, made first where nothing is there.

    Raises ``DatabaseUnsuitable`` for what is not one of ours; it is left untouched.
    """
    if path.is_dir():
        message = said("“{path}” is a folder, not a database.", path=path)
        raise DatabaseUnsuitable(message, path=str(path))
    schema.refuse_network_drive(path)
    if not path.exists():
        schema.create_file(path, lambda connection: _fill(connection, founding))
    schema.check_file(path)
    writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    return _opened(Database(path, writable=writable))


@dataclass(frozen=True, slots=True)
class Nature:
    """What never changes of a database; ``present`` is where the clock of a demo stands still."""

    zone: str
    sandbox: bool
    present: datetime | None = None


def look_at(path: Path) -> Nature:
    """What never changes of the database at ``path``; ``DatabaseUnsuitable`` if it is not ours."""
    schema.check_file(path)
    database = Database(path, writable=False)
    try:
        with database.reading() as session:
            present = meta.read(session, "frozen_now")
            return Nature(
                meta.zone(session),
                meta.is_sandbox(session),
                None if present is None else parse_instant(present),
            )
    finally:
        database.close()


def _opened(database: Database) -> Opened:
    with database.reading() as session:
        return Opened(database, meta.zone(session), meta.is_sandbox(session))


def _fill(connection: Any, founding: Founding) -> None:
    if founding.person == SYSTEM:
        message = said(
            "A new database needs a person as its first admin; the product cannot make one."
        )
        raise NotPermitted(message, staff=SYSTEM)
    price_list = parse(founding.pricing())
    if founding.zone is not None:
        zone = zone_of(founding.zone).key
        price_list = replace(price_list, policy=replace(price_list.policy, timezone=zone))
    session = Session(connection)
    moment = to_ms(founding.now)
    meta.start(session, price_list.policy.timezone, moment, sandbox=founding.sandbox)
    staff.add(session, SYSTEM, Role.SYSTEM, moment)
    first = staff.add(session, founding.person, Role.ADMIN, moment)
    prices.add_version(
        session,
        price_list,
        effective_at=BEGINNING_OF_TIME,
        published_at=moment,
        staff=first,
        note=price_list.version_note or "First price list",
        based_on=None,
    )
    audit.append(
        session,
        at=moment,
        staff=founding.person,
        act="make the database",
        subject=("staff", founding.person),
        after={"role": Role.ADMIN.value, "price_version": 1},
    )
