"""How well what is written on a widget stands out, measured on the pixels that are drawn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, QRect
from PySide6.QtGui import QImage, QRegion
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QHeaderView, QLabel, QWidget

from app.ui import tokens
from app.ui.format import EMPTY

SCALE = 2
"""So large that the strokes of letters are wider than what is smoothed at their edges."""
FIRST_ROWS = 5
NOWHERE = QModelIndex()
Pixels = NDArray[np.uint32]
LARGE_FROM = 24
LARGE_CONTRAST = 3.0


def weak(whole: QWidget) -> Iterator[str]:
    """What is written with too little contrast in a widget and all that is visible in it."""
    drawn = pixels(whole)
    for widget in (whole, *whole.findChildren(QWidget)):
        if not widget.isVisible() or not widget.isEnabled():
            continue
        large = widget.fontInfo().pixelSize() >= LARGE_FROM
        least = LARGE_CONTRAST if large else tokens.TEXT_CONTRAST
        for text, place in written(widget):
            if not (QRegion(place) - widget.visibleRegion()).isEmpty():
                continue  # it is scrolled out of view in part
            found = contrast_in(drawn, QRect(widget.mapTo(whole, place.topLeft()), place.size()))
            if found < least:
                yield f"{type(widget).__name__} “{text}”: {found:.2f}"


def pixels(whole: QWidget) -> Pixels:
    """A widget as it is drawn, each pixel a number."""
    image = QImage(whole.size() * SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SCALE)
    whole.render(image)
    numbers = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width())
    return numbers & np.uint32(0xFFFFFF)


def written(widget: QWidget) -> Iterator[tuple[str, QRect]]:
    """The texts of a widget, and where in it they stand."""
    if isinstance(widget, QLabel | QAbstractButton):
        if widget.text().strip():
            yield widget.text(), widget.rect()
    elif isinstance(widget, QAbstractItemView) and not isinstance(widget, QHeaderView):
        model, view = widget.model(), widget.viewport()
        for row in range(min(model.rowCount(NOWHERE), FIRST_ROWS)):
            for column in range(columns(model)):
                index = model.index(row, column)
                text, place = str(index.data() or ""), widget.visualRect(index)
                if text.strip() not in {"", EMPTY} and view.rect().contains(place):
                    yield text, place.translated(view.pos())


def columns(model: QAbstractItemModel) -> int:
    return 1 if isinstance(model, QAbstractListModel) else model.columnCount(NOWHERE)


def contrast_in(drawn: Pixels, place: QRect) -> float:
    """The contrast of ink and ground: of what stands out most with what there is most of."""
    left, top = place.left() * SCALE, place.top() * SCALE
    there = drawn[top : top + place.height() * SCALE, left : left + place.width() * SCALE]
    values, counts = np.unique(there, return_counts=True)
    ground = _hex(int(values[counts.argmax()]))
    return max(tokens.contrast(_hex(int(one)), ground) for one in values)


def _hex(pixel: int) -> str:
    return f"#{pixel:06X}"
