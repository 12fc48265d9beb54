"""The list with the record in full beside it, or below it where room is scarce."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter

from app.ui.activity.details import DetailsPane
from app.ui.activity.list_card import ListCard
from app.ui.page import Frame
from app.ui.theme import current
from app.ui.tokens import CARD_GAP

_SPLIT: Final = "activity/split"
_BESIDE_FROM: Final = 1_020
"""How wide the page must be for the record to stand beside the list."""
_LEAST_RECORD: Final = 150
_SHARES: Final = {"beside": (655, 345), "below": (600, 400)}


class ListAndRecord(QSplitter):
    """Both, with how they part the room remembered for each of the two ways."""

    def __init__(self, frame: Frame, listed: ListCard, details: DetailsPane) -> None:
        super().__init__()
        self._frame, self._list, self._details = frame, listed, details
        self._beside: bool | None = None
        self.setObjectName("gap")
        self.setChildrenCollapsible(False)
        self.setHandleWidth(CARD_GAP)
        self.addWidget(listed)
        self.addWidget(details)
        self.splitterMoved.connect(lambda *_: self._remember())

    def lay_out(self) -> None:
        """The record stands beside the list where there is room, else below it."""
        page = self.parentWidget() or self
        beside = page.width() >= current().px(_BESIDE_FROM)
        if beside == self._beside:
            self.make_room()
            return
        self._beside = beside
        self.setOrientation(Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical)
        self.make_room()
        self._details.lay(wide=not beside)
        kept = self._frame.recall(_SPLIT, {})
        sizes = kept.get(self._shape) if isinstance(kept, dict) else None
        good = isinstance(sizes, list) and len(sizes) == 2
        good = good and all(isinstance(size, int) for size in sizes or ())
        self.setSizes(sizes if good and sizes else list(_SHARES[self._shape]))

    def make_room(self) -> None:
        """Where the record stands below the list, open filters take its room if they must."""
        filters = self._list.filters
        filters.make_room(scarce=not self._beside)
        wanted = self._list.minimumSizeHint().height() + current().px(_LEAST_RECORD) + CARD_GAP
        self._details.setVisible(
            bool(self._beside) or filters.isHidden() or self.height() >= wanted
        )

    @property
    def _shape(self) -> str:
        return "beside" if self._beside else "below"

    def _remember(self) -> None:
        kept = self._frame.recall(_SPLIT, {})
        kept = kept if isinstance(kept, dict) else {}
        self._frame.remember(_SPLIT, {**kept, self._shape: self.sizes()})
