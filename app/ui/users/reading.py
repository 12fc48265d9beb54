"""What the Users page asks of the services, off the window's thread: plain values in and out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Any, cast

from app.domain.calendar import Month
from app.domain.errors import UnknownRecord
from app.domain.ledger import EntryKind, LedgerEntry
from app.domain.proof import Proof
from app.domain.requests import Request, RequestQuery, View
from app.domain.sheets import Sheet
from app.domain.staff import Allowed
from app.domain.users import Account, User

ENTRIES = 60
REQUESTS = 100
USES = frozenset({EntryKind.USE, EntryKind.REFUSED_USE})


@dataclass(frozen=True)
class LedgerFilter:
    """Which entries of a ledger are shown."""

    kinds: frozenset[EntryKind] = frozenset()
    feature: str = ""
    month: Month | None = None
    free: bool = False

    @property
    def active(self) -> bool:
        """Whether anything is left out or added."""
        return self != LedgerFilter()


@dataclass(frozen=True)
class Entries:
    """A stretch of a ledger, newest first, and whether older ones follow."""

    rows: tuple[LedgerEntry, ...]
    more: bool


def read_entries(
    desk: Any,
    user_id: str,
    at: datetime | None,
    chosen: LedgerFilter,
    stop: Event,
    *,
    before: LedgerEntry | None = None,
) -> Entries:
    """Ask for the entries older than ``before``, or the newest."""
    found = desk.accounts.ledger(
        user_id,
        before=before,
        limit=ENTRIES + 1,
        at=at,
        kinds=chosen.kinds or None,
        feature=chosen.feature or None,
        month=chosen.month,
        free=chosen.free,
        stop=stop,
    )
    return Entries(tuple(found[:ENTRIES]), len(found) > ENTRIES)


def every_entry(
    desk: Any, user_id: str, at: datetime | None, chosen: LedgerFilter, stop: Event
) -> Sequence[LedgerEntry]:
    """Ask for all entries that pass a filter."""
    found: Sequence[LedgerEntry] = desk.accounts.ledger(
        user_id,
        limit=None,
        at=at,
        kinds=chosen.kinds or None,
        feature=chosen.feature or None,
        month=chosen.month,
        free=chosen.free,
        stop=stop,
    )
    return found


@dataclass(frozen=True)
class AccountData:
    """Everything the right side shows of one user, at one instant (``at``; None is now)."""

    sheet: Sheet
    entries: Entries
    chosen: LedgerFilter
    allowed: Allowed
    at: datetime | None
    now: datetime
    requests: tuple[Request, ...] = ()

    @property
    def account(self) -> Account:
        """What the user holds."""
        return self.sheet.account

    @property
    def proof(self) -> Proof:
        """Why it is that much."""
        return self.sheet.proof

    @property
    def user(self) -> User:
        """Whose account it is."""
        return self.sheet.account.user

    @property
    def month(self) -> Month:
        """The month of the instant shown."""
        return self.sheet.months[-1]


def read_account(
    desk: Any,
    user_id: str,
    at: datetime | None,
    chosen: LedgerFilter,
    stop: Event,
    *,
    entries: int = ENTRIES,
) -> AccountData:
    """Ask for an account with so many entries of its ledger. Raises ``UnknownUser``."""
    sheet = desk.sheets.of(
        user_id,
        at=at,
        kinds=chosen.kinds or None,
        feature=chosen.feature or None,
        month=chosen.month,
        free=chosen.free,
        limit=entries + 1,
        stop=stop,
    )
    return AccountData(
        sheet=sheet,
        entries=Entries(sheet.entries[:entries], len(sheet.entries) > entries),
        chosen=chosen,
        allowed=desk.support.allowed(stop=stop),
        at=at,
        now=desk.now(),
        requests=tuple(desk.requests.page(_all_of(user_id), 0, REQUESTS, stop=stop)),
    )


def _all_of(user_id: str) -> RequestQuery:
    return RequestQuery(View.ALL, user_id=user_id, descending=True)


@dataclass(frozen=True)
class ChargeDetail:
    """A charge (or refused use) with what paid for it, and its refund where there is one."""

    entry: LedgerEntry
    burns: tuple[tuple[Any, int], ...]
    refund: Any


@dataclass(frozen=True)
class GrantDetail:
    """A grant with what it paid for."""

    grant: Any
    charges: tuple[tuple[Any, int], ...]


def read_charge(desk: Any, entry: LedgerEntry, stop: Event) -> ChargeDetail:
    """Ask which grants paid for a charge."""
    charge = desk.charging.find(entry.charge_id, stop=stop)
    burns = tuple(
        (desk.accounts.grant(burn.grant_id, stop=stop), burn.credits) for burn in charge.burns
    )
    return ChargeDetail(entry, burns, desk.support.refund_of(entry.charge_id, stop=stop))


def entry_of_charge(desk: Any, user_id: str, charge_id: int, stop: Event) -> LedgerEntry:
    """Ask for the entry of a charge. Raises ``UnknownRecord``."""
    charge = desk.charging.find(charge_id, stop=stop)
    after = charge.occurred_at + timedelta(milliseconds=1)
    before: LedgerEntry | datetime = after
    while True:
        found = desk.accounts.ledger(user_id, before=before, limit=ENTRIES, free=True, stop=stop)
        for entry in found:
            if entry.charge_id == charge_id and entry.kind in USES:
                return cast("LedgerEntry", entry)
        if not found or found[-1].at < charge.occurred_at:
            raise UnknownRecord("charge", charge_id)
        before = found[-1]


def read_grant(desk: Any, grant_id: int, stop: Event) -> GrantDetail:
    """Ask what a grant paid for."""
    grant = desk.accounts.grant(grant_id, stop=stop)
    return GrantDetail(grant, tuple(desk.accounts.paid_by(grant_id, stop=stop)))
