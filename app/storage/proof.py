"""All checks in the order in which they are asked, and how much they look through."""

from __future__ import annotations

from app.domain.integrity import Counts
from app.storage import checks, checks_allowances, checks_derived, checks_requests
from app.storage.checks import Check
from app.storage.engine import Session

EVERY: tuple[Check, ...] = (
    checks.FILE_SOUND,
    checks_derived.SCHEMA,
    checks_derived.GUARDED,
    checks.FOREIGN_KEYS,
    checks.AUDIT_WHOLE,
    checks.CONSERVED,
    checks.CHARGES_PAID,
    checks.REFUSED_TAKE_NOTHING,
    checks.PRICED,
    checks.BURNS_IN_TIME,
    checks.BURNS_OF_OWN,
    checks.NEVER_NEGATIVE,
    checks.REFUNDS_WHOLE,
    checks.RETURNS_MATCH,
    checks.REGRANTS_MATCH,
    checks.VOIDS_EMPTY,
    checks.APPROVALS_MATCH,
    checks.PLANS_CURRENT,
    checks.REFERRERS_MATCH,
    checks_allowances.REWARDS_MATCH,
    checks_allowances.BONUSES_PAID,
    checks_allowances.NOT_TOO_MUCH,
    checks_allowances.NOT_TOO_LITTLE,
    checks_allowances.ALLOWANCE_MONTHS,
    checks_allowances.NEXT_RELEASE,
    checks_requests.ANSWERS_MATCH,
    checks_requests.APPROVALS_AWAITED,
    checks_requests.IN_ORDER,
    checks_requests.IMPORTED_COUNTED,
    checks_derived.PRICES,
    checks_derived.CONSUMPTION,
    checks_derived.OUTSTANDING,
    checks_derived.FLOWS,
    checks_derived.HELD,
    checks_derived.SEARCH,
    checks_derived.MONTH_PACKS,
    checks_derived.MONTH_USES,
)


_NAMED = {check.name: check.name for check in EVERY}


def rule(name: str) -> str:
    """The name of a rule as it can be said in any language; one of an older version as it is."""
    return _NAMED.get(name, name)


def counts(session: Session) -> Counts:
    """How many rows there are of what the rules speak of."""
    tables = ("user", "charge", '"grant"', "refund", "audit")
    users, charges, grants, refunds, records = (
        int(session.value(f"SELECT count(*) FROM {table}")) for table in tables
    )
    return Counts(users, charges, grants, refunds, records, len(EVERY))
