"""Where the gallery shows a state: live at 100 %, as a still picture at 200 %."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QStackedWidget, QWidget

from app.ui.gallery.drawing import Placed, wanted_size
from app.ui.gallery.shown import Shown
from app.ui.gallery.stage import Stage
from app.ui.language import tr
from app.ui.widgets.states import Overlay
from app.ui.widgets.text import Label

TWICE: Final = 2
_LOOK_AGAIN_MS: Final = 100


class Preview(QStackedWidget):
    """One state at a time; `take_down` ends it, as showing another does."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage
        self._placed: Placed | None = None
        self._scale = 1
        self._live, self._still = _area(), _area()
        self._picture = Label("")
        self._picture.setAccessibleName(tr("The state at 200 %"))
        self._still.setWidget(self._picture)
        self.addWidget(self._live)
        self.addWidget(self._still)
        self._again = QTimer(self, singleShot=True, interval=_LOOK_AGAIN_MS)
        self._again.timeout.connect(self._draw_twice)
        self.overlay = Overlay(self)

    @property
    def shown(self) -> QWidget | None:
        """What is in view."""
        return None if self._placed is None else self._placed.widget

    @property
    def picture_size(self) -> QSize:
        """The size of the still picture."""
        return self._picture.pixmap().size()

    def show_state(
        self, shown: Shown, size: tuple[int, int] | None, direction: Qt.LayoutDirection
    ) -> None:
        """Build a state anew on a desk that is open, and show it at a size (default: its own)."""
        self.take_down()
        self._placed = placed = Placed(self._stage, shown)
        widget = placed.widget
        _settle_in(widget)
        if placed.built is placed.frame:
            _keep_keys_inside(widget)
        self._live.setWidget(widget)
        self.turn(direction)
        wanted = size or shown.size
        widget.resize(QSize(*wanted) if wanted else QSize(*wanted_size(widget)))
        widget.show()
        self.overlay.ready()
        self.magnify(self._scale)

    def turn(self, direction: Qt.LayoutDirection) -> None:
        """Show it left to right or right to left."""
        if self.shown is not None:
            self.shown.setLayoutDirection(direction)
            self.magnify(self._scale)

    def magnify(self, scale: int) -> None:
        """Show it live, or drawn with twice as many pixels each way."""
        self._scale = scale
        self.setCurrentIndex(int(scale == TWICE))
        if scale == TWICE:
            self._draw_twice()

    def take_down(self) -> None:
        """End what is shown."""
        self._again.stop()
        placed, self._placed = self._placed, None
        if placed is not None:
            self._live.takeWidget()
            placed.take_down()

    def _draw_twice(self) -> None:
        placed = self._placed
        if placed is None or self._scale != TWICE:
            return
        size = placed.widget.size()
        pixmap = QPixmap(size * TWICE)
        pixmap.setDevicePixelRatio(TWICE)
        placed.widget.render(pixmap)
        pixmap.setDevicePixelRatio(1)
        self._picture.setPixmap(pixmap)
        self._picture.resize(pixmap.size())
        if placed.frame.background.busy:
            self._again.start()


def _area() -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return area


def _settle_in(widget: QWidget) -> None:
    """Make a part of the preview of what is a window elsewhere."""
    if isinstance(widget, QDialog):
        widget.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        widget.setModal(False)
    widget.setWindowFlags(Qt.WindowType.Widget)


def _keep_keys_inside(window: QWidget) -> None:
    """The keys of a window in the preview hold while the keyboard is in it, not all around it."""
    for action in window.actions():
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
