"""What is opened at the start: which database, under whose name, by which clock.

The window and the command line take the same four choices, and mean the same by them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from app.domain.sentences import said

# What opening a desk needs is imported when one is opened: the window is on the screen before.
if TYPE_CHECKING:
    from app.desk import Desk
    from app.domain.errors import DatabaseUnsuitable, InvalidValue

PROGRAM = "pixpretty-credits"
DATABASE_VARIABLE = "PIXPRETTY_DATABASE"
STAFF_VARIABLE = "PIXPRETTY_STAFF"
MEMORY = ":memory:"
DEMO_STAFF = "mira@pixpretty.example"
"""Who the demo is opened as, where nobody else of its staff is named: its admin."""

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose; ``None`` leaves it to the environment, then to the usual.

    ``now`` is the text of an instant at which the clock stands still; without an offset it is read
    in the billing zone. ``demo`` is a made-up database that is thrown away at the end. ``new``
    makes the database first, with ``zone`` as its billing zone (default: the price list's).
    """

    database: str | None = None
    staff: str | None = None
    now: str | None = None
    demo: bool = False
    new: bool = False
    zone: str | None = None


def data_folder() -> Path:
    """Where this computer keeps our files of this person; it may not exist yet."""
    return platformdirs.user_data_path(PROGRAM, appauthor=False)


def default_database() -> Path:
    """The database that is opened when none is named."""
    return data_folder() / "credits.db"


def chosen_database(choice: Choice) -> str:
    """The path that is meant (or ``:memory:``); ``DatabaseUnsuitable`` for another kind."""
    from app.desk import database_path

    named = _named(choice)
    return str(default_database()) if named is None else database_path(named)


def chosen_staff(choice: Choice) -> str | None:
    """Under whose name everything is done; ``None`` for the computer's account."""
    return choice.staff if choice.staff is not None else os.environ.get(STAFF_VARIABLE) or None


def is_first(choice: Choice) -> bool:
    """Whether nothing says which database is meant and there is none yet: nobody was here before.

    Asks only whether a file exists; the window asks this before it is furnished.
    """
    return not choice.demo and _named(choice) is None and not default_database().exists()


@contextmanager
def opened(choice: Choice, *, progress: Progress | None = None) -> Iterator[Desk]:
    """The desk that was chosen, closed at the end.

    The default database is made at its first start; one that is named has to exist. The clock of a
    demo stands still; on a database that keeps real accounts that is refused. ``progress`` is told
    how far the making of a demo has come. Raises like ``open_desk``.
    """
    from app.desk import open_desk

    if choice.demo:
        from app.services.demo_copies import demo_copy

        kept_in = platformdirs.user_cache_path(PROGRAM, appauthor=False)
        with (
            demo_copy(kept_in, progress) as path,
            _open_existing(str(path), choice, DEMO_STAFF) as desk,
        ):
            yield desk
        return
    if choice.new:
        with make(choice, zone=choice.zone) as desk:
            yield desk
        return
    target = chosen_database(choice)
    if target == MEMORY or (_named(choice) is None and not Path(target).exists()):
        if choice.now is not None:
            raise _no_sandbox(target, choice.now)
        _make_folder(Path(target).parent)
        with open_desk(target, staff=chosen_staff(choice)) as desk:
            yield desk
        return
    if not Path(target).exists():
        message = said(
            "There is no database at “{target}”; this makes one: {PROGRAM} init "
            "--database {target}",
            target=target,
            PROGRAM=PROGRAM,
        )
        raise _unsuitable(message, path=target)
    with _open_existing(target, choice, chosen_staff(choice)) as desk:
        yield desk


def make(
    choice: Choice,
    *,
    pricing: Path | None = None,
    zone: str | None = None,
    sandbox: bool = False,
) -> Desk:
    """Make a new database where ``choice`` says and open it; ``DatabaseUnsuitable`` if it is there.

    ``zone`` is its billing zone, ``sandbox`` makes one whose clock may be frozen.
    """
    from app.desk import open_desk, zone_of_new

    target = chosen_database(choice)
    if target == MEMORY:
        message = said("A database in memory is gone at once; name a file.")
        raise _unsuitable(message)
    if Path(target).exists():
        message = said(
            "There is something at “{target}” already; it was left as it is.", target=target
        )
        raise _unsuitable(message, path=target)
    if choice.now is not None and not sandbox:
        raise _no_sandbox(target, choice.now)
    if Path(target) == default_database():
        _make_folder(Path(target).parent)
    new_zone = zone or zone_of_new(pricing)
    now = None if choice.now is None else _standing_still(choice.now, new_zone)
    staff = chosen_staff(choice)
    return open_desk(target, staff=staff, now=now, pricing=pricing, zone=zone, sandbox=sandbox)


def add_to_demo(path: Path, choice: Choice) -> str:
    """Make whoever made the demo at ``path`` one of its admins; returns their name."""
    with _open_existing(str(path), Choice(), chosen_staff(choice)) as desk:
        person = desk.staff_email
    with _open_existing(str(path), Choice(), DEMO_STAFF) as desk:
        if person not in {member.email for member in desk.staff.list()}:
            desk.staff.add(person, "admin")
    return person


def _open_existing(target: str, choice: Choice, usual_staff: str | None) -> Desk:
    from app.desk import nature_of, open_desk

    staff = choice.staff if choice.staff is not None else usual_staff
    nature = nature_of(target)
    if choice.now is not None:
        if not nature.sandbox:
            raise _no_sandbox(target, choice.now)
        return open_desk(target, staff=staff, now=_standing_still(choice.now, nature.zone))
    present = nature.present
    return open_desk(target, staff=staff, now=None if present is None else lambda: present)


def _named(choice: Choice) -> str | None:
    if choice.database is not None:
        return choice.database
    return os.environ.get(DATABASE_VARIABLE) or None


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = said(
            "The folder “{folder}” cannot be made: {given}.",
            folder=folder,
            given=error.strerror or str(error),
        )
        raise _unsuitable(message, path=str(folder)) from error


def _standing_still(text: str, zone: str) -> Callable[[], datetime]:
    from app.domain.calendar import parse_instant, zone_of

    instant = parse_instant(text, "now", zone_of(zone))
    return lambda: instant


def _unsuitable(message: str, **values: object) -> DatabaseUnsuitable:
    from app.domain.errors import DatabaseUnsuitable

    return DatabaseUnsuitable(message, **values)


def _no_sandbox(target: str, text: str) -> InvalidValue:
    from app.domain.errors import InvalidValue

    message = said(
        "The clock of “{target}” cannot stand still at “{given}”: only databases "
        "made by “demo” or “init --sandbox” allow that.",
        target=target,
        given=text,
    )
    return InvalidValue(message, field="now", value=text)
