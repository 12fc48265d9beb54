"""How the page is laid out: its head, the chart and the table with the room they have."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from app.ui.page import Frame
from app.ui.theme import current
from app.ui.tokens import CARD_GAP, CARD_PADDING, PAGE_PADDING

_KEPT: Final = "consumption/split"
_CHART, _TABLE = 2, 1
_LEAST_PLOT: Final = 268
_LEAST_TABLE: Final = 96


def split(frame: Frame, chart: QWidget, table: QWidget) -> QSplitter:
    """Both in a splitter whose sizes are remembered."""
    parts = QSplitter(Qt.Orientation.Vertical)
    parts.setObjectName("gap")
    parts.setChildrenCollapsible(False)
    parts.setHandleWidth(CARD_GAP)
    for part, share in ((chart, _CHART), (table, _TABLE)):
        parts.addWidget(part)
        parts.setStretchFactor(parts.indexOf(part), share)
    kept = frame.recall(_KEPT)
    good = isinstance(kept, list) and len(kept) == 2 and all(isinstance(n, int) for n in kept)
    parts.setSizes(kept if good else [_CHART * 1000, _TABLE * 1000])
    parts.splitterMoved.connect(lambda *_: frame.remember(_KEPT, parts.sizes()))
    return parts


def make_room(width: int, chart: QWidget, legend: QWidget, table: QWidget) -> None:
    """However long the legend is on a page of a width, columns are told apart above it."""
    inside = width - 2 * (PAGE_PADDING + CARD_PADDING[0])
    chart.setMinimumHeight(current().px(_LEAST_PLOT) + legend.heightForWidth(inside))
    table.setMinimumHeight(current().px(_LEAST_TABLE))


def headed(title: QWidget, under: QWidget, beside: QWidget) -> QHBoxLayout:
    """The head of the page: its title, a line under it, and what can be done."""
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(title)
    words.addWidget(under)
    head = QHBoxLayout()
    head.addLayout(words, 1)
    head.addWidget(beside)
    return head


def footed(changes: QWidget, table: QWidget) -> QHBoxLayout:
    """Under the chart: what the changes of prices were, and which table is beneath."""
    foot = QHBoxLayout()
    foot.addWidget(changes, 1)
    foot.addStretch()
    foot.addWidget(table)
    return foot
