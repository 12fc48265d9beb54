"""Requests come in as help desks export them, whatever users write, and no ticket comes twice."""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app import Desk, shipped
from app.domain.errors import Cancelled, NotPermitted
from app.domain.requests import RequestQuery, View
from tests.services.conftest import Clock

AsRole = Callable[..., Desk]
ALL = RequestQuery(view=View.ALL)
HEADER = ("ticket", "user", "opened_at", "message", "category", "credits")
ROW = ("ZD-1", "u1", "2026-01-05T10:00:00Z", "my credits are gone", "", "")
HOSTILE = (
    '=HYPERLINK("x")\r\n"quoted", and <b>bold</b>\n\n\n',
    "'; DROP TABLE request; --",
    "\u202eturned around \x1b[31m red",
    "😢" * 500,
    "x" * 10_000,
)


@pytest.fixture(autouse=True)
def amira(desk: Desk) -> None:
    desk.accounts.register("u1", email="amira@example.com", name="Amira", referral_code="AM-1")


def exported(folder: Path, *rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> Path:
    path = folder / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def test_a_file_opens_its_requests_and_belongs_to_one_import(desk: Desk, tmp_path: Path) -> None:
    rows = (
        ROW,
        ("ZD-2", "AMIRA@example.com", "2026-01-04T10:00:00+02:00", "a\nb", "Charged twice", "24"),
        ("ZD-3", "who@example.com", "2026-01-06T10:00:00Z", "?", "wrong_price", ""),
    )
    report = desk.imports.requests(exported(tmp_path, *rows))
    assert (report.read, report.added, report.same, report.bad) == (3, 3, 0, ())

    second, first, third = desk.requests.page()
    assert (first.user_id, first.category, first.credits) == ("u1", None, None)
    assert (second.user_id, second.category, second.credits) == ("u1", "charged_twice", 24)
    assert second.message == "a\nb"
    assert (third.user_id, third.sender) == (None, "who@example.com")
    assert {request.import_id for request in (first, second, third)} == {report.import_id}
    assert desk.requests.count(RequestQuery(import_id=report.import_id)) == 3
    assert desk.requests.count(RequestQuery(import_id=99)) == 0
    (record,) = desk.integrity.audit(subject=("import", str(report.import_id)))
    assert (record.act, record.after["added"]) == ("import requests", 3)
    assert desk.imports.list()[0].kind == "requests"
    assert desk.integrity.verify().ok


def test_the_same_file_again_changes_nothing_even_once_requests_were_answered(
    desk: Desk, tmp_path: Path
) -> None:
    path = exported(tmp_path, ROW, (*ROW[:4], "", ""))
    first = desk.imports.requests(path)
    assert (first.added, first.same, first.repeated) == (1, 1, 1)
    (request,) = desk.requests.page()
    desk.requests.sort(request.id, "out_of_credits")
    desk.requests.resolve(request.id, act="decline")
    again = desk.imports.requests(path)
    assert (again.added, again.same, again.repeated, again.bad) == (0, 2, 0, ())
    assert desk.requests.count(ALL) == 1


def test_a_ticket_on_record_with_other_content_is_left_out_by_its_name(
    desk: Desk, tmp_path: Path
) -> None:
    other = ("ZD-1", "u1", ROW[2], "something else", "", "")
    report = desk.imports.requests(exported(tmp_path, ROW, other))
    assert report.added == 1
    assert [row.line for row in report.bad] == [3]
    assert "“ZD-1” stands earlier in this file, with other content" in report.bad[0].sentence
    report = desk.imports.requests(exported(tmp_path, other))
    assert "The ticket “ZD-1” is request 1 already, with other content" in report.bad[0].sentence
    assert [request.message for request in desk.requests.page()] == [ROW[3]]


def test_bad_rows_are_named_and_the_good_ones_taken(desk: Desk, tmp_path: Path) -> None:
    bad = (
        ("", "u1", ROW[2], "no ticket", "", ""),
        ("ZD-2", "u1", "yesterday", "no instant", "", ""),
        ("ZD-3", "u1", "2027-01-01T00:00:00Z", "from the future", "", ""),
        ("ZD-4", "u1", ROW[2], "  ", "", ""),
        ("ZD-5", "u1", ROW[2], "a category of theirs", "billing", ""),
        ("ZD-6", "u1", ROW[2], "credits in words", "", "twelve"),
        ("ZD-7", "u1", ROW[2], "too many credits", "", "99999999"),
        ("ZD-8", "u1", ROW[2], "x" * 20_001, "", ""),
        ("ZD-9", "u1", ROW[2], "a zero \x00 character", "", ""),
    )
    report = desk.imports.requests(exported(tmp_path, ROW, *bad))
    assert report.added == 1
    sentences = [row.sentence for row in report.bad]
    named = ("ticket", "yesterday", "2027-01-01", "message", "billing", "twelve", "99999999")
    assert all(name in told for name, told in zip(named, sentences, strict=False)), sentences
    assert len(sentences) == len(bad)


def test_hostile_texts_come_through_as_the_texts_they_are(desk: Desk, tmp_path: Path) -> None:
    rows = [(f"ZD-{n}", f"<{n}>", ROW[2], text, "", "") for n, text in enumerate(HOSTILE)]
    lines = tmp_path / "export.jsonl"
    names = HEADER[:4]
    lines.write_text(
        "".join(json.dumps(dict(zip(names, row, strict=False))) + "\n" for row in rows), "utf-8"
    )
    report = desk.imports.requests(exported(tmp_path, *rows))
    assert (report.added, report.bad) == (len(HOSTILE), ())
    assert [r.message for r in desk.requests.page()] == [text.strip() for text in HOSTILE]
    assert desk.imports.requests(lines).same == len(HOSTILE)


def test_columns_that_a_help_desk_calls_otherwise_are_named(desk: Desk, tmp_path: Path) -> None:
    path = exported(tmp_path, ROW[:4], header=("Ticket #", "Requester", "Created", "Body"))
    theirs = {
        "ticket": "Ticket #",
        "user": "Requester",
        "opened_at": "Created",
        "message": "Body",
    }
    assert desk.imports.requests(path, columns=theirs).added == 1


@pytest.mark.parametrize("name", ["requests.csv", "requests.jsonl"])
def test_the_samples_come_in_whole(desk: Desk, clock: Clock, name: str) -> None:
    clock.set(2026, 11, 22)
    desk.imports.users(shipped.path("resources/samples/users.csv"))
    report = desk.imports.requests(shipped.path(f"resources/samples/{name}"))
    assert report.bad == ()
    nobody = [request.sender for request in desk.requests.page() if request.user_id is None]
    assert nobody == (["somebody.else@example.net"] if name.endswith("csv") else [])


def test_an_import_that_is_stopped_keeps_nothing(desk: Desk, tmp_path: Path) -> None:
    stop = threading.Event()

    def told(fraction: float) -> None:
        if fraction > 0.5:
            stop.set()

    rows = [(f"ZD-{n}", *ROW[1:]) for n in range(1_200)]
    with pytest.raises(Cancelled):
        desk.imports.requests(exported(tmp_path, *rows), progress=told, stop=stop)
    assert desk.requests.count(ALL) == 0
    assert desk.imports.list() == []


@pytest.mark.parametrize("role", ["support", "product_manager", "qa", "system"])
def test_only_leads_and_admins_import_requests(
    desk: Desk, as_role: AsRole, tmp_path: Path, role: str
) -> None:
    with pytest.raises(NotPermitted):
        as_role(role).imports.requests(exported(tmp_path, ROW))
    assert as_role("support_lead").imports.requests(exported(tmp_path, ROW)).added == 1
