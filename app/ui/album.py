"""Pictures of the whole window: every page, light and dark, at two sizes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from app.ui.pictures import SIZES, dress, picture, wait_until_quiet
from app.ui.saving import save_file
from app.ui.theme import current
from app.ui.window import Window

LOOKS = ("light", "dark")


def draw_all(window: Window, places: Mapping[str, object], out: Path) -> Iterator[Path]:
    """Draw the pages named in ``places`` into the folder ``out``; gives each file once written.

    A place is where in its page the picture is taken. The files are called like
    ``users-1440-light.png``. Raises ``OSError``, and ``TimeoutError`` if a page never gets ready.
    """
    out.mkdir(parents=True, exist_ok=True)
    for look in LOOKS:
        dress(current(), "dark" if look == "dark" else "light")
        for size in SIZES:
            window.resize(*size)
            for page, place in places.items():
                window.open_page(page, place)
                wait_until_quiet(window.background)
                content = picture(window, size)
                wait_until_quiet(window.background)
                yield save_file(out / f"{page}-{size[0]}-{look}.png", content)
