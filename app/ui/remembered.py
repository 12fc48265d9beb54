"""What the window keeps between starts, in one ini file."""

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings


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
