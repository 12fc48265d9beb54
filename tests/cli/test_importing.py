"""Importing files, taking an import back, and proving the books, as processes."""

from __future__ import annotations

import csv
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Program, dump

pytestmark = pytest.mark.slow
SAMPLES = ROOT / "resources" / "samples"


@pytest.fixture(scope="module")
def with_users(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    """A database with the sample users and plans: made once, and copied."""
    program = Program(tmp_path_factory.mktemp("imported"), cache)
    assert program("init").code == 0
    assert program("import", "users", str(SAMPLES / "users.csv"), "--json").json["bad"] == []
    assert program("import", "plans", str(SAMPLES / "plans.csv"), "--json").json["bad"] == []
    return program.folder / program.database


@pytest.fixture
def imported(program: Program, with_users: Path) -> Program:
    """The program with a database of its own that has the sample users and plans."""
    shutil.copy(with_users, program.folder / program.database)
    return program


def test_the_same_file_twice_changes_nothing_and_reversing_refunds_it_once(
    imported: Program,
) -> None:
    usage = str(SAMPLES / "usage.csv")
    first = imported("import", "usage", usage, "--json").json
    assert first["added"] + first["refused"] == first["read"] > 0
    again = imported("import", "usage", usage, "--json").json
    assert (again["same"], again["added"], again["refused"]) == (first["read"], 0, 0)

    number = str(first["import_id"])
    dry = imported("import", "reverse", number, "--json").json
    assert dry["dry_run"] is True
    assert "Nothing was changed" in imported("import", "reverse", number).out
    done = imported("import", "reverse", number, "--yes", "--json").json
    assert (done["charges"], done["credits"]) == (dry["charges"], dry["credits"])
    assert imported("import", "reverse", number, "--yes", "--json").error["code"] == (
        "already_resolved"
    )
    runs = imported("import", "list", "--json").json
    assert [run["kind"] for run in runs] == ["usage", "usage", "plans", "users"]
    proof = imported("verify", "--json").json
    assert (proof["ok"], proof["violations"]) == (True, [])
    assert proof["counts"]["refunds"] == done["charges"]


def test_bad_rows_are_named_with_line_and_reason_and_can_be_saved(imported: Program) -> None:
    file = str(SAMPLES / "usage-with-bad-rows.csv")
    told = imported("import", "usage", file, "--bad-rows", "left-out.csv")
    assert told.code == 0
    assert "Line 3: There is no user “usr_nobody” on record." in told.out
    assert "\x1b" not in told.out + told.err
    with (imported.folder / "left-out.csv").open(encoding="utf-8-sig", newline="") as saved:
        rows = list(csv.DictReader(saved))
    assert rows[0]["left_out_line"] == "3"
    assert rows[0]["left_out_because"] == "There is no user “usr_nobody” on record."
    assert rows[0]["user_id"] == "usr_nobody"
    again = imported("import", "usage", "left-out.csv")  # with its two columns, nothing mended
    assert again.code == 1
    assert "Line 2: There is no user “usr_nobody” on record." in again.out
    (imported.folder / "formula.csv").write_text(
        "user_id,feature,occurred_at,key\n=HYPERLINK(1),ghostface,2026-11-01T00:00:00Z,k\n", "utf-8"
    )
    imported("import", "usage", "formula.csv", "--bad-rows", "harmless.csv")
    assert "'=HYPERLINK" in (imported.folder / "harmless.csv").read_text("utf-8")
    zoned = imported("import", "usage", file, "--zone", "Europe/Berlin", "--json").json
    assert zoned["added"] == 1  # the row without an offset
    refused = imported("import", "usage", file, "--zone", "Mars/Olympus", "--json").error
    assert "Mars/Olympus" in refused["sentence"]
    (imported.folder / "junk.jsonl").write_text("not\njson\n", "utf-8")
    junk = imported("import", "users", "junk.jsonl")
    assert junk.code == 1
    assert "Line 2:" in junk.out
    assert "absent.csv" in imported("import", "users", "absent.csv", "--json").error["sentence"]


def test_a_backup_is_restored_and_what_was_there_is_kept(imported: Program) -> None:
    assert imported("backup", "safe.db", "--json").json == {"path": "safe.db"}
    assert imported("backup", "safe.db").code == 0  # an earlier backup may be replaced
    imported("user", "add", "usr_late", "--email", "l@b.example", "--name", "L")
    done = imported("restore", "safe.db", "--json").json
    assert imported("user", "show", "usr_late").code == 1
    kept = ("--database", done["kept"], "--json")
    assert imported("user", "show", "usr_late", *kept).json["available"] == 12
    assert imported("verify", "--json").json["ok"] is True
    (imported.folder / "notes.txt").write_text("mine", "utf-8")
    for arguments in (("backup", "notes.txt"), ("restore", "notes.txt"), ("restore", "absent.db"),
                      ("backup", "credits.db"), ("backup", "no/folder/x.db")):  # fmt: skip
        refused = imported(*arguments)
        assert (refused.code, refused.out) == (1, "")
        assert Path(arguments[1]).name in refused.err
    assert (imported.folder / "notes.txt").read_text("utf-8") == "mine"


def test_a_look_inside_a_backup_says_what_would_be_lost_and_changes_nothing(
    imported: Program,
) -> None:
    imported("backup", "safe.db")
    imported("user", "add", "usr_late", "--email", "l@b.example", "--name", "L")
    found = imported("restore", "safe.db", "--dry-run", "--json").json
    assert (found["related"], found["lost_acts"], found["proof"]["ok"]) == (True, 2, True)
    assert found["now"]["tally"]["users"] == found["content"]["tally"]["users"] + 1
    told = imported("restore", "safe.db", "--dry-run").out
    assert "2 acts of staff would be lost" in told
    assert told.endswith("Nothing was changed.\n")
    assert imported("user", "show", "usr_late").code == 0
    assert "absent.db" in imported("restore", "absent.db", "--dry-run", "--json").error["sentence"]


def test_a_daily_backup_is_made_once_a_day_and_the_oldest_is_removed(imported: Program) -> None:
    folder = imported.folder / "daily"
    assert "daily" in imported("backup", "daily", "--daily", "--json").error["sentence"]
    folder.mkdir()
    first = imported("backup", "daily", "--daily", "--json").json
    assert (first["made"], first["removed"]) == (True, [])
    assert not imported("backup", "daily", "--daily", "--json").json["made"]
    made = Path(first["newest"]["path"]).name
    old = folder / (made[:-22] + "2020-01-01" + made[-12:])
    (imported.folder / "daily" / made).rename(old)
    again = imported("backup", "daily", "--daily", "--keep", "1").out
    assert f"{old.name}” is removed" in again
    assert [path.name for path in folder.iterdir()] == [made]


def test_a_dry_run_of_an_import_says_what_it_would_do(imported: Program) -> None:
    (imported.folder / "more.csv").write_text(
        "uid;email;name;registered_at;shoes\nu9;u9@b.example;N;2026-11-01T00:00:00Z;44\n", "utf-8"
    )
    how = ("more.csv", "--column", "user_id=uid", "--ignore", "shoes")
    told = imported("import", "users", *how, "--dry-run").out
    assert "A dry run: 1 row of “more.csv” read: 1 added" in told
    assert told.endswith("Nothing was changed.\n")
    assert imported("user", "show", "u9").code == 1
    assert imported("import", "users", *how, "--json").json["added"] == 1
    refused = imported("import", "users", "more.csv", "--column", "user_id=uid")
    assert "shoes" in refused.err


def test_somebody_comes_back_on_duty_and_a_new_database_may_have_a_zone_of_its_own(
    imported: Program,
) -> None:
    imported("staff", "add", "zoe@pixpretty.example", "qa")
    imported("staff", "deactivate", "zoe@pixpretty.example")
    back = imported("staff", "reactivate", "zoe@pixpretty.example", "--json").json
    assert (back["role"], back["active"]) == ("qa", True)
    made = imported("init", "--database", "tokyo.db", "--zone", "Asia/Tokyo", "--json").json
    assert made["zone"] == "Asia/Tokyo"
    odd = imported("init", "--database", "mars.db", "--zone", "Mars/Olympus", "--json").error
    assert "Mars/Olympus" in odd["sentence"]
    assert not (imported.folder / "mars.db").exists()


def test_columns_may_have_other_names_in_the_file(imported: Program) -> None:
    file = imported.folder / "theirs.jsonl"
    file.write_text('{"uid": "usr_s001", "plan": "pro", "when": "2026-11-01T00:00:00Z"}\n', "utf-8")
    renamed = ("--column", "user_id=uid", "--column", "at=when")
    assert imported("import", "plans", str(file), *renamed, "--json").json["read"] == 1
    odd = imported("import", "plans", str(file), "--column", "uid")
    assert (odd.code, odd.out) == (1, "")
    assert "“uid”" in odd.err


def test_on_a_terminal_tables_have_lines_and_names_cannot_give_orders(imported: Program) -> None:
    evil = "\x1b[31mRed\x1b]0;owned\x07 [bold]x[/bold]"
    imported("user", "add", "usr_evil", "--email", "e@b.example", "--name", evil)
    plain = imported("user", "find", "usr_evil")
    assert "\x1b" not in plain.out
    seen = on_a_terminal(imported, "user", "find", "usr_evil")
    assert "─" in seen
    assert "[bold]x[/bold]" in seen.replace("\n", "")
    assert "\x1b[31m" not in seen
    assert "\x1b]0;" not in seen
    assert "\\u009b" in imported("user", "add", "u", "--email", "u@b.example", "--name", "a\x9bb",
                                 "--json").out  # fmt: skip


def test_an_import_that_is_interrupted_keeps_nothing_and_says_so(imported: Program) -> None:
    file = imported.folder / "big.csv"
    rows = (f"usr_s001,export_image,2026-11-01T00:00:00Z,k{n}\n" for n in range(300_000))
    file.write_text("user_id,feature,occurred_at,key\n" + "".join(rows), "utf-8")
    imported("release-month")  # what a start counts anew by the clock is counted by now
    before = dump(imported.folder / "credits.db")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "app", "import", "usage", "big.csv"],
        cwd=imported.folder, env=imported.around() | {"TERM": "xterm"},
        stdout=subprocess.DEVNULL, stderr=theirs,
    ) as process:  # fmt: skip
        os.close(theirs)
        seen = b""
        while b"Importing big.csv" not in seen:
            assert select.select([ours], [], [], 60)[0]
            seen += os.read(ours, 65_536)
        process.send_signal(signal.SIGINT)
        said = read_all(ours)
        assert process.wait(60) == 130
    os.close(ours)
    assert "Stopped." in said
    assert "Traceback" not in said
    assert dump(imported.folder / "credits.db") == before


