"""Reading files to import: CSV with a header row, or JSON Lines, row by row in bounded chunks."""

from __future__ import annotations

import codecs
import csv
import json
import os
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader, TextIOWrapper
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from app.domain.errors import BadFile, Cancelled
from app.domain.imports import KINDS_IN_WORDS, LEFT_OUT, BadRow, Columns, FileShape
from app.domain.sentences import said
from app.domain.spreadsheets import unguarded
from app.services.json_rows import JsonRows, NoRow

CHUNK = 10_000
"""How many rows are looked up together, and how often progress and stopping are seen to."""
MOST_TEXT = 200
"""How much of a bad row is kept for the report."""
DELIMITERS = (",", ";", "\t", "|")
"""What may stand between the values of a CSV file; the header row shows which does."""
LOOKED_AT = 20
"""How many rows show what a file is like."""
_CONTROLS = frozenset(range(0x20)) - set(b"\t\r\n\v\f")
"""Bytes that no header of a text has, and that nearly every other file begins with."""
_JSON_ENDINGS = frozenset({".jsonl", ".ndjson", ".json"})

Row = tuple[int, Sequence[str]]
"""The line on which a row begins, and its values in the order of ``Columns.every``; absent: ""."""
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file in their order, and those among them that cannot be taken apart.

    ``columns`` has the values of all good rows by column, in the order of ``Columns.every``;
    ``lines`` are the lines on which those rows begin.
    """

    lines: Sequence[int]
    columns: Sequence[Sequence[str]]
    bad: Sequence[BadRow] = ()

    @property
    def rows(self) -> Iterator[Row]:
        """The good rows one by one."""
        return zip(self.lines, zip(*self.columns, strict=True), strict=True)

    def __len__(self) -> int:
        return len(self.lines) + len(self.bad)


class SourceFile:
    """A file that is being imported. ``columns`` names its columns where they differ from ours.

    ``columns`` gives the file's name of a column by our name (an empty one: the file has none),
    ``ignored`` the file's columns that are passed over. Raises ``BadFile``.
    """

    def __init__(
        self,
        path: str | Path,
        wanted: Columns,
        columns: Mapping[str, str] | None = None,
        *,
        ignored: Collection[str] = (),
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        self._path = path_of(path)
        self.wanted = wanted
        self._ignored = frozenset((*ignored, *LEFT_OUT))
        self._names = _names(self._path.name, wanted, columns or {})
        self._progress = progress
        self._stop = stop
        self._done_before = 0.0

    @property
    def name(self) -> str:
        """What the file is called, without its folder."""
        return self._path.name.encode("utf-8", "backslashreplace").decode()

    @property
    def size(self) -> int:
        """How many bytes the file has; 0 where that cannot be told, as of one that is not there."""
        try:
            return self._path.stat().st_size
        except OSError:
            return 0

    def chunks(self) -> Iterator[Chunk]:
        """The rows in chunks. Raises ``BadFile`` before the first, ``Cancelled`` once stopped."""
        with opened(self._path) as file:
            size = max(os.fstat(file.fileno()).st_size, 1)
            self.report(0.0)
            for chunk in self._chunks(file):
                self.report(0.5 * min(file.buffer.tell() / size, 1.0))  # type: ignore[attr-defined]
                yield chunk

    def first(self, count: int) -> tuple[tuple[str, ...], ...]:
        """The first good rows, in the order of our columns; nobody is told of progress."""
        with opened(self._path) as file:
            chunk = next(iter(self._chunks(file)), None)
        return () if chunk is None else tuple(tuple(row) for _, row in islice(chunk.rows, count))

    def report(self, fraction: float) -> None:
        """Say how far the import has come (reading is its first half), unless it was stopped."""
        if self._stop is not None and self._stop.is_set():
            message = said(
                "The import of “{file}” was stopped; nothing of it was kept.", file=self.name
            )
            raise Cancelled(message, file=self.name)
        if self._progress is not None:
            self._progress(self._done_before + (1 - self._done_before) * fraction)

    def report_before(self, fraction: float) -> None:
        """Say how much is done of all before the file is read; what follows goes on from there."""
        self._done_before = fraction
        self.report(0.0)

    def _chunks(self, file: TextIOWrapper) -> Iterator[Chunk]:
        start = beginning(file, self.name)
        if is_json(self._path, start):
            return _in_chunks(self._json_rows(file), len(self.wanted.every))
        return self._csv_chunks(file, delimiter_of(start))

    # CSV ----------------------------------------------------------------------------------------

    def _csv_chunks(self, file: TextIOWrapper, delimiter: str) -> Iterator[Chunk]:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        header = header_of(reader, self.name)
        places = self._places(header)
        width, line = len(header), reader.line_num + 1
        mended = set(LEFT_OUT) <= set(header)
        as_read: Callable[[Any], Any] = itemgetter(*places)
        pick = _unguarded(as_read) if mended else as_read
        while lines := list(islice(file, CHUNK)):
            rows = None if mended else _simple(lines, width, delimiter)
            if rows is None:
                # From here on row by row: a quoted field may go on over many lines.
                reader = csv.reader(chain(lines, file), delimiter=delimiter, strict=True)
                careful = _careful(reader, line, width, pick)
                yield from _in_chunks(careful, len(self.wanted.every))
                return
            columns = [*zip(*rows, strict=True), ("",) * len(rows)]
            yield Chunk(range(line, line + len(rows)), pick(columns))
            line += len(rows)

    def _places(self, header: list[str]) -> list[int]:
        """Where each of our columns stands in a row; behind the last where it is absent."""
        theirs = {name for name in self._names.values() if name}
        for name in header:
            if name in self._ignored:
                continue
            if header.count(name) > 1:
                raise BadFile(
                    said(
                        "The column “{column}” stands twice in “{file}”.",
                        column=name,
                        file=self.name,
                    ),
                    column=name,
                )
            if name not in theirs:
                known = ", ".join(filter(None, self._names.values()))
                message = said(
                    "“{file}” has a column “{column}” that {kind} do not have; the columns "
                    "are {known}.",
                    file=self.name,
                    column=f"{name:.60}",
                    kind=KINDS_IN_WORDS[self.wanted.kind],
                    known=known,
                )
                raise BadFile(message, column=name)
        found = {name: place for place, name in enumerate(header) if name not in self._ignored}
        for ours in self.wanted.required:
            if self._names[ours] not in found:
                column = self._names[ours] or ours
                message = said(
                    "The column “{column}” is missing in “{file}”.", column=column, file=self.name
                )
                raise BadFile(message, column=column)
        places = (found.get(self._names[ours] or "", len(header)) for ours in self.wanted.every)
        return list(places)

    # JSON Lines ---------------------------------------------------------------------------------

    def _json_rows(self, file: TextIOWrapper) -> Iterator[Row | BadRow]:
        taken_apart = JsonRows(self._names, self.wanted.required, self._ignored)
        for line, text in enumerate(file, start=1):
            if not text.strip():
                continue
            try:
                yield line, taken_apart.values(json.loads(text))
            except NoRow as error:
                yield BadRow(line, error.sentence, _cut(text.strip()))
            except (ValueError, RecursionError) as error:
                sentence = said("This is not a row of JSON: {problem}.", problem=str(error))
                yield BadRow(line, sentence, _cut(text.strip()))


def look(path: str | Path) -> FileShape:
    """How a file is written, its columns and its first rows. Raises ``BadFile``."""
    path = path_of(path)
    with opened(path) as file:
        start = beginning(file, path.name)
        size = os.fstat(file.fileno()).st_size
        if is_json(path, start):
            header, rows = _json_look(list(islice(file, LOOKED_AT)))
            return FileShape("JSON Lines", "", header, rows, size)
        delimiter = delimiter_of(start)
        reader = csv.reader(file, delimiter=delimiter)
        header = tuple(header_of(reader, path.name))
        return FileShape("CSV", delimiter, header, tuple(_csv_look(reader)), size)


def _csv_look(reader: Any) -> Iterator[tuple[str, ...]]:
    try:
        for values in islice(reader, LOOKED_AT):
            yield tuple(_cut(value) for value in values)
    except csv.Error:
        return  # the dry run names the line and says why


def _json_look(lines: list[str]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    rows = []
    for line in lines:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict):
            rows.append(row)
    header = tuple(dict.fromkeys(name for row in rows for name in row))
    cells = (tuple(_cut(_shown(row.get(name))) for name in header) for row in rows)
    return header, tuple(cells)


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def header_of(reader: Any, name: str) -> list[str]:
    """The names of the columns, from the first row. Raises ``BadFile``."""
    try:
        return [column.strip() for column in next(reader, [])]
    except csv.Error as error:
        message = said(
            "The header row of “{name}” cannot be read: {error}.", name=name, error=str(error)
        )
        raise BadFile(message, path=name) from error


def delimiter_of(start: str) -> str:
    """What parts the names of the header row: whatever gives most of them, in doubt a comma."""
    header = start.splitlines()[0]

    def names(delimiter: str) -> int:
        try:
            return len(next(csv.reader([header], delimiter=delimiter), []))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=names)


def is_json(path: Path, start: str) -> bool:
    """Whether a file that begins so is JSON Lines."""
    return path.suffix.lower() in _JSON_ENDINGS or start.startswith("{")


def path_of(path: str | Path) -> Path:
    """The path that is meant. Raises ``BadFile``."""
    try:
        return Path(path)
    except TypeError as error:
        message = said("“{path}” is not the name of a file.", path=f"{path!r:.60}")
        raise BadFile(message, path=str(path)) from error


@contextmanager
def opened(path: Path) -> Iterator[TextIOWrapper]:
    """A file to read. Raises ``BadFile`` where it cannot be."""
    try:
        # Bytes that are no UTF-8 come as lone surrogates, which the checks of a row refuse.
        file = path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    with file:
        try:
            yield file
        except OSError as error:
            raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError | ValueError) -> BadFile:
    why = getattr(error, "strerror", None) or error
    return BadFile(
        said("The file “{path}” cannot be read: {why}.", path=path, why=why), path=str(path)
    )


def _simple(lines: list[str], width: int, delimiter: str) -> list[list[str]] | None:
    """The rows of lines that need no care: no quotes, no blank lines, all fields there."""
    if '"' in "".join(lines):
        return None
    try:
        rows = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows if set(map(len, rows)) == {width} else None


def _careful(
    reader: Any, first: int, width: int, pick: Callable[[list[str]], Any]
) -> Iterator[Row | BadRow]:
    """The rows of a reader from line ``first`` on, one by one, each good or bad."""
    while True:
        line = first + reader.line_num
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRow(line, said("This is not a row of CSV: {problem}.", problem=str(error)), "")
            continue
        if len(values) == width:
            values.append("")
            yield line, pick(values)
        elif values:
            sentence = said(
                "The row has {count} fields where the header has {width}.",
                count=len(values),
                width=width,
            )
            yield BadRow(line, sentence, shown(values))


def _unguarded(pick: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same of rows that were left out, whose texts were made harmless when they were saved."""
    return lambda values: tuple(unguarded(value) for value in pick(values))


