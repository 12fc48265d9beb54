"""What the window keeps between starts, in one ini file."""

import json
from pathlib import Path
from typing import Any, Final, TypeGuard

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMainWindow

USUAL_SIZE: Final = (1440, 900)
_LONGEST: Final = 20_000
_SIZE: Final = "window/size"
_FRAME: Final = (4, 34)
"""What the frame of a window takes: it is known only once the window is on the screen."""


class Remembered:
    """Values by key, anything JSON has. An unreadable value is no value."""

    def __init__(self, file: Path | None) -> None:
        self._settings = (
            QSettings(str(file), QSettings.Format.IniFormat) if file is not None else None
        )
        self._unkept: dict[str, str] = {}

    def recall(self, key: str, default: Any = None) -> Any:
        """The value kept under a key."""
        written = self._settings.value(key) if self._settings else self._unkept.get(key)
        if not isinstance(written, str):
            return default
        try:
            return json.loads(written)
        except ValueError:
            return default

    def remember(self, key: str, value: Any) -> None:
        """Keep a value."""
        written = json.dumps(value, ensure_ascii=True)
        if self._settings:
            self._settings.setValue(key, written)
        else:
            self._unkept[key] = written

    def save(self) -> None:
        """Write to the file now."""
        if self._settings:
            self._settings.sync()


def restore_size(window: QMainWindow, kept: Remembered) -> None:
    """Give a window the size it had, or the usual one."""
    size = kept.recall(_SIZE, {})
    size = size if isinstance(size, dict) else {}
    width, height = size.get("width"), size.get("height")
    if _is_length(width) and _is_length(height):
        window.resize(width, height)
    else:
        window.resize(*USUAL_SIZE)
    if size.get("maximized") is True:
        from PySide6.QtCore import Qt

        window.setWindowState(Qt.WindowState.WindowMaximized)


def fit_on_screen(window: QMainWindow) -> None:
    """Take back what of a window, its frame included, would hang over the edge of the screen."""
    room = window.screen().availableSize()
    window.resize(*fitting(window.size().toTuple(), room.toTuple()))


def fitting(size: tuple[int, int], room: tuple[int, int]) -> tuple[int, int]:
    """The size of a window (width, height in pixels) for which there is room beside its frame."""
    (width, height), (wide, high) = size, room
    return min(width, wide - _FRAME[0]), min(height, high - _FRAME[1])


def keep_size(window: QMainWindow, kept: Remembered) -> None:
    """Remember the size of a window, of a maximized one the size it goes back to."""
    size = window.normalGeometry().size() if window.isMaximized() else window.size()
    maximized = window.isMaximized()
    kept.remember(_SIZE, {"width": size.width(), "height": size.height(), "maximized": maximized})


def _is_length(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and 0 < value < _LONGEST