def on_a_terminal(program: Program, *arguments: str) -> str:
    """What a person sees on a terminal of 200 columns."""
    ours, theirs = pty.openpty()
    environment = program.around() | {"TERM": "xterm", "COLUMNS": "200"}
    with subprocess.Popen(
        [sys.executable, "-m", "app", *arguments],
        cwd=program.folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs,
    ) as process:  # fmt: skip
        os.close(theirs)
        seen = read_all(ours)
        assert process.wait(60) == 0
    os.close(ours)
    return seen


def read_all(terminal: int) -> str:
    parts = []
    while select.select([terminal], [], [], 60)[0]:
        try:
            part = os.read(terminal, 65_536)
        except OSError:  # the other side is closed
            break
        if not part:
            break
        parts.append(part)
    return b"".join(parts).decode("utf-8").replace("\r\n", "\n")


def test_what_is_written_survives_any_locale_and_a_reader_that_goes_away(
    imported: Program, tmp_path: Path
) -> None:
    narrow = {
        "LC_ALL": "POSIX",
        "PYTHONUTF8": "0",
        "PYTHONIOENCODING": "ascii",
        "PYTHONCOERCECLOCALE": "0",
    }
    found = imported("user", "find", "KENJI7", **narrow)
    assert found.code == 0
    assert "kenji.tanaka@example.com" in found.out
    assert imported("user", "find", "KENJI7", "--json", **narrow).json[0]["name"] == "田中 健二"
    command = f"{sys.executable} -m app prices show --json | head -c 1"
    piped = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=imported.folder, env=imported.around(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in piped.stderr
    assert "Exception" not in piped.stderr
    full = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m app prices show > /dev/full"],
        cwd=imported.folder, env=imported.around(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert full.returncode == 1
    assert "No space left" in full.stderr
    assert "Traceback" not in full.stderr
    closed = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m app user find a --json >&-"],
        cwd=imported.folder, env=imported.around(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in closed.stderr
