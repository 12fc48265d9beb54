"""A violation of each rule that every database keeps, to be planted in a sound one."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from app.storage.sqlite import sqlite3


class Plant(NamedTuple):
    """What to change, the rule it breaks, what its row says, and which rules break with it."""

    rule: str
    statement: str
    row: str
    also: frozenset[str] = frozenset()


def plant(path: Path, statement: str) -> None:
    """Change what nobody may change: guards off, the change, guards back as they were."""
    with closing(sqlite3.connect(str(path), isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("PRAGMA ignore_check_constraints=ON")
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall()
        for name, _sql in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        done = connection.execute(statement)
        assert done.rowcount != 0, statement
        for _name, sql in triggers:
            connection.execute(sql)


CONSERVE = "grants conserve credits"
PAID = "burns pay each charge"
OUTSTANDING = "outstanding credits equal the grants"
FLOWS = "what each day moved equals the record"
CONSUMPTION = "monthly consumption equals the charges"
WHOLE = "refunds reverse the whole charge"
NEGATIVE = "no past balance is negative"
SOUND = "the file is sound"
HELD = "what users hold equals the grants"
REFERENCES = "every reference has its row"
PRICED = "charges follow their price list"

NEVER_RETURNED = '"grant" NOT IN (SELECT "grant" FROM returned)'
A_GRANT = (
    '(SELECT min(b."grant") FROM burn b JOIN "grant" g ON g.id = b."grant" WHERE g.kind = 4'
    f' AND g.remaining = 0 AND b.{NEVER_RETURNED} AND g.id NOT IN (SELECT "grant" FROM void))'
)
AN_ALLOWANCE = '(SELECT min(id) FROM "grant" WHERE kind = 3)'
AN_UNUSED_ALLOWANCE = '(SELECT min(id) FROM "grant" WHERE kind = 3 AND remaining = credits)'

PLANTS = [
    Plant(
        "users are counted by what they used",
        "INSERT INTO month_use VALUES (202610, (SELECT min(id) FROM feature), x'0000')",
        r"month 2026-10, feature number \d+",
    ),
    Plant(
        "packed months equal the record",
        "INSERT INTO month_pack VALUES (202610, 10, 10, 0, 0, 0, 0, x'0000')",
        r"month 2026-10",
    ),
    Plant(
        CONSERVE,
        """UPDATE "grant" SET remaining = remaining - 1 WHERE id = (SELECT min(id) FROM "grant"
        WHERE remaining > 1 AND remaining < credits AND kind = 4)""",
        r"grant \d+, credits \d+, remaining \d+, burned \d+, returned \d+, voided \d+",
        frozenset({OUTSTANDING}),
    ),
    Plant(
        PAID,
        f"""UPDATE burn SET credits = credits + 1 WHERE charge = (SELECT min(charge) FROM burn
        WHERE {NEVER_RETURNED} AND charge NOT IN (SELECT charge FROM refund))""",
        r"charge \d+, credits \d+, burned \d+",
        frozenset({CONSERVE}),
    ),
    Plant(
        "refused uses take nothing",
        """INSERT INTO burn SELECT c.id, g.id, 1 FROM charge c JOIN "grant" g ON g.user = c.user
        AND c.occurred_at >= g.effective_at AND c.occurred_at < g.expires_at
        WHERE c.available IS NOT NULL AND g.id NOT IN (SELECT "grant" FROM returned) LIMIT 1""",
        r"charge \d+, burned 1",
        frozenset({CONSERVE}),
    ),
    Plant(
        PRICED,
        "UPDATE charge SET credits = 3 WHERE id = (SELECT min(id) FROM charge WHERE credits = 0)",
        r"charge \d+, credits 3, quantity \d+, price 0, version \d",
        frozenset({PAID, CONSUMPTION, FLOWS}),
    ),
    Plant(
        "burns lie within validity",
        f'UPDATE "grant" SET expires_at = effective_at + 1 WHERE id = {A_GRANT}',
        r"charge \d+, grant \d+, occurred at \d+",
    ),
    Plant(
        "burns take the user's own grants",
        f'UPDATE "grant" SET user = user % 24 + 1 WHERE id = {A_GRANT}',
        r"charge \d+, user \d+, grant \d+, of user \d+",
    ),
    Plant(
        NEGATIVE,
        """UPDATE refund SET at = at + 1000000000 WHERE id IN (SELECT t.refund FROM returned t
        JOIN burn b ON b."grant" = t."grant" JOIN charge c ON c.id = b.charge
        JOIN refund r ON r.id = t.refund WHERE c.occurred_at > r.at
        AND (SELECT remaining FROM "grant" g WHERE g.id = t."grant") = 0)""",
        r"grant \d+, at \d+, held -\d+",
        frozenset({CONSUMPTION, FLOWS}),
    ),
    Plant(
        WHOLE,
        """UPDATE returned SET credits = credits - 1 WHERE credits > 1
        AND refund = (SELECT min(refund) FROM returned)""",
        r"refund \d+, charge \d+, credits 12, returned 11, regranted 0",
        frozenset({CONSERVE, NEGATIVE, FLOWS}),
    ),
    Plant(
        "returns go back where they came from",
        """UPDATE returned SET "grant" = (SELECT max(id) FROM "grant" WHERE kind = 1)
        WHERE refund = (SELECT min(refund) FROM returned)""",
        r"refund \d+, grant \d+, credits \d+, burned 0",
        frozenset({CONSERVE, NEGATIVE}),
    ),
    Plant(
        "refund grants match their refund",
        """UPDATE refund SET regrant = NULL
        WHERE id = (SELECT min(id) FROM refund WHERE regrant IS NOT NULL)""",
        r"grant \d+, user \d+, refund none",
        frozenset({WHOLE}),
    ),
    Plant(
        "voided grants hold nothing",
        'UPDATE void SET at = (SELECT expires_at FROM "grant" g WHERE g.id = void."grant")',
        r"void \d+, grant \d+, remaining 0",
        frozenset({FLOWS}),
    ),
    Plant(
        "approved grants match what was asked",
        """INSERT INTO approval (user, credits, reason, note, ticket, validity, asked_by,
        asked_at, decided_by, decided_at, approved, "grant")
        VALUES (1, 5, 'other', '', 'T', 'P1Y', 3, 1, 2, 2, 1, 1)""",
        r"approval 3, credits 5, grant 1, given 12",
    ),
    Plant(
        "current plans are the latest",
        "UPDATE user SET plan = CASE plan WHEN 2 THEN 1 ELSE 2 END WHERE user_id = 'usr_5'",
        r"user usr_5, plan \d, latest \d",
    ),
    Plant(
        "referrers own the code",
        "UPDATE user SET referred_by = 'PIX-24' WHERE user_id = 'usr_3'",
        r"user usr_3, code PIX-24, referrer usr_[12]",
    ),
    Plant(
        "rewards match their referral",
        """UPDATE "grant" SET effective_at = effective_at + 1
        WHERE id = (SELECT min(id) FROM "grant" WHERE kind = 2)""",
        r"grant \d+, user usr_\d, friend usr_3",
    ),
    Plant(
        "bonuses and rewards are paid once",
        'DELETE FROM "grant" WHERE kind = 1 AND user = 24',
        r"user usr_24, missing sign-up bonus",
        frozenset({REFERENCES, FLOWS}),
    ),
    Plant(
        "allowances are no more than the plan's",
        f"""UPDATE "grant" SET credits = credits + 1, remaining = remaining + 1
        WHERE id = {AN_ALLOWANCE}""",
        r"user usr_3, month 202601, released 201, largest 200",
        frozenset({OUTSTANDING, FLOWS}),
    ),
    Plant(
        "allowances are all released",
        f'DELETE FROM "grant" WHERE id = {AN_UNUSED_ALLOWANCE}',
        r"user usr_10, month 202601, allowance 1000, released 200",
        frozenset({OUTSTANDING, FLOWS}),
    ),
    Plant(
        "allowances last their month",
        f'UPDATE "grant" SET expires_at = expires_at + 1 WHERE id = {AN_ALLOWANCE}',
        r"month 202601, among \d+ allowances",
        frozenset({OUTSTANDING}),
    ),
    Plant(
        "everybody's next release is known",
        "UPDATE user SET next_release_at = NULL WHERE plan = 2",
        r"user usr_\d+, plan 2, next release none",
    ),
    Plant(
        "answers are what was done",
        'UPDATE request SET ticket = "RQ-0" WHERE state = 2 AND approval IS NULL',
        r"request \d+, user 1, state 2, grant \d+",
    ),
    Plant(
        "waiting requests have their approval",
        "UPDATE request SET claimed_by = 1 WHERE state = 1 AND approval IS NOT NULL",
        r"request \d+, approval \d, approved none",
    ),
    Plant(
        "requests move forward",
        "UPDATE request SET resolved_by = 3 WHERE state = 4",
        r"request \d+, state 4",
    ),
    Plant(
        "imported requests are those counted",
        "INSERT INTO import_run VALUES (9, 'requests', 'x.csv', 1, 1, 5, 5, 0, 0, 0)",
        r"import 9, added 5, requests 0",
    ),
    Plant(
        "prices equal their documents",
        "UPDATE price SET credits = credits + 1 WHERE version = 2 AND feature = 3",
        r"version 2, \w+: row \d+, document \d+",
        frozenset({PRICED}),
    ),
    Plant(
        CONSUMPTION,
        "UPDATE consumption SET uses = uses + 1 WHERE month = 202603 AND plan = 1",
        r"row kept, month 202603",
    ),
    Plant(
        OUTSTANDING,
        "UPDATE outstanding SET credits = credits + 5 WHERE day = 20260630",
        r"row kept, day 20260630",
    ),
    Plant(
        FLOWS,
        "UPDATE flow SET credits = credits + 5 WHERE day = 20260601 AND kind = 1",
        r"row kept, day 20260601, kind 1",
    ),
    Plant(
        HELD,
        "UPDATE user SET held = held + 1 WHERE next_expiry = (SELECT max(next_expiry) FROM user)",
        r"user number \d+, held \d+, grants hold \d+, next expiry \d+, of the grants \d+",
    ),
    Plant(
        "everybody can be found",
        """INSERT INTO search_word (search_word, rowid, text) SELECT 'delete', user, 'usr_7'
        FROM search_text WHERE instr(text, '  usr_7  ')""",
        r"user number 7, words",
    ),
    Plant(
        "the audit record is whole",
        "DELETE FROM audit WHERE id = 7",
        r"audit record 8",
    ),
    Plant(
        REFERENCES,
        "UPDATE outcome SET charge = 99999 WHERE id = 1",
        r"table outcome, row 1, refers to a row of charge that is missing",
    ),
    Plant(
        SOUND,
        "UPDATE charge SET quantity = 0 WHERE id = 1",
        r"CHECK constraint failed in charge",
        frozenset({PRICED, CONSUMPTION}),
    ),
]
