"""The desk: the one door through which the product, the command line and the window come in.

This is the only place that builds the clock, the database and the services.
"""

from __future__ import annotations

import getpass
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from app import shipped
from app.domain.calendar import instant_of, parse_instant
from app.domain.errors import CreditsError, DatabaseUnsuitable, InvalidValue
from app.domain.price_file import parse
from app.domain.sentences import said
from app.services.founding import Founding, Nature, found, look_at, open_file
from app.services.office import Office
from app.storage.engine import MEMORY

if TYPE_CHECKING:
    from app.services.accounts import Accounts
    from app.services.activity import Activity
    from app.services.backups import Backups
    from app.services.charging import Charging
    from app.services.consumption import Consumption
    from app.services.diagnosing import Diagnosing
    from app.services.imports import Imports
    from app.services.integrity import Integrity
    from app.services.overview import Overviews
    from app.services.pricing import Pricing
    from app.services.replying import Replies
    from app.services.requests import Requests
    from app.services.sheets import Sheets
    from app.services.staff import Staff
    from app.services.statements import Statements
    from app.services.support import Support

_URL = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]+)://(.*)", re.DOTALL)


def computer_clock() -> datetime:
    """The present, by the computer's clock: the only place that reads it."""
    return datetime.now(UTC)


class Desk:
    """The services over one database, for one person. Close it, or use it with ``with``."""

    def __init__(self, office: Office, *, sandbox: bool = False) -> None:
        self.office = office
        self.sandbox = sandbox
        """Whether the database is for trying things out, so that its clock may be frozen."""

    def now(self) -> datetime:
        """The present, by the clock this desk was opened with."""
        return self.office.now()

    @property
    def zone(self) -> str:
        """The billing zone, an IANA name."""
        return self.office.calendar.zone

    @property
    def staff_email(self) -> str:
        """Under whose name everything is done."""
        return self.office.person

    @property
    def path(self) -> Path | None:
        """Where the database lies; ``None`` in memory."""
        return self.office.database.path

    @property
    def writable(self) -> bool:
        """Whether the database can be written here."""
        return self.office.database.writable

    # Each service is loaded when it is first used: the window shows before most are needed.

    @cached_property
    def accounts(self) -> Accounts:
        """Users, plans, balances, ledgers."""
        from app.services.accounts import Accounts

        return Accounts(self.office)

    @cached_property
    def charging(self) -> Charging:
        """Uses of features."""
        from app.services.charging import Charging

        return Charging(self.office)

    @cached_property
    def support(self) -> Support:
        """Grants by staff, refunds, voids, approvals."""
        from app.services.support import Support

        return Support(self.office)

    @cached_property
    def requests(self) -> Requests:
        """What users ask support for, and its answers."""
        from app.services.requests import Requests

        return Requests(self.office)

    @cached_property
    def pricing(self) -> Pricing:
        """Price lists and their versions."""
        from app.services.pricing import Pricing

        return Pricing(self.office)

    @cached_property
    def consumption(self) -> Consumption:
        """What is used, by month."""
        from app.services.consumption import Consumption

        return Consumption(self.office)

    @cached_property
    def overview(self) -> Overviews:
        """The state of everything at once."""
        from app.services.overview import Overviews

        return Overviews(self.office)

    @cached_property
    def statements(self) -> Statements:
        """Accounts as their users see them."""
        from app.services.statements import Statements

        return Statements(self.office)

    @cached_property
    def sheets(self) -> Sheets:
        """Whole accounts at a glance, each from one snapshot."""
        from app.services.sheets import Sheets

        return Sheets(self.office)

    @cached_property
    def imports(self) -> Imports:
        """Files of users, plans, usage and requests."""
        from app.services.imports import Imports

        return Imports(self.office)

    @cached_property
    def staff(self) -> Staff:
        """The staff list."""
        from app.services.staff import Staff

        return Staff(self.office)

    @cached_property
    def replies(self) -> Replies:
        """The texts of replies to users."""
        from app.services.replying import Replies

        return Replies(self.office)

    @cached_property
    def diagnosing(self) -> Diagnosing:
        """What the record says about a complaint."""
        from app.services.diagnosing import Diagnosing

        return Diagnosing(self.office)

    @cached_property
    def backups(self) -> Backups:
        """What the database is, a look inside a backup, and the daily one."""
        from app.services.backups import Backups

        return Backups(self.office)

    @cached_property
    def integrity(self) -> Integrity:
        """Verifying, backing up, the audit record."""
        from app.services.integrity import Integrity

        return Integrity(self.office)

    @cached_property
    def activity(self) -> Activity:
        """The audit record: what staff did, and whether its chain is whole."""
        from app.services.activity import Activity

        return Activity(self.office)

    def close(self) -> None:
        """Close the database."""
        self.office.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def open_desk(
    database: str | Path,
    *,
    staff: str | None = None,
    now: Callable[[], datetime] | None = None,
    pricing: str | Path | None = None,
    zone: str | None = None,
    sandbox: bool = False,
) -> Desk:
    """Open the desk on ``database``: a path, a ``sqlite:///`` URL, or ``:memory:``.

    A file that does not exist is made, with ``pricing`` (a file; default: the shipped
    ``pricing.json``) as version 1 of the price list, ``zone`` (an IANA name; default: that of the
    price list) as its billing zone for ever, and ``staff`` as its first admin. ``staff``
    defaults to the computer's account; ``"system"`` is the product itself. ``now`` is the clock,
    called without arguments for an aware ``datetime``. ``sandbox`` makes a new database one whose
    clock may be frozen. Opening a writable database releases what allowances are due (rules,
    section 2). Raises ``DatabaseUnsuitable``, ``NotPermitted``, ``PriceListInvalid``.
    """
    person = _person(staff)
    clock = now or computer_clock
    target = database_path(database)
    founding = Founding(
        person, instant_of(clock(), "clock"), lambda: _content(pricing), sandbox, zone
    )
    opened = found(founding) if target == MEMORY else open_file(Path(target), founding)
    office = Office(opened.database, clock, person, opened.zone)
    try:
        office.release_due()
    except CreditsError:
        opened.database.close()
        raise
    return Desk(office, sandbox=opened.sandbox)


