"""Texts in files that a spreadsheet may open: none of them may begin like a formula."""

from __future__ import annotations

from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "＝", "＋", "－", "＠")
_UNSEEN: Final = " \x00\u200b\u2060\ufeff"
"""What a spreadsheet may pass over before it looks for a formula."""
_GUARD: Final = "'"


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where it begins like a formula."""
    return f"{_GUARD}{text}" if _like_formula(text.lstrip(_GUARD)) else text


def unguarded(text: str) -> str:
    """The text that ``harmless`` was given."""
    guarded = text.startswith(_GUARD) and _like_formula(text.lstrip(_GUARD))
    return text.removeprefix(_GUARD) if guarded else text


def _like_formula(text: str) -> bool:
    return text.lstrip(_UNSEEN).startswith(_FORMULA)
