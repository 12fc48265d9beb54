"""Charges, what they burned, how their jobs ended, and refunds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.calendar import BillingCalendar, from_ms
from app.domain.charges import Burn, Charge, Outcome, Refund
from app.domain.errors import UnknownRecord
from app.domain.ledger import Correction
from app.domain.users import PLANS
from app.storage import flows, grants
from app.storage.engine import Session
from app.storage.flows import Flow
from app.storage.sqlite import can_be_an_id

OUTCOMES = (Outcome.FAILED, Outcome.SUCCEEDED)
LAST_OUTCOME = "(SELECT o.outcome FROM outcome o WHERE o.charge = c.id ORDER BY o.id DESC LIMIT 1)"
"""How the job of a charge ``c`` ended, by the last report, for a statement."""
_CHARGE = f"""
SELECT c.id, u.user_id, f.key, c.quantity, c.credits, c.price_version, c.occurred_at, c.key,
  coalesce(c.recorded_at, c.occurred_at), coalesce(c.job, ''), {LAST_OUTCOME}, c.available,
  EXISTS (SELECT 1 FROM refund r WHERE r.charge = c.id), c.plan
FROM charge c JOIN user u ON u.id = c.user JOIN feature f ON f.id = c.feature
"""

_OVERTAKEN = """
EXISTS (SELECT 1 FROM charge c WHERE c.user = ?1 AND c.occurred_at = f.at AND c.id <= f.position)
AND EXISTS (SELECT 1 FROM returned x JOIN burn b ON b."grant" = x."grant"
  JOIN charge c ON c.id = b.charge
  WHERE x.refund = f.id AND c.id > f.position AND c.occurred_at < f.at)
"""


@dataclass(frozen=True, slots=True)
class NewCharge:
    """What a new charge (or refused use, where ``available`` is set) is made of; ms."""

    user: int
    feature: str
    quantity: int
    credits: int
    price_version: int
    plan: str
    occurred_at: int
    recorded_at: int
    key: str
    available: int | None = None
    job: str | None = None
    import_run: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A charge or refused use on record, with what only storage needs to know of it."""

    charge: Charge
    available: int | None
    plan: str

    @property
    def refused(self) -> bool:
        """Whether nothing was taken because too little was there."""
        return self.available is not None


def feature_id(session: Session, key: str) -> int:
    """The number of a feature on record."""
    return int(session.value("SELECT id FROM feature WHERE key = ?", (key,)))


def add(
    session: Session,
    new: NewCharge,
    burns: Sequence[Burn],
    expiries: dict[int, int],
    calendar: BillingCalendar,
) -> int:
    """Put a charge or refused use on record with what it burned; its number.

    ``expiries`` gives the instant (ms) at which each burned grant expires.
    """
    feature = feature_id(session, new.feature)
    number = session.add_row(
        "INSERT INTO charge (user, feature, quantity, credits, price_version, plan, occurred_at,"
        " recorded_at, key, available, job, import) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            new.user,
            feature,
            new.quantity,
            new.credits,
            new.price_version,
            PLANS.index(new.plan),
            new.occurred_at,
            None if new.recorded_at == new.occurred_at else new.recorded_at,
            new.key,
            new.available,
            new.job,
            new.import_run,
        ),
    )
    for burn in burns:
        session.run("INSERT INTO burn VALUES (?, ?, ?)", (number, burn.grant_id, burn.credits))
        grants.move(session, calendar, burn.grant_id, expiries[burn.grant_id], -burn.credits)
    _count(session, new, feature, calendar)
    return number


def _count(session: Session, new: NewCharge, feature: int, calendar: BillingCalendar) -> None:
    refused = new.available is not None
    session.run(
        "INSERT INTO consumption (month, feature, plan, uses, credits, refused)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (month, feature, plan) DO UPDATE SET"
        " uses = uses + excluded.uses, credits = credits + excluded.credits,"
        " refused = refused + excluded.refused",
        (
            calendar.month_number_of_ms(new.occurred_at),
            feature,
            PLANS.index(new.plan),
            0 if refused else new.quantity,
            0 if refused else new.credits,
            new.quantity if refused else 0,
        ),
    )
    if not refused and new.credits:
        day = calendar.day_number_of_ms(new.occurred_at)
        flows.add(session, day, Flow.USED, new.credits, feature)


def by_key(session: Session, key: str) -> Recorded | None:
    """The charge or refused use with that idempotency key."""
    row = session.one(_CHARGE + " WHERE c.key = ?", (key,))
    return None if row is None else _recorded(session, row)


def by_id(session: Session, number: int) -> Recorded:
    """The charge or refused use of that number; ``UnknownRecord`` where there is none."""
    row = session.one(_CHARGE + " WHERE c.id = ?", (number,)) if can_be_an_id(number) else None
    if row is None:
        raise UnknownRecord("charge", number)
    return _recorded(session, row)


def paid_by(session: Session, grant: int, limit: int = 500) -> list[tuple[Charge, int]]:
    """What a grant paid for, newest first: each charge, and what it took of this grant."""
    rows = session.run(
        'SELECT charge, credits FROM burn WHERE "grant" = ? ORDER BY charge DESC LIMIT ?',
        (grant, limit),
    ).fetchall()
    return [(by_id(session, charge).charge, credits) for charge, credits in rows]


def _recorded(session: Session, row: Sequence[Any]) -> Recorded:
    number, user, feature, quantity, credits, version, occurred, key = row[:8]
    recorded, job, outcome, available, refunded, plan = row[8:]
    charge = Charge(
        id=number,
        user_id=user,
        feature=feature,
        quantity=quantity,
        credits=credits,
        price_version=version,
        occurred_at=from_ms(occurred),
        key=key,
        burns=burns_of(session, number),
        recorded_at=from_ms(recorded),
        job=job,
        outcome=None if outcome is None else OUTCOMES[outcome],
        refunded=bool(refunded),
    )
    return Recorded(charge, available, PLANS[plan])


