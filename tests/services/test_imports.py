from __future__ import annotations

import csv
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import Desk, open_desk, shipped
from app.domain.errors import (
    AlreadyResolved,
    BadFile,
    Cancelled,
    CreditsError,
    InsufficientCredits,
    NotPermitted,
    UnknownRecord,
)
from app.domain.imports import ImportReport
from app.services.office import Office
from app.storage import audit
from tests.services.conftest import Clock

HEADER = "user_id,feature,occurred_at,key,quantity,outcome,job"
TABLES = (
    "user",
    "plan_change",
    '"grant"',
    "charge",
    "burn",
    "outcome",
    "refund",
    "returned",
    "consumption",
    "outstanding",
)


def write(folder: Path, *lines: str, header: str = HEADER, name: str = "usage.csv") -> Path:
    path = folder / name
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return path


def content(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    with desk.office.database.reading() as session:
        return {t: [tuple(r) for r in session.run(f"SELECT * FROM {t}")] for t in TABLES}


def acts(desk: Desk) -> list[str]:
    with desk.office.database.reading() as session:
        return [record.act for record in audit.records(session)]


@pytest.fixture
def amira(desk: Desk) -> str:
    desk.accounts.register(
        "usr_1",
        email="amira@example.com",
        name="Amira Haddad",
        at=datetime(2026, 1, 2, 12, tzinfo=UTC),
    )
    return "usr_1"


# Usage ------------------------------------------------------------------------------------------


def test_uses_are_charged_in_order_of_time_whatever_their_order_in_the_file(
    desk: Desk, amira: str, tmp_path: Path
) -> None:
    path = write(
        tmp_path,
        "usr_1,ghostface,2026-01-05T12:00:00Z,late,,,",
        "usr_1,object_remover,2026-01-03T12:00:00+01:00,early,10,,",
    )

    report = desk.imports.usage(path)

    assert (report.read, report.added, report.refused, report.bad) == (2, 1, 1, ())
    assert desk.charging.find("early").occurred_at == datetime(2026, 1, 3, 11, tzinfo=UTC)
    newest = desk.accounts.ledger(amira)[0]
    assert (newest.kind, newest.needed, newest.balance) == ("refused_use", 4, 2)


def test_the_same_file_again_changes_nothing_but_leaves_a_record(
    desk: Desk, amira: str, tmp_path: Path
) -> None:
    path = write(
        tmp_path,
        "usr_1,object_remover,2026-01-03T12:00:00Z,a,2,failed,render-1",
        "usr_1,image_extender,2026-01-04T12:00:00Z,b,,,",
    )
    first = desk.imports.usage(path)
    before = content(desk)

    again = desk.imports.usage(path)

    assert (first.added, first.refused) == (1, 1)
    assert (again.added, again.same, again.refused, again.bad) == (0, 2, 0, ())
    assert content(desk) == before
    assert acts(desk)[:2] == ["import usage", "import usage"]
    assert [run.same for run in desk.imports.list()] == [2, 0]


def test_outcomes_and_jobs_are_kept(desk: Desk, amira: str, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "usr_1,object_remover,2026-01-03T12:00:00Z,a,,failed,render-1",
        "usr_1,object_remover,2026-01-03T13:00:00Z,b,,succeeded,",
        "usr_1,object_remover,2026-01-03T14:00:00Z,c,,,",
    )

    desk.imports.usage(path)

    found = [desk.charging.find(key) for key in "abc"]
    assert [(charge.outcome, charge.job) for charge in found] == [
        ("failed", "render-1"),
        ("succeeded", ""),
        (None, ""),
    ]


BAD = {
    "usr_9,ghostface,2026-01-03T12:00:00Z,k,,,": "There is no user “usr_9” on record.",
    "usr_1,time_machine,2026-01-03T12:00:00Z,k,,,": "There is no feature “time_machine”",
    "usr_1,ghostface,2026-01-03 12:00,k,,,": "has no offset",
    "usr_1,ghostface,yesterday,k,,,": "“yesterday” is not a date and time",
    "usr_1,ghostface,2026-01-10T12:05:01Z,k,,,": "more than 5 minutes ahead of the clock",
    "usr_1,ghostface,2026-01-03T12:00:00Z,k,0,,": "The quantity 0 is not a whole number",
    "usr_1,ghostface,2026-01-03T12:00:00Z,k,10001,,": "The quantity 10001 is not",
    "usr_1,ghostface,2026-01-03T12:00:00Z,k,2.5,,": "The quantity '2.5' is not",
    "usr_1,ghostface,2026-01-03T12:00:00Z,k,²,,": "The quantity '²' is not",
    "usr_1,ghostface,2026-01-03T12:00:00Z,,,,": "The key '' is not a text",
    "usr_1,ghostface,2026-01-03T12:00:00Z,k,,maybe,": "“maybe” is not an outcome",
    "usr_1,ghostface,2026-01-03T12:00:00Z": "The row has 3 fields where the header has 7.",
    'usr_1,"ghost"face,2026-01-03T12:00:00Z,k,,,': "This is not a row of CSV",
    "usr_1,ghostface,2026-01-03T12:00:00Z,good,2,,": "The key “good” stands on line 2 of this",
}


@pytest.mark.parametrize("row", BAD)
def test_a_bad_row_is_named_with_its_line_and_the_good_ones_are_in(
    desk: Desk, amira: str, tmp_path: Path, row: str
) -> None:
    path = write(tmp_path, "usr_1,ghostface,2026-01-03T12:00:00Z,good,,,", row)

    report = desk.imports.usage(path)

    assert (report.read, report.added, report.same) == (2, 1, 0)
    assert [bad.line for bad in report.bad] == [3]
    assert BAD[row] in report.bad[0].sentence
    assert desk.accounts.account(amira).available == 8


def test_bytes_that_are_no_text_spoil_their_row_only(
    desk: Desk, amira: str, tmp_path: Path
) -> None:
    path = tmp_path / "usage.csv"
    rows = (
        b"usr_1,ghostface,2026-01-03T12:00:00Z,\xff\xfe\nusr_1,ghostface,2026-01-03T12:00:00Z,a\n"
    )
    path.write_bytes(b"user_id,feature,occurred_at,key\n" + rows)

    report = desk.imports.usage(path)

    assert (report.added, [bad.line for bad in report.bad]) == (1, [2])


def test_a_key_twice_in_one_file_is_charged_once(desk: Desk, amira: str, tmp_path: Path) -> None:
    row = "usr_1,ghostface,2026-01-03T12:00:00Z,a,,,"
    path = write(tmp_path, row, row, row.replace("ghostface", "object_remover"))

    report = desk.imports.usage(path)

    assert (report.added, report.same, report.repeated, len(report.bad)) == (1, 1, 1, 1)
    again = desk.imports.usage(path)
    assert (again.same, again.repeated) == (2, 0)  # now both are on record
    assert report.bad[0].line == 4


def test_a_key_on_record_with_other_content_is_a_bad_row(
    desk: Desk, amira: str, tmp_path: Path
) -> None:
    at = datetime(2026, 1, 3, 12, tzinfo=UTC)
    desk.charging.charge(amira, "ghostface", key="a", at=at)
    path = write(
        tmp_path,
        "usr_1,ghostface,2026-01-03T12:00:00Z,a,,,",
        "usr_1,ghostface,2026-01-03T12:00:01Z,a,,,",
    )

    report = desk.imports.usage(path)

    assert (report.added, report.same, [bad.line for bad in report.bad]) == (0, 1, [3])


def test_a_zone_for_the_file_reads_local_times(desk: Desk, amira: str, tmp_path: Path) -> None:
    path = write(tmp_path, "usr_1,ghostface,2026-01-03 12:00:30,a,,,")

    desk.imports.usage(path, zone="Asia/Tokyo")

    assert desk.charging.find("a").occurred_at == datetime(2026, 1, 3, 3, 0, 30, tzinfo=UTC)


def test_json_lines_are_read_by_content_or_ending(desk: Desk, amira: str, tmp_path: Path) -> None:
    path = tmp_path / "usage.txt"
    path.write_text(
        '{"user_id":"usr_1","feature":"ghostface","occurred_at":"2026-01-03T12:00:00Z","key":"a"}\n'
        '\n{"user_id":"usr_1","feature":"ghostface","occurred_at":"2026-01-03T12:00:00Z",'
        '"key":"b","quantity":2,"job":null}\n'
        '{"user_id":"usr_1","feature":"ghostface","occurred_at":"2026-01-03T12:00:00Z",'
        '"key":"c","quantity":true}\n'
        '{"user_id":"usr_1"}\n[1]\nnonsense\n{"user_id":"usr_1","colour":1}\n'
    )

    report = desk.imports.usage(path)

    assert (report.read, report.added) == (7, 2)
    assert [bad.line for bad in report.bad] == [4, 5, 6, 7, 8]
    assert "“quantity” is True" in report.bad[0].sentence
    assert "“feature” is missing" in report.bad[1].sentence


FILES = {
    "user_id,feature,occurred_at\n": "The column “key” is missing",
    "user_id,feature,occurred_at,key,colour\n": "a column “colour” that usage do not have",
    "user_id,feature,occurred_at,key,key\n": "The column “key” stands twice",
    "": "is empty",
    "\ufeff": "is empty",
}


@pytest.mark.parametrize("text", FILES)
def test_a_file_with_wrong_columns_is_refused_whole(desk: Desk, tmp_path: Path, text: str) -> None:
    path = tmp_path / "usage.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(BadFile, match=FILES[text]):
        desk.imports.usage(path)

    assert desk.imports.list() == []


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04\x14\x00\x06\x00", b"SQLite format 3\x00", b"\xff\xd8\xff\xe0\x00\x10JFIF"],
)
def test_a_file_that_is_no_text_is_not_asked_for_its_columns(
    desk: Desk, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "usage.csv"
    path.write_bytes(content)

    with pytest.raises(BadFile, match="is not a text file"):
        desk.imports.usage(path)


@pytest.mark.parametrize("path", ["nowhere.csv", "/", "\0", None, 7, "x" * 5000])
def test_a_file_that_cannot_be_read_is_a_sentence(desk: Desk, path: Any) -> None:
    with pytest.raises(BadFile):
        desk.imports.usage(path)


def test_columns_may_be_called_otherwise(desk: Desk, amira: str, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "2026-01-03T12:00:00Z,usr_1,a,ghostface",
        header="\ufeffWhen,Customer,key,feature",
    )

    report = desk.imports.usage(path, columns={"user_id": "Customer", "occurred_at": "When"})

    assert (report.added, report.bad) == (1, ())


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_stopped_import_keeps_nothing(desk: Desk, amira: str, tmp_path: Path, after: int) -> None:
    path = write(tmp_path, "usr_1,ghostface,2026-01-03T12:00:00Z,a,,,")
    before = content(desk)
    stop = threading.Event()
    told: list[float] = []

    def progress(fraction: float) -> None:
        told.append(fraction)
        if len(told) > after:
            stop.set()

    with pytest.raises(Cancelled):
        desk.imports.usage(path, progress=progress, stop=stop)

    assert content(desk) == before
    assert (desk.imports.list(), acts(desk)[0]) == ([], "register")


def test_progress_goes_from_nothing_to_all(desk: Desk, amira: str, tmp_path: Path) -> None:
    told: list[float] = []
    path = write(tmp_path, "usr_1,ghostface,2026-01-03T12:00:00Z,a,,,")

    desk.imports.usage(path, progress=told.append)

    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)


