"""Runs a command and turns whatever may happen into an exit code."""

from __future__ import annotations

import os
import sys

import typer

from app.cli import PROGRAM, errors
from app.cli.commands import app
from app.domain.errors import CreditsError

UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""What every kind of wrong usage is."""


def run(arguments: list[str]) -> int:
    """Run the command; returns the exit code. No exception leaves it."""
    as_json = "--json" in arguments
    try:
        code = _run(arguments, as_json=as_json)
        sys.stdout.flush()
    except CreditsError as error:
        return errors.say(error, as_json=as_json)
    except (KeyboardInterrupt, typer.Abort):
        code = errors.STOPPED
    except BrokenPipeError:
        _forget_output()
        return errors.PIPE_CLOSED
    except Exception as error:  # noqa: BLE001 - nobody above could say it calmly
        _flush()
        return errors.log_and_say(error, as_json=as_json)
    if code == errors.STOPPED:  # some versions of Typer make an exit code of an interruption
        errors.say_text("stopped", "Stopped.", as_json=as_json)
    return code


def _run(arguments: list[str], *, as_json: bool) -> int:
    root = typer.main.get_command(app)
    try:
        code = root.main(args=arguments, prog_name=PROGRAM, standalone_mode=False)
    except UsageError as error:
        return _wrong_usage(error, as_json=as_json)
    return code if isinstance(code, int) else 0


def _wrong_usage(error: Exception, *, as_json: bool) -> int:
    sentence = error.format_message()  # type: ignore[attr-defined] # as every wrong usage has
    context = getattr(error, "ctx", None)
    path = PROGRAM if context is None else context.command_path
    errors.say_text("wrong_usage", f"{sentence}\nSee “{path} --help”.", as_json=as_json)
    return errors.WRONG_USAGE


def _flush() -> None:
    try:
        sys.stdout.flush()
    except OSError:
        _forget_output()


def _forget_output() -> None:
    """What is left to write goes nowhere, so that the interpreter does not fail over it again."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # a stream without a file has nothing that could fail
        return
