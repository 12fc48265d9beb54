"""Files, and an address, that payloads name: whoever reads or opens one of them is found out."""

from __future__ import annotations

import ctypes
import os
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QImage

TELLS: Final = sys.platform == "linux"
"""Whether the system tells which files were opened."""
_OPENED: Final = 0x20
_SCHEMES: Final = ("file", "http", "https")
_EVENT: Final = struct.Struct("iIII")


class Lures(QObject):
    """A picture and a style sheet to read, an address to fetch; `asked` says what was."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._opened: list[str] = []
        picture, style = folder / "lure.png", folder / "lure.css"
        QImage(2, 2, QImage.Format.Format_RGB32).save(str(picture))
        style.write_text("* { color: red }", "utf-8")
        self.picture = picture
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.setblocking(False)
        self.address = f"http://127.0.0.1:{self._server.getsockname()[1]}/lure.png"
        self.payloads = _payloads(picture.as_uri(), str(picture), style.as_uri(), self.address)
        self._told = _watch(folder) if TELLS else -1
        for scheme in _SCHEMES:
            # A text, whatever its hints say.
            QDesktopServices.setUrlHandler(scheme, self, "opened")  # type: ignore[arg-type]

    @Slot(QUrl)
    def opened(self, address: QUrl) -> None:
        """The program has the system open something."""
        self._opened.append(f"opened: {address.toString()}")

    def asked(self) -> list[str]:
        """What was read, fetched or opened since this was asked last."""
        found, self._opened = self._opened, []
        if self._told >= 0:
            with suppress(BlockingIOError):
                found += [f"read: {name}" for name in _names(os.read(self._told, 65_536))]
        with suppress(BlockingIOError):
            while True:
                self._server.accept()[0].close()
                found.append(f"fetched: {self.address}")
        return found

    def close(self) -> None:
        """Watch no longer."""
        for scheme in _SCHEMES:
            QDesktopServices.unsetUrlHandler(scheme)
        self._server.close()
        if self._told >= 0:
            os.close(self._told)


def _payloads(picture: str, path: str, style: str, address: str) -> tuple[str, ...]:
    return (
        f"<img src='{picture}'>",
        f'<img src="{path}" width=900>',
        f"<img src={address}>",
        f"<body background='{picture}'>x",
        f"<table background='{picture}'><tr><td>x",
        f"<p style='background-image:url({picture})'>x",
        f"<ul style='list-style-image:url({picture})'><li>x",
        f"<link rel=stylesheet href='{style}'>x",
        f"<style>@import url({style});</style>x",
        f"<svg><image href='{picture}'/></svg>",
        f"<a href='{picture}'>x</a>",
        f"![x]({picture})",
        f'=WEBSERVICE("{address}")',
        picture,
    )


def _watch(folder: Path) -> int:
    """Have the system tell of every file in a folder that is opened; where it does."""
    system = ctypes.CDLL(None, use_errno=True)
    told = int(system.inotify_init1(os.O_NONBLOCK))
    if told < 0 or system.inotify_add_watch(told, os.fsencode(folder), _OPENED) < 0:
        raise OSError(ctypes.get_errno(), "The folder cannot be watched.")
    return told


def _names(told: bytes) -> list[str]:
    names, at = [], 0
    while at < len(told):
        length = _EVENT.unpack_from(told, at)[3]
        at += _EVENT.size
        names.append(told[at : at + length].rstrip(b"\0").decode())
        at += length
    return names