def database_path(database: str | Path) -> str:
    """The path that ``database`` means; ``DatabaseUnsuitable`` for another kind of database.

    Of a refused address only the kind is named: the rest may hold a password.
    """
    text = str(database).strip()
    match = _URL.fullmatch(text)
    if match is None:
        if not text:
            message = said("The name of the database is empty.")
            raise DatabaseUnsuitable(message)
        return text
    scheme, rest = match.groups()
    if scheme.lower() != "sqlite":
        message = said(
            "A database of the kind “{scheme}” is not supported: PixPretty Credits "
            "keeps its ledger in a SQLite file on this computer.",
            scheme=scheme,
        )
        raise DatabaseUnsuitable(message, scheme=scheme)
    path = rest.removeprefix("/")
    return path or MEMORY


def nature_of(path: str | Path) -> Nature:
    """The billing zone of the database at ``path``, and whether its clock may be frozen.

    Raises ``DatabaseUnsuitable`` for what is not one of ours.
    """
    return look_at(Path(path))


def zone_of_new(pricing: str | Path | None = None) -> str:
    """The billing zone that a new database starting from ``pricing`` would have."""
    return parse(_content(pricing)).policy.timezone


def frozen_clock(text: str) -> Callable[[], datetime]:
    """A clock that stands still at the instant ``text`` names."""
    instant = parse_instant(text, "now")
    return lambda: instant


def _person(staff: str | None) -> str:
    if staff is not None:
        person = staff.strip()
        if not person:
            message = said("The name of the member of staff is empty.")
            raise InvalidValue(message, field="staff", value=staff)
        return person
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError) as error:
        message = said("The computer's account has no name; say who you are with --staff.")
        raise InvalidValue(message, field="staff") from error


def _content(pricing: str | Path | None) -> bytes:
    path = shipped.path("pricing.json") if pricing is None else Path(pricing)
    try:
        return path.read_bytes()
    except OSError as error:
        message = said(
            "The price list “{path}” cannot be read: {given}.",
            path=path,
            given=error.strerror or str(error),
        )
        raise DatabaseUnsuitable(message, path=str(path)) from error
