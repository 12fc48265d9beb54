"""Checks of what follows from something else: derived tables, prices, the schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from app.domain.prices import PriceVersion
from app.storage import schema
from app.storage.checks import Check, Ground, Rows, told
from app.storage.consumption import month_expression
from app.storage.sqlite import connect

_ACTS = ("update", "delete")


def _consumption(ground: Ground) -> Rows:
    months, calendar = ground.months, ground.calendar
    derived = (
        f"SELECT {month_expression(months, calendar)} AS month, feature, plan,"
        " sum(CASE WHEN available IS NULL THEN quantity ELSE 0 END) AS uses,"
        " sum(CASE WHEN available IS NULL THEN credits ELSE 0 END) AS credits,"
        " sum(CASE WHEN available IS NULL THEN 0 ELSE quantity END) AS refused, 0 AS refunded"
        " FROM charge GROUP BY 1, 2, 3"
        f" UNION ALL SELECT {month_expression(months, calendar, 'r.at')}, c.feature, c.plan,"
        " 0, 0, 0, sum(c.credits) FROM refund r JOIN charge c ON c.id = r.charge GROUP BY 1, 2, 3"
    )
    sums = ", ".join(f"sum({name}) AS {name}" for name in _SUMS)
    true = f"SELECT month, feature, plan, {sums} FROM ({derived}) GROUP BY 1, 2, 3"
    kept = f"SELECT month, feature, plan, {', '.join(_SUMS)} FROM consumption"
    something = " OR ".join(f"{name} <> 0" for name in _SUMS)
    yield from told(
        ground.session.run(
            f"WITH real AS MATERIALIZED ({true})"
            f" SELECT 'kept' AS row, * FROM ({kept} WHERE {something} EXCEPT SELECT * FROM real)"
            f" UNION ALL SELECT 'real', * FROM (SELECT * FROM real EXCEPT {kept})"
        )
    )


_SUMS = ("uses", "credits", "refused", "refunded")

CONSUMPTION = Check(
    "monthly consumption equals the charges",
    "The monthly figures are the sums of the charges and refunds they stand for.",
    _consumption,
)


def _outstanding(ground: Ground) -> Rows:
    latest = ground.session.value('SELECT max(expires_at) FROM "grant"') or ground.now
    last = max(ground.calendar.month_of_ms(latest), ground.months[-1])
    months = tuple(ground.months[0].until(last))
    # What expires at a month's first instant was valid until the end of the one before.
    month = month_expression(months, ground.calendar, "(expires_at - 1)")
    yield from told(
        ground.session.run(
            f"WITH real AS MATERIALIZED (SELECT {month} AS month, sum(remaining) AS credits"
            ' FROM "grant" GROUP BY 1)'
            " SELECT 'kept' AS row, * FROM (SELECT month, credits FROM outstanding"
            " WHERE credits <> 0 EXCEPT SELECT * FROM real)"
            " UNION ALL SELECT 'real', * FROM (SELECT * FROM real WHERE credits <> 0"
            " EXCEPT SELECT month, credits FROM outstanding)"
        )
    )


OUTSTANDING = Check(
    "outstanding credits equal the grants",
    "What is outstanding for each month of expiry is the sum of what remains of the grants.",
    _outstanding,
)


def _price_rows(ground: Ground) -> Iterator[str]:
    rows = ground.session.run(
        "SELECT p.version, f.key, p.credits FROM price p JOIN feature f ON f.id = p.feature"
    )
    kept = {(version, key): credits for version, key, credits in rows}
    documents = {
        (version.number, key): credits
        for version in ground.versions
        for key, credits in _credits(version).items()
    }
    for version, key in sorted(kept.keys() | documents.keys()):
        row, said = kept.get((version, key)), documents.get((version, key))
        if row != said:
            yield f"version {version}, {key}: row {row}, document {said}"


def _credits(version: PriceVersion) -> dict[str, int]:
    free = {action.key: 0 for action in version.prices.free_actions}
    return free | {feature.key: feature.credits for feature in version.prices.features}


PRICES = Check(
    "prices equal their documents",
    "The prices of each version are those of the price list that was published.",
    _price_rows,
)

_TRIGGERS_OF = (
    *("charge", "burn", "outcome", "refund", "returned", "void", "audit", "price"),
    *("price_version", "price_withdrawal", "plan_change", "note"),
)
APPEND_ONLY = frozenset(f"{table}_no_{act}" for table in _TRIGGERS_OF for act in _ACTS) | {
    *("grant_only_remaining", "grant_no_delete", "user_no_delete"),
    *("approval_decided_once", "approval_no_delete"),
}
"""The triggers that keep what is on record from being edited or deleted."""


def _missing_triggers(ground: Ground) -> Rows:
    there = ground.session.run("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    return [f"trigger {name} is missing" for name in sorted(APPEND_ONLY - {n for (n,) in there})]


GUARDED = Check(
    "what is on record is guarded",
    "Every table of the ledger refuses to be edited or deleted from.",
    _missing_triggers,
)


def _schema_differences(ground: Ground) -> Iterator[str]:
    with closing(connect(":memory:")) as fresh:
        schema.build(fresh)
        expected = {(kind, name): sql for kind, name, sql in schema.fingerprint(fresh)}
    driver = ground.session.driver
    found = {(kind, name): sql for kind, name, sql in schema.fingerprint(driver)}
    for kind, name in sorted(expected.keys() | found.keys()):
        if expected.get((kind, name)) != found.get((kind, name)):
            how = "is missing" if (kind, name) not in found else "is not as it was made"
            yield f"{kind} {name} {how if (kind, name) in expected else 'is not ours'}"


SCHEMA = Check(
    "the schema is ours",
    "Every table, index and trigger is as this program makes it.",
    _schema_differences,
)
