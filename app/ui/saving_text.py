"""Saving a file behind the window, and saying so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.ui import format as write
from app.ui.language import tr
from app.ui.page import Frame
from app.ui.saving import save_file


def save_text(frame: Frame, path: str, text: str) -> None:
    """Write a text to a file, whole or not at all, and say so."""
    save_content(frame, path, lambda: text.encode("utf-8-sig"))


def save_content(frame: Frame, path: str, content: Callable[[], bytes]) -> None:
    """Write what is made in the background to a file, whole or not at all, and say so."""
    frame.background.write(
        lambda _stop: save_file(Path(path), content()),
        lambda saved: frame.say(tr("Saved {file}.", file=write.text(Path(saved).name))),
        lambda error: frame.trouble(error, tr("Saving the file")),
    )
