"""Which pictures there are: every state in each of its looks, and what their files are called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product
from typing import Final, Literal

from app.ui.gallery.shown import Shown
from app.ui.pictures import SIZES

Scale = Literal[1, 2]
SCALES: Final[tuple[Scale, ...]] = (1, 2)


@dataclass(frozen=True, slots=True, order=True)
class Look:
    """How a picture is taken. ``width`` and ``height`` are 0 for the state's own size."""

    dark: bool = False
    scale: Scale = 1
    right_to_left: bool = False
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the matrix."""

    shown: Shown
    look: Look

    @property
    def name(self) -> str:
        """What its file is called, without the suffix: ``users-page.ready.1440-dark-2x-rtl``."""
        look = self.look
        parts = [
            str(look.width) if look.width else "",
            "dark" if look.dark else "light",
            f"{look.scale}x" if look.scale > 1 else "",
            "rtl" if look.right_to_left else "",
        ]
        return f"{self.shown.name}.{'-'.join(part for part in parts if part)}"


WHOLE: Final = tuple(
    Look(dark, scale, right_to_left, *size)
    for scale, size, right_to_left, dark in product(SCALES, SIZES, (False, True), (False, True))
)
PLAIN: Final = (Look(), Look(dark=True))


def matrix(shown: Iterable[Shown]) -> tuple[Picture, ...]:
    """Every picture of these states."""
    return tuple(Picture(one, look) for one in shown for look in (WHOLE if one.whole else PLAIN))


def fitting(pictures: Iterable[Picture], pattern: str) -> tuple[Picture, ...]:
    """The picture of that name, else those whose name has the pattern in it or fits it."""
    given = tuple(pictures)
    exactly = tuple(one for one in given if one.name == pattern)
    return exactly or tuple(one for one in given if fits(one.name, pattern))


def fits(name: str, pattern: str) -> bool:
    """Whether a name has the pattern in it, or fits it where it has ``*`` or ``?``."""
    wanted = pattern if any(mark in pattern for mark in "*?[") else f"*{pattern}*"
    return fnmatchcase(name, wanted.lower())
