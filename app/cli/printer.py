"""What commands write: tables with lines on a terminal, plain aligned text into a pipe.

Texts from data lose whatever a terminal could take for an order.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from app.cli.document import text_of
from app.ui import format as write

RIGHT = ">"
"""A heading that begins so is that of a column of numbers."""


class Printer:
    """Writes values for people, in the billing zone, or as one JSON document."""

    def __init__(self, zone: ZoneInfo, stream: TextIO | None = None) -> None:
        self.zone = zone
        self._stream = stream or sys.stdout

    @property
    def on_terminal(self) -> bool:
        """Whether a person is looking on."""
        return self._stream.isatty()

    def document(self, value: Any) -> None:
        """One JSON document."""
        encoding = (self._stream.encoding or "ascii").lower().replace("-", "")
        self._stream.write(text_of(value, ascii_only=encoding != "utf8"))

    def raw(self, text: str) -> None:
        """Text as it is: a file's content."""
        self._stream.write(text)

    def line(self, text: str = "") -> None:
        """A sentence, or an empty line."""
        self._stream.write(f"{write.paragraph(text)}\n")

    def title(self, text: str) -> None:
        """The heading of what follows, set off by an empty line."""
        self.line()
        self.line(text)

    def facts(self, facts: Iterable[tuple[str, str | None]]) -> None:
        """Names and values, aligned; what has no value is left out."""
        given = [(name, write.paragraph(value)) for name, value in facts if value]
        wide = max((len(name) for name, _ in given), default=0)
        for name, value in given:
            first, *more = value.splitlines() or [""]
            self._stream.write(f"{name:<{wide}}  {first}\n")
            for line in more:
                self._stream.write(f"{'':<{wide}}  {line}\n")

    def table(
        self, headings: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str
    ) -> None:
        """Rows under headings; the sentence ``empty`` where there are none."""
        cells = [[_cell(value) for value in row] for row in rows]
        if not cells:
            self.line(empty)
        elif self.on_terminal:
            self._lined(headings, cells)
        else:
            self._aligned(headings, cells)

    def instant(self, at: datetime | None) -> str:
        """``2026-01-31 12:00:00`` in the billing zone, rounded down; JSON has the milliseconds."""
        if at is None:
            return write.EMPTY
        return at.astimezone(self.zone).replace(tzinfo=None).isoformat(" ", "seconds")

    def exactly(self, at: datetime | None) -> str | None:
        """The instant with the name of the zone."""
        return None if at is None else f"{self.instant(at)} {self.zone.key}"

    @property
    def when(self) -> str:
        """The heading of a column of instants."""
        return f"when ({self.zone.key})"

    def _aligned(self, headings: Sequence[str], cells: list[list[str]]) -> None:
        names = [heading.removeprefix(RIGHT) for heading in headings]
        widths = [max(map(_width, column)) for column in zip(names, *cells, strict=True)]
        for row in (names, *cells):
            parts = [
                " " * (wide - _width(cell)) + cell
                if heading.startswith(RIGHT)
                else cell + " " * (wide - _width(cell))
                for heading, cell, wide in zip(headings, row, widths, strict=True)
            ]
            self._stream.write("  ".join(parts).rstrip() + "\n")

    def _lined(self, headings: Sequence[str], cells: list[list[str]]) -> None:
        from rich import box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
        for heading in headings:
            right = heading.startswith(RIGHT)
            # Numbers are never cut; texts give way.
            table.add_column(
                Text(heading.removeprefix(RIGHT)),
                justify="right" if right else "left",
                no_wrap=right,
                overflow="fold",
            )
        for row in cells:
            table.add_row(*map(Text, row))
        Console(file=self._stream, highlight=False).print(table)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    text = "" if value is None else str(value)
    return write.text(text) if text else ""


def _width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Me", "Mn"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
