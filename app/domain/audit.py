"""The audit record: what staff did, each record sealed by a hash over it and the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

FIRST = "0" * 64
"""What the first record is chained to."""


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One act: who, when, what, on whom, why, and the values before and after."""

    id: int
    at: datetime
    staff: str
    act: str
    subject_kind: str
    subject: str
    why: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    hash: str = ""


def written(values: Mapping[str, Any]) -> str:
    """Values as the record keeps them: JSON with sorted keys, the same text every time."""
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sealed(previous: str, fields: tuple[object, ...]) -> str:
    """The hash of a record: SHA-256 over the hash before it and its fields, in hexadecimal."""
    text = json.dumps([previous, *fields], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