def test_only_those_who_may_import_do(desk: Desk, tmp_path: Path, as_role: Any) -> None:
    path = write(tmp_path)
    users = write(tmp_path, header="user_id,email,name,registered_at", name="users.csv")

    assert as_role("system").imports.usage(path).read == 0
    for role, read in (("support", "usage"), ("qa", "usage"), ("system", "users")):
        with pytest.raises(NotPermitted):
            getattr(as_role(role).imports, read)(path if read == "usage" else users)


def test_a_use_minutes_ahead_pays_from_the_month_it_lies_in(
    desk: Desk, clock: Clock, amira: str, tmp_path: Path
) -> None:
    desk.accounts.change_plan(amira, "plus")
    clock.set(2026, 1, 31, 23, 58)
    path = write(tmp_path, "usr_1,nano_banana_pro_4k,2026-02-01T00:01:00Z,a,4,,")

    report = desk.imports.usage(path)

    assert (report.added, report.refused) == (1, 0)
    assert [g.credits for g in desk.accounts.account(amira).grants] == [200, 200, 12]


# An import is what charging row by row would be ---------------------------------------------------

FEATURES = ("object_remover", "ghostface", "image_extender", "nano_banana_pro_4k", "export_image")
START = datetime(2026, 1, 1, tzinfo=UTC)


