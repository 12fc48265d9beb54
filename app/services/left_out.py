"""The rows of a file that were left out, as they stand in it: to be mended and imported again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from app.domain.errors import BadFile
from app.domain.imports import LEFT_OUT
from app.domain.sentences import said
from app.domain.spreadsheets import harmless, unguarded
from app.services.import_files import beginning, delimiter_of, header_of, is_json, opened, path_of


def left_out(path: str | Path, why: Mapping[int, str]) -> bytes:
    """The rows that begin on these lines, written as the file is, each with its line and why.

    The two columns of ``LEFT_OUT`` come first; an import passes over them. A row that cannot be
    taken apart stands as it is, after them. Raises ``BadFile``.
    """
    path = path_of(path)
    with opened(path) as file:
        start = beginning(file, path.name)
        if is_json(path, start):
            header, encoding, rows = "", "utf-8", list(_json_rows(file, why))
        else:
            # With its mark before the text, a spreadsheet reads the letters right.
            encoding = "utf-8-sig"
            header, *rows = _csv_rows(file, path.name, delimiter_of(start), why)
    if len(rows) != len(why):
        message = said("“{file}” was changed since it was read; import it again.", file=path.name)
        raise BadFile(message, path=str(path))
    return "".join((header, *rows)).encode(encoding, "backslashreplace")


def _csv_rows(
    file: Iterable[str], name: str, delimiter: str, why: Mapping[int, str]
) -> Iterator[str]:
    """The header, then the rows."""
    taken: list[str] = []
    reader = csv.reader(_noted(file, taken), delimiter=delimiter, strict=True)
    header = header_of(reader, name)
    own = {place for place, column in enumerate(header) if column in LEFT_OUT}

    def line_of(marks: Iterable[object], values: Iterable[str]) -> str:
        text = io.StringIO()
        rest = [value for place, value in enumerate(values) if place not in own]
        csv.writer(text, delimiter=delimiter, lineterminator="\n").writerow([*marks, *rest])
        return text.getvalue()

    yield line_of(LEFT_OUT, header)
    while True:
        taken.clear()
        line = reader.line_num + 1
        try:
            values = [harmless(unguarded(cell) if own else cell) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            values = None
        if line not in why:
            continue
        marks = (line, harmless(why[line]))
        if values is not None:
            yield line_of(marks, values)
        else:
            # Saved a second time, it has two such columns before it already.
            before = "" if own else line_of(marks, ()).rstrip("\n") + delimiter
            yield before + "".join(taken).rstrip("\r\n") + "\n"


def _noted(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line


def _json_rows(file: Iterable[str], why: Mapping[int, str]) -> Iterator[str]:
    for line, text in enumerate(file, start=1):
        if line in why:
            yield _marked(text.strip(), dict(zip(LEFT_OUT, (line, why[line]), strict=True))) + "\n"


def _marked(text: str, marks: Mapping[str, object]) -> str:
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        row = None
    if isinstance(row, dict):
        rest = {name: value for name, value in row.items() if name not in marks}
        return json.dumps({**marks, **rest}, ensure_ascii=False)
    if text.startswith("{"):
        return f"{json.dumps(marks, ensure_ascii=False)[:-1]}, {text[1:].lstrip()}"
    return text
