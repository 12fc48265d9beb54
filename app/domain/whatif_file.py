"""The result of a what-if as text, to be kept with the draft and read again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from app.domain.calendar import Month
from app.domain.whatif import DayOut, Hit, Part, ScheduledList, Side, Touch, WhatIf

_PARTS: dict[str, type] = {
    "features": Part,
    "plans": Part,
    "days": DayOut,
    "touches": Touch,
    "hardest": Hit,
    "scheduled": ScheduledList,
}


def write(result: WhatIf) -> str:
    """The result as one JSON document."""
    return json.dumps(_plain(result), ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> WhatIf:
    """The result of a document that ``write`` made."""
    values = json.loads(text)
    for name, kind in _PARTS.items():
        values[name] = tuple(_made(kind, part) for part in values[name])
    for name in ("against", "record"):
        values[name] = tuple(values[name])
    made: WhatIf = _made(WhatIf, values)
    return made


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, Month):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Month) else value


_READ: dict[str, Callable[[Any], Any]] = {
    "Month": Month.parse,
    "Side": lambda values: _made(Side, values),
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "datetime | None": lambda text: None if text is None else datetime.fromisoformat(text),
}


def _made(kind: Any, values: dict[str, Any]) -> Any:
    """A value of a class from its plain parts, each read as its annotation says."""
    given = {}
    for field in fields(kind):
        reads = _READ.get(str(field.type))
        value = values[field.name]
        given[field.name] = value if reads is None else reads(value)
    return kind(**given)