def world(clock: Clock, seed: int) -> Desk:
    """Some users with plans, refunds and voids in their past."""
    random = Random(seed)
    clock.set(2026, 1, 1)
    desk = open_desk(":memory:", staff="ana@pixpretty.example", now=clock)
    for number in range(4):
        code = f"CODE{number - 1}" if number and random.random() < 0.5 else None
        desk.accounts.register(
            f"usr_{number}",
            email="a@example.com",
            name="",
            referral_code=f"CODE{number}",
            referred_by=code,
        )
    for step in range(30):
        clock.pass_(hours=random.randrange(1, 90))
        _act(desk, random, step)
    desk.accounts.release_month()
    return desk


def _act(desk: Desk, random: Random, step: int) -> None:
    user = f"usr_{random.randrange(4)}"
    act = random.randrange(6)
    try:
        if act == 0:
            desk.accounts.change_plan(user, random.choice(("free", "plus", "pro")))
        elif act == 1:
            desk.support.refund(random.randrange(1, 20), reason="goodwill")
        elif act == 2:
            desk.support.void(random.randrange(1, 12), reason="given_in_error")
        else:
            feature = random.choice(FEATURES)
            at = desk.now() - timedelta(hours=random.choice((0, 0, 0, 30)))
            desk.charging.charge(user, feature, key=f"before-{step}", at=at)
    except CreditsError:
        pass


