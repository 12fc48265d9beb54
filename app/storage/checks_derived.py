"""Checks of what follows from something else: derived tables, prices, the schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from app.domain.calendar import Month
from app.domain.prices import PriceVersion
from app.storage import derived, flows, held, schema, search_index
from app.storage.checks import Check, Ground, Rows, told
from app.storage.sqlite import connect

_ACTS = ("update", "delete")


def _consumption(ground: Ground) -> Rows:
    real = derived.consumption(ground.months, ground.calendar)
    kept = f"SELECT month, feature, plan, {', '.join(derived.MEASURES)} FROM consumption"
    something = " OR ".join(f"{name} <> 0" for name in derived.MEASURES)
    yield from _differences(ground, real, kept, something)


def _differences(ground: Ground, real: str, kept: str, something: str) -> Rows:
    """The rows that only one of two queries has; rows of nothing but zeros count as absent."""
    return told(
        ground.session.run(
            f"WITH real AS MATERIALIZED ({real})"
            f" SELECT 'kept' AS row, * FROM ({kept} WHERE {something} EXCEPT SELECT * FROM real)"
            f" UNION ALL SELECT 'real', * FROM"
            f" (SELECT * FROM real WHERE {something} EXCEPT {kept})"
        )
    )


CONSUMPTION = Check(
    "monthly consumption equals the charges",
    "The monthly figures are the sums of the charges and refunds they stand for.",
    _consumption,
)


def _outstanding(ground: Ground) -> Rows:
    months = derived.months_of_expiry(ground.session, ground.calendar, ground.months)
    real = flows.left(months, ground.calendar)
    kept = "SELECT day, credits FROM outstanding"
    yield from _differences(ground, real, kept, "credits <> 0")


OUTSTANDING = Check(
    "outstanding credits equal the grants",
    "What is outstanding for each day of expiry is the sum of what remains of the grants.",
    _outstanding,
)


def _flows(ground: Ground) -> Rows:
    real = flows.moved(ground.months, ground.calendar)
    yield from _differences(
        ground, real, "SELECT day, kind, part, credits FROM flow", "credits <> 0"
    )


FLOWS = Check(
    "what each day moved equals the record",
    "What was given, used, returned and voided on each day is the sum of what is on record.",
    _flows,
)


def _held(ground: Ground) -> Rows:
    now = max(ground.now, held.counted_until(ground.session))
    rows = ground.session.run(
        "WITH real AS MATERIALIZED (SELECT g.user, sum(g.remaining) AS held,"
        ' min(g.expires_at) AS expiry FROM "grant" g JOIN user u ON u.id = g.user'
        " WHERE g.remaining > 0 AND (g.expires_at >= u.next_expiry OR g.expires_at > ?)"
        " GROUP BY 1)"
        ' SELECT u.id AS "user number", u.held, coalesce(r.held, 0) AS "grants hold",'
        ' u.next_expiry AS "next expiry", r.expiry AS "of the grants"'
        " FROM user u LEFT JOIN real r ON r.user = u.id"
        " WHERE u.held <> coalesce(r.held, 0) OR u.next_expiry IS NOT r.expiry",
        (now,),
    )
    yield from told(rows)


HELD = Check(
    "what users hold equals the grants",
    "What each user holds, and when the first of it expires, is what their grants say.",
    _held,
)


def _search(ground: Ground) -> Iterator[str]:
    yield from search_index.unlike(ground.session)


SEARCH = Check(
    "everybody can be found",
    "The texts and words that search looks through are those of the users on record.",
    _search,
)


def _month_packs(ground: Ground) -> Iterator[str]:
    if ground.session.one("SELECT 1 FROM month_pack") is None:
        return
    from app.storage import month_packs, packing  # NumPy comes with them

    kept: dict[month_packs.Marks, list[Month]] = {}
    for month, marks in month_packs.all_marks(ground.session):
        kept.setdefault(marks, []).append(month)
    for marks, months in kept.items():
        for pack in packing.make(ground.session, months, ground.calendar, marks):
            if not month_packs.is_kept(ground.session, pack):
                yield f"month {pack.month}"


MONTH_PACKS = Check(
    "packed months equal the record",
    "The months that a what-if reads in columns are those on record when they were packed.",
    _month_packs,
)


def _month_uses(ground: Ground) -> Iterator[str]:
    asked = "SELECT 1 FROM month_use UNION ALL SELECT 1 FROM month_mix"
    if ground.session.one(asked) is None and not _marked(ground):
        return
    from app.storage import month_uses  # NumPy comes with it

    yield from month_uses.unlike(ground.session, ground.months, ground.calendar)


def _marked(ground: Ground) -> bool:
    """Whether any charge is said to be in the months that users are counted by."""
    return bool(ground.session.value("SELECT max(charges + refunds) FROM month_use_mark"))


MONTH_USES = Check(
    "users are counted by what they used",
    "The months by which users are counted hold what each user used, up to where they go.",
    _month_uses,
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
    *("price_version", "price_withdrawal", "plan_change", "note", "reply_template", "proving"),
)
APPEND_ONLY = frozenset(f"{table}_no_{act}" for table in _TRIGGERS_OF for act in _ACTS) | {
    *("grant_only_remaining", "grant_no_delete", "user_no_delete"),
    *("approval_decided_once", "approval_no_delete", *held.TRIGGERS),
    *("request_as_it_came", "request_resolved_once", "request_no_delete"),
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
