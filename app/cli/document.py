"""Values as one JSON document: dataclasses by their attribute names, instants in UTC with ``Z``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from app.domain.calendar import Month

# What a terminal could take for an order, or what could turn a line around, is written as \uXXXX;
# JSON itself only does so below U+0020.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def text_of(value: Any, *, ascii_only: bool = False) -> str:
    """``value`` as the text of one JSON document, indented, with a line end."""
    text = json.dumps(plain(value), ensure_ascii=ascii_only, indent=2)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def plain(value: Any) -> Any:
    """``value`` in what JSON knows: tuples become lists, months ``2026-01``, enums their value."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime):
        return instant(value)
    return _parts(value)


def _parts(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(held) for key, held in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [plain(held) for held in value]
    if is_dataclass(value) and not isinstance(value, type | Month):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return str(value)


def instant(at: datetime) -> str:
    """``2026-01-31T12:00:00Z``; milliseconds only where there are any."""
    utc = at.astimezone(UTC)
    precision = "milliseconds" if utc.microsecond else "seconds"
    return utc.replace(tzinfo=None).isoformat(timespec=precision) + "Z"
