"""Pictures of every page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from app import display
from app.cli import errors
from app.cli.call import Call
from app.cli.printer import Printer
from app.cli.progress import progress
from app.domain.errors import BadFile
from app.ui import format as write


@dataclass(frozen=True, slots=True)
class Drawn:
    """The pictures that were drawn, by the names of their files."""

    folder: str
    pictures: tuple[str, ...]


def pictures(
    call: Call, out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder for them.")]
) -> None:
    """Draw every page of the demo, light and dark, without a display."""
    try:
        from app.main import pictures as draw
    except ImportError as error:
        errors.say_text("no_qt", display.why_no_qt(error), as_json=call.as_json)
        raise typer.Exit(errors.FAILED) from error
    try:
        with progress(f"Drawing into {out}") as tell:
            files = draw(out, progress=tell)
    except OSError as error:
        message = f"No pictures can be put into “{out}”: {error.strerror or error}."
        raise BadFile(message, path=str(out)) from error
    drawn = Drawn(str(out), tuple(file.name for file in files))
    call.show(drawn, lambda printer: _drawn(printer, drawn))


def _drawn(out: Printer, drawn: Drawn) -> None:
    out.line(f"{write.counted(len(drawn.pictures), 'picture')} are in “{drawn.folder}”.")
