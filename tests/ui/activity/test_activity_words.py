"""The audit record in plain words, and the state of its page: pure, without a window."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.activity import ActivityQuery, ChainHead
from app.domain.audit import AuditRecord
from app.ui import audit_names
from app.ui.activity import state as states
from app.ui.activity import words
from app.ui.activity.state import ActivityState, Target

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RECORD = AuditRecord(7, NOW, "ana@b.example", "refund", "user", "usr_1", "failed_generation")


def made(act: str, subject: tuple[str, str], **values: object) -> AuditRecord:
    kind, name = subject
    return replace(RECORD, act=act, subject_kind=kind, subject=name, after=values)


def test_what_changed_is_said_first_and_what_says_most_after_it() -> None:
    record = replace(RECORD, before={"plan": "free", "b": 1}, after={"grant": 9, "plan": "plus"})
    assert words.shortly(record) == "plan: free → plus, b: 1, grant: 9"
    given = replace(RECORD, after={"expires_at": "x", "grant": 1234, "credits": 1234, "note": "y"})
    assert words.shortly(given) == "credits: 1,234, note: y, expires at: x, …"
    assert words.shortly(replace(RECORD, before={}, after={})) == "—"


@pytest.mark.parametrize(
    ("path", "held", "said"),
    [
        (("credits",), 12345, "12,345"),
        (("grant",), 12345, "12345"),
        (("credits",), -6, "−6"),
        (("active",), False, "no"),
        (("name",), "", "—"),
        (("name",), None, "—"),
        (("tags",), [], "—"),
        (("expires_at",), "2026-11-22T04:06:16.130000+00:00", "22 Nov 2026 05:06"),
        (("name",), "a\u202eb\x07", "ab"),
        (("role",), "support_lead", "Support lead"),
        (("category",), "out_of_credits", "Out of credits"),
        (("state",), "claimed", "claimed"),
        (("category",), "of_another_time", "of_another_time"),
    ],
)
def test_a_value_is_written_as_people_read_it(
    path: tuple[str, ...], held: object, said: str
) -> None:
    assert words.value(path, held, ZoneInfo("Europe/Berlin")) == said


def test_a_reason_is_said_in_words_and_a_note_as_it_was_written() -> None:
    assert words.why(RECORD) == "Failed generation"
    assert words.why(replace(RECORD, why="of_another_time")) == "Of another time"
    assert words.why(replace(RECORD, why="ask me why: ok_then")) == "ask me why: ok_then"
    assert words.why(replace(RECORD, why="")) == "—"


def test_home_is_where_most_of_those_with_an_address_are() -> None:
    assert words.home_of(["root", "ana@b.example", "leon@b.example", "x@c.example"]) == "b.example"
    assert words.home_of(["root"]) == ""


def test_who_is_short_where_all_addresses_end_alike() -> None:
    assert words.person("ana@b.example", "b.example") == "ana"
    assert words.person("ana@c.example", "b.example") == "ana@c.example"
    assert words.person("ana", "") == "ana"


def test_an_act_that_is_not_known_says_its_own_name() -> None:
    assert audit_names.act_name("fly a kite", audit_names.acts()) == "Fly a kite"
    assert audit_names.kind_name("kite", audit_names.kinds()) == "Kite"


def test_each_kind_of_thing_leads_where_it_is_shown() -> None:
    def led(record: AuditRecord) -> list[tuple[str, object]]:
        return [(one.page, one.place) for one in states.targets(record)]

    assert led(made("note", ("user", "u"))) == [("users", "u")]
    assert led(made("refund", ("user", "u"), charge=3, grant=4)) == [
        ("users", "u"), ("users", ("u", "charge", 3)), ("users", ("u", "grant", 4)),
    ]  # fmt: skip
    assert led(made("open a request", ("request", "8"), user="u")) == [
        ("requests", 8), ("users", "u"),
    ]  # fmt: skip
    assert led(made("publish prices", ("price list", "5"))) == [("prices", 5)]
    assert led(made("add staff", ("staff", "ana@b.example"))) == [
        ("settings", ("staff", "ana@b.example"))
    ]
    assert led(made("release allowances", ("month", "2026-03"))) == []
    assert led(made("refund", ("user", "u"), charge=True, grant="x")) == [("users", "u")]


def test_a_target_says_what_it_opens() -> None:
    (first, *_more) = states.targets(made("open a request", ("request", "8"), user="u"))
    assert first == Target("Request 8", "requests", 8)


def test_filters_are_kept_and_what_is_unreadable_is_no_filter() -> None:
    query = ActivityQuery(
        staff="ana@b.example", act="note", kind="user", subject=("user", "u"),
        first=date(2026, 3, 1), last=date(2026, 3, 2),
    )  # fmt: skip
    kept = states.to_remember(replace(query, text="typed", meant=("note",)))
    assert states.remembered(kept) == query
    unreadable: tuple[object, ...] = (
        None,
        [],
        {"staff": 7, "subject": ["user"], "first": "soon", "act": None},
    )
    for bad in unreadable:
        assert states.remembered(bad) == ActivityQuery()
    backwards = {"first": "2026-03-02", "last": "2026-03-01"}
    assert states.remembered(backwards) == ActivityQuery()


def test_a_chip_takes_its_own_filter_away_and_no_other() -> None:
    query = ActivityQuery(staff="a@b.example", subject=("user", "u"), first=date(2026, 3, 1))
    without = {chip.key: chip.without for chip in states.chips(query)}
    assert without["staff"] == replace(query, staff="")
    assert without["subject"] == replace(query, subject=None)
    assert without["days"] == replace(query, first=None)
    assert [chip.words for chip in states.chips(query)] == [
        "By a@b.example", "On user u", "From 1 Mar 2026",
    ]  # fmt: skip


def test_nothing_is_said_to_be_empty_before_all_was_looked_through() -> None:
    state = states.asked(ActivityState(), ActivityQuery(text="x"))
    head = ChainHead(9, "f" * 64, NOW)
    assert states.found(state, 0, head, 0.5).phase == "loading"
    assert states.found(state, 0, head, 1.0).phase == "empty"
    assert states.found(state, 3, head, 0.5).heading == "3 records so far, 50 % looked through"
    assert states.found(state, 1, head, 1.0).heading == "1 record"


@pytest.mark.usefixtures("made_up")
def test_every_word_is_given_to_translators() -> None:
    every = [*audit_names.acts().values(), *audit_names.kinds().values()]
    every += states.ActivityState(count=3, done=1).heading, states.ActivityState().nothing
    every += words.csv_heading(ActivityQuery(act="note"), UTC, NOW)
    every += words.why(RECORD), words.value(("state",), "open"), words.value(("role",), "qa")
    assert all(said.startswith("[") for said in every)
