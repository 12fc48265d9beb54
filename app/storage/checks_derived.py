"""Checks of what follows from something else: derived tables, prices, the schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from app.domain.calendar import Month
from app.domain.prices import PriceVersion
from app.domain.sentences import Said, said
from app.storage import derived, flows, held, schema, search_index
from app.storage.checks import Check, Ground, Rows, rows_of, told
from app.storage.sqlite import connect

_ACTS = ("update", "delete")
_SIDES = {"kept": said("kept"), "real": said("real")}
"""What a derived table has, and what it should have."""


def _consumption(ground: Ground) -> Rows:
    real = derived.consumption(ground.months, ground.calendar)
    kept = f"SELECT month, feature, plan, {', '.join(derived.MEASURES)} FROM consumption"
    something = " OR ".join(f"{name} <> 0" for name in derived.MEASURES)
    words = said(
        "row {row}, month {month}, feature {feature}, plan {plan}, uses {uses}, credits {credits},"
        " refused {refused}, refunded {refunded}"
    )
    yield from _differences(ground, real, kept, something, words)


def _differences(ground: Ground, real: str, kept: str, something: str, words: Said) -> Rows:
    """The rows that only one of two queries has; rows of nothing but zeros count as absent."""
    found = ground.session.run(
        f"WITH real AS MATERIALIZED ({real})"
        f" SELECT 'kept' AS row, * FROM ({kept} WHERE {something} EXCEPT SELECT * FROM real)"
        f" UNION ALL SELECT 'real', * FROM"
        f" (SELECT * FROM real WHERE {something} EXCEPT {kept})"
    )
    for row in rows_of(found):
        yield words.filled(**{**row, "row": _SIDES[row["row"]]})


CONSUMPTION = Check(
    said("monthly consumption equals the charges"),
    said("The monthly figures are the sums of the charges and refunds they stand for."),
    _consumption,
)


def _outstanding(ground: Ground) -> Rows:
    months = derived.months_of_expiry(ground.session, ground.calendar, ground.months)
    real = flows.left(months, ground.calendar)
    kept = "SELECT day, credits FROM outstanding"
    words = said("row {row}, day {day}, credits {credits}")
    yield from _differences(ground, real, kept, "credits <> 0", words)


OUTSTANDING = Check(
    said("outstanding credits equal the grants"),
    said("What is outstanding for each day of expiry is the sum of what remains of the grants."),
    _outstanding,
)


def _flows(ground: Ground) -> Rows:
    real = flows.moved(ground.months, ground.calendar)
    kept = "SELECT day, kind, part, credits FROM flow"
    words = said("row {row}, day {day}, kind {kind}, part {part}, credits {credits}")
    yield from _differences(ground, real, kept, "credits <> 0", words)


FLOWS = Check(
    said("what each day moved equals the record"),
    said("What was given, used, returned and voided on each day is the sum of what is on record."),
    _flows,
)


def _held(ground: Ground) -> Rows:
    now = max(ground.now, held.counted_until(ground.session))
    rows = ground.session.run(
        "WITH real AS MATERIALIZED (SELECT g.user, sum(g.remaining) AS held,"
        ' min(g.expires_at) AS expiry FROM "grant" g JOIN user u ON u.id = g.user'
        " WHERE g.remaining > 0 AND (g.expires_at >= u.next_expiry OR g.expires_at > ?)"
        " GROUP BY 1)"
        " SELECT u.id AS number, u.held, coalesce(r.held, 0) AS granted,"
        " u.next_expiry, r.expiry"
        " FROM user u LEFT JOIN real r ON r.user = u.id"
        " WHERE u.held <> coalesce(r.held, 0) OR u.next_expiry IS NOT r.expiry",
        (now,),
    )
    yield from told(
        said(
            "user number {number}, held {held}, grants hold {granted}, next expiry {next_expiry},"
            " of the grants {expiry}"
        ),
        rows,
    )


HELD = Check(
    said("what users hold equals the grants"),
    said("What each user holds, and when the first of it expires, is what their grants say."),
    _held,
)


def _search(ground: Ground) -> Iterator[str]:
    yield from search_index.unlike(ground.session)


SEARCH = Check(
    said("everybody can be found"),
    said("The texts and words that search looks through are those of the users on record."),
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
                yield said("month {month}", month=pack.month)


MONTH_PACKS = Check(
    said("packed months equal the record"),
    said("The months that a what-if reads in columns are those on record when they were packed."),
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
    said("users are counted by what they used"),
    said("The months by which users are counted hold what each user used, up to where they go."),
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
        row, meant = kept.get((version, key)), documents.get((version, key))
        if row != meant:
            yield said(
                "version {version}, {feature}: row {row}, document {document}",
                version=version,
                feature=key,
                row=said("none") if row is None else row,
                document=said("none") if meant is None else meant,
            )


def _credits(version: PriceVersion) -> dict[str, int]:
    free = {action.key: 0 for action in version.prices.free_actions}
    return free | {feature.key: feature.credits for feature in version.prices.features}


PRICES = Check(
    said("prices equal their documents"),
    said("The prices of each version are those of the price list that was published."),
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
    missing = sorted(APPEND_ONLY - {name for (name,) in there})
    return [said("trigger {name} is missing", name=name) for name in missing]


GUARDED = Check(
    said("what is on record is guarded"),
    said("Every table of the ledger refuses to be edited or deleted from."),
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
            yield _unlike(kind, name, made=(kind, name) in expected, there=(kind, name) in found)


def _unlike(kind: str, name: str, *, made: bool, there: bool) -> Said:
    """What is wrong with a part of the schema; its kind is SQLite's own word for it."""
    if not made:
        return said("{kind} {name} is not ours", kind=kind, name=name)
    if not there:
        return said("{kind} {name} is missing", kind=kind, name=name)
    return said("{kind} {name} is not as it was made", kind=kind, name=name)


SCHEMA = Check(
    said("the schema is ours"),
    said("Every table, index and trigger is as this program makes it."),
    _schema_differences,
)
