"""The kinds of column there are: STRICT tables know whole numbers, texts and bytes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Text
from sqlmodel import Field


def whole(**named: Any) -> Any:
    """A column of whole numbers: ids, credits, months, instants in milliseconds."""
    return Field(sa_column=_column(Integer, **named))


def text(**named: Any) -> Any:
    """A column of texts."""
    return Field(sa_column=_column(Text, **named))


def blob(**named: Any) -> Any:
    """A column of bytes."""
    return Field(sa_column=_column(LargeBinary, **named))


def _column(
    kind: Any,
    *,
    to: str = "",
    key: bool = False,
    empty: bool = False,
    unique: bool = False,
    name: str | None = None,
) -> Column[Any]:
    """A column: ``to`` what it refers, whether it is (part of) the key, may be empty, is unique."""
    references = [ForeignKey(to)] if to else []
    return Column(
        name,
        kind,
        *references,
        primary_key=key,
        nullable=empty,
        unique=unique or None,
        autoincrement=False if key and kind is Text else "auto",
    )