def burns_of(session: Session, charge: int) -> tuple[Burn, ...]:
    """What a charge burned, in burn-down order."""
    rows = session.run(
        'SELECT b."grant", b.credits FROM burn b JOIN "grant" g ON g.id = b."grant"'
        " WHERE b.charge = ? ORDER BY g.expires_at, g.effective_at, g.kind <> 3, g.id",
        (charge,),
    )
    return tuple(Burn(grant, credits) for grant, credits in rows)


def add_outcome(
    session: Session, charge: int, outcome: Outcome, at: int, *, now: int, staff: int
) -> None:
    """Put on record how the job of a charge ended."""
    session.run(
        "INSERT INTO outcome (charge, outcome, at, recorded_at, staff) VALUES (?, ?, ?, ?, ?)",
        (charge, OUTCOMES.index(outcome), at, now, staff),
    )


def had_outcome(session: Session, charge: int, outcome: Outcome) -> bool:
    """Whether that outcome was ever reported of a charge."""
    found = session.one(
        "SELECT 1 FROM outcome WHERE charge = ? AND outcome = ?",
        (charge, OUTCOMES.index(outcome)),
    )
    return found is not None


# Refunds ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewRefund:
    """What a refund is made of; instants in milliseconds."""

    charge: int
    at: int
    recorded_at: int
    regrant: int | None
    staff: int
    reason: str
    note: str
    key: str | None


def add_refund(
    session: Session,
    new: NewRefund,
    returned: Sequence[Burn],
    expiries: dict[int, int],
    calendar: BillingCalendar,
) -> int:
    """Put a refund on record and give back what goes back; its number."""
    number = session.add_row(
        "INSERT INTO refund (charge, at, recorded_at, position, regrant, staff, reason, note, key)"
        " VALUES (?, ?, ?, (SELECT max(id) FROM charge), ?, ?, ?, ?, ?)",
        (
            *(new.charge, new.at, new.recorded_at, new.regrant),
            *(new.staff, new.reason, new.note, new.key),
        ),
    )
    for burn in returned:
        session.run("INSERT INTO returned VALUES (?, ?, ?)", (number, burn.grant_id, burn.credits))
        grants.move(session, calendar, burn.grant_id, expiries[burn.grant_id], burn.credits)
    if credits := sum(burn.credits for burn in returned):
        flows.add(session, calendar.day_number_of_ms(new.at), Flow.RETURNED, credits)
    session.run(
        "INSERT INTO consumption (month, feature, plan, refunded)"
        " SELECT ?, feature, plan, credits FROM charge WHERE id = ?"
        " ON CONFLICT (month, feature, plan) DO UPDATE SET refunded = refunded + excluded.refunded",
        (calendar.month_number_of_ms(new.at), new.charge),
    )
    return number


_REFUND = """
SELECT r.id, r.charge, (SELECT coalesce(sum(credits), 0) FROM returned t WHERE t.refund = r.id),
  coalesce(g.credits, 0), r.regrant, r.at, r.reason, r.note, s.email
FROM refund r JOIN staff s ON s.id = r.staff LEFT JOIN "grant" g ON g.id = r.regrant
"""


def refund_of(session: Session, charge: int) -> Refund | None:
    """The refund of a charge, where there is one."""
    row = session.one(_REFUND + " WHERE r.charge = ?", (charge,))
    return None if row is None else _refund(row)


def refund_by_key(session: Session, key: str) -> Refund | None:
    """The refund with that idempotency key."""
    row = session.one(_REFUND + " WHERE r.key = ?", (key,))
    return None if row is None else _refund(row)


def _refund(row: Sequence[Any]) -> Refund:
    number, charge, returned, regranted, grant, at, reason, note, staff = row
    return Refund(number, charge, returned, regranted, grant, from_ms(at), reason, note, staff)


def returns_of_user(session: Session, user: int) -> list[Correction]:
    """What refunds gave back to a user's grants, one entry a refund.

    A late use may burn what a refund gave back in the very millisecond in which it had been used.
    Such a return comes first in its millisecond, or the balance would fall below 0 between them.
    """
    rows = session.run(
        f"SELECT f.id, f.at, sum(r.credits), CASE WHEN {_OVERTAKEN} THEN 0 ELSE f.position END,"
        ' f.recorded_at, CASE count(*) WHEN 1 THEN max(r."grant") END, f.charge, s.email,'
        ' f.reason, f.note FROM "grant" g JOIN returned r ON r."grant" = g.id'
        " JOIN refund f ON f.id = r.refund JOIN staff s ON s.id = f.staff"
        " WHERE g.user = ?1 GROUP BY f.id",
        (user,),
    )
    return [_correction(row) for row in rows]


def voids_of_user(session: Session, user: int) -> list[Correction]:
    """What was voided of a user's grants."""
    rows = session.run(
        'SELECT v.id, v.at, v.credits, v.position, v.recorded_at, v."grant", NULL, s.email,'
        ' v.reason, v.note FROM "grant" g JOIN void v ON v."grant" = g.id'
        " JOIN staff s ON s.id = v.staff WHERE g.user = ?",
        (user,),
    )
    return [_correction(row) for row in rows]


def _correction(row: Sequence[Any]) -> Correction:
    number, at, credits, position, recorded, grant, charge, staff, reason, note = row
    return Correction(
        id=number,
        at=from_ms(at),
        credits=credits,
        position=position,
        recorded_at=from_ms(recorded),
        grant_id=grant,
        charge_id=charge,
        staff=staff,
        reason=reason,
        note=note,
    )
