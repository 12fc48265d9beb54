"""A row of JSON Lines as a file to import has it: an object with the columns that are known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from app.domain.sentences import said


class NoRow(Exception):
    """A line of JSON that is no row of ours; ``sentence`` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class JsonRows:
    """Takes rows apart. ``names`` has the file's name of each of our columns, empty for none."""

    def __init__(
        self, names: Mapping[str, str], required: Collection[str], ignored: Collection[str]
    ) -> None:
        self._names = names
        self._required = required
        self._ignored = ignored
        self._places = {
            theirs: place
            for place, theirs in enumerate(names.values())
            if theirs and theirs not in ignored
        }

    def values(self, row: Any) -> list[str]:
        """The values of a row in the order of our columns; absent: "". Raises ``NoRow``."""
        if not isinstance(row, dict):
            raise NoRow(said("This is not a row of JSON: it is not an object in braces."))
        values = [""] * len(self._names)
        for name, value in row.items():
            if name in self._ignored:
                continue
            if name not in self._places:
                message = said(
                    "This is not a row of JSON: there is no column “{column}”.",
                    column=f"{name:.60}",
                )
                raise NoRow(message)
            values[self._places[name]] = _text_of(name, value)
        for ours in self._required:
            theirs = self._names[ours]
            if theirs not in self._places or theirs not in row:
                message = said(
                    "This is not a row of JSON: “{column}” is missing.", column=theirs or ours
                )
                raise NoRow(message)
        return values


def _text_of(name: str, value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    message = said(
        "This is not a row of JSON: “{column}” is {value}, neither a text nor a whole number.",
        column=name,
        value=f"{value!r:.60}",
    )
    raise NoRow(message)
