"""The order in which Tab goes: as one reads, by the layouts, whenever what they hold was made.

Qt goes by the order in which widgets were made, so what is built anew for each record, and the body
of a dialog whose foot was there first, would come last.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QTabWidget,
    QWidget,
)

_LAST: Final = 1 << 16
_HELD: Final = "_in_reading_order"


def put_in_order(top: QWidget) -> None:
    """Let Tab go through what is in view in a window as it is read."""
    for one, following in pairwise(stops(top)):
        QWidget.setTabOrder(one, following)


def first_field(top: QWidget) -> QWidget | None:
    """The first thing to fill in or choose from: no button, no table, no text that is fixed."""
    found = (one for one in stops(top) if one.focusProxy() is None and one.isEnabled())
    fields = (one for one in found if _is_field(one))
    return next(fields, None)


def stops(widget: QWidget) -> Iterator[QWidget]:
    """Everything in view that Tab may come to, as it is read."""
    tab = Qt.FocusPolicy.TabFocus
    handed_on = widget.focusProxy()
    takes = handed_on or widget
    # Who hands it on to what stands in it has a place of its own, or Tab comes there again.
    if takes.focusPolicy() & tab == tab and not (handed_on and handed_on.isAncestorOf(widget)):
        yield widget
    for part in _parts(widget):
        if not part.isHidden() and not part.isWindow():
            yield from stops(part)


def _is_field(widget: QWidget) -> bool:
    if isinstance(widget, (QAbstractItemView, QScrollArea, QTabBar)):
        return False
    if isinstance(widget, QAbstractButton):
        return widget.isCheckable()
    if isinstance(widget, QComboBox) and widget.isEditable():
        return False  # it has its answer already
    return not widget.property("readOnly")


def _parts(widget: QWidget) -> list[QWidget]:
    """The widgets straight in one, those of its layout first; what floats over it comes last."""
    inside = [one for one in widget.children() if isinstance(one, QWidget)]
    # Held by the widget they stand in: what Python makes for a widget of Qt's own (a viewport)
    # would go with this list, and what stands in it be forgotten; the next time that was shown,
    # the program would end.
    vars(widget)[_HELD] = inside
    if isinstance(widget, QTabWidget):
        return sorted(inside, key=lambda one: one is not widget.tabBar())
    layout = widget.layout()
    if isinstance(widget, (QSplitter, QStackedWidget)):
        inside.sort(key=lambda one: widget.indexOf(one) % _LAST)
    elif layout is not None:
        places = {one: _place(layout, one) or (_LAST,) for one in inside}
        inside.sort(key=places.__getitem__)
    return inside


def _place(layout: QLayout, widget: QWidget) -> tuple[int, ...] | None:
    """Where a widget stands in a layout, and in those within it; None if it does not."""
    at = layout.indexOf(widget)
    if at >= 0:
        return (at,)
    for inner in layout.children():
        if isinstance(inner, QLayout) and (within := _place(inner, widget)) is not None:
            return (layout.indexOf(inner), *within)
    return None