def _in_chunks(rows: Iterator[Row | BadRow], width: int) -> Iterator[Chunk]:
    while taken := list(islice(rows, CHUNK)):
        good = [row for row in taken if not isinstance(row, BadRow)]
        yield Chunk(
            [line for line, _ in good],
            list(zip(*(values for _, values in good), strict=True)) if good else [()] * width,
            [row for row in taken if isinstance(row, BadRow)],
        )


def _names(file: str, wanted: Columns, columns: Mapping[str, str]) -> dict[str, str]:
    for ours in columns:
        if ours not in wanted.every:
            message = said(
                "{kind} have no column “{ours}” that “{file}” could name otherwise.",
                kind=KINDS_IN_WORDS[wanted.kind],
                ours=ours,
                file=file,
            )
            raise BadFile(message, column=ours)
    return {ours: columns.get(ours, ours) for ours in wanted.every}


def beginning(file: TextIOWrapper, name: str) -> str:
    """The first characters of a file, without taking them from it."""
    first = file.buffer.peek(1024) if isinstance(file.buffer, BufferedReader) else b""
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        message = said("“{name}” is written in UTF-16; save it as UTF-8.", name=name)
        raise BadFile(message, path=name)
    if _CONTROLS & set(first.partition(b"\n")[0]):
        message = said("“{name}” is not a text file: CSV or JSON Lines was expected.", name=name)
        raise BadFile(message, path=name)
    if not first.removeprefix(codecs.BOM_UTF8).strip():
        message = said("“{name}” is empty: a header row or a row of JSON was expected.", name=name)
        raise BadFile(message, path=name)
    return first.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace").lstrip()


def shown(values: Sequence[str]) -> str:
    """A row as a report shows it."""
    return _cut(",".join(values))


def _cut(text: str) -> str:
    clean = text.encode("utf-8", "replace").decode()
    return clean if len(clean) <= MOST_TEXT else clean[: MOST_TEXT - 1] + "…"
