"""Draws states: builds each anew on a frame of its own, so that no picture depends on another."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.ui.gallery.matrix import Look
from app.ui.gallery.shown import Shown
from app.ui.gallery.stage import Stage, take_down
from app.ui.pictures import drawn, dress, wait_until_quiet
from app.ui.theme import current
from app.ui.window import Window

MARGIN: Final = 16
A_MOMENT_MS: Final = 500
WIDEST: Final = 1440
TALLEST: Final = 900


class Placed:
    """A state built on a frame: ``widget`` is what is to be looked at. Take it down at the end."""

    def __init__(self, stage: Stage, shown: Shown) -> None:
        self.frame: Window = stage.frame(shown)
        built = shown.build(self.frame)
        self.built = built
        self.widget = built if isinstance(built, (Window, QDialog)) else on_a_sheet(built)

    def take_down(self) -> None:
        """End the state and its frame."""
        if self.widget is not self.frame:
            self.widget.hide()
            self.widget.deleteLater()
        take_down(self.frame)


def on_a_sheet(widget: QWidget) -> QWidget:
    """A widget of the stock on the ground it stands on, with room around it."""
    sheet = QWidget()
    sheet.setObjectName("sheet")
    column = QVBoxLayout(sheet)
    column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
    column.addWidget(widget)
    widget.show()
    return sheet


def draw(stage: Stage, shown: Shown, look: Look) -> QImage:
    """One picture: the state in a look, everything it asks answered. `TimeoutError` if not."""
    dress(current(), "dark" if look.dark else "light", right_to_left=look.right_to_left)
    placed = Placed(stage, shown)
    try:
        widget = placed.widget
        size = (look.width, look.height) if look.width else shown.size or wanted_size(widget)
        widget.resize(*size)
        widget.show()
        wait_until_quiet(placed.frame.background)
        hurry(widget)
        wait_until_quiet(placed.frame.background)
        if widget is placed.frame:
            _look_at_nothing(widget)
        if not look.width and shown.size is None:
            size = wanted_size(widget)
        return drawn(widget, size)
    finally:
        placed.take_down()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QGuiApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def hurry(widget: QWidget) -> None:
    """Take at once what is taken a moment after the last key: pictures wait for no timer."""
    for timer in widget.findChildren(QTimer):
        if timer.isActive() and timer.isSingleShot() and timer.interval() <= A_MOMENT_MS:
            timer.start(0)


def _look_at_nothing(window: QWidget) -> None:
    """Take the keyboard from the first button of a window, where nobody who works has it."""
    focused = window.focusWidget()
    if focused is not None:
        focused.clearFocus()


def wanted_size(widget: QWidget) -> tuple[int, int]:
    """The size a dialog or widget takes by itself, within a screen."""
    if isinstance(widget, QDialog):
        widget.ensurePolished()
        layout = widget.layout()
        if layout is not None:
            layout.activate()
    hint = widget.sizeHint().expandedTo(widget.minimumSize())
    size = widget.size() if widget.testAttribute(Qt.WidgetAttribute.WA_Resized) else hint
    size = size.expandedTo(hint)
    return min(size.width(), WIDEST), min(size.height(), TALLEST)
