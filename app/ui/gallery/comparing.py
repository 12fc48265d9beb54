"""Compares pictures with their references, pixel by pixel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtGui import QImage

from app.ui.gallery.manifest import Drawn
from app.ui.gallery.references import EVERYTHING, References

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

_MARK: Final = (0xE6, 0x00, 0x7A)
"""The colour of what is different: none that the program uses."""
_FADED: Final = 0.25
"""How much of the new picture is seen where nothing is different."""


class Verdict(StrEnum):
    """What became of a picture."""

    SAME = "same"
    CHANGED = "changed"
    MISSING = "missing"
    """Drawn, but there is no reference of it."""
    GONE = "gone"
    """There is a reference of it, but it is not drawn any more."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A picture beside its reference. ``share`` of the pixels is different, from 0 to 1.

    It is 1 where only the hash of the reference is known, or nothing of it.
    """

    name: str
    verdict: Verdict
    share: float = 0.0


def compare(
    references: References, out: Path, drawn: Iterable[Drawn], *, every: bool
) -> list[Compared]:
    """Compare what was drawn into ``out``; with ``every`` nothing that has a reference may miss."""
    drawn = sorted(drawn)
    compared = [_compared(references, out, one) for one in drawn]
    if every:
        gone = references.names - {one.name for one in drawn}
        compared += [Compared(name, Verdict.GONE, 1.0) for name in sorted(gone)]
    return compared


def accepted(compared: Iterable[Compared], patterns: Sequence[str]) -> list[Compared]:
    """The differences that are taken over: those named, or *all*; `KeyError` for an unknown one."""
    different = {one.name: one for one in compared if one.verdict is not Verdict.SAME}
    if EVERYTHING in patterns:
        return list(different.values())
    return [different[name] for name in patterns]


def _compared(references: References, out: Path, one: Drawn) -> Compared:
    known = references.hash(one.name)
    if known is None:
        return Compared(one.name, Verdict.MISSING, 1.0)
    if known == one.sha256:
        return Compared(one.name, Verdict.SAME)
    old, new = references.picture(one.name), QImage(str(out / one.file))
    return Compared(one.name, Verdict.CHANGED, 1.0 if old is None else share_of(old, new))


def share_of(old: QImage, new: QImage) -> float:
    """Which share of the pixels is different; what only one of the pictures has is different."""
    different = _different(old, new)
    return float(different.mean()) if different.size else 0.0


def highlighted(old: QImage, new: QImage) -> QImage:
    """The new picture, faded, with every pixel marked that is different."""
    import numpy as np

    different = _different(old, new)
    height, width = different.shape
    shown = np.full((height, width, 4), 255, np.uint8)
    pixels = _pixels(new)
    faded = 255 - (255 - pixels.astype(np.float32)) * _FADED
    shown[: pixels.shape[0], : pixels.shape[1]] = faded.astype(np.uint8)
    shown[different] = (*reversed(_MARK), 255)
    image = QImage(shown.tobytes(), width, height, width * 4, QImage.Format.Format_RGB32)
    return image.copy()  # which owns its bytes


def _different(old: QImage, new: QImage) -> NDArray[np.bool_]:
    import numpy as np

    one, other = _pixels(old), _pixels(new)
    height = max(one.shape[0], other.shape[0])
    width = max(one.shape[1], other.shape[1])
    different = np.ones((height, width), np.bool_)
    high, wide = min(one.shape[0], other.shape[0]), min(one.shape[1], other.shape[1])
    different[:high, :wide] = (one[:high, :wide, :3] != other[:high, :wide, :3]).any(axis=2)
    return different


def _pixels(image: QImage) -> Pixels:
    """Rows of blue, green, red and nothing."""
    import numpy as np

    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    data: Any = plain.constBits()
    flat = np.frombuffer(data, np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return flat[:, : plain.width() * 4].reshape(plain.height(), plain.width(), 4).copy()