Rows = list[tuple[str, str, datetime, str, int, str]]


def some_rows(seed: int, now: datetime) -> Rows:
    random = Random(seed + 1)
    rows: Rows = []
    for number in range(60):
        at = START + (now - START) * random.random()
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        if random.random() < 0.1 and rows:
            at = rows[-1][2]
        user = f"usr_{random.randrange(5)}"
        quantity = random.choice((1, 1, 2, 40))
        outcome = random.choice(("", "failed"))
        rows.append((user, random.choice(FEATURES), at, f"k-{number}", quantity, outcome))
    random.shuffle(rows)
    rows.append(random.choice(rows))
    return rows


def charged(desk: Desk, rows: Rows) -> tuple[int, int]:
    """Row by row, by user and time: how many were refused, and how many bad."""
    refused = bad = 0
    unique = list(dict.fromkeys(rows))
    for user, feature, at, key, quantity, outcome in sorted(unique, key=lambda r: (r[0], r[2])):
        try:
            desk.charging.charge(
                user, feature, key=key, quantity=quantity, at=at, outcome=outcome or None
            )
        except InsufficientCredits:
            refused += 1
        except CreditsError:
            bad += 1
    return refused, bad


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_an_import_is_what_charging_row_by_row_would_be(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clocks = Clock(), Clock()
    with world(clocks[0], seed) as imported, world(clocks[1], seed) as one_by_one:
        rows = some_rows(seed, clocks[0].now)
        path = tmp_path_factory.mktemp("rows") / "usage.csv"
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER.split(",")[:6])
            writer.writerows([u, f, a.isoformat(), k, n, o] for u, f, a, k, n, o in rows)

        report = imported.imports.usage(path)

        refused, bad = charged(one_by_one, rows)
        assert (report.refused, len({row.text for row in report.bad})) == (refused, bad)
        assert report.read == report.added + report.same + report.refused + len(report.bad)
        left, right = content(imported), content(one_by_one)
        left["charge"] = [row[:-1] for row in left["charge"]]
        right["charge"] = [row[:-1] for row in right["charge"]]
        assert left == right


