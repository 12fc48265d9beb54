"""Rows that were left out are saved as they stood, mended, and imported again as they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app import Desk
from app.domain.errors import BadFile
from app.domain.imports import ImportReport

USERS = '''User ID;Mail;Full name;Signed up;Shoe size
u1;anna@example.com;Anna;2025-11-20T10:00:00Z;38
u2;not-a-mail;"Bert; called
""Bo""";2025-11-20T10:00:00Z;44
u3;cleo@example.com;=1+1;20.11.2025 10:00;40
u4;dora@example.com;Dora
u5;"a"b;c
u6;-;Fay;2025-11-20T10:00:00Z;41
'''
MEANT = {"user_id": "User ID", "email": "Mail", "name": "Full name", "registered_at": "Signed up"}


def taken(desk: Desk, path: Path) -> ImportReport:
    return desk.imports.users(path, columns=MEANT, ignored=("Shoe size",))


def saved(desk: Desk, path: Path, report: ImportReport) -> Path:
    why = {row.line: row.sentence for row in report.bad}
    target = path.with_name(f"left-out{path.suffix}")
    target.write_bytes(desk.imports.left_out(path, why))
    return target


def test_rows_left_out_are_mended_in_the_columns_of_their_file_and_imported_as_it_is(
    desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "users.csv"
    path.write_text(USERS, "utf-8")
    report = taken(desk, path)
    assert [row.line for row in report.bad] == [3, 5, 6, 7, 8]
    left = saved(desk, path, report)
    lines = left.read_text("utf-8-sig").splitlines()
    assert lines[0] == "left_out_line;left_out_because;User ID;Mail;Full name;Signed up;Shoe size"
    assert lines[1].startswith("3;“not-a-mail” is not a mail address like ")
    assert lines[1].endswith(';u2;not-a-mail;"Bert; called')
    assert ";u3;cleo@example.com;'=1+1;20.11.2025 10:00;40" in lines[3]
    assert lines[5].endswith(';u5;"a"b;c')

    again = taken(desk, left)  # nothing is mended yet
    assert (again.read, again.added, len(again.bad)) == (5, 0, 5)
    twice = saved(desk, left, again).read_text("utf-8-sig").splitlines()
    assert twice[0] == lines[0]
    assert ";u3;cleo@example.com;'=1+1;20.11.2025 10:00;40" in twice[3]

    mended = left.read_text("utf-8-sig")
    for wrong, right in (
        ("u2;not-a-mail", "u2;bert@example.com"),
        ("20.11.2025 10:00", "2025-11-20T10:00:00Z"),
        (";Dora\n", ";Dora;2025-11-20T10:00:00Z;39\n"),
        ('u5;"a"b;c', "u5;e@example.com;E;2025-11-20T10:00:00Z;1"),
        ("u6;'-;", "u6;fay@example.com;"),
    ):
        assert wrong in mended
        left.write_text(mended := mended.replace(wrong, right), "utf-8")
    report = taken(desk, left)
    assert (report.bad, report.added) == ((), 5)
    assert desk.accounts.account("u2").user.name == 'Bert; called\n"Bo"'
    assert desk.accounts.account("u3").user.name == "=1+1"


def test_rows_of_json_are_left_out_as_rows_of_json(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "users.jsonl"
    good = {"user_id": "u1", "email": "ä@example.com", "name": "A",
            "registered_at": "2025-11-20T10:00:00Z"}  # fmt: skip
    rows = [json.dumps(good | {"email": "Ä"}, ensure_ascii=False), '{"user_id": "u2",}', "[1]",
            json.dumps(good | {"user_id": "\ud800"})]  # fmt: skip
    path.write_text("\n\n".join(rows) + "\n", "utf-8")
    report = desk.imports.users(path)
    left = saved(desk, path, report)
    lines = left.read_text("utf-8").splitlines()
    assert len(lines) == 4
    first = json.loads(lines[0])
    assert (first.pop("left_out_line"), "mail address" in first.pop("left_out_because")) == (
        1,
        True,
    )
    assert first == good | {"email": "Ä"}
    assert lines[1].startswith('{"left_out_line": 3, "left_out_because": "')
    assert lines[1].endswith('"user_id": "u2",}')
    assert lines[2] == "[1]"
    assert '"user_id": "\\ud800"' in lines[3]
    left.write_text(lines[0].replace('"Ä"', '"a@example.com"'), "utf-8")
    assert desk.imports.users(left).added == 1


def test_rows_of_a_file_that_was_changed_meanwhile_are_not_saved(
    desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "users.csv"
    path.write_text("user_id,email\nu1,x\n", "utf-8")
    with pytest.raises(BadFile, match="changed since it was read"):
        desk.imports.left_out(path, {2: "why", 9: "why"})
