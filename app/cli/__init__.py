"""The command line: ``pixpretty-credits``.

Without a command it opens the window, and loads neither Typer nor Rich for that; a command starts
no Qt unless it draws.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.start import Choice

PROGRAM = "pixpretty-credits"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command (default: the program's own arguments); returns the exit code."""
    try:
        return _main(arguments)
    except KeyboardInterrupt:  # before a command had begun
        return 130


def _main(arguments: Sequence[str] | None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    _give_streams()
    if given == ["--version"]:
        from app import __version__

        print(__version__)
        return 0
    bare = _bare(given)
    if bare is not None:
        return _open_bare(bare)
    from app.cli.running import run

    return run(given)


def open_window(choice: Choice) -> int:
    """Open the window, or say in a sentence why none can open; returns the exit code."""
    from app import display

    reason = display.why_no_window()
    if reason is None:
        try:
            from app.main import run
        except ImportError as error:
            reason = display.why_no_qt(error)
        else:
            return run(choice)
    print(reason, file=sys.stderr)
    return 1


def _open_bare(options: dict[str, str]) -> int:
    from app import start

    return open_window(
        start.Choice(
            database=options.get("--database"),
            staff=options.get("--staff"),
            demo="--demo" in options,
        )
    )


def _bare(given: list[str]) -> dict[str, str] | None:
    """The options of a start without a command; ``None`` for anything that is not plainly one."""
    options: dict[str, str] = {}
    left = list(given)
    while left:
        name, equals, value = left.pop(0).partition("=")
        if name == "--demo" and not equals:
            options[name] = ""
        elif name in {"--database", "--staff"} and (equals or left):
            options[name] = value if equals else left.pop(0)
        else:
            return None
    return None if "--demo" in options and "--database" in options else options


def _give_streams() -> None:
    """Make sure that whatever is written can be written, in any locale and with closed streams."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
