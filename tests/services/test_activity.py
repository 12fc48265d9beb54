"""Looking through the audit record: what is found, in which order, and whether it is whole."""

from __future__ import annotations

import ast
import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app import open_desk
from app.desk import Desk
from app.domain.activity import STEP, ActivityQuery, Listing, changes, noted_head
from app.domain.audit import AuditRecord
from app.domain.errors import Cancelled, InvalidValue, NotPermitted
from app.domain.imports import PLANS, REQUESTS, USAGE, USERS
from app.services.office import Office
from app.storage.sqlite import sqlite3
from app.ui import audit_names
from app.ui.activity import words
from app.ui.activity.value_names import is_named
from tests import lively

SERVICES = Path(__file__).resolve().parents[2] / "app" / "services"
QUERIES = (
    ActivityQuery(),
    ActivityQuery(staff=lively.SUPPORT),
    ActivityQuery(act="refund"),
    ActivityQuery(kind="request"),
    ActivityQuery(act="issue credits", staff=lively.ADMIN),
    ActivityQuery(subject=("request", "3")),
    ActivityQuery(text="zd-1"),
    ActivityQuery(text="FAILED put"),
    ActivityQuery(text="usr_1", act="change plan"),
    ActivityQuery(first=date(2026, 3, 1), last=date(2026, 3, 31)),
    ActivityQuery(text="nothing has this in it"),
    ActivityQuery(text="%"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return lively.put(tmp_path)


@pytest.fixture
def desk(path: Path) -> Iterator[Desk]:
    with open_desk(path, staff=lively.SUPPORT, now=lively.at_the_end) as desk:
        yield desk


def everything(desk: Desk) -> list[AuditRecord]:
    return desk.integrity.audit(limit=100_000)


def passes(record: AuditRecord, query: ActivityQuery) -> bool:
    """What a query means, told again in Python."""
    values = f"{record.before} {record.after}"
    about = f"{record.subject_kind} {record.subject}"
    text = f"{record.staff} {record.act} {about} {record.why} {values}".casefold()
    day = record.at.astimezone(ZoneInfo(lively.ZONE)).date()
    return (
        (not query.staff or record.staff == query.staff)
        and (not query.act or record.act == query.act)
        and (not query.kind or record.subject_kind == query.kind)
        and (not query.subject or (record.subject_kind, record.subject) == query.subject)
        and all(word.casefold() in text for word in query.words)
        and (query.first is None or day >= query.first)
        and (query.last is None or day <= query.last)
    )


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_a_query_finds_exactly_the_records_that_pass_it_newest_first(
    desk: Desk, query: ActivityQuery
) -> None:
    wanted = [record.id for record in everything(desk) if passes(record, query)]
    listing = desk.activity.listing(query)
    assert listing.count == len(wanted)
    assert [record.id for record in listing.first] == wanted[:STEP]
    assert list(listing.keys) == wanted[::STEP]
    assert listing.whole
    found = [record.id for chunk in desk.activity.every(query) for record in chunk]
    assert found == wanted
    assert [record.id for record in desk.activity.page(query, limit=7)] == wanted[:7]


def test_any_place_is_found_from_the_key_before_it(desk: Desk) -> None:
    for query in (ActivityQuery(), ActivityQuery(act="charge"), ActivityQuery(text="credits")):
        keys = desk.activity.listing(query).keys
        wanted = [record.id for chunk in desk.activity.every(query) for record in chunk]
        for place in (0, 1, STEP - 1, STEP, len(wanted) - 1):
            key = keys[place // STEP]
            (found,) = desk.activity.page(query, before=key + 1, limit=1, skip=place % STEP)
            assert found.id == wanted[place]


SORTINGS = [
    (order, descending)
    for order in ("staff", "act", "subject", "at")
    for descending in (False, True)
]


def in_order(records: list[AuditRecord], order: str, *, descending: bool) -> list[int]:
    """Their numbers as Python sorts them: the newest first among equals, either way."""
    newest_first = sorted(records, key=lambda one: -one.id)
    keys: dict[str, Callable[[AuditRecord], Any]] = {
        "at": lambda one: one.id,
        "staff": lambda one: one.staff,
        "act": lambda one: one.act,
        "subject": lambda one: (one.subject_kind, one.subject),
    }
    return [one.id for one in sorted(newest_first, key=keys[order], reverse=descending)]


@pytest.mark.parametrize(("order", "descending"), SORTINGS)
@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_a_sorted_query_finds_the_same_records_as_python_sorts_them(
    desk: Desk, query: ActivityQuery, order: str, descending: bool
) -> None:
    query = replace(query, order=order, descending=descending)
    passing = [record for record in everything(desk) if passes(record, query)]
    wanted = in_order(passing, order, descending=descending)
    found = [record.id for chunk in desk.activity.every(query) for record in chunk]
    assert found == wanted
    assert [record.id for record in desk.activity.page(query, limit=7, skip=3)] == wanted[3:10]
    listing = desk.activity.listing(query)
    assert listing.count == len(wanted)
    assert listing.whole
    if not query.by_time:
        assert list(listing.numbers) == wanted
        assert [record.id for record in listing.first] == wanted[:STEP]


def test_pages_of_a_sorted_list_meet_without_gap_or_repeat_whatever_is_added_meanwhile(
    desk: Desk,
) -> None:
    for order in ("staff", "act", "subject"):
        query = ActivityQuery(order=order, descending=False)
        wanted = in_order(everything(desk), order, descending=False)
        listing = desk.activity.listing(query)
        read: list[int] = []
        for start in range(0, listing.count, 90):
            desk.support.grant("usr_1", 1, reason="goodwill", note="n", ticket=f"{order}-{start}")
            page = desk.activity.records(listing.numbers[start : start + 90])
            read += [record.id for record in page]
        assert read == wanted
        added = in_order(everything(desk), order, descending=False)
        assert list(desk.activity.listing(query).numbers) == added
        assert len(added) > len(wanted)


def test_of_a_sorted_list_the_first_records_are_told_before_the_others_are_in_order(
    desk: Desk,
) -> None:
    told: list[Listing] = []
    whole = desk.activity.listing(ActivityQuery(order="act"), told=told.append)
    (first,) = told
    assert not first.whole
    assert first.first == whole.first
    assert list(first.numbers) == list(whole.numbers)[:STEP]


def test_an_order_that_there_is_not_is_refused_by_name(desk: Desk) -> None:
    query = ActivityQuery(order="why")
    for ask in (desk.activity.page, desk.activity.listing, lambda q: list(desk.activity.every(q))):
        with pytest.raises(InvalidValue, match="“why” is no order for records; they are at, staff"):
            ask(query)


def test_what_is_found_is_told_before_everything_was_looked_through(desk: Desk) -> None:
    told: list[Listing] = []
    desk.activity.listing(ActivityQuery(text="refund"), told=told.append)
    assert told
    assert all(not one.whole for one in told)
    assert len(told[0].first) > 0


def test_a_search_and_a_proof_that_are_stopped_end_at_once(desk: Desk) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        desk.activity.listing(ActivityQuery(text="never there"), stop=stop)
    with pytest.raises(Cancelled):
        desk.activity.listing(ActivityQuery(order="subject"), stop=stop)
    with pytest.raises(Cancelled):
        desk.activity.prove(stop=stop)


def test_an_act_is_found_under_the_words_it_is_shown_with(desk: Desk) -> None:
    typed = "Answered"
    assert desk.activity.listing(ActivityQuery(text=typed)).count == 0
    found = desk.activity.listing(ActivityQuery(text=typed, meant=words.meant_by(typed)))
    assert {record.act for record in found.first} == {"resolve a request"}


def test_what_was_done_to_a_user_includes_their_requests(desk: Desk) -> None:
    found = desk.activity.listing(ActivityQuery(subject=("user", "usr_1"))).first
    assert {record.subject_kind for record in found} == {"user", "request"}
    for record in found:
        assert "usr_1" in {record.subject, record.after.get("user"), record.before.get("user")}


def test_letters_of_any_language_are_found_in_either_case(desk: Desk) -> None:
    as_admin = Desk(Office(desk.office.database, desk.now, lively.ADMIN, desk.zone))
    as_admin.accounts.correct("usr_1", name='Ødegård "Öz" 50%')
    for typed in ("ødegård", "ØDEGÅRD", '"öz"', "50%"):
        (found,) = desk.activity.page(ActivityQuery(text=typed))
        assert found.act == "correct contact data"


def test_the_days_are_those_of_the_billing_zone_both_included(tmp_path: Path) -> None:
    clock = lively.Clock(datetime(2026, 3, 1, 22, 59, tzinfo=UTC))
    path = tmp_path / "days.db"
    prices = lively._prices(tmp_path)
    with open_desk(path, staff=lively.ADMIN, now=clock, pricing=prices) as desk:
        clock.at = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)  # midnight in Berlin
        desk.staff.add(lively.LEAD, "support_lead")
        second = date(2026, 3, 2)
        (found,) = desk.activity.page(ActivityQuery(first=second, last=second))
        assert found.act == "add staff"
        (found,) = desk.activity.page(ActivityQuery(last=date(2026, 3, 1)))
        assert found.act == "make the database"
        assert desk.activity.page(ActivityQuery(first=date(2026, 3, 3))) == []
        assert len(desk.activity.page(ActivityQuery(first=date.min, last=date.max))) == 2


def test_only_what_is_new_is_read_again(desk: Desk) -> None:
    head = desk.activity.head()
    query = ActivityQuery(act="claim a request")
    assert desk.activity.news(query, head) == ((), head)
    desk.requests.claim(1)
    news = desk.activity.news(query, head)
    assert news is not None
    fresh, now = news
    assert [record.act for record in fresh] == ["claim a request"]
    assert now == desk.activity.head() != head


def test_news_of_another_chain_are_no_news(desk: Desk) -> None:
    head = desk.activity.head()
    elsewhere = type(head)(head.record, "f" * 64, head.at)
    assert desk.activity.news(None, elsewhere) is None


def test_who_may_not_look_up_sees_nothing(desk: Desk) -> None:
    stranger = Desk(Office(desk.office.database, desk.now, "who@else.example", desk.zone))
    for ask in (stranger.activity.listing, stranger.activity.prove, stranger.activity.head):
        with pytest.raises(NotPermitted):
            ask()


def test_days_in_the_wrong_order_are_refused_by_name(desk: Desk) -> None:
    query = ActivityQuery(first=date(2026, 3, 2), last=date(2026, 3, 1))
    with pytest.raises(InvalidValue, match="2026-03-01, is before the first, 2026-03-02"):
        desk.activity.page(query)


# The chain --------------------------------------------------------------------------------------


def tamper(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for name in ("audit_no_update", "audit_no_delete"):
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_chain_nobody_touched_is_whole_and_says_how_far_it_is(desk: Desk) -> None:
    steps: list[tuple[int, int]] = []
    report = desk.activity.prove(lambda done, every: steps.append((done, every)))
    assert report.ok
    assert report.records == report.head.record == len(everything(desk))
    assert steps[-1] == (report.records, report.records)


def test_a_changed_and_a_missing_record_are_named(path: Path) -> None:
    tamper(
        path,
        "UPDATE audit SET why = 'nothing' WHERE id = 7",
        "DELETE FROM audit WHERE id BETWEEN 20 AND 22",
    )
    with open_desk(path, staff=lively.SUPPORT, now=lively.at_the_end) as desk:
        report = desk.activity.prove()
        said = [(one.kind, one.first, one.last) for one in report.breaks]
        assert said == [("changed", 7, 7), ("missing", 20, 22)]
        assert not report.ok
        listing = desk.activity.listing()
        assert listing.count == report.records == report.head.record - 3
        assert list(listing.keys) == [record.id for record in everything(desk)][::STEP]


def test_a_head_noted_earlier_is_found_where_it_stands(desk: Desk) -> None:
    old = everything(desk)[5]
    place = desk.activity.place_of_head(f"Head of 12 June, record {old.id}: {old.hash.upper()}")
    assert (place.record, place.since, place.at) == (old.id, 5, old.at)


def test_a_head_of_records_that_were_lost_is_nowhere(path: Path) -> None:
    with open_desk(path, staff=lively.SUPPORT, now=lively.at_the_end) as desk:
        noted = desk.activity.head().hash
    tamper(path, "DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)")
    with open_desk(path, staff=lively.SUPPORT, now=lively.at_the_end) as desk:
        assert desk.activity.prove().ok  # the chain alone cannot tell
        assert desk.activity.place_of_head(noted).record is None


@pytest.mark.parametrize(
    "noted", ["", "abc", "g" * 64, "a" * 63, "a" * 65, "a" * 64 + " " + "b" * 64]
)
def test_what_is_no_head_is_refused(noted: str) -> None:
    with pytest.raises(InvalidValue, match=r"is not a head|more than one head"):
        noted_head(noted)


# What changed -----------------------------------------------------------------------------------


def record(before: dict[str, object], after: dict[str, object]) -> AuditRecord:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    return AuditRecord(1, now, "a@b.example", "note", "user", "u", "", before, after)


def test_nested_values_are_compared_part_by_part() -> None:
    before: dict[str, object] = {"p": {"plus": 200, "pro": 1}, "tags": ["a", "b"], "only": 1}
    after: dict[str, object] = {"p": {"plus": 250, "new": 2}, "tags": ["a"], "more": None}
    found = {"/".join(one.path): one.mark for one in changes(record(before, after))}
    assert found == {
        "p/plus": "changed", "p/pro": "gone", "p/new": "new",
        "tags/1": "", "tags/2": "gone", "only": "", "more": "new",
    }  # fmt: skip


def test_what_is_empty_on_both_sides_is_one_value() -> None:
    (one,) = changes(record({"a": {}}, {"a": []}))
    assert one.mark == "changed"
    assert changes(record({}, {})) == ()


# Words ------------------------------------------------------------------------------------------


def recorded_acts() -> set[str]:
    """Every act that a service puts on record, read from the source."""
    found: set[str] = set()
    for path in SERVICES.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            found |= set(_acts_of(call, tree))
    return found


def _acts_of(call: ast.Call, tree: ast.Module) -> Iterator[str]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name == "record" and call.args:
        yield from _texts(call.args[0], tree)
    elif name == "append":
        yield from (text for k in call.keywords if k.arg == "act" for text in _texts(k.value, tree))
    elif name == "move" and len(call.args) > 1:
        yield from _texts(call.args[1], tree)


def _texts(node: ast.expr, tree: ast.Module) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from itertools.chain(_texts(node.body, tree), _texts(node.orelse, tree))
    elif isinstance(node, ast.JoinedStr):
        yield from (f"import {columns.kind}" for columns in (USERS, PLANS, USAGE, REQUESTS))
    elif isinstance(node, ast.Name) and node.id == "act":
        for one in ast.walk(tree):
            if isinstance(one, ast.Assign) and getattr(one.targets[0], "id", "") == "act":
                yield from _texts(one.value, tree)


def test_every_act_that_is_recorded_anywhere_has_plain_words_and_no_others_do() -> None:
    assert recorded_acts() == set(audit_names.acts())


def test_every_act_and_kind_of_a_lively_database_has_plain_words(desk: Desk) -> None:
    choices = desk.activity.choices()
    assert set(choices.acts) <= set(audit_names.acts())
    assert set(choices.kinds) <= set(audit_names.kinds())
    assert set(choices.staff) == {lively.ADMIN, lively.SUPPORT}


def test_every_value_that_is_kept_has_a_name_for_translators(desk: Desk) -> None:
    kept = {key for chunk in desk.activity.every() for one in chunk for key in one.before}
    kept |= {key for chunk in desk.activity.every() for one in chunk for key in one.after}
    assert {key for key in kept if not is_named(key)} == set()