# Users and plans ----------------------------------------------------------------------------------

USERS = "user_id,email,name,registered_at,referral_code,referred_by"


def test_users_are_registered_in_order_of_time_so_that_friends_count(
    desk: Desk, tmp_path: Path
) -> None:
    path = write(
        tmp_path,
        "usr_2,b@example.com,Bo,2026-01-05T12:00:00Z,,AMIRA",
        'usr_1,a@example.com,"Haddad, Amira",2026-01-03T12:00:00Z,AMIRA,',
        header=USERS,
    )

    report = desk.imports.users(path)

    assert (report.read, report.added, report.bad) == (2, 2, ())
    account = desk.accounts.account("usr_1")
    assert (account.user.name, account.available) == ("Haddad, Amira", 24)
    assert desk.accounts.user("usr_2").referrer_id == "usr_1"
    assert acts(desk)[0] == "import users"
    assert "register" not in acts(desk)


def test_the_same_users_and_plans_again_change_nothing(desk: Desk, tmp_path: Path) -> None:
    users = write(
        tmp_path,
        "usr_1,a@example.com,A,2026-01-03T12:00:00Z,AMIRA,",
        "usr_2,b@example.com,B,2026-01-04T12:00:00Z,,AMIRA",
        header=USERS,
        name="users.csv",
    )
    plans = write(
        tmp_path,
        "usr_1,pro,2026-01-08T12:00:00Z",
        "usr_1,plus,2026-01-05T12:00:00Z",
        "usr_1,pro,2026-01-05T12:00:00Z",
        "usr_1,plus,2026-01-05T12:00:00Z",
        "usr_2,free,2026-01-06T12:00:00Z",
        header="user_id,plan,at",
        name="plans.csv",
    )
    first = desk.imports.users(users), desk.imports.plans(plans)
    before = content(desk)

    again = desk.imports.users(users), desk.imports.plans(plans)

    assert [(report.added, report.same) for report in first] == [(2, 0), (4, 1)]
    assert [(report.added, report.same) for report in again] == [(0, 2), (0, 5)]
    assert [report.repeated for report in first + again] == [0, 0, 0, 0]
    assert content(desk) == before
    assert desk.accounts.account("usr_1").available == 12 + 12 + 1000


def test_a_history_of_plans_gives_each_month_what_it_was_held_for(
    desk: Desk, clock: Clock, amira: str, tmp_path: Path
) -> None:
    clock.set(2026, 4, 10)
    path = write(
        tmp_path,
        "usr_1,plus,2026-01-20T12:00:00Z",
        "usr_1,pro,2026-02-12T12:00:00Z",
        header="user_id,plan,at",
    )

    desk.imports.plans(path)

    granted = desk.accounts.account(amira).all_grants
    allowances = [(str(g.month), g.plan, g.credits) for g in granted if g.month is not None]
    assert sorted(allowances) == [
        ("2026-01", "plus", 200),
        ("2026-02", "plus", 200),
        ("2026-02", "pro", 800),
        ("2026-03", "pro", 1000),
        ("2026-04", "pro", 1000),
    ]


def test_a_row_twice_in_a_file_is_told_from_one_on_record(desk: Desk, tmp_path: Path) -> None:
    user = "usr_1,a@example.com,A,2026-01-03T12:00:00Z,,"
    users = write(tmp_path, user, user, header=USERS, name="users.csv")
    plan = "usr_1,plus,2026-01-05T12:00:00Z"
    plans = write(tmp_path, plan, plan, header="user_id,plan,at", name="plans.csv")
    first = desk.imports.users(users), desk.imports.plans(plans)
    assert [(report.added, report.same, report.repeated) for report in first] == [(1, 1, 1)] * 2
    again = desk.imports.users(users), desk.imports.plans(plans)
    assert [(report.added, report.same, report.repeated) for report in again] == [(0, 2, 0)] * 2


