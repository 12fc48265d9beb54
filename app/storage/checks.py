"""The rules that every database keeps, each as a query for the rows that break it.

``run`` asks them all in one snapshot. They are set-based: each passes over a table once or twice,
so ten million uses take minutes, not hours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.domain.calendar import BillingCalendar, Month, from_ms
from app.domain.errors import CreditsError
from app.domain.integrity import MOST_ROWS, Violation
from app.domain.price_book import PriceBook
from app.domain.prices import PriceVersion
from app.domain.sentences import Said, said
from app.storage import audit, derived, prices
from app.storage.engine import Session
from app.storage.sqlite import sqlite3

Rows = Iterable[str]


@dataclass(frozen=True)
class Ground:
    """What checks stand on. ``now`` is in milliseconds."""

    session: Session
    calendar: BillingCalendar
    now: int

    @cached_property
    def versions(self) -> list[PriceVersion]:
        """Every version of the price list; raises what a damaged one raises."""
        return prices.versions(self.session, from_ms(self.now))

    @cached_property
    def book(self) -> PriceBook:
        """Every price list that holds."""
        return PriceBook(self.versions)

    @cached_property
    def months(self) -> tuple[Month, ...]:
        """Every month in which anything occurred, and those until now."""
        return derived.months_of(self.session, self.calendar, self.now)


@dataclass(frozen=True, slots=True)
class Check:
    """A rule: a short name, the rule as a sentence, and how to find the rows that break it."""

    name: str
    sentence: str
    find: Callable[[Ground], Rows]


def run(ground: Ground, check: Check) -> Violation | None:
    """The violation of a rule, or ``None`` where it holds.

    A rule that cannot be checked because the file is damaged does not hold.
    """
    try:
        return _violation(check, iter(check.find(ground)))
    except (sqlite3.DatabaseError, CreditsError, ValueError) as error:
        if "interrupted" in str(error):
            raise
        problem = error.sentence if isinstance(error, CreditsError) else str(error)
        words = said("could not be checked: {problem}", problem=problem)
        return Violation(check.name, check.sentence, (words,), 1)


def _violation(check: Check, rows: Iterator[str]) -> Violation | None:
    named: list[str] = []
    found = 0
    for row in rows:
        found += 1
        if found <= MOST_ROWS:
            named.append(row)
    return Violation(check.name, check.sentence, tuple(named), found) if found else None


def asking(words: Said, sql: str) -> Callable[[Ground], Rows]:
    """A check by one query; ``words`` tell a row, with places named like its columns."""
    return lambda ground: told(words, ground.session.run(sql))


def told(words: Said, cursor: Any) -> Iterator[Said]:
    """Each row in words: ``grant 17, credits 12, remaining 11``."""
    return (words.filled(**row) for row in rows_of(cursor))


def rows_of(cursor: Any) -> Iterator[dict[str, Any]]:
    """Each row by the names of its columns, ready to be told."""
    names = [column[0] for column in cursor.description]
    for row in cursor:
        values = (said("none") if value is None else value for value in row)
        yield dict(zip(names, values, strict=True))


CONSERVED = Check(
    said("grants conserve credits"),
    said(
        "Every grant's credits are what remains, what uses burned less what refunds returned, and"
        " what was voided."
    ),
    asking(
        said(
            "grant {grant}, credits {credits}, remaining {remaining}, burned {burned}, returned"
            " {returned}, voided {voided}"
        ),
        'SELECT g.id AS "grant", g.credits, g.remaining, coalesce(b.credits, 0) AS burned,'
        " coalesce(t.credits, 0) AS returned, coalesce(v.credits, 0) AS voided"
        ' FROM "grant" g'
        ' LEFT JOIN (SELECT "grant", sum(credits) AS credits FROM burn GROUP BY 1) b'
        ' ON b."grant" = g.id'
        ' LEFT JOIN (SELECT "grant", sum(credits) AS credits FROM returned GROUP BY 1) t'
        ' ON t."grant" = g.id'
        ' LEFT JOIN (SELECT "grant", sum(credits) AS credits FROM void GROUP BY 1) v'
        ' ON v."grant" = g.id'
        " WHERE g.credits <> g.remaining + coalesce(b.credits, 0) - coalesce(t.credits, 0)"
        " + coalesce(v.credits, 0)",
    ),
)
_BURNED = "(SELECT coalesce(sum(b.credits), 0) FROM burn b WHERE b.charge = c.id)"
CHARGES_PAID = Check(
    said("burns pay each charge"),
    said("What a charge burned adds up to the credits it took."),
    asking(
        said("charge {charge}, credits {credits}, burned {burned}"),
        f"SELECT c.id AS charge, c.credits, {_BURNED} AS burned FROM charge c"
        f" WHERE c.available IS NULL AND c.credits <> {_BURNED}",
    ),
)
REFUSED_TAKE_NOTHING = Check(
    said("refused uses take nothing"),
    said("A refused use burned nothing."),
    asking(
        said("charge {charge}, burned {burned}"),
        f"SELECT c.id AS charge, {_BURNED} AS burned FROM charge c"
        f" WHERE c.available IS NOT NULL AND {_BURNED} <> 0",
    ),
)
PRICED = Check(
    said("charges follow their price list"),
    said("A charge's credits are its quantity at the price of its version, which held by then."),
    asking(
        said(
            "charge {charge}, credits {credits}, quantity {quantity}, price {price}, version"
            " {version}"
        ),
        "SELECT c.id AS charge, c.credits, c.quantity, p.credits AS price,"
        " c.price_version AS version FROM charge c"
        " LEFT JOIN price p ON p.version = c.price_version AND p.feature = c.feature"
        " LEFT JOIN price_version v ON v.number = c.price_version"
        " WHERE p.credits IS NULL OR c.credits <> c.quantity * p.credits"
        " OR v.effective_at > c.occurred_at",
    ),
)
BURNS_IN_TIME = Check(
    said("burns lie within validity"),
    said("No grant paid for a use before it was effective or after it expired."),
    asking(
        said(
            "charge {charge}, grant {grant}, occurred at {occurred_at}, effective at"
            " {effective_at}, expires at {expires_at}"
        ),
        'SELECT b.charge, b."grant", c.occurred_at, g.effective_at, g.expires_at FROM burn b'
        ' JOIN charge c ON c.id = b.charge JOIN "grant" g ON g.id = b."grant"'
        " WHERE c.occurred_at < g.effective_at OR c.occurred_at >= g.expires_at",
    ),
)
BURNS_OF_OWN = Check(
    said("burns take the user's own grants"),
    said("A charge burned only grants of its own user."),
    asking(
        said("charge {charge}, user {user}, grant {grant}, of user {owner}"),
        'SELECT b.charge, c.user, b."grant", g.user AS owner FROM burn b'
        ' JOIN charge c ON c.id = b.charge JOIN "grant" g ON g.id = b."grant"'
        " WHERE c.user <> g.user",
    ),
)
REFUNDS_WHOLE = Check(
    said("refunds reverse the whole charge"),
    said("What a refund returned and granted anew is what its charge had taken."),
    asking(
        said(
            "refund {refund}, charge {charge}, credits {credits}, returned {returned}, regranted"
            " {regranted}"
        ),
        "SELECT r.id AS refund, r.charge, c.credits, coalesce(t.credits, 0) AS returned,"
        " coalesce(g.credits, 0) AS regranted FROM refund r JOIN charge c ON c.id = r.charge"
        " LEFT JOIN (SELECT refund, sum(credits) AS credits FROM returned GROUP BY 1) t"
        ' ON t.refund = r.id LEFT JOIN "grant" g ON g.id = r.regrant'
        " WHERE c.available IS NOT NULL"
        " OR c.credits <> coalesce(t.credits, 0) + coalesce(g.credits, 0)",
    ),
)
RETURNS_MATCH = Check(
    said("returns go back where they came from"),
    said(
        "A refund returns to each grant no more than the charge burned of it, while it is usable."
    ),
    asking(
        said("refund {refund}, grant {grant}, credits {credits}, burned {burned}"),
        'SELECT t.refund, t."grant", t.credits, coalesce(b.credits, 0) AS burned'
        ' FROM returned t JOIN refund r ON r.id = t.refund JOIN "grant" g ON g.id = t."grant"'
        ' LEFT JOIN burn b ON b.charge = r.charge AND b."grant" = t."grant"'
        " WHERE t.credits > coalesce(b.credits, 0)"
        " OR r.at < g.effective_at OR r.at >= g.expires_at",
    ),
)
REGRANTS_MATCH = Check(
    said("refund grants match their refund"),
    said(
        "A refund grant belongs to the user of the charge, from the instant of its one refund on."
    ),
    asking(
        said("grant {grant}, user {user}, refund {refund}"),
        'SELECT g.id AS "grant", g.user, r.id AS refund FROM "grant" g'
        " LEFT JOIN refund r ON r.regrant = g.id LEFT JOIN charge c ON c.id = r.charge"
        " WHERE g.kind = 5 AND (r.id IS NULL OR c.user <> g.user OR g.effective_at <> r.at)"
        ' UNION ALL SELECT g.id, g.user, r.id FROM refund r JOIN "grant" g ON g.id = r.regrant'
        " WHERE g.kind <> 5",
    ),
)
VOIDS_EMPTY = Check(
    said("voided grants hold nothing"),
    said("A void lies within the validity of its grant and leaves nothing in it."),
    asking(
        said(
            "void {void}, grant {grant}, remaining {remaining}, voided at {at}, effective at"
            " {effective_at}, expires at {expires_at}"
        ),
        'SELECT v.id AS void, v."grant", g.remaining, v.at, g.effective_at, g.expires_at'
        ' FROM void v JOIN "grant" g ON g.id = v."grant"'
        " WHERE g.remaining <> 0 OR v.at < g.effective_at OR v.at >= g.expires_at",
    ),
)
_MIXED = '(SELECT "grant" FROM returned)'
NEVER_NEGATIVE = Check(
    said("no past balance is negative"),
    said("At no instant had more been taken of a grant than it held."),
    # Without returns a grant only ever falls, to what remains: only those with returns can dip.
    asking(
        said("grant {grant}, at {instant}, held {held}"),
        'WITH moved ("grant", at, credits) AS ('
        'SELECT b."grant", c.occurred_at, -b.credits FROM burn b JOIN charge c ON c.id = b.charge'
        f' WHERE b."grant" IN {_MIXED}'
        ' UNION ALL SELECT t."grant", r.at, t.credits FROM returned t'
        " JOIN refund r ON r.id = t.refund"
        f' UNION ALL SELECT "grant", at, -credits FROM void WHERE "grant" IN {_MIXED}),'
        ' net AS (SELECT "grant", at, sum(credits) AS credits FROM moved GROUP BY 1, 2),'
        ' held AS (SELECT net."grant", net.at, g.credits AS given, g.credits + sum(net.credits)'
        ' OVER (PARTITION BY net."grant" ORDER BY net.at) AS held'
        ' FROM net JOIN "grant" g ON g.id = net."grant")'
        ' SELECT "grant", at AS instant, held FROM held WHERE held < 0 OR held > given',
    ),
)
PLANS_CURRENT = Check(
    said("current plans are the latest"),
    said("A user's current plan is that of their latest plan change, or free."),
    asking(
        said("user {user}, plan {plan}, latest {latest}"),
        "SELECT * FROM (SELECT u.user_id AS user, u.plan, coalesce((SELECT p.plan"
        " FROM plan_change p WHERE p.user = u.id ORDER BY p.at DESC, p.id DESC LIMIT 1), 0)"
        " AS latest FROM user u)"
        " WHERE plan <> latest",
    ),
)
REFERRERS_MATCH = Check(
    said("referrers own the code"),
    said("Who is a user's referrer had the code they registered with, not later than they did."),
    asking(
        said("user {user}, code {code}, referrer {referrer}"),
        "SELECT u.user_id AS user, u.referred_by AS code, r.user_id AS referrer FROM user u"
        " JOIN user r ON r.id = u.referrer"
        " WHERE r.referral_code IS NOT u.referred_by OR r.registered_at > u.registered_at",
    ),
)
APPROVALS_MATCH = Check(
    said("approved grants match what was asked"),
    said("A grant that waited for approval is the one asked for, and somebody else approved it."),
    asking(
        said("approval {approval}, credits {credits}, grant {grant}, given {given}"),
        'SELECT a.id AS approval, a.credits, a."grant", g.credits AS given FROM approval a'
        ' LEFT JOIN "grant" g ON g.id = a."grant"'
        " WHERE (a.approved = 1 AND (g.id IS NULL OR g.credits <> a.credits OR g.user <> a.user"
        " OR g.staff <> a.asked_by OR g.kind <> 4 OR a.decided_by IS a.asked_by))"
        ' OR (a.approved IS NOT 1 AND a."grant" IS NOT NULL)',
    ),
)
FOREIGN_KEYS = Check(
    said("every reference has its row"),
    said("No row refers to one that is missing."),
    asking(
        said("table {table}, row {row}, refers to a row of {parent} that is missing"),
        'SELECT "table", rowid AS row, parent FROM pragma_foreign_key_check',
    ),
)


def _file_damage(ground: Ground) -> Rows:
    # The check trusts what its connection last knew of the search indexes, and would call damaged
    # what somebody wrote since; a look into them makes it read that anew.
    for index in ("search_fragment", "search_word"):
        ground.session.run(f"SELECT rowid FROM {index} LIMIT 1").fetchall()
    verdicts = ground.session.run("PRAGMA integrity_check").fetchall()
    return [str(verdict) for (verdict,) in verdicts if verdict != "ok"]


FILE_SOUND = Check(
    said("the file is sound"),
    said("SQLite finds no damage in the file, and every constraint holds."),
    _file_damage,
)


def _audit_breaks(ground: Ground) -> Rows:
    return (said("audit record {number}", number=number) for number in audit.broken(ground.session))


AUDIT_WHOLE = Check(
    said("the audit record is whole"),
    said("Each audit record follows from the one before."),
    _audit_breaks,
)
