"""The pictures of the README: a small set of the gallery under names that stay."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from app.ui.gallery.finding import every_shown
from app.ui.gallery.manifest import Drawn
from app.ui.gallery.matrix import Picture, matrix
from app.ui.saving import save_file

PICTURES: Final[Mapping[str, str]] = {
    "overview-1440-light": "overview-page.ready.1440-light",
    "users-1440-light": "users-page.ready.1440-light",
    "requests-1440-light": "requests-page.ready.1440-light",
    "consumption-1440-dark": "consumption-page.ready.1440-dark",
    "activity-1440-light": "activity-page.ready.1440-light",
    "prices-1440-light": "prices-page.ready.1440-light",
}
"""The name of each file (without its suffix), and of the picture in it."""

DrawInto = Callable[[Path, Sequence[Picture]], list[Drawn]]


def draw_for_readme(draw: DrawInto, out: Path) -> list[Drawn]:
    """Draw the README's pictures into ``out`` under their own names. Raises as drawing does."""
    wanted = set(PICTURES.values())
    pictures = [one for one in matrix(every_shown()) if one.name in wanted]
    with tempfile.TemporaryDirectory() as folder:
        drawn = {one.name: one for one in draw(Path(folder), pictures)}
        out.mkdir(parents=True, exist_ok=True)
        return list(_taken_over(drawn, Path(folder), out))


def _taken_over(drawn: Mapping[str, Drawn], folder: Path, out: Path) -> Iterable[Drawn]:
    for name, picture in PICTURES.items():
        one = drawn[picture]
        save_file(out / f"{name}.png", (folder / one.file).read_bytes())
        yield Drawn(name, one.width, one.height, one.sha256)
