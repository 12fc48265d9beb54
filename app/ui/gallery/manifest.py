"""What was drawn: names, sizes and hashes of the pixels, as a file beside the pictures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from PySide6.QtGui import QImage

from app.ui.saving import save_file

NAME: Final = "manifest.json"


@dataclass(frozen=True, slots=True, order=True)
class Drawn:
    """A picture that was drawn: its name without the suffix, its pixels' size and hash."""

    name: str
    width: int
    height: int
    sha256: str

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}.png"


def drawn_as(name: str, image: QImage) -> Drawn:
    """What the manifest says of an image."""
    return Drawn(name, image.width(), image.height(), hash_of(image))


def hash_of(image: QImage) -> str:
    """The hash of the size and the pixels, whatever file they are in."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    seal = hashlib.sha256(f"{plain.width()}x{plain.height()}\n".encode())
    seal.update(plain.constBits())
    return seal.hexdigest()


def write_manifest(out: Path, drawn: Iterable[Drawn]) -> Path:
    """Write the manifest into the folder of the pictures; returns the file."""
    pictures = [asdict(one) for one in sorted(drawn)]
    content = json.dumps({"pictures": pictures}, indent=1) + "\n"
    return save_file(out / NAME, content.encode())


def read_hashes(folder: Path) -> dict[str, str]:
    """The hash of each picture by its manifest; empty where there is none."""
    file = folder / NAME
    if not file.is_file():
        return {}
    pictures = json.loads(file.read_bytes())["pictures"]
    return {one["name"]: one["sha256"] for one in pictures}