def test_bad_users_and_plans_are_named(desk: Desk, tmp_path: Path) -> None:
    users = write(
        tmp_path,
        "usr_1,a@example.com,A,2026-01-03T12:00:00Z,AMIRA,",
        "usr_1,other@example.com,A,2026-01-03T12:00:00Z,AMIRA,",
        "usr_3,nobody,A,2026-01-03T12:00:00Z,,",
        "usr_4,d@example.com,D,2026-01-04T12:00:00Z,AMIRA,",
        "usr_5,e@example.com,E,2026-02-04T12:00:00Z,,",
        header=USERS,
        name="users.csv",
    )
    plans = write(
        tmp_path,
        "usr_9,plus,2026-01-04T12:00:00Z",
        "usr_1,gold,2026-01-04T12:00:00Z",
        "usr_1,plus,2026-01-01T12:00:00Z",
        header="user_id,plan,at",
        name="plans.csv",
    )

    reports = desk.imports.users(users), desk.imports.plans(plans)

    sentences = [(bad.line, bad.sentence) for report in reports for bad in report.bad]
    assert [line for line, _ in sentences] == [3, 4, 5, 6, 2, 3, 4]
    for (_, sentence), part in zip(
        sentences,
        (
            "“usr_1” stands on line 2 of this file already, with other data",
            "“nobody” is not a mail address",
            "“AMIRA” belongs to usr_1",
            "ahead of the clock",
            "no user “usr_9”",
            "“gold” is not a plan",
            "registered at",
        ),
        strict=True,
    ):
        assert part in sentence


# What an import holds -----------------------------------------------------------------------------


def import_users(desk: Desk, folder: Path, *names: str) -> int:
    """The number of an import of users of these names."""
    lines = [f"{name},{name}@example.com,,2026-01-02T12:00:00Z" for name in names]
    header = "user_id,email,name,registered_at"
    return desk.imports.users(write(folder, *lines, header=header)).import_id


def import_plans(desk: Desk, folder: Path, *names: str) -> int:
    """The number of an import that puts users on Plus."""
    lines = [f"{name},plus,2026-01-03T12:00:00Z" for name in names]
    return desk.imports.plans(write(folder, *lines, header="user_id,plan,at")).import_id


def held(desk: Desk, number: int) -> list[str]:
    holds = desk.activity.import_holds(number)
    assert holds is not None
    assert holds.user_count == len(holds.users)
    return [user for user, _ in holds.users]


def test_imports_in_the_same_millisecond_hold_each_their_own(desk: Desk, tmp_path: Path) -> None:
    first, second = import_users(desk, tmp_path, "a", "b"), import_users(desk, tmp_path, "c")
    desk.accounts.register("by_hand", email="hand@example.com", name="")
    again = import_users(desk, tmp_path, "a")
    up, more = import_plans(desk, tmp_path, "a"), import_plans(desk, tmp_path, "b", "c")
    desk.accounts.change_plan("by_hand", "pro")
    none = import_plans(desk, tmp_path, "a")

    assert [held(desk, number) for number in (first, second, again)] == [["a", "b"], ["c"], []]
    assert [held(desk, number) for number in (up, more, none)] == [["a"], ["b", "c"], []]


def test_an_older_import_holds_what_was_recorded_at_its_instant(
    desk: Desk, clock: Clock, tmp_path: Path
) -> None:
    users, plans = import_users(desk, tmp_path, "a", "b"), import_plans(desk, tmp_path, "b")
    with desk.office.database.writing() as session:
        session.run("DROP TRIGGER plan_change_no_update")
        session.run("UPDATE user SET import = NULL")
        session.run("UPDATE plan_change SET import = NULL")
    newer = import_users(desk, tmp_path, "c")
    clock.pass_(hours=1)
    import_users(desk, tmp_path, "d")

    assert [held(desk, number) for number in (users, plans, newer)] == [["a", "b"], ["b"], ["c"]]


# Reversing ----------------------------------------------------------------------------------------


