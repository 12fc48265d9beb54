"""The ledger of a user: every change of the balance at its instant, with the running balance."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from app.domain.calendar import to_ms
from app.domain.errors import InvalidValue
from app.domain.grants import Grant, GrantKind
from app.domain.sentences import said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Position = tuple[int, int, int, int, int]
"""When (ms), then: expiry, scheduled grant or act; then the order in which acts were recorded."""
_EXPIRY, _SCHEDULED, _ACT = range(3)
_USE, _GIVEN, _RETURN, _VOID = range(4)
_SCHEDULED_KINDS = frozenset(
    {
        GrantKind.SIGNUP_BONUS,
        GrantKind.REFERRAL_REWARD,
        GrantKind.MONTHLY_ALLOWANCE,
        GrantKind.TOP_UP,
    }
)


class EntryKind(StrEnum):
    """The kinds of ledger entries; the first six are those of grants."""

    SIGNUP_BONUS = "signup_bonus"
    REFERRAL_REWARD = "referral_reward"
    MONTHLY_ALLOWANCE = "monthly_allowance"
    SUPPORT_CREDIT = "support_credit"
    REFUND = "refund"
    TOP_UP = "top_up"
    USE = "use"
    REFUSED_USE = "refused_use"
    RETURN = "return"
    VOID = "void"
    EXPIRY = "expiry"


def checked_kinds(kinds: Iterable[EntryKind | str]) -> frozenset[EntryKind]:
    """``kinds`` as kinds of entries; ``InvalidValue`` that names what is none."""
    known = {kind.value: kind for kind in EntryKind}
    for kind in kinds:
        if not isinstance(kind, str) or kind not in known:
            message = said(
                "“{kind}” is not a kind of entry; the kinds are {known}.",
                kind=kind,
                known=", ".join(known),
            )
            raise InvalidValue(message, field="kinds", value=kind)
    return frozenset(EntryKind(kind) for kind in kinds)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line: ``credits`` is signed (in positive, out negative), ``balance`` is after it.

    A refused use has 0 credits and keeps the balance; ``needed`` is what it would have cost.
    ``late`` marks an entry recorded later than it occurred; ``expected`` one that has not happened
    yet. ``position`` orders entries; the entry itself is the cursor for paging (``before``).
    """

    at: datetime
    kind: EntryKind
    credits: int
    balance: int
    feature: str | None
    grant_id: int | None
    charge_id: int | None
    text: str
    quantity: int = 1
    price_version: int | None = None
    needed: int | None = None
    ticket: str = ""
    staff: str = ""
    reason: str = ""
    note: str = ""
    key: str = ""
    job: str = ""
    outcome: str | None = None
    refunded: bool = False
    late: bool = False
    expected: bool = False
    recorded_at: datetime | None = None
    position: Position = (0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Use:
    """A charge or refused use as the ledger needs it. ``available`` is set for a refused one."""

    id: int
    feature: str
    quantity: int
    credits: int
    price_version: int
    occurred_at: datetime
    recorded_at: datetime
    key: str
    available: int | None = None
    job: str = ""
    outcome: str | None = None
    refunded: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """A refund's return to its grants, or a void: what it moved, when, by whom and why.

    ``credits`` is positive for both; ``grant_id`` is ``None`` where several grants got back.
    """

    id: int
    at: datetime
    credits: int
    position: int
    recorded_at: datetime
    grant_id: int | None = None
    charge_id: int | None = None
    staff: str = ""
    reason: str = ""
    note: str = ""


GRANT_NAMES: Mapping[GrantKind, str] = {
    GrantKind.SIGNUP_BONUS: said("Sign-up bonus"),
    GrantKind.REFERRAL_REWARD: said("Referral reward"),
    GrantKind.MONTHLY_ALLOWANCE: said("Monthly allowance"),
    GrantKind.SUPPORT_CREDIT: said("Support credit"),
    GrantKind.REFUND: said("Refund"),
    GrantKind.TOP_UP: said("Top-up"),
}


def grant_name(grant: Grant) -> str:
    """What a grant is called where it stands alone: ``Plus allowance, 2026-11``."""
    if grant.kind is GrantKind.MONTHLY_ALLOWANCE:
        return said(
            "{plan} allowance, {month}", plan=grant.plan.capitalize(), month=str(grant.month)
        )
    if grant.kind is GrantKind.REFERRAL_REWARD and grant.friend:
        return said("Referral reward for {friend}", friend=grant.friend)
    return GRANT_NAMES[grant.kind]


def entries_of_grants(grants: Iterable[Grant], horizon: datetime) -> Iterator[LedgerEntry]:
    """The gain of each grant, and what had expired of it at ``horizon``.

    ``remaining`` must be what each holds after all that is on record: uses, returns and voids all
    lie before the expiry, so that is what expired.
    """
    for grant in grants:
        yield _gain(grant)
        if grant.expires_at <= horizon and grant.remaining:
            yield _expiry(grant)


def _gain(grant: Grant) -> LedgerEntry:
    scheduled = grant.kind in _SCHEDULED_KINDS
    recorded = grant.recorded_at or grant.effective_at
    phase = (_SCHEDULED, 0, _GIVEN) if scheduled else (_ACT, grant.position, _GIVEN)
    return LedgerEntry(
        at=grant.effective_at,
        kind=EntryKind(grant.kind.value),
        credits=grant.credits,
        balance=0,
        feature=None,
        grant_id=grant.id or None,
        charge_id=None,
        text=grant_name(grant),
        ticket=grant.ticket,
        staff=grant.staff,
        reason=grant.reason,
        note=grant.note,
        late=recorded > grant.effective_at,
        expected=grant.expected,
        recorded_at=recorded,
        position=(to_ms(grant.effective_at), *phase, grant.id),
    )


def _expiry(grant: Grant) -> LedgerEntry:
    return LedgerEntry(
        at=grant.expires_at,
        kind=EntryKind.EXPIRY,
        credits=-grant.remaining,
        balance=0,
        feature=None,
        grant_id=grant.id or None,
        charge_id=None,
        text=said("Expired: {grant}", grant=grant_name(grant)),
        expected=grant.expected,
        recorded_at=grant.expires_at,
        position=(to_ms(grant.expires_at), _EXPIRY, 0, 0, grant.id),
    )


def entry_of_use(use: Use, names: Mapping[str, str]) -> LedgerEntry:
    """The entry of a charge or refused use; ``names`` gives what features are called."""
    refused = use.available is not None
    name = names.get(use.feature, use.feature)
    return LedgerEntry(
        at=use.occurred_at,
        kind=EntryKind.REFUSED_USE if refused else EntryKind.USE,
        credits=0 if refused else -use.credits,
        balance=0,
        feature=use.feature,
        grant_id=None,
        charge_id=use.id,
        text=f"{name} × {use.quantity:,}" if use.quantity > 1 else name,
        quantity=use.quantity,
        price_version=use.price_version,
        needed=use.credits if refused else None,
        key=use.key,
        job=use.job,
        outcome=use.outcome,
        refunded=use.refunded,
        late=use.recorded_at > use.occurred_at,
        recorded_at=use.recorded_at,
        position=(to_ms(use.occurred_at), _ACT, use.id, _USE, use.id),
    )


def entry_of_return(returned: Correction) -> LedgerEntry:
    """The entry of what a refund gave back to grants that were still usable."""
    return _correction(
        returned, EntryKind.RETURN, returned.credits, said("Returned by a refund"), _RETURN
    )


def entry_of_void(void: Correction) -> LedgerEntry:
    """The entry of what a void took back."""
    return _correction(void, EntryKind.VOID, -void.credits, said("Voided"), _VOID)


def _correction(
    fact: Correction, kind: EntryKind, credits: int, text: str, rank: int
) -> LedgerEntry:
    return LedgerEntry(
        at=fact.at,
        kind=kind,
        credits=credits,
        balance=0,
        feature=None,
        grant_id=fact.grant_id,
        charge_id=fact.charge_id,
        text=text,
        staff=fact.staff,
        reason=fact.reason,
        note=fact.note,
        late=fact.recorded_at > fact.at,
        recorded_at=fact.recorded_at,
        position=(to_ms(fact.at), _ACT, fact.position, rank, fact.id),
    )


def newest_first(
    entries: Iterable[LedgerEntry], balance: int, before: Position | None, limit: int | None
) -> list[LedgerEntry]:
    """The newest ``limit`` entries older than ``before``, each with the balance after it.

    ``balance`` is what there was just before ``before``, or at the end where that is ``None``.
    """
    older = [entry for entry in entries if before is None or entry.position < before]
    older.sort(key=lambda entry: entry.position, reverse=True)
    told: list[LedgerEntry] = []
    for _, group in groupby(older, key=lambda entry: entry.at):
        shown = _with_balances(list(group), balance)
        told += shown
        balance = shown[-1].balance - shown[-1].credits
        if limit is not None and len(told) >= limit:
            break
    return told[:limit]


def _with_balances(group: list[LedgerEntry], balance: int) -> list[LedgerEntry]:
    """The entries of one instant, newest first, with the balance after each.

    They stand in the order in which they were recorded. A later record of an earlier use can let
    that order dip below zero inside the instant, though never at it: then what came in is told
    before what went out.
    """
    told = _counted(group, balance)
    if all(entry.balance >= 0 for entry in told):
        return told
    places = [entry.position for entry in group]
    moved = sorted(group, key=lambda entry: entry.credits > 0)
    moved = [replace(e, position=place) for e, place in zip(moved, places, strict=True)]
    return _counted(moved, balance)


def _counted(group: Iterable[LedgerEntry], balance: int) -> list[LedgerEntry]:
    told = []
    for entry in group:
        told.append(_with_balance(entry, balance))
        balance -= entry.credits
    return told


_VALUES = attrgetter(*(field.name for field in fields(LedgerEntry)))
_BALANCE = [field.name for field in fields(LedgerEntry)].index("balance")


def _with_balance(entry: LedgerEntry, balance: int) -> LedgerEntry:
    """As ``replace`` in a third of the time: it is done to every entry of every ledger."""
    values = list(_VALUES(entry))
    values[_BALANCE] = balance
    return LedgerEntry(*values)
