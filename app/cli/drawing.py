"""Pictures of every page, dialog and widget, and what is different in them."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app import display
from app.cli import errors
from app.cli.call import Call
from app.cli.printer import Printer
from app.cli.progress import progress
from app.domain.errors import BadFile, InvalidValue
from app.ui import format as write
from app.ui.language import VARIABLE, known

if TYPE_CHECKING:  # what knows Qt is imported once something is drawn
    from app.ui.gallery.comparing import Compared
    from app.ui.gallery.manifest import Drawn
    from app.ui.gallery.matrix import Picture

Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="PATTERN",
        help="Draw only pictures with this in their name, or fitting it with * and ?.",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", min=1, metavar="N", help="Draw in so many processes at a time."),
]
Against = Annotated[
    Path | None,
    typer.Option(
        "--against",
        metavar="DIR",
        help="Compare with the references there, and write OUT/comparison.html.",
    ),
]
Accept = Annotated[
    list[str] | None,
    typer.Option("--accept", metavar="NAME|all", help="Take a different picture for right."),
]
Language = Annotated[
    str | None,
    typer.Option(
        "--language",
        metavar="CODE",
        help="Draw in a language there is a catalogue of; pseudo is a made-up one.",
    ),
]
Readme = Annotated[
    bool, typer.Option("--readme", help="Draw the pictures of the README, under their names.")
]


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures that were drawn, by the names of their files."""

    folder: str
    pictures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The pictures that were drawn, and what is different in them from the references."""

    folder: str
    pictures: tuple[str, ...]
    page: str
    different: tuple[Compared, ...]
    accepted: tuple[str, ...]


def pictures(
    call: Call,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder for them.")],
    *,
    only: Only = None,
    jobs: Jobs = None,
    against: Against = None,
    accept: Accept = None,
    readme: Readme = False,
    language: Language = None,
) -> None:
    """Draw every page, dialog and widget in every state, without a display.

    With --against, what is different from the references ends with exit code 1.
    """
    if accept and against is None:
        raise typer.BadParameter("--accept goes with --against DIR.")
    if language is not None:
        os.environ[VARIABLE] = _known_language(language)
    if readme and (only or against is not None or language is not None):
        raise typer.BadParameter("--readme goes alone.")
    try:
        importlib.import_module("app.main")
    except ImportError as error:
        errors.say_text("no_qt", display.why_no_qt(error), as_json=call.as_json)
        raise typer.Exit(errors.FAILED) from error
    try:
        if readme:
            _show_drawn(call, out, _for_readme(out))
            return
        drawn = _draw(out, _wanted(only or ()), jobs)
        if against is None:
            _show_drawn(call, out, drawn)
        else:
            _compare(call, out, drawn, against, every=not only, accept=accept or ())
    except OSError as error:
        message = f"No pictures can be put into “{out}”: {error.strerror or error}."
        raise BadFile(message, path=str(out)) from error


def _known_language(code: str) -> str:
    """A language by its code: the processes that draw find it in their environment."""
    if code not in known():
        message = f"No texts are there in “{code}”. There are: {', '.join(known())}."
        raise InvalidValue(message, field="language", value=code)
    return code


def _wanted(patterns: Sequence[str]) -> list[Picture]:
    from app.ui.gallery.finding import every_shown
    from app.ui.gallery.matrix import fitting, matrix

    every = matrix(every_shown())
    for pattern in patterns:
        if not fitting(every, pattern):
            message = f"No picture has “{pattern}” in its name."
            raise InvalidValue(message, field="only", value=pattern)
    if not patterns:
        return list(every)
    found = {one.name for pattern in patterns for one in fitting(every, pattern)}
    return [one for one in every if one.name in found]


def _draw(out: Path, wanted: Sequence[Picture], jobs: int | None) -> list[Drawn]:
    from app.main import pictures as draw
    from app.ui.gallery.manifest import write_manifest

    with progress(f"Drawing into {out}") as tell:
        drawn = draw(out, wanted, jobs=jobs or os.cpu_count() or 1, progress=tell)
    write_manifest(out, drawn)
    return drawn


def _for_readme(out: Path) -> list[Drawn]:
    from app.main import pictures as draw
    from app.ui.gallery.readme import draw_for_readme

    return draw_for_readme(draw, out)


def _compare(
    call: Call,
    out: Path,
    drawn: list[Drawn],
    against: Path,
    *,
    every: bool,
    accept: Sequence[str],
) -> None:
    from app.ui.gallery import comparing, references, report

    known = references.read_references(against)
    compared = comparing.compare(known, out, drawn, every=every)
    page = report.write_report(compared, known, out)
    try:
        taken = comparing.accepted(compared, accept)
    except KeyError as error:
        message = f"“{error.args[0]}” is no picture that is different; nothing was taken over."
        raise InvalidValue(message, field="accept", value=error.args[0]) from error
    names = {one.name for one in taken}
    gone = [one.name for one in taken if one.verdict is comparing.Verdict.GONE]
    if taken:
        references.accept(known, out, [one for one in drawn if one.name in names], gone)
    different = [one for one in compared if one.verdict is not comparing.Verdict.SAME]
    left = tuple(one for one in different if one.name not in names)
    told = Comparison(str(out), _files(drawn), str(page), left, tuple(sorted(names)))
    call.show(told, lambda printer: _compared(printer, told, report.sentence))
    if left:
        raise typer.Exit(errors.FAILED)


def _show_drawn(call: Call, out: Path, drawn: list[Drawn]) -> None:
    told = Pictures(str(out), _files(drawn))
    count = write.counted(len(drawn), "picture")
    call.show(told, lambda printer: printer.line(f"{count} in “{told.folder}”."))


def _files(drawn: Sequence[Drawn]) -> tuple[str, ...]:
    return tuple(one.file for one in drawn)


def _compared(printer: Printer, told: Comparison, words: Callable[[Compared], str]) -> None:
    for one in told.different:
        printer.line(f"{one.name}: {words(one)}")
    if told.accepted:
        printer.line(f"{write.counted(len(told.accepted), 'picture')} taken for right.")
    count = write.counted(len(told.different), "picture")
    printer.line(f"{count} of {write.credits(len(told.pictures))} different: “{told.page}”.")
