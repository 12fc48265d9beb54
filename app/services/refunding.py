"""Reversing charges: what goes back to its grants, and what is granted anew (rules, section 4).

Each function works inside a transaction that a service opened.
"""

from __future__ import annotations

from datetime import datetime

from app.domain.calendar import MONTH_END, to_ms
from app.domain.charges import Burn, Charge, Outcome, Refund, split_refund
from app.domain.errors import AlreadyRefunded, NothingToRefund, NotPermitted
from app.domain.grants import GrantKind
from app.domain.sentences import said
from app.domain.staff import Act, may
from app.services.office import Work
from app.storage import charges, grants, users


def refund(work: Work, charge_id: int, reason: str, note: str, key: str | None) -> Refund:
    """Reverse a charge inside a transaction under way; imports reverse their charges with it."""
    recorded = refundable(work, charge_id)
    charge = recorded.charge
    if not may(work.member.role, Act.REFUND) and charge.outcome is not Outcome.FAILED:
        message = said(
            "Charge {charge_id} is not marked as failed; only staff may refund it.",
            charge_id=charge_id,
        )
        raise NotPermitted(message, staff=work.member.email, charge=charge_id)
    row = users.row_of(work.session, charge.user_id)
    moment = max(work.now, charge.occurred_at)
    work.settle(row, moment)
    back, regranted, expiries = split(work, charge, moment)
    regrant = None
    if regranted:
        regrant = grants.add(
            work.session,
            row.id,
            grants.NewGrant(
                kind=GrantKind.REFUND,
                credits=regranted,
                effective_at=to_ms(moment),
                expires_at=to_ms(work.calendar.expiry(moment, MONTH_END)),
                recorded_at=to_ms(moment),
                staff=work.member.id,
                reason=reason,
                note=note,
            ),
            work.calendar,
        )
    new = charges.NewRefund(
        charge=charge_id,
        at=to_ms(moment),
        recorded_at=to_ms(moment),
        regrant=regrant,
        staff=work.member.id,
        reason=reason,
        note=note,
        key=key,
    )
    number = charges.add_refund(work.session, new, back, expiries, work.calendar)
    returned = sum(burn.credits for burn in back)
    work.record(
        "refund",
        ("user", charge.user_id),
        why=reason,
        before={"charge": charge_id, "credits": charge.credits},
        after={"returned": returned, "regranted": regranted, "note": note},
    )
    return Refund(
        number, charge_id, returned, regranted, regrant, moment, reason, note, work.member.email
    )


def refundable(work: Work, charge_id: int) -> charges.Recorded:
    """The charge, if it can be refunded; ``AlreadyRefunded`` or ``NothingToRefund`` otherwise."""
    recorded = charges.by_id(work.session, charge_id)
    first = charges.refund_of(work.session, charge_id)
    if first is not None:
        when = "" if first.at is None else first.at.isoformat()
        message = said(
            "Charge {charge_id} was refunded by {staff} at {when} already.",
            charge_id=charge_id,
            staff=first.staff,
            when=when,
        )
        raise AlreadyRefunded(message, charge=charge_id, by=first.staff)
    if recorded.refused or not recorded.charge.credits:
        what = "was refused" if recorded.refused else "is a free action"
        message = said(
            "Charge {charge_id} {what} and took nothing; there is nothing to refund.",
            charge_id=charge_id,
            what=what,
        )
        raise NothingToRefund(message, charge=charge_id)
    return recorded


def split(
    work: Work, charge: Charge, moment: datetime
) -> tuple[tuple[Burn, ...], int, dict[int, int]]:
    """What goes back, what is granted anew, and when the grants that get back expire (ms)."""
    burned = [grants.by_id(work.session, burn.grant_id) for burn in charge.burns]
    usable = [grant for grant in burned if grant.usable_at(moment) and not grant.voided]
    parts = split_refund(charge.burns, usable)
    return parts.returned, parts.regranted, {g.id: to_ms(g.expires_at) for g in usable}
