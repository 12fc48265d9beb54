"""How a state of a page, dialog or widget is declared, beside what it shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from PySide6.QtWidgets import QWidget

from app.ui.page import Frame

DeskKind = Literal["none", "demo", "empty", "extreme", "read-only"]
"""What stands behind the frame: nothing at all; the demo; a product without users; one whose names,
texts and numbers are extreme (`gallery.extremes`); the demo where it cannot be written."""

Answers = Literal["given", "awaited", "failed"]
"""Whether questions are answered, stay open, or fail."""

Build = Callable[[Frame], QWidget]
Where = Callable[[Any], object]
"""From a desk to the place in a page."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One state of ``of``; ``build`` makes it on a frame over ``desk`` and asks as it likes.

    ``size`` is in pixels; without it a dialog or widget has the size it wants. ``whole`` states are
    drawn in every width, scale and direction, all others light and dark.
    """

    of: type[QWidget]
    state: str
    build: Build
    desk: DeskKind = "none"
    answers: Answers = "given"
    size: tuple[int, int] | None = None
    whole: bool = False

    @property
    def what(self) -> str:
        """What is shown, as part of a file name: ``issue-dialog``, ``users-page``."""
        return _with_hyphens(self.of.__name__)

    @property
    def name(self) -> str:
        """What and in which state, once in the whole gallery: ``issue-dialog.over-the-limit``."""
        return f"{self.what}.{_with_hyphens(self.state)}"


PAGE_SIZE: Final = (1440, 900)


def whole_page(
    key: str,
    of: type[QWidget],
    *,
    ready: Where = lambda _desk: None,
    extreme: Mapping[str, object] | None = None,
    no_empty: bool = False,
) -> tuple[Shown, ...]:
    """The states every page has, in the window: ``key`` is that of its `PageEntry`.

    ``ready`` finds the place in the demo that is drawn in every size; ``extreme`` names further
    states with their places in the database of extremes.
    """
    states: list[Shown] = [
        Shown(of, "ready", in_window(key, ready), "demo", size=PAGE_SIZE, whole=True),
        Shown(of, "loading", in_window(key), "demo", "awaited", PAGE_SIZE),
        Shown(of, "failed", in_window(key), "demo", "failed", PAGE_SIZE),
        Shown(of, "read-only", in_window(key, ready), "read-only", size=PAGE_SIZE),
    ]
    if not no_empty:
        states.append(Shown(of, "empty", in_window(key), "empty", size=PAGE_SIZE))
    for state, place in (extreme or {"extremes": None}).items():
        build = in_window(key, _always(place))
        states.append(Shown(of, state, build, "extreme", size=PAGE_SIZE))
    return tuple(states)


def in_window(key: str, place: Where = lambda _desk: None) -> Build:
    """Build the window with a page in view, at the place that ``place`` finds on its desk."""

    def build(frame: Frame) -> QWidget:
        frame.open_page(key, place(frame.desk))
        return cast("QWidget", frame)

    return build


def nothing(*_told: object) -> None:
    """What a dialog of the gallery calls when it is done: nobody waits for it."""


def _always(place: object) -> Where:
    return lambda _desk: place


def _with_hyphens(name: str) -> str:
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name)
    return re.sub(r"[^a-z0-9]+", "-", apart.lower()).strip("-")
