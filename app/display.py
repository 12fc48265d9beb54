"""Whether a window can open here, and the sentence to say when it cannot.

Qt ends the process when it finds no display, and a failed import shows a traceback. Asking here
first gives people a sentence with the remedy instead. Nothing here imports Qt.
"""

import ctypes
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

NEED_NO_DISPLAY = (
    "init, demo, user, charge, refund, grant, void, prices, staff, import, report, statement, "
    "release-month, verify, backup, restore and pictures"
)

# What Qt loads from the system on Linux, by the Debian package that has it. A bare Debian 12 has
# none of them; what these packages depend on comes with them.
_DRAWING = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
}
_X11 = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}

Load = Callable[[str], object]


def why_no_qt(error: ImportError, *, load: Load = ctypes.CDLL) -> str:
    """One sentence for a failed import of Qt: the packages that are missing, and how to get them.

    `error` is what the import raised; `load` tries a shared library and raises `OSError`.
    """
    if isinstance(error, ModuleNotFoundError):
        return (
            f"The Python package of Qt is not installed ({error.name}): "
            "install pixpretty-credits again with pip, it brings it along."
        )
    missing = _missing({**_DRAWING, **_X11}, load)
    if not missing:
        return f"Qt cannot be loaded on this machine: {error}"
    return _install(missing)


def why_no_window(
    environ: Mapping[str, str] = os.environ,
    *,
    platform: str = sys.platform,
    load: Load = ctypes.CDLL,
    answers: Callable[[str], bool] | None = None,
) -> str | None:
    """Why no window can open here, as one sentence; `None` when one can.

    Asked before Qt starts, because Qt itself ends the process. It reads the environment, tries
    the libraries that the X11 connection needs and, where `DISPLAY` is set, the connection.
    """
    if not platform.startswith("linux"):
        return None
    asked = environ.get("QT_QPA_PLATFORM", "")
    if asked and not asked.startswith(("xcb", "wayland")):
        return None  # offscreen, vnc and the like were chosen on purpose and need no desktop
    if _wayland_listens(environ) and not asked.startswith("xcb"):
        return None
    return _why_no_x11(environ.get("DISPLAY", ""), load, answers or _x11_answers)


def _why_no_x11(display: str, load: Load, answers: Callable[[str], bool]) -> str | None:
    if not display:
        return _no_display("There is no display to open a window on")
    missing = _missing(_X11, load)
    if missing:
        return _install(missing)
    if not answers(display):
        return _no_display(f"The display {display} does not answer")
    return None


def _no_display(what: str) -> str:
    return (
        f"{what}. These commands need none: {NEED_NO_DISPLAY} "
        "(pixpretty-credits --help says what each does)."
    )


def _install(packages: Iterable[str]) -> str:
    return (
        "Qt needs system libraries that are missing here; on Debian and Ubuntu this installs "
        f"them: sudo apt-get install {' '.join(packages)}"
    )


def _missing(libraries: Mapping[str, str], load: Load) -> list[str]:
    return [package for library, package in libraries.items() if not _loads(library, load)]


def _loads(library: str, load: Load) -> bool:
    try:
        load(library)
    except OSError:
        return False
    return True


def _wayland_listens(environ: Mapping[str, str]) -> bool:
    name = environ.get("WAYLAND_DISPLAY", "")
    folder = environ.get("XDG_RUNTIME_DIR", "")
    return bool(name) and (Path(folder) / name).exists()


def _x11_answers(display: str) -> bool:
    """Whether the X server called `display` takes a connection."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not failed
