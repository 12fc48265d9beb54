"""Pictures of widgets without a display: the same pixels on every computer, every time.

`prepare` comes before anything makes a QApplication, `application` makes it, `picture` draws. What
could differ from one computer to the next is set, not left to default: scale, fonts, hinting,
language, zone, blinking, moving. One scale factor a process: Qt reads it once.
"""

import os
import sys
import time
from collections.abc import Callable
from typing import Any, Final, Literal

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QLocale,
    QMessageLogContext,
    Qt,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.background import Background
from app.ui.locale import speak
from app.ui.theme import Theme, install
from app.ui.widgets.states import Overlay

SIZES: Final = ((1024, 640), (1440, 900))
_QUIET_AFTER_S: Final = 60
_REMARK: Final = "This plugin does not support"
_EFFECTS: Final = (
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip,
    Qt.UIEffect.UI_AnimateToolBox,
)


def prepare(scale: Literal[1, 2] = 1) -> None:
    """Set the environment a QApplication for pictures must find."""
    os.environ.update(
        {
            "QT_QPA_PLATFORM": "offscreen",
            "QT_FONT_DPI": "96",
            "QT_SCALE_FACTOR": str(scale),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
        }
    )
    for name in ("QT_STYLE_OVERRIDE", "QT_SCREEN_SCALE_FACTORS", "QT_AUTO_SCREEN_SCALE_FACTOR"):
        os.environ.pop(name, None)
    if hasattr(time, "tzset"):
        time.tzset()


def application() -> QApplication:
    """The application for pictures, made if there is none, with the theme holding still."""
    running = QApplication.instance()
    made = running if isinstance(running, QApplication) else QApplication(["pixpretty-credits"])
    QLocale.setDefault(QLocale.c())
    speak()
    made.setCursorFlashTime(0)
    for effect in _EFFECTS:
        QApplication.setEffectEnabled(effect, False)
    install(made).draw_the_same_everywhere()
    return made


def without_platform_remarks() -> Callable[[], None]:
    """Drop what Qt remarks about having no display; returns what takes that back.

    Every other message goes where it went before, or to standard error.
    """
    before: list[Any] = []

    def hear(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if text.startswith(_REMARK):
            return
        if before[0] is not None:
            before[0](kind, context, text)
        else:
            print(text, file=sys.stderr)  # noqa: T201

    before.append(qInstallMessageHandler(hear))

    def back() -> None:
        qInstallMessageHandler(before[0])

    return back


def dress(theme: Theme, scheme: Literal["light", "dark"], *, right_to_left: bool = False) -> None:
    """The theme and direction of the pictures that follow."""
    theme.choose(scheme=scheme, density="normal", zoom=100)
    direction = Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight
    QGuiApplication.setLayoutDirection(direction)


def wait_until_quiet(background: Background) -> None:
    """Let every question be answered; TimeoutError if one is not within a minute."""
    end = time.monotonic() + _QUIET_AFTER_S
    quiet = 0
    while True:
        _process_events()
        # Twice: with what was painted meanwhile, more may have been asked for.
        quiet = 0 if background.busy else quiet + 1
        if quiet == 2:
            return
        if time.monotonic() > end:
            raise TimeoutError("A question is still open: the picture would not be the same twice.")
        time.sleep(0.002)


def picture(widget: QWidget, size: tuple[int, int] | None = None) -> bytes:
    """The widget as the bytes of a PNG file, at a size in pixels (default: as it is)."""
    return png(drawn(widget, size))


def png(image: QImage) -> bytes:
    """An image as the bytes of a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"png"))
    writer.setCompression(60)  # a higher one takes twice as long for 2 % less
    writer.write(image)
    return bytes(buffer.data().data())


def drawn(widget: QWidget, size: tuple[int, int] | None = None) -> QImage:
    """The widget as an image, everything laid out and what waits for a moment shown at once."""
    if size is not None:
        widget.resize(*size)
    widget.show()
    for overlay in widget.findChildren(Overlay):
        overlay.settle()
    _process_events()
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def _process_events() -> None:
    """Until nothing is left to do: what one event does may bring the next."""
    for _round in range(3):
        QApplication.sendPostedEvents()
        QApplication.processEvents()