def imported(desk: Desk, folder: Path) -> ImportReport:
    return desk.imports.usage(
        write(
            folder,
            "usr_1,ghostface,2026-01-03T12:00:00Z,a,2,,",
            "usr_1,export_image,2026-01-03T12:01:00Z,b,,,",
            "usr_1,image_extender,2026-01-03T12:02:00Z,c,,,",
            "usr_1,object_remover,2026-01-03T12:03:00Z,d,,,",
        )
    )


def test_reversing_an_import_refunds_its_charges_once_after_a_dry_run(
    desk: Desk, amira: str, tmp_path: Path
) -> None:
    report = imported(desk, tmp_path)
    desk.support.refund(desk.charging.find("d").id, reason="other")
    before = content(desk)

    planned = desk.imports.reverse(report.import_id)
    assert content(desk) == before
    done = desk.imports.reverse(report.import_id, dry_run=False, reason="given_in_error", note="!")

    assert (planned.charges, planned.credits, planned.returned, planned.regranted) == (1, 8, 8, 0)
    assert (planned.refunded_before, planned.dry_run, done.dry_run) == (1, True, False)
    assert (done.charges, done.credits, done.returned) == (1, 8, 8)
    assert desk.accounts.account(amira).available == 12
    assert desk.imports.list()[0].reversed_by == "ana@pixpretty.example"
    assert acts(desk)[0] == "reverse an import"
    with pytest.raises(AlreadyResolved):
        desk.imports.reverse(report.import_id, dry_run=False)


def test_a_reversal_after_the_grants_expired_gives_new_credits_as_its_dry_run_said(
    desk: Desk, clock: Clock, amira: str, tmp_path: Path
) -> None:
    report = imported(desk, tmp_path)
    clock.set(2027, 2, 1)

    planned = desk.imports.reverse(report.import_id)
    done = desk.imports.reverse(report.import_id, dry_run=False)

    assert (planned.returned, planned.regranted) == (done.returned, done.regranted) == (0, 9)


def test_a_reversal_of_nothing_on_record_or_by_the_wrong_person_is_refused(
    desk: Desk, amira: str, tmp_path: Path, as_role: Any
) -> None:
    report = imported(desk, tmp_path)

    with pytest.raises(UnknownRecord):
        desk.imports.reverse(77)
    for role in ("support", "system", "product_manager"):
        with pytest.raises(NotPermitted):
            as_role(role).imports.reverse(report.import_id, dry_run=False)


def test_a_stopped_reversal_refunds_nothing(desk: Desk, amira: str, tmp_path: Path) -> None:
    report = imported(desk, tmp_path)
    before = content(desk)
    stop = threading.Event()

    with pytest.raises(Cancelled):
        desk.imports.reverse(
            report.import_id, dry_run=False, progress=lambda _: stop.set(), stop=stop
        )

    assert content(desk) == before


# The samples --------------------------------------------------------------------------------------


def test_the_samples_can_be_imported(tmp_path: Path) -> None:
    samples = shipped.path("resources/samples")
    now = datetime(2026, 11, 22, 14, 2, 11, tzinfo=UTC)
    with open_desk(tmp_path / "x.db", staff="ana@pixpretty.example", now=lambda: now) as desk:
        users = desk.imports.users(samples / "users.csv")
        plans = desk.imports.plans(samples / "plans.csv")
        uses = desk.imports.usage(samples / "usage.csv")
        lines = desk.imports.usage(samples / "usage.jsonl")
        bad = desk.imports.usage(samples / "usage-with-bad-rows.csv")

    assert (users.added, plans.added, users.bad, plans.bad) == (10, 7, (), ())
    assert (uses.added + uses.refused, uses.bad, lines.bad) == (60, (), ())
    assert uses.refused > 0
    assert (bad.added, len(bad.bad)) == (2, 10)


def test_an_office_of_another_person_can_import_too(desk: Desk, tmp_path: Path) -> None:
    desk.staff.add("lea@pixpretty.example", "support_lead")
    office = Office(desk.office.database, desk.now, "lea@pixpretty.example", desk.zone)

    Desk(office).imports.usage(write(tmp_path))

    assert desk.imports.list()[0].staff == "lea@pixpretty.example"


MAPPED = "who;when;what;event;shoe size\n"


