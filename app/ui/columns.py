"""Columns as data: what a table shows of a row, how, and what is copied or exported of it."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Generic, Literal, TypeVar

from app.domain.spreadsheets import harmless
from app.ui import format as write

R = TypeVar("R")
Align = Literal["start", "end"]


@dataclass(frozen=True)
class Column(Generic[R]):
    """One column over rows of `R`.

    `text` is what is shown; `value` (default: the text) what is sorted, copied and exported, where
    numbers stay numbers and instants become ISO 8601 in UTC. `voice` and `ink` are names of the
    theme, `ink` possibly of the row; `chip` gives (words, tone) to draw instead of the text. Where
    `runs_on` says so of a row, the text takes the room of the columns after it, which have nothing.
    `widest` tells texts that there has to be room for, whatever the `width`. `filed` is the title
    in files and on the clipboard, where it is another one.
    """

    key: str
    title: str
    text: Callable[[R], str]
    value: Callable[[R], object] | None = None
    align: Align = "start"
    width: int = 120
    stretch: bool = False
    voice: str = "body"
    ink: str | Callable[[R], str] = "text"
    tip: Callable[[R], str] | None = None
    chip: Callable[[R], tuple[str, str] | None] | None = None
    link: bool = False
    sortable: bool = True
    shown: bool = True
    runs_on: Callable[[R], bool] | None = None
    widest: Callable[[], Sequence[str]] | None = None
    filed: str = ""

    def value_of(self, row: R) -> object:
        """What is sorted, copied and exported."""
        return self.value(row) if self.value else self.text(row)

    def ink_of(self, row: R, text: str | None = None) -> str:
        """The token the text is drawn in: an empty value is always in the third ink."""
        if (self.text(row) if text is None else text) == write.EMPTY:
            return "text3"
        if self.link:
            return "accent_text"
        return self.ink(row) if callable(self.ink) else self.ink


def credits_column(
    key: str,
    title: str,
    amount: Callable[[R], int | None],
    *,
    signed: bool = False,
    width: int = 90,
) -> Column[R]:
    """A column of credits: grouped, right-aligned; signed ones in green when they come in."""
    shape = write.signed if signed else write.credits

    def ink(row: R) -> str:
        return "success" if signed and (amount(row) or 0) > 0 else "text"

    return Column(
        key=key,
        title=title,
        text=lambda row: shape(amount(row)),
        value=amount,
        align="end",
        width=width,
        voice="amount" if signed else "body",
        ink=ink,
    )


def instant_column(
    key: str,
    title: str,
    at: Callable[[R], datetime | None],
    zone: tzinfo,
    now: Callable[[], datetime],
    *,
    room: write.Room = "whole",
    width: int = 120,
    ink: str | Callable[[R], str] = "text",
    sortable: bool = True,
    tip: Callable[[R], str] | None = None,
) -> Column[R]:
    """A column of instants, shown as people chose to see them; the tooltip has them whole.

    A ``{zone}`` in its title is the zone in which they are shown; in files they are in UTC.
    """
    return Column(
        key=key,
        title=title.format(zone=write.zone_name(zone)),
        filed=title.format(zone="UTC"),
        text=lambda row: write.seen(at(row), zone, now(), room),
        value=at,
        width=width,
        ink=ink,
        sortable=sortable,
        tip=tip or (lambda row: write.instant_tip(at(row), zone, now())),
        widest=lambda: write.widest_seen(room),
    )


def exported(value: object) -> str:
    """A value as it stands in a file or on the clipboard, harmless to a spreadsheet.

    A text that begins like a formula gets an apostrophe before it; numbers are left alone.
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, (int, float)):
        return str(value)
    return harmless("" if value == write.EMPTY else str(value))


def csv_lines(columns: Sequence[Column[R]], rows: Iterable[R]) -> Iterator[str]:
    """The rows as lines of CSV, header first: exactly the columns given, in their order."""
    yield _csv_line([column.filed or column.title for column in columns])
    for row in rows:
        yield _csv_line([column.value_of(row) for column in columns])


def copied_text(columns: Sequence[Column[R]], rows: Iterable[R], *, headers: bool) -> str:
    """The rows as a clipboard wants them: cells apart by tabs, one row a line."""
    lines = [[_one_line(column.filed or column.title) for column in columns]] if headers else []
    lines += [[_one_line(column.value_of(row)) for column in columns] for row in rows]
    return "\n".join("\t".join(cells) for cells in lines)


def sort_key(column: Column[R]) -> Callable[[R], tuple[bool, Any]]:
    """A key that puts empty values last and compares text without regard to case."""

    def key(row: R) -> tuple[bool, Any]:
        value = column.value_of(row)
        empty = value is None or value == write.EMPTY
        return (empty, "" if empty else value.casefold() if isinstance(value, str) else value)

    return key


def _csv_line(cells: Sequence[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([exported(cell) for cell in cells])
    return line.getvalue()


def _one_line(value: object) -> str:
    return " ".join(exported(value).split("\t")).replace("\r", " ").replace("\n", " ")
