"""Bad input to every command: a sentence with the value, exit code 1, and nothing changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Result, dump

Here = Callable[..., Result]
GIVE = ("--reason", "goodwill", "--note", "n", "--ticket", "T1")

REFUSED = [
    (("user", "add", "usr_1", "--email", "other@b.example", "--name", "B"), "usr_1"),
    (("user", "add", "usr_2", "--email", "nonsense", "--name", "B"), "nonsense"),
    (("user", "add", "u" * 101, "--email", "b@b.example", "--name", "B"), "101"),
    (("user", "add", "usr_2", "--email", "b@b.example", "--name", "B", "--at", "soon"), "soon"),
    (("user", "add", "u2", "--email", "b@b.example", "--name", "B", "--at", "2026-03-11"), "03-11"),
    (("user", "find", "a", "--limit", "0"), "0"),
    (("user", "find", "a", "--limit", "many"), "many"),
    (("user", "find", "\udce4"), "\\udce4"),
    (("user", "show", "usr_9"), "usr_9"),
    (("user", "show", "usr_1", "--at", "2026-13-01"), "2026-13-01"),
    (("user", "show", "usr_1", "--at", "1066-10-14"), "1066"),
    (("user", "plan", "usr_1", "gold"), "gold"),
    (("user", "plan", "usr_9", "plus"), "usr_9"),
    (("charge", "usr_9", "ghostface", "--key", "k"), "usr_9"),
    (("charge", "usr_1", "ghostfac", "--key", "k"), "ghostfac"),
    (("charge", "usr_1", "ghostface", "--key", ""), "key"),
    (("charge", "usr_1", "ghostface", "--key", "k" * 201), "200 characters"),
    (("charge", "usr_1", "ghostface", "--key", "k", "--quantity", "0"), "0"),
    (("charge", "usr_1", "ghostface", "--key", "k", "--quantity", "-3"), "-3"),
    (("charge", "usr_1", "ghostface", "--key", "k", "--quantity", "10001"), "10001"),
    (("charge", "usr_1", "ghostface", "--key", "k", "--quantity", "1.5"), "1.5"),
    (("charge", "usr_1", "ghostface", "--key", "k", "--quantity", "1_0"), "1_0"),
    (("charge", "usr_1", "ghostface", "--key", "k", "--outcome", "maybe"), "maybe"),
    (("charge", "usr_1", "ghostface", "--key", "k", "--at", "2026-03-10T12:06:00Z"), "12:06"),
    (("charge", "usr_1", "remove_bg_single", "--key", "job-1", "--quantity", "2"), "job-1"),
    (("outcome", "job-9", "failed"), "job-9"),
    (("outcome", "job-1", "lost"), "lost"),
    (("refund", "99", "--reason", "goodwill"), "99"),
    (("refund", "x", "--reason", "goodwill"), "x"),
    (("refund", "-1", "--reason", "goodwill"), "-1"),
    (("refund", "9" * 25, "--reason", "goodwill"), "9999"),
    (("refund", "1", "--reason", "because"), "because"),
    (("refund-failed",), "which day"),
    (("refund-failed", "--day", "noon", "--dry-run"), "noon"),
    (("refund-failed", "--feature", "sepia"), "sepia"),
    (("grant", "usr_1", "0", *GIVE), "0 credits"),
    (("grant", "usr_1", "-5", *GIVE), "-5"),
    (("grant", "usr_1", "1000001", *GIVE), "1000001"),
    (("grant", "usr_1", "1e3", *GIVE), "1e3"),
    (("grant", "usr_9", "5", *GIVE), "usr_9"),
    (("grant", "usr_1", "5", *GIVE, "--expires", "never"), "never"),
    (("grant", "usr_1", "5", *GIVE, "--expires", "P3X"), "P3X"),
    (("grant", "usr_1", "5", *GIVE, "--expires", "2y"), "2028"),
    (("grant", "usr_1", "5", *GIVE, "--expires", "2026-03-10"), "2026-03-10"),
    (("grant", "usr_1", "5", *GIVE[:4], "--ticket", " "), "ticket"),
    (("void", "99", "--reason", "goodwill"), "99"),
    (("void", "one", "--reason", "goodwill"), "one"),
    (("approvals", "approve", "7"), "7"),
    (("approvals", "reject", "0"), "0"),
    (("requests", "show", "9"), "9"),
    (("requests", "show", "first"), "first"),
    (("requests", "claim", "-1"), "-1"),
    (("requests", "diagnose", "77"), "77"),
    (("requests", "list", "--view", "bin"), "bin"),
    (("requests", "list", "--category", "lost"), "lost"),
    (("requests", "list", "--plan", "gold"), "gold"),
    (("requests", "list", "--older-than", "-2"), "-2"),
    (("requests", "open", "usr_1", "--ticket", " ", "--message", "m"), "ticket"),
    (("requests", "open", "usr_1", "--ticket", "T", "--message", " "), "message"),
    (("requests", "open", "usr_1", "--ticket", "T", "--message", "m", "--credits", "0"), "0"),
    (("requests", "open", "u", "--ticket", "T", "--message", "m", "--at", "2027-01-01"), "2027"),
    (("requests", "resolve", "1", "ignore"), "ignore"),
    (("requests", "resolve", "9", "decline"), "9"),
    (("requests", "resolve", "1", "grant", "--credits", "many"), "many"),
    (("requests", "match", "9", "usr_1"), "9"),
    (("requests", "sort", "1", "lost"), "lost"),
    (("requests", "reopen", "9"), "9"),
    (("requests", "numbers", "2026-01", "2026-02-01"), "2026-01"),
    (("requests", "numbers", "2026-03-02", "2026-03-01"), "2026-03-02"),
    (("requests", "import", "absent.csv"), "absent.csv"),
    (("ledger", "usr_9"), "usr_9"),
    (("ledger", "usr_1", "--month", "2026-3"), "2026-3"),
    (("ledger", "usr_1", "--kind", "gift"), "gift"),
    (("prices", "show", "--at", "tomorrow"), "tomorrow"),
    (("prices", "export", "no/such/folder.json"), "no/such/folder.json"),
    (("prices", "export", "a.json", "--version", "9"), "9"),
    (("prices", "diff", "absent.json"), "absent.json"),
    (("prices", "publish", "bad.json", "--note", "n"), "features[3].credits is -3"),
    (("prices", "publish", "good.json", "--note", " "), "note"),
    (("prices", "publish", "good.json", "--note", "n", "--from", "2020-01-01"), "2020-01-01"),
    (("prices", "publish", "good.json", "--note", "n", "--based-on", "9"), "9"),
    (("prices", "withdraw", "1"), "1"),
    (("prices", "withdraw", "seven"), "seven"),
    (("staff", "add", "ana@pixpretty.example", "qa"), "ana@pixpretty.example"),
    (("staff", "add", "bo@pixpretty.example", "boss"), "boss"),
    (("staff", "role", "nobody@pixpretty.example", "qa"), "nobody@pixpretty.example"),
    (("staff", "deactivate", "ana@pixpretty.example"), "last admin"),
    (("release-month", "2026-04"), "2026-04"),
    (("release-month", "March"), "March"),
    (("report", "2026-01", "January"), "January"),
    (("report", "2026-03", "2026-01"), "2026-01"),
    (("report", "2026-01", "2026-03", "--by", "colour"), "colour"),
    (("report", "2026-01", "2026-03", "--measure", "joy"), "joy"),
    (("statement", "usr_9"), "usr_9"),
    (("statement", "usr_1", "--month", "2027-01"), "2027-01"),
    (("init",), "credits.db"),
    (("init", "--database", "new.db", "--sandbox", "--pricing", "bad.json"), "is -3"),
    (("init", "--database", "new.db", "--sandbox", "--pricing", "absent.json"), "absent.json"),
    (("init", "--database", "no/such/new.db", "--sandbox"), "no/such"),
    (("init", "--database", ":memory:", "--sandbox"), "memory"),
    (("demo", "credits.db"), "credits.db"),
    (("demo", "new.db", "--users", "-1"), "-1"),
    (("demo", "new.db", "--users", "some"), "some"),
    (("demo", "new.db", "--seed", "1.5"), "1.5"),
    (("demo", "new.db", "--months", "12"), "12"),
    (("demo", "new.db", "--months", "three"), "three"),
    (("demo", "no/such/new.db", "--users", "1"), "no/such"),
    (("import", "users", "absent.csv"), "absent.csv"),
    (("import", "usage", "."), "."),
    (("import", "plans", "plans.csv", "--zone", "Mars/Olympus"), "Mars/Olympus"),
    (("import", "plans", "plans.csv", "--column", "plan"), "plan"),
    (("import", "reverse", "9"), "9"),
    (("import", "reverse", "-9", "--yes"), "-9"),
    (("backup", "good.json"), "good.json"),
    (("backup", "no/such/safe.db"), "safe.db"),
    (("restore", "absent.db"), "absent.db"),
    (("restore", "good.json"), "good.json"),
    (("user", "find", "a", "--database", "absent.db"), "absent.db"),
    (("user", "find", "a", "--database", "."), "."),
    (("user", "find", "a", "--database", "good.json"), "good.json"),
    (("user", "find", "a", "--database", "postgresql://u:secret@host/x"), "postgresql"),
    (("user", "find", "a", "--staff", "eve@pixpretty.example"), "eve@pixpretty.example"),
]  # fmt: skip


@pytest.fixture
def furnished(here: Here, tmp_path: Path) -> Here:
    here("user", "add", "usr_1", "--email", "a@b.example", "--name", "A")
    here("charge", "usr_1", "remove_bg_single", "--key", "job-1")
    here("prices", "export", "good.json")
    (tmp_path / "plans.csv").write_text("user_id,plan,at\n", "utf-8")
    good = (tmp_path / "good.json").read_text("utf-8")
    (tmp_path / "bad.json").write_text(good.replace('"credits": 12', '"credits": -3', 1), "utf-8")
    return here


def test_bad_input_to_every_command_is_a_sentence_with_the_value_and_changes_nothing(
    furnished: Here, tmp_path: Path
) -> None:
    before = dump(tmp_path / "credits.db")
    files = {path.name for path in tmp_path.iterdir()}
    wrong = []
    for arguments, value in REFUSED:
        refused = furnished(*arguments)
        calm = refused.code == 1 and not refused.out and "Traceback" not in refused.err
        named = value in refused.err and "secret" not in refused.err
        if not (calm and named and dump(tmp_path / "credits.db") == before):
            wrong.append((arguments, refused))
    assert wrong == []
    assert {path.name for path in tmp_path.iterdir()} <= files | {"data"}


WRONG_USAGE = [
    ("frobnicate",),
    ("user",),
    ("user", "show"),
    ("user", "show", "usr_1", "usr_2"),
    ("charge", "usr_1", "ghostface"),
    ("charge", "usr_1", "ghostface", "--key", "k", "--colour", "red"),
    ("grant", "usr_1", "5", "--reason", "goodwill"),
    ("grant", "usr_1", "5", *GIVE, "--colour", "red"),
    ("report", "2026-01", "2026-02", "--csv", "--json"),
    ("user", "find", "a", "--demo", "--database", "credits.db"),
]


def test_wrong_usage_is_exit_code_2_and_says_where_help_is(furnished: Here, tmp_path: Path) -> None:
    before = dump(tmp_path / "credits.db")
    told = {arguments: furnished(*arguments) for arguments in WRONG_USAGE}
    assert {args: done for args, done in told.items() if (done.code, done.out) != (2, "")} == {}
    assert [args for args, done in told.items() if "--help" not in done.err] == []
    assert dump(tmp_path / "credits.db") == before


def test_a_frozen_clock_is_refused_on_a_database_that_keeps_real_accounts(
    here: Here, tmp_path: Path
) -> None:
    refused = here("init", "--database", "real.db")
    assert refused.code == 1
    assert "2026-03-10T12:00:00Z" in refused.err
    assert not (tmp_path / "real.db").exists()


def test_an_error_as_json_names_its_code_sentence_and_values(here: Here) -> None:
    error = here("user", "show", "usr_9", "--json").error
    assert error == {
        "code": "unknown_user",
        "sentence": "There is no user “usr_9” on record.",
        "values": {"user_id": "usr_9"},
    }


def test_a_mistake_of_ours_is_said_calmly_and_logged_with_its_traceback(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("cannot divide the credits")

    monkeypatch.setattr("app.services.accounts.Accounts.find", fail)
    told = here("user", "find", "a", "--json")
    assert (told.code, told.out) == (1, "")
    error = json.loads(told.err)["error"]
    assert error["code"] == "mistake"
    log = tmp_path / "data" / "pixpretty-credits" / "pixpretty-credits.log"
    assert str(log) in error["sentence"]
    assert "cannot divide the credits" not in told.err
    written = log.read_text("utf-8")
    assert "Traceback" in written
    assert "cannot divide the credits" in written
    log.unlink()
    log.parent.rmdir()
    log.parent.write_text("in the way", "utf-8")
    assert here("user", "find", "a").code == 1
