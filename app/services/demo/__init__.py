"""Made-up data that always comes out the same: for trying things out, pictures and benchmarks.

Two years of a few hundred users by default; the same at any size, and over more years. Everything
in it follows the rules as if it had happened: ``verify`` finds nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from app import shipped
from app.domain.errors import DatabaseUnsuitable, InvalidValue
from app.services.demo.history import MONTHS, SEED, write_history

PRESENT = datetime(2026, 11, 22, 14, 2, 11, tzinfo=UTC)
"""At which instant the clock of a demo stands still; kept in it as ``frozen_now``."""
USERS = 600
MOST_USERS = 5_000_000
MOST_EVENTS = 100_000_000
MOST_MONTHS = 120

__all__ = ["MONTHS", "PRESENT", "SEED", "USERS", "build"]


def build(
    path: str | Path,
    *,
    users: int = USERS,
    events: int | None = None,
    months: int = MONTHS,
    seed: int = SEED,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Make a demo database at ``path``, which must not exist yet.

    About ``events`` uses of ``users`` users (default: as many as such users have), the first of
    whom came ``months`` before the present; the same ``seed`` gives the same content. Its clock may
    be frozen, best at ``PRESENT``. ``progress`` is called with the fraction done. Raises
    ``InvalidValue``, ``DatabaseUnsuitable``.
    """
    _whole(users, MOST_USERS, "number of users")
    if events is not None:
        _whole(events, MOST_EVENTS, "number of events")
    _whole(months, MOST_MONTHS, "number of months", least=MONTHS)
    _whole(seed, 2**31, "seed", least=0)
    path = Path(path)
    if path.exists():
        message = f"“{path}” exists already; a demo is only made at a new place."
        raise DatabaseUnsuitable(message, path=str(path))
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        pricing = shipped.path("pricing.json").read_bytes()
        write_history(temporary, path, pricing, PRESENT, users, events, months, seed, progress)
    except OSError as error:
        message = f"No demo can be made at “{path}”: {error.strerror or error}."
        raise DatabaseUnsuitable(message, path=str(path)) from error
    finally:
        temporary.unlink(missing_ok=True)


def _whole(value: int, most: int, what: str, *, least: int = 1) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        message = f"The {what} {value!r:.40} is not a whole number from {least} to {most:,}."
        raise InvalidValue(message, field=what, value=value)
