"""The pictures that were looked at and found right, in a folder: some whole, the rest by hash.

`hashes.txt` names each with the hash of its pixels, sorted, one a line. Pictures whose name fits a
line of `chosen.txt` are kept as files too, so that a difference can be seen; without that file all
are. A folder that `pictures` wrote, with its manifest, can be compared with as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from PySide6.QtGui import QImage

from app.ui.gallery.manifest import Drawn, hash_of, read_hashes
from app.ui.saving import save_file

HASHES: Final = "hashes.txt"
CHOSEN: Final = "chosen.txt"
EVERYTHING: Final = "all"


@dataclass(frozen=True)
class References:
    """A folder of references as it was read."""

    folder: Path
    hashes: dict[str, str] = field(default_factory=dict)
    chosen: tuple[str, ...] = ("*",)

    @property
    def names(self) -> frozenset[str]:
        """Every picture there is a reference of."""
        files = {file.stem for file in self.folder.glob("*.png")}
        return frozenset(files | self.hashes.keys())

    def picture(self, name: str) -> QImage | None:
        """The picture itself, where it is kept."""
        file = self.folder / f"{name}.png"
        if not file.is_file():
            return None
        image = QImage(str(file))
        return None if image.isNull() else image.convertToFormat(QImage.Format.Format_RGB32)

    def hash(self, name: str) -> str | None:
        """The hash of its pixels; None where there is no reference.

        A picture that is kept counts, whatever a list of hashes says of it.
        """
        image = self.picture(name)
        return self.hashes.get(name) if image is None else hash_of(image)

    def keeps_picture(self, name: str) -> bool:
        """Whether a picture of this name is kept as a file."""
        return any(fnmatchcase(name, pattern) for pattern in self.chosen)


def read_references(folder: Path) -> References:
    """Read a folder of references; one that does not exist has none. Raises ``OSError``."""
    hashes = read_hashes(folder)
    listed = _lines(folder / HASHES)
    hashes |= {name: sha256 for sha256, _, name in (line.partition("  ") for line in listed)}
    chosen = tuple(_lines(folder / CHOSEN)) if (folder / CHOSEN).is_file() else ("*",)
    return References(folder, hashes, chosen)


def accept(references: References, out: Path, drawn: Iterable[Drawn], gone: Iterable[str]) -> None:
    """Take over what was drawn into ``out``, and forget what is gone. Raises ``OSError``."""
    folder = references.folder
    folder.mkdir(parents=True, exist_ok=True)
    hashes = dict(references.hashes)
    for one in drawn:
        hashes[one.name] = one.sha256
        kept = folder / one.file
        if references.keeps_picture(one.name):
            save_file(kept, (out / one.file).read_bytes())
        else:
            kept.unlink(missing_ok=True)
    for name in gone:
        hashes.pop(name, None)
        (folder / f"{name}.png").unlink(missing_ok=True)
    lines = [f"{hashes[name]}  {name}\n" for name in sorted(hashes)]
    save_file(folder / HASHES, "".join(lines).encode())


def _lines(file: Path) -> list[str]:
    """The lines of a file that say something; none where there is no file."""
    if not file.is_file():
        return []
    lines = (line.strip() for line in file.read_text("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
