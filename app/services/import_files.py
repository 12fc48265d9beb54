"""Reading files to import: CSV with a header row, or JSON Lines, row by row in bounded chunks."""

from __future__ import annotations

import codecs
import csv
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader, TextIOWrapper
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from app.domain.errors import BadFile, Cancelled
from app.domain.imports import BadRow, Columns

CHUNK = 10_000
"""How many rows are looked up together, and how often progress and stopping are seen to."""
MOST_TEXT = 200
"""How much of a bad row is kept for the report."""
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

    ``columns`` gives the file's name of a column by our name. Raises ``BadFile``.
    """

    def __init__(
        self,
        path: str | Path,
        wanted: Columns,
        columns: Mapping[str, str] | None = None,
        *,
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        try:
            self._path = Path(path)
        except TypeError as error:
            message = f"“{path!r:.60}” is not the name of a file."
            raise BadFile(message, path=str(path)) from error
        self.wanted = wanted
        self._names = _names(self._path.name, wanted, columns or {})
        self._progress = progress
        self._stop = stop

    @property
    def name(self) -> str:
        """What the file is called, without its folder."""
        return self._path.name.encode("utf-8", "backslashreplace").decode()

    def chunks(self) -> Iterator[Chunk]:
        """The rows in chunks. Raises ``BadFile`` before the first, ``Cancelled`` once stopped."""
        with self._opened() as file:
            size = max(os.fstat(file.fileno()).st_size, 1)
            self.report(0.0)
            for chunk in self._chunks(file):
                self.report(0.5 * min(file.buffer.tell() / size, 1.0))  # type: ignore[attr-defined]
                yield chunk

    def report(self, fraction: float) -> None:
        """Say how far the import has come (reading is its first half), unless it was stopped."""
        if self._stop is not None and self._stop.is_set():
            message = f"The import of “{self.name}” was stopped; nothing of it was kept."
            raise Cancelled(message, file=self.name)
        if self._progress is not None:
            self._progress(fraction)

    @contextmanager
    def _opened(self) -> Iterator[TextIOWrapper]:
        try:
            # Bytes that are no UTF-8 come as lone surrogates, which the checks of a row refuse.
            file = self._path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
        except (OSError, ValueError) as error:
            raise self._unreadable(error) from error
        with file:
            try:
                yield file
            except OSError as error:
                raise self._unreadable(error) from error

    def _unreadable(self, error: OSError | ValueError) -> BadFile:
        why = getattr(error, "strerror", None) or error
        return BadFile(f"The file “{self._path}” cannot be read: {why}.", path=str(self._path))

    def _chunks(self, file: TextIOWrapper) -> Iterator[Chunk]:
        start = _beginning(file, self.name)
        if self._path.suffix.lower() in _JSON_ENDINGS or start.startswith("{"):
            return _in_chunks(self._json_rows(file), len(self.wanted.every))
        return self._csv_chunks(file)

    # CSV ----------------------------------------------------------------------------------------

    def _csv_chunks(self, file: TextIOWrapper) -> Iterator[Chunk]:
        reader = csv.reader(file, strict=True)
        try:
            header = next(reader, [])
        except csv.Error as error:
            message = f"The header row of “{self.name}” cannot be read: {error}."
            raise BadFile(message, path=self.name) from error
        places = self._places([name.strip() for name in header])
        pick, width = itemgetter(*places), len(header)
        line = reader.line_num + 1
        while lines := list(islice(file, CHUNK)):
            rows = _simple(lines, width)
            if rows is None:
                # From here on row by row: a quoted field may go on over many lines.
                careful = _careful(chain(lines, file), line, width, pick)
                yield from _in_chunks(careful, len(self.wanted.every))
                return
            columns = [*zip(*rows, strict=True), ("",) * len(rows)]
            yield Chunk(range(line, line + len(rows)), pick(columns))
            line += len(rows)

    def _places(self, header: list[str]) -> list[int]:
        """Where each of our columns stands in a row; behind the last where it is absent."""
        theirs = set(self._names.values())
        for name in header:
            if header.count(name) > 1:
                raise BadFile(f"The column “{name}” stands twice in “{self.name}”.", column=name)
            if name not in theirs:
                known = ", ".join(self._names.values())
                message = (
                    f"“{self.name}” has a column “{name:.60}” that {self.wanted.kind} do not have;"
                    f" the columns are {known}."
                )
                raise BadFile(message, column=name)
        for ours in self.wanted.required:
            if self._names[ours] not in header:
                message = f"The column “{self._names[ours]}” is missing in “{self.name}”."
                raise BadFile(message, column=self._names[ours])
        return [
            header.index(self._names[ours]) if self._names[ours] in header else len(header)
            for ours in self.wanted.every
        ]

    # JSON Lines ---------------------------------------------------------------------------------

    def _json_rows(self, file: TextIOWrapper) -> Iterator[Row | BadRow]:
        known = {theirs: place for place, theirs in enumerate(self._names.values())}
        for line, text in enumerate(file, start=1):
            if not text.strip():
                continue
            try:
                yield line, self._json_values(json.loads(text), known)
            except (ValueError, RecursionError) as error:
                yield BadRow(line, f"This is not a row of JSON: {error}.", _cut(text.strip()))

    def _json_values(self, row: Any, known: Mapping[str, int]) -> list[str]:
        if not isinstance(row, dict):
            raise ValueError("it is not an object in braces")  # noqa: TRY004 - told as one kind
        values = [""] * len(known)
        for name, value in row.items():
            if name not in known:
                raise ValueError(f"there is no column “{name:.60}”")
            values[known[name]] = _text_of(name, value)
        for ours in self.wanted.required:
            if self._names[ours] not in row:
                raise ValueError(f"“{self._names[ours]}” is missing")
        return values


def _simple(lines: list[str], width: int) -> list[list[str]] | None:
    """The rows of lines that need no care: no quotes, no blank lines, all fields there."""
    if '"' in "".join(lines):
        return None
    try:
        rows = list(csv.reader(lines, strict=True))
    except csv.Error:
        return None
    return rows if set(map(len, rows)) == {width} else None


def _careful(
    lines: Iterator[str], first: int, width: int, pick: Callable[[list[str]], Any]
) -> Iterator[Row | BadRow]:
    """The rows of lines from line ``first`` on, one by one, each good or bad."""
    reader = csv.reader(lines, strict=True)
    while True:
        line = first + reader.line_num
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRow(line, f"This is not a row of CSV: {error}.", "")
            continue
        if len(values) == width:
            values.append("")
            yield line, pick(values)
        elif values:
            sentence = f"The row has {len(values)} fields where the header has {width}."
            yield BadRow(line, sentence, shown(values))


def _in_chunks(rows: Iterator[Row | BadRow], width: int) -> Iterator[Chunk]:
    while taken := list(islice(rows, CHUNK)):
        good = [row for row in taken if not isinstance(row, BadRow)]
        yield Chunk(
            [line for line, _ in good],
            list(zip(*(values for _, values in good), strict=True)) if good else [()] * width,
            [row for row in taken if isinstance(row, BadRow)],
        )


def _text_of(name: str, value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f"“{name}” is {value!r:.60}, neither a text nor a whole number")


def _names(file: str, wanted: Columns, columns: Mapping[str, str]) -> dict[str, str]:
    for ours in columns:
        if ours not in wanted.every:
            message = f"{wanted.kind} have no column “{ours}” that “{file}” could name otherwise."
            raise BadFile(message, column=ours)
    return {ours: columns.get(ours, ours) for ours in wanted.every}


def _beginning(file: TextIOWrapper, name: str) -> str:
    """The first characters of a file, without taking them from it."""
    first = file.buffer.peek(1024) if isinstance(file.buffer, BufferedReader) else b""
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        message = f"“{name}” is written in UTF-16; save it as UTF-8."
        raise BadFile(message, path=name)
    if not first.removeprefix(codecs.BOM_UTF8).strip():
        message = f"“{name}” is empty: a header row or a row of JSON was expected."
        raise BadFile(message, path=name)
    return first.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace").lstrip()


def shown(values: Sequence[str]) -> str:
    """A row as a report shows it."""
    return _cut(",".join(values))


def _cut(text: str) -> str:
    clean = text.encode("utf-8", "replace").decode()
    return clean if len(clean) <= MOST_TEXT else clean[: MOST_TEXT - 1] + "…"
