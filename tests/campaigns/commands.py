"""Hostile words into every command: one error document, nothing changed, never our own mistake."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from random import Random

from app.cli import main
from tests.campaigns.doors import NOW

STAFF = "fuzz@x.example"
HERE = "{}"
"""Where the hostile word goes."""
GIVE = ("--reason", "goodwill", "--note", "n", "--ticket", "T-1")
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("user", "add", HERE, "--email", "n@x.example", "--name", "N"),
    ("user", "add", "usr_n", "--email", HERE, "--name", "N"),
    ("user", "add", "usr_n", "--email", "n@x.example", "--name", HERE),
    ("user", "add", "usr_n", "--email", "n@x.example", "--name", "N", "--referral-code", HERE),
    ("user", "add", "usr_n", "--email", "n@x.example", "--name", "N", "--at", HERE),
    ("user", "find", HERE),
    ("user", "find", "a", "--limit", HERE),
    ("user", "show", HERE),
    ("user", "show", "usr_1", "--at", HERE),
    ("user", "plan", HERE, "plus"),
    ("user", "plan", "usr_1", HERE),
    ("user", "plan", "usr_1", "plus", "--at", HERE),
    ("charge", HERE, "ghostface", "--key", "k"),
    ("charge", "usr_1", HERE, "--key", "k"),
    ("charge", "usr_1", "ghostface", "--key", HERE),
    ("charge", "usr_1", "ghostface", "--key", "k", "--quantity", HERE),
    ("charge", "usr_1", "ghostface", "--key", "k", "--at", HERE),
    ("outcome", HERE, "failed"),
    ("outcome", "paid", HERE),
    ("refund", HERE, "--reason", "goodwill"),
    ("refund", "1", "--reason", HERE),
    ("refund", "1", "--reason", "goodwill", "--note", HERE),
    ("grant", HERE, "5", *GIVE),
    ("grant", "usr_1", HERE, *GIVE),
    ("grant", "usr_1", "5", *GIVE, "--expires", HERE),
    ("grant", "usr_1", "5", "--reason", HERE, "--note", "n", "--ticket", "T-1"),
    ("void", HERE, "--reason", "goodwill"),
    ("void", "1", "--reason", HERE),
    ("requests", "show", HERE),
    ("requests", "claim", HERE),
    ("requests", "diagnose", HERE),
    ("requests", "open", HERE, "--ticket", "T-9", "--message", "m"),
    ("requests", "open", "usr_1", "--ticket", HERE, "--message", "m"),
    ("requests", "open", "usr_1", "--ticket", "T-9", "--message", HERE),
    ("requests", "list", "--text", HERE),
    ("requests", "list", "--category", HERE),
    ("requests", "list", "--older-than", HERE),
    ("requests", "resolve", HERE, "decline"),
    ("requests", "resolve", "1", HERE),
    ("requests", "resolve", "1", "grant", "--credits", HERE),
    ("requests", "resolve", "1", "refund", "--charge", HERE),
    ("requests", "match", "1", HERE),
    ("requests", "numbers", HERE, "2026-03-15"),
    ("requests", "import", HERE),
    ("refund-failed", "--day", HERE),
    ("refund-failed", "--feature", HERE),
    ("prices", "show", "--at", HERE),
    ("prices", "export", HERE),
    ("prices", "export", "out.json", "--version", HERE),
    ("prices", "diff", HERE),
    ("prices", "publish", HERE, "--note", "n"),
    ("prices", "publish", "pricing.json", "--note", HERE),
    ("prices", "publish", "pricing.json", "--note", "n", "--from", HERE),
    ("prices", "withdraw", HERE),
    ("import", "users", HERE),
    ("import", "usage", HERE),
    ("import", "plans", HERE, "--zone", "UTC"),
    ("import", "usage", "usage.csv", "--zone", HERE),
    ("report", HERE, "2026-03"),
    ("report", "2026-01", HERE),
    ("report", "2026-01", "2026-03", "--by", HERE),
    ("report", "2026-01", "2026-03", "--measure", HERE),
    ("statement", HERE),
    ("release-month", HERE),
    ("staff", "add", HERE, "qa"),
    ("staff", "add", "b@x.example", HERE),
    ("staff", "role", HERE, "qa"),
    ("staff", "deactivate", HERE),
    ("backup", HERE),
    ("restore", HERE),
    (HERE,),
)
# As a shell can hand them over: bytes that are no UTF-8 come as halves of characters.
WORDS = (
    "", " ", "\udcff", "x" * 5_000, "' OR 1=1 --", "<img src=x><b>", "%", '"', "nowhere/at/all",
    "/", ".", "usr_1\n", "\u202eabc", "🔑" * 50, "1e9", "-1", "--", "--help-me", "NaN", "0", "1.5",
    "9" * 30, "2026-02-30", "2026-03-10T12:00", "9999-12-31", "\x1b[31m", "٣", "1_0", "0x10",
)  # fmt: skip


def tries(random: Random, rounds: int) -> list[tuple[tuple[str, ...], str]]:
    """So many commands with a hostile word each; all of them where ``rounds`` is 0."""
    every = [(command, word) for command in COMMANDS for word in WORDS]
    return random.sample(every, min(rounds, len(every))) if rounds else every


def run_command(database: Path, command: tuple[str, ...], word: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of one command in this process."""
    words = [word if part == HERE else part for part in command]
    options = ["--database", str(database), "--staff", STAFF, "--now", NOW.isoformat()]
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([*options, "--json", *words])
    return code, out.getvalue(), err.getvalue()


def problem_with_answer(code: int, out: str, err: str) -> str | None:
    """What is wrong with how a command answered."""
    if code == 0:
        return None
    if code not in {1, 2}:
        return f"exit code {code}"
    if out:
        return f"failed, and yet wrote {out[:80]!r}"
    try:
        error = json.loads(err)["error"]
    except (ValueError, KeyError):
        return f"no error document: {err[:200]!r}"
    if error["code"] == "mistake":
        return f"our own mistake: {error['sentence']!r:.300}"
    return None if error["sentence"].strip() else "an error without a sentence"