def test_a_file_with_semicolons_other_names_and_more_columns_is_read(
    desk: Desk, amira: str, tmp_path: Path
) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        MAPPED + f"{amira};2026-01-10T10:00:00Z;ghostface;k1;44\n"
        f'{amira};2026-01-10T10:01:00Z;"ghostface";k2;"4;4"\n',
        encoding="utf-8",
    )
    shape = desk.imports.look(path)
    assert (shape.format, shape.delimiter) == ("CSV", ";")
    assert shape.header == ("who", "when", "what", "event", "shoe size")
    assert shape.rows[1][-1] == "4;4"
    columns = {"user_id": "who", "occurred_at": "when", "feature": "what", "key": "event"}
    with pytest.raises(BadFile, match="shoe size"):
        desk.imports.usage(path, columns=columns)
    report = desk.imports.usage(path, columns=columns, ignored=("shoe size",))
    assert (report.added, report.bad) == (2, ())


def test_a_column_that_the_file_is_said_not_to_have_is_not_read_by_its_name(
    desk: Desk, amira: str, tmp_path: Path
) -> None:
    path = write(tmp_path, f"{amira},ghostface,2026-01-10T10:00:00Z,j1", header=HEADER[:33] + "job")
    path.write_text(
        f"user_id,feature,occurred_at,job\n{amira},ghostface,2026-01-10T10:00:00Z,j1\n",
        encoding="utf-8",
    )
    desk.imports.usage(path, columns={"key": "job", "job": ""})
    with desk.office.database.reading() as session:
        assert session.value("SELECT job FROM charge WHERE key = 'j1'") is None
    with pytest.raises(BadFile, match="user_id"):
        desk.imports.usage(path, columns={"key": "job", "job": "", "user_id": ""})


def test_json_lines_may_have_more_columns_too(desk: Desk, amira: str, tmp_path: Path) -> None:
    path = tmp_path / "uses.jsonl"
    path.write_text(
        f'{{"uid": "{amira}", "feature": "ghostface", "occurred_at": "2026-01-10T10:00:00Z",'
        ' "key": "k1", "extra": [1]}\n',
        encoding="utf-8",
    )
    shape = desk.imports.look(path)
    assert (shape.format, shape.header[0], shape.rows[0][-1]) == ("JSON Lines", "uid", "[1]")
    report = desk.imports.usage(path, columns={"user_id": "uid"}, ignored=("extra",))
    assert report.added == 1


@pytest.mark.parametrize("kind", ["users", "plans", "usage", "requests"])
def test_a_preview_of_any_kind_says_what_the_import_would_do_and_keeps_nothing(
    desk: Desk, amira: str, tmp_path: Path, kind: str
) -> None:
    header, good, bad = {
        "users": ("user_id,email,name,registered_at", "u9,a@b.example,N,2026-01-05Z", "u8,x,N,2"),
        "plans": ("user_id,plan,at", f"{amira},plus,2026-01-09T00:00:00Z", "nobody,plus,2026"),
        "usage": (
            "user_id,feature,occurred_at,key",
            f"{amira},ghostface,2026-01-10T10:00:00Z,k1",
            "nobody,ghostface,2026-01-10T10:00:00Z,k2",
        ),
        "requests": ("ticket,user,opened_at,message", "T1,x,2026-01-10T10:00:00Z,Hi", ",,,"),
    }[kind]
    path = write(tmp_path, good.replace("05Z", "05T00:00:00Z"), bad, header=header)
    before = content(desk), acts(desk)
    told: list[float] = []
    preview = desk.imports.preview(kind, path, progress=told.append)
    assert (content(desk), acts(desk)) == before
    assert desk.imports.list() == []
    report = desk.imports.take(kind, path)
    assert (preview.report.read, preview.report.added) == (report.read, report.added) == (2, 1)
    assert [row.line for row in preview.report.bad] == [3]
    assert preview.rows[0][0] == good.split(",")[0]
    assert told[-1] == 1.0


def test_an_unknown_kind_of_file_is_named(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(CreditsError, match="invoices"):
        desk.imports.take("invoices", tmp_path / "x.csv")
