"""What is wrong with how a widget shows texts: read, turned, unseen, or out of the frame."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from html import unescape
from itertools import chain
from typing import Final

from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QHeaderView, QWidget

from tests.ui.gallery.plain_english import Painted, cells, said_by, where
from tests.ui.gallery.plainness import interpreted, is_read

_OPENS, _CLOSES = "\u2068", "\u2069"
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u200e\u200f\u061c")


def wrong_with(whole: QWidget) -> Iterator[str]:
    """A sentence for each text that is more than text, or stands where it cannot be seen."""
    yield from interpreted(whole)
    painted = Painted()
    with painted.heard():
        whole.grab()
    for text in sorted(painted.texts):
        if why := untamed(text):
            yield f"{why} painted in {type(whole).__name__}: {text[:60]!r}"
    for widget in (whole, *whole.findChildren(QWidget)):
        yield from _said(widget)
    yield from beyond(whole)


@cache
def untamed(text: str) -> str:
    """Why a text may not stand among others as it is; empty if it may."""
    if text.startswith("<qt>"):
        return untamed(unescape(re.sub("<[^>]*>", "\n", text)))
    if text.isascii() and text.isprintable():
        return ""
    open_now = 0
    for character in text:
        if character in _TURNING:
            return f"U+{ord(character):04X} turns what follows"
        open_now += (character == _OPENS) - (character == _CLOSES)
        if open_now < 0:
            return "an isolate is closed that nobody opened"
        if unicodedata.category(character) in {"Cc", "Cs"} and character != "\n":
            return f"the control character U+{ord(character):04X}"
    return "" if not open_now else "an isolate is left open"


def _said(widget: QWidget) -> Iterator[str]:
    told = said_by(widget)
    if isinstance(widget, QAbstractItemView) and not isinstance(widget, QHeaderView):
        told = chain(cells(widget), told)
    for part, text in told:
        if part == "tip" and is_read(text):
            yield f"the tooltip of a cell is read in {where(widget)}: {text[:60]!r}"
        # In a menu the keys stand behind a tab.
        words = text.partition("\t")[0] if part == "menu" else text
        if why := untamed(words):
            yield f"{why} as {part} of {where(widget)}: {text[:60]!r}"


def beyond(whole: QWidget) -> Iterator[str]:
    """What lies beyond the side edges of the widget where nothing can be scrolled there."""
    for widget in whole.findChildren(QWidget):
        if not widget.isVisible() or widget.isWindow():
            continue
        holder = _holder(widget, whole)
        left = widget.mapTo(holder, widget.rect().topLeft()).x()
        over = max(-left, left + widget.width() - holder.width())
        if over > 1:
            yield f"{over} px beyond the edge of {type(holder).__name__}: {where(widget)}"


def _holder(widget: QWidget, whole: QWidget) -> QWidget:
    """What has to hold it: the view of an area that does not scroll sideways, or all."""
    parent = widget.parentWidget()
    while parent is not None and parent is not whole:
        above = parent.parentWidget()
        if isinstance(above, QAbstractScrollArea) and above.viewport() is parent:
            return parent
        parent = above
    return whole
