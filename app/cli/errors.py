"""What is said when something fails: one sentence on standard error, never a traceback.

With ``--json`` it is one JSON document on standard error; standard output stays empty.
"""

from __future__ import annotations

import sys
from typing import Any
from zoneinfo import ZoneInfo

from app.cli.printer import Printer
from app.domain.errors import CreditsError, PriceListConflict
from app.domain.price_changes import ThreeWay, side_by_side

FAILED = 1
WRONG_USAGE = 2
STOPPED = 130
"""As a shell has it for a program that was interrupted."""
PIPE_CLOSED = 141
"""As a shell has it for a program whose reader went away."""


def say(error: CreditsError, *, as_json: bool) -> int:
    """Tell a person what they can put right; returns the exit code."""
    rows = _three_lists(error)
    if as_json:
        more = {"differences": rows} if rows else {}
        document(error.code, error.sentence, {**error.values, **more})
        return FAILED
    out = Printer(ZoneInfo("UTC"), sys.stderr)
    out.line(error.sentence)
    if rows:
        out.table(
            ("what", "before", "yours", "published since", "both changed it"),
            ((row.subject, row.base, row.mine, row.theirs, row.clash) for row in rows),
            empty="",
        )
    return FAILED


def document(code: str, sentence: str, values: dict[str, Any] | None = None) -> None:
    """An error as one JSON document."""
    error = {"code": code, "sentence": sentence, "values": values or {}}
    Printer(ZoneInfo("UTC"), sys.stderr).document({"error": error})


def say_text(code: str, sentence: str, *, as_json: bool) -> None:
    """Tell a person what has no class of ours."""
    if as_json:
        document(code, sentence)
    else:
        Printer(ZoneInfo("UTC"), sys.stderr).line(sentence)


def log_and_say(error: BaseException, *, as_json: bool) -> int:
    """Write our own mistake, or the machine's, to the log, and say calmly that it happened."""
    from app import start
    from app.ui.errors import log_mistake, start_log, stop_log, trouble_of

    trouble = trouble_of(error)
    sentence = trouble.sentence
    if trouble.blame == "us":
        try:
            log = start_log(start.data_folder())
            log_mistake(error)
            stop_log()
            sentence += f" The details are in “{log}”."
        except OSError:
            sentence += f" ({type(error).__name__})"
    say_text(
        "machine_failed" if trouble.blame == "machine" else "mistake", sentence, as_json=as_json
    )
    return FAILED


def _three_lists(error: CreditsError) -> tuple[ThreeWay, ...]:
    if not isinstance(error, PriceListConflict):
        return ()
    return side_by_side(error.base, error.mine, error.theirs)
